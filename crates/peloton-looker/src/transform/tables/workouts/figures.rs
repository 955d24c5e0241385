//! Averages, best values, totals, ranks.

use warehouse::schema::ColumnType as T;

use super::Workouts;
use crate::transform::column::Value;
use crate::transform::definition::TableOf;
use crate::transform::series::Kind;
use crate::transform::workout::WorkoutRow;

/// Averages and best values, as Peloton reports them.
pub(super) fn series(table: TableOf<Workouts>) -> TableOf<Workouts> {
    table
        .column("avg_output", T::Float64, "W", "Mean power.", |w| {
            average(w, Kind::Output)
        })
        .column("best_output", T::Float64, "W", "Highest power.", |w| {
            best(w, Kind::Output)
        })
        .column("avg_cadence", T::Float64, "rpm", "Mean cadence.", |w| {
            average(w, Kind::Cadence)
        })
        .column("best_cadence", T::Float64, "rpm", "Highest cadence.", |w| {
            best(w, Kind::Cadence)
        })
        .column("avg_resistance", T::Float64, "%", "Mean resistance.", |w| {
            average(w, Kind::Resistance)
        })
        .column(
            "best_resistance",
            T::Float64,
            "%",
            "Highest resistance.",
            |w| best(w, Kind::Resistance),
        )
        .column("avg_speed", T::Float64, "mph", "Mean speed.", |w| {
            average(w, Kind::Speed)
        })
        .column("best_speed", T::Float64, "mph", "Highest speed.", |w| {
            best(w, Kind::Speed)
        })
        .column(
            "avg_pace",
            T::Float64,
            "min/mile",
            "Mean pace; NULL without distance.",
            |w| average(w, Kind::Pace),
        )
        .column(
            "best_pace",
            T::Float64,
            "min/mile",
            "Best, that is smallest, pace.",
            |w| best(w, Kind::Pace),
        )
        .column(
            "avg_heart_rate",
            T::Float64,
            "bpm",
            "Mean heart rate.",
            |w| average(w, Kind::HeartRate),
        )
        .column(
            "best_heart_rate",
            T::Float64,
            "bpm",
            "Highest heart rate.",
            |w| best(w, Kind::HeartRate),
        )
        .column(
            "avg_stroke_rate",
            T::Float64,
            "spm",
            "Mean stroke rate.",
            |w| average(w, Kind::StrokeRate),
        )
        .column(
            "best_stroke_rate",
            T::Float64,
            "spm",
            "Highest stroke rate.",
            |w| best(w, Kind::StrokeRate),
        )
        .column(
            "avg_split_pace",
            T::Float64,
            "min/500 m",
            "Mean rowing pace.",
            |w| average(w, Kind::SplitPace),
        )
        .column(
            "best_split_pace",
            T::Float64,
            "min/500 m",
            "Best, that is smallest, rowing pace.",
            |w| best(w, Kind::SplitPace),
        )
        .column("avg_incline", T::Float64, "%", "Mean incline.", |w| {
            average(w, Kind::Incline)
        })
        .column("best_incline", T::Float64, "%", "Steepest incline.", |w| {
            best(w, Kind::Incline)
        })
}

fn average<'a>(workout: &WorkoutRow<'_>, kind: Kind) -> Value<'a> {
    workout.figures.averages.get(kind).into()
}

fn best<'a>(workout: &WorkoutRow<'_>, kind: Kind) -> Value<'a> {
    workout.figures.bests.get(kind).into()
}

pub(super) fn figures(table: TableOf<Workouts>) -> TableOf<Workouts> {
    table
        .column(
            "distance_m",
            T::Float64,
            "m",
            "Distance; of the list (miles) only without a graph's.",
            |w| w.figures.distance_m.into(),
        )
        .column(
            "calories_kcal",
            T::Float64,
            "kcal",
            "Energy as Peloton estimates it.",
            |w| w.figures.calories_kcal.into(),
        )
        .column(
            "elevation_gain_m",
            T::Float64,
            "m",
            "Metres climbed.",
            |w| w.figures.elevation_gain_m.into(),
        )
        .column(
            "stroke_count",
            T::Float64,
            "",
            "Strokes of the rower.",
            |w| w.figures.stroke_count.into(),
        )
        .column(
            "effort_points",
            T::Float64,
            "",
            "Peloton's effort score.",
            |w| w.figures.effort_points.into(),
        )
        .column(
            "average_effort_score",
            T::Float64,
            "",
            "Not the member's own; probably the class's mean.",
            |w| w.either(|w| &w.average_effort_score).into(),
        )
        .column(
            "heart_rate_missing_s",
            T::Int64,
            "s",
            "Class length less time in zones; may be negative.",
            |w| w.figures.heart_rate_missing_s.into(),
        )
        .column(
            "total_leaderboard_users",
            T::Int64,
            "",
            "Members on the leaderboard when fetched.",
            |w| w.either(|w| &w.total_leaderboard_users).into(),
        )
        .column(
            "leaderboard_percentile",
            T::Float64,
            "",
            "Share of the leaderboard at or below: 1 − (rank − 1) / users; 1 is first.",
            |w| w.leaderboard_percentile().into(),
        )
        .column(
            "leaderboard_distance_rank",
            T::Int64,
            "",
            "Place by distance when fetched.",
            |w| w.either(|w| &w.leaderboard_distance_rank).into(),
        )
        .column(
            "total_leaderboard_distance_users",
            T::Int64,
            "",
            "Members on that leaderboard.",
            |w| w.either(|w| &w.total_leaderboard_distance_users).into(),
        )
        .column(
            "ftp_source",
            T::String,
            "",
            "ftp_manual_source, ftp_workout_source, …",
            |w| {
                w.either(|w| &w.ftp_info)
                    .get()
                    .map(|info| Value::from(&info.ftp_source))
                    .unwrap_or(Value::Null)
            },
        )
        .column(
            "ftp_workout_id",
            T::String,
            "",
            "The test that the FTP was measured in.",
            |w| {
                w.either(|w| &w.ftp_info)
                    .get()
                    .map(|info| Value::from(&info.ftp_workout_id))
                    .unwrap_or(Value::Null)
            },
        )
}
