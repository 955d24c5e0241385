//! What a demo ends with: the world in a few lines, and what to try next.

use std::io::Write;

use anyhow::{Context as _, Result};
use arrow::array::{Array, AsArray, RecordBatch};
use arrow::datatypes::{Float64Type, Int64Type};
use warehouse::{Limits, Reader};

use super::super::Context;
use crate::output::{counted, is_utf8, plain_table, program};

const WEEKS: i64 = 52;

const TOTALS: &str = "SELECT (SELECT count(*) FROM users)::BIGINT, (SELECT count(*) FROM workouts)::BIGINT, \
    (SELECT count(*) FROM workout_stats)::BIGINT, (SELECT count(*) FROM rides)::BIGINT";
const DISCIPLINES: &str = "SELECT coalesce(discipline, 'unknown'), count(*)::BIGINT, \
    (sum(seconds_recorded) / 3600)::BIGINT, sum(total_work) / 1000.0, sum(distance_m) / 1000.0 \
    FROM workouts GROUP BY 1 ORDER BY 2 DESC, 1";

pub(super) fn print(context: &Context) -> Result<()> {
    let reader = super::super::sql::reader(Limits::default(), context)?;
    let mut out = std::io::stdout().lock();
    writeln!(out)?;
    writeln!(out, "{}", totals(&reader)?)?;
    writeln!(out, "{}", disciplines(&reader)?)?;
    if let Some(line) = power_by_week(&reader)? {
        writeln!(out, "{line}")?;
    }
    writeln!(out)?;
    writeln!(out, "Try next:")?;
    let (program, profile) = (program(), &context.config.profile.name);
    for (command, rest) in [
        (
            "sql",
            "'SELECT title, avg_output FROM workouts ORDER BY 2 DESC NULLS LAST LIMIT 10'",
        ),
        ("status", ""),
        ("export", "--format parquet out/"),
    ] {
        let line = format!("{program} {command} --profile {profile} {rest}");
        writeln!(out, "  {}", line.trim_end())?;
    }
    out.flush()?;
    Ok(())
}

fn totals(reader: &Reader) -> Result<String> {
    let batch = only(reader.batches(TOTALS)?)?;
    let count = |column, noun| {
        let number = integer(&batch, column, 0).unwrap_or(0);
        counted(number.unsigned_abs(), noun)
    };
    let counts = [
        count(0, "member"),
        count(1, "workout"),
        count(2, "second"),
        count(3, "class"),
    ];
    Ok(counts.join(" · "))
}

fn disciplines(reader: &Reader) -> Result<String> {
    let mut rows = Vec::new();
    for batch in reader.batches(DISCIPLINES)? {
        for row in 0..batch.num_rows() {
            let whole =
                |column| float(&batch, column, row).map_or(String::new(), |v| format!("{v:.0}"));
            rows.push(vec![
                batch.column(0).as_string::<i32>().value(row).to_owned(),
                integer(&batch, 1, row).unwrap_or(0).to_string(),
                integer(&batch, 2, row).map_or(String::new(), |hours| hours.to_string()),
                whole(3),
                whole(4),
            ]);
        }
    }
    let names = [
        "discipline",
        "workouts",
        "hours recorded",
        "work (kJ)",
        "distance (km)",
    ];
    Ok(plain_table(&names, &[false, true, true, true, true], rows))
}

/// The own account's average output of the last year, a week a column.
fn power_by_week(reader: &Reader) -> Result<Option<String>> {
    let sql = format!(
        "WITH rides AS (SELECT date_diff('week', date_trunc('week', start_ts), \
         (SELECT date_trunc('week', max(start_ts)) FROM workouts)) AS age, avg_output \
         FROM workouts JOIN users ON users.id = user_id AND relation = 'own' \
         WHERE discipline = 'cycling' AND avg_output IS NOT NULL) \
         SELECT age::BIGINT, avg(avg_output)::DOUBLE FROM rides WHERE age < {WEEKS} GROUP BY 1"
    );
    let mut weeks = vec![None; usize::try_from(WEEKS)?];
    for batch in reader.batches(&sql)? {
        for row in 0..batch.num_rows() {
            let age = integer(&batch, 0, row).and_then(|age| usize::try_from(WEEKS - 1 - age).ok());
            if let Some(week) = age.and_then(|at| weeks.get_mut(at)) {
                *week = float(&batch, 1, row);
            }
        }
    }
    Ok(sparkline(&weeks).map(|(line, low, high)| {
        format!("Your average output by week, {low:.0} to {high:.0} W, the last {WEEKS} weeks:\n  {line}")
    }))
}

fn sparkline(values: &[Option<f64>]) -> Option<(String, f64, f64)> {
    let bars: Vec<char> = if is_utf8() {
        "▁▂▃▄▅▆▇█".chars().collect()
    } else {
        ".:-=+*#@".chars().collect()
    };
    let known = values.iter().flatten();
    let low = known.clone().copied().reduce(f64::min)?;
    let high = known.copied().reduce(f64::max)?;
    let line = values
        .iter()
        .map(|value| match value {
            None => ' ',
            Some(value) => {
                let share = if high > low {
                    (value - low) / (high - low)
                } else {
                    1.0
                };
                #[expect(
                    clippy::cast_possible_truncation,
                    clippy::cast_sign_loss,
                    reason = "a share between 0 and 1 of seven"
                )]
                let at = (share * 7.0).round() as usize;
                bars[at.min(7)]
            }
        })
        .collect();
    Some((line, low, high))
}

fn only(batches: Vec<RecordBatch>) -> Result<RecordBatch> {
    batches
        .into_iter()
        .find(|batch| batch.num_rows() > 0)
        .context("a query without a row")
}

fn integer(batch: &RecordBatch, column: usize, row: usize) -> Option<i64> {
    let column = batch.column(column).as_primitive::<Int64Type>();
    column.is_valid(row).then(|| column.value(row))
}

fn float(batch: &RecordBatch, column: usize, row: usize) -> Option<f64> {
    let column = batch.column(column).as_primitive::<Float64Type>();
    column.is_valid(row).then(|| column.value(row))
}
