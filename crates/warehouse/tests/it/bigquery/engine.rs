//! Queries: what is asked, what comes back, what is cancelled.

use std::time::Duration;

use arrow::array::AsArray;
use arrow::datatypes::{Int64Type, TimestampMicrosecondType};
use serde_json::json;
use warehouse::bigquery::{self, Engine};
use warehouse::{Error, Limits, QueryEngine, Value};

use crate::google::{Call, DATASET, Effect, Fault, Google, PROJECT, Query, target};

fn engine(google: &Google) -> Engine {
    Engine::new(target(), &google.options()).unwrap()
}

/// A result with seven rows on pages of three.
async fn paged() -> Google {
    let google = Google::with_dataset().await;
    let row = |n: i64| vec![json!(n.to_string()), json!(1_561_017_697_269_360 + n)];
    let query = Query {
        fields: vec![
            json!({ "name": "n", "type": "INTEGER" }),
            json!({ "name": "at", "type": "TIMESTAMP" }),
        ],
        rows: (1..=7).map(row).collect(),
        page: 3,
        ..google.state().query.clone()
    };
    google.state().query = query;
    google
}

#[tokio::test]
async fn each_page_is_a_batch_and_times_are_exact_on_all() {
    let google = paged().await;
    google.state().query.questions = 3;
    let rows = engine(&google)
        .query("SELECT 1", &[], &Limits::default())
        .await
        .unwrap();
    let batches = rows.collect().await.unwrap();
    let lengths: Vec<usize> = batches.iter().map(|batch| batch.num_rows()).collect();
    assert_eq!(lengths, [3, 3, 1]);
    let numbers = |batch: &arrow::array::RecordBatch| {
        let numbers = batch
            .column(0)
            .as_primitive::<Int64Type>()
            .values()
            .to_vec();
        let times = batch.column(1).as_primitive::<TimestampMicrosecondType>();
        let exact = numbers.iter().map(|n| 1_561_017_697_269_360 + n);
        assert_eq!(times.values().to_vec(), exact.collect::<Vec<_>>());
        numbers
    };
    let numbers: Vec<i64> = batches.iter().flat_map(numbers).collect();
    assert_eq!(numbers, [1, 2, 3, 4, 5, 6, 7]);
    assert_eq!(google.count(Call::QueryRun), 1);
}

#[tokio::test]
async fn a_result_without_rows_has_its_columns() {
    let google = paged().await;
    google.state().query.rows.clear();
    let rows = engine(&google)
        .query("SELECT 1", &[], &Limits::default())
        .await
        .unwrap();
    assert_eq!(rows.schema.fields().len(), 2);
    let batches = rows.collect().await.unwrap();
    assert_eq!(
        batches.iter().map(|batch| batch.num_rows()).sum::<usize>(),
        0
    );
}

#[tokio::test]
async fn a_page_that_does_not_arrive_is_asked_for_again() {
    let google = paged().await;
    google.fault(Fault {
        after: 1,
        ..Fault::once(Call::QueryResults, Effect::DoneButCutOff)
    });
    let rows = engine(&google)
        .query("SELECT 1", &[], &Limits::default())
        .await
        .unwrap();
    let batches = rows.collect().await.unwrap();
    assert_eq!(
        batches.iter().map(|batch| batch.num_rows()).sum::<usize>(),
        7
    );
}

#[tokio::test]
async fn parameters_and_limits_are_sent() {
    let google = Google::with_dataset().await;
    let parameters = [
        Value::String("ride's".into()),
        Value::Int64(-7),
        Value::Float64(0.5),
        Value::Bool(true),
        Value::Date(jiff::civil::date(2026, 3, 1)),
        Value::Timestamp(jiff::Timestamp::from_microsecond(1_561_017_697_269_367).unwrap()),
    ];
    let sql = "SELECT ?, ?, ?, ?, ?, ?";
    let limits = Limits {
        max_bytes_billed: 20_000_000_000,
        ..Limits::default()
    };
    engine(&google)
        .query(sql, &parameters, &limits)
        .await
        .unwrap();
    let parameter = |kind: &str, value: &str| json!({ "parameterType": { "type": kind }, "parameterValue": { "value": value } });
    let expected = json!([
        parameter("STRING", "ride's"),
        parameter("INT64", "-7"),
        parameter("FLOAT64", "0.5"),
        parameter("BOOL", "true"),
        parameter("DATE", "2026-03-01"),
        parameter("TIMESTAMP", "2019-06-20 08:01:37.269367+00:00"),
    ]);
    for call in [Call::DryRun, Call::QueryRun] {
        let body = &google.bodies(call)[0];
        let query = &body["configuration"]["query"];
        assert_eq!(query["queryParameters"], expected, "{call:?}");
        assert_eq!(query["query"], sql);
        let dataset = json!({ "projectId": PROJECT, "datasetId": DATASET });
        assert_eq!(query["defaultDataset"], dataset);
        assert_eq!(body["jobReference"]["location"], "EU");
    }
    let run = &google.bodies(Call::QueryRun)[0];
    assert_eq!(
        run["configuration"]["query"]["maximumBytesBilled"],
        "20000000000"
    );
}

