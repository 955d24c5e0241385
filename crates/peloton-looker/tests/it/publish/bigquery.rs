//! A dataset of the emulator, seen through Google's own client and through our queries.

use super::emulator::address;
use super::{for_duckdb, queries, script, summary, synced, warehouse};
use crate::home::{Home, Ran};

pub(super) struct Dataset {
    pub(super) home: Home,
    pub(super) name: &'static str,
    pub(super) address: &'static str,
}

impl Dataset {
    /// A dataset with everything that the home has. `None` without an emulator.
    pub(super) fn new(name: &'static str, home: fn() -> Home) -> Option<Self> {
        let address = address()?;
        let dataset = Self {
            home: home(),
            name,
            address,
        };
        dataset.publish(&[]).ends(0);
        Some(dataset)
    }

    pub(super) fn target(&self) -> String {
        format!("bigquery:test-project.{}", self.name)
    }

    pub(super) fn run(&self, arguments: &[&str]) -> Ran {
        let mut command = self.home.command(arguments);
        Ran::new(
            command
                .env("BIGQUERY_EMULATOR_HOST", self.address)
                .output()
                .unwrap(),
        )
    }

    /// With a text on standard input.
    pub(super) fn run_with(&self, arguments: &[&str], input: &str) -> Ran {
        let mut command = self.home.command(arguments);
        command.env("BIGQUERY_EMULATOR_HOST", self.address);
        Ran::fed(command, input)
    }

    fn publish(&self, arguments: &[&str]) -> Ran {
        let target = self.target();
        let command = ["publish", &target, "--format", "json"];
        self.run(&[&command, arguments].concat())
    }

    fn units(&self) -> u64 {
        summary(&self.publish(&[]).ends(0))["units"]
            .as_u64()
            .unwrap()
    }

    pub(super) fn sql(&self, sql: &str) -> String {
        let ran = self.run(&["sql", "--on", &self.target(), "--format", "csv", sql]);
        assert_eq!(ran.code, 0, "{sql}\n{}", ran.talk);
        ran.data.split_once('\n').unwrap().1.trim_end().to_owned()
    }

    /// Google's client sees in every table what is in the warehouse.
    #[track_caller]
    fn is_as_here(&self) {
        let said = script(
            "compare_bigquery.py",
            &[&warehouse(&self.home), "test-project", self.name],
            &[("BIGQUERY_EMULATOR_HOST", self.address)],
        );
        assert!(said.contains("of 23 tables compared"), "{said}");
    }
}

/// The whole world of `demo`.
fn demo() -> Home {
    let home = Home::new(peloton_sim::Settings::default());
    home.sync(&[]).ends(0);
    home
}

#[test]
fn the_whole_demo_is_there_for_googles_client() {
    let Some(dataset) = Dataset::new("whole_demo", demo) else {
        return;
    };
    dataset.is_as_here();
    assert_eq!(dataset.units(), 0);
}

/// A job for each table, and one for the record; no job where nothing is to be sent.
#[test]
fn a_dry_run_says_how_many_load_jobs_there_will_be() {
    let Some(dataset) = Dataset::new("dry_run", synced) else {
        return;
    };
    let jobs = |arguments: &[&str]| {
        let ran = dataset
            .publish(&[&["--dry-run"], arguments].concat())
            .ends(0);
        let plan = summary(&ran);
        (
            plan["pieces"].as_array().unwrap().len(),
            plan["jobs"].clone(),
        )
    };
    assert_eq!(jobs(&[]), (0, 0.into()));
    let (pieces, jobs) = jobs(&["--full"]);
    assert_eq!((pieces, jobs), (23, 24.into()));
    let target = dataset.target();
    let ran = dataset
        .run(&["publish", "--dry-run", "--full", &target])
        .ends(0);
    assert!(ran.data.contains(" in 24 load jobs; "), "{}", ran.data);
}

