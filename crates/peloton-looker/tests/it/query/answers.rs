//! Answers in every format.

use std::process::Stdio;

use serde_json::{Value, json};

use super::{NOW, prints, query, world};
use crate::home::Ran;

#[test]
fn a_table_has_labels_formatted_values_and_totals() {
    let fields = "workouts.discipline,workouts.count,workouts.total_output_kj";
    let arguments = [
        "workouts",
        "--fields",
        fields,
        "--filter",
        "workouts.start_date=30 days",
        "--filter",
        "workouts.discipline=Cycling,Running,Walking",
        "--total",
    ];
    let expected = "\
┌────────────┬───────────────┬───────────────────┐
│ Discipline ┆ Workout Count ┆ Total Output (kJ) │
╞════════════╪═══════════════╪═══════════════════╡
│ Cycling    ┆            36 ┆            12,939 │
│ Running    ┆             5 ┆             1,678 │
│ Walking    ┆             3 ┆               272 │
│ Total      ┆            44 ┆            14,888 │
└────────────┴───────────────┴───────────────────┘
";
    prints(&arguments, expected);
}

const PIVOTED: [&str; 7] = [
    "workouts",
    "--fields",
    "workouts.start_month,workouts.discipline,workouts.count",
    "--pivots",
    "workouts.discipline",
    "--filter",
    "workouts.discipline=Cycling,Running,Walking",
];

#[test]
fn pivots_go_across() {
    let expected = "\
┌─────────────┬─────────┬─────────┬─────────┬───────┐
│ Start Month ┆ Cycling ┆ Running ┆ Walking ┆ Total │
╞═════════════╪═════════╪═════════╪═════════╪═══════╡
│ 2026-02     ┆      35 ┆       5 ┆       2 ┆    42 │
│ 2026-01     ┆      33 ┆       4 ┆       3 ┆    40 │
│ 2025-12     ┆       8 ┆       2 ┆         ┆    10 │
│ Total       ┆      76 ┆      11 ┆       5 ┆    92 │
└─────────────┴─────────┴─────────┴─────────┴───────┘
";
    prints(
        &[&PIVOTED[..], &["--total", "--row-total"]].concat(),
        expected,
    );
}

#[test]
fn csv_has_names_and_raw_values() {
    let expected = "\
workouts.start_month,Cycling · workouts.count,Running · workouts.count,Walking · workouts.count
2026-02,35,5,2
2026-01,33,4,3
2025-12,8,2,
";
    prints(&[&PIVOTED[..], &["--format", "csv"]].concat(), expected);
}

#[test]
fn json_lines_nest_pivoted_cells_by_their_key() {
    let expected = r#"{"workouts.start_month":"2026-02","workouts.count":{"Cycling":35,"Running":5,"Walking":2,"$$$_row_total_$$$":42}}
{"workouts.start_month":"2026-01","workouts.count":{"Cycling":33,"Running":4,"Walking":3,"$$$_row_total_$$$":40}}
{"workouts.start_month":"2025-12","workouts.count":{"Cycling":8,"Running":2,"$$$_row_total_$$$":10}}
"#;
    prints(
        &[&PIVOTED[..], &["--format", "jsonl", "--row-total"]].concat(),
        expected,
    );
}

#[test]
fn json_is_a_list_of_rows() {
    let ran = query(&[
        "workouts",
        "--fields",
        "workouts.start_month,workouts.count",
        "--sorts",
        "workouts.start_month",
        "--format",
        "json",
    ])
    .ends(0);
    let rows: Value = serde_json::from_str(&ran.data).unwrap();
    let expected = json!([
        {"workouts.start_month": "2025-12", "workouts.count": 13},
        {"workouts.start_month": "2026-01", "workouts.count": 50},
        {"workouts.start_month": "2026-02", "workouts.count": 56},
    ]);
    assert_eq!(rows, expected);
}

#[test]
fn json_detail_says_what_the_columns_are() {
    let ran = query(&[
        "workouts",
        "--fields",
        "workouts.discipline,workouts.total_output_kj",
        "--limit",
        "1",
        "--total",
        "--format",
        "json_detail",
    ])
    .ends(0)
    .says("Cut after 1 row; --limit -1 gives all.");
    let detail: Value = serde_json::from_str(&ran.data).unwrap();
    let cell = &detail["data"][0]["workouts.total_output_kj"];
    assert_eq!(cell["rendered"], "28,745");
    assert!(cell["value"].is_f64());
    let link = cell["links"][0]["url"].as_str().unwrap();
    assert!(
        link.starts_with("/explore/peloton/workouts?fields="),
        "{link}"
    );
    let total = &detail["totals_data"]["workouts.total_output_kj"];
    assert_eq!(total["rendered"], "33,207");
    let measure = &detail["fields"]["measures"][0];
    assert_eq!(measure["label_short"], "Total Output (kJ)");
    assert_eq!(measure["type"], "sum");
    assert_eq!(detail["truncated"], true);
    assert!(detail["sql"].as_str().unwrap().starts_with("SELECT"));
    // A drill link is a query itself.
    let rows = query(&["--url", link, "--format", "csv"]).ends(0).data;
    assert_eq!(rows.lines().count(), 1 + 76, "{rows}");
}

