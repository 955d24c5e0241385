//! Gaps of dates and labels: what is missing is added, and what a limit has cut off is not said to be missing.

use lookml::testing::Fixture;
use lookml::{Answer, AnswerValue, Cell};
use serde_json::{Value as Json, json};

const MODEL: &str = r#"
view: orders {
  dimension: status {}
  dimension: size { type: tier tiers: [150, 250] style: integer sql: ${TABLE}.amount ;; }
  dimension_group: made { type: time timeframes: [date, month, year] sql: ${TABLE}.made ;; }
  measure: total { type: sum sql: ${TABLE}.amount ;; }
  measure: negative { type: number sql: 0 - ${total} ;; }
  measure: by_negative { type: sum sql: ${TABLE}.amount ;; order_by_field: negative }
}
explore: orders {}
explore: large { view_name: orders sql_always_having: ${orders.total} > 150 ;; }
"#;

/// Orders of the 2nd, 5th, 7th and 9th of March.
fn orders() -> Fixture {
    Fixture::new(MODEL).with_table(
        "orders",
        "made, status, amount",
        "(TIMESTAMP '2026-03-02', 'done', 100), (TIMESTAMP '2026-03-05', 'open', 200),
         (TIMESTAMP '2026-03-07', 'open', 300), (TIMESTAMP '2026-03-09', 'done', 400)",
    )
}

fn days(url: &str) -> Answer {
    let fields = "fields=orders.made_date,orders.total&fill_fields=orders.made_date";
    orders().ask(&format!("{fields}&{url}")).unwrap()
}

/// The days of the rows with their totals, `5:200`; a gap is `6:`.
fn shown(answer: &Answer) -> String {
    let rows = answer.json();
    let rows = rows.as_array().unwrap().iter().map(|row| {
        let day = row["orders.made_date"].as_str().unwrap();
        let day = day.trim_start_matches("2026-03-").trim_start_matches('0');
        let total = row["orders.total"].as_i64();
        format!("{day}:{}", total.map_or(String::new(), |n| n.to_string()))
    });
    rows.collect::<Vec<_>>().join(" ")
}

fn notices(answer: &Answer) -> Vec<&str> {
    let notices = answer.notices.iter();
    notices.map(|notice| notice.rule.code).collect()
}

#[test]
fn where_two_filters_leave_no_moment_nothing_is_missing() {
    let years =
        "fields=orders.made_year,orders.total&fill_fields=orders.made_year&f[orders.made_date]";
    let ask = |dates: &str| {
        let url = format!("{years}={dates}&f[orders.made_month]=2026-04");
        orders().ask(&url).unwrap().json()
    };
    assert_eq!(ask("2026-03-02+to+2026-03-07"), json!([]));
    let empty = json!([{"orders.made_year": 2026, "orders.total": null}]);
    assert_eq!(ask("2026-04-02+to+2026-04-07"), empty);
}

#[test]
fn rows_that_the_limit_has_cut_off_are_not_gaps() {
    let whole = days("sorts=orders.made_date");
    assert_eq!(shown(&whole), "2:100 3: 4: 5:200 6: 7:300 8: 9:400");
    let first = days("sorts=orders.made_date&limit=2");
    assert_eq!(shown(&first), "2:100 3: 4: 5:200");
    let last = days("sorts=orders.made_date+desc&limit=2");
    assert_eq!(shown(&last), "9:400 8: 7:300");
    assert_eq!(notices(&last), [""; 0]);
    // Before the first one nothing was cut off.
    let range = "f[orders.made_date]=2026-03-01+to+2026-03-12&sorts=orders.made_date";
    assert_eq!(shown(&days(&format!("{range}&limit=1"))), "1: 2:100");
}

#[test]
fn among_rows_in_another_order_it_is_not_known_what_is_missing() {
    let largest = days("sorts=orders.total+desc&limit=2");
    assert_eq!(shown(&largest), "9:400 7:300");
    assert_eq!(notices(&largest), ["LK321"]);
    let whole = days("sorts=orders.total+desc");
    assert_eq!(shown(&whole), "9:400 7:300 5:200 2:100 3: 4: 6: 8:");
    let two = "fields=orders.made_date,orders.size,orders.total&fill_fields=orders.made_date,orders.size&limit=2";
    let two = orders().ask(two).unwrap();
    assert_eq!((two.rows.len(), notices(&two)), (2, vec!["LK321"]));
}

