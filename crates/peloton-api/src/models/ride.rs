//! Classes: the ride object and `GET /api/ride/{id}/details`.

use serde::{Deserialize, Serialize};

use super::{Field, Instructor, Int, List};

/// A class of any discipline, inline in workouts or inside its details.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct Ride {
    /// 32 hex digits; 32 zeros for freestyle, a dashed UUID for Gym workouts.
    pub id: Field<String>,
    /// Title for showing.
    pub title: Field<String>,
    /// What it is about.
    pub description: Field<String>,
    /// s, nominal.
    pub duration: Field<Int>,
    /// s of video.
    pub length: Field<Int>,
    /// s from the start of the video.
    pub pedaling_start_offset: Field<Int>,
    /// s from the start of the video.
    pub pedaling_end_offset: Field<Int>,
    /// s
    pub pedaling_duration: Field<Int>,
    /// Epoch seconds.
    pub original_air_time: Field<Int>,
    /// Epoch seconds.
    pub scheduled_start_time: Field<Int>,
    /// `cycling`, `running`, `strength`, `caesar` (row), …
    pub fitness_discipline: Field<String>,
    /// Name of the discipline for showing.
    pub fitness_discipline_display_name: Field<String>,
    /// A person or a group; null for scenic classes.
    pub instructor_id: Field<String>,
    /// The people of a group; else empty.
    pub individual_instructor_ids: List<String>,
    /// Only where the request joined it, and in details.
    pub instructor: Field<Instructor>,
    /// The main class type.
    pub ride_type_id: Field<String>,
    /// As in the catalogue's `class_types`.
    pub class_type_ids: List<String>,
    /// The series that it belongs to.
    pub series_id: Field<String>,
    /// 0 to 10.
    pub difficulty_estimate: Field<f64>,
    /// Mean vote on the difficulty, 0 to 10.
    pub difficulty_rating_avg: Field<f64>,
    /// Number of these votes.
    pub difficulty_rating_count: Field<Int>,
    /// `beginner`, `intermediate`, …; mostly null.
    pub difficulty_level: Field<String>,
    /// Rating, 0 to 1.
    pub overall_estimate: Field<f64>,
    /// Mean rating, 0 to 1.
    pub overall_rating_avg: Field<f64>,
    /// Number of ratings.
    pub overall_rating_count: Field<Int>,
    /// Another count of ratings; 0 in older answers.
    pub total_ratings: Field<Int>,
    /// Rounded for popular classes.
    pub total_workouts: Field<Int>,
    /// Those of the own account; only in details and the catalogue.
    pub total_user_workouts: Field<Int>,
    /// Those of followed members; only in details and the catalogue.
    pub total_following_workouts: Field<Int>,
    /// `peloton`, or `virtual_active` for scenic classes; others are possible.
    pub content_provider: Field<String>,
    /// `video` or `audio`.
    pub content_format: Field<String>,
    /// The studio; the place of a scenic class.
    pub location: Field<String>,
    /// In words: `english`.
    pub language: Field<String>,
    /// Where it was made: `en-US`.
    pub origin_locale: Field<String>,
    /// Picture.
    pub image_url: Field<String>,
    /// Whether it is on demand.
    pub is_archived: Field<bool>,
    /// Whether words are explicit.
    pub is_explicit: Field<bool>,
    /// 0 or 1 as far as seen.
    pub explicit_rating: Field<Int>,
    /// Whether the own account bookmarked it.
    pub is_favorite: Field<bool>,
    /// Whether it is for outdoors.
    pub is_outdoor: Field<bool>,
    /// Whether it goes by distance instead of time.
    pub is_fixed_distance: Field<bool>,
    /// Whether it has pedalling series.
    pub has_pedaling_metrics: Field<bool>,
    /// In `distance_unit`; null or 0 unless it goes by distance.
    pub distance: Field<f64>,
    /// `metric` (km) or null.
    pub distance_unit: Field<String>,
    /// The distance in words: `5 km`.
    pub distance_display_value: Field<String>,
    /// Meaning unknown.
    pub class_avg_follow_along_score: Field<f64>,
}

/// The answer about one class.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct RideDetails {
    /// The class itself.
    pub ride: Field<Ride>,
    /// The names of [`Ride::class_type_ids`].
    pub class_types: List<ClassType>,
    /// May be null.
    pub playlist: Field<Playlist>,
    /// Absent or null for some classes without pedalling.
    #[serde(deserialize_with = "super::field::object_or_empty_array")]
    pub averages: Field<Averages>,
    /// The plan.
    #[serde(deserialize_with = "super::field::object_or_empty_array")]
    pub segments: Field<Segments>,
    /// Targets in the older form.
    pub instructor_cues: List<InstructorCue>,
    /// Targets in the newer form.
    #[serde(deserialize_with = "super::field::object_or_empty_array")]
    pub target_metrics_data: Field<TargetMetricsData>,
    /// What the targets add up to.
    #[serde(deserialize_with = "super::field::object_or_empty_array")]
    pub target_class_metrics: Field<TargetClassMetrics>,
    /// Whether it measures FTP.
    pub is_ftp_test: Field<bool>,
    /// Whether it goes by power zones.
    pub is_power_zone_class: Field<bool>,
}

