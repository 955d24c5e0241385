//! Fields as LookML.

use crate::chance::Chance;
use crate::model::expression::Expr;
use crate::model::field::{
    Case, Datatype, Dimension, DimensionKind, Direction, DistinctKind, DurationGroup, FilterField,
    Frame, Measure, MeasureKind, Parameter, Tier, TierStyle, TimeGroup, TimeSource, Unit,
};
use crate::model::lists::ListItem;
use crate::print::explores::{fields as list, required_grants};
use crate::print::{block, filter_list, sql};

/// A field with its head and the items of its block.
#[derive(Debug, Clone)]
pub(crate) struct Written {
    pub head: String,
    pub items: Vec<String>,
}

impl Written {
    pub(crate) fn text(&self) -> String {
        block(&self.head, &self.items)
    }
}

fn of(expr: &Expr) -> String {
    format!("sql: {} ;;", sql(expr, "${TABLE}."))
}

pub(crate) fn dimension(dimension: &Dimension) -> Written {
    let mut items = match &dimension.kind {
        DimensionKind::Text(expr) => vec!["type: string".to_owned(), of(expr)],
        DimensionKind::Number(expr) => vec!["type: number".to_owned(), of(expr)],
        DimensionKind::YesNo(expr) => vec!["type: yesno".to_owned(), of(expr)],
        DimensionKind::Tier(tier) => tier_items(tier),
        DimensionKind::Case(case) => vec![case_text(case)],
        DimensionKind::Time(frame, source) => one_off(*frame, source),
        DimensionKind::Duration(unit, start, end) => {
            let mut items = vec![format!("type: duration_{}", unit.name())];
            items.extend(duration_items(start, end));
            items
        }
        DimensionKind::Location(latitude, longitude) => vec![
            "type: location".to_owned(),
            format!("sql_latitude: {} ;;", sql(latitude, "${TABLE}.")),
            format!("sql_longitude: {} ;;", sql(longitude, "${TABLE}.")),
        ],
    };
    if let DimensionKind::Case(Case {
        alpha_sort: true, ..
    }) = &dimension.kind
    {
        items.push("alpha_sort: yes".to_owned());
    }
    if dimension.primary_key {
        items.push("primary_key: yes".to_owned());
    }
    if let Some(by) = &dimension.order_by {
        items.push(format!("order_by_field: {by}"));
    }
    if !dimension.required.is_empty() {
        items.push(format!(
            "required_fields: [{}]",
            dimension.required.join(", ")
        ));
    }
    if !dimension.allow_fill {
        items.push("allow_fill: no".to_owned());
    }
    if let Some(sensitive) = dimension.case_sensitive {
        items.push(format!("case_sensitive: {}", yes_no(sensitive)));
    }
    items.extend(old_name(dimension.old_name.as_ref()));
    items.extend(required_grants(&dimension.grants));
    Written {
        head: format!("dimension: {}", dimension.name),
        items,
    }
}

fn old_name(name: Option<&String>) -> Option<String> {
    name.map(|name| format!("alias: [{name}]"))
}

pub(crate) fn set((name, items): &(String, Vec<ListItem>)) -> Written {
    Written {
        head: format!("set: {name}"),
        items: vec![list(items)],
    }
}

pub(crate) fn yes_no(value: bool) -> &'static str {
    if value { "yes" } else { "no" }
}

fn tier_items(tier: &Tier) -> Vec<String> {
    let bounds: Vec<String> = tier.bounds.iter().map(f64::to_string).collect();
    let style = match tier.style {
        TierStyle::Classic => "classic",
        TierStyle::Interval => "interval",
        TierStyle::Integer => "integer",
        TierStyle::Relational => "relational",
    };
    let bounds = format!("tiers: [{}]", bounds.join(", "));
    vec![
        "type: tier".to_owned(),
        bounds,
        format!("style: {style}"),
        of(&tier.of),
    ]
}

fn case_text(case: &Case) -> String {
    let arm = |(when, label): &(Expr, String)| {
        format!(
            "when: {{ sql: {} ;; label: \"{label}\" }}",
            sql(when, "${TABLE}.")
        )
    };
    let mut items: Vec<String> = case.arms.iter().map(arm).collect();
    items.extend(
        case.other
            .as_ref()
            .map(|label| format!("else: \"{label}\"")),
    );
    block("case:", &items)
}

fn one_off(frame: Frame, source: &TimeSource) -> Vec<String> {
    let kind = match frame {
        Frame::Date => "date".to_owned(),
        other => format!("date_{}", other.name()),
    };
    let mut items = vec![format!("type: {kind}")];
    items.extend(source_items(source));
    items
}

fn source_items(source: &TimeSource) -> Vec<String> {
    let mut items = vec![of(&source.of)];
    if source.datatype != Datatype::Timestamp {
        items.push(format!("datatype: {}", source.datatype.name()));
    }
    if !source.convert_tz {
        items.push("convert_tz: no".to_owned());
    }
    items
}

fn duration_items(start: &Expr, end: &Expr) -> Vec<String> {
    let bound = |key: &str, expr: &Expr| format!("{key}: {} ;;", sql(expr, "${TABLE}."));
    vec![bound("sql_start", start), bound("sql_end", end)]
}

