//! Times in their frames, and the units between two of them, in SQL.

use jiff::civil::Weekday;

use super::zone::Zones;
use crate::calendar::Calendar;
use crate::dialect::Dialect;
use crate::filter::Datatype;
use crate::timeframe::{Interval, Timeframe, Truncation, Unit};

/// A time in SQL, ready to be cut into frames.
pub(super) struct Moment<'a> {
    dialect: Dialect,
    calendar: &'a Calendar,
    /// The time as a timestamp in the zone of the database.
    stamp: String,
    /// DuckDB: the same on the clock of the query. BigQuery: the same as `stamp`.
    local: String,
    /// BigQuery: the zone that functions get, after a comma.
    zone: String,
}

/// A column that holds times.
pub(super) struct Column<'a> {
    /// Its SQL, in parentheses where it needs them.
    pub(super) sql: &'a str,
    pub(super) datatype: Datatype,
    /// Whether it is shown on the clock of the query.
    pub(super) is_converted: bool,
}

impl<'a> Moment<'a> {
    pub(super) fn new(
        column: &Column<'_>,
        dialect: Dialect,
        calendar: &'a Calendar,
        zones: &Zones,
    ) -> Self {
        let has_days = matches!(column.datatype, Datatype::Date | Datatype::YyyyMmDd);
        let is_converted = column.is_converted && !has_days && calendar.has_two_zones();
        let stamp = match dialect {
            Dialect::DuckDb => duckdb_stamp(column),
            Dialect::BigQuery => bigquery_stamp(column, is_converted, calendar),
        };
        let is_utc = column.datatype == Datatype::Epoch;
        let (local, zone) = match (dialect, is_converted) {
            (Dialect::DuckDb, true) => (zones.to_query(&stamp, is_utc, calendar), String::new()),
            (Dialect::BigQuery, true) => {
                let name = calendar.query_timezone.iana_name().unwrap_or("UTC");
                (stamp.clone(), dialect.string(name))
            }
            (_, false) => (stamp.clone(), String::new()),
        };
        Self {
            dialect,
            calendar,
            stamp,
            local,
            zone,
        }
    }

    /// As the frame shows it. What is a condition comes as one.
    pub(super) fn shown(&self, frame: Timeframe) -> String {
        match frame {
            Timeframe::Raw => self.stamp.clone(),
            Timeframe::YesNo => format!("{} IS NOT NULL", self.stamp),
            _ => match self.dialect {
                Dialect::DuckDb => self.duckdb(frame),
                Dialect::BigQuery => self.bigquery(frame),
            },
        }
    }

    /// Cut to its frame, as a timestamp on the clock of the database. None: the frame comes again.
    pub(super) fn truncated(&self, frame: Timeframe) -> Option<String> {
        if frame == Timeframe::Raw {
            return Some(self.stamp.clone());
        }
        let truncation = frame.truncation()?;
        Some(match self.dialect {
            Dialect::DuckDb => self.duckdb_truncated(&self.stamp, truncation),
            Dialect::BigQuery => self.bigquery_truncated(truncation, ""),
        })
    }

    /// Cut to its frame, as a time without a zone on the clock of the query. None: the frame comes again.
    pub(super) fn civil(&self, frame: Timeframe) -> Option<String> {
        let truncation = match frame {
            Timeframe::Raw => None,
            frame => Some(frame.truncation()?),
        };
        Some(match (self.dialect, truncation) {
            (Dialect::DuckDb, None) => self.stamp.clone(),
            (Dialect::DuckDb, Some(truncation)) => self.duckdb_truncated(&self.local, truncation),
            (Dialect::BigQuery, None) => format!("DATETIME({})", self.stamp),
            (Dialect::BigQuery, Some(truncation)) => {
                let truncated = self.bigquery_truncated(truncation, &self.zone);
                self.call("DATETIME", &truncated)
            }
        })
    }

