//! Statements whose dimensions go across: rows and columns are numbered, and both limited.

use super::scope::FieldRef;
use super::sort::{self, SortBy};
use super::statement::{Order, Select, SelectColumn, order_list};
use crate::dialect::Dialect;

/// The number of a cell's column, from 1.
pub(crate) const COLUMN: &str = "z___column";
/// How many columns there are, before they are limited.
pub(crate) const COLUMNS: &str = "z___columns";
/// The number of a cell's row, from 1.
pub(crate) const ROW: &str = "z___row";
/// Whether a cell is the first of its column, from which the column is known even where its rows are cut off.
const FIRST: &str = "z___first";

/// What goes down and what goes across.
pub(super) struct Pivot<'p, 'a> {
    pub(super) rows: &'p [FieldRef<'a>],
    pub(super) across: &'p [FieldRef<'a>],
    /// None: in no order, which is the order of the fields here.
    pub(super) sorts: &'p [SortBy<'a>],
    pub(super) row_limit: Option<u64>,
    pub(super) column_limit: u64,
}

impl Pivot<'_, '_> {
    /// The steps before the statement, and the statement.
    pub(super) fn steps(
        &self,
        select: &Select,
        dialect: Dialect,
    ) -> (Vec<(String, String)>, String) {
        let across = self.across_order(select);
        let numbered = format!(
            "SELECT *, MAX({COLUMN}) OVER () AS {COLUMNS}\nFROM (SELECT *, DENSE_RANK() OVER (ORDER BY {}) AS {COLUMN} FROM z___cells) AS z___ranked",
            order_list(&across, dialect)
        );
        let partition = self.row_columns(select);
        let (keys, order) = self.row_order(select, &partition, dialect);
        let mut columns = vec!["*".to_owned()];
        columns.extend(keys);
        let keyed = format!(
            "SELECT {}\nFROM z___numbered\nWHERE {COLUMN} <= {}",
            columns.join(",\n    "),
            self.column_limit
        );
        let row = match order.is_empty() {
            true => "1".to_owned(),
            false => format!(
                "DENSE_RANK() OVER (ORDER BY {})",
                order_list(&order, dialect)
            ),
        };
        let placed = format!("SELECT *, {row} AS {ROW}\nFROM z___keyed");
        let ranked = format!(
            "SELECT *, ROW_NUMBER() OVER (PARTITION BY {COLUMN} ORDER BY {ROW}) AS {FIRST}\nFROM z___placed"
        );
        let steps = [
            ("z___cells", select.sql(dialect)),
            ("z___numbered", numbered),
            ("z___keyed", keyed),
            ("z___placed", placed),
            ("z___rows", ranked),
        ];
        let steps = steps.map(|(name, sql)| (name.to_owned(), sql));
        (steps.to_vec(), self.last(select))
    }

    fn last(&self, select: &Select) -> String {
        let names = select.columns.iter().map(|column| column.name.as_str());
        let names: Vec<&str> = names.chain([COLUMN, COLUMNS, ROW]).collect();
        let limit = match self.row_limit {
            Some(limit) => format!("\nWHERE {ROW} <= {limit} OR {FIRST} = 1"),
            None => String::new(),
        };
        format!(
            "SELECT\n    {}\nFROM z___rows{limit}\nORDER BY {ROW}, {COLUMN}",
            names.join(",\n    ")
        )
    }

    fn across_order(&self, select: &Select) -> Vec<Order> {
        let sorted = self.sorts.iter().filter(|sort| self.is_across(&sort.field));
        let sorted = sorted.map(|sort| (sort.field, sort.descending));
        let others = self.across.iter().map(|field| (*field, false));
        let mut across = orders(sorted.chain(others), select);
        // As in Looker, the column of what has no value is the last one.
        across
            .iter_mut()
            .for_each(|order| order.is_null_last = true);
        across
    }

    fn is_across(&self, field: &FieldRef<'_>) -> bool {
        self.across.iter().any(|other| other.is_same(field))
    }

    /// Names of the columns that tell rows apart.
    fn row_columns(&self, select: &Select) -> Vec<String> {
        let keys = self.rows.iter().flat_map(|field| {
            let mut keys = sort::keys(field, select);
            if !keys.contains(&field.name()) && self.has(select, &field.name()) {
                keys.push(field.name());
            }
            keys
        });
        keys.filter_map(|key| name_of(select, &key)).collect()
    }

    fn has(&self, select: &Select, key: &str) -> bool {
        select.columns.iter().any(|column| column.key == key)
    }

    /// Columns that hold the value of a measure in one of the columns, and the order by them.
    fn row_order(
        &self,
        select: &Select,
        partition: &[String],
        dialect: Dialect,
    ) -> (Vec<String>, Vec<Order>) {
        let window = match partition.is_empty() {
            true => "OVER ()".to_owned(),
            false => {
                let columns: Vec<_> = partition
                    .iter()
                    .map(|name| partitioned(name, dialect))
                    .collect();
                format!("OVER (PARTITION BY {})", columns.join(", "))
            }
        };
        let mut columns = Vec::new();
        let mut order: Vec<Order> = Vec::new();
        for sort in self
            .sorts
            .iter()
            .filter(|sort| !self.is_across(&sort.field))
        {
            if !sort.field.is_measure() {
                order.extend(orders([(sort.field, sort.descending)], select));
                continue;
            }
            let key = sort::keys(&sort.field, select).into_iter().next();
            let Some(name) = key.and_then(|key| name_of(select, &key)) else {
                continue;
            };
            let number = columns.len() / 2 + 1;
            let cell = sort.pivot.saturating_add(1);
            let (has, value) = (format!("z___has{number}"), format!("z___key{number}"));
            columns.push(format!(
                "MAX(CASE WHEN {COLUMN} = {cell} THEN 1 ELSE 0 END) {window} AS {has}"
            ));
            columns.push(format!(
                "MAX(CASE WHEN {COLUMN} = {cell} THEN {name} END) {window} AS {value}"
            ));
            // Rows without that cell come last.
            order.push(Order::new(has, true));
            order.push(Order::new(value, sort.descending));
        }
        let rest = orders(self.rows.iter().map(|field| (*field, false)), select);
        let is_new =
            |one: &Order, order: &[Order]| !order.iter().any(|other| other.column == one.column);
        for one in rest {
            if is_new(&one, &order) {
                order.push(one);
            }
        }
        for name in partition {
            let one = Order::new(name.clone(), false);
            if is_new(&one, &order) {
                order.push(one);
            }
        }
        (columns, order)
    }
}

/// BigQuery parts no rows by floating point numbers, but by their texts, which are different where they are.
fn partitioned(name: &str, dialect: Dialect) -> String {
    match dialect {
        Dialect::DuckDb => name.to_owned(),
        Dialect::BigQuery => format!("TO_JSON_STRING({name})"),
    }
}

fn name_of(select: &Select, key: &str) -> Option<String> {
    let column: Option<&SelectColumn> = select.columns.iter().find(|column| column.key == key);
    column.map(|column| column.name.clone())
}

/// By the columns of fields; each column once.
fn orders<'a>(
    fields: impl IntoIterator<Item = (FieldRef<'a>, bool)>,
    select: &Select,
) -> Vec<Order> {
    let mut orders: Vec<Order> = Vec::new();
    for (field, descending) in fields {
        for name in sort::keys(&field, select)
            .iter()
            .filter_map(|key| name_of(select, key))
        {
            if !orders.iter().any(|order| order.column == name) {
                orders.push(Order::new(name, descending));
            }
        }
    }
    orders
}
