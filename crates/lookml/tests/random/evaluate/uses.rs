//! What a query makes use of: fields, views, joins.

use std::collections::BTreeSet;

use crate::evaluate::scope::Scope;
use crate::model::expression::{Expr, FieldName};
use crate::model::field::{Dimension, DimensionKind, DistinctKind, Measure, MeasureKind};
use crate::model::query::Query;
use crate::model::{Join, JoinKind, JoinWriting};

/// Everything that takes part in a query.
#[derive(Debug, Clone, Default)]
pub(crate) struct Uses {
    pub aliases: BTreeSet<String>,
    /// Full names: selected, filtered or mentioned by others that are.
    pub fields: BTreeSet<String>,
}

/// The views and fields that a query needs, joins included.
pub(crate) fn uses_of(scope: &Scope<'_>, query: &Query) -> Uses {
    let mut uses = Uses::default();
    let explore = scope.explore;
    uses.aliases.insert(explore.base.clone());
    let filtered = scope.filters.iter().map(|(field, _)| field);
    for field in query.fields.iter().chain(filtered) {
        scope.use_field(&mut uses, field);
    }
    for expr in [&explore.always_where, &explore.always_having]
        .into_iter()
        .flatten()
    {
        scope.use_expr(&mut uses, &explore.base, expr);
    }
    if let Some((field, _)) = &explore.access {
        scope.use_field(&mut uses, field);
    }
    uses.aliases.extend(explore.always_join.iter().cloned());
    scope.close_over_joins(&mut uses);
    uses
}

