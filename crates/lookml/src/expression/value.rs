//! Values of cells and expressions.

use jiff::civil::{Date, DateTime};

use crate::filter::FilterType;

/// One value.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Nothing is known.
    Null,
    /// Finite; what isn't becomes null.
    Number(f64),
    /// A text.
    Text(String),
    /// Yes or no.
    YesNo(bool),
    /// A day.
    Date(Date),
    /// A time of a day.
    DateTime(DateTime),
    /// Several values, such as a row across its pivot columns.
    List(Vec<Value>),
}

/// What equal values have in common, to find and to count them.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(super) enum Key<'a> {
    Number(u64),
    Text(&'a str),
    YesNo(bool),
    Moment(DateTime),
    List(Vec<Key<'a>>),
    Null,
}

impl Value {
    /// A number, or null where the result is none: a division by zero, an overflow.
    pub fn number(number: f64) -> Self {
        match number.is_finite() {
            // Adding zero makes the negative zero the other one.
            true => Self::Number(number + 0.0),
            false => Self::Null,
        }
    }

    /// A count.
    pub(super) fn count(count: usize) -> Self {
        let count = u32::try_from(count).unwrap_or(u32::MAX);
        Self::Number(f64::from(count))
    }

    /// Whether it is null.
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// In which language it is filtered. Null may be anything.
    pub(super) fn filter_type(&self) -> Option<FilterType> {
        match self {
            Self::Null => None,
            Self::Number(_) => Some(FilterType::Number),
            Self::Text(_) | Self::List(_) => Some(FilterType::String),
            Self::YesNo(_) => Some(FilterType::YesNo),
            Self::Date(_) | Self::DateTime(_) => Some(FilterType::Date),
        }
    }

    /// What it is, for a sentence.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Number(_) => "a number",
            Self::Text(_) => "text",
            Self::YesNo(_) => "yes or no",
            Self::Date(_) => "a date",
            Self::DateTime(_) => "a time",
            Self::List(_) => "a list",
        }
    }

    pub(super) fn key(&self) -> Key<'_> {
        match self {
            Self::Null => Key::Null,
            Self::Number(number) => Key::Number((number + 0.0).to_bits()),
            Self::Text(text) => Key::Text(text),
            Self::YesNo(yes) => Key::YesNo(*yes),
            Self::Date(date) => Key::Moment(date.at(0, 0, 0, 0)),
            Self::DateTime(datetime) => Key::Moment(*datetime),
            Self::List(values) => Key::List(values.iter().map(Self::key).collect()),
        }
    }

    /// About how many bytes it has beside itself.
    pub(super) fn weight(&self) -> usize {
        match self {
            Self::Text(text) => text.len(),
            Self::List(values) => {
                let inside = values.iter().map(Self::weight).sum::<usize>();
                inside.saturating_add(values.len().saturating_mul(size_of::<Self>()))
            }
            _ => 0,
        }
    }
}

/// As a whole number, without its decimals; nothing beyond what counts anything.
pub(crate) fn integer(number: f64) -> Option<i64> {
    const LARGEST: f64 = 9_007_199_254_740_992.0;
    #[expect(clippy::cast_possible_truncation, reason = "the range was checked")]
    (number.abs() <= LARGEST).then_some(number as i64)
}
