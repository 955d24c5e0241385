//! Whether a field may be mentioned as it is.

use super::references::{Reference, Role};
use super::report::Report;
use super::survey::{Survey, ViewSurvey};
use crate::diagnostic::{Rule, Severity, rules};
use crate::model::{Field, FieldKind, MeasureFunction, Shape};
use crate::timeframe::Timeframe;

/// What is wrong with a mention.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Verdict {
    pub(super) rule: Rule,
    pub(super) severity: Severity,
    pub(super) message: String,
    pub(super) hint: Option<String>,
}

impl Verdict {
    fn new(rule: Rule, message: String) -> Self {
        Self {
            rule,
            severity: rule.severity,
            message,
            hint: None,
        }
    }

    fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

/// What is wrong with a mention of a field of that view; nothing where all is well.
pub(super) fn of_field(
    view: &ViewSurvey<'_>,
    reference: &Reference<'_>,
    report: &Report<'_>,
) -> Option<Verdict> {
    let name = reference.field.as_str();
    if reference.role == Role::TableName {
        return None;
    }
    let Some(field) = view.field(name) else {
        return Some(missing(view, reference, report));
    };
    match reference.role {
        Role::Row | Role::Group => of_sql(field, reference),
        Role::Filter | Role::Dimension => of_dimension(field, reference),
        _ => None,
    }
}

fn missing(view: &ViewSurvey<'_>, reference: &Reference<'_>, report: &Report<'_>) -> Verdict {
    let written = &reference.written;
    let name = reference.field.as_str();
    let group = view.declarations.get(name).map(|group| group.fields.iter());
    let group: Vec<_> = group
        .into_iter()
        .flatten()
        .map(|field| &field.name)
        .collect();
    if let Some(first) = group.first() {
        let message = format!("`{written}` is a dimension group, not one of its fields");
        let names: Vec<_> = group.iter().map(|name| format!("`{name}`")).collect();
        let mut verdict = Verdict::new(rules::BARE_GROUP, message);
        if matches!(reference.role, Role::Drill | Role::Listed) {
            verdict.severity = Severity::Warning;
        }
        return match names.len() {
            1 => verdict.hint(format!("write `{first}`")),
            _ => verdict.hint(format!("write one of {}", names.join(", "))),
        };
    }
    let owner = &view.view.name;
    let message = format!("`{written}`: the view `{owner}` has no field `{name}`");
    let mut verdict = Verdict::new(rules::UNKNOWN_REFERENCE, message);
    if reference.role == Role::Variable {
        verdict.severity = Severity::Warning;
    }
    verdict.hint = report.did_you_mean(name, view.view.fields.keys().map(String::as_str));
    verdict
}

fn of_sql(field: &Field, reference: &Reference<'_>) -> Option<Verdict> {
    let written = &reference.written;
    match &field.kind {
        FieldKind::Dimension(dimension) => of_value(&dimension.shape, reference),
        FieldKind::Measure(measure)
            if reference.role == Role::Group && reference.value.is_none() =>
        {
            of_measure(&measure.function, reference)
        }
        FieldKind::Measure(_) if reference.role == Role::Group => {
            let message = format!("`{written}`: a measure has one value only");
            Some(Verdict::new(rules::UNKNOWN_REFERENCE, message))
        }
        FieldKind::Measure(_) => {
            let message = format!("`{written}` is a measure, and this is computed for each row");
            let hint =
                "only measures of type `number`, `string`, `yesno` and `date` are made of measures";
            Some(Verdict::new(rules::MISPLACED_MEASURE, message).hint(hint))
        }
        FieldKind::Filter(_) => {
            let message = format!("`{written}` is a filter, which has no SQL to put here");
            let name = reference.name();
            let hint = format!("write `{{% condition {name} %}} … {{% endcondition %}}`");
            Some(Verdict::new(rules::UNKNOWN_REFERENCE, message).hint(hint))
        }
        FieldKind::Parameter(_) => {
            let message = format!("`{written}` is a parameter, which has no SQL to put here");
            let hint = format!("write `{{% parameter {} %}}`", reference.name());
            Some(Verdict::new(rules::UNKNOWN_REFERENCE, message).hint(hint))
        }
    }
}

/// Measures that no SQL can have in it.
fn of_measure(function: &MeasureFunction, reference: &Reference<'_>) -> Option<Verdict> {
    let written = &reference.written;
    match function {
        MeasureFunction::PostQuery { .. } => {
            let message = format!("`{written}` is computed after the query, so no SQL can use it");
            let verdict = Verdict::new(rules::POST_QUERY_MEASURE, message);
            Some(verdict.hint("use the measure that it is computed from, or a table calculation"))
        }
        MeasureFunction::List(_) => {
            let message = format!("`{written}` is a list, which other SQL can't use");
            Some(Verdict::new(rules::MISPLACED_PARAMETER, message))
        }
        _ => None,
    }
}

/// What stands behind `::`.
fn of_value(shape: &Shape, reference: &Reference<'_>) -> Option<Verdict> {
    let value = reference.value.as_deref()?;
    let legal = values(shape);
    if legal.contains(&value) {
        return None;
    }
    let message = format!("`{}`: the field has no value `{value}`", reference.written);
    let verdict = Verdict::new(rules::UNKNOWN_REFERENCE, message);
    let legal: Vec<_> = legal.iter().map(|value| format!("`::{value}`")).collect();
    Some(match legal.as_slice() {
        [] => verdict,
        legal => verdict.hint(format!("it has {}", legal.join(", "))),
    })
}

fn of_dimension(field: &Field, reference: &Reference<'_>) -> Option<Verdict> {
    let written = &reference.written;
    let what = match &field.kind {
        FieldKind::Dimension(_) => return None,
        FieldKind::Measure(_) => "a measure",
        FieldKind::Filter(_) => "a filter",
        FieldKind::Parameter(_) => "a parameter",
    };
    let rule = match field.kind {
        FieldKind::Measure(_) => rules::MISPLACED_MEASURE,
        _ => rules::UNKNOWN_REFERENCE,
    };
    let message = format!("`{written}` is {what}, and a dimension is needed here");
    Some(Verdict::new(rule, message))
}

/// What may stand behind `::` of a dimension.
fn values(shape: &Shape) -> &'static [&'static str] {
    match shape {
        Shape::Text | Shape::Tier(_) | Shape::Case(_) => &["string"],
        Shape::Number | Shape::Duration { .. } => &["string", "number"],
        Shape::YesNo => &["string", "number", "boolean"],
        Shape::Time(Timeframe::YesNo) => &["string", "number", "boolean"],
        Shape::Time(_) => &["string", "date", "datetime"],
        Shape::Location { .. } => &["latitude", "longitude"],
        Shape::Unsupported(_) => &[],
    }
}

/// That nothing has such a name.
pub(super) fn no_view(
    survey: &Survey<'_>,
    name: &str,
    written: &str,
    report: &Report<'_>,
) -> Verdict {
    if let Some(file) = survey.elsewhere.get(name) {
        let message = format!("`{written}`: the view `{name}` is not included in this model");
        return Verdict::new(rules::UNKNOWN_REFERENCE, message)
            .hint(format!("write `include: \"/{file}\"`"));
    }
    let message = format!("`{written}`: there is no view `{name}`");
    let mut verdict = Verdict::new(rules::UNKNOWN_REFERENCE, message);
    verdict.hint = report.did_you_mean(name, survey.views.keys().copied());
    verdict
}

/// That an explore has no view under a name.
pub(super) fn not_joined(
    survey: &Survey<'_>,
    explore: &str,
    name: &str,
    written: &str,
    report: &Report<'_>,
) -> Verdict {
    if !survey.is_known(name) {
        return no_view(survey, name, written, report);
    }
    let message = format!("`{written}`: `{name}` is not joined in the explore `{explore}`");
    Verdict::new(rules::UNKNOWN_REFERENCE, message).hint(format!("write `join: {name}`"))
}
