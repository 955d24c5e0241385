//! Functions of dates and times, and one in the place of the other. Differences count completed units.

use super::numbers::{Integer, integer};
use super::texts;
use super::translate::{Arguments, Translator};
use super::typed::{Kind, Typed};
use crate::compile::error::Result;
use crate::compile::time::duration;
use crate::dialect::Dialect;
use crate::expression::Value;
use crate::timeframe::Interval;
use crate::token::Span;

/// No calendar goes further than so many days, hours or seconds from any of its moments.
const DAYS: i64 = 3_660_000;

impl Translator<'_, '_> {
    /// The day or the time that a value means. None: it is none.
    pub(super) fn moment_of(&self, value: &Typed) -> Option<Typed> {
        match value.kind {
            Kind::Day | Kind::Time => Some(value.clone()),
            Kind::Text => match (&value.moment, &value.constant) {
                (Some(moment), _) => Some((**moment).clone()),
                (None, Some(_)) => None,
                (None, None) => Some(texts::said_time(self.dialect(), value)),
            },
            Kind::Null | Kind::Number | Kind::YesNo => None,
        }
    }

    fn moment_needed(&self, value: &Typed, span: Span) -> Result<Typed> {
        let moment = self.moment_of(value);
        moment.ok_or_else(|| self.mismatch(span, "a date", value))
    }

    /// A time; a day is its first moment.
    pub(super) fn time(&self, value: &Typed, span: Span) -> Result<Typed> {
        let moment = self.moment_needed(value, span)?;
        if moment.kind != Kind::Day {
            return Ok(moment);
        }
        if let Some(Value::Date(date)) = &moment.constant {
            let time = Value::DateTime(date.at(0, 0, 0, 0));
            return Ok(Typed::constant(&time, self.dialect()).unwrap_or_else(Typed::null));
        }
        Ok(Typed::atom(
            Kind::Time,
            match self.dialect() {
                Dialect::DuckDb => format!("CAST({} AS TIMESTAMP)", moment.sql),
                Dialect::BigQuery => format!("DATETIME({})", moment.sql),
            },
        ))
    }

    pub(super) fn text(&self, value: &Typed, span: Span) -> Result<String> {
        match value.kind {
            Kind::Text => Ok(value.sql.clone()),
            _ => Err(self.mismatch(span, "text", value)),
        }
    }
}

