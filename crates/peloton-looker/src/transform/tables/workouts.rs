//! `workouts`: one row a workout.

use warehouse::schema::ColumnType as T;

use crate::transform::column::Value;
use crate::transform::definition::{Source, TableOf};
use crate::transform::series::Kind;
use crate::transform::workout::WorkoutRow;

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
        .column("total_work", T::Float64, "J", "Work as Peloton reports it; 0 without power.", |w| {
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

fn service(table: TableOf<Workouts>) -> TableOf<Workouts> {
    table
        .column(
            "discipline",
            T::String,
            "",
            "cycling, running, caesar (row), strength, …",
            |w| w.either(|w| &w.fitness_discipline).into(),
        )
        .column(
            "workout_type",
            T::String,
            "",
            "class, scenic, freestyle.",
            |w| w.either(|w| &w.workout_type).into(),
        )
        .column(
            "metrics_type",
            T::String,
            "",
            "Which series the workout has.",
            |w| w.either(|w| &w.metrics_type).into(),
        )
        .column(
            "platform",
            T::String,
            "",
            "home_bike, home_tread, iOS_app, …",
            |w| w.either(|w| &w.platform).into(),
        )
        .column(
            "device_type",
            T::String,
            "",
            "The screen, not the instrument.",
            |w| w.either(|w| &w.device_type).into(),
        )
        .column(
            "device",
            T::String,
            "",
            "Name of the device for showing: Bike, Tread, App.",
            |w| w.either(|w| &w.device_type_display_name).into(),
        )
        .column(
            "is_outdoor",
            T::Bool,
            "",
            "Whether it was outdoors; NULL before 2022.",
            |w| w.either(|w| &w.is_outdoor).into(),
        )
        .column(
            "has_pedaling_metrics",
            T::Bool,
            "",
            "Whether it has pedalling series.",
            |w| w.either(|w| &w.has_pedaling_metrics).into(),
        )
        .column(
            "has_leaderboard_metrics",
            T::Bool,
            "",
            "Whether it counts on the leaderboard.",
            |w| w.either(|w| &w.has_leaderboard_metrics).into(),
        )
        .column(
            "is_splits_personal_record",
            T::Bool,
            "",
            "Whether a split was the best so far.",
            |w| w.either(|w| &w.is_splits_personal_record).into(),
        )
        .column(
            "is_peloton_originated_workout",
            T::Bool,
            "",
            "False for imports by Peloton.",
            |w| w.either(|w| &w.is_peloton_originated_workout).into(),
        )
        .column(
            "is_3p_fit_feed_workout",
            T::Bool,
            "",
            "Whether another service sent it to Peloton.",
            |w| w.either(|w| &w.is_3p_fit_feed_workout).into(),
        )
        .column(
            "has_paused",
            T::Bool,
            "",
            "Whether the member paused.",
            |w| w.either(|w| &w.has_paused).into(),
        )
        .column("pause_time_elapsed", T::Float64, "s", "Time paused.", |w| {
            w.either(|w| &w.pause_time_elapsed).into()
        })
        .column(
            "strava_id",
            T::String,
            "",
            "Activity at Strava; `-1` for a failed post.",
            |w| w.either(|w| &w.strava_id).into(),
        )
        .column("fitbit_id", T::String, "", "Activity at Fitbit.", |w| {
            w.either(|w| &w.fitbit_id).into()
        })
        .column(
            "total_video_watch_time_seconds",
            T::Int64,
            "s",
            "Older count of watched video.",
            |w| w.either(|w| &w.total_video_watch_time_seconds).into(),
        )
        .column(
            "total_music_audio_play_seconds",
            T::Int64,
            "s",
            "How long music was played.",
            |w| w.either(|w| &w.total_music_audio_play_seconds).into(),
        )
}

fn class(table: TableOf<Workouts>) -> TableOf<Workouts> {
    table
        .column(
            "title",
            T::String,
            "",
            "The class's title, else the workout's, else its name.",
            |w| w.title().into(),
        )
        .column(
            "name",
            T::String,
            "",
            "Generic name: Cycling Workout.",
            |w| w.either(|w| &w.name).into(),
        )
        .column(
            "peloton_id",
            T::String,
            "",
            "The airing of the class, not the class.",
            |w| {
                let id = w.either(|w| &w.peloton_id);
                if id.as_deref() == Some("") {
                    Value::Null
                } else {
                    id.into()
                }
            },
        )
        .column(
            "instructor_id",
            T::String,
            "",
            "Instructor of the class; NULL for scenic ones.",
            |w| w.instructor_id().into(),
        )
        .column(
            "instructor_name",
            T::String,
            "",
            "Instructor as joined to the class or in the CSV.",
            |w| {
                let joined = || w.ride()?.instructor.get()?.name.as_deref();
                let imported = || w.imported?.instructor_name.as_deref();
                joined().or_else(imported).into()
            },
        )
        .column(
            "class_type",
            T::String,
            "",
            "Type in the exported CSV; NULL for synced workouts.",
            |w| {
                w.imported
                    .and_then(|imported| imported.class_type.as_deref())
                    .into()
            },
        )
        .column(
            "is_live",
            T::Bool,
            "",
            "Live or on demand in the exported CSV; NULL for synced workouts.",
            |w| w.imported.and_then(|imported| imported.is_live).into(),
        )
        .column(
            "class_ts",
            T::Timestamp,
            "",
            "First airing of the class in the exported CSV, UTC.",
            |w| {
                let seconds = w.imported.and_then(|imported| imported.class_time);
                seconds
                    .and_then(|seconds| jiff::Timestamp::from_second(seconds).ok())
                    .into()
            },
        )
}

/// Averages and best values, as Peloton reports them.
fn series(table: TableOf<Workouts>) -> TableOf<Workouts> {
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

fn figures(table: TableOf<Workouts>) -> TableOf<Workouts> {
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
