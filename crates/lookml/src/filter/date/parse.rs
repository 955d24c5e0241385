//! Text to the terms of dates.

use jiff::civil::{Date, DateTime, Time, Weekday};

use super::{DateFilter, DateTerm, Period, weekday_name};
use crate::calendar::TimeUnit;
use crate::filter::FilterError;
use crate::filter::cursor::Cursor;

/// ```text
/// expr   = term { "," term } ;
/// term   = "NULL" | "NOT" "NULL" | ( "before" | "after" ) ( period | span ) | "this" unit "to" unit
///        | period [ "to" period | "for" span ] | [ "last" ] span ;
/// period = point | ( "this" | "last" | "next" ) unit | [ "last" ] span "ago" | span "from" "now" ;
/// point  = YYYY | YYYY-MM | YYYY-MM-DD [ hh:mm [ :ss ] ] | YYYY-Qn | FYYYYY | FYYYYY-Qn
///        | "now" | "today" | "yesterday" | "tomorrow" | weekday ;
/// span   = number unit ;
/// unit   = "second" | "minute" | "hour" | "day" | "week" | "month" | [ "fiscal" ] ( "quarter" | "year" ) ;
/// ```
///
/// Units may have an s; `/` divides dates as `-` does.
pub(in crate::filter) fn parse(cursor: &mut Cursor<'_>) -> Result<DateFilter, FilterError> {
    let mut filter = DateFilter::default();
    cursor.list(|cursor| {
        filter.terms.push(term(cursor)?);
        Ok(())
    })?;
    Ok(filter)
}

/// What most terms begin with.
enum Head {
    Period(Period),
    /// A span by itself.
    Span {
        count: u32,
        unit: TimeUnit,
    },
}

fn term(cursor: &mut Cursor<'_>) -> Result<DateTerm, FilterError> {
    if cursor.accept_word("null") {
        return Ok(DateTerm::Null);
    }
    if cursor.accept_word("not") {
        return match cursor.accept_word("null") {
            true => Ok(DateTerm::NotNull),
            false => Err(cursor.expected("`null`")),
        };
    }
    if cursor.accept_word("before") {
        return Ok(DateTerm::Before(period_or_span_ago(cursor)?));
    }
    if cursor.accept_word("after") {
        return Ok(DateTerm::After(period_or_span_ago(cursor)?));
    }
    match head(cursor)? {
        Head::Span { count, unit } => Ok(DateTerm::Last { count, unit }),
        Head::Period(start) => after_period(cursor, start),
    }
}

fn after_period(cursor: &mut Cursor<'_>, start: Period) -> Result<DateTerm, FilterError> {
    if cursor.accept_word("for") {
        return match span(cursor)? {
            Some((count, unit)) => Ok(DateTerm::For { start, count, unit }),
            None => Err(cursor.expected("a time span such as `7 days`")),
        };
    }
    if !cursor.accept_word("to") {
        return Ok(DateTerm::In(start));
    }
    if let Period::This(start) = start
        && let Some(end) = accept_unit(cursor)
    {
        return Ok(DateTerm::ThisTo { start, end });
    }
    let position = cursor.position();
    match head(cursor)? {
        Head::Period(end) => Ok(DateTerm::Between { start, end }),
        Head::Span { .. } => Err(FilterError::new(position, "expected a date after `to`")),
    }
}

fn period_or_span_ago(cursor: &mut Cursor<'_>) -> Result<Period, FilterError> {
    Ok(match head(cursor)? {
        Head::Period(period) => period,
        Head::Span { count, unit } => Period::Ago { count, unit },
    })
}

fn head(cursor: &mut Cursor<'_>) -> Result<Head, FilterError> {
    if cursor.accept_word("this") {
        return expect_unit(cursor).map(|unit| Head::Period(Period::This(unit)));
    }
    if cursor.accept_word("next") {
        return expect_unit(cursor).map(|unit| Head::Period(Period::Next(unit)));
    }
    let has_last = cursor.accept_word("last");
    if let Some((count, unit)) = span(cursor)? {
        return Ok(if cursor.accept_word("ago") {
            Head::Period(Period::Ago { count, unit })
        } else if !has_last && accept_from_now(cursor) {
            Head::Period(Period::FromNow { count, unit })
        } else {
            Head::Span { count, unit }
        });
    }
    if has_last {
        return expect_unit(cursor).map(|unit| Head::Period(Period::Previous(unit)));
    }
    point(cursor).map(Head::Period)
}

fn accept_from_now(cursor: &mut Cursor<'_>) -> bool {
    let start = cursor.position();
    let is_next = cursor.accept_word("from") && cursor.accept_word("now");
    if !is_next {
        cursor.return_to(start);
    }
    is_next
}

/// A number and a unit. A number without a unit may be a year.
fn span(cursor: &mut Cursor<'_>) -> Result<Option<(u32, TimeUnit)>, FilterError> {
    let start = cursor.position();
    let digits = cursor.peek_word();
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Ok(None);
    }
    cursor.accept_word(digits);
    let Some(unit) = accept_unit(cursor) else {
        cursor.return_to(start);
        return Ok(None);
    };
    match digits.parse() {
        Ok(count) => Ok(Some((count, unit))),
        Err(_) => Err(FilterError::new(start, "the number is too large")),
    }
}

fn expect_unit(cursor: &mut Cursor<'_>) -> Result<TimeUnit, FilterError> {
    accept_unit(cursor).ok_or_else(|| cursor.expected("a unit such as `day` or `fiscal quarter`"))
}

