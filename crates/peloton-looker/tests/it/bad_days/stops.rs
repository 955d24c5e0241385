//! Runs that are killed, interrupted, or started twice, and clocks that go back.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::process::Stdio;
use std::time::{Duration, Instant};

use peloton_sim::Settings;
use serde_json::json;

use super::first_segment;
use crate::home::{Home, Ran, same, small};

/// Kills a sync as soon as `moment` has come; false where it ended before.
fn killed_at(home: &Home, moment: impl Fn() -> bool) -> bool {
    home.sim.reset_log();
    let mut command = home.command(&["sync", "--rate", "0", "--concurrency", "16"]);
    let mut child = command.stderr(Stdio::null()).spawn().unwrap();
    while !moment() {
        if child.try_wait().unwrap().is_some() {
            return false;
        }
        std::thread::yield_now();
    }
    child.kill().unwrap();
    child.wait().unwrap().code().is_none()
}

/// A home with a slow enough service, what a whole sync asks, and the tables that it makes.
fn undisturbed() -> (Home, u64, BTreeMap<String, String>) {
    let mut home = Home::new(Settings {
        latency: Duration::from_millis(2),
        ..small()
    });
    home.sync(&[]).ends(0);
    let (whole, tables) = (home.requests(), home.tables());
    home.move_house();
    (home, whole, tables)
}

#[test]
fn kills_at_random_moments_change_nothing() {
    let (mut home, whole, undisturbed) = undisturbed();
    let mut random = 0x2545_f491_u64;
    let mut kills = 0;
    for _ in 0..24 {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        let request = random % whole;
        if killed_at(&home, || home.requests() >= request) {
            kills += 1;
        } else {
            // So much was kept of the runs before that it was done.
            same(&undisturbed, &home.tables());
            home.move_house();
        }
        if kills == 8 {
            break;
        }
    }
    assert_eq!(kills, 8);
    home.sync(&[]).ends(0);
    same(&undisturbed, &home.tables());
}

#[test]
fn a_kill_while_a_load_runs_changes_nothing() {
    let (mut home, _, undisturbed) = undisturbed();
    for _ in 0..3 {
        // A busy machine may not look in time.
        let is_killed = (0..10).any(|_| {
            home.move_house();
            killed_at(&home, || copy_of(&home).exists())
        });
        assert!(is_killed, "no load was seen");
        home.sync(&[]).ends(0);
        same(&undisturbed, &home.tables());
        assert!(!copy_of(&home).exists());
    }
}

/// What a load works on.
fn copy_of(home: &Home) -> PathBuf {
    home.profile().join("warehouse.duckdb.loading")
}

#[test]
fn the_second_sync_learns_who_has_the_lock() {
    let home = Home::new(Settings {
        latency: Duration::from_millis(300),
        ..small()
    });
    let mut first = home.command(&["sync", "--rate", "0"]);
    let mut first = first.stderr(Stdio::null()).spawn().unwrap();
    let lock = home.profile().join("state/lock");
    while fs::read_to_string(&lock).map_or(true, |text| text.is_empty()) {
        std::thread::yield_now();
    }
    let second = home.sync(&[]).ends(1).says("`sync`");
    assert!(
        second.talk.contains(&first.id().to_string()),
        "{}",
        second.talk
    );
    first.kill().unwrap();
    first.wait().unwrap();
}

#[test]
fn ctrl_c_ends_within_two_seconds_and_keeps_what_was_had() {
    let mut home = Home::new(Settings {
        latency: Duration::from_millis(20),
        ..small()
    });
    home.sync(&[]).ends(0);
    let undisturbed = home.tables();
    home.move_house();
    let mut command = home.command(&["sync", "--rate", "30"]);
    let child = command
        .stderr(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    home.sim.reset_log();
    while home.requests() < 10 {
        std::thread::yield_now();
    }
    let pressed = Instant::now();
    assert!(
        std::process::Command::new("kill")
            .args(["-INT", &child.id().to_string()])
            .status()
            .unwrap()
            .success()
    );
    Ran::new(child.wait_with_output().unwrap())
        .ends(130)
        .says("Interrupted");
    assert!(
        pressed.elapsed() < Duration::from_secs(2),
        "{:?}",
        pressed.elapsed()
    );
    home.sync(&[]).ends(0);
    same(&undisturbed, &home.tables());
}

#[test]
fn a_clock_that_was_set_back_makes_no_old_answer_the_newest() {
    let home = Home::new(small());
    let id = home.sim.workouts(0)[0].clone();
    home.sync(&[]).ends(0);
    // What was fetched until now says that it comes from the future.
    let segment = first_segment(&home);
    let text = zstd::decode_all(fs::File::open(&segment).unwrap()).unwrap();
    let year = jiff::Timestamp::now().strftime("%Y").to_string();
    let text = String::from_utf8(text)
        .unwrap()
        .replace(&format!("\"fetched_at\":\"{year}"), "\"fetched_at\":\"2077");
    fs::write(&segment, zstd::encode_all(text.as_bytes(), 3).unwrap()).unwrap();
    home.run(&["rebuild"]).ends(0);
    assert_ne!(
        home.sql("SELECT count(*) FROM workouts WHERE fetched_at > '2077-01-01'"),
        "0"
    );
    home.sim.edit_workout(&id, json!({"total_work": 4_321.0}));
    home.sync(&[]).ends(0);
    let work = format!("SELECT total_work::BIGINT FROM workouts WHERE id = '{id}'");
    assert_eq!(home.sql(&work), "4321");
    home.run(&["rebuild"]).ends(0);
    assert_eq!(home.sql(&work), "4321");
    // What is asked weekly is asked, although its answer seems to be younger than now.
    let requests = home.sim.requests();
    assert!(
        requests
            .iter()
            .filter(|logged| logged.path.ends_with("/overview"))
            .count()
            > 3
    );
}
