//! Values that fields are filtered by, wherever the model has them as they are: what no query could read.

use super::references::{Reference, Role};
use super::report::Report;
use super::sources;
use super::survey::{ExploreSurvey, Survey, ViewSurvey};
use crate::compile::filter_type;
use crate::compile::scope::FieldRef;
use crate::diagnostic::{Diagnostic, Severity, rules};
use crate::filter::{self, FilterType};
use crate::model::{Assignment, Field, FieldKind, Parameter, View, filters};
use crate::resolve::{Node, Place, blocks, last};
use crate::token::Span;

pub(super) fn check(survey: &Survey<'_>, report: &mut Report<'_>) {
    for view in survey.views.values() {
        for declaration in view.declarations.values() {
            for filter in filters(declaration.node.children()) {
                of_measure(survey, view, &filter, report);
            }
            for field in declaration.fields.iter().take(1) {
                let node = last(declaration.node.children(), "default_value");
                if let Some(node) = node {
                    default_value(field, node, report);
                }
            }
        }
    }
    for explore in &survey.explores {
        of_explore(survey, explore, report);
        of_access(survey, explore, report);
    }
}

/// What the rows of a measure must be.
fn of_measure(
    survey: &Survey<'_>,
    view: &ViewSurvey<'_>,
    filter: &Assignment,
    report: &mut Report<'_>,
) {
    let reference = Reference::named(&filter.field, Role::Filter, &filter.place);
    // What is no dimension is told where its mentions are.
    let field = survey.meant(view, &reference);
    if let Some(field) = field.filter(|field| field.dimension().is_some()) {
        let mistake = mistake(view.view, field, &filter.field, &filter.value);
        tell(mistake, &filter.place, &filter.value, &[], report);
    }
}

fn of_explore(survey: &Survey<'_>, explore: &ExploreSurvey<'_>, report: &mut Report<'_>) {
    let nodes = explore.object.nodes.as_slice();
    let always = ["always_filter", "conditionally_filter"].into_iter();
    let always = always.filter_map(|key| last(nodes, key));
    always.for_each(|node| of_query(survey, explore, node, report));
    for (_, node) in blocks(nodes, "query") {
        sources::query(survey, explore, node, report);
    }
}

/// Fields by which people see rows or not. What they are compared with is known only with who asks.
fn of_access(survey: &Survey<'_>, explore: &ExploreSurvey<'_>, report: &mut Report<'_>) {
    for access in &explore.explore.access_filters {
        let name = &access.field;
        let reference = Reference::named(name, Role::Dimension, &access.place);
        // What is no dimension is told where its mentions are.
        let found = survey.in_explore(explore, &reference);
        if let Some((view, field)) = found.filter(|(_, field)| field.dimension().is_some()) {
            let explores = [explore.explore.name.as_str()];
            let mistake = mistake(view, field, name, "");
            tell(mistake, &access.place, name, &explores, report);
        }
    }
}

/// The filters of a query that a model has.
pub(super) fn of_query(
    survey: &Survey<'_>,
    explore: &ExploreSurvey<'_>,
    node: &Node,
    report: &mut Report<'_>,
) {
    for filter in filters(node.children()) {
        let reference = Reference::named(&filter.field, Role::Field, &filter.place);
        let Some((view, field)) = survey.in_explore(explore, &reference) else {
            continue;
        };
        let mistake = mistake(view, field, &filter.field, &filter.value);
        let explores = [explore.explore.name.as_str()];
        tell(mistake, &filter.place, &filter.value, &explores, report);
    }
}

/// What a filter or a parameter is where a query says nothing.
fn default_value(field: &Field, node: &Node, report: &mut Report<'_>) {
    let value = node.text().unwrap_or_default();
    let mistake = match &field.kind {
        FieldKind::Filter(filter) => of_expression(&field.name, value, filter.filter_type),
        // A value of its type works without being one to choose.
        FieldKind::Parameter(parameter) => {
            of_parameter(&field.name, parameter, value).map(|found| Diagnostic {
                severity: match parameter.refusal(value) {
                    Some(_) => Severity::Error,
                    None => Severity::Warning,
                },
                ..found
            })
        }
        _ => None,
    };
    tell(mistake, &node.place, value, &[], report);
}

fn tell(
    mistake: Option<Diagnostic>,
    place: &Place,
    value: &str,
    explores: &[&str],
    report: &mut Report<'_>,
) {
    let Some(mistake) = mistake else {
        return;
    };
    let problem = report.within(place, value, mistake.rule, mistake.message);
    problem.severity = mistake.severity;
    problem.hint = problem.hint.take().or(mistake.hint);
    for explore in explores {
        super::report::push_new(&mut problem.explores, explore);
    }
}

/// Why a field of that view can't be filtered by a value; its place is left to whoever knows it. The name is the
/// field's, as it is written there.
pub(super) fn mistake(view: &View, field: &Field, name: &str, value: &str) -> Option<Diagnostic> {
    if let FieldKind::Parameter(parameter) = &field.kind {
        return of_parameter(name, parameter, value);
    }
    let alias = view.name.as_str();
    match filter_type(&FieldRef { alias, view, field }) {
        Ok(filter_type) => of_expression(name, value, filter_type),
        // Types that are not supported are told where they are written.
        Err(error) if error.rule == rules::UNSUPPORTED => None,
        Err(error) => {
            let message = format!("the filter on `{name}`: {}", error.message);
            Some(Diagnostic::new(error.rule, Span::default(), message))
        }
    }
}

/// LK310.
pub(super) fn of_expression(
    name: &str,
    value: &str,
    filter_type: FilterType,
) -> Option<Diagnostic> {
    if is_later(value) {
        return None;
    }
    let error = filter::parse(value, filter_type).err()?;
    let message = format!("the filter `{value}` on `{name}`: {error}");
    let hint = format!("the mistake is at character {}", error.position + 1);
    Some(Diagnostic::new(rules::BAD_FILTER, Span::default(), message).hint(hint))
}

/// LK311.
fn of_parameter(name: &str, parameter: &Parameter, value: &str) -> Option<Diagnostic> {
    if is_later(value) || value.is_empty() {
        return None;
    }
    let wrong = |message| {
        Some(Diagnostic::new(
            rules::ILLEGAL_PARAMETER_VALUE,
            Span::default(),
            message,
        ))
    };
    let allowed: Vec<_> = parameter
        .allowed_values
        .iter()
        .map(|allowed| allowed.value.as_str())
        .collect();
    if !allowed.is_empty() && !allowed.contains(&value) {
        let message = format!("`{value}` is no value of the parameter `{name}`");
        let allowed: Vec<_> = allowed.iter().map(|value| format!("`{value}`")).collect();
        let hint = format!("it has {}", allowed.join(", "));
        return wrong(message).map(|found| found.hint(hint));
    }
    let refusal = parameter.refusal(value)?;
    wrong(format!(
        "`{value}` is {refusal}, as the parameter `{name}` needs it"
    ))
}

/// Whether a value is known only for a query.
fn is_later(value: &str) -> bool {
    value.contains("{{") || value.contains("{%") || value.contains("@{")
}
