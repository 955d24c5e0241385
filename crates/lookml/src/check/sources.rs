//! Queries in the model: of derived tables and of data tests.

use std::collections::HashSet;

use jiff::tz::TimeZone;

use super::explores::in_explore;
use super::fields::tell;
use super::filters;
use super::measures::is_post_query;
use super::references::{Reference, Role};
use super::report::{Report, push_new};
use super::survey::{self, ExploreSurvey, Survey, ViewSurvey, name, sorts};
use super::verdict;
use crate::compile::refused;
use crate::diagnostic::{Diagnostic, rules};
use crate::expression::Expression;
use crate::resolve::{Node, Object, Place, blocks, last};
use crate::token::Span;

pub(super) fn check(survey: &Survey<'_>, report: &mut Report<'_>) {
    for view in survey.views.values() {
        for declaration in view.declarations.values() {
            suggested(survey, declaration.node, report);
        }
        if let Some(node) = of_view(view.object)
            && !view.view.is_abstract
        {
            source(survey, node, report);
            columns(survey, node, report);
            bound(survey, view, node, report);
        }
    }
    for (_, node) in blocks(&survey.objects.settings, "test") {
        let Some((_, source_node)) = blocks(node.children(), "explore_source").last() else {
            continue;
        };
        source(survey, source_node, report);
        for (_, assert) in blocks(node.children(), "assert") {
            asserted(source_node, assert, report);
        }
    }
}

/// LK201, LK210: where the values come from that are suggested for a filter.
fn suggested(survey: &Survey<'_>, node: &Node, report: &mut Report<'_>) {
    let nodes = node.children();
    let asked = last(nodes, "suggest_explore").and_then(|node| Some((node, node.text()?)));
    let Some((node, asked)) = asked else {
        return;
    };
    if let Some(explore) = explore(survey, asked, &node.place, report) {
        let base = explore.explore.base.as_str();
        for reference in name(nodes, "suggest_dimension", Role::Dimension) {
            in_explore(survey, explore, base, &reference, report);
        }
    }
}

/// The query that the derived table of a view is.
pub(super) fn of_view(object: &Object) -> Option<&Node> {
    let derived = last(&object.nodes, "derived_table")?;
    blocks(derived.children(), "explore_source")
        .last()
        .map(|(_, node)| node)
}

/// The explore that a query asks; it is reported where there is none.
pub(super) fn explore<'s, 'a>(
    survey: &'s Survey<'a>,
    name: &str,
    place: &Place,
    report: &mut Report<'_>,
) -> Option<&'s ExploreSurvey<'a>> {
    let at = survey.model.explores.get_index_of(name);
    if let Some(explore) = at.and_then(|at| survey.explores.get(at)) {
        return Some(explore);
    }
    let is_abstract = survey
        .model
        .abstract_explores
        .iter()
        .any(|known| known == name);
    if is_abstract {
        let message = format!("the explore `{name}` is there to be extended only");
        report.within(place, name, rules::ABSTRACT_OBJECT, message);
        return None;
    }
    let message = format!("there is no explore `{name}` in this model");
    let known = survey.model.explores.keys().map(String::as_str);
    let hint = report.did_you_mean(name, known);
    report
        .within(place, name, rules::UNKNOWN_VIEW, message)
        .hint = hint;
    None
}

/// LK210 and its kin in a query.
fn source(survey: &Survey<'_>, node: &Node, report: &mut Report<'_>) {
    let Some(explore) = explore(survey, node.name(), &node.place, report) else {
        return;
    };
    let base = explore.explore.base.as_str();
    for reference in fields(node) {
        in_explore(survey, explore, base, &reference, report);
    }
    query(survey, explore, node, report);
}

/// LK210, LK310, LK331, LK022, LK935, LK937: what keeps a query that the model has from ever running.
pub(super) fn query(
    survey: &Survey<'_>,
    explore: &ExploreSurvey<'_>,
    node: &Node,
    report: &mut Report<'_>,
) {
    filters::of_query(survey, explore, node, report);
    for sort in sorts(node.children()) {
        after_query(survey, explore, &sort, "rows can't be sorted by it", report);
    }
    zone(node, report);
    let Some(custom) = last(node.children(), "expression_custom_filter") else {
        return;
    };
    let base = explore.explore.base.as_str();
    expression(custom, report, |reference, report| {
        in_explore(survey, explore, base, &reference, report);
    });
    let text = custom.text().unwrap_or_default();
    if let Some(refused) = Expression::parse(text).ok().and_then(|it| refused(&it)) {
        broken(custom, text, refused, report);
    }
}

/// LK331: a table has no columns that are computed after the query.
fn columns(survey: &Survey<'_>, node: &Node, report: &mut Report<'_>) {
    let at = survey.model.explores.get_index_of(node.name());
    let Some(explore) = at.and_then(|at| survey.explores.get(at)) else {
        return;
    };
    for (column, node) in blocks(node.children(), "column") {
        let written = last(node.children(), "field").and_then(Node::text);
        let field = Reference::named(written.unwrap_or(column), Role::Field, &node.place);
        after_query(
            survey,
            explore,
            &field,
            "it can't be a column of a table",
            report,
        );
    }
}

