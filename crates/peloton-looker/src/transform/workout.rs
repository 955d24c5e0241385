//! One workout: what its answers say together, and the rows that follow from it.

use jiff::{Timestamp, civil};
use peloton_api::models::{Field, Int, PerformanceGraph, Ride, Workout};

use super::bundle::{Answer, ImportedWorkout, WorkoutAnswers};
use super::inline::is_placeholder;
use super::rows::{Report, Rows};
use super::seconds::{Completeness, Recording};
use super::series::{AllSeries, Kind, PerKind, averages, bests, count, total};
use super::tables;
use super::time::{Clock, Zones};
use super::units::{Quantity, miles_to_metres};

/// What a row of `workouts` is made from.
#[derive(Debug)]
pub(super) struct WorkoutRow<'a> {
    pub(super) id: &'a str,
    pub(super) user_id: &'a str,
    pub(super) detail: &'a Workout,
    /// Detail and list row, the one that was fetched later first.
    pub(super) newest_first: [&'a Workout; 2],
    pub(super) times: Times,
    pub(super) figures: Figures,
    pub(super) completeness: Completeness,
    /// `api`, `csv`, or the service that brought it to Peloton.
    pub(super) origin: &'a str,
    pub(super) fetched: Fetched,
    pub(super) deleted_at: Option<Timestamp>,
    /// What only the exported CSV says.
    pub(super) imported: Option<&'a ImportedWorkout>,
}

/// When the answers were fetched.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Fetched {
    pub(super) list_row: Option<Timestamp>,
    pub(super) detail: Option<Timestamp>,
    pub(super) graph: Option<Timestamp>,
}

impl Fetched {
    pub(super) fn newest(self) -> Option<Timestamp> {
        self.list_row.max(self.detail).max(self.graph)
    }
}

/// The moments of a workout.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Times {
    pub(super) start_local: Option<civil::DateTime>,
    /// UTC date of the start.
    pub(super) start_date: Option<civil::Date>,
    /// s from start to end.
    pub(super) duration_s: Option<i64>,
}

/// Totals and averages in our units.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Figures {
    pub(super) distance_m: Option<f64>,
    pub(super) calories_kcal: Option<f64>,
    pub(super) elevation_gain_m: Option<f64>,
    pub(super) stroke_count: Option<f64>,
    pub(super) effort_points: Option<f64>,
    pub(super) averages: PerKind,
    pub(super) bests: PerKind,
    pub(super) heart_rate_missing_s: Option<i64>,
    pub(super) class_duration_s: Option<i64>,
}

impl<'a> WorkoutRow<'a> {
    /// A field that detail and list row share: of the newer answer, else of the other.
    pub(super) fn either<T>(&self, field: for<'x> fn(&'x Workout) -> &'x Field<T>) -> &'a Field<T> {
        tables::first(self.newest_first.map(field))
    }

    /// The class, wherever the request's joins put it.
    pub(super) fn ride(&self) -> Option<&'a Ride> {
        let [first, second] = self.newest_first;
        let own = |workout: &'a Workout| workout.ride.get();
        let aired = |workout: &'a Workout| workout.peloton.get()?.ride.get();
        let detail = own(self.detail).or_else(|| aired(self.detail));
        detail
            .or_else(|| own(first))
            .or_else(|| own(second))
            .or_else(|| aired(first))
            .or_else(|| aired(second))
    }

    /// The class's id; the placeholder of freestyle workouts is none.
    pub(super) fn ride_id(&self) -> Option<&'a str> {
        let airing = || {
            self.either(|workout| &workout.peloton)
                .get()?
                .ride_id
                .as_deref()
        };
        let id = self
            .ride()
            .and_then(|ride| ride.id.as_deref())
            .or_else(airing);
        id.filter(|id| !is_placeholder(id))
    }

    /// Titles are null for classes, so the class's counts first; without a class the workout's own does.
    pub(super) fn title(&self) -> Option<&'a str> {
        let ride = self.ride().and_then(|ride| text(&ride.title));
        let own = text(self.either(|workout| &workout.title));
        let name = text(self.either(|workout| &workout.name));
        match self.ride_id() {
            Some(_) => ride.or(own).or(name),
            None => own.or(ride).or(name),
        }
    }

    pub(super) fn instructor_id(&self) -> Option<&'a str> {
        let ride = self.ride()?;
        let joined = || ride.instructor.get()?.id.as_deref();
        ride.instructor_id
            .as_deref()
            .or_else(joined)
            .filter(|id| !id.is_empty())
    }

    /// Rank and size of the leaderboard, when there is one.
    pub(super) fn leaderboard_percentile(&self) -> Option<f64> {
        let rank = self.detail.leaderboard_rank.int()?;
        let users = self.detail.total_leaderboard_users.int()?;
        (1..=users)
            .contains(&rank)
            .then(|| 1.0 - (rank - 1) as f64 / users as f64)
    }
}

