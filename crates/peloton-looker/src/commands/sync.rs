//! `sync`: the main job.

mod progress;
mod report;

use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use futures::FutureExt;
use jiff::Timestamp;
use peloton_api::{Client, Stats};
use tokio::runtime::Handle;
use tokio::task::JoinHandle;
use warehouse::Lock;

use super::interruption::{Interruption, finish_renewal};
use super::{Context, Outcome, runtime};
use crate::archive::{Index, Observation, Privacy, RunNote, Writer, endpoint, run_id};
use crate::cli::{SyncArgs, TextFormat};
use crate::config::Profile;
use crate::credentials::{self, Pace};
use crate::extract::{Ending, Options, Run, Tally, Who};
use crate::load::{Defect, Loaded, Loader, is_locked};
use crate::output::Terminal;
use crate::places;
use progress::Progress;
use report::Summary;

/// How often a long sync brings to the warehouse what it has.
const LOAD_EVERY: Duration = Duration::from_secs(60);
/// So long after Ctrl-C a load is told to give up, and has the rest of two seconds to do so; what it does
/// not finish, the next run loads.
const LAST_LOAD: Duration = Duration::from_millis(1200);
/// With less time left than this, none is begun.
const LEAST_LOAD: Duration = Duration::from_millis(500);
/// A load that takes longer than this is told of.
const LONG_LOAD: Duration = Duration::from_secs(1);

pub(crate) fn run(args: &SyncArgs, context: &Context) -> Result<Outcome> {
    places::check(&args.publish)?;
    let settings = &context.config;
    places::check(&settings.settings.publish)
        .with_context(|| format!("read `{}`", settings.settings_path.display()))?;
    runtime()?.block_on(async {
        let stop = Interruption::listen()?;
        let Some(every) = args.every else {
            return once(args, context, &stop).await;
        };
        loop {
            match once(args, context, &stop).await {
                Ok(Outcome::Interrupted) => return Ok(Outcome::Interrupted),
                Ok(_) => {}
                // Only a person can log in again; everything else may be over in some hours.
                Err(error) if crate::error::needs_person(&error) => return Err(error),
                Err(error) => crate::error::print(&error, &context.terminal),
            }
            let pause = Duration::try_from(every).context("read --every")?;
            context.terminal.say(&format!(
                "Next sync at {}.",
                report::clock(Timestamp::now() + every)
            ));
            tokio::select! {
                () = tokio::time::sleep(pause) => {}
                () = stop.comes() => return Ok(Outcome::Interrupted),
            }
        }
    })
}

/// Takes the profile for this process; the error names who has it.
pub(crate) fn lock(profile: &Profile, purpose: &str) -> Result<Lock> {
    Ok(Lock::acquire(profile.state().join("lock"), purpose)?)
}

async fn once(args: &SyncArgs, context: &Context, stop: &Interruption) -> Result<Outcome> {
    let (config, terminal) = (&context.config, &context.terminal);
    let pace = Pace::resolve(config, args.rate, args.concurrency);
    let options = options(args, context, pace);
    config.profile.refuse_demo()?;
    if args.dry_run {
        return dry_run(args, context, pace, options, stop).await;
    }
    config.profile.create()?;
    let outcome = {
        let _lock = lock(&config.profile, "sync")?;
        let given = config.clone();
        let open = move || Ok((credentials::client(&given, pace)?, Loader::open(&given)?));
        let Some((client, loader)) = stop.unless_it_comes(open).await? else {
            return Ok(Outcome::Interrupted);
        };
        report_losses(&loader, terminal)?;
        loader.check_warehouse()?;
        loader.archive().cut_torn_tails()?;
        let outcome = sync(client.clone(), options, loader, context, stop, args.format).await;
        finish_renewal(&client, terminal).await;
        outcome?
    };
    // A slow destination keeps no other sync waiting.
    publish(outcome, args, context, stop).await
}

/// Brings the copies up to date, whatever of the sync could not be had.
async fn publish(
    outcome: Outcome,
    args: &SyncArgs,
    context: &Context,
    stop: &Interruption,
) -> Result<Outcome> {
    let targets = match args.publish.is_empty() {
        true => &context.config.settings.publish,
        false => &args.publish,
    };
    if outcome == Outcome::Interrupted {
        return Ok(outcome);
    }
    if let Err(error) = places::forget_last_sync(&context.config) {
        tracing::info!("{error:#}");
    }
    if targets.is_empty() {
        return Ok(outcome);
    }
    let stop = stop.comes().shared();
    Ok(
        match super::publish::after_sync(targets, context, stop).await {
            Outcome::Complete => outcome,
            published => published,
        },
    )
}

