//! The rows of a view, whose lists are made here: in DuckDB they cost six times as much.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, Float64Builder, Int32Array, Int32Builder, ListArray};
use arrow::array::{RecordBatch, StringArray, StructArray};
use arrow::buffer::{OffsetBuffer, ScalarBuffer};
use arrow::compute::concat_batches;
use arrow::datatypes::{DataType, Int32Type, Schema};

use super::rows::{all, condition, end_of_run, in_runs};
use crate::duckdb::{Reader, quoted};
use crate::error::{Error, Result};
use crate::unit::Part;
use crate::view::{FieldValue, View};

/// Rows with lists of so many items together make a batch.
const ITEMS: usize = 100_000;

/// Hands over the rows of a part of a view, in which so many are nested, by their key.
pub(super) fn read(
    reader: &Reader,
    view: &View,
    part: Part,
    items: u64,
    take: impl FnMut(RecordBatch) -> Result<()>,
) -> Result<()> {
    read_by(ITEMS, reader, (view, part, items), take)
}

fn read_by(
    batch: usize,
    reader: &Reader,
    (view, part, items): (&View, Part, u64),
    take: impl FnMut(RecordBatch) -> Result<()>,
) -> Result<()> {
    let nested = &view.nested;
    let key = names(view.table.key.iter().copied());
    let outer_columns = names(view.outer_columns().iter().map(|column| column.name));
    let of_part = format!(
        "FROM main.{} WHERE {}",
        quoted(view.outer),
        condition(&view.table, part)
    );
    let outer = rows(
        reader,
        &format!("SELECT {outer_columns} {of_part} ORDER BY {key}"),
    )?;
    let Some(outer) = outer else {
        return Ok(());
    };
    let inner_columns = [nested.key, nested.order]
        .into_iter()
        .chain(nested.columns());
    let inner = format!(
        "SELECT {} FROM main.{} WHERE {} IN (SELECT {key} {of_part})",
        names(inner_columns),
        quoted(nested.from),
        quoted(nested.key),
    );
    let mut nester = Nester::new(batch, view, outer, take)?;
    let key = [(nested.key, 0), (nested.order, 1)];
    in_runs(reader, &inner, key, items, |batch| nester.push(&batch))?;
    nester.finish()
}

fn names(columns: impl IntoIterator<Item = &'static str>) -> String {
    let columns: Vec<String> = columns.into_iter().map(quoted).collect();
    columns.join(", ")
}

/// All rows of a SELECT; `None` where there are none.
fn rows(reader: &Reader, select: &str) -> Result<Option<RecordBatch>> {
    let mut batches = Vec::new();
    all(reader, select, |batch| {
        batches.push(batch);
        Ok(())
    })?;
    let Some(first) = batches.first() else {
        return Ok(None);
    };
    Ok(Some(concat_batches(&first.schema(), &batches)?))
}

/// Nests items, which come by key and order, in rows, which are in the order of the key.
struct Nester<'a, T> {
    /// With so many items, rows are handed over.
    batch: usize,
    view: &'a View,
    outer: RecordBatch,
    keys: StringArray,
    /// The first row that was not handed over yet.
    row: usize,
    /// Items of that row and later ones.
    items: Vec<RecordBatch>,
    /// How many of them are of each row, beginning with `row`; the last may get more.
    lengths: Vec<usize>,
    take: T,
}

impl<'a, T: FnMut(RecordBatch) -> Result<()>> Nester<'a, T> {
    fn new(batch: usize, view: &'a View, outer: RecordBatch, take: T) -> Result<Self> {
        let columns = view.outer_columns().iter();
        let at = columns
            .map(|column| column.name)
            .position(|name| view.table.key == [name]);
        let keys = at
            .and_then(|at| outer.column(at).as_string_opt::<i32>())
            .cloned()
            .ok_or_else(|| broken(view, "has no key of one text"))?;
        Ok(Self {
            batch,
            view,
            outer,
            keys,
            row: 0,
            items: Vec::new(),
            lengths: Vec::new(),
            take,
        })
    }

    fn push(&mut self, batch: &RecordBatch) -> Result<()> {
        let keys = batch.column(0).as_string::<i32>();
        let mut from = 0;
        while from < batch.num_rows() {
            let until = end_of_run(keys, from);
            self.add(keys.value(from), batch.slice(from, until - from))?;
            from = until;
        }
        Ok(())
    }

    /// Items of one row, all or some.
    fn add(&mut self, key: &str, items: RecordBatch) -> Result<()> {
        let row = self.row + self.lengths.len().saturating_sub(1);
        let row = (row..self.keys.len())
            .find(|row| self.keys.value(*row) == key)
            .ok_or_else(|| broken(self.view, "has items without a row"))?;
        let is_next = row >= self.row + self.lengths.len();
        if is_next && self.lengths.iter().sum::<usize>() >= self.batch {
            self.hand_over(row)?;
        }
        self.lengths.resize(row + 1 - self.row, 0);
        if let Some(length) = self.lengths.last_mut() {
            *length += items.num_rows();
        }
        self.items.push(items);
        Ok(())
    }

