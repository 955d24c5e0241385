//! What was done, kept in the record.

use std::collections::{BTreeMap, BTreeSet};

use super::Dataset;
use crate::bigquery::jobs::Job;
use crate::bigquery::place::{self, Place, TableInfo};
use crate::bigquery::record::{self, Record};
use crate::destination::Destination;
use crate::error::Result;
use crate::unit::{Fingerprint, Part, Unit};

/// A table may look as written to a little after the end of the job that did it.
const SKEW_MS: i64 = 10_000;

/// Rows of `pl_published` at which it is written anew with the newest of each unit.
const RECORDS: usize = 5_000;

impl Dataset {
    pub(super) fn done(
        &self,
        table: &str,
        job: Option<&Job>,
        units: Vec<(Unit, Option<Fingerprint>)>,
    ) {
        let Some(job) = job else {
            // Another publisher did it and has kept it.
            return;
        };
        let mut state = self.state();
        let table_created_ms = state.prepared.get(table).map_or(0, TableInfo::created_ms);
        let published_ms = job
            .ended_ms()
            .unwrap_or_else(|| jiff::Timestamp::now().as_millisecond());
        for (unit, fingerprint) in units {
            state.pending.push(Record {
                unit,
                fingerprint,
                job_id: job.job_reference.job_id.clone(),
                published_ms,
                table_created_ms,
                table_modified_ms: None,
            });
        }
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

    /// What is pending, with how its tables were left; and for tables that others wrote to, that nothing is
    /// known of their other units.
    pub(super) async fn as_left(&self) -> Result<Vec<Record>> {
        let mut pending = self.state().pending.clone();
        let names: BTreeSet<String> = pending
            .iter()
            .map(|record| record.unit.table.clone())
            .collect();
        let tables = place::named(&self.client, &self.target, names.into_iter().collect()).await?;
        let modified: BTreeMap<String, Option<i64>> = tables
            .into_iter()
            .map(|(name, table)| (name, table.and_then(|table| table.modified_ms())))
            .collect();
        let state = self.state();
        let is_doubtful = |unit: &Unit| {
            let is_written = pending.iter().any(|record| record.unit == *unit);
            state.suspects.contains(&unit.table)
                && modified.contains_key(&unit.table)
                && !is_written
        };
        let mut doubtful: Vec<Record> = state
            .place
            .records
            .values()
            .filter(|record| record.fingerprint.is_some() && is_doubtful(&record.unit))
            .cloned()
            .collect();
        let mut ours: BTreeMap<String, i64> = BTreeMap::new();
        for record in &pending {
            let last = ours.entry(record.unit.table.clone()).or_default();
            *last = record.published_ms.max(*last);
        }
        for record in &mut doubtful {
            let last = ours.get(&record.unit.table).copied().unwrap_or_default();
            record.fingerprint = None;
            record.published_ms = last.max(record.published_ms);
        }
        pending.extend(doubtful);
        // Somebody else wrote to it after us: whose rows there are, nobody can say.
        let is_ours = |table: &str, modified: i64| {
            let last = ours.get(table);
            last.is_some_and(|last| modified <= last + SKEW_MS)
        };
        let left: BTreeMap<String, Option<i64>> = modified
            .into_iter()
            .map(|(table, modified)| {
                let modified = modified.filter(|modified| is_ours(&table, *modified));
                (table, modified)
            })
            .collect();
        for record in &mut pending {
            record.table_modified_ms = left.get(&record.unit.table).copied().flatten();
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
        let id = format!("pl_{}_{fingerprint}", record::NAME);
        let configuration = self.load_configuration(record::NAME, Part::All, disposition);
        // A row twice says no more than once.
        self.load(&id, &configuration, &file, &BTreeMap::new())
            .await?;
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
