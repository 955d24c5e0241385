//! Classes: the ride object and `GET /api/ride/{id}/details`.

use serde::Deserialize;

use super::{Field, Instructor, Int, List};

/// A class of any discipline, inline in workouts or inside its details.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Ride {
    pub id: Field<String>,
    pub title: Field<String>,
    pub description: Field<String>,
    /// s, nominal.
    pub duration: Field<Int>,
    /// s of video.
    pub length: Field<Int>,
    /// s from the start of the video.
    pub pedaling_start_offset: Field<Int>,
    pub pedaling_end_offset: Field<Int>,
    pub pedaling_duration: Field<Int>,
    /// Epoch seconds.
    pub original_air_time: Field<Int>,
    pub scheduled_start_time: Field<Int>,
    pub fitness_discipline: Field<String>,
    pub fitness_discipline_display_name: Field<String>,
    pub instructor_id: Field<String>,
    pub individual_instructor_ids: List<String>,
    pub instructor: Field<Instructor>,
    pub ride_type_id: Field<String>,
    pub class_type_ids: List<String>,
    pub series_id: Field<String>,
    pub difficulty_estimate: Field<f64>,
    pub difficulty_rating_avg: Field<f64>,
    pub difficulty_rating_count: Field<Int>,
    pub difficulty_level: Field<String>,
    pub overall_estimate: Field<f64>,
    pub overall_rating_avg: Field<f64>,
    pub overall_rating_count: Field<Int>,
    pub total_ratings: Field<Int>,
    /// Rounded for popular classes.
    pub total_workouts: Field<Int>,
    pub total_user_workouts: Field<Int>,
    pub total_following_workouts: Field<Int>,
    pub content_provider: Field<String>,
    pub content_format: Field<String>,
    pub location: Field<String>,
    pub language: Field<String>,
    pub origin_locale: Field<String>,
    pub image_url: Field<String>,
    pub is_archived: Field<bool>,
    pub is_explicit: Field<bool>,
    pub explicit_rating: Field<Int>,
    pub is_favorite: Field<bool>,
    pub is_outdoor: Field<bool>,
    pub is_fixed_distance: Field<bool>,
    pub has_pedaling_metrics: Field<bool>,
    pub distance: Field<f64>,
    pub distance_unit: Field<String>,
    pub distance_display_value: Field<f64>,
    pub class_avg_follow_along_score: Field<f64>,
}

/// The answer about one class.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct RideDetails {
    pub ride: Field<Ride>,
    pub class_types: List<ClassType>,
    pub playlist: Field<Playlist>,
    #[serde(deserialize_with = "super::field::object_or_empty_array")]
    pub averages: Field<Averages>,
    #[serde(deserialize_with = "super::field::object_or_empty_array")]
    pub segments: Field<Segments>,
    pub instructor_cues: List<InstructorCue>,
    #[serde(deserialize_with = "super::field::object_or_empty_array")]
    pub target_metrics_data: Field<TargetMetricsData>,
    #[serde(deserialize_with = "super::field::object_or_empty_array")]
    pub target_class_metrics: Field<TargetClassMetrics>,
    pub is_ftp_test: Field<bool>,
    pub is_power_zone_class: Field<bool>,
}

/// What kind of class: "Power Zone", "Music".
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct ClassType {
    pub id: Field<String>,
    pub name: Field<String>,
}

/// Averages over everybody who took the class.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Averages {
    /// kJ here, not J.
    pub average_total_work: Field<f64>,
    pub average_avg_power: Field<f64>,
    pub average_avg_cadence: Field<f64>,
    pub average_avg_resistance: Field<f64>,
    pub average_avg_speed: Field<f64>,
    pub average_distance: Field<f64>,
    pub average_calories: Field<f64>,
}

/// The music of a class.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Playlist {
    pub id: Field<String>,
    pub songs: List<Song>,
}

/// One song of a class.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Song {
    pub id: Field<String>,
    pub title: Field<String>,
    pub artists: List<Artist>,
    pub album: Field<Album>,
    /// s from the start of the video.
    pub cue_time_offset: Field<Int>,
    /// s from the start of the video.
    pub start_time_offset: Field<Int>,
    pub index: Field<Int>,
    pub liked: Field<bool>,
    pub popularity: Field<Int>,
    pub explicit_rating: Field<Int>,
}

/// Who plays a song.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Artist {
    pub artist_id: Field<String>,
    pub artist_name: Field<String>,
}

/// Where a song is from.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Album {
    pub id: Field<String>,
    pub name: Field<String>,
}

/// The plan of a class.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Segments {
    pub segment_list: List<Segment>,
}

/// A stretch of a class, on the pedalling clock.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Segment {
    pub id: Field<String>,
    pub name: Field<String>,
    /// s
    pub length: Field<Int>,
    /// s since pedalling start.
    pub start_time_offset: Field<Int>,
    pub icon_slug: Field<String>,
    pub icon_name: Field<String>,
    pub metrics_type: Field<String>,
    pub intensity_in_mets: Field<f64>,
    pub is_drill: Field<bool>,
}

/// A stretch with the bands that the instructor calls for.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct InstructorCue {
    pub offsets: Field<Offsets>,
    pub resistance_range: Field<Range>,
    pub cadence_range: Field<Range>,
}

/// First and last second, both belonging to the stretch, from the start of the video.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Offsets {
    pub start: Field<Int>,
    pub end: Field<Int>,
}

/// A band.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Range {
    pub lower: Field<f64>,
    pub upper: Field<f64>,
}

/// Targets of a class in the newer form.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct TargetMetricsData {
    pub target_metrics: List<TargetMetrics>,
}

/// A stretch with its targets.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct TargetMetrics {
    pub offsets: Field<Offsets>,
    pub segment_type: Field<String>,
    pub metrics: List<TargetMetric>,
}

/// One target band.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct TargetMetric {
    /// `resistance`, `cadence`, `speed`, `incline`, `stroke_rate`, `pace_intensity`, …
    pub name: Field<String>,
    pub lower: Field<f64>,
    pub upper: Field<f64>,
}

/// Expected figures of a class.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct TargetClassMetrics {
    #[serde(deserialize_with = "super::field::object_or_empty_array")]
    pub total_expected_output: Field<ExpectedOutput>,
}

/// Total output of a member who follows the lower and the upper bounds, kJ.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct ExpectedOutput {
    pub expected_lower_output: Field<f64>,
    pub expected_upper_output: Field<f64>,
}
