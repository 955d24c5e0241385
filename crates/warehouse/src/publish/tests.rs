use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use async_trait::async_trait;
use parquet::file::reader::{FileReader, SerializedFileReader};

use super::*;
use crate::destination::{Found, Size, Transport};
use crate::duckdb::Reader;
use crate::query::Limits;
use crate::schema::{Column, ColumnType};
use crate::unit::Fingerprint;

/// A destination in memory.
#[derive(Debug, Default)]
struct Memory {
    /// A table that is another program's.
    foreign: &'static str,
    replaced: Mutex<Vec<String>>,
    /// How many files said that their rows are in order.
    sorted: Mutex<usize>,
    committed: Mutex<Vec<String>>,
}

impl Memory {
    fn committed(&self) -> Vec<String> {
        let committed = self.committed.lock();
        committed.unwrap_or_else(PoisonError::into_inner).clone()
    }
}

#[async_trait]
impl Destination for Memory {
    fn workspace(&self) -> Result<TempDir> {
        Ok(tempfile::tempdir().unwrap())
    }

    async fn published(&self) -> Result<Found> {
        Ok(Found::default())
    }

    fn transport(&self, _: &Table, _: Size) -> Transport {
        Transport::Whole
    }

    async fn claim(&self, _: &Fingerprint) -> Result<()> {
        Ok(())
    }

    async fn prepare(&self, table: &Table) -> Result<()> {
        match table.name == self.foreign {
            true => Err(Error::Foreign {
                table: table.name.into(),
            }),
            false => Ok(()),
        }
    }

    async fn replace(&self, replacement: Replacement<'_>) -> Result<()> {
        let file = std::fs::File::open(replacement.file).unwrap();
        let file = SerializedFileReader::new(file).unwrap();
        let is_sorted = file.metadata().row_group(0).sorting_columns().is_some();
        *self.sorted.lock().unwrap() += usize::from(is_sorted);
        let name = replacement.table.name.to_owned();
        self.replaced.lock().unwrap().push(name);
        Ok(())
    }

    async fn remove(&self, _: &Table, _: &Unit) -> Result<()> {
        Ok(())
    }

    async fn commit(&self) -> Result<()> {
        *self.committed.lock().unwrap() = self.replaced.lock().unwrap().clone();
        Ok(())
    }
}

fn table(name: &'static str) -> Table {
    let column = |name, column_type| Column {
        name,
        column_type,
        unit: None,
        description: "A column",
    };
    Table {
        name,
        grain: "one thing",
        description: "Things.",
        key: &["id"],
        replace_by: "id",
        partition_by: None,
        cluster_by: &[],
        columns: vec![
            column("id", ColumnType::String),
            column("n", ColumnType::Int64),
        ],
    }
}

