//! Measures that are computed after the query: each from one measure that is a number.

use super::references::{self, Role};
use super::report::Report;
use super::survey::{Declaration, Survey, ViewSurvey};
use crate::diagnostic::rules;
use crate::model::{Field, MeasureFunction, MeasureType};
use crate::resolve::{Node, last};

pub(super) fn check(survey: &Survey<'_>, report: &mut Report<'_>) {
    for view in survey.views.values().filter(|view| !view.view.is_abstract) {
        for declaration in view.declarations.values() {
            let mut fields = declaration.fields.iter();
            if fields.any(|field| is_post_query(field)) {
                source(survey, view, declaration, report);
            }
        }
    }
}

/// Whether a field is computed over the rows that came back.
pub(super) fn is_post_query(field: &Field) -> bool {
    let function = field.measure().map(|measure| &measure.function);
    matches!(function, Some(MeasureFunction::PostQuery { .. }))
}

/// LK213: what such a measure is computed from.
fn source(
    survey: &Survey<'_>,
    view: &ViewSurvey<'_>,
    declaration: &Declaration<'_>,
    report: &mut Report<'_>,
) {
    let Some(node) = last(declaration.node.children(), "sql") else {
        return;
    };
    let text = node.text().unwrap_or_default();
    if text.contains("{{") || text.contains("{%") {
        return;
    }
    let mentions = references::of_sql(text, Role::Group, &node.place);
    let name = declaration.node.name();
    let mistake = match mentions.as_slice() {
        [mention] if mention.written == text.trim() => {
            let Some(field) = survey.meant(view, mention) else {
                return;
            };
            // Those are told as every mention of them is.
            if is_number(field) || is_post_query(field) || is_list(field) {
                return;
            }
            format!(
                "`{name}` is computed from `{}`, which is no measure that is a number",
                mention.name()
            )
        }
        _ => format!("`{name}` is computed from one measure as it is"),
    };
    wrong(node, mistake, report);
}

fn wrong(node: &Node, message: String, report: &mut Report<'_>) {
    let problem = report.at(&node.place, rules::MISPLACED_MEASURE, message);
    problem.hint = Some("write `sql: ${measure} ;;`".to_owned());
}

fn is_list(field: &Field) -> bool {
    let function = field.measure().map(|measure| &measure.function);
    matches!(function, Some(MeasureFunction::List(_)))
}

/// Whether a field is a measure that the database computes, and a number.
fn is_number(field: &Field) -> bool {
    let function = field.measure().map(|measure| &measure.function);
    matches!(
        function,
        Some(
            MeasureFunction::Aggregate(_)
                | MeasureFunction::Distinct { .. }
                | MeasureFunction::Expression(MeasureType::Number)
        )
    )
}