#[test]
fn columns_that_the_limit_has_cut_off_are_not_gaps() {
    let url =
        "fields=orders.made_date,orders.total&pivots=orders.made_date&fill_fields=orders.made_date";
    let heads = |url: &str| -> Vec<String> {
        let answer = orders().ask(url).unwrap();
        let pivots = answer.pivots.iter();
        pivots.map(|pivot| pivot.key.clone()).collect()
    };
    assert_eq!(heads(url).len(), 8);
    let two = heads(&format!("{url}&column_limit=2"));
    assert_eq!(
        two,
        ["2026-03-02", "2026-03-03", "2026-03-04", "2026-03-05"]
    );
    let two = heads(&format!("{url}&column_limit=2&sorts=orders.made_date+desc"));
    assert_eq!(two, ["2026-03-09", "2026-03-08", "2026-03-07"]);
    let labels = "fields=orders.size,orders.total,orders.status&pivots=orders.size&fill_fields=orders.size&column_limit=1";
    assert_eq!(heads(labels), ["Below 150"]);
}

#[test]
fn groups_that_the_explore_leaves_out_are_not_gaps() {
    let url = "/explore/test/large?fields=orders.made_date,orders.total&fill_fields=orders.made_date&sorts=orders.made_date";
    let answer = orders().ask(url).unwrap();
    assert_eq!(shown(&answer), "5:200 7:300 9:400");
}

#[test]
fn filled_rows_leave_the_others_in_the_order_of_a_hidden_field() {
    let url = "fields=orders.made_date,orders.by_negative&fill_fields=orders.made_date&sorts=orders.by_negative";
    let days = |url: &str| -> Vec<Json> {
        let rows = orders().rows(url);
        let rows = rows.as_array().unwrap().iter();
        let rows = rows.filter(|row| !row["orders.by_negative"].is_null());
        rows.map(|row| row["orders.by_negative"].clone()).collect()
    };
    let expected = [json!(400), json!(300), json!(200), json!(100)];
    assert_eq!(days(url), expected);
    let answer = orders().ask(url).unwrap();
    assert_eq!(answer.rows.len(), 8);
    let first = &answer.rows[0].values[1];
    assert_eq!(*first, AnswerValue::One(Cell::Null));
}

/// The hours of a night between two rides, where they are in New York.
fn night(day: &str, group: &str) -> String {
    let mut rides = Fixture::new(
        "view: rides {
           dimension_group: start { type: time timeframes: [hour, date] }
           dimension_group: local { type: time timeframes: [hour] convert_tz: no sql: ${TABLE}.local ;; }
           measure: count { type: count } }
         explore: rides {}",
    )
    .with_sql(&format!(
        "CREATE TABLE rides AS FROM (VALUES
           (TIMESTAMP '{day} 05:30:00', TIMESTAMP '{day} 00:30:00'),
           (TIMESTAMP '{day} 08:30:00', TIMESTAMP '{day} 04:30:00')) AS t(start, local)"
    ));
    rides.settings.query_timezone = Some(jiff::tz::TimeZone::get("America/New_York").unwrap());
    let url = format!(
        "fields=rides.{group}_hour,rides.count&fill_fields=rides.{group}_hour&sorts=rides.{group}_hour"
    );
    let rows = rides.rows(&url);
    let hours = rows.as_array().unwrap().iter();
    let hours =
        hours.map(|row| row[format!("rides.{group}_hour")].as_str().unwrap()[11..].to_owned());
    hours.collect::<Vec<_>>().join(" ")
}

#[test]
fn an_hour_that_the_clocks_skip_is_not_missing() {
    assert_eq!(night("2026-03-08", "start"), "00 01 03 04");
    assert_eq!(night("2026-03-07", "start"), "00 01 02 03");
    // Whose clock showed these is not known.
    assert_eq!(night("2026-03-08", "local"), "00 01 02 03 04");
}
