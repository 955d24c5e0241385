//! What a function of a row gets, and the functions of logic.

use jiff::civil::DateTime;

use super::{Context, Expression, Value, dates, value::integer};
use crate::{Diagnostic, rules, token::Span};

/// The arguments of a call in one row.
#[derive(Debug)]
pub(super) struct Arguments<'a> {
    pub(super) values: &'a [&'a Value],
    pub(super) written: &'a [Expression],
    /// Of the whole call.
    pub(super) span: Span,
    pub(super) context: &'a Context<'a>,
}

impl Arguments<'_> {
    /// One of them; null where it was left out.
    pub(super) fn value(&self, at: usize) -> &Value {
        self.values.get(at).copied().unwrap_or(&Value::Null)
    }

    pub(super) fn number(&self, at: usize) -> Result<f64, Diagnostic> {
        match self.value(at) {
            Value::Number(number) => Ok(*number),
            other => Err(self.mismatch(at, "a number", other)),
        }
    }

    /// A number without its decimals; nothing where it is too large to count anything.
    pub(super) fn integer(&self, at: usize) -> Result<Option<i64>, Diagnostic> {
        self.number(at).map(integer)
    }

    pub(super) fn text(&self, at: usize) -> Result<&str, Diagnostic> {
        match self.value(at) {
            Value::Text(text) => Ok(text),
            other => Err(self.mismatch(at, "text", other)),
        }
    }

    /// A time; a date is its first moment, and a text may say a date.
    pub(super) fn moment(&self, at: usize) -> Result<DateTime, Diagnostic> {
        let value = self.value(at);
        dates::moment(value).ok_or_else(|| self.mismatch(at, "a date", value))
    }

    pub(super) fn has(&self, at: usize) -> bool {
        self.values.len() > at
    }

    pub(super) fn mismatch(&self, at: usize, wanted: &str, found: &Value) -> Diagnostic {
        let span = self
            .written
            .get(at)
            .map_or(self.span, |written| written.span);
        mismatch(span, wanted, found)
    }
}

/// A value of the wrong type.
pub(super) fn mismatch(span: Span, wanted: &str, found: &Value) -> Diagnostic {
    let message = format!("{wanted} is needed, this is {}", found.kind());
    Diagnostic::new(rules::BAD_EXPRESSION, span, message)
}

/// Whether a condition holds. Null is neither.
pub(super) fn condition(value: &Value, span: Span) -> Result<Option<bool>, Diagnostic> {
    match value {
        Value::YesNo(yes) => Ok(Some(*yes)),
        Value::Null => Ok(None),
        other => Err(mismatch(span, "yes or no", other)),
    }
}

/// A condition that is null does not hold.
pub(super) fn if_(arguments: &Arguments<'_>) -> Result<Value, Diagnostic> {
    let span = arguments
        .written
        .first()
        .map_or(arguments.span, |first| first.span);
    let chosen = match condition(arguments.value(0), span)? {
        Some(true) => arguments.value(1),
        _ => arguments.value(2),
    };
    Ok(chosen.clone())
}

pub(super) fn coalesce(arguments: &Arguments<'_>) -> Result<Value, Diagnostic> {
    let first = arguments.values.iter().find(|value| !value.is_null());
    Ok(first.map_or(Value::Null, |value| (*value).clone()))
}

pub(super) fn is_null(arguments: &Arguments<'_>) -> Result<Value, Diagnostic> {
    Ok(Value::YesNo(arguments.value(0).is_null()))
}

pub(super) fn list(arguments: &Arguments<'_>) -> Result<Value, Diagnostic> {
    let values = arguments.values.iter().copied();
    Ok(Value::List(values.cloned().collect()))
}
