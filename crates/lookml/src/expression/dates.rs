//! Functions of dates and times. Differences count completed units, as durations in SQL do.

use jiff::{
    SignedDuration, Span,
    civil::{Date, DateTime},
};

use super::{Value, rows::Arguments};
use crate::Diagnostic;

type Answer = Result<Value, Diagnostic>;

/// The moment a value means; nothing where it means none.
pub(crate) fn moment(value: &Value) -> Option<DateTime> {
    match value {
        Value::Date(date) => Some(date.at(0, 0, 0, 0)),
        Value::DateTime(datetime) => Some(*datetime),
        Value::Text(text) => moment(&read(text)?),
        _ => None,
    }
}

/// `2026`, `2026-01`, `2026-01-31`, and with an hour, a minute, a second: `2026-01-31 09:05:07.5`.
pub(crate) fn read(text: &str) -> Option<Value> {
    let text = text.trim();
    let (date, time) = match text.split_once([' ', 'T']) {
        Some((date, time)) => (date, Some(time)),
        None => (text, None),
    };
    let mut parts = date.split('-');
    let year = digits(parts.next()?, 4)?;
    let month = parts.next().map_or(Some(1), |month| digits(month, 2))?;
    let day = parts.next().map_or(Some(1), |day| digits(day, 2))?;
    let date = Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()?;
    if parts.next().is_some() {
        return None;
    }
    match time {
        None => Some(Value::Date(date)),
        Some(time) => read_time(date, time).map(Value::DateTime),
    }
}

fn read_time(date: Date, time: &str) -> Option<DateTime> {
    let (time, fraction) = time.split_once('.').unwrap_or((time, "0"));
    let mut parts = time.split(':');
    let mut part = |is_needed: bool| match parts.next() {
        Some(part) => i8::try_from(digits(part, 2)?).ok(),
        None => (!is_needed).then_some(0),
    };
    let (hour, minute, second) = (part(true)?, part(false)?, part(false)?);
    let is_fraction = !fraction.is_empty() && fraction.bytes().all(|byte| byte.is_ascii_digit());
    let nanoseconds = format!("{:0<9}", fraction.get(..fraction.len().min(9))?);
    let nanoseconds = is_fraction.then(|| nanoseconds.parse().ok()).flatten()?;
    if parts.next().is_some() {
        return None;
    }
    DateTime::new(
        date.year(),
        date.month(),
        date.day(),
        hour,
        minute,
        second,
        nanoseconds,
    )
    .ok()
}

/// Exactly that many digits.
fn digits(text: &str, count: usize) -> Option<i16> {
    let are_digits = text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit());
    are_digits.then(|| text.parse().ok()).flatten()
}

pub(super) fn now(arguments: &Arguments<'_>) -> Answer {
    Ok(Value::DateTime(arguments.context.now))
}

/// Null where there is no such day.
pub(super) fn date(arguments: &Arguments<'_>) -> Answer {
    let date = day(arguments)?;
    Ok(date.map_or(Value::Null, Value::Date))
}

fn day(arguments: &Arguments<'_>) -> Result<Option<Date>, Diagnostic> {
    let year = small::<i16>(arguments, 0)?;
    let (month, day) = (small::<i8>(arguments, 1)?, small::<i8>(arguments, 2)?);
    let parts = year.zip(month).zip(day);
    Ok(parts.and_then(|((year, month), day)| Date::new(year, month, day).ok()))
}

/// A number that must fit; zero where it was left out.
fn small<T: TryFrom<i64>>(arguments: &Arguments<'_>, at: usize) -> Result<Option<T>, Diagnostic> {
    let number = match arguments.has(at) {
        true => arguments.integer(at)?,
        false => Some(0),
    };
    Ok(number.and_then(|number| T::try_from(number).ok()))
}

pub(super) fn date_time(arguments: &Arguments<'_>) -> Answer {
    let hour = small::<i8>(arguments, 3)?;
    let (minute, second) = (small::<i8>(arguments, 4)?, small::<i8>(arguments, 5)?);
    let parts = day(arguments)?.zip(hour).zip(minute).zip(second);
    let datetime = parts.and_then(|(((date, hour), minute), second)| {
        let (year, month, day) = (date.year(), date.month(), date.day());
        DateTime::new(year, month, day, hour, minute, second, 0).ok()
    });
    Ok(datetime.map_or(Value::Null, Value::DateTime))
}

/// Null where the text says no date.
pub(super) fn to_date(arguments: &Arguments<'_>) -> Answer {
    match arguments.value(0) {
        value @ (Value::Date(_) | Value::DateTime(_)) => Ok(value.clone()),
        _ => Ok(read(arguments.text(0)?).unwrap_or(Value::Null)),
    }
}

pub(super) fn add_seconds(arguments: &Arguments<'_>) -> Answer {
    add_time(arguments, 1)
}

pub(super) fn add_minutes(arguments: &Arguments<'_>) -> Answer {
    add_time(arguments, 60)
}

pub(super) fn add_hours(arguments: &Arguments<'_>) -> Answer {
    add_time(arguments, 3600)
}

/// A day plus hours is a time.
fn add_time(arguments: &Arguments<'_>, seconds: i64) -> Answer {
    let (count, moment) = (arguments.integer(0)?, arguments.moment(1)?);
    let seconds = count.and_then(|count| count.checked_mul(seconds));
    let sum = seconds.and_then(|seconds| {
        let duration = SignedDuration::from_secs(seconds);
        moment.checked_add(duration).ok()
    });
    Ok(sum.map_or(Value::Null, Value::DateTime))
}

