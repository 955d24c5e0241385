//! What an explore adds to its joins: conditions, filters, fields that read several views.

use crate::draw::dimensions::fill_liquid;
use crate::draw::explores::Draft;
use crate::draw::filters::filter_for;
use crate::draw::measures::fill_liquid_measures;
use crate::model::expression::{Expr, Op};
use crate::model::field::{Dimension, DimensionKind, Measure, MeasureKind};
use crate::model::{Conditional, JoinKind, Source};

impl Draft<'_> {
    /// What only the base has: Liquid, and fields that read other views.
    pub(super) fn fill_base(&mut self) {
        let base = self.base();
        let other = format!("{base}.kind");
        let view = &mut self.views[0];
        fill_liquid(view, &other, self.chance);
        fill_liquid_measures(view, &other, self.chance);
        for join in &self.explore.joins {
            if self.chance.percent(50) {
                continue;
            }
            let ratio = Expr::binary(
                Op::Divide,
                Expr::own("count"),
                Expr::of(&join.name, "count"),
            );
            let measure = Measure::new(&format!("per_{}", join.name), MeasureKind::Number(ratio));
            view.measures.push(measure);
            let both = Expr::binary(
                Op::Concat,
                Expr::of(&join.name, "kind"),
                Expr::Text("+".into()),
            );
            let name = format!("with_{}", join.name);
            view.dimensions
                .push(Dimension::new(&name, DimensionKind::Text(both)));
        }
    }

    pub(super) fn conditions(&mut self) {
        let base = self.base();
        let field = |name: &str| format!("{base}.{name}");
        let joined: Vec<String> = self
            .explore
            .joins
            .iter()
            .map(|join| join.name.clone())
            .collect();
        // What takes all filters of its own explore must not be needed by that explore itself.
        let takes_all: Vec<String> = self
            .views
            .iter()
            .filter(|view| matches!(&view.source, Source::Native(native) if native.bind_all))
            .map(|view| view.name.clone())
            .collect();
        let binds_all = !takes_all.is_empty();
        let joined: Vec<String> = joined
            .into_iter()
            .filter(|name| !takes_all.contains(name))
            .collect();
        let (chance, explore) = (&mut *self.chance, &mut self.explore);
        if chance.percent(10) && !joined.is_empty() {
            explore.always_join = vec![chance.one(&joined).clone()];
        }
        if chance.percent(15) {
            let alias = match chance.percent(50) || joined.is_empty() {
                true => base.clone(),
                false => chance.one(&joined).clone(),
            };
            let is_not = Expr::binary(
                Op::NotEqual,
                Expr::of(&alias, "kind"),
                Expr::Text("b".into()),
            );
            explore.always_where = Some(is_not);
        }
        if chance.percent(8) {
            let few = Expr::Number(chance.between(1, 2) as f64);
            let many = Expr::binary(Op::GreaterOrEqual, Expr::of(&base, "count"), few);
            explore.always_having = Some(many);
        }
        let score = self.views[0]
            .dimension("score")
            .expect("it is always there");
        let flag = self.views[0].dimension("flag").expect("it is always there");
        let date = self.views[0]
            .dimension("created_date")
            .expect("it is always there");
        if chance.percent(15) && !binds_all {
            let filter = filter_for(&score, &self.clock, chance, true);
            explore.always_filter = vec![(field("score"), filter)];
        }
        if chance.percent(15) && !binds_all {
            let filter = match chance.percent(50) {
                true => (
                    field("created_date"),
                    filter_for(&date, &self.clock, chance, true),
                ),
                false => (field("flag"), filter_for(&flag, &self.clock, chance, true)),
            };
            explore.conditional = Some(Conditional {
                filters: vec![filter],
                unless: vec![field("kind")],
            });
        }
        if chance.percent(10) {
            explore.access = Some((field("kind"), "kind".to_owned()));
            explore.case_sensitive = Some(true);
        }
        if chance.percent(12) {
            explore.cancel_grouping = vec![field("kind")];
        }
        if chance.percent(15) {
            explore.excluded = vec![field("moded")];
        }
        self.join_conditions(&joined);
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
                let kind = Expr::of(&join.name, "kind");
                join.filter = Some(Expr::binary(Op::NotEqual, kind, Expr::Text("A".into())));
            }
        }
        // With a full join the order in which joins are taken matters.
        if !explore
            .joins
            .iter()
            .any(|join| join.kind == JoinKind::Full || join.filter.is_some())
        {
            chance.shuffle(&mut explore.joins);
        }
    }
}
