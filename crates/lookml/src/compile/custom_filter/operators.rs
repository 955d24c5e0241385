//! Operators, and the smallest and the largest of several values.

use super::texts;
use super::translate::{Arguments, Translator};
use super::typed::{Kind, Typed};
use crate::compile::error::Result;
use crate::dialect::Dialect;
use crate::expression::{Expression, Operator, Value};
use crate::token::Span;

/// `a + b - c`: operators of one rank, from left to right.
pub(super) fn chain(
    translator: &Translator<'_, '_>,
    first: &Expression,
    rest: &[(Operator, Expression)],
) -> Result<Typed> {
    let left = translator.expression(first)?;
    match rest {
        [(Operator::And | Operator::Or, _), ..] => logic(translator, (left, first.span), rest),
        [
            (
                Operator::Add
                | Operator::Subtract
                | Operator::Multiply
                | Operator::Divide
                | Operator::Remainder,
                _,
            ),
            ..,
        ] => arithmetic(translator, (left, first.span), rest),
        [(operator, right), ..] => {
            let span = first.span.to(right.span);
            let right = translator.expression(right)?;
            comparison(translator, &left, *operator, &right, span)
        }
        [] => Ok(left),
    }
}

fn logic(
    translator: &Translator<'_, '_>,
    (left, span): (Typed, Span),
    rest: &[(Operator, Expression)],
) -> Result<Typed> {
    let mut sql = translator.yes_no(left, span)?.operand();
    for (operator, right) in rest {
        let right = translator.yes_no(translator.expression(right)?, right.span)?;
        sql.push_str(match operator {
            Operator::And => " AND ",
            _ => " OR ",
        });
        sql.push_str(&right.operand());
    }
    Ok(Typed::new(Kind::YesNo, sql))
}

/// In floats, as everywhere in an expression. A division by zero is null.
fn arithmetic(
    translator: &Translator<'_, '_>,
    (left, span): (Typed, Span),
    rest: &[(Operator, Expression)],
) -> Result<Typed> {
    let dialect = translator.dialect();
    let mut sql = translator.number(left, span)?.as_float(dialect);
    for (operator, right) in rest {
        let right = translator.number(translator.expression(right)?, right.span)?;
        let right = right.as_float(dialect);
        match operator {
            Operator::Subtract => sql.push_str(&format!(" - {right}")),
            Operator::Multiply => sql.push_str(&format!(" * {right}")),
            Operator::Divide => sql.push_str(&format!(" / NULLIF({right}, 0)")),
            Operator::Remainder => sql = remainder(dialect, &sql, &right),
            _ => sql.push_str(&format!(" + {right}")),
        }
    }
    Ok(Typed::float(sql))
}

/// What is left of a division; it has the sign of the number that is divided. BigQuery has it for exact numbers only.
pub(super) fn remainder(dialect: Dialect, number: &str, divisor: &str) -> String {
    match dialect {
        Dialect::DuckDb => format!("{number} % NULLIF({divisor}, 0)"),
        Dialect::BigQuery => {
            let exact = |sql: &str| format!("SAFE_CAST({sql} AS BIGNUMERIC)");
            let (number, divisor) = (exact(number), exact(divisor));
            format!("CAST(MOD({number}, NULLIF({divisor}, 0)) AS FLOAT64)")
        }
    }
}

fn symbol(operator: Operator) -> &'static str {
    match operator {
        Operator::NotEqual => "<>",
        Operator::Less => "<",
        Operator::LessOrEqual => "<=",
        Operator::Greater => ">",
        Operator::GreaterOrEqual => ">=",
        _ => "=",
    }
}

/// Two values of one type. A text that says a date, yes or no may be compared with one.
fn comparison(
    translator: &Translator<'_, '_>,
    left: &Typed,
    operator: Operator,
    right: &Typed,
    span: Span,
) -> Result<Typed> {
    let dialect = translator.dialect();
    let sides = match (left.kind, right.kind) {
        (Kind::Null, _) | (_, Kind::Null) => return Ok(Typed::null()),
        (Kind::Number, Kind::Number) | (Kind::Text, Kind::Text) | (Kind::YesNo, Kind::YesNo) => {
            Some((left.clone(), right.clone()))
        }
        (Kind::YesNo, Kind::Text) => said(dialect, right).map(|right| (left.clone(), right)),
        (Kind::Text, Kind::YesNo) => said(dialect, left).map(|left| (left, right.clone())),
        _ => translator.moment_of(left).zip(translator.moment_of(right)),
    };
    let Some((mut left, mut right)) = sides else {
        let (left, right) = (left.kind.name(), right.kind.name());
        let message = format!("{left} and {right} cannot be compared");
        return Err(translator.mistake(span, message));
    };
    if left.kind != right.kind {
        left = translator.time(&left, span)?;
        right = translator.time(&right, span)?;
    }
    let (left, right) = (left.operand(), right.operand());
    Ok(Typed::new(
        Kind::YesNo,
        format!("{left} {} {right}", symbol(operator)),
    ))
}

/// The yes or the no that a text says.
fn said(dialect: Dialect, text: &Typed) -> Option<Typed> {
    if let Some(Value::Text(text)) = &text.constant {
        return match text.to_ascii_lowercase().as_str() {
            "yes" => Typed::constant(&Value::YesNo(true), dialect),
            "no" => Typed::constant(&Value::YesNo(false), dialect),
            _ => None,
        };
    }
    let sql = format!(
        "CASE LOWER({}) WHEN 'yes' THEN TRUE WHEN 'no' THEN FALSE END",
        text.sql
    );
    Some(Typed::atom(Kind::YesNo, sql))
}

/// The smallest or the largest of those that are there.
pub(super) fn extreme(
    translator: &Translator<'_, '_>,
    arguments: &Arguments<'_>,
    is_largest: bool,
) -> Result<Typed> {
    let function = match is_largest {
        true => "GREATEST",
        false => "LEAST",
    };
    let known = arguments
        .values
        .iter()
        .filter(|value| value.kind != Kind::Null);
    let known: Vec<Typed> = known.cloned().collect();
    let (kind, values) = translator.alike(known, arguments.span)?;
    match values.as_slice() {
        [] => Ok(Typed::null()),
        [only] => Ok(Typed::new(kind, format!("({only})"))),
        values => Ok(Typed::atom(
            kind,
            of_several(translator.dialect(), function, values),
        )),
    }
}

/// DuckDB leaves NULLs out, on BigQuery one makes NULL of all.
fn of_several(dialect: Dialect, function: &str, values: &[String]) -> String {
    match (dialect, values) {
        (Dialect::DuckDb, values) => format!("{function}({})", values.join(", ")),
        (Dialect::BigQuery, [only]) => only.clone(),
        (Dialect::BigQuery, values) => {
            let (front, back) = values.split_at(values.len() / 2);
            let front = of_several(dialect, function, front);
            let back = of_several(dialect, function, back);
            format!("COALESCE({function}({front}, {back}), {front}, {back})")
        }
    }
}

/// Texts joined to one.
pub(super) fn joined(dialect: Dialect, values: &[Typed]) -> Typed {
    let texts = values
        .iter()
        .map(|value| texts::shown(dialect, value).operand());
    let texts: Vec<_> = texts.collect();
    Typed::new(Kind::Text, texts.join(" || "))
}
