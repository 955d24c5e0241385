//! The SQL of queries, in both dialects, as a person sees it.

mod dialects;
mod errors;
mod joins;
mod measures;
mod pivots;
mod templates;

use jiff::Timestamp;
use lookml::testing::Database;
use lookml::{Compiled, Dialect, Model, Project, Query, QueryError, Settings};

/// Workouts with their classes, members and seconds.
const PELOTON: &str = r#"
connection: "warehouse"
view: workouts {
  sql_table_name: `my-project.peloton.workouts` ;;
  dimension: id { primary_key: yes hidden: yes }
  dimension: ride_id { hidden: yes }
  dimension: user_id { hidden: yes }
  dimension: status {}
  dimension: total_work { type: number }
  dimension: is_outdoor { type: yesno }
  dimension: samples { hidden: yes sql: ${TABLE}.stats ;; }
  dimension: size { type: tier tiers: [10, 20] style: integer sql: ${total_work} / 1000 ;; }
  dimension: mood { case: { when: { sql: ${total_work} > 5 ;; label: "hard" } else: "easy" } }
  dimension_group: created { type: time sql: ${TABLE}.created_ts ;; }
  dimension_group: local { type: time datatype: datetime convert_tz: no sql: ${TABLE}.start_local ;; }
  dimension_group: riding { type: duration sql_start: ${created_raw} ;; sql_end: ${TABLE}.end_ts ;; }
  measure: count { type: count }
  measure: done { type: count filters: [status: "COMPLETE"] }
  measure: total_work_kj { type: sum sql: ${total_work} / 1000.0 ;; }
  measure: average_work { type: average sql: ${total_work} ;; }
  measure: median_work { type: median sql: ${total_work} ;; }
  measure: statuses { type: list list_field: status }
  measure: share { type: percent_of_total sql: ${count} ;; }
  measure: work_per_workout { type: number sql: ${total_work_kj} / NULLIF(${count}, 0) ;; }
}
view: rides {
  sql_table_name: peloton.rides ;;
  dimension: id { primary_key: yes hidden: yes }
  dimension: discipline {}
  dimension: duration { type: number }
  measure: count { type: count }
  measure: total_minutes { type: sum sql: ${duration} / 60.0 ;; }
  measure: average_minutes { type: average sql: ${duration} / 60.0 ;; }
  measure: median_minutes { type: median sql: ${duration} / 60.0 ;; }
}
view: users {
  sql_table_name: peloton.users ;;
  dimension: id { primary_key: yes hidden: yes }
  dimension: username {}
  measure: count { type: count }
}
view: samples {
  dimension: watts { type: number sql: ${TABLE}.output ;; }
  measure: average_watts { type: average sql: ${watts} ;; }
}
explore: workouts {
  join: rides { sql_on: ${workouts.ride_id} = ${rides.id} ;; relationship: many_to_one }
  join: users { sql_on: ${workouts.user_id} = ${users.id} ;; relationship: many_to_one }
  join: samples { sql: LEFT JOIN UNNEST(${workouts.samples}) AS samples ;; relationship: one_to_many }
}
"#;

/// Tables of all models here, without rows.
const TABLES: &str = "
    CREATE TABLE workouts (
        id INTEGER, ride_id INTEGER, user_id INTEGER, status VARCHAR, total_work DOUBLE, is_outdoor BOOLEAN,
        stats STRUCT(output INTEGER)[], created_ts TIMESTAMP, start_local TIMESTAMP, end_ts TIMESTAMP,
        username VARCHAR
    );
    CREATE TABLE rides (id INTEGER, discipline VARCHAR, duration INTEGER);
    CREATE TABLE users (id INTEGER, username VARCHAR);
    CREATE SCHEMA old;
    CREATE TABLE old.workouts AS FROM workouts;
    CREATE TABLE a (id INTEGER);
    CREATE TABLE b (id INTEGER, a_id INTEGER);
    CREATE TABLE c (b_id INTEGER);
    CREATE TABLE base (id INTEGER, other INTEGER);
";

/// The model of a text.
fn model(text: &str) -> Model {
    let files = [("m.model.lkml".to_owned(), text.to_owned())];
    let (model, problems) = Model::load(&Project::new(files), "m");
    assert!(problems.is_empty(), "{problems:#?}");
    model.unwrap()
}

fn settings(dialect: Dialect) -> Settings {
    let now: Timestamp = "2026-11-18T14:25:36Z".parse().unwrap();
    let mut settings = Settings::new(dialect, now);
    let schema = ("peloton".to_owned(), "main".to_owned());
    settings.tables.schemas = [schema].into();
    settings
}

/// Compiles the JSON of a query, whose explore is `workouts` unless it names one. What is for DuckDB is run there.
fn compile(
    model: &Model,
    dialect: Dialect,
    query: serde_json::Value,
) -> Result<Compiled, QueryError> {
    let mut whole = serde_json::json!({"model": "m", "view": "workouts"});
    let object = whole.as_object_mut().unwrap();
    object.extend(query.as_object().unwrap().clone());
    let query: Query = serde_json::from_value(whole).unwrap();
    let compiled = lookml::compile(model, &query, &settings(dialect))?;
    if dialect == Dialect::DuckDb {
        let database = Database::in_memory();
        database.run(TABLES).unwrap();
        let answer = database.answer(&compiled);
        answer.unwrap_or_else(|error| panic!("{error}"));
    }
    Ok(compiled)
}

/// The main statement of a query of the model above.
fn sql(dialect: Dialect, query: serde_json::Value) -> String {
    let compiled = compile(&model(PELOTON), dialect, query).unwrap();
    compiled.statements[0].sql.clone()
}

fn duckdb(query: serde_json::Value) -> String {
    sql(Dialect::DuckDb, query)
}

fn bigquery(query: serde_json::Value) -> String {
    sql(Dialect::BigQuery, query)
}
