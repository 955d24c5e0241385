//! The link of a count leads to as many rows as it counts, or there is none.

use serde_json::Value as Json;

use super::rides;
use lookml::testing::Fixture;

/// The counts of a query's cells, each with how many rows its link leads to.
fn followed(rides: &Fixture, url: &str) -> Vec<(i64, Option<usize>)> {
    let detail = rides.ask(url).unwrap().json_detail();
    let rows = detail["data"].as_array().unwrap();
    let cells = rows.iter().flat_map(|row| {
        let measures = ["t.count", "t.some"];
        measures.into_iter().flat_map(|name| match &row[name] {
            Json::Null => Vec::new(),
            cell if cell.get("value").is_some() => vec![cell],
            across => across.as_object().unwrap().values().collect(),
        })
    });
    let cells = cells.map(|cell| {
        let url = cell["links"][0]["url"].as_str();
        let rows = url.map(|url| rides.rows(url).as_array().unwrap().len());
        (cell["value"].as_i64().unwrap(), rows)
    });
    cells.collect()
}

/// Rides of which `some` has these filters.
fn some(filters: &str, more: &str) -> Fixture {
    rides(&format!(
        "drill_fields: [id]
         measure: some {{ type: count filters: [{filters}] }}
         {more}"
    ))
}

#[test]
fn what_the_measure_does_not_want_has_no_link() {
    let cycling = some("d: \"cycling\"", "");
    assert_eq!(
        followed(&cycling, "fields=t.d,t.some&sorts=t.d"),
        [(2, Some(2)), (0, None)]
    );
    let but = some("d: \"-cycling\"", "");
    assert_eq!(
        followed(&but, "fields=t.d,t.some&sorts=t.d"),
        [(0, None), (2, Some(2))]
    );
}

#[test]
fn the_filter_of_the_query_and_that_of_the_measure_both_hold() {
    let texts = some("e: \"x,y\"", "");
    assert_eq!(followed(&texts, "fields=t.some&f[t.e]=x,z"), [(2, Some(2))]);
    assert_eq!(followed(&texts, "fields=t.some&f[t.e]=-x"), [(1, Some(1))]);
    assert_eq!(followed(&texts, "fields=t.some&f[t.e]=z"), [(0, None)]);
    assert_eq!(
        followed(&texts, "fields=t.some&f[t.e]=x%25"),
        [(2, Some(2))]
    );
    let like = some("e: \"x%\"", "");
    assert_eq!(followed(&like, "fields=t.some&f[t.e]=%25x"), [(2, None)]);
    let numbers = some("n: \">=20\"", "");
    assert_eq!(
        followed(&numbers, "fields=t.some&f[t.n]=<30"),
        [(1, Some(1))]
    );
    assert_eq!(
        followed(&numbers, "fields=t.some&f[t.n]=[20,30]"),
        [(2, Some(2))]
    );
    assert_eq!(
        followed(&numbers, "fields=t.some&f[t.n]=10,30"),
        [(1, Some(1))]
    );
    assert_eq!(
        followed(&numbers, "fields=t.some&f[t.n]=NOT 20"),
        [(1, Some(1))]
    );
    assert_eq!(followed(&numbers, "fields=t.some&f[t.n]=<15"), [(0, None)]);
    let dates = some("created_date: \"2026-11-03 to 2026-12-01\"", "");
    let days = "fields=t.some&f[t.created_date]=2026-11-01 to 2026-11-05,2026-08";
    assert_eq!(followed(&dates, days), [(1, Some(1))]);
    let condition = some("big: \"yes\"", "");
    assert_eq!(
        followed(&condition, "fields=t.some&f[t.big]=yes"),
        [(2, Some(2))]
    );
    assert_eq!(
        followed(&condition, "fields=t.some&f[t.big]=no"),
        [(0, None)]
    );
}

#[test]
fn a_period_is_cut_by_a_filter_on_the_same_time() {
    let all = some("", "");
    assert_eq!(
        followed(
            &all,
            "fields=t.created_week,t.count&f[t.created_week]=2026-11-03 to 2026-11-05"
        ),
        [(1, Some(1))]
    );
    let november = some("created_month: \"2026-11\"", "");
    assert_eq!(
        followed(&november, "fields=t.created_month,t.some"),
        [(3, Some(3)), (0, None)]
    );
}

