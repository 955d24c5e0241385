//! The odd cases of `peloton-api.md`, sections 3 and 5, that a single workout can show.
//! Not here: 5.2 and 5.18 have tests of their own; 5.15 is about the years of the payloads, and this
//! service answers as that of 2026.

use serde_json::{Value, json};

const ZERO: &str = "00000000000000000000000000000000";

/// A workout as it is served.
pub(crate) struct Seen<'a> {
    pub(crate) row: &'a Value,
    pub(crate) detail: &'a Value,
    pub(crate) graph: &'a Value,
}

impl<'a> Seen<'a> {
    /// A graph without its workout.
    pub(crate) fn alone(graph: &'a Value) -> Self {
        Self {
            row: &Value::Null,
            detail: &Value::Null,
            graph,
        }
    }

    pub(crate) fn axis(&self) -> Vec<i64> {
        let axis = self.graph["seconds_since_pedaling_start"].as_array();
        axis.into_iter()
            .flatten()
            .filter_map(Value::as_i64)
            .collect()
    }

    /// Empty where there is no such metric.
    pub(crate) fn values(&self, slug: &str) -> Vec<Option<f64>> {
        numbers(&self.metric(slug)["values"])
    }

    pub(crate) fn is_rowed(&self) -> bool {
        let discipline = self.row["fitness_discipline"].as_str();
        discipline.is_some_and(|discipline| discipline.starts_with("caesar"))
    }

    fn metric(&self, slug: &str) -> &Value {
        let metrics = self.graph["metrics"].as_array();
        let found = metrics
            .into_iter()
            .flatten()
            .find(|metric| metric["slug"] == slug);
        found.unwrap_or(&Value::Null)
    }

    fn slugs(&self) -> Vec<&str> {
        let metrics = self.graph["metrics"].as_array();
        metrics
            .into_iter()
            .flatten()
            .filter_map(|metric| metric["slug"].as_str())
            .collect()
    }

    fn summary(&self, slug: &str) -> Option<&Value> {
        let summaries = self.graph["summaries"].as_array();
        summaries
            .into_iter()
            .flatten()
            .find(|summary| summary["slug"] == slug)
    }

    pub(crate) fn kilojoules(&self) -> Option<f64> {
        self.summary("total_output")?["value"].as_f64()
    }

    /// Seconds between neighbours on the axis.
    fn steps(&self) -> Vec<i64> {
        self.axis()
            .windows(2)
            .map(|pair| pair[1] - pair[0])
            .collect()
    }

    /// Of the last sample behind the nominal end; only of classes.
    fn overtime(&self) -> Option<i64> {
        let is_class = self.row["workout_type"] == "class" && self.row["status"] == "COMPLETE";
        let end = self.graph["duration"].as_i64().filter(|_| is_class);
        Some(self.axis().last()? - end?)
    }

    /// Pace and the speed beside it.
    fn paces(&self) -> Vec<(Option<f64>, Option<f64>)> {
        let speeds = numbers(&self.metric("pace")["alternatives"][0]["values"]);
        self.values("pace").into_iter().zip(speeds).collect()
    }

    fn class_has(&self, name: &str) -> bool {
        !self.row["ride"][name].is_null()
    }

    fn clock_error(&self) -> i64 {
        let second = |name: &str| self.row[name].as_i64().unwrap_or(0);
        (second("device_time_created_at") - second("created_at")).rem_euclid(900)
    }

    /// Seconds from the record to the start.
    fn countdown(&self) -> Option<i64> {
        Some(self.row["start_time"].as_i64()? - self.row["created_at"].as_i64()?)
    }
}

fn numbers(values: &Value) -> Vec<Option<f64>> {
    values
        .as_array()
        .into_iter()
        .flatten()
        .map(Value::as_f64)
        .collect()
}

fn is_filled(value: &Value) -> bool {
    match value {
        Value::Array(elements) => !elements.is_empty(),
        Value::Object(fields) => !fields.is_empty(),
        _ => false,
    }
}

type Case = (&'static str, fn(&Seen<'_>) -> bool);

