//! The real program against the simulated service: throughput against latency, behaviour under a rate limit,
//! requests of a first and of a second sync, and how fast `--help` is there.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use peloton_sim::{Logged, RateLimit, RetryAfter, Settings, Sim};
use tokio::runtime::Runtime;

const LATENCY: Duration = Duration::from_millis(100);
const CONCURRENCY: f64 = 16.0;

fn main() {
    let runtime = Runtime::new().expect("a runtime");
    throughput(&runtime);
    for retry_after in [
        None,
        Some(RetryAfter::Seconds(1)),
        Some(RetryAfter::Date(2)),
    ] {
        rate_limit(&runtime, retry_after);
    }
    second_sync(&runtime);
    help();
}

#[expect(clippy::print_stdout, reason = "a bench prints its figures")]
fn report(line: &str) {
    println!("{line}");
}

/// Against the ideal of concurrency over latency, and against a client that sends the same requests one at a
/// time.
fn throughput(runtime: &Runtime) {
    let many = per_second(runtime, "16");
    let single = per_second(runtime, "1");
    let ideal = CONCURRENCY / LATENCY.as_secs_f64();
    report(&format!(
        "latency 100 ms, concurrency 16: {many:.1} requests/s, {:.1} % of the ideal {ideal:.0}; one at a time {single:.1}, ratio {:.1}",
        many / ideal * 100.0,
        many / single
    ));
}

fn per_second(runtime: &Runtime, concurrency: &str) -> f64 {
    let settings = Settings {
        members: 1,
        workouts: 500,
        latency: LATENCY,
        ..Settings::default()
    };
    let home = Home::new(runtime, settings);
    home.sync(&["--rate", "0", "--concurrency", concurrency]);
    // From the first detail on: the lists before come one after the other by their nature.
    let requests = home.sim.requests();
    let is_detail = |logged: &&Logged| logged.path.starts_with("/api/workout/");
    let first = requests.iter().filter(is_detail).map(|logged| logged.at);
    let first = first.min().expect("a detail");
    let times: Vec<Duration> = requests
        .iter()
        .map(|logged| logged.at)
        .filter(|at| *at >= first)
        .collect();
    let last = times.iter().max().expect("a request");
    times.len() as f64 / (*last - first + LATENCY).as_secs_f64()
}

/// A service that bears 20 requests a second, and a client that was told nothing of it.
fn rate_limit(runtime: &Runtime, retry_after: Option<RetryAfter>) {
    let limit = RateLimit {
        per_second: 20.0,
        burst: 20,
        retry_after,
    };
    let settings = Settings {
        members: 1,
        workouts: 600,
        latency: Duration::from_millis(20),
        rate_limit: Some(limit),
        ..Settings::default()
    };
    let home = Home::new(runtime, settings);
    home.sync(&["--rate", "0", "--concurrency", "8"]);
    let totals = home.sim.totals();
    let requests = home.sim.requests();
    let span = requests
        .iter()
        .map(|logged| logged.at)
        .max()
        .unwrap_or_default();
    let refused = totals.by_status.get(&429).copied().unwrap_or(0);
    report(&format!(
        "limit 20/s, Retry-After {retry_after:?}: {:.1}/s ({:.1} %), {:.2} % answered 429, {} sent before Retry-After ended",
        (totals.requests - refused) as f64 / span.as_secs_f64(),
        (totals.requests - refused) as f64 / span.as_secs_f64() / 20.0 * 100.0,
        refused as f64 / totals.requests as f64 * 100.0,
        totals.premature,
    ));
}

fn second_sync(runtime: &Runtime) {
    let home = Home::new(runtime, Settings::default());
    home.sync(&["--rate", "0", "--concurrency", "16"]);
    let first = home.sim.totals().requests;
    let requests = home.sim.requests();
    let count = |part: &str| {
        requests
            .iter()
            .filter(|logged| logged.path.contains(part))
            .count()
    };
    let workouts = count("/performance_graph");
    report(&format!(
        "first sync of 6 members × 300 workouts, {workouts} of them readable: {first} requests ({} workout, {} class, {} list), {:.2} a workout",
        count("/api/workout/"),
        count("/api/ride/"),
        count("/workouts"),
        count("/api/workout/") as f64 / workouts as f64,
    ));
    home.sim.reset_log();
    let started = Instant::now();
    home.sync(&["--rate", "0"]);
    report(&format!(
        "second sync with nothing new: {} requests, {:.2} s",
        home.sim.totals().requests,
        started.elapsed().as_secs_f64()
    ));
}

fn help() {
    let mut times: Vec<Duration> = (0..21)
        .map(|_| {
            let started = Instant::now();
            let output = Command::new(env!("CARGO_BIN_EXE_peloton-looker"))
                .arg("--help")
                .output();
            assert!(output.expect("the program starts").status.success());
            started.elapsed()
        })
        .collect();
    times.sort();
    report(&format!(
        "--help: {:.1} ms (median of 21)",
        times[10].as_secs_f64() * 1000.0
    ));
}

struct Home {
    sim: Sim,
    folder: tempfile::TempDir,
}

impl Home {
    fn new(runtime: &Runtime, settings: Settings) -> Self {
        let sim = runtime
            .block_on(Sim::start(settings))
            .expect("the service starts");
        Self {
            sim,
            folder: tempfile::tempdir().expect("a temporary folder"),
        }
    }

    fn sync(&self, arguments: &[&str]) {
        let account = self.sim.account();
        let status = Command::new(env!("CARGO_BIN_EXE_peloton-looker"))
            .arg("sync")
            .args(arguments)
            .env("PELOTON_LOOKER_HOME", self.folder.path())
            .env("PELOTON_API_URL", self.sim.api_url())
            .env("PELOTON_AUTH_URL", self.sim.auth_url())
            .env("PELOTON_USERNAME", &account.username)
            .env("PELOTON_PASSWORD", &account.password)
            .stderr(Stdio::null())
            .status()
            .expect("the program starts");
        assert!(
            matches!(status.code(), Some(0 | 3)),
            "sync ended with {status}"
        );
    }
}
