//! The rows of a unit, in the order of their key.

use std::sync::mpsc::SyncSender;

use arrow::array::{Array, AsArray, RecordBatch, StringArray};
use arrow::datatypes::Int32Type;

use super::{Rows, month_of, panicked};
use crate::duckdb::{Reader, quoted};
use crate::error::{Error, Result};
use crate::schema::{ColumnType, Table, View};
use crate::unit::{Month, Part};

/// More rows than this are sorted by DuckDB, which puts on the disk what it has no memory for.
const IN_MEMORY: u64 = 3_000_000;

/// Sends the rows of a part of a table. Loads append the rows of one value of the first key column
/// together and in their order, so that whole runs of rows need only be put in order: a third of the work
/// of sorting them. Rows that lie otherwise are sorted.
pub(super) fn of_table(
    reader: &Reader,
    table: &Table,
    part: Part,
    rows: u64,
    sender: &SyncSender<Rows>,
) -> Result<()> {
    if let Some(key) = run_key(table).filter(|_| rows <= IN_MEMORY) {
        let mut runs = Runs::new(key);
        reader.query::<Error>(
            &select(table, part, false),
            &[],
            |_| Ok(()),
            |batch| {
                runs.push(batch);
                Ok(())
            },
        )?;
        if let Some(batches) = runs.in_order() {
            return batches
                .into_iter()
                .try_for_each(|batch| send(sender, batch));
        }
    }
    reader.query(
        &select(table, part, true),
        &[],
        |_| Ok(()),
        |batch| send(sender, batch),
    )
}

/// Sends the rows of a part of a view.
pub(super) fn of_view(
    reader: &Reader,
    view: &View,
    part: Part,
    sender: &SyncSender<Rows>,
) -> Result<()> {
    let condition = match part {
        Part::All => "true".to_owned(),
        part => condition(&view.table, part),
    };
    let sql = view.part.replace("{condition}", &condition);
    reader.query(&sql, &[], |_| Ok(()), |batch| send(sender, batch))
}

fn send(sender: &SyncSender<Rows>, batch: RecordBatch) -> Result<()> {
    sender.send(Ok(batch)).map_err(|_| panicked("compressing"))
}

fn select(table: &Table, part: Part, is_ordered: bool) -> String {
    let columns: Vec<String> = table
        .columns
        .iter()
        .map(|column| quoted(column.name))
        .collect();
    let key: Vec<String> = table.key.iter().map(|name| quoted(name)).collect();
    let mut sql = format!(
        "SELECT {} FROM main.{} WHERE {}",
        columns.join(", "),
        quoted(table.name),
        condition(table, part)
    );
    if is_ordered {
        sql.push_str(&format!(" ORDER BY {}", key.join(", ")));
    }
    sql
}

fn condition(table: &Table, part: Part) -> String {
    let column = quoted(table.partition_by.unwrap_or_default());
    match part {
        Part::All => "true".into(),
        Part::Undated => format!("({}) IS NULL", month_of(&column)),
        Part::Month(month) => {
            let next = match month.month {
                12 => Month {
                    year: month.year + 1,
                    month: 1,
                },
                _ => Month {
                    month: month.month + 1,
                    ..month
                },
            };
            // The last month of the calendar has no next one.
            let until = match next.year {
                10_000 => String::new(),
                _ => format!(" AND {column} < DATE '{next}-01'"),
            };
            format!("{column} >= DATE '{month}-01'{until}")
        }
    }
}

/// Positions of the key's columns, where it is a text and a number.
fn run_key(table: &Table) -> Option<(usize, usize)> {
    let at = |name: &str| table.columns.iter().position(|column| column.name == name);
    let [first, second] = table.key else {
        return None;
    };
    let (first, second) = (at(first)?, at(second)?);
    let is_run = table.columns[first].column_type == ColumnType::String
        && table.columns[second].column_type == ColumnType::Int32;
    is_run.then_some((first, second))
}

/// Rows as they were read, and where the runs of one value begin in them.
struct Runs {
    key: (usize, usize),
    batches: Vec<RecordBatch>,
    runs: Vec<Run>,
    is_ascending: bool,
}

/// The rows of one value, in one or more batches.
struct Run {
    value: String,
    slices: Vec<RecordBatch>,
    last: i32,
}

