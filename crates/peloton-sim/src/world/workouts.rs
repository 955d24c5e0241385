//! A workout as a row of a list and by itself.

use serde_json::{Value, json};

use super::World;
use super::classes::display_name;
use super::members::{Kind, Spec};
use super::random::{Random, id};
use super::rides::Place;
use super::series::{Series, hundredth};

/// What a request wants along with a workout.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Joins {
    pub(crate) ride: bool,
    /// The airing with its class.
    pub(crate) peloton: bool,
    pub(crate) instructor: bool,
}

impl Joins {
    /// `ride,ride.instructor`, `peloton.ride,peloton.ride.instructor`, or parts of them.
    pub(crate) fn parse(text: &str) -> Self {
        let has = |wanted: &str| text.split(',').any(|join| join.trim() == wanted);
        Self {
            ride: has("ride"),
            peloton: has("peloton") || has("peloton.ride"),
            instructor: has("ride.instructor") || has("peloton.ride.instructor"),
        }
    }
}

pub(crate) const ZERO: &str = "00000000000000000000000000000000";
pub(super) const METERS_PER_MILE: f64 = 1609.344;

impl World {
    /// An element of `data` of a list.
    pub(crate) fn row(&self, spec: &Spec, joins: Joins) -> Value {
        let series = Series::new(spec, &self.members[spec.member], &self.classes);
        let mut row = self.common(spec, &series);
        row["effort_zones"] = self.effort_zones(spec, &series);
        row["is_splits_personal_record"] = json!(false);
        if let Some(miles) = self.distance_miles(&series) {
            row["distance"] = json!(round5(miles));
        }
        row["calories"] = json!(calories(&series));
        row["is_peloton_originated_workout"] = json!(spec.kind != Kind::Imported);
        row["is_3p_fit_feed_workout"] = json!(spec.kind == Kind::Imported);
        if row["total_work"] == json!(0.0) && spec.number.is_multiple_of(2) {
            row["total_work"] = json!(0);
        }
        if joins.ride {
            row["ride"] = self.ride_of(spec, Place::Row, joins.instructor);
        }
        if joins.peloton {
            row["peloton"] = match spec.class {
                Some(_) if !spec.is_counting_down => {
                    json!({"ride": self.ride_of(spec, Place::Row, joins.instructor)})
                }
                _ => Value::Null,
            };
        }
        row
    }

