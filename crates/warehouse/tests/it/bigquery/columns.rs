//! Tables that are there already: whose rows they hold, and which columns they have.

use serde_json::{Value as Json, json};
use warehouse::Error;
use warehouse::schema::ColumnType;

use crate::dataset::{bring, known, publish, published, things, wider};
use crate::google::{Call, Google, Table};

fn fields(google: &Google) -> Vec<Json> {
    google.state().table("things").fields.clone()
}

/// A table that somebody else made, without our label.
async fn foreign(fields: Json) -> Google {
    let google = Google::with_dataset().await;
    let mut table = Table {
        fields: fields.as_array().unwrap().clone(),
        created_ms: google.state().now_ms,
        ..Table::default()
    };
    table.labels.insert("team".into(), json!("bikes"));
    google
        .state()
        .dataset()
        .tables
        .insert("things".into(), table);
    google
}

#[tokio::test]
async fn rows_of_another_program_are_not_written_over() {
    let fields = json!([{ "name": "id", "type": "STRING" }, { "name": "n", "type": "INTEGER" }]);
    let google = foreign(fields).await;
    let row = [("id".to_owned(), json!("theirs"))].into();
    google
        .state()
        .table("things")
        .parts
        .insert(String::new(), vec![row]);
    let refused = publish(&google, &things(), "1a", &[("a", 1)])
        .await
        .unwrap_err();
    assert!(
        matches!(&refused, Error::Foreign { table } if table == "p-1.d.things"),
        "{refused}"
    );
    assert_eq!(google.column("things", "id"), ["theirs"]);
    assert_eq!(google.count(Call::TablePatch), 0);
    // Without rows there is nothing to lose.
    google.state().table("things").parts.clear();
    bring(&google, "1a", &[("a", 1)]).await;
    assert_eq!(google.column("things", "id"), ["a"]);
    assert_eq!(google.state().table("things").labels["team"], "bikes");
}

#[tokio::test]
async fn a_column_of_another_type_is_refused_and_nothing_changes() {
    let google = published().await;
    let before = fields(&google);
    let mut retyped = wider();
    retyped.columns[2].column_type = ColumnType::String;
    let refused = publish(&google, &retyped, "1b", &[("c", 3)])
        .await
        .unwrap_err();
    assert_eq!(
        refused.to_string(),
        "column `n` of `p-1.d.things` is INT64 there and STRING here"
    );
    assert_eq!(fields(&google), before);
    assert_eq!(google.count(Call::TablePatch), 0);
    assert_eq!(google.column("things", "id"), ["a", "b"]);
    assert_eq!(known(&google, &things()).await.as_deref(), Some("1a"));
}

#[tokio::test]
async fn columns_are_added_and_those_of_others_stay() {
    let fields = json!([
        { "name": "theirs", "type": "GEOGRAPHY", "description": "Where" },
        { "name": "ID", "type": "STRING", "mode": "REQUIRED" },
    ]);
    let google = foreign(fields).await;
    publish(&google, &wider(), "1a", &[("a", 1)]).await.unwrap();
    let mut state = google.state();
    let table = state.table("things");
    assert_eq!(table.columns(), ["theirs", "ID", "size", "n"]);
    assert_eq!(table.describes("theirs"), Some("Where"));
    assert_eq!(table.fields[1]["mode"], "NULLABLE");
    assert_eq!(
        table.texts(&["id", "size", "n", "theirs"])[0][..3],
        ["a", "1", "1"].map(|t| Some(t.into()))
    );
}

#[tokio::test]
async fn a_table_that_has_everything_is_not_patched() {
    let google = published().await;
    bring(&google, "1b", &[("c", 3)]).await;
    assert_eq!(google.count(Call::TablePatch), 0);
    publish(&google, &wider(), "1c", &[("c", 3)]).await.unwrap();
    assert_eq!(google.count(Call::TablePatch), 1);
}

#[tokio::test]
async fn table_and_columns_are_described_and_labelled() {
    let google = published().await;
    for table in [things(), wider()] {
        publish(&google, &table, "1b", &[("c", 3)]).await.unwrap();
        let mut state = google.state();
        for name in ["things", "pl_published"] {
            let version = warehouse::SCHEMA_VERSION.to_string();
            assert_eq!(state.table(name).labels["peloton_looker_schema"], version);
            let table = state.table(name);
            let is_described = |column: &&str| table.describes(column).is_some();
            assert!(table.columns().iter().all(is_described), "{name}");
        }
        let there = state.table("things");
        assert_eq!(there.description, Some(json!(table.comment())));
        for column in &table.columns {
            let described = there.describes(column.name);
            assert_eq!(described, Some(column.comment().as_str()));
        }
    }
}

#[tokio::test]
async fn a_description_that_somebody_changed_comes_back() {
    let google = published().await;
    {
        let mut state = google.state();
        let there = state.table("things");
        there.description = Some(json!("mine"));
        there.fields[0]["description"] = json!("mine");
        there.labels.clear();
    }
    bring(&google, "1b", &[("c", 3)]).await;
    let mut state = google.state();
    let there = state.table("things");
    assert_eq!(there.description, Some(json!(things().comment())));
    assert_eq!(there.describes("id"), Some("It's a column"));
    assert!(there.labels.contains_key("peloton_looker_schema"));
}
