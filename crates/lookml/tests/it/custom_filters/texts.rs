//! The SQL of custom filters in both dialects.

use insta::assert_snapshot;
use lookml::testing::Database;
use lookml::{Dialect, Model, Project};
use serde_json::json;

use super::{MODEL, fixture, query};

/// The conditions of the query of a dialect.
#[track_caller]
fn conditions(dialect: Dialect, zone: Option<&str>, expressions: &[&str]) -> String {
    let files = [("test.model.lkml".to_owned(), MODEL.to_owned())];
    let (model, _) = Model::load(&Project::new(files), "test");
    let mut settings = fixture().settings;
    settings.dialect = dialect;
    let mut found = Vec::new();
    for expression in expressions {
        let query = query(
            json!({"fields": ["t.name", "t.count"], "sorts": [], "query_timezone": zone,
            "filter_expression": expression}),
        );
        let compiled = lookml::compile(model.as_ref().unwrap(), &query, &settings).unwrap();
        let sql = &compiled.statements[0].sql;
        let lines = sql
            .lines()
            .filter(|line| line.starts_with("WHERE") || line.starts_with("HAVING"));
        found.extend(lines.map(str::to_owned));
        if dialect == Dialect::DuckDb {
            let database = Database::in_memory();
            database.run(super::ROWS).unwrap();
            database.answer(&compiled).unwrap();
        }
    }
    found.join("\n")
}

const NUMBERS: &[&str] = &[
    "${t.n} > 5",
    "(${t.n} + 1.5) * ${t.i} / 3 > -2",
    "${t.n} % 2 = 0",
    "round(${t.n}, 2) = 0.1",
    "round(${t.n}, ${t.i}) = 1",
    "power(${t.n}, 2) + sqrt(${t.n}) + ln(${t.n}) + exp(${t.n}) > 1",
    "max(${t.n}, ${t.i}, 2) > 1",
    "${t.count} > 2 AND ${t.total} / ${t.count} > 1",
    "${t.total} > 1 OR ${t.name} = \"Ann\"",
    "if(${t.n} > 2, ${t.ok}, no)",
];

const TEXTS: &[&str] = &[
    "${t.name} = \"it's \\\\ \\\"x\\\"\nOR 1=1 --\"",
    "concat(${t.name}, \"-\", ${t.n}, ${t.ok}, ${t.created_date}, ${t.created_raw}) = \"a\"",
    "contains(lower(${t.name}), \"a\") AND starts_with(${t.name}, \"A\")",
    "substring(${t.name}, 2, 3) = replace(${t.other}, \"a\", \"b\")",
    "substring(${t.name}, ${t.i}, 2) = \"a\"",
    "to_number(${t.said}) > 2",
    "matches_filter(${t.name}, `a%,-\"b'c\"`)",
    "NOT matches_filter(${t.name}, `a%`)",
];

const DATES: &[&str] = &[
    "${t.created_date} >= date(2026, 1, 31)",
    "${t.created_time} < now()",
    "${t.created_month} = \"2026-01\" OR ${t.created_month} > ${t.created_date}",
    "${t.created_raw} > ${t.created_hour}",
    "${t.created_week} = trunc_days(add_days(-7, now()))",
    "add_days(${t.i}, ${t.born_date}) < add_hours(5, ${t.born_date})",
    "add_months(1, ${t.created_raw}) > ${t.created_raw}",
    "diff_days(${t.born_date}, ${t.created_raw}) > diff_months(${t.born_date}, ${t.created_raw})",
    "extract_hours(${t.created_date}) = extract_years(${t.created_quarter})",
    "trunc_hours(${t.created_raw}) = trunc_months(${t.created_raw})",
    "date(2026, ${t.i}, 1) < date_time(2026, 1, ${t.i}, 5)",
    "to_date(${t.said}) > ${t.born_date}",
    "matches_filter(${t.created_date}, `last 7 days`)",
    "matches_filter(add_days(1, ${t.created_date}), `last 7 days`)",
];

