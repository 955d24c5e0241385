//! Why a query can't be compiled, and what is worth saying about one that can.

use crate::diagnostic::Rule;

/// Why a query can't be compiled.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("{}: {message}", rule.code)]
pub struct QueryError {
    /// Its kind.
    pub rule: Rule,
    /// What is wrong, one line.
    pub message: String,
    /// What to do.
    pub hint: Option<String>,
    /// The field that it is about, `view.field`.
    pub field: Option<String>,
}

/// What somebody who reads the answer should know.
#[derive(Debug, Clone, PartialEq)]
pub struct Notice {
    /// Its kind.
    pub rule: Rule,
    /// One line.
    pub message: String,
}

/// What comes of compiling.
pub(super) type Result<T> = std::result::Result<T, QueryError>;

impl QueryError {
    pub(crate) fn new(rule: Rule, message: impl Into<String>) -> Self {
        Self {
            rule,
            message: message.into(),
            hint: None,
            field: None,
        }
    }

    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// The same about a field, unless it is about another one already.
    pub(crate) fn of(mut self, field: &str) -> Self {
        self.field.get_or_insert_with(|| field.to_owned());
        self
    }
}
