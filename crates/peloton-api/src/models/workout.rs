//! `GET /api/workout/{id}` and the rows of `GET /api/user/{id}/workouts`.

use serde::{Deserialize, Serialize};

use super::{Field, Int, List, Ride};

/// A workout: the detail and the list row share this shape, each lacks some fields of the other.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct Workout {
    /// 32 hex digits.
    pub id: Field<String>,
    /// Whose it is.
    pub user_id: Field<String>,
    /// Epoch seconds of the record's creation.
    pub created_at: Field<Int>,
    /// Equal to `created_at`.
    pub created: Field<Int>,
    /// `created_at` shifted by the local UTC offset: a wall clock written as if it were epoch.
    pub device_time_created_at: Field<Int>,
    /// Epoch seconds.
    pub start_time: Field<Int>,
    /// Epoch seconds; null in progress and on some finished app workouts.
    pub end_time: Field<Int>,
    /// IANA name, `Etc/GMT+4` (POSIX sign: UTC−4), or null.
    pub timezone: Field<String>,
    /// `COMPLETE`, `IN_PROGRESS`, …
    pub status: Field<String>,
    /// `cycling`, `running`, `strength`, `caesar` (row), …
    pub fitness_discipline: Field<String>,
    /// Which series it has: `cycling`, `running`, `caesar`, or null.
    pub metrics_type: Field<String>,
    /// `class`, `scenic`, `freestyle`, …
    pub workout_type: Field<String>,
    /// The screen, not the instrument: `home_bike_v1`, `iPhone`, `web`, …
    pub device_type: Field<String>,
    /// `Bike`, `Tread`, `App`, …; details only.
    pub device_type_display_name: Field<String>,
    /// `home_bike`, `iOS_app`, `web`, …
    pub platform: Field<String>,
    /// Generic: `Cycling Workout`.
    pub name: Field<String>,
    /// Mostly null for classes, whose ride has one; set for Just Ride, Lanebreak and Gym.
    pub title: Field<String>,
    /// J; 0 without power.
    pub total_work: Field<f64>,
    /// Id of the airing, not of the class.
    pub peloton_id: Field<String>,
    /// Whether it was outdoors; absent until 2022.
    pub is_outdoor: Field<bool>,
    /// Whether it has pedalling series.
    pub has_pedaling_metrics: Field<bool>,
    /// Whether it counts on the leaderboard.
    pub has_leaderboard_metrics: Field<bool>,
    /// Whether its total work was the member's best for that length.
    pub is_total_work_personal_record: Field<bool>,
    /// Whether a split was the best so far; list rows of 2025 on.
    pub is_splits_personal_record: Field<bool>,
    /// False for what Peloton imported; list rows of 2026.
    pub is_peloton_originated_workout: Field<bool>,
    /// Whether another service sent it to Peloton; list rows of 2026.
    pub is_3p_fit_feed_workout: Field<bool>,
    /// Digits, `-1` for a failed post, or null.
    pub strava_id: Field<String>,
    /// Digits or null.
    pub fitbit_id: Field<String>,
    /// s; the older count.
    pub total_video_watch_time_seconds: Field<Int>,
    /// s; the older count.
    pub total_video_buffering_seconds: Field<Int>,
    /// s, or null; the newer count.
    pub v2_total_video_watch_time_seconds: Field<Int>,
    /// s, or null; the newer count.
    pub v2_total_video_buffering_seconds: Field<Int>,
    /// s, or null.
    pub total_music_audio_play_seconds: Field<Int>,
    /// s, or null.
    pub total_music_audio_buffer_seconds: Field<Int>,
    /// The class. Always in details, in list rows where joined; minimal for freestyle.
    pub ride: Field<Ride>,
    /// The airing; carries the ride when the request joined it there.
    pub peloton: Field<Airing>,
    /// List rows only.
    pub effort_zones: Field<EffortZones>,
    /// Miles, whatever the account's unit; list rows of 2026.
    pub distance: Field<f64>,
    /// kcal; list rows of 2026.
    pub calories: Field<f64>,
    /// Place by total output, which moves as others ride; null without a leaderboard. Details only.
    pub leaderboard_rank: Field<Int>,
    /// 0 without a leaderboard; details only.
    pub total_leaderboard_users: Field<Int>,
    /// Place by distance, or null; details of 2025 on.
    pub leaderboard_distance_rank: Field<Int>,
    /// 0 without such a leaderboard; details of 2025 on.
    pub total_leaderboard_distance_users: Field<Int>,
    /// Details only.
    pub ftp_info: Field<FtpInfo>,
    /// The badges earned in it; details only.
    pub achievement_templates: List<AchievementTemplate>,
    /// Not the member's own points; probably an average of the class.
    pub average_effort_score: Field<f64>,
    /// Whether it is paused now; details of 2024 on.
    pub is_paused: Field<bool>,
    /// Whether it ever was paused; details of 2024 on.
    pub has_paused: Field<bool>,
    /// s
    pub pause_time_elapsed: Field<f64>,
    /// Of strength workouts, else null; details only.
    #[serde(deserialize_with = "super::field::object_or_empty_array")]
    pub movement_tracker_data: Field<MovementTrackerData>,
}

