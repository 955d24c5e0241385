//! `query`: an Explore of the model, asked from the shell.

mod trust;

use std::io::{BufWriter, Read, Write};
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use jiff::Timestamp;
use jiff::civil::Weekday;
use lookml::{
    Answer, Cell, Compiled, DUCKDB_SETUP, Dialect, ExploreUrl, Limit, Model, Query, QueryError,
    RowTotal, Settings, Statistics, TextTable, UserAttribute,
};
use warehouse::{Limits, QueryEngine};

use super::interruption::interrupted;
use super::{Context, Outcome, runtime, sql};
use crate::cli::{AnswerFormat, AskArgs, QueryArgs};
use crate::error::{Advised, Usage};
use crate::model::{self, Loaded, cells};
use crate::output::{counted, plain_table};
use crate::places;

pub(crate) fn run(args: &QueryArgs, context: &Context) -> Result<Outcome> {
    let loaded = load(context.model.as_deref(), context)?;
    let (model, query) = asked(args, &loaded, context)?;
    trust::project(&loaded, &model, &query, context)?;
    let mut settings = settings(&args.ask, &loaded, context);
    let compiled = lookml::compile(&model, &query, &settings).map_err(explain)?;
    let limits = limits(&args.ask);
    let engine = || places::engine(context.on.as_deref(), &context.config);
    if args.format == AnswerFormat::Sql {
        // The text is there without a database too.
        let statistics = runtime()?.block_on(async {
            let engine = engine().ok()?;
            let statistics = statistics(engine.as_ref(), &compiled, &limits, context);
            statistics.await.ok()
        });
        settings.statistics = statistics.unwrap_or_default();
        let compiled = lookml::compile(&model, &query, &settings).map_err(explain)?;
        std::io::stdout().write_all(compiled.text().as_bytes())?;
        return Ok(Outcome::Complete);
    }
    let began = Instant::now();
    let answer = runtime()?
        .block_on(async {
            let engine = engine()?;
            let informed = async {
                settings.statistics = statistics(engine.as_ref(), &compiled, &limits, context)
                    .await
                    .unwrap_or_default();
                let informed = lookml::compile(&model, &query, &settings).map_err(explain)?;
                let first = answer(engine.as_ref(), &informed, &limits, context).await;
                match first {
                    // What works on all rows could fail on fewer, or the other way round: what the plain one says counts.
                    Err(_) if informed != compiled => {
                        answer(engine.as_ref(), &compiled, &limits, context).await
                    }
                    first => first,
                }
            };
            let answer = tokio::select! {
                answer = informed => answer.map(Some),
                () = interrupted() => Ok(None),
            };
            engine.close().await;
            answer
        })
        .map_err(|error| outdated(error, &loaded))?;
    let Some(mut answer) = answer else {
        context
            .terminal
            .say("Interrupted before the answer was there");
        return Ok(Outcome::Interrupted);
    };
    answer.runtime = Some(began.elapsed());
    remark(&answer, context);
    if query.total && !has_totals(args.format) {
        context
            .terminal
            .warn("totals are in `--format table` and `--format json_detail` only");
    }
    print(&answer, args.format)?;
    Ok(Outcome::Complete)
}

/// Names the next step where tables lack what our project asks of them.
fn outdated(error: anyhow::Error, loaded: &Loaded) -> anyhow::Error {
    let said = format!("{error:#}");
    let is_lacking = [
        "does not have a column named",
        "Catalog Error: Table with name",
    ]
    .iter()
    .any(|lack| said.contains(lack));
    if !is_lacking || !loaded.is_ours() {
        return error;
    }
    // The lines below show the SQL, which nobody has written.
    let first = said.lines().next().unwrap_or_default();
    let hint = "if an earlier version made the tables, run `peloton-looker rebuild`, and `publish` again where they are copies";
    Advised::new(first, hint).into()
}

/// Whether totals have a place among rows of a format.
fn has_totals(format: AnswerFormat) -> bool {
    matches!(format, AnswerFormat::Table | AnswerFormat::JsonDetail)
}

/// The project of a folder, or the built-in one, for the place where queries run.
pub(super) fn load(folder: Option<&Path>, context: &Context) -> Result<Loaded> {
    let loaded = model::load(folder)?;
    Ok(match dataset(context) {
        Some(dataset) => loaded.on_dataset(&dataset),
        None => loaded,
    })
}

pub(super) fn limits(args: &AskArgs) -> Limits {
    Limits {
        timeout: Some(Duration::from_secs(args.timeout)),
        max_bytes_billed: args.bill.max_bytes_billed,
        ..Limits::default()
    }
}

