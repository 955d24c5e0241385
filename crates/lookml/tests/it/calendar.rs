//! Where units of time begin.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Weekday, date, datetime};
use jiff::tz::TimeZone;
use lookml::{Calendar, TimeUnit};
use proptest::prelude::*;

const WEEKDAYS: [Weekday; 7] = [
    Weekday::Monday,
    Weekday::Tuesday,
    Weekday::Wednesday,
    Weekday::Thursday,
    Weekday::Friday,
    Weekday::Saturday,
    Weekday::Sunday,
];

fn calendar(week_start: Weekday, fiscal_month_offset: i8) -> Calendar {
    Calendar {
        now: Timestamp::UNIX_EPOCH,
        query_timezone: TimeZone::UTC,
        database_timezone: TimeZone::UTC,
        week_start,
        fiscal_month_offset,
    }
}

fn day_of(text: &str) -> DateTime {
    text.parse::<Date>()
        .unwrap()
        .to_datetime(jiff::civil::Time::MIN)
}

#[test]
fn each_unit_begins_where_it_should() {
    let at = datetime(2026, 11, 18, 14, 25, 36, 789_000_000);
    let calendar = calendar(Weekday::Monday, 3);
    let starts = TimeUnit::ALL.map(|unit| format!("{unit}: {}", calendar.truncate(at, unit)));
    insta::assert_snapshot!(starts.join("\n"), @r#"
    second: 2026-11-18T14:25:36
    minute: 2026-11-18T14:25:00
    hour: 2026-11-18T14:00:00
    day: 2026-11-18T00:00:00
    week: 2026-11-16T00:00:00
    month: 2026-11-01T00:00:00
    quarter: 2026-10-01T00:00:00
    year: 2026-01-01T00:00:00
    fiscal quarter: 2026-10-01T00:00:00
    fiscal year: 2026-04-01T00:00:00
    "#);
}

#[test]
fn a_week_begins_on_each_weekday() {
    // 2026-11-16 is a Monday, so the weeks of Wednesday the 18th begin on the days from the 12th to the 18th.
    let starts = [16, 17, 18, 12, 13, 14, 15];
    for (week_start, day) in WEEKDAYS.into_iter().zip(starts) {
        let start = calendar(week_start, 0).truncate(day_of("2026-11-18"), TimeUnit::Week);
        assert_eq!(start.date(), date(2026, 11, day), "{week_start:?}");
        assert_eq!(start.weekday(), week_start);
    }
}

#[test]
fn a_week_may_lie_in_two_years() {
    let calendar = calendar(Weekday::Monday, 0);
    // Week 53 of 2026, of 2020 and, as ISO counts, of no other year between.
    for day in ["2026-12-28", "2026-12-31", "2027-01-01", "2027-01-03"] {
        let start = calendar.truncate(day_of(day), TimeUnit::Week).date();
        assert_eq!(start, date(2026, 12, 28));
        assert_eq!(start.iso_week_date().week(), 53);
    }
}

#[test]
fn a_month_without_that_day_ends_sooner() {
    let calendar = calendar(Weekday::Monday, 0);
    let add = |day: &str, count, unit| calendar.add(day_of(day), count, unit).date().to_string();
    assert_eq!(add("2026-01-31", 1, TimeUnit::Month), "2026-02-28");
    assert_eq!(add("2024-01-31", 1, TimeUnit::Month), "2024-02-29");
    assert_eq!(add("2024-02-29", 1, TimeUnit::Year), "2025-02-28");
    assert_eq!(add("2024-02-29", -4, TimeUnit::FiscalYear), "2020-02-29");
    assert_eq!(add("2024-02-29", 1, TimeUnit::Day), "2024-03-01");
    assert_eq!(add("2100-02-28", 1, TimeUnit::Day), "2100-03-01");
    assert_eq!(add("2000-02-28", 1, TimeUnit::Day), "2000-02-29");
    assert_eq!(add("2026-11-30", -9, TimeUnit::Month), "2026-02-28");
}

#[test]
fn a_fiscal_year_begins_after_the_offset() {
    let year = |offset| {
        let start = calendar(Weekday::Monday, offset).fiscal_year_start(2026);
        start.date().to_string()
    };
    assert_eq!(year(0), "2026-01-01");
    assert_eq!(year(3), "2026-04-01");
    assert_eq!(year(11), "2026-12-01");
    assert_eq!(year(-3), "2025-10-01");
    assert_eq!(year(-11), "2025-02-01");
}

#[test]
fn the_end_of_time_is_no_panic() {
    let calendar = calendar(Weekday::Sunday, -11);
    for unit in TimeUnit::ALL {
        for at in [DateTime::MIN, DateTime::MAX] {
            for count in [i64::MIN, -1, 1, i64::MAX] {
                calendar.truncate(calendar.add(at, count, unit), unit);
                calendar.instant(calendar.add(at, count, unit));
            }
        }
        assert_eq!(calendar.add(DateTime::MAX, i64::MAX, unit).year(), 9999);
        assert_eq!(calendar.add(DateTime::MIN, i64::MIN, unit).year(), -9999);
    }
}

/// Any second from 1990 to 2090.
fn moment() -> impl Strategy<Value = DateTime> {
    (631_152_000_i64..3_818_448_000).prop_map(|second| {
        let at = Timestamp::from_second(second).unwrap();
        TimeZone::UTC.to_datetime(at)
    })
}

proptest! {
    #[test]
    fn units_follow_each_other_without_a_gap(
        at in moment(),
        week_start in 0_usize..7,
        offset in -11_i8..=11,
    ) {
        let calendar = calendar(WEEKDAYS[week_start], offset);
        for unit in TimeUnit::ALL {
            let start = calendar.truncate(at, unit);
            let next = calendar.add(start, 1, unit);
            prop_assert!(start <= at && at < next, "{unit}");
            prop_assert!(calendar.unit_around(at, unit).contains(at));
            prop_assert_eq!(calendar.truncate(start, unit), start);
            prop_assert_eq!(calendar.truncate(next, unit), next);
            prop_assert_eq!(calendar.add(next, -1, unit), start);
        }
        let week = calendar.truncate(at, TimeUnit::Week);
        prop_assert_eq!(week.weekday(), calendar.week_start);
        let year = calendar.truncate(at, TimeUnit::FiscalYear);
        prop_assert_eq!(i64::from(year.month()) - 1, i64::from(offset).rem_euclid(12));
        let quarter = calendar.truncate(at, TimeUnit::FiscalQuarter);
        prop_assert_eq!((quarter.month() - year.month()).rem_euclid(3), 0);
    }
}
