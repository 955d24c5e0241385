//! What can be typed. What it means is in `config.rs`.

mod account;
mod ask;
mod project;

use std::path::PathBuf;

use clap::builder::styling::{AnsiColor, Styles};
use clap::{ArgAction, Args, Parser, Subcommand, ValueEnum};

pub(crate) use self::account::{
    ApiCommand, DemoArgs, DoctorArgs, Grant, ImportArgs, LoginArgs, PublishArgs, RebuildArgs,
    StatusArgs, SyncArgs,
};
pub(crate) use self::ask::{
    AnswerFormat, AskArgs, ExportArgs, FileFormat, QueryArgs, RowFormat, SqlArgs,
};
pub(crate) use self::project::{CheckArgs, FailOn, LookmlCommand, TestArgs, WriteArgs};

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
    Rebuild(RebuildArgs),
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
