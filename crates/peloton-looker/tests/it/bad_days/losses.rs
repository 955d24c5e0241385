//! A part of the archive is lost, and Peloton or the person gives back only some of it: whatever a command does then,
//! no table has less than before.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use peloton_sim::{Poison, Settings};
use serde_json::Value;

use crate::home::{Home, Ran, small};

type Tables = BTreeMap<String, String>;

/// Of what is not asked with every run: newer now than when the archive was whole.
const MOVING: [&str; 4] = [
    "follows.category",
    "follows.me_to_user",
    "follows.is_profile_private",
    "users.is_profile_private",
];

/// A home after two syncs: with a workout that Peloton has deleted, and a member who is unfollowed.
fn lived_in() -> Home {
    let home = Home::new(Settings {
        members: 4,
        ..small()
    });
    home.sync(&[]).ends(0);
    home.sim.delete_workout(&home.sim.workouts(0)[3].clone());
    home.sim.set_followed(3, false);
    home.sync(&["--full"]).ends(0);
    assert_eq!(notes(&home), "1,1");
    home
}

/// Tombstones, and members who are unfollowed.
fn notes(home: &Home) -> String {
    home.sql(
        "SELECT (SELECT count(deleted_at) FROM workouts), \
         (SELECT count(*) FROM users WHERE relation = 'unfollowed')",
    )
}

/// Rows in no order, but for columns that may differ.
fn rows(table: &str, name: &str, without: &[&str]) -> BTreeSet<String> {
    let mut lines = table.lines().map(|line| line.split('\u{1f}'));
    let header: Vec<&str> = lines.next().unwrap().collect();
    let is_compared = |at: usize| {
        let column = format!("{name}.{}", header[at]);
        !without.contains(&column.as_str()) && !MOVING.contains(&column.as_str())
    };
    let row = |cells: std::str::Split<'_, char>| {
        let cells = cells.enumerate().filter(|(at, _)| is_compared(*at));
        cells.map(|(_, cell)| cell).collect::<Vec<_>>().join("|")
    };
    lines.map(row).collect()
}

#[track_caller]
fn has_all(home: &Home, before: &Tables, without: &[&str]) {
    let after = home.tables();
    assert!(before.len() > 15);
    for (name, table) in before {
        let (had, has) = (
            rows(table, name, without),
            rows(&after[name], name, without),
        );
        let lost: Vec<&String> = had.difference(&has).collect();
        assert!(lost.is_empty(), "`{name}` lost {lost:#?} of {has:#?}");
    }
}

fn archive(home: &Home) -> PathBuf {
    home.profile().join("archive")
}

