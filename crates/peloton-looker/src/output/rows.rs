//! Result rows as table, CSV, JSON or JSON lines. All but the table stream.

use std::io::Write;

use anyhow::{Context, Result};
use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
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
        let columns = formatters(batch, &OPTIONS)?;
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
        let columns = formatters(batch, &OPTIONS)?;
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
            let object = serde_json::to_vec(&Object { batch, row }).context("format a row")?;
            self.out.write_all(before.as_bytes())?;
            self.out.write_all(&object)?;
            self.out.write_all(after.as_bytes())?;
        }
        Ok(())
    }
}

struct Object<'a> {
    batch: &'a RecordBatch,
    row: usize,
}

impl Serialize for Object<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.batch.num_columns()))?;
        for (field, array) in self
            .batch
            .schema_ref()
            .fields()
            .iter()
            .zip(self.batch.columns())
        {
            map.serialize_entry(
                field.name(),
                &JsonCell {
                    array,
                    row: self.row,
                },
            )?;
        }
        map.end()
    }
}

fn formatters<'a>(
    batch: &'a RecordBatch,
    options: &'a FormatOptions<'a>,
) -> Result<Vec<ArrayFormatter<'a>>> {
    let format = |array| ArrayFormatter::try_new(array, options).context("format a column");
    batch
        .columns()
        .iter()
        .map(|array| format(array.as_ref()))
        .collect()
}
