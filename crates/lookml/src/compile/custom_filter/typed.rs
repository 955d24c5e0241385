//! Values in SQL with their types.

use jiff::civil::{Date, DateTime};

use crate::compile::sql::is_path;
use crate::dialect::Dialect;
use crate::expression::Value;

/// The types that values of a filter have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// It is NULL, whatever it would be.
    Null,
    Number,
    Text,
    YesNo,
    /// In SQL a `DATE`.
    Day,
    /// In SQL a time without a zone: DuckDB's `TIMESTAMP`, BigQuery's `DATETIME`.
    Time,
}

/// A value in SQL.
#[derive(Debug, Clone)]
pub(super) struct Typed {
    pub(super) kind: Kind,
    pub(super) sql: String,
    /// Whether it needs no parentheses as an operand.
    pub(super) is_atom: bool,
    /// Whether a number is surely a float.
    pub(super) is_float: bool,
    /// What it is in every row, where that is known.
    pub(super) constant: Option<Value>,
    /// What a text says that is known to say a day or a time.
    pub(super) moment: Option<Box<Typed>>,
}

impl Kind {
    /// What it is, for a sentence.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Number => "a number",
            Self::Text => "text",
            Self::YesNo => "yes or no",
            Self::Day => "a date",
            Self::Time => "a time",
        }
    }
}

impl Typed {
    /// An expression that may need parentheses.
    pub(super) fn new(kind: Kind, sql: impl Into<String>) -> Self {
        let sql = sql.into();
        Self {
            kind,
            is_atom: is_path(&sql),
            sql,
            is_float: false,
            constant: None,
            moment: None,
        }
    }

    /// A call of a function, or what else binds closer than any operator.
    pub(super) fn atom(kind: Kind, sql: impl Into<String>) -> Self {
        Self {
            is_atom: true,
            ..Self::new(kind, sql)
        }
    }

    /// A number that is a float.
    pub(super) fn float(sql: impl Into<String>) -> Self {
        Self {
            is_float: true,
            ..Self::new(Kind::Number, sql)
        }
    }

    /// The same from a call of a function.
    pub(super) fn float_atom(sql: impl Into<String>) -> Self {
        Self {
            is_atom: true,
            ..Self::float(sql)
        }
    }

    pub(super) fn null() -> Self {
        Self {
            constant: Some(Value::Null),
            ..Self::atom(Kind::Null, "NULL")
        }
    }

    /// A value as a literal. None: SQL has none for it.
    pub(super) fn constant(value: &Value, dialect: Dialect) -> Option<Self> {
        let literal = match value {
            Value::Null => Self::null(),
            Value::Number(number) => Self::new(Kind::Number, number_literal(*number)),
            Value::Text(text) if text.contains('\0') => return None,
            Value::Text(text) => Self {
                moment: said(value, dialect).map(Box::new),
                ..Self::atom(Kind::Text, dialect.string(text))
            },
            Value::YesNo(true) => Self::atom(Kind::YesNo, "TRUE"),
            Value::YesNo(false) => Self::atom(Kind::YesNo, "FALSE"),
            Value::Date(date) => Self::day(*date)?,
            Value::DateTime(time) => Self::time(*time, dialect)?,
            Value::List(_) => return None,
        };
        Some(Self {
            constant: Some(value.clone()),
            ..literal
        })
    }

    fn day(date: Date) -> Option<Self> {
        (date.year() > 0).then(|| Self::atom(Kind::Day, format!("DATE '{date}'")))
    }

    fn time(time: DateTime, dialect: Dialect) -> Option<Self> {
        let keyword = match dialect {
            Dialect::DuckDb => "TIMESTAMP",
            Dialect::BigQuery => "DATETIME",
        };
        let second = time.strftime("%Y-%m-%d %H:%M:%S");
        let literal = match time.subsec_nanosecond() / 1_000 {
            0 => format!("{keyword} '{second}'"),
            micros => format!("{keyword} '{second}.{micros:06}'"),
        };
        (time.year() > 0).then(|| Self::atom(Kind::Time, literal))
    }

    /// In parentheses where it needs them.
    pub(super) fn operand(&self) -> String {
        match self.is_atom {
            true => self.sql.clone(),
            false => format!("({})", self.sql),
        }
    }

    /// A number as a float.
    pub(super) fn as_float(&self, dialect: Dialect) -> String {
        match &self.constant {
            Some(Value::Number(number)) if *number >= 0.0 => float_literal(*number),
            Some(Value::Number(number)) => format!("({})", float_literal(*number)),
            _ if self.is_float => self.operand(),
            _ => format!("CAST({} AS {})", self.sql, float_type(dialect)),
        }
    }

    /// The same where all rows of a group have one value.
    pub(super) fn of_group(self) -> Self {
        if self.constant.is_some() {
            return self;
        }
        let moment = self.moment.map(|moment| Box::new(moment.of_group()));
        Self {
            sql: format!("ANY_VALUE({})", self.sql),
            is_atom: true,
            moment,
            ..self
        }
    }
}

/// The day or the time that a text says.
fn said(value: &Value, dialect: Dialect) -> Option<Typed> {
    let Value::Text(text) = value else {
        return None;
    };
    Typed::constant(&crate::expression::read_moment(text)?, dialect)
}

pub(super) fn float_type(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::DuckDb => "DOUBLE",
        Dialect::BigQuery => "FLOAT64",
    }
}

pub(super) fn text_type(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::DuckDb => "VARCHAR",
        Dialect::BigQuery => "STRING",
    }
}

/// A whole number without a point, anything else as a float: the decimals of DuckDB would be exact.
fn number_literal(number: f64) -> String {
    const LARGEST: f64 = 9_007_199_254_740_992.0;
    match number.fract() == 0.0 && number.abs() <= LARGEST {
        true => format!("{number:.0}"),
        false => float_literal(number),
    }
}

fn float_literal(number: f64) -> String {
    let text = number.to_string();
    // Not with an exponent, Rust writes hundreds of digits.
    let text = match text.len() > 20 {
        true => format!("{number:e}"),
        false => text,
    };
    match text.contains('e') {
        true => text,
        false => format!("{text}e0"),
    }
}
