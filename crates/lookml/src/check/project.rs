//! Everything that is wrong with a project.

use std::collections::{BTreeMap, BTreeSet};

use super::declared::{self, Declared};
use super::problem::Problem;
use super::report::Report;
use super::survey::Survey;
use super::unused::{self, Uses};
use super::{
    cycles, dashboards, explores, fields, files, filters, formats, joins, measures, sources, style,
};
use crate::diagnostic::{Diagnostic, Severity, rules};
use crate::model::Model;
use crate::project::{Located, Project};
use crate::resolve::Objects;
use crate::token::Span;

/// What is wrong with a project: in its files by themselves, and in its models when everything is put together.
/// Sorted by files and places, each finding once. What is a matter of style only is left to [`lint_project`].
pub fn check_project(project: &Project) -> Vec<Problem> {
    Check::new(project).run(Depth::Rules)
}

/// The same with what is a matter of style.
pub fn lint_project(project: &Project) -> Vec<Problem> {
    Check::new(project).run(Depth::Style)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Depth {
    Rules,
    Style,
}

/// A model while it is checked.
struct Loaded {
    model: Model,
    objects: Objects,
    problems: Vec<Located>,
}

struct Check<'a> {
    project: &'a Project,
    /// Paths of the models by their names.
    paths: BTreeMap<String, String>,
    problems: Vec<Located>,
}

impl<'a> Check<'a> {
    fn new(project: &'a Project) -> Self {
        let (paths, problems) = project.models();
        Self {
            project,
            paths,
            problems,
        }
    }

    fn run(self, depth: Depth) -> Vec<Problem> {
        let mut report = Report::new(self.project);
        let problems = self.problems.into_iter();
        problems.for_each(|problem| report.located(problem));
        let loaded: Vec<Loaded> = self
            .paths
            .iter()
            .map(|(name, path)| {
                let (model, objects, problems) = Model::read(self.project, name, path);
                Loaded {
                    model,
                    objects,
                    problems,
                }
            })
            .collect();
        let used = loaded.iter().flat_map(|loaded| {
            let files = loaded.model.files.iter();
            files.chain(&loaded.model.dashboards)
        });
        let used: BTreeSet<&str> = used.map(String::as_str).collect();
        files::check(self.project, &self.paths, &used, &mut report);
        models(self.project, &loaded, depth, &mut report);
        if depth == Depth::Style {
            report.leave();
            style::files(self.project, &mut report);
        }
        report.finish()
    }
}

/// LK118: a model without a connection, which Looker needs.
fn connection(project: &Project, model: &Model, report: &mut Report<'_>) {
    // The file itself comes behind those that it includes.
    let Some(path) = model.files.last() else {
        return;
    };
    let file = project.files.get(path);
    let is_whole = file.is_some_and(|file| {
        let mut diagnostics = file.diagnostics.iter();
        diagnostics.all(|diagnostic| diagnostic.severity != Severity::Error)
    });
    if model.connection.is_some() || !is_whole {
        return;
    }
    let message = format!("the model `{}` names no connection", model.name);
    let mut diagnostic = Diagnostic::new(rules::MISSING_PARAMETER, Span::default(), message);
    diagnostic.severity = Severity::Warning;
    report.add(
        path,
        diagnostic.hint("write `connection:`; Looker asks it for the rows"),
    );
}

fn models<'a>(project: &Project, loaded: &'a [Loaded], depth: Depth, report: &mut Report<'a>) {
    let declared = Declared::of(project);
    let by_name = loaded
        .iter()
        .map(|loaded| (loaded.model.name.as_str(), &loaded.model));
    let by_name: dashboards::Models<'_> = by_name.collect();
    let mut uses = Uses::new();
    for loaded in loaded {
        report.enter(&loaded.model.name);
        let survey = Survey::new(&loaded.model, &loaded.objects, &declared.views);
        let problems = declared::not_included(&survey, loaded.problems.clone());
        problems.for_each(|problem| report.located(problem));
        connection(project, &loaded.model, report);
        fields::check(&survey, report);
        explores::check(&survey, report);
        joins::check(&survey, report);
        sources::check(&survey, report);
        cycles::check(&survey, report);
        declared::check(&survey, &declared, report);
        filters::check(&survey, report);
        formats::check(&survey, report);
        measures::check(&survey, report);
        let dashboards = dashboards::check(project, &by_name, &loaded.model, report);
        if depth == Depth::Style {
            style::model(&survey, report);
            unused::collect(&survey, &dashboards, &mut uses);
        }
    }
    unused::tell(&uses, report);
}
