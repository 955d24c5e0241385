use jiff::civil::{DateTime, Weekday};
use lookml::filter::{Datatype, DateFilter, FilterType, Terms, Value};
use lookml::{Calendar, DateRange, Dialect};

use super::vectors::VECTORS;
use super::{calendar, calendar_at, check_sql, context, descriptions, errors, parse};

fn date_filter(expression: &str) -> DateFilter {
    match parse(expression, FilterType::Date).terms {
        Terms::Date(filter) => filter,
        terms => panic!("{expression} is {terms:?}"),
    }
}

fn shown(interval: &DateRange) -> String {
    let side = |at: Option<DateTime>| match at {
        Some(at) => at.strftime("%Y-%m-%d %H:%M:%S").to_string(),
        None => "-".to_owned(),
    };
    format!("{} | {}", side(interval.start), side(interval.end))
}

fn intervals(expression: &str, calendar: &Calendar) -> String {
    let intervals = date_filter(expression).intervals(calendar);
    intervals.iter().map(shown).collect::<Vec<_>>().join(", ")
}

#[test]
fn the_vectors_of_the_specification() {
    for zone in ["UTC", "America/New_York", "Australia/Lord_Howe"] {
        let calendar = calendar(zone);
        for (expression, start, end) in VECTORS {
            let expected = format!("{start} | {end}");
            assert_eq!(
                intervals(expression, &calendar),
                expected,
                "{expression} in {zone}"
            );
        }
    }
}

#[test]
fn intervals_beyond_the_vectors() {
    let calendar = calendar("UTC");
    let rows = [
        ("now", "2026-11-18 14:25:36 | 2026-11-18 14:25:37"),
        ("after now", "2026-11-18 14:25:36 | -"),
        (
            "now for 2 hours",
            "2026-11-18 14:25:36 | 2026-11-18 16:25:36",
        ),
        ("2 seconds", "2026-11-18 14:25:34 | 2026-11-18 14:25:36"),
        ("last second", "2026-11-18 14:25:35 | 2026-11-18 14:25:36"),
        ("0 days", "2026-11-19 00:00:00 | 2026-11-19 00:00:00"),
        ("0 days ago", "2026-11-18 00:00:00 | 2026-11-19 00:00:00"),
        (
            "last 1 day ago for 1 day",
            "2026-11-17 00:00:00 | 2026-11-18 00:00:00",
        ),
        (
            "LAST 7 DAYS AGO",
            "2026-11-11 00:00:00 | 2026-11-12 00:00:00",
        ),
        ("after 2 weeks from now", "2026-11-30 00:00:00 | -"),
        ("before 3 days", "- | 2026-11-15 00:00:00"),
        ("after next fiscal quarter", "2027-01-01 00:00:00 | -"),
        ("before monday", "- | 2026-11-16 00:00:00"),
        ("thursday", "2026-11-12 00:00:00 | 2026-11-13 00:00:00"),
        (
            "this fiscal year to fiscal quarter",
            "2026-04-01 00:00:00 | 2026-10-01 00:00:00",
        ),
        (
            "2 fiscal years",
            "2025-04-01 00:00:00 | 2027-04-01 00:00:00",
        ),
        (
            "1 Fiscal Quarters ago",
            "2026-07-01 00:00:00 | 2026-10-01 00:00:00",
        ),
        ("fy2026-q1", "2026-04-01 00:00:00 | 2026-07-01 00:00:00"),
        ("FY2026-Q4", "2027-01-01 00:00:00 | 2027-04-01 00:00:00"),
        ("2026/q4", "2026-10-01 00:00:00 | 2027-01-01 00:00:00"),
        (
            "2026-09-01 06:00",
            "2026-09-01 06:00:00 | 2026-09-01 06:01:00",
        ),
        (
            "2026-09-01 06:00:30",
            "2026-09-01 06:00:30 | 2026-09-01 06:00:31",
        ),
        ("2025 to 2027", "2025-01-01 00:00:00 | 2027-01-01 00:00:00"),
        (
            "2026-Q1 to today",
            "2026-01-01 00:00:00 | 2026-11-18 00:00:00",
        ),
        (
            "2 days ago to tomorrow",
            "2026-11-16 00:00:00 | 2026-11-19 00:00:00",
        ),
        (
            "this week to today",
            "2026-11-16 00:00:00 | 2026-11-18 00:00:00",
        ),
        (
            "monday for 2 days",
            "2026-11-16 00:00:00 | 2026-11-18 00:00:00",
        ),
        (
            "last week for 3 days",
            "2026-11-09 00:00:00 | 2026-11-12 00:00:00",
        ),
        ("2024-02-29", "2024-02-29 00:00:00 | 2024-03-01 00:00:00"),
        (
            "2024-02-29 for 1 year",
            "2024-02-29 00:00:00 | 2025-02-28 00:00:00",
        ),
        (
            "2024-02-28 for 2 days",
            "2024-02-28 00:00:00 | 2024-03-01 00:00:00",
        ),
        ("2025-02", "2025-02-01 00:00:00 | 2025-03-01 00:00:00"),
        (
            "2026-02,2026-05",
            "2026-02-01 00:00:00 | 2026-03-01 00:00:00, 2026-05-01 00:00:00 | 2026-06-01 00:00:00",
        ),
        ("NULL, 2026", "2026-01-01 00:00:00 | 2027-01-01 00:00:00"),
        ("not null", "- | -"),
        ("NULL", ""),
        ("9999", "9999-01-01 00:00:00 | 9999-12-31 00:00:00"),
    ];
    for (expression, expected) in rows {
        assert_eq!(intervals(expression, &calendar), expected, "{expression}");
    }
}

