//! Value formats: by their names, and as they are written.

use super::report::Report;
use super::survey::Survey;
use crate::diagnostic::{Diagnostic, rules};
use crate::model::Model;
use crate::resolve::{Node, blocks, last};
use crate::token::Span;
use crate::value_format::{NAMED_FORMATS, ValueFormat};

pub(super) fn check(survey: &Survey<'_>, report: &mut Report<'_>) {
    for view in survey.views.values() {
        for declaration in view.declarations.values() {
            let nodes = declaration.node.children();
            by_name(survey.model, nodes, report);
            as_written(nodes, report);
        }
    }
    for (_, node) in blocks(&survey.objects.settings, "named_value_format") {
        as_written(node.children(), report);
    }
}

/// LK217.
fn by_name(model: &Model, nodes: &[Node], report: &mut Report<'_>) {
    let node = last(nodes, "value_format_name");
    let Some((node, name)) = node.and_then(|node| Some((node, node.text()?))) else {
        return;
    };
    if let Some(mistake) = unknown(model, name, report) {
        let problem = report.within(&node.place, name, mistake.rule, mistake.message);
        problem.hint = mistake.hint;
    }
}

/// LK022: a format that is none, after which numbers would be shown without one.
fn as_written(nodes: &[Node], report: &mut Report<'_>) {
    let node = last(nodes, "value_format");
    let Some((node, text)) = node.and_then(|node| Some((node, node.text()?))) else {
        return;
    };
    if let Some(mistake) = unreadable(text) {
        report
            .within(&node.place, text, mistake.rule, mistake.message)
            .hint = mistake.hint;
    }
}

/// A name that no format has; its place is left to whoever knows it.
pub(super) fn unknown(model: &Model, name: &str, report: &Report<'_>) -> Option<Diagnostic> {
    if model.value_format(name).is_some() || name.contains("{{") {
        return None;
    }
    let own = model.value_formats.keys().map(String::as_str);
    let all = NAMED_FORMATS.iter().map(|(name, _)| *name);
    let hint = report.did_you_mean(name, own.chain(all));
    let hint = hint.unwrap_or_else(|| format!("write `named_value_format: {name} {{`"));
    let message = format!("there is no value format `{name}`");
    Some(Diagnostic::new(rules::UNKNOWN_VALUE_FORMAT, Span::default(), message).hint(hint))
}

/// A text that is no format; its place is left to whoever knows it.
pub(super) fn unreadable(text: &str) -> Option<Diagnostic> {
    let is_later = text.contains("{{") || text.contains("{%") || text.contains("@{");
    let error = ValueFormat::parse(text).err().filter(|_| !is_later)?;
    let before = text.get(..error.span.range().start).unwrap_or_default();
    let message = format!("the value format `{text}`: {}", error.message);
    let hint = format!("the mistake is at character {}", before.chars().count() + 1);
    Some(Diagnostic::new(rules::ILLEGAL_VALUE, Span::default(), message).hint(hint))
}
