//! `lookml check`: what a person sees of what is wrong.

use std::fs;

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::home::{Home, Ran, empty};

const MODEL: &str = "connection: \"ovens\"\ninclude: \"/views/*.view\"\nexplore: sales {}\n";

const VIEW: &str = "\
view: sales {
  sql_table_name: sales ;;
  dimension: id { primary_key: yes type: number sql: ${TABLE}.id ;; }
  dimension: bread { sql: ${TABLE}.bread ;; }
  measure: loaves { type: sum sql: ${TABLE}.loaves ;; }
}
";

/// A project of a bakery, with a change to its view.
fn bakery(from: &str, to: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("views")).unwrap();
    fs::write(folder.path().join("bakery.model.lkml"), MODEL).unwrap();
    let view = VIEW.replace(from, to);
    fs::write(folder.path().join("views/sales.view.lkml"), view).unwrap();
    folder
}

fn check(folder: &TempDir, arguments: &[&str]) -> Ran {
    let home = Home::new(empty());
    let mut command = home.command(&[&["lookml", "check", "."], arguments].concat());
    command.current_dir(folder.path());
    Ran::new(command.output().unwrap())
}

#[test]
fn the_built_in_project_has_no_errors_or_warnings() {
    let home = Home::new(empty());
    let ran = home
        .run(&["lookml", "check", "--fail-on", "warning"])
        .ends(0);
    assert!(
        ran.data.ends_with(" files: nothing is wrong\n"),
        "{}",
        ran.data
    );
}

#[test]
fn an_error_is_shown_where_it_is() {
    let folder = bakery("${TABLE}.bread", "${brad}");
    let ran = check(&folder, &[]).ends(1);
    let expected = "\
error[LK210]: `${brad}`: the view `sales` has no field `brad`
 --> views/sales.view.lkml:4:27
  |
4 |   dimension: bread { sql: ${brad} ;; }
  |                           ^^^^^^^
  = hint: did you mean `bread`?

2 files: 1 error
";
    assert_eq!(ran.data, expected, "\n{}", ran.data);
}

#[test]
fn a_warning_fails_only_where_somebody_wants_it() {
    let folder = bakery("measure: loaves { ", "measure: loaves { colour: red ");
    let ran = check(&folder, &[]).ends(0);
    assert!(ran.data.contains("warning[LK020]: "), "{}", ran.data);
    assert!(ran.data.ends_with("\n2 files: 1 warning\n"), "{}", ran.data);
    check(&folder, &["--fail-on", "warning"]).ends(1);
}

#[test]
fn style_is_looked_at_on_request() {
    let folder = bakery("", "");
    let ran = check(&folder, &[]).ends(0);
    assert_eq!(ran.data, "2 files: nothing is wrong\n");
    let ran = check(&folder, &["--lint"]).ends(0);
    assert!(ran.data.contains("warning[LK401]: "), "{}", ran.data);
}

#[test]
fn for_programs_an_error_has_the_names_of_lookers_api() {
    let folder = bakery("${TABLE}.bread", "${brad}");
    let ran = check(&folder, &["--format", "json"]).ends(1);
    let report: Value = serde_json::from_str(&ran.data).unwrap();
    assert_eq!(report["models_not_validated"], json!([]));
    let error = &report["errors"][0];
    assert_eq!(error["code"], "LK210");
    assert_eq!(error["severity"], "error");
    assert_eq!(error["field_name"], "sales.bread");
    assert_eq!(error["file_path"], "views/sales.view.lkml");
    assert_eq!(error["line_number"], 4);
    assert_eq!(error["model_id"], "bakery");
    assert_eq!(error["params"]["column_number"], 27);
}

#[test]
fn colours_are_for_terminals() {
    let folder = bakery("${TABLE}.bread", "${brad}");
    assert!(!check(&folder, &[]).ends(1).data.contains('\x1b'));
    let ran = check(&folder, &["--color", "always"]).ends(1);
    assert!(
        ran.data.contains("\x1b[1;31merror[LK210]\x1b[0m: "),
        "{}",
        ran.data
    );
}

#[test]
fn a_folder_without_a_model_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let ran = check(&folder, &[]).ends(1);
    assert!(ran.data.contains("error[LK101]: "), "{}", ran.data);
}
