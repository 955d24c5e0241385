//! What was done, kept in the record.

use std::collections::{BTreeMap, BTreeSet};

use futures::future::join_all;

use super::Dataset;
use super::load::{Begun, Change, Load};
use crate::bigquery::jobs::{self, Job};
use crate::bigquery::place::{self, Place, TableInfo};
use crate::bigquery::record::{self, Record};
use crate::bigquery::traces::SKEW_MS;
use crate::destination::Destination;
use crate::error::Result;
use crate::unit::{Fingerprint, Part, Unit};

/// Rows of `pl_published` at which it is written anew with the newest of each unit.
const RECORDS: usize = 5_000;

impl Dataset {
    /// Notes what a job did.
    pub(super) fn done(&self, change: &Change, job: &Job) {
        let published_ms = job
            .ended_ms()
            .unwrap_or_else(|| jiff::Timestamp::now().as_millisecond());
        let units = change.units.iter().cloned();
        self.note(change.table, &job.job_reference.job_id, published_ms, units);
    }

    /// Notes that nobody knows what a job made of its units, or will make of them.
    fn doubt(&self, begun: &Begun) {
        let (change, id) = (&begun.change, &begun.reference.job_id);
        // Later than all that is known of the table, and before what the next run brings.
        let newest_ms = {
            let state = self.state();
            let pending = state.pending.iter();
            let pending = pending.filter(|record| record.unit.table == change.table);
            let recorded = state.place.newest(change.table);
            let newest = pending.chain(recorded).map(|record| record.published_ms);
            let made = state.prepared.get(change.table).map(TableInfo::created_ms);
            newest.chain(made).max().unwrap_or_default()
        };
        // No rows have it.
        let unknown = Fingerprint::of(id);
        let units = change.units.iter();
        let units = units.map(|(unit, _)| (unit.clone(), Some(unknown.clone())));
        self.note(change.table, id, newest_ms + 1, units);
    }

    fn note(
        &self,
        table: &str,
        job_id: &str,
        published_ms: i64,
        units: impl Iterator<Item = (Unit, Option<Fingerprint>)>,
    ) {
        let mut state = self.state();
        let table_created_ms = state.prepared.get(table).map_or(0, TableInfo::created_ms);
        let records = units.map(|(unit, fingerprint)| Record {
            unit,
            fingerprint,
            job_id: job_id.to_owned(),
            published_ms,
            table_created_ms,
            table_modified_ms: None,
        });
        state.pending.extend(records);
    }

    /// Ends jobs for which nobody waits any more, since the run was told to stop. What became of each is
    /// noted; one that goes on all the same is found by the next run.
    pub(super) async fn end_what_was_given_up(&self) {
        let begun: Vec<Begun> = {
            let state = self.state();
            let begun = state.begun.values();
            // A record that comes twice says no more than once.
            let begun = begun.filter(|begun| !begun.change.units.is_empty());
            begun.cloned().collect()
        };
        let ended = join_all(begun.iter().map(|begun| self.end(begun))).await;
        for (begun, job) in begun.iter().zip(ended) {
            match job {
                Some(job) if job.has_succeeded() => self.done(&begun.change, &job),
                Some(job) if job.is_done() => {}
                _ => self.doubt(begun),
            }
            self.state().begun.remove(&begun.reference.job_id);
        }
    }

    /// Asks a job to end, and looks at it once: there is no time for more.
    async fn end(&self, begun: &Begun) -> Option<Job> {
        if let Err(error) = jobs::cancel(&self.client, &begun.reference).await {
            tracing::info!(
                "job `{}` was not cancelled: {error}",
                begun.reference.job_id
            );
        }
        jobs::get(&self.client, &begun.reference).await.ok()
    }

    /// Whether the record says by now that these units are there.
    pub(super) async fn is_shown(&self, units: &BTreeMap<Unit, Fingerprint>) -> Result<bool> {
        let place = Place::read(&self.client, &self.target).await?;
        Ok(shows(&place, units))
    }

    /// Records of units that a replacement of the whole table took away.
    pub(super) fn vanished(&self, table: &str, units: &BTreeMap<Unit, Fingerprint>) -> Vec<Unit> {
        let state = self.state();
        let records = state.place.records.iter();
        records
            .filter(|(unit, record)| {
                unit.table == table && record.fingerprint.is_some() && !units.contains_key(*unit)
            })
            .map(|(unit, _)| unit.clone())
            .collect()
    }

    /// What is pending, with how its tables were left; where somebody else wrote to one, nobody can say whose
    /// rows there are.
    pub(super) async fn as_left(&self) -> Result<Vec<Record>> {
        let mut pending = self.state().pending.clone();
        let names: BTreeSet<String> = pending
            .iter()
            .map(|record| record.unit.table.clone())
            .collect();
        let tables = place::named(&self.client, &self.target, names.into_iter().collect()).await?;
        let mut state = self.state();
        for (name, table) in tables {
            let mut of_it: Vec<&mut Record> = pending
                .iter_mut()
                .filter(|record| record.unit.table == name)
                .collect();
            let last = of_it.iter().map(|record| record.published_ms).max();
            let mut modified = table.and_then(|table| table.modified_ms());
            if modified > last.map(|last| last + SKEW_MS) {
                state.changed.insert(name.clone());
            }
            modified = modified.filter(|_| !state.changed.contains(&name));
            for record in &mut of_it {
                record.table_modified_ms = modified;
            }
        }
        Ok(pending)
    }

    pub(super) async fn record(&self, pending: &[Record]) -> Result<()> {
        let table = record::table();
        if !self.state().prepared.contains_key(record::NAME) {
            self.prepare(&table).await?;
        }
        let (mut disposition, mut rows) = ("WRITE_APPEND", pending.to_vec());
        if self.state().place.record_count + pending.len() > RECORDS {
            disposition = "WRITE_TRUNCATE";
            let kept = self.state().place.records.values().cloned().collect();
            rows = record::newest([kept, rows].concat())
                .into_values()
                .collect();
        }
        let folder = self.workspace()?;
        let file = folder.path().join("record.parquet");
        let fingerprint = record::write(&rows, &file)?;
        let load = Load {
            id: format!("pl_{}_{fingerprint}", record::NAME),
            configuration: self.load_configuration(record::NAME, Part::All, disposition),
            units: &BTreeMap::new(),
            change: Change::default(),
        };
        // A row twice says no more than once.
        self.load(load, &file).await?;
        let mut state = self.state();
        state.place.record_count = match disposition {
            "WRITE_APPEND" => state.place.record_count + rows.len(),
            _ => rows.len(),
        };
        Ok(())
    }
}

/// Whether the record has these units, of the tables that are there.
pub(super) fn shows(place: &Place, units: &BTreeMap<Unit, Fingerprint>) -> bool {
    !units.is_empty()
        && units.iter().all(|(unit, fingerprint)| {
            let record = place.record(unit);
            record.is_some_and(|record| record.fingerprint.as_ref() == Some(fingerprint))
        })
}
