//! The collector: bundles go in, the rows of all tables come out as batches.

use std::borrow::Cow;
use std::collections::BTreeSet;

use arrow::array::RecordBatch;
use peloton_api::models::unreadable;
use serde::{Serialize, de::DeserializeOwned};

use super::bundle::{
    Answer, CatalogAnswers, FollowAnswers, ImportedWorkout, InstructorAnswers, ItemRow,
    RideAnswers, RunRow, UserAnswers, WorkoutAnswers,
};
use super::tables::{self, Tables};
use super::time::Zones;

/// What a person may ask of the transform.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Options {
    /// Whether latitude and longitude get into `workout_stats`.
    pub store_locations: bool,
}

/// A value that could not be read, or that contradicts another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    pub table: &'static str,
    /// Value of the table's `replace_by` column: the id of the bundle.
    pub key: String,
    /// Our column, or the answer and the field in it.
    pub column: Cow<'static, str>,
    /// What is wrong, with the offending text shortened.
    pub text: String,
}

/// What one table got since the last [`Rows::take`].
#[derive(Debug, Clone)]
pub struct Batch {
    pub table: &'static str,
    /// Values of the table's `replace_by` column whose rows are replaced, also those without a new row.
    pub replaced: Vec<String>,
    /// Those of them whose rows were made without an answer that could have been there: where one was there
    /// before, they say less than the rows that they replace.
    pub in_part: BTreeSet<String>,
    pub rows: RecordBatch,
}

/// The rows of all tables.
pub struct Rows {
    pub(super) options: Options,
    pub(super) zones: Zones,
    pub(super) tables: Tables,
    pub(super) problems: Problems,
}

impl std::fmt::Debug for Rows {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Rows")
            .field("options", &self.options)
            .field("samples", &self.samples())
            .field("problems", &self.problems.0.len())
            .finish_non_exhaustive()
    }
}

impl Rows {
    /// No rows yet.
    pub fn new(options: Options) -> Self {
        Self {
            options,
            zones: Zones::bundled(),
            tables: Tables::default(),
            problems: Problems::default(),
        }
    }

    /// Adds a workout with its seconds and all that hangs on it.
    pub fn workout(&mut self, answers: &WorkoutAnswers<'_>) {
        super::workout::add(self, answers);
    }

    /// Adds a workout of the exported CSV.
    pub fn csv_workout(&mut self, workout: &ImportedWorkout) {
        super::workout::add_imported(self, workout);
    }

    /// Adds a class with its segments, targets, songs and types.
    pub fn ride(&mut self, answers: &RideAnswers<'_>) {
        tables::rides::add(self, answers);
    }

    /// Adds an instructor.
    pub fn instructor(&mut self, answers: &InstructorAnswers<'_>) {
        tables::instructors::add(self, answers);
    }

    /// Adds a member with personal records and challenges.
    pub fn user(&mut self, answers: &UserAnswers<'_>) {
        tables::users::add(self, answers);
    }

    /// Adds a whole follow list.
    pub fn follows(&mut self, answers: &FollowAnswers<'_>) {
        tables::follows::add(self, answers);
    }

    /// Adds the catalogue.
    pub fn catalog(&mut self, answers: &CatalogAnswers<'_>) {
        tables::catalog::add(self, answers);
    }

    /// Adds a run.
    pub fn run(&mut self, run: &RunRow) {
        self.tables.sync_runs.replace(&run.id, true);
        self.tables.sync_runs.push(run, &run.id, &mut self.problems);
    }

    /// Adds an item that was refused or failed.
    pub fn item(&mut self, item: &ItemRow) {
        self.tables.sync_items.replace(&item.id, true);
        self.tables
            .sync_items
            .push(item, &item.id, &mut self.problems);
    }

    /// Rows of `workout_stats` since the last take: when to flush.
    pub fn samples(&self) -> usize {
        self.tables.workout_stats.len()
    }

    /// Empties the collector: a batch for each table that has something to replace, in the order of
    /// [`tables`](super::tables()).
    pub fn take(&mut self) -> Vec<Batch> {
        self.tables
            .all()
            .into_iter()
            .filter_map(|table| table.take())
            .collect()
    }

    /// Empties the list of problems.
    pub fn take_problems(&mut self) -> Vec<Problem> {
        std::mem::take(&mut self.problems.0)
    }
}

/// The problems found so far.
#[derive(Debug, Default)]
pub(super) struct Problems(Vec<Problem>);

impl Problems {
    pub(super) fn add(
        &mut self,
        table: &'static str,
        key: &str,
        column: impl Into<Cow<'static, str>>,
        text: String,
    ) {
        self.0.push(Problem {
            table,
            key: key.to_owned(),
            column: column.into(),
            text,
        });
    }

    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }
}

/// The problems of one bundle in one table.
#[derive(Debug)]
pub(super) struct Report<'p> {
    problems: &'p mut Problems,
    table: &'static str,
    key: &'p str,
}

impl<'p> Report<'p> {
    pub(super) fn new(problems: &'p mut Problems, table: &'static str, key: &'p str) -> Self {
        Self {
            problems,
            table,
            key,
        }
    }

    pub(super) fn add(&mut self, column: impl Into<Cow<'static, str>>, text: String) {
        self.problems.add(self.table, self.key, column, text);
    }

    /// Reads an answer and reports what of it can't be read: here and nowhere else, so that no table can
    /// leave a value out unsaid. One that isn't an object of the expected shape is reported as a whole.
    pub(super) fn read<T: DeserializeOwned + Serialize>(
        &mut self,
        what: &'static str,
        answer: Option<Answer<'_>>,
    ) -> Option<T> {
        match parse(answer?.body) {
            Ok(value) => {
                self.values(what, &value);
                Some(value)
            }
            Err(reason) => {
                self.add(what, reason);
                None
            }
        }
    }

    fn values(&mut self, what: &str, answer: &impl Serialize) {
        for value in unreadable(answer) {
            let text = match value.count {
                1 => value.first,
                count => format!("{} and {} more", value.first, count - 1),
            };
            self.add(format!("{what}.{}", value.path), text);
        }
    }
}

/// Reads an answer, or a part of one, that another bundle reads too, and reports there.
pub(super) fn read_again<T: DeserializeOwned>(answer: Option<Answer<'_>>) -> Option<T> {
    parse(answer?.body).ok()
}

fn parse<T: DeserializeOwned>(body: &str) -> Result<T, String> {
    // Arrays would be taken for the fields of an object in their order.
    if !body.trim_start().starts_with('{') {
        return Err("answer is no object".into());
    }
    serde_json::from_str(body).map_err(|error| format!("answer can't be read: {error}"))
}
