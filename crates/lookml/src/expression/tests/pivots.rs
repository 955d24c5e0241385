//! Cells, pivot columns and totals.

use super::{check_one, check_pivoted, evaluate, pivoted_table, plain_table, show, show_column};
use crate::expression::{Column, Line, Table, Value};

#[test]
fn a_pivoted_field_makes_a_cell_of_a_row() {
    check_pivoted("${p.count} * 10", "30 10 | ∅ 50 | 40 20 | 70 80");
    check_pivoted("${p.country}", "\"FR\" \"IT\"");
    check_pivoted(
        "${p.status}",
        "\"a\" \"a\" | \"b\" \"b\" | \"c\" \"c\" | ∅ ∅",
    );
    check_pivoted("${p.count:row_total}", "7 8");
    check_pivoted("${p.count:total}", "4 4 | 5 5 | 6 6 | 15 15");
    check_pivoted(
        "${p.count} / ${p.count:row_total}",
        "0.42857142857142855 0.125 | ∅ 0.625 | 0.5714285714285714 0.25 | 1 1",
    );
    check_pivoted("sum(${p.count})", "4 4 | 5 5 | 6 6 | 15 15");
    check_pivoted("running_total(${p.count})", "3 4 | 0 5 | 4 6 | 7 15");
    check_pivoted("offset(${p.count}, -1)", "∅ 3 | ∅ ∅ | ∅ 4 | ∅ 7");
}

#[test]
fn functions_of_pivot_columns() {
    check_pivoted("pivot_column()", "1 1 | 2 2 | 3 3 | ∅ ∅");
    check_pivoted("pivot_index(${p.count}, 1)", "3 1");
    check_pivoted(
        "pivot_index(${p.count}, 3) - pivot_index(${p.count}, 1)",
        "1 1",
    );
    check_pivoted("pivot_index(${p.count}, 4)", "∅ ∅");
    check_pivoted(
        "pivot_index(${p.count}, pivot_column())",
        "3 1 | ∅ 5 | 4 2 | ∅ ∅",
    );
    check_pivoted("pivot_index(${p.count}, row())", "3 5");
    check_pivoted("pivot_offset(${p.count}, -1)", "∅ ∅ | 3 1 | ∅ 5 | ∅ ∅");
    check_pivoted(
        "${p.count} - pivot_offset(${p.count}, -1)",
        "∅ ∅ | ∅ 4 | ∅ -3 | ∅ ∅",
    );
    check_pivoted("pivot_row(${p.count})", "[3 ∅ 4] [1 5 2]");
    check_pivoted("sum(pivot_row(${p.count}))", "7 8");
    check_pivoted("mean(pivot_row(${p.count}))", "3.5 2.6666666666666665");
    check_pivoted(
        "${p.count} / sum(pivot_row(${p.count}))",
        "0.42857142857142855 0.125 | ∅ 0.625 | 0.5714285714285714 0.25 | 1 1",
    );
    check_pivoted("pivot_where(${p.status} = \"b\", ${p.count})", "∅ 5");
    check_pivoted("pivot_where(${p.status} != \"b\", ${p.count})", "∅ ∅");
    check_pivoted(
        "pivot_where(${p.count} = max(pivot_row(${p.count})), ${p.status})",
        "\"c\" \"b\"",
    );
    for expression in [
        "pivot_column()",
        "pivot_index(${t.n}, 1)",
        "pivot_row(${t.n})",
        "pivot_offset(${t.n}, 0)",
        "pivot_where(yes, ${t.n})",
    ] {
        check_one(expression, "∅");
    }
}

#[test]
fn totals_of_calculations() {
    let total = |table: &Table, expression: &str| match evaluate(table, expression).unwrap() {
        Column::Plain(line) => show(&line.total),
        Column::Pivoted { cells, .. } => show(&cells.first().unwrap().total),
        Column::Pivot(_) => String::new(),
    };
    assert_eq!(total(&plain_table(), "${t.n} / 2"), "40");
    assert_eq!(total(&plain_table(), "offset(${t.n}, -1)"), "∅");
    assert_eq!(total(&plain_table(), "sum(${t.n})"), "80");
    assert_eq!(total(&pivoted_table(), "${p.count} + 1"), "5");
    assert_eq!(total(&pivoted_table(), "sum(pivot_row(${p.count}))"), "15");
}

#[test]
fn a_column_of_the_wrong_length_is_made_to_fit() {
    let mut table = Table::new(2, 2);
    table.insert("t.short", Column::plain(vec![Value::Number(1.0)]));
    table.insert(
        "t.wide",
        Column::pivoted(
            vec![Line {
                values: vec![],
                total: Value::Null,
            }],
            None,
        ),
    );
    let shown = |expression| show_column(&evaluate(&table, expression).unwrap());
    assert_eq!(shown("${t.short}"), "1 ∅");
    assert_eq!(shown("${t.wide}"), "∅ ∅ | ∅ ∅");
}
