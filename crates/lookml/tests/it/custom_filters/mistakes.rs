//! What a custom filter is refused for, and what it says then.

use insta::assert_snapshot;
use lookml::testing::{Error, Fixture};
use serde_json::json;

use super::{fixture, query};

/// The error of a query of counts by name, and its hint.
#[track_caller]
fn error(expression: &str) -> String {
    let calculations =
        json!([{"table_calculation": "calc", "expression": "${t.count}"}]).to_string();
    let query = query(json!({"fields": ["t.name", "t.count"], "sorts": [],
        "filter_expression": expression, "dynamic_fields": calculations}));
    told(fixture().answer(&query).unwrap_err())
}

fn told(error: Error) -> String {
    match error {
        Error::Query(error) => match &error.hint {
            Some(hint) => format!("{error}\n{hint}"),
            None => error.to_string(),
        },
        other => panic!("{other}"),
    }
}

#[test]
fn what_can_t_be_read() {
    assert_snapshot!(error("${t.n} >"), @r#"
    LK937: the custom filter: a value should stand here, there is the end
    the mistake is at character 9
    "#);
    assert_snapshot!(error("# nothing"), @r#"
    LK937: the custom filter: there is no expression
    the mistake is at character 1
    "#);
    assert_snapshot!(error("sqroot(${t.n}) > 2"), @r#"
    LK935: the custom filter: there is no function `sqroot`
    did you mean `sqrt`?
    "#);
    assert_snapshot!(error("lenght(${t.name}) > 2"), @r#"
    LK935: the custom filter: there is no function `lenght`
    did you mean `length`?
    "#);
    assert_snapshot!(error("matches_filter(${t.n}, `many`)"), @r#"
    LK310: the filter `many` on `t.n`: expected a number, not `many`
    the mistake is at character 1
    "#);
    assert_snapshot!(error("matches_filter(${t.n} * 2, `many`)"), @r#"
    LK310: the filter `many` on `an expression`: expected a number, not `many`
    the mistake is at character 1
    "#);
    assert_snapshot!(error("${t.n} = `5`"), @r#"
    LK937: the custom filter: a filter in back-ticks belongs to `matches_filter(field, …)`
    the mistake is at character 10
    "#);
    assert_snapshot!(error("matches_filter(${t.n}, ${t.i})"), @r#"
    LK937: the custom filter: a filter expression is needed
    write it in back-ticks
    "#);
    assert_snapshot!(error("${t.name} = \"a\0b\""), @r#"
    LK937: the custom filter: SQL has no dates before the year 1, and no zero bytes
    the mistake is at character 13
    "#);
}

#[test]
fn fields_that_are_not_there() {
    assert_snapshot!(error("${t.nmae} = \"a\""), @r#"
    LK301: the explore `t` has no field `t.nmae`
    did you mean `t.name`?
    "#);
    assert_snapshot!(error("${u.name} = \"a\""), @r#"
    LK301: the explore `t` has no view `u`
    did you mean `t.name`?
    "#);
    assert_snapshot!(error("${nothing} = 1"), @"LK301: the explore `t` has no field `t.nothing`");
    assert_snapshot!(error("${t.created} AND ${t.age} > 2"), @r#"
    LK301: `t.age` is a group; ask for one of its fields
    as `t.days_age`
    "#);
}

#[test]
fn what_is_known_only_after_the_rows_are_there() {
    assert_snapshot!(error("${calc} > 1"), @r#"
    LK937: the custom filter uses the table calculation `calc`
    it is computed from the rows that the filter lets through: filter by fields
    "#);
    assert_snapshot!(error("${t.n} > mean(${t.n})"), @r#"
    LK937: the custom filter: `mean` looks at other rows of the answer, which a filter can't do
    a filter decides which rows the answer has: filter by a measure instead
    "#);
    assert_snapshot!(error("sum(3) > ${t.n}"), @r#"
    LK937: the custom filter: `sum` looks at other rows of the answer, which a filter can't do
    a filter decides which rows the answer has: filter by a measure instead
    "#);
    assert_snapshot!(error("row() < 10"), @r#"
    LK937: the custom filter: `row` looks at other rows of the answer, which a filter can't do
    a filter decides which rows the answer has: filter by a measure instead
    "#);
    assert_snapshot!(error("max(${t.n}) > 3"), @r#"
    LK937: the custom filter: `max` looks at other rows of the answer, which a filter can't do
    a filter decides which rows the answer has: filter by a measure instead
    "#);
    assert_snapshot!(error("offset(${t.n}, 1) > 3"), @r#"
    LK937: the custom filter: `offset` looks at other rows of the answer, which a filter can't do
    a filter decides which rows the answer has: filter by a measure instead
    "#);
    assert_snapshot!(error("pivot_index(${t.n}, 1) > 3"), @r#"
    LK937: the custom filter: `pivot_index` looks at other rows of the answer, which a filter can't do
    a filter decides which rows the answer has: filter by a measure instead
    "#);
    assert_snapshot!(error("is_null(split(${t.name}, \",\"))"), @r#"
    LK937: the custom filter: `split` makes a list, which a filter can't do
    compare each value by itself
    "#);
    assert_snapshot!(error("${t.count} > ${t.count:total} / 2"), @r#"
    LK937: the custom filter: a total of `t.count` is known only when the rows are there that the filter lets through
    compare with a number
    "#);
}

#[test]
fn types_that_do_not_fit() {
    assert_snapshot!(error("${t.n}"), @r#"
    LK937: the custom filter: yes or no is needed, this is a number
    the mistake is at character 1
    "#);
    assert_snapshot!(error("${t.name} + 1 > 2"), @r#"
    LK937: the custom filter: a number is needed, this is text
    the mistake is at character 1
    "#);
    assert_snapshot!(error("${t.name} > 2"), @r#"
    LK937: the custom filter: text and a number cannot be compared
    the mistake is at character 1
    "#);
    assert_snapshot!(error("${t.n} = ${t.created_date}"), @r#"
    LK937: the custom filter: a number and a date cannot be compared
    the mistake is at character 1
    "#);
    assert_snapshot!(error("${t.created_date} > \"soon\""), @r#"
    LK937: the custom filter: a date and text cannot be compared
    the mistake is at character 1
    "#);
    assert_snapshot!(error("${t.ok} = \"maybe\""), @r#"
    LK937: the custom filter: yes or no and text cannot be compared
    the mistake is at character 1
    "#);
}

#[test]
fn arguments_that_do_not_fit() {
    assert_snapshot!(error("extract_days(${t.n}) = 1"), @r#"
    LK937: the custom filter: a date is needed, this is a number
    the mistake is at character 14
    "#);
    assert_snapshot!(error("upper(${t.n}) = \"A\""), @r#"
    LK937: the custom filter: text is needed, this is a number
    the mistake is at character 7
    "#);
    assert_snapshot!(error("if(${t.ok}, 1, \"one\") = 1"), @r#"
    LK937: the custom filter: this is a number or text, and SQL has one type for both
    the mistake is at character 1
    "#);
    assert_snapshot!(error("${t.name} AND ${t.ok}"), @r#"
    LK937: the custom filter: yes or no is needed, this is text
    the mistake is at character 1
    "#);
    assert_snapshot!(error("date(0, 1, 1) < ${t.created_date}"), @r#"
    LK937: the custom filter: SQL has no dates before the year 1, and no zero bytes
    the mistake is at character 1
    "#);
}

#[test]
fn measures_and_dimensions_in_one_condition() {
    assert_snapshot!(error("${t.count} > 1 OR ${t.n} > 2"), @r#"
    LK937: the custom filter compares rows by `t.n` and groups by `t.count`, and groups have no one `t.n`
    select `t.n`, or join the two conditions by AND
    "#);
    assert_snapshot!(error("${t.names} = \"Ann\""), @"LK119: a list can't be filtered");
}

#[test]
fn fields_that_have_no_value() {
    let fixture = Fixture::new(
        "view: v {
           dimension: id { primary_key: yes }
           dimension: place { type: location sql_latitude: 1 ;; sql_longitude: 2 ;; }
           dimension: hidden_here {}
           dimension: guarded { required_access_grants: [g] }
           parameter: p {}
           measure: count { type: count }
           measure: share { type: percent_of_total sql: ${count} ;; }
         }
         access_grant: g { user_attribute: a allowed_values: [\"x\"] }
         explore: v { fields: [ALL_FIELDS*, -v.hidden_here] }",
    );
    let error = |expression: &str| {
        let query = json!({"model": "test", "view": "v", "fields": ["v.id"], "filter_expression": expression});
        told(
            fixture
                .answer(&serde_json::from_value(query).unwrap())
                .unwrap_err(),
        )
    };
    assert_snapshot!(error("is_null(${v.place})"), @"LK933: a location can't be filtered");
    assert_snapshot!(error("${v.hidden_here} = \"a\""), @"LK301: the field `v.hidden_here` is excluded from the explore `v`");
    assert_snapshot!(error("${v.guarded} = \"a\""), @"LK301: the field `v.guarded` needs the access grant `g`");
    assert_snapshot!(error("${v.p} = \"a\""), @"LK301: `v.p` has no value that a custom filter could look at");
    assert_snapshot!(error("${v.share} > 10"), @"LK331: a measure that is computed after the query can't be filtered");
}

#[test]
fn what_would_never_end() {
    // On DuckDB each root says its number twice.
    let nested = format!("{}${{t.n}}{} > 1", "sqrt(".repeat(60), ")".repeat(60));
    assert_snapshot!(error(&nested), @r#"
    LK937: the custom filter: this makes more SQL than a database reads
    the mistake is at character 231
    "#);
    let long = vec!["${t.n} = 1"; 60_000].join(" OR ");
    assert_snapshot!(error(&long), @r#"
    LK937: the custom filter: this makes more SQL than a database reads
    the mistake is at character 1
    "#);
}