    /// Cut to its frame, as a day on the clock of the query.
    pub(super) fn day(&self, frame: Timeframe) -> Option<String> {
        let truncation = match frame {
            Timeframe::Raw => None,
            frame => Some(frame.truncation()?),
        };
        Some(match (self.dialect, truncation) {
            (Dialect::DuckDb, None) => format!("CAST({} AS DATE)", self.local),
            (Dialect::DuckDb, Some(truncation)) => {
                let truncated = self.duckdb_truncated(&self.local, truncation);
                format!("CAST({truncated} AS DATE)")
            }
            (Dialect::BigQuery, None) => self.call("DATE", &self.stamp),
            (Dialect::BigQuery, Some(truncation)) => {
                let truncated = self.bigquery_truncated(truncation, &self.zone);
                self.call("DATE", &truncated)
            }
        })
    }

    fn duckdb(&self, frame: Timeframe) -> String {
        let local = &self.local;
        let format = |value: &str, format: &str| format!("strftime({value}, '{format}')");
        let part = |part: &str| format!("extract({part} FROM {local})");
        let fiscal = || self.duckdb_fiscal(local);
        match frame {
            Timeframe::Date => format!("CAST({local} AS DATE)"),
            Timeframe::Week => {
                format!("CAST({} AS DATE)", self.duckdb_week(local))
            }
            Timeframe::Month => format(local, "%Y-%m"),
            Timeframe::Quarter => format(&format!("date_trunc('quarter', {local})"), "%Y-%m"),
            Timeframe::Year => format!("CAST({} AS BIGINT)", part("year")),
            Timeframe::TimeOfDay => format(local, "%H:%M"),
            Timeframe::HourOfDay => part("hour"),
            Timeframe::DayOfWeek => format!("dayname({local})"),
            Timeframe::DayOfWeekIndex => {
                let start = self.calendar.week_start.to_sunday_zero_offset();
                format!("(({} + {}) % 7)", part("dow"), 7 - start)
            }
            Timeframe::DayOfMonth => part("day"),
            Timeframe::DayOfYear => part("doy"),
            Timeframe::WeekOfYear => part("week"),
            Timeframe::MonthNum => part("month"),
            Timeframe::MonthName => format!("monthname({local})"),
            Timeframe::QuarterOfYear => format!("('Q' || {})", part("quarter")),
            Timeframe::FiscalMonthNum => format!("extract(month FROM {})", fiscal()),
            Timeframe::FiscalQuarter => {
                let fiscal = fiscal();
                format!("(strftime({fiscal}, 'FY%Y-Q') || extract(quarter FROM {fiscal}))")
            }
            Timeframe::FiscalQuarterOfYear => {
                format!("('Q' || extract(quarter FROM {}))", fiscal())
            }
            Timeframe::FiscalYear => format!("strftime({}, 'FY%Y')", fiscal()),
            // What the format leaves out needs no cutting off.
            frame => match frame.truncation().filter(|truncation| truncation.count > 1) {
                Some(truncation) => {
                    let truncated = self.duckdb_truncated(local, truncation);
                    format(&truncated, duckdb_format(frame))
                }
                None => format(local, duckdb_format(frame)),
            },
        }
    }

    /// The same time, as many months earlier as the fiscal year begins after January.
    fn duckdb_fiscal(&self, time: &str) -> String {
        match self.calendar.fiscal_month_offset {
            0 => time.to_owned(),
            offset => format!("({time} - INTERVAL ({offset}) MONTH)"),
        }
    }

    fn duckdb_week(&self, time: &str) -> String {
        match days_before_monday(self.calendar.week_start) {
            0 => format!("date_trunc('week', {time})"),
            days => {
                format!("(date_trunc('week', {time} + INTERVAL {days} DAY) - INTERVAL {days} DAY)")
            }
        }
    }

    fn duckdb_truncated(&self, time: &str, truncation: Truncation) -> String {
        if truncation.is_fiscal {
            let unit = unit_name(truncation.unit);
            let fiscal = self.duckdb_fiscal(time);
            let offset = self.calendar.fiscal_month_offset;
            return format!("(date_trunc('{unit}', {fiscal}) + INTERVAL ({offset}) MONTH)");
        }
        if truncation.unit == Unit::Week {
            return self.duckdb_week(time);
        }
        let unit = unit_name(truncation.unit);
        let whole = format!("date_trunc('{unit}', {time})");
        match truncation.count {
            1 => whole,
            count => {
                format!("({whole} - (extract({unit} FROM {time}) % {count}) * INTERVAL 1 {unit})")
            }
        }
    }

