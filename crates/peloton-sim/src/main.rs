//! The simulated service as a program, for scripts. Prints one line of JSON, then serves until it is killed.

use std::io::Write;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, Result};
use clap::Parser;
use jiff::Timestamp;
use peloton_sim::{FaultKind, Faults, LoginMode, Poison, RateLimit, RetryAfter, Settings, Sim};
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
    /// Requests that may come at once
    #[arg(long, default_value_t = 5, requires = "rate_limit")]
    burst: u32,
    /// Seconds of the Retry-After header that goes with a 429
    #[arg(long, requires = "rate_limit")]
    retry_after: Option<u64>,
    /// Give Retry-After as a date
    #[arg(long, requires = "retry_after")]
    retry_after_date: bool,
    /// Share of requests that fail at first
    #[arg(long, default_value_t = 0.0)]
    faults: f64,
    /// How they fail (repeatable) [default: all that are over quickly]
    #[arg(long, value_enum)]
    fault_kind: Vec<FaultKind>,
    /// Another seed, other requests fail
    #[arg(long, default_value_t = 0)]
    fault_seed: u64,
    /// How long a stall lasts
    #[arg(long, default_value_t = 1_000)]
    stall_ms: u64,
    /// An item that fails for ever: its id, or ID/performance_graph, then 404, page:403, garbage or large:BYTES
    /// (repeatable)
    #[arg(long, value_name = "ITEM=HOW", value_parser = parse_poison)]
    poison: Vec<(String, Poison)>,
    /// Class and leaderboard counters move with each answer
    #[arg(long)]
    moving_counters: bool,
    /// How the login page behaves
    #[arg(long, value_enum, default_value = "normal")]
    login: LoginMode,
    /// Seconds that an access token lives
    #[arg(long, default_value_t = 172_800)]
    token_life: u64,
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
    for (item, how) in args.poison {
        sim.poison(&item, how);
    }
    let account = sim.account();
    let facts = json!({"api_url": sim.api_url(), "auth_url": sim.auth_url(), "username": account.username,
        "password": account.password, "user_id": account.user_id});
    writeln!(std::io::stdout(), "{facts}")?;
    std::future::pending().await
}

fn parse_poison(text: &str) -> Result<(String, Poison), String> {
    let (item, how) = text.split_once('=').ok_or("give ITEM=HOW")?;
    Ok((item.to_owned(), how.parse()?))
}

fn settings(args: &Args) -> Settings {
    let default = Settings::default();
    let retry_after = args.retry_after.map(|seconds| match args.retry_after_date {
        true => RetryAfter::Date(seconds),
        false => RetryAfter::Seconds(seconds),
    });
    let rate_limit = args.rate_limit.map(|per_second| RateLimit {
        per_second,
        burst: args.burst,
        retry_after,
    });
    let kinds = match args.fault_kind.is_empty() {
        true => FaultKind::QUICK.to_vec(),
        false => args.fault_kind.clone(),
    };
    Settings {
        seed: args.seed,
        members: args.members,
        workouts: args.workouts,
        now: args.now.unwrap_or(default.now),
        latency: Duration::from_millis(args.latency_ms),
        rate_limit,
        faults: Faults {
            probability: args.faults,
            kinds,
            seed: args.fault_seed,
            stall: Duration::from_millis(args.stall_ms),
        },
        freeze_counters: !args.moving_counters,
        token_life: Duration::from_secs(args.token_life),
        login: args.login,
        ..default
    }
}
