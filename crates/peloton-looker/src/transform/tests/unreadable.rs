//! No value is lost unsaid, nor said twice: each place of each answer made unreadable, one after the other.

use std::collections::BTreeMap;

use super::{ID, MEMBER, Options, Outcome, Row, START, answer, detail, graph, merged};
use crate::transform::{
    Access, CatalogAnswers, Direction, FollowAnswers, InstructorAnswers, Relation, RideAnswers,
    Rows, UserAnswers, WorkoutAnswers, inline,
};
use serde_json::{Value, json};

type Answers = BTreeMap<&'static str, Value>;

/// Answers in which as many values as possible get into a table.
fn answers() -> Answers {
    BTreeMap::from([
        ("detail", whole_detail()),
        ("graph", whole_graph()),
        ("class", whole_class()),
        ("me", whole_member()),
        (
            "settings",
            json!({"weight_unit": "kg", "height_unit": "cm", "distance_unit": "km"}),
        ),
        (
            "overview",
            json!({"streaks": {"current_weekly": 2, "best_weekly": 3}, "personal_records": [
            {"name": "Cycling", "slug": "cycling", "records": [{"name": "20 min", "slug": "1200", "value": 200.0,
             "raw_value": 200_000.0, "unit": "kj", "workout_id": ID, "workout_date": "2026-03-02"}]}]}),
        ),
        (
            "challenges",
            json!({"challenges": [{
            "challenge_summary": {"id": "ch", "title": "March", "start_time": START, "end_time": START + 9},
            "progress": {"metric_value": 5.0, "metric_display_unit": "mi", "is_complete": false}}]}),
        ),
        ("follow_row", whole_follow_row("f")),
        ("follower_row", whole_follow_row("g")),
        (
            "instructor",
            json!({"id": "i", "name": "Pat Q", "first_name": "Pat", "last_name": "Q", "bio": "Hills.",
            "short_bio": "s", "quote": "q", "username": "pat", "coach_type": "c", "fitness_disciplines": ["cycling"],
            "is_active": true, "is_instructor_group": false, "list_order": 1, "image_url": "u"}),
        ),
        (
            "catalog",
            json!({"class_types": [{"id": "t", "name": "n", "display_name": "N",
            "fitness_discipline": "cycling", "is_active": true}]}),
        ),
    ])
}

fn whole_follow_row(id: &str) -> Value {
    json!({"id": id, "username": "bea", "category": "c", "is_profile_private": false,
        "relationship": {"me_to_user": "following", "user_to_me": "none"},
        "total_workouts": 1, "total_followers": 2, "total_following": 3})
}

fn whole_detail() -> Value {
    detail(json!({
        "workout_type": "class", "title": null, "is_outdoor": false, "has_pedaling_metrics": true,
        "device_type_display_name": "Bike", "leaderboard_rank": 3, "total_leaderboard_users": 100,
        "is_total_work_personal_record": false, "strava_id": "1", "fitbit_id": "2", "peloton_id": "a",
        "distance": 1.4, "calories": 19.0, "has_paused": true, "pause_time_elapsed": 5.0,
        "average_effort_score": 4.0, "effort_zones": {"total_effort_points": 7.0},
        "ftp_info": {"ftp": 200, "ftp_source": "ftp_workout_source", "ftp_workout_id": "w"},
        "achievement_templates": [{"id": "a", "name": "A", "slug": "s", "image_url": "u", "description": "d"}],
        "movement_tracker_data": {"completed_movements_summary_data": {"repetition_summary_data": [{
            "movement_id": "m", "movement_name": "Curl", "tracking_type": "rep_counting", "is_hold": false,
            "offset": 1, "length": 30, "target_number": 10, "completed_reps": 10, "completed_duration": 30,
            "total_volume": 400, "weight": [{"weight_category": "light",
                "weight_data": {"weight_value": 20, "weight_unit": "lb"}}]}]}},
        "ride": {"id": "c1", "title": "Climb", "duration": 600, "pedaling_start_offset": 60,
            "instructor": {"id": "i", "name": "Pat Q"}},
    }))
}