/// Each has to be somewhere in the default world.
pub(crate) const CASES: &[Case] = &[
    ("3.2 a freestyle graph without segments", |seen| {
        seen.row["workout_type"] == "freestyle" && seen.graph["segment_list"] == json!([])
    }),
    ("3.2 no effort zones", |seen| {
        seen.graph["effort_zones"].is_null()
    }),
    ("3.2 effort zones", |seen| {
        seen.graph["effort_zones"].is_object()
    }),
    ("3.2 no splits, in the form of 2020", |seen| {
        seen.graph["splits_data"] == json!([])
    }),
    ("3.2 no splits, in the later form", |seen| {
        seen.graph["splits_data"] == json!({})
    }),
    ("3.2 splits with a change of height", |seen| {
        seen.graph["splits_data"]["splits"][0]["elevation_change"].is_f64()
    }),
    ("3.2 splits without a change of height", |seen| {
        let split = &seen.graph["splits_data"]["splits"][0];
        split.is_object() && split["elevation_change"].is_null()
    }),
    ("3.2 a table of miles", |seen| {
        seen.graph["splits_metrics"]["header"][0]["slug"] == "mi"
    }),
    ("3.2 a table of meters", |seen| {
        seen.graph["splits_metrics"]["header"][0]["slug"] == "meter"
    }),
    ("3.2 targets in the form of 2020", |seen| {
        is_filled(&seen.graph["target_performance_metrics"]["target_graph_metrics"])
    }),
    ("3.2 targets in the later form", |seen| {
        is_filled(&seen.graph["target_metrics_performance_data"]["target_metrics"])
    }),
    ("3.2 no plan: both arrays empty", |seen| {
        seen.graph["target_metrics_performance_data"]
            == json!({"target_metrics": [], "time_in_metric": []})
    }),
    ("3.2 muscle groups", |seen| {
        is_filled(&seen.graph["muscle_group_score"])
    }),
    ("3.2 strokes", |seen| {
        is_filled(&seen.graph["caesar_metrics"]["output"]["data"])
    }),
    ("3.2 strokes with an error", |seen| {
        let strokes = seen.graph["caesar_metrics"]["output"]["data"].as_array();
        strokes
            .into_iter()
            .flatten()
            .any(|stroke| is_filled(&stroke["errors"]))
    }),
    ("3.3 the axis begins with 0", |seen| {
        seen.axis().first() == Some(&0)
    }),
    ("3.3 the axis begins with 1", |seen| {
        seen.axis().first() == Some(&1)
    }),
    ("3.3 the axis begins with 2", |seen| {
        seen.axis().first() == Some(&2)
    }),
    ("3.3 the axis begins with 7", |seen| {
        seen.axis().first() == Some(&7)
    }),
    ("3.3 an axis without gaps", |seen| {
        seen.axis().len() > 500 && seen.steps().iter().all(|step| *step == 1)
    }),
    ("3.3 a step of 2 to 5 seconds", |seen| {
        seen.steps().iter().any(|step| (2..=5).contains(step))
    }),
    ("3.3 a step of 14 seconds", |seen| {
        seen.steps().contains(&14)
    }),
    ("3.3 a pause", |seen| {
        seen.steps().iter().any(|step| *step >= 20)
    }),
    ("3.3 the last sample two seconds before the end", |seen| {
        seen.overtime() == Some(-2)
    }),
    ("3.3 the last sample one second before the end", |seen| {
        seen.overtime() == Some(-1)
    }),
    ("3.3 the last sample at the end", |seen| {
        seen.overtime() == Some(0)
    }),
    ("3.3 the last sample beyond the end", |seen| {
        seen.overtime() > Some(10)
    }),
    ("3.3 given up before the end", |seen| {
        seen.overtime() < Some(-100)
    }),
    ("3.3 a sample more than seconds", |seen| {
        i64::try_from(seen.axis().len()).ok()
            == seen.graph["duration"].as_i64().map(|seconds| seconds + 1)
    }),
    ("3.4 all metrics of a bike", |seen| {
        seen.slugs() == ["output", "cadence", "resistance", "speed", "heart_rate"]
    }),
    ("3.4 a ride without a heart rate", |seen| {
        seen.slugs() == ["output", "cadence", "resistance", "speed"]
    }),
    ("3.4 all metrics of a tread", |seen| {
        seen.slugs() == ["output", "pace", "incline", "heart_rate"]
    }),
    ("3.4 all metrics of a run outdoors", |seen| {
        seen.slugs() == ["pace", "altitude", "heart_rate"]
    }),
    ("3.4 all metrics of a rower", |seen| {
        seen.slugs() == ["output", "stroke_rate", "split_pace", "heart_rate"]
    }),
    ("3.4 a heart rate alone", |seen| {
        seen.slugs() == ["heart_rate"]
    }),
    ("3.4 seconds without metrics", |seen| {
        seen.slugs().is_empty() && seen.axis().len() > 100
    }),
    ("3.4 an import with a heart rate alone", |seen| {
        seen.row["is_3p_fit_feed_workout"] == true && seen.slugs() == ["heart_rate"]
    }),
    ("3.4 an import without anything", |seen| {
        seen.row["is_3p_fit_feed_workout"] == true && seen.slugs().is_empty()
    }),
    ("3.4 the floor part of a row bootcamp", |seen| {
        let strokes = seen
            .values("stroke_rate")
            .into_iter()
            .zip(seen.values("split_pace"));
        strokes
            .filter(|stroke| *stroke == (Some(0.0), None))
            .count()
            > 60
    }),
    ("3.4 no pace when standing", |seen| {
        seen.paces().contains(&(None, Some(0.0)))
    }),
    ("3.4 no pace although there is speed", |seen| {
        seen.paces()
            .iter()
            .any(|(pace, speed)| pace.is_none() && *speed > Some(0.0))
    }),
    ("3.4 a pace far above the best", |seen| {
        let best = seen.metric("pace")["max_value"].as_f64();
        best.is_some_and(|best| {
            seen.values("pace")
                .iter()
                .flatten()
                .any(|pace| *pace > 2.0 * best)
        })
    }),
    ("3.4 the best pace is the smallest", |seen| {
        let least = seen.values("pace").into_iter().flatten().reduce(f64::min);
        least.is_some() && least == seen.metric("pace")["max_value"].as_f64()
    }),
    ("3.4 no figures of the height", |seen| {
        let altitude = seen.metric("altitude");
        altitude.is_object()
            && altitude["max_value"].is_null()
            && altitude["average_value"].is_null()
    }),
    ("3.4 no heart rate at the start", |seen| {
        seen.values("heart_rate").first() == Some(&Some(0.0))
    }),
    ("3.4 no heart rate in between", |seen| {
        let values = seen.values("heart_rate");
        let middle = values.get(600..).unwrap_or_default();
        middle.contains(&Some(0.0)) && middle.last() > Some(&Some(0.0))
    }),
    ("3.4 no heart rate for a fifth of the time", |seen| {
        let values = seen.values("heart_rate");
        values.iter().filter(|beats| **beats == Some(0.0)).count() * 5 > values.len().max(500)
    }),
    ("3.4 seconds without data", |seen| {
        seen.metric("heart_rate")["missing_data_duration"].as_i64() > Some(0)
    }),
    ("3.4 more data than seconds", |seen| {
        seen.metric("heart_rate")["missing_data_duration"].as_i64() < Some(0)
    }),
    ("3.4 a mean speed with a point", |seen| {
        seen.metric("speed")["average_value"].is_f64()
    }),
    ("3.4 a mean speed without a point", |seen| {
        seen.metric("speed")["average_value"].is_i64()
    }),
    ("3.5 calories by a watch", |seen| {
        seen.summary("total_calories").is_some() && seen.summary("calories").is_none()
    }),
    ("3.5 a summary without a unit", |seen| {
        seen.summary("stroke_count")
            .is_some_and(|strokes| strokes["display_unit"].is_null())
    }),
    ("3.5 minutes of a distance-based ride", |seen| {
        seen.summary("duration").is_some() && seen.row["ride"]["is_fixed_distance"] == true
    }),
    ("3.5 a height", |seen| seen.summary("elevation").is_some()),
    ("3.5 no summaries", |seen| {
        seen.graph["summaries"] == json!([])
    }),
    ("3.5 the work comes first", |seen| {
        seen.graph["summaries"][0]["slug"] == "total_output"
    }),
    ("3.5 the work comes last", |seen| {
        let summaries = seen.graph["summaries"].as_array();
        summaries
            .and_then(|all| all.last())
            .is_some_and(|last| last["slug"] == "total_output")
    }),
    ("3.7 a way with fewer points than samples", |seen| {
        let points = seen.graph["location_data"][0]["coordinates"].as_array();
        points.is_some_and(|points| !points.is_empty() && points.len() < seen.axis().len())
    }),
    ("3.8 a graph that says there is none", |seen| {
        seen.graph["performance_graph_available"] == false
    }),
    ("3.8 the samples so far", |seen| {
        seen.row["status"] == "IN_PROGRESS" && is_filled(&seen.graph["metrics"])
    }),
    ("5.1 a placeholder for the class", |seen| {
        seen.row["ride"]["id"] == ZERO
    }),
    ("5.1 a placeholder of a game", |seen| {
        seen.row["ride"]["instructor"]["name"] == "LANEBREAK"
    }),
    ("5.1 a dashed id", |seen| {
        seen.row["ride"]["id"]
            .as_str()
            .is_some_and(|id| id.len() == 36)
    }),
    ("5.1 a class without instructor", |seen| {
        seen.row["workout_type"] == "scenic"
            && seen.class_has("id")
            && !seen.class_has("instructor_id")
    }),
    ("5.3 nothing known in the countdown", |seen| {
        seen.row["ride"].is_null()
            && seen.row["start_time"].is_null()
            && seen.detail["ride"].is_null()
    }),
    ("5.4 finished without an end", |seen| {
        seen.row["status"] == "COMPLETE" && seen.row["end_time"].is_null()
    }),
    ("5.5 a time zone by name", |seen| {
        seen.row["timezone"] == "America/New_York"
    }),
    ("5.5 a time zone by offset", |seen| {
        seen.row["timezone"] == "Etc/GMT+4"
    }),
    ("5.5 UTC", |seen| seen.row["timezone"] == "UTC"),
    ("5.5 no time zone", |seen| seen.row["timezone"].is_null()),
    ("5.5 a clock one second off", |seen| seen.clock_error() == 1),
    ("5.5 a clock two seconds off", |seen| {
        seen.clock_error() == 2
    }),
    ("5.6 started before it was created", |seen| {
        seen.countdown() == Some(-1)
    }),
    ("5.6 a long countdown", |seen| seen.countdown() > Some(330)),
    ("5.8 no leaderboard", |seen| {
        seen.detail["leaderboard_rank"].is_null() && seen.detail["total_leaderboard_users"] == 0
    }),
    ("5.8 a rank, but not in the list", |seen| {
        seen.detail["leaderboard_rank"].is_i64() && seen.row.get("leaderboard_rank").is_none()
    }),
    ("5.9 posted", |seen| {
        seen.row["strava_id"]
            .as_str()
            .is_some_and(|id| id.parse::<u64>().is_ok())
    }),
    ("5.9 failed to post", |seen| seen.row["strava_id"] == "-1"),
    ("5.9 never posted", |seen| seen.row["strava_id"].is_null()),
    ("5.9 no service", |seen| seen.row["service_id"].is_null()),
    ("5.9 the service 0 as text", |seen| {
        seen.row["service_id"] == "0"
    }),
    ("5.9 the service 0 as number", |seen| {
        seen.row["service_id"] == 0
    }),
    ("5.10 no title of its own", |seen| {
        seen.row["title"].is_null() && seen.class_has("title")
    }),
    ("5.10 a title of its own", |seen| {
        seen.row["title"].is_string()
    }),
    ("5.11 an airing that is not the class", |seen| {
        seen.row["peloton_id"].is_string() && seen.row["peloton_id"] != seen.row["ride"]["id"]
    }),
    ("5.11 no airing", |seen| seen.row["peloton_id"].is_null()),
    ("5.11 an empty airing", |seen| seen.row["peloton_id"] == ""),
    ("5.12 a group of instructors", |seen| {
        seen.row["ride"]["instructor"]["is_instructor_group"] == true
            && seen.detail["ride"]["individual_instructor_ids"]
                .as_array()
                .map(Vec::len)
                == Some(2)
    }),
    ("5.14 a rating with a point", |seen| {
        seen.row["ride"]["overall_rating_avg"].is_f64()
    }),
    ("5.14 a rating without a point", |seen| {
        seen.row["ride"]["overall_rating_avg"].is_i64()
    }),
    ("5.14 no work, with a point", |seen| {
        seen.row["total_work"].as_f64() == Some(0.0) && seen.row["total_work"].is_f64()
    }),
    ("5.14 no work, without a point", |seen| {
        seen.row["total_work"].as_i64() == Some(0)
    }),
    ("5.16 rounded counts", |seen| {
        let count = seen.row["ride"]["total_workouts"].as_u64();
        count.is_some_and(|count| count > 0 && count % 10_000 == 0)
    }),
    ("5.17 an import that came long after", |seen| {
        seen.row["is_3p_fit_feed_workout"] == true && seen.countdown() < Some(-3_600)
    }),
    ("5.19 movements with the names of 2023", |seen| {
        let movements = &seen.detail["movement_tracker_data"]["completed_movements_summary_data"];
        movements["repetition_summary_data"][0]["completed_number"].is_i64()
    }),
    ("5.19 movements with the names of 2024", |seen| {
        let movements = &seen.detail["movement_tracker_data"]["completed_movements_summary_data"];
        movements["repetition_summary_data"][0]["completed_reps"].is_i64()
    }),
    ("5.20 a rower by its code name", |seen| {
        seen.row["device_type"] == "caesar"
            && seen.row["ride"]["fitness_discipline_display_name"] == "Rowing"
    }),
    ("5.20 a row bootcamp", |seen| {
        seen.row["fitness_discipline"] == "caesar_bootcamp"
    }),
    ("5.21 in progress", |seen| {
        seen.row["status"] == "IN_PROGRESS"
    }),
    ("5.22 a title in other letters", |seen| {
        seen.row["title"]
            .as_str()
            .is_some_and(|title| !title.is_ascii())
    }),
];