#[test]
fn sql_is_printed_and_not_run() {
    let arguments = [
        "friends",
        "--fields",
        "members.count",
        "--format",
        "sql",
        "--filter",
        "members.username=Ada%",
    ];
    let here = query(&arguments).ends(0).data;
    assert!(
        here.starts_with("SELECT\n") && here.ends_with(";\n"),
        "{here}"
    );
    assert!(here.contains("\nFROM main.users AS members\n"), "{here}");
    let elsewhere = ["--on", "bigquery:my-project.peloton?location=EU"];
    let there = query(&[&arguments[..], &elsewhere].concat()).ends(0).data;
    assert!(
        there.contains("\nFROM `my-project`.peloton.users AS members\n"),
        "{there}"
    );
}

#[test]
fn an_address_of_looker_is_a_query() {
    let url = "https://example.looker.com/explore/peloton/workouts\
               ?fields=workouts.start_date,workouts.count&f[workouts.start_date]=3+days\
               &fill_fields=workouts.start_date&sorts=workouts.start_date+desc&toggle=dat";
    let expected = "\
┌────────────┬───────────────┐
│ Start Date ┆ Workout Count │
╞════════════╪═══════════════╡
│ 2026-03-01 ┆             ∅ │
│ 2026-02-28 ┆             3 │
│ 2026-02-27 ┆             1 │
└────────────┴───────────────┘
";
    prints(&["--url", url], expected);
}

#[test]
fn a_query_of_the_api_comes_from_a_file_or_from_standard_input() {
    let home = world();
    let query = r#"{"model":"peloton","view":"workouts","fields":["workouts.count"],"limit":"10"}"#;
    let arguments = ["query", "--json", "-", "--format", "csv"];
    let ran = home.run_with(&arguments, query).ends(0);
    assert_eq!(ran.data, "workouts.count\n119\n");
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), query).unwrap();
    let path = file.path().to_str().unwrap();
    // Flags add to it.
    let arguments = [
        "query",
        "--json",
        path,
        "--format",
        "csv",
        "--fields",
        "members.count",
    ];
    let ran = home.run(&arguments).ends(0);
    assert_eq!(ran.data, "workouts.count,members.count\n119,3\n");
}

#[test]
fn a_time_zone_moves_moments_and_no_days_of_the_member() {
    let moments = |zone: &str| {
        let fields = "workouts.started_time,workouts.start_date";
        let arguments = [
            "workouts",
            "--fields",
            fields,
            "--sorts",
            "workouts.started_time",
        ];
        let more = ["--limit", "1", "--timezone", zone, "--format", "csv"];
        let ran = query(&[&arguments[..], &more].concat()).ends(0);
        let row = ran.data.lines().nth(1).unwrap().to_owned();
        let (moment, day) = row.split_once(',').unwrap();
        (moment.to_owned(), day.to_owned())
    };
    let (utc, day) = moments("UTC");
    let (tokyo, same_day) = moments("Asia/Tokyo");
    let moment = |text: &str| {
        text.replace(' ', "T")
            .parse::<jiff::civil::DateTime>()
            .unwrap()
    };
    let hours = moment(&tokyo).since(moment(&utc)).unwrap().get_hours();
    assert_eq!(hours, 9, "{utc} {tokyo}");
    assert_eq!(day, same_day);
}

#[test]
fn the_same_comes_of_a_folder_of_parquet_files() {
    let home = world();
    let folder = tempfile::tempdir().unwrap();
    let target = format!("parquet:{}", folder.path().display());
    home.run(&["publish", &target]).ends(0);
    let arguments = [&["query", "--now", NOW], &PIVOTED[..]].concat();
    let there = home
        .run(&[&arguments[..], &["--on", &target]].concat())
        .ends(0);
    assert_eq!(there.data, home.run(&arguments).ends(0).data);
}

#[test]
fn a_reader_that_goes_away_is_no_failure() {
    let home = world();
    let fields = "workout_seconds.output,workouts.id,workout_seconds.second";
    let arguments = [
        "query",
        "workout_seconds",
        "--fields",
        fields,
        "--limit",
        "-1",
    ];
    for format in ["table", "csv", "json", "jsonl", "json_detail"] {
        let mut command = home.command(&[&arguments[..], &["--format", format]].concat());
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        Ran::new(child.wait_with_output().unwrap()).ends(0);
    }
}
