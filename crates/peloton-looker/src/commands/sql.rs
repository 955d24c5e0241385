//! `sql`: read-only SQL on the warehouse.

use std::io::{BufWriter, Read};
use std::time::Duration;

use anyhow::{Context as _, Result, anyhow};
use futures::StreamExt;
use warehouse::{BatchStream, Limits, QueryEngine, Reader, Warehouse};

use super::interruption::interrupted;
use super::{Context, Outcome, runtime};
use crate::archive::Archive;
use crate::cli::SqlArgs;
use crate::error::Advised;
use crate::output::RowWriter;
use crate::places;

pub(crate) fn run(args: SqlArgs, context: &Context) -> Result<Outcome> {
    let sql = if args.sql == "-" {
        from_stdin()?
    } else {
        args.sql
    };
    let limits = Limits {
        timeout: Some(Duration::from_secs(args.timeout)),
        max_bytes_billed: args.bill.max_bytes_billed,
        ..Limits::default()
    };
    let out = BufWriter::new(std::io::stdout().lock());
    let mut writer = RowWriter::new(Box::new(out), args.format);
    let outcome = runtime()?.block_on(async {
        let engine = places::engine(context.on.as_deref(), &context.config)?;
        let outcome = tokio::select! {
            written = query(engine.as_ref(), &sql, &limits, context, &mut writer) => {
                written.map(|()| Outcome::Complete)
            }
            () = interrupted() => Ok(Outcome::Interrupted),
        };
        engine.close().await;
        outcome
    })?;
    if outcome == Outcome::Interrupted {
        // Without its end nobody takes what was written for the answer.
        context
            .terminal
            .say("Interrupted before the answer was there");
        return Ok(outcome);
    }
    writer.finish()?;
    Ok(outcome)
}

/// Streams a query into a writer.
pub(crate) async fn query(
    engine: &dyn QueryEngine,
    sql: &str,
    limits: &Limits,
    context: &Context,
    writer: &mut RowWriter<'_>,
) -> Result<()> {
    let mut rows = begin(engine, sql, limits, context).await?;
    writer.start(&rows.schema)?;
    while let Some(batch) = rows.batches.next().await {
        writer.write(&batch?)?;
    }
    Ok(())
}

/// Begins a query; where there is nothing to ask, the error says what makes it.
pub(crate) async fn begin(
    engine: &dyn QueryEngine,
    sql: &str,
    limits: &Limits,
    context: &Context,
) -> Result<BatchStream> {
    let rows = engine.query(sql, &[], limits).await;
    rows.map_err(|error| explain(error, context))
}

fn from_stdin() -> Result<String> {
    let mut sql = String::new();
    std::io::stdin()
        .lock()
        .read_to_string(&mut sql)
        .context("read the SQL from standard input")?;
    Ok(sql)
}

/// The profile's own warehouse, for questions of the program.
pub(crate) fn reader(limits: Limits, context: &Context) -> Result<Reader> {
    Warehouse::at(context.config.profile.warehouse())
        .read(limits)
        .map_err(|error| explain(error, context))
}

pub(crate) fn explain(error: warehouse::Error, context: &Context) -> anyhow::Error {
    use warehouse::Error;
    match error {
        Error::Missing { .. } | Error::NotOurs { .. } | Error::Unreadable { .. }
            if context.on.is_some() =>
        {
            Advised::new(error.to_string(), "check the path that --on names").into()
        }
        Error::Missing { .. } => {
            let hint = if has_archive(context) {
                "a sync that runs makes it within a minute; else run `peloton-looker rebuild`: the archive has everything"
            } else if context.config.profile.name == "demo" {
                "run `peloton-looker demo`"
            } else {
                "run `peloton-looker sync`, or `peloton-looker demo` for one without an account"
            };
            Advised::new(error.to_string(), hint).into()
        }
        error => anyhow!(error),
    }
}

/// Whether a rebuild would have something to read.
pub(crate) fn has_archive(context: &Context) -> bool {
    let archive = Archive::at(context.config.profile.archive());
    archive
        .segments()
        .is_ok_and(|segments| !segments.is_empty())
}
