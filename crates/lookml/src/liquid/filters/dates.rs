//! Dates as text.

use jiff::civil::{Date, DateTime};
use jiff::fmt::strtime;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ZonedDateTime};

use super::Call;
use crate::liquid::context::Problem;
use crate::liquid::number::Number;
use crate::liquid::number::number;
use crate::liquid::value::Value;

/// How a date may be written, beside the ISO forms.
const FORMS: [&str; 6] = [
    "%Y/%m/%d %H:%M:%S",
    "%Y-%m-%d %H:%M",
    "%Y/%m/%d",
    "%B %d, %Y",
    "%b %d, %Y",
    "%d %B %Y",
];

/// What is no date stays as it is, as in Ruby.
pub(super) fn date(call: Call<'_>) -> Result<Value, Problem> {
    let format = call.argument_text(0);
    let Some(date) = parsed(call).filter(|_| !format.trim().is_empty()) else {
        return Ok(call.input.clone());
    };
    let wrong = |_| Problem::failed(format!("`{format}` is no format of a date"));
    let zoned: ZonedDateTime = date.to_zoned_datetime(TimeZone::UTC).map_err(wrong)?;
    let written = strtime::format(milliseconds(&format), &zoned).map_err(wrong)?;
    Ok(Value::String(written))
}

/// Ruby has a letter for thousandths, jiff a width.
fn milliseconds(format: &str) -> String {
    format.replace("%L", "%3f")
}

fn parsed(call: Call<'_>) -> Option<DateTime> {
    if let Value::Integer(_) | Value::Float(_) = call.input {
        return since_1970(number(call.input));
    }
    let Value::String(text) = call.input else {
        return None;
    };
    let text = text.trim();
    match text {
        "now" | "today" => return Some(call.context.now()),
        _ if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) => {
            return since_1970(number(call.input));
        }
        _ => {}
    }
    // `2026-11`
    let first = || format!("{text}-01").parse::<Date>().ok();
    let as_written = |date: Date| date.to_datetime(jiff::civil::Time::midnight());
    let zoneless = text.strip_suffix(" UTC").or(text.strip_suffix(['Z', 'z']));
    let zoneless = zoneless.unwrap_or(text);
    let iso = zoneless.parse::<DateTime>().ok();
    iso.or_else(|| FORMS.iter().find_map(|form| in_form(form, zoneless)))
        .or_else(|| first().map(as_written))
}

fn in_form(form: &str, text: &str) -> Option<DateTime> {
    let broken_down = strtime::parse(form, text).ok()?;
    let date = broken_down.to_date().ok()?;
    let time = broken_down.to_time().unwrap_or_default();
    Some(date.to_datetime(time))
}

/// Seconds.
fn since_1970(seconds: Number) -> Option<DateTime> {
    let timestamp = Timestamp::from_second(seconds.truncated()).ok()?;
    Some(timestamp.to_zoned_datetime(TimeZone::UTC).datetime())
}
