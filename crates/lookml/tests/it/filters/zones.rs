use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use lookml::filter::{Datatype, FilterType};
use lookml::{Calendar, Dialect};

use super::{calendar_at, context, parse};

/// The bounds in UTC, as BigQuery reads them, and how many hours lie between them.
fn utc(expression: &str, calendar: &Calendar) -> String {
    let sql =
        parse(expression, FilterType::Date).to_sql("x", &context(calendar, Dialect::BigQuery));
    let bounds: Vec<DateTime> = sql
        .split('\'')
        .skip(1)
        .step_by(2)
        .map(|bound| bound.parse().unwrap())
        .collect();
    let [start, end] = bounds[..] else {
        return sql;
    };
    let hours = end.duration_since(start).as_secs_f64() / 3600.0;
    format!("{start} {end} {hours} h")
}

#[test]
fn days_on_which_the_clocks_change() {
    let rows = [
        // The northern hemisphere.
        (
            "America/New_York",
            "2026-03-08",
            "2026-03-08T05:00:00 2026-03-09T04:00:00 23 h",
        ),
        (
            "America/New_York",
            "2026-11-01",
            "2026-11-01T04:00:00 2026-11-02T05:00:00 25 h",
        ),
        (
            "Europe/Berlin",
            "2026-03-29",
            "2026-03-28T23:00:00 2026-03-29T22:00:00 23 h",
        ),
        (
            "Europe/Berlin",
            "2026-10-25",
            "2026-10-24T22:00:00 2026-10-25T23:00:00 25 h",
        ),
        // The southern one.
        (
            "Australia/Sydney",
            "2026-04-05",
            "2026-04-04T13:00:00 2026-04-05T14:00:00 25 h",
        ),
        (
            "Australia/Sydney",
            "2026-10-04",
            "2026-10-03T14:00:00 2026-10-04T13:00:00 23 h",
        ),
        // By half an hour.
        (
            "Australia/Lord_Howe",
            "2026-04-05",
            "2026-04-04T13:00:00 2026-04-05T13:30:00 24.5 h",
        ),
        (
            "Australia/Lord_Howe",
            "2026-10-04",
            "2026-10-03T13:30:00 2026-10-04T13:00:00 23.5 h",
        ),
        // At midnight: the day begins at one o'clock.
        (
            "America/Santiago",
            "2026-09-06",
            "2026-09-06T04:00:00 2026-09-07T03:00:00 23 h",
        ),
        (
            "America/Santiago",
            "2026-09-05",
            "2026-09-05T04:00:00 2026-09-06T04:00:00 24 h",
        ),
        // A range over a change.
        (
            "America/New_York",
            "2026-10-31 for 3 days",
            "2026-10-31T04:00:00 2026-11-03T05:00:00 73 h",
        ),
        (
            "America/New_York",
            "2026",
            "2026-01-01T05:00:00 2027-01-01T05:00:00 8760 h",
        ),
    ];
    for (zone, expression, expected) in rows {
        let calendar = calendar_at(zone, "2026-11-18 14:25:36");
        assert_eq!(
            utc(expression, &calendar),
            expected,
            "{expression} in {zone}"
        );
    }
}

#[test]
fn a_bound_within_a_change_is_the_compatible_one() {
    let calendar = calendar_at("America/New_York", "2026-11-18 14:25:36");
    // 02:30 is skipped: half past three.
    assert_eq!(
        utc("after 2026-03-08 02:30", &calendar),
        "x >= TIMESTAMP('2026-03-08 07:30:00')"
    );
    // 01:30 comes twice: the first.
    assert_eq!(
        utc("after 2026-11-01 01:30", &calendar),
        "x >= TIMESTAMP('2026-11-01 05:30:00')"
    );
    assert_eq!(
        utc("before 2026-11-01 02:00", &calendar),
        "x < TIMESTAMP('2026-11-01 07:00:00')"
    );
}

