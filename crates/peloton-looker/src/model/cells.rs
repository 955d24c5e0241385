//! Arrow's values as those of the LookML engine.

use anyhow::{Context as _, Result};
use arrow::array::{Array, ArrayRef, AsArray, RecordBatch};
use arrow::datatypes::{
    DataType, Date32Type, Decimal128Type, Float32Type, Float64Type, TimeUnit,
    TimestampMicrosecondType, TimestampMillisecondType, TimestampNanosecondType,
    TimestampSecondType,
};
use arrow::util::display::{ArrayFormatter, FormatOptions};
use jiff::civil::{Date, DateTime, date};
use jiff::{SignedDuration, ToSpan};
use lookml::Cell;

const EPOCH: Date = date(1970, 1, 1);

/// The rows of a batch.
pub(crate) fn cells(batch: &RecordBatch) -> Result<Vec<Vec<Cell>>> {
    let columns: Result<Vec<Vec<Cell>>> = batch.columns().iter().map(column).collect();
    let mut columns: Vec<_> = columns?.into_iter().map(Vec::into_iter).collect();
    let rows = (0..batch.num_rows()).map(|_| {
        let cells = columns
            .iter_mut()
            .map(|column| column.next().unwrap_or(Cell::Null));
        cells.collect()
    });
    Ok(rows.collect())
}

fn column(array: &ArrayRef) -> Result<Vec<Cell>> {
    let formatter = ArrayFormatter::try_new(array.as_ref(), &FormatOptions::default());
    let formatter = formatter.context("read a column of the answer")?;
    let cells = (0..array.len()).map(|row| match array.is_null(row) {
        true => Cell::Null,
        false => {
            cell(array.as_ref(), row).unwrap_or_else(|| text(&formatter, row, array.data_type()))
        }
    });
    Ok(cells.collect())
}

/// What Arrow prints; digits are a number.
fn text(formatter: &ArrayFormatter<'_>, row: usize, data_type: &DataType) -> Cell {
    let text = formatter.value(row).to_string();
    if data_type.is_integer() {
        return text.parse().map_or(Cell::Text(text), Cell::Integer);
    }
    match (data_type, text.parse()) {
        (DataType::Decimal128(..) | DataType::Decimal256(..), Ok(number)) => Cell::Float(number),
        _ => Cell::Text(text),
    }
}

fn cell(array: &dyn Array, row: usize) -> Option<Cell> {
    let cell = match array.data_type() {
        DataType::Boolean => Cell::Boolean(array.as_boolean().value(row)),
        DataType::Float64 => Cell::Float(array.as_primitive::<Float64Type>().value(row)),
        DataType::Float32 => Cell::Float(f64::from(array.as_primitive::<Float32Type>().value(row))),
        DataType::Utf8 => Cell::Text(array.as_string::<i32>().value(row).to_owned()),
        DataType::LargeUtf8 => Cell::Text(array.as_string::<i64>().value(row).to_owned()),
        DataType::Utf8View => Cell::Text(array.as_string_view().value(row).to_owned()),
        DataType::Decimal128(_, 0) => {
            Cell::Integer(array.as_primitive::<Decimal128Type>().value(row))
        }
        DataType::Date32 => {
            let days = array.as_primitive::<Date32Type>().value(row);
            Cell::Date(EPOCH.checked_add(i64::from(days).days()).ok()?)
        }
        DataType::Timestamp(unit, _) => {
            let since = match unit {
                TimeUnit::Second => SignedDuration::from_secs(
                    array.as_primitive::<TimestampSecondType>().value(row),
                ),
                TimeUnit::Millisecond => SignedDuration::from_millis(
                    array.as_primitive::<TimestampMillisecondType>().value(row),
                ),
                TimeUnit::Microsecond => SignedDuration::from_micros(
                    array.as_primitive::<TimestampMicrosecondType>().value(row),
                ),
                TimeUnit::Nanosecond => SignedDuration::from_nanos(
                    array.as_primitive::<TimestampNanosecondType>().value(row),
                ),
            };
            Cell::DateTime(epoch().checked_add(since).ok()?)
        }
        _ => return None,
    };
    Some(cell)
}

fn epoch() -> DateTime {
    EPOCH.at(0, 0, 0, 0)
}
