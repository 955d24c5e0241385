//! `cycling,-%ride%,NULL`.

mod parse;
mod pattern;
mod sql;

use std::borrow::Cow;
use std::fmt;

use super::{Filter, Terms, Value, or_list};
pub(super) use parse::parse;
use pattern::escaped;
pub use pattern::{Pattern, PatternPart};

/// What a text is, and what it is not.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct StringFilter {
    /// One of these holds. With none of them: everything.
    pub is: Vec<StringTerm>,
    /// None of these holds. NULL is neither equal nor like a text.
    pub is_not: Vec<StringTerm>,
}

/// What can be said of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StringTerm {
    /// It is that text.
    Equal(String),
    /// It has that shape.
    Like(Pattern),
    /// It has no characters, or is NULL.
    Empty,
    /// It is NULL.
    Null,
}

impl StringFilter {
    /// The filter for exactly one text, whatever characters it has.
    pub fn equal_to(text: impl Into<String>) -> Filter {
        let filter = Self {
            is: vec![StringTerm::Equal(text.into())],
            is_not: Vec::new(),
        };
        Filter {
            terms: Terms::String(filter),
            user_attributes: Vec::new(),
        }
    }

    pub(super) fn is_any(&self) -> bool {
        self.is.is_empty() && self.is_not.is_empty()
    }

    pub(super) fn is_one_value(&self) -> bool {
        matches!(self.is.as_slice(), [StringTerm::Equal(_)]) && self.is_not.is_empty()
    }

    pub(super) fn extend(&mut self, other: Self) {
        self.is.extend(other.is);
        self.is_not.extend(other.is_not);
    }

    pub(super) fn matches(&self, value: &Value<'_>, is_case_sensitive: bool) -> bool {
        let text = match value {
            Value::Null => None,
            Value::String(text) if is_case_sensitive => Some(Cow::Borrowed(*text)),
            Value::String(text) => Some(Cow::Owned(text.to_uppercase())),
            _ => return false,
        };
        let holds = |term: &StringTerm| term.holds(text.as_deref(), is_case_sensitive);
        (self.is.is_empty() || self.is.iter().any(holds)) && !self.is_not.iter().any(holds)
    }

    pub(super) fn describe(&self) -> Option<String> {
        let positive = describe_group(&self.is, "is", StringTerm::describe);
        let negative = describe_group(&self.is_not, "is not", StringTerm::describe_not);
        let groups = [positive.join(" or "), negative.join(", and ")];
        let groups: Vec<_> = groups
            .into_iter()
            .filter(|group| !group.is_empty())
            .collect();
        (!groups.is_empty()).then(|| groups.join(", and "))
    }
}

impl StringTerm {
    /// Of a text that is in upper case where the case does not count.
    fn holds(&self, text: Option<&str>, is_case_sensitive: bool) -> bool {
        let Some(text) = text else {
            return matches!(self, Self::Null | Self::Empty);
        };
        match self {
            Self::Equal(equal) if is_case_sensitive => equal == text,
            Self::Equal(equal) => equal.to_uppercase() == text,
            Self::Like(pattern) if is_case_sensitive => pattern.matches(text),
            Self::Like(pattern) => pattern.to_uppercase().matches(text),
            Self::Empty => text.is_empty(),
            Self::Null => false,
        }
    }

    fn describe(&self) -> Option<String> {
        match self {
            Self::Equal(_) => None,
            Self::Like(pattern) => {
                Some(pattern.describe(["contains", "starts with", "ends with", "is like"]))
            }
            Self::Empty => Some("is blank".to_owned()),
            Self::Null => Some("is null".to_owned()),
        }
    }

    fn describe_not(&self) -> Option<String> {
        match self {
            Self::Equal(_) => None,
            Self::Like(pattern) => Some(pattern.describe([
                "does not contain",
                "does not start with",
                "does not end with",
                "is not like",
            ])),
            Self::Empty => Some("is not blank".to_owned()),
            Self::Null => Some("is not null".to_owned()),
        }
    }
}

/// The texts in one phrase, each other term in its own.
fn describe_group(
    terms: &[StringTerm],
    verb: &str,
    describe: impl Fn(&StringTerm) -> Option<String>,
) -> Vec<String> {
    let texts = terms.iter().filter_map(|term| match term {
        StringTerm::Equal(text) => Some(shown(text)),
        _ => None,
    });
    let texts = or_list(&texts.collect::<Vec<_>>());
    let texts = texts.map(|texts| format!("{verb} {texts}"));
    texts
        .into_iter()
        .chain(terms.iter().filter_map(describe))
        .collect()
}

/// A text in a sentence: in quotes only where it would get lost.
fn shown(text: &str) -> String {
    if text.is_empty() || text.trim() != text || text.contains(',') {
        return format!("\"{text}\"");
    }
    text.to_owned()
}

impl fmt::Display for StringFilter {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let is = self.is.iter().map(StringTerm::to_string);
        let is_not = self.is_not.iter().map(|term| format!("-{term}"));
        formatter.write_str(&is.chain(is_not).collect::<Vec<_>>().join(","))
    }
}

impl fmt::Display for StringTerm {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => formatter.write_str("EMPTY"),
            Self::Null => formatter.write_str("NULL"),
            Self::Like(pattern) => pattern.fmt(formatter),
            Self::Equal(text) if is_plain(text) => formatter.write_str(text),
            // In quotes, a backslash before a quote would be an escape.
            Self::Equal(text) if text.contains("\\\"") || text.ends_with('\\') => {
                formatter.write_str(&escaped(text, true, true))
            }
            Self::Equal(text) => write!(formatter, "\"{}\"", text.replace('"', "\\\"")),
        }
    }
}

/// Whether a text without quotes and escapes means itself.
fn is_plain(text: &str) -> bool {
    let is_keyword = matches!(text, "EMPTY" | "empty" | "NULL" | "null");
    let has_special = text.contains(['%', '_', ',', '"', '^', '\\']);
    let has_edge = text.is_empty() || text.trim() != text || text.starts_with(['-', '{']);
    !is_keyword && !has_special && !has_edge
}
