//! The text of an expression to tokens.

use super::{Reference, ReferencePart};
use crate::{Diagnostic, rules, token::Span};

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Token {
    pub(super) kind: TokenKind,
    pub(super) span: Span,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum TokenKind {
    Number(f64),
    Text(String),
    /// A filter expression in back-ticks.
    Filter(String),
    Reference(Reference),
    /// A function or a word such as `AND`.
    Name(String),
    Symbol(&'static str),
    /// Behind the last one.
    End,
}

/// Longer ones first, so that `<=` is not `<`.
const SYMBOLS: [&str; 15] = [
    "!=", "<>", "<=", ">=", "<", ">", "=", "+", "-", "*", "/", "%", "(", ")", ",",
];

/// All tokens and an end behind them.
pub(super) fn lex(text: &str) -> Result<Vec<Token>, Diagnostic> {
    let mut tokens = Vec::new();
    let mut at = 0;
    loop {
        at = skip_space(text, at);
        let rest = text.get(at..).unwrap_or_default();
        if rest.is_empty() {
            let span = Span::new(at, at);
            tokens.push(Token {
                kind: TokenKind::End,
                span,
            });
            return Ok(tokens);
        }
        let (kind, length) = token(rest, at)?;
        let span = Span::new(at, at + length);
        tokens.push(Token { kind, span });
        at += length;
    }
}

/// Past spaces, line ends and comments.
fn skip_space(text: &str, mut at: usize) -> usize {
    while let Some(rest) = text.get(at..) {
        let trimmed = rest.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
        at += rest.len() - trimmed.len();
        if !trimmed.starts_with('#') {
            break;
        }
        at += trimmed.find('\n').unwrap_or(trimmed.len());
    }
    at
}

/// The first token of a text and its length.
fn token(rest: &str, at: usize) -> Result<(TokenKind, usize), Diagnostic> {
    let first = rest.chars().next().unwrap_or_default();
    let second = rest.chars().nth(1).unwrap_or_default();
    if first == '"' {
        return string(rest, at);
    }
    if first == '`' {
        return filter(rest, at);
    }
    if first == '$' {
        return reference(rest, at);
    }
    if first.is_ascii_digit() || (first == '.' && second.is_ascii_digit()) {
        return number(rest, at);
    }
    if first.is_ascii_alphabetic() || first == '_' {
        let name = word(rest);
        return Ok((TokenKind::Name(name.to_owned()), name.len()));
    }
    if rest.starts_with("==") {
        let message = "`==` means nothing here";
        return Err(mistake(at, 2, message, Some("write `=`")));
    }
    match SYMBOLS.iter().find(|symbol| rest.starts_with(**symbol)) {
        Some(symbol) => Ok((TokenKind::Symbol(symbol), symbol.len())),
        None => {
            let hint = match first {
                '\'' => Some("a text stands in double quotes"),
                '&' => Some("write `AND`"),
                '|' => Some("write `OR`"),
                '.' => Some("a field is written `${view.field}`"),
                _ => None,
            };
            let message = format!("`{first}` means nothing here");
            Err(mistake(at, first.len_utf8(), message, hint))
        }
    }
}

fn mistake(at: usize, length: usize, message: impl Into<String>, hint: Option<&str>) -> Diagnostic {
    let mut diagnostic =
        Diagnostic::new(rules::BAD_EXPRESSION, Span::new(at, at + length), message);
    diagnostic.hint = hint.map(str::to_owned);
    diagnostic
}

fn word(rest: &str) -> &str {
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let length = rest.find(|c| !is_part(c)).unwrap_or(rest.len());
    rest.get(..length).unwrap_or_default()
}

/// A backslash keeps the quote behind it, and itself, from meaning anything.
fn string(rest: &str, at: usize) -> Result<(TokenKind, usize), Diagnostic> {
    let mut text = String::new();
    let mut chars = rest.char_indices().skip(1).peekable();
    while let Some((place, c)) = chars.next() {
        let escaped = match c {
            '"' => return Ok((TokenKind::Text(text), place + 1)),
            '\\' => chars.next_if(|(_, next)| matches!(next, '"' | '\\')),
            _ => None,
        };
        text.push(escaped.map_or(c, |(_, escaped)| escaped));
    }
    Err(mistake(at, 1, "a text without its closing quote", None))
}

fn filter(rest: &str, at: usize) -> Result<(TokenKind, usize), Diagnostic> {
    let inside = rest.get(1..).unwrap_or_default();
    match inside.split_once('`') {
        Some((filter, _)) => Ok((TokenKind::Filter(filter.to_owned()), filter.len() + 2)),
        None => Err(mistake(
            at,
            1,
            "a filter without its closing back-tick",
            None,
        )),
    }
}

fn reference(rest: &str, at: usize) -> Result<(TokenKind, usize), Diagnostic> {
    const HINT: Option<&str> = Some("a field is written `${view.field}`");
    let Some(inside) = rest.strip_prefix("${") else {
        return Err(mistake(at, 1, "`$` without a brace", HINT));
    };
    let end = inside.find(['}', '{', '\n', '$']);
    let is_closed = |end: &usize| inside.get(*end..).is_some_and(|rest| rest.starts_with('}'));
    let Some(end) = end.filter(is_closed) else {
        return Err(mistake(at, 2, "a field without its closing brace", HINT));
    };
    let inside = inside.get(..end).unwrap_or_default();
    let length = inside.len() + 3;
    let (name, part) = match inside.split_once(':') {
        None => (inside, ReferencePart::Row),
        Some((name, part)) => match part.trim() {
            "total" => (name, ReferencePart::Total),
            "row_total" => (name, ReferencePart::RowTotal),
            part => {
                let message = format!("`{part}` is no part of a field");
                let hint = Some("there are `:total` and `:row_total`");
                return Err(mistake(at, length, message, hint));
            }
        },
    };
    let name = name.trim().to_owned();
    match name.is_empty() {
        true => Err(mistake(at, length, "a field without a name", HINT)),
        false => Ok((TokenKind::Reference(Reference { name, part }), length)),
    }
}

/// Digits, decimals and an exponent.
fn number(rest: &str, at: usize) -> Result<(TokenKind, usize), Diagnostic> {
    let digits = |from: usize| {
        let rest = rest.get(from..).unwrap_or_default().bytes();
        rest.take_while(u8::is_ascii_digit).count()
    };
    let starts = |from: usize, wanted: &[char]| {
        let rest = rest.get(from..).unwrap_or_default();
        usize::from(rest.starts_with(wanted))
    };
    let mut length = digits(0);
    if starts(length, &['.']) > 0 {
        length += 1 + digits(length + 1);
    }
    if starts(length, &['e', 'E']) > 0 {
        let sign = starts(length + 1, &['+', '-']);
        let exponent = digits(length + 1 + sign);
        if exponent > 0 {
            length += 1 + sign + exponent;
        }
    }
    let tail = word(rest.get(length..).unwrap_or_default());
    let text = rest.get(..length).unwrap_or_default();
    match text.parse::<f64>() {
        Ok(number) if number.is_finite() && tail.is_empty() => {
            Ok((TokenKind::Number(number), length))
        }
        _ => {
            let length = length + tail.len();
            let text = rest.get(..length).unwrap_or_default();
            let message = format!("`{text}` is not a number");
            Err(mistake(at, length, message, None))
        }
    }
}
