//! What of the index changed, so that only its rows are made again.

use std::collections::BTreeSet;

/// Ids whose rows have to be made again.
#[derive(Debug, Clone, Default)]
pub(crate) struct Changes {
    pub(crate) workouts: BTreeSet<String>,
    pub(crate) rides: BTreeSet<String>,
    pub(crate) instructors: BTreeSet<String>,
    pub(crate) members: BTreeSet<String>,
    pub(crate) runs: BTreeSet<String>,
    pub(crate) catalog: bool,
    pub(crate) items: bool,
    pub(crate) imports: bool,
    /// Whether the last observation changed anything.
    pub(super) is_touched: bool,
}

impl Changes {
    /// Failures and recoveries change `sync_items` too, so every change does.
    pub(super) fn note<T>(&mut self, changed: bool, change: impl FnOnce(&mut Self) -> T) {
        if changed {
            change(self);
            self.items = true;
            self.is_touched = true;
        }
    }

    /// Where no row but that in `sync_items` is another one.
    pub(super) fn note_item(&mut self, changed: bool) {
        self.note(changed, |_| {});
    }

    /// Whether the rows of imported workouts are made anew: which of them stand depends on the
    /// workouts of the API and on whose account it is.
    pub(crate) fn touches_imports(&self) -> bool {
        self.imports || !self.workouts.is_empty()
    }

    /// Whether rows of anything with that id have to be made again.
    pub(crate) fn contains(&self, id: &str) -> bool {
        [
            &self.workouts,
            &self.rides,
            &self.instructors,
            &self.members,
        ]
        .iter()
        .any(|changed| changed.contains(id))
    }

    pub(crate) fn merge(&mut self, other: Self) {
        self.workouts.extend(other.workouts);
        self.rides.extend(other.rides);
        self.instructors.extend(other.instructors);
        self.members.extend(other.members);
        self.runs.extend(other.runs);
        self.catalog |= other.catalog;
        self.items |= other.items;
        self.imports |= other.imports;
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.workouts.is_empty()
            && self.rides.is_empty()
            && self.instructors.is_empty()
            && self.members.is_empty()
            && !self.catalog
            && !self.items
            && !self.imports
    }
}
