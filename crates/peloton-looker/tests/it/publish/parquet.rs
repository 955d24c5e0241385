//! A folder of Parquet files, read by those who read Parquet.

use std::fs;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use arrow::array::{AsArray, RecordBatch};
use arrow::datatypes::Int32Type;
use arrow::error::ArrowError;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::basic::Encoding;
use serde_json::json;

use super::{add, for_duckdb, queries, script, summary, synced};
use crate::fields::{Workout, w};
use crate::home::{Home, Ran, empty};

struct Folder {
    home: Home,
}

impl Folder {
    fn new(home: Home) -> Self {
        let folder = Self { home };
        folder.publish(&[]).ends(0);
        folder
    }

    fn path(&self) -> PathBuf {
        self.home.path().join("out")
    }

    fn target(&self) -> String {
        format!("parquet:{}", self.path().display())
    }

    fn publish(&self, arguments: &[&str]) -> Ran {
        let target = self.target();
        let command = ["publish", &target, "--format", "json"];
        self.home.run(&[&command, arguments].concat())
    }

    fn units(&self) -> u64 {
        let ran = self.publish(&[]).ends(0);
        summary(&ran)["units"].as_u64().unwrap()
    }

    fn sql(&self, sql: &str) -> String {
        let ran = self
            .home
            .run(&["sql", "--on", &self.target(), "--format", "csv", sql]);
        assert_eq!(ran.code, 0, "{sql}\n{}", ran.talk);
        ran.data.split_once('\n').unwrap().1.trim_end().to_owned()
    }
}

#[test]
fn duckdb_pandas_and_polars_read_the_folder() {
    let folder = Folder::new(synced());
    if super::python().is_none() {
        return;
    }
    let said = script(
        "read_parquet.py",
        &[
            folder.path().to_str().unwrap(),
            &super::warehouse(&folder.home),
        ],
        &[],
    );
    assert!(said.starts_with("22 tables"), "{said}");
}

#[test]
fn queries_have_equal_answers_on_the_folder() {
    let folder = Folder::new(synced());
    assert!(queries().len() >= 40);
    for sql in queries().into_iter().map(for_duckdb) {
        assert_eq!(folder.sql(&sql), folder.home.sql(&sql), "{sql}");
    }
}

#[test]
fn only_what_changed_is_written_again() {
    let folder = Folder::new(synced());
    assert_eq!(folder.units(), 0);
    let months = || {
        let entries = fs::read_dir(folder.path().join("workout_stats")).unwrap();
        entries
            .map(|entry| entry.unwrap().path())
            .collect::<Vec<_>>()
    };
    assert!(months().len() > 1);
    let before: Vec<_> = months().iter().map(|path| written(path)).collect();
    let newest = folder.home.sql("SELECT max(start_time) FROM workouts");
    let newest: i64 = newest.parse().unwrap();
    folder.home.sim.add_workout(0, newest + 7_200);
    folder.home.sync(&[]).ends(0);
    let ran = folder.publish(&[]).ends(0);
    let units = summary(&ran)["units"].as_u64().unwrap();
    // The workout, its parts, its month, the run; not the other months.
    assert!((3..=14).contains(&units), "{}", ran.data);
    let after: Vec<_> = months().iter().map(|path| written(path)).collect();
    let touched = after.iter().filter(|file| !before.contains(file)).count();
    assert_eq!(touched, 1);
    assert_eq!(folder.units(), 0);
}

fn written(month: &std::path::Path) -> (PathBuf, std::time::SystemTime) {
    let file = month.join("workout_stats.parquet");
    let time = fs::metadata(&file).unwrap().modified().unwrap();
    (file, time)
}

/// A minute of cycling in January.
fn january() -> Workout {
    minute("jan", 1_768_500_000)
}

fn february() -> Workout {
    minute("feb", 1_770_500_000)
}

fn minute(name: &str, at: i64) -> Workout {
    w(name)
        .at(at)
        .length(60)
        .metric("output", "watts", vec![100.0; 60])
}

