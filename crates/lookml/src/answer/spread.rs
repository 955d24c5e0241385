//! Rows of statements as rows of the answer.

use std::collections::HashMap;

use super::{Answer, Cell, PivotColumn, Row, Value};
use crate::compile::{
    COLUMN, COLUMNS, Column, ColumnKind, Compiled, LATITUDE, LONGITUDE, ROW, SORT, StatementKind,
};

type Rows = Vec<Vec<Cell>>;

/// The rows of a statement, with the places of its columns.
struct Table<'a> {
    places: HashMap<&'a str, usize>,
    rows: Rows,
}

impl Table<'_> {
    fn cell<'r>(&self, row: &'r [Cell], key: &str) -> &'r Cell {
        let place = self.places.get(key);
        place
            .and_then(|place| row.get(*place))
            .unwrap_or(&Cell::Null)
    }

    fn count(&self, row: &[Cell], key: &str) -> u64 {
        match self.cell(row, key) {
            Cell::Integer(count) => u64::try_from(*count).unwrap_or_default(),
            _ => 0,
        }
    }

    /// The values of columns in one text, by which a row is found again. Two rows may show the same and differ in what
    /// they are sorted by.
    fn key(&self, row: &[Cell], columns: &[&Column]) -> String {
        let mut key = String::new();
        for column in columns {
            for name in keys(column) {
                let part = self.cell(row, &name).key();
                // With its length no two keys read the same.
                key.push_str(&format!("{}:{part}", part.len()));
            }
        }
        key
    }
}

fn keys(column: &Column) -> [String; 2] {
    let ends = match column.kind {
        ColumnKind::Location => [LATITUDE, LONGITUDE],
        _ => ["", SORT],
    };
    ends.map(|end| format!("{}{end}", column.name))
}

/// What is known of the answer while it is put together.
struct Spread<'a> {
    compiled: &'a Compiled,
    tables: Vec<Table<'a>>,
    pivots: Vec<PivotColumn>,
    /// Places of the pivoted columns by the keys of their values.
    pivot_places: HashMap<String, usize>,
}

pub(super) fn spread(compiled: &Compiled, results: Vec<Rows>) -> Answer {
    let statements = compiled.statements.iter().zip(results);
    let tables = statements.map(|(statement, rows)| {
        let columns = statement.columns.iter().enumerate();
        Table {
            places: columns
                .map(|(place, column)| (column.as_str(), place))
                .collect(),
            rows,
        }
    });
    let mut spread = Spread {
        compiled,
        tables: tables.collect(),
        pivots: Vec::new(),
        pivot_places: HashMap::new(),
    };
    let is_pivoted = compiled
        .outline
        .columns
        .iter()
        .any(|column| column.is_pivot);
    let (rows, is_truncated, are_columns_truncated) = match is_pivoted {
        true => spread.pivoted(),
        false => spread.plain(),
    };
    Answer {
        rows,
        totals: spread.totals(),
        pivots: spread.pivots,
        is_truncated,
        are_columns_truncated,
        notices: compiled.notices.clone(),
        problems: Vec::new(),
        runtime: None,
        outline: compiled.outline.clone(),
        sql: compiled.text(),
    }
}

