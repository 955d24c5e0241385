//! Loads of ours that no record speaks of: of runs that ended before they could keep what they did.

use std::collections::BTreeMap;

use super::client::Client;
use super::error::Error;
use super::jobs::{self, Job};
use super::place::Place;
use super::record;
use super::target::Target;
use crate::unit::{Fingerprint, Part, Unit};

/// A table may look as written to a little after the end of the job that did it.
pub(super) const SKEW_MS: i64 = 10_000;

/// No load takes longer.
const LONGEST_JOB_MS: i64 = 86_400_000;

/// Such loads, by the ids of their jobs.
#[derive(Debug, Clone, Default)]
pub(super) struct Traces(BTreeMap<String, Trace>);

#[derive(Debug, Clone)]
struct Trace {
    table: String,
    part: Part,
    /// ms since 1970; `None` while it is at work.
    ended_ms: Option<i64>,
}

impl Traces {
    /// Asks for jobs that are still at work, and where a table is not as its record says, for those since.
    pub(super) async fn read(
        client: &Client,
        target: &Target,
        place: &Place,
    ) -> Result<Self, Error> {
        let mut traces = Self::default();
        if place.records.is_empty() {
            return Ok(traces);
        }
        let mut found = jobs::running(client, &target.project).await?;
        if let Some(since_ms) = place.unknown_since_ms() {
            let since_ms = since_ms - LONGEST_JOB_MS;
            found.extend(jobs::done_since(client, &target.project, since_ms).await?);
        }
        for job in found.iter().filter(|job| is_ours(job, target)) {
            traces.add(job, place);
        }
        Ok(traces)
    }

    fn add(&mut self, job: &Job, place: &Place) {
        let id = &job.job_reference.job_id;
        let Some((table, part)) = job.destination() else {
            return;
        };
        let is_trace = !job.is_done() || (job.has_succeeded() && !place.has_recorded(table, job));
        if is_trace && table != record::NAME {
            let trace = Trace {
                table: table.to_owned(),
                part,
                ended_ms: job.ended_ms(),
            };
            self.0.insert(id.clone(), trace);
        }
    }

    /// One of them has come to its end.
    pub(super) fn end(&mut self, job: &Job) {
        if let Some(trace) = self.0.get_mut(&job.job_reference.job_id) {
            trace.ended_ms = job.ended_ms();
        }
    }

    /// Whether one brings the rows of that unit.
    pub(super) fn touch(&self, unit: &Unit) -> bool {
        let mut of_it = self.of(&unit.table);
        of_it.any(|trace| trace.part == Part::All || trace.part == unit.part)
    }

    /// Whether one brings all rows of a table.
    pub(super) fn touch_all_of(&self, table: &str) -> bool {
        self.of(table).any(|trace| trace.part == Part::All)
    }

    /// Whether one of them, and nobody after it, left a table as it was at a time.
    pub(super) fn explain(&self, table: &str, modified_ms: Option<i64>) -> bool {
        let last = self.of(table).filter_map(|trace| trace.ended_ms).max();
        last.zip(modified_ms)
            .is_some_and(|(last, modified_ms)| modified_ms <= last + SKEW_MS)
    }

    /// The months that they brought, which have rows that nobody here knows.
    pub(super) fn months(&self) -> impl Iterator<Item = (Unit, Fingerprint)> {
        let months = self.0.iter().filter(|(_, trace)| trace.part != Part::All);
        months.map(|(id, trace)| {
            let unit = Unit {
                table: trace.table.clone(),
                part: trace.part,
            };
            (unit, Fingerprint::of(id))
        })
    }

    fn of(&self, table: &str) -> impl Iterator<Item = &Trace> {
        self.0.values().filter(move |trace| trace.table == table)
    }
}

/// Whether it is a load of ours into the dataset.
pub(super) fn is_ours(job: &Job, target: &Target) -> bool {
    job.job_reference.job_id.starts_with("pl_") && job.dataset() == Some(&target.dataset)
}
