//! What a person is told to do next, and the exit code that says what kind of thing happened.

use std::fs;
use std::process::Command;

use crate::home::{Home, Ran, empty, small};

/// Without user name and password in the environment.
fn anonymous(home: &Home, arguments: &[&str]) -> Command {
    let mut command = home.command(arguments);
    command
        .env_remove("PELOTON_USERNAME")
        .env_remove("PELOTON_PASSWORD")
        .env_remove("USERNAME")
        .env_remove("PASSWORD");
    command
}

#[test]
fn who_has_no_login_is_told_so_on_a_fresh_home_too() {
    let home = Home::new(empty());
    for arguments in [
        &["api", "get", "/api/me"][..],
        &["sync"],
        &["sync", "--dry-run"],
    ] {
        Ran::new(anonymous(&home, arguments).output().unwrap())
            .ends(4)
            .says("there is no stored login")
            .says("hint: run `peloton-looker login`");
    }
    assert_eq!(home.requests(), 0);
}

#[test]
fn doctor_says_that_a_revoked_login_has_to_be_made_again() {
    let home = Home::new(empty());
    home.sync(&[]).ends(0);
    home.sim.revoke_tokens();
    let ran = Ran::new(anonymous(&home, &["doctor"]).output().unwrap()).ends(1);
    assert!(
        ran.data.contains("run `peloton-looker login`\n"),
        "{}",
        ran.data
    );
    assert!(!ran.data.contains("network"), "{}", ran.data);
}

#[test]
fn doctor_says_that_a_deleted_warehouse_is_made_of_the_archive() {
    let home = Home::new(empty());
    home.sync(&[]).ends(0);
    fs::remove_file(home.profile().join("warehouse.duckdb")).unwrap();
    let ran = home.run(&["doctor", "--offline"]).ends(0);
    assert!(ran.data.contains("note warehouse"), "{}", ran.data);
    assert!(
        ran.data.contains("`peloton-looker rebuild` makes it"),
        "{}",
        ran.data
    );
}

#[test]
fn commands_that_are_suggested_name_the_profile() {
    let home = Home::new(empty());
    let profile = ["--profile", "anna"];
    let run = |arguments: &[&str]| {
        let arguments = [arguments, &profile].concat();
        Ran::new(anonymous(&home, &arguments).output().unwrap())
    };
    run(&["sql", "SELECT 1"])
        .ends(1)
        .says("run `peloton-looker sync --profile anna`, or `peloton-looker demo` for one");
    run(&["sync"])
        .ends(4)
        .says("hint: run `peloton-looker login --profile anna`\n");
    let doctor = run(&["doctor", "--offline"]).ends(1).data;
    assert!(
        doctor.contains("run `peloton-looker login --profile anna`\n"),
        "{doctor}"
    );
    let json = run(&["doctor", "--offline", "--format", "json"])
        .ends(1)
        .data;
    assert!(
        json.contains("run `peloton-looker login --profile anna`\""),
        "{json}"
    );
    home.run(&["login", "--profile", "anna"])
        .ends(0)
        .says("Next: `peloton-looker sync --profile anna`");
    home.run(&["login"])
        .ends(0)
        .says("Next: `peloton-looker sync`");
}

