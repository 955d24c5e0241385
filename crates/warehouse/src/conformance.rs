//! What every [`Destination`] promises, as tests that each implementation runs.
//!
//! A test makes a [`Subject`] over an empty place and calls [`all`], or one promise after the other.
//! They panic where a promise is broken.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use arrow::array::{
    ArrayRef, BooleanArray, Date32Array, Float64Array, Int32Array, RecordBatch, StringArray,
    TimestampMicrosecondArray,
};
use async_trait::async_trait;

use crate::destination::{Destination, Replacement, Size, Transport};
use crate::error::Result;
use crate::parquet::Writer;
use crate::schema::{Column, ColumnType, Table};
use crate::unit::{Fingerprint, Month, Part, Unit};

/// A place that is tested.
#[async_trait]
pub trait Subject: Send + Sync {
    /// Another look at the same place, which remembers nothing of those before; they are dropped by then.
    /// The tables are all that will be published there.
    fn destination(&self, tables: &[Table]) -> Arc<dyn Destination>;

    /// What a reader of the place sees in some columns of a table: the rows as text, in any order, NULL as
    /// `None`. Times as `2026-03-01 00:00:00`, numbers as short as they are exact.
    async fn rows(&self, table: &Table, columns: &[&str]) -> Vec<Vec<Option<String>>>;
}

/// One row of the tables that the suite publishes: an id, a day, and the values of the other columns.
#[derive(Debug, Clone, Copy)]
struct Row {
    id: &'static str,
    day: i32,
    number: Option<i32>,
}

/// 2026-01-01, in days since 1970.
const JANUARY: i32 = 20_454;
const FEBRUARY: i32 = JANUARY + 31;

const fn row(id: &'static str, day: i32, number: Option<i32>) -> Row {
    Row { id, day, number }
}

/// Every promise, each on a place of its own.
///
/// # Panics
/// Where one is broken.
pub async fn all<S: Subject>(place: impl AsyncFn() -> S) {
    nothing_is_there_at_first(&place().await).await;
    what_was_published_is_known_to_the_next(&place().await).await;
    the_owner_is_known_to_the_next(&place().await).await;
    replacing_twice_equals_once(&place().await).await;
    values_come_back_as_they_are(&place().await).await;
    null_comes_back_null(&place().await).await;
    a_part_replaces_only_itself(&place().await).await;
    a_whole_table_replaces_all_of_its_parts(&place().await).await;
    a_removed_unit_leaves_no_rows(&place().await).await;
    a_table_without_rows_is_there(&place().await).await;
    a_new_column_keeps_the_old_rows(&place().await).await;
    a_failed_call_leaves_no_trace(&place().await).await;
}

/// A table that is one piece.
fn table() -> Table {
    let column = |name, column_type| Column {
        name,
        column_type,
        unit: None,
        description: "A column of the suite.",
    };
    Table {
        name: "conformance",
        grain: "one row",
        description: "A table of the suite.",
        key: &["id"],
        replace_by: "id",
        partition_by: None,
        cluster_by: &[],
        columns: vec![
            column("id", ColumnType::String),
            column("day", ColumnType::Date),
            column("number", ColumnType::Int32),
            column("ratio", ColumnType::Float64),
            column("is_true", ColumnType::Bool),
            column("instant", ColumnType::Timestamp),
            column("wall_clock", ColumnType::DateTime),
        ],
    }
}

/// The same, in months.
fn monthly() -> Table {
    Table {
        name: "conformance_months",
        partition_by: Some("day"),
        ..table()
    }
}

fn month(month: i8) -> Part {
    Part::Month(Month { year: 2026, month })
}

fn unit(table: &Table, part: Part) -> Unit {
    Unit {
        table: table.name.into(),
        part,
    }
}

