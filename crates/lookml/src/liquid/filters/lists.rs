//! Filters that make lists, or make something of them.

use std::cmp::Ordering;
use std::collections::HashSet;

use super::Call;
use crate::liquid::context::Problem;
use crate::liquid::value::Value;

type Made = Result<Value, Problem>;

fn texts<'a>(texts: impl Iterator<Item = &'a str>) -> Value {
    Value::List(texts.map(|text| Value::String(text.to_owned())).collect())
}

/// Empty texts at the end are dropped; a space stands for any space; nothing splits into characters.
pub(super) fn split(call: Call<'_>) -> Made {
    let (input, by) = (call.text(), call.argument_text(0));
    // A part costs more than its bytes.
    call.work.spend(input.len().saturating_mul(16))?;
    if by == " " {
        return Ok(texts(input.split_ascii_whitespace()));
    }
    if by.is_empty() {
        let chars = input.chars().map(|c| Value::String(c.to_string()));
        return Ok(Value::List(chars.collect()));
    }
    let mut parts: Vec<&str> = input.split(by.as_ref()).collect();
    while parts.last().is_some_and(|part| part.is_empty()) {
        parts.pop();
    }
    Ok(texts(parts.into_iter()))
}

pub(super) fn join(call: Call<'_>) -> Made {
    let Value::List(values) = call.input else {
        return Ok(Value::String(call.text().into_owned()));
    };
    let by = call.argument(0).map_or(" ".into(), Value::text);
    call.work.spend(values.len().saturating_mul(by.len()))?;
    let texts: Vec<_> = values.iter().map(Value::text).collect();
    Ok(Value::String(texts.join(&by)))
}

pub(super) fn first(call: Call<'_>) -> Made {
    Ok(step(call.input, "first"))
}

pub(super) fn last(call: Call<'_>) -> Made {
    Ok(step(call.input, "last"))
}

pub(super) fn size(call: Call<'_>) -> Made {
    Ok(match step(call.input, "size") {
        Value::Nil => Value::Integer(0),
        size => size,
    })
}

fn step(value: &Value, key: &str) -> Value {
    value
        .step(key)
        .map_or(Value::Nil, |found| found.into_owned())
}

/// From a place, which counts from the end if it is negative, so many characters or elements: one.
pub(super) fn slice(call: Call<'_>) -> Made {
    let (from, count) = (call.argument_integer(0, 0), call.argument_integer(1, 1));
    Ok(match call.input {
        Value::List(values) => {
            let (from, count) = range(from, count, values.len());
            let kept = values.iter().skip(from).take(count);
            Value::List(kept.cloned().collect())
        }
        _ => {
            let input = call.text();
            let (from, count) = range(from, count, input.chars().count());
            Value::String(input.chars().skip(from).take(count).collect())
        }
    })
}

/// Where to begin and how many to take.
fn range(from: i64, count: i64, length: usize) -> (usize, usize) {
    let distance = usize::try_from(from.unsigned_abs()).unwrap_or(usize::MAX);
    let from = match from {
        0.. => Some(distance),
        _ => length.checked_sub(distance),
    };
    match (from, usize::try_from(count)) {
        (Some(from), Ok(count)) => (from, count),
        _ => (0, 0),
    }
}

pub(super) fn concat(call: Call<'_>) -> Made {
    let Some(Value::List(more)) = call.argument(0) else {
        return Err(Problem::failed("`concat` takes a list"));
    };
    let mut values = listed(call.input);
    values.extend(more.iter().cloned());
    Ok(Value::List(values))
}

pub(super) fn reverse(call: Call<'_>) -> Made {
    let mut values = listed(call.input);
    values.reverse();
    Ok(Value::List(values))
}

pub(super) fn compact(call: Call<'_>) -> Made {
    let mut values = listed(call.input);
    values.retain(|value| *value != Value::Nil);
    Ok(Value::List(values))
}

pub(super) fn uniq(call: Call<'_>) -> Made {
    let mut seen = HashSet::new();
    let mut values = listed(call.input);
    values.retain(|value| seen.insert((value.kind(), value.text().into_owned())));
    Ok(Value::List(values))
}

/// Numbers before texts before everything else, which keeps its order.
pub(super) fn sort(call: Call<'_>) -> Made {
    let rank = |value: &Value| match value {
        Value::Integer(_) | Value::Float(_) => 0,
        Value::String(_) => 1,
        _ => 2,
    };
    let mut values = listed(call.input);
    values.sort_by(|left, right| {
        let order = rank(left).cmp(&rank(right));
        order.then_with(|| left.order(right).unwrap_or(Ordering::Equal))
    });
    Ok(Value::List(values))
}

/// Instead of nothing, an empty text and an empty list.
pub(super) fn default(call: Call<'_>) -> Made {
    let is_there = call.input.is_true() && !call.input.is_empty();
    let value = if is_there {
        Some(call.input)
    } else {
        call.argument(0)
    };
    Ok(value.cloned().unwrap_or_default())
}

fn listed(value: &Value) -> Vec<Value> {
    match value {
        Value::List(values) => values.clone(),
        Value::Nil => Vec::new(),
        value => vec![value.clone()],
    }
}
