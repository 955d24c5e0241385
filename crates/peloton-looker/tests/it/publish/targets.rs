//! Targets in the settings and on the command line, and what becomes of those that fail.

use std::fs;
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use super::{synced, three_minutes};
use crate::home::{Home, Ran};

fn settings(home: &Home, text: &str) {
    fs::write(home.path().join("config.toml"), text).unwrap();
}

#[test]
fn a_sync_publishes_to_the_targets_of_the_settings() {
    let home = synced();
    let out = home.path().join("out");
    settings(&home, &format!("publish = [\"parquet:{}\"]", out.display()));
    let ran = home.run(&["status"]).ends(0);
    assert!(ran.data.contains("not yet"), "{}", ran.data);
    home.sync(&[]).ends(0).says("Published");
    assert!(out.join("workouts/workouts.parquet").exists());
    let ran = home.run(&["status"]).ends(0);
    assert!(ran.data.contains("up to date"), "{}", ran.data);
    let ran = home.run(&["doctor"]);
    assert!(ran.data.contains("up to date"), "{}", ran.data);
}

#[test]
fn a_target_that_fails_harms_neither_the_sync_nor_another() {
    let home = synced();
    let file = home.path().join("a file");
    fs::write(&file, "").unwrap();
    let (bad, good) = (
        format!("parquet:{}", file.display()),
        format!("parquet:{}", home.path().join("out").display()),
    );
    let newest: i64 = home
        .sql("SELECT max(start_time) FROM workouts")
        .parse()
        .unwrap();
    home.sim.add_workout(0, newest + 7_200);
    settings(&home, &format!("publish = [\"{bad}\", \"{good}\"]"));
    let ran = home.sync(&[]).ends(3);
    assert!(ran.talk.contains("Fetched 1 workout"), "{}", ran.talk);
    assert!(ran.talk.contains("was not published to"), "{}", ran.talk);
    assert!(ran.talk.contains("name a folder"), "{}", ran.talk);
    assert!(home.path().join("out/workouts/workouts.parquet").exists());
    let ran = home.run(&["status"]).ends(0);
    assert!(ran.data.contains("the last try failed"), "{}", ran.data);
}

/// A home with a copy in a folder, which is a target of the settings; the target.
fn published() -> (Home, String) {
    let home = three_minutes(1);
    let target = format!("parquet:{}", home.path().join("out").display());
    settings(&home, &format!("publish = [\"{target}\"]"));
    home.run(&["publish", &target]).ends(0);
    (home, target)
}

/// What `status` says of the one target.
fn state(home: &Home) -> serde_json::Value {
    let ran = home.run(&["status", "--format", "json"]).ends(0);
    let status: serde_json::Value = serde_json::from_str(&ran.data).unwrap();
    status["publications"][0].clone()
}

#[test]
fn a_target_that_lacks_a_deletion_is_not_up_to_date() {
    let (home, target) = published();
    assert_eq!(state(&home)["is_current"], true);
    home.sim.delete_workout(&home.sim.workouts(0)[2]);
    // A target of the command line takes the place of those of the settings.
    let other = format!("parquet:{}", home.path().join("other").display());
    home.sync(&["--full", "--publish", &other]).ends(0);
    assert_eq!(state(&home)["is_current"], false);
    let ran = home.run(&["status"]).ends(0);
    let line = ran.data.lines().find(|line| line.contains(&target));
    assert!(line.unwrap().ends_with("behind"), "{}", ran.data);
    home.run(&["publish", &target]).ends(0);
    assert_eq!(state(&home)["is_current"], true);
}

#[test]
fn a_try_that_failed_stands_beside_the_state() {
    let (home, target) = published();
    let lock = home.path().join("out/.lock");
    let lock = warehouse::Lock::acquire(lock, "publish").unwrap();
    home.run(&["publish", &target]).ends(1);
    drop(lock);
    let ran = home.run(&["status"]).ends(0);
    assert!(ran.data.contains("the last try failed"), "{}", ran.data);
    assert!(ran.data.contains("up to date"), "{}", ran.data);
    let ran = home.run(&["doctor", "--offline"]);
    assert!(ran.data.contains("the last try failed"), "{}", ran.data);
}

