//! `publish`: brings a copy of all tables to BigQuery or to a folder of Parquet files.

mod preview;

use std::io::Write;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, anyhow};
use futures::FutureExt;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use jiff::Timestamp;
use serde_json::json;
use warehouse::{Destination, Done, Limits, Original, Plan, Terms};

use super::interruption::interrupted;
use super::{Context, Outcome, runtime};
use crate::cli::{PublishArgs, TextFormat};
use crate::error::Advised;
use crate::output::{Terminal, counted, megabytes};
use crate::places;
use preview::Preview;

/// DuckDB's memory while pieces are written; what needs more goes to the disk. It takes all of it for blocks
/// of the file, however long the history is.
const MEMORY: &str = "128MB";

pub(crate) fn run(args: &PublishArgs, context: &Context) -> Result<Outcome> {
    if args.forget {
        return forget(args, context);
    }
    runtime()?.block_on(async {
        let stop = interrupted().shared();
        if !args.dry_run {
            return publish(args, context, stop).await;
        }
        tokio::select! {
            biased;
            () = stop => Ok(Outcome::Interrupted),
            outcome = dry_run(args, context) => outcome,
        }
    })
}

/// What is there stays there.
fn forget(args: &PublishArgs, context: &Context) -> Result<Outcome> {
    let (config, target) = (&context.config, &args.target);
    let is_wanted = places::is_wanted(config, target);
    if places::forget(config, target)? {
        context.terminal.say(&format!(
            "Forgot {target}; what was published there is still there"
        ));
    } else if !is_wanted {
        let text = format!("nothing is known of {}", places::plain(target));
        return Err(Advised::new(text, "`peloton-looker status` lists the targets").into());
    }
    if is_wanted {
        context.terminal.warn(&format!(
            "`{}` still names it: take it out there, else the next sync publishes to it",
            config.settings_path.display()
        ));
    }
    Ok(Outcome::Complete)
}

async fn publish(
    args: &PublishArgs,
    context: &Context,
    stop: impl Future<Output = ()> + Clone,
) -> Result<Outcome> {
    let started = Instant::now();
    let task = Task {
        target: &args.target,
        terms: terms(args),
        terminal: context.terminal,
        is_of_sync: false,
        context,
    };
    let (plan, done) = task.carry_out(stop).await?;
    report(args, context, &plan, &done, started.elapsed())?;
    Ok(outcome(&done))
}

fn terms(args: &PublishArgs) -> Terms {
    Terms {
        is_full: args.full,
        replaces_others: args.replace,
    }
}

fn outcome(done: &Done) -> Outcome {
    if done.is_stopped {
        return Outcome::Interrupted;
    }
    match done.failed.is_empty() {
        true => Outcome::Complete,
        false => Outcome::Partial,
    }
}

/// After a sync, to all targets at once, since one may hang. A failure is told and kept; it harms neither
/// the sync nor other targets.
pub(crate) async fn after_sync(
    targets: &[String],
    context: &Context,
    stop: impl Future<Output = ()> + Clone,
) -> Outcome {
    let targets = places::distinct(targets);
    let has_bar = context.terminal.has_progress && targets.len() == 1;
    let published = targets.iter().map(async |target| {
        let task = Task {
            target,
            terms: Terms::default(),
            terminal: Terminal {
                has_progress: has_bar,
                ..context.terminal
            },
            is_of_sync: true,
            context,
        };
        let publishing = task.carry_out(stop.clone());
        let result = AssertUnwindSafe(publishing).catch_unwind().await;
        let result = result.unwrap_or_else(|_| Err(anyhow!("it panicked; this is a bug")));
        tell(target, context.terminal, result)
    });
    let outcomes = futures::future::join_all(published).await;
    let mut worst = [Outcome::Interrupted, Outcome::Partial].into_iter();
    let worst = worst.find(|worst| outcomes.contains(worst));
    worst.unwrap_or(Outcome::Complete)
}

fn tell(target: &str, terminal: Terminal, result: Result<(Plan, Done)>) -> Outcome {
    match result {
        Ok((plan, done)) => {
            warn(terminal, &done);
            terminal.say(&format!("{target}: {}", text(&plan, &done, None)));
            outcome(&done)
        }
        Err(error) => {
            terminal.warn(&format!("{target} was not published to: {error:#}"));
            if let Some(hint) = crate::error::hint(&error) {
                terminal.say(&format!("  {hint}"));
            }
            Outcome::Partial
        }
    }
}

