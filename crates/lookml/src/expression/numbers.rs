//! Functions of numbers. What is no number, such as the root of a negative one, is null.

use super::{Value, rows::Arguments};
use crate::{Diagnostic, value_format::Decimal};

/// Beyond it a double has no digits.
const MOST_DECIMALS: i64 = 400;

pub(super) fn abs(arguments: &Arguments<'_>) -> Result<Value, Diagnostic> {
    Ok(Value::number(arguments.number(0)?.abs()))
}

pub(super) fn ceiling(arguments: &Arguments<'_>) -> Result<Value, Diagnostic> {
    Ok(Value::number(arguments.number(0)?.ceil()))
}

pub(super) fn floor(arguments: &Arguments<'_>) -> Result<Value, Diagnostic> {
    Ok(Value::number(arguments.number(0)?.floor()))
}

/// Half away from zero on the decimal text, as value formats do: 2.675 is 2.68.
pub(super) fn round(arguments: &Arguments<'_>) -> Result<Value, Diagnostic> {
    let number = arguments.number(0)?;
    let decimals = match arguments.has(1) {
        true => arguments.integer(1)?,
        false => Some(0),
    };
    let decimals = decimals.map(|decimals| decimals.clamp(-MOST_DECIMALS, MOST_DECIMALS));
    let rounded = decimals
        .zip(Decimal::from_f64(number))
        .map(|(decimals, number)| number.rounded(decimals).to_f64());
    Ok(rounded.map_or(Value::Null, Value::number))
}

pub(super) fn power(arguments: &Arguments<'_>) -> Result<Value, Diagnostic> {
    let (base, exponent) = (arguments.number(0)?, arguments.number(1)?);
    Ok(Value::number(base.powf(exponent)))
}

pub(super) fn sqrt(arguments: &Arguments<'_>) -> Result<Value, Diagnostic> {
    Ok(Value::number(arguments.number(0)?.sqrt()))
}

pub(super) fn exp(arguments: &Arguments<'_>) -> Result<Value, Diagnostic> {
    Ok(Value::number(arguments.number(0)?.exp()))
}

pub(super) fn ln(arguments: &Arguments<'_>) -> Result<Value, Diagnostic> {
    Ok(Value::number(arguments.number(0)?.ln()))
}

/// The decimal logarithm.
pub(super) fn log(arguments: &Arguments<'_>) -> Result<Value, Diagnostic> {
    Ok(Value::number(arguments.number(0)?.log10()))
}

/// Has the sign of the number that is divided.
pub(super) fn remainder(arguments: &Arguments<'_>) -> Result<Value, Diagnostic> {
    let (number, divisor) = (arguments.number(0)?, arguments.number(1)?);
    Ok(Value::number(number % divisor))
}