#[test]
fn what_a_sync_brings_edits_and_deletes_is_published() {
    let Some(dataset) = Dataset::new("after_sync", synced) else {
        return;
    };
    let home = &dataset.home;
    let newest: i64 = home
        .sql("SELECT max(start_time) FROM workouts")
        .parse()
        .unwrap();
    home.sim.add_workout(0, newest + 7_200);
    let workouts = home.sim.workouts(0);
    home.sim
        .edit_workout(&workouts[1], serde_json::json!({"total_work": 123_456.0}));
    home.sim.delete_workout(&workouts[2]);
    home.sync(&["--full"]).ends(0);
    assert!(dataset.units() > 0);
    dataset.is_as_here();
    assert_eq!(
        dataset.sql("SELECT COUNT(*) FROM workouts WHERE deleted_at IS NOT NULL"),
        "1"
    );
    assert_eq!(dataset.units(), 0);
}

#[test]
fn queries_have_equal_answers_there() {
    let Some(dataset) = Dataset::new("equal_answers", synced) else {
        return;
    };
    for sql in queries() {
        let here = dataset.home.sql(&for_duckdb(sql));
        assert_eq!(dataset.sql(sql), here, "{sql}");
    }
}

#[test]
fn a_column_that_is_missing_there_is_added() {
    let Some(dataset) = Dataset::new("added_column", synced) else {
        return;
    };
    script(
        "without_column.py",
        &["test-project", dataset.name, "workouts", "total_work"],
        &[("BIGQUERY_EMULATOR_HOST", dataset.address)],
    );
    assert!(dataset.units() > 0);
    dataset.is_as_here();
}

#[test]
fn only_what_reads_is_run_there() {
    let Some(dataset) = Dataset::new("only_reads", synced) else {
        return;
    };
    let ask = |sql: &str| dataset.run(&["sql", "--on", &dataset.target(), sql]);
    let ran = ask("DELETE FROM workouts WHERE true").ends(1);
    assert!(ran.talk.contains("does not only read"), "{}", ran.talk);
    let ran = ask("SELECT nothing FROM workouts").ends(1);
    assert!(ran.talk.contains("nothing"), "{}", ran.talk);
    let ran = ask("SELECT * FROM not_there").ends(1);
    assert!(ran.talk.contains("not_there"), "{}", ran.talk);
}

#[test]
fn doctor_and_status_speak_of_the_dataset() {
    let Some(dataset) = Dataset::new("doctor", synced) else {
        return;
    };
    let ran = dataset.run(&["doctor"]);
    assert!(ran.data.contains("up to date"), "{}", ran.data);
    let ran = dataset.run(&["status"]).ends(0);
    assert!(ran.data.contains(&dataset.target()), "{}", ran.data);
    dataset.home.sync(&["--full"]).ends(0);
    let ran = dataset.run(&["doctor"]);
    assert!(ran.data.contains("behind"), "{}", ran.data);
}

/// What `doctor` asks in dry runs makes nothing.
#[test]
fn doctor_makes_nothing_where_nothing_was_published() {
    let Some(address) = address() else {
        return;
    };
    let home = synced();
    let settings = "publish = [\"bigquery:test-project.not_yet\"]";
    std::fs::write(home.path().join("config.toml"), settings).unwrap();
    for _ in 0..2 {
        let mut command = home.command(&["doctor"]);
        command.env("BIGQUERY_EMULATOR_HOST", address);
        let ran = Ran::new(command.output().unwrap()).ends(0);
        assert!(ran.data.contains("not there yet"), "{}", ran.data);
    }
}

#[test]
fn an_export_from_there_is_one_from_here() {
    let Some(dataset) = Dataset::new("export", synced) else {
        return;
    };
    let read = |on: &[&str], name: &str| {
        let folder = dataset.home.path().join(name);
        let path = folder.to_str().unwrap();
        let export = [
            "export",
            path,
            "--format",
            "csv",
            "--table",
            "workouts",
            "--table",
            "workout_zones",
        ];
        dataset.run(&[&export, on].concat()).ends(0);
        ["workouts", "workout_zones"]
            .map(|table| std::fs::read_to_string(folder.join(format!("{table}.csv"))).unwrap())
    };
    assert_eq!(
        read(&["--on", &dataset.target()], "there"),
        read(&[], "here")
    );
}
