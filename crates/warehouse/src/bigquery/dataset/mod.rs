//! A dataset as a destination.

mod keep;
mod load;
mod tables;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;

use async_trait::async_trait;
use tempfile::TempDir;

use super::client::Client;
use super::error::Error;
use super::examine;
use super::place::{self, Place, TableInfo};
use super::record::{self, Record};
use super::schema::{self, Field};
use super::target::{Options, Target};
use crate::destination::{Destination, Examined, Found, Replacement, Size, Transport};
use crate::error::{Error as Failure, IoContext, Result};
use crate::parquet::Writer;
use crate::publish::Publication;
use crate::schema::{ColumnType, Table};
use crate::unit::{Fingerprint, Part, Unit};
use load::Begun;

/// Up to so many seconds (about 256 MB of Parquet) a table is one load job, whatever changed in it.
const WHOLE_SECONDS: u64 = 60_000_000;
/// The same for seconds that are nested in workouts, with their means.
const WHOLE_NESTED_SECONDS: u64 = 20_000_000;

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
    /// Jobs that somebody waits for, or gave up.
    begun: BTreeMap<String, Begun>,
    /// Tables that something else wrote to since they were looked at: what the record says of them does not hold.
    changed: BTreeSet<String>,
    /// No job of an earlier run is still at work.
    is_alone: bool,
    /// Whose data are there, or come now.
    owner: Option<Fingerprint>,
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

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.state
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    fn full_name(&self, table: &str) -> String {
        format!("{}.{table}", self.target)
    }
}

#[async_trait]
impl Destination for Dataset {
    fn workspace(&self) -> Result<TempDir> {
        tempfile::tempdir().at("create a folder in", &std::env::temp_dir())
    }

    async fn published(&self) -> Result<Found> {
        let place = Place::read(&self.client, &self.target).await?;
        let recorded = place.records.keys().filter_map(|unit| {
            let fingerprint = place.record(unit)?.fingerprint.clone()?;
            Some((unit.clone(), fingerprint))
        });
        let units = recorded.chain(place.traces.months()).collect();
        let tables = place.tables.keys().cloned().collect();
        let owner = place.owner();
        *self.state() = State {
            place,
            owner: owner.clone(),
            ..State::default()
        };
        Ok(Found {
            units,
            tables,
            owner,
        })
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
        let is_unknown = known.is_some() && !state.place.is_known(table.name);
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

    async fn examine(&self, publication: &Publication) -> Result<Examined> {
        examine::examine(&self.client, &self.target, publication).await
    }

    /// A job for each change, and one for the record.
    fn load_jobs(&self, changes: usize) -> Option<usize> {
        Some(if changes == 0 { 0 } else { changes + 1 })
    }

    /// A label of the record says it: the dataset's own are not for those who may only write tables.
    async fn claim(&self, owner: &Fingerprint) -> Result<()> {
        self.state().owner = Some(owner.clone());
        self.prepare(&record::table()).await
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
        let full_name = self.full_name(name);
        let fits = self.state().place.refuse_foreign(table, &there, &full_name);
        fits?;
        let merged = schema::merge(&full_name, there.fields(), &ours)?;
        self.patch_table(table, &there, &merged).await?;
        let mut state = self.state();
        let (seen, now) = (state.place.tables.get(name), there.modified_ms());
        let seen = seen.and_then(TableInfo::modified_ms);
        let is_expected = seen.is_none() || seen == now || state.place.explains(name, now);
        // Later it is this run that writes to it.
        if !is_expected && !state.prepared.contains_key(name) {
            state.changed.insert(name.into());
        }
        state.fields.insert(name.into(), merged);
        state.prepared.insert(name.into(), there);
        Ok(())
    }

    async fn replace(&self, replacement: Replacement<'_>) -> Result<()> {
        let (table, part, units) = (replacement.table.name, replacement.part, replacement.units);
        let mut becomes: Vec<(Unit, Option<Fingerprint>)> = units
            .iter()
            .map(|(unit, fingerprint)| (unit.clone(), Some(fingerprint.clone())))
            .collect();
        if part == Part::All {
            let vanished = self.vanished(table, units);
            becomes.extend(vanished.into_iter().map(|unit| (unit, None)));
        }
        let load = self.change(table, part, units, becomes);
        self.load(load, replacement.file).await?;
        if part == Part::All {
            // Whatever others did to it is gone.
            self.state().changed.remove(table);
        }
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
        let becomes = vec![(unit.clone(), None)];
        let load = self.change(table.name, unit.part, &nothing, becomes);
        self.load(load, &file).await
    }

    async fn commit(&self) -> Result<()> {
        self.end_what_was_given_up().await;
        let count = self.state().pending.len();
        if count == 0 {
            return Ok(());
        }
        let pending = self.as_left().await?;
        self.record(&pending).await?;
        let mut state = self.state();
        state.pending.drain(..count);
        for record in pending {
            state.place.records.insert(record.unit.clone(), record);
        }
        Ok(())
    }

    async fn complete(&self, failed: &[&str]) -> Result<()> {
        if !failed.is_empty() {
            return Ok(());
        }
        let changed = std::mem::take(&mut self.state().changed);
        match changed.is_empty() {
            true => Ok(()),
            false => Err(Failure::Changed {
                tables: changed.into_iter().collect(),
            }),
        }
    }
}
