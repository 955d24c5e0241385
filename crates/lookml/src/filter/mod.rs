//! The languages that filters are written in: one for texts, one for numbers, one for yes and no, one for dates.
//!
//! In each of them an expression is a list of terms, divided by commas. One without terms lets everything through.
//! A term may also be `{{ _user_attributes['name'] }}`: what stands there is known only with the person who asks.

mod condition;
mod cursor;
mod date;
mod intersection;
mod number;
mod string;
mod yes_no;

use std::fmt;

use jiff::civil::DateTime;

use crate::calendar::Calendar;
use crate::dialect::Dialect;
use condition::Condition;
use cursor::Cursor;
pub use date::{DateFilter, DateTerm, Period};
pub use number::{Bound, Comparison, Number, NumberFilter, NumberTerm, Operator};
pub use string::{Pattern, PatternPart, StringFilter, StringTerm};
pub use yes_no::YesNoFilter;

/// Which of the languages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FilterType {
    /// Texts, and the labels of tiers and cases.
    String,
    /// Numbers.
    Number,
    /// Yes and no.
    YesNo,
    /// Dates and times, on the whole of what they are a part of.
    Date,
}

/// A filter expression, understood.
#[derive(Debug, Clone, PartialEq)]
pub struct Filter {
    /// What it lets through.
    pub terms: Terms,
    /// Names of attributes whose values are further terms. As long as there are any, nothing is let through.
    pub user_attributes: Vec<String>,
}

/// The terms of a filter, in its language.
#[derive(Debug, Clone, PartialEq)]
pub enum Terms {
    /// Of texts.
    String(StringFilter),
    /// Of numbers.
    Number(NumberFilter),
    /// Of yes and no.
    YesNo(YesNoFilter),
    /// Of dates and times.
    Date(DateFilter),
}

/// Why an expression is none: what LK310 reports.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FilterError {
    /// The byte of the expression at which it stops making sense.
    pub position: usize,
    /// What is wrong, one line.
    pub message: String,
}

/// What a filter needs to know of the column it is put on.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// For whom the SQL is.
    pub dialect: Dialect,
    /// The clock and the zones.
    pub calendar: &'a Calendar,
    /// How the column stores dates.
    pub datatype: Datatype,
    /// Whether bounds of dates go from the query time zone to that of the column. Where both zones are one, or the
    /// column holds days, they never do.
    pub is_converted: bool,
    /// Whether `a` and `A` are two texts.
    pub is_case_sensitive: bool,
}

/// How a column stores dates: the parameter `datatype`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Datatype {
    /// BigQuery: a moment. DuckDB: a time in the database zone.
    Timestamp,
    /// A time in the database zone.
    DateTime,
    /// A day.
    Date,
    /// Seconds since 1970 in UTC.
    Epoch,
    /// A day as a number: 20261122.
    YyyyMmDd,
}

impl Datatype {
    /// As LookML calls it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Timestamp => "timestamp",
            Self::DateTime => "datetime",
            Self::Date => "date",
            Self::Epoch => "epoch",
            Self::YyyyMmDd => "yyyymmdd",
        }
    }
}

/// What a column holds in one row.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Value<'a> {
    /// Nothing.
    Null,
    /// A text.
    String(&'a str),
    /// A number.
    Number(f64),
    /// Yes or no.
    Bool(bool),
    /// A time, in the query time zone.
    DateTime(DateTime),
}

/// Understands an expression.
///
/// ```
/// use lookml::filter::{self, FilterType};
///
/// let filter = filter::parse("last 7 days, null", FilterType::Date)?;
/// assert_eq!(filter.describe(), "is in the last 7 days or is null");
/// assert_eq!(filter.to_string(), "7 days,null");
///
/// let error = filter::parse("2026-02-30", FilterType::Date).unwrap_err();
/// assert_eq!(error.to_string(), "expected a date that the calendar has, not `2026-02-30`");
/// # Ok::<(), filter::FilterError>(())
/// ```
pub fn parse(expression: &str, filter_type: FilterType) -> Result<Filter, FilterError> {
    let mut cursor = Cursor::new(expression);
    if let Some(position) = expression.find('\0') {
        // The one character that no literal of either dialect can hold.
        return Err(FilterError::new(position, "a zero byte is in no value"));
    }
    let terms = match filter_type {
        FilterType::String => Terms::String(string::parse(&mut cursor)?),
        FilterType::Number => Terms::Number(number::parse(&mut cursor)?),
        FilterType::YesNo => Terms::YesNo(yes_no::parse(&mut cursor)?),
        FilterType::Date => Terms::Date(date::parse(&mut cursor)?),
    };
    let user_attributes = cursor.user_attributes;
    Ok(Filter {
        terms,
        user_attributes,
    })
}

impl Filter {
    /// The filter for exactly one value, as what is known of a person is one: no operator, no list and no pattern.
    /// None: the text is no value of that type.
    ///
    /// ```
    /// use lookml::filter::{Filter, FilterType};
    ///
    /// assert!(Filter::equal_to("a,b", FilterType::String).is_some());
    /// assert!(Filter::equal_to("10", FilterType::Number).is_some());
    /// assert!(Filter::equal_to(">10", FilterType::Number).is_none());
    /// assert!(Filter::equal_to("last 7 days", FilterType::Date).is_none());
    /// ```
    pub fn equal_to(text: &str, filter_type: FilterType) -> Option<Self> {
        if filter_type == FilterType::String {
            return (!text.contains('\0')).then(|| StringFilter::equal_to(text));
        }
        if text.contains(',') {
            return None;
        }
        let filter = parse(text, filter_type).ok()?;
        let is_value = filter.user_attributes.is_empty() && filter.terms.are_one_value();
        is_value.then_some(filter)
    }