#[test]
fn relative_to_a_leap_day() {
    let calendar = calendar_at("UTC", "2024-02-29 12:00:00");
    assert_eq!(
        intervals("1 year ago", &calendar),
        "2023-01-01 00:00:00 | 2024-01-01 00:00:00"
    );
    assert_eq!(
        intervals("1 day from now", &calendar),
        "2024-03-01 00:00:00 | 2024-03-02 00:00:00"
    );
    assert_eq!(
        intervals("1 month ago", &calendar),
        "2024-01-01 00:00:00 | 2024-02-01 00:00:00"
    );
    assert_eq!(
        intervals("today for 1 year", &calendar),
        "2024-02-29 00:00:00 | 2025-02-28 00:00:00"
    );
    assert_eq!(
        intervals("30 days", &calendar),
        "2024-01-31 00:00:00 | 2024-03-01 00:00:00"
    );
}

#[test]
fn a_week_53() {
    let calendar = calendar_at("UTC", "2027-01-02 12:00:00");
    assert_eq!(
        intervals("this week", &calendar),
        "2026-12-28 00:00:00 | 2027-01-04 00:00:00"
    );
    assert_eq!(
        intervals("last week", &calendar),
        "2026-12-21 00:00:00 | 2026-12-28 00:00:00"
    );
    assert_eq!(
        intervals("this year to week", &calendar),
        "2027-01-01 00:00:00 | 2026-12-28 00:00:00"
    );
}

#[test]
fn weeks_and_fiscal_years_of_the_model() {
    let mut calendar = calendar("UTC");
    calendar.week_start = Weekday::Saturday;
    calendar.fiscal_month_offset = -3;
    assert_eq!(
        intervals("this week", &calendar),
        "2026-11-14 00:00:00 | 2026-11-21 00:00:00"
    );
    assert_eq!(
        intervals("2 weeks ago for 1 week", &calendar),
        "2026-10-31 00:00:00 | 2026-11-07 00:00:00"
    );
    assert_eq!(
        intervals("FY2026", &calendar),
        "2025-10-01 00:00:00 | 2026-10-01 00:00:00"
    );
    assert_eq!(
        intervals("FY2027-Q1", &calendar),
        "2026-10-01 00:00:00 | 2027-01-01 00:00:00"
    );
    assert_eq!(
        intervals("this fiscal year", &calendar),
        "2026-10-01 00:00:00 | 2027-10-01 00:00:00"
    );
    calendar.fiscal_month_offset = 2;
    assert_eq!(
        intervals("FY2026", &calendar),
        "2026-03-01 00:00:00 | 2027-03-01 00:00:00"
    );
    assert_eq!(
        intervals("next fiscal quarter", &calendar),
        "2026-12-01 00:00:00 | 2027-03-01 00:00:00"
    );
    // Calendar quarters never move.
    assert_eq!(
        intervals("this quarter", &calendar),
        "2026-10-01 00:00:00 | 2027-01-01 00:00:00"
    );
}

#[test]
fn the_hull_is_open_where_a_term_is() {
    let calendar = calendar("UTC");
    let hull = |expression| shown(&date_filter(expression).hull(&calendar));
    assert_eq!(
        hull("2026-05,2026-02"),
        "2026-02-01 00:00:00 | 2026-06-01 00:00:00"
    );
    assert_eq!(hull("2026-05,before 2026-02"), "- | 2026-06-01 00:00:00");
    assert_eq!(hull("after 2026-02,2020"), "2020-01-01 00:00:00 | -");
    assert_eq!(hull("null"), "- | -");
}

