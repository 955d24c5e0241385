//! Join conditions.

use std::collections::HashSet;

use crate::check::report::{Report, push_new};
use crate::check::survey::{ExploreSurvey, Survey};
use crate::diagnostic::rules;
use crate::model::JoinCondition;
use crate::resolve::last;

/// Views and their fields that joins compare with the primary key of another view.
pub(super) type ForeignKeys<'s> = HashSet<(&'s str, &'s str)>;

/// Fields that stand beside a primary key in some `sql_on`.
pub(super) fn foreign_keys<'s>(survey: &'s Survey<'_>) -> ForeignKeys<'s> {
    let mut keys = ForeignKeys::new();
    for explore in &survey.explores {
        for alias in explore.joins.keys() {
            let Some(JoinCondition::On(sql)) = explore.condition(alias) else {
                continue;
            };
            for (one, other) in equalities(sql) {
                let fields = [one, other].map(|name| field(survey, explore, alias, name));
                if let [Some(one), Some(other)] = fields {
                    keys.extend(one.2.then_some((other.0, other.1)));
                    keys.extend(other.2.then_some((one.0, one.1)));
                }
            }
        }
    }
    keys
}

/// The view and the name of a field, and whether it is the key there.
fn field<'s>(
    survey: &'s Survey<'_>,
    explore: &'s ExploreSurvey<'_>,
    own: &str,
    name: &str,
) -> Option<(&'s str, &'s str, bool)> {
    let (alias, name) = name.split_once('.').unwrap_or((own, name));
    let view = survey.bound(explore.explore, alias)?;
    let field = view.field(name)?;
    let is_key = field
        .dimension()
        .is_some_and(|dimension| dimension.primary_key);
    Some((&view.view.name, &field.name, is_key))
}

/// `${a.b} = ${c.d}`
fn equalities(sql: &str) -> Vec<(&str, &str)> {
    let mut found = Vec::new();
    for (at, _) in sql.match_indices('=') {
        let (before, after) = sql.split_at_checked(at).unwrap_or_default();
        let left = before.trim_end().strip_suffix('}');
        let left = left.and_then(|left| left.rsplit_once("${"));
        let right = after.strip_prefix('=').map(str::trim_start);
        let right = right.and_then(|right| right.strip_prefix("${")?.split_once('}'));
        if let (Some((_, left)), Some((right, _))) = (left, right) {
            found.push((left.trim(), right.trim()));
        }
    }
    found
}

/// LK411.
pub(super) fn check(explore: &ExploreSurvey<'_>, report: &mut Report<'_>) {
    for (alias, join) in &explore.joins {
        let Some(JoinCondition::On(sql)) = explore.condition(alias) else {
            continue;
        };
        let Some(column) = column(explore, sql) else {
            continue;
        };
        let Some(node) = last(join.node.children(), "sql_on") else {
            continue;
        };
        let message = format!("`{column}` is a column, not a field");
        let problem = report.within(&node.place, &column, rules::COLUMN_IN_JOIN, message);
        problem.hint =
            Some("write `${view.field}`, which stays right when the column changes".to_owned());
        push_new(&mut problem.explores, &explore.explore.name);
    }
}

/// The first `alias.column` or `${TABLE}.column` of a condition.
fn column(explore: &ExploreSurvey<'_>, sql: &str) -> Option<String> {
    let code = super::sql::code(sql);
    if let Some(at) = code.find("${TABLE}.") {
        let rest = code.get(at + "${TABLE}.".len()..)?;
        let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_');
        let name = rest.get(..end.unwrap_or(rest.len()))?;
        return Some(format!("${{TABLE}}.{name}"));
    }
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.');
    let mut outside = String::with_capacity(code.len());
    let mut rest = code.as_str();
    while let Some((before, after)) = rest.split_once("${") {
        outside.push_str(before);
        outside.push('$');
        rest = after.split_once('}').map_or("", |(_, behind)| behind);
    }
    outside.push_str(rest);
    let mut words = outside.split(|c| !is_part(c));
    let column = words.find(|word| {
        let parts = word.split_once('.');
        parts.is_some_and(|(alias, name)| {
            !name.is_empty() && explore.explore.views.contains_key(alias)
        })
    });
    column.map(str::to_owned)
}
