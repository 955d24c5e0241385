//! Views that nest the rows of one table in those of another.
//!
//! One declaration: the SQL of the view, what recognises a change of it, and the nested rows of published
//! copies are all made from it.

use crate::duckdb::quoted;
use crate::schema::{Column, ColumnType, Table};

/// A view of a table's rows with those of another nested in them. Where a published copy has no views, it
/// is a table.
#[derive(Debug, Clone, PartialEq)]
pub struct View {
    /// What its rows are like. The columns are those of the outer table, then the list.
    pub table: Table,
    pub(crate) outer: &'static str,
    pub(crate) nested: Nested,
}

/// The column that a view adds: a list of another table's rows, in their order.
#[derive(Debug, Clone, PartialEq)]
pub struct Nested {
    /// Its name.
    pub name: &'static str,
    /// What it means, one line.
    pub description: &'static str,
    /// The table whose rows are nested.
    pub from: &'static str,
    /// Its STRING column that says in which row each is nested.
    pub key: &'static str,
    /// Its INT32 column by which they are in order; never NULL, and different within a list.
    pub order: &'static str,
    /// What is nested of each.
    pub fields: Vec<Field>,
}

/// A column of what is nested.
#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    /// Name, type and meaning.
    pub column: Column,
    /// Where its values come from.
    pub value: FieldValue,
}

/// Where the values of a nested column come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldValue {
    /// The column of that name and type of the nested table.
    Column,
    /// FLOAT64: the mean of an INT32 column over the rows whose order lies less than `over` before,
    /// this row's included; NULL where none of them has a value.
    TrailingMean {
        /// The column.
        of: &'static str,
        /// How far back, in units of the order.
        over: i32,
    },
    /// INT32: how far the order is from that of the row before; NULL for the first.
    Step,
}

impl View {
    /// A view of the rows of `outer`, which is named and described by `table` and has its columns and its
    /// one-column key.
    pub fn new(mut table: Table, outer: &'static str, nested: Nested) -> Self {
        table.columns.push(nested.column());
        Self {
            table,
            outer,
            nested,
        }
    }

    /// The columns of the outer table.
    pub(crate) fn outer_columns(&self) -> &[Column] {
        self.table
            .columns
            .split_last()
            .map_or(&[], |(_, columns)| columns)
    }

    /// The SELECT behind it. The nested rows are found by their key inside the query of the column: on
    /// seven million of them a query of some rows builds the lists of these alone (0.3 s), where a join
    /// with all lists takes 6 s.
    pub(crate) fn sql(&self) -> String {
        let nested = &self.nested;
        let (key, order) = (quoted(nested.key), quoted(nested.order));
        let window = format!("OVER (PARTITION BY {key} ORDER BY {order}");
        let mut names = Vec::new();
        let mut made = vec!["*".to_owned()];
        for field in &nested.fields {
            let name = quoted(field.column.name);
            match field.value {
                FieldValue::Column => {}
                FieldValue::TrailingMean { of, over } => made.push(format!(
                    "avg({}) {window} RANGE BETWEEN {} PRECEDING AND CURRENT ROW) AS {name}",
                    quoted(of),
                    over - 1
                )),
                FieldValue::Step => {
                    made.push(format!("{order} - lag({order}) {window}) AS {name}"));
                }
            }
            names.push(format!("{name} := {name}"));
        }
        let outer_key: Vec<String> = self
            .table
            .key
            .iter()
            .map(|name| format!("o.{}", quoted(name)))
            .collect();
        format!(
            "SELECT o.*, coalesce((SELECT list(struct_pack({}) ORDER BY {order}) FROM (SELECT {} FROM \
             {} WHERE {key} = {})), []) AS {} FROM {} AS o",
            names.join(", "),
            made.join(", "),
            quoted(nested.from),
            outer_key.join(", "),
            quoted(nested.name),
            quoted(self.outer),
        )
    }
}

impl Nested {
    fn column(&self) -> Column {
        let columns = self.fields.iter().map(|field| field.column.clone());
        Column {
            name: self.name,
            column_type: ColumnType::List(Box::new(ColumnType::Struct(columns.collect()))),
            unit: None,
            description: self.description,
        }
    }

    /// The columns of the nested table that are needed, besides its key and its order.
    pub(crate) fn columns(&self) -> Vec<&'static str> {
        let mut columns = Vec::new();
        for field in &self.fields {
            let name = match field.value {
                FieldValue::Column => field.column.name,
                FieldValue::TrailingMean { of, .. } => of,
                FieldValue::Step => continue,
            };
            if name != self.order && !columns.contains(&name) {
                columns.push(name);
            }
        }
        columns
    }
}
