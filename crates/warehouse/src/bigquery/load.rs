//! A dataset as a destination: tables made and patched, units replaced by load jobs, and the record.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Mutex;

use async_trait::async_trait;
use reqwest::Method;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::client::Client;
use super::error::Error;
use super::jobs::{self, Job, JobReference};
use super::place::{self, Examined, Place, TableInfo};
use super::record::{self, Record};
use super::schema::{self, Field};
use super::target::{Options, Target};
use super::upload::upload;
use crate::SCHEMA_VERSION;
use crate::destination::{Destination, Found, Replacement, Size, Transport};
use crate::error::{Error as Failure, IoContext, Result};
use crate::parquet::Writer;
use crate::schema::{ColumnType, Table};
use crate::unit::{Fingerprint, Part, Unit};

/// The label by which a table of ours is recognised.
const LABEL: &str = "peloton_looker_schema";

/// Up to so many seconds (about 256 MB of Parquet) a table is one load job, whatever changed in it.
const WHOLE_SECONDS: u64 = 60_000_000;
/// The same for seconds that are nested in workouts, with their means.
const WHOLE_NESTED_SECONDS: u64 = 20_000_000;

/// Job ids of one change that are counted; after them one is taken that nobody can have used.
const TRIES: usize = 50;

/// A table may look as written to a little after the end of the job that did it.
const SKEW_MS: i64 = 10_000;

/// Rows of `pl_published` at which it is written anew with the newest of each unit.
const RECORDS: usize = 5_000;

/// A dataset.
#[derive(Debug)]
pub struct Dataset {
    client: Client,
    target: Target,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    place: Place,
    /// Tables that are made and patched, as they are then.
    prepared: BTreeMap<String, TableInfo>,
    /// Schema of each of them.
    fields: BTreeMap<String, Vec<Field>>,
    /// What was done since the last commit.
    pending: Vec<Record>,
    /// Tables that something wrote to between the look at them and the first load: what the record says
    /// of their other units may not hold.
    suspects: BTreeSet<String>,
    /// No job of an earlier run is still at work.
    is_alone: bool,
}

impl Dataset {
    /// The dataset of that name; nothing is asked yet. Needs a runtime of tokio.
    ///
    /// # Errors
    /// [`Error::Credentials`] where there are none.
    pub fn new(target: Target, options: &Options) -> Result<Self> {
        let client = Client::new(options.emulator.as_deref(), options.retry)?;
        Ok(Self {
            client,
            target,
            state: Mutex::default(),
        })
    }

