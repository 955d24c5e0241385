//! Troubles that other people had with LookML, each with its right answer.

use lookml::testing::Fixture;
use lookml::{Query, check_project};
use serde_json::{Value as Json, json};

/// Riders, their rides, and the laps of these.
const MODEL: &str = r#"
connection: "fx"
view: rider { sql_table_name: main.rider ;;
  dimension: id { primary_key: yes type: number }
  dimension: name {}
  dimension: club {} }
view: ride { sql_table_name: main.ride ;;
  dimension: id { primary_key: yes type: number }
  dimension: rider_id { type: number }
  dimension: kind {}
  dimension: minutes { type: number }
  dimension_group: start { type: time timeframes: [raw, time, date, week, month] sql: ${TABLE}.start_ts ;; }
  measure: count { type: count }
  measure: kj { type: sum sql: ${TABLE}.kj ;; } }
view: lap { sql_table_name: main.lap ;;
  dimension: pk { primary_key: yes hidden: yes type: number sql: ${TABLE}.ride_id * 100 + ${TABLE}.n ;; }
  dimension: ride_id { type: number }
  dimension: n { type: number }
  measure: count { type: count }
  measure: avg_watts { type: average sql: ${TABLE}.watts ;; } }
explore: ride {
  join: rider { relationship: many_to_one sql_on: ${ride.rider_id} = ${rider.id} ;; }
  join: lap { relationship: one_to_many sql_on: ${ride.id} = ${lap.ride_id} ;; } }
"#;

const TABLES: &str = "
    CREATE TABLE rider(id INT, name VARCHAR, club VARCHAR);
    INSERT INTO rider VALUES (1, 'Ada', 'North'), (2, 'Bo', 'South'), (3, 'Cy', NULL);
    CREATE TABLE ride(id INT, rider_id INT, start_ts TIMESTAMP, kind VARCHAR, kj INT, minutes DOUBLE);
    INSERT INTO ride VALUES
        (10, 1, '2026-03-02 05:30:00', 'bike', 400, 30), (11, 1, '2026-03-02 20:00:00', 'run', NULL, 19.5),
        (12, 2, '2026-03-08 09:59:00', 'bike', 300, 45), (13, 2, '2026-03-08 10:01:00', 'bike', 300, 45),
        (14, NULL, '2026-04-01 00:00:00', 'bike', 100, NULL);
    CREATE TABLE lap(ride_id INT, n INT, watts INT);
    INSERT INTO lap VALUES (10, 1, 200), (10, 2, 220), (12, 1, 180), (13, 1, 190), (13, 2, NULL);
";

/// The model with more behind it.
fn rides(more: &str) -> Fixture {
    Fixture::new(&format!("{MODEL}\n{more}")).with_sql(TABLES)
}

/// The codes that a check finds in a model of one text.
fn codes(text: &str) -> Vec<&'static str> {
    let files = [("m.model.lkml".to_owned(), text.to_owned())];
    let found = check_project(&lookml::Project::new(files));
    found.iter().map(|problem| problem.rule.code).collect()
}

#[test]
fn f18_primary_key_no_is_no_key() {
    let more = r#"
        view: +ride { dimension: rider_id { primary_key: no } measure: north_kj { type: sum sql: ${TABLE}.kj ;; filters: [rider.club: "North"] } }
        view: +lap { dimension: n { primary_key: no } }"#;
    assert_eq!(codes(&format!("{MODEL}{more}")), Vec::<&str>::new());
    let rides = rides(more);
    assert_eq!(
        rides.rows("fields=ride.north_kj"),
        json!([{ "ride.north_kj": 400 }])
    );
    assert_eq!(
        rides.rows("fields=ride.kind,ride.kj,ride.north_kj,lap.count,lap.avg_watts"),
        json!([
            { "ride.kind": "bike", "ride.kj": 1100, "ride.north_kj": 400, "lap.count": 5, "lap.avg_watts": 197.5 },
            { "ride.kind": "run", "ride.kj": 0, "ride.north_kj": 0, "lap.count": 0, "lap.avg_watts": null },
        ])
    );
}

