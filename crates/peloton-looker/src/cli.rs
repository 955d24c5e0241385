//! What can be typed. What it means is in `config.rs`.

use std::path::PathBuf;

use clap::builder::styling::{AnsiColor, Styles};
use clap::{ArgAction, Args, Parser, Subcommand, ValueEnum};
use jiff::Timestamp;

use crate::config::{CONCURRENCY, check_rate};

const STYLES: Styles = Styles::styled()
    .header(AnsiColor::Green.on_default().bold())
    .usage(AnsiColor::Green.on_default().bold())
    .literal(AnsiColor::Cyan.on_default().bold())
    .placeholder(AnsiColor::Cyan.on_default());

/// All of your Peloton data, and that of the members you follow, down to each second, in a database you own.
#[derive(Debug, Parser)]
#[command(
    name = "peloton-looker",
    version,
    styles = STYLES,
    max_term_width = 100,
    after_help = "Try it without an account:\n  peloton-looker demo\n\nWith one:\n  peloton-looker login\n  peloton-looker sync\n  peloton-looker sql 'SELECT discipline, count(*) FROM workouts GROUP BY 1'\n\nExit codes: 0 complete, 1 failed, 2 wrong usage, 3 partial, 4 login needed, 130 interrupted"
)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// Options of every command.
#[derive(Debug, Args)]
pub(crate) struct Global {
    /// Which profile of this computer: one a member of the household
    #[arg(
        long,
        global = true,
        value_name = "NAME",
        default_value = "default",
        help_heading = "Global options"
    )]
    pub(crate) profile: String,
    /// Where queries run: duckdb:PATH, parquet:DIR, bigquery:PROJECT.DATASET [default: the profile's warehouse]
    #[arg(
        long,
        global = true,
        value_name = "TARGET",
        help_heading = "Global options"
    )]
    pub(crate) on: Option<String>,
    /// A folder with a LookML project instead of the built-in one
    #[arg(
        long,
        global = true,
        value_name = "DIR",
        help_heading = "Global options"
    )]
    pub(crate) model: Option<PathBuf>,
    /// Say more; twice: every request
    #[arg(short, long, global = true, action = ArgAction::Count, help_heading = "Global options")]
    pub(crate) verbose: u8,
    /// Say nothing but errors
    #[arg(
        short,
        long,
        global = true,
        conflicts_with = "verbose",
        help_heading = "Global options"
    )]
    pub(crate) quiet: bool,
    /// When to use colours
    #[arg(
        long,
        global = true,
        value_enum,
        default_value_t,
        value_name = "WHEN",
        help_heading = "Global options"
    )]
    pub(crate) color: ColorWhen,
    /// No progress bars
    #[arg(long, global = true, help_heading = "Global options")]
    pub(crate) no_progress: bool,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum ColorWhen {
    #[default]
    Auto,
    Always,
    Never,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Everything on simulated data: no account needed
    Demo(DemoArgs),
    /// Log in to Peloton and keep the tokens
    Login(LoginArgs),
    /// Forget the tokens, and a remembered password
    #[command(after_help = "Example:\n  peloton-looker logout --profile partner")]
    Logout,
    /// Fetch what is new: your workouts and those of the members you follow
    Sync(SyncArgs),
    /// Take in the CSV file that Peloton's web site offers, when no login works
    Import(ImportArgs),
    /// What is there, what is missing and why
    Status(StatusArgs),
    /// Check settings, login, Peloton, archive and warehouse, and say what to do
    Doctor(DoctorArgs),
    /// Make the warehouse anew from the archive, without a request
    #[command(
        after_help = "Tables and views that you made in the file stay.\n\nExample:\n  peloton-looker rebuild"
    )]
    Rebuild,
    /// Bring a copy of all tables to BigQuery or to a folder of Parquet files
    Publish(PublishArgs),
    /// Ask an Explore of the model: fields, filters, pivots, totals
    Query(Box<QueryArgs>),
    /// Check, test or write a LookML project
    #[command(
        after_help = "Examples:\n  peloton-looker lookml check\n  peloton-looker lookml test\n  peloton-looker lookml write ~/peloton-lookml"
    )]
    Lookml {
        #[command(subcommand)]
        command: LookmlCommand,
    },
    /// Run a read-only SQL statement
    Sql(SqlArgs),
    /// Write tables to files
    Export(ExportArgs),
    /// Ask Peloton's API one question
    #[command(after_help = "Example:\n  peloton-looker api get /api/me")]
    Api {
        #[command(subcommand)]
        command: ApiCommand,
    },
    /// Reference pages
    #[command(after_help = "Example:\n  peloton-looker docs tables")]
    Docs {
        #[command(subcommand)]
        command: DocsCommand,
    },
    /// Print a completion script for a shell
    #[command(
        after_help = "Example:\n  peloton-looker completions bash > ~/.local/share/bash-completion/completions/peloton-looker"
    )]
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
}

