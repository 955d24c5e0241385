//! What the Python project's users wrote runs here: its columns are there with their types, and analyses of
//! the kind it was made for have the same answers in BigQuery and in DuckDB.

use super::bigquery::Dataset;
use super::{script, synced};

/// Name, SQL for BigQuery, SQL for DuckDB.
fn analyses() -> Vec<(&'static str, &'static str, &'static str)> {
    let text = include_str!("python_project/analyses.sql");
    let blocks = text.split("\n\n").skip(1);
    blocks
        .map(|block| {
            let (name, sql) = block.split_once('\n').unwrap();
            let (there, here) = sql.split_once("\n-- duckdb\n").unwrap_or((sql, sql));
            (name, there, here)
        })
        .collect()
}

#[test]
fn analyses_have_equal_answers_in_bigquery_and_in_duckdb() {
    let Some(dataset) = Dataset::new("analyses", synced) else {
        return;
    };
    assert!(analyses().len() >= 8);
    for (name, there, here) in analyses() {
        let answer = dataset.sql(there);
        assert!(answer.lines().count() > 2, "{name}\n{answer}");
        assert_eq!(answer, dataset.home.sql(here), "{name}");
    }
}

#[test]
fn its_columns_are_there_with_their_types() {
    let Some(dataset) = Dataset::new("columns", synced) else {
        return;
    };
    let there = script(
        "describe_bigquery.py",
        &["test-project", dataset.name],
        &[("BIGQUERY_EMULATOR_HOST", dataset.address)],
    );
    let there: Vec<&str> = there.lines().collect();
    let documented = include_str!("python_project/columns.txt");
    let missing: Vec<&str> = documented
        .lines()
        .filter(|line| !there.contains(line))
        .collect();
    assert_eq!(missing, [""; 0]);
    let here = dataset.home.sql(
        "SELECT table_name || '.' || column_name FROM information_schema.columns WHERE table_schema = 'main'",
    );
    let here: Vec<&str> = here.lines().collect();
    let missing: Vec<&str> = documented
        .lines()
        .filter_map(|line| line.split_once(' '))
        .map(|(column, _)| column)
        .filter(|column| !column.contains(".stats.") && !here.contains(column))
        .collect();
    assert_eq!(missing, [""; 0]);
}
