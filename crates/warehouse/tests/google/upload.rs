//! Resumable uploads: begun with a job, fed with chunks, asked how far they are.

use axum::body::Bytes;
use serde_json::Value as Json;

use super::answer::{Answer, Refusal, Result};
use super::serve::Asked;
use super::state::{PROJECT, Session, State};
use super::{jobs, load};

/// All chunks but the last are multiples of it.
const STEP: usize = 256 << 10;

impl State {
    /// The session that a request belongs to.
    fn session(&mut self, asked: &Asked) -> Result<&mut Session> {
        let id = asked.query.get("upload_id").map_or("", String::as_str);
        let session = self.sessions.get_mut(id);
        session.ok_or_else(|| Refusal::not_found("Upload session"))
    }

    /// Name of the job that an upload is for.
    pub(super) fn upload_of(&self, id: &str) -> Option<&str> {
        let session = self.sessions.get(id)?;
        session.job["jobReference"]["jobId"].as_str()
    }
}

pub(super) fn begin(state: &mut State, asked: &Asked) -> Result {
    let header = |name: &str| {
        asked
            .headers
            .get(name)
            .and_then(|value| value.to_str().ok())
    };
    let is_json = header("content-type").is_some_and(|kind| kind.starts_with("application/json"));
    let is_resumable = asked
        .query
        .get("uploadType")
        .is_some_and(|kind| kind == "resumable");
    let is_file = header("x-upload-content-type") == Some("application/octet-stream");
    let length = header("x-upload-content-length").map(str::parse::<u64>);
    if !is_json || !is_resumable || !is_file || length.is_some_and(|length| length.is_err()) {
        return Err(Refusal::new(400, "badRequest", "Bad request for an upload"));
    }
    let reference = &asked.json["jobReference"];
    jobs::check_reference(reference)?;
    load::check(state, &asked.json)?;
    if !state.behaviour.notices_duplicates_late {
        state.refuse_used(reference)?;
    }
    let id = format!("session-{}", state.sessions.len() + 1);
    let session = Session {
        job: asked.json.clone(),
        bytes: Vec::new(),
        begun: None,
    };
    state.sessions.insert(id.clone(), session);
    Ok(Answer::empty(200).with("location", address(state, &id)))
}

fn address(state: &State, id: &str) -> String {
    format!(
        "http://{}/upload/bigquery/v2/projects/{PROJECT}/jobs?uploadType=resumable&upload_id={id}",
        state.host
    )
}

/// `bytes 0-524287/2000000`: first and last byte, and how many there will be.
fn content_range(asked: &Asked) -> Option<(usize, usize, usize)> {
    let range = asked.headers.get("content-range")?.to_str().ok()?;
    let (range, total) = range.strip_prefix("bytes ")?.split_once('/')?;
    let (first, last) = range.split_once('-')?;
    Some((first.parse().ok()?, last.parse().ok()?, total.parse().ok()?))
}

/// Stores a chunk. The last one begins the job.
pub(super) fn chunk(state: &mut State, asked: &Asked) -> Result {
    let bad = |message: &str| Err(Refusal::new(400, "badRequest", message));
    let Some((first, last, total)) = content_range(asked) else {
        return bad("Failed to parse Content-Range header.");
    };
    let length = asked.bytes.len();
    if last + 1 - first != length || last >= total {
        return bad("The Content-Range is not that of the body.");
    }
    if last + 1 < total && !length.is_multiple_of(STEP) {
        return bad("Chunks are multiples of 256 KiB, except for the last.");
    }
    let stores = state
        .behaviour
        .stores
        .pop_front()
        .unwrap_or(length)
        .min(length);
    let session = state.session(asked)?;
    let have = session.bytes.len();
    if session.begun.is_none() {
        if first > have {
            return bad("The chunk does not follow those before it.");
        }
        session.bytes.truncate(first);
        session.bytes.extend_from_slice(&asked.bytes[..stores]);
    }
    if session.bytes.len() == total {
        return complete(state, asked);
    }
    Ok(go_on(state, asked))
}

/// How far an upload is.
pub(super) fn status(state: &mut State, asked: &Asked) -> Result {
    if !asked.bytes.is_empty() {
        return Err(Refusal::new(400, "badRequest", "A question has no body."));
    }
    match state.session(asked)?.begun {
        Some(_) => complete(state, asked),
        None => Ok(go_on(state, asked)),
    }
}

fn go_on(state: &mut State, asked: &Asked) -> Answer {
    let unit = if state.behaviour.is_range_bare {
        ""
    } else {
        "bytes="
    };
    let id = asked.query["upload_id"].clone();
    let stored = state.sessions[&id].bytes.len();
    let mut answer = Answer::empty(308);
    if stored > 0 {
        answer = answer.with("range", format!("{unit}0-{}", stored - 1));
    }
    if state.behaviour.moves_uploads {
        // The old address is not known any more.
        let moved = format!("{id}m");
        let session = state.sessions.remove(&id).unwrap();
        state.sessions.insert(moved.clone(), session);
        answer = answer.with("location", address(state, &moved));
    }
    answer
}

/// The job of a complete upload, begun once.
fn complete(state: &mut State, asked: &Asked) -> Result {
    let session = state.session(asked)?;
    let (job, bytes) = (session.job.clone(), Bytes::from(session.bytes.clone()));
    let reference: &Json = &job["jobReference"];
    let id = reference["jobId"].as_str().unwrap_or_default().to_owned();
    if session.begun.replace(id.clone()).is_some() {
        let location = reference["location"].as_str().unwrap_or("US");
        let job = state.job(location, &id).map(|job| jobs::resource(job));
        return Ok(Answer::ok(&job.unwrap_or_default()));
    }
    state.refuse_used(reference)?;
    let looks = state.behaviour.looks;
    Ok(Answer::ok(&jobs::resource(state.begin(&job, bytes, looks))))
}
