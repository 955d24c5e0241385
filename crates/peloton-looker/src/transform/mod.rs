//! Archived answers in, rows out. Pure: no files, no clock, no network.
//!
//! The caller hands over one bundle at a time (a workout with its list row, detail and graph); [`Rows`]
//! collects the rows of all tables until they are taken as Arrow record batches. A value that can't be
//! read costs that value alone: it becomes NULL and a [`Problem`], noted where the answer is read.

mod axis;
mod bundle;
mod column;
mod definition;
mod inline;
mod rows;
mod seconds;
mod series;
mod tables;
mod targets;
mod time;
mod units;
mod views;
mod workout;
mod zones;

#[cfg(test)]
mod tests;

pub use bundle::{
    Access, Answer, CatalogAnswers, Direction, FollowAnswers, ImportedWorkout, InstructorAnswers,
    ItemRow, Relation, RideAnswers, RunRow, UserAnswers, WorkoutAnswers,
};
pub use inline::{Inline, Part, inline};
pub use rows::{Batch, Options, Problem, Rows};
pub use tables::{UNSAID, tables};
pub use views::views;
