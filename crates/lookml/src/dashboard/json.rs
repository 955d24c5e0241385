//! YAML to JSON, for what is handed on as it is.

use serde_json::{Map, Number, Value};

use super::reader::yes_or_no;
use super::yaml::{Content, Entry, Node};

impl Node {
    /// The same as JSON, in the same order.
    pub(super) fn to_json(&self) -> Value {
        match &self.content {
            Content::Null => Value::Null,
            Content::Scalar {
                text,
                is_plain: false,
            } => Value::from(text.as_str()),
            Content::Scalar { text, .. } => plain(text),
            Content::List(nodes) => nodes.iter().map(Node::to_json).collect(),
            Content::Mapping(entries) => Value::Object(object(entries)),
        }
    }
}

/// Entries as an object.
pub(super) fn object<'a>(entries: impl IntoIterator<Item = &'a Entry>) -> Map<String, Value> {
    let entries = entries.into_iter();
    entries
        .map(|entry| (entry.key.value.clone(), entry.value.to_json()))
        .collect()
}

/// What a text without quotes means. YAML 1.1, as Looker reads it, sees a number only where `12e34` has a point:
/// identifiers may look like that. Numbers that begin with a zero stay texts.
fn plain(text: &str) -> Value {
    if let Some(flag) = yes_or_no(text) {
        return Value::Bool(flag);
    }
    if !is_number(text) {
        return Value::from(text);
    }
    if let Ok(number) = text.parse::<i64>() {
        return Value::from(number);
    }
    let float = text.contains('.').then(|| text.parse().ok()).flatten();
    let number = float.and_then(Number::from_f64);
    number.map_or_else(|| Value::from(text), Value::Number)
}

fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let mut letters = digits.chars();
    match (letters.next(), letters.next()) {
        (Some('0'), second) => matches!(second, None | Some('.')),
        (Some('.'), second) => second.is_some_and(|second| second.is_ascii_digit()),
        (first, _) => first.is_some_and(|first| first.is_ascii_digit()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::plain;

    #[test]
    fn plain_texts_mean_numbers_yes_and_no() {
        let expected = [
            ("1", json!(1)),
            ("-12", json!(-12)),
            ("+3", json!(3)),
            ("0", json!(0)),
            ("0.5", json!(0.5)),
            (".5", json!(0.5)),
            ("-1.50", json!(-1.5)),
            ("1.5e3", json!(1500.0)),
            ("yes", json!(true)),
            ("False", json!(false)),
            ("off", json!(false)),
            ("012", json!("012")),
            ("12e34", json!("12e34")),
            ("1.2.3", json!("1.2.3")),
            ("2026-11-02", json!("2026-11-02")),
            ("12:30", json!("12:30")),
            ("1.5e999", json!("1.5e999")),
            ("inf", json!("inf")),
            (".inf", json!(".inf")),
            ("-", json!("-")),
            ("#808080", json!("#808080")),
            ("123456789012345678901", json!("123456789012345678901")),
            ("looker_line", json!("looker_line")),
        ];
        for (text, value) in expected {
            assert_eq!(plain(text), value, "{text}");
        }
    }
}
