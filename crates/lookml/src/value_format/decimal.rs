//! Numbers as their decimal digits, so that rounding is that of the text a person sees.

use std::cmp::Ordering;
use std::str::FromStr;

/// How far from the decimal point a digit may stand. A double needs 324 places.
const FARTHEST: i64 = 2000;
/// Larger exponents are not read at all: adding to them could overflow.
const LARGEST_EXPONENT: i64 = 1_000_000;

/// A number, exactly: an integer of any length and how many of its digits are decimals.
#[derive(Debug, Clone, Default)]
pub struct Decimal {
    negative: bool,
    /// From the largest place down, each 0 to 9, no zero in front; none of them for zero.
    digits: Vec<u8>,
    /// How many of the digits stand after the point; below zero there are as many zeros more before it.
    scale: i64,
}

/// A text that is no decimal number, or one too long to print.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotADecimal;

impl Decimal {
    /// The shortest decimal text that means this double; nothing for infinity and what is not a number.
    pub fn from_f64(value: f64) -> Option<Self> {
        match value.is_finite() {
            true => value.to_string().parse().ok(),
            false => None,
        }
    }

    /// Whether it is below zero.
    pub fn is_negative(&self) -> bool {
        self.negative && !self.is_zero()
    }

    /// Whether it is zero, whatever its sign.
    pub fn is_zero(&self) -> bool {
        self.digits.is_empty()
    }

    /// The same without its sign.
    #[must_use]
    pub fn abs(&self) -> Self {
        Self {
            negative: false,
            ..self.clone()
        }
    }

    /// Times ten to that power.
    #[must_use]
    pub(super) fn shifted(mut self, power: i64) -> Self {
        self.scale = self.scale.saturating_sub(power);
        self
    }

    /// Rounded to that many decimals, half away from zero.
    #[must_use]
    pub(crate) fn rounded(mut self, decimals: i64) -> Self {
        let surplus = self.scale.saturating_sub(decimals);
        if surplus <= 0 {
            return self;
        }
        let length = i64::try_from(self.digits.len()).unwrap_or(i64::MAX);
        let kept = usize::try_from(length.saturating_sub(surplus));
        // A number whose largest digit is two places beyond the last one kept is nothing.
        let first_dropped = kept.ok().and_then(|kept| self.digits.get(kept)).copied();
        self.digits.truncate(kept.unwrap_or_default());
        self.scale = decimals;
        if first_dropped.is_some_and(|digit| digit >= 5) {
            self.add_one();
        }
        self
    }

    /// One more in the last place.
    fn add_one(&mut self) {
        for digit in self.digits.iter_mut().rev() {
            if *digit < 9 {
                *digit += 1;
                return;
            }
            *digit = 0;
        }
        self.digits.insert(0, 1);
    }

    /// Times a small number.
    #[must_use]
    pub(super) fn times(mut self, factor: u32) -> Self {
        let mut carry = 0_u64;
        for digit in self.digits.iter_mut().rev() {
            let product = u64::from(*digit) * u64::from(factor) + carry;
            *digit = low_digit(product);
            carry = product / 10;
        }
        let mut front = Vec::new();
        while carry > 0 {
            front.push(low_digit(carry));
            carry /= 10;
        }
        front.reverse();
        front.append(&mut self.digits);
        self.digits = front;
        self.without_leading_zeros()
    }

    /// The digits before the point and those after it, without zeros that say nothing.
    pub(super) fn parts(&self) -> (Vec<u8>, Vec<u8>) {
        let length = i64::try_from(self.digits.len()).unwrap_or(i64::MAX);
        let whole_length = length - self.scale;
        let zeros = |count: i64| vec![0_u8; usize::try_from(count).unwrap_or_default()];
        if self.is_zero() {
            return (Vec::new(), Vec::new());
        }
        let split = usize::try_from(whole_length.clamp(0, length)).unwrap_or_default();
        let (whole, rest) = self.digits.split_at(split);
        let whole = [whole.to_vec(), zeros(whole_length - length)].concat();
        let mut decimals = [zeros(-whole_length), rest.to_vec()].concat();
        while decimals.last() == Some(&0) {
            decimals.pop();
        }
        (whole, decimals)
    }

    /// The power of ten of the largest digit: 3 for 1234.5.
    pub(super) fn exponent(&self) -> i64 {
        let length = i64::try_from(self.digits.len()).unwrap_or(i64::MAX);
        match self.is_zero() {
            true => 0,
            false => length - self.scale - 1,
        }
    }

    /// As an integer, without its decimals; nothing where it is too large.
    pub(super) fn to_i64(&self) -> Option<i64> {
        let (whole, _) = self.parts();
        let value = whole.iter().try_fold(0_i64, |value, digit| {
            value.checked_mul(10)?.checked_add(i64::from(*digit))
        })?;
        Some(if self.negative { -value } else { value })
    }

