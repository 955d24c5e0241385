//! What an explore adds to its joins: conditions, filters, fields that read several views.

use crate::draw::explores::Draft;
use crate::draw::filters::filter_for;
use crate::draw::liquid::fill_liquid;
use crate::model::expression::{Expr, FieldName, Op};
use crate::model::field::{Dimension, Measure, MeasureKind};
use crate::model::filter::Filter;
use crate::model::{Conditional, JoinKind, Source};

impl Draft<'_> {
    /// Fields that only the base has: Liquid, and what reads other views.
    pub(super) fn fill_base(&mut self) {
        let other = format!("{}.kind", self.explore.base);
        let view = &mut self.views[0];
        fill_liquid(view, &other, self.chance);
        for join in &self.explore.joins {
            if self.chance.percent(50) {
                continue;
            }
            let count = Expr::of(&join.name, "count");
            let ratio = MeasureKind::Number(Expr::binary(Op::Divide, Expr::own("count"), count));
            let name = format!("per_{}", join.name);
            view.measures.push(Measure::new(&name, ratio));
            let kind = Expr::of(&join.name, "kind");
            let marked = Expr::binary(Op::Concat, kind, Expr::Text("+".into()));
            let name = format!("with_{}", join.name);
            view.dimensions.push(Dimension::text(&name, marked));
        }
    }

    pub(super) fn conditions(&mut self) {
        // What takes all filters of its own explore must not be needed by that explore itself.
        let takes_all = |name: &str| {
            let mut views = self.views.iter().filter(|view| view.name == name);
            views.any(|view| matches!(&view.source, Source::Native(native) if native.bind_all))
        };
        let names = self.explore.joins.iter().map(|join| join.name.clone());
        let (all, joined): (Vec<String>, Vec<String>) = names.partition(|name| takes_all(name));
        self.always_there(&joined);
        if all.is_empty() {
            self.filters();
        }
        self.switches();
        self.join_conditions(&joined);
    }

    fn base_field(&self, name: &str) -> String {
        format!("{}.{name}", self.explore.base)
    }

    fn always_there(&mut self, joined: &[String]) {
        let base = self.explore.base.clone();
        let (chance, explore) = (&mut *self.chance, &mut self.explore);
        if chance.percent(10) && !joined.is_empty() {
            explore.always_join = vec![chance.one(joined).clone()];
        }
        if chance.percent(15) {
            let alias = match chance.percent(50) || joined.is_empty() {
                true => base.clone(),
                false => chance.one(joined).clone(),
            };
            explore.always_where = Some(match chance.percent(40) {
                true => of_scores(&base, &base),
                false => is_not(&alias, "b"),
            });
        }
        if chance.percent(14) {
            let few = Expr::Number(chance.between(1, 2) as f64);
            let count = Expr::of(&base, "count");
            explore.always_having = Some(Expr::binary(Op::GreaterOrEqual, count, few));
        }
    }

    fn filters(&mut self) {
        if self.chance.percent(15) {
            self.explore.always_filter = vec![self.fixed_filter("score")];
        }
        if self.chance.percent(15) {
            let name = self.chance.pick(&["created_date", "flag"]);
            self.explore.conditional = Some(Conditional {
                filters: vec![self.fixed_filter(name)],
                unless: vec![self.base_field("kind")],
            });
        }
    }

    /// A filter that is written in the model.
    fn fixed_filter(&mut self, name: &str) -> (String, Filter) {
        let dimension = self.views[0].dimension(name);
        let dimension = dimension.expect("a dimension that is always there");
        let filter = filter_for(&dimension, &self.clock, self.chance, true);
        (self.base_field(name), filter)
    }

    fn switches(&mut self) {
        let kind = self.base_field("kind");
        let (chance, explore) = (&mut *self.chance, &mut self.explore);
        if chance.percent(10) {
            explore.access = Some((kind.clone(), "kind".to_owned()));
            explore.case_sensitive = Some(true);
        }
        if chance.percent(25) {
            explore.cancel_grouping = vec![kind];
        }
    }

    fn join_conditions(&mut self, joined: &[String]) {
        let (chance, explore) = (&mut *self.chance, &mut self.explore);
        for (place, join) in explore.joins.iter_mut().enumerate() {
            if chance.percent(10) && place > 0 && !joined.is_empty() {
                let earlier = chance.one(&joined[..place.min(joined.len())]).clone();
                join.required
                    .extend((earlier != join.name).then_some(earlier));
            }
            if chance.percent(12) {
                join.filter = Some(is_not(&join.name, "A"));
            }
        }
        for join in &mut explore.joins {
            let is_wide = join.name.starts_with(['v', 'a']) && join.foreign_key.is_none();
            if is_wide
                && chance.percent(12)
                && let Some(on) = join.on.take()
            {
                let base = &explore.base;
                join.on = Some(Expr::binary(Op::And, on, of_scores(base, &join.name)));
            }
        }
        // With a full join the order in which joins are taken matters.
        let is_tied =
            |join: &crate::model::Join| join.kind == JoinKind::Full || join.filter.is_some();
        if !explore.joins.iter().any(is_tied) {
            chance.shuffle(&mut explore.joins);
        }
    }
}

/// What a filter field of the base says of the scores of a view.
fn of_scores(base: &str, alias: &str) -> Expr {
    Expr::condition(FieldName::of(base, "scores"), Expr::of(alias, "score"))
}

fn is_not(alias: &str, kind: &str) -> Expr {
    Expr::binary(
        Op::NotEqual,
        Expr::of(alias, "kind"),
        Expr::Text(kind.into()),
    )
}