/// Units of which a target has not what is here.
pub(crate) async fn behind(target: &str, context: &Context) -> Result<usize> {
    let job = Job::new(target, context)?;
    Ok(job.plan(Terms::default()).await?.unit_count())
}

/// What is to be published where.
struct Task<'a> {
    target: &'a str,
    terms: Terms,
    terminal: Terminal,
    is_of_sync: bool,
    context: &'a Context,
}

/// What was published, and whether something of it is there however it ended.
#[derive(Default)]
struct Trace {
    original: Option<Original>,
    has_part: bool,
}

impl Task<'_> {
    /// Publishes, and keeps what became of it.
    async fn carry_out(&self, stop: impl Future<Output = ()> + Clone) -> Result<(Plan, Done)> {
        let mut trace = Trace::default();
        let result = self.bring(&mut trace, stop).await;
        let error = match &result {
            Ok((_, done)) if done.is_stopped => Some("interrupted".to_owned()),
            Ok((_, done)) => done
                .failed
                .first()
                .map(|(table, error)| format!("{table}: {}", chain(error))),
            Err(error) => Some(format!("{error:#}")),
        };
        if let Err(error) = self.keep(&trace, error) {
            // The target knows it as well; only `status` does not.
            tracing::info!("{error:#}");
        }
        result
    }

    fn keep(&self, trace: &Trace, error: Option<String>) -> Result<()> {
        let config = &self.context.config;
        let before = places::outcomes(config).unwrap_or_default();
        let before = before.get(&places::plain(self.target)).cloned();
        let mut outcome = places::Outcome {
            tried_at: Timestamp::now(),
            is_of_sync: self.is_of_sync,
            error,
            ..before.unwrap_or_default()
        };
        outcome.has_part |= trace.has_part;
        match (&outcome.error, &trace.original) {
            (None, Some(original)) => {
                outcome.published_at = Some(outcome.tried_at);
                outcome.newest_fetch = super::status::newest_fetch(&original.reader)?;
                outcome.digest = super::status::digest(original)?;
            }
            // What is there is neither what was, nor what is here.
            _ if trace.has_part => outcome.digest = None,
            _ => {}
        }
        places::keep(config, self.target, outcome)
    }

    async fn bring(
        &self,
        trace: &mut Trace,
        stop: impl Future<Output = ()> + Clone,
    ) -> Result<(Plan, Done)> {
        let mut job = Job::new(self.target, self.context)?;
        let workspace = job.destination.workspace();
        let workspace = workspace.with_context(|| purpose(self.target))?;
        // Read before nobody else publishes there, an old warehouse would take the place of a newer one.
        job.original = original(self.context)?;
        let original = trace.original.insert(job.original.clone());
        let plan = tokio::select! {
            biased;
            () = stop.clone() => return Ok((Plan::default(), stopped())),
            plan = job.plan(self.terms) => plan?,
        };
        let mut progress = Progress::new(&self.terminal, plan.pieces.len());
        let has_part = &mut trace.has_part;
        let show = |done: &Done| {
            *has_part |= done.pieces > 0;
            progress.show(done);
        };
        let done =
            warehouse::publish(original, &job.destination, &workspace, &plan, stop, show).await;
        progress.bar.finish_and_clear();
        let done = done.with_context(|| purpose(self.target))?;
        Ok((plan, done))
    }
}

fn purpose(target: &str) -> String {
    format!("publish to {target}")
}

/// One target and the warehouse as it is now.
struct Job<'a> {
    target: &'a str,
    destination: Arc<dyn Destination>,
    original: Original,
}

impl<'a> Job<'a> {
    fn new(target: &'a str, context: &Context) -> Result<Self> {
        Ok(Self {
            target,
            destination: places::destination(target, &context.config)?,
            original: original(context)?,
        })
    }

    async fn plan(&self, terms: Terms) -> Result<Plan> {
        let plan = warehouse::plan(&self.original, self.destination.as_ref(), terms).await;
        plan.with_context(|| purpose(self.target))
    }
}