    /// The answer of `/api/workout/{id}`.
    pub(crate) fn detail(&self, spec: &Spec, joins: Joins) -> Value {
        let series = Series::new(spec, &self.members[spec.member], &self.classes);
        let mut detail = self.common(spec, &series);
        let mut random = Random::new(spec.seed, "detail", 0);
        let on_board = has_leaderboard(spec);
        let riders = random.whole(4_000, 60_000);
        detail["ride"] = self.ride_of(spec, Place::Workout, joins.instructor);
        if joins.peloton {
            detail["peloton"] = self.airing(spec, joins.instructor);
        }
        detail["leaderboard_rank"] = if on_board {
            json!(random.whole(1, riders))
        } else {
            Value::Null
        };
        detail["total_leaderboard_users"] = json!(if on_board { riders } else { 0 });
        detail["leaderboard_distance_rank"] = Value::Null;
        detail["total_leaderboard_distance_users"] = json!(0);
        detail["ftp_info"] = self.ftp_info(spec);
        detail["achievement_templates"] = self.achievements_of(spec);
        detail["total_heart_rate_zone_durations"] =
            self.effort_zones(spec, &series)["heart_rate_zone_durations"].clone();
        detail["average_effort_score"] = if series.heart_rate.is_empty() {
            Value::Null
        } else {
            json!(43.5)
        };
        detail["device_type_display_name"] = json!(device(spec).2);
        detail["has_paused"] = json!(false);
        detail["is_paused"] = json!(false);
        detail["is_skip_intro_available"] = json!(false);
        detail["is_pause_available"] = json!(false);
        detail["pause_time_remaining"] = Value::Null;
        detail["pause_time_elapsed"] = Value::Null;
        detail["is_3p_digital_workout"] = json!(false);
        detail["metadata"] = json!({"playlist_type": "synced"});
        if spec.kind == Kind::Strength {
            let is_old = spec.number.is_multiple_of(4);
            detail["movement_tracker_data"] = movements(&mut random, is_old);
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
            "device_time_created_at": spec.created_at + spec.utc_offset + clock_error(spec),
            "start_time": (!spec.is_counting_down).then_some(spec.start_time), "end_time": end, "timezone": spec.zone,
            "status": if spec.is_in_progress { "IN_PROGRESS" } else { "COMPLETE" },
            "fitness_discipline": spec.kind.discipline(), "metrics_type": metrics_type(spec.kind),
            "workout_type": workout_type(spec.kind), "device_type": device_type, "platform": platform,
            "name": name(spec.kind), "title": own_title(spec),
            "total_work": total_work(spec, series),
            "peloton_id": self.airing_id(spec),
            "is_outdoor": spec.kind == Kind::OutdoorRun, "has_pedaling_metrics": spec.kind.pedals(),
            "has_leaderboard_metrics": has_leaderboard(spec),
            "is_total_work_personal_record": spec.number.is_multiple_of(37) && spec.kind.pedals(),
            "strava_id": strava_id(spec), "fitbit_id": null, "service_id": service_id(spec),
            "total_video_watch_time_seconds": spec.length, "v2_total_video_watch_time_seconds": spec.length,
            "total_video_buffering_seconds": 0, "v2_total_video_buffering_seconds": 0,
            "total_music_audio_play_seconds": null, "total_music_audio_buffer_seconds": null,
        })
    }

    /// FTP as it was, and the test that it comes from.
    fn ftp_info(&self, spec: &Spec) -> Value {
        if !spec.kind.pedals() {
            return json!({"ftp": 0, "ftp_source": null, "ftp_workout_id": null});
        }
        let source = match spec.ftp_test {
            Some(_) => "ftp_workout_source",
            None => "ftp_estimated_source",
        };
        let test = spec
            .ftp_test
            .map(|test| id(self.seed, &format!("workout/{}", spec.member), test));
        json!({"ftp": spec.ftp, "ftp_source": source, "ftp_workout_id": test})
    }

    fn airing_id(&self, spec: &Spec) -> Value {
        match spec.kind {
            Kind::Gym => "".into(),
            _ if spec.class.is_some() => id(self.seed, "airing", spec.seed).into(),
            _ => Value::Null,
        }
    }

    /// Null for workouts without a class, or whose class is not known yet.
    fn airing(&self, spec: &Spec, with_instructor: bool) -> Value {
        let class = spec.class.filter(|_| !spec.is_counting_down);
        let Some(class) = class.map(|at| &self.classes.classes[at]) else {
            return Value::Null;
        };
        let (begin, end) = (spec.created_at, spec.created_at + class.duration + 100);
        json!({"id": self.airing_id(spec), "ride_id": class.id, "created_at": begin, "start_time": begin, "end_time": end,
            "pedaling_start_time": begin + class.pedaling_start_offset(), "pedaling_end_time": end - 40,
            "server_time": self.now, "scheduled_start_time": null, "countdown": null, "seconds_since_start": null, "status": "COMPLETE",
            "is_complete": true, "is_encore": false, "is_live": false, "is_studio": false, "total_home_reservations": 0, "total_workouts": 1,
            "ride": self.ride_of(spec, Place::Airing, with_instructor)})
    }

    fn ride_of(&self, spec: &Spec, place: Place, with_instructor: bool) -> Value {
        if spec.is_counting_down {
            return Value::Null;
        }
        if let Some(class) = spec.class {
            return self.classes.classes[class].json(&self.classes, place, with_instructor);
        }
        if spec.kind == Kind::Gym {
            let dashed = dashed(&id(self.seed, "plan", spec.number));
            return json!({"id": dashed, "title": own_title(spec), "duration": spec.length, "is_archived": false});
        }
        let name = if spec.kind == Kind::Lanebreak {
            "LANEBREAK"
        } else {
            "JUST RIDE"
        };
        let mut ride = json!({"id": ZERO, "title": own_title(spec), "duration": spec.length, "is_archived": false,
            "scheduled_start_time": spec.created_at});
        if with_instructor {
            ride["instructor"] =
                json!({"name": name, "image_url": "https://example.invalid/j.png"});
        }
        ride
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

/// Classes on one of the service's own machines.
fn has_leaderboard(spec: &Spec) -> bool {
    let is_tread = matches!(spec.kind, Kind::TreadRun | Kind::TreadWalk);
    spec.class.is_some() && (spec.kind.pedals() || spec.kind.rows() || is_tread)
}

/// Generic: what was done, not which class.
fn name(kind: Kind) -> String {
    match kind {
        Kind::Scenic => "Scenic Ride".into(),
        _ => format!("{} Workout", display_name(kind.discipline())),
    }
}

/// The device's clock is not the server's.
fn clock_error(spec: &Spec) -> i64 {
    i64::from(spec.number % 11 == 5) + i64::from(spec.number % 22 == 5)
}

fn strava_id(spec: &Spec) -> Value {
    match spec.number % 3 {
        0 => "-1".into(),
        1 if spec.number.is_multiple_of(7) => (7_000_000_000 + spec.number).to_string().into(),
        _ => Value::Null,
    }
}

fn service_id(spec: &Spec) -> Value {
    match spec.number % 17 {
        3 => 0.into(),
        4 => "0".into(),
        _ => Value::Null,
    }
}

/// As a UUID is written.
fn dashed(hex: &str) -> String {
    [
        &hex[..8],
        &hex[8..12],
        &hex[12..16],
        &hex[16..20],
        &hex[20..],
    ]
    .join("-")
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
        Kind::Row | Kind::RowBootcamp => ("caesar", "caesar", "Row"),
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
        Kind::Row | Kind::RowBootcamp => "caesar".into(),
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
pub(super) fn total_work(spec: &Spec, series: &Series) -> f64 {
    let work = series.work_j() as f64;
    if spec.kind.rows() {
        return hundredth(work * 0.84);
    }
    let recorded = series.axis.len().max(1) as f64;
    let span = series
        .axis
        .last()
        .zip(series.axis.first())
        .map_or(1, |(last, first)| last - first + 1);
    let gap = (span as f64 / recorded - 1.0).min(0.02);
    hundredth(work * (1.0 + gap))
}

pub(super) fn calories(series: &Series) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "calories")]
    let by_time = series.axis.len() as f64 / 60.0 * 6.0;
    #[expect(clippy::cast_precision_loss, reason = "calories")]
    let by_work = series.work_j() as f64 / 1000.0 * 1.1;
    super::series::tenth(by_time.max(by_work))
}

/// What was lifted. The fields had other names before 2024.
fn movements(random: &mut Random, is_old: bool) -> Value {
    let mut rows = Vec::new();
    for (name, at) in ["Press", "Row", "Squat"].iter().zip(0..) {
        let load = json!({"weight_value": 5 * random.whole(2, 8), "weight_unit": "lb"});
        let weight = json!({"weight_category": "medium", "weight_data": load});
        let mut row = json!({"movement_id": id(9, name, 0), "movement_name": name, "offset": at * 60, "length": 45, "weight": [weight.clone(), weight]});
        let repetitions = random.whole(8, 15);
        if is_old {
            row["is_hold"] = json!(false);
            row["target_number"] = json!(12);
            row["completed_number"] = json!(repetitions);
            row["total_volume"] = json!(repetitions * 30);
        } else {
            row["tracking_type"] = json!("rep_counting");
            row["completed_reps"] = json!(repetitions);
            row["completed_duration"] = json!(40);
        }
        rows.push(row);
    }
    json!({"completed_movements_summary_data": {"repetition_summary_data": rows}})
}

pub(super) fn round5(value: f64) -> f64 {
    (value * 1e5).round() / 1e5
}
