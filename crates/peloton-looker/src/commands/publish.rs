//! `publish`: brings a copy of all tables to BigQuery or to a folder of Parquet files.

use std::io::Write;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, anyhow};
use futures::FutureExt;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use jiff::Timestamp;
use serde_json::json;
use warehouse::{Destination, Done, Limits, Original, Plan};

use super::interruption::interrupted;
use super::{Context, Outcome, runtime};
use crate::cli::{PublishArgs, TextFormat};
use crate::error::Advised;
use crate::output::{Terminal, counted, megabytes, plain_table, thousands};
use crate::places;

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
    if !places::forget(&context.config, &args.target)? {
        let text = format!("nothing is known of {}", places::plain(&args.target));
        return Err(Advised::new(text, "`peloton-looker status` lists the targets").into());
    }
    let target = &args.target;
    context.terminal.say(&format!(
        "Forgot {target}; what was published there is still there"
    ));
    Ok(Outcome::Complete)
}

async fn publish(
    args: &PublishArgs,
    context: &Context,
    stop: impl Future<Output = ()> + Clone,
) -> Result<Outcome> {
    let started = Instant::now();
    let mut job = Job::new(&args.target, context)?;
    let (plan, done) = job.carry_out(args.full, stop).await?;
    report(args, context, &plan, &done, started.elapsed())?;
    Ok(outcome(&done))
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
        let publishing = async {
            let mut job = Job::new(target, context)?;
            job.terminal.has_progress = has_bar;
            job.carry_out(false, stop.clone()).await
        };
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
    Ok(Job::new(target, context)?.plan(false).await?.unit_count())
}

/// One target and the warehouse as it is now.
struct Job<'a> {
    target: &'a str,
    destination: Arc<dyn Destination>,
    original: Original,
    terminal: Terminal,
    context: &'a Context,
}

impl<'a> Job<'a> {
    fn new(target: &'a str, context: &'a Context) -> Result<Self> {
        Ok(Self {
            target,
            destination: places::destination(target, &context.config)?,
            original: original(context)?,
            terminal: context.terminal,
            context,
        })
    }

    fn purpose(&self) -> String {
        format!("publish to {}", self.target)
    }

    async fn plan(&self, is_full: bool) -> Result<Plan> {
        let plan = warehouse::plan(&self.original, self.destination.as_ref(), is_full).await;
        plan.with_context(|| self.purpose())
    }

    /// Publishes, and keeps what became of it.
    async fn carry_out(
        &mut self,
        is_full: bool,
        stop: impl Future<Output = ()> + Clone,
    ) -> Result<(Plan, Done)> {
        let result = self.bring(is_full, stop).await;
        let error = match &result {
            Ok((_, done)) if done.is_stopped => Some("interrupted".to_owned()),
            Ok((_, done)) => done
                .failed
                .first()
                .map(|(table, error)| format!("{table}: {}", chain(error))),
            Err(error) => Some(format!("{error:#}")),
        };
        if let Err(error) = self.keep(error) {
            // The target knows it as well; only `status` does not.
            tracing::info!("{error:#}");
        }
        result
    }

    fn keep(&self, error: Option<String>) -> Result<()> {
        let config = &self.context.config;
        let now = Timestamp::now();
        let before = places::outcomes(config)
            .unwrap_or_default()
            .remove(&places::plain(self.target));
        let outcome = match error {
            Some(error) => places::Outcome {
                tried_at: now,
                error: Some(error),
                ..before.unwrap_or_default()
            },
            None => places::Outcome {
                tried_at: now,
                published_at: Some(now),
                error: None,
                newest_fetch: super::status::newest_fetch(&self.original.reader)?,
                digest: super::status::digest(&self.original)?,
            },
        };
        places::keep(config, self.target, outcome)
    }

