use super::{
    ID, MEMBER, Options, Outcome, START, answer, at, detail, graph, workout, workout_with,
};
use crate::transform::{Rows, WorkoutAnswers};
use serde_json::{Value, json};

/// The pairs of second and value of a column.
fn column(outcome: &Outcome, name: &str) -> Value {
    let rows = outcome.rows("workout_stats");
    rows.iter()
        .map(|row| json!([row["seconds_since_pedaling_start"], row[name]]))
        .collect()
}

fn record(graph: &Value) -> Outcome {
    workout(&detail(json!({})), graph)
}

#[test]
fn every_value_stays_at_its_own_second() {
    let outcome = record(&graph(
        json!([0, 14, 15]),
        &[("output", json!([90, 100, 110]))],
        json!({}),
    ));
    assert_eq!(
        column(&outcome, "output"),
        json!([[0, 90], [14, 100], [15, 110]])
    );
    outcome.check(
        "workouts",
        &json!({"seconds_expected": 16, "seconds_recorded": 3, "seconds_missing": 13}),
    );
    assert_eq!(outcome.problems, []);
}

#[test]
fn no_heart_rate_is_null_and_other_zeros_stay() {
    let outcome = record(&graph(
        json!([1, 2, 3]),
        &[
            ("output", json!([0, null, 5])),
            ("heart_rate", json!([0, 0, 120])),
        ],
        json!({}),
    ));
    // Second 2 has neither output nor a heart rate.
    assert_eq!(column(&outcome, "output"), json!([[1, 0], [3, 5]]));
    assert_eq!(column(&outcome, "heart_rate"), json!([[1, null], [3, 120]]));
    outcome.check(
        "workouts",
        &json!({"seconds_expected": 3, "seconds_recorded": 2, "seconds_missing": 1}),
    );
}

#[test]
fn f11_seconds_without_metrics_are_no_rows_and_no_counts() {
    let axis: Vec<i64> = (1..=900).collect();
    let outcome = record(&graph(json!(axis), &[], json!({})));
    assert_eq!(outcome.rows("workout_stats"), []);
    outcome.check(
        "workouts",
        &json!({
            "seconds_expected": null, "seconds_recorded": null, "seconds_missing": null,
            "ride_id": null, "avg_output": null, "total_work": 60000.0,
        }),
    );
    let replaced = outcome
        .batches
        .iter()
        .find(|batch| batch.table == "workout_stats");
    assert_eq!(replaced.map(|batch| batch.replaced.len()), Some(1));
}

#[test]
fn arrays_of_unequal_length_are_flagged_and_nothing_moves() {
    let outcome = record(&graph(
        json!([1, 2, 3]),
        &[
            ("output", json!([10, 20])),
            ("cadence", json!([80, 81, 82, 83])),
        ],
        json!({}),
    ));
    assert_eq!(
        column(&outcome, "output"),
        json!([[1, 10], [2, 20], [3, null]])
    );
    assert_eq!(
        column(&outcome, "cadence"),
        json!([[1, 80], [2, 81], [3, 82]])
    );
    assert_eq!(outcome.problem_columns(), ["output", "cadence"]);
}

#[test]
fn an_odd_axis_is_flagged_and_each_value_keeps_its_second() {
    let outcome = record(&graph(
        json!([5, 3, 3, null, 4.5]),
        &[("output", json!([50, 30, 31, 99, 45]))],
        json!({}),
    ));
    assert_eq!(column(&outcome, "output"), json!([[3, 30], [5, 50]]));
    assert_eq!(
        outcome.problem_columns(),
        ["seconds_since_pedaling_start"; 3]
    );
}

#[test]
fn a_value_that_cannot_be_read_costs_itself() {
    let text = graph(
        json!([1, 2, 3, 4]),
        &[("output", json!([10, "x", 65535, 7.5]))],
        json!({}),
    );
    let outcome = record(&text);
    assert_eq!(
        column(&outcome, "output"),
        json!([[1, 10], [3, 65535], [4, 8]])
    );
    let texts: Vec<&str> = outcome
        .problems
        .iter()
        .map(|problem| problem.text.as_str())
        .collect();
    assert_eq!(texts, ["\"x\"", "1 values with a fraction were rounded"]);
}