fn whole_graph() -> Value {
    let mut body = graph(
        json!([1, 2, 3]),
        &[
            ("output", json!([100, 101, 102])),
            ("cadence", json!([80, 81, 82])),
            ("heart_rate", json!([120, 121, 122])),
            ("pace", json!([9.5, 9.4, 9.3])),
        ],
        json!({
            "segment_list": [{"id": "s", "name": "Warm Up", "length": 60, "start_time_offset": 0, "icon_slug": "i",
                "metrics_type": "cycling", "intensity_in_mets": 3.5, "is_drill": false}],
            "summaries": [
                {"slug": "distance", "display_unit": "mi", "value": 1.5},
                {"slug": "calories", "display_unit": "kcal", "value": 20},
                {"slug": "elevation", "display_unit": "ft", "value": 30},
                {"slug": "stroke_count", "display_unit": "strokes", "value": 33}],
            "average_summaries": [{"slug": "avg_output", "display_unit": "watts", "value": 101}],
            "location_data": [{"coordinates": [
                {"latitude": 1.0, "longitude": 2.0, "seconds_offset_from_start": 1}]}],
            "splits_data": {"distance_marker_display_unit": "mi", "elevation_change_display_unit": "ft",
                "splits": [{"distance_marker": 1.0, "order": 1, "seconds": 30.0, "elevation_change": 2.0,
                    "has_floor_segment": false, "is_best": true}]},
            "splits_metrics": {"metrics": [{"is_best": true, "has_floor_segment": false, "data": [
                {"slug": "mi", "value": 1.0, "unit": "mi"},
                {"slug": "pace", "value": 9.0, "unit": "min/mi"},
                {"slug": "spm", "value": 25.0, "unit": "spm"},
                {"slug": "avg_output", "value": 100.0, "unit": "watts"},
                {"slug": "elevation", "value": 2.0, "unit": "ft"},
                {"slug": "total_time", "value": 1.0, "unit": "min"}]}]},
            "target_metrics_performance_data": {"target_metrics": [{"offsets": {"start": 60, "end": 63},
                "segment_type": "cycling", "metrics": [{"name": "cadence", "lower": 70, "upper": 90}]}]},
            "target_performance_metrics": {"target_graph_metrics": [
                {"type": "cadence", "graph_data": {"upper": [90, 90, 90], "lower": [70, 70, 70]}}]},
            "effort_zones": {"total_effort_points": 5.5, "heart_rate_zone_durations": {
                "heart_rate_z1_duration": 1, "heart_rate_z2_duration": 2, "heart_rate_z3_duration": 3,
                "heart_rate_z4_duration": 4, "heart_rate_z5_duration": 5}},
            "muscle_group_score": [
                {"muscle_group": "quads", "display_name": "Quads", "score": 1.0, "percentage": 10, "bucket": 1}],
        }),
    );
    for metric in body["metrics"].as_array_mut().unwrap() {
        metric["average_value"] = json!(7);
        metric["max_value"] = json!(9);
    }
    body["metrics"][2]["missing_data_duration"] = json!(3);
    body["metrics"][2]["zones"] =
        json!([{"slug": "zone1", "min_value": 0, "max_value": 130, "duration": 3}]);
    body["metrics"][3]["alternatives"] =
        json!([{"slug": "speed", "display_unit": "mph", "max_value": 8, "values": [6, 7, 8]}]);
    body
}

fn whole_class() -> Value {
    json!({
        "ride": {"id": "c1", "title": "Climb", "description": "Up.", "duration": 600, "length": 700,
            "pedaling_start_offset": 60, "pedaling_end_offset": 660, "pedaling_duration": 600,
            "original_air_time": START, "fitness_discipline": "cycling", "instructor_id": "i",
            "individual_instructor_ids": ["i"], "class_type_ids": ["t", "u"], "difficulty_estimate": 5.0,
            "overall_rating_avg": 0.9, "total_workouts": 10, "is_archived": true, "distance": 5.0,
            "distance_unit": "mi", "location": "ny", "language": "en", "is_explicit": false},
        "class_types": [{"id": "t", "name": "Climb"}],
        "averages": {"average_total_work": 200.0, "average_avg_power": 150.0, "average_calories": 300.0},
        "is_ftp_test": false, "is_power_zone_class": true,
        "segments": {"segment_list": [{"id": "s", "name": "Warm Up", "length": 60, "start_time_offset": 0}]},
        "instructor_cues": [{"offsets": {"start": 70, "end": 80}, "cadence_range": {"lower": 70, "upper": 90},
            "resistance_range": {"lower": 30, "upper": 40}}],
        "target_metrics_data": {"target_metrics": [{"offsets": {"start": 70, "end": 80},
            "segment_type": "cycling", "metrics": [{"name": "cadence", "lower": 70, "upper": 90}]}]},
        "target_class_metrics": {"total_expected_output":
            {"expected_lower_output": 100.0, "expected_upper_output": 200.0}},
        "playlist": {"songs": [{"id": "p", "title": "Song", "start_time_offset": 70, "liked": false,
            "artists": [{"artist_name": "A"}, {"artist_name": "B"}], "album": {"name": "L"},
            "popularity": 5, "explicit_rating": 0}]},
    })
}

fn whole_member() -> Value {
    json!({
        "id": MEMBER, "username": "ada", "name": "Ada L", "first_name": "Ada", "last_name": "L",
        "image_url": "u", "location": "x", "birthday": 1, "gender": "female", "created_at": START,
        "is_profile_private": false, "height": 170.0, "weight": 60.0, "default_max_heart_rate": 180,
        "customized_max_heart_rate": 0, "default_heart_rate_zones": [90, 110, 130],
        "customized_heart_rate_zones": [91, 111, 131], "cycling_ftp": 200, "cycling_ftp_source": "s",
        "cycling_ftp_workout_id": "w", "cycling_workout_ftp": 210, "estimated_cycling_ftp": 205,
        "total_workouts": 9, "total_followers": 1, "total_following": 2, "last_workout_at": START,
    })
}

