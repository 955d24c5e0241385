//! `ride_targets`: the bands that a class asks for.

use peloton_api::models::{Field, Offsets};
use warehouse::schema::ColumnType as T;

use super::Class;
use crate::transform::column::Value;
use crate::transform::definition::{Source, TableOf};
use crate::transform::rows::{Report, Rows};

pub(in crate::transform) enum Targets {}

impl Source for Targets {
    type Row<'a> = TargetRow<'a>;
}

/// One band of one stretch.
#[derive(Debug)]
pub(in crate::transform) struct TargetRow<'a> {
    class: &'a Class<'a>,
    position: i64,
    band: Band<'a>,
}

#[derive(Debug)]
struct Band<'a> {
    offsets: Option<&'a Offsets>,
    segment_type: Value<'a>,
    metric: Value<'a>,
    lower: &'a Field<f64>,
    upper: &'a Field<f64>,
}

/// The newer form says all that the cues say, and more; the cues only count without it.
pub(super) fn add(rows: &mut Rows, class: &Class<'_>) {
    let mut bands = target_metrics(class);
    if bands.is_empty() {
        bands = cues(class);
    }
    if class.pedaling_start_offset().is_none() && !bands.is_empty() {
        let mut report = Report::new(&mut rows.problems, "ride_targets", class.id);
        report.add(
            "start_second",
            "`pedaling_start_offset` of the class is unknown".into(),
        );
    }
    for (position, band) in (1..).zip(bands) {
        let row = TargetRow {
            class,
            position,
            band,
        };
        rows.tables
            .ride_targets
            .push(&row, class.id, &mut rows.problems);
    }
}

fn target_metrics<'a>(class: &Class<'a>) -> Vec<Band<'a>> {
    let Some(data) = class.details.target_metrics_data.get() else {
        return Vec::new();
    };
    let stretches = data.target_metrics.iter();
    stretches
        .flat_map(|stretch| {
            stretch.metrics.iter().map(|metric| Band {
                offsets: stretch.offsets.get(),
                segment_type: (&stretch.segment_type).into(),
                metric: (&metric.name).into(),
                lower: &metric.lower,
                upper: &metric.upper,
            })
        })
        .collect()
}

fn cues<'a>(class: &Class<'a>) -> Vec<Band<'a>> {
    let cues = class.details.instructor_cues.iter();
    cues.flat_map(|cue| {
        let ranges = [
            ("resistance", &cue.resistance_range),
            ("cadence", &cue.cadence_range),
        ];
        ranges.into_iter().filter_map(|(metric, range)| {
            let range = range.get()?;
            Some(Band {
                offsets: cue.offsets.get(),
                segment_type: Value::Null,
                metric: metric.into(),
                lower: &range.lower,
                upper: &range.upper,
            })
        })
    })
    .collect()
}

pub(in crate::transform) fn definition() -> TableOf<Targets> {
    TableOf::<Targets>::new(
        "ride_targets",
        "one target band of one stretch of a class",
        "On the pedalling clock: Peloton counts from the start of the video, `pedaling_start_offset` is taken off.",
        &["ride_id", "position"],
        "ride_id",
    )
    .column("ride_id", T::String, "", "The class.", |t| t.class.id.into())
    .column("position", T::Int64, "", "Place in Peloton's list, from 1.", |t| t.position.into())
    .column("metric", T::String, "", "resistance, cadence, speed, incline, …", |t| t.band.metric.clone())
    .column("segment_type", T::String, "", "Discipline of the stretch, where given.", |t| {
        t.band.segment_type.clone()
    })
    .column("start_second", T::Int64, "s", "First second since pedalling start.", |t| {
        t.class.pedaling_second(t.band.offsets.and_then(|offsets| offsets.start.int())).into()
    })
    .column("end_second", T::Int64, "s", "Last second since pedalling start; it belongs to the stretch.", |t| {
        t.class.pedaling_second(t.band.offsets.and_then(|offsets| offsets.end.int())).into()
    })
    .column("lower", T::Float64, "", "Lower bound, in the metric's unit.", |t| t.band.lower.into())
    .column("upper", T::Float64, "", "Upper bound, in the metric's unit.", |t| t.band.upper.into())
}
