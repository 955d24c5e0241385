//! Brings a destination to the state of the warehouse: what differs is found by fingerprints, written as
//! Parquet, and handed over.

mod contents;
mod measure;
mod nested;
mod original;
mod plan;
mod rows;
#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::time::{Duration, Instant};

use arrow::array::{Array, AsArray, RecordBatch};
use tempfile::TempDir;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::JoinSet;

use crate::destination::{Destination, Replacement};
use crate::error::{Error, Result};
use crate::parquet::{Layout, Writer, Written};
use crate::schema::{Column, ColumnType, Table};
use crate::unit::Unit;
use crate::view::View;

pub use contents::Content;
pub use measure::measure;
pub use original::Original;
pub use plan::{Piece, Plan, Terms, plan};

/// Files on their way at once.
const AT_ONCE: usize = 4;

/// Files that are being compressed at once; each holds the rows of a month.
const ENCODERS: usize = 2;

/// Batches of a file that may wait for its encoder, so that the next is read meanwhile: as many as the rows
/// of one that is put in order in memory.
const WAITING: usize = 1_500;
/// The same where rows are nested in those of a batch.
const NESTED_WAITING: usize = 15;

/// Rows that are compressed in one go, or rows nested in them.
const CHUNK: usize = 1 << 15;

/// What took longer than this is kept for good before the rest is handed over.
const COMMIT_EVERY: Duration = Duration::from_secs(60);

/// Files on their way may take this long to arrive after a run was told to stop, …
const LAST_FILES: Duration = Duration::from_millis(600);

/// … and keeping for good what arrived this long: together less than two seconds.
const LAST_COMMIT: Duration = Duration::from_millis(1100);

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
    /// Units that were replaced or removed because they differed.
    pub units: usize,
    /// Files handed over.
    pub pieces: usize,
    /// Their rows.
    pub rows: u64,
    /// Their size.
    pub bytes: u64,
    /// Tables that could not be published, with the reason. The others were.
    pub failed: Vec<(&'static str, Error)>,
    /// What a person should know of the place now.
    pub notes: Vec<String>,
    /// Whether it was told to stop before all was done.
    pub is_stopped: bool,
}

impl Publication {
    fn table(&self, name: &str) -> Option<&Table> {
        self.all_tables().find(|table| table.name == name)
    }

    /// Its tables, then those that its views are.
    pub(crate) fn all_tables(&self) -> impl Iterator<Item = &Table> {
        let views = self.views.iter().map(|view| &view.table);
        self.tables.iter().chain(views)
    }
}

/// Does what a plan says, with the workspace that the destination gave before the original was opened. A
/// table that fails does not keep the others from being published; a destination that can't be reached or
/// refuses everything does. Told to stop, it ends within two seconds and keeps what was handed over.
///
/// # Errors
/// What concerns all tables. What was handed over before is kept.
pub async fn publish(
    original: &Original,
    destination: &Arc<dyn Destination>,
    workspace: &TempDir,
    plan: &Plan,
    stop: impl Future<Output = ()>,
    mut progress: impl FnMut(&Done),
) -> Result<Done> {
    let mut run = Run {
        workspace: workspace.path().into(),
        destination: Arc::clone(destination),
        handing_over: JoinSet::new(),
        encoders: Arc::new(Semaphore::new(ENCODERS)),
        stopped: Arc::default(),
        done: Done::default(),
        committed: Instant::now(),
    };
    if !plan.is_empty() || plan.claim.is_some() {
        let ended = tokio::select! {
            ended = run.bring(original, plan, &mut progress) => Some(ended),
            () = stop => None,
        };
        match ended {
            Some(ended) => ended?,
            None => run.wind_down(&mut progress).await,
        }
    }
    if !run.done.is_stopped {
        let failed = run.done.failed.iter().map(|(table, _)| *table);
        let failed: Vec<&str> = failed.collect();
        destination.complete(&failed).await?;
    }
    run.done.notes = destination.notes();
    Ok(std::mem::take(&mut run.done))
}

struct Run {
    workspace: PathBuf,
    destination: Arc<dyn Destination>,
    handing_over: JoinSet<Arrival>,
    encoders: Arc<Semaphore>,
    /// Ends compressing what nobody wants any more.
    stopped: Arc<AtomicBool>,
    done: Done,
    committed: Instant,
}

/// What became of a file.
struct Arrival {
    table: &'static str,
    units: usize,
    written: Result<Written>,
}

impl Drop for Run {
    fn drop(&mut self) {
        self.stopped.store(true, Ordering::Relaxed);
    }
}

impl Run {
    async fn bring(
        &mut self,
        original: &Original,
        plan: &Plan,
        progress: &mut impl FnMut(&Done),
    ) -> Result<()> {
        let result = self.go(original, plan, progress).await;
        // What was handed over is kept, whatever happened to the rest.
        let settled = self.settle(progress).await;
        let kept = self.destination.commit().await;
        result.and(kept).and(settled)
    }

