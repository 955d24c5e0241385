//! `lookml check --live`: what the warehouse has against a project.

use std::fs;

use tempfile::TempDir;

use crate::home::Ran;
use crate::query::{NOW, world};

const PROJECT: &str = r#"connection: "ovens"
view: sales {
  derived_table: { sql: SELECT 1 AS id, 7 AS shop, 'rye' AS bread UNION ALL SELECT 1, 8, 'oat' ;; }
  dimension: id { primary_key: yes type: number sql: ${TABLE}.id ;; }
  dimension: shop { type: number sql: ${TABLE}.shop ;; }
  dimension: bread { sql: ${TABLE}.bread ;; }
  dimension: crust { sql: ${TABLE}.crust ;; }
  measure: count { type: count }
}
view: shops {
  derived_table: { sql: SELECT 7 AS number UNION ALL SELECT 7 ;; }
  dimension: number { type: number sql: ${TABLE}.number ;; }
  dimension: street { sql: ${TABLE}.street ;; }
}
explore: sales {
  join: shops {
    relationship: many_to_one
    # lookml-ignore: LK225
    sql_on: ${sales.shop} = ${shops.number} ;;
  }
}
"#;

fn project(from: &str, to: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let text = PROJECT.replace(from, to);
    fs::write(folder.path().join("bakery.model.lkml"), text).unwrap();
    folder
}

fn check(folder: &TempDir, arguments: &[&str]) -> Ran {
    let folder = folder.path().to_str().unwrap();
    let command = ["lookml", "check", folder, "--now", NOW];
    world().run(&[&command, arguments].concat())
}

/// Codes and lines of what is found.
fn found(ran: &Ran) -> Vec<(String, u64)> {
    let report: serde_json::Value = serde_json::from_str(&ran.data).unwrap();
    let errors = report["errors"].as_array().unwrap().iter();
    let found = errors.map(|error| {
        let code = error["code"].as_str().unwrap().to_owned();
        (code, error["line_number"].as_u64().unwrap())
    });
    found.collect()
}

#[test]
fn the_built_in_project_fits_the_warehouse() {
    let ran = world().run(&["lookml", "check", "--live"]).ends(0);
    assert!(ran.data.ends_with(": nothing is wrong\n"), "{}", ran.data);
}

#[test]
fn columns_keys_and_joins_are_looked_into() {
    let folder = project("", "");
    let ran = check(&folder, &["--live", "--format", "json"]).ends(1);
    let all = [("LK501", 4), ("LK503", 7), ("LK503", 13), ("LK502", 16)];
    assert_eq!(found(&ran), all.map(|(code, line)| (code.to_owned(), line)));
    let ran = check(&folder, &["--live"]).ends(1);
    for text in [
        "`sales.crust` can't be asked for: ",
        "the primary key `sales.id` is not unique (rows: 2, keys: 1)",
        "the join `shops` makes 3 rows of 2",
    ] {
        assert!(ran.data.contains(text), "{}", ran.data);
    }
    // Nobody was asked.
    let ran = check(&folder, &["--format", "json"]).ends(0);
    assert_eq!(found(&ran), []);
}

#[test]
fn a_comment_keeps_it_quiet() {
    let folder = project(
        "  dimension: crust",
        "  # lookml-ignore: LK503\n  dimension: crust",
    );
    let ran = check(&folder, &["--live", "--format", "json"]).ends(1);
    let codes: Vec<String> = found(&ran).into_iter().map(|(code, _)| code).collect();
    assert_eq!(codes, ["LK501", "LK503", "LK502"]);
}

#[test]
fn what_no_query_may_be_asked_without_is_said_once() {
    let filter = "explore: sales {\n  access_filter: { field: sales.bread user_attribute: bread }";
    let folder = project("explore: sales {", filter);
    let ran = check(&folder, &["--live"]).ends(1);
    let said = ran
        .data
        .matches("the explore `sales` can't be asked")
        .count();
    assert_eq!(said, 1, "{}", ran.data);
    let ran = check(&folder, &["--live", "--attr", "bread=rye"]).ends(1);
    assert!(!ran.data.contains("can't be asked:"), "{}", ran.data);
}
