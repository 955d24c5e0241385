//! The warehouse: one DuckDB file, loaded on a copy and published by rename.

mod carry;
mod ending;
mod load;
mod merge;
mod reader;
mod statement;

use std::path::{Path, PathBuf};

use duckdb::Connection;
use jiff::Timestamp;

use crate::destination::{self, Kind};
use crate::error::{DuckDbContext, Error, IoContext, Result};
use crate::query::{DuckDb, Limits};
use crate::schema::Table;
use crate::view::View;

pub use load::{Load, Published};
pub use merge::{Losses, Silence};
pub use reader::Reader;

pub(crate) use ending::{EndOnDrop, Interrupt};
pub(crate) use load::{exactly, literal, quoted};

/// A file of DuckDB answers queries; copies do not go to one.
pub(crate) const KIND: Kind = Kind {
    name: "duckdb",
    form: "duckdb:PATH",
    spell: destination::spell_path,
    open: None,
    query: Some(|path, _| Ok(Box::new(DuckDb::on_file(path.into())))),
    is_remote: false,
};

/// The published file of a profile.
#[derive(Debug, Clone)]
pub struct Warehouse {
    path: PathBuf,
}

impl Warehouse {
    /// The warehouse at that path, whether or not it is there yet.
    pub fn at(path: PathBuf) -> Self {
        Self { path }
    }

    /// Where the file is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Opens the published file for reading.
    ///
    /// # Errors
    /// [`Error::Missing`] before the first load, [`Error::NotOurs`] for a file that is none of
    /// DuckDB's, [`Error::Locked`] while another program has it open for writing.
    pub fn read(&self, limits: Limits) -> Result<Reader> {
        if !self.path.exists() {
            return Err(Error::Missing {
                path: self.path.clone(),
            });
        }
        self.check_header()?;
        Reader::open(&self.path, limits)
    }

    /// A load on a copy of the file, or into a new one.
    ///
    /// # Errors
    /// [`Error::NotOurs`] where another file has the name: it is never overwritten.
    /// [`Error::Locked`] while another program has it open for writing. [`Error::OtherVersion`] where
    /// only a rebuild helps.
    pub fn begin_load(&self, tables: &[Table], views: &[View]) -> Result<Load> {
        Load::begin(self, false, tables, views)
    }

    /// A load that begins with empty tables; what a person made in the file stays.
    ///
    /// # Errors
    /// Those of [`Warehouse::begin_load`].
    pub fn begin_rebuild(&self, tables: &[Table], views: &[View]) -> Result<Load> {
        Load::begin(self, true, tables, views)
    }

    /// Gives the published file a second, dated name, which it keeps when a load takes its place.
    ///
    /// # Errors
    /// [`Error::Io`] where neither a link nor a copy can be made.
    pub fn keep_aside(&self) -> Result<PathBuf> {
        let time = Timestamp::now().strftime("%Y%m%dT%H%M%SZ");
        let stem = self.path.file_stem().unwrap_or_default();
        let name = format!("{}-as-of-{time}.duckdb", stem.to_string_lossy());
        let aside = self.path.with_file_name(name);
        if std::fs::hard_link(&self.path, &aside).is_err() {
            reflink_copy::reflink_or_copy(&self.path, &aside)
                .map(|_| ())
                .at("keep the warehouse as", &aside)?;
        }
        Ok(aside)
    }

    /// Opens the published file if it is one of ours; None where there is none.
    ///
    /// # Errors
    /// As [`Warehouse::read`], and [`Error::NotOurs`] for a DuckDB file of another program.
    pub fn read_ours(&self) -> Result<Option<Reader>> {
        let reader = match self.read(Limits::default()) {
            Err(Error::Missing { .. }) => return Ok(None),
            reader => reader?,
        };
        let found = reader.batches(
            "SELECT 1 FROM duckdb_tables() WHERE schema_name = 'state' AND table_name = 'meta'",
        )?;
        if found.iter().all(|batch| batch.num_rows() == 0) {
            return Err(self.not_ours("a DuckDB file that another program made"));
        }
        Ok(Some(reader))
    }

    /// Whether a load could add to the file: one of ours, of this version, with every table. There may be none.
    ///
    /// # Errors
    /// As [`Warehouse::read_ours`]; [`Error::OtherVersion`] and [`Error::Lacking`] where only a rebuild helps.
    pub fn check(&self, tables: &[Table]) -> Result<()> {
        let Some(reader) = self.read_ours()? else {
            return Ok(());
        };
        let version = reader.strings("SELECT schema_version::VARCHAR FROM state.meta")?;
        if version != [crate::SCHEMA_VERSION.to_string()] {
            return Err(Error::OtherVersion {
                path: self.path.clone(),
            });
        }
        let there = reader.strings(
            "SELECT table_name FROM duckdb_tables() WHERE schema_name = 'main' AND NOT internal",
        )?;
        let is_there = |table: &&Table| there.iter().any(|name| name == table.name);
        match tables.iter().find(|table| !is_there(table)) {
            Some(table) => Err(Error::Lacking {
                path: self.path.clone(),
                table: table.name,
            }),
            None => Ok(()),
        }
    }

    /// DuckDB's files have their name at byte 8.
    fn check_header(&self) -> Result<()> {
        use std::io::Read;
        let mut header = [0; 12];
        let read =
            std::fs::File::open(&self.path).and_then(|mut file| file.read_exact(&mut header));
        match read {
            Ok(()) if &header[8..] == b"DUCK" => Ok(()),
            Ok(()) => Err(self.not_ours("it is no DuckDB file")),
            Err(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => {
                Err(self.not_ours("it is no DuckDB file"))
            }
            Err(source) => Err(Error::Io {
                action: "read",
                path: self.path.clone(),
                source,
            }),
        }
    }

    fn not_ours(&self, reason: &str) -> Error {
        Error::NotOurs {
            path: self.path.clone(),
            reason: reason.into(),
        }
    }
}

pub(crate) fn strings(connection: &Connection, sql: &str) -> Result<Vec<String>> {
    let mut statement = connection.prepare(sql).doing("ask the warehouse")?;
    let rows = statement
        .query_map([], |row| row.get(0))
        .doing("ask the warehouse")?;
    rows.collect::<std::result::Result<_, _>>()
        .doing("ask the warehouse")
}

/// Whether a statement is one that only reads.
#[cfg(fuzzing)]
pub(crate) fn only_reads(sql: &str) -> bool {
    statement::check(sql).is_ok()
}