    /// Ends what is on its way, soon, and keeps what arrived.
    async fn wind_down(&mut self, progress: &mut impl FnMut(&Done)) {
        self.done.is_stopped = true;
        self.stopped.store(true, Ordering::Relaxed);
        // What fails now fails because of the stop.
        let arriving = tokio::time::timeout(LAST_FILES, self.settle(progress)).await;
        drop(arriving);
        self.handing_over.abort_all();
        match tokio::time::timeout(LAST_COMMIT, self.destination.commit()).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::warn!("what was published is sent again: {error}"),
            Err(_) => tracing::info!("what was published last may be sent again"),
        }
    }

    async fn go(
        &mut self,
        original: &Original,
        plan: &Plan,
        progress: &mut impl FnMut(&Done),
    ) -> Result<()> {
        if let Some(owner) = &plan.claim {
            self.destination.claim(owner).await?;
        }
        let publication = &original.publication;
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
            let path = self.workspace.join(format!("{number}.parquet"));
            let permit = Arc::clone(&self.encoders).acquire_owned().await;
            let permit = permit.map_err(|_| panicked("waiting for a core"))?;
            let sender = self.hand_over(table, piece, path, permit);
            let piece = piece.clone();
            original
                .read(move |original| original.read_piece(&piece, &sender))
                .await?;
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
                let removed = self.unless_fatal(table.name, removed)?;
                self.done.units += usize::from(removed.is_some());
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
        let (destination, table) = (Arc::clone(&self.destination), table.clone());
        let (piece, stopped) = (piece.clone(), Arc::clone(&self.stopped));
        let (sender, receiver) = sync_channel(waiting(&table));
        self.handing_over.spawn(async move {
            let file = File {
                table,
                piece,
                path,
                has_deltas: destination.reads_deltas(),
            };
            Arrival {
                table: file.table.name,
                units: file.piece.changed,
                written: file
                    .hand_over(&*destination, receiver, permit, stopped)
                    .await,
            }
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
        let arrival = ended.map_err(|_| panicked("handing over a file"))?;
        if let Some(written) = self.unless_fatal(arrival.table, arrival.written)? {
            self.done.units += arrival.units;
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
        Error::Conflict { .. } | Error::Foreign { .. } | Error::Occupied { .. } => true,
        Error::BigQuery(error) => !error.is_fatal(),
        _ => false,
    }
}

/// Rows on their way to a file, in its order.
type Rows = Result<RecordBatch>;

/// A file on its way.
struct File {
    table: Table,
    piece: Piece,
    path: PathBuf,
    has_deltas: bool,
}

impl File {
    async fn hand_over(
        self,
        destination: &dyn Destination,
        rows: Receiver<Rows>,
        permit: OwnedSemaphorePermit,
        stopped: Arc<AtomicBool>,
    ) -> Result<Written> {
        let encoded = tokio::task::spawn_blocking(move || {
            let written = self.encode(rows, &stopped);
            drop(permit);
            written.map(|written| (self, written))
        });
        let (file, written) = encoded.await.map_err(|_| panicked("compressing"))??;
        let replaced = destination
            .replace(Replacement {
                table: &file.table,
                part: file.piece.part,
                units: &file.piece.fingerprints(),
                file: &file.path,
            })
            .await;
        // It may have been moved away.
        let _ = std::fs::remove_file(&file.path);
        replaced.map(|()| written)
    }

    /// Writes the rows, which must be as many as were counted: fewer are half a file.
    fn encode(&self, rows: Receiver<Rows>, stopped: &AtomicBool) -> Result<Written> {
        let layout = Layout {
            // Units come one after the other, each in the order of the key.
            is_sorted: self.piece.units.len() == 1,
            has_deltas: self.has_deltas,
        };
        let fingerprint = self.piece.fingerprint();
        let writer = Writer::laid_out(&self.path, &self.table, &fingerprint, layout)?;
        let written = encode(writer, &self.path, rows, stopped)?;
        if written.rows != self.piece.rows() {
            return Err(panicked("reading"));
        }
        Ok(written)
    }
}

fn encode(
    mut writer: Writer,
    path: &Path,
    rows: Receiver<Rows>,
    stopped: &AtomicBool,
) -> Result<Written> {
    // Runs are short, and each write costs something a column.
    let mut chunk: Vec<RecordBatch> = Vec::new();
    let mut size = 0;
    let unless_stopped = || match stopped.load(Ordering::Relaxed) {
        true => Err(panicked("compressing")),
        false => Ok(()),
    };
    for batch in rows {
        let batch = batch?;
        unless_stopped()?;
        size += self::size(&batch);
        chunk.push(batch);
        if size >= CHUNK {
            writer.write_all(&std::mem::take(&mut chunk))?;
            size = 0;
        }
    }
    unless_stopped()?;
    writer.write_all(&chunk)?;
    writer.finish(path)
}

fn waiting(table: &Table) -> usize {
    let is_list = |column: &Column| matches!(column.column_type, ColumnType::List(_));
    match table.columns.iter().any(is_list) {
        true => NESTED_WAITING,
        false => WAITING,
    }
}

/// Rows of a batch, or rows nested in them if those are more.
fn size(batch: &RecordBatch) -> usize {
    let lists = batch.columns().iter();
    let lists = lists.filter_map(|column| column.as_list_opt::<i32>());
    let nested = lists.map(|list| list.values().len());
    nested.chain([batch.num_rows()]).max().unwrap_or_default()
}

impl Original {
    /// Reads a piece month by month, so that no more than a month is in memory. An error is also sent, so
    /// that half a file is not taken for whole.
    fn read_piece(&self, piece: &Piece, sender: &SyncSender<Rows>) -> Result<()> {
        for (unit, content) in &piece.units {
            let read = self.read_unit(unit, content, sender);
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

    fn read_unit(&self, unit: &Unit, content: &Content, sender: &SyncSender<Rows>) -> Result<()> {
        let (publication, samples) = (&self.publication, content.samples);
        let send = |batch| sender.send(Ok(batch)).map_err(|_| panicked("compressing"));
        let mut views = publication.views.iter();
        if let Some(view) = views.find(|view| view.table.name == unit.table) {
            return nested::read(&self.reader, view, unit.part, samples, send);
        }
        match publication.table(&unit.table) {
            Some(table) => rows::read(&self.reader, table, unit.part, samples, send),
            None => Ok(()),
        }
    }
}

fn panicked(what: &str) -> Error {
    Error::Refused {
        reason: format!("{what} a file of a publication ended before its end"),
    }
}
