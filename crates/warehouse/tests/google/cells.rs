//! Rows: from Parquet as Google reads it, into the cells of answers and into text.

use std::collections::BTreeMap;

use arrow::array::{Array, ArrayRef, AsArray};
use arrow::datatypes::{DataType, Schema, TimeUnit, TimestampMicrosecondType};
use arrow::util::display::array_value_to_string;
use axum::body::Bytes;
use parquet::arrow::arrow_reader::{ArrowReaderOptions, ParquetRecordBatchReaderBuilder};
use parquet::basic::Encoding;
use parquet::file::metadata::ParquetMetaData;
use serde_json::{Map, Value as Json, json};

use super::schema::{self, find, kind, mode, name};

/// Cells by the names of their columns in lower case. TIMESTAMP is a number of microseconds, what is
/// repeated an array, RECORD an object, all else the text of answers.
pub(crate) type Row = BTreeMap<String, Json>;

type Result<T> = std::result::Result<T, String>;

/// A Parquet file whose columns go by name to those of a schema.
struct File {
    /// Paths of its values: `stats.list.element.seconds`.
    leaves: Vec<String>,
    is_list_inferred: bool,
}

/// The rows of a file under a schema.
pub(super) fn read(file: Bytes, fields: &[Json], is_list_inferred: bool) -> Result<Vec<Row>> {
    let text = |error: &dyn std::error::Error| format!("Error while reading data: {error}");
    // Only what Parquet itself says: Google does not know Arrow's addition.
    let options = ArrowReaderOptions::new().with_skip_arrow_metadata(true);
    let builder = ParquetRecordBatchReaderBuilder::try_new_with_options(file, options)
        .map_err(|error| text(&error))?;
    let leaves = builder.parquet_schema().columns();
    let file = File {
        leaves: leaves.iter().map(|leaf| leaf.path().string()).collect(),
        is_list_inferred,
    };
    check(builder.schema(), fields)?;
    check_encodings(builder.metadata())?;
    let mut rows = Vec::new();
    for batch in builder.build().map_err(|error| text(&error))? {
        let batch = batch.map_err(|error| text(&error))?;
        let row = |at: usize| -> Result<Row> {
            let cell = |field: &Json| {
                let column = columns(batch.schema_ref(), field).map(|column| batch.column(column));
                let cell =
                    column.map_or(Ok(Json::Null), |c| file.cell(field, name(field), c, at))?;
                Ok((name(field).to_lowercase(), cell))
            };
            fields.iter().map(cell).collect()
        };
        for at in 0..batch.num_rows() {
            rows.push(row(at)?);
        }
    }
    Ok(rows)
}

/// Which of the later encodings it reads, Google does not say: none may come.
fn check_encodings(metadata: &ParquetMetaData) -> Result<()> {
    let mut chunks = metadata
        .row_groups()
        .iter()
        .flat_map(|group| group.columns());
    let is_late = |encoding: Encoding| {
        use Encoding::{PLAIN, PLAIN_DICTIONARY, RLE, RLE_DICTIONARY};
        !matches!(encoding, PLAIN | PLAIN_DICTIONARY | RLE | RLE_DICTIONARY)
    };
    match chunks.find(|chunk| chunk.encodings().any(is_late)) {
        Some(chunk) => Err(format!("encoding of {}", chunk.column_path())),
        None => Ok(()),
    }
}

/// Where a field's column is.
fn columns(schema: &Schema, field: &Json) -> Option<usize> {
    let is_it = |column: &std::sync::Arc<arrow::datatypes::Field>| {
        column.name().eq_ignore_ascii_case(name(field))
    };
    schema.fields().iter().position(is_it)
}

