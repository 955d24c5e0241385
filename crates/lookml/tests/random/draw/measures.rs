//! Measures of a view.

use crate::chance::Chance;
use crate::draw::filters::filter_for;
use crate::evaluate::dates::Clock;
use crate::model::View;
use crate::model::expression::{Aggregate, Expr, FieldName, Op};
use crate::model::field::{DimensionKind, Direction, DistinctKind, Frame, Measure, MeasureKind};

/// `count`, `total` and more over the columns of a table.
pub(crate) fn fill_measures(view: &mut View, clock: &Clock, chance: &mut Chance) {
    let total = MeasureKind::Sum(Expr::own("amount"));
    view.measures
        .push(Measure::new("count", MeasureKind::Count));
    view.measures.push(Measure::new("total", total));
    let mut more = aggregates(chance);
    more.extend(expressions(chance));
    if view.primary_key().is_some() {
        more.extend(distinct(chance));
    }
    chance.shuffle(&mut more);
    more.truncate(12 + chance.below(10));
    view.measures.extend(more);
    filtered(view, clock, chance);
    view.measures.extend(computed(chance));
}

fn aggregates(chance: &mut Chance) -> Vec<Measure> {
    let (own, measure) = (Expr::own, Measure::new);
    let percent = chance.pick(&[10, 20, 25, 75, 80, 90, 100]);
    let date = own("created_date");
    vec![
        measure("kinds_count", MeasureKind::CountDistinct(own("kind"))),
        measure("days_count", MeasureKind::CountDistinct(date)),
        measure("score_total", MeasureKind::Sum(own("score"))),
        measure("weight_total", MeasureKind::Sum(Expr::column("weight"))),
        measure("mixed_total", MeasureKind::Sum(double(own("amount")))),
        measure("average", MeasureKind::Average(own("amount"))),
        measure("score_average", MeasureKind::Average(own("score"))),
        measure("least", MeasureKind::Min(own("amount"))),
        measure("most", MeasureKind::Max(own("score"))),
        measure("middle", MeasureKind::Percentile(50, own("amount"))),
        measure("high", MeasureKind::Percentile(percent, own("score"))),
        measure("kind_list", MeasureKind::List("kind".to_owned())),
    ]
}

/// Measures whose aggregates are written out or are other measures.
fn expressions(chance: &mut Chance) -> Vec<Measure> {
    let of =
        |aggregate: Aggregate, name: &str| Expr::Aggregate(aggregate, Box::new(Expr::own(name)));
    let number = |name: &str, of: Expr| Measure::new(name, MeasureKind::Number(of));
    let (count, total) = (Expr::own("count"), Expr::own("total"));
    let rows = of(Aggregate::Count, "kind");
    let few = Expr::Number(chance.between(0, 4) as f64);
    let busy = Expr::binary(Op::Greater, count.clone(), few);
    let last = of(Aggregate::Max, "created_raw");
    let first = of(Aggregate::Min, "created_raw");
    vec![
        number("raw_total", of(Aggregate::Sum, "amount")),
        number("raw_mix", Expr::binary(Op::Add, count.clone(), rows)),
        number("raw_kinds", of(Aggregate::CountDistinct, "kind")),
        number("ratio", Expr::binary(Op::Divide, total, count)),
        Measure::new("busy", MeasureKind::YesNo(busy)),
        Measure::new("last_day", MeasureKind::Time(Frame::Date, last)),
        Measure::new("first_time", MeasureKind::Time(Frame::Time, first)),
        Measure::new("last_kind", MeasureKind::Text(of(Aggregate::Max, "kind"))),
    ]
}

fn double(of: Expr) -> Expr {
    Expr::binary(Op::Multiply, of, Expr::Number(2.0))
}

/// By the view's key, or by another one on which the value depends.
fn distinct(chance: &mut Chance) -> Vec<Measure> {
    let kinds = [
        DistinctKind::Sum,
        DistinctKind::Average,
        DistinctKind::Percentile(50),
        DistinctKind::Percentile(chance.pick(&[25, 80, 90])),
    ];
    let of = |kind: DistinctKind, chance: &mut Chance| match chance.percent(50) {
        true => MeasureKind::Distinct(kind, Expr::own("amount"), None),
        false => MeasureKind::Distinct(kind, double(Expr::own("score")), Some(Expr::own("score"))),
    };
    let names = ["sum_once", "average_once", "middle_once", "high_once"];
    let pairs = names.into_iter().zip(kinds);
    pairs
        .map(|(name, kind)| Measure::new(name, of(kind, chance)))
        .collect()
}

/// Measures with filters of their own.
fn filtered(view: &mut View, clock: &Clock, chance: &mut Chance) {
    let dimensions: Vec<_> = view
        .all_dimensions()
        .into_iter()
        .filter(|dimension| {
            let is_location = matches!(dimension.kind, DimensionKind::Location(..));
            dimension.required.is_empty() && !is_location
        })
        .collect();
    let kinds = [
        ("some_count", MeasureKind::Count),
        ("some_total", MeasureKind::Sum(Expr::own("amount"))),
        ("some_average", MeasureKind::Average(Expr::own("score"))),
        ("some_kinds", MeasureKind::CountDistinct(Expr::own("kind"))),
        (
            "some_middle",
            MeasureKind::Percentile(50, Expr::own("amount")),
        ),
    ];
    for (name, kind) in kinds {
        if chance.percent(40) {
            continue;
        }
        let mut filters = Vec::new();
        for dimension in chance.some(&dimensions, 1 + chance.clone().below(2)) {
            let filter = filter_for(&dimension, clock, chance, true);
            filters.push((FieldName::own(&dimension.name), filter));
        }
        view.measures.push(Measure {
            filters,
            ..Measure::new(name, kind)
        });
    }
}

fn computed(chance: &mut Chance) -> Vec<Measure> {
    let direction = |chance: &mut Chance| match chance.below(3) {
        0 => Some(Direction::Row),
        1 => Some(Direction::Column),
        _ => None,
    };
    let of = |chance: &mut Chance| chance.pick(&["total", "count"]).to_owned();
    vec![
        Measure::new(
            "running",
            MeasureKind::RunningTotal(of(chance), direction(chance)),
        ),
        Measure::new(
            "share",
            MeasureKind::PercentOfTotal(of(chance), direction(chance)),
        ),
        Measure::new("change", MeasureKind::PercentOfPrevious(of(chance))),
    ]
}