impl<'a> Spread<'a> {
    fn columns(&self) -> &'a [Column] {
        &self.compiled.outline.columns
    }

    fn table(&self, kind: StatementKind) -> Option<&Table<'a>> {
        self.tables.get(self.compiled.statement(kind)?)
    }

    fn limit(&self) -> usize {
        let limit = self.compiled.outline.limit;
        limit
            .and_then(|limit| usize::try_from(limit).ok())
            .unwrap_or(usize::MAX)
    }

    fn plain(&self) -> (Vec<Row>, bool, bool) {
        let Some(table) = self.table(StatementKind::Main) else {
            return (Vec::new(), false, false);
        };
        let rows = table.rows.iter().take(self.limit());
        let rows = rows.map(|row| self.plain_row(table, row));
        (rows.collect(), table.rows.len() > self.limit(), false)
    }

    fn plain_row(&self, table: &Table<'_>, row: &[Cell]) -> Row {
        let values = self
            .columns()
            .iter()
            .map(|column| self.value(table, row, column));
        Row {
            values: values.collect(),
        }
    }

    fn value(&self, table: &Table<'_>, row: &[Cell], column: &Column) -> Value {
        match &column.kind {
            ColumnKind::Location => Value::Location {
                latitude: table
                    .cell(row, &format!("{}{LATITUDE}", column.name))
                    .clone(),
                longitude: table
                    .cell(row, &format!("{}{LONGITUDE}", column.name))
                    .clone(),
            },
            kind => Value::One(table.cell(row, source(column, kind)).clone()),
        }
    }

    fn pivoted(&mut self) -> (Vec<Row>, bool, bool) {
        let Some(main) = self.compiled.statement(StatementKind::Main) else {
            return (Vec::new(), false, false);
        };
        self.find_pivots(main);
        let Some(table) = self.tables.get(main) else {
            return (Vec::new(), false, false);
        };
        let mut rows: Vec<Row> = Vec::new();
        let mut is_truncated = false;
        let mut number = 0;
        let limit = u64::try_from(self.limit()).unwrap_or(u64::MAX);
        for cells in &table.rows {
            let row = table.count(cells, ROW);
            if row > limit {
                is_truncated = true;
                continue;
            }
            if row != number {
                number = row;
                rows.push(self.empty_row(table, cells));
            }
            let place = table.count(cells, COLUMN).checked_sub(1);
            let place = place.and_then(|place| usize::try_from(place).ok());
            if let (Some(last), Some(place)) = (rows.last_mut(), place) {
                self.put(last, place, table, cells);
            }
        }
        self.add_row_totals(&mut rows);
        let first = table.rows.first();
        let all = first.map_or(0, |row| table.count(row, COLUMNS));
        let are_cut = all > u64::try_from(self.pivots.len()).unwrap_or(u64::MAX);
        (rows, is_truncated, are_cut)
    }

    /// The heads of the columns: each is there in some row, be it one that is cut off.
    fn find_pivots(&mut self, main: usize) {
        let pivots = self.pivot_columns();
        let Some(table) = self.tables.get(main) else {
            return;
        };
        let mut heads: Vec<(u64, Vec<Cell>)> = Vec::new();
        for row in &table.rows {
            let number = table.count(row, COLUMN);
            if heads.iter().all(|(other, _)| *other != number) {
                let values = pivots
                    .iter()
                    .map(|column| table.cell(row, &column.name).clone());
                heads.push((number, values.collect()));
            }
        }
        heads.sort_by_key(|(number, _)| *number);
        for (place, (_, values)) in heads.into_iter().enumerate() {
            self.pivot_places.insert(pivot_key(&values), place);
            self.pivots.push(PivotColumn::of(values));
        }
    }

    fn pivot_columns(&self) -> Vec<&'a Column> {
        let query = &self.compiled.outline.query.pivots;
        let place = |column: &&Column| query.iter().position(|name| *name == column.name);
        let mut columns: Vec<&Column> = self
            .columns()
            .iter()
            .filter(|column| column.is_pivot)
            .collect();
        columns.sort_by_key(place);
        columns
    }

    fn empty_row(&self, table: &Table<'_>, cells: &[Cell]) -> Row {
        let values = self.columns().iter().map(|column| match column {
            column if column.is_pivot => Value::Head,
            column if column.is_measure() => Value::Across {
                cells: vec![None; self.pivots.len()],
                total: None,
            },
            column => self.value(table, cells, column),
        });
        Row {
            values: values.collect(),
        }
    }

    fn put(&self, row: &mut Row, place: usize, table: &Table<'_>, cells: &[Cell]) {
        for (column, value) in self.columns().iter().zip(&mut row.values) {
            if let Value::Across { cells: across, .. } = value
                && let Some(slot) = across.get_mut(place)
            {
                *slot = Some(table.cell(cells, source(column, &column.kind)).clone());
            }
        }
    }

    fn add_row_totals(&self, rows: &mut [Row]) {
        let (Some(main), Some(totals)) = (
            self.table(StatementKind::Main),
            self.table(StatementKind::RowTotals),
        ) else {
            return;
        };
        let dimensions: Vec<&Column> = self.row_dimensions();
        let found: HashMap<String, &Vec<Cell>> = totals
            .rows
            .iter()
            .map(|row| (totals.key(row, &dimensions), row))
            .collect();
        // The key of a row of the answer, from any of its cells.
        let mut keys: HashMap<u64, String> = HashMap::new();
        for cells in &main.rows {
            keys.entry(main.count(cells, ROW))
                .or_insert_with(|| main.key(cells, &dimensions));
        }
        let mut numbers: Vec<u64> = keys.keys().copied().collect();
        numbers.sort_unstable();
        for (row, number) in rows.iter_mut().zip(numbers) {
            let cells = keys.get(&number).and_then(|key| found.get(key));
            let Some(cells) = cells else {
                continue;
            };
            self.put_total(row, totals, cells);
        }
    }

    fn row_dimensions(&self) -> Vec<&'a Column> {
        let columns = self.columns().iter();
        columns
            .filter(|column| !column.is_measure() && !column.is_pivot)
            .collect()
    }

    fn put_total(&self, row: &mut Row, table: &Table<'_>, cells: &[Cell]) {
        for (column, value) in self.columns().iter().zip(&mut row.values) {
            if let Value::Across { total, .. } = value {
                *total = Some(table.cell(cells, source(column, &column.kind)).clone());
            }
        }
    }

    fn totals(&self) -> Option<Row> {
        let table = self.table(StatementKind::Totals)?;
        let pivots = self.pivot_columns();
        if pivots.is_empty() {
            let row = table.rows.first()?;
            let mut totals = self.plain_row(table, row);
            for (column, value) in self.columns().iter().zip(&mut totals.values) {
                if !column.is_measure() {
                    *value = Value::One(Cell::Null);
                }
            }
            return Some(totals);
        }
        let mut totals = self.empty_row(table, &[]);
        for cells in &table.rows {
            let values: Vec<Cell> = pivots
                .iter()
                .map(|column| table.cell(cells, &column.name).clone())
                .collect();
            if let Some(place) = self.pivot_places.get(&pivot_key(&values)) {
                self.put(&mut totals, *place, table, cells);
            }
        }
        if let Some(grand) = self.table(StatementKind::GrandTotals)
            && let Some(cells) = grand.rows.first()
        {
            self.put_total(&mut totals, grand, cells);
        }
        Some(totals)
    }
}

/// The column of a statement that holds the values: of a post-query measure, those that it is computed from.
fn source<'a>(column: &'a Column, kind: &'a ColumnKind) -> &'a str {
    match kind {
        ColumnKind::PostQuery { of, .. } => of,
        _ => &column.name,
    }
}

fn pivot_key(values: &[Cell]) -> String {
    let parts = values.iter().map(|value| {
        let part = value.key();
        format!("{}:{part}", part.len())
    });
    parts.collect()
}
