//! BigQuery as Google documents it, before the program: the first ten minutes, missing roles, Ctrl-C.

use std::fs;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::json;
use tokio::runtime::Runtime;

use super::targets::{interrupt, until};
use super::{synced, three_minutes};
use crate::google::{Call, DATASET, Google, PROJECT, Table};
use crate::home::{Home, Ran, empty};

pub(super) struct Service {
    /// The service lives on it.
    runtime: Runtime,
    pub(super) google: Google,
    pub(super) home: Home,
}

impl Service {
    pub(super) fn new(home: Home) -> Self {
        let runtime = Runtime::new().unwrap();
        let google = runtime.block_on(Google::start());
        Self {
            runtime,
            google,
            home,
        }
    }

    /// Without a dataset, and nothing that anybody remembers.
    pub(super) fn start_anew(&mut self) {
        self.google = self.runtime.block_on(Google::start());
    }

    /// The dataset is a target of the settings, as the README has it.
    fn wanted(home: Home) -> Self {
        let service = Self::new(home);
        let settings = format!("publish = [\"{}?location=EU\"]", target());
        fs::write(service.home.path().join("config.toml"), settings).unwrap();
        service
    }

    pub(super) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = self.home.command(arguments);
        let address = self.google.options().emulator.unwrap();
        command.env("BIGQUERY_EMULATOR_HOST", address);
        command
    }

    fn run(&self, arguments: &[&str]) -> Ran {
        Ran::new(self.command(arguments).output().unwrap())
    }

    /// What `doctor` says of the dataset.
    fn doctor(&self, code: i32) -> String {
        let ran = self.run(&["doctor"]).ends(code);
        let from = ran.data.find("publish").unwrap();
        ran.data[from..].to_owned()
    }
}

pub(super) fn target() -> String {
    format!("bigquery:{PROJECT}.{DATASET}")
}

#[test]
fn ctrl_c_cancels_a_query_there_and_prints_no_answer() {
    for format in ["table", "json", "jsonl", "csv"] {
        let service = Service::new(Home::new(empty()));
        let google = &service.google;
        google.add_dataset();
        google.state().query.questions = usize::MAX;
        let asking = [
            "sql",
            "--on",
            &target(),
            "--format",
            format,
            "SELECT 1 AS n",
        ];
        let mut command = service.command(&asking);
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let child = command.spawn().unwrap();
        until(|| google.count(Call::QueryResults) > 0);
        let pressed = Instant::now();
        interrupt(&child);
        let ran = Ran::new(child.wait_with_output().unwrap()).ends(130);
        assert!(pressed.elapsed() < Duration::from_secs(2), "{format}");
        assert_eq!(ran.data, "", "{format}");
        assert!(ran.talk.contains("Interrupted"), "{format}: {}", ran.talk);
        assert_eq!(google.count(Call::JobCancel), 1, "{format}");
        let state = google.state();
        assert!(state.jobs.len() == 1 && state.jobs[0].is_cancelled());
    }
}

/// The README's order: `doctor` before anything is there, then `publish`, then the first query.
#[test]
fn doctor_finds_no_fault_before_the_first_publication() {
    let service = Service::wanted(synced());
    let said = service.doctor(0);
    assert!(said.contains("the dataset is not there yet"), "{said}");
    assert!(service.google.state().datasets.is_empty());
    service.google.add_dataset();
    let said = service.doctor(0);
    assert!(
        said.contains("in EU") && said.contains("units behind"),
        "{said}"
    );
    assert!(service.google.state().dataset().tables.is_empty());
    service.google.state().datasets.clear();
    let target = format!("{}?location=EU", target());
    service.run(&["publish", "--dry-run", &target]).ends(0);
    assert!(service.google.state().datasets.is_empty());
    service.run(&["publish", &target]).ends(0);
    assert!(service.doctor(0).contains("up to date"));
}

#[test]
fn doctor_names_the_role_that_the_first_publication_would_lack() {
    let service = Service::wanted(synced());
    service.google.state().behaviour.denied =
        vec!["bigquery.datasets.create", "bigquery.tables.create"];
    for (permission, place) in [
        ("bigquery.datasets.create", "on the project"),
        ("bigquery.tables.create", "on the dataset"),
    ] {
        let said = service.doctor(1);
        for text in [permission, "roles/bigquery.dataEditor", place] {
            assert!(said.contains(text), "`{text}` is not in: {said}");
        }
        service.google.add_dataset();
    }
}

/// The column of a table there, as somebody else made it.
fn conflict(service: &Service) {
    service.google.add_dataset();
    let table = Table {
        fields: vec![json!({ "name": "id", "type": "INTEGER", "mode": "NULLABLE" })],
        ..Table::default()
    };
    let mut state = service.google.state();
    state.dataset().tables.insert("workouts".into(), table);
}

#[test]
fn a_table_that_conflicts_is_told_before_and_after() {
    let service = Service::new(three_minutes(1));
    conflict(&service);
    let said =
        format!("column `id` of `{PROJECT}.{DATASET}.workouts` is INT64 there and STRING here");
    let ran = service.run(&["publish", "--dry-run", &target()]).ends(0);
    ran.says(&said);
    assert!(service.google.state().jobs.is_empty());
    service.run(&["publish", &target()]).ends(3).says(&said);
    let ran = service.run(&["status"]).ends(0);
    assert!(ran.data.contains(&target()), "{}", ran.data);
    assert!(ran.data.contains("the last try failed"), "{}", ran.data);
    assert!(service.doctor(1).contains(&said));
}

#[test]
fn a_dataset_is_the_copy_of_one_account() {
    let service = Service::new(three_minutes(1));
    service.run(&["publish", &target()]).ends(0);
    let other = Service {
        home: three_minutes(2),
        ..service
    };
    let jobs = other.google.state().jobs.len();
    let ran = other.run(&["publish", "--full", &target()]).ends(1);
    ran.says("another account").says("--replace");
    assert_eq!(other.google.state().jobs.len(), jobs);
    other.run(&["publish", "--replace", &target()]).ends(0);
    other.run(&["publish", &target()]).ends(0);
}

/// Another place than the one where the dataset is: nothing comes there, and nothing is lost.
#[test]
fn a_wrong_location_does_not_spoil_the_state() {
    let service = Service::new(three_minutes(1));
    service.run(&["publish", &target()]).ends(0);
    let elsewhere = format!("{}?location=asia-east1", target());
    service.run(&["publish", &elsewhere]).ends(1);
    let ran = service.run(&["status"]).ends(0);
    assert!(ran.data.contains("up to date"), "{}", ran.data);
    assert!(ran.data.contains("the last try failed"), "{}", ran.data);
    assert!(!ran.data.contains("behind"), "{}", ran.data);
}
