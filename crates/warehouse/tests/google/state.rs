//! What the service has: datasets, tables with their rows, jobs, uploads.

use std::collections::{BTreeMap, VecDeque};

use axum::body::Bytes;
use serde_json::{Map, Value as Json, json};

use super::answer::{Refusal, Result};
use super::cells::{self, Row};
use super::fault::{Call, Fault};
use super::schema;

pub(crate) const PROJECT: &str = "p-1";
pub(crate) const DATASET: &str = "d";

/// 2026-03-15, in ms since 1970.
const TODAY_MS: i64 = 1_773_532_800_000;

/// Everything that is there.
pub(crate) struct State {
    pub(super) host: String,
    /// The clock: it stands still between events.
    pub(crate) now_ms: i64,
    /// Age at which a project without billing deletes tables.
    pub(super) sandbox_ms: Option<i64>,
    pub(crate) datasets: BTreeMap<String, Dataset>,
    /// In the order in which they began.
    pub(crate) jobs: Vec<Job>,
    pub(super) sessions: BTreeMap<String, Session>,
    pub(super) faults: Vec<Fault>,
    /// Every request so far, with its body if that is JSON.
    pub(super) seen: Vec<(Call, Json)>,
    pub(crate) behaviour: Behaviour,
    pub(crate) query: Query,
}

/// What Google may do or leave, as the documents have it.
#[derive(Debug, Default)]
pub(crate) struct Behaviour {
    /// Looks at a job until it is done.
    pub(crate) looks: usize,
    /// How load jobs fail that begin from now on.
    pub(super) late_failures: VecDeque<(String, String)>,
    /// Bytes of the next chunks that are stored of what is sent.
    pub(crate) stores: VecDeque<usize>,
    /// Whether a 308 says `Range: 0-42`, as a sample in the documents does.
    pub(crate) is_range_bare: bool,
    /// Whether each 308 names another address for the rest.
    pub(crate) moves_uploads: bool,
    /// Whether a used id of a job is noticed when its file is complete, not when its upload begins.
    pub(crate) notices_duplicates_late: bool,
    /// Whether a job that is asked to end goes on.
    pub(crate) ignores_cancels: bool,
    /// Permissions that are missing.
    pub(crate) denied: Vec<&'static str>,
}

/// How queries are answered.
#[derive(Debug, Clone)]
pub(crate) struct Query {
    pub(crate) fields: Vec<Json>,
    /// A cell for each field; times in microseconds.
    pub(crate) rows: Vec<Vec<Json>>,
    /// Rows of a page, at most.
    pub(crate) page: usize,
    /// Bytes that a query reads.
    pub(crate) bytes: u64,
    /// The tables that it reads.
    pub(crate) referenced: Vec<&'static str>,
    pub(crate) statement: &'static str,
    /// Questions for the result until there is one.
    pub(crate) questions: usize,
}

#[derive(Debug, Default)]
pub(crate) struct Dataset {
    pub(crate) location: String,
    pub(crate) description: Option<Json>,
    pub(crate) table_expiration_ms: Option<i64>,
    pub(crate) partition_expiration_ms: Option<i64>,
    pub(crate) tables: BTreeMap<String, Table>,
}

#[derive(Debug, Default)]
pub(crate) struct Table {
    pub(crate) fields: Vec<Json>,
    pub(crate) created_ms: i64,
    pub(crate) modified_ms: i64,
    pub(crate) expires_ms: Option<i64>,
    pub(crate) partitioning: Option<Json>,
    pub(crate) clustering: Option<Json>,
    pub(crate) labels: Map<String, Json>,
    pub(crate) description: Option<Json>,
    /// Rows of each partition; of a table without partitions, under an empty name.
    pub(crate) parts: BTreeMap<String, Vec<Row>>,
}

/// A job of a load or a query.
#[derive(Debug, Clone)]
pub(crate) struct Job {
    pub(crate) id: String,
    pub(crate) location: String,
    pub(crate) configuration: Json,
    /// What was uploaded with it.
    pub(crate) file: Bytes,
    /// Looks or questions until it is done.
    pub(super) left: usize,
    pub(crate) created_ms: i64,
    pub(crate) ended_ms: Option<i64>,
    pub(super) failure: Option<(String, String)>,
    pub(super) row_count: usize,
}

