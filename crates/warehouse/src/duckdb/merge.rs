//! Rows that say less than those that are there: laid over them, and what would be lost if they took their place.

use std::collections::{BTreeMap, BTreeSet};

use arrow::array::RecordBatch;
use duckdb::Connection;

use super::load::Load;
use super::{literal, quoted, reader, strings};
use crate::error::Result;
use crate::schema::Table;

/// What of a table's columns says nothing about its rows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Silence<'a> {
    /// Values that stand where nothing is known, by column: they say no more than NULL.
    pub unsaid: &'a [(&'a str, &'a str)],
    /// Columns of which NULL says something too: a merge takes them as they come.
    pub facts: &'a [&'a str],
    /// The column that says how old a row is: a row that keeps anything keeps it.
    pub age: &'a str,
}

/// Rows of one table that would be lost, or say less, by the value of its `replace_by` column.
pub type Losses = BTreeMap<String, u64>;

impl Load {
    /// Lays rows over those of the same key. A value takes the place of another, unless its row is the older one;
    /// NULL takes the place of none. Rows of other keys stay.
    ///
    /// # Errors
    /// As [`Load::replace`].
    pub fn merge(
        &mut self,
        table: &Table,
        batch: &RecordBatch,
        silence: &Silence<'_>,
    ) -> Result<()> {
        if batch.num_rows() == 0 {
            return Ok(());
        }
        let name = quoted(table.name);
        self.execute(&format!(
            "CREATE OR REPLACE TABLE state.incoming AS FROM main.{name} LIMIT 0"
        ))?;
        self.append_to("state", "incoming", table, batch)?;
        let columns: Vec<String> = table
            .columns
            .iter()
            .map(|column| merged(column.name, table, silence))
            .collect();
        let replace_by = quoted(table.replace_by);
        let (columns, same) = (columns.join(", "), same_key(table));
        let key = listed(table.key.iter().copied());
        self.execute(&format!(
            "CREATE OR REPLACE TABLE state.merged AS SELECT {columns} FROM state.incoming AS n LEFT JOIN \
             (SELECT DISTINCT ON ({key}) * FROM main.{name} WHERE {replace_by} IN \
             (SELECT {replace_by} FROM state.incoming)) AS o ON {same}; \
             DELETE FROM main.{name} AS o WHERE EXISTS (SELECT 1 FROM state.incoming AS n WHERE {same}); \
             INSERT INTO main.{name} BY NAME FROM state.merged; \
             DROP TABLE state.merged; DROP TABLE state.incoming"
        ))
    }

    /// Compares the published file with the copy that would take its place: rows whose key the copy lacks, and
    /// those that have a value where the copy's has none. A table or a column that either of them lacks is not
    /// compared.
    ///
    /// # Errors
    /// Where the published file can't be read any more.
    pub fn losses(
        &mut self,
        tables: &[Table],
        silence: impl Fn(&Table) -> Silence<'static>,
    ) -> Result<BTreeMap<&'static str, Losses>> {
        if self.copied.is_none() {
            return Ok(BTreeMap::new());
        }
        // A journal beside it is nobody's that we load.
        let alias = reader::alias(&self.published)?;
        let path = match &alias {
            Some(folder) => folder.path().join("file"),
            None => self.published.clone(),
        };
        let path = literal(&path.display().to_string());
        // Nothing can be detached in the transaction that read it.
        self.commit()?;
        self.execute(&format!("ATTACH {path} AS before (READ_ONLY)"))?;
        let mut all = BTreeMap::new();
        for table in tables {
            let losses = losses(self.connection()?, table, &silence(table))?;
            if !losses.is_empty() {
                all.insert(table.name, losses);
            }
        }
        self.execute("DETACH before; BEGIN")?;
        self.guard_again()?;
        Ok(all)
    }
}

