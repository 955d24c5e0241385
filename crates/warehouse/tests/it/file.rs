//! The file: loads, readers, what a person made in it, what another program left beside it.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use arrow::array::{ArrayRef, AsArray, Int64Array, RecordBatch, StringArray};
use arrow::datatypes::Int64Type;
use tempfile::TempDir;
use warehouse::schema::{Column, ColumnType, Table};
use warehouse::{Error, Field, FieldValue, Limits, Lock, Nested, View, Warehouse};

pub(crate) fn column(name: &'static str, column_type: ColumnType) -> Column {
    Column {
        name,
        column_type,
        unit: None,
        description: "It's a column",
    }
}

pub(crate) fn table(name: &'static str) -> Table {
    Table {
        name,
        grain: "one thing",
        description: "Things.",
        key: &["id"],
        replace_by: "id",
        partition_by: None,
        cluster_by: &[],
        columns: vec![
            column("id", ColumnType::String),
            column("n", ColumnType::Int64),
        ],
    }
}

pub(crate) fn rows(table: &Table, rows: &[(&str, i64)]) -> RecordBatch {
    let ids: ArrayRef = Arc::new(StringArray::from_iter_values(
        rows.iter().map(|(id, _)| *id),
    ));
    let numbers: ArrayRef = Arc::new(Int64Array::from_iter_values(rows.iter().map(|(_, n)| *n)));
    RecordBatch::try_new(table.arrow_schema(), vec![ids, numbers]).unwrap()
}

pub(crate) struct File {
    folder: TempDir,
    pub(crate) warehouse: Warehouse,
}

impl File {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let warehouse = Warehouse::at(folder.path().join("w.duckdb"));
        Self { folder, warehouse }
    }

    pub(crate) fn load(&self, table: &Table, values: &[&str], batch: RecordBatch) -> Vec<String> {
        let mut load = self
            .warehouse
            .begin_load(std::slice::from_ref(table), &[])
            .unwrap();
        load.replace(table, values, [batch]).unwrap();
        load.publish().unwrap().notes
    }

    fn number(&self, sql: &str) -> i64 {
        let reader = self.warehouse.read(Limits::default()).unwrap();
        let batches = reader.batches(&format!("SELECT ({sql})::BIGINT")).unwrap();
        batches[0].column(0).as_primitive::<Int64Type>().value(0)
    }

    fn execute(&self, sql: &str) {
        let connection = duckdb::Connection::open(self.warehouse.path()).unwrap();
        connection.execute_batch(sql).unwrap();
    }

    fn names(&self) -> Vec<PathBuf> {
        let mut names: Vec<PathBuf> = fs::read_dir(self.folder.path())
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .collect();
        names.sort();
        names
    }
}

/// A file with one row, `a` and 1, in one table.
fn loaded() -> (File, Table) {
    let (file, table) = (File::new(), table("things"));
    file.load(&table, &["a"], rows(&table, &[("a", 1)]));
    (file, table)
}

#[test]
fn replacing_twice_equals_once() {
    let (file, table) = (File::new(), table("things"));
    for _ in 0..2 {
        file.load(
            &table,
            &["a", "b"],
            rows(&table, &[("a", 1), ("a", 2), ("b", 3)]),
        );
    }
    assert_eq!(file.number("SELECT sum(n) * 10 + count(*) FROM things"), 63);
    // A value without a new row loses its old ones.
    file.load(&table, &["a"], rows(&table, &[]));
    assert_eq!(file.number("SELECT sum(n) FROM things"), 3);
}

#[test]
fn a_load_that_is_dropped_leaves_no_trace() {
    let (file, table) = loaded();
    let before = fs::read(file.warehouse.path()).unwrap();
    let mut load = file
        .warehouse
        .begin_load(std::slice::from_ref(&table), &[])
        .unwrap();
    load.replace(&table, &["a"], [rows(&table, &[("a", 2)])])
        .unwrap();
    drop(load);
    assert_eq!(fs::read(file.warehouse.path()).unwrap(), before);
    assert_eq!(file.names().len(), 1);
}

