//! Result rows as table, CSV, JSON or JSON lines. All but the table stream.

use std::io::Write;
use std::sync::Arc;

use anyhow::{Context, Result};
use arrow::array::{ArrayRef, AsArray, RecordBatch, StringArray};
use arrow::datatypes::{DataType, Decimal128Type, SchemaRef};
use arrow::util::display::{ArrayFormatter, FormatOptions};
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use super::json::{JsonCell, TIMES};
use super::terminal::plain_table;
use crate::cli::RowFormat;

/// Writes a result in pieces: the schema first, then batches, then the end.
pub(crate) struct RowWriter<'a> {
    out: Box<dyn Write + 'a>,
    format: RowFormat,
    names: Vec<String>,
    numeric: Vec<bool>,
    /// Rows of a table wait until all are there: its columns fit the widest cell.
    rows: Vec<Vec<String>>,
    is_first: bool,
}

impl<'a> RowWriter<'a> {
    pub(crate) fn new(out: Box<dyn Write + 'a>, format: RowFormat) -> Self {
        let (names, numeric, rows) = (Vec::new(), Vec::new(), Vec::new());
        Self {
            out,
            format,
            names,
            numeric,
            rows,
            is_first: true,
        }
    }

    /// The header, which a result without rows has too.
    pub(crate) fn start(&mut self, schema: &SchemaRef) -> Result<()> {
        self.names = schema
            .fields()
            .iter()
            .map(|field| field.name().clone())
            .collect();
        self.numeric = schema
            .fields()
            .iter()
            .map(|field| field.data_type().is_numeric())
            .collect();
        if matches!(self.format, RowFormat::Json | RowFormat::Jsonl) {
            self.names = distinct(&self.names);
        }
        if self.format == RowFormat::Csv {
            let mut writer = csv::Writer::from_writer(&mut self.out);
            writer.write_record(&self.names)?;
            writer.flush()?;
        }
        Ok(())
    }

    pub(crate) fn write(&mut self, batch: &RecordBatch) -> Result<()> {
        match self.format {
            RowFormat::Table => self.keep(batch),
            RowFormat::Csv => self.write_csv(batch),
            RowFormat::Json => self.write_objects(batch, "[\n", ",\n", ""),
            RowFormat::Jsonl => self.write_objects(batch, "", "", "\n"),
        }
    }

    pub(crate) fn finish(mut self) -> Result<()> {
        match self.format {
            // Nothing has begun.
            RowFormat::Table if self.names.is_empty() => {}
            RowFormat::Table => {
                let names: Vec<&str> = self.names.iter().map(String::as_str).collect();
                let table = plain_table(&names, &self.numeric, std::mem::take(&mut self.rows));
                writeln!(self.out, "{table}")?;
            }
            RowFormat::Json if self.is_first => self.out.write_all(b"[]\n")?,
            RowFormat::Json => self.out.write_all(b"\n]\n")?,
            RowFormat::Csv | RowFormat::Jsonl => {}
        }
        self.out.flush()?;
        Ok(())
    }

    fn keep(&mut self, batch: &RecordBatch) -> Result<()> {
        static OPTIONS: FormatOptions<'static> = TIMES.with_null("NULL");
        let shown: Vec<ArrayRef> = batch.columns().iter().map(shown).collect();
        let columns = formatters(&shown, &OPTIONS)?;
        self.rows.extend((0..batch.num_rows()).map(|row| {
            columns
                .iter()
                .map(|column| column.value(row).to_string())
                .collect::<Vec<_>>()
        }));
        Ok(())
    }

    fn write_csv(&mut self, batch: &RecordBatch) -> Result<()> {
        static OPTIONS: FormatOptions<'static> = TIMES.with_null("");
        let shown: Vec<ArrayRef> = batch.columns().iter().map(shown).collect();
        let columns = formatters(&shown, &OPTIONS)?;
        let mut writer = csv::Writer::from_writer(&mut self.out);
        let mut cell = String::new();
        for row in 0..batch.num_rows() {
            for column in &columns {
                cell.clear();
                column
                    .value(row)
                    .write(&mut cell)
                    .context("format a cell")?;
                writer.write_field(&cell)?;
            }
            writer.write_record(None::<&[u8]>)?;
        }
        writer.flush()?;
        Ok(())
    }

    fn write_objects(
        &mut self,
        batch: &RecordBatch,
        first: &str,
        between: &str,
        after: &str,
    ) -> Result<()> {
        for row in 0..batch.num_rows() {
            let before = if std::mem::take(&mut self.is_first) {
                first
            } else {
                between
            };
            let names = &self.names;
            let object = Object { batch, names, row };
            let object = serde_json::to_vec(&object).context("format a row")?;
            self.out.write_all(before.as_bytes())?;
            self.out.write_all(&object)?;
            self.out.write_all(after.as_bytes())?;
        }
        Ok(())
    }
}

struct Object<'a> {
    batch: &'a RecordBatch,
    names: &'a [String],
    row: usize,
}

impl Serialize for Object<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.batch.num_columns()))?;
        for (name, array) in self.names.iter().zip(self.batch.columns()) {
            let row = self.row;
            map.serialize_entry(name, &JsonCell { array, row })?;
        }
        map.end()
    }
}

/// Names that an object can have: a second `n` is `n_1`.
fn distinct(names: &[String]) -> Vec<String> {
    let mut given: Vec<String> = Vec::with_capacity(names.len());
    for (at, name) in names.iter().enumerate() {
        let is_free = |new: &String| !given.contains(new) && !names[at + 1..].contains(new);
        let is_first = !given.contains(name);
        let another = (1..).map(|number| format!("{name}_{number}")).find(is_free);
        given.push(match another {
            Some(another) if !is_first => another,
            _ => name.clone(),
        });
    }
    given
}

/// The column as Arrow's formatter can show it: of a 128-bit integer, which comes as a decimal of 38
/// digits, it would cut off the 39th.
fn shown(array: &ArrayRef) -> ArrayRef {
    match array.data_type() {
        DataType::Decimal128(_, 0) => {
            let numbers = array.as_primitive::<Decimal128Type>();
            let texts = numbers.iter().map(|number| Some(number?.to_string()));
            Arc::new(StringArray::from_iter(texts))
        }
        _ => Arc::clone(array),
    }
}

fn formatters<'a>(
    columns: &'a [ArrayRef],
    options: &'a FormatOptions<'a>,
) -> Result<Vec<ArrayFormatter<'a>>> {
    let format = |array| ArrayFormatter::try_new(array, options).context("format a column");
    columns.iter().map(|array| format(array.as_ref())).collect()
}
