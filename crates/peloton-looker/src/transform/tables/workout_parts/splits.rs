use peloton_api::models::{PerformanceGraph, Split, SplitMetrics};
use warehouse::schema::ColumnType as T;

use crate::transform::column::Value;
use crate::transform::definition::{Source, TableOf};
use crate::transform::rows::{Report, Rows};
use crate::transform::units::Quantity;
use crate::transform::workout::WorkoutRow;

pub(in crate::transform) enum Splits {}

impl Source for Splits {
    type Row<'a> = SplitRow<'a>;
}

/// One split of either of the two lists that Peloton gives, or of both.
#[derive(Debug)]
pub(in crate::transform) struct SplitRow<'a> {
    workout_id: &'a str,
    position: i64,
    split: Option<&'a Split>,
    distance_unit: Option<&'a str>,
    elevation_unit: Option<&'a str>,
    metrics: Option<&'a SplitMetrics>,
}

pub(super) fn add(rows: &mut Rows, workout: &WorkoutRow<'_>, graph: &PerformanceGraph) {
    let data = graph.splits_data.get();
    let splits = data.map_or(&[][..], |data| &data.splits.items);
    let metrics = graph
        .splits_metrics
        .get()
        .map_or(&[][..], |metrics| &metrics.metrics.items);
    if !splits.is_empty() && !metrics.is_empty() && splits.len() != metrics.len() {
        let text = format!(
            "{} splits, but figures of {}; joined by place",
            splits.len(),
            metrics.len()
        );
        Report::new(&mut rows.problems, "workout_splits", workout.id).add("position", text);
    }
    for index in 0..splits.len().max(metrics.len()) {
        let row = SplitRow {
            workout_id: workout.id,
            position: index as i64 + 1,
            split: splits.get(index),
            distance_unit: data.and_then(|data| data.distance_marker_display_unit.as_deref()),
            elevation_unit: data.and_then(|data| data.elevation_change_display_unit.as_deref()),
            metrics: metrics.get(index),
        };
        rows.tables
            .workout_splits
            .push(&row, workout.id, &mut rows.problems);
    }
}

impl<'a> SplitRow<'a> {
    /// A length in the unit that stands beside the list.
    fn length(value: Option<f64>, unit: Option<&'a str>) -> Value<'a> {
        let Some(value) = value else {
            return Value::Null;
        };
        match Quantity::Length.conversion_from(unit) {
            Some(conversion) => conversion.apply(value).into(),
            None => Value::Unreadable(format!("{value} in `{}`", unit.unwrap_or_default()).into()),
        }
    }

    /// A cell of the newer list, with its unit.
    fn cell(&self, slug: &str) -> Option<(f64, Option<&'a str>)> {
        let metrics = self.metrics?;
        let cell = metrics
            .data
            .iter()
            .find(|cell| cell.slug.as_deref() == Some(slug))?;
        Some((cell.value.float()?, cell.unit.as_deref()))
    }

    fn distance_m(&self) -> Value<'a> {
        if let Some(split) = self.split {
            return Self::length(split.distance_marker.float(), self.distance_unit);
        }
        let cell = ["mi", "km", "meter"]
            .into_iter()
            .find_map(|slug| self.cell(slug));
        cell.map_or(Value::Null, |(value, unit)| Self::length(Some(value), unit))
    }

    fn elevation_change_m(&self) -> Value<'a> {
        if let Some(split) = self.split {
            return Self::length(split.elevation_change.float(), self.elevation_unit);
        }
        self.cell("elevation")
            .map_or(Value::Null, |(value, unit)| Self::length(Some(value), unit))
    }

    /// Times of the newer list are minutes.
    fn seconds(&self) -> Option<f64> {
        let old = self.split.and_then(|split| split.seconds.float());
        old.or_else(|| self.cell("total_time").map(|(minutes, _)| minutes * 60.0))
    }

    fn pace(&self, quantity: Quantity) -> Option<f64> {
        let (value, unit) = self.cell("pace")?;
        quantity
            .conversion_from(Some(unit?))
            .map(|conversion| conversion.apply(value))
    }
}

pub(in crate::transform) fn definition() -> TableOf<Splits> {
    TableOf::<Splits>::new(
        "workout_splits",
        "one split of one workout",
        "Splits by distance. Peloton's seconds of a split and its pace do not always agree; both are as given.",
        &["workout_id", "position"],
        "workout_id",
    )
    .column("workout_id", T::String, "", "The workout.", |s| s.workout_id.into())
    .column("position", T::Int64, "", "Place in the workout, from 1.", |s| s.position.into())
    .column("distance_m", T::Float64, "m", "Peloton's marker of the split, in metres.", |s| s.distance_m())
    .column("seconds", T::Float64, "s", "Time of the split.", |s| s.seconds().into())
    .column("elevation_change_m", T::Float64, "m", "Climb of the split.", |s| s.elevation_change_m())
    .column("pace", T::Float64, "min/mile", "Pace of the split.", |s| s.pace(Quantity::Pace).into())
    .column("split_pace", T::Float64, "min/500 m", "Rowing pace of the split.", |s| {
        s.pace(Quantity::SplitPace).into()
    })
    .column("stroke_rate", T::Float64, "spm", "Mean stroke rate.", |s| {
        s.cell("spm").map(|(value, _)| value).into()
    })
    .column("avg_output", T::Float64, "W", "Mean power.", |s| {
        s.cell("avg_output").map(|(value, _)| value).into()
    })
    .column("form_score", T::Float64, "%", "Peloton's rating of the rowing form.", |s| {
        s.cell("form_score").map(|(value, _)| value).into()
    })
    .column("is_best", T::Bool, "", "Whether it is the fastest of the workout.", |s| {
        match (s.split, s.metrics) {
            (Some(split), _) => (&split.is_best).into(),
            (None, Some(metrics)) => (&metrics.is_best).into(),
            (None, None) => Value::Null,
        }
    })
    .column("has_floor_segment", T::Bool, "", "Whether part of it was off the machine.", |s| {
        match (s.split.map(|split| &split.has_floor_segment), s.metrics) {
            (Some(field), _) if !field.is_missing() => field.into(),
            (_, Some(metrics)) => (&metrics.has_floor_segment).into(),
            _ => Value::Null,
        }
    })
}
