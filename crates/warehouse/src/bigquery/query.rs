//! Queries in BigQuery: a dry run first, then the answer page by page.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use async_trait::async_trait;
use reqwest::Method;
use serde::Deserialize;
use serde_json::{Value as Json, json};
use tokio::task::JoinSet;

use super::client::Client;
use super::error::Error;
use super::jobs::{self, Job, JobReference};
use super::place;
use super::record::Row;
use super::rows;
use super::schema::Field;
use super::target::{Options, Target};
use crate::error::{Error as Failure, Result};
use crate::query::{BatchStream, Dialect, Limits, QueryEngine, Value};
use crate::unit::Fingerprint;

/// How long Google may think before it says that a query still runs.
const WAIT_MS: u64 = 10_000;
/// What is billed for each table that a query reads, however little of it.
const LEAST_BILLED: u64 = 10 << 20;
/// Rows of a page; Google sends fewer where they are large.
const PAGE: u64 = 50_000;

/// A dataset that answers queries. Tables without a dataset before their name are looked for in it.
#[derive(Debug, Clone)]
pub struct Engine {
    client: Client,
    target: Target,
    cancelling: Cancelling,
}

/// Cancellations that are on their way.
type Cancelling = Arc<Mutex<JoinSet<()>>>;

impl Engine {
    /// For queries on the dataset of that name. Needs a runtime of tokio.
    ///
    /// # Errors
    /// [`Error::Credentials`] where there are none.
    pub fn new(target: Target, options: &Options) -> Result<Self> {
        let client = Client::new(options.emulator.as_deref(), options.retry)?;
        Ok(Self {
            client,
            target,
            cancelling: Arc::default(),
        })
    }

    /// What a query would cost, without running it: bytes that are billed, and the kind of statement.
    async fn dry_run(&self, request: &Request<'_>) -> std::result::Result<Cost, Error> {
        let mut query = request.common();
        query["useQueryCache"] = json!(false);
        let mut body = json!({
            "jobReference": { "projectId": self.target.project },
            "configuration": { "dryRun": true, "query": query },
        });
        if let Some(location) = &request.location {
            body["jobReference"]["location"] = json!(location);
        }
        let segments = ["projects", &self.target.project, "jobs"];
        let job: Job = self
            .client
            .call(Method::POST, &segments, &[], Some(&body))
            .await?;
        let query = job.statistics.query.unwrap_or_default();
        let bytes = query
            .total_bytes_processed
            .or(job.statistics.total_bytes_processed);
        let bytes = bytes.and_then(|bytes| bytes.parse().ok());
        let least = query.referenced_tables.len() as u64 * LEAST_BILLED;
        Ok(Cost {
            // What is answered without reading costs nothing.
            bytes: bytes
                .filter(|bytes| *bytes > 0)
                .map_or(0, |bytes: u64| bytes.max(least)),
            statement: query.statement_type,
        })
    }

    /// Begins the query under an id of ours: one whose answer got lost is not run twice, and from its first
    /// moment it can be cancelled.
    async fn start(&self, request: &Request<'_>) -> std::result::Result<JobReference, Error> {
        let reference = request.reference(&self.target.project);
        let mut query = request.common();
        query["maximumBytesBilled"] = json!(request.limits.max_bytes_billed.to_string());
        let body = json!({
            "jobReference": reference,
            "configuration": { "query": query },
        });
        let segments = ["projects", &self.target.project, "jobs"];
        let begun: std::result::Result<Job, Error> = self
            .client
            .call(Method::POST, &segments, &[], Some(&body))
            .await;
        match begun {
            Ok(job) => Ok(job.unless_failed()?.job_reference),
            Err(error) if error.is_duplicate() => Ok(reference),
            Err(error) => Err(error),
        }
    }

