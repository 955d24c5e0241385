use super::{Options, detail, graph, workout, workout_with};
use serde_json::{Value, json};

#[test]
fn f5_two_dumbbells_are_one_movement() {
    let bell = json!({"weight_category": "light", "weight_data": {"weight_value": 20, "weight_unit": "lb"}});
    let tracked = json!({"completed_movements_summary_data": {"repetition_summary_data": [{
        "movement_id": "m1", "movement_name": "Press", "offset": 0, "length": 30,
        "tracking_type": "rep_counting", "completed_reps": 10, "completed_duration": 30,
        "total_volume": 400, "weight": [bell, bell]}]}});
    let body = detail(json!({"fitness_discipline": "strength", "movement_tracker_data": tracked}));
    workout_with(Options::default(), None, Some(&body), None).check(
        "workout_movements",
        &json!({
            "position": 1, "movement_name": "Press", "repetitions": 10, "weight": 20.0,
            "weight_unit": "lb", "number_of_weights": 2, "total_volume": 400.0,
            "weight_category": "light", "duration_s": 30.0,
        }),
    );
}

#[test]
fn older_movements_count_by_another_name() {
    let tracked = json!({"completed_movements_summary_data": {"repetition_summary_data": [
        {"movement_id": "m1", "is_hold": false, "completed_number": 13, "weight": []}]}});
    let body = detail(json!({"movement_tracker_data": tracked}));
    workout_with(Options::default(), None, Some(&body), None).check(
        "workout_movements",
        &json!({"repetitions": 13, "weight": null, "number_of_weights": 0}),
    );
}

#[test]
fn splits_of_both_lists_are_joined() {
    let body = graph(
        json!([]),
        &[],
        json!({
            "splits_data": {"distance_marker_display_unit": "mi", "elevation_change_display_unit": "ft",
                "splits": [{"distance_marker": 1.0, "order": 1, "seconds": 195.0,
                    "elevation_change": 10.0, "is_best": true}]},
            "splits_metrics": {"header": [], "metrics": [{"is_best": true, "has_floor_segment": false,
                "data": [{"slug": "mi", "value": 1.0, "unit": "mi"},
                         {"slug": "pace", "value": 3.25, "unit": "min/mi"}]}]},
        }),
    );
    workout(&detail(json!({})), &body).check(
        "workout_splits",
        &json!({"distance_m": 1609.344, "seconds": 195.0, "elevation_change_m": 10.0 * 0.3048,
            "pace": 3.25, "split_pace": null, "is_best": true, "has_floor_segment": false}),
    );
}

#[test]
fn rower_splits_have_the_newer_list_only() {
    let body = graph(
        json!([]),
        &[],
        json!({
            "splits_data": [],
            "splits_metrics": {"metrics": [{"is_best": false, "has_floor_segment": false, "data": [
                {"slug": "meter", "value": 500.0, "unit": "m"},
                {"slug": "total_time", "value": 4.75, "unit": "min"},
                {"slug": "pace", "value": 4.75, "unit": "min/500m"},
                {"slug": "spm", "value": 14, "unit": null},
                {"slug": "form_score", "value": 96.15, "unit": "%"}]}]},
        }),
    );
    let outcome = workout(&detail(json!({})), &body);
    outcome.check(
        "workout_splits",
        &json!({"distance_m": 500.0, "seconds": 285.0, "split_pace": 4.75, "pace": null,
            "stroke_rate": 14.0, "form_score": 96.15, "is_best": false}),
    );
    assert_eq!(outcome.problems, []);
}

#[test]
fn zones_are_peloton_s_own() {
    let mut body = graph(
        json!([1]),
        &[("heart_rate", json!([120]))],
        json!({
        "effort_zones": {"total_effort_points": 1.0,
            "heart_rate_zone_durations": {"heart_rate_z1_duration": 7}}}),
    );
    body["metrics"][0]["zones"] =
        json!([{"slug": "zone2", "min_value": 116, "max_value": 133, "duration": 25}]);
    workout(&detail(json!({})), &body).check(
        "workout_zones",
        &json!({"kind": "heart_rate", "zone": 2, "low": 116.0, "high": 133.0, "seconds": 25}),
    );
    body["metrics"] = json!([]);
    let rows = workout(&detail(json!({})), &body).rows("workout_zones");
    let seconds: Value = rows
        .iter()
        .map(|row| json!([row["zone"], row["low"], row["seconds"]]))
        .collect();
    assert_eq!(
        seconds,
        json!([
            [1, null, 7],
            [2, null, null],
            [3, null, null],
            [4, null, null],
            [5, null, null]
        ])
    );
}

#[test]
fn segments_stay_on_the_pedalling_clock() {
    let body = graph(
        json!([]),
        &[],
        json!({"segment_list": [
        {"id": "s1", "name": "Warm Up", "length": 300, "start_time_offset": 0},
        {"id": "s2", "name": "Cycling", "length": 900, "start_time_offset": 300}]}),
    );
    let ride = json!({"ride": {"id": "c1", "pedaling_start_offset": 60}});
    let rows = workout(&detail(ride), &body).rows("workout_segments");
    let starts: Value = rows.iter().map(|row| row["start_second"].clone()).collect();
    assert_eq!(starts, json!([0, 300]));
}

#[test]
fn an_ftp_of_zero_is_none() {
    let ftp = |ftp: Value| {
        let body = detail(json!({"ftp_info": ftp}));
        workout_with(Options::default(), None, Some(&body), None).rows("ftp_history")
    };
    let rows = ftp(json!({"ftp": 210, "ftp_source": "ftp_manual_source"}));
    assert_eq!(
        (&rows[0]["ftp"], &rows[0]["date"]),
        (&json!(210), &json!("2026-03-02"))
    );
    assert_eq!(ftp(json!({"ftp": 0})), []);
    assert_eq!(ftp(json!(null)), []);
}

#[test]
fn achievements_and_muscle_groups() {
    let body = graph(
        json!([]),
        &[],
        json!({"muscle_group_score": [
        {"muscle_group": "biceps", "display_name": "Biceps", "score": 390.0, "percentage": 4, "bucket": 1}]}),
    );
    let badges = json!({"achievement_templates": [
        {"id": "b1", "name": "Dynamic Duo", "slug": "duo"}, "odd"]});
    let outcome = workout(&detail(badges), &body);
    outcome.check(
        "muscle_groups",
        &json!({"score": 390.0, "percentage": 4.0, "bucket": 1}),
    );
    outcome.check(
        "workout_achievements",
        &json!({"achievement_id": "b1", "achievement_count": null}),
    );
    assert_eq!(
        outcome.problem_columns(),
        ["detail.achievement_templates[]"]
    );
}
