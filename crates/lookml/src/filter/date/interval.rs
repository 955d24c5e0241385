//! The stretches of time that a filter of dates lets through.

use jiff::civil::{DateTime, Time};

use super::{DateFilter, DateTerm, Period};
use crate::calendar::{Calendar, DateRange, TimeUnit};

impl DateFilter {
    /// The stretches, in local time, in the order of the terms; they may overlap. A term for NULL has none.
    pub fn intervals(&self, calendar: &Calendar) -> Vec<DateRange> {
        let intervals = self.terms.iter().map(|term| term.interval(calendar));
        intervals.flatten().collect()
    }

    /// The first moment let through and the first after the last one, where each is bounded: what Liquid calls
    /// `date_start` and `date_end`.
    pub fn hull(&self, calendar: &Calendar) -> DateRange {
        let intervals = self.intervals(calendar);
        let starts = intervals.iter().map(|interval| interval.start);
        let ends = intervals.iter().map(|interval| interval.end);
        DateRange {
            start: starts
                .collect::<Option<Vec<_>>>()
                .and_then(|starts| starts.into_iter().min()),
            end: ends
                .collect::<Option<Vec<_>>>()
                .and_then(|ends| ends.into_iter().max()),
        }
    }
}

impl DateTerm {
    /// None for NULL.
    pub(super) fn interval(self, calendar: &Calendar) -> Option<DateRange> {
        let present = |unit| Period::This(unit).start(calendar);
        let (start, end) = match self {
            Self::Null => return None,
            Self::NotNull => (None, None),
            Self::In(period) => {
                let start = period.start(calendar);
                (Some(start), Some(calendar.add(start, 1, period.unit())))
            }
            Self::Before(period) => (None, Some(period.start(calendar))),
            Self::After(period) => (Some(period.start(calendar)), None),
            Self::Between { start, end } => {
                (Some(start.start(calendar)), Some(end.start(calendar)))
            }
            Self::For { start, count, unit } => {
                let start = start.start(calendar);
                (
                    Some(start),
                    Some(calendar.add(start, i64::from(count), unit)),
                )
            }
            Self::Last { count, unit } => {
                let is_over = unit == TimeUnit::Second && count > 1;
                let end = calendar.add(present(unit), i64::from(!is_over), unit);
                (Some(calendar.add(end, -i64::from(count), unit)), Some(end))
            }
            Self::ThisTo { start, end } => (Some(present(start)), Some(present(end))),
        };
        Some(DateRange { start, end })
    }
}

impl Period {
    /// The unit of which it is one.
    pub fn unit(self) -> TimeUnit {
        match self {
            Self::Now | Self::Second(_) => TimeUnit::Second,
            Self::Minute(_) => TimeUnit::Minute,
            Self::Today | Self::Yesterday | Self::Tomorrow | Self::Weekday(_) | Self::Day(_) => {
                TimeUnit::Day
            }
            Self::Month(_) => TimeUnit::Month,
            Self::Quarter(_) => TimeUnit::Quarter,
            Self::Year(_) => TimeUnit::Year,
            Self::FiscalQuarter { .. } => TimeUnit::FiscalQuarter,
            Self::FiscalYear(_) => TimeUnit::FiscalYear,
            Self::This(unit) | Self::Previous(unit) | Self::Next(unit) => unit,
            Self::Ago { unit, .. } | Self::FromNow { unit, .. } => unit,
        }
    }

    /// When it begins, in local time.
    pub fn start(self, calendar: &Calendar) -> DateTime {
        let unit = self.unit();
        let from_now = |count: i64| {
            let present = calendar.truncate(calendar.local_now(), unit);
            calendar.add(present, count, unit)
        };
        match self {
            Self::Now | Self::Today | Self::This(_) => from_now(0),
            Self::Yesterday | Self::Previous(_) => from_now(-1),
            Self::Tomorrow | Self::Next(_) => from_now(1),
            Self::Weekday(weekday) => {
                let today = calendar.local_now().weekday();
                from_now(-i64::from(today.since(weekday)))
            }
            Self::Ago { count, .. } => from_now(-i64::from(count)),
            Self::FromNow { count, .. } => from_now(i64::from(count)),
            Self::Second(at) | Self::Minute(at) => calendar.truncate(at, unit),
            Self::Day(date) | Self::Month(date) | Self::Quarter(date) | Self::Year(date) => {
                calendar.truncate(date.to_datetime(Time::MIN), unit)
            }
            Self::FiscalYear(year) => calendar.fiscal_year_start(year),
            Self::FiscalQuarter { year, quarter } => {
                let start = calendar.fiscal_year_start(year);
                calendar.add(start, i64::from(quarter) - 1, unit)
            }
        }
    }
}
