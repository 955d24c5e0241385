//! Table calculations and asserts as a query has them, and what a person is told of their mistakes.

use std::fmt::Write as _;

use jiff::civil::date;
use lookml::{
    Diagnostic,
    expression::{
        Calculation, Column, Context, Expression, Line, Table, Value, calculate, failing_rows,
        parse_dynamic_fields,
    },
    value_format::{Decimal, ValueFormat},
};

use crate::rendered;

fn number(number: impl Into<f64>) -> Value {
    Value::Number(number.into())
}

fn never(_: &str, _: lookml::filter::FilterType, _: &Value) -> Result<bool, Diagnostic> {
    Ok(false)
}

fn context() -> Context<'static> {
    Context {
        now: date(2026, 11, 18).at(14, 25, 36, 0),
        matches_filter: &never,
    }
}

/// Months with their energy and time; one has no time.
fn months() -> Table {
    let mut table = Table::new(4, 0).with_totals();
    let months = [
        date(2026, 8, 1),
        date(2026, 9, 1),
        date(2026, 10, 1),
        date(2026, 11, 1),
    ];
    let energy = [3050, 1450, 1350, 1600].map(number);
    let minutes = [610, 290, 0, 300].map(number);
    table.insert(
        "tours.month",
        Column::plain(months.map(Value::Date).to_vec()),
    );
    table.insert(
        "tours.energy",
        Column::plain_with_total(energy.to_vec(), number(7450)),
    );
    table.insert(
        "tours.minutes",
        Column::plain_with_total(minutes.to_vec(), number(1200)),
    );
    table
}

/// Countries with their tours in two years; one had none in the first.
fn years() -> Table {
    let mut table = Table::new(2, 2);
    let line = |one: Value, other: Value| Line {
        values: vec![one, other],
        total: Value::Null,
    };
    let cells = vec![line(number(10), Value::Null), line(number(33), number(55))];
    table.insert("tours.count", Column::pivoted(cells, None));
    table.insert(
        "tours.year",
        Column::Pivot(vec![number(2025), number(2026)]),
    );
    table
}

fn show(value: &Value, format: Option<&ValueFormat>) -> String {
    match value {
        Value::Null => "∅".to_owned(),
        Value::Number(number) => {
            let decimal = Decimal::from_f64(*number).unwrap();
            format.map_or_else(|| number.to_string(), |format| format.number(&decimal))
        }
        Value::Text(text) => text.clone(),
        other => format!("{other:?}"),
    }
}

fn show_line(line: &Line, format: Option<&ValueFormat>) -> String {
    let values = line.values.iter().map(|value| show(value, format));
    let values = values.collect::<Vec<_>>().join(", ");
    format!("{values}; total {}", show(&line.total, format))
}

/// Each calculation with what its cells show.
fn check(dynamic_fields: &str, table: &Table) -> String {
    let fields = parse_dynamic_fields(dynamic_fields).unwrap();
    let calculations = fields.iter().map(|field| Calculation {
        name: field.name.clone(),
        expression: Expression::parse(&field.expression).unwrap(),
    });
    let calculations: Vec<_> = calculations.collect();
    let mut out = String::new();
    for (field, column) in fields
        .iter()
        .zip(calculate(&calculations, table, &context()))
    {
        let text = field.value_format.as_deref();
        let named = field.value_format_name.as_deref();
        let format = match (text, named) {
            (Some(text), _) => Some(ValueFormat::parse(text).unwrap()),
            (None, Some(name)) => ValueFormat::named(name),
            (None, None) => None,
        };
        let lines = match column.unwrap() {
            Column::Plain(line) => vec![line],
            Column::Pivoted { cells, .. } => cells,
            Column::Pivot(_) => Vec::new(),
        };
        for line in lines {
            let shown = show_line(&line, format.as_ref());
            writeln!(out, "{}: {shown}", field.name).unwrap();
        }
    }
    out
}

/// The mistake with the characters it points at.
fn mistake(text: &str, table: &Table) -> String {
    let evaluated = Expression::parse(text).and_then(|expression| {
        let name = "calculation".to_owned();
        let calculation = Calculation { name, expression };
        calculate(&[calculation], table, &context()).remove(0)
    });
    rendered(text, &evaluated.unwrap_err())
}

