use super::{
    ID, MEMBER, Options, Outcome, START, answer, at, detail, graph, merged, workout, workout_with,
};
use crate::transform::{Answer, ImportedWorkout, Rows, WorkoutAnswers};
use serde_json::{Value, json};

const CLASS: &str = "c1a5500000000000000000000000abcd";

fn only(other: Value) -> Outcome {
    workout_with(Options::default(), None, Some(&detail(other)), None)
}

#[test]
fn local_times_follow_the_zone_whatever_its_style() {
    only(json!({})).check(
        "workouts",
        &json!({
            "created_ts": "2026-03-02T07:00:00", "start_local": "2026-03-02T02:00:00",
            "start_date_local": "2026-03-02", "timezone": "America/New_York", "duration_s": 600,
        }),
    );
    only(json!({"timezone": "Etc/GMT+8"})).check(
        "workouts",
        &json!({"start_local": "2026-03-01T23:00:00", "start_date_local": "2026-03-01"}),
    );
    only(json!({"timezone": null, "device_time_created_at": START - 25_201})).check(
        "workouts",
        &json!({"start_local": "2026-03-02T00:00:00", "timezone": null}),
    );
    only(json!({"timezone": null, "device_time_created_at": null})).check(
        "workouts",
        &json!({"start_local": null, "start_date_local": null}),
    );
}

#[test]
fn an_unknown_end_stays_unknown() {
    let outcome = only(json!({"end_time": null}));
    outcome.check("workouts", &json!({"end_ts": null, "duration_s": null}));
    assert_eq!(outcome.problems, []);
}

#[test]
fn an_end_before_the_start_is_named() {
    let outcome = only(json!({"end_time": START - 5}));
    outcome.check(
        "workouts",
        &json!({"end_ts": "2026-03-02T06:59:55", "duration_s": null}),
    );
    assert_eq!(outcome.problem_columns(), ["end_time"]);
}

#[test]
fn the_placeholder_ride_is_no_class() {
    only(json!({})).check(
        "workouts",
        &json!({"ride_id": null, "title": "Evening spin", "instructor_id": null}),
    );
    only(json!({"title": null})).check("workouts", &json!({"title": "Just Ride"}));
}

#[test]
fn a_class_gives_the_title() {
    let ride = json!({"id": CLASS, "title": "30 min Climb", "instructor_id": "i1"});
    only(json!({"ride": ride, "title": null})).check(
        "workouts",
        &json!({"ride_id": CLASS, "title": "30 min Climb", "instructor_id": "i1"}),
    );
    let untitled = json!({"id": CLASS});
    only(json!({"ride": untitled, "title": null}))
        .check("workouts", &json!({"title": "Cycling Workout"}));
}

#[test]
fn the_class_may_sit_under_the_airing() {
    let airing = json!({"id": "a1", "ride_id": CLASS, "ride": {"id": CLASS, "title": "Hills"}});
    only(json!({"ride": null, "peloton": airing}))
        .check("workouts", &json!({"ride_id": CLASS, "title": "Hills"}));
    only(json!({"ride": null, "peloton": {"id": "a1", "ride_id": CLASS}, "title": null})).check(
        "workouts",
        &json!({"ride_id": CLASS, "title": "Cycling Workout"}),
    );
}

#[test]
fn a_gym_ride_id_is_kept() {
    let gym = "8f3f2a52-2c1b-4f43-9c62-2f5b0d2f9e11";
    only(json!({"ride": {"id": gym}, "title": "Gym Workout"}))
        .check("workouts", &json!({"ride_id": gym, "title": "Gym Workout"}));
}

#[test]
fn in_progress_is_kept_as_such() {
    only(json!({"status": "IN_PROGRESS", "end_time": null})).check(
        "workouts",
        &json!({"status": "IN_PROGRESS", "origin": "api"}),
    );
    only(json!({"status": "A_NEW_ONE"})).check("workouts", &json!({"status": "A_NEW_ONE"}));
}

#[test]
fn the_origin_is_the_service_that_brought_the_workout() {
    let origin = |device: &str, flags: Value| {
        only(merged(json!({"device_type": device}), flags)).row("workouts")["origin"].clone()
    };
    for service in ["garmin", "apple_health"] {
        assert_eq!(origin(service, json!({})), service);
        let own = json!({"is_3p_fit_feed_workout": false, "is_peloton_originated_workout": true});
        assert_eq!(origin(service, own), "api");
    }
    let feed = json!({"is_3p_fit_feed_workout": true});
    assert_eq!(origin("strava", feed), "strava");
    assert_eq!(origin("strava", json!({})), "api");
    let elsewhere = json!({"device_type": null, "is_peloton_originated_workout": false});
    assert_eq!(origin("", elsewhere), "import");
}

