//! DuckDB: statements in, cells out.

use duckdb::Connection;
use duckdb::types::{TimeUnit, Value};
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};

use super::Error;
use crate::answer::{Answer, Cell};
use crate::compile::{Compiled, Statistics};
use crate::dialect::DUCKDB_SETUP;

/// A database that compiled queries are run on.
#[derive(Debug)]
pub struct Database(Connection);

impl Database {
    /// An empty one in memory.
    ///
    /// # Panics
    /// DuckDB can't open one.
    #[expect(clippy::expect_used, reason = "memory is all that it needs")]
    pub fn in_memory() -> Self {
        let connection = Connection::open_in_memory().expect("a database in memory opens");
        Self::of(connection).expect("the engine's settings are known to DuckDB")
    }

    /// Of a connection, with what the engine's SQL expects of one.
    ///
    /// # Errors
    /// The connection does not take the settings.
    pub fn of(connection: Connection) -> Result<Self, Error> {
        let database = Self(connection);
        DUCKDB_SETUP.iter().try_for_each(|sql| database.run(sql))?;
        // Groups by whole numbers of a small range are found by their place; the range may be larger than by default.
        database.run("SET perfect_ht_threshold = 16")?;
        Ok(database)
    }

    /// Runs statements.
    ///
    /// # Errors
    /// One fails.
    pub fn run(&self, sql: &str) -> Result<(), Error> {
        self.0
            .execute_batch(sql)
            .map_err(|error| refused(error, sql))
    }

    /// The answer to a compiled query.
    ///
    /// # Errors
    /// A statement fails, or its rows are none that the engine knows.
    pub fn answer(&self, compiled: &Compiled) -> Result<Answer, Error> {
        compiled.setup.iter().try_for_each(|sql| self.run(sql))?;
        let results = compiled
            .statements
            .iter()
            .map(|statement| self.rows(&statement.sql));
        let results = results.collect::<Result<Vec<_>, Error>>()?;
        Ok(compiled.answer(results)?)
    }

    /// What DuckDB knows of the tables of a compiled query.
    ///
    /// # Errors
    /// It does not say it.
    pub fn statistics(&self, compiled: &Compiled) -> Result<Statistics, Error> {
        let tables = self.rows(Statistics::TABLES)?;
        match Statistics::columns(&tables, &compiled.statements) {
            Some(sql) => Ok(Statistics::of(&self.rows(&sql)?)),
            None => Ok(Statistics::default()),
        }
    }

    /// The rows of one statement.
    ///
    /// # Errors
    /// It fails, or its values are none that the engine knows.
    pub fn rows(&self, sql: &str) -> Result<Vec<Vec<Cell>>, Error> {
        let refused = |error| refused(error, sql);
        let mut statement = self.0.prepare(sql).map_err(refused)?;
        let mut rows = statement.query([]).map_err(refused)?;
        let mut found = Vec::new();
        while let Some(row) = rows.next().map_err(refused)? {
            let width = row.as_ref().column_count();
            let cells = (0..width).map(|column| cell(row.get(column).map_err(refused)?));
            found.push(cells.collect::<Result<Vec<Cell>, Error>>()?);
        }
        Ok(found)
    }
}

fn refused(error: duckdb::Error, sql: &str) -> Error {
    Error::Sql {
        error,
        sql: sql.to_owned(),
    }
}

fn cell(value: Value) -> Result<Cell, Error> {
    Ok(match value {
        Value::Null => Cell::Null,
        Value::Boolean(value) => Cell::Boolean(value),
        Value::TinyInt(value) => Cell::Integer(value.into()),
        Value::SmallInt(value) => Cell::Integer(value.into()),
        Value::Int(value) => Cell::Integer(value.into()),
        Value::BigInt(value) => Cell::Integer(value.into()),
        Value::HugeInt(value) => Cell::Integer(value),
        Value::UTinyInt(value) => Cell::Integer(value.into()),
        Value::USmallInt(value) => Cell::Integer(value.into()),
        Value::UInt(value) => Cell::Integer(value.into()),
        Value::UBigInt(value) => Cell::Integer(value.into()),
        Value::Float(value) => Cell::Float(value.into()),
        Value::Double(value) => Cell::Float(value),
        Value::Decimal(value) => match value.to_string().parse() {
            Ok(value) => Cell::Float(value),
            Err(_) => return Err(Error::Value(value.to_string())),
        },
        Value::Text(value) => Cell::Text(value),
        Value::Date32(days) => match Date::constant(1970, 1, 1).checked_add(days.days()) {
            Ok(date) => Cell::Date(date),
            Err(_) => return Err(Error::Value(format!("day {days}"))),
        },
        Value::Timestamp(unit, value) => Cell::DateTime(moment(unit, value)?),
        other => return Err(Error::Value(format!("{other:?}"))),
    })
}

fn moment(unit: TimeUnit, value: i64) -> Result<DateTime, Error> {
    let moment = match unit {
        TimeUnit::Second => Timestamp::from_second(value),
        TimeUnit::Millisecond => Timestamp::from_millisecond(value),
        TimeUnit::Microsecond => Timestamp::from_microsecond(value),
        TimeUnit::Nanosecond => Timestamp::from_nanosecond(value.into()),
    };
    let moment = moment.map_err(|error| Error::Value(error.to_string()))?;
    Ok(TimeZone::UTC.to_datetime(moment))
}