#[test]
fn what_a_sync_tried_in_vain_is_told_until_the_next() {
    let home = three_minutes(1);
    let good = format!("parquet:{}", home.path().join("ok").display());
    let vain = ["--publish", "parquet:/proc/x", "--publish", &good];
    let ran = home.sync(&vain).ends(3);
    ran.says("name another place");
    assert_eq!(targets(&home), ["parquet:/proc/x", &good]);
    assert!(state(&home)["error"].is_string());
    let ran = home.run(&["doctor", "--offline"]).ends(1);
    assert!(ran.data.contains("/proc"), "{}", ran.data);
    home.sync(&[]).ends(0);
    assert_eq!(targets(&home), [good]);
    // What was typed by hand and never worked is nobody's.
    home.run(&["publish", "parquet:/proc/x"]).ends(1);
    assert_eq!(targets(&home).len(), 1);
}

#[test]
fn a_folder_that_cannot_be_written_to_is_found_before() {
    let home = three_minutes(1);
    settings(&home, "publish = [\"parquet:/proc/x\"]");
    let ran = home.run(&["doctor", "--offline"]).ends(1);
    assert!(ran.data.contains("write to `/proc`"), "{}", ran.data);
    let ran = home.run(&["publish", "--dry-run", "parquet:/proc/x"]);
    ran.ends(0).says("it would fail: write to `/proc`");
    let format = [
        "publish",
        "--dry-run",
        "--format",
        "json",
        "parquet:/proc/x",
    ];
    let plan: serde_json::Value = serde_json::from_str(&home.run(&format).ends(0).data).unwrap();
    let note = plan["notes"][0].as_str().unwrap();
    assert!(note.contains("write to `/proc`"), "{note}");
    // A look leaves nothing behind.
    let out = home.path().join("out");
    home.run(&[
        "publish",
        "--dry-run",
        &format!("parquet:{}", out.display()),
    ])
    .ends(0);
    assert!(!out.exists());
}

#[test]
fn a_tilde_is_the_home_folder() {
    let home = three_minutes(1);
    let run = |arguments: &[&str]| {
        let mut command = home.command(arguments);
        command.env("HOME", home.path()).current_dir(home.path());
        Ran::new(command.output().unwrap()).ends(0)
    };
    run(&["publish", "parquet:~/out"]);
    assert!(home.path().join("out/workouts/workouts.parquet").exists());
    assert!(!home.path().join("~").exists());
    run(&["sql", "--on", "parquet:~/out", "SELECT 1"]);
    assert!(targets(&home)[0].ends_with("/out"));
}

#[test]
fn a_target_that_is_none_is_told_before_the_first_request() {
    let home = three_minutes(1);
    let before = home.requests();
    home.sync(&["--publish", "parket:out"])
        .ends(2)
        .says("parket");
    settings(&home, "publish = [\"parket:out\"]");
    home.sync(&[]).ends(2).says("config.toml").says("parket");
    assert_eq!(home.requests(), before);
    let ran = home.run(&["doctor", "--offline"]).ends(1);
    let line = ran.data.lines().find(|line| line.contains("settings"));
    let line = line.unwrap();
    assert!(line.starts_with("bad") && line.contains("parket"), "{line}");
}

#[test]
fn what_the_settings_name_is_not_forgotten_in_silence() {
    let (home, target) = published();
    let ran = home.run(&["publish", "--forget", &target]).ends(0);
    ran.says("config.toml` still names it");
}

#[test]
fn what_stands_in_the_way_of_a_folder_has_a_hint() {
    let home = three_minutes(1);
    let out = home.path().join("out");
    std::fs::create_dir_all(out.join("workouts/workouts.parquet")).unwrap();
    let ran = home.run(&["publish", &format!("parquet:{}", out.display())]);
    ran.ends(3).says("move it away");
    fs::write(home.path().join("file"), "").unwrap();
    let inside = home.path().join("file/out");
    let ran = home.run(&["publish", &format!("parquet:{}", inside.display())]);
    ran.ends(1).says("name a folder");
}

#[test]
fn a_bad_address_of_an_emulator_is_named_by_its_variable() {
    let home = three_minutes(1);
    for address in ["127.0.0.1:port", "ftp://127.0.0.1"] {
        let mut command = home.command(&["publish", "bigquery:p.d"]);
        command.env("BIGQUERY_EMULATOR_HOST", address);
        Ran::new(command.output().unwrap())
            .ends(1)
            .says("BIGQUERY_EMULATOR_HOST")
            .says("127.0.0.1:9050");
    }
}

