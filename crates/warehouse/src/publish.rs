//! Brings a destination to the state of the warehouse: what differs is found by fingerprints, written as
//! Parquet, and handed over.

mod rows;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::time::{Duration, Instant};

use arrow::array::{Array, AsArray, RecordBatch};
use arrow::datatypes::Int64Type;
use tempfile::TempDir;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::JoinSet;

use crate::SCHEMA_VERSION;
use crate::destination::{Destination, Found, Replacement, Size, Transport};
use crate::duckdb::{Reader, quoted};
use crate::error::{Error, IoContext, Result};
use crate::parquet::{Writer, Written};
use crate::schema::{Table, View};
use crate::unit::{Fingerprint, Month, Part, Unit};

/// Files on their way at once.
const AT_ONCE: usize = 4;

/// Files that are being compressed at once; each holds the rows of a month.
const ENCODERS: usize = 2;

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

/// One file that will be handed over.
#[derive(Debug, Clone, PartialEq)]
pub struct Piece {
    /// Name of its table.
    pub table: &'static str,
    /// Which rows it replaces.
    pub part: Part,
    /// What it brings.
    pub units: BTreeMap<Unit, Fingerprint>,
    /// How many of the units differ from what is there.
    pub changed: usize,
    /// Its rows.
    pub rows: u64,
}

/// What has to be done.
#[derive(Debug, Default)]
pub struct Plan {
    /// Files to hand over.
    pub pieces: Vec<Piece>,
    /// Units of which no rows are left.
    pub removed: Vec<(&'static str, Unit)>,
    /// Units that are there as they are here.
    pub current: usize,
    /// What a person should know of the destination.
    pub notes: Vec<String>,
    /// Tables without any rows, which shall be there nevertheless.
    empty: Vec<&'static str>,
}

impl Plan {
    /// Whether the destination has everything.
    pub fn is_empty(&self) -> bool {
        self.pieces.is_empty() && self.removed.is_empty()
    }

