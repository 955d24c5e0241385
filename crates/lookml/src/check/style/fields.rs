//! Fields: what people see of them, and what they are called.

use super::joins::ForeignKeys;
use crate::check::report::Report;
use crate::check::survey::{Declaration, ViewSurvey, items};
use crate::diagnostic::rules;
use crate::model::{Field, FieldKind, Shape};
use crate::resolve::last;

/// Ends of names that say what the label of a timeframe says again.
const TIMES: &[&str] = &["_at", "_date", "_time", "_ts"];

/// Words that a question begins with.
const QUESTIONS: &[&str] = &[
    "are", "can", "could", "did", "do", "does", "had", "has", "have", "is", "may", "must",
    "should", "was", "were", "will", "would",
];

pub(super) fn check(
    view: &ViewSurvey<'_>,
    declaration: &Declaration<'_>,
    keys: &ForeignKeys<'_>,
    report: &mut Report<'_>,
) {
    let Some(field) = declaration.fields.first() else {
        return;
    };
    if !field.show.hidden {
        description(field, declaration, report);
        yesno(field, declaration, report);
        key(view, field, declaration, keys, report);
        heading(declaration, report);
    }
    if declaration.kind.name == "dimension_group" {
        group(declaration, report);
    }
}

/// LK401.
fn description(field: &Field, declaration: &Declaration<'_>, report: &mut Report<'_>) {
    let description = field.show.description.as_deref().unwrap_or_default();
    if !description.trim().is_empty() {
        return;
    }
    let node = declaration.node;
    let message = format!("`{}` has no description", node.name());
    let problem = report.at(&node.place, rules::MISSING_DESCRIPTION, message);
    problem.hint = Some("say in a sentence what it is, or hide it".to_owned());
}

/// LK403.
fn key(
    view: &ViewSurvey<'_>,
    field: &Field,
    declaration: &Declaration<'_>,
    keys: &ForeignKeys<'_>,
    report: &mut Report<'_>,
) {
    let Some(dimension) = field.dimension() else {
        return;
    };
    let is_foreign = keys.contains(&(view.view.name.as_str(), field.name.as_str()));
    let what = match (dimension.primary_key, is_foreign) {
        (true, _) => "primary",
        (false, true) => "foreign",
        (false, false) => return,
    };
    let message = format!("the {what} key `{}` is visible", field.name);
    let problem = report.at(&declaration.node.place, rules::VISIBLE_KEY, message);
    problem.hint = Some("write `hidden: yes`".to_owned());
}

/// LK417.
fn heading(declaration: &Declaration<'_>, report: &mut Report<'_>) {
    let Some(node) = last(declaration.node.children(), "view_label") else {
        return;
    };
    let message = format!("`{}` stands under another heading", declaration.node.name());
    let problem = report.at(&node.place, rules::FIELD_VIEW_LABEL, message);
    problem.hint = Some("people look for it under that of its view: use `group_label`".to_owned());
}

/// LK404, LK418.
fn group(declaration: &Declaration<'_>, report: &mut Report<'_>) {
    let node = declaration.node;
    let nodes = node.children();
    let kind = last(nodes, "type").and_then(crate::resolve::Node::text);
    if kind.is_some_and(|kind| kind != "time") {
        return;
    }
    let name = node.name();
    if let Some(end) = TIMES.iter().find(|end| name.ends_with(*end)) {
        let message = format!("the group `{name}` ends in `{end}`");
        let problem = report.at(&node.place, rules::TIME_IN_GROUP_NAME, message);
        let short = name.trim_end_matches(end);
        problem.hint = Some(format!("its labels say it twice: call it `{short}`"));
    }
    let timeframes = items(nodes, "timeframes");
    let has_raw = timeframes
        .iter()
        .any(|item| matches!(item.text.as_str(), "raw" | "EXTENDED*"));
    if !timeframes.is_empty() && !has_raw {
        let message = format!("the group `{name}` has no timeframe `raw`");
        let problem = report.at(&node.place, rules::MISSING_RAW, message);
        problem.hint = Some("other SQL needs the column as it is: add `raw`".to_owned());
    }
}

/// LK405.
fn yesno(field: &Field, declaration: &Declaration<'_>, report: &mut Report<'_>) {
    let is_yesno = match &field.kind {
        FieldKind::Dimension(dimension) => dimension.shape == Shape::YesNo,
        _ => false,
    };
    let name = &field.name;
    let asks = name
        .split_once('_')
        .is_some_and(|(word, _)| QUESTIONS.contains(&word));
    if !is_yesno || asks {
        return;
    }
    let name = ["_is", "_has"]
        .iter()
        .find_map(|end| name.strip_suffix(end))
        .unwrap_or(name);
    let message = format!("`{}` is a yes or no", field.name);
    let problem = report.at(&declaration.node.place, rules::YESNO_NAME, message);
    problem.hint = Some(format!("call it `is_{name}` or `has_{name}`"));
}
