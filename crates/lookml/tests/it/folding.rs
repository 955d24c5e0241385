//! Rows that are put together before they are joined: when, how, and that no answer changes.

use jiff::Timestamp;
use lookml::testing::Database;
use lookml::{Compiled, Dialect, ExploreUrl, Model, Project, Settings};
use serde_json::{Value as Json, json};

/// Seconds of workouts of members who have records.
const MODEL: &str = r#"
connection: "warehouse"
view: seconds {
  dimension: pk { primary_key: yes hidden: yes sql: ${workout_id} || '|' || CAST(${second} AS STRING) ;; }
  dimension: workout_id {}
  dimension: second { type: number }
  dimension: minute { type: number sql: CAST(FLOOR(${second} / 60.0) AS INT64) ;; }
  dimension: zone { type: number }
  dimension: watts { type: number }
  dimension: watts_tier { type: tier tiers: [100, 200, 300] style: integer sql: ${watts} ;; }
  dimension: exact_tier { type: tier tiers: [50, 60] style: integer sql: ${TABLE}.exact ;; }
  dimension: tier_by_zone { type: tier tiers: [50, 60] sql: ${TABLE}.exact ;; order_by_field: zone }
  dimension: is_hard { type: yesno sql: ${watts} > 200 ;; }
  dimension: bare { sql: zone ;; }
  dimension: number_in_workout { type: number sql: ROW_NUMBER() OVER (PARTITION BY ${workout_id} ORDER BY ${second}) ;; }
  measure: count { type: count }
  measure: hard { type: count filters: [is_hard: "yes"] }
  measure: in_cycling { type: count filters: [workouts.discipline: "cycling"] }
  measure: average { type: average sql: ${watts} ;; }
  measure: kj { type: sum sql: ${watts} / 1000.0 ;; }
  measure: least { type: min sql: ${watts} ;; }
  measure: most { type: max sql: ${watts} ;; }
  measure: zones { type: count_distinct sql: ${zone} ;; }
  measure: median { type: median sql: ${watts} ;; }
  measure: per_workout { type: number sql: ${count} / NULLIF(${workouts.count}, 0) ;; }
  measure: raw { type: number sql: SUM(${watts}) ;; }
  measure: hidden_raw { type: number sql: SUM/* all */(${watts}) ;; }
  measure: peak { type: number sql: ${most} / ${average} ;; }
  measure: average_price { type: average sql: ${TABLE}.price ;; }
  measure: average_day { type: average sql: ${TABLE}.day ;; }
  measure: middle_day { type: date convert_tz: no datatype: date sql: MEDIAN(${TABLE}.day) ;; }
  dimension: total_raw { hidden: yes sql: SUM(${TABLE}.zone) ;; }
  measure: by_dimension { type: number sql: ${total_raw} ;; }
  measure: as_number { type: sum sql: CAST(${TABLE}.note AS DOUBLE) ;; }
  measure: bare_minutes { type: sum sql: minutes ;; }
  measure: rows { type: count_distinct sql: rowid ;; }
  dimension: exact_text { sql: CAST(${TABLE}.exact AS STRING) ;; }
  dimension: month_of_length { type: number sql: EXTRACT(month FROM ${TABLE}.length) ;; }
}
view: workouts {
  dimension: id { primary_key: yes }
  dimension: user_id {}
  dimension: discipline {}
  dimension: label { sql: COALESCE(${discipline}, 'none') ;; }
  measure: count { type: count }
  measure: minutes { type: sum sql: ${TABLE}.minutes ;; }
  measure: median_minutes { type: median sql: ${TABLE}.minutes ;; }
}
view: members {
  dimension: id { primary_key: yes }
  dimension: name {}
  measure: count { type: count }
}
view: records {
  dimension: pk { primary_key: yes hidden: yes }
  dimension: user_id {}
  dimension: watts { type: number }
  measure: best { type: max sql: ${watts} / 1.0 ;; }
  measure: best_or_zero { type: max sql: CASE WHEN ${watts} IS NULL THEN 999 ELSE ${watts} END ;; }
  measure: count { type: count }
}
view: steps {
  extends: [seconds]
  derived_table: { sql: SELECT * FROM seconds ;; }
}
explore: seconds {
  join: workouts { sql_on: ${seconds.workout_id} = ${workouts.id} ;; relationship: many_to_one }
  join: members { sql_on: ${workouts.user_id} = ${members.id} ;; relationship: many_to_one }
}
explore: only_cycling {
  from: seconds
  view_name: seconds
  sql_always_where: ${workouts.discipline} = 'cycling' ;;
  sql_always_having: ${seconds.count} > 10 ;;
  join: workouts { type: inner sql_on: ${seconds.workout_id} = ${workouts.id} ;; relationship: many_to_one }
}
explore: many {
  from: seconds
  view_name: seconds
  sql_always_having: COUNT(*) > 10 ;;
  join: workouts { sql_on: ${seconds.workout_id} = ${workouts.id} ;; relationship: many_to_one }
}
explore: unsafe {
  from: seconds
  view_name: seconds
  symmetric_aggregates: no
  join: workouts { sql_on: ${seconds.workout_id} = ${workouts.id} ;; relationship: many_to_one }
}
explore: both_sides {
  from: seconds
  view_name: seconds
  join: workouts { type: full_outer sql_on: ${seconds.workout_id} = ${workouts.id} ;; relationship: many_to_one }
}
explore: steps {
  join: workouts { sql_on: ${steps.workout_id} = ${workouts.id} ;; relationship: many_to_one }
}
explore: members {
  join: workouts { sql_on: ${members.id} = ${workouts.user_id} ;; relationship: one_to_many }
  join: records { sql_on: ${members.id} = ${records.user_id} ;; relationship: one_to_many }
}
"#;

