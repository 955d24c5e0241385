//! Arithmetic as Liquid does it: whole numbers stay whole, others are reckoned in tens, so that `0.1 + 0.2` is `0.3`.

use super::context::Problem;
use super::value::Value;

#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Number {
    Integer(i64),
    Float(f64),
}

/// A value as a number: a text by what it begins with, anything else that is none as zero.
pub(super) fn number(value: &Value) -> Number {
    match value {
        Value::Integer(value) => Number::Integer(*value),
        Value::Float(value) => Number::Float(*value),
        Value::String(text) => of_text(text.trim()),
        _ => Number::Integer(0),
    }
}

fn of_text(text: &str) -> Number {
    let is_digit = |c: char| c.is_ascii_digit();
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    if let Some((whole, fraction)) = unsigned.split_once('.') {
        let is_number = |part: &str| !part.is_empty() && part.chars().all(is_digit);
        if is_number(whole) && is_number(fraction) {
            return text.parse().map_or(Number::Integer(0), Number::Float);
        }
    }
    let length = unsigned.find(|c| !is_digit(c)).unwrap_or(unsigned.len());
    let sign = text.len() - unsigned.len();
    let digits = text.get(..sign + length).unwrap_or_default();
    match (digits.parse(), digits.parse()) {
        (Ok(value), _) => Number::Integer(value),
        (_, Ok(value)) => Number::Float(value),
        _ => Number::Integer(0),
    }
}

impl Number {
    pub(super) fn float(self) -> f64 {
        match self {
            Self::Integer(value) => value as f64,
            Self::Float(value) => value,
        }
    }

    /// The nearest whole number below it in size, as far as there is one.
    pub(super) fn truncated(self) -> i64 {
        match self {
            Self::Integer(value) => value,
            Self::Float(value) => value as i64,
        }
    }

    /// Whole, if it is small enough to be.
    pub(super) fn rounded(self, round: fn(f64) -> f64) -> Result<Value, Problem> {
        match self {
            Self::Integer(value) => Ok(Value::Integer(value)),
            Self::Float(value) => {
                let rounded = round(value);
                match rounded.abs() < 9.0e18 {
                    true => Ok(Value::Integer(Self::Float(rounded).truncated())),
                    false => finite(rounded),
                }
            }
        }
    }

    /// To so many digits after the point; half away from zero.
    pub(super) fn rounded_to(self, digits: i64) -> Result<Value, Problem> {
        let Ok(digits @ 1..=15) = i32::try_from(digits) else {
            return self.rounded(f64::round);
        };
        let Self::Float(value) = self else {
            return Ok(Value::Integer(self.truncated()));
        };
        let Some(decimal) = Decimal::of(value) else {
            return finite(value);
        };
        finite(decimal.rounded(digits.unsigned_abs()).unwrap_or(value))
    }

    pub(super) fn plus(self, other: Self) -> Result<Value, Problem> {
        self.reckon(other, i64::checked_add, Decimal::plus, |a, b| a + b)
    }

    pub(super) fn minus(self, other: Self) -> Result<Value, Problem> {
        let minus = |a: Decimal, b: Decimal| a.plus(b.negated());
        self.reckon(other, i64::checked_sub, minus, |a, b| a - b)
    }

    pub(super) fn times(self, other: Self) -> Result<Value, Problem> {
        self.reckon(other, i64::checked_mul, Decimal::times, |a, b| a * b)
    }

    /// Whole numbers give a whole one, the next below.
    pub(super) fn divided_by(self, other: Self) -> Result<Value, Problem> {
        if other.float() == 0.0 {
            return Err(Problem::failed("a division by zero"));
        }
        let (Self::Integer(left), Self::Integer(right)) = (self, other) else {
            return finite(self.float() / other.float());
        };
        let quotient = left.checked_div(right);
        let exact = left.checked_rem(right) == Some(0);
        let quotient = match !exact && (left < 0) != (right < 0) {
            true => quotient.and_then(|quotient| quotient.checked_sub(1)),
            false => quotient,
        };
        quotient.map_or_else(
            || finite(self.float() / other.float()),
            |it| Ok(Value::Integer(it)),
        )
    }

    /// With the sign of the divisor.
    pub(super) fn modulo(self, other: Self) -> Result<Value, Problem> {
        if other.float() == 0.0 {
            return Err(Problem::failed("a division by zero"));
        }
        let (Self::Integer(left), Self::Integer(right)) = (self, other) else {
            let (left, right) = (self.float(), other.float());
            let rest = left % right;
            let crosses = rest != 0.0 && (rest < 0.0) != (right < 0.0);
            return finite(if crosses { rest + right } else { rest });
        };
        let rest = left.checked_rem(right).unwrap_or(0);
        let crosses = rest != 0 && (rest < 0) != (right < 0);
        Ok(Value::Integer(if crosses { rest + right } else { rest }))
    }

    fn reckon(
        self,
        other: Self,
        whole: fn(i64, i64) -> Option<i64>,
        exact: fn(Decimal, Decimal) -> Option<Decimal>,
        float: fn(f64, f64) -> f64,
    ) -> Result<Value, Problem> {
        let (left, right) = (self.float(), other.float());
        if let (Self::Integer(left), Self::Integer(right)) = (self, other)
            && let Some(result) = whole(left, right)
        {
            return Ok(Value::Integer(result));
        }
        let decimals = Decimal::of(left).zip(Decimal::of(right));
        let exact = decimals.and_then(|(left, right)| exact(left, right)?.float());
        finite(exact.unwrap_or_else(|| float(left, right)))
    }
}

fn finite(value: f64) -> Result<Value, Problem> {
    match value.is_finite() {
        true => Ok(Value::Float(value)),
        false => Err(Problem::failed("a number larger than any")),
    }
}

/// `digits / 10^scale`
#[derive(Debug, Clone, Copy)]
struct Decimal {
    digits: i128,
    scale: u32,
}

impl Decimal {
    /// What the shortest text of a float says. None: it is too long.
    fn of(value: f64) -> Option<Self> {
        let text = value.to_string();
        let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
        if whole.len() + fraction.len() > 30 {
            return None;
        }
        let digits = format!("{whole}{fraction}").parse().ok()?;
        let scale = u32::try_from(fraction.len()).ok()?;
        Some(Self { digits, scale })
    }

    fn float(self) -> Option<f64> {
        format!("{}e-{}", self.digits, self.scale).parse().ok()
    }

    fn plus(self, other: Self) -> Option<Self> {
        let scale = self.scale.max(other.scale);
        let digits = self.at(scale)?.checked_add(other.at(scale)?)?;
        Some(Self { digits, scale })
    }

    fn times(self, other: Self) -> Option<Self> {
        Some(Self {
            digits: self.digits.checked_mul(other.digits)?,
            scale: self.scale + other.scale,
        })
    }

    fn negated(self) -> Self {
        Self {
            digits: -self.digits,
            ..self
        }
    }

    fn rounded(self, scale: u32) -> Option<f64> {
        if scale >= self.scale {
            return self.float();
        }
        let divisor = 10_i128.checked_pow(self.scale - scale)?;
        let half = self.digits.signum() * (divisor / 2);
        let digits = self.digits.checked_add(half)?.checked_div(divisor)?;
        Self { digits, scale }.float()
    }

    fn at(self, scale: u32) -> Option<i128> {
        let factor = 10_i128.checked_pow(scale.checked_sub(self.scale)?)?;
        self.digits.checked_mul(factor)
    }
}
