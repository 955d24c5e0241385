//! Files of a project: what is wrong with them by themselves, and those that nobody needs.

use std::collections::{BTreeMap, BTreeSet};

use super::file::check_file;
use super::report::Report;
use crate::dashboard;
use crate::diagnostic::{Diagnostic, Severity, rules};
use crate::project::{MANIFEST, Project, split_project};
use crate::syntax::{Block, Item, Value};
use crate::token::Span;

pub(super) fn check(
    project: &Project,
    models: &BTreeMap<String, String>,
    used: &BTreeSet<&str>,
    report: &mut Report<'_>,
) {
    if models.is_empty() {
        let file = project.files.keys().next();
        let message = "the project has no model";
        let diagnostic = Diagnostic::new(rules::NO_MODEL, Span::default(), message);
        let hint = "a file named `NAME.model.lkml` is one";
        report.add(file.map_or("", String::as_str), diagnostic.hint(hint));
    }
    for (path, file) in &project.files {
        report.extend(path, file.diagnostics.iter().cloned());
        if path.ends_with(".lkml") || is_old(path) {
            report.extend(path, check_file(path, &file.syntax));
        }
        if !models.is_empty() {
            unused(path, used, report);
        }
    }
    manifest(project, report);
}

/// Diagnostics of the dashboards of a file.
pub(super) fn dashboards(
    project: &Project,
    path: &str,
    report: &mut Report<'_>,
) -> Vec<dashboard::Dashboard> {
    let Some(file) = project.files.get(path) else {
        return Vec::new();
    };
    let owner = split_project(path).0;
    let constant = |name: &str| {
        let text = format!("@{{{name}}}");
        let (value, unknown) = project.replace_constants(owner, &text);
        unknown.is_empty().then(|| value.into_owned())
    };
    let (dashboards, diagnostics) = dashboard::parse(path, &file.syntax.text, &constant);
    report.extend(path, diagnostics);
    dashboards
}

fn is_old(path: &str) -> bool {
    path.ends_with(".view.lookml") || path.ends_with(".model.lookml")
}

/// LK106.
fn unused(path: &str, used: &BTreeSet<&str>, report: &mut Report<'_>) {
    let is_lookml = path.ends_with(".lkml") || path.ends_with(".dashboard.lookml");
    let is_model = path.ends_with(".model.lkml");
    if !is_lookml || is_model || path == MANIFEST || path.starts_with("//") || used.contains(path) {
        return;
    }
    let message = "no model includes this file";
    let diagnostic = Diagnostic::new(rules::UNUSED_FILE, Span::default(), message);
    report.add(
        path,
        diagnostic.hint(format!(
            "write `include: \"/{path}\"` in a model, or delete it"
        )),
    );
}

/// LK102.
fn manifest(project: &Project, report: &mut Report<'_>) {
    let Some(file) = project.files.get(MANIFEST) else {
        return;
    };
    let text = &file.syntax.text;
    let mut broken = file.diagnostics.iter();
    let broken = broken.find(|diagnostic| diagnostic.severity == Severity::Error);
    if let Some(broken) = broken {
        let message = "the manifest can't be read, so constants may be missing";
        report.add(
            MANIFEST,
            Diagnostic::new(rules::BAD_MANIFEST, broken.span, message),
        );
    }
    let mut seen = BTreeSet::new();
    for item in &file.syntax.items {
        let Some(name) = constant(item, text) else {
            continue;
        };
        if !seen.insert(name.of(text)) {
            continue;
        }
        let written = format!("@{{{}}}", name.of(text));
        let (value, unknown) = project.replace_constants("", &written);
        let message = match unknown.first() {
            Some(other) => format!("this constant contains `@{{{other}}}`, which does not exist"),
            None if value.contains("@{") => {
                "this constant contains itself, or others too deep".to_owned()
            }
            None => continue,
        };
        report.add(
            MANIFEST,
            Diagnostic::new(rules::BAD_MANIFEST, name, message),
        );
    }
}

/// The name of a constant that an item declares. One without a value is told where the file is checked.
fn constant(item: &Item, text: &str) -> Option<Span> {
    match &item.value {
        Value::Block(block) if item.key.of(text) == "constant" && has_value(block, text) => {
            block.name
        }
        _ => None,
    }
}

fn has_value(block: &Block, text: &str) -> bool {
    let mut items = block.items.iter();
    items.any(|item| item.key.of(text) == "value" && item.value != Value::Missing)
}
