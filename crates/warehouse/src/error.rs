//! What can go wrong, by what the caller can do about it.

use std::path::PathBuf;

/// Errors of this crate.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// There is no file yet: nothing was loaded.
    #[error("there is no warehouse at `{}` yet", path.display())]
    Missing {
        /// Where it was looked for.
        path: PathBuf,
    },
    /// A file is there that this program did not make.
    #[error("`{}` is not a warehouse of ours: {reason}", path.display())]
    NotOurs {
        /// The file.
        path: PathBuf,
        /// What it is instead.
        reason: String,
    },
    /// Another process has the profile or the file.
    #[error("`{}` is in use by {holder}", path.display())]
    Locked {
        /// The lock or the file.
        path: PathBuf,
        /// Who has it, as far as known.
        holder: String,
    },
    /// SQL that may not be run here.
    #[error("this statement is not allowed: {reason}")]
    Refused {
        /// Why.
        reason: String,
    },
    /// The time limit ended a query.
    #[error("the query took longer than {seconds} s")]
    TimedOut {
        /// The limit.
        seconds: u64,
    },
    /// A file could not be read or written.
    #[error("{action} `{}`", path.display())]
    Io {
        /// What was done.
        action: &'static str,
        /// With which file.
        path: PathBuf,
        /// Why it failed.
        #[source]
        source: std::io::Error,
    },
    /// DuckDB refused.
    #[error("{action}")]
    DuckDb {
        /// What was done.
        action: String,
        /// DuckDB's reason.
        #[source]
        source: duckdb::Error,
    },
}

/// Result of this crate.
pub type Result<T> = std::result::Result<T, Error>;

pub(crate) trait IoContext<T> {
    fn at(self, action: &'static str, path: &std::path::Path) -> Result<T>;
}

impl<T> IoContext<T> for std::io::Result<T> {
    fn at(self, action: &'static str, path: &std::path::Path) -> Result<T> {
        self.map_err(|source| Error::Io {
            action,
            path: path.into(),
            source,
        })
    }
}

pub(crate) trait DuckDbContext<T> {
    fn doing(self, action: impl Into<String>) -> Result<T>;
}

impl<T> DuckDbContext<T> for std::result::Result<T, duckdb::Error> {
    fn doing(self, action: impl Into<String>) -> Result<T> {
        self.map_err(|source| Error::DuckDb {
            action: action.into(),
            source,
        })
    }
}