    /// Units that will be replaced or removed because they differ.
    pub fn unit_count(&self) -> usize {
        self.pieces.iter().map(|piece| piece.changed).sum::<usize>() + self.removed.len()
    }
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

/// Compares what is here with what is there.
///
/// # Errors
/// Those of the warehouse and of the destination's [`Destination::published`].
pub async fn plan(
    reader: &Reader,
    publication: &Publication,
    destination: &dyn Destination,
    is_full: bool,
) -> Result<Plan> {
    let found = destination.published().await?;
    let mut plan = Plan::default();
    for table in &publication.tables {
        let contents = contents(reader, table, &rows_of(table), "")?;
        plan.add(table, &contents, destination, &found, is_full);
    }
    for view in &publication.views {
        let contents = contents(reader, &view.table, &view.digest, &view.sql)?;
        plan.add(&view.table, &contents, destination, &found, is_full);
    }
    plan.notes = found.notes;
    Ok(plan)
}

impl Plan {
    fn add(
        &mut self,
        table: &Table,
        contents: &BTreeMap<Part, Content>,
        destination: &dyn Destination,
        found: &Found,
        is_full: bool,
    ) {
        let size = Size {
            samples: contents.values().map(|content| content.samples).sum(),
            has_undated: contents.contains_key(&Part::Undated),
        };
        let transport = destination.transport(table, size);
        if transport == Transport::Absent {
            return;
        }
        let unit = |part: &Part| Unit {
            table: table.name.to_owned(),
            part: *part,
        };
        let differs = |part: &Part, content: &Content| {
            is_full || found.units.get(&unit(part)) != Some(&content.fingerprint)
        };
        let changed: Vec<(&Part, &Content)> = contents
            .iter()
            .filter(|(part, content)| differs(part, content))
            .collect();
        self.current += contents.len() - changed.len();
        let gone: Vec<Unit> = found
            .units
            .keys()
            .filter(|unit| unit.table == table.name && !contents.contains_key(&unit.part))
            .cloned()
            .collect();
        if contents.is_empty() && gone.is_empty() {
            self.empty.push(table.name);
        }
        let is_changed = !changed.is_empty() || !gone.is_empty();
        match transport {
            Transport::Whole if is_changed => self.pieces.push(Piece {
                table: table.name,
                part: Part::All,
                units: contents
                    .iter()
                    .map(|(part, content)| (unit(part), content.fingerprint.clone()))
                    .collect(),
                changed: changed.len() + gone.len(),
                rows: contents.values().map(|content| content.rows).sum(),
            }),
            Transport::ByUnit => {
                let piece = |(part, content): (&Part, &Content)| Piece {
                    table: table.name,
                    part: *part,
                    units: [(unit(part), content.fingerprint.clone())].into(),
                    changed: 1,
                    rows: content.rows,
                };
                self.pieces.extend(changed.into_iter().map(piece));
                self.removed
                    .extend(gone.into_iter().map(|unit| (table.name, unit)));
            }
            _ => {}
        }
    }
}

/// Size of each file that a plan would hand over, in the plan's order: they are written and thrown away.
///
/// # Errors
/// Those of the warehouse and of the disk.
pub fn measure(reader: &Reader, publication: &Publication, plan: &Plan) -> Result<Vec<Written>> {
    let folder = tempfile::tempdir().at("create a folder in", &std::env::temp_dir())?;
    let path = folder.path().join("piece.parquet");
    let mut sizes = Vec::new();
    for piece in &plan.pieces {
        if let Some(table) = publication.table(piece.table) {
            let fingerprint = fingerprint(piece);
            let written = std::thread::scope(|scope| {
                let (sender, receiver) = sync_channel(1);
                let encoder = scope.spawn(|| encode(table, &fingerprint, &path, receiver));
                let read = publication.read(reader, piece, &sender);
                drop(sender);
                let encoded = encoder
                    .join()
                    .unwrap_or_else(|_| Err(panicked("compressing")));
                read.and(encoded)
            });
            sizes.push(written?);
        }
    }
    Ok(sizes)
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
        let (part, units, name) = (piece.part, piece.units.clone(), table.name);
        let fingerprint = fingerprint(piece);
        let (sender, receiver) = sync_channel(1);
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

/// What a unit holds.
#[derive(Debug)]
struct Content {
    fingerprint: Fingerprint,
    rows: u64,
    samples: u64,
}

/// A SELECT of `month`, `digest` and `samples` of each row.
fn rows_of(table: &Table) -> String {
    let columns: Vec<String> = table
        .columns
        .iter()
        .map(|column| quoted(column.name))
        .collect();
    let month = match table.partition_by {
        Some(column) => month_of(&quoted(column)),
        None => "NULL::DATE".to_owned(),
    };
    format!(
        "SELECT {month} AS month, hash({}) AS digest, 1 AS samples FROM main.{}",
        columns.join(", "),
        quoted(table.name)
    )
}

/// The first day of a value's month; NULL for what no calendar of a destination has.
fn month_of(value: &str) -> String {
    format!(
        "CASE WHEN year({value}) BETWEEN 1 AND 9999 THEN date_trunc('month', {value})::DATE END"
    )
}

fn contents(
    reader: &Reader,
    table: &Table,
    rows: &str,
    recipe: &str,
) -> Result<BTreeMap<Part, Content>> {
    let sql = format!(
        "SELECT year(month)::BIGINT, month(month)::BIGINT, count(*)::BIGINT, sum(samples)::BIGINT, \
         sum(digest)::VARCHAR, bit_xor(digest)::VARCHAR FROM ({rows}) GROUP BY month"
    );
    let shape = shape(table);
    let mut contents = BTreeMap::new();
    for batch in reader.batches(&sql)? {
        for row in 0..batch.num_rows() {
            let part = match table.partition_by {
                None => Part::All,
                Some(_) => part(&batch, row),
            };
            let (rows, sum, xor) = (
                count(&batch, 2, row),
                text(&batch, 4, row),
                text(&batch, 5, row),
            );
            let whole = format!("{SCHEMA_VERSION}\n{shape}\n{recipe}\n{rows} {sum} {xor}");
            let content = Content {
                fingerprint: Fingerprint::of(&whole),
                rows,
                samples: count(&batch, 3, row),
            };
            contents.insert(part, content);
        }
    }
    if contents.is_empty() && table.partition_by.is_none() {
        let content = Content {
            fingerprint: Fingerprint::of(&format!("{SCHEMA_VERSION}\n{shape}\n{recipe}\nnothing")),
            rows: 0,
            samples: 0,
        };
        contents.insert(Part::All, content);
    }
    Ok(contents)
}

/// Names and types of the columns: where they change, the files do.
fn shape(table: &Table) -> String {
    let columns = table.columns.iter();
    let shown =
        columns.map(|column| format!("{} {}", column.name, column.column_type.duckdb_type()));
    shown.collect::<Vec<_>>().join(", ")
}

fn part(batch: &RecordBatch, row: usize) -> Part {
    let number = |column: usize| {
        let column = batch.column(column).as_primitive::<Int64Type>();
        column.is_valid(row).then(|| column.value(row))
    };
    let month = number(0).zip(number(1)).and_then(|(year, month)| {
        Some(Month {
            year: i16::try_from(year).ok()?,
            month: i8::try_from(month).ok()?,
        })
    });
    month.map_or(Part::Undated, Part::Month)
}

fn count(batch: &RecordBatch, column: usize, row: usize) -> u64 {
    let column = batch.column(column).as_primitive::<Int64Type>();
    column.value(row).unsigned_abs()
}

fn text(batch: &RecordBatch, column: usize, row: usize) -> String {
    batch
        .column(column)
        .as_string::<i32>()
        .value(row)
        .to_owned()
}

/// What the metadata of a piece's file says.
fn fingerprint(piece: &Piece) -> Fingerprint {
    match piece.units.values().next() {
        Some(fingerprint) if piece.units.len() == 1 => fingerprint.clone(),
        _ => Fingerprint::of(&format!("{:?}", piece.units)),
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
    for batch in rows {
        writer.write(&batch?)?;
    }
    writer.finish(path)
}

impl Publication {
    /// Reads a piece month by month, so that no more than a month is in memory. An error is also sent, so
    /// that half a file is not taken for whole.
    fn read(&self, reader: &Reader, piece: &Piece, sender: &SyncSender<Rows>) -> Result<()> {
        for unit in piece.units.keys() {
            let read = self.read_unit(reader, unit, piece.rows, sender);
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
        rows: u64,
        sender: &SyncSender<Rows>,
    ) -> Result<()> {
        if let Some(view) = self.views.iter().find(|view| view.table.name == unit.table) {
            return rows::of_view(reader, view, unit.part, sender);
        }
        match self.table(&unit.table) {
            Some(table) => rows::of_table(reader, table, unit.part, rows, sender),
            None => Ok(()),
        }
    }
}

fn panicked(what: &str) -> Error {
    Error::Refused {
        reason: format!("{what} a file of a publication ended before its end"),
    }
}
