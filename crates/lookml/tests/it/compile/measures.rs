//! What measures answer: over rows that joins repeat, that are missing, that filters leave out.

use insta::assert_snapshot;
use lookml::Dialect;
use lookml::testing::Fixture;
use serde_json::{Value as Json, json};

use super::{bigquery, compile, model};

/// Orders with their items. Two orders have two items, one has one, one has none.
const SHOP: &str = r#"
view: orders {
  dimension: id { primary_key: yes type: number }
  dimension: status {}
  dimension: amount { type: number }
  measure: count { type: count }
  measure: total { type: sum sql: ${amount} ;; }
  measure: average { type: average sql: ${amount} ;; }
  measure: median { type: median sql: ${amount} ;; }
  measure: median_small { type: median sql: CAST(${amount} / 4 + 20 AS TINYINT) ;; }
  measure: total_of_a { type: sum sql: ${amount} ;; filters: [items.kind: "a"] }
  measure: average_of_a { type: average sql: ${amount} ;; filters: [items.kind: "a"] }
  measure: per_average { type: number sql: 1000.0 / ${average} ;; }
  measure: negative { type: number sql: 0 - ${total} ;; }
  measure: by_negative { type: sum sql: ${amount} ;; order_by_field: negative }
  measure: done { type: number sql: ${total} ;; filters: [status: "done"] }
  measure: statuses { type: list list_field: status filters: [status: "done"] }
  measure: running { type: running_total sql: ${total} ;; filters: [status: "done"] }
  measure: latest { type: date sql: MAX(${TABLE}.day) ;; convert_tz: no datatype: date }
  measure: latest_time { type: date_time sql: MAX(${TABLE}.made) ;; convert_tz: no }
  measure: latest_second { type: date_time sql: MAX(${TABLE}.second) ;; datatype: epoch }
}
view: items {
  dimension: id { primary_key: yes type: number }
  dimension: order_id { type: number }
  dimension: kind {}
  dimension: price { type: number }
  measure: count { type: count }
  measure: shipping { type: sum_distinct sql_distinct_key: ${order_id} ;; sql: 7 ;; filters: [kind: "a"] }
}
view: lines {
  sql_table_name: items ;;
  dimension: order_id { type: number }
  dimension: kind {}
  measure: count { type: count }
  measure: count_of_b { type: count filters: [kind: "-b"] }
}
view: across {
  measure: total { type: sum sql: ${orders.amount} ;; }
  measure: count { type: count }
  measure: ratio { type: number sql: ${orders.total} / ${orders.count} ;; }
}
explore: orders {
  join: items { sql_on: ${items.order_id} = ${orders.id} ;; relationship: one_to_many }
  join: lines { sql_on: ${lines.order_id} = ${orders.id} ;; relationship: one_to_many }
  join: across { sql: ;; }
}
explore: unprotected {
  view_name: orders
  symmetric_aggregates: no
  join: items { sql_on: ${items.order_id} = ${orders.id} ;; relationship: one_to_many }
}
explore: whole {
  view_name: orders
  join: lines { type: full_outer sql_on: ${lines.order_id} = ${orders.id} ;; relationship: one_to_many }
}
explore: having {
  view_name: orders
  join: items { sql_on: ${items.order_id} = ${orders.id} ;; relationship: one_to_many sql_having: COUNT(*) > 100 ;; }
  join: lines { sql_on: ${lines.order_id} = ${orders.id} ;; sql_foreign_key: order_id ;; }
}
"#;

fn shop() -> Fixture {
    Fixture::new(SHOP)
        .with_table(
            "orders",
            "id, status, amount, day, made, second",
            "(1, 'done', 100, DATE '2026-03-07', TIMESTAMP '2026-03-07 12:00:00', 1772884800),
             (2, 'open', 200, DATE '2026-03-08', TIMESTAMP '2026-03-08 12:00:00', 1772971200),
             (3, NULL, 300, DATE '2026-03-09', TIMESTAMP '2026-03-09 12:00:00', 1773057600),
             (4, 'done', 400, NULL, NULL, NULL)",
        )
        .with_table(
            "items",
            "id, order_id, kind, price",
            "(1, 1, 'a', 10), (2, 1, 'b', 20), (3, 2, 'a', 30), (4, 2, 'a', 40), (5, 3, 'b', 50)",
        )
}

/// The shop with BigQuery's SQL, on a DuckDB that has the types and functions that sums need.
fn shop_in_bigquery() -> Fixture {
    let mut shop = shop().with_sql("CREATE TYPE bignumeric AS DECIMAL(38, 6)");
    shop.settings.dialect = Dialect::BigQuery;
    shop
}

