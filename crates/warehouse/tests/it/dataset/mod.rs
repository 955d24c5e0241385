//! A dataset of BigQuery as a destination.

mod jobs;
mod nested;
mod place;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use arrow::array::{ArrayRef, Date32Array, Int64Array, RecordBatch, StringArray};
use async_trait::async_trait;
use parquet::arrow::ArrowWriter;
use warehouse::bigquery::Dataset;
use warehouse::conformance::{self, Subject};
use warehouse::schema::{Column, ColumnType, Table};
use warehouse::{Destination, Error, Fingerprint, Part, Replacement, Unit};

use crate::google::{Google, target};

#[async_trait]
impl Subject for Google {
    fn destination(&self, _: &[Table]) -> Arc<dyn Destination> {
        Arc::new(look(self))
    }

    async fn rows(&self, table: &Table, columns: &[&str]) -> Vec<Vec<Option<String>>> {
        self.rows(table.name, columns)
    }
}

#[tokio::test]
async fn it_keeps_every_promise_of_a_destination() {
    conformance::all(Google::start).await;
    conformance::all(Google::with_dataset).await;
}

#[tokio::test]
async fn it_keeps_every_promise_while_jobs_take_their_time() {
    conformance::all(async || {
        let google = Google::start().await;
        google.state().behaviour.looks = 4;
        google
    })
    .await;
}

pub(crate) fn things() -> Table {
    crate::file::table("things")
}

/// Things in another version of the program.
pub(crate) fn wider() -> Table {
    let mut table = things();
    table.columns.insert(1, column("size", ColumnType::Int64));
    table
}

pub(crate) fn column(name: &'static str, column_type: ColumnType) -> Column {
    Column {
        name,
        column_type,
        unit: Some("m"),
        description: "A column",
    }
}

/// Another look at the dataset, which remembers nothing of those before.
pub(crate) fn look(google: &Google) -> Dataset {
    Dataset::new(target(), &google.options()).unwrap()
}

fn batch(table: &Table, rows: &[(&str, i64)]) -> RecordBatch {
    let columns = table.columns.iter().map(|column| -> ArrayRef {
        let numbers = rows.iter().map(|(_, number)| *number);
        match column.column_type {
            ColumnType::Int64 => Arc::new(numbers.collect::<Int64Array>()),
            ColumnType::Date => {
                let days = numbers.map(|number| i32::try_from(number).ok());
                Arc::new(days.collect::<Date32Array>())
            }
            _ => Arc::new(StringArray::from_iter_values(
                rows.iter().map(|(id, _)| *id),
            )),
        }
    });
    RecordBatch::try_new(table.arrow_schema(), columns.collect()).unwrap()
}

fn write(table: &Table, rows: &[(&str, i64)], path: &Path) {
    let file = std::fs::File::create(path).unwrap();
    let mut writer = ArrowWriter::try_new(file, table.arrow_schema(), None).unwrap();
    writer.write(&batch(table, rows)).unwrap();
    writer.close().unwrap();
}

pub(crate) fn unit(table: &Table, part: Part) -> Unit {
    Unit {
        table: table.name.into(),
        part,
    }
}

/// Brings a part of a table as that part, or as the units that are given.
pub(crate) async fn load(
    dataset: &Dataset,
    table: &Table,
    (part, units): (Part, &[Part]),
    fingerprint: &str,
    rows: &[(&str, i64)],
) -> Result<(), Error> {
    dataset.prepare(table).await?;
    let workspace = dataset.workspace()?;
    let file = workspace.path().join("rows.parquet");
    write(table, rows, &file);
    let units: BTreeMap<Unit, Fingerprint> = units
        .iter()
        .map(|part| (unit(table, *part), Fingerprint::from_text(fingerprint)))
        .collect();
    let replacement = Replacement {
        table,
        part,
        units: &units,
        file: &file,
    };
    dataset.replace(replacement).await
}

pub(crate) const WHOLE: (Part, &[Part]) = (Part::All, &[Part::All]);

/// A run that brings a table whole.
pub(crate) async fn publish(
    google: &Google,
    table: &Table,
    fingerprint: &str,
    rows: &[(&str, i64)],
) -> Result<(), Error> {
    let dataset = look(google);
    dataset.published().await?;
    load(&dataset, table, WHOLE, fingerprint, rows).await?;
    dataset.commit().await
}

/// A run that brings things, and nothing goes wrong.
pub(crate) async fn bring(google: &Google, fingerprint: &str, rows: &[(&str, i64)]) {
    let published = publish(google, &things(), fingerprint, rows).await;
    published.unwrap();
}

/// The fingerprint of a table that is one piece, for whoever looks next.
pub(crate) async fn known(google: &Google, table: &Table) -> Option<String> {
    let units = look(google).published().await.unwrap().units;
    units.get(&unit(table, Part::All)).map(ToString::to_string)
}

/// A dataset where two things are published.
pub(crate) async fn published() -> Google {
    let google = Google::with_dataset().await;
    bring(&google, "1a", &[("a", 1), ("b", 2)]).await;
    google
}