/// What kind of class: "Power Zone", "Music".
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct ClassType {
    /// As in [`Ride::class_type_ids`].
    pub id: Field<String>,
    /// Name for showing.
    pub name: Field<String>,
}

/// Averages over everybody who took the class.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct Averages {
    /// kJ here, not J.
    pub average_total_work: Field<f64>,
    /// W
    pub average_avg_power: Field<f64>,
    /// rpm
    pub average_avg_cadence: Field<f64>,
    /// %
    pub average_avg_resistance: Field<f64>,
    /// The answer names no unit.
    pub average_avg_speed: Field<f64>,
    /// The answer names no unit.
    pub average_distance: Field<f64>,
    /// kcal
    pub average_calories: Field<f64>,
}

/// The music of a class.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct Playlist {
    /// Id of the playlist, not of the class.
    pub id: Field<String>,
    /// May be empty.
    pub songs: List<Song>,
}

/// One song of a class.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct Song {
    /// 32 hex digits.
    pub id: Field<String>,
    /// Title for showing.
    pub title: Field<String>,
    /// Who plays it; may be several.
    pub artists: List<Artist>,
    /// Where it is from.
    pub album: Field<Album>,
    /// s from the start of the video.
    pub cue_time_offset: Field<Int>,
    /// s from the start of the video.
    pub start_time_offset: Field<Int>,
    /// Place in the playlist, from 0; absent in older answers.
    pub index: Field<Int>,
    /// Whether the own account likes it.
    pub liked: Field<bool>,
    /// Scale unknown; mostly 0.
    pub popularity: Field<Int>,
    /// 0 or 1 as far as seen.
    pub explicit_rating: Field<Int>,
}

/// Who plays a song.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct Artist {
    /// 32 hex digits.
    pub artist_id: Field<String>,
    /// Name for showing.
    pub artist_name: Field<String>,
}

/// Where a song is from.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct Album {
    /// 32 hex digits.
    pub id: Field<String>,
    /// Name for showing.
    pub name: Field<String>,
}

/// The plan of a class.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct Segments {
    /// In their order.
    pub segment_list: List<Segment>,
}

/// A stretch of a class, on the pedalling clock.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct Segment {
    /// 32 hex digits.
    pub id: Field<String>,
    /// Name for showing: `Warm Up`, `Cycling`, …
    pub name: Field<String>,
    /// s
    pub length: Field<Int>,
    /// s since pedalling start.
    pub start_time_offset: Field<Int>,
    /// Kind of the stretch: `warmup`, `cycling`, `floor`, …
    pub icon_slug: Field<String>,
    /// Equal to `icon_slug` in all that was seen.
    pub icon_name: Field<String>,
    /// Which series it has: `cycling`, `running`, `caesar`, `floor`.
    pub metrics_type: Field<String>,
    /// MET, as Peloton assumes.
    pub intensity_in_mets: Field<f64>,
    /// Whether it is a drill; absent in older answers.
    pub is_drill: Field<bool>,
}

/// A stretch with the bands that the instructor calls for.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct InstructorCue {
    /// When.
    pub offsets: Field<Offsets>,
    /// %
    pub resistance_range: Field<Range>,
    /// rpm
    pub cadence_range: Field<Range>,
}

/// First and last second, both belonging to the stretch, from the start of the video.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct Offsets {
    /// s
    pub start: Field<Int>,
    /// s
    pub end: Field<Int>,
}

/// A band.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct Range {
    /// In the metric's unit.
    pub lower: Field<f64>,
    /// In the metric's unit.
    pub upper: Field<f64>,
}

/// Targets of a class in the newer form.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct TargetMetricsData {
    /// One element a stretch; empty without a plan.
    pub target_metrics: List<TargetMetrics>,
}

/// A stretch with its targets.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct TargetMetrics {
    /// When.
    pub offsets: Field<Offsets>,
    /// Discipline of the stretch: `cycling`, `running`, …
    pub segment_type: Field<String>,
    /// One band a metric.
    pub metrics: List<TargetMetric>,
}

/// One target band.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct TargetMetric {
    /// `resistance`, `cadence`, `speed`, `incline`, `stroke_rate`, `pace_intensity`, …
    pub name: Field<String>,
    /// In the metric's unit.
    pub lower: Field<f64>,
    /// In the metric's unit.
    pub upper: Field<f64>,
}

/// Expected figures of a class.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct TargetClassMetrics {
    /// At the lower and at the upper bounds.
    #[serde(deserialize_with = "super::field::object_or_empty_array")]
    pub total_expected_output: Field<ExpectedOutput>,
}

/// Total output of a member who follows the lower and the upper bounds, kJ.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct ExpectedOutput {
    /// kJ
    pub expected_lower_output: Field<f64>,
    /// kJ
    pub expected_upper_output: Field<f64>,
}