    fn bigquery(&self, frame: Timeframe) -> String {
        if let Some(format) = bigquery_format(frame) {
            return self.bigquery_shown(format, &self.stamp);
        }
        if let Some(part) = bigquery_part_name(frame) {
            return self.bigquery_part(part);
        }
        match frame {
            Timeframe::Date => self.call("DATE", &self.stamp),
            Timeframe::Week => self.bigquery_begun(frame, "%F"),
            Timeframe::Quarter => self.bigquery_begun(frame, "%Y-%m"),
            Timeframe::Hours(count) => self.bigquery_steps("%F ", "HOUR", "%02d:00:00", count),
            Timeframe::Minutes(count) => self.bigquery_steps("%F %H:", "MINUTE", "%02d", count),
            Timeframe::Milliseconds(count) => {
                self.bigquery_steps("%F %T.", "MILLISECOND", "%03d", count)
            }
            Timeframe::DayOfWeekIndex => {
                let start = self.calendar.week_start.to_sunday_zero_offset();
                let day = self.bigquery_part("DAYOFWEEK");
                format!("MOD({day} + {}, 7)", 6 - start + 7)
            }
            Timeframe::QuarterOfYear => {
                let quarter = self.bigquery_part("QUARTER");
                format!("('Q' || CAST({quarter} AS STRING))")
            }
            Timeframe::FiscalMonthNum
            | Timeframe::FiscalQuarter
            | Timeframe::FiscalQuarterOfYear
            | Timeframe::FiscalYear => self.bigquery_fiscal(frame),
            _ => self.stamp.clone(),
        }
    }

    fn bigquery_shown(&self, format: &str, stamp: &str) -> String {
        let zone = self.zone_argument();
        format!("FORMAT_TIMESTAMP('{format}', {stamp}{zone})")
    }

    /// The first moment of a week or a quarter.
    fn bigquery_begun(&self, frame: Timeframe, format: &str) -> String {
        let truncation = frame.truncation();
        let truncated =
            truncation.map(|truncation| self.bigquery_truncated(truncation, &self.zone));
        self.bigquery_shown(format, &truncated.unwrap_or_default())
    }

    /// A part in steps of so many, behind what is before it.
    fn bigquery_steps(
        &self,
        before: &str,
        part: &str,
        format: &str,
        count: impl std::fmt::Display,
    ) -> String {
        let part = self.bigquery_part(part);
        let before = self.bigquery_shown(before, &self.stamp);
        format!("({before} || FORMAT('{format}', {part} - MOD({part}, {count})))")
    }

    fn bigquery_fiscal(&self, frame: Timeframe) -> String {
        let day = self.call("DATE", &self.stamp);
        let day = match self.calendar.fiscal_month_offset {
            0 => day,
            offset => format!("DATE_SUB({day}, INTERVAL {offset} MONTH)"),
        };
        let text = |part: &str| format!("CAST(EXTRACT({part} FROM {day}) AS STRING)");
        match frame {
            Timeframe::FiscalMonthNum => format!("EXTRACT(MONTH FROM {day})"),
            Timeframe::FiscalQuarter => {
                format!("('FY' || {} || '-Q' || {})", text("YEAR"), text("QUARTER"))
            }
            Timeframe::FiscalQuarterOfYear => format!("('Q' || {})", text("QUARTER")),
            _ => format!("('FY' || {})", text("YEAR")),
        }
    }

    fn bigquery_part(&self, part: &str) -> String {
        let stamp = &self.stamp;
        match self.zone.as_str() {
            "" => format!("EXTRACT({part} FROM {stamp})"),
            zone => format!("EXTRACT({part} FROM {stamp} AT TIME ZONE {zone})"),
        }
    }

