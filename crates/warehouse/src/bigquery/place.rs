//! What is at a dataset: where it is, how long it keeps tables, which tables it has.

use std::collections::{BTreeMap, BTreeSet};

use futures::stream::{self, StreamExt, TryStreamExt};
use reqwest::Method;
use serde::Deserialize;
use serde_json::Value;

use super::client::Client;
use super::error::Error;
use super::jobs::Job;
use super::record::{self, Page, Record};
use super::schema::Field;
use super::target::Target;
use super::traces::Traces;
use crate::error::Error as Failure;
use crate::schema::Table;
use crate::unit::{Fingerprint, Unit};

/// The label by which a table of ours is recognised.
pub(super) const LABEL: &str = "peloton_looker_schema";

/// The label of `pl_published` that says whose data are in the dataset.
pub(super) const OWNER: &str = "peloton_looker_owner";

/// Tables that are asked for at once.
const ASKED_AT_ONCE: usize = 8;

/// Rows of a page of `pl_published`.
const PAGE: &str = "10000";

/// A dataset, as far as we read it.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct DatasetInfo {
    pub(super) location: Option<String>,
    default_table_expiration_ms: Option<String>,
    default_partition_expiration_ms: Option<String>,
}

/// A dataset that deletes tables by their age, as those of projects without billing do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Sandbox {
    /// After so many days.
    pub(super) days: u64,
}

impl DatasetInfo {
    pub(super) fn sandbox(&self) -> Option<Sandbox> {
        let expirations = [
            &self.default_table_expiration_ms,
            &self.default_partition_expiration_ms,
        ];
        let shortest = expirations
            .into_iter()
            .flatten()
            .filter_map(|text| text.parse::<u64>().ok())
            .min()?;
        Some(Sandbox {
            days: shortest / 86_400_000,
        })
    }
}

