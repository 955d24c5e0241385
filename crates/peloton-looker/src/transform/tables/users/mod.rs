//! Members, their records and their challenges.

mod challenges;
mod members;
mod records;

use crate::transform::bundle::UserAnswers;
use crate::transform::rows::Rows;

pub(in crate::transform) use challenges::{ChallengeRows, definition as challenges};
pub(in crate::transform) use members::{Users, definition};
pub(in crate::transform) use records::{Records, definition as records};

/// Appends a member with records and challenges.
pub(in crate::transform) fn add(rows: &mut Rows, answers: &UserAnswers<'_>) {
    members::add(rows, answers);
    records::add(rows, answers);
    challenges::add(rows, answers);
}
