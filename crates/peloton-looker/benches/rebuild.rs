//! Archive to DuckDB: how long, how much memory, how many bytes a sample.
//!
//! Writes an archive of invented workouts of 40 minutes with six metrics, runs the real `rebuild` on it, and
//! prints the figures: 7 million samples and 70 million, or as many as are given
//! (`cargo bench --bench rebuild -- 7000000`).

mod invented;

use invented::{SECONDS, report, run, sizes, write_segment};

fn main() {
    sizes().into_iter().for_each(measure);
}

fn measure(samples: u64) {
    let home = tempfile::tempdir().expect("a temporary folder");
    let workouts = samples.div_ceil(SECONDS);
    let (raw, packed) = write_segment(home.path(), 1, 0..workouts);
    let (wall, peak_kb) = run(home.path(), &["rebuild"]);
    let file = home.path().join("profiles/default/warehouse.duckdb");
    let bytes = std::fs::metadata(file).expect("the warehouse").len();
    let samples = workouts * SECONDS;
    report(&format!(
        "rebuild: {samples} samples in {workouts} workouts, {} MB of JSON, {} MB archived",
        raw / 1_000_000,
        packed / 1_000_000,
    ));
    report(&format!(
        "  {:.2} s ({:.2} M samples/s), peak memory {} MB, {:.2} bytes a sample",
        wall.as_secs_f64(),
        samples as f64 / wall.as_secs_f64() / 1e6,
        peak_kb / 1000,
        bytes as f64 / samples as f64,
    ));
}
