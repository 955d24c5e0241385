//! Parameters, filter fields, and what reads them by Liquid. Only the base of an explore has them.

use crate::chance::Chance;
use crate::model::View;
use crate::model::expression::{Expr, FieldName, Op, Test};
use crate::model::field::{
    Dimension, FilterField, FilterType, Measure, MeasureKind, Parameter, ParameterType,
};

/// `other` is the full name of a field that Liquid asks about.
pub(crate) fn fill_liquid(view: &mut View, other: &str, chance: &mut Chance) {
    view.parameters = parameters();
    view.filters = filter_fields();
    view.dimensions.extend(by_parameters());
    view.dimensions.extend(by_filters());
    let (yes, no) = (Expr::Text("yes".into()), Expr::Text("no".into()));
    let noticed = Expr::If(test(other, chance), Box::new(yes), Box::new(no));
    view.dimensions.push(Dimension::text("noticed", noticed));
    view.measures.extend(measures(other, chance));
}

fn parameters() -> Vec<Parameter> {
    let parameter = |name: &str, kind, allowed: &[&str], default: &str| Parameter {
        name: name.to_owned(),
        kind,
        allowed: allowed.iter().map(|value| (*value).to_owned()).collect(),
        default: default.to_owned(),
    };
    let numbers = ["amount", "score", "weight"];
    vec![
        parameter("pick", ParameterType::Unquoted, &numbers, "amount"),
        parameter("word", ParameterType::Text, &[], "none"),
        parameter("threshold", ParameterType::Number, &[], "5"),
        parameter("switch", ParameterType::YesNo, &[], "no"),
        parameter("mode", ParameterType::Unquoted, &["kind", "note"], "kind"),
    ]
}

fn filter_fields() -> Vec<FilterField> {
    let filter = |name: &str, kind, sql| FilterField {
        name: name.to_owned(),
        kind,
        sql,
    };
    vec![
        filter("window", FilterType::Date, None),
        filter("kinds", FilterType::Text, Some(condition("kinds", "kind"))),
        filter("scores", FilterType::Number, None),
        filter("flags", FilterType::YesNo, None),
    ]
}

fn condition(filter: &str, of: &str) -> Expr {
    Expr::Condition(FieldName::own(filter), Box::new(Expr::own(of)))
}

fn by_parameters() -> Vec<Dimension> {
    let value = |name: &str| Expr::Parameter(FieldName::own(name));
    let is_note = Test::ParameterIs(FieldName::own("mode"), "note".to_owned());
    let (note, kind) = (Expr::column("note"), Expr::own("kind"));
    let moded = Expr::If(is_note, Box::new(note), Box::new(kind));
    let over = Expr::binary(Op::Greater, Expr::own("amount"), value("threshold"));
    let switched = Expr::binary(Op::And, Expr::own("flag"), value("switch"));
    let worded = Expr::binary(Op::Concat, value("word"), Expr::own("kind"));
    vec![
        Dimension::number("picked", Expr::ParameterColumn(FieldName::own("pick"))),
        Dimension::yes_no("over", over),
        Dimension::yes_no("switched", switched),
        Dimension::text("worded", worded),
        Dimension::text("moded", moded),
    ]
}

fn by_filters() -> Vec<Dimension> {
    let start = Expr::DateStart(FieldName::own("window"));
    let since = Expr::binary(Op::GreaterOrEqual, Expr::own("created_raw"), start);
    vec![
        Dimension::yes_no("in_window", condition("window", "created_raw")),
        Dimension::yes_no("in_scores", condition("scores", "score")),
        Dimension::yes_no("in_flags", condition("flags", "flag")),
        Dimension::yes_no("since", since),
    ]
}

fn measures(other: &str, chance: &mut Chance) -> [Measure; 2] {
    let count = || Box::new(Expr::own("count"));
    let negative = Expr::binary(Op::Subtract, Expr::Number(0.0), Expr::own("count"));
    let sign = Expr::If(test(other, chance), count(), Box::new(negative));
    let in_window = condition("window", "created_raw");
    let amount = Expr::Case(vec![(in_window, Expr::own("amount"))], Box::new(Expr::Null));
    [
        Measure::new("sign", MeasureKind::Number(sign)),
        Measure::new("window_total", MeasureKind::Sum(amount)),
    ]
}

fn test(other: &str, chance: &mut Chance) -> Test {
    match chance.below(3) {
        0 => Test::InQuery(other.to_owned()),
        1 => Test::IsSelected(other.to_owned()),
        _ => Test::IsFiltered(other.to_owned()),
    }
}
