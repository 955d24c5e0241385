//! The joined rows of a query, by nested loops.

use std::collections::BTreeSet;

use crate::evaluate::derived::OWNER;
use crate::evaluate::expression::Over;
use crate::evaluate::scope::{Row, Scope};
use crate::model::expression::Expr;
use crate::model::{Join, JoinKind, JoinWriting};
use crate::value::Value;

/// Rows beyond this many take too long for what they teach.
pub(crate) const MOST_ROWS: usize = 20_000;

impl Scope<'_> {
    /// Rows of the base, joined as the joins say. None when they are too many.
    pub(crate) fn joined(&self, aliases: &BTreeSet<String>) -> Option<Vec<Row>> {
        let width = self.explore.aliases().len();
        let base = self.relations[&self.explore.base].rows.len();
        let mut rows: Vec<Row> = (0..base).map(|row| placed(width, 0, row)).collect();
        for join in self.ordered_joins(aliases) {
            rows = self.join(&rows, join, width);
            if rows.len() > MOST_ROWS {
                return None;
            }
        }
        Some(rows)
    }

    fn join(&self, rows: &[Row], join: &Join, width: usize) -> Vec<Row> {
        let at = self.position(&join.name);
        let count = self.relations[&join.name].rows.len();
        let mut joined = Vec::new();
        let mut matched = vec![false; count];
        for row in rows {
            let before = joined.len();
            for (other, matched) in matched.iter_mut().enumerate() {
                let mut candidate = row.clone();
                candidate[at] = Some(other);
                if self.is_match(join, &candidate) {
                    *matched = true;
                    joined.push(candidate);
                }
            }
            let keeps = matches!(join.kind, JoinKind::Left | JoinKind::Full);
            if joined.len() == before && keeps {
                joined.push(row.clone());
            }
        }
        if join.kind == JoinKind::Full {
            let alone = (0..count).filter(|other| !matched[*other]);
            joined.extend(alone.map(|other| placed(width, at, other)));
        }
        joined
    }

    fn is_match(&self, join: &Join, row: &Row) -> bool {
        if let JoinWriting::Unnest(of) = &join.writing {
            let element = row[self.position(&join.name)].expect("an element");
            let owner = self.relations[&join.name].value(element, OWNER);
            let of = row[self.position(of)];
            return of.is_some_and(|of| owner == Value::whole(of as i64));
        }
        let on = join.on.as_ref();
        on.is_none_or(|on| self.value(Over::Row(row), &join.name, on).is_true())
    }

    /// The rows that every condition lets through.
    pub(crate) fn filtered(&self, rows: Vec<Row>, aliases: &BTreeSet<String>) -> Vec<Row> {
        let explore = self.explore;
        let joins = explore
            .joins
            .iter()
            .filter(|join| aliases.contains(&join.name));
        let of_joins = joins.filter_map(|join| Some((join.name.as_str(), join.filter.as_ref()?)));
        let always = explore
            .always_where
            .as_ref()
            .map(|expr| (explore.base.as_str(), expr));
        let conditions: Vec<(&str, &Expr)> = of_joins.chain(always).collect();
        let passes = |row: &Row| {
            conditions
                .iter()
                .all(|(alias, expr)| self.value(Over::Row(row), alias, expr).is_true())
                && self.passes_filters(row)
                && self.passes_access(row)
        };
        rows.into_iter().filter(passes).collect()
    }

    fn passes_filters(&self, row: &Row) -> bool {
        self.filters.iter().all(|(field, filter)| {
            if let Some((alias, dimension)) = self.dimension(field) {
                return self.passes(Over::Row(row), &alias, &dimension, filter);
            }
            let (alias, name) = field.split_once('.').expect("a full name");
            let sql = self
                .view(alias)
                .filter(name)
                .and_then(|field| field.sql.as_ref());
            sql.is_none_or(|sql| self.value(Over::Row(row), alias, sql).is_true())
        })
    }

    /// A user attribute is one value, no filter expression.
    fn passes_access(&self, row: &Row) -> bool {
        let Some((field, attribute)) = &self.explore.access else {
            return true;
        };
        let (alias, dimension) = self
            .dimension(field)
            .expect("the field of an access filter");
        let attributes = &self.world.attributes;
        let wanted = attributes
            .iter()
            .find(|(name, _)| name == attribute)
            .expect("an attribute");
        match self.shown(Over::Row(row), &alias, &dimension) {
            Value::Null => false,
            shown => shown.shown() == wanted.1,
        }
    }
}

fn placed(width: usize, at: usize, row: usize) -> Row {
    let mut placed = vec![None; width];
    placed[at] = Some(row);
    placed
}
