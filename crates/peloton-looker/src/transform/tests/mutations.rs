//! Answers with anything anywhere: no panic, and every table still has rows of one shape.

use super::{ID, MEMBER, Options, Outcome, answer, detail, graph};
use crate::transform::{
    Access, CatalogAnswers, Direction, FollowAnswers, InstructorAnswers, Relation, RideAnswers,
    Rows, UserAnswers, WorkoutAnswers, inline,
};
use proptest::prelude::*;
use serde_json::{Value, json};

fn base_graph() -> Value {
    let mut body = graph(
        json!([1, 2, 4]),
        &[
            ("output", json!([1, 2, 3])),
            ("heart_rate", json!([100, 0, 110])),
            ("pace", json!([9.5, null, 8])),
        ],
        json!({
            "segment_list": [{"id": "s", "name": "n", "length": 1, "start_time_offset": 0}],
            "summaries": [{"slug": "distance", "display_unit": "mi", "value": 1.5}],
            "average_summaries": [{"slug": "avg_output", "display_unit": "watts", "value": 2}],
            "location_data": [{"coordinates": [{"latitude": 1.0, "longitude": 2.0, "seconds_offset_from_start": 1}]}],
            "splits_data": {"distance_marker_display_unit": "mi", "splits": [{"distance_marker": 1.0, "seconds": 9.0}]},
            "splits_metrics": {"metrics": [{"data": [{"slug": "pace", "value": 3.0, "unit": "min/mi"}]}]},
            "target_metrics_performance_data": {"target_metrics": [{"offsets": {"start": 0, "end": 2},
                "metrics": [{"name": "cadence", "lower": 1, "upper": 2}]}]},
            "target_performance_metrics": {"target_graph_metrics": [
                {"type": "cadence", "graph_data": {"upper": [1, 2, 3], "lower": [1, 2, 3]}}]},
            "effort_zones": {"total_effort_points": 2.0, "heart_rate_zone_durations": {"heart_rate_z1_duration": 1}},
            "muscle_group_score": [{"muscle_group": "m", "score": 1.0}],
        }),
    );
    body["metrics"][1]["zones"] =
        json!([{"slug": "zone1", "min_value": 0, "max_value": 115, "duration": 3}]);
    body["metrics"][2]["alternatives"] =
        json!([{"slug": "speed", "display_unit": "mph", "values": [1, 2, 3]}]);
    body
}

fn base_detail() -> Value {
    detail(json!({
        "ride": {"id": "c1", "title": "t", "pedaling_start_offset": 1, "instructor": {"id": "i", "name": "n"}},
        "peloton": {"ride_id": "c1", "ride": {"id": "c1"}},
        "achievement_templates": [{"id": "a"}],
        "movement_tracker_data": {"completed_movements_summary_data": {"repetition_summary_data": [
            {"movement_id": "m", "weight": [{"weight_data": {"weight_value": 1, "weight_unit": "lb"}}]}]}},
    }))
}

fn base_class() -> Value {
    json!({
        "ride": {"id": "c1", "pedaling_start_offset": 60, "class_type_ids": ["t"]},
        "class_types": [{"id": "t", "name": "n"}],
        "segments": {"segment_list": [{"id": "s"}]},
        "instructor_cues": [{"offsets": {"start": 1, "end": 2}, "cadence_range": {"lower": 1, "upper": 2}}],
        "target_metrics_data": {"target_metrics": []},
        "playlist": {"songs": [{"id": "p", "start_time_offset": 1, "artists": [{"artist_name": "A"}]}]},
        "averages": {"average_calories": 1}, "personal_records": [{"records": [{"slug": "1200"}]}],
        "challenges": [{"challenge_summary": {"id": "c"}, "progress": {"metric_value": 1}}],
        "default_heart_rate_zones": [1, 2], "streaks": {"best_weekly": 1}, "id": "x",
    })
}

/// JSON of any kind, with the values that break parsers.
fn junk() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(json!(null)),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(|float| json!(float)),
        "\\PC{0,8}".prop_map(Value::from),
        Just(json!("\u{0}")),
        Just(json!([])),
        Just(json!({})),
    ];
    leaf.prop_recursive(2, 8, 4, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            proptest::collection::hash_map("[a-z_]{0,6}", inner, 0..3)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

/// All places of a value, the whole included.
fn pointers(value: &Value, at: &str, all: &mut Vec<String>) {
    all.push(at.to_owned());
    match value {
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                pointers(item, &format!("{at}/{index}"), all);
            }
        }
        Value::Object(fields) => {
            for (name, field) in fields {
                pointers(field, &format!("{at}/{name}"), all);
            }
        }
        _ => {}
    }
}

fn mutate(mut value: Value, mutations: &[(prop::sample::Index, Value)]) -> String {
    for (place, junk) in mutations {
        let mut all = Vec::new();
        pointers(&value, "", &mut all);
        if let Some(target) = value.pointer_mut(&all[place.index(all.len())]) {
            *target = junk.clone();
        }
    }
    value.to_string()
}

/// Sends the texts through everything.
fn run(detail: &str, graph: &str, class: &str) {
    let mut rows = Rows::new(Options {
        store_locations: true,
    });
    rows.workout(&WorkoutAnswers {
        id: ID,
        user_id: MEMBER,
        list_row: Some(answer(class)),
        detail: Some(answer(detail)),
        graph: Some(answer(graph)),
        deleted_at: None,
    });
    rows.ride(&RideAnswers {
        id: "c1",
        details: Some(answer(class)),
        inline: Some(answer(detail)),
        counters: None,
    });
    rows.instructor(&InstructorAnswers {
        id: "i",
        by_id: Some(answer(detail)),
        list_row: Some(answer(class)),
        inline: None,
    });
    rows.user(&UserAnswers {
        me: Some(answer(class)),
        overview: Some(answer(class)),
        challenges_past: Some(answer(class)),
        ..UserAnswers::new("m", Access::Private, Relation::Following)
    });
    rows.follows(&FollowAnswers {
        user_id: "m",
        direction: Direction::Following,
        rows: vec![answer(detail), answer(class)],
        is_whole: true,
    });
    rows.catalog(&CatalogAnswers {
        metadata_mappings: Some(answer(class)),
    });
    inline(detail);
    let outcome = Outcome::of(rows);
    assert_eq!(outcome.rows("workouts").len(), 1);
    let seconds: Vec<_> = outcome
        .rows("workout_stats")
        .iter()
        .map(|row| row["seconds_since_pedaling_start"].as_i64().unwrap())
        .collect();
    assert!(seconds.is_sorted_by(|a, b| a < b), "{seconds:?}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn anything_anywhere_never_panics(
        in_detail in proptest::collection::vec((any::<prop::sample::Index>(), junk()), 0..4),
        in_graph in proptest::collection::vec((any::<prop::sample::Index>(), junk()), 0..6),
        in_class in proptest::collection::vec((any::<prop::sample::Index>(), junk()), 0..4),
    ) {
        run(
            &mutate(base_detail(), &in_detail),
            &mutate(base_graph(), &in_graph),
            &mutate(base_class(), &in_class),
        );
    }

    #[test]
    fn text_cut_or_garbled_never_panics(cut in any::<prop::sample::Index>(), other in "\\PC{0,5}") {
        for text in [base_detail().to_string(), base_graph().to_string(), base_class().to_string()] {
            let place = cut.index(text.len());
            if let Some((before, after)) = text.split_at_checked(place) {
                run(before, before, before);
                let garbled = format!("{before}{other}{after}");
                run(&garbled, &garbled, &garbled);
            }
        }
    }
}
