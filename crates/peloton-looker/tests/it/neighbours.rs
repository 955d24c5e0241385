//! Other programs that have the warehouse open, or died while they had: nothing of ours and nothing of
//! theirs gets lost.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crate::home::{Home, Ran, same, small};

/// The other program: this test binary, started again to run the one test that is none.
struct Neighbour(Child);

impl Neighbour {
    /// Opens the warehouse for writing, runs the statements, and keeps the file open.
    fn opens(home: &Home, sql: &str) -> Self {
        let ready = home.path().join("ready");
        let _ = fs::remove_file(&ready);
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "--ignored", "neighbours::the_other_program"])
            .env("NEIGHBOUR_FILE", file(home))
            .env("NEIGHBOUR_SQL", sql)
            .env("NEIGHBOUR_READY", &ready)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        while !ready.exists() {
            assert!(child.try_wait().unwrap().is_none(), "it ended early");
            std::thread::sleep(Duration::from_millis(5));
        }
        Self(child)
    }

    fn dies(mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }

    fn closes_the_file(mut self) {
        drop(self.0.stdin.take());
        assert!(self.0.wait().unwrap().success());
    }
}

#[test]
#[ignore = "it is the other program, which the tests of this file start"]
fn the_other_program() {
    let variable = |name: &str| std::env::var_os(name).map(PathBuf::from);
    let path = variable("NEIGHBOUR_FILE").expect("it is started by another test");
    let connection = duckdb::Connection::open(path).unwrap();
    connection
        .execute_batch(&std::env::var("NEIGHBOUR_SQL").unwrap())
        .unwrap();
    fs::write(variable("NEIGHBOUR_READY").unwrap(), "").unwrap();
    let _ = std::io::stdin().read_line(&mut String::new());
}

fn file(home: &Home) -> PathBuf {
    home.profile().join("warehouse.duckdb")
}

/// The tables of a fresh home that was built from a copy of this archive.
fn fresh(home: &mut Home) -> std::collections::BTreeMap<String, String> {
    let archive = home.profile().join("archive");
    let kept = tempfile::tempdir().unwrap();
    copy_folder(&archive, kept.path());
    let old = home.move_house();
    copy_folder(kept.path(), &home.profile().join("archive"));
    home.run(&["rebuild"]).ends(0);
    let tables = home.tables();
    home.move_back(old);
    tables
}

fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        fs::copy(&path, to.join(path.file_name().unwrap())).unwrap();
    }
}

const DAMAGE: &str = "CREATE VIEW mine AS SELECT 1 AS n; DELETE FROM workout_zones; \
    DELETE FROM ftp_history; UPDATE users SET access = 'gone'";

#[test]
fn f30_the_journal_of_a_dead_program_is_not_married_to_a_rebuilt_file() {
    let mut home = Home::new(small());
    home.sync(&[]).ends(0);
    Neighbour::opens(&home, DAMAGE).dies();
    let journal = home.profile().join("warehouse.duckdb.wal");
    assert!(journal.exists());
    let ran = home.run(&["rebuild"]).ends(0).says("journal");
    assert!(ran.talk.contains("foreign-journal"), "{}", ran.talk);
    assert!(!journal.exists());
    assert_eq!(home.sql("SELECT n FROM mine"), "1");
    let rebuilt = home.tables();
    same(&rebuilt, &fresh(&mut home));
}

#[test]
fn f30_the_journal_of_a_dead_program_is_not_married_to_the_file_of_a_sync() {
    let mut home = Home::new(small());
    home.sync(&[]).ends(0);
    Neighbour::opens(&home, DAMAGE).dies();
    home.sim.add_workout(0, 1_789_998_000);
    home.sync(&[]).ends(0).says("`mine`");
    assert!(!home.profile().join("warehouse.duckdb.wal").exists());
    let synced = home.tables();
    same(&synced, &fresh(&mut home));
}

#[test]
fn readers_are_not_misled_by_the_journal_of_a_dead_program() {
    let home = Home::new(small());
    home.sync(&[]).ends(0);
    let before = home.tables();
    Neighbour::opens(&home, DAMAGE).dies();
    same(&home.tables(), &before);
}

#[test]
fn a_load_waits_for_a_program_that_writes_and_says_who_it_is() {
    let home = Home::new(small());
    home.sync(&[]).ends(0);
    let id = home.sim.add_workout(0, 1_789_998_000);
    let neighbour = Neighbour::opens(&home, "CREATE TABLE mine AS SELECT 7 AS n");
    let pid = neighbour.0.id().to_string();
    let mut command = home.command(&["sync", "--rate", "0"]);
    let mut sync = command
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut talk = BufReader::new(sync.stderr.take().unwrap()).lines();
    let waiting = talk.find_map(|line| line.ok().filter(|line| line.contains("waiting")));
    let waiting = waiting.expect("it says that it waits");
    assert!(waiting.contains(&pid), "{waiting}");
    let is_loading = |line: &String| line.contains("Loading the warehouse");
    assert!(talk.any(|line| is_loading(&line.unwrap())));
    // Fetching goes on without the warehouse.
    let requests = home.sim.requests();
    let graph = format!("{id}/performance_graph");
    assert!(requests.iter().any(|logged| logged.path.contains(&graph)));
    neighbour.closes_the_file();
    for _ in talk {}
    assert!(sync.wait().unwrap().success());
    assert_eq!(
        home.sql(&format!("SELECT count(*) FROM workouts WHERE id = '{id}'")),
        "1"
    );
    assert_eq!(home.sql("SELECT n FROM mine"), "7");
}

