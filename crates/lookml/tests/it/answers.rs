//! From rows that a database returned to answers: no database is needed for that.

use insta::assert_snapshot;
use jiff::Timestamp;
use lookml::{Answer, Cell, Dialect, Model, Project, Query, Settings};
use serde_json::{Value as Json, json};

const MODEL: &str = r##"
view: workouts {
  dimension: id { primary_key: yes
    link: { label: "Open {{ value }}" url: "/workouts/{{ value | url_encode }}" }
    link: { label: "Never" url: "javascript:alert({{ value }})" } }
  dimension: title { html: <b onclick="x()">{{ rendered_value }}</b> by {{ workouts.instructor._value }} ;; drill_fields: [id] }
  dimension: instructor {}
  dimension: rank { type: number }
  dimension: ranked { order_by_field: rank }
  dimension: level { type: tier tiers: [5] style: integer sql: ${TABLE}.difficulty ;; }
  dimension_group: start { type: time sql: ${TABLE}.start_ts ;; }
  measure: count { type: count drill_fields: [id, title] filters: [title: "-NULL"] }
  measure: total_work { type: sum value_format: "#,##0.0 \k\J" sql: ${TABLE}.total_work ;; }
  measure: running { type: running_total sql: ${total_work} ;; }
  measure: share { type: percent_of_total sql: ${total_work} ;; }
}
explore: workouts {}
"##;

/// The answer to a query whose statements return these rows.
fn answer(query: Json, results: Vec<Vec<Vec<Cell>>>) -> Answer {
    let files = [("m.model.lkml".to_owned(), MODEL.to_owned())];
    let (model, _) = Model::load(&Project::new(files), "m");
    let mut whole = json!({"model": "m", "view": "workouts"});
    whole
        .as_object_mut()
        .unwrap()
        .extend(query.as_object().unwrap().clone());
    let query: Query = serde_json::from_value(whole).unwrap();
    let now: Timestamp = "2026-11-18T14:25:36Z".parse().unwrap();
    let compiled = lookml::compile(
        &model.unwrap(),
        &query,
        &Settings::new(Dialect::DuckDb, now),
    )
    .unwrap();
    compiled.answer(results).unwrap()
}

fn text(text: &str) -> Cell {
    Cell::Text(text.to_owned())
}

fn int(integer: i128) -> Cell {
    Cell::Integer(integer)
}

fn rows(answer: &Answer) -> String {
    let rows = answer
        .rows
        .iter()
        .map(|row| Json::Object(answer.row_json(row)).to_string());
    rows.collect::<Vec<_>>().join("\n")
}

