//! What is wrong with a template, or with an evaluation of one.

use super::context::Problem;
use crate::diagnostic::{Rule, rules};

/// A template that can't be parsed or evaluated.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct LiquidError {
    /// Where in the template, in bytes.
    pub position: usize,
    /// Its kind: one of Liquid's, or what the context said.
    pub rule: Rule,
    /// What is wrong, one line.
    pub message: String,
}

impl LiquidError {
    pub(super) fn new(position: usize, rule: Rule, message: impl Into<String>) -> Self {
        Self {
            position,
            rule,
            message: message.into(),
        }
    }

    pub(super) fn malformed(position: usize, message: impl Into<String>) -> Self {
        Self::new(position, rules::MALFORMED_LIQUID, message)
    }

    pub(super) fn at(position: usize) -> impl Fn(Problem) -> Self {
        move |problem| Self::new(position, problem.rule, problem.message)
    }
}
