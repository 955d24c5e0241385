//! Target bands of a class on the pedalling clock.

use peloton_api::models::{List, Numbers, PerformanceGraph, TargetMetrics};

use super::axis::Tick;
use super::rows::Report;

/// What targets there are for one metric.
#[derive(Debug, Default)]
pub(super) struct Targets<'a> {
    /// Stretches by their first second.
    bands: Vec<Band>,
    /// Bounds by position in the graph's arrays.
    by_index: Option<(&'a Numbers, &'a Numbers)>,
}

#[derive(Debug, Clone, Copy)]
struct Band {
    first: i64,
    last: i64,
    lower: Option<f64>,
    upper: Option<f64>,
}

/// Lower and upper bound at one second.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Bounds {
    pub(super) lower: Option<f64>,
    pub(super) upper: Option<f64>,
}

impl<'a> Targets<'a> {
    /// The targets of a metric: the newer stretches if there are any, else the arrays of 2020.
    pub(super) fn of(
        graph: &'a PerformanceGraph,
        metric: &str,
        pedaling_start_offset: Option<i64>,
        report: &mut Report<'_>,
    ) -> Self {
        if let Some(stretches) = graph.target_metrics_performance_data.get()
            && !stretches.target_metrics.is_empty()
        {
            let bands = bands(
                &stretches.target_metrics,
                metric,
                pedaling_start_offset,
                report,
            );
            return Self {
                bands,
                by_index: None,
            };
        }
        Self {
            bands: Vec::new(),
            by_index: arrays(graph, metric, report),
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.bands.is_empty() && self.by_index.is_none()
    }

    pub(super) fn at(&self, tick: Tick) -> Bounds {
        if let Some((lower, upper)) = self.by_index {
            return Bounds {
                lower: lower.get(tick.index),
                upper: upper.get(tick.index),
            };
        }
        let second = i64::from(tick.second);
        let after = self.bands.partition_point(|band| band.first <= second);
        let band = after.checked_sub(1).map(|index| self.bands[index]);
        band.filter(|band| second <= band.last)
            .map_or_else(Bounds::default, |band| Bounds {
                lower: band.lower,
                upper: band.upper,
            })
    }
}

/// Offsets count from the start of the video, and both ends belong to the stretch.
fn bands(
    stretches: &List<TargetMetrics>,
    metric: &str,
    pedaling_start_offset: Option<i64>,
    report: &mut Report<'_>,
) -> Vec<Band> {
    let stretches: Vec<(i64, i64, &TargetMetrics)> = stretches
        .iter()
        .filter(|stretch| {
            stretch
                .metrics
                .iter()
                .any(|it| it.name.as_deref() == Some(metric))
        })
        .filter_map(|stretch| {
            let offsets = stretch.offsets.get()?;
            Some((offsets.start.int()?, offsets.end.int()?, stretch))
        })
        .collect();
    let Some(offset) = pedaling_start_offset else {
        if !stretches.is_empty() {
            let text =
                "targets count from the video's start, and `pedaling_start_offset` is unknown";
            report.add("target_metrics_performance_data", text.into());
        }
        return Vec::new();
    };
    let mut bands: Vec<Band> = stretches
        .into_iter()
        .flat_map(|(start, end, stretch)| {
            let of_metric = stretch
                .metrics
                .iter()
                .filter(|it| it.name.as_deref() == Some(metric));
            of_metric.map(move |it| Band {
                first: start.saturating_sub(offset),
                last: end.saturating_sub(offset),
                lower: it.lower.float(),
                upper: it.upper.float(),
            })
        })
        .collect();
    bands.sort_by_key(|band| band.first);
    bands
}

/// The arrays have a length of their own; only when it is the axis's does a position mean a second.
fn arrays<'a>(
    graph: &'a PerformanceGraph,
    metric: &str,
    report: &mut Report<'_>,
) -> Option<(&'a Numbers, &'a Numbers)> {
    let targets = graph.target_performance_metrics.get()?;
    let is_metric =
        |it: &&peloton_api::models::TargetGraphMetric| it.metric.as_deref() == Some(metric);
    let data = targets
        .target_graph_metrics
        .iter()
        .find(is_metric)?
        .graph_data
        .get()?;
    let length = graph.seconds_since_pedaling_start.len();
    if data.lower.len() == length && data.upper.len() == length {
        return Some((&data.lower, &data.upper));
    }
    if !(data.lower.is_empty() && data.upper.is_empty()) {
        report.add(
            "target_performance_metrics",
            format!(
                "{metric} targets of length {} and {} on an axis of {length}; left out",
                data.lower.len(),
                data.upper.len()
            ),
        );
    }
    None
}
