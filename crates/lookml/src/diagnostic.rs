//! What is wrong with a project, and what to do about it.

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

macro_rules! rules {
    ($($name:ident $code:literal $severity:ident $explanation:literal)*) => {
        $(
            #[doc = $explanation]
            pub const $name: Rule = Rule {
                code: $code,
                severity: Severity::$severity,
                explanation: $explanation,
            };
        )*

        /// Every rule, in the order of the codes.
        pub const ALL: &[Rule] = &[$($name),*];
    };
}

/// All kinds of problems.
pub mod rules {
    use super::{Rule, Severity};

    rules! {
        STRAY_COLON "LK010" Error "A colon that belongs to nothing."
        LEADING_COMMA "LK011" Warning "A list that begins with a comma."
        SPACED_MINUS "LK012" Warning "A minus with a space before the name."
        MISSING_EXPRESSION_END "LK013" Error "An expression without its `;;`."
        UNBALANCED_BRACE "LK014" Error "A brace without its partner."
        OPEN_STRING "LK015" Error "A string without its closing quote."
        WRONG_SHAPE "LK016" Error "A list where one value is needed, or the reverse."
        DUPLICATE_KEY "LK017" Warning "A key twice where it can stand once."
        UNEXPECTED_TEXT "LK018" Error "Text where a parameter or a value should be."
        TOO_DEEP "LK019" Error "Blocks nested deeper than anything could mean."
        UNKNOWN_PARAMETER "LK020" Warning "A parameter that does not exist."
        ILLEGAL_VALUE "LK022" Error "A value that is none of those that a parameter may have."
        NOT_A_NUMBER "LK023" Error "A value that is no number, or neither yes nor no, where it has to be."
        UNMATCHED_INCLUDE "LK103" Warning "An include that matches no file."
        MISSING_PROJECT "LK104" Error "An imported project that is not there."
        UNKNOWN_CONSTANT "LK105" Error "A constant that the manifest does not declare."
        DUPLICATE_MODEL "LK107" Error "Two files that define the same model."
        UNKNOWN_PARENT "LK113" Error "What is extended does not exist, or extends itself in the end."
        MISSING_PARAMETER "LK118" Error "A parameter that has to be there is missing."
        DUPLICATE_DASHBOARD "LK425" Error "Two dashboards with one name."
        UNKNOWN_FILTER "LK426" Error "Listening to a filter that the dashboard does not have."
        MERGED_RESULTS "LK936" Error "A result that is merged from several queries."
    }
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

impl fmt::Display for Severity {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        })
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