    async fn page(
        &self,
        job: &JobReference,
        token: Option<&str>,
    ) -> std::result::Result<Answer, Error> {
        let segments = ["projects", &job.project_id, "queries", &job.job_id];
        let mut query = vec![
            ("maxResults", PAGE.to_string()),
            ("timeoutMs", WAIT_MS.to_string()),
            ("formatOptions.useInt64Timestamp", "true".to_owned()),
        ];
        query.extend(token.map(|token| ("pageToken", token.to_owned())));
        query.extend(job.location.clone().map(|location| ("location", location)));
        self.client.call(Method::GET, &segments, &query, None).await
    }

    /// Asks until the query is done, or its time is over.
    async fn first_page(&self, request: &Request<'_>, guard: &mut Guard) -> Result<Answer> {
        let began = Instant::now();
        guard.job = Some(request.reference(&self.target.project));
        let job = match self.start(request).await {
            Err(error) if !error.is_transient() => {
                // Refused: there is nothing to cancel.
                guard.job = None;
                return Err(error.into());
            }
            job => job?,
        };
        guard.job = Some(job.clone());
        loop {
            let answer = self.page(&job, None).await?;
            if answer.job_complete {
                return Ok(answer);
            }
            if let Some(timeout) = request
                .limits
                .timeout
                .filter(|limit| began.elapsed() > *limit)
            {
                return Err(Failure::TimedOut {
                    seconds: timeout.as_secs(),
                });
            }
        }
    }
}

struct Request<'a> {
    target: &'a Target,
    sql: &'a str,
    params: &'a [Value],
    limits: &'a Limits,
    location: Option<String>,
    id: String,
}

impl Request<'_> {
    fn reference(&self, project: &str) -> JobReference {
        JobReference {
            project_id: project.to_owned(),
            job_id: self.id.clone(),
            location: self.location.clone(),
        }
    }

    /// What a dry run and the run share.
    fn common(&self) -> Json {
        let mut query = json!({
            "query": self.sql,
            "useLegacySql": false,
            "defaultDataset": { "projectId": self.target.project, "datasetId": self.target.dataset },
        });
        if !self.params.is_empty() {
            query["parameterMode"] = json!("POSITIONAL");
            query["queryParameters"] = self.params.iter().map(parameter).collect();
        }
        query
    }
}

fn parameter(value: &Value) -> Json {
    let (kind, text) = match value {
        Value::String(text) => ("STRING", text.clone()),
        Value::Int64(number) => ("INT64", number.to_string()),
        Value::Float64(number) => ("FLOAT64", number.to_string()),
        Value::Bool(is_true) => ("BOOL", is_true.to_string()),
        Value::Date(date) => ("DATE", date.to_string()),
        Value::Timestamp(time) => (
            "TIMESTAMP",
            time.strftime("%Y-%m-%d %H:%M:%S%.6f+00:00").to_string(),
        ),
    };
    json!({ "parameterType": { "type": kind }, "parameterValue": { "value": text } })
}

