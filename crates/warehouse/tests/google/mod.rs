//! A stand-in for BigQuery's REST interface that follows Google's documents where the emulator does not. The
//! tests of this crate and those of the program both take it in as a module.

mod answer;
mod cells;
mod fault;
mod jobs;
mod load;
mod queries;
mod schema;
mod serve;
mod state;
mod tables;
mod upload;

use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use serde_json::Value as Json;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use warehouse::bigquery::{Options, Retry, Target};

pub(crate) use fault::{Call, Effect, Fault};
pub(crate) use state::{DATASET, PROJECT, Query, State, Table};

/// Days as a dataset's expiration counts them.
pub(crate) const DAY_MS: i64 = 86_400_000;

/// The service, on 127.0.0.1 until it is dropped.
pub(crate) struct Google {
    address: String,
    state: Arc<Mutex<State>>,
    serving: JoinHandle<()>,
}

impl Drop for Google {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

impl Google {
    /// With a project and nothing in it.
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let state = Arc::new(Mutex::new(State::new(&address)));
        let serving = tokio::spawn(serve::serve(listener, Arc::clone(&state)));
        Self {
            address,
            state,
            serving,
        }
    }

    /// With an empty dataset in the EU.
    pub(crate) async fn with_dataset() -> Self {
        let google = Self::start().await;
        google.add_dataset();
        google
    }

    /// How the code under test reaches it: tries follow each other at once.
    pub(crate) fn options(&self) -> Options {
        let millisecond = Duration::from_millis(1);
        Options {
            emulator: Some(self.address.clone()),
            retry: Retry {
                first: millisecond,
                longest: 5 * millisecond,
                count: 5,
                silence: Duration::from_secs(30),
                longest_job: Duration::from_secs(60),
            },
        }
    }

    /// Everything that is there, to look at and to change.
    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    pub(crate) fn add_dataset(&self) {
        let mut state = self.state();
        let dataset = state.new_dataset("EU");
        state.datasets.insert(DATASET.into(), dataset);
    }

    /// As a person who deletes the dataset and makes it again.
    pub(crate) fn recreate_dataset(&self) {
        self.state().datasets.clear();
        self.add_dataset();
    }

    /// From now on the project has no billing.
    pub(crate) fn is_sandbox(&self, days: i64) {
        self.state().sandbox_ms = Some(days * DAY_MS);
    }

    pub(crate) fn set_clock(&self, now_ms: i64) {
        self.state().now_ms = now_ms;
    }

    /// As if its time was over.
    pub(crate) fn expire_table(&self, name: &str) {
        self.state().dataset().tables.remove(name).unwrap();
    }

    pub(crate) fn fault(&self, fault: Fault) {
        self.state().faults.push(fault);
    }

    /// Nothing goes wrong from now on.
    pub(crate) fn heal(&self) {
        self.state().faults.clear();
    }

    /// The next load job begins and fails.
    pub(crate) fn fail_late(&self, reason: &str, message: &str) {
        let failure = (reason.to_owned(), message.to_owned());
        self.state().behaviour.late_failures.push_back(failure);
    }

    /// Jobs that nobody looks at come to their end as well.
    pub(crate) fn finish_jobs(&self) {
        let mut state = self.state();
        for at in 0..state.jobs.len() {
            while state.advance(at).ended_ms.is_none() {}
        }
    }

    /// Waits until something has happened here.
    pub(crate) async fn until(&self, has_happened: impl Fn(&Self) -> bool) {
        while !has_happened(self) {
            tokio::task::yield_now().await;
        }
    }

    /// Requests of a kind so far.
    pub(crate) fn count(&self, call: Call) -> usize {
        self.bodies(call).len()
    }

    /// All requests so far.
    #[allow(dead_code, reason = "the tests of the program ask for it")]
    pub(crate) fn requests(&self) -> usize {
        self.state().seen.len()
    }

    /// What was sent with the requests of a kind.
    pub(crate) fn bodies(&self, call: Call) -> Vec<Json> {
        let state = self.state();
        let seen = state.seen.iter().filter(|(seen, _)| *seen == call);
        seen.map(|(_, json)| json.clone()).collect()
    }

    /// Ids of the load jobs into a table and its partitions, in their order.
    pub(crate) fn loads(&self, table: &str) -> Vec<String> {
        let state = self.state();
        let loads = state.jobs.iter().filter(|job| job.table() == table);
        loads.map(|job| job.id.clone()).collect()
    }

    /// Columns of a table's rows as text, in order; none where there is no table.
    pub(crate) fn rows(&self, table: &str, columns: &[&str]) -> Vec<Vec<Option<String>>> {
        let state = self.state();
        let table = state
            .datasets
            .get(DATASET)
            .and_then(|d| d.tables.get(table));
        let mut rows: Vec<Vec<Option<String>>> =
            table.into_iter().flat_map(|t| t.texts(columns)).collect();
        rows.sort();
        rows
    }

    /// One column of a table's rows, in order.
    pub(crate) fn column(&self, table: &str, column: &str) -> Vec<String> {
        let rows = self.rows(table, &[column]);
        rows.into_iter()
            .flatten()
            .map(Option::unwrap_or_default)
            .collect()
    }
}

/// The dataset that the tests publish to and ask.
pub(crate) fn target() -> Target {
    format!("{PROJECT}.{DATASET}").parse().unwrap()
}
