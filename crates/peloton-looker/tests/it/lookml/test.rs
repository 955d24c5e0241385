//! `lookml test`: data tests on real rows.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::home::{Home, Ran, empty};
use crate::query::world;

/// A project of a bakery, whose rows are in its SQL.
const MODEL: &str = r#"
connection: "ovens"
view: sales {
  derived_table: {
    sql: SELECT 1 AS id, 'rye' AS bread, 3 AS loaves UNION ALL SELECT 2, 'oat', -4 UNION ALL SELECT 3, 'rye', 5 ;;
  }
  dimension: id { primary_key: yes type: number sql: ${TABLE}.id ;; }
  dimension: bread { sql: ${TABLE}.bread ;; }
  measure: loaves { type: sum sql: ${TABLE}.loaves ;; }
}
explore: sales {}
"#;

fn bakery(tests: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(
        folder.path().join("bakery.model.lkml"),
        format!("{MODEL}{tests}"),
    )
    .unwrap();
    folder
}

fn test(folder: &Path, arguments: &[&str]) -> Ran {
    let command = ["lookml", "test", folder.to_str().unwrap()];
    world().run(&[&command, arguments].concat())
}

#[test]
fn the_tests_of_the_built_in_project_pass() {
    let ran = world().run(&["lookml", "test"]).ends(0);
    assert!(
        ran.data
            .contains("│ workouts_key_is_unique             ┆    1 ┆  1 of 1 ┆ passed │")
    );
    assert!(
        ran.data.ends_with("\n30 tests: 30 passed, 0 failed\n"),
        "{}",
        ran.data
    );
    assert!(!ran.data.contains("warning"), "{}", ran.data);
}

const NEGATIVE: &str = r#"
test: nobody_sells_less_than_nothing {
  explore_source: sales {
    column: bread {}
    column: sold { field: sales.loaves }
    sorts: [sold: asc]
  }
  assert: not_negative {
    expression: ${sales.loaves} >= 0 ;;
  }
  assert: has_a_name {
    expression: NOT is_null(${bread}) AND ${sold} < 100 ;;
  }
}
"#;

#[test]
fn a_failing_test_shows_the_rows_and_how_to_see_them() {
    let folder = bakery(NEGATIVE);
    let ran = test(folder.path(), &[]).ends(1);
    let file = folder.path().join("bakery.model.lkml");
    let program = env!("CARGO_BIN_EXE_peloton-looker");
    let expected = format!(
        "\
┌────────────────────────────────┬──────┬─────────┬────────┐
│ test                           ┆ rows ┆ asserts ┆ result │
╞════════════════════════════════╪══════╪═════════╪════════╡
│ nobody_sells_less_than_nothing ┆    2 ┆  1 of 2 ┆ failed │
└────────────────────────────────┴──────┴─────────┴────────┘

error: `not_negative` does not hold in 1 of 2 rows
  --> {}:20:17
   |
20 |     expression: ${{sales.loaves}} >= 0 ;;
   |                 ^^^^^^^^^^^^^^^^^^^^
   = sales.bread: \"oat\", sales.loaves: -4
   = the rows: {program} query --model '{}' --url '/explore/bakery/sales?fields=sales.bread,sales.loaves&sorts=sales.loaves&limit=-1'

1 test: 0 passed, 1 failed
",
        file.display(),
        folder.path().display()
    );
    assert_eq!(ran.data, expected, "\n{}", ran.data);
}

#[test]
fn for_programs_a_result_has_the_names_of_lookers_api() {
    let folder = bakery(NEGATIVE);
    let ran = test(folder.path(), &["--format", "json"]).ends(1);
    let mut results: Value = serde_json::from_str(&ran.data).unwrap();
    let errors = results[0]["errors"].take();
    let expected = json!([{
        "model_name": "bakery",
        "test_name": "nobody_sells_less_than_nothing",
        "assertions_count": 2,
        "assertions_failed": 1,
        "success": false,
        "errors": null,
        "warnings": [],
    }]);
    assert_eq!(results, expected);
    let expected = json!([{
        "code": null,
        "severity": "error",
        "kind": "test",
        "message": "`not_negative` does not hold in 1 of 2 rows",
        "field_name": null,
        "file_path": "bakery.model.lkml",
        "line_number": 20,
        "model_id": "bakery",
        "explore": "sales",
        "help_url": null,
        "params": {
            "hint": null,
            "rows": [{"sales.bread": "oat", "sales.loaves": -4}],
            "url": "/explore/bakery/sales?fields=sales.bread,sales.loaves&sorts=sales.loaves&limit=-1",
        },
    }]);
    assert_eq!(errors, expected);
}