fn original(context: &Context) -> Result<Original> {
    let limits = Limits {
        memory: MEMORY.into(),
        timeout: None,
        ..Limits::default()
    };
    let reader = super::sql::reader(limits, context)?;
    places::original(reader)
}

fn stopped() -> Done {
    Done {
        is_stopped: true,
        ..Done::default()
    }
}

async fn dry_run(args: &PublishArgs, context: &Context) -> Result<Outcome> {
    let job = Job::new(&args.target, context)?;
    let plan = job.plan(terms(args)).await?;
    let sizes = warehouse::measure(&job.original, job.destination.as_ref(), &plan).await?;
    let examined = job.destination.examine(&job.original.publication).await;
    let examined = examined.with_context(|| purpose(&args.target))?;
    let preview = Preview {
        jobs: job
            .destination
            .load_jobs(plan.pieces.len() + plan.removed.len()),
        sizes,
        obstacles: examined.obstacles,
        plan,
    };
    preview.tell(args, context.terminal)?;
    Ok(Outcome::Complete)
}

fn report(
    args: &PublishArgs,
    context: &Context,
    plan: &Plan,
    done: &Done,
    elapsed: Duration,
) -> Result<()> {
    warn(context.terminal, done);
    if args.format == TextFormat::Json {
        let summary = json!({
            "target": args.target,
            "ending": ending(done),
            "units": done.units,
            "current": plan.current,
            "files": done.pieces,
            "rows": done.rows,
            "bytes": done.bytes,
            "failed": done.failed.iter().map(|(table, error)| json!({
                "table": table,
                "error": chain(error),
            })).collect::<Vec<_>>(),
            "notes": done.notes,
            "elapsed_s": elapsed.as_secs_f64(),
        });
        writeln!(std::io::stdout(), "{summary}")?;
    } else {
        context.terminal.say(&text(plan, done, Some(elapsed)));
    }
    Ok(())
}

fn ending(done: &Done) -> &'static str {
    match outcome(done) {
        Outcome::Interrupted => "interrupted",
        Outcome::Partial => "partial",
        _ => "complete",
    }
}

fn warn(terminal: Terminal, done: &Done) {
    for note in &done.notes {
        terminal.warn(note);
    }
    for (table, error) in &done.failed {
        terminal.warn(&format!("`{table}` was not published: {}", chain(error)));
        if let Some(hint) = crate::error::warehouse_hint(error) {
            terminal.say(&format!("  {hint}"));
        }
    }
}

fn text(plan: &Plan, done: &Done, elapsed: Option<Duration>) -> String {
    if plan.is_empty() && !done.is_stopped {
        return format!(
            "Nothing to publish: {} there as here",
            counted(plan.current as u64, "unit")
        );
    }
    let elapsed = elapsed.map_or_else(String::new, |elapsed| {
        format!(" in {:.1} s", elapsed.as_secs_f64())
    });
    let published = format!(
        "Published {} ({}, {}){elapsed}",
        counted(done.units as u64, "unit"),
        counted(done.rows, "row"),
        megabytes(done.bytes),
    );
    match done.is_stopped {
        true => format!("Interrupted. {published}; run it again for the rest"),
        false => format!("{published}; {} there before", plan.current),
    }
}

fn chain(error: &warehouse::Error) -> String {
    let mut text = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        text.push_str(&format!(": {cause}"));
        source = cause.source();
    }
    text
}

struct Progress {
    bar: ProgressBar,
}

impl Progress {
    fn new(terminal: &Terminal, pieces: usize) -> Self {
        let target = if terminal.has_progress {
            ProgressDrawTarget::stderr_with_hz(10)
        } else {
            ProgressDrawTarget::hidden()
        };
        let bar = ProgressBar::with_draw_target(Some(pieces as u64), target);
        if let Ok(style) = ProgressStyle::with_template("{bar:10} {wide_msg}") {
            let chars = if crate::output::is_utf8() {
                "━╸ "
            } else {
                "=> "
            };
            bar.set_style(style.progress_chars(chars));
        }
        Self { bar }
    }

    fn show(&mut self, done: &Done) {
        self.bar.set_position(done.pieces as u64);
        self.bar
            .set_message(format!("{} files · {}", done.pieces, megabytes(done.bytes)));
    }
}
