//! Liquid in SQL: what a person gives stays a value.

use insta::assert_snapshot;
use lookml::Dialect;
use lookml::testing::Fixture;
use serde_json::json;

use super::{compile, model};

const MODEL: &str = r#"
view: workouts {
  sql_table_name: {% if workouts.source._parameter_value == 'old' %} old.workouts {% else %} main.workouts {% endif %} ;;
  parameter: source { type: unquoted default_value: "new" }
  parameter: unit { type: string allowed_value: { value: "km" } allowed_value: { value: "mi" } default_value: "km" }
  filter: period { type: date }
  filter: who { type: string sql: {% condition who %} ${TABLE}.username {% endcondition %} ;; }
  dimension: id { primary_key: yes }
  dimension: text { sql: {% parameter unit %} ;; }
  dimension: in_period { type: yesno sql: {% condition period %} ${TABLE}.created_ts {% endcondition %} ;; }
  dimension: since { sql: {% date_start period %} ;; }
  dimension: joined { sql: {% if users._in_query %} ${users.id} {% else %} NULL {% endif %} ;; }
  measure: count { type: count }
}
view: users { dimension: id { primary_key: yes } }
explore: workouts { join: users { sql_on: ${users.id} = ${workouts.id} ;; relationship: one_to_one } }
"#;

fn sql(query: serde_json::Value) -> String {
    compile(&model(MODEL), Dialect::DuckDb, query)
        .unwrap()
        .statements[0]
        .sql
        .clone()
}

#[test]
fn a_condition_is_that_of_the_filter_which_it_names() {
    let filters = json!({"workouts.period": "2026-11", "workouts.who": "it's ${users.id} {{ x }}"});
    let query = json!({"fields": ["workouts.in_period", "workouts.since", "workouts.text"], "filters": filters});
    assert_snapshot!(sql(query), @r#"
    SELECT
        CASE WHEN (((workouts.created_ts) >= TIMESTAMP '2026-11-01 00:00:00' AND (workouts.created_ts) < TIMESTAMP '2026-12-01 00:00:00')) THEN 'Yes' ELSE 'No' END AS "workouts.in_period",
        TIMESTAMP '2026-11-01 00:00:00' AS "workouts.since",
        'km' AS "workouts.text"
    FROM main.workouts AS workouts
    WHERE (((workouts.username) = 'it''s ${users.id} {{ x }}'))
    GROUP BY 1, 2, 3
    ORDER BY 1 ASC NULLS FIRST, 2 ASC NULLS FIRST, 3 ASC NULLS FIRST
    LIMIT 501
    "#);
}

#[test]
fn a_condition_without_a_value_lets_everything_through() {
    assert_snapshot!(sql(json!({"fields": ["workouts.in_period", "workouts.since", "workouts.joined"]})), @r#"
    SELECT
        CASE WHEN 1=1 THEN 'Yes' ELSE 'No' END AS "workouts.in_period",
        NULL AS "workouts.since",
        NULL AS "workouts.joined"
    FROM main.workouts AS workouts
    GROUP BY 1, 2, 3
    ORDER BY 1 ASC NULLS FIRST, 2 ASC NULLS FIRST, 3 ASC NULLS FIRST
    LIMIT 501
    "#);
}

#[test]
fn a_branch_that_is_not_taken_needs_nothing() {
    assert!(!sql(json!({"fields": ["workouts.joined"]})).contains("users"));
    assert!(sql(json!({"fields": ["workouts.joined", "users.id"]})).contains("JOIN users"));
}

#[test]
fn a_table_can_be_chosen_by_a_parameter() {
    let old = sql(json!({"fields": ["workouts.count"], "filters": {"workouts.source": "old"}}));
    assert!(old.contains("FROM old.workouts AS workouts"), "{old}");
    let error = compile(
        &model(MODEL),
        Dialect::DuckDb,
        json!({"fields": ["workouts.count"], "filters": {"workouts.source": "x; DROP TABLE y"}}),
    );
    assert_snapshot!(error.unwrap_err(), @"LK311: `x; DROP TABLE y` has more than letters, digits, `_`, `.` and `$`, which is all that `workouts.source` takes");
}

#[test]
fn a_parameter_is_one_value_whatever_stands_before_it() {
    let numbers = Fixture::new(
        r#"view: numbers {
             parameter: less { type: number default_value: "-1" }
             parameter: period {
               type: unquoted
               allowed_value: { value: "n + 1" }
               allowed_value: { value: "n" }
             }
             dimension: minus { type: number sql: ${TABLE}.n -{% parameter less %} ;; }
             dimension: is_five { sql: {% if less._parameter_value == -5 %} 'yes' {% else %} 'no' {% endif %} ;; }
             dimension: period_value { type: number sql: {% parameter period %} ;; }
           }
           explore: numbers {}"#,
    )
    .with_table("numbers", "n", "(100)");
    let minus = |filter: &str| {
        let rows = numbers.rows(&format!("fields=numbers.minus{filter}"));
        rows[0]["numbers.minus"].clone()
    };
    assert_eq!(minus(""), 101);
    assert_eq!(minus("&f[numbers.less]=-5"), 105);
    assert_eq!(minus("&f[numbers.less]=%2B5"), 95);
    assert_eq!(minus("&f[numbers.less]=5"), 95);
    let is_five = numbers.rows("fields=numbers.is_five&f[numbers.less]=-5");
    assert_eq!(is_five[0]["numbers.is_five"], "yes");
    let listed = numbers.rows("fields=numbers.period_value&f[numbers.period]=n+%2B+1");
    assert_eq!(listed[0]["numbers.period_value"], 101);
    let other = numbers.error("fields=numbers.period_value&f[numbers.period]=n+%2B+2");
    assert_snapshot!(other, @"LK311: `n + 2` is no value of the parameter `numbers.period`: it has n + 1, n");
}

#[test]
fn a_negative_value_behind_a_minus_begins_no_comment() {
    let shifted = Fixture::new(
        "view: v { parameter: by { type: number default_value: \"-3\" }
           dimension: n { type: number sql: 5 -{{ by._parameter_value }} ;; }
           dimension: m { type: number sql: 5 -{% parameter by %} ;; } }
         explore: v {}",
    )
    .with_table("v", "x", "(1)");
    assert_eq!(
        shifted.rows("fields=v.n,v.m"),
        json!([{"v.n": 8, "v.m": 8}])
    );
}

#[test]
fn texts_of_the_default_language_are_known() {
    let files = [
        ("test.model.lkml", "include: \"*.strings.json\"
            view: v { dimension: hello { sql: '{{ _localization['hello'] }}' ;; html: {{ _localization['hello'] }} {{ value }} {{ v.hello._sql }} ;; }
              dimension: none { sql: '{{ _localization['none'] }}' ;; } }
            explore: v {}"),
        ("manifest.lkml", "localization_settings: { default_locale: \"de\" }"),
        ("texts/de.strings.json", r#"{ "hello": "Hallo" }"#),
        ("texts/en.strings.json", r#"{ "hello": "Hello" }"#),
    ];
    let files = files.map(|(path, text)| (path.to_owned(), text.to_owned()));
    let localized = Fixture::of_files(files).with_table("v", "x", "(1)");
    let answer = localized
        .ask("fields=v.hello,v.none")
        .unwrap()
        .json_detail();
    assert_eq!(answer["data"][0]["v.hello"]["value"], json!("Hallo"));
    assert_eq!(
        answer["data"][0]["v.hello"]["html"],
        json!("Hallo Hallo 'Hallo'")
    );
    assert_eq!(answer["data"][0]["v.none"]["value"], json!(""));
}
