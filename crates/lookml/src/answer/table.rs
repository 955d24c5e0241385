//! The answer as a flat table of texts.

use super::{Answer, Cell, Row, Value};

/// A head and rows of texts, all of one width.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TextTable {
    /// What stands over the columns.
    pub head: Vec<String>,
    /// Whether the columns hold numbers.
    pub numeric: Vec<bool>,
    /// The rows, then that of totals where there is one.
    pub rows: Vec<Vec<String>>,
}

/// A column of the table.
struct Part {
    /// Which of the answer's columns.
    column: usize,
    cell: PartCell,
}

enum PartCell {
    One,
    Pivot(usize),
    RowTotal,
}

impl Answer {
    /// As a person reads it: labels over formatted values, the columns of pivots side by side.
    pub fn text_table(&self) -> TextTable {
        let looks = self.looks();
        let show = |column: usize, cell: &Cell| {
            looks
                .get(column)
                .map_or_else(|| cell.text(), |look| look.show(cell))
        };
        let mut labels: Vec<String> = self
            .outline
            .columns
            .iter()
            .map(|column| column.label.clone())
            .collect();
        labels.extend(self.outline.calculations.iter().map(|(calculation, _)| {
            calculation
                .label
                .clone()
                .unwrap_or_else(|| calculation.name.clone())
        }));
        self.flat(&labels, &show)
    }

    /// As a program reads it: names over raw values, the columns of pivots side by side.
    pub fn raw_table(&self) -> TextTable {
        let names: Vec<String> = self.names().map(str::to_owned).collect();
        self.flat(&names, &|_, cell| cell.text())
    }

    fn flat(&self, names: &[String], show: &dyn Fn(usize, &Cell) -> String) -> TextTable {
        let parts = self.parts();
        let head = parts.iter().map(|part| {
            let name = names.get(part.column).cloned().unwrap_or_default();
            match part.cell {
                PartCell::One => name,
                PartCell::Pivot(pivot) => {
                    let values = self.pivots.get(pivot).map(|pivot| &pivot.values);
                    let values = values.into_iter().flatten().map(|value| match value {
                        Cell::Null => "∅".to_owned(),
                        value => value.text(),
                    });
                    format!("{} · {name}", values.collect::<Vec<_>>().join(" · "))
                }
                PartCell::RowTotal => format!("Total · {name}"),
            }
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
            rows: self.rows.iter().chain(&self.totals).map(row).collect(),
        }
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
        for pivot in 0..self.pivots.len() {
            parts.extend(across.iter().map(|column| Part {
                column: *column,
                cell: PartCell::Pivot(pivot),
            }));
        }
        if self.outline.row_total.is_some() {
            parts.extend(across.iter().map(|column| Part {
                column: *column,
                cell: PartCell::RowTotal,
            }));
        }
        let first = self.outline.columns.len();
        for (place, _) in self.outline.calculations.iter().enumerate() {
            let column = first + place;
            let is_across = self.rows.first().and_then(|row| row.values.get(column));
            match is_across {
                Some(Value::Across { .. }) => {
                    parts.extend((0..self.pivots.len()).map(|pivot| Part {
                        column,
                        cell: PartCell::Pivot(pivot),
                    }));
                }
                _ => parts.push(Part {
                    column,
                    cell: PartCell::One,
                }),
            }
        }
        parts
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
