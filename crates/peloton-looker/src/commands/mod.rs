//! One file a command, one `run` each.

use std::process::ExitCode;

use crate::config::Config;
use crate::output::Terminal;

pub(crate) mod api;
pub(crate) mod demo;
pub(crate) mod docs;
pub(crate) mod doctor;
pub(crate) mod export;
pub(crate) mod import;
pub(crate) mod interruption;
pub(crate) mod login;
pub(crate) mod logout;
pub(crate) mod lookml;
pub(crate) mod publish;
pub(crate) mod query;
pub(crate) mod rebuild;
pub(crate) mod sql;
pub(crate) mod status;
pub(crate) mod sync;

/// What every command may use.
#[derive(Debug)]
pub(crate) struct Context {
    pub(crate) config: Config,
    pub(crate) terminal: Terminal,
    /// `--on`: where queries run, if not on the profile's warehouse.
    pub(crate) on: Option<String>,
    /// `--model`: the folder of a LookML project in place of the built-in one.
    pub(crate) model: Option<std::path::PathBuf>,
}

/// How a command ended that did not fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    Complete,
    /// The command did its work and found something wrong (`doctor`).
    Unwell,
    /// Some items could not be had; `status` lists them.
    Partial,
    Interrupted,
}

impl From<Outcome> for ExitCode {
    fn from(outcome: Outcome) -> Self {
        Self::from(match outcome {
            Outcome::Complete => 0,
            Outcome::Unwell => 1,
            Outcome::Partial => 3,
            Outcome::Interrupted => 130,
        })
    }
}

/// A runtime for the commands that ask something of somebody.
pub(crate) fn runtime() -> anyhow::Result<tokio::runtime::Runtime> {
    use anyhow::Context as _;
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .context("start the runtime")
}
