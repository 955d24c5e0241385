//! `ride_segments` and `workout_segments`: the stretches of a class, as its details and as the graph of a
//! workout list them.

use peloton_api::models::{PerformanceGraph, RideDetails, Segment};
use warehouse::schema::ColumnType as T;

use crate::transform::definition::{Source, TableOf};
use crate::transform::rows::Rows;

pub(in crate::transform) enum Segments {}

impl Source for Segments {
    type Row<'a> = SegmentRow<'a>;
}

/// One segment of a class or of a workout.
#[derive(Debug)]
pub(in crate::transform) struct SegmentRow<'a> {
    /// Id of the class or of the workout.
    owner: &'a str,
    position: i64,
    segment: &'a Segment,
}

fn listed<'a>(
    owner: &'a str,
    list: impl IntoIterator<Item = &'a Segment>,
) -> impl Iterator<Item = SegmentRow<'a>> {
    (1..).zip(list).map(move |(position, segment)| SegmentRow {
        owner,
        position,
        segment,
    })
}

/// Appends the segments of a class.
pub(super) fn add_of_class(rows: &mut Rows, id: &str, details: &RideDetails) {
    let Some(segments) = details.segments.get() else {
        return;
    };
    let table = &mut rows.tables.ride_segments;
    for row in listed(id, &segments.segment_list) {
        table.push(&row, id, &mut rows.problems);
    }
}

/// Appends the segments of a workout.
pub(super) fn add_of_workout(rows: &mut Rows, id: &str, graph: &PerformanceGraph) {
    let table = &mut rows.tables.workout_segments;
    for row in listed(id, &graph.segment_list) {
        table.push(&row, id, &mut rows.problems);
    }
}

pub(in crate::transform) fn of_classes() -> TableOf<Segments> {
    let table = TableOf::<Segments>::new(
        "ride_segments",
        "one segment of one class",
        "Segments are on the pedalling clock already.",
        &["ride_id", "position"],
        "ride_id",
    );
    columns(table.column("ride_id", T::String, "", "The class.", |s| s.owner.into()))
}

pub(in crate::transform) fn of_workouts() -> TableOf<Segments> {
    let table = TableOf::<Segments>::new(
        "workout_segments",
        "one segment of the class that a workout took",
        "Segments as the graph of the workout lists them, on the pedalling clock.",
        &["workout_id", "position"],
        "workout_id",
    );
    columns(
        table.column("workout_id", T::String, "", "The workout.", |s| {
            s.owner.into()
        }),
    )
}

fn columns(table: TableOf<Segments>) -> TableOf<Segments> {
    table
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
