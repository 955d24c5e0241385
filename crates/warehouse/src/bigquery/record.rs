//! `pl_published`: what was published, kept where it was published to, so that any machine sees it.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use arrow::array::{ArrayRef, RecordBatch, StringArray, TimestampMicrosecondArray};
use serde::Deserialize;
use serde_json::Value;

use crate::error::Result;
use crate::parquet::Writer;
use crate::schema::{Column, ColumnType, Table};
use crate::unit::{Fingerprint, Unit};

/// Name of the table.
pub(super) const NAME: &str = "pl_published";

/// One publication of one unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Record {
    pub(super) unit: Unit,
    /// `None`: it was removed.
    pub(super) fingerprint: Option<Fingerprint>,
    pub(super) job_id: String,
    /// End of the job, by Google's clock, ms since 1970.
    pub(super) published_ms: i64,
    /// When the table of that time was made, ms since 1970.
    pub(super) table_created_ms: i64,
    /// How the table was left: when it was last written to, ms since 1970. One that was written to later
    /// may have other rows.
    pub(super) table_modified_ms: Option<i64>,
}

/// Its description.
pub(super) fn table() -> Table {
    let column = |name, column_type, description| Column {
        name,
        column_type,
        unit: None,
        description,
    };
    Table {
        name: NAME,
        grain: "one publication of one unit",
        description: "Kept by the program: what of the other tables was published when. The newest row of \
                      a unit counts.",
        key: &["published_at"],
        replace_by: "unit",
        partition_by: None,
        cluster_by: &[],
        columns: vec![
            column("table", ColumnType::String, "The table."),
            column(
                "unit",
                ColumnType::String,
                "Which of its rows: `all`, a month, or `undated`.",
            ),
            column(
                "fingerprint",
                ColumnType::String,
                "Of the rows; NULL where none are left.",
            ),
            column("job_id", ColumnType::String, "The job that brought them."),
            column("published_at", ColumnType::Timestamp, "End of the job."),
            column(
                "table_created_at",
                ColumnType::Timestamp,
                "When the table was made that the rows went to: one that was made later has none of them.",
            ),
            column(
                "table_modified_at",
                ColumnType::Timestamp,
                "When the table was last written to by then: after a later time nothing is known of its rows.",
            ),
        ],
    }
}

/// Writes records as the file of a load job; gives its fingerprint.
pub(super) fn write(records: &[Record], path: &Path) -> Result<Fingerprint> {
    let text = |value: &dyn Fn(&Record) -> Option<String>| -> ArrayRef {
        Arc::new(records.iter().map(value).collect::<StringArray>())
    };
    let time = |value: &dyn Fn(&Record) -> Option<i64>| -> ArrayRef {
        let times = records.iter().map(|record| Some(value(record)? * 1000));
        Arc::new(times.collect::<TimestampMicrosecondArray>())
    };
    let columns = vec![
        text(&|record| Some(record.unit.table.clone())),
        text(&|record| Some(record.unit.part.to_string())),
        text(&|record| record.fingerprint.as_ref().map(ToString::to_string)),
        text(&|record| Some(record.job_id.clone())),
        time(&|record| Some(record.published_ms)),
        time(&|record| Some(record.table_created_ms)),
        time(&|record| record.table_modified_ms),
    ];
    let table = table();
    let batch = RecordBatch::try_new(table.arrow_schema(), columns)?;
    let fingerprint = Fingerprint::of(&format!("{records:?}"));
    let mut writer = Writer::create(path, &table, &fingerprint)?;
    writer.write(&batch)?;
    writer.finish(path)?;
    Ok(fingerprint)
}

/// A page of `tabledata.list`.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Page {
    pub(super) rows: Vec<Row>,
    pub(super) page_token: Option<String>,
}

/// A row of any table, as the interface gives rows.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Row {
    pub(super) f: Vec<Cell>,
}

/// A cell of any type.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Cell {
    pub(super) v: Value,
}

/// A row of `pl_published`. `None` for one that another version wrote: its unit is published again.
pub(super) fn read(row: &Row) -> Option<Record> {
    let text = |at: usize| row.f.get(at)?.v.as_str();
    let unit = Unit {
        table: text(0)?.to_owned(),
        part: text(1)?.parse().ok()?,
    };
    Some(Record {
        unit,
        fingerprint: text(2).map(Fingerprint::from_text),
        job_id: text(3)?.to_owned(),
        published_ms: milliseconds(text(4)?)?,
        table_created_ms: milliseconds(text(5)?)?,
        table_modified_ms: text(6).and_then(milliseconds),
    })
}

/// Whole microseconds as asked for, or seconds with a fraction where that wish was not understood.
fn milliseconds(text: &str) -> Option<i64> {
    if let Ok(microseconds) = text.parse::<i64>() {
        return Some(microseconds / 1000);
    }
    let seconds: f64 = text.parse().ok()?;
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a time of this age of the world fits"
    )]
    Some((seconds * 1000.0).round() as i64)
}

/// The newest record of each unit.
pub(super) fn newest(records: Vec<Record>) -> BTreeMap<Unit, Record> {
    let mut newest: BTreeMap<Unit, Record> = BTreeMap::new();
    for record in records {
        match newest.get(&record.unit) {
            Some(known) if known.published_ms > record.published_ms => {}
            _ => {
                newest.insert(record.unit.clone(), record);
            }
        }
    }
    newest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_in_both_forms() {
        assert_eq!(milliseconds("1561017697269367"), Some(1_561_017_697_269));
        assert_eq!(milliseconds("1.561017697269E9"), Some(1_561_017_697_269));
        assert_eq!(milliseconds("1561017697.5"), Some(1_561_017_697_500));
        assert_eq!(milliseconds("yesterday"), None);
    }

    #[test]
    fn the_newest_record_of_a_unit_counts_whatever_the_order() {
        let record = |at: i64, fingerprint: &str| Record {
            unit: Unit {
                table: "workouts".into(),
                part: crate::Part::All,
            },
            fingerprint: Some(Fingerprint::from_text(fingerprint)),
            job_id: "j".into(),
            published_ms: at,
            table_created_ms: 0,
            table_modified_ms: None,
        };
        for records in [
            vec![record(1, "a"), record(2, "b")],
            vec![record(2, "b"), record(1, "a")],
        ] {
            let newest = newest(records);
            let fingerprint = newest.values().next().unwrap().fingerprint.clone();
            assert_eq!(fingerprint.unwrap().as_str(), "b");
        }
    }

    #[test]
    fn a_row_of_another_shape_is_none() {
        assert_eq!(read(&Row::default()), None);
    }
}
