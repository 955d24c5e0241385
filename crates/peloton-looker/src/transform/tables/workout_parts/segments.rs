use peloton_api::models::{PerformanceGraph, Segment};
use warehouse::schema::ColumnType as T;

use super::{Part, parts};
use crate::transform::definition::{Source, TableOf};
use crate::transform::rows::Rows;
use crate::transform::workout::WorkoutRow;

pub(in crate::transform) enum Segments {}

impl Source for Segments {
    type Row<'a> = Part<'a, Segment>;
}

pub(super) fn add(rows: &mut Rows, workout: &WorkoutRow<'_>, graph: &PerformanceGraph) {
    for part in parts(workout.id, &graph.segment_list) {
        rows.tables
            .workout_segments
            .push(&part, workout.id, &mut rows.problems);
    }
}

pub(in crate::transform) fn definition() -> TableOf<Segments> {
    TableOf::<Segments>::new(
        "workout_segments",
        "one segment of the class that a workout took",
        "Segments as the graph of the workout lists them, on the pedalling clock.",
        &["workout_id", "position"],
        "workout_id",
    )
    .column("workout_id", T::String, "", "The workout.", |s| {
        s.workout_id.into()
    })
    .column(
        "position",
        T::Int64,
        "",
        "Place in the class, from 1.",
        |s| s.position.into(),
    )
    .column("segment_id", T::String, "", "Peloton's id.", |s| {
        (&s.it.id).into()
    })
    .column(
        "name",
        T::String,
        "",
        "Warm Up, Cycling, Cool Down, …",
        |s| (&s.it.name).into(),
    )
    .column(
        "start_second",
        T::Int64,
        "s",
        "Start since pedalling start.",
        |s| (&s.it.start_time_offset).into(),
    )
    .column("length_s", T::Int64, "s", "Length.", |s| {
        (&s.it.length).into()
    })
    .column("icon_slug", T::String, "", "Kind of the segment.", |s| {
        (&s.it.icon_slug).into()
    })
    .column("metrics_type", T::String, "", "Which series it has.", |s| {
        (&s.it.metrics_type).into()
    })
    .column(
        "intensity_in_mets",
        T::Float64,
        "MET",
        "Intensity that Peloton assumes.",
        |s| (&s.it.intensity_in_mets).into(),
    )
    .column("is_drill", T::Bool, "", "Whether it is a drill.", |s| {
        (&s.it.is_drill).into()
    })
}