#[test]
fn what_no_filter_can_say_has_no_link() {
    let places = some(
        "",
        "dimension: place { type: location sql_latitude: ${TABLE}.id ;; sql_longitude: 1 ;; }
         dimension_group: at { type: time timeframes: [millisecond] sql: ${TABLE}.created ;; }",
    );
    let none = [(1, None), (1, None), (1, None), (1, None)];
    assert_eq!(followed(&places, "fields=t.place,t.count"), none);
    assert_eq!(followed(&places, "fields=t.at_millisecond,t.count"), none);
}

#[test]
fn spellings_that_a_filter_takes_for_one_have_no_link() {
    let either = some(
        "",
        "dimension: spelled { case_sensitive: no sql: CASE WHEN ${TABLE}.id = 1 THEN 'Run' ELSE ${TABLE}.d END ;; }",
    );
    assert_eq!(
        followed(&either, "fields=t.spelled,t.count&sorts=t.spelled"),
        [(1, None), (2, Some(2)), (1, None)]
    );
    assert_eq!(
        followed(&either, "fields=t.spelled,t.count&pivots=t.spelled"),
        [(1, None), (2, Some(2)), (1, None)]
    );
}

#[test]
fn what_the_explore_brings_holds_as_well() {
    let rides = Fixture::new(
        "view: t {
           dimension: id { type: number alias: [number] }
           dimension: d {}
           drill_fields: [id]
           measure: count { type: count }
           measure: some { type: count filters: [d: \"b,c\"] }
         }
         explore: t {
           always_filter: { filters: [t.d: \"a,b\"] }
           conditionally_filter: { filters: [t.id: \"<3\"] unless: [t.d] }
         }
         explore: u {
           view_name: t
           conditionally_filter: { filters: [t.id: \"<3\"] unless: [t.d] }
         }",
    )
    .with_table("t", "id, d", "(1, 'a'), (2, 'b'), (3, 'b'), (4, 'c')");
    assert_eq!(followed(&rides, "fields=t.some"), [(2, Some(2))]);
    let url = "/explore/test/u?fields=t.d,t.count&sorts=t.d";
    assert_eq!(followed(&rides, url), [(1, Some(1)), (1, Some(1))]);
    let url = "fields=t.number,t.count&f[t.number]=<3&sorts=t.id";
    assert_eq!(followed(&rides, url), [(1, Some(1)), (1, Some(1))]);
}

#[test]
fn a_filter_on_a_measure_chooses_rows_and_not_what_is_behind_them() {
    let all = some("", "");
    let url = "fields=t.d,t.count&f[t.count]=>1&sorts=t.d";
    assert_eq!(followed(&all, url), [(2, Some(2)), (2, Some(2))]);
    let rides = Fixture::new(
        "view: t { dimension: id { type: number } dimension: d {} measure: count { type: count drill_fields: [id] } }
         explore: t { always_filter: { filters: [t.count: \">1\"] } }",
    )
    .with_table("t", "id, d", "(1, 'a'), (2, 'b'), (3, 'b')");
    assert_eq!(followed(&rides, "fields=t.d,t.count"), [(2, Some(2))]);
}

#[test]
fn a_filter_on_a_measure_does_not_hold_by_one_more_dimension() {
    let rides = rides("dimension: sport { sql: ${d} ;; drill_fields: [e] }");
    let detail = rides
        .ask("fields=t.sport,t.count&sorts=t.sport&f[t.count]=2")
        .unwrap()
        .json_detail();
    let url = detail["data"][0]["t.sport"]["links"][0]["url"]
        .as_str()
        .unwrap();
    assert!(
        url.contains("f[t.count]=&") || url.ends_with("f[t.count]="),
        "{url}"
    );
    let counts = rides.rows(url);
    let counts = counts
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["t.count"].as_i64().unwrap());
    assert_eq!(counts.sum::<i64>(), 2);
}
