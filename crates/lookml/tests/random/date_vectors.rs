//! The evaluator against the specification's table of date filters.

use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use crate::evaluate::dates::{Clock, interval};
use crate::model::field::Unit;
use crate::model::filter::{Bound, DateTerm, Filter, Point};

fn clock(fiscal_offset: i32) -> Clock {
    Clock {
        now: "2026-11-18T14:25:36Z".parse().unwrap(),
        query_zone: TimeZone::UTC,
        database_zone: TimeZone::UTC,
        week_start: 1,
        fiscal_offset,
    }
}

fn check(clock: &Clock, written: &str, term: DateTerm, start: &str, end: &str) {
    let bound =
        |text: &str| (text != "-").then(|| text.replace(' ', "T").parse::<DateTime>().unwrap());
    let filter = Filter::Date(vec![term.clone()]);
    assert_eq!(filter.written(), written);
    assert_eq!(
        interval(clock, &term),
        Some((bound(start), bound(end))),
        "{written}"
    );
}

/// Section 7.4, a term of each shape.
#[test]
fn date_terms_mean_their_intervals() {
    use DateTerm::{
        After, Ago, AgoFor, Before, Between, FromNow, FromNowFor, Last, PointFor, Relative, ThisTo,
    };
    use Unit::{Day, Hour, Minute, Month, Quarter, Second, Week, Year};
    let day = |year, month, day| Point::Day(year, month, day, "-");
    let minute = |day, hour, minute| Point::Minute(2026, 9, day, hour, minute);
    let cases = [
        (
            "today",
            DateTerm::Point(Point::Today),
            "2026-11-18 00:00:00",
            "2026-11-19 00:00:00",
        ),
        (
            "yesterday",
            DateTerm::Point(Point::Yesterday),
            "2026-11-17 00:00:00",
            "2026-11-18 00:00:00",
        ),
        (
            "tomorrow",
            DateTerm::Point(Point::Tomorrow),
            "2026-11-19 00:00:00",
            "2026-11-20 00:00:00",
        ),
        (
            "1 day",
            Last(1, Day, false),
            "2026-11-18 00:00:00",
            "2026-11-19 00:00:00",
        ),
        (
            "7 days",
            Last(7, Day, false),
            "2026-11-12 00:00:00",
            "2026-11-19 00:00:00",
        ),
        (
            "last 7 days",
            Last(7, Day, true),
            "2026-11-12 00:00:00",
            "2026-11-19 00:00:00",
        ),
        (
            "7 days ago",
            Ago(7, Day),
            "2026-11-11 00:00:00",
            "2026-11-12 00:00:00",
        ),
        (
            "7 days ago for 7 days",
            AgoFor(7, Day, 7, Day),
            "2026-11-11 00:00:00",
            "2026-11-18 00:00:00",
        ),
        (
            "14 days ago for 7 days",
            AgoFor(14, Day, 7, Day),
            "2026-11-04 00:00:00",
            "2026-11-11 00:00:00",
        ),
        (
            "30 days",
            Last(30, Day, false),
            "2026-10-20 00:00:00",
            "2026-11-19 00:00:00",
        ),
        (
            "1 second",
            Last(1, Second, false),
            "2026-11-18 14:25:36",
            "2026-11-18 14:25:37",
        ),
        (
            "60 seconds",
            Last(60, Second, false),
            "2026-11-18 14:24:36",
            "2026-11-18 14:25:36",
        ),
        (
            "1 minute",
            Last(1, Minute, false),
            "2026-11-18 14:25:00",
            "2026-11-18 14:26:00",
        ),
        (
            "60 minutes",
            Last(60, Minute, false),
            "2026-11-18 13:26:00",
            "2026-11-18 14:26:00",
        ),
        (
            "90 minutes ago for 1 hour",
            AgoFor(90, Minute, 1, Hour),
            "2026-11-18 12:55:00",
            "2026-11-18 13:55:00",
        ),
        (
            "1 hour",
            Last(1, Hour, false),
            "2026-11-18 14:00:00",
            "2026-11-18 15:00:00",
        ),
        (
            "24 hours",
            Last(24, Hour, false),
            "2026-11-17 15:00:00",
            "2026-11-18 15:00:00",
        ),
        (
            "24 hours ago for 1 hour",
            AgoFor(24, Hour, 1, Hour),
            "2026-11-17 14:00:00",
            "2026-11-17 15:00:00",
        ),
        (
            "this week",
            Relative(0, Week),
            "2026-11-16 00:00:00",
            "2026-11-23 00:00:00",
        ),
        (
            "1 week",
            Last(1, Week, false),
            "2026-11-16 00:00:00",
            "2026-11-23 00:00:00",
        ),
        (
            "2 weeks",
            Last(2, Week, false),
            "2026-11-09 00:00:00",
            "2026-11-23 00:00:00",
        ),
        (
            "last week",
            Relative(-1, Week),
            "2026-11-09 00:00:00",
            "2026-11-16 00:00:00",
        ),
        (
            "1 week ago",
            Ago(1, Week),
            "2026-11-09 00:00:00",
            "2026-11-16 00:00:00",
        ),
        (
            "4 weeks ago for 4 weeks",
            AgoFor(4, Week, 4, Week),
            "2026-10-19 00:00:00",
            "2026-11-16 00:00:00",
        ),
        (
            "next week",
            Relative(1, Week),
            "2026-11-23 00:00:00",
            "2026-11-30 00:00:00",
        ),
        (
            "monday",
            DateTerm::Point(Point::Weekday(1)),
            "2026-11-16 00:00:00",
            "2026-11-17 00:00:00",
        ),
        (
            "wednesday",
            DateTerm::Point(Point::Weekday(3)),
            "2026-11-18 00:00:00",
            "2026-11-19 00:00:00",
        ),
        (
            "sunday",
            DateTerm::Point(Point::Weekday(0)),
            "2026-11-15 00:00:00",
            "2026-11-16 00:00:00",
        ),
        (
            "this month",
            Relative(0, Month),
            "2026-11-01 00:00:00",
            "2026-12-01 00:00:00",
        ),
        (
            "1 month",
            Last(1, Month, false),
            "2026-11-01 00:00:00",
            "2026-12-01 00:00:00",
        ),
        (
            "6 months",
            Last(6, Month, false),
            "2026-06-01 00:00:00",
            "2026-12-01 00:00:00",
        ),
        (
            "last month",
            Relative(-1, Month),
            "2026-10-01 00:00:00",
            "2026-11-01 00:00:00",
        ),
        (
            "2 months ago",
            Ago(2, Month),
            "2026-09-01 00:00:00",
            "2026-10-01 00:00:00",
        ),
        (
            "12 months ago for 12 months",
            AgoFor(12, Month, 12, Month),
            "2025-11-01 00:00:00",
            "2026-11-01 00:00:00",
        ),
        (
            "2 months from now",
            FromNow(2, Month),
            "2027-01-01 00:00:00",
            "2027-02-01 00:00:00",
        ),
        (
            "6 months from now for 3 months",
            FromNowFor(6, Month, 3, Month),
            "2027-05-01 00:00:00",
            "2027-08-01 00:00:00",
        ),
        (
            "3 months ago for 2 days",
            AgoFor(3, Month, 2, Day),
            "2026-08-01 00:00:00",
            "2026-08-03 00:00:00",
        ),
        (
            "this quarter",
            Relative(0, Quarter),
            "2026-10-01 00:00:00",
            "2027-01-01 00:00:00",
        ),
        (
            "last quarter",
            Relative(-1, Quarter),
            "2026-07-01 00:00:00",
            "2026-10-01 00:00:00",
        ),
        (
            "2 quarters",
            Last(2, Quarter, false),
            "2026-07-01 00:00:00",
            "2027-01-01 00:00:00",
        ),
        (
            "this year",
            Relative(0, Year),
            "2026-01-01 00:00:00",
            "2027-01-01 00:00:00",
        ),
        (
            "last year",
            Relative(-1, Year),
            "2025-01-01 00:00:00",
            "2026-01-01 00:00:00",
        ),
        (
            "2 years",
            Last(2, Year, false),
            "2025-01-01 00:00:00",
            "2027-01-01 00:00:00",
        ),
        (
            "1 year ago",
            Ago(1, Year),
            "2025-01-01 00:00:00",
            "2026-01-01 00:00:00",
        ),
        (
            "before today",
            Before(Bound::Point(Point::Today)),
            "-",
            "2026-11-18 00:00:00",
        ),
        (
            "before 2 days ago",
            Before(Bound::Ago(2, Day, true)),
            "-",
            "2026-11-16 00:00:00",
        ),
        (
            "before 3 months ago",
            Before(Bound::Ago(3, Month, true)),
            "-",
            "2026-08-01 00:00:00",
        ),
        (
            "after 7 days ago",
            After(Bound::Ago(7, Day, true)),
            "2026-11-11 00:00:00",
            "-",
        ),
        (
            "before this week",
            Before(Bound::Relative(0, Week)),
            "-",
            "2026-11-16 00:00:00",
        ),
        (
            "after this month",
            After(Bound::Relative(0, Month)),
            "2026-11-01 00:00:00",
            "-",
        ),
        (
            "after 2026-09-01",
            After(Bound::Point(day(2026, 9, 1))),
            "2026-09-01 00:00:00",
            "-",
        ),
        (
            "before 2026-09-01 06:00",
            Before(Bound::Point(minute(1, 6, 0))),
            "-",
            "2026-09-01 06:00:00",
        ),
        (
            "2026-09-01",
            DateTerm::Point(day(2026, 9, 1)),
            "2026-09-01 00:00:00",
            "2026-09-02 00:00:00",
        ),
        (
            "2026/09/01",
            DateTerm::Point(Point::Day(2026, 9, 1, "/")),
            "2026-09-01 00:00:00",
            "2026-09-02 00:00:00",
        ),
        (
            "2026-09",
            DateTerm::Point(Point::Month(2026, 9)),
            "2026-09-01 00:00:00",
            "2026-10-01 00:00:00",
        ),
        (
            "2026-Q3",
            DateTerm::Point(Point::Quarter(2026, 3)),
            "2026-07-01 00:00:00",
            "2026-10-01 00:00:00",
        ),
        (
            "2026",
            DateTerm::Point(Point::Year(2026)),
            "2026-01-01 00:00:00",
            "2027-01-01 00:00:00",
        ),
        (
            "2026-09-01 to 2026-10-01",
            Between(day(2026, 9, 1), day(2026, 10, 1)),
            "2026-09-01 00:00:00",
            "2026-10-01 00:00:00",
        ),
        (
            "2026-09-01 06:00 to 2026-09-01 18:30",
            Between(minute(1, 6, 0), minute(1, 18, 30)),
            "2026-09-01 06:00:00",
            "2026-09-01 18:30:00",
        ),
        (
            "2026-09-01 for 3 days",
            PointFor(day(2026, 9, 1), 3, Day),
            "2026-09-01 00:00:00",
            "2026-09-04 00:00:00",
        ),
        (
            "2026-09 for 2 months",
            PointFor(Point::Month(2026, 9), 2, Month),
            "2026-09-01 00:00:00",
            "2026-11-01 00:00:00",
        ),
        (
            "2026-09-01 05:00 for 5 hours",
            PointFor(minute(1, 5, 0), 5, Hour),
            "2026-09-01 05:00:00",
            "2026-09-01 10:00:00",
        ),
        (
            "this year to day",
            ThisTo(Year, Day),
            "2026-01-01 00:00:00",
            "2026-11-18 00:00:00",
        ),
        (
            "this week to second",
            ThisTo(Week, Second),
            "2026-11-16 00:00:00",
            "2026-11-18 14:25:36",
        ),
        (
            "today for 7 days",
            PointFor(Point::Today, 7, Day),
            "2026-11-18 00:00:00",
            "2026-11-25 00:00:00",
        ),
    ];
    for (written, term, start, end) in cases {
        check(&clock(0), written, term, start, end);
    }
    let fiscal = [
        (
            "FY2026",
            DateTerm::Point(Point::FiscalYear(2026)),
            "2026-04-01 00:00:00",
            "2027-04-01 00:00:00",
        ),
        (
            "FY2026-Q2",
            DateTerm::Point(Point::FiscalQuarter(2026, 2)),
            "2026-07-01 00:00:00",
            "2026-10-01 00:00:00",
        ),
        (
            "this fiscal quarter",
            Relative(0, Unit::FiscalQuarter),
            "2026-10-01 00:00:00",
            "2027-01-01 00:00:00",
        ),
    ];
    for (written, term, start, end) in fiscal {
        check(&clock(3), written, term, start, end);
    }
}
