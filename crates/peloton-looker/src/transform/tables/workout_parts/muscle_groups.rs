use peloton_api::models::{MuscleGroupScore, PerformanceGraph};
use warehouse::schema::ColumnType as T;

use super::{Part, parts};
use crate::transform::definition::{Source, TableOf};
use crate::transform::rows::Rows;
use crate::transform::workout::WorkoutRow;

pub(in crate::transform) enum MuscleGroups {}

impl Source for MuscleGroups {
    type Row<'a> = Part<'a, MuscleGroupScore>;
}

pub(super) fn add(rows: &mut Rows, workout: &WorkoutRow<'_>, graph: &PerformanceGraph) {
    for part in parts(workout.id, &graph.muscle_group_score) {
        rows.tables
            .muscle_groups
            .push(&part, workout.id, &mut rows.problems);
    }
}

pub(in crate::transform) fn definition() -> TableOf<MuscleGroups> {
    TableOf::<MuscleGroups>::new(
        "muscle_groups",
        "one muscle group of one workout",
        "How much each muscle group worked, as Peloton scores it.",
        &["workout_id", "position"],
        "workout_id",
    )
    .column("workout_id", T::String, "", "The workout.", |m| {
        m.workout_id.into()
    })
    .column(
        "position",
        T::Int64,
        "",
        "Place in Peloton's list, from 1.",
        |m| m.position.into(),
    )
    .column("muscle_group", T::String, "", "Which group.", |m| {
        (&m.it.muscle_group).into()
    })
    .column(
        "display_name",
        T::String,
        "",
        "Its name for showing.",
        |m| (&m.it.display_name).into(),
    )
    .column("score", T::Float64, "", "Peloton's score.", |m| {
        (&m.it.score).into()
    })
    .column(
        "percentage",
        T::Float64,
        "%",
        "Share of the workout.",
        |m| (&m.it.percentage).into(),
    )
    .column(
        "bucket",
        T::Int64,
        "",
        "Peloton's class of the share.",
        |m| (&m.it.bucket).into(),
    )
}