#[test]
fn calculations_of_a_plain_query() {
    insta::assert_snapshot!(check(
        r##"[
        {"table_calculation":"per_minute","expression":"${tours.energy} / ${tours.minutes}","value_format_name":"decimal_1"},
        {"table_calculation":"share","expression":"${tours.energy} / ${tours.energy:total}","value_format_name":"percent_1"},
        {"table_calculation":"so_far","expression":"running_total(${tours.energy})","value_format":"#,##0\" kJ\""},
        {"table_calculation":"change","expression":"${tours.energy} / offset(${tours.energy}, -1) - 1","value_format":"+0%;-0%"},
        {"table_calculation":"place","expression":"rank(${tours.energy}, ${tours.energy})"},
        {"table_calculation":"age","expression":"diff_months(${tours.month}, now())"},
        {"table_calculation":"size","expression":"case(when(${per_minute} >= 5, \"hard\"), when(is_null(${per_minute}), \"?\"), \"easy\")"}
        ]"##,
        &months(),
    ), @r#"
    per_minute: 5.0, 5.0, ∅, 5.3; total 6.2
    share: 40.9%, 19.5%, 18.1%, 21.5%; total 100.0%
    so_far: 3,050 kJ, 4,500 kJ, 5,850 kJ, 7,450 kJ; total ∅
    change: ∅, -52%, -7%, +19%; total ∅
    place: 1, 3, 4, 2; total ∅
    age: 3, 2, 1, 0; total ∅
    size: hard, hard, ?, hard; total hard
    "#);
}

#[test]
fn calculations_of_a_pivoted_query() {
    insta::assert_snapshot!(check(
        r#"[
        {"table_calculation":"change","expression":"(${tours.count} - ${before}) / ${before}","value_format_name":"percent_0"},
        {"table_calculation":"before","expression":"pivot_offset(${tours.count}, -1)"},
        {"table_calculation":"all_years","expression":"sum(pivot_row(${tours.count}))"},
        {"table_calculation":"this_year","expression":"pivot_where(${tours.year} = extract_years(now()), ${tours.count})"},
        {"table_calculation":"down","expression":"running_total(coalesce(${tours.count}, 0))"}
        ]"#,
        &years(),
    ), @r#"
    change: ∅, ∅; total ∅
    change: 230%, ∅; total ∅
    before: ∅, ∅; total ∅
    before: 10, ∅; total ∅
    all_years: 43, 55; total ∅
    this_year: 33, 55; total ∅
    down: 10, 10; total ∅
    down: 33, 88; total ∅
    "#);
}

#[test]
fn an_assert_names_the_rows_that_fail() {
    let rows = |assert: &str| {
        let assert = Expression::parse(assert).unwrap();
        failing_rows(&assert, &months(), &context()).unwrap()
    };
    assert_eq!(rows("${tours.energy} > 0"), [0_usize; 0]);
    assert_eq!(rows("${tours.energy} > 1400"), [2]);
    assert_eq!(rows("${tours.energy} / ${tours.minutes} >= 5"), [2]);
}

#[test]
fn mistakes_are_told_with_their_place() {
    let mut out = String::new();
    for text in [
        "${tours.energy} / averge(${tours.minutes})",
        "round(${tours.energi}, 1)",
        "if(${tours.energy} > 5,\n  \"a\" + 1,\n  null)",
        "${tours.month} - now()",
        "${tours.energy:row_total}",
        "sum(${tours.energy}",
        "tours.energy",
        "${tours.energy} == 1",
        "1 < ${tours.energy} < 5",
        "${tours.energy} && yes",
        "matches_filter(${tours.energy}, 5)",
    ] {
        out.push_str(&mistake(text, &months()));
    }
    insta::assert_snapshot!(out, @r#"
    error LK935 1:19 `averge`: there is no function `averge`; did you mean `mean`?
    error LK301 1:7 `${tours.energi}`: `tours.energi` is no field of this query and no calculation; did you mean `tours.energy`?
    error LK937 2:3 `"a"`: a number is needed, this is text; texts are joined by `concat(a, b)`
    error LK937 1:1 `${tours.month}`: a number is needed, this is a date; see `diff_days(start, end)` and `add_days(number, date)`
    error LK937 1:1 `${tours.energy:row_total}`: `tours.energy` has no row total; ask for a pivot and for row totals in the query
    error LK937 1:20 ``: `)` should stand here, there is the end; 
    error LK937 1:6 `.`: `.` means nothing here; a field is written `${view.field}`
    error LK937 1:17 `==`: `==` means nothing here; write `=`
    error LK937 1:21 `<`: two values are compared at a time; write `a < b AND b < c`
    error LK937 1:17 `&`: `&` means nothing here; write `AND`
    error LK937 1:33 `5`: a filter expression is needed; write it in back-ticks
    "#);
}
