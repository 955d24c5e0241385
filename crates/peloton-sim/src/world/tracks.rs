//! What a graph has beside its metrics: the way, the splits, the strokes.

use serde_json::{Value, json};

use super::World;
use super::members::{Kind, Spec};
use super::random::{Random, id};
use super::series::{Series, hundredth};
use super::workouts::round5;

/// A stretch of the same distance as the others.
struct Split {
    distance: f64,
    seconds: f64,
    /// Feet, where they are known.
    climbed: Option<f64>,
    is_best: bool,
}

impl World {
    pub(super) fn track(&self, spec: &Spec, series: &Series) -> Value {
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
        json!([{"segment_id": id(15, "way", spec.seed), "is_gap": false, "coordinates": coordinates}])
    }
}

/// Miles; two empty forms where there are none.
pub(super) fn splits_data(spec: &Spec, series: &Series) -> Value {
    if !is_run(spec) {
        let is_old = spec.number.is_multiple_of(13);
        return if is_old { json!([]) } else { json!({}) };
    }
    let splits: Vec<Value> = miles(series)
        .iter()
        .zip(1..)
        .map(|(split, order)| {
            json!({"distance_marker": split.distance, "order": order, "seconds": split.seconds, "elevation_change": split.climbed,
                "is_best": split.is_best, "has_floor_segment": false})
        })
        .collect();
    json!({"distance_marker_display_unit": "mi", "elevation_change_display_unit": "ft", "splits": splits})
}

/// The same as a table; times in minutes.
pub(super) fn splits_metrics(spec: &Spec, series: &Series) -> Value {
    if spec.kind.rows() {
        return rowed(series);
    }
    if !is_run(spec) {
        return json!({});
    }
    table(
        &[
            ("mi", "mi"),
            ("total_time", "Total Time"),
            ("pace", "Pace"),
            ("elevation", "Elevation"),
        ],
        &miles(series),
        |split, total| {
            json!([
                {"slug": "mi", "value": split.distance, "unit": "mi"}, {"slug": "total_time", "value": minutes(total), "unit": "min"},
                {"slug": "pace", "value": minutes(split.seconds), "unit": "min/mi"}, {"slug": "elevation", "value": split.climbed, "unit": "ft"}])
        },
    )
}

fn rowed(series: &Series) -> Value {
    table(
        &[
            ("meter", "Meters"),
            ("total_time", "Total Time"),
            ("pace", "min/500m"),
            ("spm", "spm"),
            ("avg_output", "Avg Output"),
            ("form_score", "Form Rating"),
        ],
        &meters(series),
        |split, total| {
            json!([
                {"slug": "meter", "value": split.distance, "unit": "m"}, {"slug": "total_time", "value": minutes(total), "unit": "min"},
                {"slug": "pace", "value": minutes(split.seconds), "unit": "min/500m"}, {"slug": "spm", "value": 22, "unit": null},
                {"slug": "avg_output", "value": 90, "unit": "w"}, {"slug": "form_score", "value": 93.75, "unit": "%"}])
        },
    )
}

/// One row a split; `cells` makes it of the split and of the seconds until its end.
fn table(header: &[(&str, &str)], splits: &[Split], cells: impl Fn(&Split, f64) -> Value) -> Value {
    let header: Vec<Value> = header
        .iter()
        .map(|(slug, name)| json!({"slug": slug, "display_name": name}))
        .collect();
    let mut total = 0.0;
    let rows: Vec<Value> = splits
        .iter()
        .map(|split| {
            total += split.seconds;
            json!({"is_best": split.is_best, "has_floor_segment": false, "data": cells(split, total)})
        })
        .collect();
    json!({"header": header, "metrics": rows})
}

fn minutes(seconds: f64) -> f64 {
    hundredth(seconds / 60.0)
}

fn is_run(spec: &Spec) -> bool {
    matches!(spec.kind, Kind::TreadRun | Kind::OutdoorRun)
}

fn miles(series: &Series) -> Vec<Split> {
    let steps = series.speed.iter().map(|mph| mph / 3600.0);
    splits(series, steps, 1.0)
}

fn meters(series: &Series) -> Vec<Split> {
    let steps = series.split_pace.iter();
    splits(
        series,
        steps.map(|pace| pace.map_or(0.0, |pace| 500.0 / (pace * 60.0))),
        500.0,
    )
}

/// Whole stretches of a length; `steps` is the way of each sample.
fn splits(series: &Series, steps: impl Iterator<Item = f64>, length: f64) -> Vec<Split> {
    let (mut splits, mut way, mut from, mut low) = (Vec::new(), 0.0, 0, 0);
    for ((at, second), step) in series.axis.iter().enumerate().zip(steps) {
        way += step;
        #[expect(clippy::cast_precision_loss, reason = "seconds and a few miles")]
        if way >= (splits.len() + 1) as f64 * length {
            let climbed = series.altitude.get(at).map(|feet| {
                let change = feet - series.altitude[low];
                (change * 10.0).round() / 10.0
            });
            splits.push(Split {
                distance: (splits.len() + 1) as f64 * length,
                seconds: (second - from) as f64,
                climbed,
                is_best: false,
            });
            (from, low) = (*second, at);
        }
    }
    let best = splits
        .iter_mut()
        .min_by(|one, other| one.seconds.total_cmp(&other.seconds));
    if let Some(best) = best {
        best.is_best = true;
    }
    splits
}

/// One sample for each stroke.
pub(super) fn stroke_seconds(series: &Series) -> Vec<usize> {
    let mut turned = 0.0;
    let mut strokes = Vec::new();
    for (at, rate) in series.stroke_rate.iter().enumerate() {
        #[expect(clippy::cast_precision_loss, reason = "strokes a minute")]
        let part = *rate as f64 / 60.0;
        turned += part;
        if turned >= 1.0 {
            turned -= 1.0;
            strokes.push(at);
        }
    }
    strokes
}

/// What the rower alone knows.
pub(super) fn strokes(series: &Series) -> Value {
    #[expect(clippy::cast_precision_loss, reason = "watts and strokes a minute")]
    let stroke = |(number, at): (usize, usize)| {
        let errors = if number % 7 == 3 {
            json!([{"type": "under_compress"}])
        } else {
            json!([])
        };
        json!({"id": number + 1, "seconds_since_pedaling_start": series.axis[at], "output": series.output[at] as f64,
            "stroke_rate": series.stroke_rate[at] as f64, "errors": errors})
    };
    let data: Vec<Value> = stroke_seconds(series)
        .into_iter()
        .enumerate()
        .map(stroke)
        .collect();
    let outputs = || data.iter().filter_map(|stroke| stroke["output"].as_f64());
    #[expect(clippy::cast_precision_loss, reason = "a mean")]
    let mean = outputs().sum::<f64>() / data.len().max(1) as f64;
    let best = outputs().fold(0.0, f64::max);
    let segments: Vec<Value> = ["catch", "drive", "finish", "recovery"]
        .iter()
        .map(|phase| {
            json!({"type": phase, "percent_of_good": 92, "url": "https://example.invalid/s.mp4", "media_id": id(16, phase, 0),
                "errors": [{"type": format!("late_{phase}"), "percent_of_strokes": 6, "media_id": id(16, phase, 1)}]})
        })
        .collect();
    json!({"detail": {"score": 90, "user_avg_score": null, "segments": segments},
        "output": {"slug": "stroke_output", "display_name": "Stroke Output", "display_unit": "watts", "max_value": best,
            "average_value": hundredth(mean), "data": data}})
}
