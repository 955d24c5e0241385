//! Queries, derived tables and addresses with such filters.

use insta::assert_snapshot;
use lookml::testing::Fixture;
use lookml::{AnswerValue, Cell, ExploreUrl, Model, Project, UserAttribute};
use serde_json::{Value as Json, json};

const MODEL: &str = r#"
view: orders {
  dimension: id { type: number primary_key: yes }
  dimension: user_id { type: number hidden: yes }
  dimension: status {}
  dimension: amount { type: number }
  dimension: is_open { type: yesno sql: ${status} = 'open' ;; }
  dimension: note { sql: {% if users._in_query %} 'joined' {% else %} 'alone' {% endif %} ;; }
  dimension: filtered { sql: {% if status._is_filtered %} 'yes' {% else %} 'no' {% endif %} ;; }
  dimension_group: created { type: time timeframes: [raw, date, month, day_of_week] sql: ${TABLE}.created_ts ;; }
  measure: count { type: count drill_fields: [id, status] }
  measure: total { type: sum sql: ${amount} ;; }
  measure: share { type: percent_of_total sql: ${count} ;; }
  measure: statuses { type: list list_field: status }
  filter: picked { type: string }
}
view: users {
  dimension: id { type: number primary_key: yes }
  dimension: name {}
  dimension: secret { required_access_grants: [insiders] }
  dimension: place { type: location sql_latitude: 1 ;; sql_longitude: 2 ;; }
  measure: count { type: count }
  measure: credit { type: sum sql: ${TABLE}.credit ;; }
}
access_grant: insiders { user_attribute: team allowed_values: ["in"] }
explore: orders {
  join: users { sql_on: ${orders.user_id} = ${users.id} ;; relationship: many_to_one }
  query: large { dimensions: [status] measures: [count] expression_custom_filter: ${orders.amount} > 150 ;; }
}
explore: users { join: orders { sql_on: ${orders.user_id} = ${users.id} ;; relationship: one_to_many } }
view: native {
  derived_table: {
    explore_source: orders {
      column: status {}
      column: n { field: orders.count }
      expression_custom_filter: ${amount} >= 200 AND ${orders.count} < 2 AND NOT ${users.name} = "Cy" ;;
    }
  }
  dimension: status {}
  dimension: n { type: number }
}
explore: native {}
view: grant_table {
  derived_table: { explore_source: orders { column: status {} expression_custom_filter: ${users.secret} = "s" ;; } }
  dimension: status {}
}
explore: grant_table {}
test: no_large { explore_source: orders { column: amount {} expression_custom_filter: ${orders.status} != "void" ;; }
  assert: small { expression: ${orders.amount} < 400 ;; } }
"#;

fn orders() -> Fixture {
    Fixture::new(MODEL)
        .with_table(
            "orders",
            "id, user_id, status, amount, created_ts",
            "(1, 10, 'open', 100, TIMESTAMP '2026-11-01 10:00:00'), (2, 10, 'open', 200, TIMESTAMP '2026-11-17 10:00:00'),
             (3, 20, 'done', 300, TIMESTAMP '2026-10-05 23:00:00'), (4, NULL, 'void', 400, NULL),
             (5, 30, 'it''s \"q\"', 200, TIMESTAMP '2025-11-17 00:00:00'), (6, 20, NULL, NULL, TIMESTAMP '2026-11-18 00:00:00')",
        )
        .with_table(
            "users",
            "id, name, secret, credit",
            "(10, 'Al', 's', 5), (20, 'Bo', 's', 7), (30, 'Cy', 't', 9)",
        )
}

/// The values of the only column.
fn column(fixture: &Fixture, query: Json) -> Json {
    let mut whole = json!({"model": "test", "view": "orders"});
    whole
        .as_object_mut()
        .unwrap()
        .extend(query.as_object().unwrap().clone());
    let answer = fixture.answer(&serde_json::from_value(whole).unwrap());
    let rows = answer.unwrap_or_else(|error| panic!("{error}")).json();
    let values = rows.as_array().unwrap().iter().map(|row| {
        let mut row = row.as_object().unwrap().values();
        match row.len() {
            1 => row.next().cloned().unwrap(),
            _ => Json::Array(row.cloned().collect()),
        }
    });
    Json::Array(values.collect())
}

#[track_caller]
fn ids(expression: &str, expected: Json) {
    let query =
        json!({"fields": ["orders.id"], "sorts": ["orders.id"], "filter_expression": expression});
    assert_eq!(column(&orders(), query), expected, "{expression}");
}

