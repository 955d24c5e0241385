//! The text of a statement.

use std::fmt::{self, Write};

use super::mentions::has_window;
use crate::dialect::Dialect;

/// A query that groups rows.
#[derive(Debug, Clone, Default)]
pub(super) struct Select {
    /// Dimensions first: those are grouped by.
    pub(super) columns: Vec<SelectColumn>,
    /// The base's table, then the joins.
    pub(super) from: Vec<String>,
    pub(super) conditions: Vec<String>,
    /// How many of the columns are grouped by. None: rows are not grouped.
    pub(super) group_by: Option<usize>,
    pub(super) having: Vec<String>,
    pub(super) order_by: Vec<Order>,
    pub(super) limit: Option<u64>,
}

/// A column of a query.
#[derive(Debug, Clone)]
pub(super) struct SelectColumn {
    /// By which it is found in the result.
    pub(super) key: String,
    /// What it is called in the SQL, in quotes where they are needed.
    pub(super) name: String,
    pub(super) sql: String,
}

/// What rows are taken from: the base's table, or a join.
#[derive(Debug, Clone)]
pub(super) enum FromItem<'a> {
    Table {
        /// `FROM`, or how it is joined.
        keyword: &'static str,
        table: String,
        alias: &'a str,
        /// By what it is joined; empty where by nothing.
        on: String,
    },
    /// As the model writes it.
    Clause(String),
}

impl FromItem<'_> {
    pub(super) fn sql(&self, dialect: Dialect) -> String {
        match self {
            Self::Clause(clause) => clause.clone(),
            Self::Table {
                keyword,
                table,
                alias,
                on,
            } => {
                let alias = dialect.table_alias(alias);
                let on = match on.is_empty() {
                    true => String::new(),
                    false => format!(" ON {on}"),
                };
                format!("{keyword} {table} AS {alias}{on}")
            }
        }
    }
}

/// One part of an order.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Order {
    /// A position or a name.
    pub(super) column: String,
    pub(super) descending: bool,
    /// Whether NULL comes last, whichever the direction. Otherwise it is the lowest value.
    pub(super) is_null_last: bool,
}

impl Order {
    pub(super) fn new(column: impl Into<String>, descending: bool) -> Self {
        Self {
            column: column.into(),
            descending,
            is_null_last: false,
        }
    }

    pub(super) fn sql(&self, dialect: Dialect) -> String {
        let direction = if self.descending { "DESC" } else { "ASC" };
        let nulls = match self.descending || self.is_null_last {
            true => " NULLS LAST",
            false => " NULLS FIRST",
        };
        // On BigQuery NULL is the lowest value by itself.
        let nulls = match dialect {
            Dialect::BigQuery if self.descending || !self.is_null_last => "",
            _ => nulls,
        };
        format!("{} {direction}{nulls}", self.column)
    }
}

pub(super) fn order_list(orders: &[Order], dialect: Dialect) -> String {
    let orders: Vec<_> = orders.iter().map(|order| order.sql(dialect)).collect();
    orders.join(", ")
}

impl Select {
    pub(super) fn sql(&self, dialect: Dialect) -> String {
        let mut sql = String::from("SELECT\n");
        let columns = self
            .columns
            .iter()
            .map(|column| format!("    {} AS {}", column.sql, column.name));
        // A window is over the groups that the other conditions leave.
        let (windows, groups): (Vec<_>, Vec<_>) = self
            .having
            .iter()
            .partition(|condition| has_window(condition));
        sql.push_str(&columns.collect::<Vec<_>>().join(",\n"));
        let clauses = [
            self.from.join("\n"),
            clause("WHERE ", &self.conditions),
            self.group_clause(),
            clause("HAVING ", &groups),
            clause("QUALIFY ", &windows),
            match self.order_by.is_empty() {
                true => String::new(),
                false => format!("ORDER BY {}", order_list(&self.order_by, dialect)),
            },
            self.limit
                .map(|limit| format!("LIMIT {limit}"))
                .unwrap_or_default(),
        ];
        for clause in clauses.iter().filter(|clause| !clause.is_empty()) {
            sql.push('\n');
            sql.push_str(clause);
        }
        sql
    }

    fn group_clause(&self) -> String {
        match self.group_by {
            None | Some(0) => String::new(),
            Some(count) => {
                let positions: Vec<_> = (1..=count).map(|position| position.to_string()).collect();
                format!("GROUP BY {}", positions.join(", "))
            }
        }
    }
}

fn clause(keyword: &str, conditions: &[impl AsRef<str>]) -> String {
    let conditions: Vec<&str> = conditions.iter().map(AsRef::as_ref).collect();
    match conditions.is_empty() {
        true => String::new(),
        false => format!("{keyword}{}", conditions.join("\n  AND ")),
    }
}

/// Queries before a statement, by their names.
pub(super) struct With<'a>(pub(super) &'a [(String, String)]);

impl fmt::Display for With<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, (name, sql)) in self.0.iter().enumerate() {
            formatter.write_str(if at == 0 { "WITH " } else { ",\n" })?;
            write!(formatter, "{name} AS (\n{sql}\n)")?;
        }
        match self.0.is_empty() {
            true => Ok(()),
            false => formatter.write_char('\n'),
        }
    }
}

/// Gives columns their names. On BigQuery two of them could get the same one.
pub(super) struct Names {
    dialect: Dialect,
    taken: Vec<String>,
}

impl Names {
    pub(super) fn new(dialect: Dialect) -> Self {
        Self {
            dialect,
            taken: Vec::new(),
        }
    }

    pub(super) fn name(&mut self, key: &str) -> String {
        if self.dialect == Dialect::DuckDb {
            return self.dialect.identifier(key);
        }
        let plain = key.replace(|c: char| !c.is_ascii_alphanumeric() && c != '_', "_");
        let numbers = std::iter::successors(Some(0_usize), |number| number.checked_add(1));
        let names = numbers.map(|number| match number {
            0 => plain.clone(),
            number => format!("{plain}_{number}"),
        });
        let is_free = |name: &String| {
            !self
                .taken
                .iter()
                .any(|taken| taken.eq_ignore_ascii_case(name))
        };
        let name = names.into_iter().find(is_free).unwrap_or(plain);
        self.taken.push(name.clone());
        self.dialect.column(&name)
    }
}
