//! Queries that can't be meant, and what they are told.

use super::{query, world};
use crate::home::{Home, empty};

/// Fails with a message and, where there is one, a hint.
#[track_caller]
fn fails(arguments: &[&str], expected: &str) {
    let ran = query(arguments).ends(1);
    assert_eq!(ran.talk, expected, "\n{}", ran.talk);
    assert_eq!(ran.data, "");
}

#[test]
fn a_field_that_does_not_exist_names_the_nearest() {
    fails(
        &["workouts", "--fields", "workouts.start_mnth"],
        "error: LK301: the explore `workouts` has no field `workouts.start_mnth`\n\
         hint: did you mean `workouts.start_month`?\n",
    );
    fails(
        &[
            "workouts",
            "--fields",
            "workouts.count",
            "--filter",
            "workouts.start_dat=7 days",
        ],
        "error: LK301: the explore `workouts` has no field `workouts.start_dat`\n\
         hint: did you mean `workouts.start_date`?\n",
    );
}

#[test]
fn a_field_without_its_view_is_looked_for_in_the_base() {
    fails(
        &["workouts", "--fields", "cuont"],
        "error: LK301: `cuont` is no full name of a field, `view.field`\n\
         hint: did you mean `workouts.count`?\n",
    );
    fails(
        &["workouts", "--fields", "count"],
        "error: LK301: `count` is no full name of a field, `view.field`\n\
         hint: did you mean `workouts.count`?\n",
    );
}

#[test]
fn an_explore_that_does_not_exist_names_the_nearest() {
    fails(
        &["workots", "--fields", "workouts.count"],
        "error: LK301: the built-in project has no explore `workots`\n\
         hint: did you mean `workouts`?\n",
    );
    fails(
        &["peloton/workots", "--fields", "workouts.count"],
        "error: LK301: the model `peloton` has no explore `workots`\n\
         hint: did you mean `workouts`?\n",
    );
    fails(
        &["running/workouts", "--fields", "workouts.count"],
        "error: LK301: the built-in project has no model `running`\n\
         hint: it has peloton\n",
    );
}

#[test]
fn a_filter_that_means_nothing_is_shown() {
    fails(
        &[
            "workouts",
            "--fields",
            "workouts.count",
            "--filter",
            "workouts.start_date=lst 3 dys",
        ],
        "error: LK310: the filter `lst 3 dys` on `workouts.start_date`: expected a date, or a time span such as \
         `7 days`, not `lst`\n\
         hint: the mistake is at character 1\n",
    );
}

#[test]
fn a_pivot_is_one_of_the_fields() {
    fails(
        &[
            "workouts",
            "--fields",
            "workouts.count",
            "--pivots",
            "workouts.discipline",
        ],
        "error: LK301: the pivot `workouts.discipline` is none of the fields\n\
         hint: add it to the fields\n",
    );
}

#[test]
fn a_time_zone_that_does_not_exist_is_named() {
    fails(
        &[
            "workouts",
            "--fields",
            "workouts.count",
            "--timezone",
            "Mars/Base",
        ],
        "error: LK022: there is no time zone `Mars/Base`\n\
         hint: write it as `America/New_York`\n",
    );
}

#[test]
fn a_sort_of_a_field_that_is_not_there_is_told_and_passed_over() {
    let arguments = [
        "workouts",
        "--fields",
        "workouts.count",
        "--sorts",
        "workouts.title",
    ];
    let ran = query(&[&arguments[..], &["--format", "csv"]].concat()).ends(0);
    assert_eq!(ran.data, "workouts.count\n119\n");
    assert_eq!(
        ran.talk,
        "warning: LK320: `workouts.title` is not selected, so rows are not sorted by it\n"
    );
}

