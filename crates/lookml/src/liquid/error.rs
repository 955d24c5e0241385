//! What is wrong with a template, or with an evaluation of one.

use super::context::Problem;

/// A tag that does not exist.
pub const UNKNOWN_TAG: &str = "LK920";
/// A filter that does not exist.
pub const UNKNOWN_FILTER: &str = "LK921";
/// Liquid that can't be read.
pub const MALFORMED: &str = "LK922";
/// Liquid nested deeper, looping longer or growing larger than anything could mean.
pub const TOO_MUCH: &str = "LK923";
/// Liquid that can be read, and not be evaluated.
pub const FAILED: &str = "LK924";

/// A template that can't be parsed or evaluated.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct LiquidError {
    /// Where in the template, in bytes.
    pub position: usize,
    /// Its kind: `LK920` and the like, or what the context said.
    pub code: &'static str,
    /// What is wrong, one line.
    pub message: String,
}

impl LiquidError {
    pub(super) fn new(position: usize, code: &'static str, message: impl Into<String>) -> Self {
        Self {
            position,
            code,
            message: message.into(),
        }
    }

    pub(super) fn malformed(position: usize, message: impl Into<String>) -> Self {
        Self::new(position, MALFORMED, message)
    }

    pub(super) fn at(position: usize) -> impl Fn(Problem) -> Self {
        move |problem| Self::new(position, problem.code, problem.message)
    }
}
