//! Answer rows, which come as JSON text, as Arrow columns.

use std::sync::Arc;

use arrow::array::{
    ArrayRef, BinaryBuilder, BooleanBuilder, Date32Builder, Float64Builder, Int64Builder,
    ListArray, RecordBatch, RecordBatchOptions, StringBuilder, StructArray,
    Time64MicrosecondBuilder, TimestampMicrosecondBuilder,
};
use arrow::buffer::{NullBuffer, OffsetBuffer};
use arrow::datatypes::{DataType, Field as ArrowField, Fields, Schema, SchemaRef, TimeUnit};
use base64::Engine as _;
use serde_json::Value;

use super::error::Error;
use super::record::Row;
use super::schema::{Field, sql_name};

/// The Arrow schema of an answer.
pub(super) fn schema(fields: &[Field]) -> SchemaRef {
    Arc::new(Schema::new(arrow_fields(fields)))
}

fn arrow_fields(fields: &[Field]) -> Fields {
    let field = |field: &Field| ArrowField::new(&field.name, arrow_type(field), true);
    fields.iter().map(field).collect()
}

fn arrow_type(field: &Field) -> DataType {
    let item = item_type(field);
    if field.mode.as_deref() == Some("REPEATED") {
        DataType::List(Arc::new(ArrowField::new("element", item, true)))
    } else {
        item
    }
}

/// Exact decimals, intervals, ranges, geographies and JSON are text, as BigQuery writes them: Arrow has
/// no type that holds all of them.
fn item_type(field: &Field) -> DataType {
    match sql_name(&field.field_type) {
        "INT64" => DataType::Int64,
        "FLOAT64" => DataType::Float64,
        "BOOL" => DataType::Boolean,
        "DATE" => DataType::Date32,
        "TIME" => DataType::Time64(TimeUnit::Microsecond),
        "DATETIME" | "TIMESTAMP" => DataType::Timestamp(TimeUnit::Microsecond, None),
        "BYTES" => DataType::Binary,
        "STRUCT" => DataType::Struct(arrow_fields(&field.fields)),
        _ => DataType::Utf8,
    }
}

/// A batch of the rows of a page.
pub(super) fn batch(
    schema: &SchemaRef,
    fields: &[Field],
    rows: &[Row],
) -> Result<RecordBatch, Error> {
    let columns: Result<Vec<ArrayRef>, Error> = fields
        .iter()
        .enumerate()
        .map(|(at, field)| {
            let values: Vec<&Value> = rows
                .iter()
                .map(|row| row.f.get(at).map_or(&Value::Null, |cell| &cell.v))
                .collect();
            column(field, &values)
        })
        .collect();
    let options = RecordBatchOptions::new().with_row_count(Some(rows.len()));
    RecordBatch::try_new_with_options(Arc::clone(schema), columns?, &options)
        .map_err(|error| unreadable(&error.to_string()))
}

fn column(field: &Field, values: &[&Value]) -> Result<ArrayRef, Error> {
    if field.mode.as_deref() != Some("REPEATED") {
        return items(field, values);
    }
    let none = Vec::new();
    let lists: Vec<&Vec<Value>> = values
        .iter()
        .map(|value| value.as_array().unwrap_or(&none))
        .collect();
    let offsets = OffsetBuffer::from_lengths(lists.iter().map(|list| list.len()));
    let inner: Vec<&Value> = lists.into_iter().flatten().map(|item| &item["v"]).collect();
    let DataType::List(item) = arrow_type(field) else {
        return Err(unreadable("a repeated column is no list"));
    };
    let list = ListArray::try_new(item, offsets, items(field, &inner)?, None);
    Ok(Arc::new(
        list.map_err(|error| unreadable(&error.to_string()))?,
    ))
}

/// Builds a column of one kind from the texts of its cells.
macro_rules! built {
    ($builder:expr, $values:expr, $field:expr, $read:expr) => {{
        let mut builder = $builder;
        for value in $values {
            builder.append_option(text(value, $field)?.map($read).transpose()?);
        }
        Arc::new(builder.finish()) as ArrayRef
    }};
}

