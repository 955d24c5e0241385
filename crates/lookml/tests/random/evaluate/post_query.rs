//! Measures that are computed from the answer: running totals and percentages.

use serde_json::{Map, Value as Json};

use crate::evaluate::answer::{Computation, Line};
use crate::evaluate::pivot::PivotRow;
use crate::evaluate::table::Group;
use crate::model::field::{Direction, Measure, MeasureKind};
use crate::value::Value;

/// Without pivots everything runs down.
pub(crate) fn down_the_rows(
    computation: &Computation<'_>,
    groups: &[Group],
    lines: &mut [Line],
    truncated: bool,
) {
    for (field, measure, of) in computed(computation) {
        let base: Vec<Option<f64>> = groups
            .iter()
            .map(|group| group.values[of].as_number())
            .collect();
        for (line, value) in lines.iter_mut().zip(along(measure, &base, truncated)) {
            line.cells.insert(field.clone(), number(value));
        }
    }
}

/// With pivots they run across, unless they are told otherwise.
pub(crate) fn across_the_columns(
    computation: &Computation<'_>,
    rows: &[PivotRow],
    keys: &[String],
    lines: &mut [Line],
    truncated: bool,
) {
    for (field, measure, of) in computed(computation) {
        let cell = |row: &PivotRow, column: usize| {
            row.cells
                .get(&column)
                .and_then(|group| group.values[of].as_number())
        };
        let table: Vec<Vec<Option<f64>>> = rows
            .iter()
            .map(|row| (0..keys.len()).map(|column| cell(row, column)).collect())
            .collect();
        let computed = match runs_down(measure) {
            false => table
                .iter()
                .map(|row| along(measure, row, truncated))
                .collect(),
            true => {
                let down = transposed(&table, keys.len());
                let down: Vec<Vec<Option<f64>>> = down
                    .iter()
                    .map(|column| along(measure, column, truncated))
                    .collect();
                transposed(&down, rows.len())
            }
        };
        for ((line, row), values) in lines.iter_mut().zip(rows).zip(computed) {
            let shown = (0..keys.len()).filter(|column| row.cells.contains_key(column));
            let across: Map<String, Json> = shown
                .map(|column| (keys[column].clone(), number(values[column])))
                .collect();
            line.cells.insert(field.clone(), across.into());
        }
    }
}

/// The post-query measures that are asked for, with the place of what they are computed from.
fn computed<'a>(computation: &Computation<'a>) -> Vec<(String, &'a Measure, usize)> {
    let fields = computation.query.fields.iter();
    let found = fields.filter_map(|field| {
        let (alias, measure) = computation.scope.measure(field)?;
        let of = format!("{alias}.{}", measure.post_query_of()?);
        let place = computation.measures.iter().position(|name| *name == of)?;
        Some((field.clone(), measure, place))
    });
    found.collect()
}

fn runs_down(measure: &Measure) -> bool {
    matches!(
        measure.kind,
        MeasureKind::RunningTotal(_, Some(Direction::Column))
            | MeasureKind::PercentOfTotal(_, Some(Direction::Column))
    )
}

fn transposed(table: &[Vec<Option<f64>>], width: usize) -> Vec<Vec<Option<f64>>> {
    (0..width)
        .map(|column| table.iter().map(|row| row[column]).collect())
        .collect()
}

/// The values along a row or down a column.
fn along(measure: &Measure, base: &[Option<f64>], truncated: bool) -> Vec<Option<f64>> {
    match measure.kind {
        MeasureKind::RunningTotal(..) => {
            let mut sum = 0.0;
            let add = |value: &Option<f64>| {
                sum += value.unwrap_or(0.0);
                Some(sum)
            };
            base.iter().map(add).collect()
        }
        MeasureKind::PercentOfTotal(..) => {
            let total: f64 = base.iter().flatten().sum();
            let share = |value: f64| (!truncated && total != 0.0).then(|| value / total * 100.0);
            base.iter().map(|value| value.and_then(share)).collect()
        }
        _ => {
            let previous = std::iter::once(&None).chain(base);
            let change = |(value, previous): (&Option<f64>, &Option<f64>)| {
                let previous = previous.filter(|previous| *previous != 0.0)?;
                value.map(|value| (value - previous) / previous * 100.0)
            };
            base.iter().zip(previous).map(change).collect()
        }
    }
}

fn number(value: Option<f64>) -> Json {
    value.map_or(Value::Null, Value::Number).json()
}