impl Runs {
    fn new(key: (usize, usize)) -> Self {
        Self {
            key,
            batches: Vec::new(),
            runs: Vec::new(),
            is_ascending: true,
        }
    }

    fn push(&mut self, batch: RecordBatch) {
        let values = batch.column(self.key.0).as_string::<i32>().clone();
        let mut from = 0;
        while from < batch.num_rows() {
            let until = end_of_run(&values, from);
            self.add(&batch, values.value(from), from, until);
            from = until;
        }
        self.batches.push(batch);
    }

    fn add(&mut self, batch: &RecordBatch, value: &str, from: usize, until: usize) {
        let numbers = batch.column(self.key.1).as_primitive::<Int32Type>();
        let numbers = &numbers.values()[from..until];
        let is_ascending = numbers.windows(2).all(|pair| pair[0] < pair[1]);
        let slice = batch.slice(from, until - from);
        let (first, last) = (numbers[0], numbers[numbers.len() - 1]);
        match self.runs.last_mut().filter(|run| run.value == value) {
            Some(run) => {
                self.is_ascending &= is_ascending && run.last < first;
                run.slices.push(slice);
                run.last = last;
            }
            None => {
                self.is_ascending &= is_ascending;
                self.runs.push(Run {
                    value: value.to_owned(),
                    slices: vec![slice],
                    last,
                });
            }
        }
    }

    /// The rows by value and number; `None` where a value has two runs, or a run is in disorder.
    fn in_order(mut self) -> Option<Vec<RecordBatch>> {
        self.runs.sort_by(|one, other| one.value.cmp(&other.value));
        let is_once = self
            .runs
            .windows(2)
            .all(|pair| pair[0].value != pair[1].value);
        (self.is_ascending && is_once)
            .then(|| self.runs.into_iter().flat_map(|run| run.slices).collect())
    }
}

fn end_of_run(values: &StringArray, from: usize) -> usize {
    let value = values.value(from);
    (from + 1..values.len())
        .find(|at| values.value(*at) != value)
        .unwrap_or(values.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use arrow::array::{ArrayRef, Int32Array};
    use std::sync::Arc;

    fn ordered(batches: &[&[(&str, i32)]]) -> Option<Vec<(String, i32)>> {
        let mut runs = Runs::new((0, 1));
        for rows in batches {
            let ids: ArrayRef =
                Arc::new(StringArray::from_iter_values(rows.iter().map(|row| row.0)));
            let numbers: ArrayRef =
                Arc::new(Int32Array::from_iter_values(rows.iter().map(|row| row.1)));
            let columns = [("id", ids), ("number", numbers)];
            runs.push(RecordBatch::try_from_iter(columns).unwrap());
        }
        let batches = runs.in_order()?;
        let rows = batches.iter().flat_map(|batch| {
            let ids = batch.column(0).as_string::<i32>();
            let numbers = batch.column(1).as_primitive::<Int32Type>();
            (0..batch.num_rows()).map(|row| (ids.value(row).to_owned(), numbers.value(row)))
        });
        Some(rows.collect())
    }

    proptest::proptest! {
        #[test]
        fn runs_in_any_order_come_sorted(lengths in proptest::collection::vec(1_i32..5, 0..8), cut in 1_usize..7, seed in 0_u64..1000) {
            let mut runs: Vec<Vec<(String, i32)>> = lengths
                .iter()
                .enumerate()
                .map(|(at, length)| (0..*length).map(|n| (format!("{:02}", (at * 7 + seed as usize) % 97), n)).collect())
                .collect();
            let mut expected: Vec<(String, i32)> = runs.concat();
            expected.sort();
            runs.reverse();
            let rows: Vec<(String, i32)> = runs.concat();
            let rows: Vec<(&str, i32)> = rows.iter().map(|(id, n)| (id.as_str(), *n)).collect();
            let batches: Vec<&[(&str, i32)]> = rows.chunks(cut).collect();
            assert_eq!(ordered(&batches), Some(expected));
        }
    }

    #[test]
    fn what_lies_otherwise_is_left_to_a_sort() {
        assert_eq!(ordered(&[&[("a", 1), ("b", 1), ("a", 2)]]), None);
        assert_eq!(ordered(&[&[("a", 2), ("a", 1)]]), None);
        assert_eq!(ordered(&[&[("a", 1)], &[("a", 1)]]), None);
        assert_eq!(ordered(&[]), Some(Vec::new()));
    }
}
