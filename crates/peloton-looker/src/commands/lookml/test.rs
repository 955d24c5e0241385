//! `lookml test`: the data tests of a project, on the rows of the warehouse.

use std::io::Write;

use anyhow::Result;
use lookml::model::{Assert, Test};
use lookml::{Answer, Compiled, ExploreUrl, Model, Query, QueryError, Settings, Severity, Span};
use serde::{Serialize, Serializer};
use serde_json::{Map, Value};
use warehouse::{Limits, QueryEngine};

use super::super::interruption::interrupted;
use super::super::{Context, Outcome, query, runtime, sql};
use crate::cli::{TestArgs, TextFormat};
use crate::model::Loaded;
use crate::output::{Finding, counted, plain_table, program};
use crate::places;

/// Failing rows that are shown of an assert.
const SHOWN: usize = 3;

/// What became of a test, as Looker's API has it.
#[derive(Debug, Serialize)]
struct TestResult {
    model_name: String,
    test_name: String,
    assertions_count: usize,
    assertions_failed: usize,
    success: bool,
    errors: Vec<Problem>,
    warnings: Vec<Problem>,
    /// How many rows were tested; none where there was no answer.
    #[serde(skip)]
    rows: Option<usize>,
}

/// What is wrong, with the names of Looker's `ProjectError`.
#[derive(Debug, Serialize)]
struct Problem {
    code: Option<&'static str>,
    #[serde(serialize_with = "name")]
    severity: Severity,
    kind: &'static str,
    message: String,
    field_name: Option<String>,
    file_path: String,
    line_number: usize,
    model_id: String,
    explore: String,
    help_url: Option<String>,
    params: Params,
    #[serde(skip)]
    span: Span,
}

#[derive(Debug, Default, Serialize)]
struct Params {
    hint: Option<String>,
    /// The first rows in which the assert does not hold.
    rows: Vec<Map<String, Value>>,
    /// The query as the address of an Explore.
    url: Option<String>,
}

fn name<S: Serializer>(severity: &Severity, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(severity.name())
}

pub(crate) fn run(args: &TestArgs, context: &Context) -> Result<Outcome> {
    let loaded = query::load(super::folder(&args.folder, context), context)?;
    let models = loaded.models()?;
    let run = Run {
        loaded: &loaded,
        settings: query::settings(&args.ask, &loaded, context),
        limits: query::limits(&args.ask),
        context,
    };
    let results = runtime()?.block_on(async {
        let engine = places::engine(context.on.as_deref(), &context.config)?;
        let results = tokio::select! {
            results = run.all(engine.as_ref(), &models) => results.map(Some),
            () = interrupted() => Ok(None),
        };
        engine.close().await;
        results
    })?;
    let Some(results) = results else {
        return Ok(Outcome::Interrupted);
    };
    match args.format {
        TextFormat::Text => print(&results, &loaded, models.len() > 1, context)?,
        TextFormat::Json => {
            let json = serde_json::to_string_pretty(&results)?;
            writeln!(std::io::stdout(), "{json}")?;
        }
    }
    Ok(match results.iter().all(|result| result.success) {
        true => Outcome::Complete,
        false => Outcome::Unwell,
    })
}

/// What all tests have in common.
struct Run<'a> {
    loaded: &'a Loaded,
    settings: Settings,
    limits: Limits,
    context: &'a Context,
}

impl Run<'_> {
    async fn all(&self, engine: &dyn QueryEngine, models: &[Model]) -> Result<Vec<TestResult>> {
        // That there is nothing to ask is told once, not once a test.
        sql::begin(engine, "SELECT 1", &self.limits, self.context).await?;
        let mut results = Vec::new();
        for model in models {
            for test in &model.tests {
                results.push(self.one(engine, model, test).await);
            }
        }
        Ok(results)
    }

    async fn one(&self, engine: &dyn QueryEngine, model: &Model, test: &Test) -> TestResult {
        let tested = Tested {
            loaded: self.loaded,
            model,
            test,
        };
        let (query, compiled) = match tested.compile(&self.settings) {
            Ok(compiled) => compiled,
            Err(error) => return tested.refused(error),
        };
        match query::answer(engine, &compiled, &self.limits, self.context).await {
            Ok(answer) => tested.result(&query, &answer),
            Err(error) => {
                // The lines below show the SQL, which nobody has written.
                let error = format!("{error:#}");
                let reason = error.lines().next().unwrap_or_default();
                tested.unanswered(format!("the query failed: {reason}"))
            }
        }
    }
}

