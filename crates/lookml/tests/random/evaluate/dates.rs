//! Date filters: the half-open intervals that their terms mean.

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp, ToSpan};

use crate::model::field::Unit;
use crate::model::filter::{Bound, DateTerm, Point};

/// What the meaning of a time depends on.
#[derive(Debug, Clone)]
pub(crate) struct Clock {
    pub now: Timestamp,
    pub query_zone: TimeZone,
    pub database_zone: TimeZone,
    /// Days after Sunday.
    pub week_start: i8,
    pub fiscal_offset: i32,
}

/// From the first up to, but without, the second, in the query's time zone.
pub(crate) type Interval = (Option<DateTime>, Option<DateTime>);

impl Clock {
    /// The moment of the query, as the clock on the wall shows it.
    pub(crate) fn wall(&self) -> DateTime {
        let wall = self
            .now
            .to_zoned_datetime(self.query_zone.clone())
            .datetime();
        trunc(self, wall, Unit::Second)
    }

    /// A time of the database as the query's time zone shows it.
    pub(crate) fn to_query(&self, time: DateTime) -> DateTime {
        if self.database_zone == self.query_zone {
            return time;
        }
        let zoned = time
            .to_zoned_datetime(self.database_zone.clone())
            .expect("a time of our time");
        zoned.with_time_zone(self.query_zone.clone()).datetime()
    }

    /// A bound of the query's time zone as the database has it.
    pub(crate) fn to_database(&self, time: DateTime) -> DateTime {
        if self.database_zone == self.query_zone {
            return time;
        }
        let zoned = time
            .to_zoned_datetime(self.query_zone.clone())
            .expect("a time of our time");
        zoned.with_time_zone(self.database_zone.clone()).datetime()
    }
}

/// The start of the unit that a time is in.
pub(crate) fn trunc(clock: &Clock, time: DateTime, unit: Unit) -> DateTime {
    let date = time.date();
    let midnight = |date: Date| date.to_datetime(Time::midnight());
    match unit {
        Unit::Second => at(date, time.hour(), time.minute(), time.second()),
        Unit::Minute => at(date, time.hour(), time.minute(), 0),
        Unit::Hour => at(date, time.hour(), 0, 0),
        Unit::Day => midnight(date),
        Unit::Week => {
            let back = (date.weekday().to_sunday_zero_offset() - clock.week_start).rem_euclid(7);
            midnight(date - i32::from(back).days())
        }
        Unit::Month => midnight(date.first_of_month()),
        Unit::Quarter => {
            let back = (i32::from(date.month()) - 1) % 3;
            midnight(date.first_of_month() - back.months())
        }
        Unit::Year => midnight(date.first_of_year()),
        Unit::FiscalQuarter => fiscal_trunc(clock, date, 3),
        Unit::FiscalYear => fiscal_trunc(clock, date, 12),
    }
}

fn at(date: Date, hour: i8, minute: i8, second: i8) -> DateTime {
    date.at(hour, minute, second, 0)
}

fn fiscal_trunc(clock: &Clock, date: Date, months: i32) -> DateTime {
    let month = i32::from(date.month()) - 1;
    let back = (month - clock.fiscal_offset).rem_euclid(months);
    (date.first_of_month() - back.months()).to_datetime(Time::midnight())
}

fn span(count: i64, unit: Unit) -> Span {
    match unit {
        Unit::Second => count.seconds(),
        Unit::Minute => count.minutes(),
        Unit::Hour => count.hours(),
        Unit::Day => count.days(),
        Unit::Week => count.weeks(),
        Unit::Month => count.months(),
        Unit::Quarter | Unit::FiscalQuarter => (count * 3).months(),
        Unit::Year | Unit::FiscalYear => count.years(),
    }
}

pub(crate) fn add(time: DateTime, count: i64, unit: Unit) -> DateTime {
    time.checked_add(span(count, unit))
        .expect("a time of our time")
}

