//! A workout as a row of a list and by itself.

use serde_json::{Value, json};

use super::World;
use super::classes::display_name;
use super::members::{Kind, Spec};
use super::random::{Random, id};
use super::series::Series;

/// Where a list puts the class.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Joins {
    None,
    Ride,
    PelotonRide,
}

pub(crate) const ZERO: &str = "00000000000000000000000000000000";
const METERS_PER_MILE: f64 = 1609.344;

impl World {
    /// An element of `data` of a list.
    pub(crate) fn row(&self, spec: &Spec, joins: Joins) -> Value {
        let series = Series::new(spec, &self.members[spec.member], &self.classes);
        let mut row = self.common(spec, &series);
        row["effort_zones"] = self.effort_zones(spec, &series);
        row["is_splits_personal_record"] = json!(false);
        row["distance"] = self
            .distance_miles(&series)
            .map_or(Value::Null, |miles| json!(round5(miles)));
        row["calories"] = json!(calories(&series));
        row["is_peloton_originated_workout"] = json!(spec.kind != Kind::Imported);
        row["is_3p_fit_feed_workout"] = json!(spec.kind == Kind::Imported);
        row["has_leaderboard_metrics"] = json!(false);
        match joins {
            Joins::None => {}
            Joins::Ride => row["ride"] = self.ride_of(spec, true),
            Joins::PelotonRide => {
                row["peloton"] = match spec.class {
                    Some(_) => json!({"ride": self.ride_of(spec, true)}),
                    None => Value::Null,
                };
            }
        }
        row
    }

    /// The answer of `/api/workout/{id}`.
    pub(crate) fn detail(&self, spec: &Spec, joins: Joins) -> Value {
        let series = Series::new(spec, &self.members[spec.member], &self.classes);
        let mut detail = self.common(spec, &series);
        let mut random = Random::new(spec.seed, "detail", 0);
        let on_board = spec.class.is_some() && spec.kind.pedals();
        let riders = random.whole(4_000, 60_000);
        detail["ride"] = self.ride_of(spec, joins != Joins::None);
        detail["leaderboard_rank"] = if on_board {
            json!(random.whole(1, riders))
        } else {
            Value::Null
        };
        detail["total_leaderboard_users"] = json!(if on_board { riders } else { 0 });
        detail["leaderboard_distance_rank"] = Value::Null;
        detail["total_leaderboard_distance_users"] = json!(0);
        detail["ftp_info"] = json!({
            "ftp": if spec.kind.pedals() { spec.ftp } else { 0 },
            "ftp_source": if spec.kind.pedals() { json!("ftp_workout_source") } else { Value::Null },
            "ftp_workout_id": spec.ftp_test.map(|test| id(self.seed, &format!("workout/{}", spec.member), test)),
        });
        detail["achievement_templates"] = self.achievements_of(spec);
        detail["total_heart_rate_zone_durations"] =
            self.effort_zones(spec, &series)["heart_rate_zone_durations"].clone();
        detail["average_effort_score"] = json!(43.5);
        detail["device_type_display_name"] = json!(device(spec).2);
        detail["has_paused"] = json!(false);
        detail["is_paused"] = json!(false);
        detail["is_skip_intro_available"] = json!(false);
        detail["is_pause_available"] = Value::Null;
        detail["pause_time_remaining"] = Value::Null;
        detail["pause_time_elapsed"] = Value::Null;
        detail["metadata"] = json!({"playlist_type": null});
        if spec.kind == Kind::Strength {
            detail["movement_tracker_data"] = movements(&mut random);
        }
        detail
    }