/// An upload that is not over.
#[derive(Debug, Clone)]
pub(super) struct Session {
    pub(super) job: Json,
    pub(super) bytes: Vec<u8>,
    /// The job that it ended in.
    pub(super) begun: Option<String>,
}

impl State {
    pub(super) fn new(host: &str) -> Self {
        Self {
            host: host.to_owned(),
            now_ms: TODAY_MS,
            sandbox_ms: None,
            datasets: BTreeMap::new(),
            jobs: Vec::new(),
            sessions: BTreeMap::new(),
            faults: Vec::new(),
            seen: Vec::new(),
            behaviour: Behaviour::default(),
            query: Query {
                fields: vec![json!({ "name": "n", "type": "INTEGER", "mode": "NULLABLE" })],
                rows: vec![vec![json!("1")]],
                page: 1000,
                bytes: 1000,
                referenced: Vec::new(),
                statement: "SELECT",
                questions: 0,
            },
        }
    }

    /// The time of an event; no two are at once.
    pub(super) fn tick(&mut self) -> i64 {
        self.now_ms += 1;
        self.now_ms
    }

    /// The dataset of the tests.
    pub(crate) fn dataset(&mut self) -> &mut Dataset {
        self.datasets.get_mut(DATASET).unwrap()
    }

    /// A table in it.
    pub(crate) fn table(&mut self, name: &str) -> &mut Table {
        self.dataset().tables.get_mut(name).unwrap()
    }

    pub(super) fn new_dataset(&self, location: &str) -> Dataset {
        Dataset {
            location: location.to_owned(),
            table_expiration_ms: self.sandbox_ms,
            partition_expiration_ms: self.sandbox_ms,
            ..Dataset::default()
        }
    }

    /// Tables whose time is over are not there any more.
    pub(super) fn expire(&mut self) {
        let now_ms = self.now_ms;
        for dataset in self.datasets.values_mut() {
            let tables = &mut dataset.tables;
            tables.retain(|_, table| {
                table
                    .expires_ms
                    .is_none_or(|expires_ms| expires_ms > now_ms)
            });
        }
    }

    pub(super) fn find_dataset(&mut self, name: &str) -> Result<&mut Dataset> {
        let dataset = self.datasets.get_mut(name);
        dataset.ok_or_else(|| Refusal::not_found(&format!("Dataset {PROJECT}:{name}")))
    }

    pub(super) fn find_table(&mut self, dataset: &str, name: &str) -> Result<&mut Table> {
        let table = self.find_dataset(dataset)?.tables.get_mut(name);
        table.ok_or_else(|| Refusal::not_found(&format!("Table {PROJECT}:{dataset}.{name}")))
    }
}

impl Job {
    /// Where a load goes.
    pub(super) fn destination(&self) -> &Json {
        &self.configuration["load"]["destinationTable"]
    }

    /// The table that a load goes to, without a partition's name.
    pub(crate) fn table(&self) -> &str {
        let id = self.destination()["tableId"].as_str().unwrap_or_default();
        id.split('$').next().unwrap_or_default()
    }

    /// Whether it was asked to end, and did.
    pub(crate) fn is_cancelled(&self) -> bool {
        let reason = self.failure.as_ref().map(|(reason, _)| reason.as_str());
        reason == Some("stopped")
    }
}

impl Table {
    pub(super) fn all_rows(&self) -> impl Iterator<Item = &Row> {
        self.parts.values().flatten()
    }

    pub(crate) fn texts(&self, columns: &[&str]) -> Vec<Vec<Option<String>>> {
        let field = |name: &str| schema::find(&self.fields, name).unwrap();
        let fields: Vec<&Json> = columns.iter().map(|name| field(name)).collect();
        let texts = |row: &Row| fields.iter().map(|field| cells::text(field, row)).collect();
        self.all_rows().map(texts).collect()
    }

    /// The description of a column.
    pub(crate) fn describes(&self, column: &str) -> Option<&str> {
        schema::find(&self.fields, column)?["description"].as_str()
    }

    /// Names of the columns in their order.
    pub(crate) fn columns(&self) -> Vec<&str> {
        self.fields.iter().map(schema::name).collect()
    }
}