impl Scope<'_> {
    fn close_over_joins(&self, uses: &mut Uses) {
        loop {
            let before = uses.aliases.len();
            for join in self.explore.joins.iter() {
                if !uses.aliases.contains(&join.name) {
                    continue;
                }
                for expr in [&join.on, &join.filter].into_iter().flatten() {
                    self.use_expr(uses, &join.name, expr);
                }
                if let JoinWriting::Unnest(of) = &join.writing {
                    uses.aliases.insert(of.clone());
                }
                uses.aliases.extend(join.required.iter().cloned());
            }
            if uses.aliases.len() == before {
                return;
            }
        }
    }

    /// The joins that take part, each after those that its condition mentions.
    pub(crate) fn ordered_joins(&self, aliases: &BTreeSet<String>) -> Vec<&Join> {
        let mut left: Vec<&Join> = self
            .explore
            .joins
            .iter()
            .filter(|join| aliases.contains(&join.name))
            .collect();
        let mut ordered: Vec<&Join> = Vec::new();
        while !left.is_empty() {
            let ready = left.iter().position(|join| {
                let parents = self.parents(join);
                !left
                    .iter()
                    .any(|other| other.name != join.name && parents.contains(&other.name))
            });
            ordered.push(left.remove(ready.expect("joins that do not need each other")));
        }
        ordered
    }

    /// The views that a join's condition mentions, but for its own.
    pub(crate) fn parents(&self, join: &Join) -> BTreeSet<String> {
        let mut uses = Uses::default();
        if let Some(on) = &join.on {
            self.use_expr(&mut uses, &join.name, on);
        }
        if let JoinWriting::Unnest(of) = &join.writing {
            uses.aliases.insert(of.clone());
        }
        uses.aliases.remove(&join.name);
        uses.aliases
    }

    /// Whether the joins that take part repeat the rows of a view (6.8).
    pub(crate) fn repeats(&self, alias: &str, joins: &[&Join]) -> bool {
        if !self.explore.symmetric {
            return false;
        }
        // Every edge is between a join and the last-declared view that its condition mentions.
        let edges: Vec<(String, &Join)> = joins
            .iter()
            .map(|join| (self.parent(join), *join))
            .collect();
        let mut seen = vec![alias.to_owned()];
        let mut todo = vec![alias.to_owned()];
        while let Some(at) = todo.pop() {
            for (parent, join) in &edges {
                let (to, is_many) = if *parent == at {
                    (join.name.clone(), is_to_many(join))
                } else if join.name == at {
                    (parent.clone(), is_from_many(join))
                } else {
                    continue;
                };
                if seen.contains(&to) {
                    continue;
                }
                if is_many {
                    return true;
                }
                seen.push(to.clone());
                todo.push(to);
            }
        }
        false
    }

    fn parent(&self, join: &Join) -> String {
        let parents = self.parents(join);
        let aliases = self.explore.aliases();
        let last = aliases
            .iter()
            .rev()
            .find(|(name, _)| parents.contains(*name));
        last.map_or(self.explore.base.clone(), |(name, _)| (*name).to_owned())
    }

    pub(crate) fn use_field(&self, uses: &mut Uses, full: &str) {
        let (alias, _) = full.split_once('.').expect("a full name");
        uses.aliases.insert(alias.to_owned());
        if !uses.fields.insert(full.to_owned()) {
            return;
        }
        if let Some((alias, dimension)) = self.dimension(full) {
            self.use_dimension(uses, &alias, &dimension);
        } else if let Some((alias, measure)) = self.measure(full) {
            self.use_measure(uses, &alias, measure);
        } else {
            let name = full.split_once('.').expect("a full name").1;
            let sql = self
                .view(alias)
                .filter(name)
                .and_then(|field| field.sql.as_ref());
            if let (Some(sql), Some(_)) = (sql, self.filter(full)) {
                self.use_expr(uses, alias, sql);
            }
        }
    }

    fn use_dimension(&self, uses: &mut Uses, alias: &str, dimension: &Dimension) {
        for name in dimension.required.iter().chain(&dimension.order_by) {
            self.use_field(uses, &format!("{alias}.{name}"));
        }
        match &dimension.kind {
            DimensionKind::Text(of) | DimensionKind::Number(of) | DimensionKind::YesNo(of) => {
                self.use_expr(uses, alias, of);
            }
            DimensionKind::Tier(tier) => self.use_expr(uses, alias, &tier.of),
            DimensionKind::Case(case) => {
                case.arms
                    .iter()
                    .for_each(|(when, _)| self.use_expr(uses, alias, when));
            }
            DimensionKind::Time(_, source) => self.use_expr(uses, alias, &source.of),
            DimensionKind::Duration(_, start, end) | DimensionKind::Location(start, end) => {
                self.use_expr(uses, alias, start);
                self.use_expr(uses, alias, end);
            }
        }
    }

    fn use_measure(&self, uses: &mut Uses, alias: &str, measure: &Measure) {
        for (field, _) in &measure.filters {
            self.use_field(uses, &field.full(alias));
        }
        match &measure.kind {
            MeasureKind::Count => {}
            MeasureKind::CountDistinct(of)
            | MeasureKind::Sum(of)
            | MeasureKind::Average(of)
            | MeasureKind::Min(of)
            | MeasureKind::Max(of)
            | MeasureKind::Percentile(_, of)
            | MeasureKind::Number(of)
            | MeasureKind::YesNo(of)
            | MeasureKind::Text(of)
            | MeasureKind::Time(_, of) => self.use_expr(uses, alias, of),
            MeasureKind::Distinct(DistinctKind::Sum | DistinctKind::Average, of, key)
            | MeasureKind::Distinct(DistinctKind::Percentile(_), of, key) => {
                self.use_expr(uses, alias, of);
                key.iter().for_each(|key| self.use_expr(uses, alias, key));
            }
            MeasureKind::List(of)
            | MeasureKind::RunningTotal(of, _)
            | MeasureKind::PercentOfTotal(of, _)
            | MeasureKind::PercentOfPrevious(of) => self.use_field(uses, &format!("{alias}.{of}")),
        }
    }

    /// Adds what an expression mentions, after Liquid has had its way.
    pub(crate) fn use_expr(&self, uses: &mut Uses, alias: &str, expr: &Expr) {
        match expr {
            Expr::Field(field) => self.use_field(uses, &field.full(alias)),
            Expr::Binary(_, left, right) => {
                self.use_expr(uses, alias, left);
                self.use_expr(uses, alias, right);
            }
            Expr::Not(inner) | Expr::IsNull(inner) | Expr::Aggregate(_, inner) => {
                self.use_expr(uses, alias, inner);
            }
            Expr::Call(_, arguments) => {
                arguments
                    .iter()
                    .for_each(|argument| self.use_expr(uses, alias, argument));
            }
            Expr::Case(arms, other) => {
                for (when, then) in arms {
                    self.use_expr(uses, alias, when);
                    self.use_expr(uses, alias, then);
                }
                self.use_expr(uses, alias, other);
            }
            Expr::Condition(field, inner) => {
                self.mention(uses, alias, field);
                if self.filter(&field.full(alias)).is_some() {
                    self.use_expr(uses, alias, inner);
                }
            }
            Expr::If(test, then, other) => {
                self.use_expr(
                    uses,
                    alias,
                    if self.holds(alias, test) { then } else { other },
                );
            }
            Expr::Switch(field, arms, other) => {
                self.mention(uses, alias, field);
                self.use_expr(uses, alias, self.chosen(alias, field, arms, other));
            }
            Expr::Repeated(_, of) | Expr::In(of, _) => self.use_expr(uses, alias, of),
            Expr::Parameter(field)
            | Expr::ParameterColumn(field)
            | Expr::DateStart(field)
            | Expr::DateEnd(field)
            | Expr::Reckoned(field, _) => {
                self.mention(uses, alias, field);
            }
            Expr::Attribute(..) | Expr::Name(_) => {}
            Expr::Column(_) | Expr::Bare(_) | Expr::Number(_) | Expr::Text(_) | Expr::Null => {}
        }
    }

    /// Liquid names a field, which needs no view.
    fn mention(&self, uses: &mut Uses, alias: &str, field: &FieldName) {
        uses.fields.insert(field.full(alias));
    }
}

pub(crate) fn is_to_many(join: &Join) -> bool {
    join.relationship.is_to_many() || join.kind == JoinKind::Cross
}

fn is_from_many(join: &Join) -> bool {
    join.relationship.is_from_many() || join.kind == JoinKind::Cross
}