#[tokio::test]
async fn a_query_over_the_limit_is_not_run() {
    let google = Google::with_dataset().await;
    google.state().query.bytes = 1001;
    let limits = Limits {
        max_bytes_billed: 1000,
        ..Limits::default()
    };
    let refused = engine(&google)
        .query("SELECT 1", &[], &limits)
        .await
        .unwrap_err();
    let is_known = matches!(
        refused,
        Error::BigQuery(bigquery::Error::TooManyBytes {
            bytes: 1001,
            limit: 1000
        })
    );
    assert!(is_known, "{refused}");
    assert_eq!(google.count(Call::QueryRun), 0);
}

/// Each table costs ten of Google's MB, however little of it is read.
#[tokio::test]
async fn the_limit_is_of_what_is_billed() {
    let google = Google::with_dataset().await;
    google.state().query.referenced = vec!["users", "workouts"];
    let limits = Limits {
        max_bytes_billed: 15 << 20,
        ..Limits::default()
    };
    let refused = engine(&google).query("SELECT 1 AS n", &[], &limits).await;
    let refused = refused.unwrap_err().to_string();
    let expected = "the query bills 20 MiB, which is more than the limit of 15 MiB";
    assert_eq!(refused, expected);
    // What Google knows without reading is free.
    google.state().query.bytes = 0;
    let asked = engine(&google).query("SELECT 1 AS n", &[], &limits).await;
    asked.unwrap();
}

#[tokio::test]
async fn what_does_not_only_read_is_not_run() {
    for statement in ["INSERT", "CREATE_TABLE", "SCRIPT", "DROP_TABLE"] {
        let google = Google::with_dataset().await;
        google.state().query.statement = statement;
        let asked = engine(&google)
            .query("INSERT t SELECT 1", &[], &Limits::default())
            .await;
        assert!(matches!(asked, Err(Error::Refused { .. })), "{statement}");
        assert_eq!(google.count(Call::QueryRun), 0);
    }
}

/// A query that goes on for ever, on an engine.
async fn endless() -> (Google, Engine) {
    let google = Google::with_dataset().await;
    google.state().query.questions = usize::MAX;
    let engine = engine(&google);
    (google, engine)
}

/// The job of the only query was cancelled, once the engine was closed.
async fn is_cancelled(google: &Google, engine: &Engine) {
    engine.close().await;
    let state = google.state();
    assert_eq!(state.jobs.len(), 1);
    assert!(state.jobs[0].is_cancelled(), "it runs on");
}

#[tokio::test]
async fn after_its_time_a_query_is_cancelled() {
    let (google, engine) = endless().await;
    let limits = Limits {
        timeout: Some(Duration::ZERO),
        ..Limits::default()
    };
    let asked = engine.query("SELECT 1", &[], &limits).await;
    assert!(matches!(asked, Err(Error::TimedOut { seconds: 0 })));
    is_cancelled(&google, &engine).await;
}

/// Asks, and gives up as soon as that many requests of a kind arrived.
async fn give_up(google: &Google, engine: &Engine, after: Call) {
    let asking = engine.clone();
    let asking = tokio::spawn(async move {
        let _ = asking.query("SELECT 1", &[], &Limits::default()).await;
    });
    google.until(|google| google.count(after) > 0).await;
    asking.abort();
    assert!(asking.await.unwrap_err().is_cancelled());
}

#[tokio::test]
async fn a_query_of_which_nobody_waits_for_the_answer_is_cancelled() {
    let (google, engine) = endless().await;
    give_up(&google, &engine, Call::QueryResults).await;
    is_cancelled(&google, &engine).await;
}

/// Its id is ours, so it can be cancelled before Google has answered that it began.
#[tokio::test]
async fn a_query_that_is_given_up_while_it_begins_is_cancelled() {
    let (google, engine) = endless().await;
    google.fault(Fault::once(Call::QueryRun, Effect::DoneButSilent));
    give_up(&google, &engine, Call::QueryRun).await;
    is_cancelled(&google, &engine).await;
}

/// The same where the beginning was answered by an error although the job runs.
#[tokio::test]
async fn a_query_that_began_although_google_said_no_is_cancelled() {
    let (google, engine) = endless().await;
    google.fault(Fault::always(
        Call::QueryRun,
        Effect::DoneButAnswered(503, ""),
    ));
    let asked = engine.query("SELECT 1", &[], &Limits::default()).await;
    assert!(asked.is_err());
    is_cancelled(&google, &engine).await;
}

#[tokio::test]
async fn a_query_whose_beginning_is_not_answered_runs_once() {
    let google = paged().await;
    google.fault(Fault::once(Call::QueryRun, Effect::DoneButDropped));
    let rows = engine(&google)
        .query("SELECT 1", &[], &Limits::default())
        .await
        .unwrap();
    assert_eq!(rows.collect().await.unwrap().len(), 3);
    assert_eq!(google.state().jobs.len(), 1);
}

#[tokio::test]
async fn a_result_that_is_dropped_cancels_nothing() {
    let google = paged().await;
    let engine = engine(&google);
    drop(
        engine
            .query("SELECT 1", &[], &Limits::default())
            .await
            .unwrap(),
    );
    engine.close().await;
    assert_eq!(google.count(Call::JobCancel), 0);
}