#[test]
fn what_is_typed_wrongly_is_wrong_usage() {
    let wrong = |arguments: &[&str], said: &str| {
        query(arguments).ends(2).says(said);
    };
    wrong(&["workouts"], "--fields");
    wrong(&[], "<EXPLORE>");
    wrong(
        &["workouts", "--url", "/explore/peloton/workouts"],
        "cannot be used with",
    );
    wrong(
        &["--url", "https://example.looker.com/dashboards/12"],
        "is not the path of an explore",
    );
    wrong(
        &["--url", "/explore/peloton/workouts?limit=few"],
        "`few` means nothing as `limit`",
    );
    wrong(
        &[
            "workouts",
            "--fields",
            "workouts.count",
            "--sorts",
            "workouts.count down",
        ],
        "`workouts.count down` is no sort",
    );
    wrong(
        &[
            "workouts",
            "--fields",
            "workouts.count",
            "--filter",
            "workouts.title",
        ],
        "a name, `=` and a value make one",
    );
    let twice = [
        "workouts",
        "--fields",
        "workouts.count",
        "--filter",
        "workouts.minutes=>15",
        "--filter",
        "workouts.minutes=<40",
    ];
    wrong(&twice, "two filters on `workouts.minutes`, `>15` and `<40`");
    let limit = ["workouts", "--fields", "workouts.count", "--limit", "-5"];
    wrong(&limit, "-5 is not in -1..");
    world()
        .run_with(&["query", "--json", "-"], "{\"view\":")
        .ends(2)
        .says("standard input has no query: EOF while parsing");
    world()
        .run(&["status", "--model", "x"])
        .ends(2)
        .says("no use for one");
}

#[test]
fn a_query_without_fields_is_told_so() {
    fails(
        &["--url", "/explore/peloton/workouts"],
        "error: LK301: the query has no fields\n\
         hint: select a dimension or a measure, as `view.field`\n",
    );
    fails(
        &["workouts", "--fields", ""],
        "error: LK301: the query has no fields\n\
         hint: select a dimension or a measure, as `view.field`\n",
    );
    query(&["--url", "/explore/peloton/workouts?qid=Ab1"])
        .ends(2)
        .says("`qid=Ab1` is a query that Looker has saved");
}

#[test]
fn totals_that_a_format_leaves_out_are_told() {
    let ask = ["workouts", "--fields", "workouts.count", "--total"];
    for format in ["csv", "json", "jsonl"] {
        let ran = query(&[&ask[..], &["--format", format]].concat()).ends(0);
        let expected = "warning: totals are in `--format table` and `--format json_detail` only\n";
        assert_eq!(ran.talk, expected);
    }
}

#[test]
fn a_column_that_the_warehouse_lacks_names_the_next_step() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().to_str().unwrap();
    world().run(&["lookml", "write", path]).ends(0);
    let view = "view: +workouts { dimension: later { sql: ${TABLE}.of_a_later_version ;; } }";
    std::fs::write(folder.path().join("custom/later.view.lkml"), view).unwrap();
    let ran = query(&["workouts", "--fields", "workouts.later", "--model", path]).ends(1);
    let lines: Vec<&str> = ran.talk.lines().collect();
    assert_eq!(lines.len(), 2, "{}", ran.talk);
    assert!(lines[0].contains("of_a_later_version"), "{}", ran.talk);
    assert!(
        lines[1].contains("run `peloton-looker rebuild`"),
        "{}",
        ran.talk
    );
}

#[test]
fn where_there_is_no_warehouse_the_next_step_is_named() {
    let home = Home::new(empty());
    let arguments = ["query", "workouts", "--fields", "workouts.count"];
    home.run(&arguments)
        .ends(1)
        .says("there is no warehouse at")
        .says("run `peloton-looker sync`, or `peloton-looker demo`");
    home.run(&[&arguments[..], &["--on", "duckdb:/nowhere/x.duckdb"]].concat())
        .ends(1)
        .says("check the path that --on names");
    // SQL needs none.
    let ran = home
        .run(&[&arguments[..], &["--format", "sql"]].concat())
        .ends(0);
    assert!(ran.data.starts_with("SELECT"), "{}", ran.data);
}

#[test]
fn a_key_of_a_query_that_nobody_reads_is_named() {
    let text = r#"{"model": "peloton", "view": "workouts", "fields": ["workouts.count"], "limt": 3, "id": 7}"#;
    let ran = world().run_with(&["query", "--json", "-"], text).ends(0);
    let expected = "warning: `limt` of standard input is no key of a query, and says nothing; did you mean `limit`?\n";
    assert_eq!(ran.talk, expected);
}
