//! DuckDB for tests: statements in, cells out.

use duckdb::Connection;
use duckdb::types::{TimeUnit, Value};
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use lookml::{Answer, Cell, Compiled, DUCKDB_SETUP};

/// A database that statements are run on.
#[derive(Debug)]
pub(crate) struct Database(Connection);

impl Database {
    /// Of a connection, with what the engine's SQL expects of one.
    pub(crate) fn of(connection: Connection) -> Self {
        let database = Self(connection);
        DUCKDB_SETUP.iter().for_each(|sql| database.run(sql));
        database
    }

    pub(crate) fn run(&self, sql: &str) {
        self.0
            .execute_batch(sql)
            .unwrap_or_else(|error| panic!("{error}\n{sql}"));
    }

    /// The answer to a query.
    pub(crate) fn answer(&self, compiled: &Compiled) -> Result<Answer, String> {
        for sql in &compiled.setup {
            self.run(sql);
        }
        let results = compiled.statements.iter().map(|statement| {
            self.rows(&statement.sql)
                .map_err(|error| format!("{error}\n{}", statement.sql))
        });
        let results: Result<Vec<_>, String> = results.collect();
        compiled.answer(results?).map_err(|error| error.to_string())
    }

    fn rows(&self, sql: &str) -> duckdb::Result<Vec<Vec<Cell>>> {
        let mut statement = self.0.prepare(sql)?;
        let mut rows = statement.query([])?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            let width = row.as_ref().column_count();
            let cells = (0..width).map(|column| row.get::<_, Value>(column).map(cell));
            found.push(cells.collect::<duckdb::Result<Vec<Cell>>>()?);
        }
        Ok(found)
    }
}

fn cell(value: Value) -> Cell {
    match value {
        Value::Null => Cell::Null,
        Value::Boolean(value) => Cell::Boolean(value),
        Value::TinyInt(value) => Cell::Integer(value.into()),
        Value::SmallInt(value) => Cell::Integer(value.into()),
        Value::Int(value) => Cell::Integer(value.into()),
        Value::BigInt(value) => Cell::Integer(value.into()),
        Value::HugeInt(value) => Cell::Integer(value),
        Value::UBigInt(value) => Cell::Integer(value.into()),
        Value::Float(value) => Cell::Float(value.into()),
        Value::Double(value) => Cell::Float(value),
        Value::Decimal(value) => Cell::Float(value.to_string().parse().unwrap()),
        Value::Text(value) => Cell::Text(value),
        Value::Date32(days) => Cell::Date(Date::constant(1970, 1, 1) + days.days()),
        Value::Timestamp(unit, value) => Cell::DateTime(moment(unit, value)),
        other => panic!("no cell for {other:?}"),
    }
}

fn moment(unit: TimeUnit, value: i64) -> DateTime {
    let micros = match unit {
        TimeUnit::Second => value * 1_000_000,
        TimeUnit::Millisecond => value * 1_000,
        TimeUnit::Microsecond => value,
        TimeUnit::Nanosecond => value / 1_000,
    };
    let moment = Timestamp::from_microsecond(micros).unwrap();
    TimeZone::UTC.to_datetime(moment)
}