/// What a term means. NULL terms mean none.
pub(crate) fn interval(clock: &Clock, term: &DateTerm) -> Option<Interval> {
    let now = clock.wall();
    let start_of = |count: i64, unit: Unit| add(trunc(clock, now, unit), count, unit);
    let whole = |start: DateTime, unit: Unit| (Some(start), Some(add(start, 1, unit)));
    let found = match term {
        DateTerm::Null | DateTerm::NotNull => return None,
        DateTerm::Point(point) => whole(start(clock, point), length(point)),
        DateTerm::Last(count, Unit::Second, _) if *count > 1 => {
            (Some(add(now, -count, Unit::Second)), Some(now))
        }
        DateTerm::Last(count, unit, _) => {
            (Some(start_of(1 - count, *unit)), Some(start_of(1, *unit)))
        }
        DateTerm::Ago(count, unit) => whole(start_of(-count, *unit), *unit),
        DateTerm::FromNow(count, unit) => whole(start_of(*count, *unit), *unit),
        DateTerm::Relative(shift, unit) => whole(start_of(*shift, *unit), *unit),
        DateTerm::AgoFor(count, unit, length, of) => {
            let start = start_of(-count, *unit);
            (Some(start), Some(add(start, *length, *of)))
        }
        DateTerm::FromNowFor(count, unit, length, of) => {
            let start = start_of(*count, *unit);
            (Some(start), Some(add(start, *length, *of)))
        }
        DateTerm::ThisTo(from, to) => {
            (Some(trunc(clock, now, *from)), Some(trunc(clock, now, *to)))
        }
        DateTerm::Before(bound) => (None, Some(bound_start(clock, bound))),
        DateTerm::After(bound) => (Some(bound_start(clock, bound)), None),
        DateTerm::Between(from, to) => (Some(start(clock, from)), Some(start(clock, to))),
        DateTerm::PointFor(point, count, unit) => {
            let start = start(clock, point);
            (Some(start), Some(add(start, *count, *unit)))
        }
    };
    Some(found)
}

fn bound_start(clock: &Clock, bound: &Bound) -> DateTime {
    let now = clock.wall();
    let start_of = |count: i64, unit: Unit| add(trunc(clock, now, unit), count, unit);
    match bound {
        Bound::Point(point) => start(clock, point),
        Bound::Ago(count, unit, _) => start_of(-count, *unit),
        Bound::FromNow(count, unit) | Bound::Relative(count, unit) => start_of(*count, *unit),
    }
}

/// Where a point starts.
pub(crate) fn start(clock: &Clock, point: &Point) -> DateTime {
    let day = |year: i16, month: i8, day: i8| {
        Date::constant(year, month, day).to_datetime(Time::midnight())
    };
    let fiscal = |year: i16, month: i64| {
        add(
            day(year, 1, 1),
            month + i64::from(clock.fiscal_offset),
            Unit::Month,
        )
    };
    let today = trunc(clock, clock.wall(), Unit::Day);
    match *point {
        Point::Year(year) => day(year, 1, 1),
        Point::Month(year, month) => day(year, month, 1),
        Point::Day(year, month, of, _) => day(year, month, of),
        Point::Minute(year, month, of, hour, minute) => {
            at(Date::constant(year, month, of), hour, minute, 0)
        }
        Point::Second(year, month, of, hour, minute, second) => {
            at(Date::constant(year, month, of), hour, minute, second)
        }
        Point::Quarter(year, quarter) => day(year, quarter * 3 - 2, 1),
        Point::FiscalYear(year) => fiscal(year, 0),
        Point::FiscalQuarter(year, quarter) => fiscal(year, i64::from(quarter) * 3 - 3),
        Point::Today => today,
        Point::Yesterday => add(today, -1, Unit::Day),
        Point::Tomorrow => add(today, 1, Unit::Day),
        Point::Weekday(weekday) => {
            let back = (today.weekday().to_sunday_zero_offset() - weekday).rem_euclid(7);
            add(today, -i64::from(back), Unit::Day)
        }
    }
}

fn length(point: &Point) -> Unit {
    match point {
        Point::Year(_) => Unit::Year,
        Point::Month(..) => Unit::Month,
        Point::Minute(..) => Unit::Minute,
        Point::Second(..) => Unit::Second,
        Point::Quarter(..) => Unit::Quarter,
        Point::FiscalYear(_) => Unit::FiscalYear,
        Point::FiscalQuarter(..) => Unit::FiscalQuarter,
        Point::Day(..) | Point::Today | Point::Yesterday | Point::Tomorrow | Point::Weekday(_) => {
            Unit::Day
        }
    }
}