/// The same in the forms of earlier years, which only count without the newer ones.
fn older_answers() -> Answers {
    let mut answers = answers();
    let ride = answers["detail"]["ride"].clone();
    for (name, older) in [
        (
            "detail",
            json!({"ride": null, "peloton": {"ride_id": "c1", "ride": ride}}),
        ),
        (
            "graph",
            json!({"target_metrics_performance_data": {}, "splits_data": []}),
        ),
        ("class", json!({"target_metrics_data": {}})),
    ] {
        let body = merged(answers[name].clone(), older);
        answers.insert(name, body);
    }
    answers.get_mut("graph").unwrap()["metrics"][2]["zones"] = json!([]);
    answers
}

/// What all tables make of the answers.
fn outcome(answers: &Answers) -> Outcome {
    let texts: BTreeMap<_, _> = answers
        .iter()
        .map(|(name, body)| (*name, body.to_string()))
        .collect();
    let given = |name: &str| Some(answer(&texts[name]));
    let mut rows = Rows::new(Options {
        store_locations: true,
    });
    rows.workout(&WorkoutAnswers {
        id: ID,
        user_id: MEMBER,
        list_row: None,
        detail: given("detail"),
        graph: given("graph"),
        deleted_at: None,
    });
    let parts = inline(&texts["detail"]);
    let ride = parts.ride.map(|part| answer(part.text));
    rows.ride(&RideAnswers {
        id: "c1",
        details: given("class"),
        inline: ride,
        counters: ride,
    });
    rows.user(&UserAnswers {
        me: given("me"),
        settings: given("settings"),
        overview: given("overview"),
        challenges_current: given("challenges"),
        ..UserAnswers::new(MEMBER, Access::Public, Relation::Own)
    });
    rows.user(&UserAnswers {
        follow_row: given("follow_row"),
        ..UserAnswers::new("f", Access::Public, Relation::Following)
    });
    for (direction, row) in [
        (Direction::Following, "follow_row"),
        (Direction::Followers, "follower_row"),
    ] {
        rows.follows(&FollowAnswers {
            user_id: MEMBER,
            direction,
            rows: vec![answer(&texts[row])],
            is_whole: true,
        });
    }
    rows.instructor(&InstructorAnswers {
        id: "i",
        by_id: given("instructor"),
        list_row: None,
        inline: parts.instructor.map(|part| answer(part.text)),
    });
    rows.catalog(&CatalogAnswers {
        metadata_mappings: given("catalog"),
    });
    Outcome::of(rows)
}

fn tables(outcome: &Outcome) -> Vec<(&'static str, Vec<Row>)> {
    let batches = outcome.batches.iter();
    batches
        .map(|batch| (batch.table, outcome.rows(batch.table)))
        .collect()
}

/// A value of another kind than the one in its place.
fn bogus(value: &Value) -> Value {
    match value {
        Value::String(_) => json!({"bogus": 1}),
        _ => json!("bogus"),
    }
}

/// The places of all values inside of a value.
fn places(value: &Value, at: &str) -> Vec<String> {
    let inner: Vec<(String, &Value)> = match value {
        Value::Object(fields) => fields.iter().map(|(name, it)| (name.clone(), it)).collect(),
        Value::Array(items) => (0..).map(|i: u32| i.to_string()).zip(items).collect(),
        _ => Vec::new(),
    };
    inner
        .into_iter()
        .filter(|(_, it)| !it.is_null())
        .flat_map(|(name, it)| {
            let place = format!("{at}/{name}");
            let below = places(it, &place);
            std::iter::once(place).chain(below)
        })
        .collect()
}

/// How many places there are whose loss changes a table.
fn check(answers: &Answers) -> usize {
    let whole = outcome(answers);
    assert_eq!(whole.problems, []);
    let expected = tables(&whole);
    let mut losses = 0;
    for (name, body) in answers {
        for place in places(body, "") {
            let mut answers = answers.clone();
            let value = answers.get_mut(name).unwrap().pointer_mut(&place).unwrap();
            *value = bogus(value);
            let outcome = outcome(&answers);
            if tables(&outcome) == expected {
                continue;
            }
            losses += 1;
            let texts = outcome.problems.iter().map(|problem| &problem.text);
            let named = texts.filter(|text| text.contains("bogus")).count();
            assert_eq!(named, 1, "{name}{place}: {:?}", outcome.problems);
        }
    }
    losses
}

#[test]
fn a_value_that_a_table_loses_is_named_once() {
    let (newer, older) = (check(&answers()), check(&older_answers()));
    assert!(newer > 250 && older > 250, "{newer}, {older}");
}
