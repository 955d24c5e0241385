//! The simulated service as a program, for scripts. Prints one line of JSON, then serves until it is killed.

use std::io::Write;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, Result};
use clap::Parser;
use jiff::Timestamp;
use peloton_sim::{FaultKind, Faults, RateLimit, RetryAfter, Settings, Sim};
use serde::Deserialize;
use serde_json::{Value, json};

/// A service that behaves like Peloton's, with invented members.
#[derive(Debug, Parser)]
#[command(version, about)]
struct Args {
    /// Another seed, another world
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// The own account and those it follows
    #[arg(long, default_value_t = 6)]
    members: usize,
    /// Workouts of each member
    #[arg(long, default_value_t = 300)]
    workouts: usize,
    /// When the world ends
    #[arg(long)]
    now: Option<Timestamp>,
    /// Waited before each answer
    #[arg(long, default_value_t = 0)]
    latency_ms: u64,
    /// Answer 429 beyond so many requests a second
    #[arg(long)]
    rate_limit: Option<f64>,
    /// Seconds of the Retry-After header that goes with it
    #[arg(long, requires = "rate_limit")]
    retry_after: Option<u64>,
    /// Share of requests that fail at first
    #[arg(long, default_value_t = 0.0)]
    faults: f64,
    /// Workouts of the own account: a file with a list of {detail, graph}
    #[arg(long)]
    world: Option<PathBuf>,
}

#[derive(Debug, Deserialize)]
struct Custom {
    detail: Value,
    graph: Value,
}

#[tokio::main]
async fn main() -> Result<()> {
    let args = Args::parse();
    let sim = Sim::start(settings(&args)).await?;
    if let Some(path) = &args.world {
        let text = std::fs::read(path).with_context(|| format!("read {}", path.display()))?;
        let workouts: Vec<Custom> = serde_json::from_slice(&text).context("read the workouts")?;
        for Custom { detail, graph } in workouts {
            sim.add_custom(detail, graph);
        }
    }
    let account = sim.account();
    let facts = json!({"api_url": sim.api_url(), "auth_url": sim.auth_url(), "username": account.username,
        "password": account.password, "user_id": account.user_id});
    writeln!(std::io::stdout(), "{facts}")?;
    std::future::pending().await
}

fn settings(args: &Args) -> Settings {
    let default = Settings::default();
    Settings {
        seed: args.seed,
        members: args.members,
        workouts: args.workouts,
        now: args.now.unwrap_or(default.now),
        latency: Duration::from_millis(args.latency_ms),
        rate_limit: args.rate_limit.map(|per_second| RateLimit {
            per_second,
            burst: 5,
            retry_after: args.retry_after.map(RetryAfter::Seconds),
        }),
        faults: Faults {
            probability: args.faults,
            kinds: FaultKind::QUICK.to_vec(),
            ..Faults::default()
        },
        ..default
    }
}