fn batch(table: &Table, rows: &[Row]) -> RecordBatch {
    const DAY_US: i64 = 86_400_000_000;
    let at = |row: &Row| Some(i64::from(row.day) * DAY_US + 1_123_456);
    let at: TimestampMicrosecondArray = rows.iter().map(at).collect();
    let columns: Vec<ArrayRef> = table
        .columns
        .iter()
        .map(|column| -> ArrayRef {
            match column.name {
                "id" => Arc::new(StringArray::from_iter_values(rows.iter().map(|row| row.id))),
                "day" => Arc::new(
                    rows.iter()
                        .map(|row| Some(row.day))
                        .collect::<Date32Array>(),
                ),
                "ratio" => {
                    let half = |row: &Row| row.number.map(|number| f64::from(number) + 0.5);
                    Arc::new(rows.iter().map(half).collect::<Float64Array>())
                }
                "is_true" => {
                    let is_true = |row: &Row| row.number.map(|number| number > 1);
                    Arc::new(rows.iter().map(is_true).collect::<BooleanArray>())
                }
                "instant" | "wall_clock" => Arc::new(at.clone()),
                _ => Arc::new(rows.iter().map(|row| row.number).collect::<Int32Array>()),
            }
        })
        .collect();
    RecordBatch::try_new(table.arrow_schema(), columns).expect("columns of the table's types")
}

fn write(table: &Table, rows: &[Row], fingerprint: &Fingerprint, path: &Path) {
    let mut writer = Writer::create(path, table, fingerprint).expect("create a file");
    writer.write(&batch(table, rows)).expect("write rows");
    writer.finish(path).expect("finish a file");
}

/// A run that knows what is there, and publishes a table.
struct Run<'a> {
    destination: Arc<dyn Destination>,
    table: &'a Table,
}

impl<'a> Run<'a> {
    async fn begin(subject: &impl Subject, table: &'a Table) -> Self {
        let destination = again(subject);
        published(destination.as_ref()).await;
        Self { destination, table }
    }

    /// Publishes rows as the one unit of a part.
    async fn bring(&self, part: Part, rows: &[Row], fingerprint: &str) {
        self.bring_units(part, &[part], rows, fingerprint).await;
    }

    /// Publishes rows as a part that brings several units.
    async fn bring_units(&self, part: Part, units: &[Part], rows: &[Row], fingerprint: &str) {
        let fingerprint = Fingerprint::from_text(fingerprint);
        self.prepare().await;
        let workspace = self.destination.workspace().expect("a workspace");
        let file = workspace.path().join("rows.parquet");
        write(self.table, rows, &fingerprint, &file);
        let replaced = self.replace(part, units, &fingerprint, &file).await;
        replaced.expect("replace a part");
        self.commit().await;
        self.complete().await;
    }

    async fn prepare(&self) {
        let prepared = self.destination.prepare(self.table).await;
        prepared.expect("prepare the table");
    }

    async fn replace(
        &self,
        part: Part,
        units: &[Part],
        fingerprint: &Fingerprint,
        file: &Path,
    ) -> Result<()> {
        let units = units.iter();
        let units: BTreeMap<Unit, Fingerprint> = units
            .map(|part| (unit(self.table, *part), fingerprint.clone()))
            .collect();
        let replacement = Replacement {
            table: self.table,
            part,
            units: &units,
            file,
        };
        self.destination.replace(replacement).await
    }

    async fn commit(&self) {
        self.destination.commit().await.expect("commit");
    }

    async fn complete(&self) {
        self.destination.complete(&[]).await.expect("complete");
    }
}

/// One run that publishes rows as the one unit of a part.
async fn bring(subject: &impl Subject, table: &Table, part: Part, rows: &[Row], fingerprint: &str) {
    let run = Run::begin(subject, table).await;
    run.bring(part, rows, fingerprint).await;
}

async fn published(destination: &dyn Destination) -> BTreeMap<Unit, Fingerprint> {
    destination.published().await.expect("what is there").units
}

/// The parts of a table that are there, with their fingerprints, for whoever looks next.
async fn known(subject: &impl Subject, table: &Table) -> Vec<(Part, String)> {
    let units = published(again(subject).as_ref()).await;
    let of_it = units.iter().filter(|(unit, _)| unit.table == table.name);
    of_it
        .map(|(unit, fingerprint)| (unit.part, fingerprint.to_string()))
        .collect()
}

fn again(subject: &impl Subject) -> Arc<dyn Destination> {
    subject.destination(&[table(), monthly()])
}

async fn ids(subject: &impl Subject, table: &Table) -> BTreeSet<String> {
    let rows = subject.rows(table, &["id"]).await;
    let count = rows.len();
    let ids: BTreeSet<String> = rows.into_iter().flatten().flatten().collect();
    assert_eq!(ids.len(), count, "a row is there twice");
    ids
}

fn set(ids: &[&str]) -> BTreeSet<String> {
    ids.iter().map(|id| (*id).to_owned()).collect()
}

