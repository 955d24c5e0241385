//! What the rows are like once they are in the warehouse.

use super::{ID, Options, answer, detail, graph, read};
use crate::transform::{Rows, WorkoutAnswers, tables, views};
use serde_json::{Value, json};
use warehouse::{Limits, Warehouse};

/// Loads workouts into a warehouse of their own.
fn load(folder: &tempfile::TempDir, workouts: &[(&str, Value, Value)]) -> Warehouse {
    let mut rows = Rows::new(Options::default());
    for (id, detail, graph) in workouts {
        let (detail, graph) = (detail.to_string(), graph.to_string());
        rows.workout(&WorkoutAnswers {
            id,
            user_id: "m",
            list_row: None,
            detail: Some(answer(&detail)),
            graph: Some(answer(&graph)),
            deleted_at: None,
        });
    }
    let views = views();
    let tables = tables();
    let warehouse = Warehouse::at(folder.path().join("w.duckdb"));
    let mut load = warehouse.begin_load(&tables, &views).unwrap();
    for batch in rows.take() {
        let table = tables
            .iter()
            .find(|table| table.name == batch.table)
            .unwrap();
        let values: Vec<&str> = batch.replaced.iter().map(String::as_str).collect();
        load.replace(table, &values, [batch.rows]).unwrap();
    }
    load.publish().unwrap();
    warehouse
}

fn ask(warehouse: &Warehouse, sql: &str) -> Value {
    let reader = warehouse.read(Limits::default()).unwrap();
    let batches = reader.batches(sql).unwrap();
    batches
        .iter()
        .flat_map(read)
        .map(|row| json!(row))
        .collect()
}

#[test]
fn trailing_means_are_over_seconds_and_not_across_a_gap() {
    let folder = tempfile::tempdir().unwrap();
    let body = graph(
        json!([1, 2, 3, 10, 11]),
        &[
            ("output", json!([100, 200, 400, 50, null])),
            ("cadence", json!([80, 80, 80, 80, 82])),
        ],
        json!({}),
    );
    let warehouse = load(&folder, &[(ID, detail(json!({})), body)]);
    let sql = "SELECT s.seconds_since_pedaling_start AS second, s.output, s.avg_output_2s, \
               s.avg_output_3s, s.avg_cadence_2s, s.seconds_elapsed \
               FROM (SELECT unnest(stats) AS s FROM workouts_with_stats) ORDER BY 1";
    let got: Vec<Value> = ask(&warehouse, sql)
        .as_array()
        .unwrap()
        .iter()
        .map(|row| {
            json!([
                row["second"],
                row["output"],
                row["avg_output_2s"],
                row["avg_output_3s"],
                row["avg_cadence_2s"],
                row["seconds_elapsed"]
            ])
        })
        .collect();
    assert_eq!(
        json!(got),
        json!([
            [1, 100, 100.0, 100.0, 80.0, null],
            [2, 200, 150.0, 150.0, 80.0, 1],
            [3, 400, 300.0, 700.0 / 3.0, 80.0, 1],
            [10, 50, 50.0, 50.0, 80.0, 7],
            [11, null, 50.0, 50.0, 81.0, 1],
        ])
    );
}

#[test]
fn a_workout_without_seconds_has_an_empty_list() {
    let folder = tempfile::tempdir().unwrap();
    let body = graph(json!([1]), &[("output", json!([1]))], json!({}));
    let none = graph(json!([1]), &[], json!({}));
    let warehouse = load(
        &folder,
        &[
            ("a", detail(json!({"id": "a"})), body),
            ("b", detail(json!({"id": "b"})), none),
        ],
    );
    let sql = "SELECT id, len(stats) AS seconds, start_ts, created_ts FROM workouts_with_stats ORDER BY id";
    let rows = ask(&warehouse, sql);
    assert_eq!(
        (&rows[0]["seconds"], &rows[1]["seconds"]),
        (&json!(1), &json!(0))
    );
    assert_eq!(rows[0]["start_ts"], "2026-03-02T07:00:00");
}

#[test]
fn any_text_is_stored_as_it_came() {
    let folder = tempfile::tempdir().unwrap();
    let long = "ü".repeat(10_000);
    let titles = [
        "a\u{0}b",
        "O'Brien\"; DROP TABLE workouts;--",
        "🚴🏽‍♀️ שלום \u{202e}abc",
        &long,
    ];
    let workouts: Vec<(String, Value)> = (0..)
        .zip(titles)
        .map(|(number, title)| (format!("w{number}"), detail(json!({"title": title}))))
        .collect();
    let workouts: Vec<(&str, Value, Value)> = workouts
        .iter()
        .map(|(id, detail)| {
            (
                id.as_str(),
                detail.clone(),
                graph(json!([]), &[], json!({})),
            )
        })
        .collect();
    let warehouse = load(&folder, &workouts);
    let got: Vec<Value> = ask(&warehouse, "SELECT title FROM workouts ORDER BY id")
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["title"].clone())
        .collect();
    assert_eq!(json!(got), json!(titles));
}
