//! A whole warehouse with a view whose rows have items.

use std::sync::Arc;

use arrow::array::{ArrayRef, Int32Array, RecordBatch, StringArray};
use warehouse::parquet::Folder;
use warehouse::schema::{ColumnType, Table};
use warehouse::{
    Destination, DuckDb, Field, FieldValue, Limits, Nested, Original, Publication, Terms, View,
};

use super::{column, look, things};
use crate::google::Google;

/// Items that are nested in things.
fn items() -> Table {
    Table {
        name: "items",
        key: &["thing", "number"],
        replace_by: "thing",
        columns: vec![
            column("thing", ColumnType::String),
            column("number", ColumnType::Int32),
            column("watts", ColumnType::Int32),
        ],
        ..things()
    }
}

/// Things with their items.
fn nested() -> View {
    let table = Table {
        name: "nested",
        ..things()
    };
    let field = |name, column_type, value| Field {
        column: column(name, column_type),
        value,
    };
    let mean = FieldValue::TrailingMean {
        of: "watts",
        over: 2,
    };
    let list = Nested {
        name: "stats",
        description: "Its items.",
        from: "items",
        key: "thing",
        order: "number",
        fields: vec![
            field("watts", ColumnType::Int32, FieldValue::Column),
            field("mean", ColumnType::Float64, mean),
        ],
    };
    View::new(table, "things", list)
}

#[tokio::test]
async fn a_warehouse_with_a_nested_view_goes_there_with_its_items() {
    let (google, file, view) = (Google::start().await, crate::file::File::new(), nested());
    let (tables, views) = (vec![things(), items()], vec![view]);
    let mut load = file.warehouse.begin_load(&tables, &views).unwrap();
    let rows = crate::file::rows(&things(), &[("a", 1)]);
    load.replace(&things(), &["a"], [rows]).unwrap();
    let numbers: [ArrayRef; 2] =
        [vec![1, 2], vec![200, 100]].map(|numbers| Arc::new(Int32Array::from(numbers)) as ArrayRef);
    let [numbers, watts] = numbers;
    let things_of: ArrayRef = Arc::new(StringArray::from(vec!["a", "a"]));
    let rows = RecordBatch::try_new(items().arrow_schema(), vec![things_of, numbers, watts]);
    load.replace(&items(), &["a"], [rows.unwrap()]).unwrap();
    load.publish().unwrap();
    let publication = Publication { tables, views };
    let reader = file.warehouse.read(Limits::default()).unwrap();
    let original = Original::new(reader, publication, None);
    for expected in [3, 0] {
        let destination: Arc<dyn Destination> = Arc::new(look(&google));
        let workspace = destination.workspace().unwrap();
        let plan = warehouse::plan(&original, destination.as_ref(), Terms::default()).await;
        let plan = plan.unwrap();
        assert_eq!(plan.unit_count(), expected);
        let stop = std::future::pending();
        let done =
            warehouse::publish(&original, &destination, &workspace, &plan, stop, |_| {}).await;
        let done = done.unwrap();
        assert_eq!((done.units, done.failed.len()), (expected, 0));
    }
    assert_eq!(google.column("things", "n"), ["1"]);
    let stats = r#"[{"watts":"200","mean":"200.0"},{"watts":"100","mean":"150.0"}]"#;
    assert_eq!(google.column("nested", "stats"), [stats]);
}

/// A table of an older program has its newer columns at the end.
#[tokio::test]
async fn columns_that_lie_in_another_order_are_published_by_their_names() {
    let (file, out) = (crate::file::File::new(), tempfile::tempdir().unwrap());
    let load = file.warehouse.begin_load(&[], &[]).unwrap();
    load.execute(
        "CREATE TABLE main.things(n BIGINT, id VARCHAR); INSERT INTO main.things VALUES (7, 'a'); \
         CREATE TABLE main.items(watts INTEGER, number INTEGER, thing VARCHAR); \
         INSERT INTO main.items VALUES (200, 1, 'a'), (100, 2, 'a')",
    )
    .unwrap();
    load.publish().unwrap();
    let publication = Publication {
        tables: vec![things(), items()],
        views: vec![nested()],
    };
    let google = Google::start().await;
    let folder = Folder::at(out.path().into(), &publication);
    let reader = file.warehouse.read(Limits::default()).unwrap();
    let original = Original::new(reader, publication, None);
    let destinations: [Arc<dyn Destination>; 2] =
        [Arc::new(look(&google)), Arc::new(folder.clone())];
    for destination in destinations {
        let workspace = destination.workspace().unwrap();
        let plan = warehouse::plan(&original, destination.as_ref(), Terms::default()).await;
        let (plan, stop) = (plan.unwrap(), std::future::pending());
        warehouse::publish(&original, &destination, &workspace, &plan, stop, |_| {})
            .await
            .unwrap();
    }
    assert_eq!(google.column("things", "id"), ["a"]);
    assert_eq!(google.column("things", "n"), ["7"]);
    assert_eq!(google.column("items", "watts"), ["100", "200"]);
    let stats = r#"[{"watts":"200","mean":"200.0"},{"watts":"100","mean":"150.0"}]"#;
    assert_eq!(google.column("nested", "stats"), [stats]);
    let sql = "SELECT id, n, (SELECT sum(number * watts) FROM items), stats[2].mean FROM nested";
    let rows = crate::folder::texts(&DuckDb::on_folder(folder), sql).await;
    let row = ["a", "7", "400", "150.0"].map(|text| Some(text.to_owned()));
    assert_eq!(rows, [row]);
}