#[test]
fn what_a_killed_load_left_is_removed_by_the_next() {
    let (file, table) = (File::new(), table("things"));
    fs::write(file.folder.path().join("w.duckdb.loading"), "half").unwrap();
    fs::write(file.folder.path().join("w.duckdb.loading.wal"), "half").unwrap();
    file.load(&table, &["a"], rows(&table, &[("a", 1)]));
    assert_eq!(file.names().len(), 1);
}

#[test]
fn a_new_column_keeps_old_rows() {
    let (file, table) = loaded();
    let mut wider = table.clone();
    wider.columns.insert(1, column("text", ColumnType::String));
    let load = file
        .warehouse
        .begin_load(std::slice::from_ref(&wider), &[])
        .unwrap();
    load.publish().unwrap();
    assert_eq!(file.number("SELECT n FROM things WHERE text IS NULL"), 1);
}

#[test]
fn tables_and_views_of_a_person_survive_loads_and_rebuilds() {
    let (file, table) = loaded();
    file.execute(
        "CREATE TABLE mine AS SELECT 7 AS n; CREATE SCHEMA other; CREATE TABLE other.mine AS SELECT 8 AS n; \
         CREATE VIEW fits AS SELECT n FROM things; CREATE VIEW breaks AS SELECT n FROM things",
    );
    file.load(&table, &["a"], rows(&table, &[("a", 2)]));
    assert_eq!(
        file.number("SELECT (SELECT n FROM mine) + (SELECT n FROM fits)"),
        9
    );
    let mut narrower = table.clone();
    narrower.columns[1].name = "m";
    let load = file
        .warehouse
        .begin_rebuild(std::slice::from_ref(&narrower), &[])
        .unwrap();
    let notes = load.publish().unwrap().notes;
    assert_eq!(
        file.number("SELECT (SELECT n FROM mine) + (SELECT n FROM other.mine)"),
        15
    );
    assert!(
        notes
            .iter()
            .any(|note| note.contains("`breaks` no longer fits")),
        "{notes:?}"
    );
}

#[test]
fn what_a_person_made_elsewhere_survives_a_rebuild_with_all_it_had() {
    let (file, table) = loaded();
    file.execute(
        "CREATE SCHEMA other; CREATE VIEW other.doubled AS SELECT 2 * n AS n FROM main.things; \
         CREATE TABLE mine(id INTEGER PRIMARY KEY, n INTEGER DEFAULT 5); INSERT INTO mine(id) VALUES (1); \
         CREATE MACRO triple(n) AS 3 * n",
    );
    let mut load = file
        .warehouse
        .begin_rebuild(std::slice::from_ref(&table), &[])
        .unwrap();
    load.replace(&table, &["a"], [rows(&table, &[("a", 4)])])
        .unwrap();
    assert_eq!(load.publish().unwrap().notes, Vec::<String>::new());
    assert_eq!(file.number("SELECT n FROM other.doubled"), 8);
    assert_eq!(file.number("SELECT triple(n) FROM mine"), 15);
    let twice = duckdb::Connection::open(file.warehouse.path())
        .unwrap()
        .execute_batch("INSERT INTO mine(id) VALUES (1)");
    assert!(twice.is_err(), "the primary key is gone");
}

#[test]
fn a_view_on_all_columns_is_mended_when_a_table_gets_one_more() {
    let (file, table) = loaded();
    file.execute("CREATE VIEW everything AS SELECT * FROM things");
    let mut wider = table.clone();
    wider.columns.insert(1, column("text", ColumnType::String));
    let load = file
        .warehouse
        .begin_load(std::slice::from_ref(&wider), &[])
        .unwrap();
    assert_eq!(load.publish().unwrap().notes, Vec::<String>::new());
    assert_eq!(
        file.number("SELECT n FROM everything WHERE text IS NULL"),
        1
    );
}