#[test]
fn numbers_and_logic() {
    assert_snapshot!(conditions(Dialect::DuckDb, None, NUMBERS), @r#"
    WHERE (t.n > 5)
    WHERE (((CAST(t.n AS DOUBLE) + 1.5e0) * CAST(t.i AS DOUBLE) / NULLIF(3e0, 0)) > (-2))
    WHERE ((CAST(t.n AS DOUBLE) % NULLIF(2e0, 0)) = 0)
    WHERE (COALESCE(CAST(ROUND(TRY_CAST(CAST(CAST(t.n AS DOUBLE) AS VARCHAR) AS DECIMAL(38, 18)), 2) AS DOUBLE), ROUND(CAST(t.n AS DOUBLE), 2)) = 0.1e0)
    WHERE (CASE WHEN TRY_CAST(TRUNC(t.i) AS BIGINT) BETWEEN -9007199254740992 AND 9007199254740992 THEN ROUND(CAST(t.n AS DOUBLE), CAST(GREATEST(LEAST(TRY_CAST(TRUNC(t.i) AS BIGINT), 400), -400) AS INTEGER)) END = 1)
    WHERE ((NULLIF(NULLIF(NULLIF(POW(CAST(t.n AS DOUBLE), 2e0), CAST('NaN' AS DOUBLE)), CAST('Infinity' AS DOUBLE)), CAST('-Infinity' AS DOUBLE)) + CASE WHEN CAST(t.n AS DOUBLE) >= 0 THEN SQRT(CAST(t.n AS DOUBLE)) END + CASE WHEN CAST(t.n AS DOUBLE) > 0 THEN LN(CAST(t.n AS DOUBLE)) END + NULLIF(NULLIF(NULLIF(EXP(CAST(t.n AS DOUBLE)), CAST('NaN' AS DOUBLE)), CAST('Infinity' AS DOUBLE)), CAST('-Infinity' AS DOUBLE))) > 1)
    WHERE (GREATEST(t.n, t.i, 2) > 1)
    HAVING (COUNT(*) > 2)
    HAVING ((COALESCE(SUM(t.n), 0) > 1) OR (ANY_VALUE(t.name) = 'Ann'))
    WHERE (CASE WHEN t.n > 2 THEN COALESCE(t.ok, FALSE) ELSE FALSE END)
    "#);
    assert_snapshot!(conditions(Dialect::BigQuery, None, NUMBERS), @r#"
    WHERE (t.n > 5)
    WHERE (((CAST(t.n AS FLOAT64) + 1.5e0) * CAST(t.i AS FLOAT64) / NULLIF(3e0, 0)) > (-2))
    WHERE ((CAST(MOD(SAFE_CAST(CAST(t.n AS FLOAT64) AS BIGNUMERIC), NULLIF(SAFE_CAST(2e0 AS BIGNUMERIC), 0)) AS FLOAT64)) = 0)
    WHERE (COALESCE(CAST(ROUND(SAFE_CAST(CAST(CAST(t.n AS FLOAT64) AS STRING) AS BIGNUMERIC), 2) AS FLOAT64), ROUND(CAST(t.n AS FLOAT64), 2)) = 0.1e0)
    WHERE (CASE WHEN SAFE_CAST(TRUNC(t.i) AS INT64) BETWEEN -9007199254740992 AND 9007199254740992 THEN ROUND(CAST(t.n AS FLOAT64), GREATEST(LEAST(SAFE_CAST(TRUNC(t.i) AS INT64), 400), -400)) END = 1)
    WHERE ((SAFE.POW(CAST(t.n AS FLOAT64), 2e0) + SAFE.SQRT(CAST(t.n AS FLOAT64)) + SAFE.LN(CAST(t.n AS FLOAT64)) + SAFE.EXP(CAST(t.n AS FLOAT64))) > 1)
    WHERE (COALESCE(GREATEST(t.n, COALESCE(GREATEST(t.i, 2), t.i, 2)), t.n, COALESCE(GREATEST(t.i, 2), t.i, 2)) > 1)
    HAVING (COUNT(*) > 2)
    HAVING ((COALESCE(SUM(t.n), 0) > 1) OR (ANY_VALUE(t.name) = 'Ann'))
    WHERE (CASE WHEN t.n > 2 THEN COALESCE(t.ok, FALSE) ELSE FALSE END)
    "#);
}

#[test]
fn texts() {
    assert_snapshot!(conditions(Dialect::DuckDb, None, TEXTS), @r#"
    WHERE (t.name = 'it''s \ "x"
    WHERE ((t.name || '-' || REGEXP_REPLACE(CAST(t.n + 0 AS VARCHAR), '(\.[0-9]*[1-9])0+$|\.0+$', '\1') || CASE COALESCE(t.ok, FALSE) WHEN TRUE THEN 'Yes' WHEN FALSE THEN 'No' END || CAST(CAST(t.created_ts AS DATE) AS VARCHAR) || strftime(t.created_ts, '%Y-%m-%d %H:%M:%S')) = 'a')
    WHERE (STRPOS(LOWER(t.name), 'a') > 0)
    WHERE (SUBSTR(t.name, 2, 3) = REPLACE(t.other, 'a', 'b'))
    WHERE (CASE WHEN TRY_CAST(TRUNC(t.i) AS BIGINT) BETWEEN -9007199254740992 AND 9007199254740992 THEN SUBSTR(t.name, GREATEST(LEAST(TRY_CAST(TRUNC(t.i) AS BIGINT), 1048576), 1), GREATEST(LEAST(LEAST(TRY_CAST(TRUNC(t.i) AS BIGINT), 1048576) + 2 - GREATEST(LEAST(TRY_CAST(TRUNC(t.i) AS BIGINT), 1048576), 1), 1048576), 0)) END = 'a')
    WHERE (TRY_CAST(REGEXP_EXTRACT(t.said, '^\s*([+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)\s*$', 1) AS DOUBLE) > 2)
    WHERE ((t.name LIKE 'a%') AND (t.name <> 'b''c' OR t.name IS NULL))
    WHERE (NOT COALESCE((t.name LIKE 'a%'), FALSE))
    "#);
    assert_snapshot!(conditions(Dialect::BigQuery, None, TEXTS), @r#"
    WHERE (t.name = 'it\'s \\ "x"\nOR 1=1 --')
    WHERE ((t.name || '-' || REGEXP_REPLACE(CAST(t.n + 0 AS STRING), '(\\.[0-9]*[1-9])0+$|\\.0+$', '\\1') || CASE COALESCE(t.ok, FALSE) WHEN TRUE THEN 'Yes' WHEN FALSE THEN 'No' END || CAST(DATE(t.created_ts) AS STRING) || FORMAT_DATETIME('%F %T', DATETIME(t.created_ts))) = 'a')
    WHERE (STRPOS(LOWER(t.name), 'a') > 0)
    WHERE (SUBSTR(t.name, 2, 3) = REPLACE(t.other, 'a', 'b'))
    WHERE (CASE WHEN SAFE_CAST(TRUNC(t.i) AS INT64) BETWEEN -9007199254740992 AND 9007199254740992 THEN SUBSTR(t.name, GREATEST(LEAST(SAFE_CAST(TRUNC(t.i) AS INT64), 1048576), 1), GREATEST(LEAST(LEAST(SAFE_CAST(TRUNC(t.i) AS INT64), 1048576) + 2 - GREATEST(LEAST(SAFE_CAST(TRUNC(t.i) AS INT64), 1048576), 1), 1048576), 0)) END = 'a')
    WHERE (SAFE_CAST(REGEXP_EXTRACT(t.said, '^\\s*([+-]?(?:[0-9]+\\.?[0-9]*|\\.[0-9]+)(?:[eE][+-]?[0-9]+)?)\\s*$') AS FLOAT64) > 2)
    WHERE ((t.name LIKE 'a%') AND (t.name <> 'b\'c' OR t.name IS NULL))
    WHERE (NOT COALESCE((t.name LIKE 'a%'), FALSE))
    "#);
}

#[test]
fn dates() {
    assert_snapshot!(conditions(Dialect::DuckDb, None, DATES), @r#"
    WHERE (CAST(t.created_ts AS DATE) >= DATE '2026-01-31')
    WHERE (date_trunc('second', t.created_ts) < TIMESTAMP '2026-11-18 14:25:36')
    WHERE (((strftime(t.created_ts, '%Y-%m')) = '2026-01') OR (CAST(date_trunc('month', t.created_ts) AS DATE) > CAST(t.created_ts AS DATE)))
    WHERE (t.created_ts > date_trunc('hour', t.created_ts))
    WHERE (CAST(date_trunc('week', t.created_ts) AS DATE) = DATE '2026-11-11')
    WHERE (CAST(CASE WHEN TRY_CAST(TRUNC(t.i) AS BIGINT) BETWEEN -3660000 AND 3660000 THEN CAST(CAST(CAST(t.born AS TIMESTAMP) AS DATE) + INTERVAL (TRY_CAST(TRUNC(t.i) AS BIGINT)) DAY AS DATE) END AS TIMESTAMP) < (CAST(CAST(CAST(t.born AS TIMESTAMP) AS DATE) AS TIMESTAMP) + INTERVAL (5) HOUR))
    WHERE ((t.created_ts + INTERVAL (1) MONTH) > t.created_ts)
    WHERE (datesub('day', CAST(CAST(CAST(CAST(t.born AS TIMESTAMP) AS DATE) AS TIMESTAMP) AS TIMESTAMP), CAST(t.created_ts AS TIMESTAMP)) > (CASE WHEN CAST(t.created_ts AS TIMESTAMP) >= CAST(CAST(CAST(CAST(t.born AS TIMESTAMP) AS DATE) AS TIMESTAMP) AS TIMESTAMP) THEN datediff('month', CAST(CAST(CAST(CAST(t.born AS TIMESTAMP) AS DATE) AS TIMESTAMP) AS TIMESTAMP), CAST(t.created_ts AS TIMESTAMP)) - CASE WHEN CAST(t.created_ts AS TIMESTAMP) - date_trunc('month', CAST(t.created_ts AS TIMESTAMP)) < CAST(CAST(CAST(CAST(t.born AS TIMESTAMP) AS DATE) AS TIMESTAMP) AS TIMESTAMP) - date_trunc('month', CAST(CAST(CAST(CAST(t.born AS TIMESTAMP) AS DATE) AS TIMESTAMP) AS TIMESTAMP)) THEN 1 ELSE 0 END ELSE -(datediff('month', CAST(t.created_ts AS TIMESTAMP), CAST(CAST(CAST(CAST(t.born AS TIMESTAMP) AS DATE) AS TIMESTAMP) AS TIMESTAMP)) - CASE WHEN CAST(CAST(CAST(CAST(t.born AS TIMESTAMP) AS DATE) AS TIMESTAMP) AS TIMESTAMP) - date_trunc('month', CAST(CAST(CAST(CAST(t.born AS TIMESTAMP) AS DATE) AS TIMESTAMP) AS TIMESTAMP)) < CAST(t.created_ts AS TIMESTAMP) - date_trunc('month', CAST(t.created_ts AS TIMESTAMP)) THEN 1 ELSE 0 END) END))
    WHERE (EXTRACT(HOUR FROM CAST(CAST(t.created_ts AS DATE) AS TIMESTAMP)) = EXTRACT(YEAR FROM CAST(CAST(date_trunc('quarter', t.created_ts) AS DATE) AS TIMESTAMP)))
    WHERE (date_trunc('hour', t.created_ts) = CAST(CAST(date_trunc('month', CAST(t.created_ts AS DATE)) AS DATE) AS TIMESTAMP))
    WHERE (CAST(TRY_CAST(printf('%04d-%02d-%02d', 2026, TRY_CAST(TRUNC(t.i) AS BIGINT), 1) AS DATE) AS TIMESTAMP) < TRY_CAST(printf('%04d-%02d-%02d %02d:%02d:%02d', 2026, 1, TRY_CAST(TRUNC(t.i) AS BIGINT), 5, 0, 0) AS TIMESTAMP))
    WHERE (TRY_CAST(REGEXP_REPLACE(REGEXP_REPLACE(REGEXP_REPLACE(REGEXP_REPLACE(REGEXP_EXTRACT(t.said, '^\s*([0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2}(?:[ T][0-9]{2}(?::[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?)?)?)?)?)\s*$', 1), '^([0-9]{4})$', '\1-01'), '^([0-9]{4}-[0-9]{2})$', '\1-01'), '([ T][0-9]{2})$', '\1:00'), '([ T][0-9]{2}:[0-9]{2})$', '\1:00') AS TIMESTAMP) > CAST(CAST(CAST(t.born AS TIMESTAMP) AS DATE) AS TIMESTAMP))
    WHERE ((t.created_ts >= TIMESTAMP '2026-11-12 00:00:00' AND t.created_ts < TIMESTAMP '2026-11-19 00:00:00'))
    WHERE ((CAST(CAST(CAST(t.created_ts AS DATE) + INTERVAL (1) DAY AS DATE) AS TIMESTAMP) >= TIMESTAMP '2026-11-12 00:00:00' AND CAST(CAST(CAST(t.created_ts AS DATE) + INTERVAL (1) DAY AS DATE) AS TIMESTAMP) < TIMESTAMP '2026-11-19 00:00:00'))
    "#);
    assert_snapshot!(conditions(Dialect::BigQuery, None, DATES), @r#"
    WHERE (DATE(t.created_ts) >= DATE '2026-01-31')
    WHERE (DATETIME(TIMESTAMP_TRUNC(t.created_ts, SECOND)) < DATETIME '2026-11-18 14:25:36')
    WHERE (((FORMAT_TIMESTAMP('%Y-%m', t.created_ts)) = '2026-01') OR (DATE(TIMESTAMP_TRUNC(t.created_ts, MONTH)) > DATE(t.created_ts)))
    WHERE (DATETIME(t.created_ts) > DATETIME(TIMESTAMP_TRUNC(t.created_ts, HOUR)))
    WHERE (DATE(TIMESTAMP_TRUNC(t.created_ts, ISOWEEK)) = DATE '2026-11-11')
    WHERE (DATETIME(CASE WHEN SAFE_CAST(TRUNC(t.i) AS INT64) BETWEEN -3660000 AND 3660000 THEN DATE_ADD(DATE(TIMESTAMP(t.born)), INTERVAL SAFE_CAST(TRUNC(t.i) AS INT64) DAY) END) < DATETIME_ADD(DATETIME(DATE(TIMESTAMP(t.born))), INTERVAL 5 HOUR))
    WHERE (DATETIME_ADD(DATETIME(t.created_ts), INTERVAL 1 MONTH) > DATETIME(t.created_ts))
    WHERE (DIV(TIMESTAMP_DIFF(TIMESTAMP(DATETIME(t.created_ts)), TIMESTAMP(DATETIME(DATE(TIMESTAMP(t.born)))), SECOND), 86400) > (CASE WHEN TIMESTAMP(DATETIME(t.created_ts)) >= TIMESTAMP(DATETIME(DATE(TIMESTAMP(t.born)))) THEN DATE_DIFF(DATE(TIMESTAMP(DATETIME(t.created_ts))), DATE(TIMESTAMP(DATETIME(DATE(TIMESTAMP(t.born))))), MONTH) - CASE WHEN TIMESTAMP_DIFF(TIMESTAMP(DATETIME(t.created_ts)), TIMESTAMP_TRUNC(TIMESTAMP(DATETIME(t.created_ts)), MONTH), MICROSECOND) < TIMESTAMP_DIFF(TIMESTAMP(DATETIME(DATE(TIMESTAMP(t.born)))), TIMESTAMP_TRUNC(TIMESTAMP(DATETIME(DATE(TIMESTAMP(t.born)))), MONTH), MICROSECOND) THEN 1 ELSE 0 END ELSE -(DATE_DIFF(DATE(TIMESTAMP(DATETIME(DATE(TIMESTAMP(t.born))))), DATE(TIMESTAMP(DATETIME(t.created_ts))), MONTH) - CASE WHEN TIMESTAMP_DIFF(TIMESTAMP(DATETIME(DATE(TIMESTAMP(t.born)))), TIMESTAMP_TRUNC(TIMESTAMP(DATETIME(DATE(TIMESTAMP(t.born)))), MONTH), MICROSECOND) < TIMESTAMP_DIFF(TIMESTAMP(DATETIME(t.created_ts)), TIMESTAMP_TRUNC(TIMESTAMP(DATETIME(t.created_ts)), MONTH), MICROSECOND) THEN 1 ELSE 0 END) END))
    WHERE (EXTRACT(HOUR FROM DATETIME(DATE(t.created_ts))) = EXTRACT(YEAR FROM DATETIME(DATE(TIMESTAMP_TRUNC(t.created_ts, QUARTER)))))
    WHERE (DATETIME_TRUNC(DATETIME(t.created_ts), HOUR) = DATETIME(DATE_TRUNC(DATE(DATETIME(t.created_ts)), MONTH)))
    WHERE (DATETIME(SAFE.DATE(2026, SAFE_CAST(TRUNC(t.i) AS INT64), 1)) < SAFE.DATETIME(2026, 1, SAFE_CAST(TRUNC(t.i) AS INT64), 5, 0, 0))
    WHERE (SAFE_CAST(REGEXP_REPLACE(REGEXP_REPLACE(REGEXP_REPLACE(REGEXP_REPLACE(REGEXP_EXTRACT(t.said, '^\\s*([0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2}(?:[ T][0-9]{2}(?::[0-9]{2}(?::[0-9]{2}(?:\\.[0-9]+)?)?)?)?)?)?)\\s*$'), '^([0-9]{4})$', '\\1-01'), '^([0-9]{4}-[0-9]{2})$', '\\1-01'), '([ T][0-9]{2})$', '\\1:00'), '([ T][0-9]{2}:[0-9]{2})$', '\\1:00') AS DATETIME) > DATETIME(DATE(TIMESTAMP(t.born))))
    WHERE ((t.created_ts >= TIMESTAMP('2026-11-12 00:00:00') AND t.created_ts < TIMESTAMP('2026-11-19 00:00:00')))
    WHERE ((DATETIME(DATE_ADD(DATE(t.created_ts), INTERVAL 1 DAY)) >= DATETIME '2026-11-12 00:00:00' AND DATETIME(DATE_ADD(DATE(t.created_ts), INTERVAL 1 DAY)) < DATETIME '2026-11-19 00:00:00'))
    "#);
}

#[test]
fn on_the_clock_of_the_query() {
    let zone = Some("America/New_York");
    let dates = &DATES[..5];
    assert_snapshot!(conditions(Dialect::DuckDb, zone, dates), @r#"
    WHERE (CAST(lk_local_america_new_york(t.created_ts) AS DATE) >= DATE '2026-01-31')
    WHERE (date_trunc('second', lk_local_america_new_york(t.created_ts)) < TIMESTAMP '2026-11-18 09:25:36')
    WHERE (((strftime(lk_local_america_new_york(t.created_ts), '%Y-%m')) = '2026-01') OR (CAST(date_trunc('month', lk_local_america_new_york(t.created_ts)) AS DATE) > CAST(lk_local_america_new_york(t.created_ts) AS DATE)))
    WHERE (t.created_ts > date_trunc('hour', lk_local_america_new_york(t.created_ts)))
    WHERE (CAST(date_trunc('week', lk_local_america_new_york(t.created_ts)) AS DATE) = DATE '2026-11-11')
    "#);
    assert_snapshot!(conditions(Dialect::BigQuery, zone, dates), @r#"
    WHERE (DATE(t.created_ts, 'America/New_York') >= DATE '2026-01-31')
    WHERE (DATETIME(TIMESTAMP_TRUNC(t.created_ts, SECOND, 'America/New_York'), 'America/New_York') < DATETIME '2026-11-18 09:25:36')
    WHERE (((FORMAT_TIMESTAMP('%Y-%m', t.created_ts, 'America/New_York')) = '2026-01') OR (DATE(TIMESTAMP_TRUNC(t.created_ts, MONTH, 'America/New_York'), 'America/New_York') > DATE(t.created_ts, 'America/New_York')))
    WHERE (DATETIME(t.created_ts) > DATETIME(TIMESTAMP_TRUNC(t.created_ts, HOUR, 'America/New_York'), 'America/New_York'))
    WHERE (DATE(TIMESTAMP_TRUNC(t.created_ts, ISOWEEK, 'America/New_York'), 'America/New_York') = DATE '2026-11-11')
    "#);
}
