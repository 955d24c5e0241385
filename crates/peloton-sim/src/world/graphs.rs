//! The performance graph of a workout.

use serde_json::{Value, json};

use super::World;
use super::classes::Class;
use super::members::{Kind, Spec, whole as whole_number};
use super::random::id;
use super::rides;
use super::series::{Series, hundredth, tenth};
use super::tracks::{splits_data, splits_metrics, stroke_seconds, strokes};
use super::workouts::{METERS_PER_MILE, calories, round5, total_work};
use crate::thinned::kept;

impl World {
    /// The answer of `/api/workout/{id}/performance_graph`.
    pub(crate) fn graph_of(&self, spec: &Spec, every_n: u32) -> Value {
        let series = Series::new(spec, &self.members[spec.member], &self.classes);
        let kept = kept(series.axis.len(), every_n);
        let class = spec.class.map(|at| &self.classes.classes[at]);
        let axis: Vec<i64> = kept.iter().map(|at| series.axis[*at]).collect();
        let metrics = self.metrics(spec, &series, &kept);
        let has_plan = class.is_some_and(Class::has_plan);
        let mut graph = json!({
            "duration": self.nominal_seconds(spec), "is_class_plan_shown": has_plan,
            "segment_list": class.map_or(json!([]), Class::segments),
            "seconds_since_pedaling_start": axis,
            "average_summaries": averages(&metrics), "summaries": self.summaries(spec, &series), "metrics": metrics,
            "has_apple_watch_metrics": false, "location_data": self.track(spec, &series),
            "is_location_data_accurate": (spec.kind == Kind::OutdoorRun).then_some(true),
            "splits_data": splits_data(spec, &series), "splits_metrics": splits_metrics(spec, &series),
            "effort_zones": self.effort_zones(spec, &series), "muscle_group_score": muscles(spec),
        });
        let (field, targets) = targets(spec, class);
        graph[field] = targets;
        if spec.kind.rows() {
            graph["caesar_metrics"] = strokes(&series);
        }
        if spec.kind == Kind::Meditation {
            graph["summary_available"] = json!(true);
            graph["performance_graph_available"] = json!(false);
        }
        graph
    }

    /// What the class was to take, whatever it took.
    fn nominal_seconds(&self, spec: &Spec) -> i64 {
        let class = spec.class.map(|at| &self.classes.classes[at]);
        class
            .filter(|class| !class.is_fixed_distance)
            .map_or(spec.length.max(0), |class| class.duration)
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
            let mut speed = metric("speed", "Speed", "mph", &some(&series.speed), kept, false);
            // Here no figure loses its point.
            speed["average_value"] = json!(speed["average_value"].as_f64());
            pace["alternatives"] = json!([speed]);
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
        let duration = self.nominal_seconds(spec);
        metric["zones"] = zones.into();
        metric["missing_data_duration"] = json!(duration - seconds.iter().sum::<i64>());
        metric
    }

    /// In an order that means nothing.
    fn summaries(&self, spec: &Spec, series: &Series) -> Value {
        let mut summaries = Vec::new();
        if !series.output.is_empty() {
            let kilojoules = json!(whole_number(total_work(spec, series) / 1000.0));
            summaries.push(summary("total_output", "Total Output", "kj", kilojoules));
        }
        if let Some(miles) = self.distance_miles(series) {
            summaries.push(if spec.kind.rows() {
                let meters = hundredth(miles * METERS_PER_MILE);
                summary("distance", "Distance", "m", json!(meters))
            } else {
                summary("distance", "Distance", "mi", json!(round5(miles)))
            });
        }
        if !series.altitude.is_empty() {
            let feet = json!(tenth(climbed(&series.altitude)));
            summaries.push(summary("elevation", "Elevation", "ft", feet));
        }
        if spec.kind.rows() {
            let count = json!(stroke_seconds(series).len());
            let mut strokes = summary("stroke_count", "Strokes", "", count);
            strokes["display_unit"] = Value::Null;
            summaries.push(strokes);
        }
        let class = spec.class.map(|at| &self.classes.classes[at]);
        if class.is_some_and(|class| class.is_fixed_distance) {
            let minutes = json!(spec.length / 60);
            summaries.push(summary("duration", "Duration", "min", minutes));
        }
        if !series.output.is_empty() || !series.speed.is_empty() {
            // A watch as the source of the heart rate renames it.
            let slug = match spec.number % 40 {
                7 => "total_calories",
                _ => "calories",
            };
            summaries.push(summary(slug, "Calories", "kcal", json!(calories(series))));
        }
        if spec.number.is_multiple_of(6) {
            summaries.reverse();
        }
        summaries.into()
    }
}

fn summary(slug: &str, name: &str, unit: &str, value: Value) -> Value {
    json!({"slug": slug, "display_name": name, "display_unit": unit, "value": value})
}

/// Where they stand in the answer, and what they are: a part of the rides still has the form of 2020.
fn targets(spec: &Spec, class: Option<&Class>) -> (&'static str, Value) {
    let class = class.filter(|class| class.has_plan());
    if let Some(class) = class.filter(|class| spec.number % 10 == 3 && !class.is_power_zone) {
        let old = json!({"target_graph_metrics": class.target_graphs(1), "cadence_time_in_range": 51, "resistance_time_in_range": 31});
        return ("target_performance_metrics", old);
    }
    let times = match class {
        Some(class) if !class.is_power_zone => {
            json!([{"name": "resistance", "value": 34}, {"name": "cadence", "value": 42}])
        }
        _ => json!([]),
    };
    let targets = class.map_or(json!([]), Class::target_metrics);
    let new = json!({"target_metrics": targets, "time_in_metric": times});
    ("target_metrics_performance_data", new)
}

/// Feet upwards.
fn climbed(altitude: &[f64]) -> f64 {
    altitude
        .windows(2)
        .map(|pair| (pair[1] - pair[0]).max(0.0))
        .sum()
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
            json!(whole_number(value))
        } else {
            json!(value)
        }
    };
    let values: Vec<Value> = kept
        .iter()
        .map(|at| values[*at].map_or(Value::Null, number))
        .collect();
    let is_altitude = slug == "altitude";
    let average = match () {
        () if is_altitude => Value::Null,
        () if is_whole => json!(whole_number(mean)),
        () if slug.ends_with("pace") => rides::number(hundredth(mean)),
        () => rides::number(tenth(mean)),
    };
    json!({
        "slug": slug, "display_name": name, "display_unit": unit,
        "max_value": best.filter(|_| !is_altitude).map_or(Value::Null, number),
        "average_value": average,
        "values": values,
    })
}

#[expect(clippy::cast_precision_loss, reason = "sensor values")]
fn whole(values: &[i64]) -> Vec<Option<f64>> {
    values.iter().map(|value| Some(*value as f64)).collect()
}

fn some(values: &[f64]) -> Vec<Option<f64>> {
    values.iter().copied().map(Some).collect()
}

fn muscles(spec: &Spec) -> Value {
    if !matches!(spec.kind, Kind::Strength | Kind::Row | Kind::RowBootcamp) {
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