/// An empty place has no units, and looking changes nothing.
///
/// # Panics
/// If the promise is broken.
pub async fn nothing_is_there_at_first(subject: &impl Subject) {
    for _ in 0..2 {
        assert!(published(again(subject).as_ref()).await.is_empty());
    }
}

/// The fingerprint of a unit is known to whoever looks next.
///
/// # Panics
/// If the promise is broken.
pub async fn what_was_published_is_known_to_the_next(subject: &impl Subject) {
    let table = table();
    let rows = [row("a", JANUARY, Some(1))];
    bring(subject, &table, Part::All, &rows, "1a").await;
    assert_eq!(known(subject, &table).await, [(Part::All, "1a".into())]);
}

/// Whose data are there is known from the moment it was claimed, before and after rows have come, and until
/// another claims it.
///
/// # Panics
/// If the promise is broken.
pub async fn the_owner_is_known_to_the_next(subject: &impl Subject) {
    let table = table();
    let rows = [row("a", JANUARY, Some(1))];
    let owner = async || {
        let found = again(subject).published().await.expect("what is there");
        found.owner.map(|owner| owner.to_string())
    };
    assert_eq!(owner().await, None);
    for name in ["0a", "0b"] {
        let run = Run::begin(subject, &table).await;
        let _workspace = run.destination.workspace().expect("a workspace");
        let claimed = run.destination.claim(&Fingerprint::from_text(name)).await;
        claimed.expect("claim the place");
        assert_eq!(owner().await.as_deref(), Some(name));
        run.bring(Part::All, &rows, "1a").await;
        drop(run);
        assert_eq!(owner().await.as_deref(), Some(name));
        bring(subject, &table, Part::All, &rows, "1b").await;
        assert_eq!(owner().await.as_deref(), Some(name));
    }
}

/// The same replacement again leaves the same rows.
///
/// # Panics
/// If the promise is broken.
pub async fn replacing_twice_equals_once(subject: &impl Subject) {
    let table = table();
    let rows = [row("a", JANUARY, Some(1)), row("b", JANUARY, Some(2))];
    for _ in 0..2 {
        bring(subject, &table, Part::All, &rows, "1a").await;
    }
    assert_eq!(ids(subject, &table).await, set(&["a", "b"]));
}

/// Every type comes back as it was.
///
/// # Panics
/// If the promise is broken.
pub async fn values_come_back_as_they_are(subject: &impl Subject) {
    let table = table();
    let rows = [row("a", JANUARY, Some(2))];
    bring(subject, &table, Part::All, &rows, "1a").await;
    let names: Vec<&str> = table.columns.iter().map(|column| column.name).collect();
    let seen = subject.rows(&table, &names).await;
    let expected = [
        "a",
        "2026-01-01",
        "2",
        "2.5",
        "true",
        "2026-01-01 00:00:01.123456",
        "2026-01-01 00:00:01.123456",
    ];
    assert_eq!(seen, [expected.map(|text| Some(text.to_owned())).to_vec()]);
}

/// NULL is NULL, in a column of values and in a column without any.
///
/// # Panics
/// If the promise is broken.
pub async fn null_comes_back_null(subject: &impl Subject) {
    let table = table();
    let rows = [row("a", JANUARY, None), row("b", JANUARY, Some(1))];
    bring(subject, &table, Part::All, &rows, "1a").await;
    let mut seen = subject.rows(&table, &["id", "number"]).await;
    seen.sort();
    assert_eq!(seen[0][1], None);
    assert_eq!(seen[1][1].as_deref(), Some("1"));
    let rows = [row("a", JANUARY, None)];
    bring(subject, &table, Part::All, &rows, "1b").await;
    assert_eq!(subject.rows(&table, &["number"]).await, [[None]]);
}

/// A month does not touch the others.
///
/// # Panics
/// If the promise is broken.
pub async fn a_part_replaces_only_itself(subject: &impl Subject) {
    let table = monthly();
    let run = Run::begin(subject, &table).await;
    let (one, two) = (month(1), month(2));
    let rows = [row("a", JANUARY, Some(1)), row("b", JANUARY + 1, Some(2))];
    run.bring(one, &rows, "1a").await;
    run.bring(two, &[row("c", FEBRUARY, Some(3))], "2a").await;
    run.bring(one, &[row("d", JANUARY, Some(4))], "1b").await;
    assert_eq!(ids(subject, &table).await, set(&["c", "d"]));
    let expected = [(one, "1b".into()), (two, "2a".into())];
    assert_eq!(known(subject, &table).await, expected);
}

