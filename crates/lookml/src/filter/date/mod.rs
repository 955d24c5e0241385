//! `last 7 days`, `2026-09 for 2 months`, `before today,NULL`.

mod describe;
mod interval;
mod parse;
mod sql;

use std::fmt;

use jiff::civil::{Date, DateTime, Weekday};

use super::Value;
use crate::calendar::{Calendar, TimeUnit};
pub(super) use parse::parse;

/// When something happened: one of the terms holds. With none of them: at any time.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DateFilter {
    /// The terms, in their order.
    pub terms: Vec<DateTerm>,
}

/// What can be said of a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DateTerm {
    /// There is none.
    Null,
    /// There is one.
    NotNull,
    /// It lies in that period.
    In(Period),
    /// It lies before that period began.
    Before(Period),
    /// It is the beginning of that period, or later.
    After(Period),
    /// `A to B`: from the beginning of the first period up to that of the second.
    Between {
        /// The first period.
        start: Period,
        /// The second.
        end: Period,
    },
    /// `today for 7 days`: from the beginning of a period, so many units long.
    For {
        /// The period.
        start: Period,
        /// How many.
        count: u32,
        /// Of what.
        unit: TimeUnit,
    },
    /// `7 days`: so many units, of which the last is the present one, which is not over yet. Of seconds, more than one
    /// are those before the present one.
    Last {
        /// How many.
        count: u32,
        /// Of what.
        unit: TimeUnit,
    },
    /// `this year to day`: from the beginning of the one present unit to that of the other.
    ThisTo {
        /// The longer one.
        start: TimeUnit,
        /// The shorter one.
        end: TimeUnit,
    },
}

/// One unit of time, a year or a second or another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Period {
    /// The present second.
    Now,
    /// The present day.
    Today,
    /// The day before.
    Yesterday,
    /// The day after.
    Tomorrow,
    /// The last such day, which may be today.
    Weekday(Weekday),
    /// `2026-09-01 06:00:30`
    Second(DateTime),
    /// `2026-09-01 06:00`
    Minute(DateTime),
    /// `2026-09-01`
    Day(Date),
    /// `2026-09`: that in which the day lies.
    Month(Date),
    /// `2026-Q3`: that in which the day lies.
    Quarter(Date),
    /// `2026`: that in which the day lies.
    Year(Date),
    /// `FY2026-Q3`
    FiscalQuarter {
        /// The fiscal year.
        year: i16,
        /// From 1.
        quarter: i8,
    },
    /// `FY2026`
    FiscalYear(i16),
    /// The present one.
    This(TimeUnit),
    /// `last week`: the one before.
    Previous(TimeUnit),
    /// The one after.
    Next(TimeUnit),
    /// `3 days ago`: that one day.
    Ago {
        /// How many.
        count: u32,
        /// Of what.
        unit: TimeUnit,
    },
    /// `3 days from now`: that one day.
    FromNow {
        /// How many.
        count: u32,
        /// Of what.
        unit: TimeUnit,
    },
}

impl Period {
    /// Whether it is the same at every time.
    fn is_written(self) -> bool {
        match self {
            Self::Second(_)
            | Self::Minute(_)
            | Self::Day(_)
            | Self::Month(_)
            | Self::Quarter(_)
            | Self::Year(_)
            | Self::FiscalQuarter { .. }
            | Self::FiscalYear(_) => true,
            Self::Now
            | Self::Today
            | Self::Yesterday
            | Self::Tomorrow
            | Self::Weekday(_)
            | Self::This(_)
            | Self::Previous(_)
            | Self::Next(_)
            | Self::Ago { .. }
            | Self::FromNow { .. } => false,
        }
    }
}

impl DateFilter {
    pub(super) fn is_any(&self) -> bool {
        self.terms.is_empty()
    }

    pub(super) fn is_one_value(&self) -> bool {
        match self.terms.as_slice() {
            [DateTerm::In(period)] => period.is_written(),
            _ => false,
        }
    }

    pub(super) fn matches(&self, value: &Value<'_>, calendar: &Calendar) -> bool {
        match value {
            Value::Null => self.terms.contains(&DateTerm::Null),
            Value::DateTime(at) => {
                let mut intervals = self.intervals(calendar).into_iter();
                intervals.any(|interval| interval.contains(*at))
            }
            _ => false,
        }
    }
}

impl fmt::Display for DateFilter {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let terms = self.terms.iter().map(DateTerm::to_string);
        formatter.write_str(&terms.collect::<Vec<_>>().join(","))
    }
}

impl fmt::Display for DateTerm {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => formatter.write_str("null"),
            Self::NotNull => formatter.write_str("not null"),
            Self::In(period) => period.fmt(formatter),
            Self::Before(period) => write!(formatter, "before {period}"),
            Self::After(period) => write!(formatter, "after {period}"),
            Self::Between { start, end } => write!(formatter, "{start} to {end}"),
            Self::For { start, count, unit } => {
                write!(formatter, "{start} for {}", counted(*count, *unit))
            }
            Self::Last { count, unit } => formatter.write_str(&counted(*count, *unit)),
            Self::ThisTo { start, end } => write!(formatter, "this {start} to {end}"),
        }
    }
}

impl fmt::Display for Period {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Now => formatter.write_str("now"),
            Self::Today => formatter.write_str("today"),
            Self::Yesterday => formatter.write_str("yesterday"),
            Self::Tomorrow => formatter.write_str("tomorrow"),
            Self::Weekday(weekday) => formatter.write_str(weekday_name(*weekday)),
            Self::Second(at) => write!(formatter, "{}", at.strftime("%Y-%m-%d %H:%M:%S")),
            Self::Minute(at) => write!(formatter, "{}", at.strftime("%Y-%m-%d %H:%M")),
            Self::Day(date) => date.fmt(formatter),
            Self::Month(date) => write!(formatter, "{}", date.strftime("%Y-%m")),
            Self::Quarter(date) => {
                write!(formatter, "{:04}-Q{}", date.year(), (date.month() + 2) / 3)
            }
            Self::Year(date) => write!(formatter, "{:04}", date.year()),
            Self::FiscalQuarter { year, quarter } => write!(formatter, "FY{year:04}-Q{quarter}"),
            Self::FiscalYear(year) => write!(formatter, "FY{year:04}"),
            Self::This(unit) => write!(formatter, "this {unit}"),
            Self::Previous(unit) => write!(formatter, "last {unit}"),
            Self::Next(unit) => write!(formatter, "next {unit}"),
            Self::Ago { count, unit } => write!(formatter, "{} ago", counted(*count, *unit)),
            Self::FromNow { count, unit } => {
                write!(formatter, "{} from now", counted(*count, *unit))
            }
        }
    }
}

/// `1 day`, `7 days`
fn counted(count: u32, unit: TimeUnit) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {unit}{plural}")
}

fn weekday_name(weekday: Weekday) -> &'static str {
    match weekday {
        Weekday::Monday => "monday",
        Weekday::Tuesday => "tuesday",
        Weekday::Wednesday => "wednesday",
        Weekday::Thursday => "thursday",
        Weekday::Friday => "friday",
        Weekday::Saturday => "saturday",
        Weekday::Sunday => "sunday",
    }
}
