//! `5, NOT [10,20], >100`.

mod parse;
mod sql;

use std::fmt;

use super::{Value, or_list};
pub(super) use parse::parse;

/// What a number is, and what it is not.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct NumberFilter {
    /// One of these holds. With none of them: everything.
    pub is: Vec<NumberTerm>,
    /// None of these holds. NULL fulfils no comparison.
    pub is_not: Vec<NumberTerm>,
}

/// What can be said of a number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NumberTerm {
    /// It is NULL.
    Null,
    /// It is not NULL: `(-inf,inf)`.
    Any,
    /// `5`, `>=5`. What it is not equal to is an equal number in `is_not`.
    Compare(Comparison),
    /// `[5,10)`. In `is_not` the bounds themselves are never meant: `NOT (5,10)` lets 5 and 10 not through, as Looker
    /// has it.
    Between {
        /// The lower one.
        low: Bound,
        /// The upper one.
        high: Bound,
    },
    /// `>5 AND !=7`: two comparisons that are no two bounds.
    Both(Comparison, Comparison),
}

/// A comparison with a number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comparison {
    /// How it is compared.
    pub operator: Operator,
    /// With what.
    pub value: Number,
}

/// How numbers are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operator {
    /// `=`
    Equal,
    /// `<>`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    AtMost,
    /// `>`
    Greater,
    /// `>=`
    AtLeast,
}

/// An end of an interval.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bound {
    /// The number.
    pub value: Number,
    /// Whether the number itself lies outside.
    pub is_open: bool,
}

/// A number as it was written, so that no digit is lost.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Number(String);

impl NumberFilter {
    pub(super) fn is_any(&self) -> bool {
        self.is.is_empty() && self.is_not.is_empty()
    }

    pub(super) fn is_one_value(&self) -> bool {
        let is_equal = matches!(self.is.as_slice(), [term] if term.equal().is_some());
        is_equal && self.is_not.is_empty()
    }

    pub(super) fn extend(&mut self, other: Self) {
        self.is.extend(other.is);
        self.is_not.extend(other.is_not);
    }

    pub(super) fn matches(&self, value: &Value<'_>) -> bool {
        let number = match value {
            Value::Null => None,
            Value::Number(number) => Some(*number),
            _ => return false,
        };
        let is = self.is.is_empty() || self.is.iter().any(|term| term.holds(number));
        is && self.is_not.iter().all(|term| term.holds_not(number))
    }

    pub(super) fn describe(&self) -> Option<String> {
        let positive = describe_group(&self.is, "is").join(" or ");
        let negative = describe_group(&self.is_not, "is not").join(", and ");
        let groups = [positive, negative].into_iter();
        let groups: Vec<_> = groups.filter(|group| !group.is_empty()).collect();
        (!groups.is_empty()).then(|| groups.join(", and "))
    }
}

impl NumberTerm {
    pub(super) fn holds(&self, number: Option<f64>) -> bool {
        let Some(number) = number else {
            return *self == Self::Null;
        };
        match self {
            Self::Null => false,
            Self::Any => true,
            Self::Compare(comparison) => comparison.holds(number),
            Self::Between { low, high } => {
                low.operator_above().holds(number, low.value.value())
                    && high.operator_below().holds(number, high.value.value())
            }
            Self::Both(first, second) => first.holds(number) && second.holds(number),
        }
    }

    /// The opposite, except for the bounds of an interval.
    pub(super) fn holds_not(&self, number: Option<f64>) -> bool {
        match (self, number) {
            (Self::Between { low, high }, Some(number)) => {
                number < low.value.value() || number > high.value.value()
            }
            _ => !self.holds(number),
        }
    }

    /// The number it is, where it says that it is one.
    pub(super) fn equal(&self) -> Option<&Number> {
        match self {
            Self::Compare(comparison) if comparison.operator == Operator::Equal => {
                Some(&comparison.value)
            }
            _ => None,
        }
    }
}

impl Comparison {
    fn holds(&self, number: f64) -> bool {
        self.operator.holds(number, self.value.value())
    }
}

impl Operator {
    fn holds(self, number: f64, value: f64) -> bool {
        match self {
            Self::Equal => number == value,
            Self::NotEqual => number != value,
            Self::Less => number < value,
            Self::AtMost => number <= value,
            Self::Greater => number > value,
            Self::AtLeast => number >= value,
        }
    }

