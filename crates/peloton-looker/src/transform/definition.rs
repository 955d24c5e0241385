//! A table by one declaration: name, type, unit, description of each column, and how it is made.

use std::collections::BTreeSet;
use std::sync::Arc;

use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use warehouse::schema::{Column, ColumnType, Table};

use super::column::{Cells, Value};
use super::rows::{Batch, Problems};

/// What a table's rows are made from.
pub(super) trait Source {
    /// One row's facts.
    type Row<'a>;
}

type Make<S> = for<'r, 'a> fn(&'r <S as Source>::Row<'a>) -> Value<'r>;

/// A table and how each of its columns is made from a row's facts.
pub(super) struct TableOf<S: Source> {
    pub(super) table: Table,
    make: Vec<Make<S>>,
}

impl<S: Source> TableOf<S> {
    /// A table without columns.
    pub(super) fn new(
        name: &'static str,
        grain: &'static str,
        description: &'static str,
        key: &'static [&'static str],
        replace_by: &'static str,
    ) -> Self {
        let table = Table {
            name,
            grain,
            description,
            key,
            replace_by,
            partition_by: None,
            cluster_by: &[],
            columns: Vec::new(),
        };
        Self {
            table,
            make: Vec::new(),
        }
    }

    /// Adds a column; an empty unit stands for none.
    pub(super) fn column(
        mut self,
        name: &'static str,
        column_type: ColumnType,
        unit: &'static str,
        description: &'static str,
        make: Make<S>,
    ) -> Self {
        self.table
            .columns
            .push(column(name, column_type, unit, description));
        self.make.push(make);
        self
    }
}

/// A column's description; an empty unit stands for none.
pub(super) fn column(
    name: &'static str,
    column_type: ColumnType,
    unit: &'static str,
    description: &'static str,
) -> Column {
    Column {
        name,
        column_type,
        unit: (!unit.is_empty()).then_some(unit),
        description,
    }
}

/// The collected rows of a table.
pub(super) struct TableRows<S: Source> {
    definition: TableOf<S>,
    schema: SchemaRef,
    cells: Vec<Cells>,
    pub(super) replaced: Replaced,
}

/// Values whose rows are given anew.
#[derive(Debug, Default)]
pub(super) struct Replaced {
    pub(super) values: Vec<String>,
    pub(super) in_part: BTreeSet<String>,
}

impl Replaced {
    pub(super) fn add(&mut self, value: &str, is_whole: bool) {
        self.values.push(value.to_owned());
        if !is_whole {
            self.in_part.insert(value.to_owned());
        }
    }

    pub(super) fn batch(&mut self, table: &'static str, rows: RecordBatch) -> Batch {
        Batch {
            table,
            replaced: std::mem::take(&mut self.values),
            in_part: std::mem::take(&mut self.in_part),
            rows,
        }
    }
}

impl<S: Source> TableRows<S> {
    pub(super) fn new(definition: TableOf<S>) -> Self {
        Self {
            schema: definition.table.arrow_schema(),
            cells: definition
                .table
                .columns
                .iter()
                .map(|c| Cells::of(&c.column_type))
                .collect(),
            replaced: Replaced::default(),
            definition,
        }
    }

    /// Says that the rows of this value are given anew, even if there turn out to be none; all of them, if the
    /// answers are there of which they are made.
    pub(super) fn replace(&mut self, value: &str, is_whole: bool) {
        self.replaced.add(value, is_whole);
    }

    /// Appends one row. `key` names the bundle in problems.
    pub(super) fn push(&mut self, row: &S::Row<'_>, key: &str, problems: &mut Problems) {
        let table = &self.definition.table;
        for ((make, cells), column) in self
            .definition
            .make
            .iter()
            .zip(&mut self.cells)
            .zip(&table.columns)
        {
            if let Err(text) = cells.append(make(row)) {
                problems.add(table.name, key, column.name, text);
            }
        }
    }
}

/// A table of any kind, to be emptied.
pub(super) trait Take {
    /// Its description.
    fn table(&self) -> Table;

    /// What was collected, when anything is to be replaced.
    fn take(&mut self) -> Option<Batch>;
}

impl<S: Source> Take for TableRows<S> {
    fn table(&self) -> Table {
        self.definition.table.clone()
    }

    fn take(&mut self) -> Option<Batch> {
        if self.replaced.values.is_empty() {
            return None;
        }
        let columns = self.cells.iter_mut().map(Cells::finish).collect();
        let rows = record_batch(&self.schema, columns);
        Some(self.replaced.batch(self.definition.table.name, rows))
    }
}

/// A batch of columns that were built by the table's own types.
pub(super) fn record_batch(
    schema: &SchemaRef,
    columns: Vec<arrow::array::ArrayRef>,
) -> RecordBatch {
    RecordBatch::try_new(Arc::clone(schema), columns)
        .expect("columns have the schema's types and one length")
}
