//! Functions of texts, and texts as what they say. Places count characters, from 1.

use super::numbers::{Integer, integer};
use super::operators::joined;
use super::translate::{Arguments, Translator};
use super::typed::{Kind, Typed, float_type, text_type};
use crate::compile::error::Result;
use crate::dialect::Dialect;
use crate::expression::Value;

/// A number, whatever blanks there are around it.
const NUMBER: &str = r"^\s*([+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)\s*$";
/// Zeros behind the point that a number has as a text.
const ZEROS: &str = r"(\.[0-9]*[1-9])0+$|\.0+$";
/// A year, a month, a day, and with an hour, a minute, a second.
const MOMENT: &str = r"^\s*([0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2}(?:[ T][0-9]{2}(?::[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?)?)?)?)?)\s*$";
/// What is put behind a moment that ends early.
const ENDS: [(&str, &str); 4] = [
    ("^([0-9]{4})$", r"\1-01"),
    ("^([0-9]{4}-[0-9]{2})$", r"\1-01"),
    ("([ T][0-9]{2})$", r"\1:00"),
    ("([ T][0-9]{2}:[0-9]{2})$", r"\1:00"),
];

/// A function of that name. None: it is none of texts.
pub(super) fn call(
    translator: &Translator<'_, '_>,
    name: &str,
    arguments: &Arguments<'_>,
) -> Result<Option<Typed>> {
    let dialect = translator.dialect();
    let text = |at: usize| translator.text(&arguments.get(at), arguments.span(at));
    let found = |sql: String| Some(Typed::new(Kind::YesNo, sql));
    Ok(match name {
        "concat" => Some(joined(dialect, &arguments.values)),
        "to_string" => Some(shown(dialect, &arguments.get(0))),
        "to_number" => Some(to_number(translator, arguments)?),
        "contains" => found(format!("STRPOS({}, {}) > 0", text(0)?, text(1)?)),
        "starts_with" => found(format!("STARTS_WITH({}, {})", text(0)?, text(1)?)),
        "position" => Some(Typed::atom(
            Kind::Number,
            format!("STRPOS({}, {})", text(0)?, text(1)?),
        )),
        "length" => Some(Typed::atom(Kind::Number, format!("LENGTH({})", text(0)?))),
        "lower" => Some(Typed::atom(Kind::Text, format!("LOWER({})", text(0)?))),
        "upper" => Some(Typed::atom(Kind::Text, format!("UPPER({})", text(0)?))),
        "replace" => Some(Typed::atom(
            Kind::Text,
            format!("REPLACE({}, {}, {})", text(0)?, text(1)?, text(2)?),
        )),
        "substring" => Some(substring(translator, arguments)?),
        _ => None,
    })
}

/// A start before the first character takes as much away from the length.
fn substring(translator: &Translator<'_, '_>, arguments: &Arguments<'_>) -> Result<Typed> {
    let text = translator.text(&arguments.get(0), arguments.span(0))?;
    let start = integer(translator, arguments, 1)?;
    let length = match arguments.has(2) {
        true => integer(translator, arguments, 2)?.map(Some),
        false => Some(None),
    };
    let Some((start, length)) = start.zip(length) else {
        return Ok(Typed::null());
    };
    // What takes the larger of two numbers does not see that one is NULL.
    let are_there = [Some(&start), length.as_ref()].into_iter().flatten();
    let are_there: Vec<_> = are_there.filter_map(Integer::counts).collect();
    let part = format!("SUBSTR({text}, {})", place(&start, length.as_ref()));
    Ok(Typed::atom(
        Kind::Text,
        match are_there.is_empty() {
            true => part,
            false => format!("CASE WHEN {} THEN {part} END", are_there.join(" AND ")),
        },
    ))
}

