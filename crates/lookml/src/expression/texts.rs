//! Functions of texts. Places count characters, from 1.

use super::{Value, rows::Arguments};
use crate::{Diagnostic, rules};

/// Longer texts are not made: a few nested replacements could fill the memory.
const LONGEST: usize = 1 << 20;

pub(super) fn concat(arguments: &Arguments<'_>) -> Result<Value, Diagnostic> {
    let mut text = String::new();
    for (at, value) in arguments.values.iter().enumerate() {
        let shown = shown(value).ok_or_else(|| arguments.mismatch(at, "one value", value))?;
        text.push_str(&shown);
        check_length(arguments, text.len())?;
    }
    Ok(Value::Text(text))
}

pub(super) fn to_string(arguments: &Arguments<'_>) -> Result<Value, Diagnostic> {
    let value = arguments.value(0);
    match shown(value) {
        Some(text) => Ok(Value::Text(text)),
        None => Err(arguments.mismatch(0, "one value", value)),
    }
}

/// A value as a text; nothing for a list.
fn shown(value: &Value) -> Option<String> {
    Some(match value {
        Value::Null => String::new(),
        Value::Number(number) => (number + 0.0).to_string(),
        Value::Text(text) => text.clone(),
        Value::YesNo(true) => "Yes".to_owned(),
        Value::YesNo(false) => "No".to_owned(),
        Value::Date(date) => date.to_string(),
        Value::DateTime(datetime) => datetime.strftime("%Y-%m-%d %H:%M:%S").to_string(),
        Value::List(_) => return None,
    })
}

/// Null where the text is no number.
pub(super) fn to_number(arguments: &Arguments<'_>) -> Result<Value, Diagnostic> {
    if let Value::Number(number) = arguments.value(0) {
        return Ok(Value::Number(*number));
    }
    let text = arguments.text(0)?.trim();
    // Rust reads words such as `inf` as well.
    let is_number = !text.contains(|c: char| c.is_ascii_alphabetic() && !matches!(c, 'e' | 'E'));
    let number = is_number.then(|| text.parse().ok()).flatten();
    Ok(number.map_or(Value::Null, Value::number))
}

pub(super) fn contains(arguments: &Arguments<'_>) -> Result<Value, Diagnostic> {
    let found = arguments.text(0)?.contains(arguments.text(1)?);
    Ok(Value::YesNo(found))
}

pub(super) fn starts_with(arguments: &Arguments<'_>) -> Result<Value, Diagnostic> {
    let found = arguments.text(0)?.starts_with(arguments.text(1)?);
    Ok(Value::YesNo(found))
}

/// Zero where it is not in the text.
pub(super) fn position(arguments: &Arguments<'_>) -> Result<Value, Diagnostic> {
    let (text, wanted) = (arguments.text(0)?, arguments.text(1)?);
    let before = text.split_once(wanted).map(|(before, _)| before);
    Ok(Value::count(
        before.map_or(0, |before| before.chars().count() + 1),
    ))
}

pub(super) fn length(arguments: &Arguments<'_>) -> Result<Value, Diagnostic> {
    Ok(Value::count(arguments.text(0)?.chars().count()))
}

pub(super) fn lower(arguments: &Arguments<'_>) -> Result<Value, Diagnostic> {
    Ok(Value::Text(arguments.text(0)?.to_lowercase()))
}

pub(super) fn upper(arguments: &Arguments<'_>) -> Result<Value, Diagnostic> {
    Ok(Value::Text(arguments.text(0)?.to_uppercase()))
}

/// Replaces every occurrence. Nothing is everywhere, so replacing it changes nothing.
pub(super) fn replace(arguments: &Arguments<'_>) -> Result<Value, Diagnostic> {
    let text = arguments.text(0)?;
    let (old, new) = (arguments.text(1)?, arguments.text(2)?);
    if old.is_empty() {
        return Ok(Value::Text(text.to_owned()));
    }
    let added = text.matches(old).count().saturating_mul(new.len());
    check_length(arguments, added)?;
    Ok(Value::Text(text.replace(old, new)))
}

pub(super) fn split(arguments: &Arguments<'_>) -> Result<Value, Diagnostic> {
    let (text, separator) = (arguments.text(0)?, arguments.text(1)?);
    let part = |part: &str| Value::Text(part.to_owned());
    let parts = match separator.is_empty() {
        true => vec![part(text)],
        false => text.split(separator).map(part).collect(),
    };
    Ok(Value::List(parts))
}

/// A start before the first character takes as much away from the length.
pub(super) fn substring(arguments: &Arguments<'_>) -> Result<Value, Diagnostic> {
    let (text, start) = (arguments.text(0)?, arguments.integer(1)?);
    let length = match arguments.has(2) {
        true => arguments.integer(2)?,
        false => Some(i64::MAX),
    };
    let Some((start, length)) = start.zip(length) else {
        return Ok(Value::Null);
    };
    let end = start.saturating_add(length.max(0)).max(1);
    let start = usize::try_from(start.max(1) - 1).unwrap_or(usize::MAX);
    let end = usize::try_from(end - 1).unwrap_or(usize::MAX);
    let characters = text.chars().skip(start).take(end.saturating_sub(start));
    Ok(Value::Text(characters.collect()))
}

fn check_length(arguments: &Arguments<'_>, length: usize) -> Result<(), Diagnostic> {
    match length <= LONGEST {
        true => Ok(()),
        false => {
            let message = "a text longer than a million characters";
            Err(Diagnostic::new(
                rules::BAD_EXPRESSION,
                arguments.span,
                message,
            ))
        }
    }
}
