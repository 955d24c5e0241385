//! Imported workouts that only the warehouse has: the archive lost the file. They follow the rules of imports all
//! the same.

use std::collections::BTreeSet;

use anyhow::{Context, Result};

use super::imports::{self, LOCAL_USER};
use crate::workout_history;

/// Their ids.
#[derive(Debug, Default)]
pub(super) struct KeptImports(BTreeSet<String>);

impl KeptImports {
    /// Those of a load's imported workouts that no file in the archive has.
    pub(super) fn find(load: &warehouse::Load, known: &BTreeSet<String>) -> Result<Self> {
        let there = load.strings("SELECT id FROM workouts WHERE origin = 'csv'")?;
        let kept = there.into_iter().filter(|id| !known.contains(id));
        Ok(Self(kept.collect()))
    }

    /// Before anything is appended: deletes the imported workouts that are made anew.
    pub(super) fn forget_others(&self, load: &warehouse::Load) -> Result<()> {
        let mut delete = "DELETE FROM workouts WHERE origin = 'csv'".to_owned();
        if !self.0.is_empty() {
            delete.push_str(&format!(" AND id NOT IN ({})", listed(&self.0)));
            load.execute(
                "CREATE TEMP TABLE had_before AS SELECT id FROM workouts WHERE origin <> 'csv'",
            )?;
        }
        Ok(load.execute(&delete)?)
    }

    /// After everything is appended: what is kept of imports follows the rules of imports all the same.
    /// They are the account's from its first login on, and a workout that Peloton has now brought takes
    /// the place of the nearest one.
    pub(super) fn settle(&self, load: &warehouse::Load, own: Option<&str>) -> Result<()> {
        if self.0.is_empty() {
            return Ok(());
        }
        // By spans of that length, each time standing in its own and in both beside it: every pair of a discipline
        // would be millions.
        let near = imports::SAME_WITHIN_S;
        let own_id = quoted(own.unwrap_or_default());
        load.execute(&format!(
            "DELETE FROM workouts WHERE id IN (SELECT arg_min(kept.id, abs(api.time - kept.created_at)) \
             FROM workouts AS kept JOIN ( \
             SELECT *, unnest([time // {near} - 1, time // {near}, time // {near} + 1]) AS span FROM ( \
             SELECT id, discipline, unnest([created_at, coalesce(start_time, created_at)]) AS time \
             FROM workouts WHERE user_id = {own_id} AND origin <> 'csv' \
             AND id NOT IN (SELECT id FROM had_before))) AS api \
             ON api.discipline = kept.discipline AND api.span = kept.created_at // {near} \
             WHERE kept.id IN ({}) AND kept.user_id IN ({own_id}, '{LOCAL_USER}') \
             AND abs(api.time - kept.created_at) <= {near} GROUP BY api.id)",
            listed(&self.0),
        ))?;
        load.execute("DROP TABLE had_before")?;
        own.map_or(Ok(()), |own| self.give_to(own, load))
    }

    /// Their ids are made of whose they are.
    fn give_to(&self, own: &str, load: &warehouse::Load) -> Result<()> {
        let nobodys = load.strings(&format!(
            "SELECT concat_ws(chr(31), id, created_at, discipline, coalesce(class_duration_s::VARCHAR, '')) \
             FROM workouts WHERE user_id = '{LOCAL_USER}' AND id IN ({})",
            listed(&self.0),
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

fn listed(ids: &BTreeSet<String>) -> String {
    let ids: Vec<String> = ids.iter().map(|id| quoted(id)).collect();
    ids.join(", ")
}

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}