    /// Whether publishing would work, and what is there. Changes nothing.
    ///
    /// # Errors
    /// What publishing would meet: no credentials, a missing role, a dataset elsewhere.
    pub async fn examine(&self) -> Result<Examined> {
        Ok(place::examine(&self.client, &self.target).await?)
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.state
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    fn full_name(&self, table: &str) -> String {
        format!("{}.{table}", self.target)
    }

    /// Until jobs that a killed run left behind are done: one that ended later would undo what comes now.
    async fn await_others(&self) -> Result<()> {
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

    async fn create_dataset(&self) -> Result<()> {
        if self.state().place.dataset.is_some() {
            return Ok(());
        }
        let (project, dataset) = (&self.target.project, &self.target.dataset);
        let mut body = json!({
            "datasetReference": { "projectId": project, "datasetId": dataset },
            "description": "Peloton workouts, published by peloton-looker.",
        });
        if let Some(location) = &self.target.location {
            body["location"] = json!(location);
        }
        let segments = ["projects", project, "datasets"];
        let made: std::result::Result<Value, Error> = self
            .client
            .call(Method::POST, &segments, &[], Some(&body))
            .await;
        match made {
            Err(error) if !error.is_duplicate() => return Err(error.into()),
            _ => {}
        }
        let found = place::dataset(&self.client, &self.target).await?;
        self.state().place.dataset = Some(found.ok_or_else(|| Error::Answer {
            what: "the dataset that was made is not there".into(),
        })?);
        Ok(())
    }

    async fn create_table(&self, table: &Table, fields: &[Field]) -> Result<()> {
        let (project, dataset) = (&self.target.project, &self.target.dataset);
        let is_kept = self
            .state()
            .place
            .dataset
            .as_ref()
            .is_none_or(|dataset| dataset.sandbox().is_none());
        let mut body = json!({
            "tableReference": { "projectId": project, "datasetId": dataset, "tableId": table.name },
            "description": table.comment(),
            "labels": { LABEL: SCHEMA_VERSION.to_string() },
            "schema": { "fields": fields },
        });
        // Partitions there are deleted by the age of the workouts in them, without a word.
        if let Some(partitioning) = schema::partitioning(table).filter(|_| is_kept) {
            body["timePartitioning"] = partitioning;
        }
        if let Some(clustering) = schema::clustering(table) {
            body["clustering"] = clustering;
        }
        let segments = ["projects", project, "datasets", dataset, "tables"];
        let made: std::result::Result<Value, Error> = self
            .client
            .call(Method::POST, &segments, &[], Some(&body))
            .await;
        match made {
            Err(error) if !error.is_duplicate() => Err(error.into()),
            _ => Ok(()),
        }
    }

    /// Adds what a table lacks: columns, descriptions, our label.
    async fn patch_table(&self, table: &Table, there: &TableInfo, fields: &[Field]) -> Result<()> {
        let version = SCHEMA_VERSION.to_string();
        let is_same = there.fields() == fields
            && there.description.as_deref() == Some(table.comment().as_str())
            && there.labels.get(LABEL) == Some(&version);
        if is_same {
            return Ok(());
        }
        let (project, dataset) = (&self.target.project, &self.target.dataset);
        let mut labels = there.labels.clone();
        labels.insert(LABEL.into(), version);
        let body = json!({
            "description": table.comment(),
            "labels": labels,
            "schema": { "fields": fields },
        });
        let segments = [
            "projects", project, "datasets", dataset, "tables", table.name,
        ];
        let patched: Value = self
            .client
            .call(Method::PATCH, &segments, &[], Some(&body))
            .await?;
        drop(patched);
        Ok(())
    }

    /// A table with rows in it that nothing says are ours is not written over.
    fn refuse_foreign(&self, table: &Table, there: &TableInfo) -> Result<()> {
        let state = self.state();
        let is_known = |unit: &Unit| unit.table == table.name;
        let is_ours = there.labels.contains_key(LABEL)
            || there.description.as_deref() == Some(table.comment().as_str())
            || table.name == record::NAME
            || state.place.records.keys().any(is_known);
        let is_table = there.kind.is_empty() || there.kind == "TABLE";
        if is_table && (is_ours || there.row_count() == 0) {
            return Ok(());
        }
        Err(Failure::Foreign {
            table: self.full_name(table.name),
        })
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

    fn load_configuration(&self, table: &str, part: Part, disposition: &str) -> Value {
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
    async fn load(
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

    fn done(&self, table: &str, job: Option<&Job>, units: Vec<(Unit, Option<Fingerprint>)>) {
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
    async fn is_shown(&self, units: &BTreeMap<Unit, Fingerprint>) -> Result<bool> {
        let place = Place::read(&self.client, &self.target).await?;
        Ok(shows(&place, units))
    }

    /// Records of units that a replacement of the whole table took away.
    fn vanished(&self, table: &str, units: &BTreeMap<Unit, Fingerprint>) -> Vec<Unit> {
        let state = self.state();
        let records = state.place.records.iter();
        records
            .filter(|(unit, record)| {
                unit.table == table && record.fingerprint.is_some() && !units.contains_key(*unit)
            })
            .map(|(unit, _)| unit.clone())
            .collect()
    }
}

/// Whether the record has these units, of the tables that are there.
fn shows(place: &Place, units: &BTreeMap<Unit, Fingerprint>) -> bool {
    !units.is_empty()
        && units.iter().all(|(unit, fingerprint)| {
            let record = place.record(unit);
            record.is_some_and(|record| record.fingerprint.as_ref() == Some(fingerprint))
        })
}

#[async_trait]
impl Destination for Dataset {
    fn workspace(&self) -> Result<TempDir> {
        tempfile::tempdir().at("create a folder in", &std::env::temp_dir())
    }

    async fn published(&self) -> Result<Found> {
        let place = Place::read(&self.client, &self.target).await?;
        let units = place
            .records
            .keys()
            .filter_map(|unit| {
                let fingerprint = place.record(unit)?.fingerprint.clone()?;
                Some((unit.clone(), fingerprint))
            })
            .collect();
        let tables = place.tables.keys().cloned().collect();
        *self.state() = State {
            place,
            ..State::default()
        };
        Ok(Found { units, tables })
    }

    /// Whether it is a sandbox is known once the dataset is there.
    fn notes(&self) -> Vec<String> {
        let state = self.state();
        let dataset = state.place.dataset.as_ref();
        let note = dataset
            .and_then(place::DatasetInfo::sandbox)
            .map(|sandbox| {
                format!(
                    "`{}` deletes tables {} days after they were made, as projects without billing do: what is \
                     gone is published again by the next `publish`; tables are not partitioned there",
                    self.target, sandbox.days
                )
            });
        note.into_iter().collect()
    }

    fn transport(&self, table: &Table, size: Size) -> Transport {
        let state = self.state();
        let is_nested = |column: &ColumnType| matches!(column, ColumnType::List(_));
        let whole = if table.columns.iter().any(|c| is_nested(&c.column_type)) {
            WHOLE_NESTED_SECONDS
        } else {
            WHOLE_SECONDS
        };
        let is_sandbox = state
            .place
            .dataset
            .as_ref()
            .is_some_and(|dataset| dataset.sandbox().is_some());
        let known = state.place.tables.get(table.name);
        let is_unpartitioned = known.is_some_and(|table| table.time_partitioning.is_none());
        // No decorator names the partition of rows without a month: only the whole table replaces it.
        // Rows of which nothing is known can't be told by months.
        let is_unknown = known.is_some() && !state.place.is_as_recorded(table.name);
        let has_undated = size.has_undated
            || state.place.records.iter().any(|(unit, record)| {
                unit.table == table.name
                    && unit.part == Part::Undated
                    && record.fingerprint.is_some()
            });
        let is_whole = table.partition_by.is_none()
            || size.samples <= whole
            || has_undated
            || is_sandbox
            // Whether it will be a sandbox is known once it is there.
            || state.place.dataset.is_none()
            || is_unpartitioned
            || is_unknown;
        if is_whole {
            Transport::Whole
        } else {
            Transport::ByUnit
        }
    }

    async fn prepare(&self, table: &Table) -> Result<()> {
        self.await_others().await?;
        self.create_dataset().await?;
        let ours = schema::fields(&table.columns);
        let name = table.name;
        if !self.state().place.tables.contains_key(name) {
            self.create_table(table, &ours).await?;
        }
        let there = place::table(&self.client, &self.target, name).await?;
        let there = match there {
            Some(there) => there,
            None => {
                // It expired since the list.
                self.create_table(table, &ours).await?;
                let made = place::table(&self.client, &self.target, name).await?;
                made.ok_or_else(|| Error::Answer {
                    what: format!("table `{name}` that was made is not there"),
                })?
            }
        };
        self.refuse_foreign(table, &there)?;
        let merged = schema::merge(&self.full_name(name), there.fields(), &ours)?;
        self.patch_table(table, &there, &merged).await?;
        let mut state = self.state();
        let seen = state
            .place
            .tables
            .get(name)
            .and_then(TableInfo::modified_ms);
        // Later it is this run that writes to it.
        let is_first = !state.prepared.contains_key(name);
        if is_first && seen.is_some() && seen != there.modified_ms() {
            state.suspects.insert(name.into());
        }
        state.fields.insert(name.into(), merged);
        state.prepared.insert(name.into(), there);
        Ok(())
    }

    async fn replace(&self, replacement: Replacement<'_>) -> Result<()> {
        let (table, part, units) = (replacement.table.name, replacement.part, replacement.units);
        let id = self.job_id(table, part, units);
        let configuration = self.load_configuration(table, part, "WRITE_TRUNCATE");
        let job = self
            .load(&id, &configuration, replacement.file, units)
            .await?;
        let mut done: Vec<(Unit, Option<Fingerprint>)> = units
            .iter()
            .map(|(unit, fingerprint)| (unit.clone(), Some(fingerprint.clone())))
            .collect();
        if part == Part::All {
            let vanished = self.vanished(table, units);
            done.extend(vanished.into_iter().map(|unit| (unit, None)));
        }
        self.done(table, job.as_ref(), done);
        Ok(())
    }

    async fn remove(&self, table: &Table, unit: &Unit) -> Result<()> {
        let Part::Month(_) = unit.part else {
            return Err(Failure::Refused {
                reason: format!("`{unit}` can't be removed alone"),
            });
        };
        let folder = self.workspace()?;
        let file = folder.path().join("nothing.parquet");
        let nothing = BTreeMap::new();
        Writer::create(&file, table, &Fingerprint::of("nothing"))?.finish(&file)?;
        let id = self.job_id(table.name, unit.part, &nothing);
        let configuration = self.load_configuration(table.name, unit.part, "WRITE_TRUNCATE");
        let job = self.load(&id, &configuration, &file, &nothing).await?;
        self.done(table.name, job.as_ref(), vec![(unit.clone(), None)]);
        Ok(())
    }

    async fn commit(&self) -> Result<()> {
        let count = self.state().pending.len();
        if count == 0 {
            return Ok(());
        }
        let pending = self.as_left().await?;
        self.record(&pending).await?;
        let mut state = self.state();
        state.pending.drain(..count);
        for record in pending {
            state.suspects.remove(&record.unit.table);
            state.place.records.insert(record.unit.clone(), record);
        }
        Ok(())
    }
}

impl Dataset {
    /// What is pending, with how its tables were left; and for tables that others wrote to, that nothing is
    /// known of their other units.
    async fn as_left(&self) -> Result<Vec<Record>> {
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

    async fn record(&self, pending: &[Record]) -> Result<()> {
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
