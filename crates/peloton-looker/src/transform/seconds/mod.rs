//! `workout_stats`: every second of every workout, column by column straight into Arrow.

mod table;
mod track;

use std::sync::Arc;

use arrow::array::{
    ArrayRef, BooleanBuilder, Date32Builder, Float64Builder, Int16Builder, Int32Builder,
    StringBuilder,
};
use peloton_api::models::PerformanceGraph;
use warehouse::schema::Table;

use super::axis::{Tick, ticks};
use super::column::days;
use super::definition::{Replaced, Take, record_batch};
use super::rows::{Batch, Report};
use super::series::{AllSeries, Kind, Series};
use super::targets::{Bounds, Targets};
use super::zones::{HeartRateZones, power_zone};
use table::table;
use track::{Track, track};

/// What the seconds of a workout are made from.
#[derive(Debug)]
pub(super) struct Recording<'a> {
    pub(super) workout_id: &'a str,
    pub(super) start_date: Option<jiff::civil::Date>,
    /// Whether it is finished and was not deleted.
    pub(super) is_counted: bool,
    pub(super) graph: &'a PerformanceGraph,
    pub(super) series: &'a AllSeries<'a>,
    /// s from the start of the video, when known.
    pub(super) pedaling_start_offset: Option<i64>,
    /// W; only for workouts whose power an FTP of cycling applies to.
    pub(super) ftp: Option<i64>,
    pub(super) store_locations: bool,
}

/// How complete a recording is. All `None` for a workout that records no metrics.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Completeness {
    pub(super) expected: Option<i64>,
    pub(super) recorded: Option<i64>,
    pub(super) missing: Option<i64>,
}

/// The collected seconds.
#[derive(Debug)]
pub(super) struct SecondRows {
    schema: arrow::datatypes::SchemaRef,
    replaced: Replaced,
    rows: usize,
    workout_id: StringBuilder,
    second: Int32Builder,
    output: Int32Builder,
    cadence: Int32Builder,
    resistance: Int32Builder,
    speed: Float64Builder,
    heart_rate: Int32Builder,
    target_cadence_upper: Int32Builder,
    target_cadence_lower: Int32Builder,
    target_resistance_upper: Int32Builder,
    target_resistance_lower: Int32Builder,
    start_date: Date32Builder,
    is_counted: BooleanBuilder,
    pace: Float64Builder,
    incline: Float64Builder,
    altitude: Float64Builder,
    stroke_rate: Int32Builder,
    split_pace: Float64Builder,
    latitude: Float64Builder,
    longitude: Float64Builder,
    power_zone: Int16Builder,
    heart_rate_zone: Int16Builder,
}

impl Default for SecondRows {
    fn default() -> Self {
        Self {
            schema: table().arrow_schema(),
            replaced: Replaced::default(),
            rows: 0,
            workout_id: StringBuilder::new(),
            second: Int32Builder::new(),
            output: Int32Builder::new(),
            cadence: Int32Builder::new(),
            resistance: Int32Builder::new(),
            speed: Float64Builder::new(),
            heart_rate: Int32Builder::new(),
            target_cadence_upper: Int32Builder::new(),
            target_cadence_lower: Int32Builder::new(),
            target_resistance_upper: Int32Builder::new(),
            target_resistance_lower: Int32Builder::new(),
            start_date: Date32Builder::new(),
            is_counted: BooleanBuilder::new(),
            pace: Float64Builder::new(),
            incline: Float64Builder::new(),
            altitude: Float64Builder::new(),
            stroke_rate: Int32Builder::new(),
            split_pace: Float64Builder::new(),
            latitude: Float64Builder::new(),
            longitude: Float64Builder::new(),
            power_zone: Int16Builder::new(),
            heart_rate_zone: Int16Builder::new(),
        }
    }
}

impl SecondRows {
    /// Number of seconds collected.
    pub(super) fn len(&self) -> usize {
        self.rows
    }

    /// Says that the seconds of this workout are given anew, even if there turn out to be none; all of them, if
    /// its graph is there.
    pub(super) fn replace(&mut self, workout_id: &str, is_whole: bool) {
        self.replaced.add(workout_id, is_whole);
    }