#[test]
fn a_load_that_is_interrupted_is_no_complete_sync() {
    for format in ["json", "text"] {
        let home = Home::new(small());
        home.sync(&[]).ends(0);
        home.sim.add_workout(0, 1_789_998_000);
        let neighbour = Neighbour::opens(&home, "SELECT 1");
        let mut sync = home.command(&["sync", "--rate", "0", "--format", format]);
        let mut sync = sync
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut talk = BufReader::new(sync.stderr.take().unwrap()).lines();
        let waiting = talk.find(|line| line.as_ref().is_ok_and(|line| line.contains("waiting")));
        assert!(waiting.is_some(), "it says that it waits");
        let pressed = Command::new("kill")
            .args(["-INT", &sync.id().to_string()])
            .status();
        assert!(pressed.unwrap().success());
        let talk: String = talk.map_while(Result::ok).collect();
        let ran = Ran::new(sync.wait_with_output().unwrap()).ends(130);
        neighbour.closes_the_file();
        if format == "json" {
            let summary: serde_json::Value = serde_json::from_str(&ran.data).unwrap();
            assert_eq!(summary["ending"], "interrupted");
            assert_ne!(summary["seconds"], 0);
        } else {
            assert!(talk.contains("Interrupted after 1 workout"), "{talk}");
            assert!(!talk.contains(" 0 seconds"), "{talk}");
        }
        home.sync(&[]).ends(0).says("Loaded 1 workout, ");
        home.sync(&[]).ends(0).says("Nothing new");
    }
}

#[test]
fn commands_that_read_say_who_keeps_the_file() {
    let home = Home::new(small());
    home.sync(&[]).ends(0);
    let neighbour = Neighbour::opens(&home, "SELECT 1");
    let pid = neighbour.0.id().to_string();
    for arguments in [
        &["sql", "SELECT 1"][..],
        &["status"],
        &["doctor", "--offline"],
    ] {
        let ran = home.run(arguments).ends(1);
        let said = format!("{}{}", ran.data, ran.talk);
        assert!(said.contains(&pid), "{arguments:?}: {said}");
    }
    neighbour.closes_the_file();
    home.run(&["status"]).ends(0);
}

#[test]
fn another_program_can_not_write_while_a_load_takes_the_place_of_the_file() {
    let home = Home::new(small());
    home.sync(&[]).ends(0);
    // Whatever it gets in edgeways is in the file afterwards.
    let done = AtomicBool::new(false);
    let written = std::thread::scope(|scope| {
        let _done = Done(&done);
        let writer = scope.spawn(|| {
            let mut written = 0;
            while !done.load(Ordering::Relaxed) {
                let Ok(connection) = duckdb::Connection::open(file(&home)) else {
                    continue;
                };
                let sql = "CREATE TABLE IF NOT EXISTS mine(n INTEGER); INSERT INTO mine VALUES (1)";
                if connection.execute_batch(sql).is_ok() && connection.close().is_ok() {
                    written += 1;
                }
                std::thread::sleep(Duration::from_millis(150));
            }
            written
        });
        for _ in 0..5 {
            home.run(&["rebuild"]).ends(0);
        }
        done.store(true, Ordering::Relaxed);
        writer.join().unwrap()
    });
    assert!(written > 0);
    assert_eq!(home.sql("SELECT count(*) FROM mine"), written.to_string());
}

struct Done<'a>(&'a AtomicBool);

impl Drop for Done<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

fn reader(home: &Home) -> duckdb::Connection {
    let config = duckdb::Config::default().access_mode(duckdb::AccessMode::ReadOnly);
    duckdb::Connection::open_with_flags(file(home), config.unwrap()).unwrap()
}

/// Workouts, and the seconds by both tables that know of them.
fn seen(reader: &duckdb::Connection) -> (i64, i64, i64) {
    let sql = "SELECT (SELECT count(*) FROM workouts), \
        (SELECT sum(seconds_recorded)::BIGINT FROM workouts), (SELECT count(*) FROM workout_stats)";
    reader
        .query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .unwrap()
}

#[test]
fn a_reader_that_asks_without_pause_is_never_shut_out_and_never_sees_half_a_load() {
    let home = Home::new(small());
    home.sync(&["--me-only"]).ends(0);
    let patient = reader(&home);
    let before = seen(&patient);
    let done = AtomicBool::new(false);
    let counts = std::thread::scope(|scope| {
        // Also where a sync fails: else nobody would end the reader.
        let end = Done(&done);
        let asking = scope.spawn(|| {
            let mut counts = Vec::new();
            while !done.load(Ordering::Relaxed) {
                let (workouts, recorded, stats) = seen(&reader(&home));
                assert_eq!(recorded, stats, "half a load of {workouts} workouts");
                counts.push(workouts);
            }
            counts
        });
        home.sync(&[]).ends(0);
        for day in 0..4 {
            home.sim.add_workout(0, 1_789_990_000 + day * 1_000);
            home.sync(&[]).ends(0);
        }
        home.run(&["rebuild"]).ends(0);
        drop(end);
        asking.join().unwrap()
    });
    assert!(counts.is_sorted(), "{counts:?}");
    let mut distinct = counts.clone();
    distinct.dedup();
    assert!(distinct.len() > 3 && counts.len() > 20, "{counts:?}");
    // Who keeps the file open goes on with what it was.
    assert_eq!(seen(&patient), before);
    assert_eq!(home.sql("SELECT count(*) FROM workouts"), "40");
}
