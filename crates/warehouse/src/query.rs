//! Places that answer SQL.

use std::path::PathBuf;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use async_trait::async_trait;
use futures::stream::{Stream, StreamExt};

use crate::duckdb::{EndOnDrop, Interrupt, Reader, Warehouse};
use crate::error::{Error, Result};

/// How SQL is spelled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// DuckDB's.
    DuckDb,
    /// GoogleSQL.
    BigQuery,
}

/// A parameter of a query, for the `?` in their order.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// STRING.
    String(String),
    /// INT64.
    Int64(i64),
    /// FLOAT64.
    Float64(f64),
    /// BOOL.
    Bool(bool),
    /// DATE.
    Date(jiff::civil::Date),
    /// TIMESTAMP, UTC.
    Timestamp(jiff::Timestamp),
}

/// How much a query may take.
#[derive(Debug, Clone)]
pub struct Limits {
    /// DuckDB's memory limit, as in `2GB`.
    pub memory: String,
    /// After this a query is interrupted; never, where there is none.
    pub timeout: Option<Duration>,
    /// Bytes that BigQuery may bill for a query.
    pub max_bytes_billed: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            memory: "2GB".into(),
            timeout: Some(Duration::from_secs(300)),
            max_bytes_billed: 1 << 30,
        }
    }
}

/// A result: its schema, then its rows as they come. Dropping it ends the query.
pub struct BatchStream {
    /// Columns of every batch.
    pub schema: SchemaRef,
    /// The rows.
    pub batches: Pin<Box<dyn Stream<Item = Result<RecordBatch>> + Send>>,
}

impl std::fmt::Debug for BatchStream {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("BatchStream")
            .field("schema", &self.schema)
            .finish_non_exhaustive()
    }
}

impl BatchStream {
    /// All batches, for results that are small.
    ///
    /// # Errors
    /// The first of the query's.
    pub async fn collect(mut self) -> Result<Vec<RecordBatch>> {
        let mut batches = Vec::new();
        while let Some(batch) = self.batches.next().await {
            batches.push(batch?);
        }
        Ok(batches)
    }
}

/// A place that answers SQL in one dialect.
#[async_trait]
pub trait QueryEngine: Send + Sync {
    /// The dialect that [`QueryEngine::query`] takes.
    fn dialect(&self) -> Dialect;

    /// Runs one reading statement, its `?` filled with the parameters.
    ///
    /// # Errors
    /// [`Error::Refused`] for what does not only read, [`Error::TimedOut`] after the limit, also as an
    /// item of the stream.
    async fn query(&self, sql: &str, params: &[Value], limits: &Limits) -> Result<BatchStream> {
        self.query_with(&[], sql, params, limits).await
    }

    /// The same after statements that make temporary functions and types, which are gone afterwards.
    ///
    /// # Errors
    /// As [`QueryEngine::query`], and [`Error::Refused`] where there are no such functions.
    async fn query_with(
        &self,
        setup: &[String],
        sql: &str,
        params: &[Value],
        limits: &Limits,
    ) -> Result<BatchStream>;

    /// Waits, for some seconds at most, until queries that were given up are told so.
    async fn close(&self);
}

/// DuckDB, on the file of a warehouse or on a published folder of Parquet files.
#[derive(Debug)]
pub struct DuckDb {
    source: Source,
}

#[derive(Debug, Clone)]
enum Source {
    File(PathBuf),
    Folder(crate::parquet::Folder),
}

impl DuckDb {
    /// On a DuckDB file, read-only.
    pub fn on_file(path: PathBuf) -> Self {
        Self {
            source: Source::File(path),
        }
    }

    /// On a folder that was published.
    pub fn on_folder(folder: crate::parquet::Folder) -> Self {
        Self {
            source: Source::Folder(folder),
        }
    }
}

impl Source {
    fn read(self, limits: Limits) -> Result<Reader> {
        match self {
            Self::File(path) => Warehouse::at(path).read(limits),
            Self::Folder(folder) => folder.read(limits),
        }
    }

    /// What DuckDB stumbled over in a file that was damaged since it was published is the damage.
    fn cause(&self, error: Error) -> Error {
        match (self, error) {
            (Self::Folder(folder), error @ Error::DuckDb { .. }) => {
                folder.damaged().unwrap_or(error)
            }
            (_, error) => error,
        }
    }
}

/// Batches that may wait for whoever takes them.
const WAITING: usize = 4;

#[async_trait]
impl QueryEngine for DuckDb {
    fn dialect(&self) -> Dialect {
        Dialect::DuckDb
    }

    async fn query_with(
        &self,
        setup: &[String],
        sql: &str,
        params: &[Value],
        limits: &Limits,
    ) -> Result<BatchStream> {
        let (source, limits) = (self.source.clone(), limits.clone());
        let (setup, sql, params) = (setup.to_vec(), sql.to_owned(), params.to_vec());
        let (said_schema, schema) = tokio::sync::oneshot::channel();
        let (sender, receiver) = tokio::sync::mpsc::channel(WAITING);
        let interrupt = Interrupt::default();
        let opened = Arc::clone(&interrupt);
        // DuckDB works in the thread that asks.
        let task = tokio::task::spawn_blocking(move || {
            let mut said_schema = Some(said_schema);
            let result = source.clone().read(limits).and_then(|reader| {
                opened.get_or_init(|| reader.interrupt_handle());
                reader.set_up(&setup)?;
                reader.query::<Error>(
                    &sql,
                    &params,
                    |schema| {
                        if let Some(said_schema) = said_schema.take() {
                            let _ = said_schema.send(Ok(Arc::clone(schema)));
                        }
                        Ok(())
                    },
                    |batch| sender.blocking_send(Ok(batch)).map_err(|_| gone()),
                )
            });
            if let Err(error) = result {
                let error = source.cause(error);
                match said_schema.take() {
                    // Who dropped the future or the stream does not want to know.
                    Some(said_schema) => drop(said_schema.send(Err(error))),
                    None => drop(sender.blocking_send(Err(error))),
                }
            }
        });
        let ending = EndOnDrop::new(task.abort_handle(), interrupt);
        let schema = schema.await.map_err(|_| gone())??;
        let waiting = (receiver, ending);
        let batches = futures::stream::unfold(waiting, |mut waiting| async {
            waiting.0.recv().await.map(|batch| (batch, waiting))
        });
        Ok(BatchStream {
            schema,
            batches: Box::pin(batches),
        })
    }

    /// Dropping the future or the stream interrupts DuckDB at once.
    async fn close(&self) {}
}

fn gone() -> Error {
    Error::Refused {
        reason: "the query was given up".into(),
    }
}
