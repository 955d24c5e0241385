//! What only the warehouse has: rows that the archive, as it is now, can't make any more, because a part of
//! it was deleted or is damaged. No load and no rebuild may replace them by less.

use std::collections::BTreeSet;

use anyhow::{Context, Result};
use arrow::array::{Array, AsArray, RecordBatch};
use warehouse::{Limits, Reader, Warehouse};

use super::bodies::Bodies;
use super::imports::{self, LOCAL_USER};
use crate::archive::{Archive, Changes, Index, Slot};
use crate::output::counted;
use crate::workout_history;

/// Ids of rows that would be lost, or say less, if they were made anew.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Kept {
    workouts: BTreeSet<String>,
    imports: BTreeSet<String>,
    rides: BTreeSet<String>,
    instructors: BTreeSet<String>,
    members: BTreeSet<String>,
}

impl Kept {
    /// Compares the ids of the published file with what the index knows.
    pub(super) fn find(warehouse: &Warehouse, archive: &Archive, index: &Index) -> Result<Self> {
        let reader = warehouse.read(Limits::default())?;
        let mut kept = Self::default();
        kept.find_workouts(&reader, archive, index)?;
        each(&reader, "rides", "id|details_fetched_at", |id, row| {
            let ride = index.rides.get(id);
            let is_known = ride.is_some_and(|ride| {
                let has_details = ride.details.good.is_some();
                has_details || (ride.inline.good.is_some() && !row.has("details_fetched_at"))
            });
            kept.rides.extend((!is_known).then(|| id.to_owned()));
        })?;
        each(&reader, "instructors", "id", |id, _| {
            let instructor = index.instructors.get(id);
            let is_known = instructor.is_some_and(|instructor| {
                [&instructor.by_id, &instructor.row, &instructor.inline]
                    .iter()
                    .any(|slot| slot.good.is_some())
            });
            kept.instructors.extend((!is_known).then(|| id.to_owned()));
        })?;
        each(&reader, "users", "id", |id, _| {
            let member = index.members.get(id);
            let is_known = member.is_some_and(|member| {
                [&member.me, &member.user, &member.followed]
                    .iter()
                    .any(|slot| slot.good.is_some())
            });
            kept.members.extend((!is_known).then(|| id.to_owned()));
        })?;
        Ok(kept)
    }

    fn find_workouts(&mut self, reader: &Reader, archive: &Archive, index: &Index) -> Result<()> {
        const COLUMNS: &str = "id|origin|leaderboard_fetched_at|graph_fetched_at";
        let mut imported = BTreeSet::new();
        each(reader, "workouts", COLUMNS, |id, row| {
            if row.is("origin", "csv") {
                imported.insert(id.to_owned());
                return;
            }
            let has = |slot: &Slot, column: &str| slot.good.is_some() || !row.has(column);
            let is_known = index.workouts.get(id).is_some_and(|workout| {
                (workout.row.good.is_some() || workout.detail.good.is_some())
                    && has(&workout.detail, "leaderboard_fetched_at")
                    && has(&workout.graph, "graph_fetched_at")
            });
            self.workouts.extend((!is_known).then(|| id.to_owned()));
        })?;
        if !imported.is_empty() {
            let known = imports::ids(index, &mut Bodies::new(archive)?)?;
            self.imports = &imported - &known;
        }
        Ok(())
    }

    pub(crate) fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Takes out of the changes what would be made anew with less.
    pub(super) fn spare(&self, changes: &mut Changes) {
        changes.workouts.retain(|id| !self.workouts.contains(id));
        changes.rides.retain(|id| !self.rides.contains(id));
        changes
            .instructors
            .retain(|id| !self.instructors.contains(id));
        changes.members.retain(|id| !self.members.contains(id));
    }

    /// Before anything is appended: deletes the imported workouts that are made anew.
    pub(super) fn forget_imports(&self, load: &warehouse::Load) -> Result<()> {
        let mut delete = "DELETE FROM workouts WHERE origin = 'csv'".to_owned();
        if !self.imports.is_empty() {
            delete.push_str(&format!(" AND id NOT IN ({})", listed(&self.imports)));
            load.execute(
                "CREATE TEMP TABLE had_before AS SELECT id FROM workouts WHERE origin <> 'csv'",
            )?;
        }
        Ok(load.execute(&delete)?)
    }