fn after_query(
    survey: &Survey<'_>,
    explore: &ExploreSurvey<'_>,
    reference: &Reference<'_>,
    so: &str,
    report: &mut Report<'_>,
) {
    let found = survey.in_explore(explore, reference);
    if !found.is_some_and(|(_, field)| is_post_query(field)) {
        return;
    }
    let written = &reference.written;
    let message = format!("`{written}` is computed after the query, so {so}");
    let rule = rules::POST_QUERY_MEASURE;
    let problem = report.within(reference.place, written, rule, message);
    push_new(&mut problem.explores, &explore.explore.name);
}

/// LK022: a zone that does not exist.
fn zone(node: &Node, report: &mut Report<'_>) {
    let Some(node) = last(node.children(), "timezone") else {
        return;
    };
    let name = node.text().unwrap_or_default();
    let is_known = name == "query_timezone" || TimeZone::get(name).is_ok();
    if !is_known && !name.contains("{{") && !name.contains("{%") {
        let message = format!("there is no time zone `{name}`");
        let problem = report.within(&node.place, name, rules::ILLEGAL_VALUE, message);
        problem.hint = Some("write it as `America/New_York`".to_owned());
    }
}

/// The fields of the explore that a query names.
pub(super) fn fields(node: &Node) -> Vec<Reference<'_>> {
    let nodes = node.children();
    let mut columns = HashSet::new();
    let mut found = Vec::new();
    for (column, node) in blocks(nodes, "column") {
        columns.insert(column);
        let field = name(node.children(), "field", Role::Field);
        match field.is_empty() {
            true => found.push(Reference::named(column, Role::Field, &node.place)),
            false => found.extend(field),
        }
    }
    columns.extend(blocks(nodes, "derived_column").map(|(column, _)| column));
    found.extend(survey::filters(nodes, Role::Field));
    // A column may be sorted by its own name.
    let sorts = sorts(nodes).into_iter();
    found.extend(sorts.filter(|sort| !columns.contains(sort.written.as_str())));
    for (_, node) in blocks(nodes, "bind_filters") {
        found.extend(name(node.children(), "to_field", Role::Field));
    }
    found
}

/// LK210: filters of the query around are those of some explore in which the view stands.
fn bound(survey: &Survey<'_>, view: &ViewSurvey<'_>, node: &Node, report: &mut Report<'_>) {
    for (_, bind) in blocks(node.children(), "bind_filters") {
        for reference in name(bind.children(), "from_field", Role::Field) {
            let alias = reference.view.as_deref().unwrap_or(&view.view.name);
            let is_there = |(explore, _): (&ExploreSurvey<'_>, &str)| {
                let bound = survey.bound(explore.explore, alias);
                bound.is_some_and(|bound| bound.field(&reference.field).is_some())
            };
            if survey.stands_in(&view.view.name).any(is_there) {
                continue;
            }
            let verdict = match survey.views.get(alias) {
                Some(view) => verdict::of_field(view, &reference, report),
                None if survey.is_known(alias) => None,
                None => Some(verdict::no_view(survey, alias, &reference.written, report)),
            };
            if let Some(verdict) = verdict {
                tell(&reference, verdict, &[], report);
            }
        }
    }
}

/// LK210, LK935, LK937: what a test says of its rows.
fn asserted(source: &Node, assert: &Node, report: &mut Report<'_>) {
    let Some(node) = last(assert.children(), "expression") else {
        return;
    };
    let columns: HashSet<String> = blocks(source.children(), "column")
        .flat_map(|(column, node)| {
            let field = last(node.children(), "field").and_then(Node::text);
            [column.to_owned(), field.unwrap_or(column).to_owned()]
        })
        .collect();
    let derived = blocks(source.children(), "derived_column");
    let derived: HashSet<&str> = derived.map(|(column, _)| column).collect();
    expression(node, report, |reference, report| {
        let name = reference.name();
        let short = reference.field.as_str();
        // A field of the base view may be named with its view here and without it there.
        if columns.contains(&name) || columns.contains(short) || derived.contains(short) {
            return;
        }
        let message = format!("`{}` is no column of this test", reference.written);
        let hint = format!("write `column: {short} {{ field: {name} }}`");
        let problem = report.within(
            reference.place,
            &reference.written,
            rules::UNKNOWN_REFERENCE,
            message,
        );
        problem.hint = Some(hint);
    });
}

/// Reads an expression, and hands on each field that it names.
fn expression<'n>(
    node: &'n Node,
    report: &mut Report<'_>,
    mut each: impl FnMut(Reference<'n>, &mut Report<'_>),
) {
    let text = node.text().unwrap_or_default();
    match Expression::parse(text) {
        Ok(expression) => {
            for reference in expression.references() {
                let mut named = Reference::named(&reference.name, Role::Field, &node.place);
                named.written = reference.name.clone();
                each(named, report);
            }
        }
        Err(diagnostic) => broken(node, text, diagnostic, report),
    }
}

fn broken(node: &Node, text: &str, diagnostic: Diagnostic, report: &mut Report<'_>) {
    let whole = report.find(&node.place, text);
    let is_found = whole != node.place;
    let Span { start, end } = diagnostic.span;
    let span = match is_found {
        true => Span {
            start: whole.span.start.saturating_add(start),
            end: whole.span.start.saturating_add(end),
        },
        false => node.place.span,
    };
    report.add(&node.place.file, Diagnostic { span, ..diagnostic });
}
