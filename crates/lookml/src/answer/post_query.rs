//! Measures that are computed from the rows of the answer.

use super::{Answer, Cell, Value};
use crate::compile::ColumnKind;
use crate::model::{Direction, PostQuery};

/// Puts their values in the place of those that they are computed from.
pub(super) fn compute(answer: &mut Answer) {
    let columns = answer.outline.columns.clone();
    for (place, column) in columns.iter().enumerate() {
        let ColumnKind::PostQuery {
            function,
            direction,
            ..
        } = &column.kind
        else {
            continue;
        };
        let is_pivoted = !answer.pivots.is_empty();
        let is_across = is_pivoted
            && (*function == PostQuery::PercentOfPrevious || *direction != Some(Direction::Column));
        let is_truncated = answer.is_truncated;
        match is_across {
            true => across(answer, place, *function, is_truncated),
            false => down(answer, place, *function, is_truncated),
        }
        // A total of such values means nothing.
        if let Some(totals) = &mut answer.totals
            && let Some(value) = totals.values.get_mut(place)
        {
            clear(value);
        }
    }
}

fn clear(value: &mut Value) {
    match value {
        Value::One(cell) => *cell = Cell::Null,
        Value::Across { cells, total } => {
            cells.iter_mut().for_each(|cell| *cell = None);
            *total = None;
        }
        Value::Location { .. } | Value::Head => {}
    }
}

/// Along the pivoted columns of each row.
fn across(answer: &mut Answer, place: usize, function: PostQuery, is_truncated: bool) {
    for row in &mut answer.rows {
        let Some(Value::Across { cells, total }) = row.values.get_mut(place) else {
            continue;
        };
        let line: Vec<Cell> = cells
            .iter()
            .map(|cell| cell.clone().unwrap_or(Cell::Null))
            .collect();
        for (cell, value) in cells
            .iter_mut()
            .zip(computed(&line, function, is_truncated))
        {
            *cell = Some(value);
        }
        *total = None;
    }
}

/// Down the rows, each column by itself.
fn down(answer: &mut Answer, place: usize, function: PostQuery, is_truncated: bool) {
    let width = answer.pivots.len().max(1);
    for column in 0..width {
        let line: Vec<Cell> = answer
            .rows
            .iter()
            .map(|row| match row.values.get(place) {
                Some(Value::One(cell)) => cell.clone(),
                Some(Value::Across { cells, .. }) => {
                    cells.get(column).cloned().flatten().unwrap_or(Cell::Null)
                }
                _ => Cell::Null,
            })
            .collect();
        let values = computed(&line, function, is_truncated);
        for (row, value) in answer.rows.iter_mut().zip(values) {
            match row.values.get_mut(place) {
                Some(Value::One(cell)) => *cell = value,
                Some(Value::Across { cells, total }) => {
                    if let Some(cell) = cells.get_mut(column) {
                        *cell = Some(value);
                    }
                    *total = None;
                }
                _ => {}
            }
        }
    }
}

fn computed(line: &[Cell], function: PostQuery, is_truncated: bool) -> Vec<Cell> {
    match function {
        PostQuery::RunningTotal => running_total(line),
        PostQuery::PercentOfTotal if is_truncated => vec![Cell::Null; line.len()],
        PostQuery::PercentOfTotal => percent_of_total(line),
        PostQuery::PercentOfPrevious => percent_of_previous(line),
    }
}

/// What is missing counts as 0. Integers stay integers.
fn running_total(line: &[Cell]) -> Vec<Cell> {
    let mut total = Cell::Integer(0);
    let totals = line.iter().map(|cell| {
        total = match (&total, cell) {
            (Cell::Integer(total), Cell::Integer(value)) => {
                Cell::Integer(total.saturating_add(*value))
            }
            (total, cell) => match cell.number() {
                Some(value) => Cell::Float(total.number().unwrap_or_default() + value),
                None => total.clone(),
            },
        };
        total.clone()
    });
    totals.collect()
}

fn percent_of_total(line: &[Cell]) -> Vec<Cell> {
    let total: f64 = line.iter().filter_map(Cell::number).sum();
    let percents = line.iter().map(|cell| match cell.number() {
        Some(value) if total != 0.0 => Cell::Float(value / total * 100.0),
        _ => Cell::Null,
    });
    percents.collect()
}

fn percent_of_previous(line: &[Cell]) -> Vec<Cell> {
    let previous = std::iter::once(None).chain(line.iter().map(Cell::number));
    let percents =
        line.iter()
            .zip(previous)
            .map(|(cell, previous)| match (cell.number(), previous) {
                (Some(value), Some(previous)) if previous != 0.0 => {
                    Cell::Float((value - previous) / previous * 100.0)
                }
                _ => Cell::Null,
            });
    percents.collect()
}