fn accept_unit(cursor: &mut Cursor<'_>) -> Option<TimeUnit> {
    let start = cursor.position();
    let is_fiscal = cursor.accept_word("fiscal");
    let word = cursor.peek_word();
    let name = word.strip_suffix(['s', 'S']).unwrap_or(word);
    let unit = TimeUnit::ALL
        .into_iter()
        .find(|unit| unit.name().eq_ignore_ascii_case(name));
    let unit = match (is_fiscal, unit) {
        (false, unit) => unit,
        (true, Some(TimeUnit::Quarter)) => Some(TimeUnit::FiscalQuarter),
        (true, Some(TimeUnit::Year)) => Some(TimeUnit::FiscalYear),
        (true, _) => None,
    };
    match unit {
        Some(_) => cursor.accept_word(word),
        None => {
            cursor.return_to(start);
            false
        }
    };
    unit
}

fn point(cursor: &mut Cursor<'_>) -> Result<Period, FilterError> {
    const WORDS: [(&str, Period); 4] = [
        ("now", Period::Now),
        ("today", Period::Today),
        ("yesterday", Period::Yesterday),
        ("tomorrow", Period::Tomorrow),
    ];
    if let Some((_, period)) = WORDS.iter().find(|(word, _)| cursor.accept_word(word)) {
        return Ok(*period);
    }
    let mut weekdays = Weekday::Monday.cycle_forward().take(7);
    if let Some(weekday) = weekdays.find(|weekday| cursor.accept_word(weekday_name(*weekday))) {
        return Ok(Period::Weekday(weekday));
    }
    let chunk = cursor.peek_chunk();
    let period = date(chunk).map_err(|expected| cursor.expected(expected))?;
    cursor.advance_bytes(chunk.len());
    cursor.skip_space();
    match period {
        Period::Day(date) if cursor.peek_chunk().contains(':') => time(cursor, date),
        period => Ok(period),
    }
}

/// A year, or a part of one; otherwise what it should have been.
fn date(chunk: &str) -> Result<Period, &'static str> {
    const DATE: &str = "a date, or a time span such as `7 days`";
    let mut parts = chunk.split(['-', '/']);
    let first = parts.next().unwrap_or_default();
    let rest = (parts.next(), parts.next(), parts.next());
    let fiscal = first
        .get(..2)
        .filter(|prefix| prefix.eq_ignore_ascii_case("fy"));
    let year = first.get(fiscal.map_or(0, str::len)..).unwrap_or_default();
    let year = digits(year, 4).filter(|year| *year > 0).ok_or(DATE)?;
    match (fiscal, rest) {
        (Some(_), (None, _, _)) => Ok(Period::FiscalYear(year)),
        (Some(_), (Some(part), None, _)) => {
            let quarter = quarter(part).ok_or("a quarter such as `FY2026-Q3`")?;
            Ok(Period::FiscalQuarter { year, quarter })
        }
        (None, (None, _, _)) => day(year, 1, 1).map(Period::Year),
        (None, (Some(part), None, _)) => match quarter(part) {
            Some(quarter) => day(year, quarter * 3 - 2, 1).map(Period::Quarter),
            None => day(year, two_digits(part)?, 1).map(Period::Month),
        },
        (None, (Some(month), Some(date), None)) => {
            day(year, two_digits(month)?, two_digits(date)?).map(Period::Day)
        }
        _ => Err(DATE),
    }
}

fn day(year: i16, month: i8, day: i8) -> Result<Date, &'static str> {
    Date::new(year, month, day).map_err(|_| "a date that the calendar has")
}

fn two_digits(part: &str) -> Result<i8, &'static str> {
    let number = digits(part, 2).and_then(|number| i8::try_from(number).ok());
    number.ok_or(match part.as_bytes() {
        [b'W' | b'w', ..] => "the first day of a week, such as `2026-03-02 for 7 days`",
        [_, _, b'T' | b't', ..] => "a day, a space and a time, such as `2026-03-08 10:00`",
        _ => "a month and a day of two digits",
    })
}

fn quarter(part: &str) -> Option<i8> {
    match part.strip_prefix(['q', 'Q'])? {
        "1" => Some(1),
        "2" => Some(2),
        "3" => Some(3),
        "4" => Some(4),
        _ => None,
    }
}

fn digits(text: &str, count: usize) -> Option<i16> {
    let is_number = text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| is_number)
}

fn time(cursor: &mut Cursor<'_>, date: Date) -> Result<Period, FilterError> {
    let chunk = cursor.peek_chunk();
    let mut parts = chunk.split(':');
    let mut number = || parts.next().map(two_digits);
    let period = match (number(), number(), number(), number()) {
        (Some(Ok(hour)), Some(Ok(minute)), None, _) => {
            at(date, hour, minute, 0).map(Period::Minute)
        }
        (Some(Ok(hour)), Some(Ok(minute)), Some(Ok(second)), None) => {
            at(date, hour, minute, second).map(Period::Second)
        }
        _ => None,
    };
    let period = period.ok_or_else(|| cursor.expected("a time such as `06:30`"))?;
    cursor.advance_bytes(chunk.len());
    cursor.skip_space();
    Ok(period)
}

fn at(date: Date, hour: i8, minute: i8, second: i8) -> Option<DateTime> {
    let time = Time::new(hour, minute, second, 0).ok()?;
    Some(date.to_datetime(time))
}
