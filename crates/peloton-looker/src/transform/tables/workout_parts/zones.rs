use peloton_api::models::{PerformanceGraph, Zone};
use warehouse::schema::ColumnType as T;

use crate::transform::column::Value;
use crate::transform::definition::{Source, TableOf};
use crate::transform::rows::{Report, Rows};
use crate::transform::series::{AllSeries, Kind};
use crate::transform::workout::WorkoutRow;
use crate::transform::zones::number;

pub(in crate::transform) enum Zones {}

impl Source for Zones {
    type Row<'a> = ZoneRow<'a>;
}

/// Time in one zone.
#[derive(Debug)]
pub(in crate::transform) struct ZoneRow<'a> {
    workout_id: &'a str,
    number: i64,
    zone: Option<&'a Zone>,
    seconds: Value<'a>,
}

/// Peloton's own zones of the heart rate; where the series has none, the times of the effort score.
pub(super) fn add(
    rows: &mut Rows,
    workout: &WorkoutRow<'_>,
    graph: Option<&PerformanceGraph>,
    series: &AllSeries<'_>,
) {
    let zones = series
        .get(Kind::HeartRate)
        .map(|series| &series.metric.zones);
    if let Some(zones) = zones.filter(|zones| !zones.is_empty()) {
        for zone in zones {
            let Some(number) = number(zone) else {
                let slug = zone.slug.as_deref().unwrap_or_default();
                let mut report = Report::new(&mut rows.problems, "workout_zones", workout.id);
                report.add("zone", format!("`{slug}` names no zone"));
                continue;
            };
            let seconds = (&zone.duration).into();
            let row = ZoneRow {
                workout_id: workout.id,
                number: number.into(),
                zone: Some(zone),
                seconds,
            };
            rows.tables
                .workout_zones
                .push(&row, workout.id, &mut rows.problems);
        }
        return;
    }
    let of_graph = graph.and_then(|graph| graph.effort_zones.get());
    let effort = of_graph.or_else(|| workout.either(|workout| &workout.effort_zones).get());
    let Some(durations) = effort.and_then(|effort| effort.heart_rate_zone_durations.get()) else {
        return;
    };
    for (number, seconds) in (1..).zip(durations.zones()) {
        let seconds = seconds.into();
        let row = ZoneRow {
            workout_id: workout.id,
            number,
            zone: None,
            seconds,
        };
        rows.tables
            .workout_zones
            .push(&row, workout.id, &mut rows.problems);
    }
}

pub(in crate::transform) fn definition() -> TableOf<Zones> {
    TableOf::<Zones>::new(
        "workout_zones",
        "time in one zone of one workout",
        "Peloton's heart-rate zones as it reports them with the workout.",
        &["workout_id", "kind", "zone"],
        "workout_id",
    )
    .column("workout_id", T::String, "", "The workout.", |z| {
        z.workout_id.into()
    })
    .column("kind", T::String, "", "`heart_rate`.", |_| {
        "heart_rate".into()
    })
    .column("zone", T::Int64, "", "1 to 5.", |z| z.number.into())
    .column(
        "low",
        T::Float64,
        "bpm",
        "Lowest heart rate of the zone; NULL where Peloton gives times only.",
        |z| z.zone.map_or(Value::Null, |zone| (&zone.min_value).into()),
    )
    .column(
        "high",
        T::Float64,
        "bpm",
        "Highest heart rate of the zone.",
        |z| z.zone.map_or(Value::Null, |zone| (&zone.max_value).into()),
    )
    .column("seconds", T::Int64, "s", "Time in the zone.", |z| {
        z.seconds.clone()
    })
}
