//! What only the warehouse has: rows made of answers that the archive, as it is now, does not have any more, because
//! a part of it was deleted or is damaged. A row is known by the times of its answers, the same in every table.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use anyhow::Result;
use arrow::array::{Array, AsArray};
use arrow::datatypes::Int64Type;
use warehouse::schema::{ColumnType, Table};
use warehouse::{Limits, Reader, Silence, Warehouse};

use super::losses::Losses;
use crate::archive::{Changes, Index};
use crate::transform::UNSAID;

/// When a workout was found to be gone: the archive has a note of it, no answer.
const TOMBSTONE: &str = "deleted_at";
/// When the newest of a row's answers was fetched.
const AGE: &str = "fetched_at";

/// Rows that would be lost, or say less, if they were made anew.
#[derive(Debug, Clone, Default)]
pub(crate) struct Kept {
    pub(super) losses: Losses,
    /// The newest answer that the archive lacks, by table and column, and by the row's id; µs.
    lost: HashMap<(&'static str, &'static str), HashMap<String, i64>>,
    /// Members who are unfollowed, which the archive does not know.
    pub(super) unfollowed: BTreeSet<String>,
    /// What a list has shown after the warehouse noted it as gone.
    back: Changes,
}

impl Kept {
    /// Compares the times in the published file with those of the answers that the index knows.
    pub(super) fn find(warehouse: &Warehouse, tables: &[Table], index: &Index) -> Result<Self> {
        let mut kept = Self::default();
        let reader = match warehouse.read(Limits::default()) {
            Err(warehouse::Error::Missing { .. }) => return Ok(kept),
            reader => reader?,
        };
        let known = index.times();
        let columns = columns(&reader)?;
        let mut newest = 0;
        for table in tables {
            let there = columns.get(table.name);
            let Some(there) = there.filter(|there| there.contains(table.replace_by)) else {
                continue;
            };
            let times = times_of(table).filter(|column| there.contains(*column));
            let mut rows: BTreeMap<String, u64> = BTreeMap::new();
            for column in times {
                let mut counts: BTreeMap<String, u64> = BTreeMap::new();
                each(&reader, table, column, |id, at| {
                    newest = newest.max(at);
                    if !known.contains(&at) && !kept.is_back(column, id, at, index) {
                        *counts.entry(id.to_owned()).or_default() += 1;
                        kept.lose(table.name, column, id, at);
                    }
                })?;
                for (id, count) in counts {
                    let rows = rows.entry(id).or_default();
                    *rows = (*rows).max(count);
                }
            }
            kept.losses.add(table.name, rows);
        }
        let users = columns.get("users");
        if users.is_some_and(|users| users.contains("relation")) {
            kept.find_unfollowed(&reader, index, newest)?;
        }
        Ok(kept)
    }

    fn lose(&mut self, table: &'static str, column: &'static str, id: &str, at: i64) {
        let lost = self.lost.entry((table, column)).or_default();
        let lost = lost.entry(id.to_owned()).or_default();
        *lost = (*lost).max(at);
    }

    /// Whether a list has shown the workout after it was found to be gone.
    fn is_back(&mut self, column: &str, id: &str, at: i64, index: &Index) -> bool {
        let workout = index.workouts.get(id).filter(|_| column == TOMBSTONE);
        let Some(workout) = workout.filter(|workout| workout.missing.is_none()) else {
            return false;
        };
        let listed = workout.row.asked_at();
        let is_back = listed.is_some_and(|listed| listed.as_microsecond() > at);
        if is_back {
            self.back.workouts.insert(id.to_owned());
        }
        is_back
    }