/// `project.dataset`, where queries run in BigQuery.
fn dataset(context: &Context) -> Option<String> {
    let target = context.on.as_deref()?.strip_prefix("bigquery:")?;
    let dataset = target.split('?').next().unwrap_or(target);
    Some(dataset.to_owned())
}

/// The model and the query that the arguments mean.
fn asked(args: &QueryArgs, loaded: &Loaded, context: &Context) -> Result<(Model, Query)> {
    if let Some(path) = &args.json {
        let (name, text) = read(path)?;
        let query: Query = serde_json::from_str(&text)
            .map_err(|error| Usage(format!("{name} has no query: {error}")))?;
        let query = adjusted(query, args)?;
        trust::keys(&query, &name, context);
        return Ok((loaded.model(&query.model)?, query));
    }
    if let Some(url) = &args.url {
        let url: ExploreUrl = url.parse().map_err(|error| Usage(format!("{error}")))?;
        let saved = url.get("qid").map(str::to_owned);
        let query = adjusted(url.query, args)?;
        if let Some(saved) = saved.filter(|_| query.fields.is_empty()) {
            let text = format!(
                "`qid={saved}` is a query that Looker has saved: open the link there, and copy the address that then has `fields=`"
            );
            return Err(Usage(text).into());
        }
        return Ok((loaded.model(&query.model)?, query));
    }
    let (model, explore) = loaded.model_of(args.explore.as_deref().unwrap_or_default())?;
    let query = Query {
        model: model.name.clone(),
        view: explore,
        ..Query::default()
    };
    Ok((model, adjusted(query, args)?))
}

/// The text of a file, or of standard input, with what to call it.
fn read(path: &Path) -> Result<(String, String)> {
    if path.to_str() == Some("-") {
        let mut text = String::new();
        std::io::stdin()
            .read_to_string(&mut text)
            .context("read the query from standard input")?;
        return Ok(("standard input".to_owned(), text));
    }
    let name = format!("`{}`", path.display());
    let text = std::fs::read_to_string(path).with_context(|| format!("read the query {name}"))?;
    Ok((name, text))
}

/// The query with what the flags add to it.
fn adjusted(mut query: Query, args: &QueryArgs) -> Result<Query> {
    query.fields.extend(written(&args.fields));
    query.pivots.extend(written(&args.pivots));
    query.fill_fields.extend(written(&args.fill));
    for (at, (field, expression)) in args.filter.iter().enumerate() {
        let mut others = args.filter.iter().take(at);
        if let Some((_, other)) = others.find(|(other, _)| other == field) {
            let text = format!(
                "two filters on `{field}`, `{other}` and `{expression}`: write them as one expression"
            );
            return Err(Usage(text).into());
        }
        query.filters.insert(field.clone(), expression.clone());
    }
    for sort in &args.sorts {
        query
            .sorts
            .push(sort.parse().map_err(|error| Usage(format!("{error}")))?);
    }
    if let Some(limit) = args.limit {
        query.limit = Some(u64::try_from(limit).map_or(Limit::None, Limit::To));
    }
    if let Some(limit) = args.column_limit {
        query.column_limit = Some(Limit::To(limit));
    }
    query.total |= args.total;
    if args.row_total {
        query.row_total = Some(RowTotal::Right);
    }
    if let Some(zone) = &args.timezone {
        query.query_timezone = Some(zone.clone());
    }
    Ok(query)
}

/// Names without those that are none.
fn written(names: &[String]) -> impl Iterator<Item = String> {
    let names = names.iter().filter(|name| !name.trim().is_empty());
    names.cloned()
}

pub(super) fn settings(args: &AskArgs, loaded: &Loaded, context: &Context) -> Settings {
    let dialect = match dataset(context) {
        Some(_) => Dialect::BigQuery,
        None => Dialect::DuckDb,
    };
    let mut settings = Settings::new(dialect, args.now.unwrap_or_else(Timestamp::now));
    let written = &context.config.settings.model;
    settings.query_timezone = written.timezone.clone();
    settings.week_start = written.week_start.unwrap_or(Weekday::Monday);
    settings.tables = loaded.table_names();
    let written = attributes(&written.attributes, &written.filter_attributes);
    let given = attributes(
        args.attr.iter().map(|(name, value)| (name, value)),
        args.attr_filter.iter().map(|(name, value)| (name, value)),
    );
    settings.user_attributes = written.chain(given).collect();
    settings
}

/// User attributes: texts, then filter expressions.
fn attributes<'a>(
    texts: impl IntoIterator<Item = (&'a String, &'a String)>,
    filters: impl IntoIterator<Item = (&'a String, &'a String)>,
) -> impl Iterator<Item = (String, UserAttribute)> {
    let texts = texts
        .into_iter()
        .map(|(name, value)| (name.clone(), UserAttribute::Literal(value.clone())));
    let filters = filters
        .into_iter()
        .map(|(name, value)| (name.clone(), UserAttribute::Expression(value.clone())));
    texts.chain(filters)
}

