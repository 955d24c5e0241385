//! The order of the rows, where a table calculation has a say in it.

use std::cmp::Ordering;

use super::{Answer, Cell, Row, Value};
use crate::compile::Notice;
use crate::diagnostic::rules;

/// One of the sorts.
struct Key {
    /// Which of the answer's columns.
    column: usize,
    /// Which of the pivoted ones.
    pivot: usize,
    descending: bool,
    is_calculation: bool,
}

/// Sorts the rows as they came from the database further, by calculations: only those change places that are alike in
/// the fields that come before.
pub(super) fn sort(answer: &mut Answer) {
    if answer.outline.order.is_empty() {
        return;
    }
    if answer.is_truncated {
        answer.notices.push(Notice {
            rule: rules::SORTED_AFTER_LIMIT,
            message: "the limit cut rows before they were sorted by a calculation".to_owned(),
        });
    }
    let first = answer.outline.columns.len();
    let names: Vec<String> = answer.names().map(str::to_owned).collect();
    let keys = answer.outline.order.iter().filter_map(|sort| {
        let column = names.iter().position(|name| *name == sort.field)?;
        Some(Key {
            column,
            pivot: sort.pivot.unwrap_or_default(),
            descending: sort.descending,
            is_calculation: column >= first,
        })
    });
    let keys: Vec<Key> = keys.collect();
    sort_runs(&mut answer.rows, &keys);
}

/// Rows that are alike in one key stand together, and are sorted by the next ones.
fn sort_runs(rows: &mut [Row], keys: &[Key]) {
    let Some((key, others)) = keys.split_first() else {
        return;
    };
    if key.is_calculation {
        rows.sort_by(|one, other| match key.descending {
            true => key.compare(other, one),
            false => key.compare(one, other),
        });
    }
    for run in rows.chunk_by_mut(|one, other| key.compare(one, other).is_eq()) {
        sort_runs(run, others);
    }
}

impl Key {
    fn cell<'r>(&self, row: &'r Row) -> &'r Cell {
        let cell = match row.values.get(self.column) {
            Some(Value::One(cell)) => Some(cell),
            Some(Value::Across { cells, .. }) => cells.get(self.pivot).and_then(Option::as_ref),
            _ => None,
        };
        cell.unwrap_or(&Cell::Null)
    }

    fn compare(&self, one: &Row, other: &Row) -> Ordering {
        self.cell(one).compare(self.cell(other))
    }
}
