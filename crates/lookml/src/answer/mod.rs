//! From the rows that a database returned to the answer: pivots spread, totals added, gaps filled, what is computed
//! from rows computed.

mod calculations;
mod cell;
mod described;
mod detail;
mod drill;
mod fill;
mod json;
mod links;
mod order;
mod page;
mod post_query;
mod spread;
mod table;

use std::collections::HashSet;
use std::time::Duration;

use crate::compile::{Column, Compiled, Notice, Outline, StatementKind};
use crate::diagnostic::Diagnostic;
pub(crate) use calculations::{in_context, table};
pub use cell::Cell;
pub use table::TextTable;

/// Stands for NULL in the key of a pivoted column.
const NULL_KEY: &str = "null";
/// Between the parts of such a key.
const KEY_SEPARATOR: &str = "|FIELD|";

/// The answer to a query.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// The rows.
    pub rows: Vec<Row>,
    /// The row of totals, where it was asked for.
    pub totals: Option<Row>,
    /// The pivoted columns, in order; empty without pivots.
    pub pivots: Vec<PivotColumn>,
    /// Whether there are more rows than the limit lets through.
    pub is_truncated: bool,
    /// Whether there are more columns than the limit lets through.
    pub are_columns_truncated: bool,
    /// What somebody who reads it should know.
    pub notices: Vec<Notice>,
    /// What went wrong with table calculations, by their names.
    pub problems: Vec<(String, Diagnostic)>,
    /// How long the database took, where whoever asked it says so.
    pub runtime: Option<Duration>,
    pub(crate) outline: Outline,
    pub(crate) sql: String,
}

/// A row: a value for each column of the answer.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Row {
    /// In the order of the columns; the columns that go across have nothing here.
    pub values: Vec<Value>,
}

/// The value of a column in a row.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Of a column that is not pivoted.
    One(Cell),
    /// Of one that goes across.
    Across {
        /// For each of the pivoted columns; none where the row has no such cell.
        cells: Vec<Option<Cell>>,
        /// The total of the row.
        total: Option<Cell>,
    },
    /// A place on the map.
    Location {
        /// In degrees.
        latitude: Cell,
        /// In degrees.
        longitude: Cell,
    },
    /// Of a dimension that is pivoted: it heads columns.
    Head,
}

/// A pivoted column.
#[derive(Debug, Clone, PartialEq)]
pub struct PivotColumn {
    /// By which its cells are found: the values in one text.
    pub key: String,
    /// The values of the pivoted dimensions, in their order.
    pub values: Vec<Cell>,
}

/// Rows that do not fit the statement they are said to come from.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the rows do not fit the query: {0}")]
pub struct ResultError(pub(crate) String);

impl Compiled {
    /// The answer, from the rows of each statement in their order.
    pub fn answer(&self, results: Vec<Vec<Vec<Cell>>>) -> Result<Answer, ResultError> {
        if results.len() != self.statements.len() {
            let (found, wanted) = (results.len(), self.statements.len());
            return Err(ResultError(format!(
                "{found} results for {wanted} statements"
            )));
        }
        for (statement, rows) in self.statements.iter().zip(&results) {
            let width = statement.columns.len();
            if let Some(row) = rows.iter().find(|row| row.len() != width) {
                return Err(ResultError(format!(
                    "{} values for {width} columns",
                    row.len()
                )));
            }
        }
        let mut answer = spread::spread(self, results);
        fill::fill(&mut answer);
        PivotColumn::tell_apart(&mut answer.pivots);
        post_query::compute(&mut answer);
        calculations::compute(&mut answer);
        order::sort(&mut answer);
        Ok(answer)
    }

    /// The SQL as a person reads it: with what has to be run before, and the statements for totals.
    pub fn text(&self) -> String {
        let setup = self.setup.iter().map(String::as_str);
        let statements = self
            .statements
            .iter()
            .map(|statement| statement.sql.as_str());
        let texts: Vec<&str> = setup.chain(statements).collect();
        let mut text = texts.join(";\n\n");
        text.push_str(";\n");
        text
    }

    pub(crate) fn statement(&self, kind: StatementKind) -> Option<usize> {
        self.statements
            .iter()
            .position(|statement| statement.kind == kind)
    }
}

impl Answer {
    /// The names of the columns, `view.field`, in order; table calculations last.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        let columns = self
            .outline
            .columns
            .iter()
            .map(|column| column.name.as_str());
        let calculations = self.outline.calculations.iter();
        columns.chain(calculations.map(|(calculation, _)| calculation.name.as_str()))
    }

    /// Which of the values over a pivoted column are those of a dimension.
    fn pivot_place(&self, column: &Column) -> Option<usize> {
        let mut pivots = self.outline.query.pivots.iter();
        pivots.position(|name| *name == column.name)
    }

    /// The places of the pivoted columns, in the order in which their values stand over the others.
    fn pivoted_columns(&self) -> Vec<usize> {
        let names = self.outline.query.pivots.iter();
        let columns = &self.outline.columns;
        names
            .filter_map(|name| columns.iter().position(|column| column.name == *name))
            .collect()
    }

    /// The statements that it comes from.
    pub fn sql(&self) -> &str {
        &self.sql
    }
}

impl PivotColumn {
    pub(crate) fn of(values: Vec<Cell>) -> Self {
        let parts = values.iter().map(|value| match value {
            Cell::Null => NULL_KEY.to_owned(),
            value => value.text(),
        });
        Self {
            key: parts.collect::<Vec<_>>().join(KEY_SEPARATOR),
            values,
        }
    }

    /// Gives each its own key: the text `null` has the same as no value, which is behind it.
    fn tell_apart(pivots: &mut [Self]) {
        let mut taken: HashSet<String> = HashSet::new();
        for pivot in pivots {
            let key = pivot.key.clone();
            let mut number = 0_usize;
            while !taken.insert(pivot.key.clone()) {
                number += 1;
                pivot.key = format!("{key}_{number}");
            }
        }
    }
}
