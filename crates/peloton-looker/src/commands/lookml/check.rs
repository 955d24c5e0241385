//! `lookml check`: what is wrong with a project, and what to do.

use std::io::{BufWriter, Write};

use anyhow::Result;
use lookml::{Problem, ProjectError, Severity, check_project, lint_project};
use serde::Serialize;

use super::super::{Context, Outcome, query};
use super::live;
use crate::cli::{CheckArgs, FailOn, TextFormat};
use crate::model::{self, Loaded};
use crate::output::{Finding, counted};

/// The answer of Looker's API to the same question.
#[derive(Debug, Serialize)]
struct Report {
    errors: Vec<ProjectError>,
    models_not_validated: Vec<String>,
}

pub(crate) fn run(args: &CheckArgs, context: &Context) -> Result<Outcome> {
    let folder = super::folder(&args.folder, context);
    let loaded = match args.live {
        true => query::load(folder, context)?,
        false => model::load(folder)?,
    };
    let mut problems = match args.lint {
        true => lint_project(&loaded.project),
        false => check_project(&loaded.project),
    };
    if args.live {
        let Some(found) = live::check(&args.ask, &loaded, context)? else {
            return Ok(Outcome::Interrupted);
        };
        problems.extend(found);
    }
    match args.format {
        TextFormat::Text => print(&problems, &loaded, context)?,
        TextFormat::Json => {
            let errors = problems
                .iter()
                .map(|problem| problem.to_project_error(|_| None));
            let report = Report {
                errors: errors.collect(),
                models_not_validated: Vec::new(),
            };
            let json = serde_json::to_string_pretty(&report)?;
            writeln!(std::io::stdout(), "{json}")?;
        }
    }
    let worst = match args.fail_on {
        FailOn::Error => Severity::Error,
        FailOn::Warning => Severity::Warning,
    };
    Ok(
        match problems.iter().any(|problem| problem.severity >= worst) {
            true => Outcome::Unwell,
            false => Outcome::Complete,
        },
    )
}

fn print(problems: &[Problem], loaded: &Loaded, context: &Context) -> Result<()> {
    let mut out = BufWriter::new(std::io::stdout().lock());
    for problem in problems {
        let shown = shown(problem, loaded, context.terminal.color_out);
        writeln!(out, "{shown}")?;
    }
    let files = counted(loaded.project.files.len() as u64, "file");
    let count = |severity: Severity| {
        let found = problems
            .iter()
            .filter(|problem| problem.severity == severity);
        (found.count() as u64, severity)
    };
    let counts = [Severity::Error, Severity::Warning, Severity::Info].map(count);
    let counts = counts.iter().filter(|(count, _)| *count > 0);
    let counts = counts.map(|(count, severity)| match severity {
        Severity::Info => counted(*count, "remark"),
        severity => counted(*count, severity.name()),
    });
    let counts: Vec<String> = counts.collect();
    match counts.is_empty() {
        true => writeln!(out, "{files}: nothing is wrong")?,
        false => writeln!(out, "{files}: {}", counts.join(", "))?,
    }
    out.flush()?;
    Ok(())
}

fn shown(problem: &Problem, loaded: &Loaded, has_color: bool) -> String {
    let mut notes = Vec::new();
    notes.extend(problem.hint.as_ref().map(|hint| format!("hint: {hint}")));
    if problem.explores.len() > 1 {
        notes.push(format!("in the explores {}", problem.explores.join(", ")));
    }
    let finding = Finding {
        severity: problem.severity,
        code: Some(problem.rule.code),
        message: &problem.message,
        path: &loaded.path(&problem.file),
        text: loaded.text(&problem.file),
        span: problem.span,
        notes,
    };
    finding.render(has_color)
}
