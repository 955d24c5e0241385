//! Timeframes, filters and names in both dialects.

use insta::assert_snapshot;
use lookml::Dialect;
use serde_json::json;

use super::{PELOTON, bigquery, compile, duckdb, model};

#[test]
fn timeframes_of_a_timestamp() {
    let frames = [
        "raw",
        "time",
        "date",
        "week",
        "month",
        "quarter",
        "year",
        "hour",
        "minute",
        "time_of_day",
        "hour_of_day",
        "day_of_week",
        "week_of_year",
        "month_name",
    ];
    let fields: Vec<String> = frames
        .iter()
        .map(|frame| format!("workouts.created_{frame}"))
        .collect();
    let query = json!({"fields": fields, "sorts": ["__UNSORTED__"]});
    assert_snapshot!(duckdb(query.clone()), @r#"
    SELECT
        workouts.created_ts AS "workouts.created_raw",
        strftime(workouts.created_ts, '%Y-%m-%d %H:%M:%S') AS "workouts.created_time",
        CAST(workouts.created_ts AS DATE) AS "workouts.created_date",
        CAST(date_trunc('week', workouts.created_ts) AS DATE) AS "workouts.created_week",
        strftime(workouts.created_ts, '%Y-%m') AS "workouts.created_month",
        strftime(date_trunc('quarter', workouts.created_ts), '%Y-%m') AS "workouts.created_quarter",
        CAST(extract(year FROM workouts.created_ts) AS BIGINT) AS "workouts.created_year",
        strftime(workouts.created_ts, '%Y-%m-%d %H') AS "workouts.created_hour",
        strftime(workouts.created_ts, '%Y-%m-%d %H:%M') AS "workouts.created_minute",
        strftime(workouts.created_ts, '%H:%M') AS "workouts.created_time_of_day",
        extract(hour FROM workouts.created_ts) AS "workouts.created_hour_of_day",
        dayname(workouts.created_ts) AS "workouts.created_day_of_week",
        extract(week FROM workouts.created_ts) AS "workouts.created_week_of_year",
        monthname(workouts.created_ts) AS "workouts.created_month_name",
        ((extract(dow FROM workouts.created_ts) + 6) % 7) AS "workouts.created_day_of_week__sort_",
        extract(month FROM workouts.created_ts) AS "workouts.created_month_name__sort_"
    FROM main.workouts AS workouts
    GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16
    LIMIT 501
    "#);
    assert_snapshot!(bigquery(query), @r#"
    SELECT
        workouts.created_ts AS workouts_created_raw,
        FORMAT_TIMESTAMP('%F %T', workouts.created_ts) AS workouts_created_time,
        DATE(workouts.created_ts) AS workouts_created_date,
        FORMAT_TIMESTAMP('%F', TIMESTAMP_TRUNC(workouts.created_ts, ISOWEEK)) AS workouts_created_week,
        FORMAT_TIMESTAMP('%Y-%m', workouts.created_ts) AS workouts_created_month,
        FORMAT_TIMESTAMP('%Y-%m', TIMESTAMP_TRUNC(workouts.created_ts, QUARTER)) AS workouts_created_quarter,
        EXTRACT(YEAR FROM workouts.created_ts) AS workouts_created_year,
        FORMAT_TIMESTAMP('%F %H', workouts.created_ts) AS workouts_created_hour,
        FORMAT_TIMESTAMP('%F %H:%M', workouts.created_ts) AS workouts_created_minute,
        FORMAT_TIMESTAMP('%H:%M', workouts.created_ts) AS workouts_created_time_of_day,
        EXTRACT(HOUR FROM workouts.created_ts) AS workouts_created_hour_of_day,
        FORMAT_TIMESTAMP('%A', workouts.created_ts) AS workouts_created_day_of_week,
        EXTRACT(ISOWEEK FROM workouts.created_ts) AS workouts_created_week_of_year,
        FORMAT_TIMESTAMP('%B', workouts.created_ts) AS workouts_created_month_name,
        MOD(EXTRACT(DAYOFWEEK FROM workouts.created_ts) + 12, 7) AS workouts_created_day_of_week__sort_,
        EXTRACT(MONTH FROM workouts.created_ts) AS workouts_created_month_name__sort_
    FROM `my-project.peloton.workouts` AS workouts
    GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16
    LIMIT 501
    "#);
}

#[test]
fn a_zone_converts_what_is_shown_and_what_is_filtered() {
    let query = json!({
        "fields": ["workouts.created_date", "workouts.local_date", "workouts.count"],
        "filters": {"workouts.created_date": "2026-11-01", "workouts.local_date": "2026-11-01"},
        "query_timezone": "America/New_York",
    });
    assert_snapshot!(duckdb(query.clone()), @r#"
    SELECT
        CAST(lk_local_america_new_york(workouts.created_ts) AS DATE) AS "workouts.created_date",
        CAST(workouts.start_local AS DATE) AS "workouts.local_date",
        COUNT(*) AS "workouts.count"
    FROM main.workouts AS workouts
    WHERE ((workouts.created_ts >= TIMESTAMP '2026-11-01 04:00:00' AND workouts.created_ts < TIMESTAMP '2026-11-02 05:00:00'))
      AND ((workouts.start_local >= TIMESTAMP '2026-11-01 04:00:00' AND workouts.start_local < TIMESTAMP '2026-11-02 05:00:00'))
    GROUP BY 1, 2
    ORDER BY 1 DESC NULLS LAST, 2 ASC NULLS FIRST
    LIMIT 501
    "#);
    assert_snapshot!(bigquery(query), @r#"
    SELECT
        DATE(workouts.created_ts, 'America/New_York') AS workouts_created_date,
        DATE(TIMESTAMP(workouts.start_local)) AS workouts_local_date,
        COUNT(*) AS workouts_count
    FROM `my-project.peloton.workouts` AS workouts
    WHERE ((workouts.created_ts >= TIMESTAMP('2026-11-01 04:00:00') AND workouts.created_ts < TIMESTAMP('2026-11-02 05:00:00')))
      AND ((workouts.start_local >= DATETIME '2026-11-01 04:00:00' AND workouts.start_local < DATETIME '2026-11-02 05:00:00'))
    GROUP BY 1, 2
    ORDER BY 1 DESC, 2 ASC
    LIMIT 501
    "#);
}

#[test]
fn a_zone_without_changes_is_a_constant() {
    let query =
        json!({"fields": ["workouts.created_date"], "query_timezone": "Asia/Tokyo", "limit": "1"});
    let compiled = compile(&model(PELOTON), Dialect::DuckDb, query).unwrap();
    assert_snapshot!(compiled.text().lines().take(6).collect::<Vec<_>>().join("\n"), @r#"
    CREATE OR REPLACE TEMP MACRO lk_local_asia_tokyo(x) AS x + CASE WHEN x < TIMESTAMP '1949-09-10 15:00:00'
      THEN CASE WHEN x < TIMESTAMP '1948-09-11 15:00:00'
        THEN CASE WHEN x < TIMESTAMP '1948-05-01 15:00:00'
          THEN INTERVAL (9) HOUR
          ELSE INTERVAL (10) HOUR END
        ELSE CASE WHEN x < TIMESTAMP '1949-04-02 15:00:00'
    "#);
}

#[test]
fn durations_count_completed_units() {
    let query = json!({"fields": ["workouts.minutes_riding", "workouts.months_riding"]});
    assert_snapshot!(duckdb(query.clone()), @r#"
    SELECT
        datesub('minute', CAST(workouts.created_ts AS TIMESTAMP), CAST(workouts.end_ts AS TIMESTAMP)) AS "workouts.minutes_riding",
        (CASE WHEN CAST(workouts.end_ts AS TIMESTAMP) >= CAST(workouts.created_ts AS TIMESTAMP) THEN datediff('month', CAST(workouts.created_ts AS TIMESTAMP), CAST(workouts.end_ts AS TIMESTAMP)) - CASE WHEN CAST(workouts.end_ts AS TIMESTAMP) - date_trunc('month', CAST(workouts.end_ts AS TIMESTAMP)) < CAST(workouts.created_ts AS TIMESTAMP) - date_trunc('month', CAST(workouts.created_ts AS TIMESTAMP)) THEN 1 ELSE 0 END ELSE -(datediff('month', CAST(workouts.end_ts AS TIMESTAMP), CAST(workouts.created_ts AS TIMESTAMP)) - CASE WHEN CAST(workouts.created_ts AS TIMESTAMP) - date_trunc('month', CAST(workouts.created_ts AS TIMESTAMP)) < CAST(workouts.end_ts AS TIMESTAMP) - date_trunc('month', CAST(workouts.end_ts AS TIMESTAMP)) THEN 1 ELSE 0 END) END) AS "workouts.months_riding"
    FROM main.workouts AS workouts
    GROUP BY 1, 2
    ORDER BY 1 ASC NULLS FIRST, 2 ASC NULLS FIRST
    LIMIT 501
    "#);
    assert_snapshot!(bigquery(query), @r#"
    SELECT
        DIV(TIMESTAMP_DIFF(TIMESTAMP(workouts.end_ts), TIMESTAMP(workouts.created_ts), SECOND), 60) AS workouts_minutes_riding,
        (CASE WHEN TIMESTAMP(workouts.end_ts) >= TIMESTAMP(workouts.created_ts) THEN DATE_DIFF(DATE(TIMESTAMP(workouts.end_ts)), DATE(TIMESTAMP(workouts.created_ts)), MONTH) - CASE WHEN TIMESTAMP_DIFF(TIMESTAMP(workouts.end_ts), TIMESTAMP_TRUNC(TIMESTAMP(workouts.end_ts), MONTH), MICROSECOND) < TIMESTAMP_DIFF(TIMESTAMP(workouts.created_ts), TIMESTAMP_TRUNC(TIMESTAMP(workouts.created_ts), MONTH), MICROSECOND) THEN 1 ELSE 0 END ELSE -(DATE_DIFF(DATE(TIMESTAMP(workouts.created_ts)), DATE(TIMESTAMP(workouts.end_ts)), MONTH) - CASE WHEN TIMESTAMP_DIFF(TIMESTAMP(workouts.created_ts), TIMESTAMP_TRUNC(TIMESTAMP(workouts.created_ts), MONTH), MICROSECOND) < TIMESTAMP_DIFF(TIMESTAMP(workouts.end_ts), TIMESTAMP_TRUNC(TIMESTAMP(workouts.end_ts), MONTH), MICROSECOND) THEN 1 ELSE 0 END) END) AS workouts_months_riding
    FROM `my-project.peloton.workouts` AS workouts
    GROUP BY 1, 2
    ORDER BY 1 ASC, 2 ASC
    LIMIT 501
    "#);
}

#[test]
fn labels_are_sorted_by_their_order() {
    let query = json!({"fields": ["workouts.size", "workouts.mood", "workouts.is_outdoor", "workouts.count"],
        "sorts": ["workouts.size desc", "workouts.mood"]});
    assert_snapshot!(duckdb(query), @r#"
    SELECT
        CASE WHEN (workouts.total_work / 1000) < 10 THEN 'Below 10' WHEN (workouts.total_work / 1000) < 20 THEN '10 to 19' WHEN (workouts.total_work / 1000) IS NOT NULL THEN '20 or Above' ELSE 'Undefined' END AS "workouts.size",
        CASE WHEN workouts.total_work > 5 THEN 'hard' ELSE 'easy' END AS "workouts.mood",
        CASE WHEN workouts.is_outdoor THEN 'Yes' ELSE 'No' END AS "workouts.is_outdoor",
        CASE WHEN (workouts.total_work / 1000) < 10 THEN 0 WHEN (workouts.total_work / 1000) < 20 THEN 1 WHEN (workouts.total_work / 1000) IS NOT NULL THEN 2 ELSE 3 END AS "workouts.size__sort_",
        CASE WHEN workouts.total_work > 5 THEN 0 ELSE 1 END AS "workouts.mood__sort_",
        COUNT(*) AS "workouts.count"
    FROM main.workouts AS workouts
    GROUP BY 1, 2, 3, 4, 5
    ORDER BY 4 DESC NULLS LAST, 5 ASC NULLS FIRST, 3 ASC NULLS FIRST
    LIMIT 501
    "#);
}

#[test]
fn filters_stand_where_they_belong() {
    let query = json!({
        "fields": ["workouts.status", "workouts.count", "workouts.done", "workouts.statuses"],
        "filters": {"workouts.status": "-DONE,NULL", "workouts.is_outdoor": "no", "workouts.count": ">3", "rides.discipline": "cycl%"},
        "limit": "-1",
    });
    assert_snapshot!(duckdb(query.clone()), @r#"
    SELECT
        workouts.status AS "workouts.status",
        COUNT(*) AS "workouts.count",
        COUNT(CASE WHEN (workouts.status = 'COMPLETE') THEN 1 ELSE NULL END) AS "workouts.done",
        STRING_AGG(DISTINCT CAST(workouts.status AS VARCHAR), '|RECORD|' ORDER BY CAST(workouts.status AS VARCHAR)) AS "workouts.statuses"
    FROM main.workouts AS workouts
    LEFT JOIN main.rides AS rides ON workouts.ride_id = rides.id
    WHERE ((workouts.status IS NULL) AND (workouts.status <> 'DONE' OR workouts.status IS NULL))
      AND (NOT COALESCE((workouts.is_outdoor), FALSE))
      AND (rides.discipline LIKE 'cycl%')
    GROUP BY 1
    HAVING (COUNT(*) > 3)
    ORDER BY 2 DESC NULLS LAST, 1 ASC NULLS FIRST
    "#);
    assert_snapshot!(bigquery(query), @r#"
    SELECT
        workouts.status AS workouts_status,
        COUNT(*) AS workouts_count,
        COUNT(CASE WHEN (workouts.status = 'COMPLETE') THEN 1 ELSE NULL END) AS workouts_done,
        STRING_AGG(DISTINCT CAST(workouts.status AS STRING), '|RECORD|' ORDER BY CAST(workouts.status AS STRING)) AS workouts_statuses
    FROM `my-project.peloton.workouts` AS workouts
    LEFT JOIN peloton.rides AS rides ON workouts.ride_id = rides.id
    WHERE ((workouts.status IS NULL) AND (workouts.status <> 'DONE' OR workouts.status IS NULL))
      AND (NOT COALESCE((workouts.is_outdoor), FALSE))
      AND (rides.discipline LIKE 'cycl%')
    GROUP BY 1
    HAVING (COUNT(*) > 3)
    ORDER BY 2 DESC, 1 ASC
    "#);
}

#[test]
fn a_count_that_may_be_approximate_is_so_where_that_is_faster() {
    let model = model(
        "view: a { sql_table_name: base ;; dimension: other {} measure: n { type: count_distinct approximate: yes sql: ${other} ;; } }
         explore: base { from: a }",
    );
    let n = |dialect| {
        let query = json!({"view": "base", "fields": ["base.n"]});
        let sql = compile(&model, dialect, query).unwrap().statements[0]
            .sql
            .clone();
        sql.lines().nth(1).unwrap_or_default().trim().to_owned()
    };
    assert_eq!(
        n(Dialect::DuckDb),
        "COUNT(DISTINCT base.other) AS \"base.n\""
    );
    assert_eq!(
        n(Dialect::BigQuery),
        "APPROX_COUNT_DISTINCT(base.other) AS base_n"
    );
}
