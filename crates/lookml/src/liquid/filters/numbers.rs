//! Filters that reckon.

use super::Call;
use crate::liquid::context::Problem;
use crate::liquid::number::Number;
use crate::liquid::value::Value;

type Made = Result<Value, Problem>;

pub(super) fn plus(call: Call<'_>) -> Made {
    call.number().plus(call.argument_number(0))
}

pub(super) fn minus(call: Call<'_>) -> Made {
    call.number().minus(call.argument_number(0))
}

pub(super) fn times(call: Call<'_>) -> Made {
    call.number().times(call.argument_number(0))
}

pub(super) fn divided_by(call: Call<'_>) -> Made {
    call.number().divided_by(call.argument_number(0))
}

pub(super) fn modulo(call: Call<'_>) -> Made {
    call.number().modulo(call.argument_number(0))
}

pub(super) fn round(call: Call<'_>) -> Made {
    call.number().rounded_to(call.argument_integer(0, 0))
}

pub(super) fn ceil(call: Call<'_>) -> Made {
    call.number().rounded(f64::ceil)
}

pub(super) fn floor(call: Call<'_>) -> Made {
    call.number().rounded(f64::floor)
}

pub(super) fn abs(call: Call<'_>) -> Made {
    Ok(match call.number() {
        Number::Integer(value) => Value::Integer(value.saturating_abs()),
        Number::Float(value) => Value::Float(value.abs()),
    })
}

pub(super) fn at_least(call: Call<'_>) -> Made {
    let (number, limit) = (call.number(), call.argument_number(0));
    Ok(value(if number.float() < limit.float() {
        limit
    } else {
        number
    }))
}

pub(super) fn at_most(call: Call<'_>) -> Made {
    let (number, limit) = (call.number(), call.argument_number(0));
    Ok(value(if number.float() > limit.float() {
        limit
    } else {
        number
    }))
}

fn value(number: Number) -> Value {
    match number {
        Number::Integer(value) => Value::Integer(value),
        Number::Float(value) => Value::Float(value),
    }
}
