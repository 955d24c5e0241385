//! What may go wrong: nothing is lost, and the person learns what to do.

use std::fs;
use std::process::Stdio;
use std::time::{Duration, Instant};

use peloton_sim::{FaultKind, Faults, LoginMode, Poison, Settings};
use serde_json::json;

use crate::home::{Home, Ran, empty, same, small};

#[test]
fn a_wrong_password_is_one_try_and_a_clear_word() {
    let home = Home::new(small());
    let ran = Ran::new(
        home.command(&["login"])
            .env("PELOTON_PASSWORD", "wrong")
            .output()
            .unwrap(),
    );
    ran.ends(4)
        .says("refused the user name or password")
        .says("hint:");
    assert_eq!(home.sim.totals().login_attempts, 1);
}

#[test]
fn f12_awkward_passwords_arrive_as_they_are() {
    use std::io::Write;
    let password = " a\\b>+%41\"é&=# ";
    let home = Home::new(Settings {
        password: password.into(),
        ..empty()
    });
    for end in ["\r\n", "\n", ""] {
        let mut command = home.command(&["-vv", "login", "--password-stdin"]);
        command
            .env_remove("PELOTON_PASSWORD")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        child
            .stdin
            .take()
            .unwrap()
            .write_all(format!("{password}{end}").as_bytes())
            .unwrap();
        let ran = Ran::new(child.wait_with_output().unwrap()).ends(0);
        assert!(!ran.talk.contains("a\\b>"), "{}", ran.talk);
    }
    home.run(&["login"]).ends(0);
    assert_eq!(home.sim.totals().login_attempts, 4);
    let mut command = home.command(&["login", "--password-stdin"]);
    command.env_remove("PELOTON_PASSWORD");
    Ran::new(command.output().unwrap())
        .ends(2)
        .says("nothing was sent");
    assert_eq!(home.sim.totals().login_attempts, 4);
}

#[test]
fn each_obstacle_of_the_login_has_its_own_word() {
    let home = Home::new(empty());
    for (mode, word) in [
        (LoginMode::Verification, "--paste-callback"),
        (LoginMode::TooManyAttempts, "too many"),
        (LoginMode::Cloudflare, "Cloudflare"),
        (LoginMode::ChangedPage, "changed"),
    ] {
        home.sim.set_login(mode);
        home.run(&["login"]).ends(4).says(word);
    }
    home.sim.set_login(LoginMode::Redirect);
    home.run(&["login"]).ends(0);
}

#[test]
fn the_mobile_grant_logs_in_too() {
    let home = Home::new(empty());
    home.run(&["login", "--grant", "password"])
        .ends(0)
        .says("Logged in");
}

#[test]
fn an_expired_token_is_renewed_and_a_revoked_one_asks_for_a_login() {
    let home = Home::new(small());
    home.run(&["login"]).ends(0);
    home.sim.expire_access_tokens();
    let anonymous = |arguments: &[&str]| {
        let mut command = home.command(arguments);
        command
            .env_remove("PELOTON_USERNAME")
            .env_remove("PELOTON_PASSWORD");
        Ran::new(command.output().unwrap())
    };
    anonymous(&["sync", "--rate", "0"]).ends(0);
    home.sim.revoke_tokens();
    anonymous(&["sync", "--rate", "0"])
        .ends(4)
        .says("hint: run `peloton-looker login`");
}