/// The part of the report behind the table.
#[track_caller]
fn findings(tests: &str, code: i32) -> String {
    let folder = bakery(tests);
    let data = test(folder.path(), &[]).ends(code).data;
    let (_, findings) = data.split_once("┘\n\n").unwrap();
    findings.replace(&format!("{}/", folder.path().display()), "")
}

#[test]
fn what_can_not_be_asked_or_read_has_failed() {
    let shown = findings(
        r#"
test: unknown_field {
  explore_source: sales { column: lofes { field: sales.lofes } }
  assert: some { expression: ${sales.lofes} > 0 ;; }
}
test: unread {
  explore_source: sales { column: loaves {} }
  assert: open { expression: (${sales.loaves} > 0 ;; }
}
test: derived {
  explore_source: sales { column: id {} derived_column: twice { sql: 2 * id ;; } }
  assert: even { expression: ${twice} > 0 ;; }
}
"#,
        1,
    );
    let expected = "\
error[LK301]: the explore `sales` has no field `sales.lofes`
  --> bakery.model.lkml:13:1
   |
13 | test: unknown_field {
   | ^^^^^^^^^^^^^^^^^^^
   = hint: did you mean `sales.loaves`?
";
    assert!(shown.starts_with(expected), "{shown}");
    assert!(shown.contains("bakery.model.lkml:19:"), "{shown}");
    assert!(
        shown.contains("error[LK932]: the test `derived` has a `derived_column`\n"),
        "{shown}"
    );
    assert!(
        shown.ends_with("\n3 tests: 0 passed, 3 failed\n"),
        "{shown}"
    );
}

#[test]
fn no_rows_pass_with_a_warning() {
    let shown = findings(
        r#"
test: nothing_there {
  explore_source: sales { column: id {} filters: [sales.bread: "spelt"] }
  assert: some { expression: ${sales.id} > 0 ;; }
}
"#,
        0,
    );
    let expected = "\
warning: the test `nothing_there` had no rows to look at
  --> bakery.model.lkml:13:1
   |
13 | test: nothing_there {
   | ^^^^^^^^^^^^^^^^^^^

1 test: 1 passed, 0 failed
";
    assert_eq!(shown, expected);
}

#[test]
fn every_row_is_tested_unless_there_is_a_limit() {
    let many = |limit: &str| {
        let folder = bakery(&format!(
            r#"
view: numbers {{
  derived_table: {{ sql: SELECT * FROM range(7000) AS numbers(id) ;; }}
  dimension: id {{ primary_key: yes type: number sql: ${{TABLE}}.id ;; }}
}}
explore: numbers {{}}
test: small {{
  explore_source: numbers {{ column: id {{}} sorts: [numbers.id: asc] {limit} }}
  assert: below {{ expression: ${{numbers.id}} < 6000 ;; }}
}}
"#
        ));
        test(folder.path(), &[])
    };
    let ran = many("").ends(1);
    assert!(
        ran.data.contains("does not hold in 1000 of 7,000 rows"),
        "{}",
        ran.data
    );
    many("limit: 6000").ends(0);
}

#[test]
fn a_project_without_tests_is_told_so() {
    let folder = bakery("");
    let ran = test(folder.path(), &[]).ends(0);
    assert_eq!(ran.talk, "The project has no data tests.\n");
}

#[test]
fn a_missing_warehouse_is_told_once() {
    let home = Home::new(empty());
    let ran = home.run(&["lookml", "test"]).ends(1);
    assert_eq!(ran.talk.matches("there is no warehouse at").count(), 1);
    ran.says("run `peloton-looker sync`");
}
