//! What was asked, for tests that count.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

/// One request of the API.
#[derive(Debug, Clone)]
pub struct Logged {
    /// Since the service started.
    pub at: Duration,
    /// Path without the query.
    pub path: String,
    /// The query, empty where there was none.
    pub query: String,
    /// The status that was answered.
    pub status: u16,
}

/// Counts over all requests.
#[derive(Debug, Clone, Default)]
pub struct Totals {
    /// Requests of the API.
    pub requests: u64,
    /// Answers by status.
    pub by_status: BTreeMap<u16, u64>,
    /// Requests that came before a `Retry-After` had ended.
    pub premature: u64,
    /// Most requests at once.
    pub most_in_flight: u64,
    /// Cookies that came to a host which did not set them.
    pub leaked_cookies: u64,
    /// Password checks of the login.
    pub login_attempts: u64,
    /// Answers of the token endpoint with new tokens.
    pub tokens_issued: u64,
}

#[derive(Debug)]
pub(crate) struct Log {
    started: Instant,
    pub(crate) requests: Vec<Logged>,
    pub(crate) totals: Totals,
    in_flight: u64,
}

impl Log {
    pub(crate) fn new() -> Self {
        Self {
            started: Instant::now(),
            requests: Vec::new(),
            totals: Totals::default(),
            in_flight: 0,
        }
    }

    pub(crate) fn begin(&mut self) -> Duration {
        self.in_flight += 1;
        self.totals.most_in_flight = self.totals.most_in_flight.max(self.in_flight);
        self.started.elapsed()
    }

    pub(crate) fn end(&mut self, logged: Logged) {
        self.in_flight = self.in_flight.saturating_sub(1);
        self.totals.requests += 1;
        *self.totals.by_status.entry(logged.status).or_default() += 1;
        self.requests.push(logged);
    }

    pub(crate) fn reset(&mut self) {
        self.requests.clear();
        let in_flight = self.in_flight;
        *self = Self {
            started: self.started,
            in_flight,
            ..Self::new()
        };
    }
}