/// 40,000 seconds of 21 workouts, of which 20 are known; three members, of whom one has no workout.
const TABLES: &str = "
    CREATE TABLE seconds AS SELECT
        'w' || (i // 2000) AS workout_id, i % 2000 AS second, CASE WHEN i % 7 > 0 THEN i % 7 END AS zone,
        CASE WHEN i % 11 > 0 THEN 80 + (i * 37) % 250 END AS watts, i / 7.0 AS exact,
        0.1::DECIMAL(4, 1) AS price, DATE '2026-01-01' + (i % 90)::INTEGER AS day, CAST(i AS VARCHAR) AS note,
        INTERVAL 1 MONTH AS length
    FROM range(42000) AS r(i);
    CREATE TABLE workouts AS SELECT
        'w' || i AS id, 'm' || (i % 2) AS user_id, CASE i % 3 WHEN 0 THEN 'cycling' WHEN 1 THEN 'rowing' END AS discipline,
        20 + i AS minutes
    FROM range(20) AS r(i);
    CREATE TABLE members AS SELECT 'm' || i AS id, 'name ' || i AS name FROM range(3) AS r(i);
    CREATE TABLE records AS SELECT i AS pk, 'm' || (i % 2) AS user_id, 100 + i AS watts FROM range(60) AS r(i);
";

struct World {
    model: Model,
    database: Database,
    settings: Settings,
}

impl World {
    fn new() -> Self {
        let files = [("m.model.lkml".to_owned(), MODEL.to_owned())];
        let (model, problems) = Model::load(&Project::new(files), "m");
        assert!(problems.is_empty(), "{problems:#?}");
        let database = Database::in_memory();
        database.run(TABLES).unwrap();
        let now: Timestamp = "2026-11-18T14:25:36Z".parse().unwrap();
        Self {
            model: model.unwrap(),
            database,
            settings: Settings::new(Dialect::DuckDb, now),
        }
    }

    /// Compiled without and with what DuckDB knows of the tables.
    fn compile(&self, query: &str) -> [Compiled; 2] {
        let url: ExploreUrl = format!("/explore/m/{query}").parse().unwrap();
        let compile = |settings: &Settings| lookml::compile(&self.model, &url.query, settings);
        let plain = compile(&self.settings).unwrap();
        let mut settings = self.settings.clone();
        settings.statistics = self.database.statistics(&plain).unwrap();
        [plain, compile(&settings).unwrap()]
    }
}

#[test]
fn seconds_are_put_together_by_the_columns_that_the_rest_needs() {
    let [_, folded] = World::new().compile(
        "seconds?fields=workouts.discipline,seconds.is_hard,seconds.average,seconds.hard,workouts.minutes&f[seconds.zone]=>2&f[members.name]=-name 9",
    );
    insta::assert_snapshot!(folded.text(), @r#"
    SELECT
        workouts.discipline AS "workouts.discipline",
        seconds.z_key_0 AS "seconds.is_hard",
        (CAST(SUM(seconds.z_piece_0) AS DOUBLE) / NULLIF(SUM(seconds.z_piece_1), 0)) AS "seconds.average",
        CAST(COALESCE(SUM(seconds.z_piece_2), 0) AS BIGINT) AS "seconds.hard",
        COALESCE(list_sum(list_transform(list(DISTINCT {key: workouts.id, val: CASE WHEN workouts.id IS NOT NULL THEN workouts.minutes END}), lambda z: struct_extract(z, 'val'))), 0) AS "workouts.minutes"
    FROM (
        SELECT seconds.workout_id, CASE WHEN seconds.watts > 200 THEN 'Yes' ELSE 'No' END AS z_key_0, SUM(seconds.watts) AS z_piece_0, COUNT(seconds.watts) AS z_piece_1, COUNT(CASE WHEN (((seconds.watts > 200))) THEN 1 ELSE NULL END) AS z_piece_2
        FROM seconds AS seconds
        WHERE (seconds.zone > 2)
        GROUP BY 1, 2
    ) AS seconds
    LEFT JOIN workouts AS workouts ON seconds.workout_id = workouts.id
    LEFT JOIN members AS members ON workouts.user_id = members.id
    WHERE ((members.name <> 'name 9' OR members.name IS NULL))
    GROUP BY 1, 2
    ORDER BY 3 DESC NULLS LAST, 1 ASC NULLS FIRST, 2 ASC NULLS FIRST
    LIMIT 501;
    "#);
}

#[test]
fn branches_that_multiply_are_put_together_each() {
    let [_, folded] = World::new()
        .compile("members?fields=members.name,workouts.count,workouts.minutes,records.best");
    insta::assert_snapshot!(folded.text(), @r#"
    SELECT
        members.name AS "members.name",
        COUNT(DISTINCT workouts.id) AS "workouts.count",
        COALESCE(list_sum(list_transform(list(DISTINCT {key: workouts.id, val: CASE WHEN workouts.id IS NOT NULL THEN workouts.minutes END}), lambda z: struct_extract(z, 'val'))), 0) AS "workouts.minutes",
        MAX(records.z_piece_0) AS "records.best"
    FROM members AS members
    LEFT JOIN workouts AS workouts ON members.id = workouts.user_id
    LEFT JOIN (
        SELECT records.user_id, MAX(records.watts / 1.0) AS z_piece_0
        FROM records AS records
        GROUP BY 1
    ) AS records ON members.id = records.user_id
    GROUP BY 1
    ORDER BY 2 DESC NULLS LAST, 1 ASC NULLS FIRST
    LIMIT 501;
    "#);
}

/// Asked of folded rows.
const FOLDED: &[(&str, &str)] = &[
    (
        "an average among others",
        "seconds?fields=workouts.discipline,seconds.peak",
    ),
    (
        "a cast, where no row is left out",
        "seconds?fields=workouts.discipline,seconds.as_number",
    ),
    (
        "a tier that is sorted by another",
        "seconds?fields=seconds.tier_by_zone,workouts.count",
    ),
    (
        "by the workout",
        "seconds?fields=workouts.discipline,seconds.count,seconds.average,seconds.kj,seconds.least,seconds.most",
    ),
    (
        "filtered before and after",
        "seconds?fields=workouts.label,seconds.hard&f[seconds.watts]=>100&f[workouts.discipline]=rowing,NULL&f[seconds.count]=>5",
    ),
    (
        "filtered by an expression",
        "seconds?fields=workouts.label,seconds.hard&filter_expression=${seconds.watts} / 2 > 50 AND (${workouts.discipline} = \"rowing\" OR is_null(${workouts.discipline})) AND ${seconds.count} * 2 > 10",
    ),
    (
        "groups filtered by an expression",
        "seconds?fields=workouts.label,seconds.zone,seconds.count,seconds.average&filter_expression=${seconds.count} > 2000 OR ${seconds.zone} > 4 AND ${workouts.label} != \"rowing\"",
    ),
    (
        "what counts once",
        "seconds?fields=seconds.zone,workouts.count,workouts.minutes,workouts.median_minutes,seconds.count",
    ),
    (
        "of measures",
        "seconds?fields=workouts.discipline,seconds.per_workout",
    ),
    (
        "different values",
        "seconds?fields=workouts.discipline,seconds.zones,seconds.count",
    ),
    (
        "nothing but seconds",
        "seconds?fields=seconds.minute,seconds.average",
    ),
    ("a tier", "seconds?fields=seconds.watts_tier,seconds.count"),
    (
        "a tier of many values",
        "seconds?fields=seconds.exact_tier,workouts.count,seconds.count",
    ),
    (
        "members behind workouts",
        "seconds?fields=members.name,seconds.kj,members.count",
    ),
    (
        "pivots and totals",
        "seconds?fields=workouts.discipline,seconds.zone,seconds.count&pivots=seconds.zone&total=on&row_total=right",
    ),
    (
        "conditions of the explore",
        "only_cycling?fields=workouts.id,seconds.count,seconds.average",
    ),
    (
        "a branch",
        "members?fields=members.name,workouts.minutes,records.best",
    ),
];

#[test]
fn an_answer_over_folded_rows_is_the_same() {
    let world = World::new();
    for (name, query) in FOLDED {
        let [plain, folded] = world.compile(query);
        assert_ne!(plain.text(), folded.text(), "{name}");
        let answer = |compiled| rounded(world.database.answer(compiled).unwrap().json());
        let plain = answer(&plain);
        assert!(
            plain.as_array().is_some_and(|rows| !rows.is_empty()),
            "{name}: {plain}"
        );
        assert_eq!(plain, answer(&folded), "{name}");
    }
}

/// Sums of floats depend on the order in which they are added.
fn rounded(value: Json) -> Json {
    match value {
        Json::Number(number) if number.is_f64() => {
            json!(format!("{:.9e}", number.as_f64().unwrap()))
        }
        Json::Array(values) => values.into_iter().map(rounded).collect(),
        Json::Object(fields) => fields
            .into_iter()
            .map(|(name, value)| (name, rounded(value)))
            .collect(),
        other => other,
    }
}

/// Asked of all rows, since folded ones can't tell, or since it would not help.
const NOT_FOLDED: &[(&str, &str)] = &[
    (
        "an aggregate behind a comment",
        "seconds?fields=workouts.discipline,seconds.hidden_raw",
    ),
    (
        "an aggregate in a condition of the explore",
        "many?fields=workouts.discipline,seconds.count",
    ),
    (
        "an aggregate in a measure that is a filter only",
        "seconds?fields=workouts.discipline,seconds.count&f[seconds.middle_day]=2026",
    ),
    (
        "an aggregate in a dimension",
        "seconds?fields=workouts.discipline,seconds.by_dimension",
    ),
    (
        "an average of decimals, which is rounded otherwise",
        "seconds?fields=workouts.discipline,seconds.average_price",
    ),
    (
        "an average of dates, of which there is no sum",
        "seconds?fields=workouts.discipline,seconds.average_day",
    ),
    (
        "a cast that could fail on rows that are left out",
        "seconds?fields=workouts.id,seconds.as_number&f[workouts.discipline]=cycling",
    ),
    (
        "a bare column of another table",
        "seconds?fields=workouts.discipline,seconds.bare_minutes",
    ),
    (
        "numbers of rows",
        "seconds?fields=workouts.discipline,seconds.rows",
    ),
    (
        "floats, of which two are equal and differ",
        "seconds?fields=seconds.exact_text,workouts.count",
    ),
    (
        "intervals, likewise",
        "seconds?fields=seconds.month_of_length,workouts.count",
    ),
    (
        "a median needs each value",
        "seconds?fields=workouts.discipline,seconds.median",
    ),
    (
        "an aggregate that the model writes",
        "seconds?fields=workouts.discipline,seconds.raw",
    ),
    (
        "a filter behind the join",
        "seconds?fields=workouts.discipline,seconds.in_cycling",
    ),
    (
        "a column whose table is not said",
        "seconds?fields=seconds.bare,workouts.discipline,seconds.count",
    ),
    (
        "rows around",
        "seconds?fields=seconds.number_in_workout,workouts.discipline,seconds.count",
    ),
    (
        "too many values",
        "seconds?fields=seconds.second,workouts.discipline,seconds.count",
    ),
    (
        "nothing to gain",
        "seconds?fields=seconds.zone,seconds.count",
    ),
    (
        "rows that shall count often",
        "unsafe?fields=workouts.discipline,workouts.minutes,seconds.count",
    ),
    (
        "rows that are missing",
        "both_sides?fields=workouts.discipline,seconds.count",
    ),
    (
        "a derived table",
        "steps?fields=workouts.discipline,steps.count",
    ),
    (
        "a value where there is no row",
        "members?fields=members.name,workouts.count,records.best_or_zero",
    ),
    (
        "a count of a branch",
        "members?fields=members.name,workouts.count,records.count",
    ),
];

#[test]
fn what_folded_rows_can_t_tell_is_asked_of_all() {
    let world = World::new();
    for (name, query) in NOT_FOLDED {
        let [plain, folded] = world.compile(query);
        assert_eq!(plain.text(), folded.text(), "{name}");
    }
}

#[test]
fn what_duckdb_says_of_tables_is_understood() {
    let world = World::new();
    let [plain, _] = world.compile("seconds?fields=workouts.discipline,seconds.count");
    let statistics = format!("{:?}", world.database.statistics(&plain).unwrap());
    assert!(statistics.contains("rows: 42000"), "{statistics}");
    // A sketch: about 21, 2,000 and 250 different values.
    let count = |column: &str| -> u64 {
        let (_, behind) = statistics.split_once(&format!("\"{column}\": ")).unwrap();
        let (_, count) = behind.split_once("distinct: Some(").unwrap();
        count.split(')').next().unwrap().parse().unwrap()
    };
    assert!(statistics.contains("largest: Some(329.0)"), "{statistics}");
    assert!((15..30).contains(&count("workout_id")), "{statistics}");
    assert!((1_200..3_200).contains(&count("second")), "{statistics}");
    assert!((180..350).contains(&count("watts")), "{statistics}");
}

#[test]
fn bigquery_is_told_nothing() {
    let world = World::new();
    let mut settings = Settings::new(Dialect::BigQuery, world.settings.now);
    let url: ExploreUrl = "/explore/m/seconds?fields=workouts.discipline,seconds.count"
        .parse()
        .unwrap();
    let plain = lookml::compile(&world.model, &url.query, &settings).unwrap();
    let [duckdb, _] = world.compile("seconds?fields=workouts.discipline,seconds.count");
    settings.statistics = world.database.statistics(&duckdb).unwrap();
    let informed = lookml::compile(&world.model, &url.query, &settings).unwrap();
    assert_eq!(plain.text(), informed.text());
}
