//! The columns of its table that a field is made of.

use std::collections::{BTreeSet, HashSet};

use super::survey::ViewSurvey;
use crate::resolve::{Node, NodeValue, last};

/// Columns of the view's own table that these fields read, by themselves or by other fields of the view.
pub(super) fn columns<'a>(
    view: &'a ViewSurvey<'_>,
    fields: impl IntoIterator<Item = &'a str>,
) -> BTreeSet<String> {
    let mut columns = BTreeSet::new();
    let mut seen = HashSet::new();
    let mut waiting: Vec<&str> = fields.into_iter().collect();
    while let Some(name) = waiting.pop() {
        let Some(declaration) = view.field(name).and_then(|field| view.declaration(field)) else {
            continue;
        };
        if !seen.insert(declaration.node.name()) {
            continue;
        }
        columns.extend(own_columns(declaration.node));
        let own = declaration.references.iter();
        let own = own.filter(|reference| reference.view.is_none() && reference.role.is_sql());
        waiting.extend(own.map(|reference| reference.field.as_str()));
    }
    columns
}

/// Columns that a declaration itself names.
fn own_columns(node: &Node) -> Vec<String> {
    let nodes = node.children();
    let expressions = nodes.iter().filter_map(|node| match &node.value {
        NodeValue::Expression(text) if node.key.starts_with("sql") => Some(text.as_str()),
        _ => None,
    });
    let found: Vec<String> = expressions.flat_map(of_sql).collect();
    let has_sql = nodes.iter().any(|node| node.key.starts_with("sql"));
    let has_case = last(nodes, "case").is_some();
    match has_sql || has_case {
        true => found,
        false => vec![node.name().to_owned()],
    }
}

/// `${TABLE}.column`, without quotes, in small letters.
pub(super) fn of_sql(sql: &str) -> Vec<String> {
    let after = sql.split("${TABLE}").skip(1);
    let names = after.filter_map(|rest| {
        let rest = rest.trim_start().strip_prefix('.')?.trim_start();
        let rest = rest.trim_start_matches(['"', '`']);
        let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_');
        let name = rest.get(..end.unwrap_or(rest.len()))?;
        (!name.is_empty()).then(|| name.to_lowercase())
    });
    names.collect()
}
