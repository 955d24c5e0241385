//! Brings the warehouse to what the archive holds: rows of what changed, and the position reached,
//! in one step.

mod bodies;
mod bundles;
mod defects;
mod imports;
mod kept;
mod runs;

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::sync_channel;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use arrow::array::AsArray;
use arrow::datatypes::Int64Type;
use jiff::Timestamp;
use warehouse::schema::Table;
use warehouse::{Limits, Warehouse};

use crate::archive::{Archive, Changes, Damage, Index, Interrupted, Line, Position};
use crate::config::Config;
use crate::error::Advised;
use crate::output::Terminal;
use crate::transform::{self, Batch};
use bundles::Bundles;
pub(crate) use defects::Defect;
pub(crate) use kept::Kept;

/// Pieces that may wait for the warehouse while the next is made.
const PIECES: usize = 2;

/// How long a load waits for another program to close the file.
const PATIENCE: Duration = Duration::from_secs(60);

/// A profile's archive with its index, and its warehouse.
#[derive(Debug)]
pub(crate) struct Loader {
    archive: Archive,
    warehouse: Warehouse,
    tables: Vec<Table>,
    index: Index,
    /// What the index has seen of the archive.
    scanned: Position,
    /// False while another program keeps the warehouse from saying how far it has come.
    is_position_known: bool,
    /// How far the warehouse says it has come, whether or not the archive still goes as far.
    reached: Position,
    /// What of the warehouse the archive can't make any more.
    kept: Kept,
    /// Changes that no load has brought to the warehouse.
    pending: Changes,
    damage: Vec<Damage>,
    options: transform::Options,
    cancel: Arc<AtomicBool>,
}

/// What a load did.
#[derive(Debug, Default)]
pub(crate) struct Loaded {
    pub(crate) workouts: usize,
    pub(crate) samples: u64,
    /// What a person should know: a foreign journal put aside, a view that no longer fits.
    pub(crate) notes: Vec<String>,
}

impl Loader {
    /// Reads the archive up to its end. What lies behind the warehouse's position is pending.
    pub(crate) fn open(config: &Config) -> Result<Self> {
        let profile = &config.profile;
        let mut loader = Self {
            archive: Archive::at(profile.archive()),
            warehouse: Warehouse::at(profile.warehouse()),
            tables: transform::tables(),
            index: Index::default(),
            scanned: Position::default(),
            is_position_known: false,
            reached: Position::default(),
            kept: Kept::default(),
            pending: Changes::default(),
            damage: Vec::new(),
            options: transform::Options {
                store_locations: config.settings.store_locations,
            },
            cancel: Arc::default(),
        };
        match loader.find_position() {
            Err(error) if is_locked(&error) => loader.scan_until(None)?,
            found => found?,
        }
        Ok(loader)
    }

    /// What lies behind the warehouse's position, once it can be read.
    fn find_position(&mut self) -> Result<()> {
        if self.is_position_known {
            return Ok(());
        }
        let loaded = position(&self.warehouse)?;
        // Where the archive does not reach the position any more, nobody knows what of it was loaded: all of
        // it is pending.
        let is_reached = loaded.map_or(Ok(false), |loaded| self.archive.reaches(loaded))?;
        self.scan_until(loaded.filter(|_| is_reached))?;
        self.reached = loaded.unwrap_or_default();
        if loaded.is_some() {
            self.find_kept()?;
        }
        self.is_position_known = true;
        Ok(())
    }

    fn find_kept(&mut self) -> Result<()> {
        self.kept = Kept::find(&self.warehouse, &self.archive, &self.index)?;
        // The login of another account is refused all the same.
        if self.index.own.is_none() && !self.kept.is_empty() {
            self.index.own = kept::own(&self.warehouse)?;
        }
        Ok(())
    }

