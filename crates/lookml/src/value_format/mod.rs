//! Value formats: how a number, a date or a duration looks, in the language of spreadsheets.
//!
//! ```
//! use lookml::value_format::{Decimal, ValueFormat};
//!
//! let format = ValueFormat::parse("$#,##0.00;($#,##0.00)")?;
//! assert_eq!(format.number(&Decimal::from(-1234)), "($1,234.00)");
//! # Ok::<(), lookml::value_format::FormatError>(())
//! ```

mod decimal;
mod moment;
mod named;
mod number;
mod parse;
mod plain;

use std::fmt;

use jiff::civil::DateTime;

pub use self::{
    decimal::{Decimal, NotADecimal},
    named::{NAMED_FORMATS, named_format},
    plain::{grouped_number, plain_number},
};
use self::{moment::MomentFormat, number::NumberFormat};
use crate::token::Span;

/// A format that was read.
#[derive(Debug, Clone, PartialEq)]
pub struct ValueFormat {
    /// Up to four of them; none where the text was blank, which means no format at all.
    sections: Vec<Section>,
}

/// What is wrong with the text of a format.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormatError {
    /// The characters that are meant.
    pub span: Span,
    /// What is wrong, one line.
    pub message: String,
}

/// What stands between two semicolons.
#[derive(Debug, Clone, PartialEq)]
struct Section {
    condition: Option<Condition>,
    body: Body,
}

#[derive(Debug, Clone, PartialEq)]
enum Body {
    Number(NumberFormat),
    Moment(MomentFormat),
}

/// `[>=1000]`
#[derive(Debug, Clone, PartialEq)]
struct Condition {
    comparison: Comparison,
    bound: Decimal,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Comparison {
    Less,
    LessOrEqual,
    Equal,
    NotEqual,
    GreaterOrEqual,
    Greater,
}

/// Whether a minus goes in front of a negative number, or its section says by itself that it is one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sign {
    InFront,
    InSection,
}

/// The place of the section for texts.
const TEXT_SECTION: usize = 3;

impl ValueFormat {
    /// Reads a format. Letters that are no code are themselves; what cannot be meant is an error.
    pub fn parse(text: &str) -> Result<Self, FormatError> {
        let sections = match text.trim().is_empty() {
            true => Vec::new(),
            false => parse::sections(text)?,
        };
        Ok(Self { sections })
    }

    /// One of Looker's own named formats, such as `usd_0`.
    pub fn named(name: &str) -> Option<Self> {
        Self::parse(named_format(name)?).ok()
    }

    /// A number as it is shown. Where no section is for it, as it is without a format.
    ///
    /// In a format of dates it is a fraction of a day, or the days since 1899-12-30 as in spreadsheets.
    pub fn number(&self, value: &Decimal) -> String {
        let shown = self.section_for(value).and_then(|(section, sign)| {
            let minus = match sign == Sign::InFront && value.is_negative() {
                true => "-",
                false => "",
            };
            match &section.body {
                Body::Number(format) => Some(format!("{minus}{}", format.show(&value.abs()))),
                Body::Moment(format) if format.has_calendar() => format.show_days(value),
                Body::Moment(format) => {
                    let duration = format.show_days(&value.abs())?;
                    Some(format!("{minus}{duration}"))
                }
            }
        });
        shown.unwrap_or_else(|| plain_number(value))
    }

    /// A date or a time as it is shown; nothing where the format is one for numbers.
    pub fn datetime(&self, value: DateTime) -> Option<String> {
        match &self.sections.first()?.body {
            Body::Moment(format) => format.show_datetime(value),
            Body::Number(_) => None,
        }
    }

    /// A text as it is shown: itself, unless there is a fourth section.
    pub fn text(&self, text: &str) -> String {
        match self.sections.get(TEXT_SECTION).map(|section| &section.body) {
            Some(Body::Number(format)) => format.show_text(text),
            _ => text.to_owned(),
        }
    }

    /// Whether it is a format of dates or durations.
    pub fn is_moment(&self) -> bool {
        let first = self.sections.first().map(|section| &section.body);
        matches!(first, Some(Body::Moment(_)))
    }

    fn section_for(&self, value: &Decimal) -> Option<(&Section, Sign)> {
        let end = self.sections.len().min(TEXT_SECTION);
        let sections = self.sections.get(..end)?;
        if sections.iter().any(|section| section.condition.is_some()) {
            return conditional_section(sections, value);
        }
        match sections {
            [_, negative, ..] if value.is_negative() => Some((negative, Sign::InSection)),
            [_, _, zero] if value.is_zero() => Some((zero, Sign::InSection)),
            [first, ..] => Some((first, Sign::InFront)),
            [] => None,
        }
    }
}

/// The first section whose condition holds, else the first without one.
fn conditional_section<'a>(
    sections: &'a [Section],
    value: &Decimal,
) -> Option<(&'a Section, Sign)> {
    for section in sections {
        let condition = section.condition.as_ref();
        if let Some(condition) = condition.filter(|condition| condition.holds(value)) {
            return Some((section, condition.sign()));
        }
    }
    let otherwise = sections.iter().find(|section| section.condition.is_none());
    otherwise.map(|section| (section, Sign::InFront))
}

impl Condition {
    fn holds(&self, value: &Decimal) -> bool {
        match self.comparison {
            Comparison::Less => *value < self.bound,
            Comparison::LessOrEqual => *value <= self.bound,
            Comparison::Equal => *value == self.bound,
            Comparison::NotEqual => *value != self.bound,
            Comparison::GreaterOrEqual => *value >= self.bound,
            Comparison::Greater => *value > self.bound,
        }
    }

    /// A section for negative numbers only is a negative section: it says itself how they look.
    fn sign(&self) -> Sign {
        let only_negative = match self.comparison {
            Comparison::Less => self.bound.is_negative() || self.bound.is_zero(),
            Comparison::LessOrEqual | Comparison::Equal => self.bound.is_negative(),
            _ => false,
        };
        match only_negative {
            true => Sign::InSection,
            false => Sign::InFront,
        }
    }
}

impl fmt::Display for FormatError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} (byte {})", self.message, self.span.start)
    }
}

impl std::error::Error for FormatError {}

#[cfg(test)]
mod tests;
