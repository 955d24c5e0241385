//! Load jobs: begun under ids that say what they do, and waited for, those of other runs too.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde_json::{Value, json};

use super::Dataset;
use super::keep::shows;
use crate::bigquery::error::Error;
use crate::bigquery::jobs::{self, Job, JobReference, decorator};
use crate::bigquery::traces::is_ours;
use crate::bigquery::upload::upload;
use crate::error::Result;
use crate::unit::{Fingerprint, Part, Unit};

/// Job ids of one change that are counted; after them one is taken that nobody can have used.
const TRIES: usize = 50;

/// A load job.
pub(super) struct Load<'a> {
    pub(super) id: String,
    pub(super) configuration: Value,
    /// What the record has to show where another run has done it.
    pub(super) units: &'a BTreeMap<Unit, Fingerprint>,
    pub(super) change: Change,
}

/// What becomes of which units; none for those of which no rows are left.
#[derive(Debug, Clone, Default)]
pub(super) struct Change {
    pub(super) table: &'static str,
    pub(super) units: Vec<(Unit, Option<Fingerprint>)>,
}

/// A job that was begun, or is about to, and what it does.
#[derive(Debug, Clone)]
pub(super) struct Begun {
    pub(super) reference: JobReference,
    pub(super) change: Change,
}

impl Dataset {
    /// Until jobs that a killed run left behind are done: one that ended later would undo what comes now.
    pub(super) async fn await_others(&self) -> Result<()> {
        if std::mem::replace(&mut self.state().is_alone, true) {
            return Ok(());
        }
        for job in jobs::running(&self.client, &self.target.project).await? {
            if !is_ours(&job, &self.target) {
                continue;
            }
            if let Some(ended) = self.await_end(&job.job_reference).await? {
                self.state().place.traces.end(&ended);
            }
        }
        Ok(())
    }

    fn destination(&self, table: &str, part: Part) -> Value {
        json!({
            "projectId": self.target.project,
            "datasetId": self.target.dataset,
            "tableId": format!("{table}{}", decorator(part)),
        })
    }

    /// The job that replaces a part of a table.
    pub(super) fn change<'a>(
        &self,
        table: &'static str,
        part: Part,
        units: &'a BTreeMap<Unit, Fingerprint>,
        becomes: Vec<(Unit, Option<Fingerprint>)>,
    ) -> Load<'a> {
        Load {
            id: self.job_id(table, part, units),
            configuration: self.load_configuration(table, part, "WRITE_TRUNCATE"),
            units,
            change: Change {
                table,
                units: becomes,
            },
        }
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

    /// Loads a file under an id that says what it does, so that doing it twice is noticed, and notes what it
    /// makes of which units; nothing if the record says by then that the units are there.
    pub(super) async fn load(&self, load: Load<'_>, file: &Path) -> Result<()> {
        let (id, units) = (&load.id, load.units);
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
            match self.run(&load, &reference, file).await {
                Err(error) if error.is_duplicate() => {
                    // Used before, by a run that ended before it could keep what it did, or long ago
                    // for a state that was left again. Only the record tells.
                    self.await_end(&reference).await?;
                    if !was_there && self.is_shown(units).await? {
                        return Ok(());
                    }
                    must_ask = true;
                }
                Err(error @ Error::Job { .. }) if error.is_transient() => {
                    let Some(pause) = pauses.next() else {
                        return Err(error.into());
                    };
                    tracing::info!("{error}; again under another id in {pause:?}");
                    tokio::time::sleep(pause).await;
                    must_ask = true;
                }
                ended => {
                    self.done(&load.change, &ended?);
                    return Ok(());
                }
            }
        }
        Ok(())
    }

    /// Runs a job under that id. Who gives it up leaves it among those that are begun.
    async fn run(
        &self,
        load: &Load<'_>,
        reference: &JobReference,
        file: &Path,
    ) -> std::result::Result<Job, Error> {
        let begun = Begun {
            reference: reference.clone(),
            change: load.change.clone(),
        };
        let id = &reference.job_id;
        self.state().begun.insert(id.clone(), begun);
        let job = json!({ "jobReference": reference, "configuration": load.configuration });
        let ended = match upload(&self.client, &self.target.project, &job, file).await {
            Ok(job) => jobs::wait(&self.client, job).await,
            Err(error) => Err(error),
        };
        // One that does not end is ended before the next commit.
        if !matches!(ended, Err(Error::Endless { .. })) {
            self.state().begun.remove(id);
        }
        ended
    }

    async fn find(&self, reference: &JobReference) -> Result<Option<Job>> {
        match jobs::get(&self.client, reference).await {
            Err(error) if error.is_not_found() => Ok(None),
            found => Ok(Some(found?)),
        }
    }

    /// Until a job of another run is done: it must not write after ours. Gives one that succeeded.
    async fn await_end(&self, reference: &JobReference) -> Result<Option<Job>> {
        let Some(job) = self.find(reference).await? else {
            return Ok(None);
        };
        match jobs::wait(&self.client, job).await {
            Err(Error::Job { .. }) => Ok(None),
            ended => Ok(Some(ended?)),
        }
    }

    /// `pl_<table>_<part>_<digest of what is changed into what, where>`. A change that comes back, after
    /// another or after a load that nobody recorded, is made to a table of another age.
    fn job_id(&self, table: &str, part: Part, units: &BTreeMap<Unit, Fingerprint>) -> String {
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
