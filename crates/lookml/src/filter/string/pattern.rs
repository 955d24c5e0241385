//! The shape of a text.

use std::fmt;

use super::shown;

/// The shape of a text, from its beginning to its end.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Pattern {
    /// What follows what. No two texts stand side by side.
    pub parts: Vec<PatternPart>,
}

/// A part of a shape.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PatternPart {
    /// Exactly that.
    Text(String),
    /// `_`: one character, whichever.
    AnyCharacter,
    /// `%`: any number of characters.
    AnyText,
}

impl Pattern {
    /// As an operand of `LIKE`, with the backslash as escape.
    pub(super) fn to_like(&self) -> String {
        let mut like = String::new();
        for part in &self.parts {
            match part {
                PatternPart::AnyText => like.push('%'),
                PatternPart::AnyCharacter => like.push('_'),
                PatternPart::Text(text) => {
                    for c in text.chars() {
                        like.extend(matches!(c, '%' | '_' | '\\').then_some('\\'));
                        like.push(c);
                    }
                }
            }
        }
        like
    }

    pub(super) fn to_uppercase(&self) -> Self {
        let parts = self.parts.iter().map(|part| match part {
            PatternPart::Text(text) => PatternPart::Text(text.to_uppercase()),
            part => part.clone(),
        });
        Self {
            parts: parts.collect(),
        }
    }

    /// Walks through text and pattern side by side. At a mismatch the last `%` takes one character more; those before
    /// it need never be tried again.
    pub(super) fn matches(&self, text: &str) -> bool {
        let mut parts = self.parts.as_slice();
        let mut rest = text;
        let mut retry: Option<(&[PatternPart], &str)> = None;
        loop {
            let step = match parts.split_first() {
                Some((PatternPart::AnyText, after)) => {
                    retry = Some((after, rest));
                    Some((after, rest))
                }
                Some((PatternPart::AnyCharacter, after)) => {
                    without_first(rest).map(|rest| (after, rest))
                }
                Some((PatternPart::Text(text), after)) => {
                    rest.strip_prefix(text.as_str()).map(|rest| (after, rest))
                }
                None if rest.is_empty() => return true,
                None => None,
            };
            let retried = || {
                let (after, rest) = retry?;
                Some((after, without_first(rest)?))
            };
            let Some((next_parts, next_rest)) = step.or_else(retried) else {
                return false;
            };
            if step.is_none() {
                retry = Some((next_parts, next_rest));
            }
            (parts, rest) = (next_parts, next_rest);
        }
    }

    /// With the words for within, at the beginning, at the end, and any other shape.
    pub(super) fn describe(&self, [within, at_start, at_end, other]: [&str; 4]) -> String {
        match self.parts.as_slice() {
            [
                PatternPart::AnyText,
                PatternPart::Text(text),
                PatternPart::AnyText,
            ] => {
                format!("{within} {}", shown(text))
            }
            [PatternPart::Text(text), PatternPart::AnyText] => {
                format!("{at_start} {}", shown(text))
            }
            [PatternPart::AnyText, PatternPart::Text(text)] => {
                format!("{at_end} {}", shown(text))
            }
            _ => format!("{other} {self}"),
        }
    }
}

fn without_first(text: &str) -> Option<&str> {
    let mut chars = text.chars();
    chars.next().map(|_| chars.as_str())
}

impl fmt::Display for Pattern {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let last = self.parts.len().saturating_sub(1);
        for (index, part) in self.parts.iter().enumerate() {
            match part {
                PatternPart::AnyText => formatter.write_str("%")?,
                PatternPart::AnyCharacter => formatter.write_str("_")?,
                PatternPart::Text(text) => {
                    formatter.write_str(&escaped(text, index == 0, index == last))?;
                }
            }
        }
        Ok(())
    }
}

/// With a caret before what would mean something else. Space, minus and backslash do so only at the edges of a term:
/// behind a backslash there may be a comma.
pub(super) fn escaped(text: &str, is_at_start: bool, is_at_end: bool) -> String {
    let last = text.chars().count().saturating_sub(1);
    let mut escaped = String::with_capacity(text.len() + 8);
    for (index, c) in text.chars().enumerate() {
        let is_start = is_at_start && index == 0;
        let is_special = match c {
            '%' | '_' | ',' | '"' | '^' => true,
            '-' | '{' => is_start,
            '\\' => is_at_end && index == last,
            c => c.is_whitespace() && (is_start || is_at_end && index == last),
        };
        escaped.extend(is_special.then_some('^'));
        escaped.push(c);
    }
    escaped
}
