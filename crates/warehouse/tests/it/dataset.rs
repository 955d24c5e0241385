//! A dataset of BigQuery as a destination: load jobs and their ids, tables that are gone, the record.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use arrow::array::{ArrayRef, Date32Array, Int32Array, Int64Array, RecordBatch, StringArray};
use async_trait::async_trait;
use parquet::arrow::ArrowWriter;
use warehouse::bigquery::{self, Dataset};
use warehouse::conformance::{self, Subject};
use warehouse::parquet::Folder;
use warehouse::schema::{Column, ColumnType, Table};
use warehouse::{
    Destination, DuckDb, Error, Field, FieldValue, Fingerprint, Limits, Nested, Original, Part,
    Publication, Replacement, Unit, View,
};

use crate::google::{Call, Effect, Fault, Google, target};

#[async_trait]
impl Subject for Google {
    fn destination(&self, _: &[Table]) -> Arc<dyn Destination> {
        Arc::new(look(self))
    }

    async fn rows(&self, table: &Table, columns: &[&str]) -> Vec<Vec<Option<String>>> {
        self.rows(table.name, columns)
    }
}

#[tokio::test]
async fn it_keeps_every_promise_of_a_destination() {
    conformance::all(Google::start).await;
    conformance::all(Google::with_dataset).await;
}

#[tokio::test]
async fn it_keeps_every_promise_while_jobs_take_their_time() {
    conformance::all(async || {
        let google = Google::start().await;
        google.state().behaviour.looks = 4;
        google
    })
    .await;
}

pub(crate) fn things() -> Table {
    crate::file::table("things")
}

/// Things in another version of the program.
pub(crate) fn wider() -> Table {
    let mut table = things();
    table.columns.insert(1, column("size", ColumnType::Int64));
    table
}

pub(crate) fn column(name: &'static str, column_type: ColumnType) -> Column {
    Column {
        name,
        column_type,
        unit: Some("m"),
        description: "A column",
    }
}

/// Another look at the dataset, which remembers nothing of those before.
pub(crate) fn look(google: &Google) -> Dataset {
    Dataset::new(target(), &google.options()).unwrap()
}

fn batch(table: &Table, rows: &[(&str, i64)]) -> RecordBatch {
    let columns = table.columns.iter().map(|column| -> ArrayRef {
        let numbers = rows.iter().map(|(_, number)| *number);
        match column.column_type {
            ColumnType::Int64 => Arc::new(numbers.collect::<Int64Array>()),
            ColumnType::Date => {
                let days = numbers.map(|number| i32::try_from(number).ok());
                Arc::new(days.collect::<Date32Array>())
            }
            _ => Arc::new(StringArray::from_iter_values(
                rows.iter().map(|(id, _)| *id),
            )),
        }
    });
    RecordBatch::try_new(table.arrow_schema(), columns.collect()).unwrap()
}

fn write(table: &Table, rows: &[(&str, i64)], path: &Path) {
    let file = std::fs::File::create(path).unwrap();
    let mut writer = ArrowWriter::try_new(file, table.arrow_schema(), None).unwrap();
    writer.write(&batch(table, rows)).unwrap();
    writer.close().unwrap();
}

pub(crate) fn unit(table: &Table, part: Part) -> Unit {
    Unit {
        table: table.name.into(),
        part,
    }
}

/// Brings a part of a table as that part, or as the units that are given.
pub(crate) async fn load(
    dataset: &Dataset,
    table: &Table,
    (part, units): (Part, &[Part]),
    fingerprint: &str,
    rows: &[(&str, i64)],
) -> Result<(), Error> {
    dataset.prepare(table).await?;
    let workspace = dataset.workspace()?;
    let file = workspace.path().join("rows.parquet");
    write(table, rows, &file);
    let units: BTreeMap<Unit, Fingerprint> = units
        .iter()
        .map(|part| (unit(table, *part), Fingerprint::from_text(fingerprint)))
        .collect();
    let replacement = Replacement {
        table,
        part,
        units: &units,
        file: &file,
    };
    dataset.replace(replacement).await
}