/// A test of a model.
struct Tested<'a> {
    loaded: &'a Loaded,
    model: &'a Model,
    test: &'a Test,
}

impl Tested<'_> {
    fn compile(&self, settings: &Settings) -> Result<(Query, Compiled), QueryError> {
        let query = self.test.query(self.model)?;
        let compiled = lookml::compile(self.model, &query, settings)?;
        Ok((query, compiled))
    }

    fn result(&self, query: &Query, answer: &Answer) -> TestResult {
        let asserts = self.test.asserts.iter();
        let errors = asserts.filter_map(|assert| self.error(assert, query, answer));
        let errors: Vec<Problem> = errors.collect();
        let mut warnings = Vec::new();
        if answer.rows.is_empty() {
            let message = format!("the test `{}` had no rows to look at", self.test.name);
            warnings.push(self.problem(Severity::Warning, None, message));
        }
        TestResult {
            model_name: self.model.name.clone(),
            test_name: self.test.name.clone(),
            assertions_count: self.test.asserts.len(),
            assertions_failed: errors.len(),
            success: errors.is_empty(),
            errors,
            warnings,
            rows: Some(answer.rows.len()),
        }
    }

    /// What is wrong with an assert, if anything is.
    fn error(&self, assert: &Assert, query: &Query, answer: &Answer) -> Option<Problem> {
        let rows = match self.test.failing_rows(assert, answer) {
            Ok(rows) if rows.is_empty() => return None,
            Ok(rows) => rows,
            Err(diagnostic) => {
                let mut problem = self.problem(
                    diagnostic.severity,
                    Some(diagnostic.rule.code),
                    diagnostic.message,
                );
                problem.params.hint = diagnostic.hint;
                return Some(self.at(problem, assert, diagnostic.span));
            }
        };
        let (failing, all) = (rows.len(), counted(answer.rows.len() as u64, "row"));
        let message = format!("`{}` does not hold in {failing} of {all}", assert.name);
        let mut problem = self.problem(Severity::Error, None, message);
        let shown = rows.iter().take(SHOWN);
        let shown = shown.filter_map(|row| answer.rows.get(*row));
        problem.params.rows = shown.map(|row| answer.row_json(row)).collect();
        let url = ExploreUrl {
            query: query.clone(),
            other: Vec::new(),
        };
        problem.params.url = Some(url.to_string());
        let span = Span::new(0, assert.expression.len());
        Some(self.at(problem, assert, span))
    }

    /// The problem at a place of an assert's expression.
    fn at(&self, mut problem: Problem, assert: &Assert, span: Span) -> Problem {
        let text = self.loaded.text(&assert.place.file);
        let written = assert.place.span.of(text);
        // An expression with constants is not found: then it is the assert.
        problem.span = match written.find(&assert.expression) {
            Some(at) => {
                let start = assert.place.span.start as usize + at;
                let range = span.range();
                Span::new(start + range.start, start + range.end)
            }
            None => assert.place.span,
        };
        problem.file_path = assert.place.file.to_string();
        problem.line_number = self.loaded.line(&problem.file_path, problem.span);
        problem
    }

    /// Of a query that can't be compiled.
    fn refused(&self, error: QueryError) -> TestResult {
        let mut result = self.unanswered(error.message);
        for problem in &mut result.errors {
            problem.code = Some(error.rule.code);
            problem.field_name.clone_from(&error.field);
            problem.params.hint.clone_from(&error.hint);
        }
        result
    }

    /// Without rows nothing holds.
    fn unanswered(&self, message: String) -> TestResult {
        TestResult {
            model_name: self.model.name.clone(),
            test_name: self.test.name.clone(),
            assertions_count: self.test.asserts.len(),
            assertions_failed: self.test.asserts.len(),
            success: false,
            errors: vec![self.problem(Severity::Error, None, message)],
            warnings: Vec::new(),
            rows: None,
        }
    }

    /// A problem of the test as a whole: its place is the line that it begins with.
    fn problem(&self, severity: Severity, code: Option<&'static str>, message: String) -> Problem {
        let place = &self.test.place;
        let head = place.span.of(self.loaded.text(&place.file));
        let head = head
            .split(['{', '\n'])
            .next()
            .unwrap_or_default()
            .trim_end();
        let start = place.span.start as usize;
        Problem {
            code,
            severity,
            kind: "test",
            message,
            field_name: None,
            file_path: place.file.to_string(),
            line_number: self.loaded.line(&place.file, place.span),
            model_id: self.model.name.clone(),
            explore: self.test.source.explore.clone(),
            help_url: None,
            params: Params::default(),
            span: Span::new(start, start + head.len()),
        }
    }
}