impl Command {
    /// Whether `--on` says something to it.
    pub(crate) fn runs_queries(&self) -> bool {
        match self {
            Self::Query(_) | Self::Sql(_) | Self::Export(_) => true,
            Self::Lookml { command } => match command {
                LookmlCommand::Check(args) => args.live,
                LookmlCommand::Test(_) => true,
                LookmlCommand::Write(_) => false,
            },
            _ => false,
        }
    }

    /// Whether `--model` says something to it.
    pub(crate) fn uses_model(&self) -> bool {
        match self {
            Self::Query(_) => true,
            Self::Lookml { command } => !matches!(command, LookmlCommand::Write(_)),
            _ => false,
        }
    }
}

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
    after_help = "Examples:\n  peloton-looker sql 'SELECT title, total_work / 1000 AS kj FROM workouts ORDER BY 2 DESC LIMIT 10'\n  peloton-looker sql --format csv 'FROM workout_stats' > seconds.csv\n  peloton-looker sql --on parquet:out 'SHOW TABLES'\n  peloton-looker sql --on bigquery:my-project.peloton 'SELECT count(*) FROM workouts'\n  echo 'SELECT 1' | peloton-looker sql -"
)]
pub(crate) struct SqlArgs {
    /// One SELECT, EXPLAIN, DESCRIBE or SHOW statement; - reads it from standard input
    #[arg(value_name = "SQL", allow_hyphen_values = true)]
    pub(crate) sql: String,
    /// How to print the rows
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub(crate) format: RowFormat,
    /// Give up after this many seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 300)]
    pub(crate) timeout: u64,
    #[command(flatten)]
    pub(crate) bill: BillArgs,
}

#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  peloton-looker query workouts --fields workouts.start_month,workouts.count\n  peloton-looker query workouts --fields workouts.discipline,workouts.count --filter 'workouts.start_date=90 days' --total\n  peloton-looker query workouts --fields workouts.start_month,workouts.discipline,workouts.count --pivots workouts.discipline --format csv\n  peloton-looker query --url 'https://example.looker.com/explore/peloton/workouts?fields=workouts.count'\n  peloton-looker query workouts --fields workouts.count --format sql     (what would be run)\n\nThe Explores are workouts, workout_seconds, classes, songs, friends, sync_health and catalog."
)]
pub(crate) struct QueryArgs {
    /// The Explore, or MODEL/EXPLORE where models share its name
    #[arg(value_name = "EXPLORE", required_unless_present_any = ["url", "json"], conflicts_with_all = ["url", "json"], requires = "fields")]
    pub(crate) explore: Option<String>,
    /// Fields, as in view.field, in the order of the columns
    #[arg(long, value_name = "FIELDS", value_delimiter = ',')]
    pub(crate) fields: Vec<String>,
    /// A filter expression on a field (repeatable, once a field): 'workouts.start_date=last 90 days'
    #[arg(long, value_name = "FIELD=EXPRESSION", value_parser = parse_pair)]
    pub(crate) filter: Vec<(String, String)>,
    /// Those of the fields that go across
    #[arg(long, value_name = "FIELDS", value_delimiter = ',')]
    pub(crate) pivots: Vec<String>,
    /// Those of the fields whose missing values are filled in
    #[arg(long, value_name = "FIELDS", value_delimiter = ',')]
    pub(crate) fill: Vec<String>,
    /// In which order: 'workouts.count desc'
    #[arg(long, value_name = "SORTS", value_delimiter = ',')]
    pub(crate) sorts: Vec<String>,
    /// Rows at most; -1: all [default: 500]
    #[arg(long, value_name = "N", allow_hyphen_values = true, value_parser = clap::value_parser!(i64).range(-1..))]
    pub(crate) limit: Option<i64>,
    /// Columns of pivots at most [default: 50]
    #[arg(long, value_name = "N")]
    pub(crate) column_limit: Option<u64>,
    /// A row of totals
    #[arg(long)]
    pub(crate) total: bool,
    /// A column of totals, where there are pivots
    #[arg(long)]
    pub(crate) row_total: bool,
    /// The address of an Explore, of Looker or of this program
    #[arg(long, value_name = "URL", conflicts_with = "json")]
    pub(crate) url: Option<String>,
    /// A file with a query as Looker's API has it; - reads it from standard input
    #[arg(long, value_name = "FILE")]
    pub(crate) json: Option<PathBuf>,
    /// The time zone that dates are shown in and filters mean [default: as config.toml says, else UTC]
    #[arg(long, value_name = "ZONE")]
    pub(crate) timezone: Option<String>,
    /// How to print the answer
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub(crate) format: AnswerFormat,
    #[command(flatten)]
    pub(crate) ask: AskArgs,
}

