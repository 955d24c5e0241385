//! What hangs on a workout: segments, splits, movements, achievements, zones, muscle groups, FTP.

mod achievements;
mod ftp_history;
mod movements;
mod muscle_groups;
mod splits;
mod zones;

use peloton_api::models::PerformanceGraph;

use crate::transform::rows::Rows;
use crate::transform::series::AllSeries;
use crate::transform::tables::segments;
use crate::transform::workout::WorkoutRow;

pub(in crate::transform) use achievements::{Achievements, definition as achievements};
pub(in crate::transform) use ftp_history::{FtpHistory, definition as ftp_history};
pub(in crate::transform) use movements::{Movements, definition as movements};
pub(in crate::transform) use muscle_groups::{MuscleGroups, definition as muscle_groups};
pub(in crate::transform) use splits::{Splits, definition as splits};
pub(in crate::transform) use zones::{Zones, definition as zones};

/// Appends the parts of one workout.
pub(in crate::transform) fn add(
    rows: &mut Rows,
    workout: &WorkoutRow<'_>,
    graph: Option<&PerformanceGraph>,
    series: &AllSeries<'_>,
) {
    achievements::add(rows, workout);
    ftp_history::add(rows, workout);
    movements::add(rows, workout);
    zones::add(rows, workout, graph, series);
    if let Some(graph) = graph {
        muscle_groups::add(rows, workout, graph);
        segments::add_of_workout(rows, workout.id, graph);
        splits::add(rows, workout, graph);
    }
}

/// One element of a list of a workout.
#[derive(Debug)]
pub(in crate::transform) struct Part<'a, T> {
    workout_id: &'a str,
    /// From 1, as it came.
    position: i64,
    it: &'a T,
}

fn parts<'a, T: 'a>(
    workout_id: &'a str,
    list: impl IntoIterator<Item = &'a T>,
) -> impl Iterator<Item = Part<'a, T>> {
    (1..).zip(list).map(move |(position, it)| Part {
        workout_id,
        position,
        it,
    })
}
