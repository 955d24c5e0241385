//! What was done, on what, and in which class.

use warehouse::schema::ColumnType as T;

use super::Workouts;
use crate::transform::column::Value;
use crate::transform::definition::TableOf;

pub(super) fn service(table: TableOf<Workouts>) -> TableOf<Workouts> {
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

pub(super) fn class(table: TableOf<Workouts>) -> TableOf<Workouts> {
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
