//! What a person made in the file is kept: views are mended, and what another program wrote only to
//! its journal is taken out of it.

use std::collections::BTreeSet;
use std::path::Path;

use duckdb::Connection;

use super::{literal, quoted};
use crate::error::{DuckDbContext, Result};

/// Names that are ours, all of them in schema `main`.
#[derive(Debug)]
pub(crate) struct Own {
    pub(crate) tables: BTreeSet<&'static str>,
    pub(crate) views: BTreeSet<&'static str>,
}

impl Own {
    fn has(&self, object: &Object) -> bool {
        let name = object.name.as_str();
        object.schema == "main" && (self.tables.contains(name) || self.views.contains(name))
    }
}

/// A table or view that a person made.
struct Object {
    schema: String,
    name: String,
    /// The statement that makes it.
    sql: String,
}

impl Object {
    fn quoted(&self) -> String {
        format!("{}.{}", quoted(&self.schema), quoted(&self.name))
    }

    fn shown(&self) -> String {
        match self.schema.as_str() {
            "main" => self.name.clone(),
            schema => format!("{schema}.{}", self.name),
        }
    }
}

/// Makes views again that lost their footing when tables got other columns; says which stay broken.
pub(crate) fn mend_views(connection: &Connection, own: &Own) -> Result<Vec<String>> {
    let mut notes = Vec::new();
    for view in views(connection, "current_database()")? {
        if own.has(&view) || is_sound(connection, &view) {
            continue;
        }
        // `SELECT *` stands for the columns of the day on which the view was made.
        let again = view
            .sql
            .replacen("CREATE VIEW", "CREATE OR REPLACE VIEW", 1);
        if let Err(error) = connection.execute_batch(&again).doing("make it again") {
            notes.push(format!(
                "your view `{}` no longer fits; it is kept as it is ({})",
                view.shown(),
                first_line(&error)
            ));
        }
    }
    Ok(notes)
}

fn is_sound(connection: &Connection, view: &Object) -> bool {
    connection
        .execute_batch(&format!("SELECT * FROM {} LIMIT 0", view.quoted()))
        .is_ok()
}

/// Takes over the tables and views that are nowhere but in the journal beside the published file, and
/// says what becomes of the rest.
pub(crate) fn from_journal(
    connection: &Connection,
    published: &Path,
    own: &Own,
) -> Result<Vec<String>> {
    let path = literal(&published.display().to_string());
    let attached = connection
        .execute_batch(&format!("ATTACH {path} AS journaled (READ_ONLY)"))
        .doing("read the journal");
    if let Err(error) = attached {
        return Ok(vec![format!(
            "the journal can't be read: {}",
            first_line(&error)
        )]);
    }
    let notes = take_over(connection, own);
    connection
        .execute_batch("DETACH journaled")
        .doing("close the journal")?;
    notes
}

fn take_over(connection: &Connection, own: &Own) -> Result<Vec<String>> {
    let mut notes = Vec::new();
    let is_new = |object: &Object, there: &BTreeSet<String>| {
        !own.has(object) && !there.contains(&object.quoted())
    };
    let there: BTreeSet<String> = tables(connection, "current_database()")?
        .iter()
        .chain(&views(connection, "current_database()")?)
        .map(Object::quoted)
        .collect();
    for table in tables(connection, "'journaled'")? {
        if is_new(&table, &there) {
            let name = table.quoted();
            let make = format!("CREATE TABLE {name} AS FROM journaled.{name}");
            notes.push(make_new(connection, &table, "table", &make));
        }
    }
    for view in views(connection, "'journaled'")? {
        if is_new(&view, &there) {
            notes.push(make_new(connection, &view, "view", &view.sql));
        }
    }
    Ok(notes)
}

fn make_new(connection: &Connection, object: &Object, kind: &str, make: &str) -> String {
    let schema = quoted(&object.schema);
    let made = connection
        .execute_batch(&format!("CREATE SCHEMA IF NOT EXISTS {schema}; {make}"))
        .doing("make it");
    let name = object.shown();
    match made {
        Ok(()) => format!("your {kind} `{name}` was only in the journal and is taken over"),
        Err(error) => format!(
            "your {kind} `{name}` was only in the journal and could not be taken over ({})",
            first_line(&error)
        ),
    }
}

fn tables(connection: &Connection, database: &str) -> Result<Vec<Object>> {
    objects(
        connection,
        &format!(
            "SELECT schema_name, table_name, coalesce(sql, '') FROM duckdb_tables() WHERE \
             database_name = {database} AND NOT internal AND schema_name <> 'state' ORDER BY 1, 2"
        ),
    )
}

/// In the order in which they were made: one may stand on another.
fn views(connection: &Connection, database: &str) -> Result<Vec<Object>> {
    objects(
        connection,
        &format!(
            "SELECT schema_name, view_name, coalesce(sql, '') FROM duckdb_views() WHERE \
             database_name = {database} AND NOT internal ORDER BY view_oid"
        ),
    )
}

fn objects(connection: &Connection, sql: &str) -> Result<Vec<Object>> {
    let mut statement = connection.prepare(sql).doing("list what is yours")?;
    let rows = statement
        .query_map([], |row| {
            let (schema, name, sql) = (row.get(0)?, row.get(1)?, row.get(2)?);
            Ok(Object { schema, name, sql })
        })
        .doing("list what is yours")?;
    rows.collect::<std::result::Result<_, _>>()
        .doing("list what is yours")
}

/// DuckDB's reason without the picture of the statement.
fn first_line(error: &dyn std::error::Error) -> String {
    let reason = error.source().unwrap_or(error).to_string();
    reason.lines().next().unwrap_or_default().to_owned()
}
