//! Views: keys, headings, the SQL of their tables.

use super::is_without_rows;
use crate::check::report::Report;
use crate::check::survey::{Survey, ViewSurvey};
use crate::diagnostic::rules;
use crate::model::{FieldKind, Source};
use crate::resolve::last;

/// So many visible fields need no groups.
const UNGROUPED: usize = 20;

pub(super) fn check(survey: &Survey<'_>, view: &ViewSurvey<'_>, report: &mut Report<'_>) {
    primary_key(survey, view, report);
    groups(view, report);
    semicolon(view, report);
}

/// LK402.
fn primary_key(survey: &Survey<'_>, view: &ViewSurvey<'_>, report: &mut Report<'_>) {
    if view.view.primary_key().is_some() || is_without_rows(survey, view) {
        return;
    }
    let message = format!("the view `{}` has no primary key", view.view.name);
    let problem = report.at(&view.view.place, rules::MISSING_PRIMARY_KEY, message);
    problem.hint =
        Some("without one, measures are wrong or fail where a join repeats rows".to_owned());
}

/// LK414.
fn groups(view: &ViewSurvey<'_>, report: &mut Report<'_>) {
    let is_ungrouped = |declaration: &&crate::check::survey::Declaration<'_>| {
        let mut fields = declaration.fields.iter();
        // A group is one entry of the picker, and parameters stand by themselves.
        fields.next().is_some_and(|field| {
            let is_shown = matches!(field.kind, FieldKind::Dimension(_) | FieldKind::Measure(_));
            is_shown
                && !field.show.hidden
                && field.show.group_label.is_none()
                && field.group.is_none()
        })
    };
    let count = view.declarations.values().filter(is_ungrouped).count();
    if count > UNGROUPED {
        let name = &view.view.name;
        let message = format!("the view `{name}` shows {count} fields without a `group_label`");
        let problem = report.at(&view.view.place, rules::UNGROUPED_FIELDS, message);
        problem.hint = Some("put those together that belong together".to_owned());
    }
}

/// LK423.
fn semicolon(view: &ViewSurvey<'_>, report: &mut Report<'_>) {
    let Source::Sql(sql) = &view.view.source else {
        return;
    };
    let derived = last(&view.object.nodes, "derived_table");
    let node = derived.and_then(|derived| last(derived.children(), "sql"));
    if let Some(node) = node.filter(|_| has_semicolon(sql)) {
        let message = "a semicolon in the SQL of a derived table";
        let problem = report.at(&node.place, rules::SEMICOLON_IN_SQL, message);
        problem.hint = Some("it is put into another query, where one would end it".to_owned());
    }
}

/// Outside of texts and comments.
fn has_semicolon(sql: &str) -> bool {
    super::sql::code(sql).contains(';')
}
