//! The answer as a flat table of texts.

use super::{Answer, Cell, Row, Value};
use crate::query::RowTotal;

/// Stands for NULL where a person reads.
const NULL: &str = "∅";
/// What stands over the totals of rows, and before the row of totals.
const TOTAL: &str = "Total";

/// A head and rows of texts, all of one width.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TextTable {
    /// What stands over the columns.
    pub head: Vec<String>,
    /// Whether the columns hold numbers.
    pub numeric: Vec<bool>,
    /// The rows; in a table that a person reads, then that of totals where there is one.
    pub rows: Vec<Vec<String>>,
}

/// A column of the table.
struct Part {
    /// Which of the answer's columns.
    column: usize,
    cell: PartCell,
}

#[derive(Clone, Copy)]
enum PartCell {
    One,
    Pivot(usize),
    RowTotal,
}

impl Part {
    fn is_one(&self) -> bool {
        matches!(self.cell, PartCell::One)
    }
}

impl TextTable {
    /// Says which row is that of totals: in the column of a dimension, or in one of its own.
    fn call_totals(&mut self, dimension: Option<usize>) {
        let place = dimension.unwrap_or_else(|| {
            self.head.insert(0, String::new());
            self.numeric.insert(0, false);
            for row in &mut self.rows {
                row.insert(0, String::new());
            }
            0
        });
        let totals = self.rows.last_mut();
        if let Some(cell) = totals.and_then(|row| row.get_mut(place)) {
            TOTAL.clone_into(cell);
        }
    }
}

impl Answer {
    /// As a person reads it: labels over formatted values, the columns of pivots side by side. A label has its view
    /// only where another is the same without; one measure under pivots needs none.
    pub fn text_table(&self) -> TextTable {
        let looks = self.looks();
        let show = |column: usize, cell: &Cell| match (cell, looks.get(column)) {
            (Cell::Null, _) => NULL.to_owned(),
            (cell, Some(look)) => look.show(cell),
            (cell, None) => cell.text(),
        };
        let parts = self.parts();
        let mut labels = self.labels();
        let mut across = parts.iter().filter(|part| !part.is_one());
        if let Some(first) = across.next()
            && across.all(|part| part.column == first.column)
            && let Some(label) = labels.get_mut(first.column)
        {
            label.clear();
        }
        let mut table = self.flat(&parts, &labels, &show);
        if let Some(totals) = &self.totals {
            let cells = parts.iter().map(|part| match self.is_dimension(part) {
                true => String::new(),
                false => self.text(totals, part, &show),
            });
            table.rows.push(cells.collect());
            let place = parts.iter().position(|part| self.is_dimension(part));
            table.call_totals(place);
        }
        table
    }

    /// As a program reads it: names over raw values, the columns of pivots side by side, no row that is a total of
    /// the others.
    pub fn raw_table(&self) -> TextTable {
        let names: Vec<String> = self.names().map(str::to_owned).collect();
        self.flat(&self.parts(), &names, &|_, cell| cell.text())
    }

    /// What stands over the columns.
    fn labels(&self) -> Vec<String> {
        let columns = self.outline.columns.iter();
        let columns = columns.map(|column| (&column.field.show.label, &column.label));
        let calculations = self.outline.calculations.iter().map(|(calculation, _)| {
            let label = calculation.label.as_ref().unwrap_or(&calculation.name);
            (label, label)
        });
        let labels: Vec<(&String, &String)> = columns.chain(calculations).collect();
        let is_known =
            |short: &String| labels.iter().filter(|(other, _)| *other == short).count() == 1;
        let label = |(short, full): &(&String, &String)| match is_known(short) {
            true => (*short).clone(),
            false => (*full).clone(),
        };
        labels.iter().map(label).collect()
    }

