//! Where published copies of the tables go.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use async_trait::async_trait;

use crate::error::{Error, Result};
use crate::publish::Publication;
use crate::schema::Table;
use crate::unit::{Fingerprint, Part, Unit};

/// Makes a destination from what follows its kind in a target.
type Open = fn(&str, &Surroundings) -> Result<Arc<dyn Destination>>;

/// Every kind of destination: a new one is its folder and a line here.
const KINDS: &[(&str, &str, Open)] = &[
    ("parquet", "parquet:DIR", crate::parquet::open),
    (
        "bigquery",
        "bigquery:PROJECT.DATASET?location=EU",
        crate::bigquery::open,
    ),
];

/// What destinations need to know besides their target.
#[derive(Debug, Clone)]
pub struct Surroundings {
    /// What is published.
    pub publication: Publication,
    /// How BigQuery is reached.
    pub bigquery: crate::bigquery::Options,
}

/// The destination that a target such as `parquet:DIR` names. Nothing is asked or written yet.
///
/// # Errors
/// [`Error::Target`] for one that names none.
pub fn open(target: &str, surroundings: &Surroundings) -> Result<Arc<dyn Destination>> {
    let (kind, place) = target.split_once(':').unwrap_or((target, ""));
    let known = KINDS.iter().find(|(name, ..)| *name == kind);
    match known {
        Some((.., open)) if !place.is_empty() => open(place, surroundings),
        _ => {
            let forms: Vec<&str> = KINDS.iter().map(|(_, form, _)| *form).collect();
            Err(Error::Target {
                target: target.into(),
                purpose: "place for a copy",
                reason: format!("give {}", forms.join(" or ")),
            })
        }
    }
}

/// How much a table holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Size {
    /// Its rows, or for a nested table the rows nested in them.
    pub samples: u64,
    /// Whether some of its rows belong to no month.
    pub has_undated: bool,
}

/// What is at a destination.
#[derive(Debug, Clone, Default)]
pub struct Found {
    /// Every unit that is there.
    pub units: BTreeMap<Unit, Fingerprint>,
    /// Names of the tables that are there, also of those without rows.
    pub tables: BTreeSet<String>,
}

/// How a table comes to a destination.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Transport {
    /// Not at all: it has no place there.
    Absent,
    /// One file with all of its rows, whatever changed.
    Whole,
    /// One file for each unit that changed.
    ByUnit,
}

/// One file of rows and what it takes the place of.
#[derive(Debug)]
pub struct Replacement<'a> {
    /// The table.
    pub table: &'a Table,
    /// Which of its rows are replaced; [`Part::All`] for the whole table, however it is divided.
    pub part: Part,
    /// The units that the file brings, with their fingerprints. The table has no others in that part.
    pub units: &'a BTreeMap<Unit, Fingerprint>,
    /// A Parquet file in [`Destination::workspace`], columns in the table's order, rows by its key. Its
    /// metadata has the schema version and the fingerprint. It may be moved away.
    pub file: &'a Path,
}

/// A place that holds a published copy of our tables.
///
/// What it promises is what the suite `warehouse::conformance` tests (feature `conformance`).
#[async_trait]
pub trait Destination: Send + Sync {
    /// Where files are written before they are handed over: a folder that exists, on the same file
    /// system if that makes handing over cheaper. Who publishes asks for it first, before the warehouse is
    /// read: a place for one at a time is taken with it.
    fn workspace(&self) -> Result<tempfile::TempDir>;

    /// What is there. Asked before anything of the following; changes nothing.
    async fn published(&self) -> Result<Found>;

    /// What a person should know of the place, as far as it is known by now.
    fn notes(&self) -> Vec<String> {
        Vec::new()
    }

    /// Whether whoever reads the files knows `DELTA_BINARY_PACKED`, one of Parquet's later encodings: then they are
    /// smaller and sooner written.
    fn reads_deltas(&self) -> bool {
        false
    }

    /// How a table of that size comes here.
    fn transport(&self, table: &Table, size: Size) -> Transport;

    /// Creates the table, or adds the columns it lacks. Never drops or retypes one.
    async fn prepare(&self, table: &Table) -> Result<()>;

    /// Replaces a part of a table by the rows of a file. All of them or none; the same call twice
    /// equals once. Calls for different parts may run at once.
    async fn replace(&self, replacement: Replacement<'_>) -> Result<()>;

    /// Takes away a unit of which no rows are left.
    async fn remove(&self, table: &Table, unit: &Unit) -> Result<()>;

    /// Keeps for good which units were replaced and removed, where the files do not say it themselves.
    /// Called now and then and at the end; what no commit followed may be replaced again. Any call may be
    /// dropped while it waits, as Ctrl-C does, and a commit may follow all the same.
    async fn commit(&self) -> Result<()>;

    /// Everything is there now: the end of a run in which nothing failed and that was not stopped.
    async fn complete(&self) -> Result<()> {
        Ok(())
    }
}
