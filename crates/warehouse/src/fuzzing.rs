//! Doors for the fuzz targets: text that comes from outside, to the parsers that this crate has.

use crate::Part;
use crate::bigquery;

/// A statement that a person typed.
pub fn statement(sql: &str) {
    crate::duckdb::only_reads(sql);
}

/// A target that a person typed, and the name of a part that stands in a destination: what is read is
/// written as it was.
pub fn names(text: &str) {
    if let Ok(target) = text.parse::<bigquery::Target>() {
        let name = text.split_once('?').map_or(text, |(name, _)| name);
        assert_eq!(target.to_string(), name);
    }
    if let Ok(part) = text.parse::<Part>() {
        assert_eq!(part.to_string(), text);
    }
}

/// The schema of an answer and its rows, a line each, or a refusal: all rows become Arrow, or none.
pub fn answer(text: &str) {
    let (schema, rows) = text.split_once('\n').unwrap_or((text, ""));
    bigquery::read_answer(schema, rows);
    bigquery::read_refusal(text.as_bytes());
}
