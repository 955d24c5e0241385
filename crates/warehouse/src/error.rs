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
    /// Its tables are those of another version of this program.
    #[error("`{}` has tables of another version of this program", path.display())]
    OtherVersion {
        /// The file.
        path: PathBuf,
    },
    /// It is one of DuckDB's files, and DuckDB can't open it.
    #[error("open the warehouse `{}`", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// DuckDB's reason.
        #[source]
        source: Reason,
    },
    /// One of our tables is not there any more.
    #[error("`{}` lacks our table `{table}`", path.display())]
    Lacking {
        /// The file.
        path: PathBuf,
        /// Its name.
        table: &'static str,
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
    /// No publication has come to its end there, or an older version of the program made it.
    #[error("`{}` does not say which of its files make the copy: its first publication did not come to its end", path.display())]
    Incomplete {
        /// The folder.
        path: PathBuf,
    },
    /// A file that was published is not as it was.
    #[error("`{}` {what}", path.display())]
    Altered {
        /// The file.
        path: PathBuf,
        /// "is missing", "is damaged", …
        what: &'static str,
    },
    /// A Parquet file can't be read.
    #[error("`{}` is damaged", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        #[source]
        source: parquet::errors::ParquetError,
    },
    /// A file that is none of ours is where one of ours is to be.
    #[error("`{}` is in the way: another program wrote it", path.display())]
    Occupied {
        /// The file.
        path: PathBuf,
    },
    /// The place has the data of another account.
    #[error("it holds the data of another account")]
    OtherOwner,
    /// A Parquet file could not be written or read.
    #[error("handle Parquet")]
    Parquet {
        /// Why.
        #[source]
        source: parquet::errors::ParquetError,
    },
    /// Columns are not what they were said to be.
    #[error("handle columns")]
    Arrow {
        /// Why.
        #[source]
        source: arrow::error::ArrowError,
    },
    /// The target of a copy or of queries is not written as it must be.
    #[error("`{target}` is no {purpose}: {reason}")]
    Target {
        /// What was given.
        target: String,
        /// What it was given for: "place for a copy".
        purpose: &'static str,
        /// What is wrong, or which there are.
        reason: String,
    },
    /// A column there has another type: it is never retyped.
    #[error("column `{column}` of `{table}` is {there} there and {here} here")]
    Conflict {
        /// Table with its dataset.
        table: String,
        /// Its column.
        column: String,
        /// Type at the destination.
        there: String,
        /// Type that we publish.
        here: String,
    },
    /// A table there holds rows that we did not write.
    #[error("`{table}` holds rows that another program wrote")]
    Foreign {
        /// Table with its dataset.
        table: String,
    },
    /// Something wrote to tables there while they were published: whose rows they hold, nobody can say.
    #[error("something else wrote to {} while it was published", quoted(tables))]
    Changed {
        /// Their names.
        tables: Vec<String>,
    },
    /// BigQuery could not be reached, refused, or failed.
    #[error(transparent)]
    BigQuery(#[from] crate::bigquery::Error),
    /// DuckDB refused.
    #[error("{action}")]
    DuckDb {
        /// What was done.
        action: String,
        /// DuckDB's reason.
        #[source]
        source: Reason,
    },
}

fn quoted(names: &[String]) -> String {
    let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    names.join(", ")
}

/// What DuckDB said, without the numbers that its C interface adds.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Reason(String);

impl Reason {
    /// Whether a file is not as DuckDB left it: cut, or overwritten in part.
    pub fn is_damage(&self) -> bool {
        let reason = self.0.to_lowercase();
        ["could not read enough", "corrupt", "checksum", "serializ"]
            .iter()
            .any(|word| reason.contains(word))
    }
}

impl From<duckdb::Error> for Reason {
    fn from(error: duckdb::Error) -> Self {
        match error {
            duckdb::Error::DuckDBFailure(_, Some(message)) => Self(message),
            error => Self(error.to_string()),
        }
    }
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
        self.map_err(|error| Error::DuckDb {
            action: action.into(),
            source: error.into(),
        })
    }
}

/// Who has a file open for writing, by DuckDB's words about why it can't be opened.
pub(crate) fn holder(error: &duckdb::Error) -> Option<String> {
    let text = error.to_string();
    for mark in ["Conflicting lock is held in ", "File is already open in "] {
        if let Some((_, rest)) = text.split_once(mark) {
            let holder = rest.split(". See also").next().unwrap_or(rest);
            return Some(holder.lines().collect::<Vec<_>>().join(" ").trim().into());
        }
    }
    text.contains("Could not set lock on file")
        .then(|| "another program".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_holder_of_a_file_is_read_from_duckdbs_words() {
        let said = |text: &str| {
            holder(&duckdb::Error::DuckDBFailure(
                duckdb::ffi::Error::new(1),
                Some(text.into()),
            ))
        };
        let unix = "IO Error: Could not set lock on file \"/w\": Conflicting lock is held in /usr/bin/python3.11 (PID 7) by user ada. See also https://duckdb.org/docs";
        assert_eq!(
            said(unix).as_deref(),
            Some("/usr/bin/python3.11 (PID 7) by user ada")
        );
        let windows = "IO Error: Cannot open file \"w\": in use. File is already open in \nC:\\dbeaver.exe (PID 8)";
        assert_eq!(said(windows).as_deref(), Some("C:\\dbeaver.exe (PID 8)"));
        let nobody =
            "IO Error: Could not set lock on file \"/w\": Resource temporarily unavailable";
        assert_eq!(said(nobody).as_deref(), Some("another program"));
        assert_eq!(said("IO Error: no such file"), None);
    }
}