fn text(field: &Field<String>) -> Option<&str> {
    field.as_deref().filter(|text| !text.is_empty())
}

/// Reads the answers of a workout and appends its rows to all tables that it has a part in.
pub(super) fn add(rows: &mut Rows, answers: &WorkoutAnswers<'_>) {
    let mut report = Report::new(&mut rows.problems, "workouts", answers.id);
    let detail: Workout = report.read("detail", answers.detail).unwrap_or_default();
    let list_row: Workout = report
        .read("list_row", answers.list_row)
        .unwrap_or_default();
    let graph: Option<PerformanceGraph> = report.read("graph", answers.graph);
    let graph = graph.as_ref();
    check(answers.id, [&detail, &list_row], &mut report);

    let fetched_at = |answer: Option<Answer<'_>>| answer.map(|answer| answer.fetched_at);
    let mut row = WorkoutRow {
        id: answers.id,
        user_id: answers.user_id,
        detail: &detail,
        newest_first: match fetched_at(answers.list_row) > fetched_at(answers.detail) {
            true => [&list_row, &detail],
            false => [&detail, &list_row],
        },
        times: Times::default(),
        figures: Figures::default(),
        completeness: Completeness::default(),
        origin: "api",
        fetched: Fetched {
            list_row: fetched_at(answers.list_row),
            detail: fetched_at(answers.detail),
            graph: fetched_at(answers.graph),
        },
        deleted_at: answers.deleted_at,
        imported: None,
    };
    row.origin = origin(&row);
    row.times = times(&row, &rows.zones, &mut report);
    let series = graph
        .map(|graph| AllSeries::of(graph, &mut report))
        .unwrap_or_default();
    row.figures = figures(&row, graph, &series, &mut report);

    rows.tables
        .replace_workout(answers.id, answers.detail.is_some(), graph.is_some());
    if let Some(graph) = graph {
        let recording = Recording {
            workout_id: answers.id,
            start_date: row.times.start_date,
            is_counted: row.deleted_at.is_none() && is_complete(&row),
            graph,
            series: &series,
            pedaling_start_offset: row.ride().and_then(|ride| ride.pedaling_start_offset.int()),
            ftp: cycling_ftp(&row),
            store_locations: rows.options.store_locations,
        };
        let mut report = Report::new(&mut rows.problems, "workout_stats", answers.id);
        row.completeness = rows.tables.workout_stats.push(&recording, &mut report);
    }
    rows.tables
        .workouts
        .push(&row, answers.id, &mut rows.problems);
    tables::workout_parts::add(rows, &row, graph, &series);
}

/// Whether it was finished, by the same answer as the column `status`.
fn is_complete(row: &WorkoutRow<'_>) -> bool {
    row.either(|workout| &workout.status).as_deref() == Some("COMPLETE")
}

/// Devices that are services, and bring workouts from elsewhere.
const SERVICES: [&str; 2] = ["garmin", "apple_health"];

/// Workouts of other services come by Peloton's API too; the device names the service. Flags say so since
/// 2026; where there are none, the device alone does.
fn origin<'a>(row: &WorkoutRow<'a>) -> &'a str {
    let service = row.either(|w| &w.device_type).as_deref();
    let is_foreign = match (
        row.either(|w| &w.is_3p_fit_feed_workout).get(),
        row.either(|w| &w.is_peloton_originated_workout).get(),
    ) {
        (Some(true), _) | (_, Some(false)) => true,
        (None, None) => service.is_some_and(|service| SERVICES.contains(&service)),
        _ => false,
    };
    match service {
        _ if !is_foreign => "api",
        Some(service) => service,
        None => "import",
    }
}

/// Appends a workout that only the exported CSV knows.
pub(super) fn add_imported(rows: &mut Rows, imported: &ImportedWorkout) {
    let int = |value: Option<i64>| Field::from(value.map(Int));
    let workout = Workout {
        created_at: int(imported.created_at),
        start_time: int(imported.created_at),
        status: Field::Value("COMPLETE".into()),
        fitness_discipline: imported.discipline.clone().into(),
        timezone: imported.timezone.clone().into(),
        title: imported.title.clone().into(),
        total_work: imported.total_work.into(),
        ..Workout::default()
    };
    let started = imported
        .created_at
        .and_then(|seconds| Timestamp::from_second(seconds).ok());
    let row = WorkoutRow {
        id: &imported.id,
        user_id: &imported.user_id,
        detail: &workout,
        newest_first: [&workout, &workout],
        times: Times {
            start_local: imported.start_local,
            start_date: started.map(utc_date),
            duration_s: None,
        },
        figures: imported_figures(imported),
        completeness: Completeness::default(),
        origin: "csv",
        fetched: Fetched {
            list_row: imported.imported_at,
            ..Fetched::default()
        },
        deleted_at: None,
        imported: Some(imported),
    };
    // A file has nothing but the row.
    rows.tables.workouts.replace(&imported.id, true);
    rows.tables
        .workouts
        .push(&row, &imported.id, &mut rows.problems);
}