fn explain(error: QueryError) -> anyhow::Error {
    match &error.hint {
        Some(hint) => Advised::new(error.to_string(), hint.clone()).into(),
        None => error.into(),
    }
}

/// What DuckDB knows of the tables of a query, so that its SQL can be written to take less time.
async fn statistics(
    engine: &dyn QueryEngine,
    compiled: &Compiled,
    limits: &Limits,
    context: &Context,
) -> Result<Statistics> {
    if engine.dialect() != warehouse::Dialect::DuckDb {
        return Ok(Statistics::default());
    }
    let tables = rows(engine, &[], Statistics::TABLES, limits, context).await?;
    match Statistics::columns(&tables, &compiled.statements) {
        Some(sql) => {
            let rows = rows(engine, &[], &sql, limits, context).await?;
            Ok(Statistics::of(&rows))
        }
        None => Ok(Statistics::default()),
    }
}

/// Runs the statements one after the other.
pub(super) async fn answer(
    engine: &dyn QueryEngine,
    compiled: &Compiled,
    limits: &Limits,
    context: &Context,
) -> Result<Answer> {
    let mut results = Vec::with_capacity(compiled.statements.len());
    for statement in &compiled.statements {
        results.push(rows(engine, &compiled.setup, &statement.sql, limits, context).await?);
    }
    compiled.answer(results).context("put the answer together")
}

/// The rows of one statement of the engine's.
pub(super) async fn rows(
    engine: &dyn QueryEngine,
    setup: &[String],
    sql: &str,
    limits: &Limits,
    context: &Context,
) -> Result<Vec<Vec<Cell>>> {
    let own: &[&str] = match engine.dialect() {
        warehouse::Dialect::DuckDb => DUCKDB_SETUP,
        warehouse::Dialect::BigQuery => &[],
    };
    let own = own.iter().map(|sql| (*sql).to_owned());
    let setup: Vec<String> = own.chain(setup.iter().cloned()).collect();
    let rows = engine.query_with(&setup, sql, &[], limits).await;
    let rows = rows.map_err(|error| sql::explain(error, context))?;
    let mut found = Vec::new();
    for batch in &rows.collect().await? {
        found.extend(cells(batch)?);
    }
    Ok(found)
}

/// What somebody who reads the answer should know.
fn remark(answer: &Answer, context: &Context) {
    let terminal = &context.terminal;
    for notice in &answer.notices {
        terminal.warn(&format!("{}: {}", notice.rule.code, notice.message));
    }
    for (name, problem) in &answer.problems {
        let (code, message) = (problem.rule.code, &problem.message);
        terminal.warn(&format!("{code}: `{name}`: {message}"));
    }
    if answer.is_truncated {
        let shown = counted(answer.rows.len() as u64, "row");
        terminal.say(&format!("Cut after {shown}; --limit -1 gives all."));
    }
    if answer.are_columns_truncated {
        let shown = counted(answer.pivots.len() as u64, "pivoted column");
        terminal.say(&format!(
            "Cut after {shown}; --column-limit takes up to 200."
        ));
    }
}

fn print(answer: &Answer, format: AnswerFormat) -> Result<()> {
    let mut out = BufWriter::new(std::io::stdout().lock());
    match format {
        AnswerFormat::Table => {
            let TextTable {
                head,
                numeric,
                rows,
            } = answer.text_table();
            let head: Vec<&str> = head.iter().map(String::as_str).collect();
            writeln!(out, "{}", plain_table(&head, &numeric, rows))?;
        }
        AnswerFormat::Csv => {
            let TextTable { head, rows, .. } = answer.raw_table();
            let mut writer = csv::Writer::from_writer(&mut out);
            writer.write_record(&head)?;
            for row in rows {
                writer.write_record(&row)?;
            }
            writer.flush()?;
        }
        AnswerFormat::Json => {
            serde_json::to_writer_pretty(&mut out, &answer.json())?;
            writeln!(out)?;
        }
        AnswerFormat::Jsonl => {
            for row in &answer.rows {
                serde_json::to_writer(&mut out, &answer.row_json(row))?;
                writeln!(out)?;
            }
        }
        AnswerFormat::JsonDetail => {
            serde_json::to_writer_pretty(&mut out, &answer.json_detail())?;
            writeln!(out)?;
        }
        AnswerFormat::Sql => {}
    }
    out.flush()?;
    Ok(())
}
