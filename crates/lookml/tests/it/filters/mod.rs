//! What filter expressions mean, in SQL, in words and for one value.

mod dates;
mod numbers;
mod properties;
mod texts;
mod vectors;
mod zones;

use jiff::civil::{DateTime, Weekday};
use jiff::tz::TimeZone;
use lookml::filter::{self, Context, Datatype, Filter, FilterType, Terms, Value};
use lookml::{Calendar, Dialect};

/// Wednesday, 2026-11-18, 14:25:36 there.
fn calendar(query_timezone: &str) -> Calendar {
    calendar_at(query_timezone, "2026-11-18 14:25:36")
}

fn calendar_at(query_timezone: &str, local: &str) -> Calendar {
    let query_timezone = TimeZone::get(query_timezone).unwrap();
    let local: DateTime = local.parse().unwrap();
    Calendar {
        now: query_timezone.to_timestamp(local).unwrap(),
        query_timezone,
        database_timezone: TimeZone::UTC,
        week_start: Weekday::Monday,
        fiscal_month_offset: 3,
    }
}

fn context(calendar: &Calendar, dialect: Dialect) -> Context<'_> {
    Context {
        dialect,
        calendar,
        datatype: Datatype::Timestamp,
        is_converted: true,
        is_case_sensitive: true,
    }
}

fn parse(expression: &str, filter_type: FilterType) -> Filter {
    filter::parse(expression, filter_type).unwrap_or_else(|error| panic!("{expression}: {error}"))
}

fn sql(expression: &str, filter_type: FilterType, dialect: Dialect) -> String {
    let calendar = calendar("UTC");
    parse(expression, filter_type).to_sql("x", &context(&calendar, dialect))
}

/// The SQL of each expression in DuckDB's dialect.
fn check_sql(filter_type: FilterType, rows: &[(&str, &str)]) {
    for (expression, expected) in rows {
        assert_eq!(
            sql(expression, filter_type, Dialect::DuckDb),
            *expected,
            "{expression}"
        );
    }
}

/// Which of the values each expression lets through.
fn check_matches(filter_type: FilterType, values: &[Value<'_>], rows: &[(&str, &[Value<'_>])]) {
    let calendar = calendar("UTC");
    let context = context(&calendar, Dialect::DuckDb);
    for (expression, expected) in rows {
        let filter = parse(expression, filter_type);
        let passed = values
            .iter()
            .filter(|value| filter.matches(value, &context));
        assert_eq!(
            passed.copied().collect::<Vec<_>>(),
            *expected,
            "{expression}"
        );
    }
}

