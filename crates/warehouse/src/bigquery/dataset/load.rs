//! Load jobs: begun under ids that say what they do, and waited for, those of other runs too.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde_json::{Value, json};

use super::Dataset;
use super::keep::shows;
use crate::bigquery::error::Error;
use crate::bigquery::jobs::{self, Job, JobReference};
use crate::bigquery::upload::upload;
use crate::error::Result;
use crate::unit::{Fingerprint, Part, Unit};

/// Job ids of one change that are counted; after them one is taken that nobody can have used.
const TRIES: usize = 50;

impl Dataset {
    /// Until jobs that a killed run left behind are done: one that ended later would undo what comes now.
    pub(super) async fn await_others(&self) -> Result<()> {
        if std::mem::replace(&mut self.state().is_alone, true) {
            return Ok(());
        }
        for job in jobs::running(&self.client, &self.target.project).await? {
            if job.job_reference.job_id.starts_with("pl_") && self.is_here(&job) {
                self.await_end(&job.job_reference).await?;
            }
        }
        Ok(())
    }

    fn is_here(&self, job: &Job) -> bool {
        let destination = job.destination();
        destination.is_some_and(|dataset| dataset == self.target.dataset)
    }

    fn destination(&self, table: &str, part: Part) -> Value {
        let suffix = match part {
            Part::Month(month) => format!("${:04}{:02}", month.year, month.month),
            Part::All | Part::Undated => String::new(),
        };
        json!({
            "projectId": self.target.project,
            "datasetId": self.target.dataset,
            "tableId": format!("{table}{suffix}"),
        })
    }

    pub(super) fn load_configuration(&self, table: &str, part: Part, disposition: &str) -> Value {
        let state = self.state();
        let mut load = json!({
            "destinationTable": self.destination(table, part),
            "sourceFormat": "PARQUET",
            "parquetOptions": { "enableListInference": true },
            "createDisposition": "CREATE_NEVER",
            "writeDisposition": disposition,
            // Names the types that Parquet does not: DATETIME, and what is repeated. It replaces
            // descriptions too.
            "schema": { "fields": state.fields.get(table) },
        });
        // Exactly what the table has: anything else is refused.
        if let Some(there) = state.prepared.get(table) {
            if let Some(partitioning) = &there.time_partitioning {
                load["timePartitioning"] = partitioning.clone();
            }
            if let Some(clustering) = &there.clustering {
                load["clustering"] = clustering.clone();
            }
        }
        json!({ "load": load })
    }

    /// Loads a file under an id that says what it does, so that doing it twice is noticed. `None` if the
    /// record says by then that the units are there.
    pub(super) async fn load(
        &self,
        id: &str,
        configuration: &Value,
        file: &Path,
        units: &BTreeMap<Unit, Fingerprint>,
    ) -> Result<Option<Job>> {
        // What the record said before this run proves nothing about it.
        let was_there = shows(&self.state().place, units);
        let mut pauses = self.client.retry.pauses();
        let mut must_ask = false;
        for attempt in 0.. {
            let attempt = match attempt {
                0..TRIES => attempt.to_string(),
                _ => format!("at_{}", jiff::Timestamp::now().as_nanosecond()),
            };
            let reference = JobReference {
                project_id: self.target.project.clone(),
                job_id: format!("{id}_{attempt}"),
                location: self.state().place.location().map(ToOwned::to_owned),
            };
            if must_ask && self.find(&reference).await?.is_some() {
                continue;
            }
            let job = json!({ "jobReference": reference, "configuration": configuration });
            let begun = upload(&self.client, &self.target.project, &job, file).await;
            let ended = match begun {
                Ok(job) => jobs::wait(&self.client, job).await,
                Err(error) if error.is_duplicate() => {
                    // Used before, by a run that ended before it could keep what it did, or long ago
                    // for a state that was left again. Only the record tells.
                    self.await_end(&reference).await?;
                    if !was_there && self.is_shown(units).await? {
                        return Ok(None);
                    }
                    must_ask = true;
                    continue;
                }
                Err(error) => Err(error),
            };
            match ended {
                Err(error @ Error::Job { .. }) if error.is_transient() => {
                    let Some(pause) = pauses.next() else {
                        return Err(error.into());
                    };
                    tracing::info!("{error}; again under another id in {pause:?}");
                    tokio::time::sleep(pause).await;
                    must_ask = true;
                }
                ended => return Ok(Some(ended?)),
            }
        }
        Ok(None)
    }

    async fn find(&self, reference: &JobReference) -> Result<Option<Job>> {
        match jobs::get(&self.client, reference).await {
            Err(error) if error.is_not_found() => Ok(None),
            found => Ok(Some(found?)),
        }
    }

    /// Until a job of another run is done: it must not write after ours.
    async fn await_end(&self, reference: &JobReference) -> Result<()> {
        if let Some(job) = self.find(reference).await? {
            match jobs::wait(&self.client, job).await {
                Ok(_) | Err(Error::Job { .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }

    /// `pl_<table>_<part>_<digest of what is changed into what, where>`. A change that comes back, after
    /// another or after a load that nobody recorded, is made to a table of another age.
    pub(super) fn job_id(
        &self,
        table: &str,
        part: Part,
        units: &BTreeMap<Unit, Fingerprint>,
    ) -> String {
        let state = self.state();
        let there = state.prepared.get(table);
        let age = there.map(|there| (there.created_ms(), there.modified_ms()));
        let known: BTreeSet<(&Unit, Option<&Fingerprint>)> = state
            .place
            .records
            .iter()
            .filter(|(unit, _)| unit.table == table && (part == Part::All || unit.part == part))
            .map(|(unit, record)| (unit, record.fingerprint.as_ref()))
            .collect();
        let change = format!("{} {units:?} {known:?} {age:?}", self.target);
        let part = part.to_string().replace('-', "");
        format!("pl_{table}_{part}_{}", Fingerprint::of(&change))
    }
}