/// For whom and when a model is asked, and how long.
#[derive(Debug, Args)]
pub(crate) struct AskArgs {
    /// The clock, as in 2026-03-01T00:00:00Z [default: now]
    #[arg(long, value_name = "TIMESTAMP", value_parser = parse_moment)]
    pub(crate) now: Option<Timestamp>,
    /// A user attribute (repeatable), one text whatever characters it has
    #[arg(long, value_name = "NAME=VALUE", value_parser = parse_pair)]
    pub(crate) attr: Vec<(String, String)>,
    /// A user attribute that is a filter expression (repeatable)
    #[arg(long, value_name = "NAME=EXPRESSION", value_parser = parse_pair)]
    pub(crate) attr_filter: Vec<(String, String)>,
    /// Give up a query after this many seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 300)]
    pub(crate) timeout: u64,
    #[command(flatten)]
    pub(crate) bill: BillArgs,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum AnswerFormat {
    /// Labels and formatted values, for people
    #[default]
    Table,
    /// Names and raw values
    Csv,
    /// One array of objects, as Looker's API gives it
    Json,
    /// One object a line
    Jsonl,
    /// With formatted values, links and what the columns are, as Looker's API gives it
    #[value(name = "json_detail")]
    JsonDetail,
    /// The SQL, without running it
    Sql,
}

/// `name=value`; the value may have more of them.
fn parse_pair(text: &str) -> Result<(String, String), String> {
    let (name, value) = text
        .split_once('=')
        .ok_or("a name, `=` and a value make one")?;
    Ok((name.trim().to_owned(), value.to_owned()))
}

/// A time with a zone, or one in UTC without.
fn parse_moment(text: &str) -> Result<Timestamp, String> {
    let utc = |text: &str| {
        let civil: jiff::civil::DateTime = text.parse().ok()?;
        jiff::tz::TimeZone::UTC.to_timestamp(civil).ok()
    };
    match text.parse::<Timestamp>() {
        Ok(moment) => Ok(moment),
        Err(error) => utc(text).ok_or_else(|| error.to_string()),
    }
}

/// What a query in BigQuery may cost.
#[derive(Debug, Clone, Copy, Args)]
pub(crate) struct BillArgs {
    /// Bytes that BigQuery may bill for one query: 500MB, 2GiB, 1TiB
    #[arg(long, value_name = "BYTES", default_value = "1GiB", value_parser = parse_bytes)]
    pub(crate) max_bytes_billed: u64,
}

#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  peloton-looker export out/\n  peloton-looker export out/ --format csv --table workouts --table rides"
)]
pub(crate) struct ExportArgs {
    /// Folder; it is made when it is missing
    #[arg(value_name = "DIR")]
    pub(crate) folder: PathBuf,
    /// Kind of files
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub(crate) format: FileFormat,
    /// Only this table (repeatable)
    #[arg(long, value_name = "NAME")]
    pub(crate) table: Vec<String>,
    #[command(flatten)]
    pub(crate) bill: BillArgs,
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

#[derive(Debug, Subcommand)]
pub(crate) enum DocsCommand {
    /// Every table: what a row is, its key, its columns with type and unit
    #[command(
        after_help = "Examples:\n  peloton-looker docs tables\n  peloton-looker docs tables --format json | jq '.[].name'"
    )]
    Tables {
        /// How to print it
        #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
        format: DocsFormat,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum LookmlCommand {
    /// What is wrong with a project, and what to do
    Check(CheckArgs),
    /// Run the data tests of a project on the warehouse
    Test(TestArgs),
    /// Write the built-in project into a folder, for Looker
    Write(WriteArgs),
}

#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  peloton-looker lookml check\n  peloton-looker lookml check ~/peloton-lookml --lint\n  peloton-looker lookml check . --format json --fail-on warning     (in a pipeline)\n  peloton-looker lookml check . --live --on bigquery:my-project.peloton\n\nA comment `# lookml-ignore: LK410` on or above an item keeps it quiet."
)]
pub(crate) struct CheckArgs {
    /// The project's folder [default: the built-in project]
    #[arg(value_name = "DIR", conflicts_with = "model")]
    pub(crate) folder: Option<PathBuf>,
    /// Look for what is a matter of style, too
    #[arg(long)]
    pub(crate) lint: bool,
    /// Ask the warehouse, too: that it takes the SQL of every dimension, that keys tell rows apart, and that joins find
    /// one row where they say so
    #[arg(long)]
    pub(crate) live: bool,
    /// From which severity on the exit code is 1
    #[arg(long, value_enum, default_value_t, value_name = "SEVERITY")]
    pub(crate) fail_on: FailOn,
    /// How to print what was found
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub(crate) format: TextFormat,
    #[command(flatten, next_help_heading = "With --live")]
    pub(crate) ask: AskArgs,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum FailOn {
    /// Errors only
    #[default]
    Error,
    /// Warnings and errors
    Warning,
}

#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  peloton-looker lookml test\n  peloton-looker lookml test ~/peloton-lookml --on bigquery:my-project.peloton\n  peloton-looker lookml test --format json | jq '.[] | select(.success | not)'"
)]
pub(crate) struct TestArgs {
    /// The project's folder [default: the built-in project]
    #[arg(value_name = "DIR", conflicts_with = "model")]
    pub(crate) folder: Option<PathBuf>,
    /// How to print the results
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub(crate) format: TextFormat,
    #[command(flatten)]
    pub(crate) ask: AskArgs,
}

