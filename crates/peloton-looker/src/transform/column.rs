//! Cells: what a definition yields, checked against the column's type when it is appended.

use std::borrow::Cow;

use arrow::array::{
    ArrayBuilder, ArrayRef, BooleanBuilder, Date32Builder, Float64Builder, Int16Builder,
    Int32Builder, Int64Builder, StringBuilder, TimestampMicrosecondBuilder,
};
use jiff::{Timestamp, civil};
use peloton_api::models::{Field, Int};
use warehouse::schema::ColumnType;

/// What goes into one cell.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Value<'a> {
    Null,
    Text(Cow<'a, str>),
    Int(i64),
    Float(f64),
    Bool(bool),
    Date(civil::Date),
    Timestamp(Timestamp),
    DateTime(civil::DateTime),
    /// Becomes NULL and a problem with this text: what makes no sense in this column.
    Unreadable(Cow<'a, str>),
}

impl<'a> Value<'a> {
    /// An instant from epoch seconds.
    pub(super) fn instant(seconds: &'a Field<Int>) -> Self {
        match seconds {
            Field::Missing | Field::Unreadable(_) => Self::Null,
            Field::Value(Int(seconds)) => Timestamp::from_second(*seconds).map_or_else(
                |_| Self::Unreadable(seconds.to_string().into()),
                Self::Timestamp,
            ),
        }
    }
}

impl<'a> From<&'a Field<String>> for Value<'a> {
    fn from(field: &'a Field<String>) -> Self {
        from_field(field, |text| Self::Text(text.into()))
    }
}

impl<'a> From<&'a Field<Int>> for Value<'a> {
    fn from(field: &'a Field<Int>) -> Self {
        from_field(field, |int| Self::Int(int.0))
    }
}

impl<'a> From<&'a Field<f64>> for Value<'a> {
    fn from(field: &'a Field<f64>) -> Self {
        from_field(field, |float| Self::Float(*float))
    }
}

impl<'a> From<&'a Field<bool>> for Value<'a> {
    fn from(field: &'a Field<bool>) -> Self {
        from_field(field, |is| Self::Bool(*is))
    }
}

/// What can't be read was reported when the answer was.
fn from_field<'a, T>(field: &'a Field<T>, value: impl Fn(&'a T) -> Value<'a>) -> Value<'a> {
    match field {
        Field::Value(it) => value(it),
        Field::Missing | Field::Unreadable(_) => Value::Null,
    }
}

impl<'a> From<&'a str> for Value<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(text.into())
    }
}

impl From<String> for Value<'_> {
    fn from(text: String) -> Self {
        Self::Text(text.into())
    }
}

impl<'a> From<&'a String> for Value<'a> {
    fn from(text: &'a String) -> Self {
        Self::Text(text.into())
    }
}

impl From<i64> for Value<'_> {
    fn from(int: i64) -> Self {
        Self::Int(int)
    }
}

impl From<f64> for Value<'_> {
    fn from(float: f64) -> Self {
        Self::Float(float)
    }
}

impl From<bool> for Value<'_> {
    fn from(is: bool) -> Self {
        Self::Bool(is)
    }
}

impl From<Timestamp> for Value<'_> {
    fn from(instant: Timestamp) -> Self {
        Self::Timestamp(instant)
    }
}

impl From<civil::DateTime> for Value<'_> {
    fn from(datetime: civil::DateTime) -> Self {
        Self::DateTime(datetime)
    }
}

impl From<civil::Date> for Value<'_> {
    fn from(date: civil::Date) -> Self {
        Self::Date(date)
    }
}

impl<'a, T: Into<Value<'a>>> From<Option<T>> for Value<'a> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

/// The cells of one column.
#[derive(Debug)]
pub(super) enum Cells {
    Text(StringBuilder),
    Int16(Int16Builder),
    Int32(Int32Builder),
    Int64(Int64Builder),
    Float64(Float64Builder),
    Bool(BooleanBuilder),
    Date(Date32Builder),
    Microseconds(TimestampMicrosecondBuilder),
}

impl Cells {
    /// An empty column.
    ///
    /// # Panics
    /// For nested types: no table stores one.
    pub(super) fn of(column_type: &ColumnType) -> Self {
        match column_type {
            ColumnType::String | ColumnType::Json => Self::Text(StringBuilder::new()),
            ColumnType::Int16 => Self::Int16(Int16Builder::new()),
            ColumnType::Int32 => Self::Int32(Int32Builder::new()),
            ColumnType::Int64 => Self::Int64(Int64Builder::new()),
            ColumnType::Float64 => Self::Float64(Float64Builder::new()),
            ColumnType::Bool => Self::Bool(BooleanBuilder::new()),
            ColumnType::Date => Self::Date(Date32Builder::new()),
            ColumnType::Timestamp | ColumnType::DateTime => {
                Self::Microseconds(TimestampMicrosecondBuilder::new())
            }
            ColumnType::List(_) | ColumnType::Struct(_) => {
                unreachable!("no stored table has nested columns")
            }
        }
    }

