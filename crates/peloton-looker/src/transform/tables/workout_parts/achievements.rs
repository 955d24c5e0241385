use peloton_api::models::AchievementTemplate;
use warehouse::schema::ColumnType as T;

use super::{Part, parts};
use crate::transform::definition::{Source, TableOf};
use crate::transform::rows::Rows;
use crate::transform::workout::WorkoutRow;

pub(in crate::transform) enum Achievements {}

impl Source for Achievements {
    type Row<'a> = Part<'a, AchievementTemplate>;
}

pub(super) fn add(rows: &mut Rows, workout: &WorkoutRow<'_>) {
    for part in parts(workout.id, &workout.detail.achievement_templates) {
        rows.tables
            .workout_achievements
            .push(&part, workout.id, &mut rows.problems);
    }
}

pub(in crate::transform) fn definition() -> TableOf<Achievements> {
    TableOf::<Achievements>::new(
        "workout_achievements",
        "one badge earned in one workout",
        "Badges as Peloton lists them with the workout.",
        &["workout_id", "position"],
        "workout_id",
    )
    .column("workout_id", T::String, "", "The workout.", |a| {
        a.workout_id.into()
    })
    .column(
        "position",
        T::Int64,
        "",
        "Place in Peloton's list, from 1.",
        |a| a.position.into(),
    )
    .column("achievement_id", T::String, "", "Which badge.", |a| {
        (&a.it.id).into()
    })
    .column("slug", T::String, "", "Its short name.", |a| {
        (&a.it.slug).into()
    })
    .column("name", T::String, "", "Its name.", |a| (&a.it.name).into())
    .column("description", T::String, "", "What it is for.", |a| {
        (&a.it.description).into()
    })
    .column("image_url", T::String, "", "Its picture.", |a| {
        (&a.it.image_url).into()
    })
    .column(
        "achievement_count",
        T::Int64,
        "",
        "How often it was earned so far.",
        |a| (&a.it.achievement_count).into(),
    )
}
