//! `GET /api/workout/{id}` and the rows of `GET /api/user/{id}/workouts`.

use serde::Deserialize;

use super::{Field, Int, List, Ride};

/// A workout: the detail and the list row share this shape, each lacks some fields of the other.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Workout {
    pub id: Field<String>,
    pub user_id: Field<String>,
    /// Epoch seconds of the record's creation.
    pub created_at: Field<Int>,
    pub created: Field<Int>,
    /// `created_at` shifted by the local UTC offset: a wall clock written as if it were epoch.
    pub device_time_created_at: Field<Int>,
    /// Epoch seconds.
    pub start_time: Field<Int>,
    /// Epoch seconds; null in progress and on some finished app workouts.
    pub end_time: Field<Int>,
    /// IANA name, `Etc/GMT+4` (POSIX sign: UTC−4), or null.
    pub timezone: Field<String>,
    pub status: Field<String>,
    pub fitness_discipline: Field<String>,
    pub metrics_type: Field<String>,
    pub workout_type: Field<String>,
    pub device_type: Field<String>,
    pub device_type_display_name: Field<String>,
    pub platform: Field<String>,
    pub name: Field<String>,
    pub title: Field<String>,
    /// J; 0 without power.
    pub total_work: Field<f64>,
    /// Id of the airing, not of the class.
    pub peloton_id: Field<String>,
    pub is_outdoor: Field<bool>,
    pub has_pedaling_metrics: Field<bool>,
    pub has_leaderboard_metrics: Field<bool>,
    pub is_total_work_personal_record: Field<bool>,
    pub is_splits_personal_record: Field<bool>,
    pub is_peloton_originated_workout: Field<bool>,
    pub is_3p_fit_feed_workout: Field<bool>,
    /// Digits, `-1` for a failed post, or null.
    pub strava_id: Field<String>,
    pub fitbit_id: Field<String>,
    pub total_video_watch_time_seconds: Field<Int>,
    pub total_video_buffering_seconds: Field<Int>,
    pub v2_total_video_watch_time_seconds: Field<Int>,
    pub v2_total_video_buffering_seconds: Field<Int>,
    pub total_music_audio_play_seconds: Field<Int>,
    pub total_music_audio_buffer_seconds: Field<Int>,
    pub ride: Field<Ride>,
    /// The airing; carries the ride when the request joined it there.
    pub peloton: Field<Airing>,
    /// List rows only.
    pub effort_zones: Field<EffortZones>,
    /// Miles, whatever the account's unit; list rows of 2026.
    pub distance: Field<f64>,
    /// kcal; list rows of 2026.
    pub calories: Field<f64>,
    pub leaderboard_rank: Field<Int>,
    pub total_leaderboard_users: Field<Int>,
    pub leaderboard_distance_rank: Field<Int>,
    pub total_leaderboard_distance_users: Field<Int>,
    pub ftp_info: Field<FtpInfo>,
    pub achievement_templates: List<AchievementTemplate>,
    /// Not the member's own points; probably an average of the class.
    pub average_effort_score: Field<f64>,
    pub is_paused: Field<bool>,
    pub has_paused: Field<bool>,
    /// s
    pub pause_time_elapsed: Field<f64>,
    #[serde(deserialize_with = "super::field::object_or_empty_array")]
    pub movement_tracker_data: Field<MovementTrackerData>,
}

/// One airing of a class.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Airing {
    pub id: Field<String>,
    pub ride_id: Field<String>,
    pub scheduled_start_time: Field<Int>,
    pub ride: Field<Ride>,
}

/// Effort points and time in heart-rate zones.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct EffortZones {
    pub total_effort_points: Field<f64>,
    pub heart_rate_zone_durations: Field<HeartRateZoneDurations>,
}

/// Seconds in each heart-rate zone.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct HeartRateZoneDurations {
    pub heart_rate_z1_duration: Field<Int>,
    pub heart_rate_z2_duration: Field<Int>,
    pub heart_rate_z3_duration: Field<Int>,
    pub heart_rate_z4_duration: Field<Int>,
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
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct FtpInfo {
    /// W; 0 when none was set.
    pub ftp: Field<Int>,
    pub ftp_source: Field<String>,
    /// The workout that it was measured in.
    pub ftp_workout_id: Field<String>,
}

/// A badge earned in a workout.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct AchievementTemplate {
    pub id: Field<String>,
    pub name: Field<String>,
    pub slug: Field<String>,
    pub description: Field<String>,
    pub image_url: Field<String>,
    pub achievement_count: Field<Int>,
}

/// What the movement tracker saw in a strength workout.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct MovementTrackerData {
    #[serde(deserialize_with = "super::field::object_or_empty_array")]
    pub completed_movements_summary_data: Field<CompletedMovements>,
}

/// The movements of a strength workout.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct CompletedMovements {
    pub repetition_summary_data: List<Movement>,
}

/// One movement; fields changed names between 2023 and 2024.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Movement {
    pub movement_id: Field<String>,
    pub movement_name: Field<String>,
    pub tracking_type: Field<String>,
    pub completed_reps: Field<Int>,
    /// Older name of the count: repetitions, or seconds of a hold.
    pub completed_number: Field<Int>,
    pub target_number: Field<Int>,
    pub is_hold: Field<bool>,
    /// s
    pub completed_duration: Field<f64>,
    /// s
    pub offset: Field<f64>,
    /// s
    pub length: Field<f64>,
    /// Of all weights together.
    pub total_volume: Field<f64>,
    pub weight: List<Weight>,
}

/// One weight; two dumbbells are two.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Weight {
    pub weight_category: Field<String>,
    pub weight_data: Field<WeightData>,
}

/// How heavy a weight is.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct WeightData {
    pub weight_value: Field<f64>,
    pub weight_unit: Field<String>,
}
