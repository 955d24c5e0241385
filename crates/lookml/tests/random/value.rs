//! The values that tables hold and answers are made of.

use std::cmp::Ordering;

use jiff::civil::{Date, DateTime};

/// A value of a cell. All numbers are doubles: those drawn are whole or multiples of 1/4, so sums are exact.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Value {
    Null,
    Bool(bool),
    Number(f64),
    Text(String),
    Date(Date),
    Time(DateTime),
    /// Latitude and longitude.
    Place(Box<(Value, Value)>),
    /// An array of structs, whose fields are those of `ELEMENT`.
    List(Vec<Vec<Value>>),
}

/// What an element of an array has.
pub(crate) const ELEMENT: [(&str, &str); 4] = [
    ("id", "INTEGER"),
    ("kind", "VARCHAR"),
    ("amount", "DECIMAL(10,2)"),
    ("score", "INTEGER"),
];

impl Value {
    pub(crate) fn text(text: impl Into<String>) -> Value {
        Value::Text(text.into())
    }

    pub(crate) fn whole(number: i64) -> Value {
        Value::Number(number as f64)
    }

    pub(crate) fn is_null(&self) -> bool {
        *self == Value::Null
    }

    pub(crate) fn as_number(&self) -> Option<f64> {
        match self {
            Value::Number(number) => Some(*number),
            _ => None,
        }
    }

    /// Whether a condition with this value lets a row through: NULL does not.
    pub(crate) fn is_true(&self) -> bool {
        *self == Value::Bool(true)
    }

    /// NULL is lowest, texts go by their bytes.
    pub(crate) fn order(&self, other: &Value) -> Ordering {
        match (self, other) {
            (Value::Bool(a), Value::Bool(b)) => a.cmp(b),
            // Plus zero, for the zero that is negative is equal to the other.
            (Value::Number(a), Value::Number(b)) => (a + 0.0).total_cmp(&(b + 0.0)),
            (Value::Text(a), Value::Text(b)) => a.as_bytes().cmp(b.as_bytes()),
            (Value::Date(a), Value::Date(b)) => a.cmp(b),
            (Value::Time(a), Value::Time(b)) => a.cmp(b),
            (Value::Place(a), Value::Place(b)) => a.0.order(&b.0).then(a.1.order(&b.1)),
            (a, b) => a.rank().cmp(&b.rank()),
        }
    }

    fn rank(&self) -> u8 {
        match self {
            Value::Null => 0,
            Value::Bool(_) => 1,
            Value::Number(_) => 2,
            Value::Text(_) => 3,
            Value::Date(_) => 4,
            Value::Time(_) => 5,
            Value::Place(_) => 6,
            Value::List(_) => 7,
        }
    }

    /// Equal keys are equal values.
    pub(crate) fn key(&self) -> String {
        format!("{}:{}", self.rank(), self.shown())
    }

    /// As a pivot's key shows it.
    pub(crate) fn shown(&self) -> String {
        match self {
            Value::Null => "null".to_owned(),
            Value::Bool(value) => value.to_string(),
            Value::Number(value) => (value + 0.0).to_string(),
            Value::Text(value) => value.clone(),
            Value::Date(value) => value.to_string(),
            Value::Time(value) => value.strftime("%Y-%m-%d %H:%M:%S").to_string(),
            Value::List(elements) => format!("{elements:?}"),
            Value::Place(place) => format!("{};{}", place.0.shown(), place.1.shown()),
        }
    }

    pub(crate) fn json(&self) -> serde_json::Value {
        match self {
            Value::Null => serde_json::Value::Null,
            Value::Bool(value) => (*value).into(),
            Value::Number(value) => (*value).into(),
            Value::Place(place) if place.0.is_null() || place.1.is_null() => {
                serde_json::Value::Null
            }
            Value::Place(place) => vec![place.0.json(), place.1.json()].into(),
            other => other.shown().into(),
        }
    }

    /// As DuckDB's INSERT takes it.
    pub(crate) fn sql(&self) -> String {
        match self {
            Value::Null => "NULL".to_owned(),
            Value::Text(value) => format!("'{}'", value.replace('\'', "''")),
            Value::Date(value) => format!("DATE '{value}'"),
            Value::Time(_) => format!("TIMESTAMP '{}'", self.shown()),
            Value::List(elements) => list_sql(elements),
            other => other.shown(),
        }
    }
}

fn list_sql(elements: &[Vec<Value>]) -> String {
    let element = |element: &Vec<Value>| {
        let fields = ELEMENT.iter().zip(element);
        let fields = fields.map(|((name, _), value)| format!("'{name}': {}", value.sql()));
        format!("{{{}}}", fields.collect::<Vec<_>>().join(", "))
    };
    let elements: Vec<String> = elements.iter().map(element).collect();
    format!("[{}]", elements.join(", "))
}

/// One key for several values.
pub(crate) fn key_of(values: &[Value]) -> Vec<String> {
    values.iter().map(Value::key).collect()
}

/// A named table of values.
#[derive(Debug, Clone, Default)]
pub(crate) struct Relation {
    pub columns: Vec<String>,
    pub rows: Vec<Vec<Value>>,
}

impl Relation {
    pub(crate) fn value(&self, row: usize, column: &str) -> Value {
        let column = self.position(column);
        self.rows[row][column].clone()
    }

    pub(crate) fn position(&self, column: &str) -> usize {
        let found = self.columns.iter().position(|name| name == column);
        found.unwrap_or_else(|| panic!("no column `{column}` in {:?}", self.columns))
    }
}