/// A function of that name. None: it is none of dates.
pub(super) fn call(
    translator: &Translator<'_, '_>,
    name: &str,
    arguments: &Arguments<'_>,
) -> Result<Option<Typed>> {
    if let Some(unit) = name.strip_prefix("add_").and_then(Unit::of) {
        return add(translator, unit, arguments).map(Some);
    }
    if let Some(interval) = name.strip_prefix("diff_").and_then(Unit::of) {
        let start = translator.time(&arguments.get(0), arguments.span(0))?;
        let end = translator.time(&arguments.get(1), arguments.span(1))?;
        let (start, end) = (start.operand(), end.operand());
        let sql = duration(translator.dialect(), interval.interval(), &start, &end);
        return Ok(Some(Typed::atom(Kind::Number, sql)));
    }
    if let Some(unit) = name.strip_prefix("extract_").and_then(Unit::of) {
        let time = translator.time(&arguments.get(0), arguments.span(0))?;
        let sql = format!("EXTRACT({} FROM {})", unit.name(), time.sql);
        return Ok(Some(Typed::atom(Kind::Number, sql)));
    }
    if let Some(unit) = name.strip_prefix("trunc_").and_then(Unit::of) {
        return truncated(translator, unit, arguments).map(Some);
    }
    match name {
        "date" | "date_time" => of_parts(translator, name == "date", arguments).map(Some),
        "to_date" => {
            let value = arguments.get(0);
            match value.kind {
                Kind::Day | Kind::Time => Ok(Some(value)),
                _ => {
                    translator.text(&value, arguments.span(0))?;
                    Ok(translator.moment_of(&value))
                }
            }
        }
        _ => Ok(None),
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Unit {
    Second,
    Minute,
    Hour,
    Day,
    Month,
    Year,
}

impl Unit {
    fn of(name: &str) -> Option<Self> {
        Some(match name {
            "seconds" => Self::Second,
            "minutes" => Self::Minute,
            "hours" => Self::Hour,
            "days" => Self::Day,
            "months" => Self::Month,
            "years" => Self::Year,
            _ => return None,
        })
    }

    fn name(self) -> &'static str {
        match self {
            Self::Second => "SECOND",
            Self::Minute => "MINUTE",
            Self::Hour => "HOUR",
            Self::Day => "DAY",
            Self::Month => "MONTH",
            Self::Year => "YEAR",
        }
    }

    fn interval(self) -> Interval {
        match self {
            Self::Second => Interval::Second,
            Self::Minute => Interval::Minute,
            Self::Hour => Interval::Hour,
            Self::Day => Interval::Day,
            Self::Month => Interval::Month,
            Self::Year => Interval::Year,
        }
    }

    fn is_of_calendar(self) -> bool {
        matches!(self, Self::Day | Self::Month | Self::Year)
    }

    /// Of how many at most it makes sense to speak.
    fn most(self) -> i64 {
        match self {
            Self::Second => DAYS * 86_400,
            Self::Minute => DAYS * 1_440,
            Self::Hour => DAYS * 24,
            Self::Day => DAYS,
            Self::Month => 120_000,
            Self::Year => 10_000,
        }
    }
}

/// A day plus days is a day, plus hours it is a time. Where the month has no such day, it is its last one.
fn add(translator: &Translator<'_, '_>, unit: Unit, arguments: &Arguments<'_>) -> Result<Typed> {
    let Some(count) = integer(translator, arguments, 0)? else {
        return Ok(Typed::null());
    };
    if let Integer::Known(count) = &count
        && !(-unit.most()..=unit.most()).contains(count)
    {
        return Ok(Typed::null());
    }
    let moment = translator.moment_needed(&arguments.get(1), arguments.span(1))?;
    let moment = match unit.is_of_calendar() {
        true => moment,
        false => translator.time(&moment, arguments.span(1))?,
    };
    let sum = sum(translator.dialect(), &moment, unit, &count.sql());
    let sum = match count {
        Integer::Known(_) => sum,
        Integer::Sql(count) => {
            let most = unit.most();
            format!("CASE WHEN {count} BETWEEN -{most} AND {most} THEN {sum} END")
        }
    };
    Ok(Typed::atom(moment.kind, sum))
}

fn sum(dialect: Dialect, moment: &Typed, unit: Unit, count: &str) -> String {
    let (operand, name) = (moment.operand(), unit.name());
    match (dialect, moment.kind) {
        (Dialect::DuckDb, Kind::Day) => {
            format!("CAST({operand} + INTERVAL ({count}) {name} AS DATE)")
        }
        (Dialect::DuckDb, _) => format!("({operand} + INTERVAL ({count}) {name})"),
        (Dialect::BigQuery, Kind::Day) => format!("DATE_ADD({operand}, INTERVAL {count} {name})"),
        (Dialect::BigQuery, _) => format!("DATETIME_ADD({operand}, INTERVAL {count} {name})"),
    }
}

fn truncated(
    translator: &Translator<'_, '_>,
    unit: Unit,
    arguments: &Arguments<'_>,
) -> Result<Typed> {
    let moment = translator.moment_needed(&arguments.get(0), arguments.span(0))?;
    let name = unit.name();
    if !unit.is_of_calendar() {
        let time = translator.time(&moment, arguments.span(0))?;
        let sql = match translator.dialect() {
            Dialect::DuckDb => format!("date_trunc('{}', {})", name.to_lowercase(), time.sql),
            Dialect::BigQuery => format!("DATETIME_TRUNC({}, {name})", time.sql),
        };
        return Ok(Typed::atom(Kind::Time, sql));
    }
    let day = match (moment.kind, translator.dialect()) {
        (Kind::Day, _) => moment.sql,
        (_, Dialect::DuckDb) => format!("CAST({} AS DATE)", moment.sql),
        (_, Dialect::BigQuery) => format!("DATE({})", moment.sql),
    };
    let sql = match (unit, translator.dialect()) {
        (Unit::Day, _) => day,
        (_, Dialect::DuckDb) => {
            format!("CAST(date_trunc('{}', {day}) AS DATE)", name.to_lowercase())
        }
        (_, Dialect::BigQuery) => format!("DATE_TRUNC({day}, {name})"),
    };
    Ok(Typed::atom(Kind::Day, sql))
}

/// Null where there is no such day or time.
fn of_parts(
    translator: &Translator<'_, '_>,
    is_day: bool,
    arguments: &Arguments<'_>,
) -> Result<Typed> {
    let mut parts = Vec::new();
    for at in 0..arguments.values.len() {
        match integer(translator, arguments, at)? {
            Some(part) => parts.push(part.sql()),
            None => return Ok(Typed::null()),
        }
    }
    let count = if is_day { 3 } else { 6 };
    parts.resize(count, "0".to_owned());
    let parts = parts.join(", ");
    let (kind, name, format) = match is_day {
        true => (Kind::Day, "DATE", "%04d-%02d-%02d"),
        false => (Kind::Time, "DATETIME", "%04d-%02d-%02d %02d:%02d:%02d"),
    };
    let sql = match translator.dialect() {
        Dialect::BigQuery => format!("SAFE.{name}({parts})"),
        Dialect::DuckDb => {
            let name = if is_day { "DATE" } else { "TIMESTAMP" };
            format!("TRY_CAST(printf('{format}', {parts}) AS {name})")
        }
    };
    Ok(Typed::atom(kind, sql))
}