    /// After everything is appended: what is kept of imports follows the rules of imports all the same.
    /// They are the account's from its first login on, and a workout that Peloton has now brought takes
    /// the place of the nearest one.
    pub(super) fn settle_imports(&self, load: &warehouse::Load, own: Option<&str>) -> Result<()> {
        if self.imports.is_empty() {
            return Ok(());
        }
        load.execute(&format!(
            "DELETE FROM workouts WHERE id IN (SELECT arg_min(kept.id, apart) FROM ( \
             SELECT kept.id, api.id AS api_id, least(abs(api.created_at - kept.created_at), \
             abs(coalesce(api.start_time, api.created_at) - kept.created_at)) AS apart \
             FROM workouts AS kept JOIN workouts AS api ON api.discipline = kept.discipline \
             WHERE kept.id IN ({}) AND kept.user_id IN (api.user_id, '{LOCAL_USER}') \
             AND api.user_id = {} AND api.origin <> 'csv' \
             AND api.id NOT IN (SELECT id FROM had_before)) AS kept \
             WHERE apart <= {} GROUP BY api_id)",
            listed(&self.imports),
            quoted(own.unwrap_or_default()),
            imports::SAME_WITHIN_S,
        ))?;
        load.execute("DROP TABLE had_before")?;
        own.map_or(Ok(()), |own| self.give_to(own, load))
    }

    /// Their ids are made of whose they are.
    fn give_to(&self, own: &str, load: &warehouse::Load) -> Result<()> {
        let nobodys = load.strings(&format!(
            "SELECT concat_ws(chr(31), id, created_at, discipline, coalesce(class_duration_s::VARCHAR, '')) \
             FROM workouts WHERE user_id = '{LOCAL_USER}' AND id IN ({})",
            listed(&self.imports),
        ))?;
        for row in nobodys {
            let mut cells = row.split('\u{1f}');
            let mut cell = || cells.next().context("a cell of an imported workout");
            let (before, start, discipline, duration) = (cell()?, cell()?, cell()?, cell()?);
            let start = jiff::Timestamp::from_second(start.parse()?)?;
            let minutes = duration.parse::<f64>().ok().map(|seconds| seconds / 60.0);
            let id = workout_history::id(own, start, discipline, minutes);
            load.execute(&format!(
                "DELETE FROM workouts WHERE id = '{id}'; \
                 UPDATE workouts SET id = '{id}', user_id = {} WHERE id = {}",
                quoted(own),
                quoted(before),
            ))?;
        }
        Ok(())
    }
}

/// How many of what, as `12 workouts, 3 classes`.
impl std::fmt::Display for Kept {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let kinds = [
            (&self.workouts, "workout"),
            (&self.imports, "imported workout"),
            (&self.rides, "class"),
            (&self.instructors, "instructor"),
            (&self.members, "member"),
        ];
        let counts: Vec<String> = kinds
            .iter()
            .filter(|(ids, _)| !ids.is_empty())
            .map(|(ids, kind)| counted(ids.len() as u64, kind))
            .collect();
        f.write_str(&counts.join(", "))
    }
}

/// Whose account the warehouse says it is, where the archive does not.
pub(super) fn own(warehouse: &Warehouse) -> Result<Option<String>> {
    let reader = warehouse.read(Limits::default())?;
    let mut own = None;
    each(&reader, "users", "id|relation", |id, row| {
        if row.is("relation", "own") {
            own = Some(id.to_owned());
        }
    })?;
    Ok(own)
}

/// A row with the columns that the file has: one of an earlier version may lack some.
struct Row<'a> {
    batch: &'a RecordBatch,
    number: usize,
}

impl Row<'_> {
    fn has(&self, column: &str) -> bool {
        let column = self.batch.column_by_name(column);
        column.is_some_and(|column| column.is_valid(self.number))
    }

    fn is(&self, column: &str, text: &str) -> bool {
        let column = self.batch.column_by_name(column);
        column
            .and_then(|column| column.as_string_opt::<i32>())
            .is_some_and(|column| column.is_valid(self.number) && column.value(self.number) == text)
    }
}

fn each(
    reader: &Reader,
    table: &str,
    columns: &str,
    mut visit: impl FnMut(&str, &Row<'_>),
) -> Result<()> {
    let sql = format!("SELECT COLUMNS('^({columns})$') FROM main.{table}");
    for batch in reader.batches(&sql)? {
        let ids = batch.column_by_name("id").context("a column `id`")?;
        let ids = ids.as_string_opt::<i32>().context("ids that are texts")?;
        for (number, id) in ids.iter().enumerate() {
            if let Some(id) = id {
                let batch = &batch;
                visit(id, &Row { batch, number });
            }
        }
    }
    Ok(())
}

fn listed(ids: &BTreeSet<String>) -> String {
    let ids: Vec<String> = ids.iter().map(|id| quoted(id)).collect();
    ids.join(", ")
}

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}
