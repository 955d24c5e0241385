//! Filters that are expressions: what they let through is what table calculations say of the same values.

mod agreement;
mod mistakes;
mod queries;
mod random;
mod texts;

use lookml::testing::Fixture;
use lookml::{Answer, AnswerValue, Cell, Query};
use serde_json::json;

/// One value of each type, in columns of several types.
const MODEL: &str = r#"
view: t {
  dimension: id { type: number primary_key: yes }
  dimension: n { type: number }
  dimension: i { type: number }
  dimension: m { type: number }
  dimension: name {}
  dimension: other {}
  dimension: said {}
  dimension: ok { type: yesno }
  dimension: big { type: yesno sql: ${n} > 10 ;; }
  dimension: size { type: tier tiers: [0, 10] style: integer sql: ${n} ;; }
  dimension_group: created {
    type: time
    timeframes: [
      raw, time, second, minute, minute15, hour, hour6, millisecond, date, week, month, quarter, year, yesno,
      day_of_week, hour_of_day, month_num, month_name, time_of_day, quarter_of_year, fiscal_quarter, fiscal_year
    ]
    sql: ${TABLE}.created_ts ;;
  }
  dimension_group: born { type: time timeframes: [raw, date, month, year] datatype: date sql: ${TABLE}.born ;; }
  dimension_group: age { type: duration sql_start: ${born_raw} ;; sql_end: ${created_raw} ;; intervals: [day, year] }
  measure: count { type: count }
  measure: total { type: sum sql: ${n} ;; }
  measure: most { type: max sql: ${n} ;; }
  measure: any_big { type: yesno sql: MAX(CASE WHEN ${big} THEN 1 END) = 1 ;; }
  measure: last { type: date sql: MAX(${created_raw}) ;; }
  measure: names { type: list list_field: name }
}
explore: t {}
"#;