#[test]
fn refused_rows_of_an_import_are_listed_until_a_better_file_comes() {
    let home = Home::new(empty());
    let file = home.path().join("history.csv");
    let header = "Workout Timestamp,Fitness Discipline,Length (minutes),Title";
    let good = "2019-03-02 07:01 (UTC),Cycling,10,one";
    let bad = "some day,Cycling,10,two\n2019-03-09 07:00 (Atlantis),Cycling,10,three";
    fs::write(&file, format!("{header}\n{good}\n{bad}\n")).unwrap();
    let import = ["import", file.to_str().unwrap()];
    home.run(&import).ends(3).says("line 3").says("line 4");
    let items = "SELECT endpoint, key, status, next_try_at IS NULL, reason LIKE '%Atlantis%', \
        run_id = (SELECT max(id) FROM sync_runs) FROM sync_items ORDER BY key";
    let listed = "import,line 3,refused,true,false,true\nimport,line 4,refused,true,true,true";
    assert_eq!(home.sql(items), listed);
    let status = home.run(&["status"]).ends(0).data;
    assert!(
        status.contains("2 rows of the file imported last refused:\n  line 3: "),
        "{status}"
    );
    assert!(status.contains("\n    line 3 is refused: "), "{status}");
    let json = home.run(&["status", "--format", "json"]).ends(0).data;
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["items"][1]["key"], "line 4");
    // They are nothing that a sync could have.
    home.sync(&[]).ends(0);
    home.is_as_rebuilt();
    assert_eq!(home.sql("SELECT count(*) FROM sync_items"), "2");
    fs::write(&file, format!("{header}\n{good}\n")).unwrap();
    home.run(&import).ends(0);
    assert_eq!(home.sql("SELECT count(*) FROM sync_items"), "0");
    let status = home.run(&["status"]).ends(0).data;
    assert!(!status.contains("refused:\n"), "{status}");
}

#[test]
fn status_says_why_a_run_failed() {
    let home = Home::new(empty());
    home.sync(&[]).ends(0);
    home.sim.revoke_tokens();
    Ran::new(anonymous(&home, &["sync"]).output().unwrap()).ends(4);
    let status = home.run(&["status"]).ends(0).data;
    let after = status.split("failed").nth(1).unwrap_or_default();
    let reason = after.lines().nth(1).unwrap_or_default();
    assert!(
        reason.starts_with("    ") && reason.contains("login"),
        "{status}"
    );
}

#[test]
fn a_demo_writes_over_no_foreign_file() {
    let home = Home::new(empty());
    let demo = ["demo", "--members", "1", "--workouts", "1"];
    home.run(&demo).ends(0);
    let file = home.path().join("profiles/demo/warehouse.duckdb");
    let notes = home.path().join("profiles/demo/archive/notes.txt");
    fs::write(&notes, "mine").unwrap();
    let is_refused = || {
        home.run(&demo)
            .ends(1)
            .says("not a warehouse of ours")
            .says(
                "hint: it is not written over: move it away, then run `peloton-looker demo` again",
            );
    };
    fs::write(&file, "my diary").unwrap();
    is_refused();
    assert_eq!(fs::read_to_string(&file).unwrap(), "my diary");
    fs::remove_file(&file).unwrap();
    let theirs = duckdb::Connection::open(&file).unwrap();
    theirs
        .execute_batch("CREATE TABLE theirs(n INTEGER)")
        .unwrap();
    drop(theirs);
    let before = fs::read(&file).unwrap();
    is_refused();
    assert_eq!(fs::read(&file).unwrap(), before);
    fs::remove_file(&file).unwrap();
    home.run(&demo).ends(0);
    assert_eq!(fs::read_to_string(&notes).unwrap(), "mine");
}

#[test]
fn no_rows_are_said_below_the_header() {
    let home = Home::new(small());
    home.sync(&["--me-only"]).ends(0);
    let sql = "SELECT id, title FROM workouts WHERE false";
    let table = home.run(&["sql", sql]).ends(0).data;
    assert!(table.contains("id") && table.contains("title"), "{table}");
    assert!(table.ends_with("\n0 rows\n"), "{table}");
    assert_eq!(
        home.run(&["sql", "--format", "csv", sql]).ends(0).data,
        "id,title\n"
    );
    assert_eq!(
        home.run(&["sql", "--format", "json", sql]).ends(0).data,
        "[]\n"
    );
    let one = home.run(&["sql", "SELECT 1 AS n"]).ends(0).data;
    assert!(!one.contains("rows"), "{one}");
}
