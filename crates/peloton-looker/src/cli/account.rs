//! From a login to rows in the warehouse and copies of it.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use jiff::Timestamp;

use super::{StatusFormat, TextFormat};
use crate::config::{CONCURRENCY, check_rate};

#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  peloton-looker demo\n  peloton-looker demo --members 3 --workouts 100\n  peloton-looker sql --profile demo 'SELECT count(*) FROM workout_stats'"
)]
pub(crate) struct DemoArgs {
    /// Invented members: you and those you follow
    #[arg(long, default_value_t = 6, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub(crate) members: u32,
    /// Workouts of each member
    #[arg(long, default_value_t = 300, value_name = "N", value_parser = clap::value_parser!(u32).range(0..=100_000))]
    pub(crate) workouts: u32,
    /// Another seed, another world
    #[arg(long, default_value_t = 1, value_name = "N")]
    pub(crate) seed: u64,
    /// When the simulated world ends, as in 2026-03-01T00:00:00Z [default: today]
    #[arg(long, value_name = "TIMESTAMP")]
    pub(crate) now: Option<Timestamp>,
    /// Do not open the web app afterwards (implied while there is none)
    #[arg(long)]
    pub(crate) no_explore: bool,
}

#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  peloton-looker login\n  PELOTON_USERNAME=me@example.com peloton-looker login --password-stdin < password.txt\n  peloton-looker login --paste-callback      (in a browser; serves accounts with a verification step)\n  peloton-looker login --paste-token         (a bearer token from the browser's network tab, good for 48 h)"
)]
pub(crate) struct LoginArgs {
    /// User name or e-mail address [env: PELOTON_USERNAME]
    #[arg(long, value_name = "NAME")]
    pub(crate) username: Option<String>,
    /// Read the password from standard input
    #[arg(long)]
    pub(crate) password_stdin: bool,
    /// Paste a bearer token instead
    #[arg(long, conflicts_with_all = ["paste_callback", "grant", "password_stdin"])]
    pub(crate) paste_token: bool,
    /// Log in with a browser, then paste the address it ends at
    #[arg(long, conflicts_with_all = ["grant", "password_stdin"])]
    pub(crate) paste_callback: bool,
    /// Put user name and password into the keyring of this system: syncs then log in by themselves
    #[arg(long, conflicts_with_all = ["paste_token", "paste_callback"])]
    pub(crate) remember: bool,
    /// Another way with user name and password
    #[arg(long, value_enum, value_name = "GRANT")]
    pub(crate) grant: Option<Grant>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Grant {
    /// The mobile app's: one request, no redirects
    Password,
}

#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  peloton-looker sync\n  peloton-looker sync --dry-run              (what would be fetched and why)\n  peloton-looker sync --me-only --every 6h\n  peloton-looker sync --full                 (finds edits and deletions)\n  peloton-looker sync --workout 0123456789abcdef0123456789abcdef"
)]
pub(crate) struct SyncArgs {
    /// Only the own account
    #[arg(long, conflicts_with = "member")]
    pub(crate) me_only: bool,
    /// Only this member, by user name or id (repeatable)
    #[arg(long, value_name = "NAME")]
    pub(crate) member: Vec<String>,
    /// Fetch this workout again (repeatable)
    #[arg(long, value_name = "ID")]
    pub(crate) workout: Vec<String>,
    /// List everything again: finds edits and deletions, tries what failed
    #[arg(long)]
    pub(crate) full: bool,
    /// Requests a second; 0: no pacing, for tests [default: 3]
    #[arg(long, value_name = "N", value_parser = parse_rate)]
    pub(crate) rate: Option<f64>,
    /// Requests at once [default: 4]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(CONCURRENCY))]
    pub(crate) concurrency: Option<u16>,
    /// Stay and sync again after each such time: 30m, 6h, 24h
    #[arg(long, value_name = "TIME", value_parser = parse_interval, conflicts_with = "dry_run")]
    pub(crate) every: Option<jiff::SignedDuration>,
    /// Say what would be fetched and why; sends list requests only, writes nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Publish there afterwards (repeatable) [default: `publish` in config.toml]
    #[arg(long, value_name = "TARGET", conflicts_with = "dry_run")]
    pub(crate) publish: Vec<String>,
    /// How to print the plan or the result
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub(crate) format: TextFormat,
}

#[derive(Debug, Args)]
#[command(
    after_help = "Only what changed is sent; doing it twice changes nothing. Nothing that others put there is dropped.\n\nExamples:\n  peloton-looker publish parquet:out\n  peloton-looker publish 'bigquery:my-project.peloton?location=EU'\n  peloton-looker publish --dry-run bigquery:my-project.peloton"
)]
pub(crate) struct PublishArgs {
    /// parquet:DIR or bigquery:PROJECT.DATASET?location=EU
    #[arg(value_name = "TARGET")]
    pub(crate) target: String,
    /// Say what would be sent; changes nothing there
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Send everything again, whatever is there
    #[arg(long)]
    pub(crate) full: bool,
    /// Put this account's data in the place of another's
    #[arg(long)]
    pub(crate) replace: bool,
    /// Let `status` and `doctor` speak of it no more; changes nothing there
    #[arg(long, conflicts_with_all = ["dry_run", "full", "replace"])]
    pub(crate) forget: bool,
    /// How to print the plan or the result
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub(crate) format: TextFormat,
}

#[derive(Debug, Args)]
#[command(after_help = "Example:\n  peloton-looker import ~/Downloads/workouts.csv")]
pub(crate) struct ImportArgs {
    /// The downloaded file
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
}

#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  peloton-looker status\n  peloton-looker status --format json | jq .members"
)]
pub(crate) struct StatusArgs {
    /// How to print it
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub(crate) format: StatusFormat,
}

#[derive(Debug, Args)]
#[command(after_help = "Example:\n  peloton-looker doctor")]
pub(crate) struct DoctorArgs {
    /// Ask Peloton nothing
    #[arg(long)]
    pub(crate) offline: bool,
    /// How to print it
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub(crate) format: TextFormat,
}

#[derive(Debug, Args)]
#[command(
    after_help = "Tables and views that you made in the file stay.\n\nExample:\n  peloton-looker rebuild"
)]
pub(crate) struct RebuildArgs {
    /// Do without what the archive can't make any more; the old file is kept beside the new one
    #[arg(long)]
    pub(crate) accept_loss: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum ApiCommand {
    /// Print one raw answer
    #[command(
        after_help = "Examples:\n  peloton-looker api get /api/me\n  peloton-looker api get '/api/user/ID/workouts?limit=1&joins=ride' | jq .total"
    )]
    Get {
        /// Path with its query
        #[arg(value_name = "PATH", value_parser = parse_path)]
        path: String,
    },
}

fn parse_rate(text: &str) -> Result<f64, String> {
    let rate = text.parse().map_err(|_| "it is no number".to_owned())?;
    Ok(check_rate(rate)?)
}

fn parse_path(text: &str) -> Result<String, String> {
    // Two slashes would name another host.
    if !text.starts_with('/') || text.starts_with("//") {
        return Err("a path begins with one slash, as in `/api/me`".into());
    }
    Ok(text.to_owned())
}

fn parse_interval(text: &str) -> Result<jiff::SignedDuration, String> {
    let interval: jiff::SignedDuration = text
        .parse()
        .map_err(|_| "a time such as `30m`, `6h` or `24h`".to_owned())?;
    if interval < jiff::SignedDuration::from_mins(5) {
        return Err("at least 5 minutes: Peloton locks accounts that ask more often".into());
    }
    Ok(interval)
}