/// The value of a column in a row `n` that is laid over `o`.
fn merged(column: &str, table: &Table, silence: &Silence<'_>) -> String {
    let name = quoted(column);
    let is_key = table.key.contains(&column) || column == table.replace_by;
    if is_key || silence.facts.contains(&column) {
        return format!("n.{name} AS {name}");
    }
    if column == silence.age {
        let kept = table
            .columns
            .iter()
            .filter(|other| other.name != column && !silence.facts.contains(&other.name));
        let kept: Vec<String> = kept.map(|other| says_less(other.name, silence)).collect();
        let kept = kept.join(" OR ");
        return format!(
            "CASE WHEN {kept} THEN coalesce(o.{name}, n.{name}) ELSE n.{name} END AS {name}"
        );
    }
    let said = |row: &str| match unsaid(column, silence) {
        Some(value) => format!("nullif({row}.{name}, {value})"),
        None => format!("{row}.{name}"),
    };
    let (new, old) = (said("n"), said("o"));
    let newer_first = match table.column(silence.age) {
        Some(age) => {
            let age = quoted(age.name);
            format!(
                "CASE WHEN n.{age} < o.{age} THEN coalesce({old}, {new}) ELSE coalesce({new}, {old}) END"
            )
        }
        None => format!("coalesce({new}, {old})"),
    };
    format!("coalesce({newer_first}, n.{name}) AS {name}")
}

fn unsaid(column: &str, silence: &Silence<'_>) -> Option<String> {
    let mut values = silence.unsaid.iter();
    let (_, value) = values.find(|(of, _)| *of == column)?;
    Some(literal(value))
}

/// Whether `o` says something in that column, and `n` does not.
fn says_less(column: &str, silence: &Silence<'_>) -> String {
    let name = quoted(column);
    match unsaid(column, silence) {
        Some(value) => {
            format!("(coalesce(o.{name} <> {value}, false) AND coalesce(n.{name} = {value}, true))")
        }
        None => format!("(o.{name} IS NOT NULL AND n.{name} IS NULL)"),
    }
}

fn same_key(table: &Table) -> String {
    let same: Vec<String> = table
        .key
        .iter()
        .map(|column| {
            let column = quoted(column);
            format!("o.{column} IS NOT DISTINCT FROM n.{column}")
        })
        .collect();
    same.join(" AND ")
}

fn listed<'a>(columns: impl Iterator<Item = &'a str>) -> String {
    let columns: Vec<String> = columns.map(quoted).collect();
    columns.join(", ")
}

/// Most values are the same in both, which one digest of their rows tells; only the others are compared row by row.
fn losses(connection: &Connection, table: &Table, silence: &Silence<'_>) -> Result<Losses> {
    let there = columns(connection, table)?;
    let needed = table.key.iter().chain([&table.replace_by]);
    if !needed.into_iter().all(|column| there.contains(*column)) {
        return Ok(Losses::new());
    }
    let compared = table.columns.iter().map(|column| column.name);
    let compared = compared.filter(|column| there.contains(*column) && *column != silence.age);
    let compared: Vec<&str> = compared.collect();
    let (name, value) = (quoted(table.name), quoted(table.replace_by));
    let digests = |database: &str| {
        let columns = listed(compared.iter().copied());
        format!(
            "SELECT {value} AS v, count(*) AS rows, bit_xor(hash({columns})) AS digest \
             FROM {database}main.{name} GROUP BY 1"
        )
    };
    let less: Vec<String> = compared
        .iter()
        .map(|column| says_less(column, silence))
        .collect();
    let (old, new) = (digests("before."), digests(""));
    let (less, same) = (less.join(" OR "), same_key(table));
    let sql = format!(
        "WITH differing AS (SELECT o.v FROM ({old}) AS o LEFT JOIN ({new}) AS n USING (v) \
         WHERE n.v IS NULL OR o.rows <> n.rows OR o.digest <> n.digest) \
         SELECT concat_ws(chr(31), count(*), o.{value}) FROM before.main.{name} AS o \
         WHERE o.{value} IN (SELECT v FROM differing) AND NOT EXISTS \
         (SELECT 1 FROM main.{name} AS n WHERE {same} AND NOT ({less})) GROUP BY o.{value}"
    );
    let rows = strings(connection, &sql)?;
    let losses = rows.iter().filter_map(|row| {
        let (count, value) = row.split_once('\u{1f}')?;
        Some((value.to_owned(), count.parse().ok()?))
    });
    Ok(losses.collect())
}

/// Columns that both files have; none where the published one lacks the table.
fn columns(connection: &Connection, table: &Table) -> Result<BTreeSet<String>> {
    let found = strings(
        connection,
        &format!(
            "SELECT column_name FROM duckdb_columns() WHERE database_name = 'before' AND schema_name = 'main' \
             AND table_name = {} AND table_name IN (SELECT table_name FROM duckdb_tables() \
             WHERE database_name = 'before' AND schema_name = 'main')",
            literal(table.name)
        ),
    )?;
    Ok(found.into_iter().collect())
}
