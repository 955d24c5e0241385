//! Values that a database returned.

use std::cmp::Ordering;

use jiff::civil::{Date, DateTime, Time};
use serde_json::{Number, Value as Json};

use crate::compile::LIST_SEPARATOR;
use crate::expression;

/// The largest integer that a JSON number is sure to keep.
const LARGEST_NUMBER: i128 = 1 << 53;

/// One value of a result.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// NULL.
    Null,
    /// A condition.
    Boolean(bool),
    /// A whole number.
    Integer(i128),
    /// Any other number.
    Float(f64),
    /// A text.
    Text(String),
    /// A day.
    Date(Date),
    /// A time, without a zone.
    DateTime(DateTime),
}

impl Cell {
    /// Whether it is NULL.
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// As a number; none where it is no number.
    pub fn number(&self) -> Option<f64> {
        match self {
            #[expect(
                clippy::cast_precision_loss,
                reason = "what is computed from it is a float"
            )]
            Self::Integer(integer) => Some(*integer as f64),
            Self::Float(float) => Some(*float),
            _ => None,
        }
    }

    /// As text, the way it is shown without a format. NULL is none.
    pub fn text(&self) -> String {
        match self {
            Self::Null => String::new(),
            Self::Boolean(true) => "Yes".to_owned(),
            Self::Boolean(false) => "No".to_owned(),
            Self::Integer(integer) => integer.to_string(),
            Self::Float(float) => float.to_string(),
            Self::Text(text) => text.replace(LIST_SEPARATOR, ", "),
            Self::Date(date) => date.to_string(),
            Self::DateTime(time) => moment(*time),
        }
    }

    /// As JSON: integers that a number could not hold are texts, dates are.
    pub fn json(&self) -> Json {
        match self {
            Self::Null => Json::Null,
            Self::Integer(integer) => match i64::try_from(*integer) {
                Ok(small) if integer.abs() <= LARGEST_NUMBER => Json::Number(small.into()),
                _ => Json::String(integer.to_string()),
            },
            Self::Float(float) => Number::from_f64(*float).map_or(Json::Null, Json::Number),
            cell => Json::String(cell.text()),
        }
    }

    /// Among equal ones equal: for finding rows again.
    pub(super) fn key(&self) -> String {
        match self {
            Self::Null => "n".to_owned(),
            Self::Float(float) if float.fract() == 0.0 && float.abs() < 1e15 => {
                format!("v{float:.0}")
            }
            cell => format!("v{}", cell.text()),
        }
    }

    /// NULL first, then by value.
    pub(super) fn compare(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Null, Self::Null) => Ordering::Equal,
            (Self::Null, _) => Ordering::Less,
            (_, Self::Null) => Ordering::Greater,
            _ => match (self.number(), other.number()) {
                (Some(one), Some(other)) => one.total_cmp(&other),
                _ => self.text().cmp(&other.text()),
            },
        }
    }

    /// For table calculations.
    pub(super) fn value(&self) -> expression::Value {
        match self {
            Self::Null => expression::Value::Null,
            Self::Boolean(yes) => expression::Value::YesNo(*yes),
            Self::Integer(_) | Self::Float(_) => {
                expression::Value::number(self.number().unwrap_or(f64::NAN))
            }
            Self::Text(text) => expression::Value::Text(text.replace(LIST_SEPARATOR, ", ")),
            Self::Date(date) => expression::Value::Date(*date),
            Self::DateTime(time) => expression::Value::DateTime(*time),
        }
    }

    /// What a table calculation gave.
    pub(super) fn of_value(value: &expression::Value) -> Self {
        match value {
            expression::Value::Null => Self::Null,
            expression::Value::Number(number) => whole(*number),
            expression::Value::Text(text) => Self::Text(text.clone()),
            expression::Value::YesNo(yes) => Self::Boolean(*yes),
            expression::Value::Date(date) => Self::Date(*date),
            expression::Value::DateTime(time) => Self::DateTime(*time),
            expression::Value::List(values) => {
                let texts: Vec<_> = values
                    .iter()
                    .map(|value| Self::of_value(value).text())
                    .collect();
                Self::Text(texts.join(", "))
            }
        }
    }
}

/// A number without decimals is an integer, as long as a float counts every one.
fn whole(number: f64) -> Cell {
    const LARGEST: f64 = 9_007_199_254_740_992.0;
    match number.fract() == 0.0 && number.abs() <= LARGEST {
        #[expect(clippy::cast_possible_truncation, reason = "the range was checked")]
        true => Cell::Integer(number as i128),
        false => Cell::Float(number),
    }
}

/// To the second, or as far as it goes.
fn moment(time: DateTime) -> String {
    match time.time() == Time::MIN || time.subsec_nanosecond() == 0 {
        true => time.strftime("%Y-%m-%d %H:%M:%S").to_string(),
        false => time.strftime("%Y-%m-%d %H:%M:%S%.f").to_string(),
    }
}
