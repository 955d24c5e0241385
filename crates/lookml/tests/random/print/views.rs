//! Views as LookML: in one piece, with a parent, or refined afterwards.

use crate::chance::Chance;
use crate::model::{Model, Native, Source, View};
use crate::print::explores::required_grants;
use crate::print::fields::{self, Written};
use crate::print::{block, filter_list, sql};

/// The text of the views, and of the layer that refines them.
pub(crate) fn views(model: &Model, chance: &mut Chance) -> (String, String) {
    let (mut text, mut layer) = (String::new(), String::new());
    for view in &model.views {
        let (own, later) = written(view, chance);
        text += &own;
        layer += &later;
    }
    (text, layer)
}

fn written(view: &View, chance: &mut Chance) -> (String, String) {
    let source = source(view);
    let mut fields = fields_of(view, chance);
    match chance.below(4) {
        0 => refined(view, source, fields, chance),
        1 => inherited(view, source, fields, chance),
        _ => {
            chance.shuffle(&mut fields);
            (
                whole(&format!("view: {}", view.name), &source, &fields),
                String::new(),
            )
        }
    }
}

fn whole(head: &str, source: &str, fields: &[Written]) -> String {
    let mut items = vec![source.to_owned()];
    items.extend(fields.iter().map(Written::text));
    block(head, &items)
}

/// Some fields come only with the refinement, some are wrong before it.
fn refined(
    view: &View,
    source: String,
    fields: Vec<Written>,
    chance: &mut Chance,
) -> (String, String) {
    let (mut first, mut later) = (Vec::new(), Vec::new());
    for field in fields {
        match chance.below(3) {
            0 => later.push(field),
            1 if has_sql(&field) => {
                let (wrong, right) = corrected(&field);
                first.push(wrong);
                later.push(right);
            }
            _ => first.push(field),
        }
    }
    let own = whole(&format!("view: {}", view.name), &source, &first);
    (
        own,
        whole(
            &format!("view: +{}", view.name),
            "label: \"Refined\"",
            &later,
        ),
    )
}

/// A parent that can't be queried holds some of the fields, and some wrongly.
fn inherited(
    view: &View,
    source: String,
    fields: Vec<Written>,
    chance: &mut Chance,
) -> (String, String) {
    let (mut parent, mut own) = (Vec::new(), Vec::new());
    for field in fields {
        match chance.below(3) {
            0 => own.push(field),
            1 if has_sql(&field) => {
                let (wrong, right) = corrected(&field);
                parent.push(wrong);
                own.push(right);
            }
            _ => parent.push(field),
        }
    }
    let name = format!("{}_parent", view.name);
    let text = whole(
        &format!("view: {name}"),
        &format!("extension: required\n{source}"),
        &parent,
    );
    let child = whole(
        &format!("view: {}", view.name),
        &format!("extends: [{name}]"),
        &own,
    );
    (text + &child, String::new())
}

fn has_sql(field: &Written) -> bool {
    field.items.iter().any(|item| item.starts_with("sql:"))
}

/// The field with another `sql`, and what puts it right.
fn corrected(field: &Written) -> (Written, Written) {
    let is_sql = |item: &&String| item.starts_with("sql:");
    let other = |item: &String| match item.starts_with("sql:") {
        true => "sql: ${TABLE}.no_such_column ;;".to_owned(),
        false => item.clone(),
    };
    let wrong = Written {
        head: field.head.clone(),
        items: field.items.iter().map(other).collect(),
    };
    let right = field.items.iter().filter(is_sql).cloned().collect();
    (
        wrong,
        Written {
            head: field.head.clone(),
            items: right,
        },
    )
}