    /// Whether it lets everything through.
    pub fn is_any(&self) -> bool {
        self.user_attributes.is_empty()
            && match &self.terms {
                Terms::String(filter) => filter.is_any(),
                Terms::Number(filter) => filter.is_any(),
                Terms::YesNo(filter) => filter.is_any(),
                Terms::Date(filter) => filter.is_any(),
            }
    }

    /// Puts the values of user attributes in their places. The value of one that is a text, not an expression, comes
    /// as `StringFilter::equal_to`. One without a value, or with a value that lets everything or another type
    /// through, stays where it is, and the filter finds nothing.
    #[must_use]
    pub fn bind(mut self, value_of: impl Fn(&str) -> Option<Filter>) -> Self {
        for name in std::mem::take(&mut self.user_attributes) {
            let value = value_of(&name).filter(|value| !value.is_any());
            let is_bound = value.is_some_and(|value| self.terms.extend(value));
            if !is_bound {
                self.user_attributes.push(name);
            }
        }
        self
    }

    /// The condition it makes on a column, or on an expression that needs no parentheses as an operand. One of several
    /// parts joined by `AND` is not in parentheses itself.
    pub fn to_sql(&self, column: &str, context: &Context<'_>) -> String {
        if !self.user_attributes.is_empty() {
            return Condition::NOTHING.to_owned();
        }
        if self.is_any() {
            return Condition::EVERYTHING.to_owned();
        }
        match &self.terms {
            Terms::String(filter) => filter.to_sql(column, context),
            Terms::Number(filter) => filter.to_sql(column, context.dialect),
            Terms::YesNo(filter) => filter.to_sql(column),
            Terms::Date(filter) => filter.to_sql(column, context),
        }
    }

    /// Whether it lets a value through: what the SQL says of it. A value of another type never passes.
    pub fn matches(&self, value: &Value<'_>, context: &Context<'_>) -> bool {
        if !self.user_attributes.is_empty() {
            return false;
        }
        if self.is_any() {
            return true;
        }
        match &self.terms {
            Terms::String(filter) => filter.matches(value, context.is_case_sensitive),
            Terms::Number(filter) => filter.matches(value),
            Terms::YesNo(filter) => filter.matches(value),
            Terms::Date(filter) => filter.matches(value, context.calendar),
        }
    }

    /// What it says in English, to stand behind the name of a field: `is in the last 7 days`.
    pub fn describe(&self) -> String {
        let terms = match &self.terms {
            Terms::String(filter) => filter.describe(),
            Terms::Number(filter) => filter.describe(),
            Terms::YesNo(filter) => filter.describe(),
            Terms::Date(filter) => filter.describe(),
        };
        let attributes = self.user_attributes.iter();
        let attributes = attributes.map(|name| format!("is the user attribute {name}"));
        let parts: Vec<_> = terms.into_iter().chain(attributes).collect();
        match (parts.is_empty(), &self.terms) {
            (true, Terms::Date(_)) => "is any time".to_owned(),
            (true, _) => "is any value".to_owned(),
            _ => parts.join(" or "),
        }
    }
}

impl Terms {
    /// Whether they say which one value it is, whatever the clock shows.
    fn are_one_value(&self) -> bool {
        match self {
            Self::String(filter) => filter.is_one_value(),
            Self::Number(filter) => filter.is_one_value(),
            Self::YesNo(filter) => !filter.is_any(),
            Self::Date(filter) => filter.is_one_value(),
        }
    }

    /// Takes the terms of a filter of the same type in; false where it is of another.
    fn extend(&mut self, other: Filter) -> bool {
        if !other.user_attributes.is_empty() {
            return false;
        }
        match (self, other.terms) {
            (Self::String(filter), Self::String(other)) => filter.extend(other),
            (Self::Number(filter), Self::Number(other)) => filter.extend(other),
            (Self::YesNo(filter), Self::YesNo(other)) => filter.extend(other),
            (Self::Date(filter), Self::Date(other)) => filter.terms.extend(other.terms),
            _ => return false,
        }
        true
    }
}

/// The expression again. Parsed, it gives the same filter.
impl fmt::Display for Filter {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let terms = match &self.terms {
            Terms::String(filter) => filter.to_string(),
            Terms::Number(filter) => filter.to_string(),
            Terms::YesNo(filter) => filter.to_string(),
            Terms::Date(filter) => filter.to_string(),
        };
        let attributes = self.user_attributes.iter();
        let attributes = attributes.map(|name| format!("{{{{ _user_attributes['{name}'] }}}}"));
        let terms = Some(terms).filter(|terms| !terms.is_empty());
        let parts: Vec<_> = terms.into_iter().chain(attributes).collect();
        formatter.write_str(&parts.join(","))
    }
}

impl FilterError {
    fn new(position: usize, message: impl Into<String>) -> Self {
        Self {
            position,
            message: message.into(),
        }
    }
}

impl fmt::Display for FilterError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl std::error::Error for FilterError {}

/// `a`, `a or b`, `a, b or c`.
fn or_list(parts: &[String]) -> Option<String> {
    let (last, others) = parts.split_last()?;
    if others.is_empty() {
        return Some(last.clone());
    }
    Some(format!("{} or {last}", others.join(", ")))
}
