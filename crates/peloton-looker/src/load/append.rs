//! Rows on their way into the warehouse.

use std::collections::HashMap;

use anyhow::{Context, Result};
use arrow::array::{AsArray, BooleanArray};
use arrow::compute::filter_record_batch;
use warehouse::schema::Table;

use super::{Loaded, kept};
use crate::transform::Batch;

/// With `is_adding`, nothing is replaced by less.
pub(super) fn piece(
    load: &mut warehouse::Load,
    tables: &HashMap<&str, &Table>,
    piece: Vec<Batch>,
    is_adding: bool,
    loaded: &mut Loaded,
) -> Result<()> {
    for batch in piece {
        let table = tables
            .get(batch.table)
            .with_context(|| format!("table `{}`", batch.table))?;
        match table.name {
            "workouts" => loaded.workouts += batch.rows.num_rows(),
            "workout_stats" => loaded.samples += batch.rows.num_rows() as u64,
            _ => {}
        }
        let replaced = match is_adding && !batch.in_part.is_empty() {
            true => add(load, table, batch),
            false => replace(load, table, &batch),
        };
        replaced.with_context(|| format!("load `{}`", table.name))?;
    }
    Ok(())
}

fn replace(load: &mut warehouse::Load, table: &Table, batch: &Batch) -> Result<()> {
    let values: Vec<&str> = batch.replaced.iter().map(String::as_str).collect();
    Ok(load.replace(table, &values, [batch.rows.clone()])?)
}

/// Rows of which an answer is missing are laid over those that are there; the others take their place.
fn add(load: &mut warehouse::Load, table: &Table, mut batch: Batch) -> Result<()> {
    let values = batch.rows.column_by_name(table.replace_by);
    let values = values.with_context(|| format!("a column `{}`", table.replace_by))?;
    let values = values.as_string::<i32>().iter();
    let is_in_part = |value: Option<&str>| value.is_some_and(|it| batch.in_part.contains(it));
    let in_part: BooleanArray = values.map(|value| Some(is_in_part(value))).collect();
    let others = arrow::compute::not(&in_part)?;
    let laid_over = filter_record_batch(&batch.rows, &in_part)?;
    batch.rows = filter_record_batch(&batch.rows, &others)?;
    batch
        .replaced
        .retain(|value| !batch.in_part.contains(value));
    replace(load, table, &batch)?;
    Ok(load.merge(table, &laid_over, &kept::silence(table))?)
}
