//! What the units of a table hold, and by what they are recognised.

use std::collections::BTreeMap;

use arrow::array::{Array, AsArray, RecordBatch};
use arrow::datatypes::Int64Type;

use super::Publication;
use crate::SCHEMA_VERSION;
use crate::duckdb::{Reader, quoted};
use crate::error::Result;
use crate::schema::Table;
use crate::unit::{Fingerprint, Month, Part};
use crate::view::View;

/// What a unit holds.
#[derive(Debug, Clone, PartialEq)]
pub struct Content {
    /// Of its rows and of how they are made.
    pub fingerprint: Fingerprint,
    /// How many there are.
    pub rows: u64,
    /// Its rows, or for a nested table the rows nested in them.
    pub samples: u64,
}

pub(super) fn of_table(reader: &Reader, table: &Table) -> Result<BTreeMap<Part, Content>> {
    contents(reader, table, &rows_of_table(table), "")
}

pub(super) fn of_view(reader: &Reader, view: &View) -> Result<BTreeMap<Part, Content>> {
    contents(reader, &view.table, &rows_of_view(view), &view.sql())
}

/// A SELECT of `month`, `digest` and `samples` of each row.
fn rows_of_table(table: &Table) -> String {
    let columns: Vec<String> = table
        .columns
        .iter()
        .map(|column| quoted(column.name))
        .collect();
    format!(
        "SELECT {} AS month, hash({}) AS digest, 1 AS samples FROM main.{}",
        month(table),
        columns.join(", "),
        quoted(table.name)
    )
}

/// The same for a view, whose lists are not made for it.
fn rows_of_view(view: &View) -> String {
    let (table, nested) = (&view.table, &view.nested);
    let outer: Vec<String> = view
        .outer_columns()
        .iter()
        .map(|column| format!("o.{}", quoted(column.name)))
        .collect();
    let inner: Vec<String> = [nested.order]
        .into_iter()
        .chain(nested.columns())
        .map(quoted)
        .collect();
    let (key, inner) = (quoted(nested.key), inner.join(", "));
    let outer_key: Vec<String> = table.key.iter().map(|name| quoted(name)).collect();
    format!(
        "SELECT {} AS month, hash({}, s.sum, s.mix, s.samples) AS digest, coalesce(s.samples, 0) AS samples \
         FROM main.{} AS o LEFT JOIN (SELECT {key} AS nested_in, sum(hash({inner})) AS sum, \
         bit_xor(hash({inner})) AS mix, count(*) AS samples FROM main.{} GROUP BY {key}) AS s \
         ON s.nested_in = o.{}",
        month(table),
        outer.join(", "),
        quoted(view.outer),
        quoted(nested.from),
        outer_key.join(", "),
    )
}

fn month(table: &Table) -> String {
    table
        .partition_by
        .map_or("NULL::DATE".to_owned(), |column| month_of(&quoted(column)))
}

/// The first day of a value's month; NULL for what no calendar of a destination has.
pub(super) fn month_of(value: &str) -> String {
    format!(
        "CASE WHEN year({value}) BETWEEN 1 AND 9999 THEN date_trunc('month', {value})::DATE END"
    )
}

fn contents(
    reader: &Reader,
    table: &Table,
    rows: &str,
    recipe: &str,
) -> Result<BTreeMap<Part, Content>> {
    let sql = format!(
        "SELECT year(month)::BIGINT, month(month)::BIGINT, count(*)::BIGINT, sum(samples)::BIGINT, \
         sum(digest)::VARCHAR, bit_xor(digest)::VARCHAR FROM ({rows}) GROUP BY month"
    );
    let shape = shape(table);
    let mut contents = BTreeMap::new();
    for batch in reader.batches(&sql)? {
        for row in 0..batch.num_rows() {
            let part = match table.partition_by {
                None => Part::All,
                Some(_) => part(&batch, row),
            };
            let (rows, sum, xor) = (
                count(&batch, 2, row),
                text(&batch, 4, row),
                text(&batch, 5, row),
            );
            let whole = format!("{SCHEMA_VERSION}\n{shape}\n{recipe}\n{rows} {sum} {xor}");
            let content = Content {
                fingerprint: Fingerprint::of(&whole),
                rows,
                samples: count(&batch, 3, row),
            };
            contents.insert(part, content);
        }
    }
    if contents.is_empty() && table.partition_by.is_none() {
        let content = Content {
            fingerprint: Fingerprint::of(&format!("{SCHEMA_VERSION}\n{shape}\n{recipe}\nnothing")),
            rows: 0,
            samples: 0,
        };
        contents.insert(Part::All, content);
    }
    Ok(contents)
}

/// How the units of a publication are made of the rows.
pub(super) fn recipes(publication: &Publication) -> String {
    let tables = publication.tables.iter().map(shape);
    let views = publication.views.iter();
    let views = views.map(|view| format!("{}\n{}", shape(&view.table), view.sql()));
    let recipes: Vec<String> = tables.chain(views).collect();
    format!("{SCHEMA_VERSION}\n{}", recipes.join("\n"))
}

/// Names and types of the columns: where they change, the files do.
fn shape(table: &Table) -> String {
    let columns = table.columns.iter();
    let shown =
        columns.map(|column| format!("{} {}", column.name, column.column_type.duckdb_type()));
    shown.collect::<Vec<_>>().join(", ")
}

fn part(batch: &RecordBatch, row: usize) -> Part {
    let number = |column: usize| {
        let column = batch.column(column).as_primitive::<Int64Type>();
        column.is_valid(row).then(|| column.value(row))
    };
    let month = number(0).zip(number(1)).and_then(|(year, month)| {
        Some(Month {
            year: i16::try_from(year).ok()?,
            month: i8::try_from(month).ok()?,
        })
    });
    month.map_or(Part::Undated, Part::Month)
}

fn count(batch: &RecordBatch, column: usize, row: usize) -> u64 {
    let column = batch.column(column).as_primitive::<Int64Type>();
    column.value(row).unsigned_abs()
}

fn text(batch: &RecordBatch, column: usize, row: usize) -> String {
    batch
        .column(column)
        .as_string::<i32>()
        .value(row)
        .to_owned()
}