    fn common(&self, spec: &Spec, series: &Series) -> Value {
        let mut random = Random::new(spec.seed, "common", 0);
        let (device_type, platform, _) = device(spec);
        let end = match () {
            () if spec.is_in_progress => Value::Null,
            // Finished on a television, and never told so.
            () if platform == "fire_tv" && spec.number.is_multiple_of(5) => Value::Null,
            () => json!(spec.start_time + spec.length + random.whole(0, 40)),
        };
        json!({
            "id": spec.id, "user_id": self.members[spec.member].id,
            "created_at": spec.created_at, "created": spec.created_at,
            "device_time_created_at": spec.created_at + spec.utc_offset,
            "start_time": spec.start_time, "end_time": end, "timezone": spec.zone,
            "status": if spec.is_in_progress { "IN_PROGRESS" } else { "COMPLETE" },
            "fitness_discipline": spec.kind.discipline(), "metrics_type": metrics_type(spec.kind),
            "workout_type": workout_type(spec.kind), "device_type": device_type, "platform": platform,
            "name": format!("{} Workout", display_name(spec.kind.discipline())), "title": own_title(spec),
            "total_work": total_work(spec, series),
            "peloton_id": spec.class.map(|_| id(self.seed, "airing", spec.seed)),
            "is_outdoor": spec.kind == Kind::OutdoorRun, "has_pedaling_metrics": spec.kind.pedals(),
            "has_leaderboard_metrics": spec.class.is_some() && spec.kind.pedals(),
            "is_total_work_personal_record": spec.number.is_multiple_of(37) && spec.kind.pedals(),
            "strava_id": if spec.number.is_multiple_of(3) { json!("-1") } else { Value::Null }, "fitbit_id": null, "service_id": null,
            "total_video_watch_time_seconds": spec.length, "v2_total_video_watch_time_seconds": spec.length,
            "total_video_buffering_seconds": 0, "v2_total_video_buffering_seconds": 0,
            "total_music_audio_play_seconds": null, "total_music_audio_buffer_seconds": null,
        })
    }

    fn ride_of(&self, spec: &Spec, with_instructor: bool) -> Value {
        if let Some(class) = spec.class {
            return self.classes.classes[class].json(&self.classes, with_instructor);
        }
        if spec.kind == Kind::Gym {
            let hex = id(self.seed, "plan", spec.number);
            let dashed = [
                &hex[..8],
                &hex[8..12],
                &hex[12..16],
                &hex[16..20],
                &hex[20..],
            ]
            .join("-");
            return json!({"id": dashed, "title": own_title(spec), "duration": spec.length, "is_archived": false});
        }
        let name = if spec.kind == Kind::Lanebreak {
            "LANEBREAK"
        } else {
            "JUST RIDE"
        };
        json!({"id": ZERO, "title": own_title(spec), "duration": spec.length, "is_archived": false,
            "scheduled_start_time": spec.created_at, "instructor": {"name": name, "image_url": "https://example.invalid/j.png"}})
    }

    /// Points and zone seconds from the heart rate, as the app counts them.
    pub(super) fn effort_zones(&self, spec: &Spec, series: &Series) -> Value {
        if series.heart_rate.is_empty() {
            return Value::Null;
        }
        let seconds = self.zone_seconds(spec, series);
        let weights = [1.0, 2.0, 4.0, 8.0, 8.0];
        #[expect(clippy::cast_precision_loss, reason = "seconds")]
        let points: f64 = seconds
            .iter()
            .zip(weights)
            .map(|(seconds, weight)| *seconds as f64 / 60.0 * weight)
            .sum();
        json!({"total_effort_points": (points * 0.3 * 10.0).round() / 10.0, "heart_rate_zone_durations": {
            "heart_rate_z1_duration": seconds[0], "heart_rate_z2_duration": seconds[1], "heart_rate_z3_duration": seconds[2],
            "heart_rate_z4_duration": seconds[3], "heart_rate_z5_duration": seconds[4]}})
    }

    pub(super) fn zone_seconds(&self, spec: &Spec, series: &Series) -> [i64; 5] {
        let bounds = self.zone_bounds(spec);
        let mut seconds = [0; 5];
        for beats in series.heart_rate.iter().filter(|beats| **beats > 0) {
            let zone = bounds.iter().filter(|bound| *beats >= **bound).count();
            seconds[zone] += 1;
        }
        seconds
    }

    /// Lower bounds of zones 2 to 5.
    pub(super) fn zone_bounds(&self, spec: &Spec) -> [i64; 4] {
        let max = self.members[spec.member].max_heart_rate;
        [65, 75, 85, 95].map(|percent| max * percent / 100)
    }

    pub(super) fn distance_miles(&self, series: &Series) -> Option<f64> {
        if !series.speed.is_empty() {
            return Some(series.speed.iter().sum::<f64>() / 3600.0);
        }
        let meters: f64 = series
            .split_pace
            .iter()
            .flatten()
            .map(|pace| 500.0 / (pace * 60.0))
            .sum();
        (!series.split_pace.is_empty()).then_some(meters / METERS_PER_MILE)
    }

