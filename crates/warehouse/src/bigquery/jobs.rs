//! Jobs: begun under ids of ours, waited for, looked up.

use std::time::{Duration, Instant};

use reqwest::Method;
use serde::{Deserialize, Serialize};

use super::client::Client;
use super::error::Error;
use crate::unit::Part;

/// The longest pause between two looks at a job.
const LONGEST_LOOK: Duration = Duration::from_secs(5);

/// What we read of a job.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Job {
    pub(super) job_reference: JobReference,
    #[serde(default)]
    pub(super) status: Status,
    #[serde(default)]
    pub(super) statistics: Statistics,
    #[serde(default)]
    configuration: serde_json::Value,
}

/// Its name. An emulator gives another one than it was asked for.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct JobReference {
    pub(super) project_id: String,
    pub(super) job_id: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) location: Option<String>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Status {
    pub(super) state: String,
    pub(super) error_result: Option<ErrorProto>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct ErrorProto {
    pub(super) reason: String,
    pub(super) message: String,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Statistics {
    /// ms since 1970.
    pub(super) end_time: Option<String>,
    pub(super) total_bytes_processed: Option<String>,
    pub(super) query: Option<QueryStatistics>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct QueryStatistics {
    pub(super) statement_type: String,
    pub(super) total_bytes_processed: Option<String>,
    pub(super) referenced_tables: Vec<serde_json::Value>,
}

impl Job {
    pub(super) fn is_done(&self) -> bool {
        self.status.state == "DONE"
    }

    /// The job, unless it failed. DONE is not yet success.
    pub(super) fn unless_failed(self) -> Result<Self, Error> {
        match self.status.error_result {
            Some(error) => Err(Error::Job {
                job: self.job_reference.job_id,
                reason: error.reason,
                message: error.message,
            }),
            None => Ok(self),
        }
    }

    /// The dataset that it loads into.
    pub(super) fn dataset(&self) -> Option<&str> {
        self.configuration["load"]["destinationTable"]["datasetId"].as_str()
    }

    /// The table that it loads into, and which part of it.
    pub(super) fn destination(&self) -> Option<(&str, Part)> {
        let id = self.configuration["load"]["destinationTable"]["tableId"].as_str()?;
        let Some((table, month)) = id.split_once('$') else {
            return Some((id, Part::All));
        };
        let (year, month) = month.split_at_checked(4)?;
        Some((table, format!("{year}-{month}").parse().ok()?))
    }

    /// Whether it did what it was begun for.
    pub(super) fn has_succeeded(&self) -> bool {
        self.is_done() && self.status.error_result.is_none()
    }

    /// When it ended, ms since 1970, by Google's clock.
    pub(super) fn ended_ms(&self) -> Option<i64> {
        self.statistics.end_time.as_ref()?.parse().ok()
    }
}

/// Looks a job up.
pub(super) async fn get(client: &Client, of: &JobReference) -> Result<Job, Error> {
    let segments = ["projects", &of.project_id, "jobs", &of.job_id];
    client
        .call(Method::GET, &segments, &location(of), None)
        .await
}

/// Name of a partition, as a table's name has it behind it.
pub(super) fn decorator(part: Part) -> String {
    match part {
        Part::Month(month) => format!("${:04}{:02}", month.year, month.month),
        Part::All | Part::Undated => String::new(),
    }
}

/// Jobs of ours that are not done, of the newest.
pub(super) async fn running(client: &Client, project: &str) -> Result<Vec<Job>, Error> {
    let states = ["pending", "running"].map(|state| ("stateFilter", state.to_owned()));
    list(client, project, &states).await
}

/// Jobs of ours that are done and were begun since a time, ms since 1970.
pub(super) async fn done_since(
    client: &Client,
    project: &str,
    since_ms: i64,
) -> Result<Vec<Job>, Error> {
    let filter = [
        ("stateFilter", "done".to_owned()),
        ("minCreationTime", since_ms.to_string()),
    ];
    list(client, project, &filter).await
}

async fn list(
    client: &Client,
    project: &str,
    filter: &[(&'static str, String)],
) -> Result<Vec<Job>, Error> {
    #[derive(Default, Deserialize)]
    #[serde(rename_all = "camelCase", default)]
    struct JobList {
        jobs: Vec<Job>,
        next_page_token: Option<String>,
    }
    let mut query = filter.to_vec();
    query.extend([
        ("projection", "full".to_owned()),
        ("maxResults", "1000".to_owned()),
    ]);
    let length = query.len();
    let mut jobs = Vec::new();
    loop {
        let segments = ["projects", project, "jobs"];
        let list: JobList = client.call(Method::GET, &segments, &query, None).await?;
        jobs.extend(list.jobs);
        let Some(token) = list.next_page_token else {
            return Ok(jobs);
        };
        query.truncate(length);
        query.push(("pageToken", token));
    }
}

/// Waits until a job is done, and gives it if it succeeded.
pub(super) async fn wait(client: &Client, job: Job) -> Result<Job, Error> {
    let mut job = job;
    let mut pause = client.retry.first / 4;
    let (began, longest) = (Instant::now(), client.retry.longest_job);
    while !job.is_done() {
        if began.elapsed() > longest {
            return Err(Error::Endless {
                job: job.job_reference.job_id,
                minutes: longest.as_secs() / 60,
            });
        }
        tokio::time::sleep(pause).await;
        pause = (pause * 3 / 2).min(LONGEST_LOOK);
        job = get(client, &job.job_reference).await?;
    }
    job.unless_failed()
}

/// Asks a job to end. It may still succeed.
pub(super) async fn cancel(client: &Client, of: &JobReference) -> Result<(), Error> {
    let segments = ["projects", &of.project_id, "jobs", &of.job_id, "cancel"];
    let answer: serde_json::Value = client
        .call(Method::POST, &segments, &location(of), None)
        .await?;
    drop(answer);
    Ok(())
}

fn location(of: &JobReference) -> Vec<(&'static str, String)> {
    let location = of.location.clone();
    location
        .map(|location| ("location", location))
        .into_iter()
        .collect()
}
