//! What operators make of two values. Null makes null of everything but `AND` and `OR`, which may know the answer.

use std::cmp::Ordering;

use super::{
    Operator, Value,
    dates::moment,
    rows::{condition, mismatch},
};
use crate::{Diagnostic, rules, token::Span};

/// The value of `left operator right`.
pub(super) fn operate(
    left: (&Value, Span),
    operator: Operator,
    right: (&Value, Span),
) -> Result<Value, Diagnostic> {
    match operator {
        Operator::Add => arithmetic(left, right, |left, right| left + right),
        Operator::Subtract => arithmetic(left, right, |left, right| left - right),
        Operator::Multiply => arithmetic(left, right, |left, right| left * right),
        Operator::Divide => arithmetic(left, right, |left, right| left / right),
        Operator::Remainder => arithmetic(left, right, |left, right| left % right),
        Operator::And => logic(left, right, false),
        Operator::Or => logic(left, right, true),
        Operator::Equal => comparison(left, right, Ordering::is_eq),
        Operator::NotEqual => comparison(left, right, Ordering::is_ne),
        Operator::Less => comparison(left, right, Ordering::is_lt),
        Operator::LessOrEqual => comparison(left, right, Ordering::is_le),
        Operator::Greater => comparison(left, right, Ordering::is_gt),
        Operator::GreaterOrEqual => comparison(left, right, Ordering::is_ge),
    }
}

fn arithmetic(
    left: (&Value, Span),
    right: (&Value, Span),
    operation: fn(f64, f64) -> f64,
) -> Result<Value, Diagnostic> {
    let (left, right) = (number(left)?, number(right)?);
    let result = left.zip(right).map(|(left, right)| operation(left, right));
    Ok(result.map_or(Value::Null, Value::number))
}

/// Nothing for null.
pub(super) fn number((value, span): (&Value, Span)) -> Result<Option<f64>, Diagnostic> {
    match value {
        Value::Number(number) => Ok(Some(*number)),
        Value::Null => Ok(None),
        other => {
            let diagnostic = mismatch(span, "a number", other);
            Err(match other {
                Value::Text(_) => diagnostic.hint("texts are joined by `concat(a, b)`"),
                Value::Date(_) | Value::DateTime(_) => {
                    diagnostic.hint("see `diff_days(start, end)` and `add_days(number, date)`")
                }
                _ => diagnostic,
            })
        }
    }
}

/// One side that is `decisive` decides, whatever the other one is.
fn logic(
    (left, left_span): (&Value, Span),
    (right, right_span): (&Value, Span),
    decisive: bool,
) -> Result<Value, Diagnostic> {
    let sides = (condition(left, left_span)?, condition(right, right_span)?);
    Ok(match sides {
        (Some(left), _) if left == decisive => Value::YesNo(decisive),
        (_, Some(right)) if right == decisive => Value::YesNo(decisive),
        (Some(_), Some(_)) => Value::YesNo(!decisive),
        _ => Value::Null,
    })
}

fn comparison(
    (left, left_span): (&Value, Span),
    (right, right_span): (&Value, Span),
    holds: fn(Ordering) -> bool,
) -> Result<Value, Diagnostic> {
    if left.is_null() || right.is_null() {
        return Ok(Value::Null);
    }
    let ordering = compare(left, right, left_span.to(right_span))?;
    Ok(Value::YesNo(holds(ordering)))
}

/// What a text says that was written as it is shown.
fn yes_no(text: &str) -> Option<bool> {
    match text.to_ascii_lowercase().as_str() {
        "yes" => Some(true),
        "no" => Some(false),
        _ => None,
    }
}

/// Two values of one type. A text that says a date, yes or no may be compared with one.
pub(super) fn compare(left: &Value, right: &Value, span: Span) -> Result<Ordering, Diagnostic> {
    let ordering = match (left, right) {
        (Value::Number(left), Value::Number(right)) => left.partial_cmp(right),
        (Value::Text(left), Value::Text(right)) => Some(left.cmp(right)),
        (Value::YesNo(left), Value::YesNo(right)) => Some(left.cmp(right)),
        (Value::YesNo(left), Value::Text(right)) => yes_no(right).map(|right| left.cmp(&right)),
        (Value::Text(left), Value::YesNo(right)) => yes_no(left).map(|left| left.cmp(right)),
        _ => {
            let moments = moment(left).zip(moment(right));
            moments.map(|(left, right)| left.cmp(&right))
        }
    };
    ordering.ok_or_else(|| {
        let (left, right) = (left.kind(), right.kind());
        let message = format!("{left} and {right} cannot be compared");
        Diagnostic::new(rules::BAD_EXPRESSION, span, message)
    })
}