#[test]
fn cells_have_formats_links_and_safe_html() {
    let query = json!({"fields": ["workouts.id", "workouts.title", "workouts.count", "workouts.total_work"],
        "filters": {"workouts.start_date": "2026"}});
    // The instructor comes with the title, whose html shows it.
    let rows = vec![vec![
        text("a/b"),
        text("Ride, Run"),
        text("Jo"),
        int(1234),
        Cell::Float(1234.56),
    ]];
    let detail = answer(query, vec![rows]).json_detail();
    assert_snapshot!(serde_json::to_string_pretty(&detail["data"]).unwrap(), @r#"
    [
      {
        "workouts.id": {
          "value": "a/b",
          "rendered": "a/b",
          "links": [
            {
              "label": "Open a/b",
              "url": "/workouts/a%2Fb",
              "type": "url"
            }
          ]
        },
        "workouts.title": {
          "value": "Ride, Run",
          "rendered": "Ride, Run",
          "html": "<b>Ride, Run</b> by Jo"
        },
        "workouts.count": {
          "value": 1234,
          "rendered": "1234",
          "links": [
            {
              "label": "Show All",
              "url": "/explore/m/workouts?fields=workouts.id,workouts.title&f[workouts.start_date]=2026&f[workouts.id]=a/b&f[workouts.title]=%22Ride,+Run%22&f[workouts.instructor]=Jo&limit=500",
              "type": "measure_default"
            }
          ]
        },
        "workouts.total_work": {
          "value": 1234.56,
          "rendered": "1,234.6 kJ"
        },
        "workouts.instructor": {
          "value": "Jo",
          "rendered": "Jo"
        }
      }
    ]
    "#);
}

#[test]
fn a_drill_of_a_pivoted_cell_filters_by_its_column() {
    let query = json!({"fields": ["workouts.start_week", "workouts.title", "workouts.count"], "pivots": ["workouts.title"]});
    let row = |week: &str, title: Cell, count: i128, row: i128, column: i128| {
        vec![
            text(week),
            title,
            text("Jo"),
            int(count),
            int(column),
            int(2),
            int(row),
        ]
    };
    let cells = vec![
        row("2026-11-16", text("Ride"), 3, 1, 1),
        row("2026-11-16", Cell::Null, 1, 1, 2),
    ];
    let answer = answer(query, vec![cells]);
    let detail = answer.json_detail();
    let links = |key: &str| detail["data"][0]["workouts.count"][key]["links"][0]["url"].clone();
    assert_snapshot!(links("Ride").as_str().unwrap(), @"/explore/m/workouts?fields=workouts.id,workouts.title&f[workouts.start_week]=2026-11-16+for+1+week&f[workouts.title]=Ride&f[workouts.instructor]=Jo&limit=500");
    // The measure counts no titles that are missing.
    assert_eq!(links("null"), Json::Null);
}

#[test]
fn gaps_are_filled_before_anything_is_computed_from_rows() {
    let query = json!({"fields": ["workouts.start_month", "workouts.total_work", "workouts.running", "workouts.share"],
        "fill_fields": ["workouts.start_month"], "sorts": ["workouts.start_month"]});
    let cells = vec![
        vec![text("2026-01"), int(10)],
        vec![text("2026-04"), int(30)],
    ];
    assert_snapshot!(rows(&answer(query, vec![cells])), @r#"
    {"workouts.start_month":"2026-01","workouts.total_work":10,"workouts.running":10,"workouts.share":25.0}
    {"workouts.start_month":"2026-02","workouts.total_work":null,"workouts.running":10,"workouts.share":null}
    {"workouts.start_month":"2026-03","workouts.total_work":null,"workouts.running":10,"workouts.share":null}
    {"workouts.start_month":"2026-04","workouts.total_work":30,"workouts.running":40,"workouts.share":75.0}
    "#);
}

#[test]
fn a_bounded_filter_says_how_far_gaps_go() {
    let query = json!({"fields": ["workouts.start_date", "workouts.count"], "fill_fields": ["workouts.start_date"],
        "filters": {"workouts.start_week": "3 days"}});
    let cells = vec![vec![Cell::Date(jiff::civil::date(2026, 11, 17)), int(2)]];
    assert_snapshot!(rows(&answer(query, vec![cells])), @r#"
    {"workouts.start_date":"2026-11-18","workouts.count":null}
    {"workouts.start_date":"2026-11-17","workouts.count":2}
    {"workouts.start_date":"2026-11-16","workouts.count":null}
    "#);
}

#[test]
fn labels_of_tiers_are_filled_in_their_order_among_pivots() {
    let query = json!({"fields": ["workouts.level", "workouts.count"], "pivots": ["workouts.level"],
        "fill_fields": ["workouts.level"]});
    let cells = vec![vec![
        text("5 or Above"),
        int(1),
        int(4),
        int(1),
        int(1),
        int(1),
    ]];
    let answer = answer(query, vec![cells]);
    let keys: Vec<&str> = answer
        .pivots
        .iter()
        .map(|pivot| pivot.key.as_str())
        .collect();
    assert_eq!(keys, ["Below 5", "5 or Above", "Undefined"]);
    assert_snapshot!(rows(&answer), @r#"{"workouts.count":{"5 or Above":4}}"#);
}

#[test]
fn a_limit_says_what_it_cuts() {
    let query = json!({"fields": ["workouts.title", "workouts.total_work", "workouts.share"], "limit": "1"});
    let cells = vec![
        vec![text("a"), text("Jo"), int(3)],
        vec![text("b"), text("Jo"), int(2)],
    ];
    let answer = answer(query, vec![cells]);
    assert!(answer.is_truncated);
    assert_snapshot!(rows(&answer), @r#"{"workouts.title":"a","workouts.total_work":3,"workouts.share":null,"workouts.instructor":"Jo"}"#);
}

#[test]
fn calculations_come_last_and_say_what_is_wrong_with_them() {
    let dynamic = r#"[{"table_calculation":"double","label":"Twice","expression":"${workouts.count} * 2"},
        {"table_calculation":"bad","expression":"${workouts.nothing} + 1"}]"#;
    let query = json!({"fields": ["workouts.title", "workouts.count"], "dynamic_fields": dynamic, "total": true});
    let main = vec![vec![text("a"), text("Jo"), int(3)]];
    let answer = answer(query, vec![main, vec![vec![int(7)]]]);
    assert_snapshot!(rows(&answer), @r#"{"workouts.title":"a","workouts.count":3,"workouts.instructor":"Jo","double":6,"bad":null}"#);
    assert_snapshot!(answer.problems[0].1.message, @"`workouts.nothing` is no field of this query and no calculation");
    let table = answer.text_table();
    assert_snapshot!(table.head.join(" | "), @"Title | Count | Instructor | Twice | bad");
    assert_snapshot!(table.rows.iter().map(|row| row.join(" | ")).collect::<Vec<_>>().join("\n"), @r#"
    a | 3 | Jo | 6 | ∅
    Total | 7 |  | 14 | ∅
    "#);
}

#[test]
fn rows_of_another_query_are_refused() {
    let files = [("m.model.lkml".to_owned(), MODEL.to_owned())];
    let (model, _) = Model::load(&Project::new(files), "m");
    let query: Query = serde_json::from_value(
        json!({"model": "m", "view": "workouts", "fields": ["workouts.count"]}),
    )
    .unwrap();
    let now: Timestamp = "2026-11-18T14:25:36Z".parse().unwrap();
    let compiled = lookml::compile(
        &model.unwrap(),
        &query,
        &Settings::new(Dialect::DuckDb, now),
    )
    .unwrap();
    assert_snapshot!(compiled.answer(vec![vec![vec![]]]).unwrap_err(), @"the rows do not fit the query: 0 values for 1 columns");
    assert_snapshot!(compiled.answer(vec![]).unwrap_err(), @"the rows do not fit the query: 0 results for 1 statements");
}

#[test]
fn totals_of_rows_that_look_alike_stay_apart() {
    let query = json!({"fields": ["workouts.ranked", "workouts.instructor", "workouts.count"],
        "pivots": ["workouts.instructor"], "row_total": "right"});
    let cell = |rank: i128, row: i128| {
        vec![
            text("same"),
            text("Jo"),
            int(rank),
            int(1),
            int(1),
            int(1),
            int(row),
        ]
    };
    let main = vec![cell(1, 1), cell(2, 2)];
    let totals = vec![
        vec![text("same"), int(1), int(10)],
        vec![text("same"), int(2), int(20)],
    ];
    assert_snapshot!(rows(&answer(query, vec![main, totals])), @r#"
    {"workouts.ranked":"same","workouts.count":{"Jo":1,"$$$_row_total_$$$":10}}
    {"workouts.ranked":"same","workouts.count":{"Jo":1,"$$$_row_total_$$$":20}}
    "#);
}

#[test]
fn between_two_periods_that_are_wanted_nothing_is_filled() {
    let query = json!({"fields": ["workouts.start_month", "workouts.count"], "fill_fields": ["workouts.start_month"],
        "filters": {"workouts.start_date": "2026-01,2026-06"}});
    assert_snapshot!(rows(&answer(query, vec![vec![]])), @"");
}
