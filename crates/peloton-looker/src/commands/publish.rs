//! `publish`: brings a copy of all tables to BigQuery or to a folder of Parquet files.

use std::io::Write;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use jiff::Timestamp;
use serde_json::json;
use warehouse::{Destination, Done, Limits, Plan, Reader};

use super::interruption::interrupted;
use super::{Context, Outcome, runtime};
use crate::cli::{PublishArgs, TextFormat};
use crate::output::{Terminal, counted, megabytes, plain_table, thousands};
use crate::places;

/// DuckDB's memory while pieces are written; what needs more goes to the disk. It takes all of it for blocks
/// of the file, however long the history is.
const MEMORY: &str = "128MB";

pub(crate) fn run(args: &PublishArgs, context: &Context) -> Result<Outcome> {
    runtime()?.block_on(async {
        tokio::select! {
            outcome = publish(args, context) => outcome,
            () = interrupted() => Ok(Outcome::Interrupted),
        }
    })
}

async fn publish(args: &PublishArgs, context: &Context) -> Result<Outcome> {
    let job = Job::new(&args.target, context)?;
    if args.dry_run {
        let plan = job.plan(args.full).await?;
        return dry_run(args, &job, &plan).await;
    }
    let started = Instant::now();
    let (plan, done) = job.carry_out(args.full).await?;
    report(args, context, &plan, &done, started.elapsed())?;
    Ok(if done.failed.is_empty() {
        Outcome::Complete
    } else {
        Outcome::Partial
    })
}

/// After a sync: false where a target does not have everything now. A failure is told and kept; it
/// harms neither the sync nor other targets.
pub(crate) async fn after_sync(targets: &[String], context: &Context) -> bool {
    let mut is_complete = true;
    for target in targets {
        let published = match Job::new(target, context) {
            Ok(job) => job.carry_out(false).await,
            Err(error) => Err(error),
        };
        match published {
            Ok((plan, done)) => {
                is_complete &= done.failed.is_empty();
                warn(context.terminal, &plan, &done);
                context
                    .terminal
                    .say(&format!("{target}: {}", text(&plan, &done, None)));
            }
            Err(error) => {
                is_complete = false;
                context
                    .terminal
                    .warn(&format!("{target} was not published to: {error:#}"));
                if let Some(hint) = crate::error::hint(&error) {
                    context.terminal.say(&format!("  {hint}"));
                }
            }
        }
    }
    is_complete
}

/// Units of which a target has not what is here.
pub(crate) async fn behind(target: &str, context: &Context) -> Result<usize> {
    Ok(Job::new(target, context)?.plan(false).await?.unit_count())
}

/// One target and the warehouse as it is now.
struct Job<'a> {
    target: &'a str,
    destination: Arc<dyn Destination>,
    reader: Reader,
    newest_fetch: Option<Timestamp>,
    context: &'a Context,
}

impl<'a> Job<'a> {
    fn new(target: &'a str, context: &'a Context) -> Result<Self> {
        let limits = Limits {
            memory: MEMORY.into(),
            timeout: None,
            ..Limits::default()
        };
        let destination = places::destination(target, &context.config)?;
        let reader = super::sql::reader(limits, context)?;
        let newest_fetch = super::status::newest_fetch(&reader)?;
        Ok(Self {
            target,
            destination,
            reader,
            newest_fetch,
            context,
        })
    }

    async fn plan(&self, is_full: bool) -> Result<Plan> {
        let (publication, destination) = (places::publication(), self.destination.as_ref());
        let plan = warehouse::plan(&self.reader, &publication, destination, is_full).await;
        plan.with_context(|| format!("publish to {}", self.target))
    }

    /// Publishes, and keeps what became of it.
    async fn carry_out(&self, is_full: bool) -> Result<(Plan, Done)> {
        let result = self.bring(is_full).await;
        let error = match &result {
            Ok((_, done)) => done
                .failed
                .first()
                .map(|(table, error)| format!("{table}: {}", chain(error))),
            Err(error) => Some(format!("{error:#}")),
        };
        let profile = &self.context.config.profile;
        let before = places::outcomes(profile)
            .unwrap_or_default()
            .remove(self.target);
        let now = Timestamp::now();
        let is_done = error.is_none();
        let outcome = places::Outcome {
            tried_at: now,
            published_at: if is_done {
                Some(now)
            } else {
                before.as_ref().and_then(|o| o.published_at)
            },
            newest_fetch: if is_done {
                self.newest_fetch
            } else {
                before.and_then(|o| o.newest_fetch)
            },
            error,
        };
        if let Err(error) = places::keep(profile, self.target, outcome) {
            // The target knows it as well; only `status` does not.
            tracing::info!("{error:#}");
        }
        result
    }

    async fn bring(&self, is_full: bool) -> Result<(Plan, Done)> {
        let plan = self.plan(is_full).await?;
        let mut progress = Progress::new(&self.context.terminal, plan.pieces.len());
        let done = warehouse::publish(
            &self.reader,
            &places::publication(),
            &self.destination,
            &plan,
            |done| progress.show(done),
        )
        .await;
        progress.bar.finish_and_clear();
        let done = done.with_context(|| format!("publish to {}", self.target))?;
        Ok((plan, done))
    }
}

async fn dry_run(args: &PublishArgs, job: &Job<'_>, plan: &Plan) -> Result<Outcome> {
    let sizes = warehouse::measure(&job.reader, &places::publication(), plan).await?;
    let bytes: u64 = sizes.iter().sum();
    let is_bigquery = args.target.starts_with("bigquery:");
    let jobs = load_jobs(plan, is_bigquery);
    let mut out = std::io::stdout().lock();
    if args.format == TextFormat::Json {
        let pieces: Vec<serde_json::Value> = plan
            .pieces
            .iter()
            .zip(&sizes)
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
        return Ok(Outcome::Complete);
    }
    for note in &plan.notes {
        job.context.terminal.warn(note);
    }
    if !plan.is_empty() {
        let rows = plan
            .pieces
            .iter()
            .zip(&sizes)
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
    Ok(Outcome::Complete)
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
    warn(context.terminal, plan, done);
    if args.format == TextFormat::Json {
        let summary = json!({
            "target": args.target,
            "units": plan.unit_count(),
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

fn warn(terminal: Terminal, plan: &Plan, done: &Done) {
    for note in &plan.notes {
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
    if plan.is_empty() {
        return format!(
            "Nothing to publish: {} there as here",
            counted(plan.current as u64, "unit")
        );
    }
    let elapsed = elapsed.map_or_else(String::new, |elapsed| {
        format!(" in {:.1} s", elapsed.as_secs_f64())
    });
    format!(
        "Published {} ({}, {}){elapsed}; {} there before",
        counted(plan.unit_count() as u64, "unit"),
        counted(done.rows, "row"),
        megabytes(done.bytes),
        plan.current,
    )
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
