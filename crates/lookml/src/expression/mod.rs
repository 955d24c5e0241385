//! The expressions of table calculations and of data tests: read, and evaluated over a returned table.
//!
//! An expression has one value for each row, and one for each cell where it uses a pivoted field. It sees the whole
//! table, so it is evaluated for all rows at once: a column's sum is taken once, however many rows there are.
//!
//! | stage | from | to |
//! |---|---|---|
//! | [`Expression::parse`] | text | [`Expression`] |
//! | [`calculate`] | [`Calculation`]s and a [`Table`] | a [`Column`] for each |
//! | [`failing_rows`] | an assert and a [`Table`] | the rows where it isn't `yes` |

mod aggregates;
mod calculate;
mod columns;
mod dates;
mod dynamic_fields;
mod evaluate;
mod functions;
mod lexer;
mod numbers;
mod operators;
mod parser;
mod pivots;
mod rows;
mod syntax;
mod table;
mod texts;
mod value;

use std::fmt;

use jiff::civil::DateTime;

pub(crate) use self::dates::{moment, read as read_moment};
pub(crate) use self::dynamic_fields::disabled_calculations;
pub(crate) use self::value::integer;
pub use self::{
    calculate::{Calculation, calculate, failing_rows},
    dynamic_fields::{TableCalculation, parse_dynamic_fields},
    functions::{Function, function_names},
    syntax::{Expression, ExpressionKind, Operator, Reference, ReferencePart},
    table::{Column, Line, Table},
    value::Value,
};
use crate::diagnostic::Diagnostic;
use crate::filter::FilterType;

/// Answers whether a value passes a filter expression of a type. A diagnostic's span is in the filter expression.
pub type FilterMatcher<'a> = dyn Fn(&str, FilterType, &Value) -> Result<bool, Diagnostic> + 'a;

/// What an expression needs beside the table.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// What `now()` is.
    pub now: DateTime,
    /// What `matches_filter` asks.
    pub matches_filter: &'a FilterMatcher<'a>,
}

impl fmt::Debug for Context<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = formatter.debug_struct("Context");
        debug.field("now", &self.now).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
