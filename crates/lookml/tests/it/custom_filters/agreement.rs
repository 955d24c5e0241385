//! Each function and operator in SQL is what it is where it is calculated.

use lookml::expression::function_names;

use super::{calculated, disagreements, fixture, passing};

/// Functions of rows, with arguments of every kind.
const EXPRESSIONS: &[&str] = &[
    // Operators
    "${t.n} + ${t.i} - 2 * ${t.m}",
    "${t.n} / ${t.i}",
    "1 / 0 + ${t.i}",
    "7 / 2 * ${t.i}",
    "${t.i} / 4",
    "${t.n} % 5",
    "-7 % ${t.i}",
    "mod(${t.i}, 3)",
    "-(-${t.n})",
    "- -${t.n} - -3",
    "${t.m} + 0.1 = 0.1",
    "${t.n} = 0.1 OR ${t.n} > 1000",
    "${t.i} != 3",
    "NOT (${t.i} <> 3)",
    "${t.n} >= 0 AND NOT ${t.ok}",
    "${t.n} > 5 OR ${t.ok} AND ${t.big}",
    "(${t.n} > 5 OR null) AND yes",
    "${t.ok} = \"Yes\"",
    "\"no\" = ${t.ok}",
    "${t.ok} != ${t.big}",
    "${t.name} = \"O'Brien \\\\ \\\"x\\\" 100%\"",
    "${t.name} < \"b\"",
    "${t.name} = null",
    "null",
    "null + ${t.i}",
    // Numbers
    "abs(${t.n})",
    "ceiling(${t.n})",
    "floor(${t.n})",
    "ceiling(${t.i} / 3)",
    "round(${t.m}, 2)",
    "round(${t.m})",
    "round(${t.n}, 1)",
    "round(${t.n}, -1)",
    "round(${t.n}, ${t.i})",
    "round(2.675 * ${t.i} / ${t.i}, 2)",
    "round(${t.n} * 1000000000000000000000, 2)",
    "round(-0.5 + ${t.i} * 0)",
    "power(${t.n}, 2)",
    "power(${t.n}, 0.5)",
    "power(${t.i}, -1)",
    "power(10, ${t.n})",
    "sqrt(${t.n})",
    "exp(${t.n})",
    "ln(${t.n})",
    "log(${t.i})",
    "min(${t.n}, ${t.i}, 2)",
    "max(${t.n}, ${t.i})",
    "max(${t.name}, \"b\")",
    "min(${t.created_date}, date(2026, 1, 1))",
    "max(null, ${t.i})",
    // Logic
    "if(${t.n} > 5, \"large\", \"small\")",
    "if(${t.ok}, 1, null)",
    "if(${t.ok}, ${t.n})",
    "case(when(${t.n} > 5, 1), when(${t.ok}, 2), 3)",
    "case(when(${t.n} > 5, 1), when(is_null(${t.n}), ${t.i}))",
    "coalesce(${t.name}, \"none\")",
    "coalesce(null, ${t.n}, ${t.i}, 0)",
    "coalesce(${t.created_time}, \"none\")",
    "is_null(${t.n})",
    "is_null(${t.ok})",
    "is_null(null)",
    // Texts
    "concat(${t.name}, \"-\", ${t.i}, \" \", ${t.n})",
    "concat(${t.m})",
    "concat(${t.ok}, ${t.created_date}, ${t.created_month}, ${t.created_raw})",
    "concat(2.50, ${t.other}, yes)",
    "contains(${t.name}, ${t.other})",
    "contains(${t.name}, \"'\")",
    "starts_with(${t.name}, \"A\")",
    "starts_with(${t.name}, \"\")",
    "position(${t.name}, ${t.other})",
    "length(${t.name})",
    "lower(${t.name})",
    "upper(${t.name})",
    "replace(${t.name}, ${t.other}, \"--\")",
    "replace(${t.name}, \"n\", \"\")",
    "substring(${t.name}, 2)",
    "substring(${t.name}, 2, 3)",
    "substring(${t.name}, -1, 4)",
    "substring(${t.name}, 0, 1)",
    "substring(${t.name}, 3, -1)",
    "substring(${t.name}, ${t.i}, 2)",
    "substring(${t.name}, ${t.i})",
    "substring(${t.name}, 1, ${t.i})",
    "substring(\"abcdef\", ${t.i}, ${t.i})",
    "substring(${t.name}, 1e300)",
    "substring(${t.name}, -800000000 * ${t.i} / ${t.i}, ${t.n})",
    "substring(${t.name}, ${t.n}, ${t.n} * ${t.n})",
    "to_number(${t.said})",
    "to_number(\"x\")",
    "to_number(${t.i}) + 1",
    "to_string(${t.n})",
    "to_string(${t.i} / 2)",
    "to_string(${t.created_raw})",
    "to_string(${t.big})",
    // Dates and times
    "now()",
    "${t.created_raw} < now()",
    "date(2026, ${t.i}, 1)",
    "date(2026, 2, ${t.i})",
    "date_time(2026, 1, 1, ${t.i})",
    "date_time(2026, 1, 1, 5, ${t.i}, ${t.n})",
    "date_time(2026, ${t.i}, 2)",
    "to_date(\"2026-01\")",
    "to_date(${t.created_month})",
    "to_date(${t.created_time})",
    "to_date(if(${t.ok}, \"2026-01-05 07\", \"2026-13\"))",
    "to_date(concat(\"2026-0\", abs(${t.i})))",
    "to_date(concat(${t.created_date}, \"T10:11:12\"))",
    "${t.created_date} > \"2026\"",
    "${t.created_date} = \"2026-01-31\"",
    "${t.created_month} = \"2026-01\"",
    "${t.created_month} = ${t.created_date}",
    "${t.created_month} < date(2026, 1, 15)",
    "${t.created_quarter} <= ${t.created_month}",
    "${t.created_time} >= ${t.created_date}",
    "${t.created_hour} = ${t.created_raw}",
    "${t.created_minute15} = ${t.created_minute}",
    "${t.created_year} = 2026",
    "${t.created_fiscal_year} = \"FY2026\"",
    "${t.created_day_of_week} = \"Monday\" OR ${t.created_hour_of_day} = 12",
    "${t.created_week} = ${t.created_date}",
    "${t.created}",
    "${t.size} = \"10 or Above\"",
    "${t.days_age} > 100 AND ${t.years_age} < 30",
    "${t.born_date} < ${t.created_date}",
    "${t.born_raw} = ${t.born_date}",
    "add_seconds(90, ${t.created_raw})",
    "add_minutes(${t.i}, ${t.created_raw})",
    "add_hours(-30, ${t.created_date})",
    "add_days(${t.i}, ${t.created_date})",
    "add_days(-7, ${t.created_time})",
    "add_months(1, ${t.born_date})",
    "add_months(${t.i}, ${t.created_raw})",
    "add_years(1, ${t.born_date})",
    "add_years(-1, ${t.created_month})",
    "add_days(1e300, ${t.created_date})",
    "is_null(add_days(${t.n} * 1e20, ${t.created_date}))",
    "diff_seconds(${t.created_raw}, ${t.created_date})",
    "diff_minutes(${t.created_date}, ${t.created_raw})",
    "diff_hours(${t.created_raw}, now())",
    "diff_days(${t.born_date}, ${t.created_raw})",
    "diff_months(${t.born_date}, ${t.created_raw})",
    "diff_months(${t.created_raw}, ${t.born_date})",
    "diff_years(${t.born_date}, ${t.created_date})",
    "diff_years(\"2026-05-05\", ${t.created_raw})",
    "extract_seconds(${t.created_raw})",
    "extract_minutes(${t.created_time})",
    "extract_hours(${t.created_date})",
    "extract_hours(${t.created_hour6})",
    "extract_days(${t.created_date})",
    "extract_months(${t.created_month})",
    "extract_years(${t.created_raw})",
    "trunc_minutes(${t.created_raw})",
    "trunc_hours(${t.created_raw})",
    "trunc_hours(${t.created_date})",
    "trunc_days(${t.created_raw})",
    "trunc_months(${t.created_time})",
    "trunc_months(${t.born_date})",
    "trunc_years(${t.created_quarter})",
    "trunc_days(${t.created_millisecond})",
    // Filters
    "matches_filter(${t.n}, `>5, null`)",
    "matches_filter(${t.i} * 2, `NOT 6`)",
    "matches_filter(${t.name}, `%n%,-Ann`)",
    "matches_filter(${t.name}, `-Ann`)",
    "NOT matches_filter(${t.name}, `Ann`)",
    "matches_filter(concat(${t.name}, \"!\"), `Ann!, %'%`)",
    "matches_filter(${t.ok}, `no`)",
    "matches_filter(${t.n} > 5, `yes`)",
    "matches_filter(${t.created_date}, `2026`)",
    "matches_filter(${t.created_time}, `after 2026-02-01`)",
    "matches_filter(${t.created_month}, `2026-01,null`)",
    "matches_filter(${t.created_year}, `>2025`)",
    "matches_filter(add_days(1, ${t.created_date}), `2026-02-01 00:00 to 2026-02-01 01:00`)",
    "matches_filter(trunc_hours(${t.created_raw}), `2026-11-02 06:00 for 1 hour`)",
    "matches_filter(${t.size}, `%Above`)",
    "matches_filter(${t.name}, ``)",
];

