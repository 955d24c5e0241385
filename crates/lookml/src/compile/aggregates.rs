//! The text of aggregates in each dialect, over the rows as they come or over one row per key.

use super::sql::Sql;
use crate::dialect::Dialect;
use crate::model::Aggregate;

/// What is aggregated.
pub(super) struct Input<'a> {
    /// The value of a row; nothing where a count counts rows.
    pub(super) value: Option<Sql<'a>>,
    /// What the rows must be, as one condition.
    pub(super) condition: Option<String>,
    /// What tells the rows of the view apart.
    pub(super) key: Option<Sql<'a>>,
}

impl Input<'_> {
    /// The value of a row that counts; NULL of others.
    fn filtered(&self, value: &str) -> String {
        match &self.condition {
            Some(condition) => format!("CASE WHEN {condition} THEN {value} ELSE NULL END"),
            None => value.to_owned(),
        }
    }
}

impl Input<'_> {
    /// The value, whichever rows count.
    pub(super) fn value_text(&self) -> String {
        self.value
            .as_ref()
            .map(|value| value.text.clone())
            .unwrap_or_default()
    }

    /// The value of each row that is counted, alone.
    pub(super) fn counted_value(&self) -> String {
        let value = self.value.as_ref();
        match (value, &self.condition) {
            (None, _) => self.filtered("1"),
            (Some(value), Some(_)) => self.filtered(&value.operand()),
            (Some(value), None) => value.text.clone(),
        }
    }
}

/// Over the rows as they come.
pub(super) fn plain(dialect: Dialect, aggregate: Aggregate, input: &Input<'_>) -> String {
    if input.value.is_none() && input.condition.is_none() {
        return "COUNT(*)".to_owned();
    }
    let value = input.counted_value();
    match aggregate {
        Aggregate::Count => format!("COUNT({value})"),
        // DuckDB's approximation is off by some percent, and its exact count fast enough.
        Aggregate::ApproximateCountDistinct if dialect == Dialect::BigQuery => {
            format!("APPROX_COUNT_DISTINCT({value})")
        }
        Aggregate::CountDistinct | Aggregate::ApproximateCountDistinct => {
            format!("COUNT(DISTINCT {value})")
        }
        Aggregate::Sum => format!("COALESCE(SUM({value}), 0)"),
        Aggregate::Average => format!("AVG({value})"),
        Aggregate::Min => format!("MIN({value})"),
        Aggregate::Max => format!("MAX({value})"),
        Aggregate::Percentile(percent) => match dialect {
            Dialect::DuckDb => {
                let sorted =
                    format!("list({value} ORDER BY {value}) FILTER (WHERE {value} IS NOT NULL)");
                duckdb_percentile(&sorted, percent)
            }
            Dialect::BigQuery => bigquery_percentile(&value, percent),
        },
    }
}

/// Over one row per key.
pub(super) fn distinct(
    dialect: Dialect,
    aggregate: Aggregate,
    input: &Input<'_>,
    key: &Sql<'_>,
) -> String {
    if aggregate == Aggregate::Count {
        return format!("COUNT(DISTINCT {})", input.filtered(&key.text));
    }
    let value = input.value.as_ref().map(Sql::operand).unwrap_or_default();
    let value = input.filtered(&value);
    match dialect {
        Dialect::DuckDb => duckdb_distinct(aggregate, &value, &key.text),
        Dialect::BigQuery => bigquery_distinct(aggregate, &value, &key.operand()),
    }
}

/// The values of distinct pairs of a key and a value.
fn duckdb_distinct(aggregate: Aggregate, value: &str, key: &str) -> String {
    let pairs =
        format!("list(DISTINCT {{key: {key}, val: CASE WHEN {key} IS NOT NULL THEN {value} END}})");
    // With `z.val` the engine refuses the expression beside a HAVING clause.
    let values = format!("list_transform({pairs}, lambda z: struct_extract(z, 'val'))");
    match aggregate {
        Aggregate::Sum => format!("COALESCE(list_sum({values}), 0)"),
        Aggregate::Average => format!("list_avg({values})"),
        Aggregate::Percentile(percent) => {
            let sorted = format!("list_sort(list_filter({values}, lambda v: v IS NOT NULL))");
            duckdb_percentile(&sorted, percent)
        }
        Aggregate::Min => format!("list_min({values})"),
        Aggregate::Max => format!("list_max({values})"),
        Aggregate::Count | Aggregate::CountDistinct | Aggregate::ApproximateCountDistinct => {
            format!("len({values})")
        }
    }
}