/// F25: a column that is empty in one file of a folder.
#[test]
fn f25_a_month_without_any_heart_rate_has_the_same_columns() {
    let home = Home::new(empty());
    add(&home, january());
    add(
        &home,
        february().metric("heart_rate", "bpm", vec![120.0; 60]),
    );
    home.sync(&[]).ends(0);
    let folder = Folder::new(home);
    let sql = "SELECT count(*), count(heart_rate), sum(heart_rate) FROM workout_stats";
    assert_eq!(folder.sql(sql), "120,60,7200");
    assert_eq!(folder.home.sql(sql), "120,60,7200");
    let shape = |month: &str| {
        let file = folder
            .path()
            .join(format!("workout_stats/month={month}/workout_stats.parquet"));
        let file = fs::File::open(file).unwrap();
        let reader = ParquetRecordBatchReaderBuilder::try_new(file).unwrap();
        let fields = reader.schema().fields().iter();
        fields.map(|field| format!("{field:?}")).collect::<Vec<_>>()
    };
    assert_eq!(shape("2026-01"), shape("2026-02"));
    assert_eq!(shape("2026-01").len(), 22);
}

/// F26: no answer depends on the zone of the machine.
#[test]
fn f26_parquet_reads_the_same_in_every_zone() {
    let home = Home::new(empty());
    add(&home, january());
    home.sync(&[]).ends(0);
    let folder = Folder::new(home);
    let target = folder.target();
    let sql =
        "SELECT title, start_ts, CAST(start_ts AS DATE) AS d, start_local FROM workouts ORDER BY 2";
    let expected =
        "title,start_ts,d,start_local\njan,2026-01-15 18:00:00,2026-01-15,2026-01-15 13:00:00\n";
    for zone in ["UTC", "Asia/Tehran", "America/Los_Angeles"] {
        for on in [&[][..], &["--on", &target]] {
            let arguments = [&["sql", "--format", "csv", sql], on].concat();
            let mut command = folder.home.command(&arguments);
            let ran = Ran::new(command.env("TZ", zone).output().unwrap()).ends(0);
            assert_eq!(ran.data, expected, "{zone} {on:?}");
        }
    }
}

/// A month of which every workout moved elsewhere has no folder any more.
#[test]
fn a_month_without_rows_goes() {
    let home = Home::new(empty());
    let id = add(&home, january());
    home.sync(&[]).ends(0);
    let folder = Folder::new(home);
    let month = folder.path().join("workout_stats/month=2026-01");
    assert!(month.exists());
    let moved = json!({"created_at": 1_770_500_000, "start_time": 1_770_500_000, "end_time": 1_770_500_060});
    folder.home.sim.edit_workout(&id, moved);
    folder.home.sync(&["--workout", &id]).ends(0);
    folder.publish(&[]).ends(0);
    assert!(!month.exists());
    assert_eq!(
        folder.sql("SELECT count(*), min(start_date) FROM workout_stats"),
        "60,2026-02-07"
    );
}

#[test]
fn a_dry_run_says_what_would_be_sent_and_makes_nothing() {
    let home = synced();
    let out = home.path().join("out");
    let target = format!("parquet:{}", out.display());
    let ran = home.run(&["publish", "--dry-run", &target]).ends(0);
    assert!(ran.data.contains("workout_stats"), "{}", ran.data);
    assert!(ran.data.contains("units to publish"), "{}", ran.data);
    assert!(!out.exists());
}

#[test]
fn a_folder_where_another_publishes_is_refused_by_name() {
    let folder = Folder::new(synced());
    let lock = warehouse::Lock::acquire(folder.path().join(".lock"), "publish").unwrap();
    // Also where nothing is to be sent: what is here is compared once nobody else publishes there.
    let ran = folder.publish(&[]).ends(1);
    assert!(ran.talk.contains("is in use by"), "{}", ran.talk);
    drop(lock);
    folder.publish(&["--full"]).ends(0);
}

#[test]
fn a_folder_whose_name_is_a_pattern_is_read_and_no_other() {
    let home = synced();
    let target = |name: &str| format!("parquet:{}", home.path().join(name).display());
    home.run(&["publish", &target("out1")]).ends(0);
    fs::remove_dir_all(home.path().join("out1/workouts")).unwrap();
    for name in ["out[1]", "out?", "out*"] {
        home.run(&["publish", &target(name)]).ends(0);
        let sql = "SELECT count(*) FROM workouts";
        let ran = home.run(&["sql", "--on", &target(name), "--format", "csv", sql]);
        let rows = format!("count_star()\n{}\n", home.sql(sql));
        assert_eq!(ran.ends(0).data, rows, "{name}");
    }
}

