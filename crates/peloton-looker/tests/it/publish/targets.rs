//! Targets in the settings and on the command line, and what becomes of those that fail.

use std::fs;

use super::synced;
use crate::home::Home;

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
    let ran = home.sync(&["--publish", &bad, "--publish", &good]).ends(3);
    assert!(ran.talk.contains("Fetched 1 workout"), "{}", ran.talk);
    assert!(ran.talk.contains("was not published to"), "{}", ran.talk);
    assert!(home.path().join("out/workouts/workouts.parquet").exists());
    let ran = home.run(&["status"]).ends(0);
    assert!(ran.data.contains("the last try failed"), "{}", ran.data);
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

#[test]
fn without_credentials_the_error_says_what_to_do() {
    let home = synced();
    let missing = home.path().join("no key.json");
    let mut command = home.command(&["publish", "bigquery:p.d"]);
    command
        .env_remove("BIGQUERY_EMULATOR_HOST")
        .env("GOOGLE_APPLICATION_CREDENTIALS", missing);
    crate::home::Ran::new(command.output().unwrap())
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
