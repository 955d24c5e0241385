//! A folder of Parquet files as a destination, and queries on it.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::util::display::{ArrayFormatter, FormatOptions};
use async_trait::async_trait;
use tempfile::TempDir;
use warehouse::conformance::{self, Subject};
use warehouse::parquet::Folder;
use warehouse::schema::Table;
use warehouse::{Destination, DuckDb, Error, Limits, Publication, QueryEngine};

pub(crate) const TIMES: FormatOptions<'static> =
    FormatOptions::new().with_timestamp_format(Some("%Y-%m-%d %H:%M:%S%.f"));

/// Rows of a result as text.
pub(crate) async fn texts(engine: &dyn QueryEngine, sql: &str) -> Vec<Vec<Option<String>>> {
    let rows = engine.query(sql, &[], &Limits::default()).await.unwrap();
    let mut texts = Vec::new();
    for batch in rows.collect().await.unwrap() {
        let columns: Vec<ArrayFormatter<'_>> = batch
            .columns()
            .iter()
            .map(|column| ArrayFormatter::try_new(column, &TIMES).unwrap())
            .collect();
        for row in 0..batch.num_rows() {
            let cell = |(at, column): (usize, &ArrayFormatter<'_>)| {
                let is_null = batch.column(at).is_null(row);
                (!is_null).then(|| column.value(row).to_string())
            };
            texts.push(columns.iter().enumerate().map(cell).collect());
        }
    }
    texts
}

struct Place {
    folder: TempDir,
}

impl Place {
    fn new() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
        }
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("out")
    }

    fn folder(&self, tables: Vec<Table>) -> Folder {
        let views = Vec::new();
        Folder::at(self.path(), &Publication { tables, views })
    }
}

#[async_trait]
impl Subject for Place {
    fn destination(&self, tables: &[Table]) -> Arc<dyn Destination> {
        Arc::new(self.folder(tables.to_vec()))
    }

    async fn rows(&self, table: &Table, columns: &[&str]) -> Vec<Vec<Option<String>>> {
        let engine = DuckDb::on_folder(self.folder(vec![table.clone()]));
        let sql = format!("SELECT {} FROM {}", columns.join(", "), table.name);
        texts(&engine, &sql).await
    }
}

#[tokio::test]
async fn it_keeps_every_promise_of_a_destination() {
    conformance::all(async || Place::new()).await;
}

fn things() -> Table {
    crate::file::table("things")
}

fn write(path: &Path, text: &str) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

#[tokio::test]
async fn a_file_of_another_program_is_not_written_over() {
    let mut bytes = Vec::new();
    let schema = things().arrow_schema();
    let writer = parquet::arrow::ArrowWriter::try_new(&mut bytes, schema, None).unwrap();
    writer.close().unwrap();
    for bytes in [bytes, b"my notes".to_vec(), Vec::new()] {
        let place = Place::new();
        let file = place.path().join("things/things.parquet");
        let folder = place.folder(vec![things()]);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(&file, &bytes).unwrap();
        assert!(folder.published().await.unwrap().units.is_empty());
        let refused = folder.prepare(&things()).await;
        assert!(matches!(refused, Err(Error::Occupied { .. })));
        assert_eq!(fs::read(&file).unwrap(), bytes);
    }
}

#[tokio::test]
async fn a_damaged_file_is_not_counted_as_published() {
    let place = Place::new();
    write(
        &place.path().join("things/things.parquet"),
        "PAR1 and no more",
    );
    let folder = place.folder(vec![things()]);
    assert!(folder.published().await.unwrap().units.is_empty());
    folder.prepare(&things()).await.unwrap();
}

#[tokio::test]
async fn two_publish_one_after_the_other() {
    let place = Place::new();
    let (one, other) = (place.folder(vec![things()]), place.folder(vec![things()]));
    let workspace = one.workspace().unwrap();
    assert!(matches!(other.workspace(), Err(Error::Locked { .. })));
    // What a kill leaves of files on their way goes with the next.
    let left = workspace.keep();
    drop(one);
    let _workspace = other.workspace().unwrap();
    assert!(!left.exists());
}

#[tokio::test]
async fn an_empty_folder_says_that_nothing_was_published() {
    let place = Place::new();
    let engine = DuckDb::on_folder(place.folder(vec![things()]));
    let asked = engine.query("SELECT 1", &[], &Limits::default()).await;
    assert!(matches!(asked, Err(Error::Missing { .. })));
}
