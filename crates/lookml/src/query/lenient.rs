//! What clients write for the same: null or nothing, numbers or strings.

use indexmap::IndexMap;
use serde::de::{Deserialize, Deserializer, Error, Unexpected};
use serde_json::Value;

use super::{Limit, RowTotal, text as texts};

/// Null is empty.
pub(super) fn or_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Default + Deserialize<'de>,
{
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

/// Values that are no strings are what they would be as text.
pub(super) fn filters<'de, D>(deserializer: D) -> Result<IndexMap<String, String>, D::Error>
where
    D: Deserializer<'de>,
{
    let filters: Option<IndexMap<String, Value>> = Option::deserialize(deserializer)?;
    let filters = filters.unwrap_or_default().into_iter();
    let texts = filters.map(|(field, value)| Ok((field, scalar(value)?)));
    texts.collect()
}

pub(super) fn text<'de, D>(deserializer: D) -> Result<Option<String>, D::Error>
where
    D: Deserializer<'de>,
{
    let text: Option<String> = Option::deserialize(deserializer)?;
    Ok(text.filter(|text| !text.is_empty()))
}

/// A list that is not text yet.
pub(super) fn json_text<'de, D>(deserializer: D) -> Result<Option<String>, D::Error>
where
    D: Deserializer<'de>,
{
    let text = match Value::deserialize(deserializer)? {
        Value::Null => String::new(),
        Value::String(text) => text,
        value => value.to_string(),
    };
    Ok(Some(text).filter(|text| !text.is_empty()))
}

pub(super) fn limit<'de, D>(deserializer: D) -> Result<Option<Limit>, D::Error>
where
    D: Deserializer<'de>,
{
    parsed(deserializer, texts::limit, "a number of rows, or -1")
}

pub(super) fn flag<'de, D>(deserializer: D) -> Result<bool, D::Error>
where
    D: Deserializer<'de>,
{
    parsed(deserializer, texts::flag, "true or false")
}

pub(super) fn row_total<'de, D>(deserializer: D) -> Result<Option<RowTotal>, D::Error>
where
    D: Deserializer<'de>,
{
    parsed(deserializer, texts::row_total, "right or left")
}

fn parsed<'de, D, T>(
    deserializer: D,
    parse: fn(&str) -> Option<T>,
    expected: &'static str,
) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
{
    let text = scalar(Value::deserialize(deserializer)?)?;
    parse(&text).ok_or_else(|| Error::invalid_value(Unexpected::Str(&text), &expected))
}

/// As text; null is an empty one.
fn scalar<E: Error>(value: Value) -> Result<String, E> {
    match value {
        Value::Null => Ok(String::new()),
        Value::String(text) => Ok(text),
        Value::Bool(_) | Value::Number(_) => Ok(value.to_string()),
        Value::Array(_) => Err(E::invalid_type(Unexpected::Seq, &"a text")),
        Value::Object(_) => Err(E::invalid_type(Unexpected::Map, &"a text")),
    }
}