    /// The nearest double.
    pub(crate) fn to_f64(&self) -> f64 {
        let digits = self.digits.iter().map(|digit| char::from(b'0' + digit));
        let text = digits.chain("e".chars()).collect::<String>() + &(-self.scale).to_string();
        // Only zero has no digits.
        let size = text.parse().unwrap_or(0.0_f64);
        if self.is_negative() { -size } else { size }
    }

    fn without_leading_zeros(mut self) -> Self {
        let zeros = self.digits.iter().take_while(|digit| **digit == 0).count();
        self.digits.drain(..zeros);
        self
    }

    fn cmp_size(&self, other: &Self) -> Ordering {
        let (whole, decimals) = self.parts();
        let (other_whole, other_decimals) = other.parts();
        let by_length = whole.len().cmp(&other_whole.len());
        by_length
            .then_with(|| whole.cmp(&other_whole))
            .then_with(|| decimals.cmp(&other_decimals))
    }
}

fn low_digit(value: u64) -> u8 {
    u8::try_from(value % 10).unwrap_or_default()
}

impl From<i64> for Decimal {
    fn from(value: i64) -> Self {
        value.to_string().parse().unwrap_or_default()
    }
}

impl FromStr for Decimal {
    type Err = NotADecimal;

    /// A sign, digits with or without a point, and an exponent: `-1234.50`, `.5`, `1e-7`.
    fn from_str(text: &str) -> Result<Self, NotADecimal> {
        let (negative, unsigned) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        let (number, exponent) = match unsigned.split_once(['e', 'E']) {
            Some((number, exponent)) => (number, exponent.parse::<i32>().map_err(|_| NotADecimal)?),
            None => (unsigned, 0),
        };
        let exponent = i64::from(exponent);
        if exponent.abs() > LARGEST_EXPONENT {
            return Err(NotADecimal);
        }
        let (whole, decimals) = number.split_once('.').unwrap_or((number, ""));
        let is_number = whole
            .bytes()
            .chain(decimals.bytes())
            .all(|byte| byte.is_ascii_digit());
        if !is_number || whole.len() + decimals.len() == 0 {
            return Err(NotADecimal);
        }
        let digits = whole.bytes().chain(decimals.bytes());
        let decimal = Self {
            negative,
            digits: digits.map(|byte| byte - b'0').collect(),
            scale: i64::try_from(decimals.len()).map_err(|_| NotADecimal)?,
        };
        let decimal = decimal.without_leading_zeros().shifted(exponent);
        let is_printable = decimal.exponent().abs() <= FARTHEST && decimal.scale <= FARTHEST;
        match is_printable || decimal.is_zero() {
            true => Ok(decimal),
            false => Err(NotADecimal),
        }
    }
}

impl PartialEq for Decimal {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Decimal {}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Decimal {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self.is_negative(), other.is_negative()) {
            (false, true) => Ordering::Greater,
            (true, false) => Ordering::Less,
            (false, false) => self.cmp_size(other),
            (true, true) => other.cmp_size(self),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Decimal;

    fn decimal(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    #[test]
    fn texts_that_are_no_numbers() {
        for text in [
            "", "-", ".", "1,000", "0x1", "1e", "1e99999", "1.2.3", " 1", "nan", "--1",
        ] {
            assert!(text.parse::<Decimal>().is_err(), "{text}");
        }
    }

    #[test]
    fn rounds_the_text_and_not_the_double() {
        let rounded = |text: &str, decimals| decimal(text).rounded(decimals);
        // As a double it is a little less than 1.005.
        assert_eq!(rounded("1.005", 2), decimal("1.01"));
        assert_eq!(rounded("-2.5", 0), decimal("-3"));
        assert_eq!(rounded("0.5", 0), decimal("1"));
        assert_eq!(rounded("0.49", 0), decimal("0"));
        assert_eq!(rounded("0.05", 0), decimal("0"));
        assert_eq!(rounded("999.96", 1), decimal("1000"));
        assert_eq!(rounded("1500", -3), decimal("2000"));
        assert_eq!(rounded("5e-2000", 0), decimal("0"));
    }

    #[test]
    fn zeros_say_nothing_of_the_size() {
        assert_eq!(decimal("-0.00"), decimal("0"));
        assert_eq!(decimal("1.50"), decimal("001.5"));
        assert_eq!(decimal("1e3"), decimal("1000"));
        assert!(decimal("-1") < decimal("-0.5"));
        assert!(decimal("0.1") < decimal("0.11"));
        assert!(decimal("9.99") < decimal("10"));
        assert_eq!(decimal("0.25").times(86400), decimal("21600"));
        assert_eq!(decimal("-12.9").to_i64(), Some(-12));
        assert_eq!(Decimal::from_f64(f64::NAN), None);
        assert_eq!(Decimal::from(i64::MIN), decimal("-9223372036854775808"));
    }
}
