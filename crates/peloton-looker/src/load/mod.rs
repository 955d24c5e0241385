//! Brings the warehouse to what the archive holds: rows of what changed, and the position reached,
//! in one step.

mod append;
mod bodies;
mod bundles;
mod defects;
mod imports;
mod kept;
mod kept_imports;
mod ledger;
mod losses;
mod runs;

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::sync_channel;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use jiff::Timestamp;
use warehouse::Warehouse;
use warehouse::schema::Table;

use crate::archive::{Archive, Changes, Index, Interrupted, Line};
use crate::config::Config;
use crate::error::Advised;
use crate::output::Terminal;
use crate::transform;
use bodies::Bodies;
use bundles::Bundles;
pub(crate) use defects::Defect;
pub(crate) use kept::Kept;
use kept_imports::KeptImports;
use ledger::{Ledger, Reached};
use losses::Losses;

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
    /// False while another program keeps the warehouse from saying how far it has come.
    is_position_known: bool,
    /// How far it has come.
    ledger: Ledger,
    /// Whether the archive has lost something that the warehouse was made from. Loads then add to it, and take
    /// nothing away.
    is_short: bool,
    /// What of the warehouse the archive can't make any more.
    kept: Kept,
    /// Changes that no load has brought to the warehouse.
    pending: Changes,
    options: transform::Options,
    /// Whether all of it is invented.
    is_demo: bool,
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
            is_position_known: false,
            ledger: Ledger::default(),
            is_short: false,
            kept: Kept::default(),
            pending: Changes::default(),
            options: transform::Options {
                store_locations: config.settings.store_locations,
            },
            is_demo: profile.demo_marker().exists(),
            cancel: Arc::default(),
        };
        match loader.find_position() {
            Err(error) if is_locked(&error) => loader.scan_after(None)?,
            found => found?,
        }
        Ok(loader)
    }

    /// What the warehouse does not have yet, once it can be read.
    fn find_position(&mut self) -> Result<()> {
        if self.is_position_known {
            return Ok(());
        }
        let reached = Reached::read(&self.warehouse)?;
        self.scan_after(reached.as_ref())?;
        if let Some(reached) = reached {
            self.ledger = reached.into_ledger(&self.archive);
            self.is_short = self.ledger.is_lost(&self.archive);
        }
        if self.is_short {
            self.find_kept()?;
        }
        self.is_position_known = true;
        Ok(())
    }

    fn find_kept(&mut self) -> Result<()> {
        self.kept = Kept::find(&self.warehouse, &self.tables, &self.index)?;
        // The login of another account is refused all the same.
        if self.index.own.is_none() {
            self.index.own = kept::own(&self.warehouse)?;
        }
        Ok(())
    }

    /// Reads the archive from its beginning; what was loaded is no change.
    fn scan_after(&mut self, reached: Option<&Reached>) -> Result<()> {
        self.index = Index::default();
        self.archive.begin_again();
        self.archive.meet()?;
        let met = self.archive.met().iter();
        let loaded = met.map(|segment| reached.map_or(0, |reached| reached.loaded(segment)));
        let loaded: Vec<u64> = loaded.collect();
        let (index, pending) = (&mut self.index, &mut self.pending);
        let mut was_loaded = false;
        self.archive.scan(|located, line| {
            let loaded = loaded.get(located.segment as usize).copied();
            let is_loaded = located.frame < loaded.unwrap_or_default();
            if is_loaded != was_loaded {
                let changes = index.take_changes();
                if is_loaded {
                    pending.merge(changes);
                }
                was_loaded = is_loaded;
            }
            index.observe(located, line)
        })?;
        if was_loaded {
            drop(index.take_changes());
        }
        Ok(())
    }

    /// Takes in what was appended since.
    pub(crate) fn catch_up(&mut self) -> Result<()> {
        let (index, cancel) = (&mut self.index, &self.cancel);
        self.archive.scan(|located, line: &Line<'_>| {
            heed(cancel)?;
            index.observe(located, line)
        })
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
        self.archive.next_segment(now, self.ledger.last_number())
    }

    /// What only the warehouse has.
    pub(crate) fn kept(&self) -> &Kept {
        &self.kept
    }

    /// What of the archive can't be read or is gone.
    pub(crate) fn defects(&self) -> Result<Vec<Defect>> {
        let mut defects = defects::find(&self.archive, &self.ledger, &self.index)?;
        // Without an account there is nothing but files, and all that was in them is there.
        let has_files_only = self.index.own.is_none() && !self.index.imports.is_empty();
        let is_loaded = self.is_position_known && !self.ledger.is_empty();
        if has_files_only && is_loaded && self.kept.is_empty() {
            defects.iter_mut().for_each(|it| it.is_mended = true);
        }
        Ok(defects)
    }

    /// How what the archive has lost is had again, as far as it can be.
    pub(crate) fn way_back(&self) -> &'static str {
        match &self.index.own {
            _ if self.is_demo => "`peloton-looker demo` makes all of it anew",
            Some(_) => "`peloton-looker sync --full` fetches what Peloton still has",
            None => "`peloton-looker import FILE` takes in the files that you still have",
        }
    }

    /// Whether a load can add to the warehouse.
    ///
    /// # Errors
    /// That only a rebuild helps, with what that would cost.
    pub(crate) fn check_warehouse(&self) -> Result<()> {
        match self.warehouse.check(&self.tables) {
            Err(error) if needs_rebuild(&error) && !self.kept.is_empty() => {
                Err(Advised::new(error.to_string(), self.only_a_rebuild()).into())
            }
            // Whoever has it open is waited for, when there is something to load.
            Err(error @ warehouse::Error::Locked { .. }) => {
                tracing::info!("{error}");
                Ok(())
            }
            checked => Ok(checked?),
        }
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
        if self.is_short {
            self.find_kept()?;
            self.kept.add_to(&mut self.pending);
        }
        if self.pending.is_empty() {
            return Ok(None);
        }
        let views = transform::views();
        let mut load = self.warehouse.begin_load(&self.tables, &views)?;
        let mut loaded = self.fill(&mut load, self.is_short)?;
        self.ledger.take(&self.archive);
        self.ledger.save(&load)?;
        loaded.notes = load.publish()?.notes;
        self.pending = Changes::default();
        Ok(Some(loaded))
    }

    /// Makes the warehouse anew from the whole archive. Where the archive has lost something and the old file has
    /// rows that the new one would lack, it is refused; with `is_loss_accepted` the old file is kept beside it.
    pub(crate) fn rebuild(&mut self, is_loss_accepted: bool) -> Result<Loaded> {
        self.find_position()?;
        if self.is_short && self.warehouse.check(&self.tables).is_ok() {
            // Else what the archive has newer would look like a loss.
            self.load()?;
        }
        drop(self.index.take_changes());
        self.pending = self.index.everything();
        let views = transform::views();
        let mut load = self.warehouse.begin_rebuild(&self.tables, &views)?;
        let mut loaded = self.fill(&mut load, false)?;
        let losses = match self.is_short {
            true => Losses::of(load.losses(&self.tables, kept::silence)?),
            false => Losses::default(),
        };
        if !losses.is_empty() && !is_loss_accepted {
            return Err(self.refusal(&losses).into());
        }
        self.ledger.begin_anew(&self.archive);
        self.ledger.save(&load)?;
        loaded.notes = match losses.is_empty() {
            true => load.publish()?.notes,
            false => self.publish_beside(load)?,
        };
        self.pending = Changes::default();
        (self.kept, self.is_short) = (Kept::default(), false);
        Ok(loaded)
    }

    /// The published file gets another name before it is replaced.
    fn publish_beside(&self, load: warehouse::Load) -> Result<Vec<String>> {
        let aside = self.warehouse.keep_aside()?;
        let published = load.publish().inspect_err(|_| {
            // The published file is as it was, so the other name says nothing.
            let _ = std::fs::remove_file(&aside);
        })?;
        let aside = aside.display();
        let note = format!(
            "the warehouse as it was is kept as `{aside}`; `--on 'duckdb:{aside}'` asks it"
        );
        Ok(published.notes.into_iter().chain([note]).collect())
    }

    fn refusal(&self, losses: &Losses) -> Advised {
        let hint = match self.warehouse.check(&self.tables) {
            Err(error) if needs_rebuild(&error) => self.only_a_rebuild(),
            _ => format!(
                "put the archive back as it was, if there is a copy of it; else {}, and `peloton-looker rebuild \
                 --accept-loss` does without the rest and keeps the old file beside the new one",
                self.way_back()
            ),
        };
        let message =
            format!("a rebuild would lose what the archive can't make any more: {losses}");
        Advised::new(message, hint)
    }

    /// What to do where no load can add to the warehouse, and the archive can't make all of it.
    fn only_a_rebuild(&self) -> String {
        format!(
            "put the archive back as it was, if there is a copy of it, and run `peloton-looker rebuild`; else \
             `peloton-looker rebuild --accept-loss` makes a new warehouse of what is left and keeps the old file \
             beside it, then {}",
            self.way_back()
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
                    "nothing is lost, what was fetched is in the archive: close the file there, then run `peloton-looker sync`",
                )));
            }
            if !is_said {
                is_said = true;
                terminal.warn(&format!("{error:#}; waiting until it is closed there"));
            }
            std::thread::sleep(Duration::from_millis(250));
        }
    }

    /// Makes rows in one thread and appends them in this one; with `is_adding`, nothing is replaced by less.
    fn fill(&self, load: &mut warehouse::Load, is_adding: bool) -> Result<Loaded> {
        let tables: HashMap<&str, &Table> = self
            .tables
            .iter()
            .map(|table| (table.name, table))
            .collect();
        let mut loaded = Loaded::default();
        let kept_imports = self.kept_imports(load, is_adding)?;
        self.forget_derived(load, &kept_imports)?;
        let kept = is_adding.then_some(&self.kept);
        std::thread::scope(|scope| -> Result<()> {
            let (sender, receiver) = sync_channel(PIECES);
            let maker = scope.spawn(move || {
                let hand_over = |piece| {
                    heed(&self.cancel)?;
                    sender.send(piece).context("the load has ended")
                };
                Bundles::new(&self.archive, &self.index, kept, self.options, hand_over)
                    .make(&self.pending)
            });
            let mut appended = Ok(());
            for piece in &receiver {
                appended = heed(&self.cancel)
                    .and_then(|()| append::piece(load, &tables, piece, is_adding, &mut loaded));
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
        kept_imports.settle(load, self.index.own.as_deref())?;
        Ok(loaded)
    }

    fn kept_imports(&self, load: &warehouse::Load, is_adding: bool) -> Result<KeptImports> {
        if !is_adding || !self.pending.touches_imports() {
            return Ok(KeptImports::default());
        }
        let known = imports::ids(&self.index, &mut Bodies::new(&self.archive))?;
        KeptImports::find(load, &known)
    }

    /// Rows that are made anew as a whole, whatever their ids were.
    fn forget_derived(&self, load: &warehouse::Load, kept: &KeptImports) -> Result<()> {
        if self.pending.touches_imports() {
            kept.forget_others(load)?;
        }
        if self.pending.catalog && self.index.catalog.good.is_some() {
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

fn needs_rebuild(error: &warehouse::Error) -> bool {
    use warehouse::Error;
    matches!(error, Error::OtherVersion { .. } | Error::Lacking { .. })
}

impl Loaded {
    pub(crate) fn add(&mut self, other: Self) {
        self.workouts += other.workouts;
        self.samples += other.samples;
        self.notes.extend(other.notes);
    }
}