/// A service that takes connections and never answers; the target that leads there.
fn silence() -> (TcpListener, &'static str) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    (listener, "bigquery:test-project.silence")
}

fn sync_with(home: &Home, silence: &TcpListener, arguments: &[&str]) -> Child {
    let sync = ["sync", "--rate", "0", "--concurrency", "16"];
    let address = silence.local_addr().unwrap();
    home.command(&[&sync, arguments].concat())
        .env("BIGQUERY_EMULATOR_HOST", format!("http://{address}"))
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

#[test]
fn a_target_that_hangs_keeps_neither_another_nor_the_next_sync_waiting() {
    let home = synced();
    let (silence, hanging) = silence();
    let good = format!("parquet:{}", home.path().join("out").display());
    let mut first = sync_with(&home, &silence, &["--publish", hanging, "--publish", &good]);
    until(|| state_of(&home, &good).is_some());
    assert!(first.try_wait().unwrap().is_none());
    home.sync(&[]).ends(0);
    interrupt(&first);
    Ran::new(first.wait_with_output().unwrap()).ends(130);
}

/// When a target was published, if it was.
fn state_of(home: &Home, target: &str) -> Option<String> {
    let text = fs::read_to_string(home.profile().join("state/published.json")).ok()?;
    let outcomes: serde_json::Value = serde_json::from_str(&text).ok()?;
    Some(outcomes[target]["published_at"].as_str()?.to_owned())
}

pub(super) fn until(is_so: impl Fn() -> bool) {
    let begun = Instant::now();
    while !is_so() {
        assert!(begun.elapsed() < Duration::from_secs(60), "it never came");
        std::thread::sleep(Duration::from_millis(20));
    }
}

pub(super) fn interrupt(child: &Child) {
    let process = child.id().to_string();
    let killed = Command::new("kill").args(["-INT", &process]).status();
    assert!(killed.unwrap().success());
}

/// The seconds of a history that takes longer than anybody waits.
fn endless(home: &Home) {
    let file = duckdb::Connection::open(home.profile().join("warehouse.duckdb")).unwrap();
    file.execute_batch(
        "DROP VIEW workouts_with_stats; ALTER TABLE workout_stats RENAME TO stats_of_one; \
         CREATE VIEW workout_stats AS SELECT s.* FROM stats_of_one AS s, range(1000000000000)",
    )
    .unwrap();
}

#[test]
fn ctrl_c_ends_a_publication_and_its_dry_run_while_the_warehouse_is_read() {
    let home = synced();
    endless(&home);
    let target = format!("parquet:{}", home.path().join("out").display());
    for arguments in [
        &["publish", target.as_str()][..],
        &["publish", "--dry-run", target.as_str()],
    ] {
        let mut command = home.command(arguments);
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let child = command.spawn().unwrap();
        // Long enough to be reading.
        std::thread::sleep(Duration::from_secs(1));
        let pressed = Instant::now();
        interrupt(&child);
        Ran::new(child.wait_with_output().unwrap()).ends(130);
        assert!(pressed.elapsed() < Duration::from_secs(2), "{arguments:?}");
    }
}

#[test]
fn what_is_no_target_is_wrong_usage() {
    let home = synced();
    for target in [
        "out",
        "parquet:",
        "bigquery:p",
        "s3:bucket",
        "bigquery:p.d?place=EU",
    ] {
        let ran = home.run(&["publish", target]).ends(2);
        assert!(ran.talk.contains("is no"), "{target}: {}", ran.talk);
    }
    for target in ["out", "parquet:", "s3:bucket", "bigquery:p"] {
        home.run(&["sql", "--on", target, "SELECT 1"]).ends(2);
    }
}

/// Neither a key, nor what `gcloud` stores, nor one of Google's machines, whose server would be asked.
#[test]
fn where_no_credentials_are_to_be_had_it_is_soon_known() {
    let home = synced();
    let nobody = TcpListener::bind("127.0.0.1:0").unwrap();
    let host = nobody.local_addr().unwrap().to_string();
    drop(nobody);
    for arguments in [
        &["publish", "bigquery:p.d"][..],
        &["sql", "--on", "bigquery:p.d", "SELECT 1"],
    ] {
        let mut command = home.command(arguments);
        command
            .env_remove("BIGQUERY_EMULATOR_HOST")
            .env_remove("GOOGLE_APPLICATION_CREDENTIALS")
            .env("HOME", home.path())
            .env("GCE_METADATA_HOST", &host);
        let began = Instant::now();
        Ran::new(command.output().unwrap())
            .ends(1)
            .says("there are no credentials for Google")
            .says("hint: name a service account's key file in GOOGLE_APPLICATION_CREDENTIALS");
        assert!(began.elapsed() < Duration::from_secs(10), "{arguments:?}");
    }
}

/// Targets that `status` and `doctor` speak of.
fn targets(home: &Home) -> Vec<String> {
    let ran = home.run(&["status", "--format", "json"]).ends(0);
    let status: serde_json::Value = serde_json::from_str(&ran.data).unwrap();
    let publications = status["publications"].as_array().unwrap();
    let target = |one: &serde_json::Value| one["target"].as_str().unwrap().to_owned();
    publications.iter().map(target).collect()
}

#[test]
fn a_target_that_never_worked_is_not_kept() {
    let home = synced();
    let file = home.path().join("a file");
    fs::write(&file, "").unwrap();
    let target = format!("parquet:{}", file.display());
    home.run(&["publish", &target])
        .ends(1)
        .says("name a folder");
    assert!(targets(&home).is_empty());
    assert!(!home.run(&["doctor"]).data.contains("publish"));
}

#[test]
fn a_target_is_known_once_however_it_is_written() {
    let home = synced();
    let publish = |target: &str| {
        let mut command = home.command(&["publish", target]);
        Ran::new(command.current_dir(home.path()).output().unwrap()).ends(0)
    };
    let whole = format!("parquet:{}", home.path().join("out").display());
    for target in ["parquet:out", "parquet:./out/", &whole] {
        publish(target);
    }
    assert_eq!(targets(&home), [whole.as_str()]);
    // From any other folder too.
    let ran = home.run(&["doctor"]);
    assert!(ran.data.contains("up to date"), "{}", ran.data);
    settings(&home, &format!("publish = [\"{whole}/\", \"{whole}\"]"));
    assert_eq!(targets(&home), [whole.as_str()]);
    home.sync(&[]).ends(0);
}

#[test]
fn a_target_can_be_forgotten() {
    let (home, target) = published();
    settings(&home, "");
    assert_eq!(targets(&home), [target.as_str()]);
    home.run(&["publish", "--forget", &target]).ends(0);
    assert!(targets(&home).is_empty());
    assert!(home.path().join("out/workouts/workouts.parquet").exists());
    home.run(&["publish", "--forget", &target])
        .ends(1)
        .says("nothing is known of");
}

#[test]
fn ctrl_c_ends_a_query_and_prints_no_answer() {
    let home = synced();
    let endless =
        "SELECT count(*) AS n FROM range(1000000) AS a, range(1000000) AS b, range(1000) AS c";
    for format in ["table", "json", "csv"] {
        let mut command = home.command(&["sql", "--format", format, endless]);
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let child = command.spawn().unwrap();
        // Long enough to be reading.
        std::thread::sleep(Duration::from_secs(1));
        let pressed = Instant::now();
        interrupt(&child);
        let ran = Ran::new(child.wait_with_output().unwrap()).ends(130);
        assert!(pressed.elapsed() < Duration::from_secs(2), "{format}");
        assert_eq!(ran.data, "", "{format}");
        assert!(ran.talk.contains("Interrupted"), "{format}: {}", ran.talk);
    }
}

#[test]
fn without_credentials_the_error_says_what_to_do() {
    let home = synced();
    let missing = home.path().join("no key.json");
    let mut command = home.command(&["publish", "bigquery:p.d"]);
    command
        .env_remove("BIGQUERY_EMULATOR_HOST")
        .env("GOOGLE_APPLICATION_CREDENTIALS", missing);
    Ran::new(command.output().unwrap())
        .ends(1)
        .says("GOOGLE_APPLICATION_CREDENTIALS");
}

#[test]
fn nothing_is_published_from_nothing() {
    let home = Home::new(crate::home::empty());
    let out = home.path().join("out");
    home.run(&["publish", &format!("parquet:{}", out.display())])
        .ends(1)
        .says("peloton-looker sync");
    assert!(!out.exists());
}
