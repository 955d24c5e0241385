//! A service that fails, blocks, stalls, goes away and comes back.

use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::process::{Child, Stdio};
use std::time::Duration;

use peloton_sim::{FaultKind, Faults, Poison, RateLimit, RetryAfter, Settings};

use crate::home::{Home, Ran, same, small};

#[test]
fn a_block_by_cloudflare_stops_the_run_and_keeps_everything() {
    let home = Home::new(small());
    home.sync(&[]).ends(0);
    home.sim.set_blocked(true);
    let ran = home.sync(&["--full"]).ends(3).says("come back");
    assert_eq!(ran.talk.lines().count(), 1, "{}", ran.talk);
    assert_eq!(home.sql("SELECT count(*) > 0 FROM workouts"), "true");
}

#[test]
fn a_pause_that_is_too_long_to_sit_out_ends_the_run_with_its_end() {
    let home = Home::new(small());
    home.sync(&["--me-only"]).ends(0);
    home.sim.set_rate_limit(Some(RateLimit {
        per_second: 0.0,
        burst: 0,
        retry_after: Some(RetryAfter::Seconds(3_600)),
    }));
    home.sim.reset_log();
    home.sync(&[]).ends(3).says("come back at");
    assert_eq!(home.requests(), 1);
}

#[test]
fn a_pause_is_named_where_stderr_is_no_terminal() {
    let home = Home::new(small());
    home.run(&["login"]).ends(0);
    home.sim.set_rate_limit(Some(RateLimit {
        per_second: 0.0,
        burst: 0,
        retry_after: Some(RetryAfter::Seconds(100)),
    }));
    let mut command = home.command(&["sync", "--rate", "0"]);
    let mut child = command.stderr(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    let mut stderr = BufReader::new(child.stderr.take().unwrap());
    stderr.read_line(&mut line).unwrap();
    child.kill().unwrap();
    child.wait().unwrap();
    let shown = "0 members · 0/0 workouts · paused by Peloton until ";
    assert!(line.starts_with(shown), "{line}");
}

#[test]
fn who_it_is_that_asks_has_to_be_known() {
    let home = Home::new(small());
    home.sync(&["--me-only"]).ends(0);
    home.sim.poison("me", Poison::Large(33 << 20));
    let ran = home.sync(&[]).ends(1).says("larger than");
    assert!(!ran.talk.contains("Nothing new"), "{}", ran.talk);
}

#[test]
fn every_kind_of_fault_at_a_fifth_of_the_requests_changes_nothing() {
    let mut home = Home::new(small());
    home.sync(&[]).ends(0);
    let undisturbed = home.tables();
    home.move_house();
    let kinds = FaultKind::QUICK.to_vec();
    home.sim.set_faults(Faults {
        probability: 0.2,
        kinds,
        seed: 5,
        ..Faults::default()
    });
    home.sync(&[]).ends(0);
    home.sim.set_faults(Faults::default());
    same(&undisturbed, &home.tables());
}

#[test]
fn an_answer_that_stalls_is_waited_for_and_changes_nothing() {
    let mut home = Home::new(small());
    home.sync(&[]).ends(0);
    let undisturbed = home.tables();
    home.move_house();
    home.sim.set_faults(Faults {
        probability: 0.2,
        kinds: vec![FaultKind::Stall],
        seed: 5,
        stall: Duration::from_millis(200),
    });
    home.sync(&[]).ends(0);
    home.sim.set_faults(Faults::default());
    same(&undisturbed, &home.tables());
}

#[test]
fn a_service_that_goes_away_costs_nothing_that_was_had() {
    let home = Home::new(small());
    home.sync(&["--me-only"]).ends(0);
    home.sim.stop();
    let ran = home.sync(&[]);
    ran.ends(1).says("hint:");
    assert_eq!(home.sql("SELECT count(*) FROM workouts"), "12");
}

/// A sync under way, at its `requests`th request.
fn started(home: &Home, requests: u64) -> Child {
    home.sim.reset_log();
    let mut command = home.command(&["sync", "--rate", "0"]);
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let child = command.spawn().unwrap();
    while home.requests() < requests {
        std::thread::yield_now();
    }
    child
}

#[test]
fn a_service_that_goes_away_in_the_middle_costs_nothing_that_was_had() {
    let mut home = Home::new(small());
    home.sync(&[]).ends(0);
    let (whole, undisturbed) = (home.requests(), home.tables());
    home.move_house();
    let child = started(&home, whole / 2);
    home.sim.stop();
    let ran = Ran::new(child.wait_with_output().unwrap());
    ran.ends(1).says("cannot connect").says("hint:");
    // What was had is in the warehouse, and is not asked for again.
    let had = home.sql("SELECT count(*) FROM workouts WHERE seconds_recorded > 0");
    assert_ne!(had, "0");
    assert_eq!(
        home.sql("SELECT status FROM sync_runs ORDER BY id DESC LIMIT 1"),
        "failed"
    );
    home.restart();
    home.sim.reset_log();
    home.sync(&[]).ends(0);
    let again = home.requests();
    assert!(again < whole - whole / 4, "{again} of {whole}");
    same(&undisturbed, &home.tables());
}

#[test]
fn a_service_that_comes_back_is_waited_for() {
    let mut home = Home::new(Settings {
        latency: Duration::from_millis(5),
        ..small()
    });
    home.sync(&[]).ends(0);
    let undisturbed = home.tables();
    home.move_house();
    let mut child = started(&home, 10);
    home.sim.stop();
    // Somebody knocks while it is away.
    let (_, address) = home.sim.api_url().split_once("//").unwrap();
    let listener = loop {
        if let Ok(listener) = TcpListener::bind(address) {
            break listener;
        }
        std::thread::yield_now();
    };
    listener.set_nonblocking(true).unwrap();
    while listener.accept().is_err() {
        assert!(child.try_wait().unwrap().is_none(), "nobody knocked");
        std::thread::yield_now();
    }
    drop(listener);
    home.restart();
    Ran::new(child.wait_with_output().unwrap()).ends(0);
    same(&undisturbed, &home.tables());
}

#[test]
fn a_refused_account_is_said_with_the_next_step() {
    let home = Home::new(small());
    home.sim.poison("/api/me", Poison::Status(402));
    home.sync(&[])
        .ends(1)
        .says("refused with HTTP 402")
        .says("hint: try again later; `peloton-looker api get /api/me`");
}
