//! What is done with a LookML project beside asking it.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::{AskArgs, TextFormat};

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
