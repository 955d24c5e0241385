//! Declarations of a view by themselves: their parameters, and what they mention of their own view.

use super::field::check_field;
use super::references::{self, Reference, Role};
use super::report::Report;
use super::survey::{Declaration, Survey, ViewSurvey, items, place};
use super::verdict;
use crate::diagnostic::{Diagnostic, Severity, rules};
use crate::liquid::Template;
use crate::parameters::PERSISTENCE;
use crate::resolve::{ListItem, Node, NodeValue, Place, last};

pub(super) fn check(survey: &Survey<'_>, report: &mut Report<'_>) {
    for view in survey.views.values() {
        primary_keys(view, report);
        aliases(view, report);
        sets(survey, view, report);
        table(survey, view, report);
        persistence(view, report);
        for declaration in view.declarations.values() {
            if !view.view.is_abstract {
                parameters(view, declaration, report);
            }
            of_own_view(view, declaration, report);
            templates(declaration.node, report);
        }
        templates_of_table(view, report);
        drill_fields(survey, view, report);
    }
}

/// LK118, LK119: how the parameters fit together when everything is merged.
fn parameters(view: &ViewSurvey<'_>, declaration: &Declaration<'_>, report: &mut Report<'_>) {
    let node = declaration.node;
    let nodes = node.children();
    let type_name = last(nodes, "type").and_then(Node::text);
    // A case makes its own values.
    let has_case = nodes.iter().any(|node| node.key == "case");
    let keys = nodes.iter().map(|node| node.key.as_str());
    for (key, mut diagnostic) in check_field(declaration.kind, type_name, keys) {
        if has_case && diagnostic.rule == rules::MISSING_PARAMETER {
            continue;
        }
        // What is missing in an heir stands in its parent, which may be right to leave it out.
        if key.is_none() && view.object.has_parents {
            let of = format!(" in the view `{}`", view.view.name);
            diagnostic.message.push_str(&of);
        }
        let place = key.and_then(|key| place(nodes, key)).unwrap_or(&node.place);
        diagnostic.span = place.span;
        report.add(&place.file, diagnostic);
    }
}

/// LK116.
fn primary_keys(view: &ViewSurvey<'_>, report: &mut Report<'_>) {
    let is_key = |declaration: &&Declaration<'_>| {
        let key = last(declaration.node.children(), "primary_key").and_then(Node::text);
        declaration.kind.name == "dimension" && key == Some("yes")
    };
    let mut keys = view.declarations.values().filter(is_key);
    let Some(first) = keys.next() else {
        return;
    };
    for key in keys {
        let message = format!(
            "the view `{}` has the primary key `{}` already",
            view.view.name,
            first.node.name()
        );
        let problem = report.at(&key.node.place, rules::SEVERAL_PRIMARY_KEYS, message);
        problem.hint = Some(
            "put the columns together in one dimension, and take `primary_key` away here"
                .to_owned(),
        );
    }
}

/// LK115: an old name that another field has.
fn aliases(view: &ViewSurvey<'_>, report: &mut Report<'_>) {
    for declaration in view.declarations.values() {
        for item in items(declaration.node.children(), "alias") {
            let taken = view.view.fields.get(&item.text);
            let taken = taken.or_else(|| {
                let field = view.field(&item.text)?;
                let is_own = declaration.fields.iter().any(|own| own.name == field.name);
                (!is_own).then_some(field)
            });
            if let Some(field) = taken {
                let message = format!(
                    "`{}` is a name of the field `{}` already",
                    item.text, field.name
                );
                report.at(&item.place, rules::DUPLICATE_FIELD, message);
            }
        }
    }
}

/// LK210, LK212, LK213: what a field mentions of its own view.
fn of_own_view(view: &ViewSurvey<'_>, declaration: &Declaration<'_>, report: &mut Report<'_>) {
    let own = declaration.references.iter();
    let own = own.filter(|reference| reference.view.is_none());
    own.for_each(|reference| own_reference(view, reference, report));
}

fn own_reference(view: &ViewSurvey<'_>, reference: &Reference<'_>, report: &mut Report<'_>) {
    if view.view.is_abstract && view.field(&reference.field).is_none() {
        // Whoever extends it may have the field.
        return;
    }
    if let Some(verdict) = verdict::of_field(view, reference, report) {
        tell(reference, verdict, &[], report);
    }
}

/// Reports what is wrong with a mention.
pub(super) fn tell(
    reference: &Reference<'_>,
    verdict: verdict::Verdict,
    explores: &[&str],
    report: &mut Report<'_>,
) {
    let problem = report.within(
        reference.place,
        &reference.written,
        verdict.rule,
        verdict.message,
    );
    problem.severity = verdict.severity;
    problem.hint = problem.hint.take().or(verdict.hint);
    for explore in explores {
        super::report::push_new(&mut problem.explores, explore);
    }
}

/// LK210, LK216: what the sets of a view list of itself.
fn sets(survey: &Survey<'_>, view: &ViewSurvey<'_>, report: &mut Report<'_>) {
    for (_, node) in crate::resolve::blocks(&view.object.nodes, "set") {
        for item in items(node.children(), "fields") {
            listed(survey, view, item, report);
        }
    }
}

/// LK210, LK212, LK216: what is drilled into of the own view.
fn drill_fields(survey: &Survey<'_>, view: &ViewSurvey<'_>, report: &mut Report<'_>) {
    let lists = view.declarations.values();
    let lists = lists.map(|declaration| declaration.node.children());
    for nodes in lists.chain([view.object.nodes.as_slice()]) {
        for item in items(nodes, "drill_fields") {
            listed(survey, view, item, report);
        }
    }
}

