//! Measures: what they aggregate, and how they are shown.

use std::collections::HashMap;

use crate::check::columns;
use crate::check::report::Report;
use crate::check::survey::{Declaration, ViewSurvey};
use crate::diagnostic::rules;
use crate::filter::Datatype;
use crate::model::{Aggregate, Field, Measure, MeasureFunction, MeasureType, Shape};
use crate::resolve::{Node, last};
use crate::timeframe::Timeframe;

/// Names of dimensions that are a column as it is, by the column.
pub(super) type Dimensions<'s> = HashMap<String, &'s str>;

pub(super) fn dimensions<'s>(view: &'s ViewSurvey<'_>) -> Dimensions<'s> {
    let columns = view.declarations.iter().rev();
    let columns = columns.filter_map(|(name, known)| Some((column(known)?, *name)));
    columns.collect()
}

pub(super) fn check(
    view: &ViewSurvey<'_>,
    declaration: &Declaration<'_>,
    dimensions: &Dimensions<'_>,
    report: &mut Report<'_>,
) {
    let Some(field) = declaration.fields.first() else {
        return;
    };
    let Some(measure) = field.measure() else {
        return;
    };
    of_column(declaration, dimensions, report);
    if measure.function == MeasureFunction::Aggregate(Aggregate::Count) {
        count(view, field, measure, declaration, report);
    }
    if is_mean(&measure.function) {
        identifier(view, declaration, report);
    }
    if !field.show.hidden {
        value_format(field, measure, declaration, report);
        drill_fields(view, field, measure, declaration, report);
    }
}

/// LK406.
fn of_column(declaration: &Declaration<'_>, dimensions: &Dimensions<'_>, report: &mut Report<'_>) {
    let Some(node) = last(declaration.node.children(), "sql") else {
        return;
    };
    for column in columns::of_sql(node.text().unwrap_or_default()) {
        let Some(name) = dimensions.get(&column) else {
            continue;
        };
        let message = format!("this reads the column `{column}`, which is the dimension `{name}`");
        let problem = report.at(&node.place, rules::MEASURE_OF_COLUMN, message);
        problem.hint = Some(format!("write `${{{name}}}`"));
    }
}

/// The column that a dimension is, as it is.
fn column(declaration: &Declaration<'_>) -> Option<String> {
    if declaration.kind.name != "dimension" {
        return None;
    }
    let nodes = declaration.node.children();
    let type_name = last(nodes, "type").and_then(Node::text).unwrap_or("string");
    let is_plain = matches!(type_name, "string" | "number" | "int" | "yesno" | "zipcode");
    if !is_plain || last(nodes, "case").is_some() {
        return None;
    }
    let Some(sql) = last(nodes, "sql").and_then(Node::text) else {
        return Some(declaration.node.name().to_lowercase());
    };
    let name = sql
        .trim()
        .strip_prefix("${TABLE}.")?
        .trim_matches(['"', '`']);
    let is_name = name.chars().all(|c| c.is_alphanumeric() || c == '_');
    is_name.then(|| name.to_lowercase())
}

/// LK407.
fn count(
    view: &ViewSurvey<'_>,
    field: &Field,
    measure: &Measure,
    declaration: &Declaration<'_>,
    report: &mut Report<'_>,
) {
    let Some(key) = view.view.primary_key() else {
        return;
    };
    let is_own = |name: &str| !name.contains('.');
    let mut filters = measure.filters.iter();
    if filters.any(|filter| is_own(&filter.field) && leaves_out_null(&filter.value)) {
        return;
    }
    let message = format!("`{}` counts rows without a match too", field.name);
    let problem = report.at(&declaration.node.place, rules::UNFILTERED_COUNT, message);
    problem.hint = Some(format!("write `filters: [{}: \"-NULL\"]`", key.name));
}

/// Whether a filter lets no row through that has no value.
fn leaves_out_null(value: &str) -> bool {
    let value = value.trim().to_ascii_uppercase();
    match value.as_str() {
        "" | "NO" | "NULL" | "EMPTY" => false,
        "-NULL" | "-EMPTY" | "NOT NULL" => true,
        // What is not that includes what is nothing.
        value => !value.starts_with('-') && !value.starts_with("NOT "),
    }
}

