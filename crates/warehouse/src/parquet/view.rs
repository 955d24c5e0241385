//! Views over published files, so that queries find the tables by their names and types.

use std::path::PathBuf;

use super::file::Stamp;
use crate::duckdb::{exactly, literal, quoted};
use crate::schema::{ColumnType, Table};

/// A view of a table's name and columns over its files; without any, one without rows. A column that the
/// files of an older program lack is NULL there.
pub(super) fn sql(table: &Table, files: &[(PathBuf, Stamp)]) -> String {
    let is_there = |name: &str| files.iter().any(|(_, stamp)| stamp.columns.contains(name));
    let columns: Vec<String> = table
        .columns
        .iter()
        .map(|column| {
            let name = quoted(column.name);
            let value = match &column.column_type {
                _ if !is_there(column.name) => "NULL".to_owned(),
                // Read as an instant with a zone, which a cast would shift by the reader's own.
                ColumnType::Timestamp => format!("make_timestamp(epoch_us({name}))"),
                _ => name.clone(),
            };
            format!(
                "CAST({value} AS {}) AS {name}",
                column.column_type.duckdb_type()
            )
        })
        .collect();
    let columns = columns.join(", ");
    let select = if files.is_empty() {
        format!("SELECT {columns} WHERE false")
    } else {
        let paths: Vec<String> = files
            .iter()
            .map(|(file, _)| literal(&exactly(&file.to_string_lossy())))
            .collect();
        let is_mixed = files
            .windows(2)
            .any(|pair| pair[0].1.columns != pair[1].1.columns);
        format!(
            "SELECT {columns} FROM read_parquet([{}], hive_partitioning = false, union_by_name = {is_mixed})",
            paths.join(", ")
        )
    };
    named(table.name, &select)
}

/// A view of a table that can't be read: who asks it for rows is told why. Every value is the error, since DuckDB
/// leaves out the rows of a table of which it knows that they fit nothing.
pub(super) fn failing(table: &Table, why: &str) -> String {
    let columns = table.columns.iter();
    let columns: Vec<String> = columns
        .map(|column| {
            let column_type = column.column_type.duckdb_type();
            format!("CAST(why AS {column_type}) AS {}", quoted(column.name))
        })
        .collect();
    let select = format!(
        "SELECT {} FROM (SELECT error({}) AS why) WHERE CAST(why AS BOOLEAN)",
        columns.join(", "),
        literal(why)
    );
    named(table.name, &select)
}

/// A view of a name.
pub(super) fn named(name: &str, select: &str) -> String {
    format!("CREATE VIEW main.{} AS {select}", quoted(name))
}