/// From which character on, and how many of them.
fn place(start: &Integer, length: Option<&Integer>) -> String {
    let first = match start {
        Integer::Known(start) => (*start).clamp(1, LONGEST).to_string(),
        Integer::Sql(start) => format!("GREATEST(LEAST({start}, {LONGEST}), 1)"),
    };
    match (start, length) {
        (_, None) => first,
        (Integer::Known(start), Some(Integer::Known(length))) => {
            let end = start.saturating_add((*length).max(0)).max(1);
            let length = end.saturating_sub((*start).max(1)).clamp(0, LONGEST);
            format!("{first}, {length}")
        }
        (start, Some(length)) => {
            let start = match start {
                Integer::Known(_) => start.sql(),
                Integer::Sql(start) => format!("LEAST({start}, {LONGEST})"),
            };
            let length = match length {
                Integer::Known(length) => (*length).max(0).to_string(),
                Integer::Sql(length) => format!("GREATEST({length}, 0)"),
            };
            let length = format!("LEAST({start} + {length} - {first}, {LONGEST})");
            format!("{first}, GREATEST({length}, 0)")
        }
    }
}

/// Longer texts are not made where tables are calculated either.
const LONGEST: i64 = 1 << 20;

/// Null where the text is no number.
fn to_number(translator: &Translator<'_, '_>, arguments: &Arguments<'_>) -> Result<Typed> {
    let value = arguments.get(0);
    if value.kind == Kind::Number {
        return Ok(value);
    }
    let text = translator.text(&value, arguments.span(0))?;
    let dialect = translator.dialect();
    let cast = try_cast(dialect);
    let number = extracted(dialect, &text, NUMBER);
    let float = float_type(dialect);
    Ok(Typed::float_atom(format!("{cast}({number} AS {float})")))
}

/// A cast that gives NULL where it can't give a value.
pub(super) fn try_cast(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::DuckDb => "TRY_CAST",
        Dialect::BigQuery => "SAFE_CAST",
    }
}

/// The one group of a pattern. Where the pattern does not match, DuckDB gives an empty text, BigQuery NULL.
fn extracted(dialect: Dialect, text: &str, pattern: &str) -> String {
    let pattern = dialect.string(pattern);
    match dialect {
        Dialect::DuckDb => format!("REGEXP_EXTRACT({text}, {pattern}, 1)"),
        Dialect::BigQuery => format!("REGEXP_EXTRACT({text}, {pattern})"),
    }
}

fn replaced(dialect: Dialect, text: &str, pattern: &str, by: &str) -> String {
    let (pattern, by) = (dialect.string(pattern), dialect.string(by));
    format!("REGEXP_REPLACE({text}, {pattern}, {by})")
}

/// A value as a text, the way it is shown without a format.
pub(super) fn shown(dialect: Dialect, value: &Typed) -> Typed {
    let text = text_type(dialect);
    let sql = match (value.kind, &value.constant) {
        (Kind::Text, _) => return value.clone(),
        (Kind::Null, _) => return Typed::null(),
        (Kind::Number, Some(Value::Number(number))) => dialect.string(&(number + 0.0).to_string()),
        (Kind::Number, _) => {
            // Adding zero makes the negative zero the other one.
            let text = format!("CAST({} + 0 AS {text})", value.operand());
            replaced(dialect, &text, ZEROS, r"\1")
        }
        (Kind::YesNo, _) => format!(
            "CASE {} WHEN TRUE THEN 'Yes' WHEN FALSE THEN 'No' END",
            value.operand()
        ),
        (Kind::Day, _) => format!("CAST({} AS {text})", value.sql),
        (Kind::Time, _) => match dialect {
            Dialect::DuckDb => format!("strftime({}, '%Y-%m-%d %H:%M:%S')", value.sql),
            Dialect::BigQuery => format!("FORMAT_DATETIME('%F %T', {})", value.sql),
        },
    };
    Typed::atom(Kind::Text, sql)
}

/// The time that a text says; NULL where it says none.
pub(super) fn said_time(dialect: Dialect, text: &Typed) -> Typed {
    let moment = extracted(dialect, &text.sql, MOMENT);
    let moment = ENDS.iter().fold(moment, |moment, (end, by)| {
        replaced(dialect, &moment, end, by)
    });
    let time = match dialect {
        Dialect::DuckDb => "TIMESTAMP",
        Dialect::BigQuery => "DATETIME",
    };
    let cast = try_cast(dialect);
    Typed::atom(Kind::Time, format!("{cast}({moment} AS {time})"))
}