#[test]
fn a_metric_account_gets_miles() {
    let mut body = graph(
        json!([1]),
        &[("speed", json!([32.18688])), ("pace", json!([5.0]))],
        json!({}),
    );
    body["metrics"][0]["display_unit"] = json!("kph");
    body["metrics"][1]["display_unit"] = json!("min/km");
    let outcome = record(&body);
    assert_eq!(column(&outcome, "speed"), json!([[1, 20.0]]));
    assert_eq!(column(&outcome, "pace"), json!([[1, 5.0 * 1.609_344]]));
}

#[test]
fn an_unknown_unit_is_null_and_named() {
    let mut body = graph(
        json!([1]),
        &[("speed", json!([30.0])), ("output", json!([1]))],
        json!({}),
    );
    body["metrics"][0]["display_unit"] = json!("furlongs");
    let outcome = record(&body);
    assert_eq!(column(&outcome, "speed"), json!([[1, null]]));
    assert_eq!(outcome.problem_columns(), ["speed"]);
}

#[test]
fn speed_comes_from_the_alternatives_of_pace() {
    let mut body = graph(json!([1, 2]), &[("pace", json!([10.0, null]))], json!({}));
    body["metrics"][0]["alternatives"] = json!([{"slug": "speed", "display_unit": "mph", "values": [6.0, 0.0], "average_value": 3.0}]);
    let outcome = record(&body);
    assert_eq!(column(&outcome, "speed"), json!([[1, 6.0], [2, 0.0]]));
    assert_eq!(column(&outcome, "pace"), json!([[1, 10.0], [2, null]]));
}

#[test]
fn altitude_is_metres() {
    let outcome = record(&graph(json!([1]), &[("altitude", json!([10]))], json!({})));
    assert_eq!(column(&outcome, "altitude"), json!([[1, 10.0 * 0.3048]]));
}

fn plan(offset: Value) -> Outcome {
    let stretch = |start: i64, end: i64, lower: i64| {
        json!({"offsets": {"start": start, "end": end}, "segment_type": "cycling", "metrics": [
            {"name": "cadence", "lower": lower, "upper": lower + 10},
            {"name": "resistance", "lower": 30.0, "upper": 40.0},
        ]})
    };
    let body = graph(
        json!([0, 1, 2, 3, 4]),
        &[("output", json!([1, 1, 1, 1, 1]))],
        json!({"target_metrics_performance_data": {"target_metrics": [
            stretch(60, 61, 80), stretch(63, 70, 90)]}}),
    );
    let ride = json!({"ride": {"id": "c1", "title": "Climb", "pedaling_start_offset": offset}});
    workout(&detail(ride), &body)
}

#[test]
fn targets_count_from_the_start_of_the_video() {
    let outcome = plan(json!(60));
    assert_eq!(
        column(&outcome, "target_cadence_lower"),
        json!([[0, 80], [1, 80], [2, null], [3, 90], [4, 90]])
    );
    assert_eq!(
        column(&outcome, "target_resistance_upper"),
        json!([[0, 40], [1, 40], [2, null], [3, 40], [4, 40]])
    );
}

#[test]
fn without_the_offset_of_the_class_targets_stay_unknown() {
    let outcome = plan(json!(null));
    assert_eq!(
        column(&outcome, "target_cadence_lower"),
        json!([[0, null], [1, null], [2, null], [3, null], [4, null]])
    );
    assert_eq!(
        outcome.problem_columns(),
        ["target_metrics_performance_data"; 2]
    );
}

#[test]
fn old_target_arrays_count_only_with_the_length_of_the_axis() {
    let targets = |upper: Value| {
        json!({"target_performance_metrics": {"target_graph_metrics": [
            {"type": "cadence", "graph_data": {"upper": upper, "lower": [80, 81], "average": []}}]}})
    };
    let metrics = [("output", json!([1, 1]))];
    let outcome = record(&graph(json!([1, 5]), &metrics, targets(json!([90, 91]))));
    assert_eq!(
        column(&outcome, "target_cadence_upper"),
        json!([[1, 90], [5, 91]])
    );
    let outcome = record(&graph(
        json!([1, 5]),
        &metrics,
        targets(json!([90, 91, 92])),
    ));
    assert_eq!(
        column(&outcome, "target_cadence_upper"),
        json!([[1, null], [5, null]])
    );
    assert_eq!(outcome.problem_columns(), ["target_performance_metrics"]);
}

