//! `sql`: read-only SQL on the warehouse.

use std::io::{BufWriter, Read};
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context as _, Result, anyhow};
use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use warehouse::{Limits, Reader, Warehouse};

use super::{Context, Outcome};
use crate::archive::Archive;
use crate::cli::SqlArgs;
use crate::error::{Advised, Usage};
use crate::output::RowWriter;

pub(crate) fn run(args: SqlArgs, context: &Context) -> Result<Outcome> {
    let sql = if args.sql == "-" {
        from_stdin()?
    } else {
        args.sql
    };
    let limits = Limits {
        timeout: Some(Duration::from_secs(args.timeout)),
        ..Limits::default()
    };
    let reader = reader(limits, context)?;
    let out = BufWriter::new(std::io::stdout().lock());
    let mut writer = RowWriter::new(Box::new(out), args.format);
    query(&reader, &sql, &mut writer)?;
    writer.finish()?;
    Ok(Outcome::Complete)
}

/// Streams a query into a writer.
pub(crate) fn query(reader: &Reader, sql: &str, writer: &mut RowWriter<'_>) -> Result<()> {
    let writer = std::cell::RefCell::new(writer);
    reader
        .query::<QueryError>(
            sql,
            |schema: &SchemaRef| Ok(writer.borrow_mut().start(schema)?),
            |batch: RecordBatch| Ok(writer.borrow_mut().write(&batch)?),
        )
        .map_err(|QueryError(error)| error)
}

/// The warehouse's errors and the writer's, as one.
pub(super) struct QueryError(pub(super) anyhow::Error);

impl From<warehouse::Error> for QueryError {
    fn from(error: warehouse::Error) -> Self {
        Self(error.into())
    }
}

impl From<anyhow::Error> for QueryError {
    fn from(error: anyhow::Error) -> Self {
        Self(error)
    }
}

fn from_stdin() -> Result<String> {
    let mut sql = String::new();
    std::io::stdin()
        .lock()
        .read_to_string(&mut sql)
        .context("read the SQL from standard input")?;
    Ok(sql)
}

/// Where queries run: the profile's file, or the one that was named.
pub(crate) fn reader(limits: Limits, context: &Context) -> Result<Reader> {
    let path = match &context.on {
        None => context.config.profile.warehouse(),
        Some(target) => match target.split_once(':') {
            Some(("duckdb", path)) if !path.is_empty() => PathBuf::from(path),
            _ => {
                return Err(Usage(format!(
                    "`{target}` is no place for queries: give duckdb:PATH"
                ))
                .into());
            }
        },
    };
    Warehouse::at(path)
        .read(limits)
        .map_err(|error| match error {
            warehouse::Error::Missing { .. } => {
                let hint = if context.on.is_some() {
                    "check the path that --on names"
                } else if has_archive(context) {
                    "a sync that runs makes it within a minute; else run `peloton-looker rebuild`: the archive has everything"
                } else if context.config.profile.name == "demo" {
                    "run `peloton-looker demo`"
                } else {
                    "run `peloton-looker sync`, or `peloton-looker demo` for one without an account"
                };
                Advised::new(error.to_string(), hint).into()
            }
            error => anyhow!(error),
        })
}

fn has_archive(context: &Context) -> bool {
    let archive = Archive::at(context.config.profile.archive());
    archive
        .segments()
        .is_ok_and(|segments| !segments.is_empty())
}
