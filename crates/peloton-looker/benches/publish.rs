//! DuckDB to a folder of Parquet files and to BigQuery's emulator: how long, how much memory, how many bytes
//! a sample; again, when nothing is new; and with one new workout.
//!
//! 7 million samples and 70 million, or as many as are given (`cargo bench --bench publish -- 7000000`). The
//! emulator takes part up to 7 million, where `make test` has set up its Python environment.

mod invented;

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Instant;

use invented::{SECONDS, report, run, sizes, write_segment};

/// More than this takes the emulator too long.
const EMULATED: u64 = 7_500_000;

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
        "publish: {samples} samples in {workouts} workouts"
    ));
    to_parquet(home.path(), samples);
    if samples <= EMULATED {
        match Emulator::start() {
            Some(emulator) => to_bigquery(home.path(), &emulator, workouts),
            None => report("  BigQuery's emulator: not measured, there is no Python environment"),
        }
    }
}

fn to_parquet(home: &Path, samples: u64) {
    let out = home.join("out");
    let target = format!("parquet:{}", out.display());
    let (first, peak_kb) = run(home, &["publish", &target]);
    let (again, _) = run(home, &["publish", &target]);
    let bytes = folder_bytes(&out.join("workout_stats"));
    report(&format!(
        "  to Parquet: {:.2} s, peak memory {} MB, {:.2} bytes a sample; again {:.2} s",
        first.as_secs_f64(),
        peak_kb / 1000,
        bytes as f64 / samples as f64,
        again.as_secs_f64(),
    ));
}

fn to_bigquery(home: &Path, emulator: &Emulator, workouts: u64) {
    for what in ["everything", "nothing new"] {
        emulator.publish(home, what);
    }
    write_segment(home, 2, workouts..workouts + 1);
    run(home, &["rebuild"]);
    emulator.publish(home, "one workout more");
}

struct Emulator {
    address: String,
    process: Child,
}

impl Emulator {
    fn start() -> Option<Self> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let python = root.join(".venv/bin/python");
        if !python.exists() {
            return None;
        }
        let mut process = Command::new(python)
            .arg(root.join("scripts/bigquery_emulator.py"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the emulator starts");
        let output = process.stdout.take().expect("its output");
        let lines = BufReader::new(output).lines().map_while(Result::ok);
        let address = lines.into_iter().find(|line| line.starts_with("http://"));
        Some(Self {
            address: address.expect("the emulator says its address"),
            process,
        })
    }

    /// Publishes with `-vv`, which tells each request.
    fn publish(&self, home: &Path, what: &str) {
        let began = Instant::now();
        let output = Command::new(env!("CARGO_BIN_EXE_peloton-looker"))
            .args([
                "-vv",
                "publish",
                "bigquery:bench.peloton",
                "--format",
                "json",
            ])
            .env("PELOTON_LOOKER_HOME", home)
            .env("BIGQUERY_EMULATOR_HOST", &self.address)
            .output()
            .expect("the program runs");
        let elapsed = began.elapsed();
        let talk = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{talk}");
        let done: serde_json::Value = serde_json::from_slice(&output.stdout).expect("a summary");
        let asked = |what: &str| talk.lines().filter(|line| line.contains(what)).count();
        report(&format!(
            "  to BigQuery's emulator, {what}: {:.2} s, {} units, {} requests, {} load jobs, {} chunks, {} bytes",
            elapsed.as_secs_f64(),
            done["units"],
            asked(" GET /")
                + asked(" POST /")
                + asked(" PUT /")
                + asked(" PATCH /")
                + asked(" DELETE /"),
            asked(" POST /upload/"),
            asked(" PUT /upload/"),
            done["bytes"],
        ));
    }
}

impl Drop for Emulator {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn folder_bytes(folder: &Path) -> u64 {
    let mut bytes = 0;
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        match entry.metadata() {
            Ok(metadata) if metadata.is_dir() => bytes += folder_bytes(&entry.path()),
            Ok(metadata) => bytes += metadata.len(),
            Err(_) => {}
        }
    }
    bytes
}
