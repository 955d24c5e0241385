//! Copies: a folder of Parquet files and a dataset of BigQuery's emulator, and queries on them.

mod bigquery;
mod copies;
pub(crate) mod emulator;
mod explores;
mod kills;
mod parquet;
mod python_project;
mod strict;
mod targets;

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::fields::Workout;
use crate::home::{Home, Ran};

/// The Python of `make test`, with its libraries; tests without it say that they skip.
pub(crate) fn python() -> Option<PathBuf> {
    let python = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../.venv/bin/python");
    if python.exists() {
        return Some(python);
    }
    skip()
}

#[expect(clippy::print_stderr, reason = "a skipped test says so")]
fn skip() -> Option<PathBuf> {
    eprintln!("SKIPPED: there is no Python environment; `make test` makes it");
    None
}

/// Runs a script of the tests; its output, if it ends well.
#[track_caller]
pub(crate) fn script(name: &str, arguments: &[&str], variables: &[(&str, &str)]) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/python")
        .join(name);
    let output = Command::new(python().unwrap())
        .arg(path)
        .args(arguments)
        .envs(variables.iter().copied())
        .output()
        .unwrap();
    let ran = Ran::new(output).ends(0);
    ran.data
}

fn warehouse(home: &Home) -> String {
    home.profile()
        .join("warehouse.duckdb")
        .to_str()
        .unwrap()
        .to_owned()
}

/// The queries whose answers are equal everywhere.
fn queries() -> Vec<&'static str> {
    let text = include_str!("equal_answers.sql");
    text.lines()
        .filter(|line| !line.starts_with("--"))
        .collect()
}

/// The same for DuckDB, which calls the items of a list by a name of their table.
fn for_duckdb(sql: &str) -> String {
    sql.replace("UNNEST(w.stats) AS s", "UNNEST(w.stats) AS t(s)")
}

/// What a publication said of itself.
fn summary(ran: &Ran) -> serde_json::Value {
    serde_json::from_str(&ran.data).unwrap()
}

/// A home with a synced world of some workouts of every kind.
fn synced() -> Home {
    let home = Home::new(peloton_sim::Settings {
        members: 3,
        workouts: 40,
        ..peloton_sim::Settings::default()
    });
    home.sync(&[]).ends(0);
    home
}

/// A home with a minute in each of three months, of the account of a seed: soon published anywhere.
fn three_minutes(seed: u64) -> Home {
    let home = Home::new(peloton_sim::Settings {
        seed,
        ..crate::home::empty()
    });
    for (name, at) in [
        ("jan", 1_768_500_000),
        ("feb", 1_770_500_000),
        ("mar", 1_773_500_000),
    ] {
        let workout = crate::fields::w(name).at(at).length(60);
        add(&home, workout.metric("output", "watts", vec![100.0; 60]));
    }
    home.sync(&[]).ends(0);
    home
}

/// Gives the own member a workout; its id.
fn add(home: &Home, workout: Workout) -> String {
    let (detail, graph) = workout.made();
    home.sim.add_custom(detail, graph)
}