/// The same in other words: defaults left out, old names.
fn otherwise(field: Written, name: &str, chance: &mut Chance) -> Written {
    let default = format!("sql: ${{TABLE}}.{name} ;;");
    let item = |item: String| match item.as_str() {
        "type: string" => chance.percent(50).then_some(item),
        "type: number" if chance.percent(10) => Some("type: int".to_owned()),
        text if text == default => chance.percent(50).then_some(item),
        _ => Some(item),
    };
    let items: Vec<String> = field.items.into_iter().filter_map(item).collect();
    let is_bin = chance.percent(30);
    let items = items.into_iter().map(|item| match is_bin {
        true if item == "type: tier" => "type: bin".to_owned(),
        true if item.starts_with("tiers:") => item.replacen("tiers:", "bins:", 1),
        _ => item,
    });
    Written {
        head: field.head,
        items: items.collect(),
    }
}

fn fields_of(view: &View, chance: &mut Chance) -> Vec<Written> {
    let dimensions = view.dimensions.iter();
    let mut fields: Vec<Written> = dimensions
        .map(|dimension| otherwise(fields::dimension(dimension), &dimension.name, chance))
        .collect();
    fields.extend(view.times.iter().map(fields::time_group));
    fields.extend(view.durations.iter().map(fields::duration_group));
    fields.extend(
        view.measures
            .iter()
            .map(|measure| fields::measure(measure, chance)),
    );
    fields.extend(view.filters.iter().map(fields::filter_field));
    fields.extend(view.parameters.iter().map(fields::parameter));
    fields.extend(view.sets.iter().map(fields::set));
    fields.extend(view.arrays.iter().map(|name| Written {
        head: format!("dimension: {name}"),
        items: vec!["hidden: yes".to_owned()],
    }));
    fields
}

/// What stands before a view's fields.
fn source(view: &View) -> String {
    let grants = required_grants(&view.grants).map(|text| text + "\n");
    grants.unwrap_or_default() + &rows(view)
}

fn rows(view: &View) -> String {
    let derived = |text: String| block("derived_table:", &[text]);
    match &view.source {
        Source::Table(table) => format!("sql_table_name: @{{MAIN}}.{table} ;;"),
        Source::Filtered { table, condition } => derived(format!(
            "sql: SELECT * FROM main.{table} WHERE {} ;;",
            sql(condition, "")
        )),
        Source::Grouped { table, condition } => derived(format!(
            "sql: SELECT kind, COUNT(*) AS n, SUM(amount) AS total\n  FROM main.{table}\n  WHERE {}\n  GROUP BY kind ;;",
            sql(condition, "")
        )),
        Source::Copy { view } => {
            derived(format!("sql: SELECT * FROM ${{{view}.SQL_TABLE_NAME}} ;;"))
        }
        Source::Native(native) => derived(explore_source(native)),
        // Its rows come with the join.
        Source::Elements { .. } => "label: \"Parts\"".to_owned(),
    }
}

fn explore_source(native: &Native) -> String {
    let column = |(name, field): &(String, String)| format!("column: {name} {{ field: {field} }}");
    let mut items: Vec<String> = native.columns.iter().map(column).collect();
    if !native.filters.is_empty() {
        let filters = native
            .filters
            .iter()
            .map(|(field, filter)| (field.clone(), filter.written()));
        items.push(filter_list(&filters.collect::<Vec<_>>()));
    }
    items.extend(
        native
            .bind
            .iter()
            .map(|(from, to)| format!("bind_filters: {{ from_field: {from} to_field: {to} }}")),
    );
    if native.derives {
        items.push("derived_column: double_n { sql: n * 2 ;; }".to_owned());
    }
    if native.bind_all {
        items.push("bind_all_filters: yes".to_owned());
    }
    if !native.sorts.is_empty() {
        let sort = |sort: &crate::model::query::Sort| {
            format!(
                "{}: {}",
                sort.field,
                if sort.descending { "desc" } else { "asc" }
            )
        };
        let sorts: Vec<String> = native.sorts.iter().map(sort).collect();
        items.push(format!("sorts: [{}]", sorts.join(", ")));
    }
    items.extend(native.limit.map(|limit| format!("limit: {limit}")));
    if native.query_timezone {
        items.push("timezone: \"query_timezone\"".to_owned());
    }
    block(&format!("explore_source: {}", native.explore), &items)
}
