//! Workouts from the downloaded CSV, unless Peloton's API has brought the same workout.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use anyhow::Result;

use super::bodies::Bodies;
use crate::archive::Index;
use crate::transform::{ImportedWorkout, Rows};
use crate::workout_history::{self, HistoryWorkout};

/// Whose workouts the file has while nobody has logged in.
pub(super) const LOCAL_USER: &str = "local";
/// Farther apart than this, two workouts of a discipline are two workouts.
pub(super) const SAME_WITHIN_S: i64 = 90;

/// Adds the rows of all imports that no workout of the API replaces.
pub(super) fn add(index: &Index, bodies: &mut Bodies, rows: &mut Rows) -> Result<()> {
    let user_id = index.own.as_deref().unwrap_or(LOCAL_USER);
    let mut imported = BTreeMap::new();
    each(index, bodies, |workout, fetched_at| {
        imported
            .entry(workout.id(user_id))
            .or_insert((workout, fetched_at));
    })?;
    let replaced = replaced(index, user_id, &imported);
    for (id, (workout, imported_at)) in imported {
        if !replaced.contains(&id) {
            rows.csv_workout(&row(id, user_id, workout, imported_at));
        }
    }
    Ok(())
}

/// The ids that the rows of all imports have, or had before the first login.
pub(super) fn ids(index: &Index, bodies: &mut Bodies) -> Result<BTreeSet<String>> {
    let users: Vec<&str> = index
        .own
        .as_deref()
        .into_iter()
        .chain([LOCAL_USER])
        .collect();
    let mut ids = BTreeSet::new();
    each(index, bodies, |workout, _| {
        ids.extend(users.iter().map(|user_id| workout.id(user_id)));
    })?;
    Ok(ids)
}

fn each(
    index: &Index,
    bodies: &mut Bodies,
    mut visit: impl FnMut(HistoryWorkout, jiff::Timestamp),
) -> Result<()> {
    for slot in index.imports.values() {
        let Some(body) = bodies.of(slot)? else {
            continue;
        };
        for workout in workout_history::read(&body.text)?.0 {
            visit(workout, body.fetched_at);
        }
    }
    Ok(())
}

type Imported = BTreeMap<String, (HistoryWorkout, jiff::Timestamp)>;

/// Imported workouts that the API has too: one to one, the nearest pairs first.
fn replaced(index: &Index, user_id: &str, imported: &Imported) -> HashSet<String> {
    let own = by_time(index, user_id);
    let mut pairs = BTreeSet::new();
    for (id, (workout, _)) in imported {
        let start = workout.start.as_second();
        let discipline = workout.discipline.as_str();
        let (from, to) = (start - SAME_WITHIN_S, start + SAME_WITHIN_S);
        let near = own.range((discipline, from, "")..(discipline, to + 1, ""));
        for (_, time, other_id) in near {
            pairs.insert((time.abs_diff(start), id, *other_id));
        }
    }
    let (mut replaced, mut taken) = (HashSet::new(), HashSet::new());
    for (_, id, other_id) in pairs {
        if !replaced.contains(id) && taken.insert(other_id) {
            replaced.insert(id.clone());
        }
    }
    replaced
}

/// A member's workouts by discipline and by each of their two times.
fn by_time<'a>(index: &'a Index, user_id: &str) -> BTreeSet<(&'a str, i64, &'a str)> {
    let own = index.workouts.iter();
    let own = own.filter(|(_, workout)| workout.user_id == user_id);
    own.flat_map(|(id, workout)| {
        let times = [workout.created, workout.start].into_iter().flatten();
        times.map(|time| (workout.discipline.as_str(), time, id.as_str()))
    })
    .collect()
}

fn row(
    id: String,
    user_id: &str,
    workout: HistoryWorkout,
    imported_at: jiff::Timestamp,
) -> ImportedWorkout {
    ImportedWorkout {
        id,
        user_id: user_id.into(),
        created_at: Some(workout.start.as_second()),
        start_local: Some(workout.start_local),
        timezone: Some(workout.timezone),
        discipline: Some(workout.discipline),
        class_type: workout.class_type,
        title: workout.title,
        instructor_name: workout.instructor_name,
        class_time: workout.class_time.map(|time| time.as_second()),
        is_live: workout.is_live,
        duration: workout.length_minutes.map(seconds),
        total_work: workout.total_work,
        distance_m: workout.distance_m,
        calories_kcal: workout.calories_kcal,
        avg_output: workout.avg_output,
        avg_resistance: workout.avg_resistance,
        avg_cadence: workout.avg_cadence,
        avg_speed: workout.avg_speed,
        avg_pace: workout.avg_pace,
        avg_heart_rate: workout.avg_heart_rate,
        avg_incline: workout.avg_incline,
        imported_at: Some(imported_at),
    }
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "a file's minutes, far below the range"
)]
fn seconds(minutes: f64) -> i64 {
    (minutes * 60.0).round() as i64
}
