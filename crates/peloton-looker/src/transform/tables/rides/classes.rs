//! `rides`: one row a class.

use peloton_api::models::{Averages, Field, Ride};
use warehouse::schema::ColumnType as T;

use super::Class;
use crate::transform::column::Value;
use crate::transform::definition::{Source, TableOf};
use crate::transform::tables::first;

pub(in crate::transform) enum Rides {}

impl Source for Rides {
    type Row<'a> = Class<'a>;
}

impl<'a> Class<'a> {
    fn first<T>(&self, field: for<'x> fn(&'x Ride) -> &'x Field<T>) -> &'a Field<T> {
        first(self.rides.map(field))
    }

    /// Ratings and counts move daily: the newest count.
    fn newest<T>(&self, field: for<'x> fn(&'x Ride) -> &'x Field<T>) -> &'a Field<T> {
        first(self.counters.map(field))
    }

    fn average(&self, field: for<'x> fn(&'x Averages) -> &'x Field<f64>) -> Value<'a> {
        self.details
            .averages
            .get()
            .map_or(Value::Null, |averages| field(averages).into())
    }

    /// kJ that the class's bounds amount to.
    fn expected_output(&self) -> [Value<'a>; 2] {
        let metrics = self.details.target_class_metrics.get();
        let expected = metrics.and_then(|metrics| metrics.total_expected_output.get());
        expected.map_or([Value::Null, Value::Null], |expected| {
            [
                (&expected.expected_lower_output).into(),
                (&expected.expected_upper_output).into(),
            ]
        })
    }

    fn group_ids(&self) -> Option<String> {
        let group = self
            .rides
            .iter()
            .find(|ride| !ride.individual_instructor_ids.is_empty())?;
        Some(group.individual_instructor_ids.items.join(", "))
    }
}

pub(in crate::transform) fn definition() -> TableOf<Rides> {
    let table = TableOf::<Rides>::new(
        "rides",
        "one class of any discipline",
        "Classes that a workout took. Ratings and counts are as of `counters_fetched_at` and move daily at Peloton.",
        &["id"],
        "id",
    );
    fetching(averages(counters(kind(clock(core(table))))))
}

/// The columns of the Python project.
fn core(table: TableOf<Rides>) -> TableOf<Rides> {
    table
        .column(
            "id",
            T::String,
            "",
            "Peloton's id; a dashed UUID for Gym workouts.",
            |r| r.id.into(),
        )
        .column("description", T::String, "", "What it is about.", |r| {
            r.first(|r| &r.description).into()
        })
        .column("title", T::String, "", "Title.", |r| {
            r.first(|r| &r.title).into()
        })
        .column(
            "difficulty_estimate",
            T::Float64,
            "",
            "Difficulty, 0 to 10.",
            |r| r.newest(|r| &r.difficulty_estimate).into(),
        )
        .column("overall_estimate", T::Float64, "", "Rating, 0 to 1.", |r| {
            r.newest(|r| &r.overall_estimate).into()
        })
        .column("duration", T::Int64, "s", "Nominal length.", |r| {
            r.first(|r| &r.duration).into()
        })
        .column("fitness_discipline", T::String, "", "Discipline.", |r| {
            r.first(|r| &r.fitness_discipline).into()
        })
        .column("image_url", T::String, "", "Picture.", |r| {
            r.first(|r| &r.image_url).into()
        })
        .column(
            "instructor_id",
            T::String,
            "",
            "Instructor or group; NULL for scenic classes.",
            |r| r.first(|r| &r.instructor_id).into(),
        )
        .column("language", T::String, "", "Language.", |r| {
            r.first(|r| &r.language).into()
        })
        .column(
            "original_air_time",
            T::Int64,
            "s",
            "Epoch seconds of the first airing.",
            |r| r.first(|r| &r.original_air_time).into(),
        )
        .column(
            "overall_rating_avg",
            T::Float64,
            "",
            "Mean rating, 0 to 1.",
            |r| r.newest(|r| &r.overall_rating_avg).into(),
        )
        .column(
            "overall_rating_count",
            T::Int64,
            "",
            "Number of ratings.",
            |r| r.newest(|r| &r.overall_rating_count).into(),
        )
        .column("series_id", T::String, "", "Series.", |r| {
            r.first(|r| &r.series_id).into()
        })
}

fn clock(table: TableOf<Rides>) -> TableOf<Rides> {
    table
        .column(
            "original_air_ts",
            T::Timestamp,
            "",
            "`original_air_time` as an instant, UTC.",
            |r| Value::instant(r.first(|r| &r.original_air_time)),
        )
        .column("length", T::Int64, "s", "Length of the video.", |r| {
            r.first(|r| &r.length).into()
        })
        .column(
            "pedaling_start_offset",
            T::Int64,
            "s",
            "Video before the exercise starts.",
            |r| r.first(|r| &r.pedaling_start_offset).into(),
        )
        .column(
            "pedaling_end_offset",
            T::Int64,
            "s",
            "Where in the video the exercise ends.",
            |r| r.first(|r| &r.pedaling_end_offset).into(),
        )
        .column(
            "pedaling_duration",
            T::Int64,
            "s",
            "Length of the exercise.",
            |r| r.first(|r| &r.pedaling_duration).into(),
        )
}