    async fn bring(
        &mut self,
        is_full: bool,
        stop: impl Future<Output = ()> + Clone,
    ) -> Result<(Plan, Done)> {
        let workspace = self.destination.workspace();
        let workspace = workspace.with_context(|| self.purpose())?;
        // Read before nobody else publishes there, an old warehouse would take the place of a newer one.
        self.original = original(self.context)?;
        let plan = tokio::select! {
            biased;
            () = stop.clone() => return Ok((Plan::default(), stopped())),
            plan = self.plan(is_full) => plan?,
        };
        let mut progress = Progress::new(&self.terminal, plan.pieces.len());
        let show = |done: &Done| progress.show(done);
        let (original, destination) = (&self.original, &self.destination);
        let done = warehouse::publish(original, destination, &workspace, &plan, stop, show).await;
        progress.bar.finish_and_clear();
        let done = done.with_context(|| self.purpose())?;
        Ok((plan, done))
    }
}

fn original(context: &Context) -> Result<Original> {
    let limits = Limits {
        memory: MEMORY.into(),
        timeout: None,
        ..Limits::default()
    };
    let reader = super::sql::reader(limits, context)?;
    Ok(Original::new(reader, places::publication()))
}

fn stopped() -> Done {
    Done {
        is_stopped: true,
        ..Done::default()
    }
}

async fn dry_run(args: &PublishArgs, context: &Context) -> Result<Outcome> {
    let job = Job::new(&args.target, context)?;
    let plan = job.plan(args.full).await?;
    let sizes = warehouse::measure(&job.original, job.destination.as_ref(), &plan).await?;
    tell_plan(args, context.terminal, &plan, &sizes)?;
    Ok(Outcome::Complete)
}

fn tell_plan(args: &PublishArgs, terminal: Terminal, plan: &Plan, sizes: &[u64]) -> Result<()> {
    let bytes: u64 = sizes.iter().sum();
    let is_bigquery = args.target.starts_with("bigquery:");
    let jobs = load_jobs(plan, is_bigquery);
    let mut out = std::io::stdout().lock();
    if args.format == TextFormat::Json {
        let pieces: Vec<serde_json::Value> = plan
            .pieces
            .iter()
            .zip(sizes)
            .map(|(piece, bytes)| {
                json!({
                    "table": piece.table,
                    "part": piece.part.to_string(),
                    "units": piece.changed,
                    "rows": piece.rows(),
                    "bytes": bytes,
                })
            })
            .collect();
        let plan = json!({
            "target": args.target,
            "pieces": pieces,
            "removed": plan.removed.iter().map(|(_, unit)| unit.to_string()).collect::<Vec<_>>(),
            "current": plan.current,
            "bytes": bytes,
            "jobs": jobs,
        });
        writeln!(out, "{}", serde_json::to_string_pretty(&plan)?)?;
        return Ok(());
    }
    for note in &plan.notes {
        terminal.warn(note);
    }
    if !plan.pieces.is_empty() {
        let rows = plan
            .pieces
            .iter()
            .zip(sizes)
            .map(|(piece, bytes)| {
                vec![
                    piece.table.to_owned(),
                    piece.part.to_string(),
                    piece.changed.to_string(),
                    thousands(piece.rows()),
                    megabytes(*bytes),
                ]
            })
            .collect();
        let names = ["table", "replaced", "units", "rows", "size"];
        let numeric = [false, false, true, true, true];
        writeln!(out, "{}", plain_table(&names, &numeric, rows))?;
    }
    for (_, unit) in &plan.removed {
        writeln!(out, "{unit}: no rows are left")?;
    }
    let jobs = jobs.map_or_else(String::new, |jobs| {
        format!(" in {}", counted(jobs, "load job"))
    });
    writeln!(
        out,
        "{} to publish, {}{jobs}; {} there already",
        counted(plan.unit_count() as u64, "unit"),
        megabytes(bytes),
        plan.current,
    )?;
    Ok(())
}

/// A job for each file and each removed unit, and one for the record.
fn load_jobs(plan: &Plan, is_bigquery: bool) -> Option<u64> {
    let changes = plan.pieces.len() + plan.removed.len();
    is_bigquery.then_some(if changes == 0 { 0 } else { changes as u64 + 1 })
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
