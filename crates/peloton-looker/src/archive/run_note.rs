//! What a run says of itself when it begins and when it ends.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// The newest note of a run is what `sync_runs` shows. A run that was killed never wrote its second.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct RunNote {
    pub(crate) command: String,
    /// `complete`, `partial`, `failed`, `interrupted`; empty while it goes on.
    pub(crate) status: String,
    pub(crate) finished_at: Option<Timestamp>,
    pub(crate) requests: u64,
    pub(crate) retries: u64,
    pub(crate) rate_limited: u64,
    pub(crate) answers: u64,
    pub(crate) bytes: u64,
    pub(crate) members: u64,
    pub(crate) workouts: u64,
    pub(crate) failed: u64,
    pub(crate) message: Option<String>,
    /// Defects of the archive that the run has met, where it has fetched everything all the same.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) mended: Vec<String>,
}

impl RunNote {
    pub(crate) fn begun(command: &str) -> Self {
        Self {
            command: command.into(),
            ..Self::default()
        }
    }
}
