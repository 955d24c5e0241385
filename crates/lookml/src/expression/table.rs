//! The table a query returned.

use std::{collections::BTreeMap, iter, sync::Arc};

use super::Value;
use crate::filter::FilterType;

/// Columns by name. All have as many rows, and those that are pivoted as many pivot columns.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Table {
    row_count: usize,
    pivot_count: usize,
    has_totals: bool,
    has_row_totals: bool,
    columns: BTreeMap<String, Column>,
    filter_types: BTreeMap<String, FilterType>,
}

/// A column. Its lines are shared, so that copying one costs nothing.
#[derive(Debug, Clone, PartialEq)]
pub enum Column {
    /// One value for each row.
    Plain(Arc<Line>),
    /// A measure under pivoted fields.
    Pivoted {
        /// One for each pivot column.
        cells: Vec<Arc<Line>>,
        /// One value for each row, where the query had row totals.
        row_totals: Option<Arc<Line>>,
    },
    /// A pivoted field: the same value in all rows of a pivot column.
    Pivot(Vec<Value>),
}

/// The values of a column from the first row to the last, and the one in the row of totals.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// One for each row.
    pub values: Vec<Value>,
    /// Null where there is none.
    pub total: Value,
}

impl Table {
    /// Without columns yet. Zero pivot columns are those of a query without a pivot.
    pub fn new(row_count: usize, pivot_count: usize) -> Self {
        Self {
            row_count,
            pivot_count,
            ..Self::default()
        }
    }

    /// The same, of a query with totals: `:total` may be used.
    #[must_use]
    pub fn with_totals(mut self) -> Self {
        self.has_totals = true;
        self
    }

    /// Adds a column, or takes the place of the one with that name. What is missing in it is null.
    pub fn insert(&mut self, name: impl Into<String>, column: Column) {
        let fitted = match column {
            Column::Plain(line) => Column::Plain(self.fitted(line)),
            Column::Pivoted { cells, row_totals } => {
                self.has_row_totals |= row_totals.is_some();
                let missing = iter::repeat_with(|| Arc::new(self.constant(&Value::Null)));
                let cells = cells.into_iter().map(|line| self.fitted(line));
                Column::Pivoted {
                    cells: cells.chain(missing).take(self.pivot_count).collect(),
                    row_totals: row_totals.map(|line| self.fitted(line)),
                }
            }
            Column::Pivot(mut values) => {
                values.resize(self.pivot_count, Value::Null);
                Column::Pivot(values)
            }
        };
        self.columns.insert(name.into(), fitted);
    }

    /// Says in which language a column is filtered, which its values can't where all are null.
    pub fn set_filter_type(&mut self, name: impl Into<String>, filter_type: FilterType) {
        self.filter_types.insert(name.into(), filter_type);
    }

    /// In which language the column of that name is filtered, where that was said.
    pub fn filter_type(&self, name: &str) -> Option<FilterType> {
        self.filter_types.get(name).copied()
    }

    /// The column of that name.
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.get(name)
    }

    /// The names of all columns, sorted.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.columns.keys().map(String::as_str)
    }

    /// How many rows there are, without the one of totals.
    pub fn row_count(&self) -> usize {
        self.row_count
    }

    /// How many pivot columns there are.
    pub fn pivot_count(&self) -> usize {
        self.pivot_count
    }

    /// Whether there is a row of totals.
    pub fn has_totals(&self) -> bool {
        self.has_totals
    }

    /// Whether a pivoted column has row totals.
    pub fn has_row_totals(&self) -> bool {
        self.has_row_totals
    }

    /// The same value everywhere.
    pub(super) fn constant(&self, value: &Value) -> Line {
        Line {
            values: vec![value.clone(); self.row_count],
            total: value.clone(),
        }
    }

    fn fitted(&self, line: Arc<Line>) -> Arc<Line> {
        if line.values.len() == self.row_count {
            return line;
        }
        let mut line = Arc::unwrap_or_clone(line);
        line.values.resize(self.row_count, Value::Null);
        Arc::new(line)
    }
}

impl Column {
    /// One value for each row, without a total.
    pub fn plain(values: Vec<Value>) -> Self {
        Self::plain_with_total(values, Value::Null)
    }

    /// One value for each row, and the total.
    pub fn plain_with_total(values: Vec<Value>, total: Value) -> Self {
        Self::Plain(Arc::new(Line { values, total }))
    }

    /// A line for each pivot column.
    pub fn pivoted(cells: Vec<Line>, row_totals: Option<Line>) -> Self {
        Self::Pivoted {
            cells: cells.into_iter().map(Arc::new).collect(),
            row_totals: row_totals.map(Arc::new),
        }
    }
}

impl Line {
    /// The values, then the total: the places an expression has a value in.
    pub(super) fn slots(&self) -> impl Iterator<Item = &Value> {
        self.values.iter().chain(iter::once(&self.total))
    }

    /// From the values and the total behind them.
    pub(super) fn from_slots(mut slots: Vec<Value>) -> Self {
        let total = slots.pop().unwrap_or(Value::Null);
        Self {
            values: slots,
            total,
        }
    }

    /// The value in a place: the total behind the last row.
    pub(super) fn slot(&self, at: usize) -> &Value {
        self.values.get(at).unwrap_or(&self.total)
    }
}
