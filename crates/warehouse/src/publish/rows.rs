//! The rows of a unit, in the order of their key.

use arrow::array::{Array, AsArray, RecordBatch, StringArray};
use arrow::datatypes::Int32Type;

use super::contents::month_of;
use crate::duckdb::{Reader, quoted};
use crate::error::{Error, Result};
use crate::schema::{Column, ColumnType, Table};
use crate::unit::{Month, Part};

/// More rows than this are sorted by DuckDB, which puts on the disk what it has no memory for.
const IN_MEMORY: u64 = 3_000_000;

/// Hands over the rows of a part of a table, which are so many.
pub(super) fn read(
    reader: &Reader,
    table: &Table,
    part: Part,
    rows: u64,
    take: impl FnMut(RecordBatch) -> Result<()>,
) -> Result<()> {
    let columns: Vec<String> = table
        .columns
        .iter()
        .map(|column| quoted(column.name))
        .collect();
    let sql = format!(
        "SELECT {} FROM main.{} WHERE {}",
        columns.join(", "),
        quoted(table.name),
        condition(table, part)
    );
    match run_key(table) {
        Some(key) => in_runs(reader, &sql, key, rows, take),
        None => sorted(reader, &sql, table.key, take),
    }
}

/// Hands over the rows of a SELECT in the order of a key of a text and a number, whose names and positions
/// these are. Loads append the rows of one value of the text together and in their order, so that
/// whole runs of rows need only be put in order: a third of the work of sorting them. Rows that lie
/// otherwise are sorted.
pub(super) fn in_runs(
    reader: &Reader,
    select: &str,
    [first, second]: [(&str, usize); 2],
    rows: u64,
    take: impl FnMut(RecordBatch) -> Result<()>,
) -> Result<()> {
    if rows <= IN_MEMORY {
        let mut runs = Runs::new((first.1, second.1));
        all(reader, select, |batch| {
            runs.push(batch);
            Ok(())
        })?;
        if let Some(batches) = runs.in_order() {
            return batches.into_iter().try_for_each(take);
        }
    }
    sorted(reader, select, &[first.0, second.0], take)
}

fn sorted(
    reader: &Reader,
    select: &str,
    key: &[&str],
    take: impl FnMut(RecordBatch) -> Result<()>,
) -> Result<()> {
    let key: Vec<String> = key.iter().map(|name| quoted(name)).collect();
    all(
        reader,
        &format!("{select} ORDER BY {}", key.join(", ")),
        take,
    )
}

/// Hands over the rows of a SELECT as they come.
pub(super) fn all(
    reader: &Reader,
    select: &str,
    take: impl FnMut(RecordBatch) -> Result<()>,
) -> Result<()> {
    reader.query(select, &[], |_| Ok::<(), Error>(()), take)
}

/// What is true of the rows of a part.
pub(super) fn condition(table: &Table, part: Part) -> String {
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

/// Names and positions of the key's columns, where it is a text and a number.
fn run_key(table: &Table) -> Option<[(&'static str, usize); 2]> {
    let at = |name: &'static str, column_type: ColumnType| {
        let mut columns = table.columns.iter();
        let is_it = |column: &Column| column.name == name && column.column_type == column_type;
        Some((name, columns.position(is_it)?))
    };
    match table.key {
        [first, second] => Some([
            at(first, ColumnType::String)?,
            at(second, ColumnType::Int32)?,
        ]),
        _ => None,
    }
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

/// Where the run of the value at `from` ends.
pub(super) fn end_of_run(values: &StringArray, from: usize) -> usize {
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
