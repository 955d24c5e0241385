//! Views without a table of their own: derived tables, and the elements of arrays.

use crate::draw::explores::{BASE, Draft, equal, new_view};
use crate::draw::filters::{filter_of_type, numbers};
use crate::draw::tables::ARRAY;
use crate::model::expression::{Expr, FieldName, Op};
use crate::model::field::{
    Dimension, DimensionKind, FilterField, FilterType, Measure, MeasureKind,
};
use crate::model::filter::{Filter, TextKind, TextTerm};
use crate::model::query::Sort;
use crate::model::{Join, JoinKind, JoinWriting, Native, Relationship, Source, View};

impl Draft<'_> {
    /// The elements of an array that each row of the parent has.
    pub(super) fn elements(&mut self, number: usize, parent: &str, parent_view: &str) -> Join {
        let name = format!("u{number}");
        let table = format!("t_{parent_view}");
        let plan = self.plans.iter_mut().find(|plan| plan.name == table);
        plan.expect("a table").has_array = true;
        let view = self.views.iter_mut().find(|view| view.name == parent_view);
        view.expect("a view").arrays = vec![ARRAY];
        let places = self.chance.percent(70);
        let source = Source::Elements {
            view: parent_view.to_owned(),
            places,
        };
        let mut view = new_view(&name, source);
        fill_elements(&mut view, places);
        self.views.push(view);
        let join = self.join(&name, &name, Relationship::OneToMany, Expr::Null);
        Join {
            kind: match join.kind {
                JoinKind::Inner => JoinKind::Inner,
                _ => JoinKind::Left,
            },
            on: None,
            writing: JoinWriting::Unnest(parent.to_owned()),
            ..join
        }
    }

    /// A derived table with a row for each kind.
    pub(super) fn derived(&mut self, number: usize, parent: &str) -> Join {
        let name = format!("d{number}");
        let chance = &mut *self.chance;
        let not_null = Expr::Not(Box::new(Expr::IsNull(Box::new(Expr::column("kind")))));
        let only = Expr::Condition(FieldName::own("only"), Box::new(Expr::column("score")));
        let condition = Expr::binary(Op::And, not_null, only);
        let source = match chance.below(10) {
            0..2 => Source::Copy {
                view: self.facts(number),
            },
            2..4 => Source::Grouped {
                table: "t_v0".to_owned(),
                condition,
            },
            _ => Source::Native(self.native()),
        };
        let derives = matches!(&source, Source::Native(native) if native.derives);
        let is_templated = matches!(source, Source::Grouped { .. });
        let mut view = new_view(&name, source);
        fill_facts(&mut view);
        if derives {
            let double = DimensionKind::Number(Expr::column("double_n"));
            view.dimensions.push(Dimension::new("double_n", double));
        }
        if is_templated {
            view.filters.push(FilterField {
                name: "only".into(),
                kind: FilterType::Number,
                sql: None,
            });
        }
        self.views.push(view);
        let on = equal(Expr::of(parent, "kind"), Expr::of(&name, "kind"));
        let mut join = self.join(&name, &name, Relationship::ManyToOne, on);
        if join.kind == JoinKind::Full {
            join.kind = JoinKind::Left;
        }
        join
    }

    /// A derived table that no explore joins: another one reads it.
    fn facts(&mut self, number: usize) -> String {
        let name = format!("f{number}");
        let condition = Expr::Not(Box::new(Expr::IsNull(Box::new(Expr::column("kind")))));
        let table = "t_v0".to_owned();
        let mut view = new_view(&name, Source::Grouped { table, condition });
        fill_facts(&mut view);
        self.views.push(view);
        name
    }

    fn native(&mut self) -> Native {
        let base = self.base();
        let chance = &mut *self.chance;
        // Under its own explore it takes the filters of the query, else a fixed list.
        let bind_all = chance.percent(45);
        let (explore, alias) = if bind_all {
            ("e0", base.as_str())
        } else {
            ("e1", BASE)
        };
        let field = |name: &str| format!("{alias}.{name}");
        let column = |name: &str, of: &str| (name.to_owned(), field(of));
        let term = TextTerm {
            negated: true,
            kind: TextKind::Null,
        };
        let mut filters = vec![(field("kind"), Filter::Text(vec![term]))];
        if chance.percent(30) {
            filters.push((field("score"), Filter::Number(numbers(-2, 7, chance))));
        }
        let date = filter_of_type(FilterType::Date, &self.clock, chance, true);
        let bound = !bind_all && chance.percent(65);
        if bound && chance.percent(50) {
            filters.push((field("created_date"), date));
        }
        let bind = bound.then(|| (format!("{base}.window"), field("created_date")));
        let sort = |name: &str, descending: bool| Sort {
            field: field(name),
            descending,
            column: None,
        };
        let limited = chance.percent(40);
        Native {
            explore: explore.to_owned(),
            columns: vec![
                column("kind", "kind"),
                column("n", "count"),
                column("total", "total"),
            ],
            derives: chance.percent(50),
            filters,
            bind: bind.into_iter().collect(),
            bind_all,
            sorts: if limited {
                vec![sort("total", true)]
            } else {
                Vec::new()
            },
            limit: limited.then(|| 1 + chance.below(3)),
            query_timezone: chance.percent(50),
        }
    }
}

/// The fields of an array's elements.
fn fill_elements(view: &mut View, places: bool) {
    let column = Expr::column;
    view.dimensions.extend([
        Dimension {
            primary_key: true,
            ..Dimension::number("id", column("id"))
        },
        Dimension::text("kind", column("kind")),
        Dimension::number("amount", column("amount")),
        Dimension::number("score", column("score")),
    ]);
    if places {
        let at = Expr::Bare(format!("{}_at", view.name));
        view.dimensions.push(Dimension::number("place", at));
    }
    let own = Expr::own;
    let measures = [
        ("count", MeasureKind::Count),
        ("total", MeasureKind::Sum(own("amount"))),
        ("kinds_count", MeasureKind::CountDistinct(own("kind"))),
        ("score_average", MeasureKind::Average(own("score"))),
        ("most", MeasureKind::Max(own("score"))),
        ("middle", MeasureKind::Percentile(50, own("amount"))),
    ];
    view.measures
        .extend(measures.map(|(name, kind)| Measure::new(name, kind)));
}

/// The fields of a table with a kind, a number and a total.
fn fill_facts(view: &mut View) {
    let key = Dimension::new("kind", DimensionKind::Text(Expr::column("kind")));
    view.dimensions.push(Dimension {
        primary_key: true,
        ..key
    });
    for name in ["n", "total"] {
        view.dimensions.push(Dimension::new(
            name,
            DimensionKind::Number(Expr::column(name)),
        ));
    }
    let measures = [
        ("count", MeasureKind::Count),
        ("n_total", MeasureKind::Sum(Expr::own("n"))),
        ("total_average", MeasureKind::Average(Expr::column("total"))),
        (
            "total_middle",
            MeasureKind::Percentile(50, Expr::own("total")),
        ),
    ];
    view.measures
        .extend(measures.map(|(name, kind)| Measure::new(name, kind)));
}
