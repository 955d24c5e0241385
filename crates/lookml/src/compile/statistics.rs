//! What is known of the rows of tables, and how DuckDB is asked for it.

use std::collections::BTreeMap;

use super::Statement;
use crate::answer::Cell;
use crate::dialect::Dialect;

/// What is known of tables, by which a query is written so that it takes less time. No answer depends on it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Statistics(BTreeMap<String, TableStatistics>);

/// What is known of the rows of one table.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TableStatistics {
    /// How many there are, about.
    pub rows: u64,
    /// How many different values each column has, about. Every column of the table is here.
    pub distinct: BTreeMap<String, u64>,
}

impl Statistics {
    /// Asks DuckDB which tables there are: schema, name, rows, a column.
    pub const TABLES: &str = "SELECT t.schema_name, t.table_name, t.estimated_size, c.column_name FROM duckdb_tables() AS t JOIN duckdb_columns() AS c ON c.table_oid = t.table_oid AND c.database_oid = t.database_oid WHERE NOT t.internal AND t.database_name = current_database() ORDER BY 1, 2, c.column_index";

    /// Asks DuckDB, by the rows of [`Self::TABLES`], for the columns of the tables that statements mention: name of the
    /// table, rows, column, different values. None: nothing of what is there could help.
    pub fn columns(tables: &[Vec<Cell>], statements: &[Statement]) -> Option<String> {
        let tables = tables_of(tables);
        let is_mentioned = |name: &str| {
            let mut texts = statements.iter().map(|statement| &statement.sql);
            let name = format!(" {name} AS ");
            texts.any(|sql| sql.contains(&name))
        };
        let tables: Vec<_> = tables
            .iter()
            .filter(|(name, _)| is_mentioned(name))
            .collect();
        if tables
            .iter()
            .all(|(_, table)| table.rows < super::fold::FEWEST_ROWS)
            && tables.len() < 3
        {
            return None;
        }
        let queries: Vec<_> = tables
            .iter()
            .map(|(name, table)| table.query(name))
            .collect();
        (!queries.is_empty()).then(|| {
            let queries = queries.join(" UNION ALL ");
            // Of some types DuckDB does not say it. A yes or no is not counted, and has no more than these.
            let count = "CASE WHEN contains(s, 'Has No Null: false') THEN 1 ELSE TRY_CAST(regexp_extract(s, 'Approx Unique: ([0-9]+)', 1) AS BIGINT) END";
            format!("SELECT t, n, c, {count} FROM ({queries}) AS x(t, n, c, s)")
        })
    }

    /// From the rows of that question.
    pub fn of(rows: &[Vec<Cell>]) -> Self {
        let mut statistics = Self::default();
        for row in rows {
            let [
                Cell::Text(table),
                Cell::Integer(rows),
                Cell::Text(column),
                distinct,
            ] = row.as_slice()
            else {
                continue;
            };
            let distinct = match distinct {
                Cell::Integer(distinct) => u64::try_from(*distinct).unwrap_or(u64::MAX),
                _ => u64::MAX,
            };
            let table = statistics.0.entry(table.to_lowercase()).or_default();
            table.rows = u64::try_from(*rows).unwrap_or_default();
            table.distinct.insert(column.to_lowercase(), distinct);
        }
        statistics
    }

    /// Adds those of a table, by its name as the statements have it: `main.workouts`.
    pub fn insert(&mut self, table: &str, statistics: TableStatistics) {
        let distinct = statistics.distinct.into_iter();
        let distinct = distinct.map(|(column, count)| (column.to_lowercase(), count));
        let statistics = TableStatistics {
            rows: statistics.rows,
            distinct: distinct.collect(),
        };
        self.0.insert(table.to_lowercase(), statistics);
    }

    pub(super) fn of_table(&self, table: &str) -> Option<&TableStatistics> {
        self.0.get(&table.to_lowercase())
    }
}

/// A table that could be asked about.
struct Table<'t> {
    rows: u64,
    columns: Vec<&'t str>,
}

/// By their names as statements have them: those of the main schema also without it.
fn tables_of(rows: &[Vec<Cell>]) -> BTreeMap<String, Table<'_>> {
    let mut tables: BTreeMap<String, Table<'_>> = BTreeMap::new();
    for row in rows {
        let [
            Cell::Text(schema),
            Cell::Text(name),
            Cell::Integer(rows),
            Cell::Text(column),
        ] = row.as_slice()
        else {
            continue;
        };
        let name = Dialect::DuckDb.table_alias(name);
        let full = format!("{}.{name}", Dialect::DuckDb.table_alias(schema));
        let names = [Some(full), (schema == "main").then_some(name)];
        for name in names.into_iter().flatten() {
            let table = tables.entry(name).or_insert_with(|| Table {
                rows: u64::try_from(*rows).unwrap_or_default(),
                columns: Vec::new(),
            });
            table.columns.push(column);
        }
    }
    tables
}

impl Table<'_> {
    fn query(&self, name: &str) -> String {
        let dialect = Dialect::DuckDb;
        let names = self.columns.iter().map(|column| dialect.string(column));
        let statistics = self
            .columns
            .iter()
            .map(|column| format!("stats({})", dialect.identifier(column)));
        format!(
            "SELECT {}, CAST({} AS BIGINT), unnest([{}]), unnest(s) FROM (SELECT [{}] AS s FROM {name} LIMIT 1)",
            dialect.string(name),
            self.rows,
            names.collect::<Vec<_>>().join(", "),
            statistics.collect::<Vec<_>>().join(", "),
        )
    }
}
