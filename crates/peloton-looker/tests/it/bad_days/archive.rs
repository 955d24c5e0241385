//! An archive of which something is gone, beside a warehouse that was made from it.

use std::fs;
use std::path::{Path, PathBuf};

use peloton_sim::Settings;

use super::first_segment;
use crate::home::{Home, Ran, empty, same, small};

fn import(home: &Home) -> Ran {
    let file = home.path().join("history.csv");
    let text = "Workout Timestamp,Fitness Discipline,Length (minutes),Title\n\
                2019-03-02 07:01 (UTC),Cycling,10,one\n2019-03-09 07:00 (EST),Cycling,10,two\n";
    fs::write(&file, text).unwrap();
    home.run(&["import", file.to_str().unwrap()])
}

/// A home with imported workouts, one that Peloton has deleted, and everything else.
fn full_house() -> Home {
    let home = Home::new(small());
    import(&home).ends(0);
    home.sync(&[]).ends(0);
    let deleted = home.sim.workouts(0)[3].clone();
    home.sim.delete_workout(&deleted);
    home.sync(&["--full"]).ends(0);
    assert_eq!(irreplaceable(&home), "2,1");
    home
}

/// Imported workouts, and such as Peloton has no more.
fn irreplaceable(home: &Home) -> String {
    home.sql("SELECT count(*) FILTER (origin = 'csv'), count(deleted_at) FROM workouts")
}

fn archive(home: &Home) -> PathBuf {
    home.profile().join("archive")
}

fn kept_aside(home: &Home) -> Vec<PathBuf> {
    let files = fs::read_dir(home.profile()).unwrap();
    let files = files.map(|entry| entry.unwrap().path());
    files
        .filter(|path| path.to_str().unwrap().contains("warehouse-as-of-"))
        .collect()
}

fn doctor(home: &Home, code: i32) -> String {
    home.run(&["doctor", "--offline"]).ends(code).data
}

#[test]
fn without_its_archive_the_warehouse_is_not_replaced_by_nothing() {
    let home = full_house();
    let before = home.tables();
    fs::remove_dir_all(archive(&home)).unwrap();
    let found = doctor(&home, 1);
    assert!(
        found.contains("only the warehouse has 36 workouts, 2 imported workouts"),
        "{found}"
    );
    assert!(
        found.contains("segments 1 to 3 of the archive are gone"),
        "{found}"
    );
    assert!(found.contains("--accept-loss"), "{found}");
    let status = home.run(&["status"]).ends(0).data;
    assert!(
        status.contains("Only the warehouse has 36 workouts"),
        "{status}"
    );
    home.run(&["rebuild"])
        .ends(1)
        .says("would lose what the archive can't make any more: 36 workouts, 2 imported workouts")
        .says("hint: put the archive back")
        .says("--accept-loss");
    same(&before, &home.tables());
}

#[test]
fn a_sync_without_the_old_archive_keeps_what_only_the_warehouse_has() {
    let home = full_house();
    let seconds = home.sql("SELECT count(*) FROM workout_stats");
    let before = home.tables();
    fs::remove_dir_all(archive(&home)).unwrap();
    home.sync(&[])
        .ends(0)
        .says("only the warehouse has 36 workouts, 2 imported workouts");
    assert_eq!(irreplaceable(&home), "2,1");
    assert_eq!(home.sql("SELECT count(*) FROM workout_stats"), seconds);
    for table in ["workouts", "workout_stats", "rides", "users"] {
        let one = |tables: &std::collections::BTreeMap<String, String>| {
            let mut rows: Vec<String> = tables[table].lines().map(str::to_owned).collect();
            rows.sort();
            rows
        };
        assert_eq!(one(&before), one(&home.tables()), "{table}");
    }
    // What was fetched again is not alone any more.
    let found = doctor(&home, 1);
    assert!(
        found.contains("only the warehouse has 1 workout, 2 imported workouts"),
        "{found}"
    );
    home.run(&["rebuild"]).ends(1);
    home.sync(&["--full"]).ends(0);
    assert_eq!(irreplaceable(&home), "2,1");
}

#[test]
fn a_loss_that_is_accepted_leaves_the_old_file_beside_the_new_one() {
    let home = full_house();
    fs::remove_dir_all(archive(&home)).unwrap();
    home.sync(&["--full"]).ends(0);
    home.run(&["rebuild", "--accept-loss"])
        .ends(0)
        .says("is kept as");
    assert_eq!(irreplaceable(&home), "0,0");
    assert_eq!(home.sql("SELECT count(*) FROM workouts"), "35");
    let aside = kept_aside(&home);
    let on = format!("duckdb:{}", aside[0].display());
    let ran = home.run(&[
        "sql",
        "--on",
        &on,
        "--format",
        "csv",
        "SELECT count(*) FROM workouts",
    ]);
    assert_eq!(ran.ends(0).data, "count_star()\n38\n");
    // From here on everything is as ever.
    doctor(&home, 0);
    home.is_as_rebuilt();
    assert_eq!(kept_aside(&home), aside);
}

