//! Pivots and totals.

use insta::assert_snapshot;
use lookml::testing::Fixture;
use lookml::{Dialect, StatementKind};
use serde_json::json;

use super::{PELOTON, bigquery, compile, duckdb, model};

#[test]
fn rows_and_columns_are_numbered_and_limited() {
    let query = json!({
        "fields": ["workouts.created_month", "workouts.status", "workouts.count", "workouts.share"],
        "pivots": ["workouts.status"], "sorts": ["workouts.count desc 1"], "limit": "10", "column_limit": "5",
    });
    assert_snapshot!(duckdb(query.clone()), @r#"
    WITH z___cells AS (
    SELECT
        strftime(workouts.created_ts, '%Y-%m') AS "workouts.created_month",
        workouts.status AS "workouts.status",
        COUNT(*) AS "workouts.count"
    FROM main.workouts AS workouts
    GROUP BY 1, 2
    ),
    z___numbered AS (
    SELECT *, MAX(z___column) OVER () AS z___columns
    FROM (SELECT *, DENSE_RANK() OVER (ORDER BY "workouts.status" ASC NULLS LAST) AS z___column FROM z___cells) AS z___ranked
    ),
    z___keyed AS (
    SELECT *,
        MAX(CASE WHEN z___column = 2 THEN 1 ELSE 0 END) OVER (PARTITION BY "workouts.created_month") AS z___has1,
        MAX(CASE WHEN z___column = 2 THEN "workouts.count" END) OVER (PARTITION BY "workouts.created_month") AS z___key1
    FROM z___numbered
    WHERE z___column <= 5
    ),
    z___placed AS (
    SELECT *, DENSE_RANK() OVER (ORDER BY z___has1 DESC NULLS LAST, z___key1 DESC NULLS LAST, "workouts.created_month" ASC NULLS FIRST) AS z___row
    FROM z___keyed
    ),
    z___rows AS (
    SELECT *, ROW_NUMBER() OVER (PARTITION BY z___column ORDER BY z___row) AS z___first
    FROM z___placed
    )
    SELECT
        "workouts.created_month",
        "workouts.status",
        "workouts.count",
        z___column,
        z___columns,
        z___row
    FROM z___rows
    WHERE z___row <= 11 OR z___first = 1
    ORDER BY z___row, z___column
    "#);
    assert_snapshot!(bigquery(query), @r#"
    WITH z___cells AS (
    SELECT
        FORMAT_TIMESTAMP('%Y-%m', workouts.created_ts) AS workouts_created_month,
        workouts.status AS workouts_status,
        COUNT(*) AS workouts_count
    FROM `my-project.peloton.workouts` AS workouts
    GROUP BY 1, 2
    ),
    z___numbered AS (
    SELECT *, MAX(z___column) OVER () AS z___columns
    FROM (SELECT *, DENSE_RANK() OVER (ORDER BY workouts_status ASC NULLS LAST) AS z___column FROM z___cells) AS z___ranked
    ),
    z___keyed AS (
    SELECT *,
        MAX(CASE WHEN z___column = 2 THEN 1 ELSE 0 END) OVER (PARTITION BY TO_JSON_STRING(workouts_created_month)) AS z___has1,
        MAX(CASE WHEN z___column = 2 THEN workouts_count END) OVER (PARTITION BY TO_JSON_STRING(workouts_created_month)) AS z___key1
    FROM z___numbered
    WHERE z___column <= 5
    ),
    z___placed AS (
    SELECT *, DENSE_RANK() OVER (ORDER BY z___has1 DESC, z___key1 DESC, workouts_created_month ASC) AS z___row
    FROM z___keyed
    ),
    z___rows AS (
    SELECT *, ROW_NUMBER() OVER (PARTITION BY z___column ORDER BY z___row) AS z___first
    FROM z___placed
    )
    SELECT
        workouts_created_month,
        workouts_status,
        workouts_count,
        z___column,
        z___columns,
        z___row
    FROM z___rows
    WHERE z___row <= 11 OR z___first = 1
    ORDER BY z___row, z___column
    "#);
}

#[test]
fn totals_are_statements_of_their_own() {
    let query = json!({
        "fields": ["workouts.created_month", "workouts.status", "workouts.count"],
        "pivots": ["workouts.status"], "total": true, "row_total": "right",
    });
    let compiled = compile(&model(PELOTON), Dialect::DuckDb, query).unwrap();
    let kinds: Vec<StatementKind> = compiled
        .statements
        .iter()
        .map(|statement| statement.kind)
        .collect();
    use StatementKind::{GrandTotals, Main, RowTotals, Totals};
    assert_eq!(kinds, [Main, Totals, RowTotals, GrandTotals]);
    let others: Vec<&str> = compiled.statements[1..]
        .iter()
        .map(|statement| statement.sql.as_str())
        .collect();
    assert_snapshot!(others.join("\n\n"), @r#"
    SELECT
        workouts.status AS "workouts.status",
        COUNT(*) AS "workouts.count"
    FROM main.workouts AS workouts
    GROUP BY 1

    SELECT
        strftime(workouts.created_ts, '%Y-%m') AS "workouts.created_month",
        COUNT(*) AS "workouts.count"
    FROM main.workouts AS workouts
    GROUP BY 1

    SELECT
        COUNT(*) AS "workouts.count"
    FROM main.workouts AS workouts
    "#);
}

#[test]
fn a_filter_on_a_measure_leaves_no_totals() {
    let query = json!({"fields": ["workouts.status", "workouts.count"], "filters": {"workouts.count": ">3"}, "total": true});
    let compiled = compile(&model(PELOTON), Dialect::DuckDb, query).unwrap();
    assert_eq!(compiled.statements.len(), 1);
    assert_snapshot!(compiled.notices[0].message, @"there are no totals, since a filter on a measure leaves groups out that they would count");
}

#[test]
fn a_column_of_no_value_is_not_that_of_the_text_null() {
    let orders = Fixture::new(
        "view: orders { dimension: text {} measure: count { type: count } } explore: orders {}",
    )
    .with_table("orders", "text", "('null'), (NULL), (NULL), ('x')");
    let rows = orders.rows("fields=orders.text,orders.count&pivots=orders.text");
    let counts = json!({"null": 1, "x": 1, "null_1": 2});
    assert_eq!(rows, json!([{"orders.count": counts}]));
}