fn options(args: &SyncArgs, context: &Context, pace: Pace) -> Options {
    let who = if args.me_only {
        Who::Me
    } else if args.member.is_empty() {
        Who::Everybody
    } else {
        Who::Only(args.member.clone())
    };
    let store_locations = context.config.settings.store_locations;
    Options {
        who,
        workouts: args.workout.clone(),
        is_full: args.full,
        is_dry: args.dry_run,
        concurrency: pace.concurrency,
        privacy: Privacy { store_locations },
    }
}

/// Lists what there is and prints what would be fetched; nothing is written.
async fn dry_run(
    args: &SyncArgs,
    context: &Context,
    pace: Pace,
    options: Options,
    stop: &Interruption,
) -> Result<Outcome> {
    let (config, runtime) = (context.config.clone(), Handle::current());
    let open = move || {
        let client = runtime.block_on(credentials::reading_client(&config, pace))?;
        Ok((client, Loader::open(&config)?))
    };
    let Some((client, loader)) = stop.unless_it_comes(open).await? else {
        return Ok(Outcome::Interrupted);
    };
    let mut run = Run::new(
        client.clone(),
        options,
        loader.index().clone(),
        None,
        Timestamp::now(),
    );
    let ending = run.go(stop.comes(), |_| {}).await;
    finish_renewal(&client, &context.terminal).await;
    match ending? {
        Ending::Done => {
            report::unmatched(&context.terminal, &run.tally);
            report::plan(&run, pace, args.format)?;
            Ok(Outcome::Complete)
        }
        Ending::Interrupted => Ok(Outcome::Interrupted),
        Ending::Paused { until } => Err(peloton_api::Error::RateLimited { retry_at: until }.into()),
        Ending::Stopped(error) => Err(error.into()),
    }
}

/// The whole job, also of `demo`: fetch, archive, load, report.
pub(crate) async fn sync(
    client: Client,
    options: Options,
    loader: Loader,
    context: &Context,
    stop: &Interruption,
    format: TextFormat,
) -> Result<Outcome> {
    let terminal = &context.terminal;
    let started = Instant::now();
    let now = Timestamp::now();
    let path = loader.next_segment(now)?;
    let run_id = run_id(&path);
    let writer = Writer::create(path)?;
    note(&writer, &run_id, now, &RunNote::begun("sync"))?;
    let was_behind = loader.is_behind();
    let mends = mends(&options, &loader)?;
    let mut loads = Loads::new(loader, *terminal);
    let index = loads.index()?.clone();
    let mut run = Run::new(client.clone(), options, index, Some(&writer), now);
    let ending = match fetch(&mut run, &mut loads, &writer, &client, stop).await {
        Ok(ending) => ending,
        Err(error) => {
            loads.give_up().await;
            let failed = failure_note(&error);
            // Where the archive itself is what failed, the note has no place; the error says why.
            let _ = note(&writer, &run_id, Timestamp::now(), &failed).and_then(|()| writer.close());
            return Err(error);
        }
    };
    let ended = Instant::now();
    let tally = run.into_tally();
    let last_note = end_note(&ending, &tally, client.stats(), mends);
    note(&writer, &run_id, Timestamp::now(), &last_note)?;
    writer.close()?;
    let is_loaded = load_rest(&mut loads, &ending, ended, stop).await?;
    let summary = Summary {
        ending: &ending,
        tally: &tally,
        loaded: &loads.loaded,
        is_loaded,
        was_behind,
        elapsed: started.elapsed(),
    };
    summary.report(terminal, format)?;
    outcome(ending, is_loaded, tally.is_partial())
}

