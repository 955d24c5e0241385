//! `workouts`: one row a workout.

mod figures;
mod service;

use warehouse::schema::ColumnType as T;

use crate::transform::column::Value;
use crate::transform::definition::{Source, TableOf};
use crate::transform::workout::WorkoutRow;
use figures::{figures, series};
use service::{class, service};

pub(in crate::transform) enum Workouts {}

impl Source for Workouts {
    type Row<'a> = WorkoutRow<'a>;
}

pub(in crate::transform) fn definition() -> TableOf<Workouts> {
    let table = TableOf::<Workouts>::new(
        "workouts",
        "one workout",
        "Workouts of the own account and of followed members; a deletion at Peloton sets `deleted_at`.",
        &["id"],
        "id",
    );
    fetching(seconds(figures(series(class(service(moments(core(
        table,
    ))))))))
}

/// The columns of the Python project.
fn core(table: TableOf<Workouts>) -> TableOf<Workouts> {
    table
        .column("id", T::String, "", "Peloton's id; `csv-` and a digest for imported rows.", |w| {
            w.id.into()
        })
        .column("created_at", T::Int64, "s", "Epoch seconds when the record was created.", |w| {
            w.either(|w| &w.created_at).into()
        })
        .column("start_time", T::Int64, "s", "Epoch seconds of the start of the exercise.", |w| {
            w.either(|w| &w.start_time).into()
        })
        .column(
            "is_total_work_personal_record",
            T::Bool,
            "",
            "Whether its total work was the member's best for that length.",
            |w| w.either(|w| &w.is_total_work_personal_record).into(),
        )
        .column("status", T::String, "", "COMPLETE, IN_PROGRESS, …", |w| {
            w.either(|w| &w.status).into()
        })
        .column("total_work", T::Float64, "J", "Work as Peloton reports it; 0 without power. A rower's is not the sum of its seconds.", |w| {
            w.either(|w| &w.total_work).into()
        })
        .column("user_id", T::String, "", "Whose workout it is.", |w| w.user_id.into())
        .column(
            "v2_total_video_watch_time_seconds",
            T::Int64,
            "s",
            "How long the video was watched.",
            |w| w.either(|w| &w.v2_total_video_watch_time_seconds).into(),
        )
        .column(
            "leaderboard_rank",
            T::Int64,
            "",
            "Place by total output when fetched (`leaderboard_fetched_at`); NULL without a leaderboard.",
            |w| w.either(|w| &w.leaderboard_rank).into(),
        )
        .column("ride_id", T::String, "", "The class; NULL for freestyle workouts.", |w| {
            w.ride_id().into()
        })
        .column("ftp", T::Int64, "W", "FTP valid at the workout, as Peloton stores it; 0 if unset.", |w| {
            w.either(|w| &w.ftp_info).get().map(|info| Value::from(&info.ftp)).unwrap_or(Value::Null)
        })
}

fn moments(table: TableOf<Workouts>) -> TableOf<Workouts> {
    table
        .column(
            "created_ts",
            T::Timestamp,
            "",
            "`created_at` as an instant, UTC.",
            |w| Value::instant(w.either(|w| &w.created_at)),
        )
        .column(
            "start_ts",
            T::Timestamp,
            "",
            "`start_time` as an instant, UTC.",
            |w| Value::instant(w.either(|w| &w.start_time)),
        )
        .column(
            "end_ts",
            T::Timestamp,
            "",
            "End, UTC; NULL in progress and where Peloton has none.",
            |w| Value::instant(w.either(|w| &w.end_time)),
        )
        .column(
            "start_local",
            T::DateTime,
            "",
            "The member's wall clock at the start.",
            |w| w.times.start_local.into(),
        )
        .column(
            "start_date_local",
            T::Date,
            "",
            "The member's date at the start.",
            |w| w.times.start_local.map(|local| local.date()).into(),
        )
        .column(
            "timezone",
            T::String,
            "",
            "As Peloton names it; `Etc/GMT+4` is UTC−4.",
            |w| w.either(|w| &w.timezone).into(),
        )
        .column(
            "duration_s",
            T::Int64,
            "s",
            "From start to end; NULL without an end.",
            |w| w.times.duration_s.into(),
        )
        .column(
            "class_duration_s",
            T::Int64,
            "s",
            "Nominal length of the class, not the ridden time.",
            |w| w.figures.class_duration_s.into(),
        )
}

fn seconds(table: TableOf<Workouts>) -> TableOf<Workouts> {
    table
        .column(
            "seconds_expected",
            T::Int64,
            "s",
            "Last − first + 1 of the time axis; NULL for a workout without metrics.",
            |w| w.completeness.expected.into(),
        )
        .column(
            "seconds_recorded",
            T::Int64,
            "s",
            "Rows of `workout_stats`.",
            |w| w.completeness.recorded.into(),
        )
        .column(
            "seconds_missing",
            T::Int64,
            "s",
            "Expected less recorded.",
            |w| w.completeness.missing.into(),
        )
}

fn fetching(table: TableOf<Workouts>) -> TableOf<Workouts> {
    table
        .column(
            "origin",
            T::String,
            "",
            "Where the row is from: `api`, `csv`, an importing service.",
            |w| w.origin.into(),
        )
        .column(
            "fetched_at",
            T::Timestamp,
            "",
            "When the newest of its answers was fetched, UTC.",
            |w| w.fetched.newest().into(),
        )
        .column(
            "leaderboard_fetched_at",
            T::Timestamp,
            "",
            "When the ranks were fetched, UTC.",
            |w| w.fetched.detail.into(),
        )
        .column(
            "graph_fetched_at",
            T::Timestamp,
            "",
            "When the seconds were fetched, UTC.",
            |w| w.fetched.graph.into(),
        )
        .column(
            "deleted_at",
            T::Timestamp,
            "",
            "When it was found gone from Peloton's list, UTC.",
            |w| w.deleted_at.into(),
        )
}
