//! Whose copy a place holds, and whether it is whole.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::{add, synced, three_minutes};
use crate::fields::w;
use crate::home::{Home, Ran, empty};

/// A home with workouts of three months; its folder of Parquet files is published.
fn published() -> (Home, PathBuf) {
    let home = three_minutes(1);
    let out = home.path().join("out");
    home.run(&["publish", &target(&out)]).ends(0);
    (home, out)
}

fn target(folder: &Path) -> String {
    format!("parquet:{}", folder.display())
}

fn ask(home: &Home, folder: &Path, sql: &str) -> Ran {
    home.run(&["sql", "--on", &target(folder), "--format", "csv", sql])
}

const SECONDS: &str = "SELECT count(*) FROM workout_stats";
const WORKOUTS: &str = "SELECT count(*) FROM workouts";

fn month(folder: &Path, month: &str) -> PathBuf {
    folder.join(format!("workout_stats/month={month}/workout_stats.parquet"))
}

/// Another account in a profile of the same home.
fn other_account(home: &Home, profile: &str) -> Home {
    let other = Home::new(peloton_sim::Settings { seed: 2, ..empty() });
    add(&other, w("another").at(1_768_500_000).length(60));
    let account = other.sim.account();
    let mut command = home.command(&["sync", "--rate", "0", "--profile", profile]);
    command
        .env("PELOTON_API_URL", other.sim.api_url())
        .env("PELOTON_AUTH_URL", other.sim.auth_url())
        .env("PELOTON_USERNAME", &account.username)
        .env("PELOTON_PASSWORD", &account.password);
    Ran::new(command.output().unwrap()).ends(0);
    other
}

#[test]
fn a_copy_of_another_account_is_not_replaced_without_a_word() {
    let (home, out) = published();
    let _bo = other_account(&home, "bo");
    let publish = |arguments: &[&str]| {
        let target = target(&out);
        home.run(&[&["publish", "--profile", "bo", &target], arguments].concat())
    };
    for arguments in [&[][..], &["--full"], &["--dry-run"]] {
        publish(arguments)
            .ends(1)
            .says("another account")
            .says("[profiles.NAME]");
    }
    assert_eq!(ask(&home, &out, WORKOUTS).ends(0).data, "count_star()\n3\n");
    let ran = home.run(&["doctor", "--offline", "--profile", "bo"]);
    assert!(!ran.data.contains("another account"), "{}", ran.data);
    publish(&["--replace"]).ends(0);
    assert_eq!(ask(&home, &out, WORKOUTS).ends(0).data, "count_star()\n1\n");
    home.run(&["publish", &target(&out)]).ends(1);
    home.run(&["publish", &target(&out), "--replace"]).ends(0);
    home.run(&["publish", &target(&out)]).ends(0);
}

#[test]
fn each_profile_may_have_targets_of_its_own() {
    let (home, out) = published();
    let other = home.path().join("of bo");
    let settings = format!(
        "publish = [\"{}\"]\n[profiles.bo]\npublish = [\"{}\"]\n",
        target(&out),
        target(&other)
    );
    fs::write(home.path().join("config.toml"), settings).unwrap();
    let _bo = other_account(&home, "bo");
    assert_eq!(
        ask(&home, &other, WORKOUTS).ends(0).data,
        "count_star()\n1\n"
    );
    home.sync(&[]).ends(0);
    assert_eq!(ask(&home, &out, WORKOUTS).ends(0).data, "count_star()\n3\n");
}

/// What an older version left: files, and no list of them.
#[test]
fn a_copy_that_says_not_whose_it_is_becomes_that_of_who_publishes() {
    let (home, out) = published();
    let _bo = other_account(&home, "bo");
    fs::remove_file(out.join("published.json")).unwrap();
    ask(&home, &out, SECONDS)
        .ends(1)
        .says("peloton-looker publish");
    let ran = home.run(&["publish", &target(&out)]).ends(0);
    assert!(ran.talk.contains("Nothing to publish"), "{}", ran.talk);
    ask(&home, &out, SECONDS).ends(0);
    home.run(&["publish", "--profile", "bo", &target(&out)])
        .ends(1);
}

#[test]
fn a_month_that_is_missing_or_another_is_not_counted() {
    let (home, out) = published();
    fs::remove_dir_all(month(&out, "2026-02").parent().unwrap()).unwrap();
    let ran = ask(&home, &out, SECONDS).ends(1);
    ran.says("is missing").says("peloton-looker publish");
    // What is whole can be asked.
    assert_eq!(ask(&home, &out, WORKOUTS).ends(0).data, "count_star()\n3\n");
    let said = home.run(&["doctor", "--offline"]).data;
    assert!(said.contains("is missing"), "{said}");
    let said = home.run(&["status"]).ends(0).data;
    assert!(
        said.contains("is missing") && !said.contains("up to date"),
        "{said}"
    );
    home.run(&["publish", &target(&out)]).ends(0);
    fs::copy(month(&out, "2026-01"), month(&out, "2026-02")).unwrap();
    ask(&home, &out, SECONDS)
        .ends(1)
        .says("other rows than were published");
    home.run(&["publish", &target(&out)]).ends(0);
    assert_eq!(
        ask(&home, &out, SECONDS).ends(0).data,
        "count_star()\n180\n"
    );
}