    fn finish(mut self) -> Result<()> {
        self.hand_over(self.keys.len())
    }

    /// The rows before that one, of which all items have come.
    fn hand_over(&mut self, until: usize) -> Result<()> {
        let mut lengths = std::mem::take(&mut self.lengths);
        lengths.resize(until - self.row, 0);
        let items = std::mem::take(&mut self.items);
        let list = list(self.view, &items, &lengths)?;
        let rows = self.outer.slice(self.row, until - self.row);
        self.row = until;
        let mut columns = rows.columns().to_vec();
        columns.push(Arc::new(list));
        let mut fields = rows.schema().fields().to_vec();
        fields.extend(self.view.table.arrow_schema().fields().last().cloned());
        let schema = Arc::new(Schema::new(fields));
        (self.take)(RecordBatch::try_new(schema, columns)?)
    }
}

fn broken(view: &View, what: &str) -> Error {
    Error::Refused {
        reason: format!("the view `{}` {what}", view.table.name),
    }
}

fn unread(column: &str) -> Error {
    Error::Refused {
        reason: format!("the column `{column}` can't be nested: it is not as it was declared"),
    }
}

/// Lists of those lengths of the items.
fn list(view: &View, items: &[RecordBatch], lengths: &[usize]) -> Result<ListArray> {
    let list = view.table.arrow_schema();
    let Some(DataType::List(element)) = list.fields().last().map(|field| field.data_type()) else {
        return Err(broken(view, "has no list"));
    };
    let DataType::Struct(fields) = element.data_type() else {
        return Err(broken(view, "has no items"));
    };
    let values = match items.first() {
        None => StructArray::new_null(fields.clone(), 0),
        Some(first) => {
            let items = Items {
                rows: concat_batches(&first.schema(), items)?,
                lengths,
            };
            let columns: Result<Vec<ArrayRef>> = view
                .nested
                .fields
                .iter()
                .map(|field| items.column(field.column.name, field.value))
                .collect();
            StructArray::try_new(fields.clone(), columns?, None)?
        }
    };
    let offsets = OffsetBuffer::from_lengths(lengths.iter().copied());
    let values = Arc::new(values);
    Ok(ListArray::try_new(
        Arc::clone(element),
        offsets,
        values,
        None,
    )?)
}

/// Rows of the nested table: those of one list after those of the other.
struct Items<'a> {
    rows: RecordBatch,
    lengths: &'a [usize],
}

