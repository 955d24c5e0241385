//! Where published copies of the tables go.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use async_trait::async_trait;

use crate::error::{Error, Result};
use crate::publish::Publication;
use crate::query::QueryEngine;
use crate::schema::Table;
use crate::unit::{Fingerprint, Part, Unit};

/// Makes a destination of a place in its one spelling.
type Open = fn(&str, &Surroundings) -> Result<Arc<dyn Destination>>;

/// Makes a place for queries of it.
type Query = fn(&str, &Surroundings) -> Result<Box<dyn QueryEngine>>;

/// A kind of place: for copies, for queries, or for both.
#[derive(Debug, Clone, Copy)]
pub struct Kind {
    /// What stands before the colon of a target.
    pub name: &'static str,
    /// How a target of it is written.
    pub form: &'static str,
    /// The one spelling of a place, from what follows the kind; an error where that names none.
    pub spell: fn(&str) -> Result<Spelling>,
    /// The place as a destination of copies.
    pub open: Option<Open>,
    /// The place as one that answers queries.
    pub query: Option<Query>,
    /// Whether it is looked at over a network.
    pub is_remote: bool,
}

/// Every kind: a new one is its folder and a line here.
pub const KINDS: Kinds = Kinds(&[
    crate::duckdb::KIND,
    crate::parquet::KIND,
    crate::bigquery::KIND,
]);

/// How a place is written, without its kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spelling {
    /// The place alone: equal texts are one place.
    pub place: String,
    /// With all that is needed to make it.
    pub whole: String,
}

impl From<String> for Spelling {
    fn from(place: String) -> Self {
        Self {
            whole: place.clone(),
            place,
        }
    }
}

/// What destinations need to know besides their target.
#[derive(Debug, Clone)]
pub struct Surroundings {
    /// What is published.
    pub publication: Publication,
    /// How BigQuery is reached.
    pub bigquery: crate::bigquery::Options,
}

/// Kinds of places.
#[derive(Debug, Clone, Copy)]
pub struct Kinds(pub &'static [Kind]);

impl Kinds {
    /// The destination that a target such as `parquet:DIR` names. Nothing is asked or written yet.
    ///
    /// # Errors
    /// [`Error::Target`] for one that names none.
    pub fn open(self, target: &str, surroundings: &Surroundings) -> Result<Arc<dyn Destination>> {
        let has = |kind: &Kind| Some((kind.spell, kind.open?));
        let ((spell, open), place) = self.find(target, "place for a copy", has)?;
        open(&spell(place)?.whole, surroundings)
    }

    /// The place for queries that a target names. Nothing is asked yet.
    ///
    /// # Errors
    /// [`Error::Target`] for one that names none.
    pub fn query(self, target: &str, surroundings: &Surroundings) -> Result<Box<dyn QueryEngine>> {
        let has = |kind: &Kind| Some((kind.spell, kind.query?));
        let ((spell, query), place) = self.find(target, "place for queries", has)?;
        query(&spell(place)?.whole, surroundings)
    }

    /// A target of a copy in its one spelling.
    ///
    /// # Errors
    /// [`Error::Target`] for one that names none.
    pub fn spell(self, target: &str) -> Result<Spelling> {
        let destination = |kind: &Kind| kind.open.map(|_| *kind);
        let (kind, place) = self.find(target, "place for a copy", destination)?;
        let Spelling { place, whole } = (kind.spell)(place)?;
        let named = |text: String| format!("{}:{text}", kind.name);
        Ok(Spelling {
            place: named(place),
            whole: named(whole),
        })
    }

    /// Whether what a target names is looked at over a network.
    pub fn is_remote(self, target: &str) -> bool {
        let found = self.find(target, "place", |kind| Some(*kind));
        found.is_ok_and(|(kind, _)| kind.is_remote)
    }

    /// What the kind of a target has, and what follows the kind.
    fn find<'a, T>(
        self,
        target: &'a str,
        purpose: &'static str,
        has: impl Fn(&Kind) -> Option<T>,
    ) -> Result<(T, &'a str)> {
        let (name, place) = target.split_once(':').unwrap_or((target, ""));
        let known = self.0.iter().find(|kind| kind.name == name);
        match known.and_then(&has) {
            Some(found) if !place.is_empty() => Ok((found, place)),
            _ => {
                let fitting = self.0.iter().filter(|kind| has(kind).is_some());
                let forms: Vec<&str> = fitting.map(|kind| kind.form).collect();
                Err(Error::Target {
                    target: target.into(),
                    purpose,
                    reason: format!("give {}", forms.join(" or ")),
                })
            }
        }
    }
}

/// `~` is the home folder behind a kind too, where no shell sees it.
fn path(place: &str) -> PathBuf {
    let below = place.strip_prefix('~').map(|rest| {
        let below = rest.strip_prefix(['/', std::path::MAIN_SEPARATOR]);
        below.or(rest.is_empty().then_some(""))
    });
    match (below.flatten(), std::env::home_dir()) {
        (Some(below), Some(home)) => home.join(below),
        _ => PathBuf::from(place),
    }
}

/// The one spelling of a place that is a path: from the root on. What `..` means, only the file system knows.
///
/// # Errors
/// None: every text is a path.
pub fn spell_path(place: &str) -> Result<Spelling> {
    let path = path(place);
    let whole = std::path::absolute(&path).unwrap_or(path);
    let goes_up = whole.components().any(|part| part == Component::ParentDir);
    let path: PathBuf = match whole.canonicalize() {
        Ok(real) if goes_up => real,
        _ => whole.components().collect(),
    };
    Ok(path.display().to_string().into())
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
    /// Whose data they are, as [`Destination::claim`] was told.
    pub owner: Option<Fingerprint>,
}

/// What asking alone finds out about a place.
#[derive(Debug, Default)]
pub struct Examined {
    /// What a person may want to know: "in EU".
    pub facts: Vec<String>,
    /// What of the copy is not as it was published.
    pub damage: Option<Error>,
    /// What would keep a publication, or a table of it, from coming there.
    pub obstacles: Vec<Error>,
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

    /// Asks for all that a publication needs, and whether what was published is still there. Changes nothing.
    async fn examine(&self, _publication: &Publication) -> Result<Examined> {
        Ok(Examined::default())
    }

    /// How many load jobs so many changes take, where their number is limited.
    fn load_jobs(&self, _changes: usize) -> Option<usize> {
        None
    }

    /// Keeps for good whose data come now. Before anything of them, and only where [`Found::owner`] is another.
    async fn claim(&self, owner: &Fingerprint) -> Result<()>;

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

    /// Everything is there now, but tables that failed: the end of a run that was not stopped.
    async fn complete(&self, _failed: &[&str]) -> Result<()> {
        Ok(())
    }
}