fn items(field: &Field, values: &[&Value]) -> Result<ArrayRef, Error> {
    let wrong = |text: &str| unreadable(&format!("`{text}` in column `{}`", field.name));
    let array = match item_type(field) {
        DataType::Int64 => built!(Int64Builder::new(), values, field, |text| text
            .parse()
            .map_err(|_| wrong(text))),
        DataType::Float64 => built!(Float64Builder::new(), values, field, |text| float(text)
            .ok_or_else(|| wrong(text))),
        DataType::Boolean => built!(BooleanBuilder::new(), values, field, |text| text
            .to_ascii_lowercase()
            .parse()
            .map_err(|_| wrong(text))),
        DataType::Date32 => built!(Date32Builder::new(), values, field, |text| days(text)
            .ok_or_else(|| wrong(text))),
        DataType::Time64(_) => built!(Time64MicrosecondBuilder::new(), values, field, |text| time(
            text
        )
        .ok_or_else(|| wrong(text))),
        DataType::Timestamp(..) => {
            built!(TimestampMicrosecondBuilder::new(), values, field, |text| {
                microseconds(text).ok_or_else(|| wrong(text))
            })
        }
        DataType::Binary => built!(BinaryBuilder::new(), values, field, |text| {
            let bytes = base64::engine::general_purpose::STANDARD.decode(text);
            bytes.map_err(|_| wrong(text))
        }),
        DataType::Struct(fields) => structs(field, fields, values)?,
        _ => built!(StringBuilder::new(), values, field, |text| Ok::<_, Error>(
            text.to_owned()
        )),
    };
    Ok(array)
}

fn structs(field: &Field, fields: Fields, values: &[&Value]) -> Result<ArrayRef, Error> {
    let columns: Result<Vec<ArrayRef>, Error> = field
        .fields
        .iter()
        .enumerate()
        .map(|(at, inner)| {
            let cells: Vec<&Value> = values.iter().map(|value| &value["f"][at]["v"]).collect();
            column(inner, &cells)
        })
        .collect();
    let nulls: NullBuffer = values.iter().map(|value| !value.is_null()).collect();
    let array = StructArray::try_new_with_length(fields, columns?, Some(nulls), values.len());
    Ok(Arc::new(
        array.map_err(|error| unreadable(&error.to_string()))?,
    ))
}

/// A scalar's text; none for NULL.
fn text<'a>(value: &'a Value, field: &Field) -> Result<Option<&'a str>, Error> {
    match value {
        Value::Null => Ok(None),
        Value::String(text) => Ok(Some(text)),
        other => Err(unreadable(&format!("`{other}` in column `{}`", field.name))),
    }
}

fn float(text: &str) -> Option<f64> {
    match text {
        "Infinity" => Some(f64::INFINITY),
        "-Infinity" => Some(f64::NEG_INFINITY),
        text => text.parse().ok(),
    }
}

fn days(text: &str) -> Option<i32> {
    let date: jiff::civil::Date = text.parse().ok()?;
    Some(since_1970(date))
}

/// Days.
fn since_1970(date: jiff::civil::Date) -> i32 {
    (date - jiff::civil::date(1970, 1, 1)).get_days()
}

fn time(text: &str) -> Option<i64> {
    let time: jiff::civil::Time = text.parse().ok()?;
    let since_midnight = time - jiff::civil::Time::midnight();
    since_midnight
        .total(jiff::Unit::Microsecond)
        .ok()
        .map(whole)
}

/// Of a TIMESTAMP: whole microseconds, or seconds with a fraction. Of a DATETIME: a civil time.
fn microseconds(text: &str) -> Option<i64> {
    if let Ok(microseconds) = text.parse::<i64>() {
        return Some(microseconds);
    }
    if let Ok(seconds) = text.parse::<f64>() {
        return Some(whole((seconds * 1e6).round()));
    }
    // Not by way of an instant: the last hours of the calendar have none in every zone.
    let civil: jiff::civil::DateTime = text.parse().ok()?;
    let since_midnight = civil.time() - jiff::civil::Time::midnight();
    let since_midnight = since_midnight.total(jiff::Unit::Microsecond).ok()?;
    Some(i64::from(since_1970(civil.date())) * 86_400_000_000 + whole(since_midnight))
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "microseconds of a calendar's range fit"
)]
fn whole(microseconds: f64) -> i64 {
    microseconds as i64
}

