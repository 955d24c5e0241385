//! Brings a destination to the state of the warehouse: what differs is found by fingerprints, written as
//! Parquet, and handed over.

mod contents;
mod measure;
mod nested;
mod plan;
mod rows;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::time::{Duration, Instant};

use arrow::array::RecordBatch;
use tempfile::TempDir;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::JoinSet;

use crate::destination::{Destination, Replacement};
use crate::duckdb::Reader;
use crate::error::{Error, Result};
use crate::parquet::{Writer, Written};
use crate::schema::Table;
use crate::unit::{Fingerprint, Unit};
use crate::view::View;

pub use contents::Content;
pub use measure::measure;
pub use plan::{Piece, Plan, plan};

/// Files on their way at once.
const AT_ONCE: usize = 4;

/// Files that are being compressed at once; each holds the rows of a month.
const ENCODERS: usize = 2;

/// Batches of a file that may wait for its encoder, so that the next is read meanwhile: as many as the rows
/// of one that is put in order in memory.
const WAITING: usize = 1_500;

/// Rows that are compressed in one go.
const CHUNK: usize = 1 << 15;

/// What took longer than this is kept for good before the rest is handed over.
const COMMIT_EVERY: Duration = Duration::from_secs(60);

/// The tables and views of a warehouse, as they are published.
#[derive(Debug, Clone)]
pub struct Publication {
    /// Its tables.
    pub tables: Vec<Table>,
    /// Its views, tables where there are no views.
    pub views: Vec<View>,
}

/// What was done.
#[derive(Debug, Default)]
pub struct Done {
    /// Files handed over.
    pub pieces: usize,
    /// Their rows.
    pub rows: u64,
    /// Their size.
    pub bytes: u64,
    /// Tables that could not be published, with the reason. The others were.
    pub failed: Vec<(&'static str, Error)>,
}

impl Publication {
    fn table(&self, name: &str) -> Option<&Table> {
        let views = self.views.iter().map(|view| &view.table);
        let mut tables = self.tables.iter().chain(views);
        tables.find(|table| table.name == name)
    }
}

/// Does what a plan says. A table that fails does not keep the others from being published; a
/// destination that can't be reached or refuses everything does.
///
/// # Errors
/// What concerns all tables. What was handed over before is kept.
pub async fn publish(
    reader: &Reader,
    publication: &Publication,
    destination: &Arc<dyn Destination>,
    plan: &Plan,
    mut progress: impl FnMut(&Done),
) -> Result<Done> {
    if plan.is_empty() {
        return Ok(Done::default());
    }
    let mut run = Run {
        workspace: destination.workspace()?,
        destination: Arc::clone(destination),
        handing_over: JoinSet::new(),
        encoders: Arc::new(Semaphore::new(ENCODERS)),
        done: Done::default(),
        committed: Instant::now(),
    };
    let result = run.go(reader, publication, plan, &mut progress).await;
    // What was handed over is kept, whatever happened to the rest.
    let kept = match run.settle(&mut progress).await {
        Ok(()) => destination.commit().await,
        failed => destination.commit().await.and(failed),
    };
    result.and(kept)?;
    Ok(run.done)
}

struct Run {
    workspace: TempDir,
    destination: Arc<dyn Destination>,
    handing_over: JoinSet<(&'static str, Result<Written>)>,
    encoders: Arc<Semaphore>,
    done: Done,
    committed: Instant,
}

impl Run {
    async fn go(
        &mut self,
        reader: &Reader,
        publication: &Publication,
        plan: &Plan,
        progress: &mut impl FnMut(&Done),
    ) -> Result<()> {
        let mut prepared = "";
        for (number, piece) in plan.pieces.iter().enumerate() {
            let Some(table) = publication.table(piece.table) else {
                continue;
            };
            if prepared != table.name && !self.prepare(table).await? {
                continue;
            }
            prepared = table.name;
            while self.handing_over.len() >= AT_ONCE {
                self.take_one(progress).await?;
            }
            let path = self.workspace.path().join(format!("{number}.parquet"));
            let permit = Arc::clone(&self.encoders).acquire_owned().await;
            let permit = permit.map_err(|_| panicked("waiting for a core"))?;
            let sender = self.hand_over(table, piece, path, permit);
            publication.read(reader, piece, &sender)?;
            if self.committed.elapsed() > COMMIT_EVERY {
                // A record says how a table was left: nothing may be on its way to it.
                self.settle(progress).await?;
                self.destination.commit().await?;
                self.committed = Instant::now();
            }
        }
        self.settle(progress).await?;
        for name in &plan.empty {
            if let Some(table) = publication.table(name) {
                self.prepare(table).await?;
            }
        }
        self.remove(publication, plan).await
    }

    /// Whether the table can take rows.
    async fn prepare(&mut self, table: &Table) -> Result<bool> {
        let prepared = self.destination.prepare(table).await;
        self.unless_fatal(table.name, prepared)
            .map(|prepared| prepared.is_some())
    }