fn check(file: &Schema, fields: &[Json]) -> Result<()> {
    for column in file.fields() {
        let name = column.name();
        let field =
            find(fields, name).ok_or_else(|| format!("Field {name} is not in the schema"))?;
        let there = if column.is_nullable() {
            "NULLABLE"
        } else {
            "REQUIRED"
        };
        if mode(field) != "REPEATED" && mode(field) != there {
            return Err(format!(
                "Provided schema is not compatible with the file. Field '{name}' is specified as {} in \
                 provided schema which does not match {there} as specified in the file.",
                mode(field)
            ));
        }
    }
    let is_absent = |field: &&Json| mode(field) == "REQUIRED" && columns(file, field).is_none();
    match fields.iter().find(is_absent) {
        Some(field) => Err(format!("Required field {} is not in the file", name(field))),
        None => Ok(()),
    }
}

impl File {
    fn cell(&self, field: &Json, path: &str, array: &ArrayRef, row: usize) -> Result<Json> {
        if mode(field) == "REPEATED" {
            self.items(field, path, array, row)
        } else {
            self.value(field, path, array, row)
        }
    }

    /// Items under any other name than `list.element`, or without the wish to have them found, are not
    /// there, without an error.
    fn items(&self, field: &Json, path: &str, array: &ArrayRef, row: usize) -> Result<Json> {
        let inner = format!("{path}.list.element");
        let below = format!("{inner}.");
        let is_inner = |leaf: &String| *leaf == inner || leaf.starts_with(&below);
        if !self.is_list_inferred || !self.leaves.iter().any(is_inner) || array.is_null(row) {
            return Ok(json!([]));
        }
        let list = array
            .as_list_opt::<i32>()
            .ok_or_else(|| mismatch(field, array))?;
        let items = list.value(row);
        let item = |at| self.value(field, &inner, &items, at);
        let items: Result<Vec<Json>> = (0..items.len()).map(item).collect();
        Ok(Json::Array(items?))
    }

    fn value(&self, field: &Json, path: &str, array: &ArrayRef, row: usize) -> Result<Json> {
        if array.is_null(row) {
            return Ok(Json::Null);
        }
        let shown = || array_value_to_string(array, row).map_err(|error| error.to_string());
        let microseconds = || array.as_primitive::<TimestampMicrosecondType>().value(row);
        Ok(match (kind(field), array.data_type()) {
            ("RECORD", DataType::Struct(_)) => self.record(field, path, array, row)?,
            ("STRING", DataType::Utf8) => json!(array.as_string::<i32>().value(row)),
            ("INTEGER", integer) if integer.is_integer() => json!(shown()?),
            ("FLOAT", DataType::Float32 | DataType::Float64) => json!(shown()?),
            ("BOOLEAN", DataType::Boolean) | ("DATE", DataType::Date32) => json!(shown()?),
            ("TIMESTAMP", DataType::Timestamp(TimeUnit::Microsecond, _)) => json!(microseconds()),
            // A wall clock is no instant: the file must say so.
            ("DATETIME", DataType::Timestamp(TimeUnit::Microsecond, None)) => {
                json!(civil(microseconds()).to_string())
            }
            ("JSON", _) => return Err("Unsupported field type: JSON".into()),
            _ => return Err(mismatch(field, array)),
        })
    }

    fn record(&self, field: &Json, path: &str, array: &ArrayRef, row: usize) -> Result<Json> {
        let array = array.as_struct();
        let mut record = Map::new();
        for inner in &schema::fields(field) {
            let cell = match array.column_by_name(name(inner)) {
                Some(column) => {
                    self.cell(inner, &format!("{path}.{}", name(inner)), column, row)?
                }
                None => Json::Null,
            };
            record.insert(name(inner).to_lowercase(), cell);
        }
        Ok(Json::Object(record))
    }
}

fn mismatch(field: &Json, array: &ArrayRef) -> String {
    let (name, there, wanted) = (name(field), array.data_type(), kind(field));
    format!("Field {name} is {there} in the file, which can't be read as {wanted}")
}

fn civil(microseconds: i64) -> jiff::civil::DateTime {
    let time = jiff::Timestamp::from_microsecond(microseconds).unwrap();
    jiff::tz::TimeZone::UTC.to_datetime(time)
}

