//! From a query to SQL.
//!
//! | stage | from | to |
//! |---|---|---|
//! | `asked` | a query | fields and filters, looked up |
//! | `custom_filter` | an expression that is a filter | conditions on rows and on groups |
//! | `sql`, `measure`, `aggregates`, `time`, `labels`, `columns` | a field | its SQL, with what it needs |
//! | `joins` | the views that are needed | the joins, in order, and what they repeat |
//! | `select`, `pivot`, `sort` | all of it | statements |
//! | `fold`, `mentions` | a statement, what is known of its tables | the same rows from less |
//! | `outline` | the same | how rows become the answer |

mod aggregates;
mod asked;
mod calculations;
mod columns;
mod custom_filter;
mod error;
mod fold;
mod joins;
pub(crate) mod labels;
mod measure;
mod mentions;
mod native;
mod outline;
mod pivot;
mod plan;
mod promises;
mod request;
pub(crate) mod scope;
mod select;
mod settings;
mod show;
mod sort;
mod sql;
mod statement;
mod statistics;
mod tables;
mod template;
mod time;
mod values;
mod zone;

use jiff::tz::TimeZone;

pub(crate) use self::asked::filter_type;
pub(crate) use self::columns::{LATITUDE, LONGITUDE, SORT};
pub(crate) use self::custom_filter::refused;
pub use self::error::{Notice, QueryError};
pub(crate) use self::measure::LIST_SEPARATOR;
pub(crate) use self::outline::{Column, ColumnKind, FieldFilter, Filling, Outline};
pub(crate) use self::pivot::{COLUMN, COLUMNS, ROW};
pub use self::promises::{Promise, dimensions, promises};

pub use self::settings::{Settings, TableNames, UserAttribute};
pub(crate) use self::sql::DEEPEST;
pub use self::statistics::{ColumnStatistics, Statistics, TableStatistics};

use self::error::Result;
use self::scope::Scope;
use crate::calendar::Calendar;
use crate::diagnostic::rules;
use crate::model::Model;
use crate::query::Query;

/// A query as SQL, and how its rows become the answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Compiled {
    /// What has to be run before, once a connection: functions that the statements use.
    pub setup: Vec<String>,
    /// The statements: the main one first, then those for totals.
    pub statements: Vec<Statement>,
    /// What somebody who reads the answer should know.
    pub notices: Vec<Notice>,
    pub(crate) outline: Outline,
}

/// One statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// What it is for.
    pub kind: StatementKind,
    /// Its text.
    pub sql: String,
    /// What its columns are, in order.
    pub(crate) columns: Vec<String>,
}

/// What a statement is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StatementKind {
    /// The rows.
    Main,
    /// The row of totals: one for each pivot.
    Totals,
    /// The column of totals: one for each row.
    RowTotals,
    /// Where both meet.
    GrandTotals,
}

/// Compiles a query of a model.
///
/// The same model, query and settings give the same text, byte for byte.
pub fn compile(model: &Model, query: &Query, settings: &Settings) -> Result<Compiled> {
    let calendar = calendar(model, query, settings)?;
    let Some(explore) = model.explores.get(&query.view) else {
        return Err(unknown_explore(model, &query.view));
    };
    let scope = Scope {
        model,
        explore,
        settings,
        calendar: &calendar,
    };
    scope.enter()?;
    if !query.subtotals.is_empty() {
        return Err(QueryError::new(
            rules::UNSUPPORTED,
            "subtotals are not supported",
        ));
    }
    let request = request::Request::of(&scope, query)?;
    let compiled = plan::compile(scope, &request.query)?;
    Ok(request.complete(compiled))
}

fn unknown_explore(model: &Model, name: &str) -> QueryError {
    if model.abstract_explores.iter().any(|other| other == name) {
        let message = format!("the explore `{name}` is there to be extended only");
        return QueryError::new(rules::ABSTRACT_OBJECT, message);
    }
    let message = format!("the model `{}` has no explore `{name}`", model.name);
    let known = model.explores.keys().map(String::as_str);
    let mut error = QueryError::new(rules::UNKNOWN_FIELD, message);
    error.hint = crate::suggest::did_you_mean(name, known);
    error
}

/// The clock and the zones of a query.
fn calendar(model: &Model, query: &Query, settings: &Settings) -> Result<Calendar> {
    let database_timezone = settings.database_timezone.clone();
    let query_timezone = match &query.query_timezone {
        Some(name) => TimeZone::get(name).map_err(|_| {
            let message = format!("there is no time zone `{name}`");
            QueryError::new(rules::ILLEGAL_VALUE, message).hint("write it as `America/New_York`")
        })?,
        None => settings
            .query_timezone
            .clone()
            .unwrap_or_else(|| database_timezone.clone()),
    };
    Ok(Calendar {
        now: settings.now,
        query_timezone,
        database_timezone,
        week_start: model.week_start.unwrap_or(settings.week_start),
        fiscal_month_offset: model.fiscal_month_offset,
    })
}
