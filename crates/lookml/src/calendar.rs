//! The clock and the time zones that a query is compiled with, and where hours, weeks and fiscal years begin.

use std::fmt;

use jiff::civil::{Date, DateTime, Time, Weekday};
use jiff::tz::{AmbiguousOffset, TimeZone};
use jiff::{SignedDuration, Timestamp};

const SECONDS_PER_DAY: i64 = 86_400;

/// What `today` means, and a week, and a fiscal year.
///
/// Times are local to the query time zone unless their name says otherwise. What lies beyond the years that `jiff`
/// knows becomes the first or the last moment of them.
#[derive(Debug, Clone, PartialEq)]
pub struct Calendar {
    /// The moment the query is asked.
    pub now: Timestamp,
    /// In which dates are meant and shown.
    pub query_timezone: TimeZone,
    /// In which columns without a zone are stored.
    pub database_timezone: TimeZone,
    /// The first day of a week.
    pub week_start: Weekday,
    /// Months from January to the first month of the fiscal year. A negative one lies in the year before.
    pub fiscal_month_offset: i8,
}

/// A stretch of the calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum TimeUnit {
    /// A second.
    Second,
    /// A minute.
    Minute,
    /// An hour.
    Hour,
    /// From midnight to midnight.
    Day,
    /// Seven days, from the first day of the week.
    Week,
    /// A month.
    Month,
    /// Three months, from January, April, July or October.
    Quarter,
    /// A year, from January.
    Year,
    /// Three months of a fiscal year.
    FiscalQuarter,
    /// Twelve months, from the first month of the fiscal year.
    FiscalYear,
}

/// A stretch of local time, half open. A side that is missing is unbounded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct DateRange {
    /// The first moment in it.
    pub start: Option<DateTime>,
    /// The first moment after it.
    pub end: Option<DateTime>,
}

impl Calendar {
    /// The clock on the wall, to the second.
    pub fn local_now(&self) -> DateTime {
        let now = self.query_timezone.to_datetime(self.now);
        self.truncate(now, TimeUnit::Second)
    }

    /// When the unit began in which that moment lies.
    pub fn truncate(&self, at: DateTime, unit: TimeUnit) -> DateTime {
        match unit.length() {
            Length::Months(months) => {
                let month = month_index(at.date());
                let passed = (month - self.first_month(unit)).rem_euclid(months);
                first_of_month(month - passed).to_datetime(Time::MIN)
            }
            Length::Days(days) => {
                let passed = i64::from(at.weekday().since(self.week_start)) % days;
                add_seconds(at.start_of_day(), -passed * SECONDS_PER_DAY)
            }
            Length::Seconds(seconds) => {
                let midnight = at.start_of_day();
                let passed = at.duration_since(midnight).as_secs();
                add_seconds(midnight, passed - passed % seconds)
            }
        }
    }

    /// That moment so many units later, on the clock on the wall. The 31st of a month without one is its last day.
    pub fn add(&self, at: DateTime, count: i64, unit: TimeUnit) -> DateTime {
        match unit.length() {
            Length::Months(months) => {
                let month = month_index(at.date()).saturating_add(count.saturating_mul(months));
                in_month(month, at.day()).to_datetime(at.time())
            }
            Length::Days(days) => add_seconds(
                at,
                count.saturating_mul(days).saturating_mul(SECONDS_PER_DAY),
            ),
            Length::Seconds(seconds) => add_seconds(at, count.saturating_mul(seconds)),
        }
    }

    /// The whole unit in which that moment lies.
    pub fn unit_around(&self, at: DateTime, unit: TimeUnit) -> DateRange {
        let start = self.truncate(at, unit);
        DateRange {
            start: Some(start),
            end: Some(self.add(start, 1, unit)),
        }
    }

    /// The first moment of a fiscal year.
    pub fn fiscal_year_start(&self, year: i16) -> DateTime {
        let month = i64::from(year) * 12 + i64::from(self.fiscal_month_offset);
        first_of_month(month).to_datetime(Time::MIN)
    }

