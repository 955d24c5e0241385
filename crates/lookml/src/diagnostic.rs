//! What is wrong with a project, and what to do about it.

pub mod rules;

use std::fmt;

use crate::token::Span;

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Nothing to mend.
    Info,
    /// Works, and is probably not what was meant.
    Warning,
    /// Does not work.
    Error,
}

/// One kind of problem.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    /// Its name: `LK014`.
    pub code: &'static str,
    /// How bad it usually is.
    pub severity: Severity,
    /// What it means, one line.
    pub explanation: &'static str,
}

/// One problem at one place.
#[derive(Debug, Clone, PartialEq)]
pub struct Diagnostic {
    /// Its kind.
    pub rule: Rule,
    /// How bad it is here.
    pub severity: Severity,
    /// What is wrong, one line.
    pub message: String,
    /// The characters that are meant.
    pub span: Span,
    /// What to do.
    pub hint: Option<String>,
}

impl Rule {
    /// Whether it is about style only, and so looked for only where somebody asks.
    pub fn is_style(self) -> bool {
        self.severity == Severity::Warning && self.code.starts_with("LK4")
    }

    /// What sort of thing it is about, one word.
    pub fn kind(self) -> &'static str {
        match self.code {
            code if code.starts_with("LK0") => "syntax",
            code if code.starts_with("LK10") => "project",
            code if code.starts_with("LK1") => "object",
            code if code.starts_with("LK2") => "reference",
            code if code.starts_with("LK3") => "query",
            "LK424" | "LK426" => "reference",
            "LK425" => "object",
            code if code.starts_with("LK4") => "style",
            code if code.starts_with("LK5") => "database",
            _ => "unsupported",
        }
    }
}

impl Diagnostic {
    /// A problem of a kind, at a place.
    pub fn new(rule: Rule, span: Span, message: impl Into<String>) -> Self {
        Self {
            rule,
            severity: rule.severity,
            message: message.into(),
            span,
            hint: None,
        }
    }

    /// The same with what to do.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

impl Severity {
    /// One word.
    pub fn name(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

/// Where the lines of a text begin.
#[derive(Debug, Clone)]
pub struct Lines {
    starts: Vec<u32>,
}

impl Lines {
    /// Of a text.
    pub fn of(text: &str) -> Self {
        let ends = text.bytes().zip(1_u32..).filter(|(byte, _)| *byte == b'\n');
        let starts = std::iter::once(0).chain(ends.map(|(_, start)| start));
        Self {
            starts: starts.collect(),
        }
    }

    /// Line and column of a byte, both from 1; the column counts characters of that text.
    pub fn position(&self, text: &str, at: u32) -> (usize, usize) {
        let line = self.starts.partition_point(|start| *start <= at);
        let start = line.checked_sub(1).and_then(|line| self.starts.get(line));
        let before = Span {
            start: start.copied().unwrap_or_default(),
            end: at,
        };
        let column = before.of(text).chars().filter(|c| *c != '\u{feff}').count() + 1;
        (line.max(1), column)
    }
}
