//! Numbers without a format.

use super::Decimal;

/// How many significant decimals are shown.
const DECIMALS: i64 = 6;
/// How many decimals are shown in a table of measures.
const GROUPED_DECIMALS: i64 = 2;

/// An integer as it is, a fraction with up to six significant decimals: `0.333333`, `0.00000125`, `1234.5`.
pub fn plain_number(value: &Decimal) -> String {
    let (whole, decimals) = value.parts();
    // Zeros between the point and the first digit of a number below one say how small it is.
    let zeros = match whole.is_empty() {
        true => decimals.iter().take_while(|digit| **digit == 0).count(),
        false => 0,
    };
    let zeros = i64::try_from(zeros).unwrap_or_default();
    let (whole, decimals) = value.clone().rounded(DECIMALS + zeros).parts();
    joined(value, &digits_text(&whole), &decimals)
}

/// With thousands separated and up to two decimals: what a table shows of a sum, an average or a number.
pub fn grouped_number(value: &Decimal) -> String {
    let (whole, decimals) = value.clone().rounded(GROUPED_DECIMALS).parts();
    let mut text = String::new();
    for (at, digit) in whole.iter().enumerate() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit_char(*digit));
    }
    joined(value, &text, &decimals)
}

pub(super) fn digit_char(digit: u8) -> char {
    char::from(b'0'.saturating_add(digit))
}

fn digits_text(digits: &[u8]) -> String {
    digits.iter().copied().map(digit_char).collect()
}

fn joined(value: &Decimal, whole: &str, decimals: &[u8]) -> String {
    let is_zero = whole.is_empty() && decimals.is_empty();
    let minus = match value.is_negative() && !is_zero {
        true => "-",
        false => "",
    };
    let whole = match whole.is_empty() {
        true => "0",
        false => whole,
    };
    match decimals.is_empty() {
        true => format!("{minus}{whole}"),
        false => format!("{minus}{whole}.{}", digits_text(decimals)),
    }
}