    /// The moment of a local time. One that the clocks skip is taken as if they had not changed yet, of one that they
    /// show twice the first is meant: what `jiff` calls compatible.
    pub fn instant(&self, local: DateTime) -> Timestamp {
        let instant = self.query_timezone.to_timestamp(local);
        instant.unwrap_or(match local.year() {
            ..1 => Timestamp::MIN,
            _ => Timestamp::MAX,
        })
    }

    /// Whether the clocks skip a stretch of local time as a whole, as an hour of a night in spring.
    pub fn is_skipped(&self, start: DateTime, end: DateTime) -> bool {
        let is_gap = |at: DateTime| {
            let zone = &self.query_timezone;
            matches!(
                zone.to_ambiguous_timestamp(at).offset(),
                AmbiguousOffset::Gap { .. }
            )
        };
        let last = end.saturating_sub(SignedDuration::from_secs(1));
        is_gap(start) && is_gap(last)
    }

    /// A local time as a column without a zone stores it. The same where both zones are one.
    pub fn to_database(&self, local: DateTime) -> DateTime {
        if !self.has_two_zones() {
            return local;
        }
        self.database_timezone.to_datetime(self.instant(local))
    }

    /// Whether dates are meant in another zone than they are stored in.
    pub fn has_two_zones(&self) -> bool {
        self.query_timezone != self.database_timezone
    }

    /// A month in which a unit begins, counted as in `month_index`.
    fn first_month(&self, unit: TimeUnit) -> i64 {
        match unit {
            TimeUnit::FiscalQuarter | TimeUnit::FiscalYear => i64::from(self.fiscal_month_offset),
            _ => 0,
        }
    }
}

impl TimeUnit {
    /// All of them, the shortest first.
    pub const ALL: [Self; 10] = [
        Self::Second,
        Self::Minute,
        Self::Hour,
        Self::Day,
        Self::Week,
        Self::Month,
        Self::Quarter,
        Self::Year,
        Self::FiscalQuarter,
        Self::FiscalYear,
    ];

    /// As it is written: `fiscal quarter`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Second => "second",
            Self::Minute => "minute",
            Self::Hour => "hour",
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
            Self::Quarter => "quarter",
            Self::Year => "year",
            Self::FiscalQuarter => "fiscal quarter",
            Self::FiscalYear => "fiscal year",
        }
    }

    fn length(self) -> Length {
        match self {
            Self::Second => Length::Seconds(1),
            Self::Minute => Length::Seconds(60),
            Self::Hour => Length::Seconds(3_600),
            Self::Day => Length::Days(1),
            Self::Week => Length::Days(7),
            Self::Month => Length::Months(1),
            Self::Quarter | Self::FiscalQuarter => Length::Months(3),
            Self::Year | Self::FiscalYear => Length::Months(12),
        }
    }
}

/// What a unit is made of.
enum Length {
    Seconds(i64),
    Days(i64),
    Months(i64),
}

impl DateRange {
    /// What lies in both.
    #[must_use]
    pub fn intersection(self, other: Self) -> Self {
        let ends = [self.end, other.end].into_iter().flatten();
        Self {
            // A missing start is the lowest of all.
            start: self.start.max(other.start),
            end: ends.min(),
        }
    }

    /// Whether a local time lies in it.
    pub fn contains(&self, at: DateTime) -> bool {
        self.start.is_none_or(|start| start <= at) && self.end.is_none_or(|end| at < end)
    }
}

impl fmt::Display for TimeUnit {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

/// Months since January of the year 0.
fn month_index(date: Date) -> i64 {
    i64::from(date.year()) * 12 + i64::from(date.month()) - 1
}

fn first_of_month(index: i64) -> Date {
    in_month(index, 1)
}

/// A day of a month, or the last one where the month is shorter.
fn in_month(index: i64, day: i8) -> Date {
    let date = |year: i64, month: i64| {
        let year = i16::try_from(year).ok()?;
        let first = Date::new(year, i8::try_from(month).ok()?, 1).ok()?;
        Date::new(year, first.month(), day.min(first.days_in_month())).ok()
    };
    let date = date(index.div_euclid(12), index.rem_euclid(12) + 1);
    date.unwrap_or(match index {
        ..0 => Date::MIN,
        _ => Date::MAX,
    })
}

fn add_seconds(at: DateTime, seconds: i64) -> DateTime {
    at.saturating_add(SignedDuration::from_secs(seconds))
}
