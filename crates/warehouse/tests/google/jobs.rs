//! Jobs: begun once under an id, looked at, cancelled.

use axum::body::Bytes;
use serde_json::{Value as Json, json};

use super::answer::{Answer, Refusal, Result};
use super::load;
use super::serve::Asked;
use super::state::{Job, PROJECT, State};

impl State {
    pub(super) fn job(&mut self, location: &str, id: &str) -> Option<&mut Job> {
        let is_it = |job: &&mut Job| job.id == id && job.location.eq_ignore_ascii_case(location);
        self.jobs.iter_mut().find(is_it)
    }

    /// An id is used up by its first job, whatever became of it.
    pub(super) fn refuse_used(&mut self, reference: &Json) -> Result<()> {
        let (location, id) = name(reference);
        match self.job(&location, &id) {
            Some(_) => Err(Refusal::duplicate(&format!(
                "Job {PROJECT}:{location}.{id}"
            ))),
            None => Ok(()),
        }
    }

    /// Begins a job; a look at it is its first.
    pub(super) fn begin(&mut self, job: &Json, file: Bytes, left: usize) -> &Job {
        let (location, id) = name(&job["jobReference"]);
        let created_ms = self.tick();
        self.jobs.push(Job {
            id,
            location,
            configuration: job["configuration"].clone(),
            file,
            left,
            created_ms,
            ended_ms: None,
            failure: None,
            row_count: 0,
        });
        self.advance(self.jobs.len() - 1)
    }

    /// A job is nearer to its end each time it is looked at.
    pub(super) fn advance(&mut self, at: usize) -> &Job {
        let job = &mut self.jobs[at];
        if job.ended_ms.is_none() && job.left > 0 {
            job.left -= 1;
        } else if job.ended_ms.is_none() {
            let job = job.clone();
            let is_load = job.configuration.get("load").is_some();
            let failures = &mut self.behaviour.late_failures;
            let loaded = match is_load.then(|| failures.pop_front()) {
                Some(Some(failure)) => Err(failure),
                Some(None) => load::run(self, &job),
                None => Ok(0),
            };
            let ended_ms = self.tick();
            let job = &mut self.jobs[at];
            job.ended_ms = Some(ended_ms);
            match loaded {
                Ok(row_count) => job.row_count = row_count,
                Err(failure) => job.failure = Some(failure),
            }
        }
        &self.jobs[at]
    }
}

/// Location and id. Where a request has none, the job is in the US.
fn name(reference: &Json) -> (String, String) {
    let text = |name: &str| reference[name].as_str().map(ToOwned::to_owned);
    let location = text("location").unwrap_or_else(|| "US".into());
    (location, text("jobId").unwrap_or_default())
}

pub(super) fn check_reference(reference: &Json) -> Result<()> {
    let id = reference["jobId"].as_str().unwrap_or_default();
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    if id.is_empty() || id.len() > 1024 || !id.chars().all(is_part) {
        return Err(Refusal::invalid(format!("Invalid job ID \"{id}\"")));
    }
    if reference["projectId"] != PROJECT {
        return Err(Refusal::invalid(
            "The project of the job is not that of the request",
        ));
    }
    Ok(())
}

pub(super) fn resource(job: &Job) -> Json {
    let state = match job.ended_ms {
        Some(_) => "DONE",
        None if job.left > 0 => "PENDING",
        None => "RUNNING",
    };
    let mut resource = json!({
        "kind": "bigquery#job",
        "id": format!("{PROJECT}:{}.{}", job.location, job.id),
        "jobReference": { "projectId": PROJECT, "jobId": job.id, "location": job.location },
        "configuration": job.configuration,
        "status": { "state": state },
        "statistics": { "creationTime": job.created_ms.to_string() },
    });
    if let Some(ended_ms) = job.ended_ms {
        resource["statistics"]["startTime"] = job.created_ms.to_string().into();
        resource["statistics"]["endTime"] = ended_ms.to_string().into();
    }
    if let Some((reason, message)) = &job.failure {
        let error = json!({ "reason": reason, "message": message });
        resource["status"]["errorResult"] = error.clone();
        resource["status"]["errors"] = json!([error]);
    } else if job.ended_ms.is_some() {
        resource["statistics"]["load"] = json!({ "outputRows": job.row_count.to_string() });
    }
    resource
}

/// The job of a request, for which outside the US its location must be given.
pub(super) fn find(state: &mut State, asked: &Asked, id: &str) -> Result<usize> {
    let location = asked.query.get("location").map_or("US", String::as_str);
    let is_it = |job: &Job| job.id == id && job.location.eq_ignore_ascii_case(location);
    let at = state.jobs.iter().position(is_it);
    at.ok_or_else(|| Refusal::not_found(&format!("Job {PROJECT}:{id}")))
}

/// Those that are done, or those that are not.
pub(super) fn list(state: &State, asked: &Asked) -> Answer {
    let is_done = asked
        .query
        .get("stateFilter")
        .is_some_and(|is| is == "done");
    let since_ms = asked.query.get("minCreationTime");
    let since_ms = since_ms.map_or(0, |since| since.parse().unwrap());
    let jobs = state
        .jobs
        .iter()
        .filter(|job| job.ended_ms.is_some() == is_done && job.created_ms >= since_ms);
    let jobs: Vec<Json> = jobs.map(resource).collect();
    Answer::ok(&json!({ "kind": "bigquery#jobList", "jobs": jobs }))
}

pub(super) fn get(state: &mut State, asked: &Asked, id: &str) -> Result {
    let at = find(state, asked, id)?;
    Ok(Answer::ok(&resource(state.advance(at))))
}

/// A job that is done already stays as it is.
pub(super) fn cancel(state: &mut State, asked: &Asked, id: &str) -> Result {
    let at = find(state, asked, id)?;
    let ended_ms = state.tick();
    let is_heard = !state.behaviour.ignores_cancels;
    let job = &mut state.jobs[at];
    if job.ended_ms.is_none() && is_heard {
        job.ended_ms = Some(ended_ms);
        let message = "Job execution was cancelled: User requested cancellation";
        job.failure = Some(("stopped".into(), message.into()));
    }
    let answer = json!({ "kind": "bigquery#jobCancelResponse", "job": resource(job) });
    Ok(Answer::ok(&answer))
}