pub(crate) fn time_group(group: &TimeGroup) -> Written {
    let mut items = vec!["type: time".to_owned()];
    if let Some(frames) = &group.frames {
        let frames: Vec<String> = frames.iter().map(|frame| frame.name()).collect();
        items.push(format!("timeframes: [{}]", frames.join(", ")));
    }
    items.extend(source_items(&group.source));
    items.extend(required_grants(&group.grants));
    Written {
        head: format!("dimension_group: {}", group.name),
        items,
    }
}

pub(crate) fn duration_group(group: &DurationGroup) -> Written {
    let mut items = vec!["type: duration".to_owned()];
    if let Some(intervals) = &group.intervals {
        let intervals: Vec<&str> = intervals.iter().copied().map(Unit::name).collect();
        items.push(format!("intervals: [{}]", intervals.join(", ")));
    }
    items.extend(duration_items(&group.start, &group.end));
    Written {
        head: format!("dimension_group: {}", group.name),
        items,
    }
}

pub(crate) fn measure(measure: &Measure, chance: &mut Chance) -> Written {
    let kind = |name: &str| format!("type: {name}");
    let mut items = match &measure.kind {
        MeasureKind::Count => vec![kind("count")],
        MeasureKind::CountDistinct(expr) => vec![kind("count_distinct"), of(expr)],
        MeasureKind::Sum(expr) => vec![kind("sum"), of(expr)],
        MeasureKind::Average(expr) => vec![kind("average"), of(expr)],
        MeasureKind::Min(expr) => vec![kind("min"), of(expr)],
        MeasureKind::Max(expr) => vec![kind("max"), of(expr)],
        MeasureKind::Percentile(50, expr) => vec![kind("median"), of(expr)],
        MeasureKind::Percentile(percent, expr) => {
            vec![
                kind("percentile"),
                format!("percentile: {percent}"),
                of(expr),
            ]
        }
        MeasureKind::List(field) => vec![kind("list"), format!("list_field: {field}")],
        MeasureKind::Distinct(of_kind, expr, key) => distinct_items(*of_kind, expr, key.as_ref()),
        MeasureKind::Number(expr) => vec![kind("number"), of(expr)],
        MeasureKind::YesNo(expr) => vec![kind("yesno"), of(expr)],
        MeasureKind::Text(expr) => vec![kind("string"), of(expr)],
        MeasureKind::Time(Frame::Date, expr) => vec![kind("date"), of(expr)],
        MeasureKind::Time(frame, expr) => vec![kind(&format!("date_{}", frame.name())), of(expr)],
        MeasureKind::RunningTotal(of, direction) => computed("running_total", of, *direction),
        MeasureKind::PercentOfTotal(of, direction) => computed("percent_of_total", of, *direction),
        MeasureKind::PercentOfPrevious(of) => computed("percent_of_previous", of, None),
    };
    if !measure.filters.is_empty() {
        let written = |field: &crate::model::expression::FieldName| field.written();
        let filters: Vec<(String, String)> = measure
            .filters
            .iter()
            .map(|(field, filter)| (written(field), filter.written()))
            .collect();
        match chance.percent(70) {
            true => items.push(filter_list(&filters)),
            false => items.extend(filters.iter().map(|(field, value)| {
                let value = value.replace('"', "\\\"");
                format!("filters: {{ field: {field} value: \"{value}\" }}")
            })),
        }
    }
    items.extend(old_name(measure.old_name.as_ref()));
    items.extend(required_grants(&measure.grants));
    Written {
        head: format!("measure: {}", measure.name),
        items,
    }
}

fn distinct_items(kind: DistinctKind, expr: &Expr, key: Option<&Expr>) -> Vec<String> {
    let mut items = match kind {
        DistinctKind::Sum => vec!["type: sum_distinct".to_owned()],
        DistinctKind::Average => vec!["type: average_distinct".to_owned()],
        DistinctKind::Percentile(50) => vec!["type: median_distinct".to_owned()],
        DistinctKind::Percentile(percent) => {
            vec![
                "type: percentile_distinct".to_owned(),
                format!("percentile: {percent}"),
            ]
        }
    };
    items.push(of(expr));
    items.extend(key.map(|key| format!("sql_distinct_key: {} ;;", sql(key, "${TABLE}."))));
    items
}

fn computed(kind: &str, of: &str, direction: Option<Direction>) -> Vec<String> {
    let mut items = vec![format!("type: {kind}"), format!("sql: ${{{of}}} ;;")];
    items.extend(direction.map(|direction| match direction {
        Direction::Row => "direction: \"row\"".to_owned(),
        Direction::Column => "direction: \"column\"".to_owned(),
    }));
    items
}

pub(crate) fn filter_field(field: &FilterField) -> Written {
    let mut items = vec![format!("type: {}", field.kind.name())];
    items.extend(field.sql.as_ref().map(of));
    Written {
        head: format!("filter: {}", field.name),
        items,
    }
}

pub(crate) fn parameter(parameter: &Parameter) -> Written {
    let mut items = vec![format!("type: {}", parameter.kind.name())];
    items.extend(
        parameter
            .allowed
            .iter()
            .map(|value| format!("allowed_value: {{ label: \"{value}!\" value: \"{value}\" }}")),
    );
    items.push(format!("default_value: \"{}\"", parameter.default));
    Written {
        head: format!("parameter: {}", parameter.name),
        items,
    }
}