/// LK408.
fn value_format(
    field: &Field,
    measure: &Measure,
    declaration: &Declaration<'_>,
    report: &mut Report<'_>,
) {
    let is_number = match &measure.function {
        MeasureFunction::Aggregate(Aggregate::Min | Aggregate::Max) => true,
        MeasureFunction::Aggregate(_) | MeasureFunction::Distinct { .. } => true,
        MeasureFunction::Expression(kind) => *kind == MeasureType::Number,
        _ => false,
    };
    let has_format = field.value_format.is_some() || field.value_format_name.is_some();
    if !is_number || has_format || field.html.is_some() {
        return;
    }
    let message = format!("`{}` has no value format", field.name);
    let problem = report.at(
        &declaration.node.place,
        rules::MISSING_VALUE_FORMAT,
        message,
    );
    problem.hint = Some("write `value_format_name:`".to_owned());
}

/// LK409.
fn drill_fields(
    view: &ViewSurvey<'_>,
    field: &Field,
    measure: &Measure,
    declaration: &Declaration<'_>,
    report: &mut Report<'_>,
) {
    let is_count = measure.function == MeasureFunction::Aggregate(Aggregate::Count);
    let inherits = is_count && view.view.drill_fields.is_some();
    if field.drill_fields.is_some() || inherits {
        return;
    }
    let message = format!("`{}` has no drill fields", field.name);
    let problem = report.at(
        &declaration.node.place,
        rules::MISSING_DRILL_FIELDS,
        message,
    );
    problem.hint =
        Some("write `drill_fields:`, so that a click shows what is behind a number".to_owned());
}

/// Whether the values are added up.
fn is_mean(function: &MeasureFunction) -> bool {
    let aggregate = match function {
        MeasureFunction::Aggregate(aggregate) => aggregate,
        MeasureFunction::Distinct { aggregate, .. } => aggregate,
        _ => return false,
    };
    matches!(
        aggregate,
        Aggregate::Sum | Aggregate::Average | Aggregate::Percentile(_)
    )
}

/// LK421.
fn identifier(view: &ViewSurvey<'_>, declaration: &Declaration<'_>, report: &mut Report<'_>) {
    let Some(node) = last(declaration.node.children(), "sql") else {
        return;
    };
    let sql = node.text().unwrap_or_default().trim();
    let inner = sql
        .strip_prefix("${")
        .and_then(|rest| rest.strip_suffix('}'));
    let what = match inner {
        Some(name) => view.field(name).and_then(|field| of_field(field)),
        None => None,
    };
    let column = match columns::of_sql(sql).as_slice() {
        [column] if sql.starts_with("${TABLE}.") && is_path(sql) => of_name(column),
        _ => None,
    };
    if let Some(what) = what.or(column) {
        let message = format!("`{sql}` is {what}: its sum and its mean are nothing");
        report.at(&node.place, rules::AGGREGATED_IDENTIFIER, message);
    }
}

fn is_path(sql: &str) -> bool {
    let is_part = |c: char| c.is_alphanumeric() || "${}._`\"".contains(c);
    sql.chars().all(is_part)
}

fn of_field(field: &Field) -> Option<&'static str> {
    let dimension = field.dimension()?;
    if dimension.primary_key {
        return Some("a key");
    }
    let is_stored = dimension.datatype == Datatype::Epoch;
    match &dimension.shape {
        Shape::Time(frame) if frame.is_true_timeframe() || *frame == Timeframe::Raw => {
            Some("a time")
        }
        Shape::Time(_) | Shape::Duration { .. } => None,
        _ if is_stored => Some("a time"),
        _ => of_name(&field.name),
    }
}

fn of_name(name: &str) -> Option<&'static str> {
    let name = name.to_lowercase();
    let ends = |ends: &[&str]| ends.iter().any(|end| name.ends_with(end));
    if name == "id" || ends(&["_id", "_uuid", "_key"]) {
        return Some("an identifier");
    }
    let is_birth = name.contains("birth") && !name.contains("rate");
    let is_time = is_birth || ends(&["_epoch", "_timestamp", "_at"]) || name == "epoch";
    is_time.then_some("a time")
}