fn segments(folder: &Path) -> Vec<PathBuf> {
    let files = fs::read_dir(folder).unwrap();
    let mut files: Vec<PathBuf> = files.map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

fn lose_archive(home: &Home) {
    fs::remove_dir_all(archive(home)).unwrap();
}

/// Takes out of all segments what is of these endpoints.
fn lose_answers(home: &Home, endpoints: &[&str]) {
    let mut lost = 0;
    for path in segments(&archive(home)) {
        let bytes = zstd::decode_all(fs::File::open(&path).unwrap()).unwrap();
        let text = String::from_utf8(bytes).unwrap();
        let is_kept = |line: &&str| {
            let line: Value = serde_json::from_str(line).unwrap();
            !endpoints.contains(&line["endpoint"].as_str().unwrap())
        };
        let kept: Vec<&str> = text.lines().filter(is_kept).collect();
        lost += text.lines().count() - kept.len();
        let kept: String = kept.iter().map(|line| format!("{line}\n")).collect();
        fs::write(&path, zstd::encode_all(kept.as_bytes(), 3).unwrap()).unwrap();
    }
    assert!(lost > 0);
}

fn put_back(home: &Home, away: &Path) {
    for path in segments(away) {
        let there = archive(home).join(path.file_name().unwrap());
        assert!(!there.exists(), "{} is there twice", there.display());
        fs::rename(path, there).unwrap();
    }
}

fn doctor(home: &Home, code: i32) -> String {
    home.run(&["doctor", "--offline"]).ends(code).data
}

/// Everything about a member is refused from now on.
fn close(home: &Home, member: usize) {
    let (id, _) = home.sim.member(member);
    for part in ["workouts", "overview", "achievements", "calendar"] {
        home.sim
            .poison(&format!("{id}/{part}"), Poison::Status(403));
    }
}

#[test]
fn a_member_who_closed_the_lists_keeps_what_was_known() {
    let home = lived_in();
    let before = home.tables();
    lose_archive(&home);
    close(&home, 1);
    let code = home.sync(&[]).code;
    assert!([0, 3].contains(&code), "{code}");
    has_all(&home, &before, &["users.access"]);
    let (id, _) = home.sim.member(1);
    let access = format!("SELECT access FROM users WHERE id = '{id}'");
    assert_eq!(home.sql(&access), "private");
    home.run(&["rebuild"]).ends(1).says("would lose");
    has_all(&home, &before, &["users.access"]);
}

#[test]
fn what_the_own_account_is_refused_is_kept() {
    let home = lived_in();
    let before = home.tables();
    lose_archive(&home);
    let id = home.sim.account().user_id.clone();
    for part in ["overview", "settings", "challenges"] {
        home.sim
            .poison(&format!("{id}/{part}"), Poison::Status(403));
    }
    home.sync(&[]).ends(3);
    has_all(&home, &before, &[]);
}

#[test]
fn ctrl_c_after_a_loss_takes_nothing_away() {
    let home = Home::new(Settings {
        members: 4,
        latency: Duration::from_millis(20),
        ..small()
    });
    home.sync(&[]).ends(0);
    home.sim.set_followed(3, false);
    home.sim.set_private(2, true);
    home.sync(&["--full"]).ends(0);
    let before = home.tables();
    lose_archive(&home);
    let mut command = home.command(&["sync", "--rate", "20", "--concurrency", "1"]);
    let mut child = command.stderr(Stdio::piped()).spawn().unwrap();
    let asked = home.requests();
    while home.requests() < asked + 25 {
        std::thread::sleep(Duration::from_millis(5));
    }
    let pid = child.id().to_string();
    let killed = std::process::Command::new("kill")
        .args(["-INT", &pid])
        .status();
    assert!(killed.unwrap().success());
    assert_eq!(child.wait().unwrap().code(), Some(130));
    has_all(&home, &before, &[]);
    home.sync(&[]).ends(0);
    has_all(&home, &before, &[]);
}

#[test]
fn a_sync_of_the_own_account_leaves_the_lists_of_others() {
    let home = lived_in();
    let before = home.tables();
    lose_archive(&home);
    home.sync(&["--me-only"]).ends(0);
    has_all(&home, &before, &[]);
}

#[test]
fn the_catalog_survives_an_answer_that_fails() {
    let home = lived_in();
    let before = home.tables();
    lose_archive(&home);
    home.sim.poison("metadata_mappings", Poison::Status(403));
    home.sync(&[]).ends(3);
    has_all(&home, &before, &[]);
}

#[test]
fn a_rebuild_counts_every_table() {
    let home = lived_in();
    let before = home.tables();
    lose_answers(
        &home,
        &[
            "user",
            "user/overview",
            "user/challenges/current",
            "user/challenges/past",
            "user/settings",
            "user/calendar",
            "user/achievements",
            "user/followers",
            "metadata_mappings",
        ],
    );
    let refused = home.run(&["rebuild"]).ends(1).says("would lose");
    for table in ["catalog", "follows", "member"] {
        assert!(refused.talk.contains(table), "{}", refused.talk);
    }
    has_all(&home, &before, &[]);
    doctor(&home, 1);
    home.sync(&[]).ends(0);
    has_all(&home, &before, &[]);
    home.sync(&["--full"]).ends(0);
    has_all(&home, &before, &[]);
    // Whoever is unfollowed is not asked for any more.
    home.run(&["rebuild"])
        .ends(1)
        .says("would lose what the archive can't make any more: 1 member\n");
    assert!(doctor(&home, 1).contains("only the warehouse has 1 member:"));
    home.run(&["rebuild", "--accept-loss"])
        .ends(0)
        .says("is kept as");
    doctor(&home, 0);
    home.is_as_rebuilt();
}

#[test]
fn what_only_notes_said_is_no_less() {
    let home = lived_in();
    let before = home.tables();
    lose_answers(&home, &["missing", "unfollowed"]);
    home.run(&["rebuild"])
        .ends(1)
        .says("would lose what the archive can't make any more: 1 workout, 1 member");
    has_all(&home, &before, &[]);
    home.sync(&[]).ends(0);
    // Found out once more, it has another time.
    has_all(&home, &before, &["workouts.deleted_at"]);
    assert_eq!(notes(&home), "1,1");
    // Whole lists find out again what they do not show.
    home.sync(&["--full"]).ends(0);
    assert_eq!(notes(&home), "1,1");
    home.is_as_rebuilt();
    assert_eq!(notes(&home), "1,1");
}

#[test]
fn what_comes_back_after_its_note_was_lost_is_there_again() {
    let home = lived_in();
    let deleted = home.sql("SELECT id FROM workouts WHERE deleted_at IS NOT NULL");
    lose_answers(&home, &["missing", "unfollowed"]);
    home.sim.restore_workout(&deleted);
    home.sim.set_followed(3, true);
    home.sync(&["--full"]).ends(0);
    assert_eq!(notes(&home), "0,0");
    home.is_as_rebuilt();
}

#[test]
fn an_old_answer_never_takes_the_place_of_a_newer_one_that_was_lost() {
    let home = Home::new(small());
    home.sync(&[]).ends(0);
    let id = home.sim.workouts(0)[2].clone();
    home.sim
        .edit_workout(&id, serde_json::json!({"total_work": 4_321.0}));
    home.sync(&[]).ends(0);
    let before = home.tables();
    fs::remove_file(segments(&archive(&home)).pop().unwrap()).unwrap();
    home.sim.poison(&id, Poison::Status(404));
    home.sim.add_workout(0, 1_700_000_000);
    home.sync(&["--me-only"]);
    let work = format!("SELECT total_work::BIGINT FROM workouts WHERE id = '{id}'");
    assert_eq!(home.sql(&work), "4321");
    has_all(&home, &before, &["users.total_workouts"]);
}

#[test]
fn a_copy_that_is_put_back_after_an_accepted_loss_is_loaded() {
    let home = lived_in();
    let before = home.tables();
    let away = home.path().join("away");
    fs::rename(archive(&home), &away).unwrap();
    home.run(&["rebuild", "--accept-loss"]).ends(0);
    assert_eq!(home.sql("SELECT count(*) FROM workouts"), "0");
    home.sync(&["--me-only"]).ends(0);
    put_back(&home, &away);
    home.sync(&[]).ends(0);
    has_all(&home, &before, &[]);
    assert!(doctor(&home, 0).contains("no damage"));
    home.is_as_rebuilt();
}

#[test]
fn two_archives_that_began_with_the_same_number_are_one() {
    let home = lived_in();
    let before = home.tables();
    let away = home.path().join("away");
    fs::rename(archive(&home), &away).unwrap();
    fs::remove_file(home.profile().join("warehouse.duckdb")).unwrap();
    // Names tell the second.
    std::thread::sleep(Duration::from_millis(1_100));
    home.sync(&["--me-only"]).ends(0);
    put_back(&home, &away);
    let names = segments(&archive(&home));
    let first = names.iter().filter(|path| {
        let name = path.file_name().unwrap().to_str().unwrap();
        name.starts_with("000001-")
    });
    assert_eq!(first.count(), 2);
    home.sync(&[]).ends(0);
    has_all(&home, &before, &[]);
    assert!(doctor(&home, 0).contains("no damage"));
    home.is_as_rebuilt();
    // Of two with one number, one may be lost.
    fs::remove_file(&names[0]).unwrap();
    assert!(doctor(&home, 1).contains("is gone"));
    home.sync(&[]).ends(0);
    has_all(&home, &before, &[]);
}

#[test]
fn a_segment_that_was_cut_is_named_and_takes_nothing_away() {
    let home = lived_in();
    let before = home.tables();
    let first = segments(&archive(&home)).swap_remove(0);
    fs::write(&first, b"").unwrap();
    assert!(doctor(&home, 1).contains("ends at byte 0, and went on to byte"));
    home.run(&["rebuild"]).ends(1).says("would lose");
    home.sync(&[]).ends(0);
    has_all(&home, &before, &[]);
}

#[test]
fn a_table_that_somebody_dropped_is_made_again_by_a_rebuild() {
    let home = lived_in();
    let before = home.tables();
    let write = |sql: &str| {
        let file = home.profile().join("warehouse.duckdb");
        let connection = duckdb::Connection::open(file).unwrap();
        connection.execute_batch(sql).unwrap();
    };
    write("DROP TABLE main.instructors");
    let found = doctor(&home, 1);
    assert!(found.contains("lacks our table `instructors`"), "{found}");
    home.sync(&[]).ends(1).says("peloton-looker rebuild");
    home.run(&["rebuild"]).ends(0);
    has_all(&home, &before, &[]);
    write("UPDATE state.meta SET schema_version = 0");
    let found = doctor(&home, 1);
    assert!(found.contains("bad  warehouse"), "{found}");
    assert!(found.contains("peloton-looker rebuild"), "{found}");
    let asked = home.requests();
    home.sync(&[]).ends(1).says("peloton-looker rebuild");
    assert_eq!(home.requests(), asked);
    let away = home.path().join("away");
    fs::rename(archive(&home), &away).unwrap();
    let refused: Ran = home.sync(&[]).ends(1).says("rebuild --accept-loss");
    assert!(
        !refused.talk.contains("archive has everything"),
        "{}",
        refused.talk
    );
    home.run(&["rebuild"]).ends(1).says("rebuild --accept-loss");
    home.run(&["rebuild", "--accept-loss"])
        .ends(0)
        .says("is kept as");
    home.sync(&[]).ends(0);
    doctor(&home, 0);
}