#[test]
fn a_load_of_many_transactions_is_seen_as_one() {
    let (file, table) = loaded();
    let many: Vec<(&str, i64)> = (0..2_100_000).map(|n| ("b", n)).collect();
    file.load(&table, &["b"], rows(&table, &many));
    let mut load = file
        .warehouse
        .begin_load(std::slice::from_ref(&table), &[])
        .unwrap();
    for (id, n) in [("b", 3), ("a", 4)] {
        load.replace(&table, &[id], [rows(&table, &[(id, n)])])
            .unwrap();
    }
    assert_eq!(file.number("SELECT count(*) FROM things"), 2_100_001);
    load.publish().unwrap();
    assert_eq!(file.number("SELECT sum(n) FROM things"), 7);
}

#[test]
fn a_column_without_a_value_is_null() {
    let (file, narrow) = loaded();
    let mut table = narrow.clone();
    table.columns.push(column("text", ColumnType::String));
    let batch = rows(&narrow, &[("b", 1), ("b", 2)]);
    let text: ArrayRef = Arc::new(StringArray::from(vec![None::<&str>, None]));
    let columns = batch.columns().iter().cloned().chain([text]).collect();
    let batch = RecordBatch::try_new(table.arrow_schema(), columns).unwrap();
    file.load(&table, &["b"], batch);
    assert_eq!(
        file.number("SELECT count(*) * 10 + count(text) FROM things"),
        30
    );
}

#[test]
fn a_table_of_a_person_with_a_name_of_ours_is_renamed() {
    let (file, table) = loaded();
    file.execute("CREATE TABLE later AS SELECT 5 AS n");
    let nested = Nested {
        name: "items",
        description: "None.",
        from: "things",
        key: "id",
        order: "n",
        fields: vec![Field {
            column: column("n", ColumnType::Int64),
            value: FieldValue::Column,
        }],
    };
    let view = View::new(self::table("later"), "things", nested);
    let load = file
        .warehouse
        .begin_load(std::slice::from_ref(&table), &[view])
        .unwrap();
    let notes = load.publish().unwrap().notes;
    assert!(notes[0].contains("later_of_yours"), "{notes:?}");
    assert_eq!(
        file.number("SELECT (SELECT n FROM later_of_yours) * 10 + (SELECT n FROM later)"),
        51
    );
}

#[test]
fn the_journal_of_another_program_is_put_aside_and_not_applied() {
    let (file, table) = loaded();
    let journal = file.folder.path().join("w.duckdb.wal");
    fs::write(&journal, "not ours").unwrap();
    let notes = file.load(&table, &["b"], rows(&table, &[("b", 2)]));
    assert!(notes[0].contains("journal"), "{notes:?}");
    assert!(!journal.exists());
    assert_eq!(file.number("SELECT sum(n) FROM things"), 3);
    assert_eq!(file.names().len(), 2, "{:?}", file.names());
}

#[test]
fn a_journal_without_its_file_is_put_aside() {
    let (file, table) = loaded();
    fs::remove_file(file.warehouse.path()).unwrap();
    let journal = file.folder.path().join("w.duckdb.wal");
    fs::write(&journal, "of the file that was deleted").unwrap();
    let notes = file.load(&table, &["a"], rows(&table, &[("a", 1)]));
    assert!(notes[0].contains("journal"), "{notes:?}");
    assert!(!journal.exists());
    assert_eq!(file.number("SELECT sum(n) FROM things"), 1);
}

#[test]
fn other_files_are_refused_and_never_overwritten() {
    let (file, table) = (File::new(), table("things"));
    for content in [
        "",
        "short",
        "a text that is longer than the header of a DuckDB file",
    ] {
        fs::write(file.warehouse.path(), content).unwrap();
        let refused = file.warehouse.begin_load(std::slice::from_ref(&table), &[]);
        assert!(matches!(refused, Err(Error::NotOurs { .. })), "{content}");
        assert_eq!(fs::read_to_string(file.warehouse.path()).unwrap(), content);
    }
    fs::remove_file(file.warehouse.path()).unwrap();
    file.execute("CREATE TABLE theirs(n INTEGER)");
    let refused = file
        .warehouse
        .begin_rebuild(std::slice::from_ref(&table), &[]);
    assert!(matches!(refused, Err(Error::NotOurs { .. })));
    assert_eq!(file.number("SELECT count(*) FROM theirs"), 0);
}