/// A table of a list, or asked for by itself.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct TableInfo {
    table_reference: TableReference,
    /// `TABLE`, `VIEW` and others.
    #[serde(rename = "type")]
    pub(super) kind: String,
    creation_time: Option<String>,
    last_modified_time: Option<String>,
    expiration_time: Option<String>,
    num_rows: Option<String>,
    pub(super) description: Option<String>,
    pub(super) time_partitioning: Option<Value>,
    pub(super) clustering: Option<Value>,
    pub(super) labels: BTreeMap<String, String>,
    schema: Option<Schema>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct TableReference {
    table_id: String,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct Schema {
    fields: Vec<Field>,
}

impl TableInfo {
    /// ms since 1970.
    pub(super) fn created_ms(&self) -> i64 {
        number(self.creation_time.as_ref()).unwrap_or_default()
    }

    /// When something last wrote to it or changed it, ms since 1970. A list does not say.
    pub(super) fn modified_ms(&self) -> Option<i64> {
        number(self.last_modified_time.as_ref())
    }

    /// When it will be deleted, ms since 1970.
    pub(super) fn expires_ms(&self) -> Option<i64> {
        number(self.expiration_time.as_ref())
    }

    pub(super) fn row_count(&self) -> i64 {
        number(self.num_rows.as_ref()).unwrap_or_default()
    }

    pub(super) fn fields(&self) -> &[Field] {
        self.schema.as_ref().map_or(&[], |schema| &schema.fields)
    }
}

fn number(text: Option<&String>) -> Option<i64> {
    text?.parse().ok()
}

/// Everything that is there, read without a job.
#[derive(Debug, Clone, Default)]
pub(super) struct Place {
    /// None where the dataset is missing.
    pub(super) dataset: Option<DatasetInfo>,
    pub(super) tables: BTreeMap<String, TableInfo>,
    /// The newest record of each unit, whether or not its table is still there.
    pub(super) records: BTreeMap<Unit, Record>,
    /// Rows of `pl_published`.
    pub(super) record_count: usize,
    /// What else our jobs did.
    pub(super) traces: Traces,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct TableList {
    tables: Vec<TableInfo>,
    next_page_token: Option<String>,
}

impl Place {
    pub(super) async fn read(client: &Client, target: &Target) -> Result<Self, Error> {
        let Some(dataset) = dataset(client, target).await? else {
            return Ok(Self::default());
        };
        let mut tables = tables(client, target).await?;
        let mut records = Vec::new();
        if tables.contains_key(record::NAME) {
            records = self::records(client, target).await?;
        }
        let record_count = records.len();
        let records = record::newest(records);
        let recorded: BTreeSet<String> = records.keys().map(|unit| unit.table.clone()).collect();
        let recorded = recorded.into_iter().chain([record::NAME.to_owned()]);
        let recorded = recorded.filter(|name| tables.contains_key(name));
        let recorded = self::named(client, target, recorded.collect()).await?;
        for (name, table) in recorded {
            match table {
                Some(table) => tables.insert(name, table),
                None => tables.remove(&name),
            };
        }
        let mut place = Self {
            dataset: Some(dataset),
            tables,
            records,
            record_count,
            traces: Traces::default(),
        };
        place.traces = Traces::read(client, target, &place).await?;
        Ok(place)
    }

    /// A record that speaks of the table that is there now, as it is now.
    pub(super) fn record(&self, unit: &Unit) -> Option<&Record> {
        let record = self.records.get(unit)?;
        let table = self.tables.get(&unit.table)?;
        let is_of_it = table.created_ms() == record.table_created_ms;
        let is_known = self.is_known(&unit.table) && !self.traces.touch(unit);
        (is_of_it && is_known).then_some(record)
    }

    /// Whether nothing wrote to a table since the newest record of it but what is known of: no other
    /// program, no publication of all of it that ended before it could keep what it did.
    pub(super) fn is_known(&self, table: &str) -> bool {
        let there = self.tables.get(table);
        there.is_some_and(|there| self.explains(table, there.modified_ms()))
    }

    /// Whether it is known what wrote to a table last at a time.
    pub(super) fn explains(&self, table: &str, modified_ms: Option<i64>) -> bool {
        let recorded_ms = self.newest(table).map(|newest| newest.table_modified_ms);
        recorded_ms.is_some_and(|recorded_ms| {
            let is_traced = || self.traces.explain(table, modified_ms);
            !self.traces.touch_all_of(table)
                && (recorded_ms == modified_ms || (recorded_ms.is_some() && is_traced()))
        })
    }

    /// The newest record of a table.
    pub(super) fn newest(&self, table: &str) -> Option<&Record> {
        let records = self.records.values();
        let of_it = records.filter(|record| record.unit.table == table);
        of_it.max_by_key(|record| record.published_ms)
    }

    /// Since when something wrote to tables that no record speaks of, ms since 1970.
    pub(super) fn unknown_since_ms(&self) -> Option<i64> {
        let unknown = self.tables.keys().filter(|table| !self.is_known(table));
        unknown
            .filter_map(|table| self.newest(table)?.table_modified_ms)
            .min()
    }

    /// Whether a record speaks of what a job did, or of what was done after it.
    pub(super) fn has_recorded(&self, table: &str, job: &Job) -> bool {
        let ended_ms = job.ended_ms().unwrap_or(i64::MAX);
        let id = &job.job_reference.job_id;
        let is_it = |record: &Record| record.published_ms == ended_ms && record.job_id == *id;
        let newest_ms = self.newest(table).map(|newest| newest.published_ms);
        newest_ms.is_some_and(|newest_ms| ended_ms < newest_ms) || self.records.values().any(is_it)
    }

    pub(super) fn location(&self) -> Option<&str> {
        self.dataset.as_ref()?.location.as_deref()
    }

    /// A table with rows in it that nothing says are ours is not written over.
    pub(super) fn refuse_foreign(
        &self,
        table: &Table,
        there: &TableInfo,
        full_name: &str,
    ) -> Result<(), Failure> {
        let is_known = |unit: &Unit| unit.table == table.name;
        let is_ours = there.labels.contains_key(LABEL)
            || there.description.as_deref() == Some(table.comment().as_str())
            || table.name == record::NAME
            || self.records.keys().any(is_known);
        let is_table = there.kind.is_empty() || there.kind == "TABLE";
        if is_table && (is_ours || there.row_count() == 0) {
            return Ok(());
        }
        Err(Failure::Foreign {
            table: full_name.into(),
        })
    }

    /// Whose data are there.
    pub(super) fn owner(&self) -> Option<Fingerprint> {
        let owner = self.tables.get(record::NAME)?.labels.get(OWNER)?;
        Some(Fingerprint::from_text(owner))
    }
}

/// The dataset, if it is there, and where it was said to be.
pub(super) async fn dataset(
    client: &Client,
    target: &Target,
) -> Result<Option<DatasetInfo>, Error> {
    let segments = ["projects", &target.project, "datasets", &target.dataset];
    let found: Result<DatasetInfo, Error> = client.call(Method::GET, &segments, &[], None).await;
    let dataset = match found {
        Err(error) if error.is_not_found() => return Ok(None),
        found => found?,
    };
    match (&target.location, &dataset.location) {
        (Some(wanted), Some(there)) if !wanted.eq_ignore_ascii_case(there) => {
            Err(Error::Location {
                dataset: target.to_string(),
                there: there.clone(),
                wanted: wanted.clone(),
            })
        }
        _ => Ok(Some(dataset)),
    }
}

async fn tables(client: &Client, target: &Target) -> Result<BTreeMap<String, TableInfo>, Error> {
    let (project, dataset) = (&target.project, &target.dataset);
    let segments = ["projects", project, "datasets", dataset, "tables"];
    let mut tables = BTreeMap::new();
    let mut query = vec![("maxResults", "1000".to_owned())];
    loop {
        let list: TableList = client.call(Method::GET, &segments, &query, None).await?;
        tables.extend(
            list.tables
                .into_iter()
                .map(|table| (table.table_reference.table_id.clone(), table)),
        );
        match list.next_page_token {
            Some(token) => query = page(&query[..1], token),
            None => return Ok(tables),
        }
    }
}

/// Tables by their names, each asked for by itself, several at once.
pub(super) async fn named(
    client: &Client,
    target: &Target,
    names: Vec<String>,
) -> Result<Vec<(String, Option<TableInfo>)>, Error> {
    let ask = async |name: String| {
        let found = table(client, target, &name).await?;
        Ok((name, found))
    };
    stream::iter(names.into_iter().map(ask))
        .buffer_unordered(ASKED_AT_ONCE)
        .try_collect()
        .await
}

async fn records(client: &Client, target: &Target) -> Result<Vec<Record>, Error> {
    let (project, dataset) = (&target.project, &target.dataset);
    let segments = [
        "projects",
        project,
        "datasets",
        dataset,
        "tables",
        record::NAME,
        "data",
    ];
    let base = [
        ("maxResults", PAGE.to_owned()),
        ("formatOptions.useInt64Timestamp", "true".to_owned()),
    ];
    let mut query = base.to_vec();
    let mut records = Vec::new();
    loop {
        let page: Result<Page, Error> = client.call(Method::GET, &segments, &query, None).await;
        let page = match page {
            // It expired between the list and the question.
            Err(error) if error.is_not_found() => return Ok(Vec::new()),
            page => page?,
        };
        records.extend(page.rows.iter().filter_map(record::read));
        match page.page_token {
            Some(token) => query = self::page(&base, token),
            None => return Ok(records),
        }
    }
}

fn page(query: &[(&'static str, String)], token: String) -> Vec<(&'static str, String)> {
    let mut query = query.to_vec();
    query.push(("pageToken", token));
    query
}

/// A table with its schema, if it is there.
pub(super) async fn table(
    client: &Client,
    target: &Target,
    name: &str,
) -> Result<Option<TableInfo>, Error> {
    let (project, dataset) = (&target.project, &target.dataset);
    let segments = ["projects", project, "datasets", dataset, "tables", name];
    match client.call(Method::GET, &segments, &[], None).await {
        Err(error) if error.is_not_found() => Ok(None),
        found => found.map(Some),
    }
}