    fn flat(
        &self,
        parts: &[Part],
        names: &[String],
        show: &dyn Fn(usize, &Cell) -> String,
    ) -> TextTable {
        let head = parts.iter().map(|part| {
            let name = names.get(part.column).map_or("", String::as_str);
            let heads = match part.cell {
                PartCell::One => Vec::new(),
                PartCell::Pivot(pivot) => self.pivot_heads(pivot, show),
                PartCell::RowTotal => vec![TOTAL.to_owned()],
            };
            let name = Some(name.to_owned()).filter(|name| !name.is_empty());
            heads
                .into_iter()
                .chain(name)
                .collect::<Vec<_>>()
                .join(" · ")
        });
        let numeric = parts.iter().map(|part| {
            let column = self.outline.columns.get(part.column);
            column.is_none_or(crate::compile::Column::is_numeric)
        });
        let row = |row: &Row| {
            let cells = parts.iter().map(|part| self.text(row, part, show));
            cells.collect::<Vec<_>>()
        };
        TextTable {
            head: head.collect(),
            numeric: numeric.collect(),
            rows: self.rows.iter().map(row).collect(),
        }
    }

    /// What stands over a pivoted column; over one of an empty text, quotes.
    fn pivot_heads(&self, pivot: usize, show: &dyn Fn(usize, &Cell) -> String) -> Vec<String> {
        let values = self.pivots.get(pivot).map(|pivot| &pivot.values);
        let columns = self.pivoted_columns();
        let values = columns.iter().zip(values.into_iter().flatten());
        let values = values.map(|(column, value)| match value {
            Cell::Null => NULL.to_owned(),
            Cell::Text(text) if text.is_empty() => "\"\"".to_owned(),
            value => show(*column, value),
        });
        values.collect()
    }

    fn is_dimension(&self, part: &Part) -> bool {
        let column = self.outline.columns.get(part.column);
        column.is_some_and(|column| !column.is_measure())
    }

    fn parts(&self) -> Vec<Part> {
        let mut parts = Vec::new();
        let columns = self.outline.columns.iter();
        let mut across = Vec::new();
        for (place, column) in columns.enumerate() {
            match (
                column.is_pivot,
                column.is_measure() && !self.pivots.is_empty(),
            ) {
                (true, _) => {}
                (false, true) => across.push(place),
                (false, false) => parts.push(Part {
                    column: place,
                    cell: PartCell::One,
                }),
            }
        }
        parts.extend(self.across(&across));
        let first = self.outline.columns.len();
        for (place, _) in self.outline.calculations.iter().enumerate() {
            let column = first + place;
            let is_across = self.rows.first().and_then(|row| row.values.get(column));
            match is_across {
                Some(Value::Across { .. }) => parts.extend(self.across(&[column])),
                _ => parts.push(Part {
                    column,
                    cell: PartCell::One,
                }),
            }
        }
        parts
    }

    /// The cells of columns under each pivoted head, and their totals on the side where they are wanted.
    fn across(&self, columns: &[usize]) -> Vec<Part> {
        let side = self.outline.row_total;
        let left = (side == Some(RowTotal::Left)).then_some(PartCell::RowTotal);
        let right = (side == Some(RowTotal::Right)).then_some(PartCell::RowTotal);
        let heads = (0..self.pivots.len()).map(PartCell::Pivot);
        let cells = left.into_iter().chain(heads).chain(right);
        let parts = cells.flat_map(|cell| {
            columns.iter().map(move |column| Part {
                column: *column,
                cell,
            })
        });
        parts.collect()
    }

    fn text(&self, row: &Row, part: &Part, show: &dyn Fn(usize, &Cell) -> String) -> String {
        let cell = match (row.values.get(part.column), &part.cell) {
            (Some(Value::One(cell)), _) => Some(cell),
            (Some(Value::Across { cells, .. }), PartCell::Pivot(pivot)) => {
                cells.get(*pivot).and_then(Option::as_ref)
            }
            (Some(Value::Across { total, .. }), PartCell::RowTotal) => total.as_ref(),
            (
                Some(Value::Location {
                    latitude,
                    longitude,
                }),
                _,
            ) => {
                return format!("{}, {}", latitude.text(), longitude.text());
            }
            _ => None,
        };
        cell.map(|cell| show(part.column, cell)).unwrap_or_default()
    }
}