    fn bigquery_truncated(&self, truncation: Truncation, zone: &str) -> String {
        let stamp = &self.stamp;
        let zone_argument = match zone {
            "" => String::new(),
            zone => format!(", {zone}"),
        };
        if truncation.is_fiscal {
            let offset = self.calendar.fiscal_month_offset;
            let unit = unit_name(truncation.unit).to_uppercase();
            let day = format!("DATE({stamp}{zone_argument})");
            let start = format!(
                "DATE_ADD(DATE_TRUNC(DATE_SUB({day}, INTERVAL {offset} MONTH), {unit}), INTERVAL {offset} MONTH)"
            );
            return format!("TIMESTAMP({start}{zone_argument})");
        }
        let unit = match truncation.unit {
            Unit::Week => bigquery_week(self.calendar.week_start).to_owned(),
            unit => unit_name(unit).to_uppercase(),
        };
        let whole = format!("TIMESTAMP_TRUNC({stamp}, {unit}{zone_argument})");
        match truncation.count {
            1 => whole,
            count => {
                let part = match zone {
                    "" => format!("EXTRACT({unit} FROM {stamp})"),
                    zone => format!("EXTRACT({unit} FROM {stamp} AT TIME ZONE {zone})"),
                };
                format!("TIMESTAMP_SUB({whole}, INTERVAL MOD({part}, {count}) {unit})")
            }
        }
    }

    /// A function of a time and the zone.
    fn call(&self, function: &str, time: &str) -> String {
        format!("{function}({time}{})", self.zone_argument())
    }

    fn zone_argument(&self) -> String {
        match self.zone.as_str() {
            "" => String::new(),
            zone => format!(", {zone}"),
        }
    }
}

fn duckdb_stamp(column: &Column<'_>) -> String {
    let sql = column.sql;
    match column.datatype {
        Datatype::Timestamp | Datatype::DateTime => sql.to_owned(),
        Datatype::Date => format!("CAST({sql} AS TIMESTAMP)"),
        Datatype::Epoch => format!("make_timestamp(CAST({sql} AS BIGINT) * 1000000)"),
        Datatype::YyyyMmDd => format!("strptime(CAST({sql} AS VARCHAR), '%Y%m%d')"),
    }
}

fn bigquery_stamp(column: &Column<'_>, is_converted: bool, calendar: &Calendar) -> String {
    let sql = column.sql;
    let database = calendar.database_timezone.iana_name().unwrap_or("UTC");
    match column.datatype {
        Datatype::Timestamp => sql.to_owned(),
        // What is not shown on another clock keeps its own digits.
        Datatype::DateTime if is_converted && database != "UTC" => {
            format!("TIMESTAMP({sql}, {})", Dialect::BigQuery.string(database))
        }
        Datatype::DateTime | Datatype::Date => format!("TIMESTAMP({sql})"),
        Datatype::Epoch => format!("TIMESTAMP_SECONDS({sql})"),
        Datatype::YyyyMmDd => format!("PARSE_TIMESTAMP('%Y%m%d', CAST({sql} AS STRING))"),
    }
}

/// What shows a frame on BigQuery, where a format does.
fn bigquery_format(frame: Timeframe) -> Option<&'static str> {
    Some(match frame {
        Timeframe::Month => "%Y-%m",
        Timeframe::Time | Timeframe::Second => "%F %T",
        Timeframe::Hour => "%F %H",
        Timeframe::Minute => "%F %H:%M",
        Timeframe::Millisecond => "%F %H:%M:%E3S",
        Timeframe::Microsecond => "%F %H:%M:%E6S",
        Timeframe::TimeOfDay => "%H:%M",
        Timeframe::DayOfWeek => "%A",
        Timeframe::MonthName => "%B",
        _ => return None,
    })
}

/// What BigQuery calls the part of a time that a frame is.
fn bigquery_part_name(frame: Timeframe) -> Option<&'static str> {
    Some(match frame {
        Timeframe::Year => "YEAR",
        Timeframe::HourOfDay => "HOUR",
        Timeframe::DayOfMonth => "DAY",
        Timeframe::DayOfYear => "DAYOFYEAR",
        Timeframe::WeekOfYear => "ISOWEEK",
        Timeframe::MonthNum => "MONTH",
        _ => return None,
    })
}

fn duckdb_format(frame: Timeframe) -> &'static str {
    match frame {
        Timeframe::Hour => "%Y-%m-%d %H",
        Timeframe::Minute | Timeframe::Minutes(_) => "%Y-%m-%d %H:%M",
        Timeframe::Millisecond | Timeframe::Milliseconds(_) => "%Y-%m-%d %H:%M:%S.%g",
        Timeframe::Microsecond => "%Y-%m-%d %H:%M:%S.%f",
        _ => "%Y-%m-%d %H:%M:%S",
    }
}

