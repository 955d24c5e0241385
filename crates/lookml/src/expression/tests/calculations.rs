//! Calculations that use each other, asserts, dynamic fields.

use super::{context, pivoted_table, plain_table, show_column};
use crate::expression::{
    Calculation, Expression, Table, calculate, failing_rows, parse_dynamic_fields,
};

fn calculations(list: &[(&str, &str)]) -> Vec<Calculation> {
    let calculations = list.iter().map(|(name, expression)| Calculation {
        name: (*name).to_owned(),
        expression: Expression::parse(expression).unwrap(),
    });
    calculations.collect()
}

fn show_all(list: &[(&str, &str)]) -> Vec<String> {
    let columns = calculate(&calculations(list), &plain_table(), &context());
    let shown = columns.iter().map(|column| match column {
        Ok(column) => show_column(column),
        Err(diagnostic) => format!("{} {}", diagnostic.rule.code, diagnostic.message),
    });
    shown.collect()
}

#[test]
fn calculations_in_any_order() {
    let list = [
        ("third", "${second} + ${first}"),
        ("first", "${t.n}"),
        ("second", "${first} * 2"),
    ];
    assert_eq!(
        show_all(&list),
        ["30 60 ∅ 150", "10 20 ∅ 50", "20 40 ∅ 100"]
    );
}

#[test]
fn circles_and_mistakes_stay_where_they_are() {
    let list = [
        ("a", "${b} + 1"),
        ("b", "${c}"),
        ("c", "${b}"),
        ("self", "${self}"),
        ("bad", "${t.name} + 1"),
        ("user", "${bad}"),
        ("good", "1"),
        ("good", "2"),
    ];
    assert_eq!(
        show_all(&list),
        [
            "LK214 calculations need each other: `a` → `b` → `c` → `b`",
            "LK214 calculations need each other: `b` → `c` → `b`",
            "LK214 calculations need each other: `c` → `b` → `c`",
            "LK214 calculations need each other: `self` → `self`",
            "LK937 a number is needed, this is text",
            "LK937 `bad` has a mistake of its own",
            "1 1 1 1",
            "LK937 another calculation is called `good`",
        ]
    );
}

#[test]
fn references_are_listed_once() {
    let expression =
        Expression::parse("${b.x} + if(${ a }, ${b.x:total}, sum(${b.x})) / ${b.y:row_total}")
            .unwrap();
    let shown = expression.references().into_iter().map(|reference| {
        format!(
            "{} {:?} {}",
            reference.name,
            reference.part,
            reference.is_field()
        )
    });
    let expected = [
        "b.x Row true",
        "a Row false",
        "b.x Total true",
        "b.y RowTotal true",
    ];
    assert_eq!(shown.collect::<Vec<_>>(), expected);
}

#[test]
fn an_assert_fails_where_it_is_not_yes() {
    let failing = |assert: &str, table: &Table| {
        failing_rows(&Expression::parse(assert).unwrap(), table, &context())
    };
    assert_eq!(failing("${t.n} > 15", &plain_table()).unwrap(), [0, 2]);
    assert_eq!(failing("${t.n}", &plain_table()).unwrap(), [0, 1, 2, 3]);
    assert_eq!(
        failing("NOT is_null(${t.m})", &plain_table()).unwrap(),
        [0_usize; 0]
    );
    assert_eq!(failing("${p.count} > 2", &pivoted_table()).unwrap(), [0, 1]);
    assert_eq!(failing("no", &Table::new(0, 0)).unwrap(), [0_usize; 0]);
    assert!(failing("${t.x} = 1", &plain_table()).is_err());
}

#[test]
fn dynamic_fields_of_a_query() {
    let fields = parse_dynamic_fields(
        r#"[{"table_calculation":"kj_per_min","label":"kJ per minute","expression":"${w.kj} / ${w.min}",
            "value_format":null,"value_format_name":"decimal_1","_kind_hint":"measure","_type_hint":"number"},
            {"category":"table_calculation","table_calculation":"off","expression":"1","is_disabled":true}]"#,
    );
    let fields = fields.unwrap();
    assert_eq!(fields.len(), 1);
    let field = fields.first().unwrap();
    assert_eq!(field.name, "kj_per_min");
    assert_eq!(field.value_format_name.as_deref(), Some("decimal_1"));
    assert_eq!(parse_dynamic_fields("").unwrap(), []);
    assert_eq!(parse_dynamic_fields("null").unwrap(), []);
    let error = |text| parse_dynamic_fields(text).unwrap_err();
    assert_eq!(
        error(r#"[{"measure":"m","type":"sum"}]"#).rule.code,
        "LK934"
    );
    assert_eq!(
        error(r#"[{"dimension":"d","expression":"1"}]"#).message,
        "the custom dimension `d` is not supported"
    );
    assert_eq!(error(r#"[{"table_calculation":"x"}]"#).rule.code, "LK937");
    assert_eq!(error("[").rule.code, "LK937");
}
