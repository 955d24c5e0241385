//! A folder of Parquet files, read by those who read Parquet.

use std::fs;
use std::path::PathBuf;

use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use serde_json::json;

use super::{add, queries, script, summary, synced};
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
    for sql in queries() {
        assert_eq!(folder.sql(sql), folder.home.sql(sql), "{sql}");
    }
    let nested = "SELECT sum(len(stats)), sum(list_sum(list_transform(stats, s -> s.output))) FROM workouts_with_stats";
    assert_eq!(folder.sql(nested), folder.home.sql(nested));
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
    assert_eq!(shape("2026-01").len(), 21);
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
    let ran = folder.publish(&["--full"]).ends(1);
    assert!(ran.talk.contains("is in use by"), "{}", ran.talk);
    drop(lock);
    folder.publish(&["--full"]).ends(0);
}