/// `few` and `many` with three rows each, and `endless`.
fn original(folder: &Path, tables: &[&'static str]) -> Original {
    let path = folder.join("w.duckdb");
    let file = duckdb::Connection::open(&path).unwrap();
    for (name, rows) in [("few", "3"), ("many", "3"), ("endless", "1000000000000")] {
        let sql = format!("CREATE VIEW {name} AS SELECT 'a' AS id, range AS n FROM range({rows})");
        file.execute_batch(&sql).unwrap();
    }
    drop(file);
    let publication = Publication {
        tables: tables.iter().map(|name| table(name)).collect(),
        views: Vec::new(),
    };
    let limits = Limits {
        timeout: None,
        ..Limits::default()
    };
    Original::new(Reader::open(&path, limits).unwrap(), publication, None)
}

fn piece(table: &'static str, rows: u64) -> Piece {
    let unit = Unit {
        table: table.into(),
        part: crate::unit::Part::All,
    };
    let content = Content {
        fingerprint: Fingerprint::of(table),
        rows,
        samples: rows,
    };
    Piece {
        table,
        part: unit.part,
        units: BTreeMap::from([(unit, content)]),
        changed: 1,
    }
}

fn pieces(pieces: Vec<Piece>) -> Plan {
    Plan {
        pieces,
        ..Plan::default()
    }
}

async fn bring(
    original: &Original,
    memory: &Arc<Memory>,
    plan: &Plan,
    stop: impl Future<Output = ()>,
) -> Result<Done> {
    let destination: Arc<dyn Destination> = memory.clone();
    let workspace = destination.workspace()?;
    publish(original, &destination, &workspace, plan, stop, |_| {}).await
}

#[tokio::test]
async fn a_stop_ends_the_reading_and_keeps_what_arrived() {
    let folder = tempfile::tempdir().unwrap();
    let original = original(folder.path(), &["few", "endless"]);
    let memory = Arc::new(Memory::default());
    let plan = pieces(vec![piece("few", 3), piece("endless", u64::MAX)]);
    let stopped = std::cell::Cell::new(Instant::now());
    let stop = async {
        tokio::time::sleep(Duration::from_millis(300)).await;
        stopped.set(Instant::now());
    };
    let done = bring(&original, &memory, &plan, stop).await.unwrap();
    let stopped = stopped.get();
    assert!(stopped.elapsed() < Duration::from_secs(2));
    assert!(done.is_stopped);
    assert_eq!((done.units, done.rows), (1, 3));
    assert_eq!(memory.committed(), ["few"]);
    // The thread that read is free again.
    let rows = original.reader.batches("SELECT count(*) FROM few").unwrap();
    assert_eq!(rows.len(), 1);
    assert!(stopped.elapsed() < Duration::from_secs(3));
}

#[tokio::test]
async fn a_plan_that_nobody_waits_for_ends() {
    let folder = tempfile::tempdir().unwrap();
    let original = original(folder.path(), &["endless"]);
    let memory = Memory::default();
    let planning = plan(&original, &memory, Terms::default());
    let planned = tokio::time::timeout(Duration::from_millis(300), planning).await;
    assert!(planned.is_err());
    let begun = Instant::now();
    original.reader.batches("SELECT 1").unwrap();
    assert!(begun.elapsed() < Duration::from_secs(2));
}

#[tokio::test]
async fn only_what_arrived_is_counted() {
    let folder = tempfile::tempdir().unwrap();
    let original = original(folder.path(), &["few", "many"]);
    let memory = Arc::new(Memory {
        foreign: "few",
        ..Memory::default()
    });
    let plan = pieces(vec![piece("few", 3), piece("many", 3)]);
    let done = bring(&original, &memory, &plan, std::future::pending()).await;
    let done = done.unwrap();
    assert_eq!((done.units, done.pieces, done.failed.len()), (1, 1, 1));
    assert_eq!(memory.committed(), ["many"]);
}

/// Units come one after the other.
#[tokio::test]
async fn a_file_of_two_units_does_not_say_that_it_is_sorted() {
    let folder = tempfile::tempdir().unwrap();
    let original = original(folder.path(), &["few", "many"]);
    let memory = Arc::new(Memory::default());
    let mut both = piece("few", 3);
    both.units.extend(piece("many", 3).units);
    let plan = pieces(vec![piece("few", 3), both]);
    let done = bring(&original, &memory, &plan, std::future::pending()).await;
    assert_eq!(done.unwrap().rows, 9);
    assert_eq!(*memory.sorted.lock().unwrap(), 1);
}

/// Half a file must not be taken for whole.
#[tokio::test]
async fn a_file_with_other_rows_than_were_counted_is_not_handed_over() {
    let folder = tempfile::tempdir().unwrap();
    let original = original(folder.path(), &["few"]);
    let memory = Arc::new(Memory::default());
    let plan = pieces(vec![piece("few", 4)]);
    let done = bring(&original, &memory, &plan, std::future::pending()).await;
    assert!(done.is_err());
    assert!(memory.committed().is_empty());
}
