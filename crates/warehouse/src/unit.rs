//! The pieces in which tables are published, and how they are recognised.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::error::{Error, Result};

/// A calendar month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month {
    /// Of the proleptic Gregorian calendar.
    pub year: i16,
    /// 1 to 12.
    pub month: i8,
}

/// Which rows of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// All of them.
    All,
    /// Those whose `partition_by` column lies in a month, UTC.
    Month(Month),
    /// Those whose `partition_by` column is NULL.
    Undated,
}

/// What is published and recognised as one: a table, or a month of one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Unit {
    /// Name of the table.
    pub table: String,
    /// Which of its rows.
    pub part: Part,
}

/// Equal for equal content, whatever the order of the rows: 32 hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Fingerprint(String);

impl Fingerprint {
    /// Of a text.
    pub fn of(text: &str) -> Self {
        let hash = Sha256::digest(text.as_bytes());
        Self(
            hash[..16]
                .iter()
                .map(|byte| format!("{byte:02x}"))
                .collect(),
        )
    }

    /// As it was printed before.
    pub fn from_text(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl fmt::Display for Month {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:04}-{:02}", self.year, self.month)
    }
}

/// `all`, `2026-03` or `undated`.
impl fmt::Display for Part {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::All => formatter.write_str("all"),
            Self::Month(month) => month.fmt(formatter),
            Self::Undated => formatter.write_str("undated"),
        }
    }
}

/// As [`Part`] displays itself.
impl FromStr for Part {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        match text {
            "all" => return Ok(Self::All),
            "undated" => return Ok(Self::Undated),
            _ => {}
        }
        let month = text.split_once('-').and_then(|(year, month)| {
            let month = Month {
                year: year.parse().ok()?,
                month: month.parse().ok()?,
            };
            (month.to_string() == text && (1..=12).contains(&month.month)).then_some(month)
        });
        month.map(Self::Month).ok_or_else(|| Error::Refused {
            reason: format!("`{text}` is no part of a table"),
        })
    }
}

impl fmt::Display for Unit {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.part {
            Part::All => formatter.write_str(&self.table),
            part => write!(formatter, "{} {part}", self.table),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn a_part_reads_as_it_is_written(year in 1_i16..=9999, month in 1_i8..=12) {
            for part in [Part::All, Part::Undated, Part::Month(Month { year, month })] {
                assert_eq!(part.to_string().parse::<Part>().unwrap(), part);
            }
        }

        #[test]
        fn any_text_is_a_part_or_none(text in "\\PC{0,12}") {
            if let Ok(part) = text.parse::<Part>() {
                assert_eq!(part.to_string(), text);
            }
        }
    }

    #[test]
    fn what_is_no_month_is_refused() {
        for text in [
            "", "2026", "2026-13", "2026-00", "2026-3", "-026-03", "26-03",
        ] {
            assert!(text.parse::<Part>().is_err(), "{text}");
        }
    }
}
