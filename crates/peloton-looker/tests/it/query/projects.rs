//! Queries of other projects than the built-in one.

use std::fs;

use tempfile::TempDir;

use super::world;
use crate::home::Ran;

/// A project of a bakery, whose rows are in its SQL.
const VIEW: &str = r#"
view: sales {
  derived_table: {
    sql:
      SELECT 1 AS id, 'Lund' AS town, 'rye' AS bread, 3 AS loaves, DATE '2026-02-27' AS day
      UNION ALL SELECT 2, 'Lund', 'oat', 4, DATE '2026-02-28'
      UNION ALL SELECT 3, 'Turku', 'rye', 5, DATE '2026-02-28'
      UNION ALL SELECT 4, 'Lund, West', 'rye', 6, DATE '2026-01-28' ;;
  }
  dimension: id { primary_key: yes type: number sql: ${TABLE}.id ;; }
  dimension: town { sql: ${TABLE}.town ;; }
  dimension: bread { sql: ${TABLE}.bread ;; }
  dimension_group: sold { type: time timeframes: [date, month] datatype: date convert_tz: no sql: ${TABLE}.day ;; }
  measure: loaves { type: sum sql: ${TABLE}.loaves ;; value_format: "0.0" }
}
"#;

const MODEL: &str = r#"
connection: "ovens"
include: "/*.view"
explore: sales {
  access_filter: { field: sales.town user_attribute: town }
}
explore: everything { from: sales view_name: sales }
"#;

fn bakery() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("sales.view.lkml"), VIEW).unwrap();
    fs::write(folder.path().join("bakery.model.lkml"), MODEL).unwrap();
    folder
}

fn query(folder: &TempDir, arguments: &[&str]) -> Ran {
    let model = ["query", "--model", folder.path().to_str().unwrap()];
    world().run(&[&model, arguments].concat())
}

const TOWNS: [&str; 5] = [
    "sales",
    "--fields",
    "sales.town,sales.loaves",
    "--format",
    "csv",
];

#[test]
fn any_project_is_asked() {
    let folder = bakery();
    let fields = [
        "everything",
        "--fields",
        "sales.bread,sales.loaves",
        "--total",
    ];
    let expected = "\
┌───────┬────────┐
│ Bread ┆ Loaves │
╞═══════╪════════╡
│ rye   ┆   14.0 │
│ oat   ┆    4.0 │
│ Total ┆   18.0 │
└───────┴────────┘
";
    let ran = query(&folder, &fields).ends(0);
    assert_eq!(ran.data, expected, "\n{}", ran.data);
}

#[test]
fn a_user_attribute_is_one_text_or_a_filter_expression() {
    let folder = bakery();
    let asked = |attribute: &[&str]| query(&folder, &[&TOWNS[..], attribute].concat());
    let rows = |attribute: &[&str]| asked(attribute).ends(0).data;
    let head = "sales.town,sales.loaves\n";
    let only = |rows: &str| format!("{head}{rows}");
    assert_eq!(
        rows(&["--attr", "town=Lund, West"]),
        only("\"Lund, West\",6\n")
    );
    assert_eq!(
        rows(&["--attr-filter", "town=Lund,Turku"]),
        only("Lund,7\nTurku,5\n")
    );
    asked(&[])
        .ends(1)
        .says("error: LK940: the explore `sales` shows only rows of a person's `town`, which is not known\n")
        .says("hint: give the user attribute `town`\n");
}

#[test]
fn the_clock_can_be_set() {
    let folder = bakery();
    let rows = |now: &str| {
        let filter = [
            "--filter",
            "sales.sold_date=2 days",
            "--now",
            now,
            "--format",
            "csv",
        ];
        let fields = ["everything", "--fields", "sales.loaves"];
        query(&folder, &[&fields[..], &filter].concat())
            .ends(0)
            .data
    };
    assert_eq!(rows("2026-02-28T12:00:00Z"), "sales.loaves\n12\n");
    assert_eq!(rows("2026-02-27T00:00:00"), "sales.loaves\n3\n");
}

#[test]
fn models_that_share_an_explore_are_told_apart() {
    let folder = bakery();
    fs::write(folder.path().join("stall.model.lkml"), MODEL).unwrap();
    query(&folder, &["everything", "--fields", "sales.loaves"])
        .ends(1)
        .says("several models have an explore `everything`")
        .says("name one of them: bakery/everything, stall/everything");
    let arguments = [
        "stall/everything",
        "--fields",
        "sales.loaves",
        "--format",
        "csv",
    ];
    let ran = query(&folder, &arguments).ends(0);
    assert_eq!(ran.data, "sales.loaves\n18\n");
}

#[test]
fn what_is_no_project_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let fields = ["sales", "--fields", "sales.loaves"];
    query(&folder, &fields)
        .ends(1)
        .says("has no model file\n")
        .says("hint: a project has a file that ends with `.model.lkml`\n");
    let missing = folder.path().join("nowhere");
    let missing = ["query", "--model", missing.to_str().unwrap()];
    world()
        .run(&[&missing[..], &fields].concat())
        .ends(1)
        .says("there is no folder `")
        .says("hint: give the folder of a LookML project\n");
}

/// The bakery with a change to its view.
fn changed(from: &str, to: &str) -> TempDir {
    assert!(VIEW.contains(from));
    let folder = bakery();
    fs::write(
        folder.path().join("sales.view.lkml"),
        VIEW.replace(from, to),
    )
    .unwrap();
    folder
}

#[test]
fn an_error_in_what_is_asked_for_is_no_answer() {
    let ask = ["everything", "--fields", "sales.bread,sales.loaves"];
    let folder = changed("value_format: \"0.0\"", "filters: {value: \"rye\"}");
    let ran = query(&folder, &ask)
        .ends(1)
        .says("error: LK118")
        .says("lookml check");
    assert_eq!(ran.data, "");
    let other = ["everything", "--fields", "sales.bread"];
    query(&folder, &other)
        .ends(0)
        .says("warning: 1 error in what this explore is made of");
    let folder = changed("view: sales {", "view: sales { sql_table_name: sales ;;");
    query(&folder, &other).ends(1).says("LK121");
}
