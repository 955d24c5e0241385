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

#[test]
fn what_is_wrong_in_other_explores_is_no_error_of_this_one() {
    let folder = bakery();
    let others = "
explore: few { from: sales fields: [ALL_FIELDS*, -few.bread, -few.loaves] }
view: rye { derived_table: { sql: SELECT {% parameter sales.least %} AS n ;; } dimension: n { type: number } }
view: +sales { parameter: least { type: number default_value: \"1\" } dimension: said { sql: ${bread} ;; } }
explore: rye {}
explore: both { from: rye join: sales { type: cross relationship: many_to_one } }
explore: unjoined { from: sales join: more { from: sales relationship: many_to_one } }
";
    fs::write(
        folder.path().join("bakery.model.lkml"),
        format!("{MODEL}{others}"),
    )
    .unwrap();
    let none = |arguments: &[&str]| {
        let ran = query(&folder, arguments).ends(0);
        assert!(!ran.talk.contains("error"), "{}", ran.talk);
    };
    none(&["everything", "--fields", "sales.said"]);
    none(&["both", "--fields", "both.n", "--filter", "sales.least=2"]);
    query(&folder, &["few", "--fields", "few.said"])
        .ends(1)
        .says("LK211");
    query(&folder, &["rye", "--fields", "rye.n"])
        .ends(1)
        .says("LK219");
    query(&folder, &["unjoined", "--fields", "unjoined.town"])
        .ends(1)
        .says("LK221");
}

#[test]
fn an_imported_project_is_in_its_folder() {
    let folder = tempfile::tempdir().unwrap();
    let write = |path: &str, text: &str| {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    write(
        "manifest.lkml",
        "local_dependency: { project: \"ovens\" override_constant: TOWN { value: \"Turku\" } }",
    );
    let model = "connection: \"c\" include: \"//ovens/views/*.view\" explore: ovens {}";
    write("bakery.model.lkml", model);
    query(&folder, &["ovens", "--fields", "ovens.town"])
        .ends(1)
        .says("LK104");
    let path = folder.path().to_str().unwrap();
    let checked = world().run(&["lookml", "check", path]).ends(1);
    assert!(
        checked
            .data
            .contains("put its files into `imported_projects/ovens/`"),
        "{}",
        checked.data
    );
    write(
        "imported_projects/ovens/manifest.lkml",
        "project_name: \"ovens\" constant: TOWN { value: \"Lund\" export: override_required }",
    );
    let view = "view: ovens { derived_table: { sql: SELECT '@{TOWN}' AS town ;; } dimension: town { lable: \"\" } }";
    write("imported_projects/ovens/views/ovens.view.lkml", view);
    let ran = query(
        &folder,
        &["ovens", "--fields", "ovens.town", "--format", "csv"],
    )
    .ends(0);
    assert_eq!(ran.data, "ovens.town\nTurku\n");
    let checked = world().run(&["lookml", "check", path]).ends(0);
    assert!(
        checked
            .data
            .contains("imported_projects/ovens/views/ovens.view.lkml:1:"),
        "{}",
        checked.data
    );
    assert!(checked.data.contains("1 warning"), "{}", checked.data);
}

#[test]
fn our_project_in_a_folder_reads_the_warehouse_wherever_it_says_the_tables_are() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().to_str().unwrap();
    let world = world();
    let ask = [
        "query",
        "workouts",
        "--fields",
        "workouts.count",
        "--format",
        "csv",
    ];
    let own = world.run(&ask).ends(0).data;
    for dataset in ["peloton", "some-project.fitness"] {
        let write = ["lookml", "write", path, "--dataset", dataset];
        world.run(&write).ends(0);
        let asked = world.run(&[&ask[..], &["--model", path]].concat()).ends(0);
        assert_eq!(asked.data, own);
        world.run(&["lookml", "check", "--live", path]).ends(0);
        world.run(&["lookml", "test", path]).ends(0);
    }
    let shipped = concat!(env!("CARGO_MANIFEST_DIR"), "/../../looker");
    let asked = world.run(&[&ask[..], &["--model", shipped]].concat());
    assert_eq!(asked.ends(0).data, own);
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