/// One airing of a class.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct Airing {
    /// As [`Workout::peloton_id`]; absent in list rows.
    pub id: Field<String>,
    /// Its class; absent in list rows.
    pub ride_id: Field<String>,
    /// Epoch seconds, or null.
    pub scheduled_start_time: Field<Int>,
    /// Its class.
    pub ride: Field<Ride>,
}

/// Effort points and time in heart-rate zones.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct EffortZones {
    /// On Peloton's scale.
    pub total_effort_points: Field<f64>,
    /// The time behind the points.
    pub heart_rate_zone_durations: Field<HeartRateZoneDurations>,
}

/// Seconds in each heart-rate zone.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct HeartRateZoneDurations {
    /// s
    pub heart_rate_z1_duration: Field<Int>,
    /// s
    pub heart_rate_z2_duration: Field<Int>,
    /// s
    pub heart_rate_z3_duration: Field<Int>,
    /// s
    pub heart_rate_z4_duration: Field<Int>,
    /// s
    pub heart_rate_z5_duration: Field<Int>,
}

impl HeartRateZoneDurations {
    /// Zones 1 to 5.
    pub fn zones(&self) -> [&Field<Int>; 5] {
        [
            &self.heart_rate_z1_duration,
            &self.heart_rate_z2_duration,
            &self.heart_rate_z3_duration,
            &self.heart_rate_z4_duration,
            &self.heart_rate_z5_duration,
        ]
    }
}

/// The FTP that was valid at a workout.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct FtpInfo {
    /// W; 0 when none was set.
    pub ftp: Field<Int>,
    /// `ftp_manual_source`, `ftp_workout_source`, `ftp_estimated_source`, or null.
    pub ftp_source: Field<String>,
    /// The workout that it was measured in.
    pub ftp_workout_id: Field<String>,
}

/// A badge earned in a workout.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct AchievementTemplate {
    /// Which badge.
    pub id: Field<String>,
    /// Name for showing.
    pub name: Field<String>,
    /// Short name.
    pub slug: Field<String>,
    /// What it is for.
    pub description: Field<String>,
    /// Picture.
    pub image_url: Field<String>,
    /// How often the member has it now; absent in some answers.
    pub achievement_count: Field<Int>,
}

/// What the movement tracker saw in a strength workout.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct MovementTrackerData {
    /// What was done; the only part that we read.
    #[serde(deserialize_with = "super::field::object_or_empty_array")]
    pub completed_movements_summary_data: Field<CompletedMovements>,
}

/// The movements of a strength workout.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct CompletedMovements {
    /// In the order of the workout.
    pub repetition_summary_data: List<Movement>,
}

/// One movement; fields changed names between 2023 and 2024.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct Movement {
    /// 32 hex digits.
    pub movement_id: Field<String>,
    /// Name for showing.
    pub movement_name: Field<String>,
    /// `rep_counting`, `time_based`, `rounds`, `time_tracked_rep`, …
    pub tracking_type: Field<String>,
    /// Repetitions that were done.
    pub completed_reps: Field<Int>,
    /// Older name of the count: repetitions, or seconds of a hold.
    pub completed_number: Field<Int>,
    /// What the plan asks for: repetitions, or seconds of a hold.
    pub target_number: Field<Int>,
    /// Whether it is held instead of repeated.
    pub is_hold: Field<bool>,
    /// s
    pub completed_duration: Field<f64>,
    /// s
    pub offset: Field<f64>,
    /// s
    pub length: Field<f64>,
    /// Of all weights together.
    pub total_volume: Field<f64>,
    /// What was lifted.
    pub weight: List<Weight>,
}

/// One weight; two dumbbells are two.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct Weight {
    /// `light`, `medium`, `heavy`, …
    pub weight_category: Field<String>,
    /// How heavy it is.
    pub weight_data: Field<WeightData>,
}

/// How heavy a weight is.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct WeightData {
    /// In `weight_unit`.
    pub weight_value: Field<f64>,
    /// `lb`, …
    pub weight_unit: Field<String>,
}