#[test]
fn a_reader_without_pause_never_fails_and_never_sees_half_a_load() {
    let (file, one, other) = (File::new(), table("one"), table("other"));
    let load = |n: i64| {
        let mut load = file
            .warehouse
            .begin_load(&[one.clone(), other.clone()], &[])
            .unwrap();
        load.replace(&one, &["a"], [rows(&one, &[("a", n)])])
            .unwrap();
        load.replace(&other, &["a"], [rows(&other, &[("a", n)])])
            .unwrap();
        load.publish().unwrap();
    };
    load(0);
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let reading = scope.spawn(|| {
            let mut seen = 0;
            while !done.load(Ordering::Relaxed) {
                assert_eq!(
                    file.number("SELECT (SELECT n FROM one) - (SELECT n FROM other)"),
                    0
                );
                seen += 1;
            }
            seen
        });
        (1..=30).for_each(load);
        done.store(true, Ordering::Relaxed);
        assert!(reading.join().unwrap() > 0);
    });
}

#[test]
fn the_second_lock_names_the_first() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("lock");
    let first = Lock::acquire(path.clone(), "sync").unwrap();
    let error = Lock::acquire(path.clone(), "rebuild")
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("`sync`") && error.contains(&std::process::id().to_string()),
        "{error}"
    );
    drop(first);
    Lock::acquire(path, "rebuild").unwrap();
}

#[test]
fn a_query_that_needs_more_memory_than_it_may_have_goes_on_on_the_disk() {
    let (file, _) = loaded();
    let limits = Limits {
        memory: "50MB".into(),
        ..Limits::default()
    };
    let reader = file.warehouse.read(limits).unwrap();
    let mut count = 0;
    reader
        .query::<Error>(
            "SELECT n FROM (SELECT hash(range) AS n FROM range(8_000_000)) ORDER BY n",
            &[],
            |_| Ok(()),
            |batch| {
                count += batch.num_rows();
                Ok(())
            },
        )
        .unwrap();
    assert_eq!(count, 8_000_000);
}

#[test]
fn a_file_of_another_version_is_left_for_a_rebuild() {
    let (file, table) = loaded();
    file.execute("UPDATE state.meta SET schema_version = 0");
    let tables = std::slice::from_ref(&table);
    let refused = file.warehouse.begin_load(tables, &[]).unwrap_err();
    assert!(matches!(refused, Error::OtherVersion { .. }), "{refused}");
    let load = file.warehouse.begin_rebuild(tables, &[]).unwrap();
    load.publish().unwrap();
    file.load(&table, &["b"], rows(&table, &[("b", 2)]));
}

#[test]
fn a_query_that_takes_too_long_is_ended() {
    let (file, _) = loaded();
    let limits = Limits {
        timeout: Some(std::time::Duration::from_millis(50)),
        ..Limits::default()
    };
    let reader = file.warehouse.read(limits).unwrap();
    let slow =
        "SELECT count(*) FROM range(100000) a, range(100000) b WHERE a.range % 7 = b.range % 3";
    let ended = reader.query::<Error>(slow, &[], |_| Ok(()), |_| Ok(()));
    assert!(matches!(ended, Err(Error::TimedOut { .. })), "{ended:?}");
}

#[test]
fn descriptions_are_in_the_file() {
    let (file, table) = (File::new(), table("things"));
    file.load(&table, &[], rows(&table, &[]));
    assert_eq!(
        file.number("SELECT count(*) FROM duckdb_columns() WHERE comment LIKE 'It''s%'"),
        2
    );
    assert_eq!(
        file.number("SELECT count(*) FROM duckdb_tables() WHERE comment LIKE 'Things. One row%'"),
        1
    );
}