#[test]
fn a_leaderboard_needs_a_rank_and_members() {
    let ranked = |rank: Value, users: i64| {
        only(json!({"leaderboard_rank": rank, "total_leaderboard_users": users})).row("workouts")
            ["leaderboard_percentile"]
            .clone()
    };
    assert_eq!(ranked(json!(1), 4), json!(1.0));
    assert_eq!(ranked(json!(3), 4), json!(0.5));
    assert_eq!(ranked(json!(null), 0), json!(null));
    assert_eq!(ranked(json!(5), 4), json!(null));
}

#[test]
fn a_bad_value_costs_itself_and_is_named() {
    let outcome = only(json!({
        "total_work": "lots", "created_at": 1.5, "is_outdoor": [], "ftp_info": "none",
        "start_time": 99_999_999_999_999_i64, "end_time": null, "user_text": {"unknown": true},
    }));
    outcome.check(
        "workouts",
        &json!({
            "total_work": null, "created_at": null, "is_outdoor": null, "ftp": null,
            "start_time": 99_999_999_999_999_i64, "start_ts": null, "title": "Evening spin",
        }),
    );
    let mut columns = outcome.problem_columns();
    columns.sort_unstable();
    assert_eq!(
        columns,
        [
            "detail.created_at",
            "detail.ftp_info",
            "detail.is_outdoor",
            "detail.total_work",
            "start_ts"
        ]
    );
    assert!(
        outcome
            .problems
            .iter()
            .any(|problem| problem.text == "\"lots\"")
    );
}

#[test]
fn any_text_survives() {
    let long = "x".repeat(10_000);
    for title in [
        "Robert'); DROP TABLE workouts;--",
        "<b>\"&amp;</b>",
        "🚴🏽‍♀️ שלום \u{202e}abc",
        "a\u{0}b",
        &long,
    ] {
        only(json!({"title": title})).check("workouts", &json!({"title": title}));
    }
}

#[test]
fn totals_and_averages_in_our_units() {
    let body = graph(
        json!([1]),
        &[("speed", json!([30.0])), ("heart_rate", json!([120]))],
        json!({
            "summaries": [
                {"slug": "distance", "display_unit": "km", "value": 14.61},
                {"slug": "total_calories", "display_unit": "kcal", "value": 321},
                {"slug": "elevation", "display_unit": "ft", "value": 100}],
            "average_summaries": [{"slug": "avg_speed", "display_unit": "kph", "value": 29.2}],
            "effort_zones": {"total_effort_points": 44.8},
        }),
    );
    let mut body = body;
    body["metrics"][1]["average_value"] = json!(119);
    body["metrics"][1]["max_value"] = json!(150.0);
    workout(&detail(json!({})), &body).check(
        "workouts",
        &json!({
            "distance_m": 14_610.0, "calories_kcal": 321.0, "elevation_gain_m": 100.0 * 0.3048,
            "avg_speed": 29.2 / 1.609_344, "avg_heart_rate": 119.0, "best_heart_rate": 150.0,
            "avg_output": null, "effort_points": 44.8, "class_duration_s": 600,
        }),
    );
}

#[test]
fn calories_count_before_total_calories() {
    let sums = json!({"summaries": [
        {"slug": "total_calories", "display_unit": "kcal", "value": 400},
        {"slug": "calories", "display_unit": "kcal", "value": 321}]});
    workout(&detail(json!({})), &graph(json!([]), &[], sums))
        .check("workouts", &json!({"calories_kcal": 321.0}));
}

#[test]
fn the_list_distance_is_miles_and_only_a_stopgap() {
    let list_row = detail(json!({"distance": 10.0, "calories": 5.0}));
    let outcome = workout_with(Options::default(), Some(&list_row), None, None);
    outcome.check(
        "workouts",
        &json!({"distance_m": 16_093.44, "calories_kcal": 5.0}),
    );
    let sums = json!({"summaries": [{"slug": "distance", "display_unit": "mi", "value": 2.0}]});
    let body = graph(json!([]), &[], sums);
    let outcome = workout_with(Options::default(), Some(&list_row), None, Some(&body));
    outcome.check("workouts", &json!({"distance_m": 3218.688}));
}