#[test]
fn zones_of_power_and_heart_rate() {
    let mut body = graph(
        json!([1, 2, 3]),
        &[
            ("output", json!([109, 110, 300])),
            ("heart_rate", json!([115, 116, 0])),
        ],
        json!({}),
    );
    body["metrics"][1]["zones"] = json!([
        {"slug": "zone1", "min_value": 0, "max_value": 115, "duration": 1},
        {"slug": "zone2", "min_value": 116, "max_value": 133, "duration": 1}]);
    let outcome = record(&body);
    assert_eq!(
        column(&outcome, "power_zone"),
        json!([[1, 1], [2, 2], [3, 7]])
    );
    assert_eq!(
        column(&outcome, "heart_rate_zone"),
        json!([[1, 1], [2, 2], [3, null]])
    );
}

#[test]
fn an_ftp_of_cycling_makes_no_zones_on_a_tread() {
    let body = graph(json!([1]), &[("output", json!([110]))], json!({}));
    let outcome = workout(&detail(json!({"fitness_discipline": "running"})), &body);
    assert_eq!(column(&outcome, "power_zone"), json!([[1, null]]));
}

fn f7(options: Options) -> Outcome {
    let axis: Vec<i64> = (1..=60).collect();
    let points: Vec<Value> = (1..=60)
        .filter(|second| *second != 30)
        .map(|second| json!({"seconds_offset_from_start": second, "latitude": -7.1234, "longitude": -28.5678}))
        .collect();
    let body = graph(
        json!(axis),
        &[("pace", json!(vec![10.0; 60]))],
        json!({"location_data": [{"segment_id": null, "is_gap": false, "coordinates": points}]}),
    );
    workout_with(options, None, Some(&detail(json!({}))), Some(&body))
}

#[test]
fn f7_points_are_joined_by_second() {
    let rows = f7(Options {
        store_locations: true,
    })
    .rows("workout_stats");
    assert_eq!(rows.len(), 60);
    let placed = rows
        .iter()
        .filter(|row| row["latitude"] == json!(-7.1234))
        .count();
    assert_eq!(placed, 59);
    assert_eq!(
        (&rows[29]["latitude"], &rows[29]["longitude"]),
        (&Value::Null, &Value::Null)
    );
}

#[test]
fn f7_places_stay_out_unless_asked_for() {
    let rows = f7(Options::default()).rows("workout_stats");
    assert_eq!(rows.len(), 60);
    assert!(
        rows.iter()
            .all(|row| row["latitude"].is_null() && row["longitude"].is_null())
    );
}

#[test]
fn start_date_is_utc() {
    let late = 1_772_434_800 - 8 * 3600; // 23:00Z the day before
    let body = graph(json!([1]), &[("output", json!([1]))], json!({}));
    let outcome = workout(&detail(json!({"start_time": late})), &body);
    assert_eq!(column(&outcome, "start_date"), json!([[1, "2026-03-01"]]));
}

#[test]
fn seconds_count_where_their_workout_is_finished_and_there() {
    let body = graph(json!([1]), &[("output", json!([1]))], json!({})).to_string();
    let is_counted = |status: &str, deleted_at| {
        let detail = detail(json!({"status": status})).to_string();
        let mut rows = Rows::new(Options::default());
        rows.workout(&WorkoutAnswers {
            id: ID,
            user_id: MEMBER,
            list_row: None,
            detail: Some(answer(&detail)),
            graph: Some(answer(&body)),
            deleted_at,
        });
        column(&Outcome::of(rows), "is_counted")
    };
    assert_eq!(is_counted("COMPLETE", None), json!([[1, true]]));
    assert_eq!(is_counted("IN_PROGRESS", None), json!([[1, false]]));
    assert_eq!(is_counted("COMPLETE", Some(at(START))), json!([[1, false]]));
}

#[test]
fn a_graph_of_a_hundred_thousand_seconds() {
    let axis: Vec<i64> = (1..=100_000).collect();
    let outcome = record(&graph(
        json!(axis),
        &[("output", json!(vec![100; 100_000]))],
        json!({}),
    ));
    assert_eq!(outcome.rows("workout_stats").len(), 100_000);
    outcome.check(
        "workouts",
        &json!({"seconds_recorded": 100_000, "seconds_missing": 0}),
    );
}
