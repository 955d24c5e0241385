//! What a query is compiled with, beside the model.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Weekday;
use jiff::tz::TimeZone;

use super::statistics::Statistics;
use crate::dialect::Dialect;
use crate::filter::{Filter, FilterType};

/// For whom, when and where a query is compiled.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// For whom the SQL is.
    pub dialect: Dialect,
    /// The clock.
    pub now: Timestamp,
    /// In which dates are meant and shown, where the query does not say. None: in that of the database.
    pub query_timezone: Option<TimeZone>,
    /// In which columns without a zone are stored.
    pub database_timezone: TimeZone,
    /// The first day of the week, where the model names none.
    pub week_start: Weekday,
    /// What is known of the person who asks.
    pub user_attributes: BTreeMap<String, UserAttribute>,
    /// How tables are called.
    pub tables: TableNames,
    /// What is known of the tables' rows. DuckDB is asked for less where it helps.
    pub statistics: Statistics,
}

/// One thing that is known of a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UserAttribute {
    /// A text, whatever characters it has.
    Literal(String),
    /// A filter expression.
    Expression(String),
}

/// From the paths that a model writes to those of the database. On BigQuery paths stay as they are.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct TableNames {
    /// Schemas in place of datasets.
    pub schemas: BTreeMap<String, String>,
}

impl Settings {
    /// For a dialect at a moment, all in UTC, weeks from Monday on.
    pub fn new(dialect: Dialect, now: Timestamp) -> Self {
        Self {
            dialect,
            now,
            query_timezone: None,
            database_timezone: TimeZone::UTC,
            week_start: Weekday::Monday,
            user_attributes: BTreeMap::new(),
            tables: TableNames::default(),
            statistics: Statistics::default(),
        }
    }
}

impl UserAttribute {
    /// As a filter of a type. None: it is none of that type.
    pub(super) fn filter(&self, filter_type: FilterType) -> Option<Filter> {
        match self {
            Self::Literal(text) => Filter::equal_to(text, filter_type),
            Self::Expression(text) => crate::filter::parse(text, filter_type).ok(),
        }
    }

    /// Whether it says nothing.
    pub(super) fn is_blank(&self) -> bool {
        self.text().trim().is_empty()
    }

    /// As it was given.
    pub fn text(&self) -> &str {
        match self {
            Self::Literal(text) | Self::Expression(text) => text,
        }
    }
}