#[test]
fn a_block_by_cloudflare_stops_the_run_and_keeps_everything() {
    let home = Home::new(small());
    home.sync(&[]).ends(0);
    home.sim.set_blocked(true);
    home.sync(&["--full"]).ends(3).says("come back");
    assert_eq!(home.sql("SELECT count(*) > 0 FROM workouts"), "true");
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
fn a_service_that_goes_away_costs_nothing_that_was_had() {
    let home = Home::new(small());
    home.sync(&["--me-only"]).ends(0);
    home.sim.stop();
    let ran = home.sync(&[]);
    ran.ends(1).says("hint:");
    assert_eq!(home.sql("SELECT count(*) FROM workouts"), "12");
}

#[test]
fn kills_at_random_moments_change_nothing() {
    let mut home = Home::new(Settings {
        latency: Duration::from_millis(2),
        ..small()
    });
    let started = Instant::now();
    home.sync(&[]).ends(0);
    let whole = started.elapsed();
    let undisturbed = home.tables();
    home.move_house();
    for kill in 1..=8 {
        let mut command = home.command(&["sync", "--rate", "0", "--concurrency", "16"]);
        let mut child = command.stderr(Stdio::null()).spawn().unwrap();
        std::thread::sleep(whole * kill / 9);
        child.kill().unwrap();
        child.wait().unwrap();
    }
    home.sync(&[]).ends(0);
    same(&undisturbed, &home.tables());
}

#[test]
fn a_torn_tail_is_cut_and_fetched_again() {
    let mut home = Home::new(small());
    home.sync(&[]).ends(0);
    let undisturbed = home.tables();
    let segment = first_segment(&home);
    let bytes = fs::read(&segment).unwrap();
    fs::write(&segment, &bytes[..bytes.len() - 100]).unwrap();
    fs::remove_file(home.profile().join("warehouse.duckdb")).unwrap();
    home.sync(&[]).ends(0);
    same(&undisturbed, &home.tables());
    home.move_house();
}

#[test]
fn damage_in_the_middle_is_named_and_full_fetches_it_again() {
    let home = Home::new(small());
    home.sync(&["--me-only"]).ends(0);
    home.sync(&[]).ends(0);
    let undisturbed = home.tables();
    let segment = first_segment(&home);
    let mut bytes = fs::read(&segment).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 0xff;
    fs::write(&segment, &bytes).unwrap();
    home.run(&["doctor", "--offline"]).ends(1);
    fs::remove_file(home.profile().join("warehouse.duckdb")).unwrap();
    home.sync(&["--full"]).ends(0).says("damaged between bytes");
    same(&undisturbed, &home.tables());
}

#[test]
fn a_lost_warehouse_is_made_again_from_the_archive() {
    let home = Home::new(small());
    home.sync(&[]).ends(0);
    let before = home.tables();
    fs::remove_file(home.profile().join("warehouse.duckdb")).unwrap();
    home.run(&["sql", "SELECT 1"]).ends(1).says("rebuild");
    home.run(&["rebuild"]).ends(0);
    same(&before, &home.tables());
}

#[test]
fn rebuild_gives_the_same_file_to_the_byte_of_its_export() {
    let home = Home::new(small());
    home.sync(&["--me-only"]).ends(0);
    home.sync(&[]).ends(0);
    home.sync(&[]).ends(0);
    let export = |name: &str| {
        let folder = home.path().join(name);
        home.run(&["export", folder.to_str().unwrap(), "--format", "csv"])
            .ends(0);
        let mut files: Vec<(String, Vec<u8>)> = fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .map(|path| {
                (
                    path.file_name().unwrap().to_str().unwrap().to_owned(),
                    fs::read(path).unwrap(),
                )
            })
            .collect();
        files.sort();
        files
    };
    let before = export("before");
    home.run(&["rebuild"]).ends(0);
    for (one, other) in before.iter().zip(export("after")) {
        let text = |file: &(String, Vec<u8>)| String::from_utf8_lossy(&file.1).into_owned();
        let (before, after) = (text(one), text(&other));
        let line = before.lines().zip(after.lines()).find(|(a, b)| a != b);
        assert!(before == after, "{} differs: {line:?}", one.0);
    }
}

#[test]
fn a_file_that_is_not_ours_is_never_overwritten() {
    let home = Home::new(small());
    home.run(&["login"]).ends(0);
    let file = home.profile().join("warehouse.duckdb");
    fs::write(&file, "my diary").unwrap();
    home.sync(&[]).ends(1).says("not a warehouse of ours");
    assert_eq!(fs::read_to_string(&file).unwrap(), "my diary");
    // Nor one that another program made with DuckDB.
    fs::remove_file(&file).unwrap();
    let theirs = duckdb::Connection::open(&file).unwrap();
    theirs
        .execute_batch("CREATE TABLE theirs(n INTEGER)")
        .unwrap();
    drop(theirs);
    home.sync(&[]).ends(1).says("another program made");
}

#[test]
fn a_full_disk_is_said_and_nothing_that_was_had_is_lost() {
    let home = Home::new(small());
    let full = home.path().join("full");
    let Some(disk) = Disk::mount(&full, "size=600k") else {
        return;
    };
    let sync = || {
        let mut command = home.command(&["sync", "--rate", "0"]);
        Ran::new(command.env("PELOTON_LOOKER_HOME", &full).output().unwrap())
    };
    let refused = sync();
    disk.remount("size=200m");
    let went_on = sync();
    drop(disk);
    assert_eq!(refused.code, 1, "{}", refused.talk);
    assert!(
        refused.talk.to_lowercase().contains("space"),
        "{}",
        refused.talk
    );
    went_on.ends(0);
}

#[test]
fn commands_that_read_work_on_a_home_that_can_only_be_read() {
    let home = Home::new(small());
    let folder = home.path().join("disk");
    let Some(disk) = Disk::mount(&folder, "size=200m") else {
        return;
    };
    let run = |arguments: &[&str]| {
        let mut command = home.command(arguments);
        command.env("PELOTON_LOOKER_HOME", &folder);
        Ran::new(command.output().unwrap())
    };
    run(&["sync", "--rate", "0"]).ends(0);
    disk.remount("ro");
    run(&["sql", "SELECT count(*) FROM workout_stats"]).ends(0);
    run(&["status"]).ends(0);
    let doctor = run(&["doctor", "--offline"]).ends(1);
    assert!(
        doctor.data.contains("can't be written to"),
        "{}",
        doctor.data
    );
    run(&["docs", "tables"]).ends(0);
    let out = home.path().join("out");
    run(&["export", out.to_str().unwrap(), "--format", "csv"]).ends(0);
    home.sim.reset_log();
    for arguments in [&["sync"][..], &["login"], &["rebuild"]] {
        let ran = run(arguments).ends(1);
        assert!(
            ran.talk.contains("PELOTON_LOOKER_HOME") || ran.talk.contains("can't be written"),
            "{}",
            ran.talk
        );
    }
    assert_eq!(home.requests(), 0);
    assert_eq!(home.sim.totals().login_attempts, 0);
    drop(disk);
}

/// A small disk in memory, as root can mount one.
struct Disk(std::path::PathBuf);

impl Disk {
    fn mount(folder: &std::path::Path, options: &str) -> Option<Self> {
        fs::create_dir(folder).unwrap();
        if !mount(&["-t", "tmpfs", "-o", options, "tmpfs"], folder) {
            let loud = "SKIPPED: only root can mount a small disk\n";
            std::io::Write::write_all(&mut std::io::stderr(), loud.as_bytes()).unwrap();
            return None;
        }
        Some(Self(folder.into()))
    }

    fn remount(&self, options: &str) {
        let options = format!("remount,{options}");
        assert!(mount(&["-o", &options, "tmpfs"], &self.0));
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = std::process::Command::new("umount").arg(&self.0).status();
    }
}

fn mount(arguments: &[&str], folder: &std::path::Path) -> bool {
    let ran = std::process::Command::new("mount")
        .args(arguments)
        .arg(folder)
        .output();
    ran.is_ok_and(|output| output.status.success())
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
fn a_home_that_can_not_be_written_is_found_out_before_the_first_request() {
    let home = Home::new(small());
    let blocked = home.path().join("file");
    fs::write(&blocked, "").unwrap();
    let mut command = home.command(&["sync"]);
    command.env("PELOTON_LOOKER_HOME", &blocked);
    Ran::new(command.output().unwrap())
        .ends(1)
        .says("PELOTON_LOOKER_HOME");
    assert_eq!(home.requests(), 0);
    assert_eq!(home.sim.totals().login_attempts, 0);
}

#[test]
fn an_answer_of_fifty_megabytes_costs_that_item() {
    let home = Home::new(small());
    let id = home.sim.workouts(0)[0].clone();
    home.sim
        .poison(&format!("{id}/performance_graph"), Poison::Large(50 << 20));
    home.sync(&["--me-only"]).ends(3);
    let reason = home.sql("SELECT reason FROM sync_items WHERE status = 'failed'");
    assert!(reason.contains("larger than"), "{reason}");
}

#[test]
fn hostile_texts_come_through_as_they_are() {
    let texts = [
        "Robert'); DROP TABLE workouts;--",
        "<script>alert(1)</script>",
        "🚲\u{202e}ریدر",
        "\"quoted\", comma\nline",
    ];
    let home = Home::new(empty());
    for (number, text) in texts.iter().enumerate() {
        let (detail, graph) = crate::fields::w(text)
            .length(60)
            .at(1_772_434_800 + 7200 * number as i64)
            .made();
        home.sim.add_custom(detail, graph);
    }
    let long = "x".repeat(10_000);
    let (detail, graph) = crate::fields::w(&long).made();
    home.sim.add_custom(detail, graph);
    home.sync(&[]).ends(0);
    for text in texts {
        let quoted = text.replace('\'', "''");
        assert_eq!(
            home.sql(&format!(
                "SELECT count(*) FROM workouts WHERE title = '{quoted}'"
            )),
            "1",
            "{text}"
        );
    }
    assert_eq!(home.sql("SELECT max(length(title)) FROM workouts"), "10000");
}

#[test]
fn numbers_out_of_range_cost_their_value_only() {
    let home = Home::new(empty());
    let (mut detail, mut graph) = crate::fields::w("wild")
        .length(60)
        .metric("output", "watts", vec![100.0; 60])
        .made();
    detail["created_at"] = json!(1e300);
    detail["total_work"] = json!("many");
    graph["metrics"][0]["values"][3] = json!(65_535);
    graph["metrics"][0]["values"][4] = json!({"a": 1});
    home.sim.add_custom(detail, graph);
    home.sync(&[]).ends(0);
    assert_eq!(
        home.sql("SELECT total_work, seconds_recorded FROM workouts"),
        ",59"
    );
    assert_eq!(home.sql("SELECT max(output) FROM workout_stats"), "65535");
    assert_ne!(
        home.sql("SELECT count(*) FROM sync_items WHERE status = 'unreadable'"),
        "0"
    );
}

#[test]
fn a_graph_of_a_hundred_thousand_seconds_and_arrays_of_unequal_length() {
    let home = Home::new(empty());
    let (detail, graph) = crate::fields::w("long")
        .length(100_000)
        .metric("output", "watts", vec![100.0; 100_000])
        .made();
    home.sim.add_custom(detail, graph);
    let (mut detail, graph) = crate::fields::w("short")
        .length(60)
        .metric("output", "watts", vec![100.0; 50])
        .made();
    detail["created_at"] = json!(1_772_500_000);
    home.sim.add_custom(detail, graph);
    home.sync(&[]).ends(0);
    assert_eq!(
        home.sql("SELECT title, seconds_recorded FROM workouts ORDER BY 2"),
        "short,50\nlong,100000"
    );
    let flagged = home.sql("SELECT reason FROM sync_items WHERE status = 'unreadable'");
    assert!(!flagged.is_empty());
}

#[test]
fn no_secret_is_in_the_output_or_in_any_file_but_the_credentials() {
    let home = Home::new(small());
    let mut talk = String::new();
    for arguments in [
        &["-vv", "login"][..],
        &["-vv", "sync", "--rate", "0"],
        &["-vv", "doctor"],
        &["-vv", "status"],
    ] {
        let ran = home.run(arguments);
        talk.push_str(&ran.talk);
        talk.push_str(&ran.data);
    }
    let credentials = fs::read_to_string(home.profile().join("credentials.toml")).unwrap();
    let secrets: Vec<&str> = credentials
        .split('"')
        .filter(|text| text.starts_with("eyJ") || text.starts_with("v1."))
        .chain([
            "correct horse",
            "ada@example.invalid",
            "+1 555 0100",
            "SN-000111",
        ])
        .collect();
    assert!(secrets.len() >= 6, "the tokens are in the credentials");
    let archive = home.archive();
    for secret in secrets {
        assert!(!talk.contains(secret), "`{secret}` was printed");
        assert!(!archive.contains(secret), "`{secret}` was archived");
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = |path: &str| {
            fs::metadata(home.path().join(path))
                .unwrap()
                .permissions()
                .mode()
                & 0o777
        };
        assert_eq!(mode("profiles/default/credentials.toml"), 0o600);
        assert_eq!(mode("profiles/default"), 0o700);
    }
}

#[test]
fn the_cookies_of_the_login_stay_with_their_hosts() {
    let home = Home::new(small());
    home.run(&["login"]).ends(0);
    home.sync(&["--me-only"]).ends(0);
    assert_eq!(home.sim.totals().leaked_cookies, 0);
}

fn first_segment(home: &Home) -> std::path::PathBuf {
    let mut paths: Vec<_> = fs::read_dir(home.profile().join("archive"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.sort();
    paths.swap_remove(0)
}