    fn achievements_of(&self, spec: &Spec) -> Value {
        if !spec.number.is_multiple_of(25) {
            return json!([]);
        }
        json!([{"id": id(self.seed, "badge", spec.number), "name": format!("{} workouts", spec.number), "slug": format!("workouts_{}", spec.number),
            "image_url": "https://example.invalid/b.png", "description": "So many.", "animated_image_url": null, "achievement_count": 1}])
    }
}

fn own_title(spec: &Spec) -> Value {
    let title = match spec.kind {
        Kind::JustRide => "Just Ride",
        Kind::Lanebreak => "Lanebreak: \"Neon\" <25 min>",
        Kind::OutdoorRun => "Just Run 🏃‍♀️ مساءً",
        Kind::Gym => "Push & Pull; DROP TABLE",
        Kind::JustCardio => "Just Cardio",
        Kind::Imported => "Morning Ride",
        _ => return Value::Null,
    };
    title.into()
}

fn device(spec: &Spec) -> (&'static str, &'static str, &'static str) {
    match spec.kind {
        Kind::TreadRun | Kind::TreadWalk => ("home_tread", "home_tread", "Tread"),
        Kind::Row => ("caesar", "caesar", "Row"),
        Kind::OutdoorRun | Kind::Gym => ("iPhone", "iOS_app", "App"),
        Kind::Strength | Kind::Yoga => ("fire_tv", "fire_tv", "App"),
        Kind::Meditation => ("web", "web", "App"),
        Kind::Imported => ("garmin", "garmin", "Garmin"),
        _ => ("home_bike_v1", "home_bike", "Bike"),
    }
}

fn metrics_type(kind: Kind) -> Value {
    match kind {
        kind if kind.pedals() => "cycling".into(),
        Kind::TreadRun | Kind::TreadWalk | Kind::OutdoorRun => "running".into(),
        Kind::Row => "caesar".into(),
        _ => Value::Null,
    }
}

fn workout_type(kind: Kind) -> &'static str {
    match kind {
        Kind::Scenic => "scenic",
        Kind::JustRide
        | Kind::Lanebreak
        | Kind::OutdoorRun
        | Kind::Gym
        | Kind::JustCardio
        | Kind::Imported => "freestyle",
        _ => "class",
    }
}

/// Joules; what a gap lost was still done. The rower's own figure is not the sum of its seconds.
#[expect(clippy::cast_precision_loss, reason = "joules")]
fn total_work(spec: &Spec, series: &Series) -> f64 {
    let recorded = series.axis.len().max(1) as f64;
    let span = series
        .axis
        .last()
        .zip(series.axis.first())
        .map_or(1, |(last, first)| last - first + 1);
    let work = series.work_j() as f64;
    match spec.kind {
        kind if kind.pedals() => {
            let gap = (span as f64 / recorded - 1.0).min(0.02);
            (work * (1.0 + gap) * 100.0).round() / 100.0
        }
        Kind::Row => (work * 0.84 * 100.0).round() / 100.0,
        _ => 0.0,
    }
}

pub(super) fn calories(series: &Series) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "calories")]
    let by_time = series.axis.len() as f64 / 60.0 * 6.0;
    #[expect(clippy::cast_precision_loss, reason = "calories")]
    let by_work = series.work_j() as f64 / 1000.0 * 1.1;
    super::series::tenth(by_time.max(by_work))
}

fn movements(random: &mut Random) -> Value {
    let rows: Vec<Value> = ["Press", "Row", "Squat"]
        .iter()
        .zip(0..)
        .map(|(name, at)| {
            let weight = json!({"weight_category": "medium", "weight_data": {"weight_value": 5 * random.whole(2, 8), "weight_unit": "lb"}});
            json!({"movement_id": id(9, name, 0), "movement_name": name, "tracking_type": "rep_counting",
                "completed_reps": random.whole(8, 15), "completed_duration": 40, "offset": at * 60, "length": 45, "weight": [weight.clone(), weight]})
        })
        .collect();
    json!({"completed_movements_summary_data": {"repetition_summary_data": rows}})
}

pub(super) fn round5(value: f64) -> f64 {
    (value * 1e5).round() / 1e5
}