    /// Appends the value, or NULL when it doesn't fit.
    ///
    /// # Errors
    /// The text that doesn't fit.
    pub(super) fn append(&mut self, value: Value<'_>) -> Result<(), String> {
        match self.try_append(&value) {
            true => Ok(()),
            false => {
                self.append_null();
                Err(text_of(value))
            }
        }
    }

    fn try_append(&mut self, value: &Value<'_>) -> bool {
        match (self, value) {
            (_, Value::Unreadable(_)) => return false,
            (cells, Value::Null) => cells.append_null(),
            (Self::Text(cells), Value::Text(text)) => cells.append_value(text),
            (Self::Int16(cells), value) => match whole(value).and_then(|v| v.try_into().ok()) {
                Some(int) => cells.append_value(int),
                None => return false,
            },
            (Self::Int32(cells), value) => match whole(value).and_then(|v| v.try_into().ok()) {
                Some(int) => cells.append_value(int),
                None => return false,
            },
            (Self::Int64(cells), value) => match whole(value) {
                Some(int) => cells.append_value(int),
                None => return false,
            },
            (Self::Float64(cells), Value::Float(float)) if float.is_finite() => {
                cells.append_value(*float);
            }
            (Self::Float64(cells), Value::Int(int)) => cells.append_value(*int as f64),
            (Self::Bool(cells), Value::Bool(is)) => cells.append_value(*is),
            (Self::Date(cells), Value::Date(date)) => cells.append_value(days(*date)),
            (Self::Microseconds(cells), Value::Timestamp(instant)) => {
                cells.append_value(instant.as_microsecond());
            }
            (Self::Microseconds(cells), Value::DateTime(datetime)) => {
                cells.append_value(microseconds(*datetime));
            }
            _ => return false,
        }
        true
    }

    fn append_null(&mut self) {
        match self {
            Self::Text(cells) => cells.append_null(),
            Self::Int16(cells) => cells.append_null(),
            Self::Int32(cells) => cells.append_null(),
            Self::Int64(cells) => cells.append_null(),
            Self::Float64(cells) => cells.append_null(),
            Self::Bool(cells) => cells.append_null(),
            Self::Date(cells) => cells.append_null(),
            Self::Microseconds(cells) => cells.append_null(),
        }
    }

    /// The column so far; the builder is empty afterwards.
    pub(super) fn finish(&mut self) -> ArrayRef {
        let builder: &mut dyn ArrayBuilder = match self {
            Self::Text(cells) => cells,
            Self::Int16(cells) => cells,
            Self::Int32(cells) => cells,
            Self::Int64(cells) => cells,
            Self::Float64(cells) => cells,
            Self::Bool(cells) => cells,
            Self::Date(cells) => cells,
            Self::Microseconds(cells) => cells,
        };
        builder.finish()
    }
}

fn whole(value: &Value<'_>) -> Option<i64> {
    match value {
        Value::Int(int) => Some(*int),
        Value::Float(float) if float.fract() == 0.0 && float.abs() < 9e15 => Some(*float as i64),
        _ => None,
    }
}

/// Days since 1970-01-01, as Arrow counts.
pub(super) fn days(date: civil::Date) -> i32 {
    let epoch = civil::date(1970, 1, 1);
    epoch.until(date).map_or(0, |span| span.get_days())
}

fn microseconds(datetime: civil::DateTime) -> i64 {
    let seconds = i64::from(days(datetime.date())) * 86_400;
    let time = datetime.time();
    let of_day =
        i64::from(time.hour()) * 3600 + i64::from(time.minute()) * 60 + i64::from(time.second());
    (seconds + of_day) * 1_000_000 + i64::from(time.subsec_nanosecond() / 1000)
}

fn text_of(value: Value<'_>) -> String {
    match value {
        Value::Unreadable(text) | Value::Text(text) => text.chars().take(200).collect(),
        Value::Int(int) => int.to_string(),
        Value::Float(float) => float.to_string(),
        Value::Bool(is) => is.to_string(),
        Value::Date(date) => date.to_string(),
        Value::Timestamp(instant) => instant.to_string(),
        Value::DateTime(datetime) => datetime.to_string(),
        Value::Null => "null".into(),
    }
}
