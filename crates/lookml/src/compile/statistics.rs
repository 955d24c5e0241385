//! What is known of the rows of tables, and how DuckDB is asked for it.

use std::collections::BTreeMap;

use super::Statement;
use crate::answer::Cell;
use crate::dialect::Dialect;

/// What is known of tables, by which a query is written so that it takes less time. No answer depends on it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Statistics(BTreeMap<String, TableStatistics>);

/// What is known of the rows of one table.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct TableStatistics {
    /// How many there are, about.
    pub rows: u64,
    /// What is known of each column, by its name. Every column of the table is here.
    pub columns: BTreeMap<String, ColumnStatistics>,
}

/// What is known of a column.
#[derive(Debug, Clone, PartialEq)]
pub struct ColumnStatistics {
    /// Its type as DuckDB writes it.
    pub data_type: String,
    /// How many different values it has, about. None: that is not known.
    pub distinct: Option<u64>,
    /// Of whole numbers, how far one is from 0 at most.
    pub largest: Option<f64>,
}

impl Statistics {
    /// Asks DuckDB which tables there are: schema, name, rows, a column, its type.
    pub const TABLES: &str = "SELECT t.schema_name, t.table_name, t.estimated_size, c.column_name, c.data_type FROM duckdb_tables() AS t JOIN duckdb_columns() AS c ON c.table_oid = t.table_oid AND c.database_oid = t.database_oid WHERE NOT t.internal AND t.database_name = current_database() ORDER BY 1, 2, c.column_index";

    /// Asks DuckDB, by the rows of [`Self::TABLES`], for the columns of the tables that statements mention: name of the
    /// table, rows, column, type, different values, the largest. None: nothing of what is there could help.
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
            // Of some types DuckDB does not say it: nested ones, and yes or no, which has no more than these.
            let count = "CASE WHEN d = 'BOOLEAN' THEN 3 WHEN contains(s, 'Has No Null: false') THEN 1 ELSE TRY_CAST(regexp_extract(s, 'Approx Unique: ([0-9]+)', 1) AS BIGINT) END";
            let end = |name| format!("abs(TRY_CAST(regexp_extract(s, '{name}: (-?[0-9]+)[,\\]]', 1) AS DOUBLE))");
            let largest = format!("greatest({}, {})", end("Min"), end("Max"));
            format!("SELECT t, n, c, d, {count}, {largest} FROM ({queries}) AS x(t, n, c, d, s)")
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
                Cell::Text(data_type),
                distinct,
                largest,
            ] = row.as_slice()
            else {
                continue;
            };
            let distinct = match distinct {
                Cell::Integer(distinct) => u64::try_from(*distinct).ok(),
                _ => None,
            };
            let table = statistics.0.entry(folded(table)).or_default();
            table.rows = u64::try_from(*rows).unwrap_or_default();
            let column_statistics = ColumnStatistics {
                data_type: data_type.clone(),
                distinct,
                largest: largest.number(),
            };
            table.columns.insert(folded(column), column_statistics);
        }
        statistics
    }

    /// Adds those of a table, by its name as the statements have it: `main.workouts`.
    pub fn insert(&mut self, table: &str, statistics: TableStatistics) {
        let columns = statistics.columns.into_iter();
        let columns = columns.map(|(name, column)| (folded(&name), column));
        let statistics = TableStatistics {
            rows: statistics.rows,
            columns: columns.collect(),
        };
        self.0.insert(folded(table), statistics);
    }

    pub(super) fn of_table(&self, table: &str) -> Option<&TableStatistics> {
        self.0.get(&folded(table))
    }
}

/// A name as DuckDB compares it.
fn folded(name: &str) -> String {
    name.to_ascii_lowercase()
}

/// A table that could be asked about.
struct Table<'t> {
    rows: u64,
    columns: Vec<(&'t str, &'t str)>,
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
            Cell::Text(data_type),
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
            table.columns.push((column, data_type));
        }
    }
    tables
}

impl Table<'_> {
    fn query(&self, name: &str) -> String {
        let list = |of: fn(&(&str, &str)) -> String| {
            let items = self.columns.iter().map(of);
            items.collect::<Vec<_>>().join(", ")
        };
        format!(
            "SELECT {}, CAST({} AS BIGINT), unnest([{}]), unnest([{}]), unnest(s) FROM (SELECT [{}] AS s FROM {name} LIMIT 1)",
            Dialect::DuckDb.string(name),
            self.rows,
            list(|(column, _)| Dialect::DuckDb.string(column)),
            list(|(_, data_type)| Dialect::DuckDb.string(data_type)),
            list(|(column, _)| format!("stats({})", Dialect::DuckDb.identifier(column))),
        )
    }
}
