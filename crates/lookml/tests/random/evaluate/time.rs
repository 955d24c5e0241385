//! Timeframes and durations, by their definitions.

use jiff::ToSpan;
use jiff::civil::{Date, DateTime, Time};

use crate::evaluate::dates::{Clock, trunc};
use crate::model::field::{Datatype, Frame, TimeSource, Unit};
use crate::model::filter::WEEKDAYS;
use crate::value::Value;

pub(crate) const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// What a column holds as a time in the database's time zone.
pub(crate) fn stored(value: &Value, datatype: Datatype) -> Option<DateTime> {
    match (value, datatype) {
        (Value::Time(time), _) => Some(*time),
        (Value::Date(date), _) => Some(date.to_datetime(Time::midnight())),
        (Value::Number(number), Datatype::Epoch) => Some(
            Date::constant(1970, 1, 1).to_datetime(Time::midnight()) + (*number as i64).seconds(),
        ),
        (Value::Number(number), Datatype::Yyyymmdd) => {
            let number = *number as i64;
            let date = Date::new(
                (number / 10_000) as i16,
                (number / 100 % 100) as i8,
                (number % 100) as i8,
            );
            Some(date.expect("a day").to_datetime(Time::midnight()))
        }
        _ => None,
    }
}

/// A timeframe's value.
pub(crate) fn frame(clock: &Clock, frame: Frame, source: &TimeSource, value: &Value) -> Value {
    if frame == Frame::YesNo {
        return Value::Bool(!value.is_null());
    }
    let Some(time) = stored(value, source.datatype) else {
        return Value::Null;
    };
    if frame == Frame::Raw {
        return Value::Time(time);
    }
    let moves = source.convert_tz && !source.datatype.is_day();
    let local = if moves { clock.to_query(time) } else { time };
    of_local(clock, frame, local)
}

pub(crate) fn of_local(clock: &Clock, frame: Frame, local: DateTime) -> Value {
    let shown = |format: &str| Value::text(local.strftime(format).to_string());
    let date = local.date();
    let month = i64::from(date.month());
    match frame {
        Frame::Raw | Frame::YesNo => unreachable!("handled before"),
        Frame::Time | Frame::Second => shown("%Y-%m-%d %H:%M:%S"),
        Frame::Date => Value::Date(date),
        Frame::Week => Value::Date(trunc(clock, local, Unit::Week).date()),
        Frame::Month => shown("%Y-%m"),
        Frame::Quarter => Value::text(
            trunc(clock, local, Unit::Quarter)
                .strftime("%Y-%m")
                .to_string(),
        ),
        Frame::Year => Value::whole(date.year().into()),
        Frame::Hour(1) => shown("%Y-%m-%d %H"),
        Frame::Hour(hours) => {
            let hour = local.hour() - local.hour() % hours;
            Value::text(format!("{date} {hour:02}:00:00"))
        }
        Frame::Minute(minutes) => {
            let minute = local.minute() - local.minute() % minutes;
            Value::text(format!("{date} {:02}:{minute:02}", local.hour()))
        }
        Frame::TimeOfDay => shown("%H:%M"),
        Frame::HourOfDay => Value::whole(local.hour().into()),
        Frame::DayOfWeek => Value::text(WEEKDAYS[weekday(date) as usize]),
        Frame::DayOfWeekIndex => {
            Value::whole((weekday(date) - clock.week_start).rem_euclid(7).into())
        }
        Frame::DayOfMonth => Value::whole(date.day().into()),
        Frame::DayOfYear => Value::whole(date.day_of_year().into()),
        Frame::WeekOfYear => Value::whole(date.iso_week_date().week().into()),
        Frame::MonthNum => Value::whole(month),
        Frame::MonthName => Value::text(MONTHS[month as usize - 1]),
        Frame::QuarterOfYear => Value::text(format!("Q{}", (month + 2) / 3)),
        Frame::FiscalMonthNum => Value::whole(fiscal(clock, date).1),
        Frame::FiscalQuarter => {
            let (year, month) = fiscal(clock, date);
            Value::text(format!("FY{year}-Q{}", (month + 2) / 3))
        }
        Frame::FiscalQuarterOfYear => Value::text(format!("Q{}", (fiscal(clock, date).1 + 2) / 3)),
        Frame::FiscalYear => Value::text(format!("FY{}", fiscal(clock, date).0)),
    }
}

fn weekday(date: Date) -> i8 {
    date.weekday().to_sunday_zero_offset()
}

/// Fiscal year and the month in it, from 1.
fn fiscal(clock: &Clock, date: Date) -> (i64, i64) {
    let months = i64::from(date.year()) * 12 + i64::from(date.month()) - 1;
    let shifted = months - i64::from(clock.fiscal_offset);
    (shifted.div_euclid(12), shifted.rem_euclid(12) + 1)
}

/// What a frame sorts by, where that is not its value.
pub(crate) fn frame_order(clock: &Clock, frame: Frame, shown: &Value) -> Value {
    let position = |names: &[&str]| match shown {
        Value::Text(text) => names.iter().position(|name| name == text),
        _ => None,
    };
    match frame {
        Frame::MonthName => {
            position(&MONTHS).map_or(Value::Null, |month| Value::whole(month as i64))
        }
        Frame::DayOfWeek => position(&WEEKDAYS).map_or(Value::Null, |day| {
            Value::whole((day as i64 - i64::from(clock.week_start)).rem_euclid(7))
        }),
        _ => shown.clone(),
    }
}

/// Completed units from start to end.
pub(crate) fn duration(unit: Unit, start: &Value, end: &Value) -> Value {
    let (Some(start), Some(end)) = (
        stored(start, Datatype::Timestamp),
        stored(end, Datatype::Timestamp),
    ) else {
        return Value::Null;
    };
    if end < start {
        return Value::whole(-completed(unit, end, start));
    }
    Value::whole(completed(unit, start, end))
}

fn completed(unit: Unit, start: DateTime, end: DateTime) -> i64 {
    let seconds = end.duration_since(start).as_secs();
    match unit {
        Unit::Second => seconds,
        Unit::Minute => seconds / 60,
        Unit::Hour => seconds / 3600,
        Unit::Day => seconds / 86_400,
        Unit::Week => seconds / 86_400 / 7,
        Unit::Month => months(start, end),
        Unit::Quarter | Unit::FiscalQuarter => months(start, end) / 3,
        Unit::Year | Unit::FiscalYear => months(start, end) / 12,
    }
}

fn months(start: DateTime, end: DateTime) -> i64 {
    let count = |time: DateTime| i64::from(time.year()) * 12 + i64::from(time.month());
    let into_month = |time: DateTime| (time.day(), time.hour(), time.minute(), time.second());
    let whole = count(end) - count(start);
    if into_month(end) < into_month(start) {
        whole - 1
    } else {
        whole
    }
}