impl Items<'_> {
    fn column(&self, name: &str, value: FieldValue) -> Result<ArrayRef> {
        Ok(match value {
            FieldValue::Column => Arc::clone(self.named(name)?),
            FieldValue::TrailingMean { of, over } => {
                let values = self.named(of)?.as_primitive_opt::<Int32Type>();
                let values = values.ok_or_else(|| unread(of))?;
                Arc::new(self.trailing_means(values, over))
            }
            FieldValue::Step => Arc::new(self.steps()),
        })
    }

    fn named(&self, name: &str) -> Result<&ArrayRef> {
        self.rows.column_by_name(name).ok_or_else(|| unread(name))
    }

    fn order(&self) -> &ScalarBuffer<i32> {
        self.rows.column(1).as_primitive::<Int32Type>().values()
    }

    /// Where each list begins and ends.
    fn lists(&self) -> impl Iterator<Item = (usize, usize)> {
        self.lengths.iter().scan(0, |end, length| {
            let begin = *end;
            *end += length;
            Some((begin, *end))
        })
    }

    fn trailing_means(&self, values: &Int32Array, over: i32) -> arrow::array::Float64Array {
        let order = self.order();
        let mut means = Float64Builder::with_capacity(values.len());
        for (begin, end) in self.lists() {
            let mut first = begin;
            for at in begin..end {
                // In i64: the order may be anything.
                while i64::from(order[at]) - i64::from(order[first]) >= i64::from(over) {
                    first += 1;
                }
                let known = (first..=at).filter(|at| values.is_valid(*at));
                let (sum, count) = known.fold((0_i64, 0_u32), |(sum, count), at| {
                    (sum + i64::from(values.value(at)), count + 1)
                });
                means.append_option((count > 0).then(|| sum as f64 / f64::from(count)));
            }
        }
        means.finish()
    }

    fn steps(&self) -> Int32Array {
        let order = self.order();
        let mut steps = Int32Builder::with_capacity(order.len());
        for (begin, end) in self.lists() {
            for at in begin..end {
                let before = (at > begin).then(|| order[at - 1]);
                steps.append_option(before.and_then(|before| order[at].checked_sub(before)));
            }
        }
        steps.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::Limits;
    use crate::schema::{Column, ColumnType, Table};
    use crate::unit::Month;
    use crate::view::{Field, Nested};

    const JANUARY: Part = Part::Month(Month {
        year: 2026,
        month: 1,
    });

    fn column(name: &'static str, column_type: ColumnType) -> Column {
        Column {
            name,
            column_type,
            unit: None,
            description: "A column",
        }
    }

    fn view() -> View {
        let table = Table {
            name: "rides_with_seconds",
            grain: "one ride",
            description: "Rides.",
            key: &["id"],
            replace_by: "id",
            partition_by: Some("day"),
            cluster_by: &[],
            columns: vec![
                column("id", ColumnType::String),
                column("day", ColumnType::Date),
            ],
        };
        let field = |name, column_type, value| Field {
            column: column(name, column_type),
            value,
        };
        let mean = |over| FieldValue::TrailingMean { of: "watts", over };
        let nested = Nested {
            name: "seconds",
            description: "Its seconds.",
            from: "seconds",
            key: "ride",
            order: "at",
            fields: vec![
                field("watts", ColumnType::Int32, FieldValue::Column),
                field("mean_2", ColumnType::Float64, mean(2)),
                field("mean_5", ColumnType::Float64, mean(5)),
                field("name", ColumnType::String, FieldValue::Column),
                field("at", ColumnType::Int32, FieldValue::Column),
                field("step", ColumnType::Int32, FieldValue::Step),
            ],
        };
        View::new(table, "rides", nested)
    }

    type Second = (u8, i32, Option<i32>);

    /// Rides `r0` to `r9`, every third of them not in January; seconds of some of them and of others.
    fn file(folder: &std::path::Path, seconds: &[Second]) -> Reader {
        let path = folder.join("w.duckdb");
        let file = duckdb::Connection::open(&path).unwrap();
        file.execute_batch(
            "CREATE TABLE rides AS SELECT 'r' || i AS id, CASE i % 3 WHEN 0 THEN NULL ELSE DATE '2026-01-31' \
             END AS day FROM range(10) AS t(i) ORDER BY hash(i); \
             CREATE TABLE seconds(watts INTEGER, ride VARCHAR, \"at\" INTEGER, name VARCHAR)",
        )
        .unwrap();
        for (ride, at, watts) in seconds {
            let row = duckdb::params![watts, format!("r{ride}"), at, watts.map(|w| w.to_string())];
            let insert = "INSERT INTO seconds VALUES (?, ?, ?, ?)";
            file.execute(insert, row).unwrap();
        }
        drop(file);
        Reader::open(&path, Limits::default()).unwrap()
    }

    fn conformed(batches: &[RecordBatch]) -> Option<RecordBatch> {
        let batches: Vec<RecordBatch> = batches
            .iter()
            .map(|batch| view().table.conform(batch).unwrap())
            .collect();
        let schema = batches.first()?.schema();
        Some(concat_batches(&schema, &batches).unwrap())
    }

    fn are_as_in_the_view(seconds: &[Second], batch: usize) {
        let (folder, view) = (tempfile::tempdir().unwrap(), view());
        let reader = file(folder.path(), seconds);
        for part in [JANUARY, Part::Undated, Part::All] {
            let mut made = Vec::new();
            read_by(batch, &reader, (&view, part, 9), |rows| {
                made.push(rows);
                Ok(())
            })
            .unwrap();
            let condition = condition(&view.table, part);
            let sql = format!("FROM ({}) WHERE {condition} ORDER BY id", view.sql());
            let expected = reader.batches(&sql).unwrap();
            assert_eq!(conformed(&made), conformed(&expected));
        }
    }

    proptest::proptest! {
        #![proptest_config(proptest::test_runner::Config::with_cases(24))]
        #[test]
        fn nested_rows_are_those_of_the_view(
            seconds in proptest::collection::btree_map((0_u8..12, -3_i32..9), proptest::option::of(-9..900), 0..40),
            disorder in 0_u64..3, batch in 1_usize..9,
        ) {
            let mut seconds: Vec<Second> = seconds.into_iter().map(|((ride, at), watts)| (ride, at, watts)).collect();
            seconds.sort_by_key(|(ride, at, _)| match disorder {
                0 => (i32::from(*ride), *at),
                1 => (-i32::from(*ride), *at),
                _ => (0, -*at),
            });
            are_as_in_the_view(&seconds, batch);
        }
    }

    #[test]
    fn the_mean_and_the_step_know_every_second_there_can_be() {
        let seconds = [i32::MIN, i32::MIN + 1, i32::MAX].map(|at| (1, at, Some(i32::MAX)));
        let (folder, view) = (tempfile::tempdir().unwrap(), view());
        let reader = file(folder.path(), &seconds);
        let mut made = Vec::new();
        read(&reader, &view, JANUARY, 3, |rows| {
            made.push(rows);
            Ok(())
        })
        .unwrap();
        let lists = made[0].column(2).as_list::<i32>().value(0);
        let steps = lists
            .as_struct()
            .column(5)
            .as_primitive::<Int32Type>()
            .clone();
        assert_eq!(steps.iter().collect::<Vec<_>>(), [None, Some(1), None]);
    }
}