/// The defects of the archive that such a run mends if it has everything in the end.
fn mends(options: &Options, loader: &Loader) -> Result<Vec<String>> {
    let asks_for_all = options.workouts.is_empty() && matches!(options.who, Who::Everybody);
    // Where nothing is known, everything is asked for anyway.
    let asks_for_all = asks_for_all && (options.is_full || loader.index().is_empty());
    if !asks_for_all {
        return Ok(Vec::new());
    }
    let open = loader.defects()?.into_iter();
    let open = open.filter(|defect| !defect.is_mended);
    Ok(open.map(|Defect { name, .. }| name).collect())
}

fn outcome(ending: Ending, is_loaded: bool, is_partial: bool) -> Result<Outcome> {
    match ending {
        _ if !is_loaded => Ok(Outcome::Interrupted),
        Ending::Done if is_partial => Ok(Outcome::Partial),
        Ending::Done => Ok(Outcome::Complete),
        Ending::Interrupted => Ok(Outcome::Interrupted),
        Ending::Paused { .. } => Ok(Outcome::Partial),
        Ending::Stopped(error) => Err(error.into()),
    }
}

/// Asks for everything, and meanwhile brings to the warehouse what is there.
async fn fetch(
    run: &mut Run<'_>,
    loads: &mut Loads,
    writer: &Writer,
    client: &Client,
    stop: &Interruption,
) -> Result<Ending> {
    let mut progress = Progress::new(&loads.terminal);
    let ending = {
        let show = |tally: &Tally| progress.show(tally, client.paused_until());
        let fetching = run.go(stop.comes(), show);
        let loading = loads.keep_loading(writer);
        tokio::select! {
            biased;
            ending = fetching => ending,
            error = loading => Err(error),
        }
    };
    progress.finish();
    ending
}

/// The load at the end, as far as Ctrl-C leaves time for it; false where it was not done. The archive is
/// complete, the next run loads the rest.
async fn load_rest(
    loads: &mut Loads,
    ending: &Ending,
    ended: Instant,
    stop: &Interruption,
) -> Result<bool> {
    if !matches!(ending, Ending::Interrupted) {
        return loads.load_until(stop.comes()).await;
    }
    let deadline = ended + LAST_LOAD;
    if Instant::now() + LEAST_LOAD > deadline {
        loads.give_up().await;
        return Ok(false);
    }
    let deadline = tokio::time::sleep_until(deadline.into());
    loads.load_until(deadline).await
}

/// The loader is away while a load runs on another thread.
struct Loads {
    loader: Option<Loader>,
    running: Option<JoinHandle<(Loader, Result<Option<Loaded>>)>>,
    cancel: Arc<AtomicBool>,
    loaded: Loaded,
    terminal: Terminal,
    is_lock_said: bool,
}

impl Loads {
    fn new(loader: Loader, terminal: Terminal) -> Self {
        Self {
            cancel: loader.cancel_flag(),
            loader: Some(loader),
            running: None,
            loaded: Loaded::default(),
            terminal,
            is_lock_said: false,
        }
    }

    fn index(&self) -> Result<&Index> {
        Ok(self.loader.as_ref().context("no load is running")?.index())
    }

    /// A load now and then, beside the fetching. Ends with an error only; dropped in the middle of a
    /// load, it leaves the load running.
    async fn keep_loading(&mut self, writer: &Writer) -> anyhow::Error {
        loop {
            tokio::time::sleep(LOAD_EVERY).await;
            let loaded = match tokio::task::block_in_place(|| writer.flush()) {
                Ok(()) => self.load(Loader::load).await,
                Err(error) => Err(error),
            };
            if let Err(error) = self.unless_locked(loaded) {
                return error;
            }
        }
    }

    /// While another program has the file open for writing, fetching goes on without.
    fn unless_locked(&mut self, loaded: Result<()>) -> Result<()> {
        match loaded {
            Err(error) if is_locked(&error) => {
                if !std::mem::replace(&mut self.is_lock_said, true) {
                    self.terminal.warn(&format!("{error:#}; fetching goes on"));
                }
                Ok(())
            }
            loaded => loaded,
        }
    }

    async fn load(
        &mut self,
        load: impl FnOnce(&mut Loader) -> Result<Option<Loaded>> + Send + 'static,
    ) -> Result<()> {
        let mut loader = self.loader.take().context("no load is running")?;
        self.running = Some(tokio::task::spawn_blocking(move || {
            let loaded = loader.catch_up().and_then(|()| load(&mut loader));
            (loader, loaded)
        }));
        self.settle().await
    }

