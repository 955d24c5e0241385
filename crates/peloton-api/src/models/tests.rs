use std::fmt::Debug;

use serde::de::DeserializeOwned;

use super::{
    Field, Int, List, MetadataMappings, PerformanceGraph, Ride, Unreadable, Workout, unreadable,
};

#[track_caller]
fn check<T: DeserializeOwned + PartialEq + Debug>(text: &str, expected: Field<T>) {
    let got: Field<T> = serde_json::from_str(text).unwrap();
    assert_eq!(got, expected, "{text}");
}

fn bad<T>(text: &str) -> Field<T> {
    Field::Unreadable(text.into())
}

#[test]
fn whole_numbers_may_be_written_as_floats() {
    check("5", Field::Value(Int(5)));
    check("5.0", Field::Value(Int(5)));
    check("-1e3", Field::Value(Int(-1000)));
    check("5.5", bad::<Int>("5.5"));
    check("1e999", bad::<Int>("1e999"));
    check("18446744073709551615", bad::<Int>("18446744073709551615"));
    check("\"5\"", bad::<Int>("\"5\""));
}

#[test]
fn floats_may_be_written_as_whole_numbers() {
    check("14", Field::Value(14.0));
    check("17.3", Field::Value(17.3));
    check("1e999", bad::<f64>("1e999"));
    check("null", Field::<f64>::Missing);
}

#[test]
fn text_is_kept_as_it_is() {
    check(
        r#""🚴 \u202e\u0000""#,
        Field::Value("🚴 \u{202e}\u{0}".to_owned()),
    );
    check(r#""\ud800""#, bad::<String>(r#""\ud800""#));
    check("{\"a\": 1}", bad::<String>("{\"a\": 1}"));
}

#[test]
fn an_offending_text_is_kept_in_part() {
    let long = format!("\"{}\"", "é".repeat(1000));
    let field: Field<bool> = serde_json::from_str(&long).unwrap();
    assert_eq!(
        field.unreadable().map(|text| text.chars().count()),
        Some(200)
    );
}

#[test]
fn an_array_is_no_object() {
    let workout: Workout =
        serde_json::from_str(r#"{"ride": ["not", "a", "ride"], "title": "t"}"#).unwrap();
    assert_eq!(workout.ride.unreadable(), Some(r#"["not", "a", "ride"]"#));
    assert_eq!(workout.title.as_deref(), Some("t"));
}

#[test]
fn lists_may_be_null_absent_or_an_empty_object() {
    for text in ["null", "[]", "{}", "{ }"] {
        let list: List<String> = serde_json::from_str(text).unwrap();
        assert_eq!(list, List::default(), "{text}");
    }
    let ride: Ride = serde_json::from_str("{}").unwrap();
    assert!(ride.class_type_ids.is_empty());
}

#[test]
fn bad_elements_are_kept_out_of_the_way() {
    let list: List<String> = serde_json::from_str(r#"["a", 5, null, "b", ["c"]]"#).unwrap();
    assert_eq!(list.items, ["a", "b"]);
    assert_eq!(list.unreadable, ["5", "null", r#"["c"]"#]);
    let list: List<String> = serde_json::from_str(r#"{"0": "a"}"#).unwrap();
    assert_eq!(list.unreadable, [r#"{"0": "a"}"#]);
}

#[test]
fn an_empty_array_stands_for_an_empty_object() {
    let graph = |splits: &str| -> PerformanceGraph {
        serde_json::from_str(&format!(r#"{{"splits_data": {splits}}}"#)).unwrap()
    };
    assert!(graph("[]").splits_data.is_missing());
    assert!(graph("{}").splits_data.get().is_some());
    assert_eq!(graph("[1]").splits_data.unreadable(), Some("[1]"));
}

#[test]
fn metrics_of_any_kind_never_cost_the_graph() {
    for (metrics, read, unreadable) in [
        (
            r#"[{"slug": "output", "values": [1, 2]}, 5, "x", null, [1], {"values": {}}]"#,
            2,
            4,
        ),
        ("null", 0, 0),
        ("{}", 0, 0),
        (r#""none""#, 0, 1),
        ("7", 0, 1),
    ] {
        let text = format!(r#"{{"duration": 60, "metrics": {metrics}}}"#);
        let graph: PerformanceGraph = serde_json::from_str(&text).unwrap();
        assert_eq!(graph.duration.int(), Some(60));
        assert_eq!(
            (graph.metrics.items.len(), graph.metrics.unreadable.len()),
            (read, unreadable),
            "{metrics}"
        );
    }
}

#[test]
fn a_number_out_of_range_costs_itself() {
    let text = r#"{"duration": 1e999, "unknown": 1e999, "seconds_since_pedaling_start": [1, 1e999],
        "metrics": [{"slug": "output", "max_value": 1e999, "values": [1e999, 7]}]}"#;
    let graph: PerformanceGraph = serde_json::from_str(text).unwrap();
    assert_eq!(graph.duration.unreadable(), Some("1e999"));
    let metric = &graph.metrics.items[0];
    assert_eq!(
        (
            metric.values.get(0),
            metric.values.get(1),
            metric.values.unreadable
        ),
        (None, Some(7.0), 1)
    );
}

#[test]
fn what_can_not_be_read_is_found_wherever_it_stands() {
    let text = r#"{"duration": "x", "metrics": [{"slug": 1, "values": [1, "a", "b"]},
        {"slug": 2, "values": [true]}, 5],
        "splits_data": [1], "effort_zones": {"heart_rate_zone_durations": {"heart_rate_z1_duration": []}}}"#;
    let graph: PerformanceGraph = serde_json::from_str(text).unwrap();
    let place = |path: &str, first: &str, count| Unreadable {
        path: path.into(),
        first: first.into(),
        count,
    };
    assert_eq!(
        unreadable(&graph),
        [
            place("duration", "\"x\"", 1),
            place("metrics[].slug", "1", 2),
            place("metrics[].values", "\"a\"", 3),
            place("metrics[]", "5", 1),
            place("splits_data", "[1]", 1),
            place(
                "effort_zones.heart_rate_zone_durations.heart_rate_z1_duration",
                "[]",
                1
            ),
        ]
    );
    let catalog: MetadataMappings = serde_json::from_str(r#"{"locales": [{"name": 5}]}"#).unwrap();
    assert_eq!(unreadable(&catalog), [place("locales[].name", "5", 1)]);
}