#[test]
fn each_expression_is_what_it_is_where_it_is_calculated() {
    let fixture = fixture();
    let expressions: Vec<_> = EXPRESSIONS.iter().map(ToString::to_string).collect();
    for (expression, values) in expressions.iter().zip(calculated(&fixture, &expressions)) {
        assert!(values.is_ok(), "{expression}: {values:?}");
    }
    let wrong = disagreements(&fixture, &expressions);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_function_is_written_or_refused() {
    let fixture = fixture();
    for name in function_names() {
        let call = format!("{name}(");
        let is_tried = EXPRESSIONS
            .iter()
            .any(|expression| expression.contains(&call));
        let is_refused = (0..4).any(|count| {
            let arguments = vec!["${t.n}"; count].join(", ");
            let refused = passing(&fixture, &format!("is_null({name}({arguments}))"));
            refused.is_err_and(|error| error.contains("which a filter can't do"))
        });
        assert!(is_tried || is_refused, "{name}");
    }
}

#[test]
fn a_condition_that_is_null_lets_nothing_through() {
    let fixture = fixture();
    assert_eq!(passing(&fixture, "null"), Ok(Vec::new()));
    assert_eq!(
        passing(&fixture, "NOT (${t.n} > 0 OR ${t.n} <= 0)"),
        Ok(Vec::new())
    );
    assert_eq!(passing(&fixture, "yes"), passing(&fixture, "1 = 1"));
}

#[test]
fn a_field_is_filtered_as_a_filter_on_it_would() {
    let mut fixture = fixture();
    let with = |fixture: &lookml::testing::Fixture, field: &str, filter: &str| {
        let query =
            super::query(serde_json::json!({"fields": ["t.id"], "filters": {field: filter}}));
        super::cells(&fixture.answer(&query).unwrap(), "t.id")
    };
    // A month's filter is one of its days, whatever the clock of the query.
    fixture.settings.query_timezone = Some(jiff::tz::TimeZone::get("America/New_York").unwrap());
    for (field, filter) in [
        ("t.created_month", "2026-01-31"),
        ("t.created_raw", "2026-11-02 01:00 for 1 hour"),
        ("t.created_date", "2024-02-29"),
        ("t.born_date", "before 2000"),
    ] {
        let expression = format!("matches_filter(${{{field}}}, `{filter}`)");
        assert_eq!(
            passing(&fixture, &expression).unwrap(),
            with(&fixture, field, filter),
            "{field}"
        );
    }
    let expressions = [
        "${t.created_time} >= \"2026-11-02 01:31:15\"",
        "extract_hours(${t.created_time})",
        "${t.created_date} = date(2025, 12, 30)",
        "trunc_months(${t.created_hour6})",
        "${t.created_month} = ${t.created_date}",
        "now()",
    ];
    let wrong = disagreements(&fixture, &expressions.map(str::to_owned));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