    /// Reads the archive from its beginning; what was loaded is no change.
    fn scan_until(&mut self, loaded: Option<Position>) -> Result<()> {
        self.index = Index::default();
        self.scanned = Position::default();
        let mut is_loaded = loaded.is_some();
        let loaded = loaded.unwrap_or_default();
        let index = &mut self.index;
        let (scanned, damage) = self.archive.scan(self.scanned, |located, line| {
            let place = Position {
                segment: located.segment,
                offset: located.frame,
            };
            if is_loaded && place >= loaded {
                is_loaded = false;
                drop(index.take_changes());
            }
            index.observe(located, line)
        })?;
        if is_loaded {
            drop(index.take_changes());
        }
        self.scanned = scanned;
        self.damage = damage;
        Ok(())
    }

    /// Takes in what was appended since.
    pub(crate) fn catch_up(&mut self) -> Result<()> {
        let (index, cancel) = (&mut self.index, &self.cancel);
        let observe = |located, line: &Line<'_>| {
            heed(cancel)?;
            index.observe(located, line)
        };
        let (scanned, damage) = self.archive.scan(self.scanned, observe)?;
        self.scanned = scanned;
        self.damage = damage;
        Ok(())
    }

    pub(crate) fn index(&self) -> &Index {
        &self.index
    }

    /// Whether the archive has something that the warehouse has not.
    pub(crate) fn is_behind(&self) -> bool {
        !self.pending.is_empty() || self.index.has_changed()
    }

    pub(crate) fn archive(&self) -> &Archive {
        &self.archive
    }

    /// Where the next run writes.
    pub(crate) fn next_segment(&self, now: Timestamp) -> Result<PathBuf> {
        self.archive.next_segment(now, self.reached)
    }

    /// What only the warehouse has.
    pub(crate) fn kept(&self) -> &Kept {
        &self.kept
    }

    /// What of the archive can't be read or is gone.
    pub(crate) fn defects(&self) -> Result<Vec<Defect>> {
        let lost = self.archive.lost_segments(self.reached)?;
        defects::find(&self.damage, lost, &self.index)
    }

    pub(crate) fn damage(&self) -> &[Damage] {
        &self.damage
    }

    /// Setting it makes a load give up soon, leaving the published file as it is.
    pub(crate) fn cancel_flag(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.cancel)
    }

    /// Brings what changed to the warehouse. With nothing new the file is not touched.
    ///
    /// # Errors
    /// [`is_locked`] while another program has the warehouse open for writing.
    pub(crate) fn load(&mut self) -> Result<Option<Loaded>> {
        heed(&self.cancel)?;
        self.find_position()?;
        self.pending.merge(self.index.take_changes());
        if self.pending.is_empty() {
            return Ok(None);
        }
        if !self.kept.is_empty() {
            self.find_kept()?;
            self.kept.spare(&mut self.pending);
        }
        let views = transform::views();
        let load = self.warehouse.begin_load(&self.tables, &views)?;
        let loaded = self.fill(load)?;
        self.pending = Changes::default();
        Ok(Some(loaded))
    }

    /// Makes the warehouse anew from the whole archive. Where that would lose rows, it is refused; with
    /// `is_loss_accepted` the file is kept beside the new one.
    pub(crate) fn rebuild(&mut self, is_loss_accepted: bool) -> Result<Loaded> {
        self.find_position()?;
        if !self.kept.is_empty() && !is_loss_accepted {
            return Err(self.refusal().into());
        }
        drop(self.index.take_changes());
        self.pending = self.index.everything();
        let views = transform::views();
        let load = self.warehouse.begin_rebuild(&self.tables, &views)?;
        let loaded = match self.kept.is_empty() {
            true => self.fill(load)?,
            false => self.fill_beside(load)?,
        };
        self.pending = Changes::default();
        Ok(loaded)
    }

    /// The published file gets another name before it is replaced.
    fn fill_beside(&mut self, load: warehouse::Load) -> Result<Loaded> {
        let aside = self.warehouse.keep_aside()?;
        self.kept = Kept::default();
        let mut loaded = self.fill(load).inspect_err(|_| {
            // The published file is as it was, so the other name says nothing.
            let _ = std::fs::remove_file(&aside);
        })?;
        let aside = aside.display();
        loaded.notes.push(format!(
            "the warehouse as it was is kept as `{aside}`; `--on 'duckdb:{aside}'` asks it"
        ));
        Ok(loaded)
    }

    fn refusal(&self) -> Advised {
        Advised::new(
            format!(
                "a rebuild would lose what the archive can't make any more: {}",
                self.kept
            ),
            "put the archive back as it was, if there is a copy of it; else `peloton-looker sync --full` fetches \
             what Peloton still has, and `peloton-looker rebuild --accept-loss` does without the rest and keeps \
             the old file beside the new one",
        )
    }

    /// Loads or rebuilds; while another program has the warehouse open for writing, waits and says
    /// who it is.
    pub(crate) fn when_free<T>(
        &mut self,
        terminal: &Terminal,
        mut load: impl FnMut(&mut Self) -> Result<T>,
    ) -> Result<T> {
        let started = Instant::now();
        let mut is_said = false;
        loop {
            let error = match load(self) {
                Err(error) if is_locked(&error) && !self.cancel.load(Ordering::Relaxed) => error,
                result => return result,
            };
            if started.elapsed() > PATIENCE {
                return Err(error.context(Advised::new(
                    "it is still not closed there",
                    "nothing is lost, the archive has everything: close the file there, then run `peloton-looker sync`",
                )));
            }
            if !is_said {
                is_said = true;
                terminal.warn(&format!("{error:#}; waiting until it is closed there"));
            }
            std::thread::sleep(Duration::from_millis(250));
        }
    }

    /// Makes rows in one thread and appends them in this one.
    fn fill(&self, mut load: warehouse::Load) -> Result<Loaded> {
        let tables: HashMap<&str, &Table> = self
            .tables
            .iter()
            .map(|table| (table.name, table))
            .collect();
        let mut loaded = Loaded::default();
        self.forget_derived(&mut load)?;
        std::thread::scope(|scope| -> Result<()> {
            let (sender, receiver) = sync_channel(PIECES);
            let maker = scope.spawn(move || {
                let hand_over = |piece| {
                    heed(&self.cancel)?;
                    sender.send(piece).context("the load has ended")
                };
                Bundles::new(&self.archive, &self.index, self.options, hand_over)?
                    .make(&self.pending)
            });
            let mut appended = Ok(());
            for piece in &receiver {
                appended = heed(&self.cancel)
                    .and_then(|()| append(&mut load, &tables, piece, &mut loaded));
                if appended.is_err() {
                    break;
                }
            }
            drop(receiver);
            let made = match maker.join() {
                Ok(made) => made,
                Err(_) => bail!("making the rows panicked"),
            };
            // The warehouse's error is the cause, the maker's only its echo.
            appended.and(made)
        })?;
        heed(&self.cancel)?;
        if self.pending.touches_imports() {
            self.kept.settle_imports(&load, self.index.own.as_deref())?;
        }
        save_position(&mut load, self.scanned)?;
        loaded.notes = load.publish()?.notes;
        Ok(loaded)
    }

    /// Rows that are made anew as a whole, whatever their ids were.
    fn forget_derived(&self, load: &mut warehouse::Load) -> Result<()> {
        if self.pending.touches_imports() {
            self.kept.forget_imports(load)?;
        }
        if self.pending.catalog {
            load.execute("DELETE FROM catalog")?;
        }
        if self.pending.items {
            load.execute("DELETE FROM sync_items WHERE status <> 'unreadable'")?;
        }
        // What is read anew says again what of it is not readable.
        let unreadable = load
            .strings("SELECT endpoint || ' ' || key FROM sync_items WHERE status = 'unreadable'")?;
        let stale: Vec<String> = unreadable
            .into_iter()
            .filter(|item| {
                item.split_once(' ')
                    .is_some_and(|(table, key)| self.is_made_anew(table, key))
            })
            .map(|item| format!("'{}'", item.replace('\'', "''")))
            .collect();
        for items in stale.chunks(1_000) {
            let items = items.join(", ");
            load.execute(&format!(
                "DELETE FROM sync_items WHERE status = 'unreadable' AND endpoint || ' ' || key IN ({items})"
            ))?;
        }
        Ok(())
    }

    fn is_made_anew(&self, table: &str, key: &str) -> bool {
        match table {
            "catalog" => self.pending.catalog,
            "follows" => !self.pending.members.is_empty(),
            _ => self.pending.contains(key),
        }
    }
}