#[test]
fn a_folder_that_was_deleted_is_not_up_to_date() {
    let (home, out) = published();
    fs::remove_dir_all(&out).unwrap();
    let said = home.run(&["status"]).ends(0).data;
    assert!(!said.contains("up to date"), "{said}");
    assert!(said.contains("out` is missing"), "{said}");
}

/// Kills a publication once a file has changed or come.
fn kill(home: &Home, folder: &Path, file: &str) {
    let file = folder.join(file);
    let written = || fs::metadata(&file).and_then(|file| file.modified()).ok();
    let before = written();
    let mut child = home.command(&["publish", &target(folder)]).spawn().unwrap();
    let begun = Instant::now();
    while written() == before {
        assert!(begun.elapsed() < Duration::from_secs(60));
        std::thread::yield_now();
    }
    child.kill().unwrap();
    child.wait().unwrap();
}

#[test]
fn a_first_publication_beside_an_older_file_that_was_killed_is_no_copy() {
    let home = synced();
    let out = home.path().join("out");
    home.run(&["publish", &target(&out)]).ends(0);
    let kept = fs::read(out.join("follows/follows.parquet")).unwrap();
    fs::remove_dir_all(&out).unwrap();
    fs::create_dir_all(out.join("follows")).unwrap();
    fs::write(out.join("follows/follows.parquet"), kept).unwrap();
    kill(&home, &out, "workouts/workouts.parquet");
    ask(&home, &out, WORKOUTS).ends(1);
    ask(&home, &out, SECONDS).ends(1);
    home.run(&["publish", &target(&out)]).ends(0);
    ask(&home, &out, SECONDS).ends(0);
}

#[test]
fn a_later_publication_that_was_killed_gives_no_mixture() {
    let home = synced();
    let out = home.path().join("out");
    home.run(&["publish", &target(&out)]).ends(0);
    let newest = home.sql("SELECT max(start_time) FROM workouts");
    home.sim
        .add_workout(0, newest.parse::<i64>().unwrap() + 7_200);
    home.sync(&[]).ends(0);
    kill(&home, &out, "workouts/workouts.parquet");
    let sql = "SELECT count(*) FROM workouts AS w JOIN workout_stats AS s ON s.workout_id = w.id";
    for sql in [
        sql,
        "SELECT count(*) FROM workout_stats WHERE workout_id NOT IN (SELECT id FROM workouts)",
        "SELECT count(*) FROM workouts WHERE title = 'nothing'",
    ] {
        ask(&home, &out, sql).ends(1).says("`workouts`");
    }
    home.run(&["publish", &target(&out)]).ends(0);
    let answer = format!("count_star()\n{}\n", home.sql(sql));
    assert_eq!(ask(&home, &out, sql).ends(0).data, answer);
}

#[test]
fn a_file_of_somebody_else_stays_and_costs_its_table_alone() {
    let home = synced();
    let out = home.path().join("out");
    let file = out.join("workouts/workouts.parquet");
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(&file, "my notes").unwrap();
    let ran = home.run(&["publish", "--dry-run", &target(&out)]).ends(0);
    ran.says("another program wrote it");
    let ran = home.run(&["publish", &target(&out)]).ends(3);
    ran.says("`workouts` was not published")
        .says("move it away");
    assert_eq!(fs::read(&file).unwrap(), b"my notes");
    ask(&home, &out, SECONDS).ends(0);
    ask(&home, &out, WORKOUTS).ends(1);
    fs::remove_file(&file).unwrap();
    home.run(&["publish", &target(&out)]).ends(0);
    ask(&home, &out, WORKOUTS).ends(0);
}

/// The footer is sound, what it speaks of is not.
#[test]
fn a_file_that_was_damaged_inside_is_named_and_mended() {
    let (home, out) = published();
    let file = month(&out, "2026-02");
    let mut bytes = fs::read(&file).unwrap();
    let half = bytes.len() / 4;
    bytes[4..half].fill(0);
    fs::write(&file, &bytes).unwrap();
    let sum = "SELECT sum(output), count(DISTINCT workout_id) FROM workout_stats";
    let ran = ask(&home, &out, sum).ends(1);
    ran.says("is damaged").says("peloton-looker publish");
    home.run(&["publish", &target(&out)]).ends(0);
    assert!(fs::read(&file).unwrap() != bytes);
    ask(&home, &out, sum).ends(0);
}
