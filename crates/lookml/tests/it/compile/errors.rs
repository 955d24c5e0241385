//! What a query is refused for, and what it says then.

use insta::assert_snapshot;
use lookml::Dialect;
use serde_json::json;

use super::{PELOTON, compile, model};

/// The error and its hint.
fn error(query: serde_json::Value) -> String {
    let error = compile(&model(PELOTON), Dialect::DuckDb, query).unwrap_err();
    match &error.hint {
        Some(hint) => format!("{error}\nhint: {hint}"),
        None => error.to_string(),
    }
}

#[test]
fn fields_that_are_not_there() {
    assert_snapshot!(error(json!({"fields": ["workouts.cuont"]})), @r#"
    LK301: the explore `workouts` has no field `workouts.cuont`
    hint: did you mean `workouts.count`?
    "#);
    assert_snapshot!(error(json!({"fields": ["workouts.created"]})), @r#"
    LK301: `workouts.created` is a group; ask for one of its fields
    hint: as `workouts.created_raw`
    "#);
    assert_snapshot!(error(json!({"fields": ["nothing.count"]})), @"LK301: the explore `workouts` has no view `nothing`");
    assert_snapshot!(error(json!({"fields": ["count"]})), @r#"
    LK301: `count` is no full name of a field, `view.field`
    hint: did you mean `workouts.count`?
    "#);
    assert_snapshot!(error(json!({"fields": []})), @r#"
    LK301: the query has no fields
    hint: select a dimension or a measure, as `view.field`
    "#);
    assert_snapshot!(error(json!({"view": "workout", "fields": ["workouts.count"]})), @r#"
    LK301: the model `m` has no explore `workout`
    hint: did you mean `workouts`?
    "#);
}

#[test]
fn filters_and_sorts_that_mean_nothing() {
    let with =
        |filter: serde_json::Value| error(json!({"fields": ["workouts.count"], "filters": filter}));
    assert_snapshot!(with(json!({"workouts.total_work": "many"})), @r#"
    LK310: the filter `many` on `workouts.total_work`: expected a number, not `many`
    hint: the mistake is at character 1
    "#);
    assert_snapshot!(with(json!({"workouts.created_date": "2026-02-30"})), @r#"
    LK310: the filter `2026-02-30` on `workouts.created_date`: expected a date that the calendar has, not `2026-02-30`
    hint: the mistake is at character 1
    "#);
    assert_snapshot!(with(json!({"workouts.share": ">3"})), @"LK331: a measure that is computed after the query can't be filtered");
    let sorts =
        json!({"fields": ["workouts.share", "workouts.status"], "sorts": ["workouts.share"]});
    assert_snapshot!(error(sorts), @"LK331: `workouts.share` is computed after the query, so rows can't be sorted by it");
    assert_snapshot!(error(json!({"fields": ["workouts.created_date"], "query_timezone": "Mars/Olympus"})), @r#"
    LK022: there is no time zone `Mars/Olympus`
    hint: write it as `America/New_York`
    "#);
}

#[test]
fn models_that_cannot_answer() {
    let refused = |text: &str, fields: serde_json::Value| {
        let error = compile(
            &model(text),
            Dialect::DuckDb,
            json!({"view": "a", "fields": fields}),
        )
        .unwrap_err();
        format!(
            "{error}\nhint: {}",
            error.hint.as_deref().unwrap_or_default()
        )
    };
    let keyless =
        "view: a { measure: n { type: sum sql: ${TABLE}.x ;; } } view: b { dimension: id {} }
        explore: a { join: b { sql_on: ${b.id} = ${TABLE}.id ;; relationship: one_to_many } }";
    assert_snapshot!(refused(keyless, json!(["a.n", "b.id"])), @r#"
    LK302: the joins of this query repeat rows of `a`, and without a primary key `a.n` can't count each once
    hint: declare a `primary_key: yes` dimension in the view `a`
    "#);
    let circle =
        "view: a { dimension: x { sql: ${y} ;; } dimension: y { sql: ${x} + 1 ;; } } explore: a {}";
    assert_snapshot!(refused(circle, json!(["a.x"])), @r#"
    LK214: these fields need each other: a.x → a.y → a.x
    hint:
    "#);
    let mixed =
        "view: a { dimension: x { sql: ${n} ;; } measure: n { type: count } } explore: a {}";
    assert_snapshot!(refused(mixed, json!(["a.x"])), @r#"
    LK213: `${n}` is a measure, which is not allowed here
    hint:
    "#);
    let group = "view: a { dimension: x { sql: ${made} ;; } dimension_group: made { timeframes: [raw, date] } } explore: a {}";
    assert_snapshot!(refused(group, json!(["a.x"])), @r#"
    LK212: `${made}` is a group, not one of its fields
    hint: it has made_raw, made_date
    "#);
    let tables =
        "view: a { derived_table: { sql: SELECT * FROM ${b.SQL_TABLE_NAME} ;; } dimension: x {} }
        view: b { derived_table: { sql: SELECT * FROM ${a.SQL_TABLE_NAME} ;; } } explore: a {}";
    assert_snapshot!(refused(tables, json!(["a.x"])), @r#"
    LK215: these derived tables need each other: a → b → a
    hint:
    "#);
    let deep = (0..100)
        .map(|n| format!("dimension: d{n} {{ sql: ${{d{}}} ;; }}", n + 1))
        .collect::<String>();
    let deep = format!("view: a {{ {deep} dimension: d100 {{}} }} explore: a {{}}");
    assert!(refused(&deep, json!(["a.d0"])).starts_with("LK214: references go too deep"));
}