fn imported_figures(imported: &ImportedWorkout) -> Figures {
    let mut averages = PerKind::default();
    averages.set(Kind::Output, imported.avg_output);
    averages.set(Kind::Cadence, imported.avg_cadence);
    averages.set(Kind::Resistance, imported.avg_resistance);
    averages.set(Kind::Speed, imported.avg_speed);
    averages.set(Kind::Pace, imported.avg_pace);
    averages.set(Kind::HeartRate, imported.avg_heart_rate);
    averages.set(Kind::Incline, imported.avg_incline);
    Figures {
        distance_m: imported.distance_m,
        calories_kcal: imported.calories_kcal,
        averages,
        class_duration_s: imported.duration,
        ..Figures::default()
    }
}

/// Reports answers about another workout.
fn check(id: &str, answers: [&Workout; 2], report: &mut Report<'_>) {
    for workout in answers {
        if let Some(other) = workout.id.as_deref().filter(|other| *other != id) {
            report.add("id", format!("the answer is about workout `{other}`"));
        }
    }
}

fn times(row: &WorkoutRow<'_>, zones: &Zones, report: &mut Report<'_>) -> Times {
    let start = row.either(|workout| &workout.start_time).int();
    let created = row.either(|workout| &workout.created_at).int();
    let end = row.either(|workout| &workout.end_time).int();
    let duration_s = start
        .zip(end)
        .and_then(|(start, end)| end.checked_sub(start));
    if let Some(negative) = duration_s.filter(|duration| *duration < 0) {
        report.add(
            "end_time",
            format!("ends {} s before it starts", negative.unsigned_abs()),
        );
    }
    let started = start
        .or(created)
        .and_then(|seconds| Timestamp::from_second(seconds).ok());
    let timezone = row.either(|workout| &workout.timezone).as_deref();
    let device_time = row.either(|workout| &workout.device_time_created_at).int();
    let clock = Clock {
        timezone,
        created_at: created,
        device_time_created_at: device_time,
    };
    let (start_local, problem) =
        started.map_or((None, None), |started| zones.local(started, clock));
    if let Some(problem) = problem {
        report.add("timezone", problem);
    }
    Times {
        start_local,
        start_date: started.map(utc_date),
        duration_s: duration_s.filter(|duration| *duration >= 0),
    }
}

fn utc_date(instant: Timestamp) -> civil::Date {
    jiff::tz::TimeZone::UTC.to_datetime(instant).date()
}

fn figures(
    row: &WorkoutRow<'_>,
    graph: Option<&PerformanceGraph>,
    series: &AllSeries<'_>,
    report: &mut Report<'_>,
) -> Figures {
    let list_distance = row.either(|workout| &workout.distance);
    let list_calories = row.either(|workout| &workout.calories);
    let list_effort = row.either(|workout| &workout.effort_zones);
    let points = |zones: &Field<peloton_api::models::EffortZones>| {
        zones
            .get()
            .and_then(|zones| zones.total_effort_points.float())
    };
    let ride_duration = row.ride().and_then(|ride| ride.duration.int());
    let Some(graph) = graph else {
        return Figures {
            distance_m: list_distance.float().map(miles_to_metres),
            calories_kcal: list_calories.float(),
            effort_points: points(list_effort),
            class_duration_s: ride_duration,
            ..Figures::default()
        };
    };
    let has = |slug: &str| {
        graph
            .summaries
            .iter()
            .any(|summary| summary.slug.as_deref() == Some(slug))
    };
    // The list's distance has no unit (miles in every case known) and other digits: only where the
    // graph gives none.
    let distance_m = match has("distance") {
        true => total(graph, "distance", Quantity::Length, report),
        false => list_distance.float().map(miles_to_metres),
    };
    let calories = total(graph, "calories", Quantity::Energy, report)
        .or_else(|| total(graph, "total_calories", Quantity::Energy, report));
    Figures {
        distance_m,
        calories_kcal: calories.or_else(|| list_calories.float()),
        elevation_gain_m: total(graph, "elevation", Quantity::Length, report),
        stroke_count: count(graph, "stroke_count"),
        effort_points: points(&graph.effort_zones).or_else(|| points(list_effort)),
        averages: averages(graph, series, report),
        bests: bests(series),
        heart_rate_missing_s: series
            .get(Kind::HeartRate)
            .and_then(|series| series.metric.missing_data_duration.int()),
        class_duration_s: graph.duration.int().or(ride_duration),
    }
}

/// The FTP is one of cycling: the watts of a tread or a rower have no zones by it.
fn cycling_ftp(row: &WorkoutRow<'_>) -> Option<i64> {
    let discipline = row.either(|workout| &workout.fitness_discipline).as_deref();
    let is_cycling = matches!(discipline, Some("cycling" | "bike_bootcamp"));
    let ftp = row.either(|workout| &workout.ftp_info).get()?.ftp.int()?;
    (is_cycling && ftp > 0).then_some(ftp)
}