    /// Appends the seconds of a workout.
    pub(super) fn push(&mut self, of: &Recording<'_>, report: &mut Report<'_>) -> Completeness {
        if of.graph.metrics.is_empty() {
            return Completeness::default();
        }
        check_lengths(of, report);
        let axis = ticks(&of.graph.seconds_since_pedaling_start, report);
        let track = track(of, report);
        let present = Present::of(of.series);
        let rows: Vec<Tick> = axis
            .iter()
            .filter(|tick| present.at(tick.index))
            .copied()
            .collect();
        self.append(of, &rows, &track, report);
        completeness(of, &axis, rows.len())
    }

    fn append(
        &mut self,
        of: &Recording<'_>,
        rows: &[Tick],
        track: &Track,
        report: &mut Report<'_>,
    ) {
        self.rows += rows.len();
        let date = of.start_date.map(days);
        for row in rows {
            self.workout_id.append_value(of.workout_id);
            self.second.append_value(row.second);
            self.start_date.append_option(date);
            self.is_counted.append_value(of.is_counted);
            let point = track.get(&row.second);
            self.latitude.append_option(point.map(|point| point.0));
            self.longitude.append_option(point.map(|point| point.1));
        }
        let series = |kind| of.series.get(kind);
        floats(&mut self.speed, series(Kind::Speed), rows);
        floats(&mut self.pace, series(Kind::Pace), rows);
        floats(&mut self.incline, series(Kind::Incline), rows);
        floats(&mut self.altitude, series(Kind::Altitude), rows);
        floats(&mut self.split_pace, series(Kind::SplitPace), rows);
        for (kind, cells) in [
            (Kind::Output, &mut self.output),
            (Kind::Cadence, &mut self.cadence),
            (Kind::Resistance, &mut self.resistance),
            (Kind::HeartRate, &mut self.heart_rate),
            (Kind::StrokeRate, &mut self.stroke_rate),
        ] {
            ints(cells, kind, series(kind), rows, report);
        }
        self.append_targets(of, rows, report);
        self.append_zones(of, rows);
    }

    fn append_targets(&mut self, of: &Recording<'_>, rows: &[Tick], report: &mut Report<'_>) {
        let mut targets = |metric| Targets::of(of.graph, metric, of.pedaling_start_offset, report);
        let (cadence, resistance) = (targets("cadence"), targets("resistance"));
        let (lower, upper) = (
            &mut self.target_cadence_lower,
            &mut self.target_cadence_upper,
        );
        bounds(lower, upper, &cadence, rows);
        let (lower, upper) = (
            &mut self.target_resistance_lower,
            &mut self.target_resistance_upper,
        );
        bounds(lower, upper, &resistance, rows);
    }

    fn append_zones(&mut self, of: &Recording<'_>, rows: &[Tick]) {
        let at = |kind, tick: &Tick| value(of.series.get(kind)?, kind, tick.index);
        let heart_rate_zones = HeartRateZones::of(of.series);
        for row in rows {
            let watts = of
                .ftp
                .and_then(|ftp| power_zone(at(Kind::Output, row)?, ftp));
            self.power_zone.append_option(watts);
            let beats = at(Kind::HeartRate, row).and_then(|beats| heart_rate_zones.zone(beats));
            self.heart_rate_zone.append_option(beats);
        }
    }

    fn columns(&mut self) -> Vec<ArrayRef> {
        vec![
            Arc::new(self.workout_id.finish()),
            Arc::new(self.second.finish()),
            Arc::new(self.output.finish()),
            Arc::new(self.cadence.finish()),
            Arc::new(self.resistance.finish()),
            Arc::new(self.speed.finish()),
            Arc::new(self.heart_rate.finish()),
            Arc::new(self.target_cadence_upper.finish()),
            Arc::new(self.target_cadence_lower.finish()),
            Arc::new(self.target_resistance_upper.finish()),
            Arc::new(self.target_resistance_lower.finish()),
            Arc::new(self.start_date.finish()),
            Arc::new(self.is_counted.finish()),
            Arc::new(self.pace.finish()),
            Arc::new(self.incline.finish()),
            Arc::new(self.altitude.finish()),
            Arc::new(self.stroke_rate.finish()),
            Arc::new(self.split_pace.finish()),
            Arc::new(self.latitude.finish()),
            Arc::new(self.longitude.finish()),
            Arc::new(self.power_zone.finish()),
            Arc::new(self.heart_rate_zone.finish()),
        ]
    }
}

impl Take for SecondRows {
    fn table(&self) -> Table {
        table()
    }

