//! Explores as LookML: in one piece, with a parent, or refined afterwards.

use crate::chance::Chance;
use crate::draw::ARRAY;
use crate::model::filter::Filter;
use crate::model::lists::ListItem;
use crate::model::{Explore, Join, JoinKind, JoinWriting, Model, Source};
use crate::print::fields::yes_no;
use crate::print::{block, filter_list, sql};

/// The text of the explores, and of the layer that refines them.
pub(crate) fn explores(model: &Model, chance: &mut Chance) -> (String, String) {
    let (mut text, mut layer) = (String::new(), String::new());
    for explore in &model.explores {
        let head = items(explore);
        let joins: Vec<String> = explore
            .joins
            .iter()
            .map(|it| join(model, it, chance))
            .collect();
        let name = &explore.name;
        let cut = chance.below(joins.len() + 1);
        match chance.below(4) {
            0 => {
                text += &block(
                    &format!("explore: {name}"),
                    &[&head[..], &joins[..cut]].concat(),
                );
                let later = [&["description: \"refined\"".to_owned()], &joins[cut..]].concat();
                layer += &block(&format!("explore: +{name}"), &later);
            }
            1 => {
                let abstract_one = [
                    &["extension: required".to_owned()],
                    &head[..],
                    &joins[..cut],
                ]
                .concat();
                text += &block(&format!("explore: {name}_parent"), &abstract_one);
                let own = [&[format!("extends: [{name}_parent]")], &joins[cut..]].concat();
                text += &block(&format!("explore: {name}"), &own);
            }
            _ => text += &block(&format!("explore: {name}"), &[head, joins].concat()),
        }
    }
    (text, layer)
}

fn items(explore: &Explore) -> Vec<String> {
    let mut items = Vec::new();
    match explore.base == explore.view {
        // An explore that is a parent must say it, for its children have other names.
        true => items.push(format!("view_name: {}", explore.view)),
        false => items.extend([
            format!("view_name: {}", explore.base),
            format!("from: {}", explore.view),
        ]),
    }
    if !explore.always_join.is_empty() {
        items.push(format!("always_join: [{}]", explore.always_join.join(", ")));
    }
    let condition = |key: &str, expr: &Option<crate::model::expression::Expr>| {
        expr.as_ref()
            .map(|expr| format!("{key}: {} ;;", sql(expr, "${TABLE}.")))
    };
    items.extend(condition("sql_always_where", &explore.always_where));
    items.extend(condition("sql_always_having", &explore.always_having));
    if !explore.always_filter.is_empty() {
        items.push(block("always_filter:", &[filters(&explore.always_filter)]));
    }
    if let Some(conditional) = &explore.conditional {
        let unless = format!("unless: [{}]", conditional.unless.join(", "));
        items.push(block(
            "conditionally_filter:",
            &[filters(&conditional.filters), unless],
        ));
    }
    if let Some((field, attribute)) = &explore.access {
        items.push(format!(
            "access_filter: {{ field: {field} user_attribute: {attribute} }}"
        ));
    }
    items.extend(explore.fields.as_ref().map(|list| fields(list)));
    items.extend(required_grants(&explore.grants));
    if !explore.symmetric {
        items.push("symmetric_aggregates: no".to_owned());
    }
    if !explore.cancel_grouping.is_empty() {
        items.push(format!(
            "cancel_grouping_fields: [{}]",
            explore.cancel_grouping.join(", ")
        ));
    }
    if let Some(sensitive) = explore.case_sensitive {
        items.push(format!("case_sensitive: {}", yes_no(sensitive)));
    }
    items
}

fn filters(filters: &[(String, Filter)]) -> String {
    let written = filters
        .iter()
        .map(|(field, filter)| (field.clone(), filter.written()));
    filter_list(&written.collect::<Vec<_>>())
}

pub(super) fn fields(list: &[ListItem]) -> String {
    let items: Vec<String> = list.iter().map(ListItem::written).collect();
    format!("fields: [{}]", items.join(", "))
}

pub(super) fn required_grants(grants: &[&str]) -> Option<String> {
    let list = || format!("required_access_grants: [{}]", grants.join(", "));
    (!grants.is_empty()).then(list)
}

/// The whole clause of a join. None: it is written by its parameters.
fn clause(model: &Model, join: &Join, chance: &mut Chance) -> Option<String> {
    let name = &join.name;
    let keyword = match join.kind {
        JoinKind::Left => chance.pick(&["LEFT JOIN", "LEFT OUTER JOIN"]),
        JoinKind::Inner => chance.pick(&["INNER JOIN", "JOIN"]),
        JoinKind::Full => "FULL OUTER JOIN",
        JoinKind::Cross => "CROSS JOIN",
    };
    let clause = match (&join.writing, &model.view(&join.view).source) {
        (JoinWriting::Parameters, _) => return None,
        (JoinWriting::Unnest(of), Source::Elements { places, .. }) => {
            let is_cross = join.kind == JoinKind::Inner && chance.percent(50);
            let keyword = if is_cross { "CROSS JOIN" } else { keyword };
            let r#as = chance.pick(&["AS ", ""]);
            let offset = format!(" WITH OFFSET AS {name}_at");
            let offset = if *places { offset.as_str() } else { "" };
            format!("{keyword} UNNEST(${{{of}.{ARRAY}}}) {as}{name}{offset}", as = r#as)
        }
        (_, Source::Table(table)) if chance.percent(50) => {
            format!("{keyword} main.{table} AS {name}")
        }
        _ => format!("{keyword} ${{{}.SQL_TABLE_NAME}} AS {name}", join.view),
    };
    let on = join.on.as_ref();
    let on = on.map(|on| format!(" ON {}", sql(on, "${TABLE}.")));
    Some(format!("sql: {clause}{} ;;", on.unwrap_or_default()))
}

fn join(model: &Model, join: &Join, chance: &mut Chance) -> String {
    let mut items = Vec::new();
    if join.view != join.name {
        items.push(format!("from: {}", join.view));
    }
    let clause = clause(model, join, chance);
    if join.kind != JoinKind::Left && clause.is_none() {
        items.push(format!("type: {}", join.kind.name()));
    }
    match (&join.foreign_key, &join.on) {
        _ if clause.is_some() => {}
        (Some(key), _) => items.push(format!("foreign_key: {}", key.written())),
        (None, Some(on)) => items.push(format!("sql_on: {} ;;", sql(on, "${TABLE}."))),
        (None, None) => {}
    }
    let is_written = clause.is_some() || join.kind != JoinKind::Cross;
    items.extend(clause);
    if is_written {
        items.push(format!("relationship: {}", join.relationship.name()));
    }
    if !join.required.is_empty() {
        items.push(format!("required_joins: [{}]", join.required.join(", ")));
    }
    if let Some(filter) = &join.filter {
        items.push(format!("sql_where: {} ;;", sql(filter, "${TABLE}.")));
    }
    items.extend(join.fields.as_ref().map(|list| fields(list)));
    items.extend(required_grants(&join.grants));
    block(&format!("join: {}", join.name), &items)
}
