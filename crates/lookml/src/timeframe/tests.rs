use jiff::civil::Weekday;
use proptest::prelude::*;

use super::*;

/// The specification's list, which says it shorter.
const LEGAL: &str = "raw yesno time time_of_day hour hour_of_day hour2/3/4/6/8/12 minute \
    minute2/3/4/5/6/10/12/15/20/30 second millisecond \
    millisecond2/4/5/8/10/20/25/40/50/100/125/200/250/500 microsecond date week day_of_week \
    day_of_week_index week_of_year month month_num month_name day_of_month quarter quarter_of_year \
    year day_of_year fiscal_month_num fiscal_quarter fiscal_quarter_of_year fiscal_year";

fn legal_names() -> Vec<String> {
    let names = LEGAL.split_whitespace().flat_map(|entry| {
        let mut numbers = entry.split('/');
        let first = numbers.next().unwrap().to_owned();
        let word = first
            .trim_end_matches(|c: char| c.is_ascii_digit())
            .to_owned();
        let others = numbers.map(move |number| format!("{word}{number}"));
        std::iter::once(first).chain(others)
    });
    names.collect()
}

fn names(is_wanted: impl Fn(Timeframe) -> bool) -> String {
    let names = Timeframe::all().filter(|timeframe| is_wanted(*timeframe));
    names
        .map(|name| name.to_string())
        .collect::<Vec<_>>()
        .join(" ")
}

#[test]
fn all_that_are_legal_are_known_and_no_others() {
    let mut legal = legal_names();
    let mut known: Vec<_> = Timeframe::all().map(|name| name.to_string()).collect();
    for name in &legal {
        let timeframe = Timeframe::parse(name).map(|timeframe| timeframe.to_string());
        assert_eq!(timeframe.as_deref(), Some(name.as_str()));
    }
    legal.sort();
    known.sort();
    assert_eq!(known, legal);
    for name in [
        "hour5", "minute7", "minute05", "minute+5", "hour1", "Date", "", "minutes", "dates",
    ] {
        assert_eq!(Timeframe::parse(name), None, "{name}");
    }
}

#[test]
fn a_type_may_name_one() {
    let of_type = |name| Timeframe::of_type(name).map(|timeframe| timeframe.to_string());
    assert_eq!(of_type("date").as_deref(), Some("date"));
    assert_eq!(of_type("date_time").as_deref(), Some("time"));
    assert_eq!(of_type("date_raw").as_deref(), Some("raw"));
    assert_eq!(of_type("date_hour_of_day").as_deref(), Some("hour_of_day"));
    assert_eq!(of_type("date_minute15").as_deref(), Some("minute15"));
    assert_eq!(of_type("time"), None);
    assert_eq!(of_type("date_x"), None);
}

#[test]
fn fields_are_named_after_their_group() {
    assert_eq!(Timeframe::Week.field_name("created"), "created_week");
    assert_eq!(Timeframe::Hours(6).field_name("created"), "created_hour6");
    assert_eq!(Timeframe::YesNo.field_name("created"), "created");
}

#[test]
fn a_group_without_timeframes_has_the_usual_ones() {
    let names: Vec<_> = Timeframe::DEFAULT
        .iter()
        .map(Timeframe::to_string)
        .collect();
    let expected = "raw time date time_of_day hour hour_of_day minute week day_of_week \
        day_of_week_index week_of_year month month_num month_name day_of_month quarter \
        quarter_of_year year day_of_year";
    assert_eq!(names.join(" "), expected);
}

#[test]
fn true_timeframes_sort_a_query() {
    let expected = "time hour minute second millisecond microsecond date week month quarter year \
        fiscal_quarter fiscal_year";
    let single =
        |timeframe: Timeframe| SINGLE.contains(&timeframe) && timeframe.is_true_timeframe();
    assert_eq!(names(single), expected);
    assert!(Timeframe::Hours(6).is_true_timeframe());
    assert!(Timeframe::Minutes(15).is_true_timeframe());
}

#[test]
fn some_are_filtered_by_what_they_show() {
    let by = |filter| names(|timeframe| timeframe.filter_by() == filter);
    assert_eq!(
        by(FilterBy::Number),
        "hour_of_day day_of_week_index week_of_year month_num day_of_month day_of_year fiscal_month_num"
    );
    assert_eq!(
        by(FilterBy::Text),
        "time_of_day day_of_week month_name quarter_of_year fiscal_quarter_of_year"
    );
    assert_eq!(by(FilterBy::YesNo), "yesno");
    let raw =
        "raw time date week month quarter year hour minute15 hour6 fiscal_quarter fiscal_year";
    for name in raw.split(' ') {
        assert!(
            !Timeframe::parse(name).unwrap().filters_own_value(),
            "{name}"
        );
    }
}