/// A cell as answers have it.
pub(super) fn answered(field: &Json, cell: &Json, is_int64: bool) -> Json {
    let value = |cell: &Json| -> Json {
        match (kind(field), cell) {
            ("RECORD", Json::Object(record)) => {
                let answered = |inner: &Json| {
                    let cell = &record[&name(inner).to_lowercase()];
                    json!({ "v": answered(inner, cell, is_int64) })
                };
                json!({ "f": schema::fields(field).iter().map(answered).collect::<Json>() })
            }
            ("TIMESTAMP", Json::Number(time)) if is_int64 => json!(time.to_string()),
            #[expect(clippy::cast_precision_loss, reason = "so does the interface")]
            ("TIMESTAMP", Json::Number(time)) => {
                json!(format!("{:E}", time.as_i64().unwrap() as f64 / 1e6))
            }
            (_, cell) => cell.clone(),
        }
    };
    match cell {
        Json::Array(items) => items
            .iter()
            .map(|item| json!({ "v": value(item) }))
            .collect(),
        Json::Null if mode(field) == "REPEATED" => json!([]),
        cell => value(cell),
    }
}

/// A row as answers have it.
pub(super) fn row(fields: &[Json], row: &Row, is_int64: bool) -> Json {
    let cell = |field: &Json| {
        let cell = row.get(&name(field).to_lowercase()).unwrap_or(&Json::Null);
        json!({ "v": answered(field, cell, is_int64) })
    };
    json!({ "f": fields.iter().map(cell).collect::<Json>() })
}

/// A cell for people.
pub(super) fn text(field: &Json, row: &Row) -> Option<String> {
    let cell = row.get(&name(field).to_lowercase()).unwrap_or(&Json::Null);
    let time = |time: String| time.replace('T', " ");
    match (kind(field), cell) {
        (_, Json::Null) => None,
        ("TIMESTAMP", cell) => Some(time(civil(cell.as_i64()?).to_string())),
        ("DATETIME", Json::String(text)) => Some(time(text.clone())),
        (_, Json::String(text)) => Some(text.clone()),
        (_, cell) => Some(cell.to_string()),
    }
}

/// The month to which a row belongs, as partitions are named.
pub(super) fn month(field: &Json, row: &Row) -> String {
    match text(field, row) {
        Some(day) => day[..7].replace('-', ""),
        None => "__NULL__".into(),
    }
}

/// A file with a list of two numbers whose items have a name.
fn listed(items: &str) -> Bytes {
    use arrow::array::{Int64Array, ListArray, RecordBatch};
    use arrow::buffer::OffsetBuffer;
    let field = arrow::datatypes::Field::new(items, DataType::Int64, true);
    let numbers = std::sync::Arc::new(Int64Array::from(vec![1, 2]));
    let offsets = OffsetBuffer::from_lengths([2]);
    let list = ListArray::try_new(field.into(), offsets, numbers, None).unwrap();
    let batch =
        RecordBatch::try_from_iter_with_nullable([("n", std::sync::Arc::new(list) as _, true)]);
    let (batch, mut file) = (batch.unwrap(), Vec::new());
    let mut writer = parquet::arrow::ArrowWriter::try_new(&mut file, batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    file.into()
}

#[test]
fn items_of_a_list_are_there_only_as_google_finds_them() {
    let fields = [json!({ "name": "n", "type": "INTEGER", "mode": "REPEATED" })];
    let items = |name, is_list_inferred| {
        let rows = read(listed(name), &fields, is_list_inferred).unwrap();
        rows[0]["n"].clone()
    };
    assert_eq!(items("element", true), json!(["1", "2"]));
    assert_eq!(items("element", false), json!([]));
    assert_eq!(items("item", true), json!([]));
}

#[test]
fn columns_go_by_name_and_a_strange_one_is_refused() {
    let text = json!({ "name": "n", "type": "STRING", "mode": "REPEATED" });
    assert!(read(listed("element"), &[text], true).is_err());
    let other = json!({ "name": "m", "type": "INTEGER", "mode": "REPEATED" });
    assert!(read(listed("element"), &[other], true).is_err());
}
