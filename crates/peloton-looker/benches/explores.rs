//! Explores of the built-in project on a DuckDB file: how long people wait for an answer.
//!
//! Each query is compiled with what DuckDB knows of its tables, run and made into an answer several times over one open
//! connection; its time is the median.
//! Prints the middle and the 95th percentile of the queries, for those with symmetric aggregates over seconds apart,
//! on 7 and on 70 million samples, or as many as are given (`cargo bench --bench explores -- 7000000`).

#![expect(
    clippy::unwrap_used,
    reason = "a bench whose project can't be read has failed"
)]

#[path = "../tests/built_in/mod.rs"]
mod built_in;
mod invented;

use std::time::{Duration, Instant};

use built_in::{Typical, model, typical};
use duckdb::{AccessMode, Config, Connection};
use invented::{SECONDS, last_start, report, run, sizes, write_segment};
use jiff::Timestamp;
use lookml::testing::Database;
use lookml::{Dialect, Model, Settings, compile};

/// How often each query is asked.
const RUNS: usize = 5;

fn main() {
    sizes().into_iter().for_each(measure);
}

fn measure(samples: u64) {
    let home = tempfile::tempdir().expect("a temporary folder");
    let workouts = samples.div_ceil(SECONDS);
    write_segment(home.path(), 1, 0..workouts);
    run(home.path(), &["rebuild"]);
    let samples = workouts * SECONDS;
    report(&format!(
        "explores: {samples} samples in {workouts} workouts"
    ));
    let config = Config::default().access_mode(AccessMode::ReadOnly);
    let path = home.path().join("profiles/default/warehouse.duckdb");
    let connection = config.and_then(|config| Connection::open_with_flags(path, config));
    let database = connection.expect("the warehouse opens");
    let database = Database::of(database).expect("DuckDB takes the settings");
    let now = Timestamp::from_second(last_start(workouts) + 86_400).expect("a moment");
    let mut settings = Settings::new(Dialect::DuckDb, now);
    settings.tables.schemas = [("peloton".to_owned(), "main".to_owned())].into();
    let model = model();
    let (mut plain, mut symmetric) = (Vec::new(), Vec::new());
    for typical in typical() {
        let took = time(&typical, &model, &settings, &database);
        report(&format!(
            "  {:>7.1} ms  {}",
            milliseconds(took),
            typical.url
        ));
        match typical.is_symmetric {
            true => symmetric.push(took),
            false => plain.push(took),
        }
    }
    summary("queries", plain);
    summary("with symmetric aggregates over seconds", symmetric);
}

/// The median of some runs after a first one, which brings the file into memory.
fn time(typical: &Typical, model: &Model, settings: &Settings, database: &Database) -> Duration {
    let compiled = compile(model, &typical.query, settings).expect("it compiles");
    let statistics = database.statistics(&compiled).expect("they can be had");
    let settings = &Settings {
        statistics,
        ..settings.clone()
    };
    let mut times: Vec<Duration> = (0..=RUNS)
        .map(|_| {
            let began = Instant::now();
            let compiled = compile(model, &typical.query, settings).expect("it compiles");
            database.answer(&compiled).expect("it runs");
            began.elapsed()
        })
        .skip(1)
        .collect();
    times.sort();
    times[RUNS / 2]
}

fn summary(what: &str, mut times: Vec<Duration>) {
    times.sort();
    let rank = |share: f64| times[((times.len() as f64 * share).ceil() as usize).max(1) - 1];
    report(&format!(
        "  {} {what}: p50 {:.1} ms, p95 {:.1} ms, longest {:.1} ms",
        times.len(),
        milliseconds(rank(0.5)),
        milliseconds(rank(0.95)),
        milliseconds(rank(1.0)),
    ));
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}
