//! Parameters, filter fields, and what reads them by Liquid. Only the base of an explore has them.

use crate::chance::Chance;
use crate::model::View;
use crate::model::expression::{Expr, FieldName, Named, Op, Test, TextFilter};
use crate::model::field::{
    Dimension, FilterField, FilterType, Measure, MeasureKind, Parameter, ParameterType,
};

/// `other` is the full name of a field that Liquid asks about.
pub(crate) fn fill_liquid(view: &mut View, other: &str, chance: &mut Chance) {
    view.parameters = parameters();
    view.filters = filter_fields();
    view.dimensions.extend(by_parameters());
    view.dimensions.extend(by_filters());
    view.dimensions.extend(by_tags(chance));
    view.dimensions.extend(by_tests(other, chance));
    view.measures.extend(measures(other, chance));
}

/// Fields whose Liquid asks about a field by its full name, which another explore does not have.
pub(crate) const ASKING: [&str; 5] = ["noticed", "unnoticed", "graded", "weighed", "sign"];

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
    Expr::condition(FieldName::own(filter), Expr::own(of))
}

fn text(text: &str) -> Expr {
    Expr::Text(text.to_owned())
}

/// What `case`, `for` and outputs write.
fn by_tags(chance: &mut Chance) -> Vec<Dimension> {
    let own = FieldName::own;
    let cased = Expr::Switch(
        own("pick"),
        vec![
            (vec!["amount", "score"], Expr::own("amount")),
            (vec!["weight"], Expr::column("weight")),
        ],
        Box::new(Expr::Null),
    );
    let filters = [
        TextFilter::Upcase,
        TextFilter::Downcase,
        TextFilter::Append(" it's"),
        TextFilter::Replace("a", "A"),
        TextFilter::Replace(",", "-"),
    ];
    let filters = chance.some(&filters, chance.clone().below(3));
    let attribute = Expr::Attribute("kind", filters);
    let mine = Expr::binary(Op::Equal, Expr::own("kind"), attribute.clone());
    let words = chance.some(&["a", "A", "b", "c d", "a,b", "100%"], 3);
    let op = chance.pick(&[Op::Add, Op::Subtract, Op::Multiply]);
    let steps = vec![(Op::Multiply, 2), (op, chance.between(1, 3))];
    let reckoned = Expr::Reckoned(own("threshold"), steps);
    let names = [
        Named::Model,
        Named::Explore,
        Named::Dialect,
        Named::Timezone,
    ];
    let repeated = Expr::Repeated(chance.between(1, 4), Box::new(Expr::own("score")));
    vec![
        Dimension::number("cased", cased),
        Dimension::text("person", attribute),
        Dimension::yes_no("mine", mine),
        Dimension::yes_no("listed", Expr::In(Box::new(Expr::own("kind")), words)),
        Dimension::number(
            "reckoned",
            Expr::binary(Op::Add, Expr::own("amount"), reckoned),
        ),
        Dimension::number("repeated", repeated),
        Dimension::text("named", Expr::Name(chance.pick(&names))),
    ]
}

/// What `if`, `elsif` and `unless` write.
fn by_tests(other: &str, chance: &mut Chance) -> Vec<Dimension> {
    let unless = Test::Not(Box::new(test(other, chance)));
    let grade = Expr::either(more_test(other, chance), text("two"), text("three"));
    let graded = Expr::either(test(other, chance), text("one"), grade);
    let (one, two, three) = (
        Box::new(more_test(other, chance)),
        Box::new(test(other, chance)),
        Box::new(more_test(other, chance)),
    );
    let weighed = match chance.below(3) {
        0 => Test::And(one, two),
        1 => Test::Or(one, two),
        _ => Test::And(one, Box::new(Test::Or(two, three))),
    };
    vec![
        Dimension::text(
            "noticed",
            Expr::either(test(other, chance), text("yes"), text("no")),
        ),
        Dimension::text(
            "unnoticed",
            Expr::either(unless, Expr::own("kind"), text("no")),
        ),
        Dimension::text("graded", graded),
        Dimension::number(
            "weighed",
            Expr::either(weighed, Expr::own("score"), Expr::Number(0.0)),
        ),
    ]
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
    let end = Expr::DateEnd(FieldName::own("window"));
    let until = Expr::binary(Op::Less, Expr::own("created_raw"), end);
    let since = Expr::binary(Op::GreaterOrEqual, Expr::own("created_raw"), start);
    vec![
        Dimension::yes_no("in_window", condition("window", "created_raw")),
        Dimension::yes_no("in_scores", condition("scores", "score")),
        Dimension::yes_no("in_flags", condition("flags", "flag")),
        Dimension::yes_no("since", since),
        Dimension::yes_no("until", until),
    ]
}

fn measures(other: &str, chance: &mut Chance) -> [Measure; 4] {
    let count = || Box::new(Expr::own("count"));
    let negative = Expr::binary(Op::Subtract, Expr::Number(0.0), Expr::own("count"));
    let sign = Expr::If(test(other, chance), count(), Box::new(negative));
    let in_window = condition("window", "created_raw");
    let amount = Expr::Case(vec![(in_window, Expr::own("amount"))], Box::new(Expr::Null));
    let scores = Expr::Case(
        vec![(condition("scores", "score"), Expr::own("amount"))],
        Box::new(Expr::Number(0.0)),
    );
    let threshold = Expr::Reckoned(FieldName::own("threshold"), vec![(Op::Add, 1)]);
    let total = Expr::binary(Op::Multiply, Expr::own("total"), threshold);
    [
        Measure::new("sign", MeasureKind::Number(sign)),
        Measure::new("window_total", MeasureKind::Sum(amount)),
        Measure::new("scores_total", MeasureKind::Sum(scores)),
        Measure::new("reckoned_total", MeasureKind::Number(total)),
    ]
}

fn test(other: &str, chance: &mut Chance) -> Test {
    match chance.below(3) {
        0 => Test::InQuery(other.to_owned()),
        1 => Test::IsSelected(other.to_owned()),
        _ => Test::IsFiltered(other.to_owned()),
    }
}

fn more_test(other: &str, chance: &mut Chance) -> Test {
    let (alias, _) = other.split_once('.').expect("a full name");
    match chance.below(6) {
        0 => Test::ViewInQuery(alias.to_owned()),
        1 => Test::TextIs(
            FieldName::own("word"),
            chance.pick(&["none", "word", "a b"]),
        ),
        2 => Test::IsMoreThan(FieldName::own("threshold"), chance.between(-1, 7)),
        3 => Test::AttributeIs("role", chance.pick(&["boss", "clerk"])),
        4 => Test::AttributeIs("kind", chance.pick(&["a", "b", "a,b"])),
        _ => Test::FilterHas(
            format!("{alias}.score"),
            chance.pick(&["1", "5", "to", "NOT"]),
        ),
    }
}
