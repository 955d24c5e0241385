//! Two tables, and what expressions are over them.

mod calculations;
mod functions;
mod mistakes;
mod operators;
mod pivots;
mod properties;

use jiff::civil::date;

use super::{Calculation, Column, Context, Expression, Line, Table, Value, calculate};
use crate::{Diagnostic, filter::FilterType, rules};

fn null_or<T>(values: impl IntoIterator<Item = Option<T>>, value: fn(T) -> Value) -> Vec<Value> {
    let values = values.into_iter();
    values
        .map(|found| found.map_or(Value::Null, value))
        .collect()
}

fn numbers<const N: usize>(numbers: [Option<f64>; N]) -> Vec<Value> {
    null_or(numbers, Value::Number)
}

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

/// Four rows.
fn plain_table() -> Table {
    let mut table = Table::new(4, 0).with_totals();
    let n = numbers([Some(10.0), Some(20.0), None, Some(50.0)]);
    table.insert("t.n", Column::plain_with_total(n, Value::Number(80.0)));
    table.insert(
        "t.m",
        Column::plain(numbers([Some(2.0), Some(0.0), Some(3.0), Some(2.0)])),
    );
    let names = null_or([Some("Ann"), Some("Bob"), Some(""), None], text);
    table.insert("t.name", Column::plain(names));
    let ok = null_or([Some(true), Some(false), None, Some(true)], Value::YesNo);
    table.insert("t.ok", Column::plain(ok));
    let days = [
        Some(date(2026, 1, 31)),
        Some(date(2024, 2, 29)),
        None,
        Some(date(2025, 12, 1)),
    ];
    table.insert("t.day", Column::plain(null_or(days, Value::Date)));
    let at = date(2026, 3, 4).at(5, 6, 7, 0);
    table.insert("t.at", Column::plain(vec![Value::DateTime(at); 4]));
    table
}

/// Two rows, three pivot columns, row totals and totals.
fn pivoted_table() -> Table {
    let line = |one, other, total| Line {
        values: numbers([one, other]),
        total: Value::Number(total),
    };
    let mut table = Table::new(2, 3).with_totals();
    let cells = vec![
        line(Some(3.0), Some(1.0), 4.0),
        line(None, Some(5.0), 5.0),
        line(Some(4.0), Some(2.0), 6.0),
    ];
    let row_totals = line(Some(7.0), Some(8.0), 15.0);
    table.insert("p.count", Column::pivoted(cells, Some(row_totals)));
    table.insert(
        "p.status",
        Column::Pivot(vec![text("a"), text("b"), text("c")]),
    );
    table.insert("p.country", Column::plain(vec![text("FR"), text("IT")]));
    table
}

fn matcher(filter: &str, _: FilterType, value: &Value) -> Result<bool, Diagnostic> {
    match filter.find('!') {
        Some(at) => {
            let span = crate::Span::new(at, at + 1);
            Err(Diagnostic::new(rules::BAD_EXPRESSION, span, "a bad filter"))
        }
        None => Ok(*value == text(filter)),
    }
}

fn context() -> Context<'static> {
    Context {
        now: date(2026, 11, 18).at(14, 25, 36, 0),
        matches_filter: &matcher,
    }
}

fn evaluate(table: &Table, expression: &str) -> Result<Column, Diagnostic> {
    let calculation = Calculation {
        name: "c".to_owned(),
        expression: Expression::parse(expression)?,
    };
    let mut columns = calculate(&[calculation], table, &context());
    columns.remove(0)
}

fn show(value: &Value) -> String {
    match value {
        Value::Null => "∅".to_owned(),
        Value::Number(number) => number.to_string(),
        Value::Text(text) => format!("{text:?}"),
        Value::YesNo(yes) => if *yes { "yes" } else { "no" }.to_owned(),
        Value::Date(date) => date.to_string(),
        Value::DateTime(datetime) => datetime.to_string(),
        Value::List(values) => format!(
            "[{}]",
            values.iter().map(show).collect::<Vec<_>>().join(" ")
        ),
    }
}

fn show_line(line: &Line) -> String {
    line.values.iter().map(show).collect::<Vec<_>>().join(" ")
}

/// Rows with a space between them; of a pivoted one, pivot columns with a bar between them, then the row totals.
fn show_column(column: &Column) -> String {
    match column {
        Column::Plain(line) => show_line(line),
        Column::Pivoted { cells, row_totals } => {
            let cells = cells.iter().chain(row_totals).map(|line| show_line(line));
            cells.collect::<Vec<_>>().join(" | ")
        }
        Column::Pivot(values) => values.iter().map(show).collect::<Vec<_>>().join(" | "),
    }
}

#[track_caller]
fn check(expression: &str, shown: &str) {
    let column = evaluate(&plain_table(), expression).unwrap();
    assert_eq!(show_column(&column), shown, "{expression}");
}

/// The same value in all rows.
#[track_caller]
fn check_one(expression: &str, shown: &str) {
    check(expression, &[shown; 4].join(" "));
}

#[track_caller]
fn check_pivoted(expression: &str, shown: &str) {
    let column = evaluate(&pivoted_table(), expression).unwrap();
    assert_eq!(show_column(&column), shown, "{expression}");
}

#[track_caller]
fn check_error(expression: &str, code: &str, characters: &str, message: &str) {
    let error = evaluate(&plain_table(), expression).unwrap_err();
    let found = (
        error.rule.code,
        error.span.of(expression),
        error.message.as_str(),
    );
    assert_eq!(found, (code, characters, message), "{expression}");
}