#[test]
fn f19_a_refinement_counts_in_the_model_that_includes_it() {
    let files = [
        ("tmpl.view.lkml", "view: tmpl { extension: required dimension: id { primary_key: yes type: number } measure: score { type: number } }
            view: scored { extends: [tmpl] sql_table_name: main.ride ;; measure: kj { type: sum sql: ${TABLE}.kj ;; } measure: score { sql: ${kj} / 100.0 ;; } }"),
        ("harder.lkml", "view: +scored { measure: score { sql: ${kj} / 10.0 ;; } }"),
        ("a.model.lkml", "connection: \"fx\" include: \"tmpl.view.lkml\" explore: scored {}"),
        ("b.model.lkml", "connection: \"fx\" include: \"tmpl.view.lkml\" include: \"harder.lkml\" explore: scored {}"),
    ];
    let files = files.map(|(name, text)| (name.to_owned(), text.to_owned()));
    let found = check_project(&lookml::Project::new(files.clone()));
    assert!(found.is_empty(), "{found:#?}");
    let rides = Fixture::of_files(files.clone()).with_sql(TABLES);
    let score = |model: &str| {
        let query: Query = serde_json::from_value(
            json!({ "model": model, "view": "scored", "fields": ["scored.score"] }),
        )
        .unwrap();
        rides.answer(&query).unwrap().json()
    };
    let scores = [("a", 11.0), ("b", 110.0), ("a", 11.0)];
    for (model, expected) in scores {
        assert_eq!(
            score(model),
            json!([{ "scored.score": expected }]),
            "{model}"
        );
    }

    let mut more = files.to_vec();
    more[0].1 += "view: unfinished { extends: [tmpl] sql_table_name: main.ride ;; }";
    more[2].1 += " explore: unfinished {}";
    let found = check_project(&lookml::Project::new(more));
    let found: Vec<_> = found
        .iter()
        .map(|problem| (problem.rule.code, problem.message.contains("unfinished")))
        .collect();
    assert_eq!(found, [("LK118", true)]);
}

const BUCKETS: &str = r#"
view: +ride { parameter: size { type: number default_value: "15" }
  parameter: by { type: unquoted allowed_value: { label: "By kind" value: "kind" } allowed_value: { label: "By rider" value: "rider_id" } }
  dimension: bucket { type: number sql: FLOOR(${TABLE}.minutes / {% parameter size %}) * {% parameter size %} ;; }
  dimension: len { type: tier tiers: [0, 10, 20, 40] style: integer sql: ${TABLE}.minutes ;; }
  dimension: grp { sql: CAST(${TABLE}.{% parameter by %} AS STRING) ;; } }"#;

#[test]
fn f21_tiers_by_a_parameter() {
    let rides = rides(BUCKETS);
    let buckets = |rows: Json| -> Vec<(Json, Json)> {
        let rows = rows.as_array().unwrap().iter();
        rows.map(|row| (row["ride.bucket"].clone(), row["ride.count"].clone()))
            .collect()
    };
    let pair = |bucket: Json, count: u8| (bucket, json!(count));
    assert_eq!(
        buckets(rides.rows("fields=ride.bucket,ride.count")),
        [
            pair(json!(45.0), 2),
            pair(Json::Null, 1),
            pair(json!(15.0), 1),
            pair(json!(30.0), 1)
        ]
    );
    assert_eq!(
        buckets(rides.rows("fields=ride.bucket,ride.count&f[ride.size]=20")),
        [
            pair(json!(40.0), 2),
            pair(Json::Null, 1),
            pair(json!(0.0), 1),
            pair(json!(20.0), 1)
        ]
    );
    let by = rides.error("fields=ride.grp&f[ride.by]=By+rider");
    assert!(
        by.starts_with("LK311") && by.contains("kind") && by.contains("rider_id"),
        "{by}"
    );
    let size = rides.error("fields=ride.bucket&f[ride.size]=1;+DROP");
    assert!(size.starts_with("LK311"), "{size}");
}

#[test]
fn f21_tiers_with_the_empty_ones() {
    let rows =
        rides(BUCKETS).rows("fields=ride.len,ride.count&fill_fields=ride.len&sorts=ride.len");
    let row = |len: &str, count: Json| json!({ "ride.len": len, "ride.count": count });
    assert_eq!(
        rows,
        json!([
            row("Below 0", Json::Null),
            row("0 to 9", Json::Null),
            row("10 to 19", json!(1)),
            row("20 to 39", json!(1)),
            row("40 or Above", json!(2)),
            row("Undefined", json!(1)),
        ])
    );
}

#[test]
fn f23_a_difference_to_the_column_on_the_left_stays_in_its_group() {
    let query: Query = serde_json::from_value(json!({
        "model": "test", "view": "ride",
        "fields": ["ride.start_month", "rider.name", "ride.kind", "ride.kj"],
        "pivots": ["rider.name", "ride.kind"], "sorts": ["ride.start_month desc"], "total": true,
        "dynamic_fields": "[{\"table_calculation\":\"step\",\"expression\":\"if(${rider.name} = pivot_offset(${rider.name}, -1), ${ride.kj} - pivot_offset(${ride.kj}, -1), null)\"}]",
    }))
    .unwrap();
    let answer = rides("").answer(&query).unwrap();
    let keys: Vec<_> = answer
        .pivots
        .iter()
        .map(|pivot| pivot.key.as_str())
        .collect();
    // As in Looker's own SQL, a column without a value is the last.
    let [ada_bike, ada_run, bo, none] = keys[..] else {
        panic!("four columns, not {keys:?}");
    };
    let rows = answer.json();
    let cells = |row: usize, field: &str| {
        [none, ada_bike, ada_run, bo].map(|key| rows[row][field][key].clone())
    };
    assert_eq!(rows[0]["ride.start_month"], "2026-04");
    assert_eq!(
        cells(0, "ride.kj"),
        [json!(100), Json::Null, Json::Null, Json::Null]
    );
    assert_eq!(
        cells(1, "ride.kj"),
        [Json::Null, json!(400), json!(0), json!(600)]
    );
    assert_eq!(
        cells(0, "step"),
        [Json::Null, Json::Null, Json::Null, Json::Null]
    );
    assert_eq!(
        cells(1, "step"),
        [Json::Null, Json::Null, json!(-400), Json::Null]
    );
    let totals = answer.row_json(answer.totals.as_ref().unwrap());
    let totals = [none, ada_bike, ada_run, bo].map(|key| totals["ride.kj"][key].clone());
    assert_eq!(totals, [json!(100), json!(400), json!(0), json!(600)]);
}