fn unreadable(what: &str) -> Error {
    Error::Answer { what: what.into() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use arrow::util::pretty::pretty_format_batches;

    fn shown(fields: &str, rows: &str) -> String {
        let fields: Vec<Field> = serde_json::from_str(fields).unwrap();
        let rows: Vec<Row> = serde_json::from_str(rows).unwrap();
        let batch = batch(&schema(&fields), &fields, &rows).unwrap();
        pretty_format_batches(&[batch]).unwrap().to_string()
    }

    #[test]
    fn every_kind_of_cell_is_read() {
        let fields = r#"[{"name":"i","type":"INTEGER"},{"name":"f","type":"FLOAT64"},{"name":"b","type":"BOOLEAN"},
            {"name":"d","type":"DATE"},{"name":"t","type":"TIMESTAMP"},{"name":"l","type":"DATETIME"},
            {"name":"c","type":"TIME"},{"name":"n","type":"NUMERIC"},{"name":"y","type":"BYTES"}]"#;
        let rows = r#"[{"f":[{"v":"-7"},{"v":"1.5E1"},{"v":"true"},{"v":"2026-03-01"},{"v":"1561017697269367"},
            {"v":"2026-03-01T13:00:00.5"},{"v":"13:00:00"},{"v":"1.10"},{"v":"aGk="}]},
            {"f":[{"v":null},{"v":"NaN"},{"v":null},{"v":null},{"v":"1.5E0"},{"v":null},{"v":null},{"v":null},{"v":null}]}]"#;
        let shown = shown(fields, rows);
        for text in [
            "-7",
            "15.0",
            "true",
            "2026-03-01",
            "2019-06-20T08:01:37.269367",
            "2026-03-01T13:00:00.5",
            "13:00:00",
            "1.10",
            "6869",
            "NaN",
            "1970-01-01T00:00:01.5",
        ] {
            assert!(shown.contains(text), "{text} in\n{shown}");
        }
    }

    #[test]
    fn nested_and_repeated_cells_are_lists_and_structs() {
        let fields = r#"[{"name":"s","type":"RECORD","mode":"REPEATED","fields":[
            {"name":"a","type":"INTEGER"},{"name":"b","type":"STRING","mode":"REPEATED"}]}]"#;
        let rows = r#"[{"f":[{"v":[{"v":{"f":[{"v":"1"},{"v":[{"v":"x"},{"v":"y"}]}]}},{"v":{"f":[{"v":null},{"v":[]}]}}]}]},{"f":[{"v":[]}]}]"#;
        let shown = shown(fields, rows);
        assert!(
            shown.contains("[{a: 1, b: [x, y]}, {a: , b: []}]"),
            "{shown}"
        );
    }

    #[test]
    fn the_ends_of_the_calendar_are_read() {
        for text in ["0001-01-01T00:00:00", "9999-12-31T23:59:59.999999"] {
            let microseconds = microseconds(text).unwrap();
            let days = microseconds.div_euclid(86_400_000_000);
            let date = jiff::civil::date(1970, 1, 1) + jiff::Span::new().days(days);
            assert!(text.starts_with(&date.to_string()), "{text} {date}");
        }
    }

    #[test]
    fn a_cell_that_is_not_of_its_type_names_the_column() {
        let fields: Vec<Field> =
            serde_json::from_str(r#"[{"name":"watts","type":"INTEGER"}]"#).unwrap();
        let rows: Vec<Row> = serde_json::from_str(r#"[{"f":[{"v":"many"}]}]"#).unwrap();
        let error = batch(&schema(&fields), &fields, &rows).unwrap_err();
        assert!(
            error.to_string().contains("`many` in column `watts`"),
            "{error}"
        );
    }
}