#[test]
fn what_is_not_there_is_not_taken_for_nothing() {
    let folder = Folder::new(synced());
    fs::remove_dir_all(folder.path().join("workout_stats")).unwrap();
    let ask = |sql: &str| {
        let target = folder.target();
        folder.home.run(&["sql", "--on", &target, sql])
    };
    let ran = ask("SELECT count(*) FROM workout_stats").ends(1);
    ran.says("`workout_stats` is not whole")
        .says("is missing")
        .says("peloton-looker publish");
    ask("SELECT count(*) FROM workouts").ends(0);
    folder.publish(&[]).ends(0);
    let damaged = folder.path().join("rides/rides.parquet");
    fs::write(&damaged, "PAR1").unwrap();
    let ran = ask("SELECT count(*) FROM rides").ends(1);
    ran.says(&format!("`{}` is damaged", damaged.display()))
        .says("peloton-looker publish");
    ask("SELECT count(*) FROM workouts").ends(0);
    folder.publish(&[]).ends(0);
    ask("SELECT count(*) FROM rides").ends(0);
}

#[test]
fn a_first_publication_that_was_killed_is_not_taken_for_a_copy() {
    let home = synced();
    let out = home.path().join("out");
    let target = format!("parquet:{}", out.display());
    let mut child = home.command(&["publish", &target]).spawn().unwrap();
    let begun = Instant::now();
    while !out.join("workouts/workouts.parquet").exists() {
        assert!(begun.elapsed() < Duration::from_secs(60));
        std::thread::yield_now();
    }
    child.kill().unwrap();
    child.wait().unwrap();
    let sql = "SELECT count(*) FROM workout_stats";
    let ran = home.run(&["sql", "--on", &target, sql]).ends(1);
    ran.says("did not come to its end")
        .says("peloton-looker publish");
    home.run(&["publish", &target]).ends(0);
    home.run(&["sql", "--on", &target, sql]).ends(0);
}

/// Readers skip what they need not read, and believe what the files say of their order.
#[test]
fn rows_are_in_the_order_of_the_key() {
    let folder = Folder::new(synced());
    let months = fs::read_dir(folder.path().join("workout_stats")).unwrap();
    let mut rows = 0;
    for month in months {
        let file = month.unwrap().path().join("workout_stats.parquet");
        let reader = ParquetRecordBatchReaderBuilder::try_new(fs::File::open(file).unwrap());
        let reader = reader.unwrap();
        let sorted = reader.metadata().row_group(0).sorting_columns().unwrap();
        assert_eq!(sorted.len(), 2);
        let keys: Vec<(String, i32)> = reader.build().unwrap().flat_map(keys).collect();
        assert!(keys.is_sorted_by(|one, other| one < other));
        rows += keys.len();
    }
    assert_eq!(
        rows.to_string(),
        folder.home.sql("SELECT count(*) FROM workout_stats")
    );
}

/// Workout and second of each row.
/// The strict server takes no file in which they are: it is not said that BigQuery reads them.
#[test]
fn whole_numbers_of_the_seconds_are_packed_by_their_differences() {
    let folder = Folder::new(synced());
    let packed = |table: &str| -> Vec<String> {
        let files = walkdir::WalkDir::new(folder.path().join(table)).into_iter();
        let files = files
            .map(Result::unwrap)
            .filter(|e| e.file_type().is_file());
        let path = files.map(|entry| entry.into_path()).next().unwrap();
        let file = fs::File::open(path).unwrap();
        let reader = ParquetRecordBatchReaderBuilder::try_new(file).unwrap();
        let chunks = reader.metadata().row_group(0).columns().iter();
        let packed = chunks.filter(|chunk| {
            let mut encodings = chunk.encodings();
            encodings.any(|one| one == Encoding::DELTA_BINARY_PACKED)
        });
        packed.map(|chunk| chunk.column_path().string()).collect()
    };
    let seconds = packed("workout_stats");
    for column in [
        "output",
        "cadence",
        "seconds_since_pedaling_start",
        "start_date",
    ] {
        assert!(
            seconds.iter().any(|name| name == column),
            "{column}: {seconds:?}"
        );
    }
    assert!(!seconds.iter().any(|name| name == "speed"));
    assert!(packed("workouts").is_empty());
}

fn keys(batch: Result<RecordBatch, ArrowError>) -> Vec<(String, i32)> {
    let batch = batch.unwrap();
    let workouts = batch.column_by_name("workout_id").unwrap();
    let seconds = batch
        .column_by_name("seconds_since_pedaling_start")
        .unwrap();
    let workouts = workouts.as_string::<i32>().iter();
    let seconds = seconds.as_primitive::<Int32Type>().iter();
    let pair = |(workout, second): (Option<&str>, Option<i32>)| {
        (workout.unwrap().to_owned(), second.unwrap())
    };
    workouts.zip(seconds).map(pair).collect()
}