    async fn remove(&mut self, publication: &Publication, plan: &Plan) -> Result<()> {
        for (name, unit) in &plan.removed {
            if let Some(table) = publication.table(name)
                && self.prepare(table).await?
            {
                let removed = self.destination.remove(table, unit).await;
                self.unless_fatal(table.name, removed)?;
            }
        }
        Ok(())
    }

    /// A task that compresses the rows it is sent, and hands the file over when all have come.
    fn hand_over(
        &mut self,
        table: &Table,
        piece: &Piece,
        path: PathBuf,
        permit: OwnedSemaphorePermit,
    ) -> SyncSender<Rows> {
        let (destination, table) = (Arc::clone(&self.destination), Arc::new(table.clone()));
        let (part, units, name) = (piece.part, piece.fingerprints(), table.name);
        let fingerprint = piece.fingerprint();
        let (sender, receiver) = sync_channel(WAITING);
        self.handing_over.spawn(async move {
            let (to_encode, file) = (Arc::clone(&table), path.clone());
            let encoded = tokio::task::spawn_blocking(move || {
                let written = encode(&to_encode, &fingerprint, &file, receiver);
                drop(permit);
                written
            });
            let written = match encoded.await {
                Ok(Ok(written)) => written,
                Ok(Err(error)) => return (name, Err(error)),
                Err(_) => return (name, Err(panicked("compressing"))),
            };
            let replaced = destination
                .replace(Replacement {
                    table: &table,
                    part,
                    units: &units,
                    file: &path,
                })
                .await;
            // It may have been moved away.
            let _ = std::fs::remove_file(&path);
            (name, replaced.map(|()| written))
        });
        sender
    }

    async fn settle(&mut self, progress: &mut impl FnMut(&Done)) -> Result<()> {
        let mut result = Ok(());
        while !self.handing_over.is_empty() {
            result = result.and(self.take_one(progress).await);
        }
        result
    }

    async fn take_one(&mut self, progress: &mut impl FnMut(&Done)) -> Result<()> {
        let Some(ended) = self.handing_over.join_next().await else {
            return Ok(());
        };
        let (table, replaced) = ended.map_err(|_| panicked("handing over a file"))?;
        if let Some(written) = self.unless_fatal(table, replaced)? {
            self.done.pieces += 1;
            self.done.rows += written.rows;
            self.done.bytes += written.bytes;
            progress(&self.done);
        }
        Ok(())
    }

    /// What concerns one table is noted; what concerns all ends the run.
    fn unless_fatal<T>(&mut self, table: &'static str, result: Result<T>) -> Result<Option<T>> {
        match result {
            Ok(value) => Ok(Some(value)),
            Err(error) if is_of_one_table(&error) => {
                if !self.done.failed.iter().any(|(name, _)| *name == table) {
                    self.done.failed.push((table, error));
                }
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }
}

fn is_of_one_table(error: &Error) -> bool {
    match error {
        Error::Conflict { .. } | Error::Foreign { .. } | Error::NotOurs { .. } => true,
        Error::BigQuery(error) => !error.is_fatal(),
        _ => false,
    }
}

/// Rows on their way to a file, in its order.
type Rows = Result<RecordBatch>;

fn encode(
    table: &Table,
    fingerprint: &Fingerprint,
    path: &Path,
    rows: Receiver<Rows>,
) -> Result<Written> {
    let mut writer = Writer::create(path, table, fingerprint)?;
    // Runs are short, and each write costs something a column.
    let mut chunk: Vec<RecordBatch> = Vec::new();
    let mut rows_in_chunk = 0;
    for batch in rows {
        let batch = batch?;
        rows_in_chunk += batch.num_rows();
        chunk.push(batch);
        if rows_in_chunk >= CHUNK {
            writer.write_all(&std::mem::take(&mut chunk))?;
            rows_in_chunk = 0;
        }
    }
    writer.write_all(&chunk)?;
    writer.finish(path)
}

impl Publication {
    /// Reads a piece month by month, so that no more than a month is in memory. An error is also sent, so
    /// that half a file is not taken for whole.
    fn read(&self, reader: &Reader, piece: &Piece, sender: &SyncSender<Rows>) -> Result<()> {
        for (unit, content) in &piece.units {
            let read = self.read_unit(reader, unit, content, sender);
            if let Err(error) = read {
                // Where nobody takes it, compressing is what failed, and says why itself.
                return match sender.send(Err(panicked("reading"))) {
                    Ok(()) => Err(error),
                    Err(_) => Ok(()),
                };
            }
        }
        Ok(())
    }

    fn read_unit(
        &self,
        reader: &Reader,
        unit: &Unit,
        content: &Content,
        sender: &SyncSender<Rows>,
    ) -> Result<()> {
        let samples = content.samples;
        let send = |batch| sender.send(Ok(batch)).map_err(|_| panicked("compressing"));
        if let Some(view) = self.views.iter().find(|view| view.table.name == unit.table) {
            return nested::read(reader, view, unit.part, samples, send);
        }
        match self.table(&unit.table) {
            Some(table) => rows::read(reader, table, unit.part, samples, send),
            None => Ok(()),
        }
    }
}

fn panicked(what: &str) -> Error {
    Error::Refused {
        reason: format!("{what} a file of a publication ended before its end"),
    }
}
