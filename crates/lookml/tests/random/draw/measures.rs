//! Measures of a view.

use crate::chance::Chance;
use crate::draw::filters::filter_for;
use crate::evaluate::dates::Clock;
use crate::model::View;
use crate::model::expression::{Aggregate, Expr, FieldName, Op, Test};
use crate::model::field::{Direction, DistinctKind, Frame, Measure, MeasureKind};

/// `count`, `total` and more over the columns of a table.
pub(crate) fn fill_measures(view: &mut View, clock: &Clock, chance: &mut Chance) {
    let own = Expr::own;
    let measure = |name: &str, kind: MeasureKind| Measure::new(name, kind);
    view.measures.push(measure("count", MeasureKind::Count));
    view.measures
        .push(measure("total", MeasureKind::Sum(own("amount"))));
    let percent = chance.pick(&[10, 20, 25, 75, 80, 90, 100]);
    let mut more = vec![
        measure("kinds_count", MeasureKind::CountDistinct(own("kind"))),
        measure(
            "days_count",
            MeasureKind::CountDistinct(own("created_date")),
        ),
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
        measure(
            "raw_total",
            MeasureKind::Number(Expr::sum_of(own("amount"))),
        ),
        measure("raw_mix", MeasureKind::Number(raw_mix())),
        measure("raw_kinds", MeasureKind::Number(raw_kinds())),
        measure(
            "ratio",
            MeasureKind::Number(Expr::binary(Op::Divide, own("total"), own("count"))),
        ),
        measure("busy", MeasureKind::YesNo(busy(chance))),
        measure("last_day", MeasureKind::Time(Frame::Date, last_created())),
        measure(
            "first_time",
            MeasureKind::Time(Frame::Time, first_created()),
        ),
        measure("last_kind", MeasureKind::Text(last_kind())),
    ];
    if view.primary_key().is_some() {
        more.extend(distinct(chance));
    }
    chance.shuffle(&mut more);
    more.truncate(6 + chance.below(10));
    view.measures.extend(more);
    filtered(view, clock, chance);
    view.measures.extend(computed(chance));
}

/// Measures with Liquid, for the base of an explore.
pub(crate) fn fill_liquid_measures(view: &mut View, other: &str, chance: &mut Chance) {
    let test = match chance.below(3) {
        0 => Test::InQuery(other.to_owned()),
        1 => Test::IsFiltered(other.to_owned()),
        _ => Test::IsSelected(other.to_owned()),
    };
    let negative = Expr::binary(Op::Subtract, Expr::Number(0.0), Expr::own("count"));
    let sign = Expr::If(test, Box::new(Expr::own("count")), Box::new(negative));
    let in_window = Expr::Condition(FieldName::own("window"), Box::new(Expr::own("created_raw")));
    let amount = Expr::Case(vec![(in_window, Expr::own("amount"))], Box::new(Expr::Null));
    view.measures
        .push(Measure::new("sign", MeasureKind::Number(sign)));
    view.measures
        .push(Measure::new("window_total", MeasureKind::Sum(amount)));
}

fn double(of: Expr) -> Expr {
    Expr::binary(Op::Multiply, of, Expr::Number(2.0))
}

fn raw_mix() -> Expr {
    let rows = Expr::Aggregate(Aggregate::Count, Box::new(Expr::own("kind")));
    Expr::binary(Op::Add, Expr::own("count"), rows)
}

fn busy(chance: &mut Chance) -> Expr {
    Expr::binary(
        Op::Greater,
        Expr::own("count"),
        Expr::Number(chance.between(0, 4) as f64),
    )
}

fn last_created() -> Expr {
    Expr::Aggregate(Aggregate::Max, Box::new(Expr::own("created_raw")))
}

fn first_created() -> Expr {
    Expr::Aggregate(Aggregate::Min, Box::new(Expr::own("created_raw")))
}

fn raw_kinds() -> Expr {
    Expr::Aggregate(Aggregate::CountDistinct, Box::new(Expr::own("kind")))
}

fn last_kind() -> Expr {
    Expr::Aggregate(Aggregate::Max, Box::new(Expr::own("kind")))
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
        .filter(|dimension| dimension.required.is_empty())
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
