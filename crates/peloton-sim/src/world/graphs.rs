//! The performance graph of a workout.

use serde_json::{Value, json};

use super::World;
use super::members::{Kind, Spec};
use super::random::{Random, id};
use super::series::{Series, hundredth, tenth};
use super::workouts::{calories, round5};

impl World {
    /// The answer of `/api/workout/{id}/performance_graph`.
    pub(crate) fn graph_of(&self, spec: &Spec, every_n: u32) -> Value {
        let series = Series::new(spec, &self.members[spec.member], &self.classes);
        let kept = kept(&series.axis, every_n);
        let class = spec.class.map(|at| &self.classes.classes[at]);
        let axis: Vec<i64> = kept.iter().map(|at| series.axis[*at]).collect();
        let metrics = self.metrics(spec, &series, &kept);
        let has_plan = class.is_some_and(|class| class.discipline == "cycling" && !class.is_scenic);
        let targets = class
            .filter(|_| has_plan)
            .map_or(json!([]), super::classes::Class::target_metrics);
        let mut graph = json!({
            "duration": class.map_or(spec.length, |class| class.duration), "is_class_plan_shown": has_plan,
            "segment_list": class.map_or(json!([]), super::classes::Class::segments),
            "seconds_since_pedaling_start": axis,
            "average_summaries": averages(&metrics), "summaries": self.summaries(spec, &series), "metrics": metrics,
            "has_apple_watch_metrics": false, "location_data": self.track(spec, &series), "is_location_data_accurate": null,
            "splits_data": self.splits(spec, &series), "splits_metrics": {},
            "target_performance_metrics": {"target_graph_metrics": [], "cadence_time_in_range": 0, "resistance_time_in_range": 0},
            "target_metrics_performance_data": {"target_metrics": targets, "time_in_metric": []},
            "effort_zones": self.effort_zones(spec, &series), "muscle_group_score": muscles(spec),
        });
        if spec.kind == Kind::Meditation {
            graph["performance_graph_available"] = json!(false);
        }
        graph
    }

    fn metrics(&self, spec: &Spec, series: &Series, kept: &[usize]) -> Value {
        let mut metrics = Vec::new();
        let mut add =
            |slug: &str, name: &str, unit: &str, values: &[Option<f64>], is_whole: bool| {
                if !values.is_empty() {
                    metrics.push(metric(slug, name, unit, values, kept, is_whole));
                }
            };
        add("output", "Output", "watts", &whole(&series.output), true);
        add("cadence", "Cadence", "rpm", &whole(&series.cadence), true);
        add(
            "resistance",
            "Resistance",
            "%",
            &whole(&series.resistance),
            true,
        );
        if spec.kind.pedals() {
            add("speed", "Speed", "mph", &some(&series.speed), false);
        }
        add(
            "stroke_rate",
            "Stroke Rate",
            "spm",
            &whole(&series.stroke_rate),
            true,
        );
        add("split_pace", "Pace", "min/500m", &series.split_pace, false);
        add("pace", "Pace", "min/mi", &series.pace, false);
        add("incline", "Incline", "%", &some(&series.incline), false);
        add(
            "altitude",
            "Elevation",
            "ft",
            &some(&series.altitude),
            false,
        );
        if let Some(pace) = metrics.iter_mut().find(|metric| metric["slug"] == "pace") {
            pace["alternatives"] = json!([metric(
                "speed",
                "Speed",
                "mph",
                &some(&series.speed),
                kept,
                false
            )]);
        }
        if !series.heart_rate.is_empty() {
            metrics.push(self.heart_metric(spec, series, kept));
        }
        metrics.into()
    }

    fn heart_metric(&self, spec: &Spec, series: &Series, kept: &[usize]) -> Value {
        let values: Vec<Option<f64>> = whole(&series.heart_rate);
        let mut metric = metric("heart_rate", "Heart Rate", "bpm", &values, kept, true);
        let worn: Vec<i64> = series
            .heart_rate
            .iter()
            .copied()
            .filter(|beats| *beats > 0)
            .collect();
        metric["average_value"] =
            json!(worn.iter().sum::<i64>() / i64::try_from(worn.len().max(1)).unwrap_or(1));
        let seconds = self.zone_seconds(spec, series);
        let bounds = self.zone_bounds(spec);
        let zones: Vec<Value> = (0..5)
            .map(|at| {
                let low = if at == 0 { 0 } else { bounds[at - 1] };
                let high = bounds.get(at).map_or(220, |bound| bound - 1);
                let range = match at {
                    0 => format!("<{} bpm", bounds[0]),
                    4 => format!(">{} bpm", bounds[3] - 1),
                    _ => format!("{low}-{high} bpm"),
                };
                json!({"slug": format!("zone{}", at + 1), "display_name": format!("Zone {}", at + 1), "range": range,
                    "min_value": low, "max_value": high, "duration": seconds[at]})
            })
            .collect();
        let duration = spec
            .class
            .map_or(spec.length, |at| self.classes.classes[at].duration);
        metric["zones"] = zones.into();
        metric["missing_data_duration"] = json!(duration - seconds.iter().sum::<i64>());
        metric
    }

