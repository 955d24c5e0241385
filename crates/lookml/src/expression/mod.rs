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

pub use self::{
    calculate::{Calculation, calculate, failing_rows},
    dynamic_fields::{TableCalculation, parse_dynamic_fields},
    functions::{Function, function_names},
    syntax::{Expression, ExpressionKind, Operator, Reference, ReferencePart},
    table::{Column, Line, Table},
    value::Value,
};
use crate::diagnostic::{Diagnostic, Rule, Severity};

/// A function that we do not have.
pub const UNKNOWN_FUNCTION: Rule = Rule {
    code: "LK935",
    severity: Severity::Error,
    explanation: "A function that is not supported.",
};

/// A custom measure or dimension.
pub const CUSTOM_FIELD: Rule = Rule {
    code: "LK934",
    severity: Severity::Error,
    explanation: "A custom measure or dimension, which is not supported.",
};

/// An expression that cannot be read, or whose values do not fit together.
pub const BAD_EXPRESSION: Rule = Rule {
    code: "LK936",
    severity: Severity::Error,
    explanation: "An expression that cannot be read or evaluated.",
};

/// A field that the table lacks.
pub const UNKNOWN_COLUMN: Rule = Rule {
    code: "LK301",
    severity: Severity::Error,
    explanation: "A field that is unknown, forbidden or not selected.",
};

/// Calculations that need each other.
pub const CALCULATION_CYCLE: Rule = Rule {
    code: "LK214",
    severity: Severity::Error,
    explanation: "References that go in a circle.",
};

/// Answers whether a value passes a filter expression. A diagnostic's span is in the filter expression.
pub type FilterMatcher<'a> = dyn Fn(&str, &Value) -> Result<bool, Diagnostic> + 'a;

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

/// The name most like a mistyped one, unless none is like it.
fn nearest<'a>(name: &str, names: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let name = name.to_ascii_lowercase();
    let distances = names.map(|known| (strsim::damerau_levenshtein(&name, known), known));
    let (distance, known) = distances.min()?;
    let is_like = distance <= (name.len() / 3).max(1);
    is_like.then_some(known)
}

#[cfg(test)]
mod tests;