#[test]
fn rows_are_filtered_by_dimensions() {
    ids(
        "${orders.amount} > 150 AND ${orders.amount} < 400",
        json!([2, 3, 5]),
    );
    ids("${orders.status} = \"it's \\\"q\\\"\"", json!([5]));
    ids("${orders.status} = \"' OR 1=1 --\"", json!([]));
    ids(
        "is_null(${orders.amount}) OR ${orders.is_open}",
        json!([1, 2, 6]),
    );
    ids("NOT ${orders.is_open}", json!([3, 4, 5, 6]));
    ids(
        "${orders.created_date} >= add_days(-7, now())",
        json!([2, 6]),
    );
    ids("diff_days(${orders.created_date}, now()) > 300", json!([5]));
    ids("${orders.created_month} = \"2026-11\"", json!([1, 2, 6]));
    ids(
        "matches_filter(${orders.created_date}, `last month`)",
        json!([3]),
    );
    ids(
        "matches_filter(${orders.created_month}, `7 days`) # of days",
        json!([2, 6]),
    );
    ids("\n", json!([1, 2, 3, 4, 5, 6]));
}

#[test]
fn joins_that_it_needs_take_part() {
    ids(
        "${users.name} = \"Bo\" OR ${orders.amount} = 400",
        json!([3, 4, 6]),
    );
    let by_user = |expression: &str| json!({"fields": ["users.credit"], "view": "users", "filter_expression": expression});
    // Each user counts once, however many orders pass.
    assert_eq!(column(&orders(), by_user("${orders.is_open}")), json!([5]));
    assert_eq!(
        column(&orders(), by_user("${orders.amount} > 0")),
        json!([21])
    );
    assert_eq!(
        column(&orders(), by_user("${orders.count} > 2")),
        json!([21])
    );
    let note = |expression: &str| json!({"fields": ["orders.note", "orders.filtered"], "filter_expression": expression});
    assert_eq!(column(&orders(), note("")), json!([["alone", "no"]]));
    assert_eq!(
        column(&orders(), note("${users.name} = \"Al\"")),
        json!([["joined", "no"]])
    );
    assert_eq!(
        column(&orders(), note("${orders.status} = \"open\"")),
        json!([["alone", "yes"]])
    );
}

#[test]
fn groups_are_filtered_by_measures() {
    let by_status = |expression: &str| {
        json!({"fields": ["orders.status", "orders.count"], "sorts": ["orders.status"],
            "filter_expression": expression})
    };
    let rows = |expression: &str| column(&orders(), by_status(expression));
    assert_eq!(rows("${orders.count} > 1"), json!([["open", 2]]));
    assert_eq!(
        rows("${orders.total} >= 300 AND ${orders.amount} != 400"),
        json!([["done", 1], ["open", 2]])
    );
    assert_eq!(
        rows("${orders.count} = 2 OR ${orders.status} = \"void\""),
        json!([["open", 2], ["void", 1]])
    );
    assert_eq!(
        rows(
            "if(is_null(${orders.status}), ${orders.total} = 0, ${orders.total} / ${orders.count} > 299)"
        ),
        json!([[null, 1], ["done", 1], ["void", 1]])
    );
    let by_month = json!({"fields": ["orders.is_open", "orders.created_month"],
        "sorts": ["orders.created_month"],
        "filter_expression":
            "${orders.total} > 250 OR ${orders.is_open} OR add_months(1, ${orders.created_month}) = date(2026, 12, 1)"});
    assert_eq!(
        column(&orders(), by_month),
        json!([
            ["No", null],
            ["No", "2026-10"],
            ["No", "2026-11"],
            ["Yes", "2026-11"]
        ])
    );
    let without_groups =
        json!({"fields": ["orders.count"], "filter_expression": "${orders.total} > 5000"});
    assert_eq!(column(&orders(), without_groups), json!([]));
}

#[test]
fn other_filters_hold_beside_it() {
    let query = json!({"fields": ["orders.id"], "filters": {"orders.amount": "200", "orders.total": ">0"},
        "filter_expression": "${orders.status} = \"open\" OR ${orders.status} = \"done\""});
    assert_eq!(column(&orders(), query), json!([2]));
}

#[test]
fn there_are_totals_of_filtered_rows_and_none_of_filtered_groups() {
    let asked = |expression: &str| {
        let query = json!({"model": "test", "view": "orders", "fields": ["orders.status", "orders.total"],
            "total": true, "filter_expression": expression});
        orders()
            .answer(&serde_json::from_value(query).unwrap())
            .unwrap()
    };
    let of_rows = asked("${orders.amount} < 300");
    let total = of_rows.totals.unwrap().values.pop();
    assert_eq!(total, Some(AnswerValue::One(Cell::Integer(500))));
    let of_groups = asked("${orders.total} > 300");
    assert!(of_groups.totals.is_none());
    assert_eq!(of_groups.notices[0].rule.code, "LK330");
}