/// The mean of the two values around the place, which are mostly one. Their sum could leave the range of their type.
fn duckdb_percentile(sorted: &str, percent: f64) -> String {
    let share = percent / 100.0;
    let low = format!("CAST(greatest(floor(len(s) * {share} - 0.0000001), 0) AS BIGINT) + 1");
    let high = format!("CAST(least(floor(len(s) * {share}), len(s) - 1) AS BIGINT) + 1");
    format!("list_transform([{sorted}], lambda s: s[{low}] / 2 + s[{high}] / 2)[1]")
}

/// A number of 92 bits for each key.
fn bigquery_hash(key: &str) -> String {
    let hex = format!("TO_HEX(MD5(CAST({key} AS STRING)))");
    let part = |start: u8, length: u8| {
        format!("CAST(CAST('0x' || SUBSTR({hex}, {start}, {length}) AS INT64) AS BIGNUMERIC)")
    };
    format!("({} * 4294967296 + {})", part(1, 15), part(16, 8))
}

fn bigquery_distinct(aggregate: Aggregate, value: &str, key: &str) -> String {
    if let Aggregate::Percentile(percent) = aggregate {
        return bigquery_distinct_percentile(value, key, percent);
    }
    // A row without a value is in neither sum: it must not bring its key's number to one of them only.
    let key = format!("CASE WHEN {value} IS NOT NULL THEN {key} END");
    let hash = bigquery_hash(&key);
    let value = format!("CAST(ROUND({value}, 6) AS BIGNUMERIC)");
    let sum = format!("CAST(SUM(DISTINCT {value} + {hash}) - SUM(DISTINCT {hash}) AS FLOAT64)");
    match aggregate {
        Aggregate::Average => format!("({sum} / NULLIF(COUNT(DISTINCT {key}), 0))"),
        _ => format!("COALESCE({sum}, 0)"),
    }
}

/// The place of the lower and of the higher of the two values whose mean a percentile is, from 0.
fn bigquery_places(count: &str, percent: f64) -> [String; 2] {
    let share = percent / 100.0;
    [
        format!("CAST(GREATEST(FLOOR({count} * {share} - 0.0000001), 0) AS INT64)"),
        format!("CAST(LEAST(FLOOR({count} * {share}), {count} - 1) AS INT64)"),
    ]
}

/// Exact up to ten thousand values, as Looker has it. With NULL behind the values the places are the same as without.
fn bigquery_percentile(value: &str, percent: f64) -> String {
    let count = format!("COUNT({value})");
    let values = format!("ARRAY_AGG({value} ORDER BY {value} IS NULL, {value} LIMIT 10000)");
    let [low, high] = bigquery_places(&count, percent);
    let share = percent / 100.0;
    format!(
        "CASE WHEN {count} = 0 THEN NULL WHEN {count} <= 10000 THEN ({values}[SAFE_OFFSET({low})] + {values}[SAFE_OFFSET({high})]) / 2 ELSE APPROX_QUANTILES({value}, 1000)[OFFSET(CAST(1000 * {share} AS INT64))] END"
    )
}

/// Added to a value makes it a number of 29 digits before the point, so that texts are in the order of the values.
const LIFT: &str = "CAST('50000000000000000000000000000' AS BIGNUMERIC)";

/// Over distinct texts of a value and its key. No subquery may unnest an array that is aggregated beside it, structs
/// have no order, and `DISTINCT` takes no other order than that of what is distinct; such a text is all in one.
fn bigquery_distinct_percentile(value: &str, key: &str, percent: f64) -> String {
    let pair = format!(
        "CAST(CAST({value} AS BIGNUMERIC) + {LIFT} AS STRING) || ' ' || CAST({key} AS STRING)"
    );
    let count = format!("COUNT(DISTINCT {pair})");
    // Where there is no pair stands a text behind all digits, outside of the places that are counted.
    let pairs = format!("COALESCE({pair}, '~')");
    let pairs = format!("ARRAY_AGG(DISTINCT {pairs} ORDER BY {pairs})");
    let value = |place: &String| {
        format!("CAST(SPLIT({pairs}[SAFE_OFFSET({place})], ' ')[SAFE_OFFSET(0)] AS BIGNUMERIC)")
    };
    let [low, high] = bigquery_places(&count, percent).map(|place| value(&place));
    format!(
        "CASE WHEN {count} = 0 THEN NULL ELSE CAST((({low} - {LIFT}) + ({high} - {LIFT})) / 2 AS FLOAT64) END"
    )
}
