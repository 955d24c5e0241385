//! Arrow cells as JSON values: numbers stay numbers, times are text, lists and structs nest.

use arrow::array::{Array, AsArray};
use arrow::datatypes::{DataType, Decimal128Type, Float32Type, Float64Type};
use arrow::util::display::{ArrayFormatter, FormatOptions};
use serde::ser::{Error, SerializeMap, SerializeSeq};
use serde::{Serialize, Serializer};

/// How times look in every format.
pub(super) const TIMES: FormatOptions<'static> = FormatOptions::new()
    .with_timestamp_format(Some("%Y-%m-%d %H:%M:%S%.f"))
    .with_timestamp_tz_format(Some("%Y-%m-%d %H:%M:%S%.f%:z"))
    .with_datetime_format(Some("%Y-%m-%d %H:%M:%S%.f"));

/// One cell.
#[derive(Debug)]
pub(crate) struct JsonCell<'a> {
    pub(crate) array: &'a dyn Array,
    pub(crate) row: usize,
}

impl Serialize for JsonCell<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { array, row } = *self;
        if array.is_null(row) {
            return serializer.serialize_none();
        }
        match array.data_type() {
            DataType::Null => serializer.serialize_none(),
            DataType::Boolean => serializer.serialize_bool(array.as_boolean().value(row)),
            DataType::Float64 => {
                serializer.serialize_f64(array.as_primitive::<Float64Type>().value(row))
            }
            DataType::Float32 => {
                serializer.serialize_f32(array.as_primitive::<Float32Type>().value(row))
            }
            DataType::Utf8 => serializer.serialize_str(array.as_string::<i32>().value(row)),
            DataType::LargeUtf8 => serializer.serialize_str(array.as_string::<i64>().value(row)),
            DataType::Utf8View => serializer.serialize_str(array.as_string_view().value(row)),
            DataType::List(_) => serialize_list(&*array.as_list::<i32>().value(row), serializer),
            DataType::LargeList(_) => {
                serialize_list(&*array.as_list::<i64>().value(row), serializer)
            }
            DataType::Struct(fields) => {
                let mut map = serializer.serialize_map(Some(fields.len()))?;
                for (field, column) in fields.iter().zip(array.as_struct().columns()) {
                    map.serialize_entry(field.name(), &JsonCell { array: column, row })?;
                }
                map.end()
            }
            // Arrow's formatter cuts off what exceeds the 38 digits of the type; a HUGEINT has 39.
            DataType::Decimal128(_, 0) => {
                let number = array.as_primitive::<Decimal128Type>().value(row);
                serialize_number(number.to_string(), serializer)
            }
            other => {
                let text = cell_text(array, row).map_err(S::Error::custom)?;
                if other.is_integer() || is_decimal(other) {
                    serialize_number(text, serializer)
                } else {
                    serializer.serialize_str(&text)
                }
            }
        }
    }
}

fn is_decimal(data_type: &DataType) -> bool {
    matches!(
        data_type,
        DataType::Decimal128(..) | DataType::Decimal256(..)
    )
}

/// Sums of integers come as 128-bit decimals: their digits are written as they are.
fn serialize_number<S: Serializer>(digits: String, serializer: S) -> Result<S::Ok, S::Error> {
    serde_json::value::RawValue::from_string(digits)
        .map_err(S::Error::custom)?
        .serialize(serializer)
}

fn serialize_list<S: Serializer>(items: &dyn Array, serializer: S) -> Result<S::Ok, S::Error> {
    let mut sequence = serializer.serialize_seq(Some(items.len()))?;
    for row in 0..items.len() {
        sequence.serialize_element(&JsonCell { array: items, row })?;
    }
    sequence.end()
}

fn cell_text(array: &dyn Array, row: usize) -> Result<String, arrow::error::ArrowError> {
    Ok(ArrayFormatter::try_new(array, &TIMES)?
        .value(row)
        .to_string())
}