    /// What holds where this does not, NULL aside.
    fn opposite(self) -> Self {
        match self {
            Self::Equal => Self::NotEqual,
            Self::NotEqual => Self::Equal,
            Self::Less => Self::AtLeast,
            Self::AtMost => Self::Greater,
            Self::Greater => Self::AtMost,
            Self::AtLeast => Self::Less,
        }
    }

    /// As it is written in SQL.
    fn symbol(self) -> &'static str {
        match self {
            Self::Equal => "=",
            Self::NotEqual => "<>",
            Self::Less => "<",
            Self::AtMost => "<=",
            Self::Greater => ">",
            Self::AtLeast => ">=",
        }
    }
}

impl Bound {
    pub(super) fn operator_above(&self) -> Operator {
        match self.is_open {
            true => Operator::Greater,
            false => Operator::AtLeast,
        }
    }

    pub(super) fn operator_below(&self) -> Operator {
        match self.is_open {
            true => Operator::Less,
            false => Operator::AtMost,
        }
    }
}

impl Number {
    /// A number: sign, digits, decimals, exponent. None where the text is another, or lies beyond what a float holds.
    pub fn new(text: &str) -> Option<Self> {
        let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
        let is_number = unsigned.starts_with(|c: char| c.is_ascii_digit() || c == '.');
        let value: f64 = text.parse().ok().filter(|_| is_number)?;
        if !value.is_finite() {
            return None;
        }
        let sign = if text.starts_with('-') { "-" } else { "" };
        let digits = unsigned.trim_start_matches('0');
        let zero = if digits.starts_with(|c: char| c.is_ascii_digit()) {
            ""
        } else {
            "0"
        };
        Some(Self(format!("{sign}{zero}{}", digits.to_ascii_lowercase())))
    }

    /// Its digits, such as `-0.5` or `1e9`.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The nearest float.
    pub fn value(&self) -> f64 {
        self.0.parse().unwrap_or_default()
    }
}

/// The numbers in one phrase, each other term in its own.
fn describe_group(terms: &[NumberTerm], verb: &str) -> Vec<String> {
    let numbers: Vec<_> = terms.iter().filter_map(|term| term.equal()).collect();
    let numbers: Vec<_> = numbers.iter().map(|number| number.to_string()).collect();
    let others = terms.iter().filter(|term| term.equal().is_none());
    let phrases = or_list(&numbers)
        .into_iter()
        .chain(others.map(NumberTerm::describe));
    phrases.map(|phrase| format!("{verb} {phrase}")).collect()
}

impl NumberTerm {
    fn describe(&self) -> String {
        match self {
            Self::Null => "null".to_owned(),
            Self::Any => "any number".to_owned(),
            Self::Compare(comparison) => comparison.describe(),
            Self::Between { low, high } if !low.is_open && !high.is_open => {
                format!("between {} and {}", low.value, high.value)
            }
            Self::Between { .. } => format!("in {self}"),
            Self::Both(first, second) => {
                format!("{} and {}", first.describe(), second.describe())
            }
        }
    }
}

impl Comparison {
    fn describe(&self) -> String {
        let words = match self.operator {
            Operator::Equal => "",
            Operator::NotEqual => "not ",
            Operator::Less => "less than ",
            Operator::AtMost => "at most ",
            Operator::Greater => "greater than ",
            Operator::AtLeast => "at least ",
        };
        format!("{words}{}", self.value)
    }
}

impl fmt::Display for NumberFilter {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let is = self.is.iter().map(NumberTerm::to_string);
        let is_not = self.is_not.iter().map(|term| format!("NOT {term}"));
        formatter.write_str(&is.chain(is_not).collect::<Vec<_>>().join(","))
    }
}

impl fmt::Display for NumberTerm {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => formatter.write_str("NULL"),
            Self::Any => formatter.write_str("(-inf,inf)"),
            Self::Compare(comparison) => comparison.fmt(formatter),
            Self::Between { low, high } => {
                let open = if low.is_open { '(' } else { '[' };
                let close = if high.is_open { ')' } else { ']' };
                write!(formatter, "{open}{},{}{close}", low.value, high.value)
            }
            Self::Both(first, second) => {
                let (symbol, other) = (first.operator.symbol(), second.operator.symbol());
                write!(
                    formatter,
                    "{symbol}{} AND {other}{}",
                    first.value, second.value
                )
            }
        }
    }
}

impl fmt::Display for Comparison {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.operator {
            Operator::Equal => self.value.fmt(formatter),
            operator => write!(formatter, "{}{}", operator.symbol(), self.value),
        }
    }
}

impl fmt::Display for Number {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}