#[test]
fn gaps_that_it_leaves_on_purpose_are_not_filled() {
    let filled = |fields: [&str; 2], expression: &str| {
        let query = json!({"fields": fields, "fill_fields": [fields[0]], "sorts": [fields[0]],
            "filter_expression": expression});
        column(&orders(), query).as_array().unwrap().len()
    };
    let by_month = ["orders.created_month", "orders.count"];
    assert_eq!(filled(by_month, "${orders.created_date} > \"2025\""), 13);
    assert_eq!(
        filled(
            by_month,
            "${orders.count} > 0 AND ${orders.created_date} > \"2025\""
        ),
        3
    );
    let by_weekday = ["orders.created_day_of_week", "orders.count"];
    assert_eq!(filled(by_weekday, "${orders.is_open}"), 7);
    assert_eq!(
        filled(
            by_weekday,
            "starts_with(${orders.created_day_of_week}, \"S\")"
        ),
        1
    );
}

#[test]
fn the_rows_behind_a_measure_are_those_of_the_filter() {
    let query = json!({"model": "test", "view": "orders", "fields": ["orders.status", "orders.count"],
        "filter_expression":
            "${orders.count} = 1 AND (${orders.amount} > 350 # much\n) AND ${orders.status} = \"void\""});
    let fixture = orders();
    let answer = fixture
        .answer(&serde_json::from_value(query).unwrap())
        .unwrap();
    let detail = answer.json_detail();
    let url = &detail["data"][0]["orders.count"]["links"][0]["url"];
    let url: ExploreUrl = url.as_str().unwrap().parse().unwrap();
    let expression = url.query.filter_expression.clone().unwrap();
    assert_eq!(
        expression,
        "((${orders.amount} > 350 # much\n)\n) AND (${orders.status} = \"void\"\n)"
    );
    assert_eq!(
        fixture.answer(&url.query).unwrap().json(),
        json!([{"orders.id": 4, "orders.status": "void"}])
    );
}

#[test]
fn derived_tables_have_it() {
    let rows = orders().rows("fields=native.status,native.n&sorts=native.status");
    assert_eq!(
        rows,
        json!([{"native.status": "done", "native.n": 1}, {"native.status": "open", "native.n": 1}])
    );
    let refused = orders().error("fields=grant_table.status");
    assert_snapshot!(refused, @"LK301: the field `users.secret` needs the access grant `insiders`");
    let insider = orders().with_user_attribute("team", UserAttribute::Literal("in".into()));
    assert_eq!(
        insider.rows("fields=grant_table.status&limit=1&sorts=grant_table.status desc"),
        json!([{"grant_table.status": "open"}])
    );
}

#[test]
fn addresses_and_quick_starts_and_tests_have_it() {
    let url = "fields=orders.id&sorts=orders.id&filter_expression=%24%7Borders.amount%7D+%3E+250";
    assert_eq!(
        orders().rows(url),
        json!([{"orders.id": 3}, {"orders.id": 4}])
    );
    let files = [("test.model.lkml".to_owned(), MODEL.to_owned())];
    let (model, problems) = Model::load(&Project::new(files), "test");
    assert!(problems.is_empty(), "{problems:#?}");
    let model = model.unwrap();
    let quick = &model.explores["orders"].queries[0];
    assert_eq!(
        orders().answer(&quick.query).unwrap().json(),
        json!([{"orders.status": "done", "orders.count": 1}, {"orders.status": "it's \"q\"", "orders.count": 1},
            {"orders.status": "open", "orders.count": 1}, {"orders.status": "void", "orders.count": 1}])
    );
    let test = &model.tests[0];
    let answer = orders().answer(&test.query(&model).unwrap()).unwrap();
    assert_eq!(
        test.failing_rows(&test.asserts[0], &answer).unwrap(),
        Vec::<usize>::new()
    );
}

#[test]
fn user_attributes_are_filters_of_it() {
    let passing = |attribute: &str| {
        let fixture = orders().with_user_attribute("who", UserAttribute::Literal(attribute.into()));
        let expression = "matches_filter(${users.name}, `{{ _user_attributes['who'] }}`)";
        column(
            &fixture,
            json!({"fields": ["orders.id"], "filter_expression": expression}),
        )
    };
    assert_eq!(passing("Cy"), json!([5]));
    assert_eq!(passing("%"), json!([]));
}