#[test]
fn sql_of_dates() {
    check_sql(
        FilterType::Date,
        &[
            (
                "2026-09-01",
                "(x >= TIMESTAMP '2026-09-01 00:00:00' AND x < TIMESTAMP '2026-09-02 00:00:00')",
            ),
            ("before today", "x < TIMESTAMP '2026-11-18 00:00:00'"),
            ("after now", "x >= TIMESTAMP '2026-11-18 14:25:36'"),
            ("null", "x IS NULL"),
            ("NOT NULL", "x IS NOT NULL"),
            (
                "2026, null, before 2020",
                "((x >= TIMESTAMP '2026-01-01 00:00:00' AND x < TIMESTAMP '2027-01-01 00:00:00') OR x IS NULL \
                 OR x < TIMESTAMP '2020-01-01 00:00:00')",
            ),
            (
                "before 4000000000 years ago",
                "x < TIMESTAMP '0001-01-01 00:00:00'",
            ),
            (
                "after 4000000000 seconds from now",
                "x >= TIMESTAMP '2153-08-20 21:32:16'",
            ),
            (
                "after 4000000000 fiscal years from now",
                "x >= TIMESTAMP '9999-12-31 00:00:00'",
            ),
        ],
    );
}

#[test]
fn sql_of_each_datatype() {
    let calendar = calendar("America/New_York");
    let rows = [Dialect::BigQuery, Dialect::DuckDb]
        .into_iter()
        .flat_map(|dialect| {
            let datatypes = [
                Datatype::Timestamp,
                Datatype::DateTime,
                Datatype::Date,
                Datatype::Epoch,
                Datatype::YyyyMmDd,
            ];
            let calendar = &calendar;
            datatypes.into_iter().map(move |datatype| {
                let mut context = context(calendar, dialect);
                context.datatype = datatype;
                let filter = parse("2026-11-01 to now", FilterType::Date);
                format!("{dialect:?} {datatype:?}: {}", filter.to_sql("x", &context))
            })
        });
    insta::assert_snapshot!(rows.collect::<Vec<_>>().join("\n"), @r#"
    BigQuery Timestamp: (x >= TIMESTAMP('2026-11-01 04:00:00') AND x < TIMESTAMP('2026-11-18 19:25:36'))
    BigQuery DateTime: (x >= DATETIME '2026-11-01 04:00:00' AND x < DATETIME '2026-11-18 19:25:36')
    BigQuery Date: (x >= DATE '2026-11-01' AND x < DATE '2026-11-19')
    BigQuery Epoch: (x >= 1793505600 AND x < 1795029936)
    BigQuery YyyyMmDd: (x >= 20261101 AND x < 20261119)
    DuckDb Timestamp: (x >= TIMESTAMP '2026-11-01 04:00:00' AND x < TIMESTAMP '2026-11-18 19:25:36')
    DuckDb DateTime: (x >= TIMESTAMP '2026-11-01 04:00:00' AND x < TIMESTAMP '2026-11-18 19:25:36')
    DuckDb Date: (x >= DATE '2026-11-01' AND x < DATE '2026-11-19')
    DuckDb Epoch: (x >= 1793505600 AND x < 1795029936)
    DuckDb YyyyMmDd: (x >= 20261101 AND x < 20261119)
    "#);
}

#[test]
fn dates_that_pass() {
    let calendar = calendar("UTC");
    let context = context(&calendar, Dialect::DuckDb);
    let passes = |expression: &str, at: &str| {
        let value = match at {
            "" => Value::Null,
            at => Value::DateTime(at.parse().unwrap()),
        };
        parse(expression, FilterType::Date).matches(&value, &context)
    };
    assert!(passes("today", "2026-11-18 00:00:00"));
    assert!(!passes("today", "2026-11-19 00:00:00"));
    assert!(!passes("today", ""));
    assert!(passes("today,null", ""));
    assert!(!passes("not null", ""));
    assert!(passes("not null", "0001-01-01 00:00:00"));
    assert!(passes("before 2026", "2025-12-31 23:59:59.999"));
    assert!(passes("2026-02,2026-05", "2026-05-31 12:00:00"));
    assert!(!passes("2026-02,2026-05", "2026-04-30 12:00:00"));
}

#[test]
fn dates_in_words() {
    insta::assert_snapshot!(
        descriptions(FilterType::Date, &[
            "7 days", "last 7 days", "1 day", "1 hour", "3 days ago", "2 months from now", "3 months ago for 2 days",
            "before 3 days ago", "before 2018-01-01 12:00:00", "after 2018/10/05", "2018-05-18 12:00 to 2018-05-18 14:00",
            "next week", "last week", "this fiscal quarter", "this day", "not null", "null", "2018-05-18", "", "2018",
            "2018/01", "2018-q2", "FY2018", "FY2018-Q2", "monday", "today", "now", "after 2 weeks from now",
            "this year to day", "2026-02,2026-05", "2026-09-01 06:30", "today for 7 days", "2 fiscal years",
        ]),
        @r#"
    7 days -> 7 days -> is in the last 7 days
    last 7 days -> 7 days -> is in the last 7 days
    1 day -> 1 day -> is today
    1 hour -> 1 hour -> is this hour
    3 days ago -> 3 days ago -> is 3 days ago
    2 months from now -> 2 months from now -> is 2 months from now
    3 months ago for 2 days -> 3 months ago for 2 days -> is in the 2 days from 3 months ago
    before 3 days ago -> before 3 days ago -> is before 3 days ago
    before 2018-01-01 12:00:00 -> before 2018-01-01 12:00:00 -> is before 2018-01-01 12:00:00
    after 2018/10/05 -> after 2018-10-05 -> is on or after 2018-10-05
    2018-05-18 12:00 to 2018-05-18 14:00 -> 2018-05-18 12:00 to 2018-05-18 14:00 -> is from 2018-05-18 12:00 until 2018-05-18 14:00
    next week -> next week -> is next week
    last week -> last week -> is last week
    this fiscal quarter -> this fiscal quarter -> is this fiscal quarter
    this day -> this day -> is today
    not null -> not null -> is not null
    null -> null -> is null
    2018-05-18 -> 2018-05-18 -> is on 2018-05-18
     ->  -> is any time
    2018 -> 2018 -> is in the year 2018
    2018/01 -> 2018-01 -> is in January 2018
    2018-q2 -> 2018-Q2 -> is in 2018-Q2
    FY2018 -> FY2018 -> is in FY2018
    FY2018-Q2 -> FY2018-Q2 -> is in FY2018-Q2
    monday -> monday -> is on the last monday
    today -> today -> is today
    now -> now -> is now
    after 2 weeks from now -> after 2 weeks from now -> is on or after 2 weeks from now
    this year to day -> this year to day -> is this year, before this day
    2026-02,2026-05 -> 2026-02,2026-05 -> is in February 2026 or is in May 2026
    2026-09-01 06:30 -> 2026-09-01 06:30 -> is at 2026-09-01 06:30
    today for 7 days -> today for 7 days -> is in the 7 days from today
    2 fiscal years -> 2 fiscal years -> is in the last 2 fiscal years
    "#
    );
}

#[test]
fn what_is_no_date_filter() {
    insta::assert_snapshot!(
        errors(FilterType::Date, &[
            "2026-02-30", "2025-02-29", "2026-13", "2026-00", "2026-9-1", "2026-09-01 25:00", "2026-09-01 6:00",
            "2026-09-01 06:00:60", "2026-09-01 06:00:00:00", "0000", "26", "20260901", "2026-Q5", "2026-W10", "FY26", "FY2026-05",
            "FY2026-Q1-01", "2026-09-01-01", "7", "days", "7 dayz", "7days", "last", "last 7", "this", "this day to",
            "today to", "today to 7 days", "today for", "today for day", "before", "after 7", "not", "not today",
            "today today", "99999999999 days", "1.5 days", "-1 days", "last 7 days from now", "fiscal month", "someday",
            ",", "2026-09-01 for 3 days extra", "today; DROP TABLE x", "2026-09-01T06:00",
        ]),
        @r#"
    2026-02-30 -> 0: expected a date that the calendar has, not `2026-02-30`
    2025-02-29 -> 0: expected a date that the calendar has, not `2025-02-29`
    2026-13 -> 0: expected a date that the calendar has, not `2026-13`
    2026-00 -> 0: expected a date that the calendar has, not `2026-00`
    2026-9-1 -> 0: expected a month and a day of two digits, not `2026-9-1`
    2026-09-01 25:00 -> 11: expected a time such as `06:30`, not `25:00`
    2026-09-01 6:00 -> 11: expected a time such as `06:30`, not `6:00`
    2026-09-01 06:00:60 -> 11: expected a time such as `06:30`, not `06:00:60`
    2026-09-01 06:00:00:00 -> 11: expected a time such as `06:30`, not `06:00:00:00`
    0000 -> 0: expected a date, or a time span such as `7 days`, not `0000`
    26 -> 0: expected a date, or a time span such as `7 days`, not `26`
    20260901 -> 0: expected a date, or a time span such as `7 days`, not `20260901`
    2026-Q5 -> 0: expected a month and a day of two digits, not `2026-Q5`
    2026-W10 -> 0: expected the first day of a week, such as `2026-03-02 for 7 days`, not `2026-W10`
    FY26 -> 0: expected a date, or a time span such as `7 days`, not `FY26`
    FY2026-05 -> 0: expected a quarter such as `FY2026-Q3`, not `FY2026-05`
    FY2026-Q1-01 -> 0: expected a date, or a time span such as `7 days`, not `FY2026-Q1-01`
    2026-09-01-01 -> 0: expected a date, or a time span such as `7 days`, not `2026-09-01-01`
    7 -> 0: expected a date, or a time span such as `7 days`, not `7`
    days -> 0: expected a date, or a time span such as `7 days`, not `days`
    7 dayz -> 0: expected a date, or a time span such as `7 days`, not `7`
    7days -> 0: expected a date, or a time span such as `7 days`, not `7days`
    last -> 4: expected a unit such as `day` or `fiscal quarter`
    last 7 -> 5: expected a unit such as `day` or `fiscal quarter`, not `7`
    this -> 4: expected a unit such as `day` or `fiscal quarter`
    this day to -> 11: expected a date, or a time span such as `7 days`
    today to -> 8: expected a date, or a time span such as `7 days`
    today to 7 days -> 9: expected a date after `to`
    today for -> 9: expected a time span such as `7 days`
    today for day -> 10: expected a time span such as `7 days`, not `day`
    before -> 6: expected a date, or a time span such as `7 days`
    after 7 -> 6: expected a date, or a time span such as `7 days`, not `7`
    not -> 3: expected `null`
    not today -> 4: expected `null`, not `today`
    today today -> 6: `today` can't stand here
    99999999999 days -> 0: the number is too large
    1.5 days -> 0: expected a date, or a time span such as `7 days`, not `1.5`
    -1 days -> 0: expected a date, or a time span such as `7 days`, not `-1`
    last 7 days from now -> 12: `from` can't stand here
    fiscal month -> 0: expected a date, or a time span such as `7 days`, not `fiscal`
    someday -> 0: expected a date, or a time span such as `7 days`, not `someday`
    , -> 1: a comma, and no value beside it
    2026-09-01 for 3 days extra -> 22: `extra` can't stand here
    today; DROP TABLE x -> 5: `;` can't stand here
    2026-09-01T06:00 -> 0: expected a day, a space and a time, such as `2026-03-08 10:00`, not `2026-09-01T06:00`
    "#
    );
}

/// F24: a day that is none is refused, never rolled over; a day has as many hours as its zone gives it.
#[test]
fn f24_dates_that_do_not_exist_are_refused() {
    for expression in ["2026-02-30", "2026-13-01", "2026-9-1", "last monday"] {
        let refused = lookml::filter::parse(expression, FilterType::Date);
        assert!(refused.is_err(), "{expression}");
    }
    let utc = calendar("UTC");
    for (expression, expected) in [
        ("before 2026-03-08 10:00", "- | 2026-03-08 10:00:00"),
        ("after 2026-03-08", "2026-03-08 00:00:00 | -"),
        (
            "2026-03-08 10:01 for 1 minute",
            "2026-03-08 10:01:00 | 2026-03-08 10:02:00",
        ),
    ] {
        assert_eq!(intervals(expression, &utc), expected, "{expression}");
    }
    let now = utc.local_now().strftime("%Y-%m-%d %H:%M:%S").to_string();
    assert_eq!(intervals("before now", &utc), format!("- | {now}"));
    let zone = calendar("America/Los_Angeles");
    let instant = |text: &str| zone.instant(text.parse().unwrap()).to_string();
    assert_eq!(instant("2026-03-08T00:00:00"), "2026-03-08T08:00:00Z");
    assert_eq!(instant("2026-03-09T00:00:00"), "2026-03-09T07:00:00Z");
    // Skipped by the clock: half past three.
    assert_eq!(instant("2026-03-08T02:30:00"), "2026-03-08T10:30:00Z");
}
