//! The series of a performance graph: which there are, in what unit, and what Peloton says of each.

use peloton_api::models::{Metric, PerformanceGraph, Summary};

use super::rows::Report;
use super::units::{Conversion, Quantity};

/// A series that our tables have a column for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Output,
    Cadence,
    Resistance,
    Speed,
    HeartRate,
    Pace,
    Incline,
    Altitude,
    StrokeRate,
    SplitPace,
}

impl Kind {
    pub(super) const ALL: [Self; 10] = [
        Self::Output,
        Self::Cadence,
        Self::Resistance,
        Self::Speed,
        Self::HeartRate,
        Self::Pace,
        Self::Incline,
        Self::Altitude,
        Self::StrokeRate,
        Self::SplitPace,
    ];

    /// Peloton's name, and the name of our column.
    pub(super) fn slug(self) -> &'static str {
        match self {
            Self::Output => "output",
            Self::Cadence => "cadence",
            Self::Resistance => "resistance",
            Self::Speed => "speed",
            Self::HeartRate => "heart_rate",
            Self::Pace => "pace",
            Self::Incline => "incline",
            Self::Altitude => "altitude",
            Self::StrokeRate => "stroke_rate",
            Self::SplitPace => "split_pace",
        }
    }

    fn average_slug(self) -> String {
        format!("avg_{}", self.slug())
    }

    fn quantity(self) -> Quantity {
        match self {
            Self::Output => Quantity::Power,
            Self::Cadence => Quantity::Cadence,
            Self::Resistance | Self::Incline => Quantity::Percent,
            Self::Speed => Quantity::Speed,
            Self::HeartRate => Quantity::HeartRate,
            Self::Pace => Quantity::Pace,
            Self::Altitude => Quantity::Length,
            Self::StrokeRate => Quantity::StrokeRate,
            Self::SplitPace => Quantity::SplitPace,
        }
    }

    /// Whether 0 means that there is no value: nobody has a heart rate or a mean pace of 0.
    fn zero_average_is_none(self) -> bool {
        matches!(self, Self::HeartRate | Self::Pace | Self::SplitPace)
    }
}

/// A series of the graph in a known unit.
#[derive(Debug, Clone, Copy)]
pub(super) struct Series<'a> {
    pub(super) metric: &'a Metric,
    pub(super) conversion: Conversion,
}

/// The series of a graph, by kind.
#[derive(Debug, Clone, Default)]
pub(super) struct AllSeries<'a>([Option<Series<'a>>; Kind::ALL.len()]);

impl<'a> AllSeries<'a> {
    /// Finds the series by slug; `alternatives` (speed under pace) fill what has no metric of its own.
    pub(super) fn of(graph: &'a PerformanceGraph, report: &mut Report<'_>) -> Self {
        Self(Kind::ALL.map(|kind| {
            let metric = find(graph, kind)?;
            let unit = metric.display_unit.as_deref();
            let conversion = kind.quantity().conversion_from(unit);
            if conversion.is_none() {
                let unit = unit.unwrap_or_default();
                report.add(
                    kind.slug(),
                    format!("unknown unit `{unit}` of `{}`", kind.slug()),
                );
            }
            Some(Series {
                metric,
                conversion: conversion?,
            })
        }))
    }

    pub(super) fn get(&self, kind: Kind) -> Option<Series<'a>> {
        self.0[kind as usize]
    }
}

fn find(graph: &PerformanceGraph, kind: Kind) -> Option<&Metric> {
    let is_kind = |metric: &&Metric| metric.slug.as_deref() == Some(kind.slug());
    let own = graph.metrics.iter().find(is_kind);
    own.or_else(|| {
        graph
            .metrics
            .iter()
            .flat_map(|metric| &metric.alternatives)
            .find(is_kind)
    })
}

/// A value for each kind.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct PerKind([Option<f64>; Kind::ALL.len()]);

impl PerKind {
    pub(super) fn get(&self, kind: Kind) -> Option<f64> {
        self.0[kind as usize]
    }

    pub(super) fn set(&mut self, kind: Kind, value: Option<f64>) {
        self.0[kind as usize] = value;
    }
}

/// Averages as Peloton reports them: of the summaries, which the app shows, else of the series.
pub(super) fn averages(
    graph: &PerformanceGraph,
    series: &AllSeries<'_>,
    report: &mut Report<'_>,
) -> PerKind {
    PerKind(Kind::ALL.map(|kind| {
        let summary = find_summary(&graph.average_summaries.items, &kind.average_slug());
        let shown = summary.and_then(|summary| {
            let conversion = kind
                .quantity()
                .conversion_from(summary.display_unit.as_deref())?;
            summary.value.float().map(|value| conversion.apply(value))
        });
        let of_series = || {
            let series = series.get(kind)?;
            series
                .metric
                .average_value
                .float()
                .map(|value| series.conversion.apply(value))
        };
        let average = shown.or_else(of_series);
        if let (None, Some(value)) = (average, summary.and_then(|summary| summary.value.float())) {
            report.add(kind.slug(), format!("average {value} in an unknown unit"));
        }
        average.filter(|average| *average > 0.0 || !kind.zero_average_is_none())
    }))
}

/// Best values as Peloton reports them; of paces that is the smallest.
pub(super) fn bests(series: &AllSeries<'_>) -> PerKind {
    PerKind(Kind::ALL.map(|kind| {
        let series = series.get(kind)?;
        let best = series
            .metric
            .max_value
            .float()
            .map(|value| series.conversion.apply(value))?;
        (best > 0.0 || !kind.zero_average_is_none()).then_some(best)
    }))
}

/// A total of the graph's summaries, in our unit.
pub(super) fn total(
    graph: &PerformanceGraph,
    slug: &'static str,
    quantity: Quantity,
    report: &mut Report<'_>,
) -> Option<f64> {
    let summary = find_summary(&graph.summaries.items, slug)?;
    let value = summary.value.float()?;
    let unit = summary.display_unit.as_deref();
    match quantity.conversion_from(unit) {
        Some(conversion) => Some(conversion.apply(value)),
        None => {
            report.add(
                slug,
                format!(
                    "unknown unit `{}` of {slug} {value}",
                    unit.unwrap_or_default()
                ),
            );
            None
        }
    }
}

/// A count among the graph's summaries.
pub(super) fn count(graph: &PerformanceGraph, slug: &'static str) -> Option<f64> {
    find_summary(&graph.summaries.items, slug)?.value.float()
}

fn find_summary<'a>(summaries: &'a [Summary], slug: &str) -> Option<&'a Summary> {
    summaries
        .iter()
        .find(|summary| summary.slug.as_deref() == Some(slug))
}
