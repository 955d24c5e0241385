//! What a person made in the file is brought over to a file that is built anew.

use std::collections::BTreeSet;
use std::path::Path;

use duckdb::Connection;

use crate::error::{DuckDbContext, Result};
use crate::load::{literal, quoted};

/// Names that are ours.
#[derive(Debug)]
pub(crate) struct Own {
    pub(crate) tables: BTreeSet<&'static str>,
    pub(crate) views: BTreeSet<&'static str>,
}

/// Copies tables, then makes views again; says what did not fit and keeps its SQL in the note.
pub(crate) fn bring_over(connection: &Connection, old: &Path, own: &Own) -> Result<Vec<String>> {
    let attach = format!(
        "ATTACH {} AS old (READ_ONLY)",
        literal(&old.display().to_string())
    );
    connection
        .execute_batch(&attach)
        .doing("open the old warehouse")?;
    let notes = bring(connection, own);
    // Inside the transaction it can't be detached; closing the connection does it.
    notes
}

fn bring(connection: &Connection, own: &Own) -> Result<Vec<String>> {
    let mut notes = Vec::new();
    for (schema, name) in pairs(
        connection,
        "SELECT schema_name, table_name FROM duckdb_tables() WHERE database_name = 'old' AND NOT internal AND schema_name <> 'state' ORDER BY 1, 2",
    )? {
        if schema == "main" && own.tables.contains(name.as_str()) {
            continue;
        }
        let (schema, name) = (quoted(&schema), quoted(&name));
        connection
            .execute_batch(&format!(
                "CREATE SCHEMA IF NOT EXISTS {schema}; CREATE TABLE {schema}.{name} AS FROM old.{schema}.{name}"
            ))
            .doing(format!("bring over your table {name}"))?;
    }
    let views = pairs(
        connection,
        "SELECT view_name, sql FROM duckdb_views() WHERE database_name = 'old' AND NOT internal AND schema_name = 'main' ORDER BY view_oid",
    )?;
    for (name, sql) in views {
        if own.views.contains(name.as_str()) {
            continue;
        }
        if let Err(error) = connection.execute_batch(&sql) {
            notes.push(format!(
                "your view `{name}` no longer fits ({error}); it was: {sql}"
            ));
        }
    }
    Ok(notes)
}

fn pairs(connection: &Connection, sql: &str) -> Result<Vec<(String, String)>> {
    let mut statement = connection.prepare(sql).doing("list what is yours")?;
    let rows = statement
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
        .doing("list what is yours")?;
    rows.collect::<std::result::Result<_, _>>()
        .doing("list what is yours")
}