/// An element of a list of fields, where it is about the own view.
fn listed(survey: &Survey<'_>, view: &ViewSurvey<'_>, item: &ListItem, report: &mut Report<'_>) {
    let text = item.text.strip_prefix('-').unwrap_or(&item.text);
    if text.contains('.') || item.key.is_some() || view.view.is_abstract {
        return;
    }
    match text.strip_suffix('*') {
        None => own_reference(
            view,
            &Reference::named(text, Role::Drill, &item.place),
            report,
        ),
        Some("ALL_FIELDS" | "EXTENDED") => {}
        Some(set) if view.view.sets.contains_key(set) => {}
        // The name under which a view stands in an explore is that of a set of all its fields.
        Some(set) if survey.is_known(set) => {}
        Some(set) => {
            let message = format!("the view `{}` has no set `{set}`", view.view.name);
            let known = view.view.sets.keys().map(String::as_str);
            report.at(&item.place, rules::UNKNOWN_SET, message).hint =
                report.did_you_mean(set, known);
        }
    }
}

/// LK030.
fn persistence(view: &ViewSurvey<'_>, report: &mut Report<'_>) {
    let Some(derived) = last(&view.object.nodes, "derived_table") else {
        return;
    };
    let mut nodes = derived.children().iter();
    let kept = nodes.find(|node| PERSISTENCE.iter().any(|kept| kept.key == node.key));
    if let Some(kept) = kept {
        let message = format!("`{}` changes nothing here", kept.key);
        let problem = report.at(&kept.place, rules::PERSISTENCE_IGNORED, message);
        problem.hint = Some("the table is computed in each query".to_owned());
    }
}

/// LK210, LK201: what a table mentions.
fn table(survey: &Survey<'_>, view: &ViewSurvey<'_>, report: &mut Report<'_>) {
    for reference in &view.table {
        match reference.role {
            Role::Table => {
                let written = &reference.written;
                let message = format!("`{written}`: a table can be made of other tables only");
                let problem =
                    report.within(reference.place, written, rules::UNKNOWN_REFERENCE, message);
                problem.hint =
                    Some("write `${view.SQL_TABLE_NAME}`, and columns by their names".to_owned());
            }
            Role::TableName => {}
            _ if reference.view.is_none() => own_reference(view, reference, report),
            _ => {}
        }
    }
    let fields = view.declarations.values();
    let of_fields = fields.flat_map(|declaration| &declaration.references);
    for reference in view.table.iter().chain(of_fields) {
        table_name(survey, reference, report);
    }
}

/// `${view.SQL_TABLE_NAME}`
pub(super) fn table_name(survey: &Survey<'_>, reference: &Reference<'_>, report: &mut Report<'_>) {
    let name = reference.view.as_deref().unwrap_or_default();
    if reference.role != Role::TableName || survey.is_known(name) {
        return;
    }
    let mut verdict = verdict::no_view(survey, name, &reference.written, report);
    verdict.rule = match survey.elsewhere.contains_key(name) {
        true => rules::VIEW_NOT_INCLUDED,
        false => rules::UNKNOWN_VIEW,
    };
    tell(reference, verdict, &[], report);
}

/// LK920, LK921, LK922: templates that can't be read.
pub(super) fn templates(node: &Node, report: &mut Report<'_>) {
    for node in node.children() {
        match &node.value {
            NodeValue::Expression(text) => template(text, &node.place, report),
            NodeValue::Text(text) if is_template(&node.key) => template(text, &node.place, report),
            NodeValue::Block { .. } if is_followed(&node.key) => templates(node, report),
            _ => {}
        }
    }
}

fn templates_of_table(view: &ViewSurvey<'_>, report: &mut Report<'_>) {
    let nodes = view.object.nodes.iter();
    for node in nodes.filter(|node| matches!(node.key.as_str(), "sql_table_name")) {
        template(node.text().unwrap_or_default(), &node.place, report);
    }
    if let Some(derived) = last(&view.object.nodes, "derived_table") {
        templates(derived, report);
    }
}

fn is_template(key: &str) -> bool {
    matches!(
        key,
        "label" | "description" | "url" | "group_label" | "view_label"
    )
}

fn is_followed(key: &str) -> bool {
    matches!(key, "link" | "case" | "when")
}

fn template(text: &str, place: &Place, report: &mut Report<'_>) {
    let error = match references::template(text) {
        Ok(None) => return,
        Ok(Some(template)) => return empty_values(&template, place, report),
        Err(error) => error,
    };
    let found = text.get(error.position..).unwrap_or_default();
    // The rest of its line is found in the file again, unless a constant is in it.
    let line = found.lines().next().unwrap_or_default();
    let mut found = report.find(place, line);
    if found != *place {
        found.span.end = found.span.end.min(found.span.start.saturating_add(2));
    }
    let diagnostic = Diagnostic::new(error.rule, found.span, error.message);
    report.add(&found.file, diagnostic);
}

/// LK210, LK932: values that are nothing, whatever is asked.
fn empty_values(template: &Template, place: &Place, report: &mut Report<'_>) {
    for reference in template.references() {
        let path: Vec<&str> = reference.path.iter().map(String::as_str).collect();
        match path.as_slice() {
            ["_localization", key, ..] if !report.has_string(key) => {
                let message = format!("`_localization['{key}']` is nothing: no text has this key");
                let problem =
                    report.within(place, "_localization", rules::UNKNOWN_REFERENCE, message);
                problem.severity = Severity::Warning;
                problem.hint = Some("texts are in files such as `en.strings.json`".to_owned());
            }
            ["_explore", "_dashboard_url", ..] => {
                let message = "`_explore._dashboard_url` is nothing here, where no page shows it";
                let problem = report.within(place, "_dashboard_url", rules::UNSUPPORTED, message);
                problem.severity = Severity::Info;
            }
            _ => {}
        }
    }
}