struct Cost {
    /// What will be billed, at least.
    bytes: u64,
    /// `SELECT`, `INSERT`, `CREATE_TABLE` and others.
    statement: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Answer {
    job_complete: bool,
    schema: Option<AnswerSchema>,
    rows: Vec<Row>,
    page_token: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct AnswerSchema {
    fields: Vec<Field>,
}

/// Cancels a query that runs when its future is dropped. Once it is done, only pages are left to read.
struct Guard {
    client: Client,
    cancelling: Cancelling,
    job: Option<JobReference>,
}

impl Drop for Guard {
    fn drop(&mut self) {
        if let (Some(job), Ok(runtime)) = (self.job.take(), tokio::runtime::Handle::try_current()) {
            let client = self.client.clone();
            let cancel = async move {
                // It may be done already; then there is nothing to cancel.
                let cancelled =
                    tokio::time::timeout(CANCEL_TIME, jobs::cancel(&client, &job)).await;
                tracing::debug!("cancelled {}: {cancelled:?}", job.job_id);
            };
            let mut cancelling = self
                .cancelling
                .lock()
                .unwrap_or_else(PoisonError::into_inner);
            cancelling.spawn_on(cancel, &runtime);
        }
    }
}

/// How long a cancellation may take.
const CANCEL_TIME: Duration = Duration::from_secs(5);

#[async_trait]
impl QueryEngine for Engine {
    fn dialect(&self) -> Dialect {
        Dialect::BigQuery
    }

    async fn query_with(
        &self,
        setup: &[String],
        sql: &str,
        params: &[Value],
        limits: &Limits,
    ) -> Result<BatchStream> {
        if let Some(statement) = setup.first() {
            return Err(Failure::Refused {
                reason: format!("`{statement}` does not only read"),
            });
        }
        let dataset = place::dataset(&self.client, &self.target).await?;
        let mut request = Request {
            target: &self.target,
            sql,
            params,
            limits,
            location: dataset
                .and_then(|dataset| dataset.location)
                .or_else(|| self.target.location.clone()),
            id: job_id(),
        };
        let cost = self.dry_run(&request).await?;
        if !cost.statement.is_empty() && cost.statement != "SELECT" {
            return Err(Failure::Refused {
                reason: format!("`{}` does not only read", cost.statement.replace('_', " ")),
            });
        }
        if cost.bytes > limits.max_bytes_billed {
            return Err(Error::TooManyBytes {
                bytes: cost.bytes,
                limit: limits.max_bytes_billed,
            }
            .into());
        }
        let mut guard = Guard {
            client: self.client.clone(),
            cancelling: Arc::clone(&self.cancelling),
            job: None,
        };
        let mut pauses = self.client.retry.pauses();
        let answer = loop {
            match self.first_page(&request, &mut guard).await {
                Err(Failure::BigQuery(error)) if error.is_of_a_lost_job() => {
                    let Some(pause) = pauses.next() else {
                        return Err(error.into());
                    };
                    tracing::debug!("{error}; again under another id in {pause:?}");
                    tokio::time::sleep(pause).await;
                    request.id = job_id();
                }
                answer => break answer?,
            }
        };
        let fields = answer.schema.unwrap_or_default().fields;
        let schema = rows::schema(&fields);
        let first = rows::batch(&schema, &fields, &answer.rows)?;
        let pages = Pages {
            engine: self.clone(),
            schema: schema.clone(),
            fields,
            ready: [first].into(),
            token: answer.page_token,
            job: guard.job.take(),
        };
        Ok(BatchStream {
            schema,
            batches: Box::pin(futures::stream::unfold(pages, Pages::next)),
        })
    }

    async fn close(&self) {
        let cancelling = {
            let mut cancelling = self
                .cancelling
                .lock()
                .unwrap_or_else(PoisonError::into_inner);
            std::mem::take(&mut *cancelling)
        };
        cancelling.join_all().await;
    }
}

struct Pages {
    engine: Engine,
    schema: SchemaRef,
    fields: Vec<Field>,
    ready: VecDeque<RecordBatch>,
    token: Option<String>,
    job: Option<JobReference>,
}

impl Pages {
    async fn next(mut self) -> Option<(Result<RecordBatch>, Self)> {
        if let Some(batch) = self.ready.pop_front() {
            return Some((Ok(batch), self));
        }
        let token = self.token.take()?;
        let batch = self.load(&token).await;
        Some((batch, self))
    }

    async fn load(&mut self, token: &str) -> Result<RecordBatch> {
        let job = self.job.clone().ok_or_else(|| Error::Answer {
            what: "a further page without a job".into(),
        })?;
        let answer = self.engine.page(&job, Some(token)).await?;
        self.token = answer.page_token;
        Ok(rows::batch(&self.schema, &self.fields, &answer.rows)?)
    }
}

fn job_id() -> String {
    use std::sync::atomic::{AtomicU32, Ordering};
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let now = jiff::Timestamp::now().as_nanosecond();
    let text = format!("{now} {} {number}", std::process::id());
    format!("pl_query_{}", Fingerprint::of(&text))
}
