//! `# lookml-ignore: LK410` on an item or above it: what a person knows and does not want to hear of.

use std::collections::HashMap;

use crate::diagnostic::Rule;
use crate::syntax::{Item, Syntax, Value};
use crate::token::{Span, TokenKind};

const MARK: &str = "lookml-ignore:";

/// Which rules are switched off, and where.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Suppressions {
    /// Stretches of the file by codes, in their order, none of which touches another.
    spans: HashMap<String, Vec<Span>>,
}

impl Suppressions {
    /// What the comments of a file switch off. A comment on a line of its own is about the item that comes next, one
    /// at the end of a line about what begins on that line, or else ends there. It holds for all that is in the item.
    pub fn of(syntax: &Syntax) -> Self {
        let mut spans: HashMap<String, Vec<Span>> = HashMap::new();
        if !syntax.text.contains(MARK) {
            return Self { spans };
        }
        let comments = syntax
            .tokens
            .iter()
            .filter(|token| token.kind == TokenKind::Comment);
        for comment in comments {
            let codes = codes(comment.span.of(&syntax.text));
            if codes.is_empty() {
                continue;
            }
            if let Some(span) = meant(syntax, comment.span) {
                for code in codes {
                    spans.entry(code.to_owned()).or_default().push(span);
                }
            }
        }
        spans.values_mut().for_each(join);
        Self { spans }
    }

    /// What the comments of a YAML file switch off. A comment on a line of its own is about what begins on the next
    /// line that says something, one at the end of a line about what begins there: that line and those below it which
    /// stand further to the right. The list of a key may stand right below it.
    pub fn of_yaml(text: &str) -> Self {
        let mut spans: HashMap<String, Vec<Span>> = HashMap::new();
        if !text.contains(MARK) {
            return Self { spans };
        }
        let lines = yaml_lines(text);
        for (at, line) in lines.iter().enumerate() {
            let comment = comment(line.text);
            let first = match line.is_blank() {
                true => lines.iter().skip(at).position(|line| !line.is_blank()),
                false => Some(0),
            };
            let Some(first) = first.map(|skipped| at + skipped) else {
                continue;
            };
            for code in codes(comment) {
                let span = yaml_span(lines.get(first..).unwrap_or_default());
                spans.entry(code.to_owned()).or_default().push(span);
            }
        }
        spans.values_mut().for_each(join);
        Self { spans }
    }

    /// Whether a problem of a kind is not to be told there.
    pub fn contains(&self, rule: Rule, span: Span) -> bool {
        let Some(spans) = self.spans.get(rule.code) else {
            return false;
        };
        let begun = spans.partition_point(|known| known.start <= span.start);
        let last = begun.checked_sub(1).and_then(|at| spans.get(at));
        last.is_some_and(|known| span.start < known.end)
    }
}

/// The codes in a comment: `# lookml-ignore: LK401, LK410 since nobody divides by zero`.
fn codes(comment: &str) -> Vec<&str> {
    let Some((_, listed)) = comment.split_once(MARK) else {
        return Vec::new();
    };
    let words = listed.split([' ', '\t', ',', '\r']).map(str::trim);
    let codes = words
        .filter(|word| !word.is_empty())
        .take_while(|word| is_code(word));
    codes.collect()
}

fn is_code(word: &str) -> bool {
    let digits = word.strip_prefix("LK").unwrap_or_default();
    !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// What a comment is about.
fn meant(syntax: &Syntax, comment: Span) -> Option<Span> {
    let before = syntax.text.get(..comment.range().start).unwrap_or_default();
    let line = before.rfind('\n').map_or(0, |end| end + 1);
    let is_alone = before
        .get(line..)
        .unwrap_or_default()
        .trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}')
        .is_empty();
    match is_alone {
        true => next(&syntax.items, comment.start),
        false => on_line(&syntax.items, Span::new(line, comment.range().start)),
    }
}

/// The item after a place, in the block that the place is in. In a list it is the list's own.
fn next(items: &[Item], at: u32) -> Option<Span> {
    let begun = items.partition_point(|item| item.span.start < at);
    let last = begun.checked_sub(1).and_then(|last| items.get(last));
    match last.filter(|item| at < item.span.end) {
        Some(Item {
            value: Value::Block(block),
            ..
        }) => next(&block.items, at),
        Some(item) => Some(item.span),
        None => items.get(begun).map(|item| item.span),
    }
}

/// What begins on a line, of which only what stands before a comment is given; otherwise what ends there.
fn on_line(items: &[Item], line: Span) -> Option<Span> {
    let begun = items.partition_point(|item| item.span.start < line.end);
    let items = items.get(..begun).unwrap_or_default();
    let last = items.last()?;
    let earlier = items.partition_point(|item| item.span.start < line.start);
    if let Some(first) = items.get(earlier) {
        return Some(first.span.to(last.span));
    }
    match &last.value {
        Value::Block(block) if line.end < last.span.end => on_line(&block.items, line),
        _ if line.start < last.span.end => Some(last.span),
        _ => None,
    }
}

/// A line of a YAML file.
struct YamlLine<'a> {
    start: usize,
    text: &'a str,
}

impl YamlLine<'_> {
    fn indent(&self) -> usize {
        self.text.len() - self.text.trim_start().len()
    }

    /// Whether nothing but a comment stands on it.
    fn is_blank(&self) -> bool {
        let text = self.text.trim_start_matches('\u{feff}').trim();
        text.is_empty() || text.starts_with('#')
    }

    fn is_element(&self) -> bool {
        let text = self.text.trim();
        text == "-" || text.starts_with("- ")
    }
}

fn yaml_lines(text: &str) -> Vec<YamlLine<'_>> {
    let mut start = 0;
    let lines = text.split_inclusive('\n').map(|text| {
        let line = YamlLine { start, text };
        start += text.len();
        line
    });
    lines.collect()
}

/// The comment at the end of a line of YAML: a `#` before which there is room.
fn comment(line: &str) -> &str {
    let mut marks = line.match_indices('#').map(|(at, _)| line.split_at(at));
    let comment = marks.find(|(before, after)| {
        let is_free = before.is_empty() || before.ends_with([' ', '\t', '\u{feff}']);
        is_free && after.contains(MARK)
    });
    comment.map_or("", |(_, after)| after)
}

/// What begins on the first of these lines.
fn yaml_span(lines: &[YamlLine<'_>]) -> Span {
    let Some(first) = lines.first() else {
        return Span::default();
    };
    let belongs = |line: &&YamlLine<'_>| {
        let is_list = line.indent() == first.indent() && line.is_element() && !first.is_element();
        line.is_blank() || line.indent() > first.indent() || is_list
    };
    let below = lines.iter().skip(1).take_while(belongs);
    let last = below
        .filter(|line| !line.is_blank())
        .last()
        .unwrap_or(first);
    Span::new(first.start, last.start + last.text.len())
}

/// Puts stretches in order, and those that touch together.
fn join(spans: &mut Vec<Span>) {
    spans.sort();
    let mut joined: Vec<Span> = Vec::with_capacity(spans.len());
    for span in spans.drain(..) {
        match joined.last_mut() {
            Some(last) if span.start <= last.end => last.end = last.end.max(span.end),
            _ => joined.push(span),
        }
    }
    *spans = joined;
}