#[derive(Debug, Args)]
#[command(
    after_help = "Run it again after an update: what you set in manifest.lkml and everything in custom/ stays. A file that you changed by hand is not written over without --force.\n\nExamples:\n  peloton-looker lookml write ~/peloton-lookml --connection my_bigquery --dataset my-project.peloton\n  peloton-looker lookml write ~/peloton-lookml"
)]
pub(crate) struct WriteArgs {
    /// The folder; it is made when it is missing
    #[arg(value_name = "DIR")]
    pub(crate) folder: PathBuf,
    /// The name of the connection in Looker [default: as config.toml says, else as the manifest there has it]
    #[arg(long, value_name = "NAME", value_parser = parse_plain)]
    pub(crate) connection: Option<String>,
    /// The dataset of the tables, as in my-project.peloton [default: as the manifest there has it]
    #[arg(long, value_name = "DATASET", value_parser = parse_plain)]
    pub(crate) dataset: Option<String>,
    /// Write over files that were changed by hand, or that are somebody else's
    #[arg(long)]
    pub(crate) force: bool,
}

/// A name that needs no quoting anywhere.
fn parse_plain(text: &str) -> Result<String, String> {
    let is_plain = |c: char| c.is_alphanumeric() || "_-.:".contains(c);
    match !text.is_empty() && text.chars().all(is_plain) {
        true => Ok(text.to_owned()),
        false => Err("letters, digits, `_`, `-`, `.` and `:` make one".to_owned()),
    }
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum TextFormat {
    /// For people
    #[default]
    Text,
    /// For programs
    Json,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum StatusFormat {
    /// For people
    #[default]
    Text,
    /// For programs
    Json,
    /// The members, for programs
    Csv,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum DocsFormat {
    /// Markdown
    #[default]
    Markdown,
    /// For programs
    Json,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum RowFormat {
    /// Aligned, for people
    #[default]
    Table,
    /// With a header
    Csv,
    /// One array of objects
    Json,
    /// One object a line
    Jsonl,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum FileFormat {
    /// Columns, compressed
    #[default]
    Parquet,
    /// With a header
    Csv,
    /// One object a line
    Jsonl,
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

fn parse_bytes(text: &str) -> Result<u64, String> {
    const UNITS: [(&str, u64); 9] = [
        ("KiB", 1 << 10),
        ("MiB", 1 << 20),
        ("GiB", 1 << 30),
        ("TiB", 1 << 40),
        ("KB", 1_000),
        ("MB", 1_000_000),
        ("GB", 1_000_000_000),
        ("TB", 1_000_000_000_000),
        ("", 1),
    ];
    let digits = text.trim_end_matches(|c: char| !c.is_ascii_digit());
    let unit = text[digits.len()..].trim();
    let unit = UNITS
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case(unit));
    let count: Option<u64> = digits.parse().ok();
    unit.zip(count)
        .and_then(|((_, size), count)| count.checked_mul(*size))
        .ok_or_else(|| "bytes such as `500MB`, `2GiB` or `1TiB`".to_owned())
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