fn kind(table: TableOf<Rides>) -> TableOf<Rides> {
    table
        .column(
            "fitness_discipline_display_name",
            T::String,
            "",
            "Its name for showing.",
            |r| r.first(|r| &r.fitness_discipline_display_name).into(),
        )
        .column(
            "individual_instructor_ids",
            T::String,
            "",
            "Instructors of a group, by commas.",
            |r| r.group_ids().into(),
        )
        .column("ride_type_id", T::String, "", "Main class type.", |r| {
            r.first(|r| &r.ride_type_id).into()
        })
        .column(
            "difficulty_level",
            T::String,
            "",
            "beginner, intermediate, …",
            |r| r.first(|r| &r.difficulty_level).into(),
        )
        .column(
            "content_provider",
            T::String,
            "",
            "`peloton`; `virtual_active` is scenic.",
            |r| r.first(|r| &r.content_provider).into(),
        )
        .column(
            "content_format",
            T::String,
            "",
            "`video` or `audio`.",
            |r| r.first(|r| &r.content_format).into(),
        )
        .column(
            "location",
            T::String,
            "",
            "Studio, or a place for scenic classes.",
            |r| r.first(|r| &r.location).into(),
        )
        .column("origin_locale", T::String, "", "Where it was made.", |r| {
            r.first(|r| &r.origin_locale).into()
        })
        .column(
            "is_archived",
            T::Bool,
            "",
            "Whether it is on demand.",
            |r| r.first(|r| &r.is_archived).into(),
        )
        .column(
            "is_explicit",
            T::Bool,
            "",
            "Whether words are explicit.",
            |r| r.first(|r| &r.is_explicit).into(),
        )
        .column(
            "is_outdoor",
            T::Bool,
            "",
            "Whether it is for outdoors.",
            |r| r.first(|r| &r.is_outdoor).into(),
        )
        .column(
            "is_favorite",
            T::Bool,
            "",
            "Whether the account bookmarked it.",
            |r| r.first(|r| &r.is_favorite).into(),
        )
        .column(
            "is_power_zone_class",
            T::Bool,
            "",
            "Whether it is by power zones.",
            |r| (&r.details.is_power_zone_class).into(),
        )
        .column(
            "is_ftp_test",
            T::Bool,
            "",
            "Whether it is an FTP test.",
            |r| (&r.details.is_ftp_test).into(),
        )
        .column(
            "has_pedaling_metrics",
            T::Bool,
            "",
            "Whether it has pedalling series.",
            |r| r.first(|r| &r.has_pedaling_metrics).into(),
        )
        .column(
            "is_fixed_distance",
            T::Bool,
            "",
            "Whether it goes by distance.",
            |r| r.first(|r| &r.is_fixed_distance).into(),
        )
        .column(
            "distance",
            T::Float64,
            "distance_unit",
            "Distance of such a class, as given.",
            |r| r.first(|r| &r.distance).into(),
        )
        .column("distance_unit", T::String, "", "Unit of `distance`.", |r| {
            r.first(|r| &r.distance_unit).into()
        })
}

fn counters(table: TableOf<Rides>) -> TableOf<Rides> {
    table
        .column(
            "difficulty_rating_avg",
            T::Float64,
            "",
            "Mean difficulty, 0 to 10.",
            |r| r.newest(|r| &r.difficulty_rating_avg).into(),
        )
        .column(
            "difficulty_rating_count",
            T::Int64,
            "",
            "Number of such votes.",
            |r| r.newest(|r| &r.difficulty_rating_count).into(),
        )
        .column(
            "total_ratings",
            T::Int64,
            "",
            "Number of ratings, older count.",
            |r| r.newest(|r| &r.total_ratings).into(),
        )
        .column(
            "total_workouts",
            T::Int64,
            "",
            "Workouts of all members; rounded when popular.",
            |r| r.newest(|r| &r.total_workouts).into(),
        )
        .column(
            "total_user_workouts",
            T::Int64,
            "",
            "Workouts of the account.",
            |r| r.newest(|r| &r.total_user_workouts).into(),
        )
        .column(
            "total_following_workouts",
            T::Int64,
            "",
            "Workouts of followed members.",
            |r| r.newest(|r| &r.total_following_workouts).into(),
        )
}

fn averages(table: TableOf<Rides>) -> TableOf<Rides> {
    table
        .column(
            "average_total_work_kj",
            T::Float64,
            "kJ",
            "Mean total output of all members.",
            |r| r.average(|a| &a.average_total_work),
        )
        .column(
            "average_output",
            T::Float64,
            "W",
            "Mean power of all members.",
            |r| r.average(|a| &a.average_avg_power),
        )
        .column(
            "average_cadence",
            T::Float64,
            "rpm",
            "Mean cadence of all members.",
            |r| r.average(|a| &a.average_avg_cadence),
        )
        .column(
            "average_resistance",
            T::Float64,
            "%",
            "Mean resistance of all members.",
            |r| r.average(|a| &a.average_avg_resistance),
        )
        .column(
            "average_calories",
            T::Float64,
            "kcal",
            "Mean energy of all members.",
            |r| r.average(|a| &a.average_calories),
        )
        .column(
            "expected_output_lower_kj",
            T::Float64,
            "kJ",
            "Total output at the lower bounds.",
            |r| {
                let [lower, _] = r.expected_output();
                lower
            },
        )
        .column(
            "expected_output_upper_kj",
            T::Float64,
            "kJ",
            "Total output at the upper bounds.",
            |r| {
                let [_, upper] = r.expected_output();
                upper
            },
        )
}

fn fetching(table: TableOf<Rides>) -> TableOf<Rides> {
    table
        .column(
            "details_fetched_at",
            T::Timestamp,
            "",
            "When plan and songs were fetched, UTC; NULL if never.",
            |r| r.details_fetched_at.into(),
        )
        .column(
            "counters_fetched_at",
            T::Timestamp,
            "",
            "When ratings and counts were fetched, UTC; a workout's detail brings them too.",
            |r| r.counters_fetched_at.into(),
        )
        .column(
            "fetched_at",
            T::Timestamp,
            "",
            "When the newest of its answers was fetched, UTC.",
            |r| r.fetched_at.into(),
        )
}
