//! Kinds of requests, and what goes wrong with them on purpose.

use axum::http::{HeaderMap, Method};
use serde_json::Value as Json;

use super::state::State;

/// A method of the interface, or a step of an upload.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Call {
    DatasetGet,
    DatasetInsert,
    TableList,
    TableGet,
    TableInsert,
    TablePatch,
    DataList,
    TestPermissions,
    UploadBegin,
    UploadChunk,
    /// The question how much is stored.
    UploadStatus,
    JobList,
    JobGet,
    JobCancel,
    /// `jobs.insert` or `jobs.query` of a dry run.
    DryRun,
    /// `jobs.insert` of a query.
    QueryRun,
    QueryResults,
}

impl Call {
    /// Of a path behind the project. `None` for what the documents do not have, or we do not use.
    pub(super) fn of(
        method: &Method,
        is_upload: bool,
        path: &[&str],
        headers: &HeaderMap,
        json: &Json,
    ) -> Option<Self> {
        let is_question = headers
            .get("content-range")
            .is_some_and(|range| range.as_bytes().starts_with(b"bytes */"));
        let is_dry_run = json["configuration"]["dryRun"] == true || json["dryRun"] == true;
        Some(match (method.as_str(), is_upload, path) {
            ("POST", true, ["jobs"]) => Self::UploadBegin,
            ("PUT", true, ["jobs"]) if is_question => Self::UploadStatus,
            ("PUT", true, ["jobs"]) => Self::UploadChunk,
            ("GET", false, ["datasets", _]) => Self::DatasetGet,
            ("POST", false, ["datasets"]) => Self::DatasetInsert,
            ("GET", false, ["datasets", _, "tables"]) => Self::TableList,
            ("POST", false, ["datasets", _, "tables"]) => Self::TableInsert,
            ("GET", false, ["datasets", _, "tables", _]) => Self::TableGet,
            ("PATCH", false, ["datasets", _, "tables", _]) => Self::TablePatch,
            ("GET", false, ["datasets", _, "tables", _, "data"]) => Self::DataList,
            ("POST", false, ["datasets", _, "tables", name])
                if name.ends_with(":testIamPermissions") =>
            {
                Self::TestPermissions
            }
            ("POST", false, ["jobs" | "queries"]) if is_dry_run => Self::DryRun,
            ("POST", false, ["jobs"]) => Self::QueryRun,
            ("GET", false, ["jobs"]) => Self::JobList,
            ("GET", false, ["jobs", _]) => Self::JobGet,
            ("POST", false, ["jobs", _, "cancel"]) => Self::JobCancel,
            ("GET", false, ["queries", _]) => Self::QueryResults,
            _ => return None,
        })
    }
}

/// What happens to a request instead of, or after, what it asks for.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Effect {
    /// It is answered like this and not done.
    Answered(u16, &'static str),
    /// The connection ends before anything was done.
    Dropped,
    /// It is done and answered like this.
    DoneButAnswered(u16, &'static str),
    /// It is done, and the connection ends without an answer.
    DoneButDropped,
    /// It is done, and the connection ends in the middle of the answer.
    DoneButCutOff,
    /// It is done, and no answer ever comes.
    DoneButSilent,
}

/// Something that goes wrong.
#[derive(Debug, Clone)]
pub(crate) struct Fault {
    pub(crate) call: Call,
    /// Part of the path or of the job's id.
    pub(crate) subject: &'static str,
    /// Requests of the kind that pass before.
    pub(crate) after: usize,
    /// Requests that meet it.
    pub(crate) times: usize,
    pub(crate) effect: Effect,
}

impl Fault {
    /// The next request of a kind.
    pub(crate) fn once(call: Call, effect: Effect) -> Self {
        Self {
            call,
            subject: "",
            after: 0,
            times: 1,
            effect,
        }
    }

    /// Every request of a kind.
    pub(crate) fn always(call: Call, effect: Effect) -> Self {
        Self {
            times: usize::MAX,
            ..Self::once(call, effect)
        }
    }
}

impl State {
    /// Takes the fault that a request meets.
    pub(super) fn meet(&mut self, call: Call, subject: &str) -> Option<Effect> {
        let is_met = |fault: &&mut Fault| fault.call == call && subject.contains(fault.subject);
        for fault in self.faults.iter_mut().filter(is_met) {
            if fault.after > 0 {
                fault.after -= 1;
            } else if fault.times > 0 {
                fault.times -= 1;
                return Some(fault.effect);
            }
        }
        None
    }
}