    /// Waits for the load that runs, if one does.
    async fn settle(&mut self) -> Result<()> {
        let Some(running) = &mut self.running else {
            return Ok(());
        };
        // Waited for by reference, so that it is not lost when nobody waits any more.
        let ended = running.await;
        self.running = None;
        let (loader, loaded) = ended.context("the load panicked")?;
        self.loader = Some(loader);
        if let Some(loaded) =
            loaded.context("load the warehouse (what was fetched is in the archive)")?
        {
            self.loaded.add(loaded);
        }
        Ok(())
    }

    /// The load at the end; false where it was stopped before it was done.
    async fn load_until(&mut self, stop: impl Future<Output = ()>) -> Result<bool> {
        let telling = tell_of_loading(self.terminal);
        tokio::select! {
            loaded = self.last_load() => return loaded.map(|()| true),
            () = stop => {}
            never = telling => match never {},
        }
        self.give_up().await;
        Ok(false)
    }

    /// Ends the load that runs, if one does: nobody else may begin one before.
    async fn give_up(&mut self) {
        self.cancel.store(true, Ordering::Relaxed);
        // Its error is that it was told to stop.
        let _ = self.settle().await;
    }

    async fn last_load(&mut self) -> Result<()> {
        let before = self.settle().await;
        self.unless_locked(before)?;
        let terminal = self.terminal;
        self.load(move |loader| loader.when_free(&terminal, Loader::load))
            .await
    }
}

/// A person who waits wants to know what for.
async fn tell_of_loading(terminal: Terminal) -> Infallible {
    tokio::time::sleep(LONG_LOAD).await;
    terminal.say("Loading the warehouse …");
    std::future::pending().await
}

fn note(writer: &Writer, run: &str, at: Timestamp, note: &RunNote) -> Result<()> {
    let observation = Observation::noticed(endpoint::RUN, run, at, note)?;
    writer.append(observation.to_line()?)
}

fn failure_note(error: &anyhow::Error) -> RunNote {
    RunNote {
        status: "failed".into(),
        finished_at: Some(Timestamp::now()),
        message: Some(format!("{error:#}")),
        ..RunNote::begun("sync")
    }
}

fn end_note(ending: &Ending, tally: &Tally, stats: Stats, mends: Vec<String>) -> RunNote {
    let has_all = matches!(ending, Ending::Done) && !tally.is_partial();
    let (status, message) = match ending {
        Ending::Done if tally.is_partial() => ("partial", report::found(tally)),
        Ending::Done => ("complete", report::found(tally)),
        Ending::Interrupted => ("interrupted", None),
        Ending::Paused { until } => ("partial", Some(format!("rate limited until {until}"))),
        Ending::Stopped(error) => ("failed", Some(error.to_string())),
    };
    RunNote {
        status: status.into(),
        finished_at: Some(Timestamp::now()),
        requests: stats.sent,
        retries: stats.sent.saturating_sub(tally.requests),
        rate_limited: stats.refused,
        answers: tally.requests.saturating_sub(tally.failed),
        bytes: tally.bytes,
        members: tally.members,
        workouts: tally.workouts_done,
        failed: tally.outstanding,
        message,
        mended: if has_all { mends } else { Vec::new() },
        ..RunNote::begun("sync")
    }
}

/// Says what of the archive can't be read or is gone, what only the warehouse has, and what to do.
pub(crate) fn report_losses(loader: &Loader, terminal: &Terminal) -> Result<()> {
    for damage in loader
        .archive()
        .damage()
        .filter(|damage| damage.is_torn_tail)
    {
        let (path, from) = (damage.path.display(), damage.from);
        tracing::info!("`{path}` ends in half a frame from byte {from} on, as a kill leaves it");
    }
    for defect in loader.defects()? {
        let finding = &defect.finding;
        if defect.is_mended {
            tracing::info!("{finding}; what was lost was fetched again");
        } else {
            terminal.warn(&format!(
                "{finding}; the rest is used. {}",
                loader.way_back()
            ));
        }
    }
    let kept = loader.kept();
    if !kept.is_empty() {
        terminal.warn(&format!(
            "only the warehouse has {kept}: the archive can't make them any more. They are kept; \
             `peloton-looker doctor` says what to do"
        ));
    }
    Ok(())
}
