use super::{Outcome, answer};
use crate::transform::{CatalogAnswers, InstructorAnswers, Options, RideAnswers, Rows, inline};
use serde_json::{Value, json};

const CLASS: &str = "c1a5500000000000000000000000abcd";

fn class(details: &Value, in_workout: &Value) -> Outcome {
    let (details, in_workout) = (details.to_string(), in_workout.to_string());
    let mut rows = Rows::new(Options::default());
    rows.ride(&RideAnswers {
        id: CLASS,
        details: Some(answer(&details)),
        inline: Some(answer(&in_workout)),
        counters: None,
    });
    Outcome::of(rows)
}

#[test]
fn targets_and_songs_come_to_the_pedalling_clock_and_segments_are_there() {
    let outcome = class(
        &json!({
            "ride": {"id": CLASS, "pedaling_start_offset": 60, "overall_rating_avg": 1},
            "class_types": [{"id": "t1", "name": "Climb"}],
            "segments": {"segment_list": [{"id": "s", "name": "Warm Up", "start_time_offset": 0, "length": 300}]},
            "target_metrics_data": {"target_metrics": [{"offsets": {"start": 60, "end": 72},
                "segment_type": "cycling", "metrics": [{"name": "cadence", "lower": 80, "upper": 90}]}]},
            "instructor_cues": [{"offsets": {"start": 60, "end": 72}, "cadence_range": {"lower": 1, "upper": 2}}],
            "playlist": {"songs": [{"id": "p", "title": "Up", "start_time_offset": 60, "cue_time_offset": 61,
                "artists": [{"artist_name": "A"}, {"artist_name": "B"}], "album": {"name": "Hills"}}]},
        }),
        &json!({"id": CLASS, "title": "Inline"}),
    );
    outcome.check(
        "ride_targets",
        &json!({"metric": "cadence", "start_second": 0, "end_second": 12, "lower": 80.0}),
    );
    outcome.check(
        "ride_songs",
        &json!({"start_second": 0, "artists": "A, B", "album": "Hills"}),
    );
    outcome.check(
        "ride_segments",
        &json!({"start_second": 0, "length_s": 300}),
    );
    outcome.check(
        "ride_class_types",
        &json!({"class_type_id": "t1", "name": "Climb"}),
    );
    outcome.check(
        "rides",
        &json!({"title": "Inline", "overall_rating_avg": 1.0}),
    );
    assert_eq!(outcome.problems, []);
}

#[test]
fn cues_count_without_the_newer_form() {
    let cue = json!({"offsets": {"start": 1, "end": 9}, "cadence_range": {"lower": 80, "upper": 90},
        "resistance_range": {"lower": 25, "upper": 35}});
    let details =
        json!({"ride": {"id": CLASS, "pedaling_start_offset": 1}, "instructor_cues": [cue]});
    let rows = class(&details, &json!({})).rows("ride_targets");
    let bands: Value = rows
        .iter()
        .map(|r| json!([r["metric"], r["start_second"], r["end_second"], r["upper"]]))
        .collect();
    assert_eq!(
        bands,
        json!([["resistance", 0, 8, 35.0], ["cadence", 0, 8, 90.0]])
    );
}

#[test]
fn an_unknown_offset_is_not_guessed() {
    let details = json!({"ride": {"id": CLASS},
        "playlist": {"songs": [{"id": "p", "start_time_offset": 60}]}});
    let outcome = class(&details, &json!({}));
    outcome.check("ride_songs", &json!({"start_second": null}));
    assert_eq!(outcome.problem_columns(), ["start_second"]);
}

#[test]
fn a_removed_class_has_its_copy_in_a_workout() {
    let text =
        json!({"id": CLASS, "title": "Gone", "class_type_ids": ["t1", "t2"], "extra_images": null})
            .to_string();
    let mut rows = Rows::new(Options::default());
    rows.ride(&RideAnswers {
        id: CLASS,
        details: None,
        inline: Some(answer(&text)),
        counters: None,
    });
    let outcome = Outcome::of(rows);
    outcome.check(
        "rides",
        &json!({"title": "Gone", "details_fetched_at": null}),
    );
    assert_eq!(outcome.rows("ride_class_types").len(), 2);
}

#[test]
fn the_newest_counters_count_and_a_value_that_can_not_be_read_is_taken_from_the_copy() {
    let details =
        json!({"ride": {"id": CLASS, "title": 5, "total_workouts": 10, "overall_rating_avg": 0.9}});
    let in_workout = json!({"id": CLASS, "title": "Inline", "total_workouts": 9});
    let (details, in_workout) = (details.to_string(), in_workout.to_string());
    let mut rows = Rows::new(Options::default());
    rows.ride(&RideAnswers {
        id: CLASS,
        details: Some(answer(&details)),
        inline: Some(answer(&in_workout)),
        counters: Some(answer(r#"{"total_workouts": 11}"#)),
    });
    Outcome::of(rows).check(
        "rides",
        &json!({"title": "Inline", "total_workouts": 11, "overall_rating_avg": 0.9}),
    );
}

#[test]
fn an_instructor_is_put_together_from_all_answers() {
    let by_id = json!({"id": "i1", "name": "Pat Q", "bio": null}).to_string();
    let list_row = json!({"id": "i1", "name": "P. Q.", "bio": "Hills."}).to_string();
    let mut rows = Rows::new(Options::default());
    rows.instructor(&InstructorAnswers {
        id: "i1",
        by_id: Some(answer(&by_id)),
        list_row: Some(answer(&list_row)),
        inline: None,
    });
    Outcome::of(rows).check(
        "instructors",
        &json!({"id": "i1", "name": "Pat Q", "bio": "Hills.", "is_listed": true}),
    );
}

#[test]
fn the_catalogue_has_a_row_an_entry() {
    let text = json!({
        "class_types": [{"id": "t1", "name": "climb", "display_name": "Climb", "fitness_discipline": "cycling"}],
        "locales": [{"value": "en-US", "name": "English"}], "instructors": [{"id": "i1"}], "odd": 5,
    })
    .to_string();
    let mut rows = Rows::new(Options::default());
    rows.catalog(&CatalogAnswers {
        metadata_mappings: Some(answer(&text)),
    });
    let rows = Outcome::of(rows).rows("catalog");
    let entries: Value = rows
        .iter()
        .map(|r| json!([r["kind"], r["id"], r["name"]]))
        .collect();
    assert_eq!(
        entries,
        json!([
            ["class_types", "t1", "Climb"],
            ["locales", "en-US", "English"]
        ])
    );
}

#[test]
fn inline_parts_are_found_where_the_joins_put_them() {
    let ride = json!({"id": CLASS, "instructor": {"id": "i1", "name": "Pat Q"}});
    for workout in [
        json!({"ride": ride}),
        json!({"ride": null, "peloton": {"ride": ride}}),
    ] {
        let text = workout.to_string();
        let found = inline(&text);
        assert_eq!(found.ride.map(|part| part.id), Some(CLASS));
        assert_eq!(
            found.ride.map(|part| part.text.to_owned()),
            Some(ride.to_string())
        );
        assert_eq!(found.instructor.map(|part| part.id), Some("i1"));
    }
    let placeholder = json!({"ride": {"id": "00000000000000000000000000000000",
        "instructor": {"name": "JUST RIDE"}}, "peloton": null})
    .to_string();
    assert_eq!(inline(&placeholder), crate::transform::Inline::default());
    assert_eq!(inline("[1]"), crate::transform::Inline::default());
}
