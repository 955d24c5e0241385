//! DuckDB to a folder of Parquet files: how long, how much memory, how many bytes a sample; and again, when
//! nothing is new.
//!
//! 7 million samples and 70 million, or as many as are given (`cargo bench --bench publish -- 7000000`).

mod invented;

use std::path::Path;

use invented::{SECONDS, report, run, sizes, write_archive};

fn main() {
    sizes().into_iter().for_each(measure);
}

fn measure(samples: u64) {
    let home = tempfile::tempdir().expect("a temporary folder");
    let workouts = samples.div_ceil(SECONDS);
    write_archive(home.path(), workouts);
    run(home.path(), &["rebuild"]);
    let out = home.path().join("out");
    let target = format!("parquet:{}", out.display());
    let samples = workouts * SECONDS;
    let (first, peak_kb) = run(home.path(), &["publish", &target]);
    let (again, _) = run(home.path(), &["publish", &target]);
    let bytes = folder_bytes(&out.join("workout_stats"));
    report(&format!(
        "publish: {samples} samples in {workouts} workouts to Parquet: {:.2} s, peak memory {} MB, {:.2} bytes a sample; again {:.2} s",
        first.as_secs_f64(),
        peak_kb / 1000,
        bytes as f64 / samples as f64,
        again.as_secs_f64(),
    ));
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