/// By how many days a week begins before Monday.
fn days_before_monday(week_start: Weekday) -> i8 {
    (7 - week_start.to_monday_zero_offset()) % 7
}

/// The unit of a week that begins on a day. Monday's has a name that means nothing else.
fn bigquery_week(week_start: Weekday) -> &'static str {
    match week_start {
        Weekday::Monday => "ISOWEEK",
        Weekday::Tuesday => "WEEK(TUESDAY)",
        Weekday::Wednesday => "WEEK(WEDNESDAY)",
        Weekday::Thursday => "WEEK(THURSDAY)",
        Weekday::Friday => "WEEK(FRIDAY)",
        Weekday::Saturday => "WEEK(SATURDAY)",
        Weekday::Sunday => "WEEK(SUNDAY)",
    }
}

fn unit_name(unit: Unit) -> &'static str {
    match unit {
        Unit::Microsecond => "microsecond",
        Unit::Millisecond => "millisecond",
        Unit::Second => "second",
        Unit::Minute => "minute",
        Unit::Hour => "hour",
        Unit::Day => "day",
        Unit::Week => "week",
        Unit::Month => "month",
        Unit::Quarter => "quarter",
        Unit::Year => "year",
    }
}

/// How many whole units lie between two times; negative where the second one is earlier.
pub(super) fn duration(dialect: Dialect, interval: Interval, start: &str, end: &str) -> String {
    match interval {
        Interval::Second | Interval::Minute | Interval::Hour | Interval::Day | Interval::Week => {
            elapsed(dialect, interval, start, end)
        }
        Interval::Month => months(dialect, start, end),
        Interval::Quarter => in_groups(dialect, &months(dialect, start, end), 3),
        Interval::Year => in_groups(dialect, &months(dialect, start, end), 12),
    }
}

fn elapsed(dialect: Dialect, interval: Interval, start: &str, end: &str) -> String {
    match dialect {
        Dialect::DuckDb => {
            format!("datesub('{interval}', CAST({start} AS TIMESTAMP), CAST({end} AS TIMESTAMP))")
        }
        Dialect::BigQuery => {
            let seconds = format!("TIMESTAMP_DIFF(TIMESTAMP({end}), TIMESTAMP({start}), SECOND)");
            let length = match interval {
                Interval::Minute => 60,
                Interval::Hour => 3_600,
                Interval::Day => 86_400,
                Interval::Week => 604_800,
                _ => return seconds,
            };
            format!("DIV({seconds}, {length})")
        }
    }
}

/// Twelve for each year and one for each month, less the last one where it is not over.
fn months(dialect: Dialect, start: &str, end: &str) -> String {
    let between = |start: &str, end: &str| match dialect {
        Dialect::DuckDb => format!(
            "datediff('month', {start}, {end}) - CASE WHEN {end} - date_trunc('month', {end}) < {start} - date_trunc('month', {start}) THEN 1 ELSE 0 END"
        ),
        Dialect::BigQuery => {
            let passed = |time: &str| {
                format!("TIMESTAMP_DIFF({time}, TIMESTAMP_TRUNC({time}, MONTH), MICROSECOND)")
            };
            format!(
                "DATE_DIFF(DATE({end}), DATE({start}), MONTH) - CASE WHEN {} < {} THEN 1 ELSE 0 END",
                passed(end),
                passed(start)
            )
        }
    };
    let time = |sql: &str| match dialect {
        Dialect::DuckDb => format!("CAST({sql} AS TIMESTAMP)"),
        Dialect::BigQuery => format!("TIMESTAMP({sql})"),
    };
    let (start, end) = (time(start), time(end));
    format!(
        "(CASE WHEN {end} >= {start} THEN {} ELSE -({}) END)",
        between(&start, &end),
        between(&end, &start)
    )
}

fn in_groups(dialect: Dialect, count: &str, size: u8) -> String {
    match dialect {
        Dialect::DuckDb => format!("CAST(trunc({count} / {size}) AS BIGINT)"),
        Dialect::BigQuery => format!("DIV({count}, {size})"),
    }
}