pub(crate) const WHOLE: (Part, &[Part]) = (Part::All, &[Part::All]);

/// A run that brings a table whole.
pub(crate) async fn publish(
    google: &Google,
    table: &Table,
    fingerprint: &str,
    rows: &[(&str, i64)],
) -> Result<(), Error> {
    let dataset = look(google);
    dataset.published().await?;
    load(&dataset, table, WHOLE, fingerprint, rows).await?;
    dataset.commit().await
}

/// A run that brings things, and nothing goes wrong.
pub(crate) async fn bring(google: &Google, fingerprint: &str, rows: &[(&str, i64)]) {
    let published = publish(google, &things(), fingerprint, rows).await;
    published.unwrap();
}

/// The fingerprint of a table that is one piece, for whoever looks next.
pub(crate) async fn known(google: &Google, table: &Table) -> Option<String> {
    let units = look(google).published().await.unwrap().units;
    units.get(&unit(table, Part::All)).map(ToString::to_string)
}

/// A dataset where two things are published.
pub(crate) async fn published() -> Google {
    let google = Google::with_dataset().await;
    bring(&google, "1a", &[("a", 1), ("b", 2)]).await;
    google
}

/// The tries of jobs.
fn tries(ids: &[String]) -> Vec<&str> {
    let split = ids.iter().map(|id| id.rsplit_once('_').unwrap());
    split.map(|(_, attempt)| attempt).collect()
}

/// A publication that was killed before it kept what it did.
async fn killed(google: &Google, rows: &[(&str, i64)]) -> Result<(), Error> {
    let dataset = look(google);
    dataset.published().await?;
    load(&dataset, &things(), WHOLE, "1a", rows).await
}

/// A publication that was killed while its job was at work.
async fn begun(google: &Google, rows: &[(&str, i64)]) {
    google.state().behaviour.looks = 20;
    tokio::select! {
        biased;
        () = google.until(|google| !google.loads("things").is_empty()) => {}
        killed = killed(google, rows) => panic!("{killed:?}"),
    }
}

#[tokio::test]
async fn the_same_change_has_the_same_id_and_another_has_another() {
    let (one, other) = (published().await, published().await);
    assert_eq!(one.loads("things"), other.loads("things"));
    bring(&one, "1b", &[("c", 3)]).await;
    let ids = one.loads("things");
    assert_ne!(ids[0], ids[1]);
    assert!(
        ids.iter()
            .all(|id| id.starts_with("pl_things_all_") && id.ends_with("_0")),
        "{ids:?}"
    );
}

#[tokio::test]
async fn a_kill_before_the_record_loads_again_under_another_id() {
    for notices_duplicates_late in [false, true] {
        let google = Google::with_dataset().await;
        google.state().behaviour.notices_duplicates_late = notices_duplicates_late;
        let rows = [("a", 1), ("b", 2)];
        for _ in 0..2 {
            killed(&google, &rows).await.unwrap();
            assert_eq!(known(&google, &things()).await, None);
        }
        bring(&google, "1a", &rows).await;
        // Each found the table as the one before had left it.
        let ids = google.loads("things");
        assert_eq!(BTreeSet::from_iter(&ids).len(), 3);
        assert_eq!(tries(&ids), ["0", "0", "0"]);
        assert_eq!(google.column("things", "id"), ["a", "b"]);
        assert_eq!(known(&google, &things()).await.as_deref(), Some("1a"));
    }
}

#[tokio::test]
async fn a_job_of_a_killed_run_ends_before_the_next_begins() {
    let google = Google::with_dataset().await;
    begun(&google, &[("a", 1)]).await;
    assert_eq!(google.state().jobs[0].ended_ms, None);
    bring(&google, "1a", &[("a", 1)]).await;
    assert_eq!(google.loads("things").len(), 2);
    let state = google.state();
    assert!(state.jobs[0].ended_ms.unwrap() < state.jobs[1].created_ms);
}