/// Each expression with its description.
fn descriptions(filter_type: FilterType, expressions: &[&str]) -> String {
    let lines = expressions.iter().map(|expression| {
        let filter = parse(expression, filter_type);
        format!("{expression} -> {filter} -> {}", filter.describe())
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// Each expression with its mistake.
fn errors(filter_type: FilterType, expressions: &[&str]) -> String {
    let lines = expressions
        .iter()
        .map(|expression| match filter::parse(expression, filter_type) {
            Ok(filter) => format!("{expression} is {filter}"),
            Err(error) => format!("{expression} -> {}: {error}", error.position),
        });
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn a_blank_expression_is_any_value() {
    let calendar = calendar("UTC");
    for filter_type in [
        FilterType::String,
        FilterType::Number,
        FilterType::YesNo,
        FilterType::Date,
    ] {
        for expression in ["", "  ", "\t\n"] {
            let filter = parse(expression, filter_type);
            assert!(filter.is_any());
            assert_eq!(filter.to_string(), "");
            let context = context(&calendar, Dialect::BigQuery);
            assert_eq!(filter.to_sql("x", &context), "1=1");
            assert!(filter.matches(&Value::Null, &context));
        }
    }
}

#[test]
fn yes_and_no() {
    check_sql(
        FilterType::YesNo,
        &[
            ("yes", "(x)"),
            ("Yes", "(x)"),
            ("TRUE", "(x)"),
            ("1", "(x)"),
            ("No", "NOT COALESCE((x), FALSE)"),
            ("false", "NOT COALESCE((x), FALSE)"),
            (" 0 ", "NOT COALESCE((x), FALSE)"),
            ("yes,no", "1=1"),
            ("no, Yes", "1=1"),
            ("yes,", "(x)"),
        ],
    );
    let [yes, no, null] = [Value::Bool(true), Value::Bool(false), Value::Null];
    check_matches(
        FilterType::YesNo,
        &[yes, no, null],
        &[
            ("yes", &[yes]),
            ("no", &[no, null]),
            ("yes,no", &[yes, no, null]),
        ],
    );
    insta::assert_snapshot!(descriptions(FilterType::YesNo, &["TRUE", "0", "1,0", ""]), @r#"
    TRUE -> yes -> is yes
    0 -> no -> is no
    1,0 -> yes,no -> is any value
     ->  -> is any value
    "#);
    insta::assert_snapshot!(errors(FilterType::YesNo, &["maybe", "yes no", "yes;no", ",", "yesno"]), @r#"
    maybe -> 0: expected `yes` or `no`, not `maybe`
    yes no -> 4: `no` can't stand here
    yes;no -> 3: `;no` can't stand here
    , -> 1: a comma, and no value beside it
    yesno -> 0: expected `yes` or `no`, not `yesno`
    "#);
}

#[test]
fn a_user_attribute_is_a_term_in_each_type() {
    let calendar = calendar("UTC");
    let context = context(&calendar, Dialect::DuckDb);
    let rows = [
        (
            FilterType::String,
            "ride, {{ _user_attributes['a'] }}",
            "x IN ('ride', 'b,c')",
        ),
        (
            FilterType::Number,
            "{{_user_attributes[\"a\"]}} , >5",
            "(x > 5 OR x = 7)",
        ),
        (FilterType::YesNo, "{{ _user_attributes['a'] }}", "(x)"),
        (
            FilterType::Date,
            "null,{{ _user_attributes['a'] }}",
            "(x IS NULL OR x < TIMESTAMP '2026-11-18 00:00:00')",
        ),
    ];
    for (filter_type, expression, expected) in rows {
        let filter = parse(expression, filter_type);
        assert!(!filter.is_any());
        assert_eq!(filter.user_attributes, ["a"]);
        assert_eq!(parse(&filter.to_string(), filter_type), filter);
        assert_eq!(filter.to_sql("x", &context), "1=0");
        assert!(!filter.matches(&Value::Null, &context));
        let value = match filter_type {
            FilterType::String => filter::StringFilter::equal_to("b,c"),
            FilterType::Number => parse("7", filter_type),
            FilterType::YesNo => parse("yes", filter_type),
            FilterType::Date => parse("before today", filter_type),
        };
        let bound = filter
            .clone()
            .bind(|name| (name == "a").then(|| value.clone()));
        assert_eq!(bound.to_sql("x", &context), expected);
        for other in [None, Some(parse("", filter_type)), Some(filter.clone())] {
            assert_eq!(filter.clone().bind(|_| other.clone()), filter);
        }
    }
    insta::assert_snapshot!(
        errors(FilterType::String, &["a,{{ name }}", "{{ _user_attributes['a'] ", "-{{ _user_attributes['a'] }}", "{{ _user_attributes['a\"] }}", "{{ _user_attributes['a'] }} b"]),
        @r#"
    a,{{ name }} -> 2: expected `{{ _user_attributes['name'] }}`
    {{ _user_attributes['a']  -> 0: expected `{{ _user_attributes['name'] }}`
    -{{ _user_attributes['a'] }} -> 0: a user attribute can't be negated
    {{ _user_attributes['a"] }} -> 0: expected `{{ _user_attributes['name'] }}`
    {{ _user_attributes['a'] }} b -> 28: `b` can't stand here
    "#
    );
}

#[test]
fn terms_of_another_type_are_not_bound() {
    let filter = parse("{{ _user_attributes['a'] }}", FilterType::Number);
    let bound = filter
        .clone()
        .bind(|_| Some(filter::StringFilter::equal_to("5")));
    assert_eq!(bound, filter);
    assert!(matches!(bound.terms, Terms::Number(_)));
}