    /// Whoever the list of followed members has shown since everything that the warehouse has is followed again.
    fn find_unfollowed(&mut self, reader: &Reader, index: &Index, newest: i64) -> Result<()> {
        let sql = "SELECT id FROM main.users WHERE relation = 'unfollowed'";
        for id in reader.strings(sql)? {
            let member = index.members.get(&id);
            if member.is_some_and(|member| member.unfollowed.is_some()) {
                continue;
            }
            let listed = member.and_then(|member| member.followed.asked_at());
            if listed.is_some_and(|listed| listed.as_microsecond() > newest) {
                self.back.members.insert(id);
                continue;
            }
            self.losses.add("users", BTreeMap::from([(id.clone(), 1)]));
            self.unfollowed.insert(id);
        }
        Ok(())
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.losses.is_empty()
    }

    /// What is known to be there again is made anew, although no answer about it is another one.
    pub(super) fn add_to(&self, changes: &mut Changes) {
        changes.workouts.extend(self.back.workouts.iter().cloned());
        changes.members.extend(self.back.members.iter().cloned());
    }

    /// When the newest answer was fetched that the archive lacks of this column of the row.
    pub(super) fn lost(&self, table: &'static str, column: &'static str, id: &str) -> Option<i64> {
        self.lost.get(&(table, column))?.get(id).copied()
    }

    /// When the workout was found to be gone, where only the warehouse says so.
    pub(super) fn tombstone(&self, id: &str) -> Option<jiff::Timestamp> {
        let at = self.lost("workouts", TOMBSTONE, id)?;
        jiff::Timestamp::from_microsecond(at).ok()
    }
}

impl std::fmt::Display for Kept {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.losses.fmt(f)
    }
}

/// What of a table's columns says nothing.
pub(super) fn silence(table: &Table) -> Silence<'static> {
    let unsaid = UNSAID.iter().find(|(of, _)| *of == table.name);
    Silence {
        unsaid: unsaid.map_or(&[], |(_, values)| *values),
        facts: &[TOMBSTONE, "relation"],
        age: AGE,
    }
}

/// Columns that say when an answer was fetched, or noted.
fn times_of(table: &Table) -> impl Iterator<Item = &'static str> {
    let times = table.columns.iter().filter(|column| {
        let is_time = column.column_type == ColumnType::Timestamp;
        is_time && (column.name.ends_with(AGE) || column.name == TOMBSTONE)
    });
    times.map(|column| column.name)
}

/// Whose account the warehouse says it is, where the archive does not.
pub(super) fn own(warehouse: &Warehouse) -> Result<Option<String>> {
    let reader = warehouse.read(Limits::default())?;
    let has_users = columns(&reader)?
        .get("users")
        .is_some_and(|users| users.contains("relation"));
    if !has_users {
        return Ok(None);
    }
    Ok(reader
        .strings("SELECT id FROM main.users WHERE relation = 'own'")?
        .pop())
}

/// Columns by table: a file of an earlier version may lack some, and a person may have dropped one.
fn columns(reader: &Reader) -> Result<HashMap<String, HashSet<String>>> {
    let found = reader.strings(
        "SELECT table_name || '.' || column_name FROM duckdb_columns() WHERE schema_name = 'main' AND NOT internal",
    )?;
    let mut columns: HashMap<String, HashSet<String>> = HashMap::new();
    for (table, column) in found.iter().filter_map(|name| name.split_once('.')) {
        let columns = columns.entry(table.to_owned()).or_default();
        columns.insert(column.to_owned());
    }
    Ok(columns)
}

/// Every time in a column, with the value of the column by which the table's rows are replaced.
fn each(
    reader: &Reader,
    table: &Table,
    column: &str,
    mut visit: impl FnMut(&str, i64),
) -> Result<()> {
    let (name, id) = (table.name, table.replace_by);
    let sql = format!(
        "SELECT {id}::VARCHAR, epoch_us({column})::BIGINT FROM main.{name} WHERE {column} IS NOT NULL"
    );
    for batch in reader.batches(&sql)? {
        let ids = batch.column(0).as_string::<i32>();
        let times = batch.column(1).as_primitive::<Int64Type>();
        for row in (0..batch.num_rows()).filter(|row| ids.is_valid(*row)) {
            visit(ids.value(row), times.value(row));
        }
    }
    Ok(())
}
