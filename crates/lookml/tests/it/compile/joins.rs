//! Which joins take part, and what they do to measures.

use insta::assert_snapshot;
use lookml::Dialect;
use serde_json::json;

use super::{bigquery, compile, duckdb, model};

#[test]
fn a_view_that_is_not_needed_is_not_joined() {
    assert_snapshot!(duckdb(json!({"fields": ["workouts.count"]})), @r#"
    SELECT
        COUNT(*) AS "workouts.count"
    FROM main.workouts AS workouts
    ORDER BY 1 DESC NULLS LAST
    LIMIT 501
    "#);
}

#[test]
fn rows_that_a_join_repeats_count_once() {
    let query = json!({"fields": ["rides.discipline", "workouts.count", "rides.total_minutes", "rides.average_minutes"]});
    assert_snapshot!(duckdb(query.clone()), @r#"
    SELECT
        rides.discipline AS "rides.discipline",
        COUNT(*) AS "workouts.count",
        COALESCE(list_sum(list_transform(list(DISTINCT {key: rides.id, val: CASE WHEN rides.id IS NOT NULL THEN (rides.duration / 60.0) END}), lambda z: struct_extract(z, 'val'))), 0) AS "rides.total_minutes",
        list_avg(list_transform(list(DISTINCT {key: rides.id, val: CASE WHEN rides.id IS NOT NULL THEN (rides.duration / 60.0) END}), lambda z: struct_extract(z, 'val'))) AS "rides.average_minutes"
    FROM main.workouts AS workouts
    LEFT JOIN main.rides AS rides ON workouts.ride_id = rides.id
    GROUP BY 1
    ORDER BY 2 DESC NULLS LAST, 1 ASC NULLS FIRST
    LIMIT 501
    "#);
    assert_snapshot!(bigquery(query), @r#"
    SELECT
        rides.discipline AS rides_discipline,
        COUNT(*) AS workouts_count,
        COALESCE(CAST(SUM(DISTINCT CAST(ROUND((rides.duration / 60.0), 6) AS BIGNUMERIC) + (CAST(CAST('0x' || SUBSTR(TO_HEX(MD5(CAST(CASE WHEN (rides.duration / 60.0) IS NOT NULL THEN rides.id END AS STRING))), 1, 15) AS INT64) AS BIGNUMERIC) * 4294967296 + CAST(CAST('0x' || SUBSTR(TO_HEX(MD5(CAST(CASE WHEN (rides.duration / 60.0) IS NOT NULL THEN rides.id END AS STRING))), 16, 8) AS INT64) AS BIGNUMERIC))) - SUM(DISTINCT (CAST(CAST('0x' || SUBSTR(TO_HEX(MD5(CAST(CASE WHEN (rides.duration / 60.0) IS NOT NULL THEN rides.id END AS STRING))), 1, 15) AS INT64) AS BIGNUMERIC) * 4294967296 + CAST(CAST('0x' || SUBSTR(TO_HEX(MD5(CAST(CASE WHEN (rides.duration / 60.0) IS NOT NULL THEN rides.id END AS STRING))), 16, 8) AS INT64) AS BIGNUMERIC))) AS FLOAT64), 0) AS rides_total_minutes,
        (CAST(SUM(DISTINCT CAST(ROUND((rides.duration / 60.0), 6) AS BIGNUMERIC) + (CAST(CAST('0x' || SUBSTR(TO_HEX(MD5(CAST(CASE WHEN (rides.duration / 60.0) IS NOT NULL THEN rides.id END AS STRING))), 1, 15) AS INT64) AS BIGNUMERIC) * 4294967296 + CAST(CAST('0x' || SUBSTR(TO_HEX(MD5(CAST(CASE WHEN (rides.duration / 60.0) IS NOT NULL THEN rides.id END AS STRING))), 16, 8) AS INT64) AS BIGNUMERIC))) - SUM(DISTINCT (CAST(CAST('0x' || SUBSTR(TO_HEX(MD5(CAST(CASE WHEN (rides.duration / 60.0) IS NOT NULL THEN rides.id END AS STRING))), 1, 15) AS INT64) AS BIGNUMERIC) * 4294967296 + CAST(CAST('0x' || SUBSTR(TO_HEX(MD5(CAST(CASE WHEN (rides.duration / 60.0) IS NOT NULL THEN rides.id END AS STRING))), 16, 8) AS INT64) AS BIGNUMERIC))) AS FLOAT64) / NULLIF(COUNT(DISTINCT CASE WHEN (rides.duration / 60.0) IS NOT NULL THEN rides.id END), 0)) AS rides_average_minutes
    FROM `my-project.peloton.workouts` AS workouts
    LEFT JOIN peloton.rides AS rides ON workouts.ride_id = rides.id
    GROUP BY 1
    ORDER BY 2 DESC, 1 ASC
    LIMIT 501
    "#);
}

#[test]
fn a_percentile_of_repeated_rows_is_over_distinct_ones() {
    let query = json!({"fields": ["rides.median_minutes", "workouts.median_work"]});
    assert_snapshot!(duckdb(query), @r#"
    SELECT
        list_transform([list_sort(list_filter(list_transform(list(DISTINCT {key: rides.id, val: CASE WHEN rides.id IS NOT NULL THEN (rides.duration / 60.0) END}), lambda z: struct_extract(z, 'val')), lambda v: v IS NOT NULL))], lambda s: s[CAST(greatest(floor(len(s) * 0.5 - 0.0000001), 0) AS BIGINT) + 1] / 2 + s[CAST(least(floor(len(s) * 0.5), len(s) - 1) AS BIGINT) + 1] / 2)[1] AS "rides.median_minutes",
        list_transform([list(workouts.total_work ORDER BY workouts.total_work) FILTER (WHERE workouts.total_work IS NOT NULL)], lambda s: s[CAST(greatest(floor(len(s) * 0.5 - 0.0000001), 0) AS BIGINT) + 1] / 2 + s[CAST(least(floor(len(s) * 0.5), len(s) - 1) AS BIGINT) + 1] / 2)[1] AS "workouts.median_work"
    FROM main.workouts AS workouts
    LEFT JOIN main.rides AS rides ON workouts.ride_id = rides.id
    ORDER BY 1 DESC NULLS LAST
    LIMIT 501
    "#);
}

#[test]
fn elements_of_an_array_are_joined_as_each_dialect_has_it() {
    let query = json!({"fields": ["samples.average_watts"]});
    assert_snapshot!(duckdb(query.clone()), @r#"
    SELECT
        AVG(_samples.samples.output) AS "samples.average_watts"
    FROM main.workouts AS workouts
    LEFT JOIN UNNEST(workouts.stats) AS _samples(samples) ON TRUE
    ORDER BY 1 DESC NULLS LAST
    LIMIT 501
    "#);
    assert_snapshot!(bigquery(query), @r#"
    SELECT
        AVG(samples.output) AS samples_average_watts
    FROM `my-project.peloton.workouts` AS workouts
    LEFT JOIN UNNEST(workouts.stats) AS samples
    ORDER BY 1 DESC
    LIMIT 501
    "#);
}

#[test]
fn joins_that_need_each_other_are_an_error() {
    let model = model(
        "view: a { dimension: id {} } view: b { dimension: id {} } view: c { dimension: id {} }
         explore: a {
           join: b { sql_on: ${b.id} = ${c.id} ;; relationship: one_to_one }
           join: c { sql_on: ${c.id} = ${b.id} ;; relationship: one_to_one }
         }",
    );
    let error = compile(
        &model,
        Dialect::DuckDb,
        json!({"view": "a", "fields": ["b.id"]}),
    )
    .unwrap_err();
    assert_snapshot!(error, @"LK220: these joins need each other: b, c");
}

#[test]
fn a_join_stands_behind_those_that_its_condition_mentions() {
    let model = model(
        "view: a { dimension: id { primary_key: yes } } view: b { dimension: id {} dimension: a_id {} } view: c { dimension: b_id {} }
         explore: a {
           join: c { sql_on: ${c.b_id} = ${b.id} ;; relationship: one_to_many }
           join: b { sql_on: ${b.a_id} = ${a.id} ;; relationship: one_to_many }
         }",
    );
    let compiled = compile(
        &model,
        Dialect::DuckDb,
        json!({"view": "a", "fields": ["c.b_id"]}),
    )
    .unwrap();
    assert_snapshot!(compiled.statements[0].sql, @r#"
    SELECT
        c.b_id AS "c.b_id"
    FROM a AS a
    LEFT JOIN b AS b ON b.a_id = a.id
    LEFT JOIN c AS c ON c.b_id = b.id
    GROUP BY 1
    ORDER BY 1 ASC NULLS FIRST
    LIMIT 501
    "#);
}

#[test]
fn a_derived_table_is_computed_once_for_two_aliases() {
    let model = model(
        "view: base { dimension: id { primary_key: yes } dimension: other { } }
         view: facts { derived_table: { sql: SELECT 1 AS id -- if dev -- WHERE FALSE
           ;; } dimension: id { primary_key: yes } }
         explore: base {
           join: facts { sql_on: ${facts.id} = ${base.id} ;; relationship: one_to_one }
           join: others { from: facts sql_on: ${others.id} = ${base.other} ;; relationship: many_to_one }
         }",
    );
    let query = json!({"view": "base", "fields": ["facts.id", "others.id"]});
    assert_snapshot!(compile(&model, Dialect::DuckDb, query).unwrap().statements[0].sql, @r#"
    WITH facts AS (
    SELECT 1 AS id
    )
    SELECT
        facts.id AS "facts.id",
        others.id AS "others.id"
    FROM base AS base
    LEFT JOIN facts AS facts ON facts.id = base.id
    LEFT JOIN facts AS others ON others.id = base.other
    GROUP BY 1, 2
    ORDER BY 1 ASC NULLS FIRST, 2 ASC NULLS FIRST
    LIMIT 501
    "#);
}
