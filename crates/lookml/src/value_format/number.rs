//! A section for numbers: digit codes with literal text around and between them.

use std::slice;

use super::{Decimal, plain::digit_char, plain_number};

/// One section, read.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct NumberFormat {
    pub(super) parts: Vec<Part>,
    /// Whether thousands are separated.
    pub(super) is_grouped: bool,
    /// The power of ten it is multiplied with first: two for each percent sign, less three for each scaling comma.
    pub(super) power: i64,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Part {
    Literal(String),
    /// A digit code before the decimal point.
    Whole(Placeholder),
    Point,
    /// A digit code after the decimal point.
    Decimal(Placeholder),
    Exponent(Exponent),
    /// `@` and `General`: the value as it is without a format.
    Value,
}

/// What stands for a digit that is not there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Placeholder {
    /// `0`
    Zero,
    /// `#`
    Nothing,
    /// `?`
    Space,
}

/// `E+00`
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Exponent {
    pub(super) letter: char,
    /// Whether one that is not negative has a plus.
    pub(super) has_plus: bool,
    pub(super) width: usize,
}

/// The digits that fill the codes.
struct Digits {
    whole: Vec<u8>,
    decimals: Vec<u8>,
    exponent: i64,
}

impl NumberFormat {
    /// A number that is not negative.
    pub(super) fn show(&self, value: &Decimal) -> String {
        let digits = self.digits(value.clone().shifted(self.power));
        let mut writer = Writer {
            out: String::new(),
            is_grouped: self.is_grouped,
            unshown: digits.whole.len(),
            whole: &digits.whole,
            whole_codes: self.count(|part| matches!(part, Part::Whole(_))),
            zero_seen: false,
            decimals: digits.decimals.iter(),
            forced_decimals: self.forced_decimals(),
        };
        for part in &self.parts {
            match part {
                Part::Literal(text) => writer.out.push_str(text),
                Part::Value => writer.out.push_str(&plain_number(value)),
                Part::Whole(placeholder) => writer.whole(*placeholder),
                Part::Point => writer.point(),
                Part::Decimal(placeholder) => writer.decimal(*placeholder),
                Part::Exponent(exponent) => writer.out.push_str(&exponent.show(digits.exponent)),
            }
        }
        writer.out
    }

    /// A text in the section for texts.
    pub(super) fn show_text(&self, text: &str) -> String {
        if self.has_digits() {
            return text.to_owned();
        }
        let parts = self.parts.iter().filter_map(|part| match part {
            Part::Literal(literal) => Some(literal.as_str()),
            Part::Value => Some(text),
            _ => None,
        });
        parts.collect()
    }

    fn has_digits(&self) -> bool {
        self.count(|part| matches!(part, Part::Whole(_) | Part::Decimal(_))) > 0
    }

    fn count(&self, is_counted: impl Fn(&Part) -> bool) -> usize {
        self.parts.iter().filter(|part| is_counted(part)).count()
    }

    fn digits(&self, value: Decimal) -> Digits {
        let decimals = self.count(|part| matches!(part, Part::Decimal(_)));
        let decimals = i64::try_from(decimals).unwrap_or(i64::MAX);
        let has_exponent = self.count(|part| matches!(part, Part::Exponent(_))) > 0;
        let exponent = match has_exponent {
            true => self.exponent(&value, decimals),
            false => 0,
        };
        let (whole, decimals) = value.shifted(-exponent).rounded(decimals).parts();
        Digits {
            whole,
            decimals,
            exponent,
        }
    }

    /// A multiple of how many digits stand before the point, so that `##0.0E+0` counts in thousands.
    fn exponent(&self, value: &Decimal, decimals: i64) -> i64 {
        let period = self.count(|part| matches!(part, Part::Whole(_))).max(1);
        let period = i64::try_from(period).unwrap_or(1);
        let exponent = value.exponent().div_euclid(period) * period;
        let rounded = value.clone().shifted(-exponent).rounded(decimals);
        // 9.996 is 10.00 when rounded, and that is 1.00E+01.
        match rounded.exponent() >= period {
            true => exponent + period,
            false => exponent,
        }
    }

    /// How many decimals are shown even where they are zero.
    fn forced_decimals(&self) -> usize {
        let codes = self.parts.iter().filter_map(|part| match part {
            Part::Decimal(placeholder) => Some(*placeholder),
            _ => None,
        });
        let forced = codes
            .enumerate()
            .filter(|(_, placeholder)| *placeholder == Placeholder::Zero);
        forced.last().map_or(0, |(at, _)| at + 1)
    }
}

/// Fills codes with digits, from left to right.
struct Writer<'a> {
    out: String,
    is_grouped: bool,
    whole: &'a [u8],
    /// How many of the digits before the point are still to come. Those without a code of their own are shown at the
    /// first one, or at the point where there is none.
    unshown: usize,
    /// How many codes before the point are still to come.
    whole_codes: usize,
    /// Behind a zero, `#` is one as well.
    zero_seen: bool,
    decimals: slice::Iter<'a, u8>,
    /// How many decimals are shown still even where they are zero.
    forced_decimals: usize,
}

impl Writer<'_> {
    fn whole(&mut self, placeholder: Placeholder) {
        self.whole_codes = self.whole_codes.saturating_sub(1);
        self.zero_seen |= placeholder == Placeholder::Zero;
        if self.unshown > self.whole_codes {
            return self.digits_until(self.whole_codes);
        }
        match placeholder {
            Placeholder::Space => self.out.push(' '),
            _ if self.zero_seen => {
                self.out.push('0');
                self.separator(self.whole_codes);
            }
            _ => {}
        }
    }

    fn point(&mut self) {
        self.digits_until(0);
        self.out.push('.');
    }

    fn decimal(&mut self, placeholder: Placeholder) {
        let is_forced = self.forced_decimals > 0;
        self.forced_decimals = self.forced_decimals.saturating_sub(1);
        match (self.decimals.next(), placeholder) {
            (Some(digit), _) => self.out.push(digit_char(*digit)),
            (None, Placeholder::Space) => self.out.push(' '),
            (None, _) if is_forced => self.out.push('0'),
            (None, _) => {}
        }
    }

    /// Digits before the point, down to a place counted from it.
    fn digits_until(&mut self, place: usize) {
        while self.unshown > place {
            let at = self.whole.len() - self.unshown;
            self.unshown -= 1;
            self.out.extend(self.whole.get(at).copied().map(digit_char));
            self.separator(self.unshown);
        }
    }

    fn separator(&mut self, place: usize) {
        if self.is_grouped && place > 0 && place.is_multiple_of(3) {
            self.out.push(',');
        }
    }
}

impl Exponent {
    fn show(&self, exponent: i64) -> String {
        let sign = match exponent < 0 {
            true => "-",
            false if self.has_plus => "+",
            false => "",
        };
        let size = exponent.unsigned_abs();
        format!("{}{sign}{size:0width$}", self.letter, width = self.width)
    }
}
