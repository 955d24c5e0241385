//! What holds for any expression.

use proptest::prelude::*;

use super::{evaluate, null_or, pivoted_table, show_column};
use crate::expression::{Column, Table, Value, function_names};

/// Pieces that often make an expression when they are put together.
fn piece() -> impl Strategy<Value = String> {
    let names = function_names()
        .map(|name| format!("{name}("))
        .collect::<Vec<_>>();
    let words = [
        "(",
        ")",
        ",",
        "+",
        "-",
        "*",
        "/",
        "%",
        "=",
        "<",
        ">=",
        "and",
        "or",
        "not ",
        "yes",
        "null",
        "1",
        "0.5",
        "\"a\"",
        "`b`",
        "${p.count}",
        "${p.status}",
        "${p.country}",
        "${p.count:total}",
        "${p.count:row_total}",
        "case(",
        "when(",
        "#",
        "\n",
        "\"",
        "${",
        "ä",
    ];
    let words = words.map(str::to_owned).to_vec();
    prop_oneof![
        proptest::sample::select(names),
        proptest::sample::select(words)
    ]
}

/// Expressions that can be read.
fn expression() -> impl Strategy<Value = String> {
    let leaf = proptest::sample::select(vec![
        "1",
        "2.5",
        "\"a\"",
        "null",
        "yes",
        "${p.count}",
        "${p.status}",
        "${p.country}",
        "${p.count:total}",
    ]);
    leaf.prop_map(str::to_owned)
        .prop_recursive(6, 40, 3, |inner| {
            let functions = proptest::sample::select(function_names().collect::<Vec<_>>());
            let operators = proptest::sample::select(vec!["+", "/", "=", "<", "and", "or"]);
            prop_oneof![
                (functions, proptest::collection::vec(inner.clone(), 0..4))
                    .prop_map(|(name, arguments)| format!("{name}({})", arguments.join(", "))),
                (inner.clone(), operators, inner)
                    .prop_map(|(left, operator, right)| format!("({left} {operator} {right})")),
            ]
        })
}

proptest! {
    #[test]
    fn any_text_has_an_answer(pieces in proptest::collection::vec(piece(), 0..16)) {
        let text = pieces.concat();
        if let Err(diagnostic) = evaluate(&pivoted_table(), &text) {
            prop_assert!(text.get(diagnostic.span.range()).is_some());
        }
    }

    #[test]
    fn any_expression_has_an_answer(text in expression()) {
        match evaluate(&pivoted_table(), &text) {
            Err(diagnostic) => prop_assert!(!diagnostic.span.of(&text).is_empty()),
            Ok(Column::Plain(line)) => prop_assert_eq!(line.values.len(), 2),
            Ok(Column::Pivoted { cells, .. }) => prop_assert_eq!(cells.len(), 3),
            Ok(Column::Pivot(_)) => prop_assert!(false),
        }
    }

    #[test]
    fn arithmetic_is_that_of_doubles(a in -1e6..1e6_f64, b in -1e6..1e6_f64, c in -1e6..1e6_f64) {
        let mut table = Table::new(1, 0);
        for (name, value) in [("t.a", a), ("t.b", b), ("t.c", c)] {
            table.insert(name, Column::plain(vec![Value::Number(value)]));
        }
        let shown = |expression| show_column(&evaluate(&table, expression).unwrap());
        prop_assert_eq!(shown("${t.a} - ${t.b} * ${t.c}"), (a - b * c).to_string());
        prop_assert_eq!(shown("${t.a} < ${t.b} or ${t.b} < ${t.c}"), if a < b || b < c { "yes" } else { "no" });
    }

    #[test]
    fn ranks_and_running_totals_by_their_definition(values in proptest::collection::vec(proptest::option::of(-50_i8..50), 1..30)) {
        let mut table = Table::new(values.len(), 0);
        table.insert("t.x", Column::plain(null_or(values.clone(), |value| Value::Number(f64::from(value)))));
        let shown = |expression| show_column(&evaluate(&table, expression).unwrap());
        let ranks = values.iter().map(|value| match value {
            Some(value) => (1 + values.iter().flatten().filter(|other| *other > value).count()).to_string(),
            None => "∅".to_owned(),
        });
        prop_assert_eq!(shown("rank(${t.x}, ${t.x})"), ranks.collect::<Vec<_>>().join(" "));
        let mut total = 0;
        let totals = values.iter().map(|value| {
            total += i32::from(value.unwrap_or_default());
            total.to_string()
        });
        prop_assert_eq!(shown("running_total(${t.x})"), totals.collect::<Vec<_>>().join(" "));
    }
}
