//! `GET /api/workout/{id}/performance_graph`: every second of a workout.

use serde::Deserialize;

use super::field::{object_or_empty_array, objects};
use super::{EffortZones, Field, Int, List, Numbers, Segment, TargetMetricsData};

/// The seconds of a workout and what Peloton sums up of them.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct PerformanceGraph {
    /// Length of the class in seconds, not the ridden time.
    pub duration: Field<Int>,
    pub segment_list: List<Segment>,
    /// The time axis: `values[i]` of a metric belongs to the second at `i`, and that is rarely `i`.
    pub seconds_since_pedaling_start: Numbers,
    pub average_summaries: List<Summary>,
    pub summaries: List<Summary>,
    #[serde(deserialize_with = "objects")]
    pub metrics: List<Metric>,
    pub location_data: List<LocationSegment>,
    #[serde(deserialize_with = "object_or_empty_array")]
    pub splits_data: Field<SplitsData>,
    #[serde(deserialize_with = "object_or_empty_array")]
    pub splits_metrics: Field<SplitsMetrics>,
    /// Targets by position, in graphs of 2020.
    #[serde(deserialize_with = "object_or_empty_array")]
    pub target_performance_metrics: Field<TargetPerformanceMetrics>,
    /// Targets by stretches, counted from the start of the video.
    #[serde(deserialize_with = "object_or_empty_array")]
    pub target_metrics_performance_data: Field<TargetMetricsData>,
    pub effort_zones: Field<EffortZones>,
    pub muscle_group_score: List<MuscleGroupScore>,
}

/// A total or an average, with the unit that it is in.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Summary {
    pub slug: Field<String>,
    pub display_unit: Field<String>,
    pub value: Field<f64>,
}

/// One series: a value for each second of the axis.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Metric {
    pub slug: Field<String>,
    pub display_unit: Field<String>,
    /// The best, which for paces is the smallest.
    pub max_value: Field<f64>,
    pub average_value: Field<f64>,
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
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Zone {
    /// `zone1` to `zone5`.
    pub slug: Field<String>,
    pub display_name: Field<String>,
    /// bpm
    pub min_value: Field<f64>,
    /// bpm
    pub max_value: Field<f64>,
    /// s
    pub duration: Field<Int>,
}

/// The track of one segment of the class; free workouts have one without a segment.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct LocationSegment {
    pub segment_id: Field<String>,
    pub is_gap: Field<bool>,
    pub coordinates: List<Coordinate>,
}

/// A point of a track.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Coordinate {
    pub latitude: Field<f64>,
    pub longitude: Field<f64>,
    pub seconds_offset_from_start: Field<Int>,
}

/// Splits by distance.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct SplitsData {
    pub distance_marker_display_unit: Field<String>,
    pub elevation_change_display_unit: Field<String>,
    pub splits: List<Split>,
}

/// One split.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Split {
    pub order: Field<Int>,
    pub distance_marker: Field<f64>,
    pub seconds: Field<f64>,
    pub elevation_change: Field<f64>,
    pub is_best: Field<bool>,
    pub has_floor_segment: Field<bool>,
}

/// The newer table of splits.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct SplitsMetrics {
    pub metrics: List<SplitMetrics>,
}

/// One row of that table.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct SplitMetrics {
    pub is_best: Field<bool>,
    pub has_floor_segment: Field<bool>,
    pub data: List<SplitCell>,
}

/// One cell of that table.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct SplitCell {
    /// `mi`, `km`, `meter`, `total_time` (minutes), `pace`, `elevation`, `spm`, `avg_output`, `form_score`.
    pub slug: Field<String>,
    pub value: Field<f64>,
    pub unit: Field<String>,
}

/// Targets as arrays with a length of their own.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct TargetPerformanceMetrics {
    pub target_graph_metrics: List<TargetGraphMetric>,
}

/// The target band of one metric.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct TargetGraphMetric {
    #[serde(rename = "type")]
    pub metric: Field<String>,
    pub graph_data: Field<TargetGraphData>,
}

/// Bounds by position.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct TargetGraphData {
    pub upper: Numbers,
    pub lower: Numbers,
}

/// How much a muscle group worked.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct MuscleGroupScore {
    pub muscle_group: Field<String>,
    pub display_name: Field<String>,
    pub score: Field<f64>,
    pub percentage: Field<f64>,
    pub bucket: Field<Int>,
}