#[test]
fn gaps_are_filled_in_ranges_and_sets() {
    let is_range =
        |timeframe: Timeframe| matches!(timeframe.fill(Weekday::Monday), Some(Fill::Range(_)));
    assert_eq!(
        names(is_range),
        "hour minute date week month quarter year fiscal_quarter fiscal_year"
    );
    let is_set =
        |timeframe: Timeframe| matches!(timeframe.fill(Weekday::Monday), Some(Fill::Set(_)));
    assert_eq!(
        names(is_set),
        "yesno time_of_day hour_of_day day_of_week day_of_week_index week_of_year month_num \
         month_name day_of_month quarter_of_year day_of_year fiscal_month_num fiscal_quarter_of_year"
    );
    assert!(!Timeframe::Raw.is_fillable());
    assert!(!Timeframe::Hours(2).is_fillable());
}

/// How many values, the first and the last.
fn domain(timeframe: Timeframe, week_start: Weekday) -> (usize, String, String) {
    let values: Vec<String> = match timeframe.fill(week_start) {
        Some(Fill::Set(Domain::Numbers(numbers))) => {
            numbers.iter().map(ToString::to_string).collect()
        }
        Some(Fill::Set(Domain::Texts(texts))) => texts,
        _ => Vec::new(),
    };
    let first = values.first().cloned().unwrap_or_default();
    let last = values.last().cloned().unwrap_or_default();
    (values.len(), first, last)
}

#[test]
fn sets_are_complete() {
    let expected = [
        (Timeframe::YesNo, 2, "No", "Yes"),
        (Timeframe::TimeOfDay, 1440, "00:00", "23:59"),
        (Timeframe::HourOfDay, 24, "0", "23"),
        (Timeframe::DayOfWeek, 7, "Sunday", "Saturday"),
        (Timeframe::DayOfWeekIndex, 7, "0", "6"),
        (Timeframe::WeekOfYear, 53, "1", "53"),
        (Timeframe::MonthNum, 12, "1", "12"),
        (Timeframe::MonthName, 12, "January", "December"),
        (Timeframe::DayOfMonth, 31, "1", "31"),
        (Timeframe::QuarterOfYear, 4, "Q1", "Q4"),
        (Timeframe::DayOfYear, 366, "1", "366"),
        (Timeframe::FiscalMonthNum, 12, "1", "12"),
        (Timeframe::FiscalQuarterOfYear, 4, "Q1", "Q4"),
    ];
    for (timeframe, count, first, last) in expected {
        let found = domain(timeframe, Weekday::Sunday);
        assert_eq!(
            found,
            (count, first.to_owned(), last.to_owned()),
            "{timeframe}"
        );
    }
    let (_, first, last) = domain(Timeframe::DayOfWeek, Weekday::Wednesday);
    assert_eq!((first.as_str(), last.as_str()), ("Wednesday", "Tuesday"));
}

#[test]
fn some_sort_by_their_index() {
    let sorted: Vec<_> = Timeframe::all()
        .filter_map(|timeframe| Some((timeframe.to_string(), timeframe.sort_index()?.to_string())))
        .collect();
    let expected = [
        ("day_of_week", "day_of_week_index"),
        ("month_name", "month_num"),
    ];
    assert_eq!(
        sorted,
        expected.map(|(name, index)| (name.to_owned(), index.to_owned()))
    );
}

#[test]
fn some_are_numbers() {
    assert_eq!(
        names(Timeframe::is_numeric),
        "hour_of_day day_of_week_index week_of_year month_num day_of_month year day_of_year \
         fiscal_month_num"
    );
}

#[test]
fn points_in_time_are_truncated() {
    let expected = [
        ("time", Unit::Second, 1, false),
        ("microsecond", Unit::Microsecond, 1, false),
        ("millisecond250", Unit::Millisecond, 250, false),
        ("second", Unit::Second, 1, false),
        ("minute", Unit::Minute, 1, false),
        ("minute15", Unit::Minute, 15, false),
        ("hour", Unit::Hour, 1, false),
        ("hour6", Unit::Hour, 6, false),
        ("date", Unit::Day, 1, false),
        ("week", Unit::Week, 1, false),
        ("month", Unit::Month, 1, false),
        ("quarter", Unit::Quarter, 1, false),
        ("year", Unit::Year, 1, false),
        ("fiscal_quarter", Unit::Quarter, 1, true),
        ("fiscal_year", Unit::Year, 1, true),
    ];
    for (name, unit, count, is_fiscal) in expected {
        let truncation = Timeframe::parse(name).and_then(Timeframe::truncation);
        let expected = Truncation {
            unit,
            count,
            is_fiscal,
        };
        assert_eq!(truncation, Some(expected), "{name}");
    }
    assert_eq!(Timeframe::Raw.truncation(), None);
    assert_eq!(Timeframe::HourOfDay.truncation(), None);
}

proptest! {
    #[test]
    fn any_name_is_one_or_none(name in "(hour|minute|millisecond|date|.{0,3})[_0-9]{0,5}") {
        if let Some(timeframe) = Timeframe::parse(&name) {
            prop_assert_eq!(timeframe.to_string(), name);
        }
    }
}