const ROWS: &str = "
    CREATE TABLE t (
        id INTEGER, n DOUBLE, i BIGINT, m DECIMAL(9, 3), name VARCHAR, other VARCHAR, said VARCHAR, ok BOOLEAN,
        created_ts TIMESTAMP, born DATE
    );
    INSERT INTO t VALUES
        (1, 12.5, 3, 2.675, 'Ann', 'n', '12', TRUE, '2026-11-02 06:31:15', '1990-02-28'),
        (2, -7.25, -2, -0.5, 'O''Brien \\ \"x\" 100%', '', ' -3.50 ', FALSE, '2024-02-29 23:59:59', '2024-02-29'),
        (3, 0, 0, 0, '', 'b', '1e3', NULL, '2025-12-31 00:00:00', '2000-01-01'),
        (4, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
        (5, 1e9, 40, 1000, 'Älan 🚴', 'l', '.5', TRUE, '2026-01-31 12:00:00', '1999-12-31'),
        (6, 0.1, 7, 33.333, 'ann', 'NN', 'many', FALSE, '2026-03-01 04:05:06', '2026-03-01')";

fn fixture() -> Fixture {
    Fixture::new(MODEL).with_sql(ROWS)
}

/// Fields that are looked at.
const FIELDS: &[&str] = &[
    "t.id",
    "t.n",
    "t.i",
    "t.m",
    "t.name",
    "t.other",
    "t.said",
    "t.ok",
    "t.big",
    "t.size",
    "t.created_raw",
    "t.created_time",
    "t.created_minute",
    "t.created_minute15",
    "t.created_hour",
    "t.created_hour6",
    "t.created_millisecond",
    "t.created_date",
    "t.created_week",
    "t.created_month",
    "t.created_quarter",
    "t.created_year",
    "t.created",
    "t.created_day_of_week",
    "t.created_hour_of_day",
    "t.created_month_num",
    "t.created_month_name",
    "t.created_time_of_day",
    "t.created_fiscal_year",
    "t.born_raw",
    "t.born_date",
    "t.born_month",
    "t.born_year",
    "t.days_age",
    "t.years_age",
];

/// A query of all fields, by the key.
fn query(more: serde_json::Value) -> Query {
    let mut whole = json!({"model": "test", "view": "t", "fields": FIELDS, "sorts": ["t.id"]});
    let object = whole.as_object_mut().unwrap();
    object.extend(more.as_object().unwrap().clone());
    serde_json::from_value(whole).unwrap()
}

/// The cells of a column, from the first row to the last.
fn cells(answer: &Answer, name: &str) -> Vec<Cell> {
    let place = answer.names().position(|column| column == name).unwrap();
    let cells = answer.rows.iter().map(|row| match &row.values[place] {
        AnswerValue::One(cell) => cell.clone(),
        other => panic!("no cell: {other:?}"),
    });
    cells.collect()
}

/// What expressions are in each row where they are calculated, or why one can't be.
fn calculated(fixture: &Fixture, expressions: &[String]) -> Vec<Result<Vec<Cell>, String>> {
    let name = |at: usize| format!("c{at}");
    let calculations = expressions
        .iter()
        .enumerate()
        .map(|(at, expression)| json!({"table_calculation": name(at), "expression": expression}));
    let calculations = json!(calculations.collect::<Vec<_>>()).to_string();
    let answer = fixture
        .answer(&query(json!({"dynamic_fields": calculations})))
        .unwrap();
    let columns = (0..expressions.len()).map(|at| {
        let mut problems = answer.problems.iter();
        match problems.find(|(calculation, _)| *calculation == name(at)) {
            Some((_, problem)) => Err(problem.message.clone()),
            None => Ok(cells(&answer, &name(at))),
        }
    });
    columns.collect()
}

/// The keys of the rows that a filter lets through.
fn passing(fixture: &Fixture, expression: &str) -> Result<Vec<Cell>, String> {
    let query = query(json!({"fields": ["t.id"], "filter_expression": expression}));
    let answer = fixture.answer(&query);
    answer
        .map(|answer| cells(&answer, "t.id"))
        .map_err(|error| error.to_string())
}

/// That an expression is a value, as an expression.
fn equals(expression: &str, value: &Cell) -> String {
    match value {
        Cell::Null => format!("is_null({expression})"),
        Cell::Boolean(yes) => format!("({expression}) = {}", if *yes { "yes" } else { "no" }),
        Cell::Integer(_) | Cell::Float(_) => {
            let number = value.number().unwrap();
            format!("abs(({expression}) - ({number})) <= 0.000000001 * (1 + abs({number}))")
        }
        Cell::Text(text) => {
            let text = text.replace('\\', "\\\\").replace('"', "\\\"");
            format!("({expression}) = \"{text}\"")
        }
        Cell::Date(date) => {
            format!(
                "({expression}) = date({}, {}, {})",
                date.year(),
                date.month(),
                date.day()
            )
        }
        Cell::DateTime(time) => format!(
            "({expression}) = date_time({}, {}, {}, {}, {}, {})",
            time.year(),
            time.month(),
            time.day(),
            time.hour(),
            time.minute(),
            time.second()
        ),
    }
}

/// Those expressions that are not, in each row, what they are calculated to be. One that can't be calculated is not
/// asked for.
fn disagreements(fixture: &Fixture, expressions: &[String]) -> Vec<String> {
    let calculated = calculated(fixture, expressions).into_iter();
    let known = expressions.iter().zip(calculated);
    let known = known.filter_map(|(expression, values)| {
        let values = values.ok()?;
        Some((expression, agreement(expression, &values), values))
    });
    let known: Vec<_> = known.collect();
    let all: Vec<Cell> = (1..=6).map(Cell::Integer).collect();
    let agreements: Vec<_> = known
        .iter()
        .map(|(_, agreement, _)| agreement.as_str())
        .collect();
    if passing(fixture, &agreements.join(" AND ")).as_ref() == Ok(&all) {
        return Vec::new();
    }
    let wrong = known.iter().filter_map(|(expression, agreement, values)| {
        let found = passing(fixture, agreement);
        // An expression says each argument several times, and here it stands once for each row.
        let is_too_long = |error: &String| error.contains("more SQL than a database reads");
        let is_right = found.as_ref() == Ok(&all) || found.as_ref().is_err_and(is_too_long);
        (!is_right).then(|| format!("{expression}\n  calculated {values:?}\n  filtered {found:?}"))
    });
    wrong.collect()
}

/// That an expression has its value in each row, as an expression.
fn agreement(expression: &str, values: &[Cell]) -> String {
    let whens = values.iter().enumerate();
    let whens = whens.map(|(at, value)| {
        format!(
            "when(${{t.id}} = {}, {})",
            at + 1,
            equals(expression, value)
        )
    });
    format!("case({})", whens.collect::<Vec<_>>().join(", "))
}
