//! Functions over many values. Nulls do not count.

use std::{cmp::Ordering, collections::HashSet};

use super::{Value, operators::compare, rows::mismatch};
use crate::{Diagnostic, token::Span};

/// The values of a column, a list or a call that are not null.
#[derive(Debug)]
pub(super) struct Values<'a> {
    pub(super) values: Vec<&'a Value>,
    /// Where they come from.
    pub(super) span: Span,
}

impl<'a> Values<'a> {
    pub(super) fn of(values: impl Iterator<Item = &'a Value>, span: Span) -> Self {
        Self {
            values: values.filter(|value| !value.is_null()).collect(),
            span,
        }
    }

    pub(super) fn numbers(&self) -> Result<Vec<f64>, Diagnostic> {
        let numbers = self.values.iter().map(|value| match value {
            Value::Number(number) => Ok(*number),
            other => Err(mismatch(self.span, "a number", other)),
        });
        numbers.collect()
    }

    pub(super) fn sorted(&self) -> Result<Vec<f64>, Diagnostic> {
        let mut numbers = self.numbers()?;
        numbers.sort_by(f64::total_cmp);
        Ok(numbers)
    }

    /// The first of those that no other one comes before.
    fn extreme(&self, wanted: Ordering) -> Result<Value, Diagnostic> {
        let mut extreme: Option<&Value> = None;
        for value in &self.values {
            let is_better = match extreme {
                Some(extreme) => compare(value, extreme, self.span)? == wanted,
                None => compare(value, value, self.span)? == Ordering::Equal,
            };
            if is_better {
                extreme = Some(value);
            }
        }
        Ok(extreme.cloned().unwrap_or(Value::Null))
    }
}

/// Zero where there is nothing to add, like the measure.
pub(super) fn sum(values: &Values<'_>) -> Result<Value, Diagnostic> {
    Ok(Value::number(values.numbers()?.iter().sum()))
}

pub(super) fn mean(values: &Values<'_>) -> Result<Value, Diagnostic> {
    let numbers = values.numbers()?;
    Ok(Value::number(mean_of(&numbers)))
}

/// Not a number where there is none.
fn mean_of(numbers: &[f64]) -> f64 {
    numbers.iter().sum::<f64>() / count_of(numbers.len())
}

pub(super) fn count_of(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}

pub(super) fn median(values: &Values<'_>) -> Result<Value, Diagnostic> {
    Ok(percentile_of(&values.sorted()?, 0.5))
}

/// The mean of the values at ⌊n·p − 0.0000001⌋ and ⌊n·p⌋, as the measures compute it.
pub(super) fn percentile_of(sorted: &[f64], share: f64) -> Value {
    if !(0.0..=1.0).contains(&share) {
        return Value::Null;
    }
    let place = count_of(sorted.len()) * share;
    let at = |place: f64| {
        let place = super::value::integer(place.floor().max(0.0))?;
        let last = sorted.len().checked_sub(1)?;
        sorted.get(usize::try_from(place).ok()?.min(last)).copied()
    };
    let values = at(place - 0.000_000_1).zip(at(place));
    values.map_or(Value::Null, |(one, other)| {
        Value::number((one + other) / 2.0)
    })
}

pub(super) fn min(values: &Values<'_>) -> Result<Value, Diagnostic> {
    values.extreme(Ordering::Less)
}

pub(super) fn max(values: &Values<'_>) -> Result<Value, Diagnostic> {
    values.extreme(Ordering::Greater)
}

pub(super) fn count(values: &Values<'_>) -> Result<Value, Diagnostic> {
    Ok(Value::count(values.values.len()))
}

pub(super) fn count_distinct(values: &Values<'_>) -> Result<Value, Diagnostic> {
    let keys = values.values.iter().map(|value| value.key());
    Ok(Value::count(keys.collect::<HashSet<_>>().len()))
}

/// Null for fewer than two values.
pub(super) fn stddev_samp(values: &Values<'_>) -> Result<Value, Diagnostic> {
    let numbers = values.numbers()?;
    let mean = mean_of(&numbers);
    let squares = numbers.iter().map(|number| (number - mean).powi(2));
    let variance = squares.sum::<f64>() / (count_of(numbers.len()) - 1.0);
    Ok(match numbers.len() {
        0 | 1 => Value::Null,
        _ => Value::number(variance.sqrt()),
    })
}
