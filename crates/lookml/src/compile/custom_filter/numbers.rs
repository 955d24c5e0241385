//! Functions of numbers. What is no number, such as the root of a negative one, is null.

use super::operators::remainder;
use super::translate::{Arguments, Translator};
use super::typed::{Kind, Typed};
use crate::compile::error::Result;
use crate::dialect::Dialect;
use crate::expression::Value;

/// Up to here the decimals that DuckDB has room for beside whole numbers of any size that is counted.
const DECIMALS: i64 = 18;

/// A larger number counts nothing, since floats have gaps there.
const LARGEST: i64 = 1 << 53;
/// Beyond it a float has no digits.
const MOST_DECIMALS: i64 = 400;

/// A whole number: how many days, from which character.
pub(super) enum Integer {
    /// In every row the same.
    Known(i64),
    Sql(String),
}

impl Integer {
    pub(super) fn sql(&self) -> String {
        match self {
            Self::Known(number) if *number < 0 => format!("({number})"),
            Self::Known(number) => number.to_string(),
            Self::Sql(sql) => sql.clone(),
        }
    }

    /// That it counts something: it is there, and not too large. None: it surely does.
    pub(super) fn counts(&self) -> Option<String> {
        match self {
            Self::Known(_) => None,
            Self::Sql(sql) => Some(format!("{sql} BETWEEN -{LARGEST} AND {LARGEST}")),
        }
    }
}

pub(super) fn negated(number: &Typed) -> Typed {
    Typed {
        is_float: number.is_float,
        ..Typed::new(Kind::Number, format!("-{}", number.operand()))
    }
}

/// A function of that name. None: it is none of numbers.
pub(super) fn call(
    translator: &Translator<'_, '_>,
    name: &str,
    arguments: &Arguments<'_>,
) -> Result<Option<Typed>> {
    let is_known = matches!(
        name,
        "abs" | "ceiling" | "floor" | "round" | "power" | "sqrt" | "exp" | "ln" | "log" | "mod"
    );
    if !is_known {
        return Ok(None);
    }
    let dialect = translator.dialect();
    let number = translator.number(arguments.get(0), arguments.span(0))?;
    let float = number.as_float(dialect);
    Ok(Some(match name {
        "abs" => like(&number, format!("ABS({})", number.sql)),
        "ceiling" => like(&number, format!("CEIL({})", number.sql)),
        "floor" => like(&number, format!("FLOOR({})", number.sql)),
        "round" => return round(translator, &float, arguments).map(Some),
        "sqrt" => Typed::float_atom(within(dialect, "SQRT", &float, ">= 0")),
        "ln" => Typed::float_atom(within(dialect, "LN", &float, "> 0")),
        "log" => Typed::float_atom(within(dialect, "LOG10", &float, "> 0")),
        "exp" => Typed::float_atom(match dialect {
            Dialect::DuckDb => finite(&format!("EXP({float})")),
            Dialect::BigQuery => format!("SAFE.EXP({float})"),
        }),
        _ => {
            let other = translator.number(arguments.get(1), arguments.span(1))?;
            let other = other.as_float(dialect);
            match (name, dialect) {
                ("mod", _) => Typed::float(remainder(dialect, &float, &other)),
                (_, Dialect::DuckDb) => {
                    Typed::float_atom(finite(&format!("POW({float}, {other})")))
                }
                (_, Dialect::BigQuery) => Typed::float_atom(format!("SAFE.POW({float}, {other})")),
            }
        }
    }))
}

fn like(number: &Typed, sql: String) -> Typed {
    Typed {
        is_float: number.is_float,
        ..Typed::atom(Kind::Number, sql)
    }
}

/// A function that has values for some numbers only.
fn within(dialect: Dialect, function: &str, number: &str, condition: &str) -> String {
    match dialect {
        Dialect::DuckDb => format!("CASE WHEN {number} {condition} THEN {function}({number}) END"),
        Dialect::BigQuery => format!("SAFE.{function}({number})"),
    }
}

/// DuckDB's floats can be infinite, and no number at all.
fn finite(sql: &str) -> String {
    ["NaN", "Infinity", "-Infinity"]
        .iter()
        .fold(sql.to_owned(), |sql, none| {
            format!("NULLIF({sql}, CAST('{none}' AS DOUBLE))")
        })
}

/// Half away from zero on the decimal text, as value formats do: 2.675 is 2.68.
fn round(translator: &Translator<'_, '_>, float: &str, arguments: &Arguments<'_>) -> Result<Typed> {
    let decimals = match arguments.has(1) {
        true => integer(translator, arguments, 1)?,
        false => Some(Integer::Known(0)),
    };
    let Some(decimals) = decimals else {
        return Ok(Typed::null());
    };
    let dialect = translator.dialect();
    let plain = rounded(dialect, float, &decimals);
    let count = match decimals {
        Integer::Known(count) if count.abs() <= DECIMALS => count,
        _ => return Ok(Typed::float_atom(plain)),
    };
    let exact = match dialect {
        Dialect::DuckDb => {
            format!(
                "CAST(ROUND(TRY_CAST(CAST({float} AS VARCHAR) AS DECIMAL(38, {DECIMALS})), {count}) AS DOUBLE)"
            )
        }
        Dialect::BigQuery => {
            format!(
                "CAST(ROUND(SAFE_CAST(CAST({float} AS STRING) AS BIGNUMERIC), {count}) AS FLOAT64)"
            )
        }
    };
    Ok(Typed::float_atom(format!("COALESCE({exact}, {plain})")))
}

/// Rounded as the database rounds floats.
fn rounded(dialect: Dialect, float: &str, decimals: &Integer) -> String {
    match decimals {
        Integer::Known(count) => {
            let count = (*count).clamp(-MOST_DECIMALS, MOST_DECIMALS);
            format!("ROUND({float}, {count})")
        }
        Integer::Sql(sql) => {
            let count = format!("GREATEST(LEAST({sql}, {MOST_DECIMALS}), -{MOST_DECIMALS})");
            let rounded = match dialect {
                Dialect::DuckDb => format!("ROUND({float}, CAST({count} AS INTEGER))"),
                Dialect::BigQuery => format!("ROUND({float}, {count})"),
            };
            let counts = decimals.counts().unwrap_or_default();
            format!("CASE WHEN {counts} THEN {rounded} END")
        }
    }
}

/// A number without its decimals. None: it is too large to count anything, and with it everything is null.
pub(super) fn integer(
    translator: &Translator<'_, '_>,
    arguments: &Arguments<'_>,
    at: usize,
) -> Result<Option<Integer>> {
    let number = translator.number(arguments.get(at), arguments.span(at))?;
    if let Some(Value::Number(number)) = &number.constant {
        return Ok(crate::expression::integer(*number).map(Integer::Known));
    }
    Ok(Some(Integer::Sql(match translator.dialect() {
        Dialect::DuckDb => format!("TRY_CAST(TRUNC({}) AS BIGINT)", number.sql),
        Dialect::BigQuery => format!("SAFE_CAST(TRUNC({}) AS INT64)", number.sql),
    })))
}