#[test]
fn a_lost_first_segment_is_found_and_nothing_of_it_given_up() {
    let home = full_house();
    fs::remove_file(first_segment(&home)).unwrap();
    let found = doctor(&home, 1);
    assert!(
        found.contains("only the warehouse has 2 imported workouts"),
        "{found}"
    );
    assert!(
        found.contains("segment 1 of the archive is gone"),
        "{found}"
    );
    home.run(&["rebuild"]).ends(1).says("2 imported workouts");
    home.sim.add_workout(0, 1_700_000_000);
    home.sync(&[])
        .ends(0)
        .says("segment 1 of the archive is gone");
    assert_eq!(irreplaceable(&home), "2,1");
    // The same file again is a new import, and makes the archive whole.
    import(&home).ends(0);
    assert_eq!(irreplaceable(&home), "2,1");
    home.sync(&["--full"]).ends(0);
    assert!(doctor(&home, 0).contains("note archive"));
    home.is_as_rebuilt();
    assert_eq!(irreplaceable(&home), "2,1");
}

#[test]
fn a_lost_end_of_the_archive_is_found_too() {
    let home = Home::new(small());
    home.sync(&["--me-only"]).ends(0);
    home.sync(&[]).ends(0);
    let before = home.tables();
    let last = fs::read_dir(archive(&home))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .max();
    fs::remove_file(last.unwrap()).unwrap();
    doctor(&home, 1);
    home.run(&["rebuild"]).ends(1).says("24 workouts");
    home.sync(&["--full"]).ends(0);
    same(&before, &home.tables());
    assert!(doctor(&home, 0).contains("segment 2 of the archive is gone"));
    home.is_as_rebuilt();
}

#[test]
fn an_archive_that_comes_back_is_whole_again() {
    let home = full_house();
    let away = home.path().join("away");
    fs::rename(archive(&home), &away).unwrap();
    home.sync(&[]).ends(0);
    for entry in fs::read_dir(&away).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name();
        let there = archive(&home).join(&name);
        assert!(!Path::exists(&there), "{name:?} is there twice");
        fs::rename(entry.path(), there).unwrap();
    }
    assert!(doctor(&home, 0).contains("no damage"));
    home.is_as_rebuilt();
    assert_eq!(irreplaceable(&home), "2,1");
}

#[test]
fn kept_imports_give_way_to_what_peloton_has_and_to_the_same_file() {
    let mut settings = empty();
    settings.workouts = 1;
    let mut home = Home::new(settings);
    let id = home.sim.workouts(0)[0].clone();
    home.sync(&[]).ends(0);
    let known = home.sql(
        "SELECT strftime(start_ts, '%Y-%m-%d %H:%M') || ' (UTC),' || discipline FROM workouts",
    );
    home.move_house();
    let file = home.path().join("history.csv");
    let header = "Workout Timestamp,Fitness Discipline,Length (minutes),Title\n";
    let odd = "2019-03-02 07:01 (UTC),cycling,10,one\n";
    fs::write(
        &file,
        format!("{header}{},10,twin\n{odd}", known.trim_matches('"')),
    )
    .unwrap();
    home.run(&["import", file.to_str().unwrap()]).ends(0);
    fs::remove_dir_all(archive(&home)).unwrap();
    home.sync(&[]).ends(0);
    let ids = || home.sql("SELECT coalesce(title, ''), origin FROM workouts WHERE origin = 'csv'");
    assert_eq!(ids(), "one,csv");
    let own = home.sim.account().user_id.clone();
    assert_eq!(home.sql("SELECT DISTINCT user_id FROM workouts"), own);
    assert_eq!(
        home.sql(&format!("SELECT count(*) FROM workouts WHERE id = '{id}'")),
        "1"
    );
    home.run(&["import", file.to_str().unwrap()]).ends(0);
    assert_eq!(home.sql("SELECT count(*) FROM workouts"), "2");
    home.is_as_rebuilt();
}

#[test]
fn another_account_is_refused_without_the_archive_too() {
    let home = full_house();
    fs::remove_dir_all(archive(&home)).unwrap();
    let other = Home::new(Settings {
        seed: 99,
        ..empty()
    });
    let mut command = other.command(&["sync", "--rate", "0"]);
    command.env("PELOTON_LOOKER_HOME", home.path());
    fs::remove_file(home.profile().join("credentials.toml")).unwrap();
    Ran::new(command.output().unwrap())
        .ends(1)
        .says("holds the data of");
}

#[test]
fn damage_that_a_full_sync_has_mended_is_a_note() {
    let home = Home::new(small());
    home.sync(&["--me-only"]).ends(0);
    home.sync(&[]).ends(0);
    let undisturbed = home.tables();
    let segment = first_segment(&home);
    let mut bytes = fs::read(&segment).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 0xff;
    fs::write(&segment, &bytes).unwrap();
    doctor(&home, 1);
    // Neither an ordinary sync nor that of one member proves anything.
    home.sync(&[]).ends(0).says("damaged between bytes");
    home.sync(&["--full", "--me-only"])
        .ends(0)
        .says("damaged between bytes");
    doctor(&home, 1);
    home.sync(&["--full"]).ends(0).says("damaged between bytes");
    same(&undisturbed, &home.tables());
    assert!(doctor(&home, 0).contains("note archive"));
    let status = home.run(&["status"]).ends(0).data;
    assert!(status.contains("Mended: "), "{status}");
    assert!(!status.contains("Damage: "), "{status}");
    let sync = home.sync(&[]).ends(0);
    assert!(!sync.talk.contains("damaged"), "{}", sync.talk);
    // Another place is another damage.
    let segments = fs::read_dir(archive(&home)).unwrap();
    let other = segments.map(|entry| entry.unwrap().path()).max().unwrap();
    let good = fs::read(&other).unwrap();
    fs::write(&other, [b"nothing of ours", &good[..]].concat()).unwrap();
    doctor(&home, 1);
}
