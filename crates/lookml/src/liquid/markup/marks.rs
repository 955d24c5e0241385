//! The words, numbers, strings and symbols of an output or a tag.

use std::collections::VecDeque;
use std::fmt;

use crate::liquid::error::LiquidError;
use crate::liquid::pieces::Inside;

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Mark<'a> {
    Word(&'a str),
    Text(&'a str),
    Integer(i64),
    Float(f64),
    /// A number after a point, where it is an index: `words.0`.
    Digits(&'a str),
    Symbol(&'a str),
}

impl fmt::Display for Mark<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Word(text) | Self::Digits(text) | Self::Symbol(text) => {
                write!(formatter, "`{text}`")
            }
            Self::Text(_) => formatter.write_str("a text"),
            Self::Integer(_) | Self::Float(_) => formatter.write_str("a number"),
        }
    }
}

/// All of them with their places.
pub(super) fn marks<'a>(inside: Inside<'a>) -> Result<VecDeque<(usize, Mark<'a>)>, LiquidError> {
    let mut marks = VecDeque::new();
    let mut rest = inside.text;
    loop {
        rest = rest.trim_start();
        let at = inside.at + (inside.text.len() - rest.len());
        let Some(first) = rest.chars().next() else {
            return Ok(marks);
        };
        let after_point = matches!(marks.back(), Some((_, Mark::Symbol("."))));
        let (mark, length) = match first {
            '\'' | '"' => text(rest, first),
            '0'..='9' if after_point => {
                word(rest).map(|(digits, length)| (Mark::Digits(digits), length))
            }
            '0'..='9' | '-' => number(rest).or_else(|| named(rest)),
            'a'..='z' | 'A'..='Z' | '_' => named(rest),
            _ => symbol(rest),
        }
        .ok_or_else(|| LiquidError::malformed(at, format!("`{first}` means nothing here")))?;
        marks.push_back((at, mark));
        rest = rest.get(length..).unwrap_or_default();
    }
}

type Found<'a> = Option<(Mark<'a>, usize)>;

/// Up to the other quote; nothing is escaped.
fn text(rest: &str, quote: char) -> Found<'_> {
    let inner = rest.get(1..)?;
    let length = inner.find(quote)?;
    Some((Mark::Text(inner.get(..length)?), length + 2))
}

/// `12`, `-1.5`. A name may begin with digits: `30_days`.
fn number(rest: &str) -> Found<'_> {
    let bytes = rest.as_bytes();
    let digits = |from: usize| {
        let rest = bytes.iter().skip(from);
        rest.take_while(|byte| byte.is_ascii_digit()).count()
    };
    let sign = usize::from(bytes.first() == Some(&b'-'));
    let whole = sign + digits(sign);
    if whole == sign {
        return None;
    }
    let fraction = match bytes.get(whole) {
        Some(b'.') => digits(whole + 1),
        _ => 0,
    };
    let length = if fraction > 0 {
        whole + 1 + fraction
    } else {
        whole
    };
    if bytes.get(length).copied().is_some_and(is_part) {
        return None;
    }
    let written = rest.get(..length)?;
    let mark = match written.parse::<i64>() {
        Ok(value) => Mark::Integer(value),
        Err(_) => Mark::Float(written.parse::<f64>().ok().filter(|it| it.is_finite())?),
    };
    Some((mark, length))
}

fn named(rest: &str) -> Found<'_> {
    let (word, length) = word(rest)?;
    Some((Mark::Word(word), length))
}

fn word(rest: &str) -> Option<(&str, usize)> {
    if rest.starts_with('-') {
        return None;
    }
    let is_end = |byte: u8| !is_part(byte) && byte != b'-';
    let length = rest.bytes().position(is_end).unwrap_or(rest.len());
    // As in Ruby a name may end in a question mark.
    let length = match rest.as_bytes().get(length) {
        Some(b'?') => length + 1,
        _ => length,
    };
    Some((rest.get(..length)?, length))
}

fn symbol(rest: &str) -> Found<'_> {
    const SYMBOLS: [&str; 17] = [
        "==", "!=", "<>", "<=", ">=", "..", "<", ">", "=", "|", ":", ",", ".", "[", "]", "(", ")",
    ];
    let symbol = SYMBOLS.iter().find(|symbol| rest.starts_with(**symbol))?;
    Some((Mark::Symbol(symbol), symbol.len()))
}

fn is_part(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}