#[test]
fn today_is_that_of_the_query_time_zone() {
    let at = |zone: &str| {
        let mut calendar = calendar_at("UTC", "2026-11-18 02:00:00");
        calendar.query_timezone = TimeZone::get(zone).unwrap();
        utc("today", &calendar)
    };
    assert_eq!(at("UTC"), "2026-11-18T00:00:00 2026-11-19T00:00:00 24 h");
    assert_eq!(
        at("America/New_York"),
        "2026-11-17T05:00:00 2026-11-18T05:00:00 24 h"
    );
    assert_eq!(
        at("Asia/Kathmandu"),
        "2026-11-17T18:15:00 2026-11-18T18:15:00 24 h"
    );
    assert_eq!(
        at("Pacific/Kiritimati"),
        "2026-11-17T10:00:00 2026-11-18T10:00:00 24 h"
    );
}

#[test]
fn hours_are_those_of_the_wall_clock() {
    let calendar = calendar_at("America/New_York", "2026-03-08 04:30:00");
    assert_eq!(
        utc("4 hours", &calendar),
        "2026-03-08T06:00:00 2026-03-08T09:00:00 3 h"
    );
    assert_eq!(
        utc("1 hour ago", &calendar),
        "2026-03-08T07:00:00 2026-03-08T08:00:00 1 h"
    );
    assert_eq!(
        utc("2 hours ago", &calendar),
        "2026-03-08T07:00:00 2026-03-08T07:00:00 0 h"
    );
}

#[test]
fn a_column_is_in_the_database_time_zone() {
    let mut calendar = calendar_at("America/New_York", "2026-11-18 14:25:36");
    calendar.database_timezone = TimeZone::get("Europe/Berlin").unwrap();
    let sql = |datatype, dialect| {
        let mut context = context(&calendar, dialect);
        context.datatype = datatype;
        parse("after today", FilterType::Date).to_sql("x", &context)
    };
    assert_eq!(
        sql(Datatype::Timestamp, Dialect::BigQuery),
        "x >= TIMESTAMP('2026-11-18 05:00:00')"
    );
    assert_eq!(
        sql(Datatype::Timestamp, Dialect::DuckDb),
        "x >= TIMESTAMP '2026-11-18 06:00:00'"
    );
    assert_eq!(
        sql(Datatype::DateTime, Dialect::BigQuery),
        "x >= DATETIME '2026-11-18 06:00:00'"
    );
    assert_eq!(
        sql(Datatype::Date, Dialect::DuckDb),
        "x >= DATE '2026-11-18'"
    );
    assert_eq!(sql(Datatype::Epoch, Dialect::DuckDb), "x >= 1794978000");
    assert_eq!(sql(Datatype::YyyyMmDd, Dialect::DuckDb), "x >= 20261118");
}

#[test]
fn what_is_not_converted_is_written_as_it_is_meant() {
    let calendar = calendar_at("America/New_York", "2026-11-18 14:25:36");
    let mut context = context(&calendar, Dialect::BigQuery);
    context.is_converted = false;
    let sql = |context| parse("after today", FilterType::Date).to_sql("x", context);
    assert_eq!(sql(&context), "x >= TIMESTAMP('2026-11-18 00:00:00')");
    // Where both zones are one, even a time that the clocks skip.
    let mut calendar = calendar.clone();
    calendar.database_timezone = calendar.query_timezone.clone();
    let context = super::context(&calendar, Dialect::DuckDb);
    let filter = parse("after 2026-03-08 02:30", FilterType::Date);
    assert_eq!(
        filter.to_sql("x", &context),
        "x >= TIMESTAMP '2026-03-08 02:30:00'"
    );
}

#[test]
fn days_are_floored_and_ceiled() {
    let calendar = calendar_at("America/New_York", "2026-11-18 14:25:36");
    let mut context = context(&calendar, Dialect::BigQuery);
    context.datatype = Datatype::Date;
    let sql = |expression| parse(expression, FilterType::Date).to_sql("x", &context);
    assert_eq!(
        sql("2026-11-18"),
        "(x >= DATE '2026-11-18' AND x < DATE '2026-11-19')"
    );
    assert_eq!(
        sql("1 hour"),
        "(x >= DATE '2026-11-18' AND x < DATE '2026-11-19')"
    );
    assert_eq!(sql("before now"), "x < DATE '2026-11-19'");
    assert_eq!(sql("before today"), "x < DATE '2026-11-18'");
}