    fn take(&mut self) -> Option<Batch> {
        if self.replaced.values.is_empty() {
            return None;
        }
        self.rows = 0;
        let columns = self.columns();
        let rows = record_batch(&self.schema, columns);
        Some(self.replaced.batch("workout_stats", rows))
    }
}

fn completeness(of: &Recording<'_>, axis: &[Tick], rows: usize) -> Completeness {
    let (Some(first), Some(last)) = (axis.first(), axis.last()) else {
        return Completeness::default();
    };
    if of.graph.metrics.is_empty() {
        return Completeness::default();
    }
    let expected = i64::from(last.second) - i64::from(first.second) + 1;
    let recorded = rows as i64;
    Completeness {
        expected: Some(expected),
        recorded: Some(recorded),
        missing: Some(expected - recorded),
    }
}

/// Arrays of another length than the axis: positions keep their seconds, the rest has none.
fn check_lengths(of: &Recording<'_>, report: &mut Report<'_>) {
    let axis = of.graph.seconds_since_pedaling_start.len();
    for kind in Kind::ALL {
        let Some(series) = of.series.get(kind) else {
            continue;
        };
        let values = &series.metric.values;
        if values.len() != axis {
            let text = format!(
                "{} values on an axis of {axis}; nothing shifted",
                values.len()
            );
            report.add(kind.slug(), text);
        }
    }
}

/// A position's value in our unit. No heart rate is written as 0.
fn value(series: Series<'_>, kind: Kind, index: usize) -> Option<f64> {
    let value = series.metric.values.get(index)?;
    (kind != Kind::HeartRate || value != 0.0).then(|| series.conversion.apply(value))
}

/// Which positions have a value that gets into a column.
struct Present<'a>(Vec<(Kind, Series<'a>)>);

impl<'a> Present<'a> {
    fn of(series: &AllSeries<'a>) -> Self {
        Self(
            Kind::ALL
                .into_iter()
                .filter_map(|kind| Some((kind, series.get(kind)?)))
                .collect(),
        )
    }

    fn at(&self, index: usize) -> bool {
        self.0.iter().any(|(kind, series)| {
            value(*series, *kind, index).is_some_and(|value| value.abs() <= f64::from(i32::MAX))
        })
    }
}

fn floats(cells: &mut Float64Builder, series: Option<Series<'_>>, rows: &[Tick]) {
    let Some(series) = series else {
        return cells.append_nulls(rows.len());
    };
    for row in rows {
        let value = series.metric.values.get(row.index);
        let in_unit = value.map(|value| series.conversion.apply(value));
        cells.append_option(in_unit.filter(|value| value.is_finite()));
    }
}

/// Whole numbers, as every sensor of Peloton's reports them. A fraction is rounded, and said so.
fn ints(
    cells: &mut Int32Builder,
    kind: Kind,
    series: Option<Series<'_>>,
    rows: &[Tick],
    report: &mut Report<'_>,
) {
    let Some(series) = series else {
        return cells.append_nulls(rows.len());
    };
    let (mut rounded, mut out_of_range) = (0, 0);
    for row in rows {
        let value = value(series, kind, row.index);
        let int = value.and_then(int);
        rounded += usize::from(value.is_some_and(|value| value.fract() != 0.0) && int.is_some());
        out_of_range += usize::from(value.is_some() && int.is_none());
        cells.append_option(int);
    }
    if rounded > 0 {
        report.add(
            kind.slug(),
            format!("{rounded} values with a fraction were rounded"),
        );
    }
    if out_of_range > 0 {
        report.add(
            kind.slug(),
            format!("{out_of_range} values are out of range"),
        );
    }
}

fn int(value: f64) -> Option<i32> {
    let whole = value.round();
    let fits = whole >= f64::from(i32::MIN) && whole <= f64::from(i32::MAX);
    fits.then_some(whole as i32)
}

fn bounds(
    lower: &mut Int32Builder,
    upper: &mut Int32Builder,
    targets: &Targets<'_>,
    rows: &[Tick],
) {
    if targets.is_empty() {
        lower.append_nulls(rows.len());
        upper.append_nulls(rows.len());
        return;
    }
    for row in rows {
        let Bounds {
            lower: low,
            upper: high,
        } = targets.at(*row);
        lower.append_option(low.and_then(int));
        upper.append_option(high.and_then(int));
    }
}