/// What was killed goes on in BigQuery; what it brings is older than what the next run brings.
#[tokio::test]
async fn a_job_of_a_killed_run_does_not_end_after_that_of_the_next() {
    let google = Google::with_dataset().await;
    begun(&google, &[("a", 1)]).await;
    google.state().behaviour.looks = 0;
    bring(&google, "1b", &[("b", 2)]).await;
    google.finish_jobs();
    assert_eq!(google.column("things", "id"), ["b"]);
}

#[tokio::test]
async fn the_id_of_a_failed_job_is_never_used_again() {
    let google = Google::with_dataset().await;
    for attempt in ["0", "1"] {
        google.fail_late("invalid", "Error while reading data");
        let failed = publish(&google, &things(), "1a", &[("a", 1)])
            .await
            .unwrap_err();
        let Error::BigQuery(bigquery::Error::Job { job, reason, .. }) = failed else {
            panic!("{failed:?}");
        };
        assert_eq!(reason, "invalid");
        assert_eq!(tries(&[job]), [attempt]);
        assert_eq!(google.column("things", "id"), [""; 0]);
    }
    bring(&google, "1a", &[("a", 1)]).await;
    assert_eq!(tries(&google.loads("things")), ["0", "1", "2"]);
    assert_eq!(google.column("things", "id"), ["a"]);
}

#[tokio::test]
async fn a_job_that_failed_for_a_passing_reason_is_begun_again() {
    let google = published().await;
    for _ in 0..3 {
        google.fail_late("backendError", "Retrying may solve the problem.");
    }
    bring(&google, "1b", &[("c", 3)]).await;
    assert_eq!(tries(&google.loads("things")[1..]), ["0", "1", "2", "3"]);
    assert_eq!(google.column("things", "id"), ["c"]);
    for _ in 0..=google.options().retry.count {
        google.fail_late("backendError", "Retrying may solve the problem.");
    }
    let failed = publish(&google, &things(), "1c", &[("d", 4)])
        .await
        .unwrap_err();
    assert!(
        failed.to_string().contains("failed (backendError)"),
        "{failed}"
    );
    assert_eq!(google.column("things", "id"), ["c"]);
}

#[tokio::test]
async fn content_that_comes_back_is_loaded_each_time() {
    let google = Google::with_dataset().await;
    for (fingerprint, id) in [("1a", "a"), ("1b", "b")].into_iter().cycle().take(8) {
        bring(&google, fingerprint, &[(id, 1)]).await;
        assert_eq!(google.column("things", "id"), [id]);
        assert_eq!(
            known(&google, &things()).await.as_deref(),
            Some(fingerprint)
        );
    }
    assert_eq!(google.loads("things").len(), 8);
}

/// Somebody changed the rows, and the person says `--full`, again and again.
#[tokio::test]
async fn a_full_publication_loads_what_the_record_has_already() {
    let google = published().await;
    for _ in 0..3 {
        google.state().table("things").parts.clear();
        bring(&google, "1a", &[("a", 1), ("b", 2)]).await;
        assert_eq!(google.column("things", "id"), ["a", "b"]);
    }
}

/// Rows that a killed publication of another computer brought are not those that the record speaks of.
#[tokio::test]
async fn what_nobody_recorded_is_not_called_current() {
    let google = Google::with_dataset().await;
    bring(&google, "1b", &[("c", 3)]).await;
    killed(&google, &[("a", 1)]).await.unwrap();
    assert_eq!(google.column("things", "id"), ["a"]);
    assert_eq!(known(&google, &things()).await, None);
    bring(&google, "1b", &[("c", 3)]).await;
    assert_eq!(google.column("things", "id"), ["c"]);
    assert_eq!(known(&google, &things()).await.as_deref(), Some("1b"));
}

