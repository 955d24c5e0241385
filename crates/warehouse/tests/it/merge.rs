//! Rows that are laid over others, and what a rebuild would lose.

use std::sync::Arc;

use arrow::array::{ArrayRef, Int64Array, RecordBatch, StringArray};
use warehouse::schema::{ColumnType, Table};
use warehouse::{Limits, Silence};

use crate::file::{File, column};

const SILENCE: Silence<'static> = Silence {
    unsaid: &[("state", "none")],
    facts: &["gone"],
    age: "age",
};

/// Id, state, number, gone, age.
type Row<'a> = (&'a str, Option<&'a str>, Option<i64>, Option<i64>, i64);

fn things() -> Table {
    let mut things = crate::file::table("things");
    for name in ["gone", "age"] {
        things.columns.push(column(name, ColumnType::Int64));
    }
    things
        .columns
        .insert(1, column("state", ColumnType::String));
    things
}

fn batch(rows: &[Row<'_>]) -> RecordBatch {
    let ids: ArrayRef = Arc::new(StringArray::from_iter_values(rows.iter().map(|row| row.0)));
    let states: ArrayRef = Arc::new(StringArray::from_iter(rows.iter().map(|row| row.1)));
    let numbers: [ArrayRef; 3] = [
        Arc::new(Int64Array::from_iter(rows.iter().map(|row| row.2))),
        Arc::new(Int64Array::from_iter(rows.iter().map(|row| row.3))),
        Arc::new(Int64Array::from_iter(rows.iter().map(|row| Some(row.4)))),
    ];
    let columns = [ids, states].into_iter().chain(numbers).collect();
    RecordBatch::try_new(things().arrow_schema(), columns).unwrap()
}

/// What is there after rows were laid over others.
fn merged(old: &[Row<'_>], new: &[Row<'_>]) -> Vec<String> {
    let (file, table) = (File::new(), things());
    file.load(&table, &[], batch(old));
    let mut load = file
        .warehouse
        .begin_load(std::slice::from_ref(&table), &[])
        .unwrap();
    load.merge(&table, &batch(new), &SILENCE).unwrap();
    load.publish().unwrap();
    let reader = file.warehouse.read(Limits::default()).unwrap();
    let sql = "SELECT concat_ws(' ', id, coalesce(state, '-'), coalesce(n::VARCHAR, '-'), \
               coalesce(gone::VARCHAR, '-'), age) FROM things ORDER BY id";
    reader.strings(sql).unwrap()
}

#[test]
fn what_says_nothing_takes_no_place() {
    let old = ("a", Some("shut"), Some(1), Some(7), 10);
    let other = ("b", None, None, None, 10);
    for (new, expected) in [
        // It keeps what the newer row leaves out, and with it the age.
        (("a", None, Some(2), Some(7), 20), "a shut 2 7 10"),
        (("a", Some("none"), Some(2), Some(7), 20), "a shut 2 7 10"),
        (("a", Some("open"), None, Some(7), 20), "a open 1 7 10"),
        // Nothing is kept.
        (("a", Some("open"), Some(2), Some(7), 20), "a open 2 7 20"),
        // That it is not gone is a fact.
        (("a", Some("open"), Some(2), None, 20), "a open 2 - 20"),
        // An older row adds, and takes no place.
        (("a", Some("open"), Some(2), Some(7), 5), "a shut 1 7 5"),
    ] {
        assert_eq!(merged(&[old, other], &[new])[0], expected, "{new:?}");
        assert_eq!(merged(&[old, other], &[new])[1], "b - - - 10");
    }
    let added = merged(&[other], &[("c", Some("none"), None, None, 1)]);
    assert_eq!(added, ["b - - - 10", "c none - - 1"]);
}

/// Ids of rows that are lost, or say less, where a rebuild makes others of them.
fn lost(old: &[Row<'_>], new: &[Row<'_>]) -> Vec<String> {
    let (file, table) = (File::new(), things());
    file.load(&table, &[], batch(old));
    let tables = std::slice::from_ref(&table);
    let mut load = file.warehouse.begin_rebuild(tables, &[]).unwrap();
    load.replace(&table, &[], [batch(new)]).unwrap();
    let mut losses = load.losses(tables, |_| SILENCE).unwrap();
    load.publish().unwrap();
    let reader = file.warehouse.read(Limits::default()).unwrap();
    assert_eq!(
        reader.strings("SELECT id FROM things").unwrap().len(),
        new.len()
    );
    let losses = losses.remove("things").unwrap_or_default();
    losses.into_keys().collect()
}

#[test]
fn a_loss_is_a_row_less_or_a_value_less() {
    let a = ("a", Some("shut"), Some(1), None, 10);
    let b = ("b", None, Some(1), Some(7), 10);
    assert_eq!(lost(&[a, b], &[a, b]), [""; 0]);
    assert_eq!(lost(&[a, b], &[a]), ["b"]);
    assert_eq!(lost(&[a], &[a, b]), [""; 0]);
    let changed = ("a", Some("open"), Some(2), Some(7), 1);
    assert_eq!(lost(&[a], &[changed]), [""; 0], "another value is no loss");
    assert_eq!(lost(&[a], &[("a", Some("none"), Some(1), None, 10)]), ["a"]);
    assert_eq!(lost(&[a], &[("a", Some("shut"), None, None, 10)]), ["a"]);
    assert_eq!(lost(&[b], &[("b", None, Some(1), None, 10)]), ["b"]);
}
