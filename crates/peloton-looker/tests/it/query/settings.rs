//! What `config.toml` says of queries: flags beat it.

use std::fs;

use tempfile::TempDir;

use super::world;
use crate::home::{Home, Ran, empty};

const PROJECT: &str = r#"
connection: "ovens"
view: sales {
  derived_table: {
    sql:
      SELECT 'Lund' AS town, 3 AS loaves, TIMESTAMP '2026-03-01 02:00:00' AS sold
      UNION ALL SELECT 'Lund, West', 4, TIMESTAMP '2026-03-01 02:00:00' ;;
  }
  dimension: town { sql: ${TABLE}.town ;; }
  dimension_group: sold { type: time timeframes: [time, week] sql: ${TABLE}.sold ;; }
  measure: loaves { type: sum sql: ${TABLE}.loaves ;; }
}
explore: sales { access_filter: { field: sales.town user_attribute: town } }
"#;

/// The answer of a query with such settings.
fn ask(settings: &str, arguments: &[&str]) -> Ran {
    let home = Home::new(empty());
    fs::write(home.path().join("config.toml"), settings).unwrap();
    let folder: TempDir = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("bakery.model.lkml"), PROJECT).unwrap();
    let world = world();
    let warehouse = world.profile().join("warehouse.duckdb");
    let on = format!("duckdb:{}", warehouse.display());
    let model = folder.path().to_str().unwrap();
    let query = [
        "query", "sales", "--model", model, "--on", &on, "--format", "csv", "--fields",
    ];
    home.run(&[&query, arguments].concat())
}

#[track_caller]
fn answers(settings: &str, arguments: &[&str], expected: &str) {
    let ran = ask(settings, arguments).ends(0);
    let rows: Vec<&str> = ran.data.lines().skip(1).collect();
    assert_eq!(rows, expected.lines().collect::<Vec<_>>(), "{}", ran.data);
}

const TOWNS: &str = "sales.town,sales.loaves";

#[test]
fn user_attributes_are_texts_or_filter_expressions() {
    let text = "[model.attributes]\ntown = \"Lund, West\"\n";
    answers(text, &[TOWNS], "\"Lund, West\",4");
    let filter = "[model.filter_attributes]\ntown = \"Lund%\"\n";
    answers(filter, &[TOWNS], "\"Lund, West\",4\nLund,3");
    answers(text, &[TOWNS, "--attr", "town=Lund"], "Lund,3");
    answers(filter, &[TOWNS, "--attr", "town=Lund"], "Lund,3");
    ask("", &[TOWNS]).ends(1).says("town");
}

#[test]
fn days_begin_in_the_time_zone_and_weeks_on_the_day_that_are_set() {
    let all = "[model.filter_attributes]\ntown = \"%\"\n";
    let settings =
        format!("[model]\ntimezone = \"America/New_York\"\nweek_start = \"saturday\"\n{all}");
    answers(all, &["sales.sold_time"], "2026-03-01 02:00:00");
    answers(all, &["sales.sold_week"], "2026-02-23");
    answers(&settings, &["sales.sold_time"], "2026-02-28 21:00:00");
    answers(&settings, &["sales.sold_week"], "2026-02-28");
    let flag = ["sales.sold_time", "--timezone", "Asia/Tokyo"];
    answers(&settings, &flag, "2026-03-01 11:00:00");
}

#[test]
fn a_setting_that_means_nothing_is_named() {
    for (setting, hint) in [
        ("timezone = \"New York\"", "America/New_York"),
        ("week_start = \"someday\"", "`sunday`"),
        ("atributes = 1", "atributes"),
    ] {
        let settings = format!("[model]\n{setting}\n");
        ask(&settings, &[TOWNS])
            .ends(1)
            .says(hint)
            .says("config.toml");
    }
}
