use peloton_api::models::{Movement, WeightData};
use warehouse::schema::ColumnType as T;

use super::{Part, parts};
use crate::transform::definition::{Source, TableOf};
use crate::transform::rows::Rows;
use crate::transform::workout::WorkoutRow;

pub(in crate::transform) enum Movements {}

impl Source for Movements {
    type Row<'a> = Part<'a, Movement>;
}

pub(super) fn add(rows: &mut Rows, workout: &WorkoutRow<'_>) {
    let tracked = workout
        .either(|workout| &workout.movement_tracker_data)
        .get();
    let Some(summary) = tracked.and_then(|tracked| tracked.completed_movements_summary_data.get())
    else {
        return;
    };
    for part in parts(workout.id, &summary.repetition_summary_data) {
        rows.tables
            .workout_movements
            .push(&part, workout.id, &mut rows.problems);
    }
}

pub(in crate::transform) fn definition() -> TableOf<Movements> {
    TableOf::<Movements>::new(
        "workout_movements",
        "one movement of a strength workout",
        "As the movement tracker saw it. `weight` is of one dumbbell, `total_volume` of all together.",
        &["workout_id", "position"],
        "workout_id",
    )
    .column("workout_id", T::String, "", "The workout.", |m| m.workout_id.into())
    .column("position", T::Int64, "", "Place in the workout, from 1.", |m| m.position.into())
    .column("movement_id", T::String, "", "Which movement.", |m| (&m.it.movement_id).into())
    .column("movement_name", T::String, "", "Its name.", |m| (&m.it.movement_name).into())
    .column("tracking_type", T::String, "", "rep_counting, time_based, rounds, …", |m| {
        (&m.it.tracking_type).into()
    })
    .column("repetitions", T::Int64, "", "Completed repetitions; of a hold its seconds.", |m| {
        let counted = &m.it.completed_reps;
        if counted.is_missing() { (&m.it.completed_number).into() } else { counted.into() }
    })
    .column("target_number", T::Int64, "", "Repetitions or seconds that the plan asks for.", |m| {
        (&m.it.target_number).into()
    })
    .column("is_hold", T::Bool, "", "Whether it is held instead of repeated.", |m| (&m.it.is_hold).into())
    .column("duration_s", T::Float64, "s", "Time that was spent on it.", |m| {
        (&m.it.completed_duration).into()
    })
    .column("offset_s", T::Float64, "s", "Its start in the workout.", |m| (&m.it.offset).into())
    .column("length_s", T::Float64, "s", "Its planned length.", |m| (&m.it.length).into())
    .column("weight", T::Float64, "weight_unit", "Of one weight; NULL if they differ.", |m| {
        same(m.it, |data| data.weight_value.float()).into()
    })
    .column("weight_unit", T::String, "", "lb or kg, of `weight` and `total_volume`.", |m| {
        same(m.it, |data| data.weight_unit.as_deref()).into()
    })
    .column("weight_category", T::String, "", "light, medium, heavy, …, of the first weight.", |m| {
        m.it.weight.iter().find_map(|weight| weight.weight_category.as_deref()).into()
    })
    .column("number_of_weights", T::Int64, "", "How many weights; two dumbbells are two.", |m| {
        (m.it.weight.items.len() as i64).into()
    })
    .column("total_volume", T::Float64, "weight_unit", "Repetitions times all weights, as Peloton says.", |m| {
        (&m.it.total_volume).into()
    })
}

/// What all weights have in common.
fn same<'a, V: PartialEq>(
    movement: &'a Movement,
    of: impl Fn(&'a WeightData) -> Option<V>,
) -> Option<V> {
    let mut values = movement
        .weight
        .iter()
        .map(|weight| weight.weight_data.get().and_then(&of));
    let first = values.next()??;
    values
        .all(|value| value.as_ref() == Some(&first))
        .then_some(first)
}