/// The values of the one row.
fn row(shop: &Fixture, url: &str) -> Vec<Json> {
    let rows = shop.rows(url);
    assert_eq!(rows.as_array().unwrap().len(), 1, "{rows}");
    rows[0].as_object().unwrap().values().cloned().collect()
}

#[test]
fn a_filter_counts_a_key_that_some_of_its_rows_pass() {
    let url = "fields=orders.total_of_a,orders.average_of_a,items.count";
    assert_eq!(row(&shop(), url), [json!(300), json!(150.0), json!(5)]);
    let expected = [json!(300.0), json!(150.0), json!(5)];
    assert_eq!(row(&shop_in_bigquery(), url), expected);
    let url = "/explore/test/orders?fields=items.shipping";
    assert_eq!(row(&shop(), url), [json!(14)]);
    assert_eq!(row(&shop_in_bigquery(), url), [json!(14.0)]);
}

#[test]
fn an_average_of_repeated_rows_divides_as_a_whole() {
    let url = "fields=orders.per_average,items.count";
    for shop in [shop(), shop_in_bigquery()] {
        assert_eq!(row(&shop, url), [json!(4.0), json!(5)]);
    }
}

#[test]
fn a_percentile_in_bigquery_needs_no_subquery() {
    let plain = bigquery(json!({"fields": ["workouts.median_work"]}));
    assert_snapshot!(plain, @r#"
    SELECT
        CASE WHEN COUNT(workouts.total_work) = 0 THEN NULL WHEN COUNT(workouts.total_work) <= 10000 THEN (ARRAY_AGG(workouts.total_work ORDER BY workouts.total_work IS NULL, workouts.total_work LIMIT 10000)[SAFE_OFFSET(CAST(GREATEST(FLOOR(COUNT(workouts.total_work) * 0.5 - 0.0000001), 0) AS INT64))] + ARRAY_AGG(workouts.total_work ORDER BY workouts.total_work IS NULL, workouts.total_work LIMIT 10000)[SAFE_OFFSET(CAST(LEAST(FLOOR(COUNT(workouts.total_work) * 0.5), COUNT(workouts.total_work) - 1) AS INT64))]) / 2 ELSE APPROX_QUANTILES(workouts.total_work, 1000)[OFFSET(CAST(1000 * 0.5 AS INT64))] END AS workouts_median_work
    FROM `my-project.peloton.workouts` AS workouts
    ORDER BY 1 DESC
    LIMIT 501
    "#);
    let repeated = bigquery(json!({"fields": ["rides.median_minutes"]}));
    assert_snapshot!(repeated, @r#"
    SELECT
        CASE WHEN COUNT(DISTINCT CAST(CAST((rides.duration / 60.0) AS BIGNUMERIC) + CAST('50000000000000000000000000000' AS BIGNUMERIC) AS STRING) || ' ' || CAST(rides.id AS STRING)) = 0 THEN NULL ELSE CAST(((CAST(SPLIT(ARRAY_AGG(DISTINCT COALESCE(CAST(CAST((rides.duration / 60.0) AS BIGNUMERIC) + CAST('50000000000000000000000000000' AS BIGNUMERIC) AS STRING) || ' ' || CAST(rides.id AS STRING), '~') ORDER BY COALESCE(CAST(CAST((rides.duration / 60.0) AS BIGNUMERIC) + CAST('50000000000000000000000000000' AS BIGNUMERIC) AS STRING) || ' ' || CAST(rides.id AS STRING), '~'))[SAFE_OFFSET(CAST(GREATEST(FLOOR(COUNT(DISTINCT CAST(CAST((rides.duration / 60.0) AS BIGNUMERIC) + CAST('50000000000000000000000000000' AS BIGNUMERIC) AS STRING) || ' ' || CAST(rides.id AS STRING)) * 0.5 - 0.0000001), 0) AS INT64))], ' ')[SAFE_OFFSET(0)] AS BIGNUMERIC) - CAST('50000000000000000000000000000' AS BIGNUMERIC)) + (CAST(SPLIT(ARRAY_AGG(DISTINCT COALESCE(CAST(CAST((rides.duration / 60.0) AS BIGNUMERIC) + CAST('50000000000000000000000000000' AS BIGNUMERIC) AS STRING) || ' ' || CAST(rides.id AS STRING), '~') ORDER BY COALESCE(CAST(CAST((rides.duration / 60.0) AS BIGNUMERIC) + CAST('50000000000000000000000000000' AS BIGNUMERIC) AS STRING) || ' ' || CAST(rides.id AS STRING), '~'))[SAFE_OFFSET(CAST(LEAST(FLOOR(COUNT(DISTINCT CAST(CAST((rides.duration / 60.0) AS BIGNUMERIC) + CAST('50000000000000000000000000000' AS BIGNUMERIC) AS STRING) || ' ' || CAST(rides.id AS STRING)) * 0.5), COUNT(DISTINCT CAST(CAST((rides.duration / 60.0) AS BIGNUMERIC) + CAST('50000000000000000000000000000' AS BIGNUMERIC) AS STRING) || ' ' || CAST(rides.id AS STRING)) - 1) AS INT64))], ' ')[SAFE_OFFSET(0)] AS BIGNUMERIC) - CAST('50000000000000000000000000000' AS BIGNUMERIC))) / 2 AS FLOAT64) END AS rides_median_minutes
    FROM `my-project.peloton.workouts` AS workouts
    LEFT JOIN peloton.rides AS rides ON workouts.ride_id = rides.id
    ORDER BY 1 DESC
    LIMIT 501
    "#);
}

#[test]
fn a_median_does_not_leave_the_range_of_its_column() {
    assert_eq!(row(&shop(), "fields=orders.median_small"), [json!(82.5)]);
    let repeated = row(&shop(), "fields=orders.median_small,items.count");
    assert_eq!(repeated, [json!(82.5), json!(5)]);
}

#[test]
fn a_measure_of_a_time_reads_its_column_as_it_says() {
    let shop = shop();
    let url = |rest: &str| format!("query_timezone=America/New_York&fields={rest}");
    let latest = row(&shop, &url("orders.latest,orders.latest_time"));
    assert_eq!(latest, ["2026-03-09", "2026-03-09 12:00:00"]);
    let second = row(&shop, &url("orders.latest_second"));
    assert_eq!(second, ["2026-03-09 08:00:00"]);
    let filtered = url("orders.latest&f[orders.latest]=2026-03-09");
    assert_eq!(row(&shop, &filtered), ["2026-03-09"]);
    let filtered = url("orders.count&f[orders.latest_second]=2026-03-09");
    assert_eq!(row(&shop, &filtered), [4]);
}

#[test]
fn a_count_without_a_key_leaves_out_where_there_is_no_row() {
    let counts = shop().rows("fields=orders.id,lines.count,lines.count_of_b&sorts=orders.id");
    assert_eq!(
        counts,
        json!([
            {"orders.id": 1, "lines.count": 2, "lines.count_of_b": 1},
            {"orders.id": 2, "lines.count": 2, "lines.count_of_b": 2},
            {"orders.id": 3, "lines.count": 1, "lines.count_of_b": 0},
            {"orders.id": 4, "lines.count": 0, "lines.count_of_b": 0},
        ])
    );
    assert_snapshot!(shop().error("/explore/test/whole?fields=lines.count"), @r#"
    LK302: the joins of this query miss rows of `lines`, and without a primary key `lines.count` can't count each once
    declare a `primary_key: yes` dimension in the view `lines`
    "#);
}

#[test]
fn elements_of_an_array_are_counted_where_there_are_some() {
    let shop = Fixture::new(
        "view: orders { dimension: id { primary_key: yes } dimension: items {} }
         view: items { measure: count { type: count } }
         explore: orders { join: items { sql: LEFT JOIN UNNEST(${orders.items}) AS items ;; relationship: one_to_many } }",
    )
    .with_table("orders", "id, items", "(1, ['a', 'b']), (2, [])");
    let counts = shop.rows("fields=orders.id,items.count&sorts=orders.id");
    assert_eq!(
        counts,
        json!([{"orders.id": 1, "items.count": 2}, {"orders.id": 2, "items.count": 0}])
    );
}

#[test]
fn elements_may_be_called_as_their_array() {
    let orders = |join: &str| {
        Fixture::new(&format!(
            "view: orders {{ dimension: id {{ type: number primary_key: yes }} dimension: items {{}} }}
             view: items {{ dimension: price {{ type: number }} dimension: whole {{ sql: ${{TABLE}} ;; }}
               measure: count {{ type: count }} measure: total {{ type: sum sql: ${{price}} ;; }} }}
             explore: orders {{ join: items {{ sql: {join} ;; relationship: one_to_many }} }}"
        ))
        .with_table(
            "orders",
            "id, items",
            "(1, [{'price': 5}, {'price': 7}]), (2, NULL)",
        )
        .rows("fields=orders.id,items.count,items.total&sorts=orders.id")
    };
    let row = |id: i64, count: i64, total: i64| json!({"orders.id": id, "items.count": count, "items.total": total});
    let expected = json!([row(1, 2, 12), row(2, 0, 0)]);
    assert_eq!(
        orders("LEFT JOIN UNNEST(${orders.items}) AS items"),
        expected
    );
    assert_eq!(
        orders("LEFT JOIN UNNEST(${orders.items}) items WITH OFFSET AS place"),
        expected
    );
}

#[test]
fn a_view_of_fields_has_the_rows_of_the_base() {
    let shop = shop();
    let url = "/explore/test/orders?fields=across.total,across.count,across.ratio";
    assert_eq!(row(&shop, url), [json!(1000), json!(4), json!(250.0)]);
    assert_snapshot!(shop.error(&format!("{url},items.count")), @r#"
    LK302: the joins of this query repeat rows of `across`, and without a primary key `across.total` can't count each once
    declare a `primary_key: yes` dimension in the view `across`
    "#);
    let ratio = "/explore/test/orders?fields=across.ratio,items.count";
    assert_eq!(row(&shop, ratio), [json!(250.0), json!(5)]);
}

#[test]
fn rows_are_grouped_where_a_join_repeats_them_protected_or_not() {
    let shop = shop();
    let kinds = shop.rows("/explore/test/unprotected?fields=orders.id,items.kind");
    assert_eq!(kinds.as_array().unwrap().len(), 5, "{kinds}");
    let ids = "/explore/test/unprotected?fields=orders.id&f[items.kind]=-zzz";
    let ids = shop.rows(ids);
    assert_eq!(ids.as_array().unwrap().len(), 4, "{ids}");
    let total = "/explore/test/unprotected?fields=orders.total,items.count";
    assert_eq!(row(&shop, total), [json!(1300), json!(5)]);
}

#[test]
fn rows_are_sorted_by_the_field_that_a_measure_names() {
    let shop = shop();
    let url = "fields=orders.status,orders.by_negative&sorts=orders.by_negative+desc";
    let statuses = |url: &str| -> Vec<Json> {
        let rows = shop.rows(url);
        let rows = rows.as_array().unwrap().iter();
        rows.map(|row| row["orders.status"].clone()).collect()
    };
    let expected = [json!("open"), json!(null), json!("done")];
    assert_eq!(statuses(url), expected);
    assert_eq!(statuses(&format!("{url}&total=on")), expected);
    let pivoted = "fields=orders.status,orders.by_negative,items.kind&pivots=items.kind&sorts=orders.by_negative+desc+0";
    // By the negative totals of the kind `a`: -100, -200, and none.
    assert_eq!(
        statuses(pivoted),
        [json!("done"), json!("open"), json!(null)]
    );
}

#[test]
fn filters_of_a_measure_that_can_have_none_are_refused() {
    let shop = shop();
    assert_snapshot!(shop.error("fields=orders.done"), @r#"
    LK119: `orders.done` has `filters`, which only measures that aggregate rows can have
    give them to the measures that it is made of
    "#);
    assert_snapshot!(shop.error("fields=orders.statuses"), @r#"
    LK119: `orders.statuses` has `filters`, which only measures that aggregate rows can have
    give them to the measures that it is made of
    "#);
    assert_snapshot!(shop.error("fields=orders.running"), @r#"
    LK119: `orders.running` has `filters`, which only measures that aggregate rows can have
    give them to the measures that it is made of
    "#);
}

#[test]
fn conditions_of_a_join_that_are_not_supported_are_refused() {
    let shop = shop();
    let url = |field: &str| format!("/explore/test/having?fields=orders.count,{field}");
    assert_snapshot!(shop.error(&url("items.count")), @"LK932: the join `items` has `sql_having`, which is not supported");
    assert_snapshot!(shop.error(&url("lines.kind")), @"LK932: the join `lines` has `sql_foreign_key`, which is not supported");
    assert_eq!(row(&shop, "/explore/test/having?fields=orders.count"), [4]);
}

#[test]
fn a_required_join_stands_before_the_one_that_requires_it() {
    let model = model(
        "view: a { dimension: id {} } view: b { dimension: id {} } view: c { dimension: b_id {} }
         explore: a {
           join: b { sql_on: b.id = c.b_id AND ${a.id} = 1 ;; relationship: one_to_one required_joins: [c] }
           join: c { sql_on: ${c.b_id} = ${a.id} ;; relationship: one_to_one }
         }",
    );
    let query = json!({"view": "a", "fields": ["b.id"]});
    assert_snapshot!(compile(&model, Dialect::DuckDb, query).unwrap().statements[0].sql, @r#"
    SELECT
        b.id AS "b.id"
    FROM a AS a
    LEFT JOIN c AS c ON c.b_id = a.id
    LEFT JOIN b AS b ON b.id = c.b_id AND a.id = 1
    GROUP BY 1
    ORDER BY 1 ASC NULLS FIRST
    LIMIT 501
    "#);
}