pub(super) fn add_days(arguments: &Arguments<'_>) -> Answer {
    add_calendar(arguments, |count| Span::new().try_days(count).ok())
}

/// The last day of the month where the month has no such day.
pub(super) fn add_months(arguments: &Arguments<'_>) -> Answer {
    add_calendar(arguments, |count| Span::new().try_months(count).ok())
}

pub(super) fn add_years(arguments: &Arguments<'_>) -> Answer {
    add_calendar(arguments, |count| Span::new().try_years(count).ok())
}

/// A day stays a day, a time stays a time.
fn add_calendar(arguments: &Arguments<'_>, span: fn(i64) -> Option<Span>) -> Answer {
    let (count, moment) = (arguments.integer(0)?, arguments.moment(1)?);
    let sum = count
        .and_then(span)
        .and_then(|span| moment.checked_add(span).ok());
    Ok(sum.map_or(Value::Null, |sum| like(arguments.value(1), sum)))
}

/// A day where the value is one.
fn like(value: &Value, datetime: DateTime) -> Value {
    let is_date = match value {
        Value::Text(text) => matches!(read(text), Some(Value::Date(_))),
        value => matches!(value, Value::Date(_)),
    };
    match is_date {
        true => Value::Date(datetime.date()),
        false => Value::DateTime(datetime),
    }
}

pub(super) fn diff_seconds(arguments: &Arguments<'_>) -> Answer {
    diff_time(arguments, 1)
}

pub(super) fn diff_minutes(arguments: &Arguments<'_>) -> Answer {
    diff_time(arguments, 60)
}

pub(super) fn diff_hours(arguments: &Arguments<'_>) -> Answer {
    diff_time(arguments, 3600)
}

pub(super) fn diff_days(arguments: &Arguments<'_>) -> Answer {
    diff_time(arguments, 86_400)
}

fn diff_time(arguments: &Arguments<'_>, unit: i64) -> Answer {
    let (start, end) = (arguments.moment(0)?, arguments.moment(1)?);
    Ok(whole(end.duration_since(start).as_secs() / unit))
}

pub(super) fn diff_months(arguments: &Arguments<'_>) -> Answer {
    let (start, end) = (arguments.moment(0)?, arguments.moment(1)?);
    Ok(whole(months(start, end)))
}

pub(super) fn diff_years(arguments: &Arguments<'_>) -> Answer {
    let (start, end) = (arguments.moment(0)?, arguments.moment(1)?);
    Ok(whole(months(start, end) / 12))
}

/// A month is complete when the end is as far in its month as the start was. Backwards mirrors forwards.
fn months(start: DateTime, end: DateTime) -> i64 {
    if end < start {
        return -months(end, start);
    }
    let month = |moment: DateTime| i64::from(moment.year()) * 12 + i64::from(moment.month());
    let is_incomplete = (end.day(), end.time()) < (start.day(), start.time());
    month(end) - month(start) - i64::from(is_incomplete)
}

/// Seconds between any two moments of the calendar are far from where doubles have gaps.
fn whole(count: i64) -> Value {
    #[expect(clippy::cast_precision_loss, reason = "far below 2^53")]
    Value::Number(count as f64)
}

fn extract(arguments: &Arguments<'_>, part: fn(DateTime) -> i16) -> Answer {
    let part = part(arguments.moment(0)?);
    Ok(Value::Number(f64::from(part)))
}

pub(super) fn extract_seconds(arguments: &Arguments<'_>) -> Answer {
    extract(arguments, |moment| moment.second().into())
}

pub(super) fn extract_minutes(arguments: &Arguments<'_>) -> Answer {
    extract(arguments, |moment| moment.minute().into())
}

pub(super) fn extract_hours(arguments: &Arguments<'_>) -> Answer {
    extract(arguments, |moment| moment.hour().into())
}

pub(super) fn extract_days(arguments: &Arguments<'_>) -> Answer {
    extract(arguments, |moment| moment.day().into())
}

pub(super) fn extract_months(arguments: &Arguments<'_>) -> Answer {
    extract(arguments, |moment| moment.month().into())
}

pub(super) fn extract_years(arguments: &Arguments<'_>) -> Answer {
    extract(arguments, DateTime::year)
}

pub(super) fn trunc_minutes(arguments: &Arguments<'_>) -> Answer {
    let moment = arguments.moment(0)?;
    let start = moment.date().at(moment.hour(), moment.minute(), 0, 0);
    Ok(Value::DateTime(start))
}

pub(super) fn trunc_hours(arguments: &Arguments<'_>) -> Answer {
    let moment = arguments.moment(0)?;
    Ok(Value::DateTime(moment.date().at(moment.hour(), 0, 0, 0)))
}

pub(super) fn trunc_days(arguments: &Arguments<'_>) -> Answer {
    Ok(Value::Date(arguments.moment(0)?.date()))
}

pub(super) fn trunc_months(arguments: &Arguments<'_>) -> Answer {
    Ok(Value::Date(arguments.moment(0)?.date().first_of_month()))
}

pub(super) fn trunc_years(arguments: &Arguments<'_>) -> Answer {
    Ok(Value::Date(arguments.moment(0)?.date().first_of_year()))
}