fn print(
    results: &[TestResult],
    loaded: &Loaded,
    has_models: bool,
    context: &Context,
) -> Result<()> {
    let mut out = std::io::stdout().lock();
    if results.is_empty() {
        context.terminal.say("The project has no data tests.");
        return Ok(());
    }
    let rows = results.iter().map(|result| {
        let name = match has_models {
            true => format!("{}/{}", result.model_name, result.test_name),
            false => result.test_name.clone(),
        };
        let held = result.assertions_count - result.assertions_failed;
        let verdict = if result.success { "passed" } else { "failed" };
        let rows = result.rows.map(|rows| rows.to_string());
        vec![
            name,
            rows.unwrap_or_default(),
            format!("{held} of {}", result.assertions_count),
            verdict.to_owned(),
        ]
    });
    let head = ["test", "rows", "asserts", "result"];
    let table = plain_table(&head, &[false, true, true, false], rows.collect());
    writeln!(out, "{table}")?;
    for result in results {
        for problem in result.errors.iter().chain(&result.warnings) {
            writeln!(out, "\n{}", shown(problem, loaded, context).trim_end())?;
        }
    }
    let failed = results.iter().filter(|result| !result.success).count();
    let passed = results.len() - failed;
    let all = counted(results.len() as u64, "test");
    writeln!(out, "\n{all}: {passed} passed, {failed} failed")?;
    Ok(())
}

/// What shows the rows of a query, asked where the test was.
fn command(url: &str, loaded: &Loaded, context: &Context) -> String {
    let profile = context.config.profile.name.as_str();
    let mut command = program();
    if profile != "default" {
        command.push_str(&format!(" --profile {profile}"));
    }
    command.push_str(" query");
    if let Some(folder) = &loaded.folder {
        command.push_str(&format!(" --model '{}'", folder.display()));
    }
    if let Some(on) = &context.on {
        command.push_str(&format!(" --on '{on}'"));
    }
    format!("{command} --url '{url}'")
}

fn shown(problem: &Problem, loaded: &Loaded, context: &Context) -> String {
    let params = &problem.params;
    let mut notes = Vec::new();
    notes.extend(params.hint.as_ref().map(|hint| format!("hint: {hint}")));
    notes.extend(params.rows.iter().map(|row| {
        let values = row.iter().map(|(name, value)| format!("{name}: {value}"));
        values.collect::<Vec<_>>().join(", ")
    }));
    notes.extend(
        params
            .url
            .as_ref()
            .map(|url| format!("the rows: {}", command(url, loaded, context))),
    );
    let finding = Finding {
        severity: problem.severity,
        code: problem.code,
        message: &problem.message,
        path: &loaded.path(&problem.file_path),
        text: loaded.text(&problem.file_path),
        span: problem.span,
        notes,
    };
    finding.render(context.terminal.color_out)
}