#[test]
fn f9_no_distance_has_no_pace() {
    let pace = |value: Value| {
        let sums = json!({"summaries": [{"slug": "distance", "display_unit": "mi", "value": 0}],
            "average_summaries": [{"slug": "avg_pace", "display_unit": "min/mi", "value": value}]});
        let body = graph(json!([1, 2]), &[("pace", json!([null, null]))], sums);
        workout(&detail(json!({"fitness_discipline": "running"})), &body).row("workouts")
    };
    for value in [json!(null), json!(0), json!(0.0)] {
        let row = pace(value);
        assert_eq!(
            (&row["avg_pace"], &row["distance_m"]),
            (&json!(null), &json!(0.0))
        );
    }
}

#[test]
fn the_newer_of_list_row_and_detail_counts() {
    let (old, new) = (
        detail(json!({"title": "Old"})),
        detail(json!({"title": "New"})),
    );
    let (old, new) = (old.to_string(), new.to_string());
    let mut rows = Rows::new(Options::default());
    rows.workout(&WorkoutAnswers {
        id: ID,
        user_id: MEMBER,
        list_row: Some(Answer {
            body: &new,
            fetched_at: at(START + 9),
        }),
        detail: Some(Answer {
            body: &old,
            fetched_at: at(START + 5),
        }),
        graph: None,
        deleted_at: Some(at(START + 20)),
    });
    Outcome::of(rows).check(
        "workouts",
        &json!({
            "title": "New", "fetched_at": "2026-03-02T07:00:09",
            "leaderboard_fetched_at": "2026-03-02T07:00:05", "deleted_at": "2026-03-02T07:00:20",
        }),
    );
}

#[test]
fn an_answer_that_is_no_workout_costs_itself() {
    let mut rows = Rows::new(Options::default());
    let list_row = detail(json!({})).to_string();
    rows.workout(&WorkoutAnswers {
        id: ID,
        user_id: MEMBER,
        list_row: Some(answer(&list_row)),
        detail: Some(answer("<html>502</html>")),
        graph: Some(answer("[]")),
        deleted_at: None,
    });
    let outcome = Outcome::of(rows);
    outcome.check(
        "workouts",
        &json!({"title": "Evening spin", "status": "COMPLETE"}),
    );
    assert_eq!(outcome.problem_columns(), ["detail", "graph"]);
}

#[test]
fn an_answer_about_another_workout_is_named() {
    let outcome = only(json!({"id": "other"}));
    assert_eq!(outcome.problem_columns(), ["id"]);
}

#[test]
fn an_imported_row_has_what_the_file_says() {
    let mut rows = Rows::new(Options::default());
    rows.csv_workout(&ImportedWorkout {
        id: "csv-1".into(),
        user_id: "local".into(),
        created_at: Some(START),
        start_local: Some(jiff::civil::date(2026, 3, 2).at(2, 0, 0, 0)),
        discipline: Some("cycling".into()),
        title: Some("30 min Ride".into()),
        total_work: Some(300_000.0),
        distance_m: Some(16_100.0),
        avg_heart_rate: Some(140.5),
        duration: Some(1800),
        ..ImportedWorkout::default()
    });
    Outcome::of(rows).check(
        "workouts",
        &json!({
            "id": "csv-1", "user_id": "local", "origin": "csv", "title": "30 min Ride",
            "created_at": START, "start_ts": "2026-03-02T07:00:00",
            "start_local": "2026-03-02T02:00:00", "total_work": 300_000.0,
            "distance_m": 16_100.0, "avg_heart_rate": 140.5, "avg_output": null,
            "class_duration_s": 1800, "seconds_expected": null, "ride_id": null,
        }),
    );
}

#[test]
fn every_table_of_a_workout_is_replaced_even_without_rows() {
    let outcome = only(merged(json!({}), json!({"ftp_info": null})));
    let replaced: Vec<(&str, usize, usize)> = outcome
        .batches
        .iter()
        .map(|batch| (batch.table, batch.replaced.len(), batch.rows.num_rows()))
        .collect();
    assert_eq!(
        replaced,
        [
            ("workouts", 1, 1),
            ("workout_stats", 1, 0),
            ("workout_segments", 1, 0),
            ("workout_splits", 1, 0),
            ("workout_movements", 1, 0),
            ("workout_achievements", 1, 0),
            ("workout_zones", 1, 0),
            ("muscle_groups", 1, 0),
            ("ftp_history", 1, 0),
        ]
    );
}
