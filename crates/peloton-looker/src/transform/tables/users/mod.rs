//! Members, their records and their challenges.

mod challenges;
mod members;
mod records;

use peloton_api::models::Overview;

use crate::transform::bundle::UserAnswers;
use crate::transform::rows::{Report, Rows};

pub(in crate::transform) use challenges::{ChallengeRows, definition as challenges};
pub(in crate::transform) use members::{Users, definition};
pub(in crate::transform) use records::{Records, definition as records};

/// Appends a member with records and challenges.
pub(in crate::transform) fn add(rows: &mut Rows, answers: &UserAnswers<'_>) {
    let mut report = Report::new(&mut rows.problems, "users", answers.id);
    let overview: Overview = report
        .read("overview", answers.overview)
        .unwrap_or_default();
    members::add(rows, answers, &overview);
    records::add(rows, answers, &overview);
    challenges::add(rows, answers);
}