    fn summaries(&self, spec: &Spec, series: &Series) -> Value {
        let mut summaries = Vec::new();
        let mut add = |slug: &str, name: &str, unit: &str, value: Value| {
            summaries.push(
                json!({"slug": slug, "display_name": name, "display_unit": unit, "value": value}),
            );
        };
        if !series.output.is_empty() {
            add(
                "total_output",
                "Total Output",
                "kj",
                json!((series.work_j() + 500) / 1000),
            );
        }
        if let Some(miles) = self.distance_miles(series) {
            if spec.kind == Kind::Row {
                add(
                    "distance",
                    "Distance",
                    "m",
                    json!(super::members::whole(miles * 1609.344)),
                );
            } else {
                add("distance", "Distance", "mi", json!(round5(miles)));
            }
        }
        if !series.altitude.is_empty() {
            let climbed: f64 = series
                .altitude
                .windows(2)
                .map(|pair| (pair[1] - pair[0]).max(0.0))
                .sum();
            add("elevation", "Elevation", "ft", json!(tenth(climbed)));
        }
        if !series.output.is_empty() || !series.speed.is_empty() {
            // A watch as the source of the heart rate renames it.
            let slug = if spec.number % 40 == 7 {
                "total_calories"
            } else {
                "calories"
            };
            add(slug, "Calories", "kcal", json!(calories(series)));
        }
        summaries.into()
    }

    fn track(&self, spec: &Spec, series: &Series) -> Value {
        if spec.kind != Kind::OutdoorRun {
            return json!([]);
        }
        let mut random = Random::new(spec.seed, "track", 0);
        // In the middle of the ocean, where nobody lives.
        let (mut latitude, mut longitude) = (random.range(-9.0, -7.0), random.range(-29.0, -27.0));
        let mut miles = 0.0;
        let coordinates: Vec<Value> = series
            .axis
            .iter()
            .zip(&series.speed)
            .filter(|(second, _)| *second % 97 != 0)
            .map(|(second, mph)| {
                miles += mph / 3600.0;
                latitude += mph / 3600.0 / 69.0;
                longitude += 0.000_01;
                json!({"latitude": round5(latitude), "longitude": round5(longitude), "accuracy": 5.0, "distance": round5(miles),
                    "distance_display_unit": "mi", "seconds_offset_from_start": second})
            })
            .collect();
        json!([{"segment_id": null, "is_gap": false, "coordinates": coordinates}])
    }

    fn splits(&self, spec: &Spec, series: &Series) -> Value {
        if !matches!(spec.kind, Kind::TreadRun | Kind::OutdoorRun) {
            return json!({});
        }
        let (mut splits, mut miles, mut from) = (Vec::new(), 0.0, 0);
        for (second, mph) in series.axis.iter().zip(&series.speed) {
            miles += mph / 3600.0;
            #[expect(clippy::cast_precision_loss, reason = "a few miles")]
            if miles >= (splits.len() + 1) as f64 {
                splits.push(json!({"distance_marker": splits.len() + 1, "order": splits.len() + 1, "seconds": second - from, "elevation_change": null, "is_best": false}));
                from = *second;
            }
        }
        json!({"distance_marker_display_unit": "mi", "elevation_change_display_unit": "ft", "splits": splits})
    }
}

fn averages(metrics: &Value) -> Value {
    let Some(metrics) = metrics.as_array() else {
        return json!([]);
    };
    metrics
        .iter()
        .filter(|metric| metric["slug"] != "heart_rate" && metric["slug"] != "altitude")
        .map(|metric| {
            let slug = metric["slug"].as_str().unwrap_or_default();
            let name = metric["display_name"].as_str().unwrap_or_default();
            json!({"slug": format!("avg_{slug}"), "display_name": format!("Avg {name}"),
                "display_unit": metric["display_unit"], "value": metric["average_value"]})
        })
        .collect()
}

fn metric(
    slug: &str,
    name: &str,
    unit: &str,
    values: &[Option<f64>],
    kept: &[usize],
    is_whole: bool,
) -> Value {
    let known: Vec<f64> = values.iter().flatten().copied().collect();
    #[expect(clippy::cast_precision_loss, reason = "a mean")]
    let mean = known.iter().sum::<f64>() / known.len().max(1) as f64;
    // Of a pace the best is the smallest.
    let best = if slug.ends_with("pace") {
        known.iter().copied().reduce(f64::min)
    } else {
        known.iter().copied().reduce(f64::max)
    };
    let number = |value: f64| {
        if is_whole {
            json!(super::members::whole(value))
        } else {
            json!(value)
        }
    };
    let values: Vec<Value> = kept
        .iter()
        .map(|at| values[*at].map_or(Value::Null, number))
        .collect();
    let is_altitude = slug == "altitude";
    json!({
        "slug": slug, "display_name": name, "display_unit": unit,
        "max_value": best.filter(|_| !is_altitude).map_or(Value::Null, number),
        "average_value": if is_altitude { Value::Null } else if is_whole { json!(super::members::whole(mean)) } else { json!(hundredth(mean)) },
        "values": values,
    })
}

/// Every n-th sample from the first, and always the last.
fn kept(axis: &[i64], every_n: u32) -> Vec<usize> {
    let step = usize::try_from(every_n.max(1)).unwrap_or(1);
    let mut kept: Vec<usize> = (0..axis.len()).step_by(step).collect();
    if kept.last().is_some_and(|last| last + 1 < axis.len()) {
        kept.push(axis.len() - 1);
    }
    kept
}

#[expect(clippy::cast_precision_loss, reason = "sensor values")]
fn whole(values: &[i64]) -> Vec<Option<f64>> {
    values.iter().map(|value| Some(*value as f64)).collect()
}

fn some(values: &[f64]) -> Vec<Option<f64>> {
    values.iter().copied().map(Some).collect()
}

fn muscles(spec: &Spec) -> Value {
    if !matches!(spec.kind, Kind::Strength | Kind::Row) {
        return json!([]);
    }
    let groups = ["shoulders", "quads", "core"];
    groups
        .iter()
        .zip([40, 35, 25])
        .map(|(group, percentage)| {
            json!({"muscle_group": group, "display_name": id(10, group, 0)[..6], "score": percentage * 2, "percentage": percentage, "bucket": 2})
        })
        .collect()
}
