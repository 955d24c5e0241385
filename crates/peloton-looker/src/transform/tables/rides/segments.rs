//! `ride_segments`: the stretches of a class.

use peloton_api::models::Segment;
use warehouse::schema::ColumnType as T;

use super::Class;
use crate::transform::definition::{Source, TableOf};
use crate::transform::rows::{Report, Rows};

pub(in crate::transform) enum Segments {}

impl Source for Segments {
    type Row<'a> = SegmentRow<'a>;
}

/// One segment of one class.
#[derive(Debug)]
pub(in crate::transform) struct SegmentRow<'a> {
    ride_id: &'a str,
    position: i64,
    segment: &'a Segment,
}

pub(super) fn add(rows: &mut Rows, class: &Class<'_>) {
    let Some(segments) = class.details.segments.get() else {
        return;
    };
    let mut report = Report::new(&mut rows.problems, "ride_segments", class.id);
    report.list("segment_list", &segments.segment_list);
    for (position, segment) in (1..).zip(&segments.segment_list) {
        let row = SegmentRow {
            ride_id: class.id,
            position,
            segment,
        };
        rows.tables
            .ride_segments
            .push(&row, class.id, &mut rows.problems);
    }
}

pub(in crate::transform) fn definition() -> TableOf<Segments> {
    TableOf::<Segments>::new(
        "ride_segments",
        "one segment of one class",
        "Segments are on the pedalling clock already.",
        &["ride_id", "position"],
        "ride_id",
    )
    .column("ride_id", T::String, "", "The class.", |s| s.ride_id.into())
    .column(
        "position",
        T::Int64,
        "",
        "Place in the class, from 1.",
        |s| s.position.into(),
    )
    .column("segment_id", T::String, "", "Peloton's id.", |s| {
        (&s.segment.id).into()
    })
    .column(
        "name",
        T::String,
        "",
        "Warm Up, Cycling, Cool Down, …",
        |s| (&s.segment.name).into(),
    )
    .column(
        "start_second",
        T::Int64,
        "s",
        "Start since pedalling start.",
        |s| (&s.segment.start_time_offset).into(),
    )
    .column("length_s", T::Int64, "s", "Length.", |s| {
        (&s.segment.length).into()
    })
    .column("icon_slug", T::String, "", "Kind of the segment.", |s| {
        (&s.segment.icon_slug).into()
    })
    .column("metrics_type", T::String, "", "Which series it has.", |s| {
        (&s.segment.metrics_type).into()
    })
    .column(
        "intensity_in_mets",
        T::Float64,
        "MET",
        "Intensity that Peloton assumes.",
        |s| (&s.segment.intensity_in_mets).into(),
    )
    .column("is_drill", T::Bool, "", "Whether it is a drill.", |s| {
        (&s.segment.is_drill).into()
    })
}