/// Another computer loads the same table after we did, and is killed: our record must not vouch for its rows.
#[tokio::test]
async fn a_load_after_ours_is_not_called_ours() {
    let google = Google::with_dataset().await;
    let ours = look(&google);
    ours.published().await.unwrap();
    load(&ours, &things(), WHOLE, "1b", &[("b", 2)])
        .await
        .unwrap();
    google.state().now_ms += 60_000;
    killed(&google, &[("a", 1)]).await.unwrap();
    ours.commit().await.unwrap();
    ours.complete().await.unwrap_err();
    assert_eq!(google.column("things", "id"), ["a"]);
    assert_eq!(known(&google, &things()).await, None);
    bring(&google, "1b", &[("b", 2)]).await;
    assert_eq!(known(&google, &things()).await.as_deref(), Some("1b"));
}

/// There is no number of publications after which a table can't be published any more.
#[tokio::test]
async fn the_same_publication_may_be_repeated_for_ever() {
    let google = published().await;
    for _ in 0..60 {
        bring(&google, "1a", &[("a", 1), ("b", 2)]).await;
    }
    assert_eq!(google.loads("things").len(), 61);
}

#[tokio::test]
async fn ids_that_are_used_up_are_not_the_end() {
    let google = Google::with_dataset().await;
    for _ in 0..52 {
        google.fail_late("invalid", "Error while reading data");
        let failed = publish(&google, &things(), "1a", &[("a", 1)]).await;
        failed.unwrap_err();
    }
    bring(&google, "1a", &[("a", 1)]).await;
    assert_eq!(google.column("things", "id"), ["a"]);
}

#[tokio::test]
async fn an_expired_table_is_made_and_loaded_again() {
    let google = published().await;
    google.expire_table("things");
    assert_eq!(known(&google, &things()).await, None);
    bring(&google, "1a", &[("a", 1)]).await;
    assert_eq!(google.column("things", "id"), ["a"]);
    assert_eq!(known(&google, &things()).await.as_deref(), Some("1a"));
}

#[tokio::test]
async fn a_table_that_expires_after_it_was_listed_is_made_again() {
    let google = published().await;
    let dataset = look(&google);
    dataset.published().await.unwrap();
    google.expire_table("things");
    load(&dataset, &things(), WHOLE, "1a", &[("a", 1)])
        .await
        .unwrap();
    dataset.commit().await.unwrap();
    assert_eq!(google.column("things", "id"), ["a"]);
    assert_eq!(known(&google, &things()).await.as_deref(), Some("1a"));
}

#[tokio::test]
async fn a_dataset_that_was_made_anew_gets_everything() {
    let google = published().await;
    google.recreate_dataset();
    assert_eq!(known(&google, &things()).await, None);
    bring(&google, "1a", &[("a", 1)]).await;
    assert_eq!(google.column("things", "id"), ["a"]);
    assert_eq!(known(&google, &things()).await.as_deref(), Some("1a"));
}

#[tokio::test]
async fn a_table_that_was_made_anew_is_loaded_again() {
    let google = published().await;
    let mut there = google.state().dataset().tables.remove("things").unwrap();
    there.created_ms += 5000;
    there.parts.clear();
    google
        .state()
        .dataset()
        .tables
        .insert("things".into(), there);
    assert_eq!(known(&google, &things()).await, None);
    bring(&google, "1a", &[("a", 1)]).await;
    assert_eq!(google.column("things", "id"), ["a"]);
}

#[tokio::test]
async fn a_record_that_has_grown_is_written_anew() {
    let google = published().await;
    for rows in google.state().table("pl_published").parts.values_mut() {
        rows.extend(vec![rows[0].clone(); 5000]);
    }
    assert_eq!(known(&google, &things()).await.as_deref(), Some("1a"));
    bring(&google, "1b", &[("c", 3)]).await;
    assert_eq!(google.column("pl_published", "fingerprint"), ["1b"]);
    assert_eq!(known(&google, &things()).await.as_deref(), Some("1b"));
}