/// A table that comes whole has no rows and no units of before. A destination that takes tables by
/// their units alone never sees such a call.
///
/// # Panics
/// If the promise is broken.
pub async fn a_whole_table_replaces_all_of_its_parts(subject: &impl Subject) {
    let table = monthly();
    let run = Run::begin(subject, &table).await;
    if run.destination.transport(&table, Size::default()) != Transport::Whole {
        return;
    }
    let (one, two) = (month(1), month(2));
    let rows = [row("a", JANUARY, Some(1)), row("b", FEBRUARY, Some(2))];
    run.bring_units(Part::All, &[one, two], &rows, "1a").await;
    assert_eq!(known(subject, &table).await.len(), 2);
    drop(run);
    let run = Run::begin(subject, &table).await;
    let rows = [row("c", FEBRUARY, Some(3))];
    run.bring_units(Part::All, &[two], &rows, "1b").await;
    assert_eq!(ids(subject, &table).await, set(&["c"]));
    assert_eq!(known(subject, &table).await, [(two, "1b".into())]);
}

/// A unit that was removed has no rows and no fingerprint; the others stay.
///
/// # Panics
/// If the promise is broken.
pub async fn a_removed_unit_leaves_no_rows(subject: &impl Subject) {
    let table = monthly();
    let run = Run::begin(subject, &table).await;
    let (one, two) = (month(1), month(2));
    run.bring(one, &[row("a", JANUARY, Some(1))], "1a").await;
    run.bring(two, &[row("b", FEBRUARY, Some(2))], "2a").await;
    let removed = run.destination.remove(&table, &unit(&table, one)).await;
    removed.expect("remove a unit");
    run.commit().await;
    run.complete().await;
    assert_eq!(ids(subject, &table).await, set(&["b"]));
    assert_eq!(known(subject, &table).await, [(two, "2a".into())]);
}

/// A table can be asked although it has no rows.
///
/// # Panics
/// If the promise is broken.
pub async fn a_table_without_rows_is_there(subject: &impl Subject) {
    let table = table();
    bring(subject, &table, Part::All, &[], "1a").await;
    assert!(subject.rows(&table, &["id", "number"]).await.is_empty());
}

/// A column that is new is there after the next replacement, and rows of parts that were not replaced
/// are there as they were.
///
/// # Panics
/// If the promise is broken.
pub async fn a_new_column_keeps_the_old_rows(subject: &impl Subject) {
    let mut table = monthly();
    let rows = [row("a", JANUARY, Some(1))];
    bring(subject, &table, month(1), &rows, "1a").await;
    let added = Column {
        name: "added",
        column_type: ColumnType::Int32,
        unit: Some("W"),
        description: "A column that came later.",
    };
    table.columns.insert(1, added);
    let rows = [row("b", FEBRUARY, Some(2))];
    bring(subject, &table, month(2), &rows, "2a").await;
    let mut seen = subject.rows(&table, &["id", "added", "number"]).await;
    seen.sort();
    let some = |text: &str| Some(text.to_owned());
    assert_eq!(seen[0], [some("a"), None, some("1")]);
    assert_eq!(seen[1], [some("b"), some("2"), some("2")]);
}

/// A replacement that fails leaves rows and fingerprints as they were.
///
/// # Panics
/// If the promise is broken.
pub async fn a_failed_call_leaves_no_trace(subject: &impl Subject) {
    let table = table();
    let rows = [row("a", JANUARY, Some(1))];
    bring(subject, &table, Part::All, &rows, "1a").await;
    let run = Run::begin(subject, &table).await;
    run.prepare().await;
    let workspace = run.destination.workspace().expect("a workspace");
    let file = workspace.path().join("not there.parquet");
    let fingerprint = Fingerprint::from_text("1b");
    let replaced = run.replace(Part::All, &[Part::All], &fingerprint, &file);
    assert!(replaced.await.is_err());
    run.commit().await;
    assert_eq!(ids(subject, &table).await, set(&["a"]));
    assert_eq!(known(subject, &table).await, [(Part::All, "1a".into())]);
}
