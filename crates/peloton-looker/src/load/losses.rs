//! Rows that are lost or would be, in words.

use std::collections::BTreeMap;

use crate::output::counted;

/// By table, and by the value of the column by which its rows are replaced.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Losses(BTreeMap<&'static str, warehouse::Losses>);

/// Tables that are counted as what they are about. Their parts go with them.
const KINDS: [(&str, &str); 4] = [
    ("workouts", "workout"),
    ("rides", "class"),
    ("instructors", "instructor"),
    ("users", "member"),
];
/// Notes of runs: they go with the segment that had them, and nothing is lost with them.
const NOTES: [&str; 2] = ["sync_runs", "sync_items"];
/// How the ids of imported workouts begin.
const IMPORTED: &str = "csv-";

impl Losses {
    pub(super) fn of(found: BTreeMap<&'static str, warehouse::Losses>) -> Self {
        let mut losses = Self::default();
        for (table, rows) in found {
            losses.add(table, rows);
        }
        losses
    }

    pub(super) fn add(&mut self, table: &'static str, rows: warehouse::Losses) {
        if !rows.is_empty() && !NOTES.contains(&table) {
            self.0.entry(table).or_default().extend(rows);
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Rows of a table that are no part of something that is counted anyway.
    fn others(&self, table: &str, rows: &warehouse::Losses) -> u64 {
        let is_counted = |value: &str| {
            let whole = match table {
                _ if table.starts_with("ride_") => "rides",
                "personal_records" | "challenges" => "users",
                "muscle_groups" | "ftp_history" => "workouts",
                _ if table.starts_with("workout_") => "workouts",
                _ => return false,
            };
            self.0
                .get(whole)
                .is_some_and(|whole| whole.contains_key(value))
        };
        let others = rows.iter().filter(|(value, _)| !is_counted(value));
        others.map(|(_, count)| *count).sum()
    }
}

/// How many of what, as `12 workouts, 3 classes, 5 rows of catalog`.
impl std::fmt::Display for Losses {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut counts = Vec::new();
        for (table, kind) in KINDS {
            let Some(rows) = self.0.get(table) else {
                continue;
            };
            let is_imported = |id: &&String| table == "workouts" && id.starts_with(IMPORTED);
            let imported = rows.keys().filter(is_imported).count() as u64;
            let fetched = rows.len() as u64 - imported;
            counts.extend((fetched > 0).then(|| counted(fetched, kind)));
            counts.extend((imported > 0).then(|| counted(imported, "imported workout")));
        }
        for (table, rows) in &self.0 {
            let count = self.others(table, rows);
            if count > 0 && KINDS.iter().all(|(name, _)| name != table) {
                counts.push(format!("{} of {table}", counted(count, "row")));
            }
        }
        f.write_str(&counts.join(", "))
    }
}