#[tokio::test]
async fn a_dataset_is_made_where_it_shall_be_and_never_elsewhere() {
    let at = |google: &Google, location: &str| {
        let target = format!("{}?location={location}", target()).parse().unwrap();
        Dataset::new(target, &google.options()).unwrap()
    };
    let google = Google::start().await;
    let dataset = at(&google, "europe-west3");
    dataset.published().await.unwrap();
    load(&dataset, &things(), WHOLE, "1a", &[("a", 1)])
        .await
        .unwrap();
    assert_eq!(google.state().dataset().location, "europe-west3");
    assert!(at(&google, "EUROPE-WEST3").published().await.is_ok());
    let refused = at(&google, "US").published().await.unwrap_err();
    let is_elsewhere = matches!(
        &refused,
        Error::BigQuery(bigquery::Error::Location { there, wanted, .. })
            if there == "europe-west3" && wanted == "US"
    );
    assert!(is_elsewhere, "{refused}");
}

const NO_JOBS: &str = r#"{"error":{"code":403,"message":"Access Denied: Project p-1: User does not have bigquery.jobs.create permission in project p-1."}}"#;

#[tokio::test]
async fn doctor_names_the_permissions_that_are_missing() {
    let google = published().await;
    let examined = look(&google).examine().await.unwrap();
    assert_eq!(examined.location.as_deref(), Some("EU"));
    assert!(examined.missing.is_empty() && examined.published_ms.is_some());
    let requests = google.state().jobs.len();
    google.state().behaviour.denied = vec!["bigquery.tables.updateData"];
    let missing = look(&google).examine().await.unwrap().missing;
    let expected = (
        "bigquery.tables.updateData".to_owned(),
        "roles/bigquery.dataEditor",
    );
    assert_eq!(missing, [expected]);
    assert_eq!(google.state().jobs.len(), requests);
    google.fault(Fault::always(Call::DryRun, Effect::Answered(403, NO_JOBS)));
    let refused = look(&google).examine().await.unwrap_err();
    let Error::BigQuery(refused) = refused else {
        panic!("{refused:?}");
    };
    let expected = ("bigquery.jobs.create", "roles/bigquery.jobUser");
    assert_eq!(refused.missing_role(), Some(expected));
}

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
    let original = Original::new(reader, publication);
    for expected in [3, 0] {
        let destination: Arc<dyn Destination> = Arc::new(look(&google));
        let workspace = destination.workspace().unwrap();
        let plan = warehouse::plan(&original, destination.as_ref(), false).await;
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
    let original = Original::new(reader, publication);
    let destinations: [Arc<dyn Destination>; 2] =
        [Arc::new(look(&google)), Arc::new(folder.clone())];
    for destination in destinations {
        let workspace = destination.workspace().unwrap();
        let plan = warehouse::plan(&original, destination.as_ref(), false).await;
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

#[tokio::test]
async fn the_last_chunk_without_an_answer_begins_one_job() {
    let google = Google::with_dataset().await;
    google.state().behaviour.looks = 3;
    google.fault(Fault::once(Call::UploadChunk, Effect::DoneButDropped));
    bring(&google, "1a", &[("a", 1)]).await;
    assert_eq!(tries(&google.loads("things")), ["0"]);
    assert_eq!(google.column("things", "id"), ["a"]);
}

#[tokio::test]
async fn a_record_whose_job_is_not_answered_for_says_the_same() {
    let google = Google::with_dataset().await;
    for (call, effect) in [
        (Call::UploadChunk, Effect::DoneButDropped),
        (Call::UploadStatus, Effect::Answered(410, "")),
    ] {
        google.fault(Fault {
            subject: "pl_pl_published",
            ..Fault::once(call, effect)
        });
    }
    bring(&google, "1a", &[("a", 1)]).await;
    assert_eq!(tries(&google.loads("pl_published")), ["0", "1"]);
    assert_eq!(known(&google, &things()).await.as_deref(), Some("1a"));
}
