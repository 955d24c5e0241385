//! `GET /api/workout/{id}/performance_graph`: every second of a workout.

use serde::{Deserialize, Serialize};

use super::field::{object_or_empty_array, objects};
use super::{EffortZones, Field, Int, List, Numbers, Segment, TargetMetricsData};

/// The seconds of a workout and what Peloton sums up of them.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct PerformanceGraph {
    /// Length of the class in seconds, not the ridden time.
    pub duration: Field<Int>,
    /// The plan of the class; empty for freestyle.
    pub segment_list: List<Segment>,
    /// The time axis: `values[i]` of a metric belongs to the second at `i`, and that is rarely `i`.
    pub seconds_since_pedaling_start: Numbers,
    /// Averages; empty without equipment.
    pub average_summaries: List<Summary>,
    /// Totals; may be empty.
    pub summaries: List<Summary>,
    /// One series a metric; empty for some workouts, though the axis is not.
    #[serde(deserialize_with = "objects")]
    pub metrics: List<Metric>,
    /// The way, outdoors; only told to requests that name a platform.
    pub location_data: List<LocationSegment>,
    /// `{}` or `[]` without splits.
    #[serde(deserialize_with = "object_or_empty_array")]
    pub splits_data: Field<SplitsData>,
    /// The same splits in the newer form; `{}` or absent without.
    #[serde(deserialize_with = "object_or_empty_array")]
    pub splits_metrics: Field<SplitsMetrics>,
    /// Targets by position, in graphs of 2020.
    #[serde(deserialize_with = "object_or_empty_array")]
    pub target_performance_metrics: Field<TargetPerformanceMetrics>,
    /// Targets by stretches, counted from the start of the video.
    #[serde(deserialize_with = "object_or_empty_array")]
    pub target_metrics_performance_data: Field<TargetMetricsData>,
    /// May be null.
    pub effort_zones: Field<EffortZones>,
    /// Of strength and rowing; else empty or absent.
    pub muscle_group_score: List<MuscleGroupScore>,
}

/// A total or an average, with the unit that it is in.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct Summary {
    /// `total_output`, `distance`, `calories`, `avg_speed`, …
    pub slug: Field<String>,
    /// Follows the account's preference at the time of the request; null for a count of strokes.
    pub display_unit: Field<String>,
    /// In `display_unit`.
    pub value: Field<f64>,
}

/// One series: a value for each second of the axis.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct Metric {
    /// `output`, `cadence`, `resistance`, `speed`, `pace`, `heart_rate`, …
    pub slug: Field<String>,
    /// Of all values; follows the account's preference at the time of the request.
    pub display_unit: Field<String>,
    /// The best, which for paces is the smallest; null for altitude.
    pub max_value: Field<f64>,
    /// Null for altitude.
    pub average_value: Field<f64>,
    /// One a second of the axis; a heart rate of 0 is no reading, and pace is null when standing still.
    pub values: Numbers,
    /// The same in another measure: speed under pace.
    #[serde(deserialize_with = "objects")]
    pub alternatives: List<Metric>,
    /// Of heart rate.
    pub zones: List<Zone>,
    /// s; may be negative.
    pub missing_data_duration: Field<Int>,
}

/// A heart-rate zone.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct Zone {
    /// `zone1` to `zone5`.
    pub slug: Field<String>,
    /// Name for showing: `Zone 1`.
    pub display_name: Field<String>,
    /// bpm
    pub min_value: Field<f64>,
    /// bpm
    pub max_value: Field<f64>,
    /// s
    pub duration: Field<Int>,
}

/// The track of one segment of the class; free workouts have one without a segment.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct LocationSegment {
    /// As [`Segment::id`], or null.
    pub segment_id: Field<String>,
    /// Meaning unknown.
    pub is_gap: Field<bool>,
    /// In the order of time.
    pub coordinates: List<Coordinate>,
}

/// A point of a track.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct Coordinate {
    /// Degrees.
    pub latitude: Field<f64>,
    /// Degrees.
    pub longitude: Field<f64>,
    /// s, on the graph's axis; some of its seconds have no point.
    pub seconds_offset_from_start: Field<Int>,
}

/// Splits by distance.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct SplitsData {
    /// Unit of [`Split::distance_marker`]: `mi`, `km`.
    pub distance_marker_display_unit: Field<String>,
    /// Unit of [`Split::elevation_change`]: `ft`, `m`.
    pub elevation_change_display_unit: Field<String>,
    /// In their order.
    pub splits: List<Split>,
}

/// One split.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct Split {
    /// Place in the workout, from 1.
    pub order: Field<Int>,
    /// In the unit of the list.
    pub distance_marker: Field<f64>,
    /// s, of this split alone.
    pub seconds: Field<f64>,
    /// In the unit of the list, or null.
    pub elevation_change: Field<f64>,
    /// Whether it is the fastest of the workout.
    pub is_best: Field<bool>,
    /// Whether part of it was off the machine; absent in older answers.
    pub has_floor_segment: Field<bool>,
}

/// The newer table of splits.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct SplitsMetrics {
    /// One row a split.
    pub metrics: List<SplitMetrics>,
}

/// One row of that table.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct SplitMetrics {
    /// Whether it is the fastest of the workout.
    pub is_best: Field<bool>,
    /// Whether part of it was off the machine.
    pub has_floor_segment: Field<bool>,
    /// One cell a column.
    pub data: List<SplitCell>,
}

/// One cell of that table.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct SplitCell {
    /// `mi`, `km`, `meter`, `total_time` (minutes), `pace`, `elevation`, `spm`, `avg_output`, `form_score`.
    pub slug: Field<String>,
    /// In `unit`, or null.
    pub value: Field<f64>,
    /// Unit of `value`, or null.
    pub unit: Field<String>,
}

/// Targets as arrays with a length of their own.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct TargetPerformanceMetrics {
    /// One element a metric.
    pub target_graph_metrics: List<TargetGraphMetric>,
}

/// The target band of one metric.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct TargetGraphMetric {
    /// `cadence` or `resistance`.
    #[serde(rename = "type")]
    pub metric: Field<String>,
    /// The band.
    pub graph_data: Field<TargetGraphData>,
}

/// Bounds by position.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct TargetGraphData {
    /// rpm or %.
    pub upper: Numbers,
    /// rpm or %.
    pub lower: Numbers,
}

/// How much a muscle group worked.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct MuscleGroupScore {
    /// `biceps`, …
    pub muscle_group: Field<String>,
    /// Name for showing.
    pub display_name: Field<String>,
    /// On a scale of Peloton's own.
    pub score: Field<f64>,
    /// Share of the workout, %.
    pub percentage: Field<f64>,
    /// Peloton's class of the share, from 1.
    pub bucket: Field<Int>,
}