/// Ends what it is asked in, once somebody wants the load to give up.
fn heed(cancel: &AtomicBool) -> Result<()> {
    match cancel.load(Ordering::Relaxed) {
        true => Err(Interrupted.into()),
        false => Ok(()),
    }
}

/// Whether another program has the warehouse open for writing.
pub(crate) fn is_locked(error: &anyhow::Error) -> bool {
    let mut causes = error.chain();
    causes.any(|cause| matches!(cause.downcast_ref(), Some(warehouse::Error::Locked { .. })))
}

fn append(
    load: &mut warehouse::Load,
    tables: &HashMap<&str, &Table>,
    piece: Vec<Batch>,
    loaded: &mut Loaded,
) -> Result<()> {
    for batch in piece {
        let table = tables
            .get(batch.table)
            .with_context(|| format!("table `{}`", batch.table))?;
        match table.name {
            "workouts" => loaded.workouts += batch.rows.num_rows(),
            "workout_stats" => loaded.samples += batch.rows.num_rows() as u64,
            _ => {}
        }
        let values: Vec<&str> = batch.replaced.iter().map(String::as_str).collect();
        load.replace(table, &values, [batch.rows])
            .with_context(|| format!("load `{}`", table.name))?;
    }
    Ok(())
}

/// The place in the archive up to which the warehouse has it; none before the first load.
fn position(warehouse: &Warehouse) -> Result<Option<Position>> {
    let reader = match warehouse.read(Limits::default()) {
        Ok(reader) => reader,
        Err(warehouse::Error::Missing { .. }) => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    // A DuckDB file of another program has no such table; the load then refuses it by name.
    let known = reader.batches(
        "SELECT 1 FROM duckdb_tables() WHERE schema_name = 'state' AND table_name = 'position'",
    )?;
    if known.iter().all(|batch| batch.num_rows() == 0) {
        return Ok(None);
    }
    let batches =
        reader.batches("SELECT segment::BIGINT, \"offset\"::BIGINT FROM state.position")?;
    let Some(batch) = batches.iter().find(|batch| batch.num_rows() > 0) else {
        return Ok(None);
    };
    let number = |column: usize| batch.column(column).as_primitive::<Int64Type>().value(0);
    Ok(Some(Position {
        segment: u32::try_from(number(0)).context("the segment of the position")?,
        offset: u64::try_from(number(1)).context("the offset of the position")?,
    }))
}

fn save_position(load: &mut warehouse::Load, position: Position) -> Result<()> {
    let Position { segment, offset } = position;
    load.execute("CREATE TABLE IF NOT EXISTS state.position(segment INTEGER, \"offset\" BIGINT)")?;
    load.execute("DELETE FROM state.position")?;
    load.execute(&format!(
        "INSERT INTO state.position VALUES ({segment}, {offset})"
    ))?;
    Ok(())
}

impl Loaded {
    pub(crate) fn add(&mut self, other: Self) {
        self.workouts += other.workouts;
        self.samples += other.samples;
        self.notes.extend(other.notes);
    }
}
