use jiff::civil::{DateTime, Weekday};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use lookml::filter::{self, Context, Datatype, FilterType, StringFilter, Terms, Value};
use lookml::{Calendar, Dialect, TimeUnit};
use proptest::prelude::*;

use super::{calendar, context};

const TYPES: [FilterType; 4] = [
    FilterType::String,
    FilterType::Number,
    FilterType::YesNo,
    FilterType::Date,
];
const DIALECTS: [Dialect; 2] = [Dialect::BigQuery, Dialect::DuckDb];

/// Texts that are often filters of that type: some of whole terms, some of pieces of them.
fn expression(filter_type: FilterType) -> impl Strategy<Value = String> {
    let terms = proptest::collection::vec(matching(&term(filter_type)), 1..4);
    let pieces = proptest::collection::vec(matching(pieces(filter_type)), 0..8);
    prop_oneof![
        terms.prop_map(|terms| terms.join(",")),
        pieces.prop_map(|pieces| pieces.concat()),
    ]
}

fn matching(pattern: &str) -> impl Strategy<Value = String> + use<> {
    proptest::string::string_regex(pattern).unwrap()
}

/// The grammar of a term.
fn term(filter_type: FilterType) -> String {
    let comparison = "(>=|>|<=|<|=|!=|<>) ?-?[0-9]";
    let unit = "(second|minute|hour|day|week|month|quarter|year|fiscal quarter|fiscal year)";
    let period = format!(
        "(2026|2024-02-29|2026/09|2026-11-18 (14:25|06:30:15)|2026-Q[1-4]|FY202[5-7](-Q[1-4])?|now|today|yesterday\
         |tomorrow|monday|Sunday|(this|last|next) {unit}|[0-9]{{1,2}} {unit}s? (ago|from now))"
    );
    match filter_type {
        FilterType::String => {
            "-?(a|[a%_é]{1,4}|NULL|empty|\"[a,\"]{0,3}\"|[a\\^_,%\"-]{1,4})".to_owned()
        }
        FilterType::Number => format!(
            "(NOT )?(-?[0-9]|\\.5|1E3|NULL|[\\[(]-?[0-9],[0-9]?[\\])]|\\((-inf)?,([0-9]|inf)[\\])]|[0-9] to [0-9]?|to [0-9]\
             |{comparison}( AND {comparison})?)( OR 7)?"
        ),
        FilterType::YesNo => "yes|No|TRUE|0|1|false".to_owned(),
        FilterType::Date => format!(
            "null|NOT NULL|((before|after) )?{period}|{period} to {period}|{period} for [0-9] {unit}s?|this {unit} to {unit}\
             |(last )?[0-9]{{1,2}} {unit}s?"
        ),
    }
}

fn pieces(filter_type: FilterType) -> &'static str {
    match filter_type {
        FilterType::String => {
            "a|NULL|empty|%|_|\\^|,|,|\"|\"|-|\\\\| |é|'|\\{\\{| _user_attributes\\['a'\\] |\\}\\}"
        }
        FilterType::Number => {
            "5|-0\\.50|1e3|[0-9]{1,20}|,|,| ?OR | ?NOT |NULL| to | ?AND |>|<=|=|!=|<|<>|\\[|\\(|\\]|\\)|inf|-inf| "
        }
        FilterType::YesNo => "yes|No|TRUE|0|1|false|,| ",
        FilterType::Date => {
            "7|1|0|2026|2024-02-29|2026/09| 06:30|:15|-Q3|FY2025|,|null|not | to | for | day| weeks| month|\
             fiscal | quarter| years| seconds| ago| from now|last |this |next |before |after |now|today|monday| "
        }
    }
}

fn any_type() -> impl Strategy<Value = FilterType> {
    proptest::sample::select(&TYPES[..])
}

fn any_expression() -> impl Strategy<Value = (FilterType, String)> {
    any_type().prop_flat_map(|filter_type| (Just(filter_type), expression(filter_type)))
}

/// The parts of SQL outside of its literals. Fails where a literal has no end.
fn outside_of_literals(sql: &str, dialect: Dialect) -> String {
    let mut outside = String::new();
    let mut chars = sql.chars().peekable();
    while let Some(c) = chars.next() {
        if c != '\'' {
            outside.push(c);
            continue;
        }
        loop {
            match (chars.next().expect("a literal has an end"), dialect) {
                ('\\', Dialect::BigQuery) => {
                    chars.next();
                }
                ('\n' | '\r', Dialect::BigQuery) => panic!("a line break in a literal"),
                ('\'', Dialect::DuckDb) if chars.peek() == Some(&'\'') => {
                    chars.next();
                }
                ('\'', _) => break,
                _ => {}
            }
        }
        outside.push('§');
    }
    outside
}

/// Fails where SQL holds more than conditions on `x`.
fn assert_only_conditions(sql: &str, dialect: Dialect) {
    const WORDS: [&str; 18] = [
        "x",
        "LIKE",
        "ESCAPE",
        "IS",
        "NOT",
        "NULL",
        "OR",
        "AND",
        "IN",
        "LENGTH",
        "UPPER",
        "COALESCE",
        "FALSE",
        "DATE",
        "DATETIME",
        "TIMESTAMP",
        "1=1",
        "1=0",
    ];
    let outside = outside_of_literals(sql, dialect);
    let words = outside
        .split([' ', '(', ')', ','])
        .filter(|word| !word.is_empty());
    for word in words {
        let is_operator = matches!(word, "§" | "=" | "<>" | "<" | "<=" | ">" | ">=");
        let is_number = word.parse::<f64>().is_ok_and(f64::is_finite);
        assert!(
            is_operator || is_number || WORDS.contains(&word),
            "`{word}` in {sql}"
        );
    }
}

fn all_contexts(calendar: &Calendar) -> Vec<Context<'_>> {
    let datatypes = [
        Datatype::Timestamp,
        Datatype::DateTime,
        Datatype::Date,
        Datatype::Epoch,
        Datatype::YyyyMmDd,
    ];
    let contexts = DIALECTS.into_iter().flat_map(|dialect| {
        datatypes.into_iter().map(move |datatype| Context {
            datatype,
            is_case_sensitive: datatype != Datatype::Date,
            ..context(calendar, dialect)
        })
    });
    contexts.collect()
}

/// What holds for whatever is a filter.
fn check(filter_type: FilterType, expression: &str) {
    let filter = match filter::parse(expression, filter_type) {
        Ok(filter) => filter,
        Err(error) => {
            assert!(expression.is_char_boundary(error.position));
            return;
        }
    };
    let written = filter.to_string();
    assert_eq!(
        filter::parse(&written, filter_type),
        Ok(filter.clone()),
        "{written}"
    );
    assert!(!filter.describe().is_empty());
    let calendar = calendar("America/New_York");
    for context in all_contexts(&calendar) {
        assert_only_conditions(&filter.to_sql("x", &context), context.dialect);
        filter.matches(&Value::Null, &context);
        filter.matches(&Value::String(expression), &context);
        filter.matches(&Value::Number(5.0), &context);
        filter.matches(&Value::DateTime(calendar.local_now()), &context);
    }
}

fn intervals_of(expression: &str, calendar: &Calendar) -> Vec<lookml::DateRange> {
    let filter = filter::parse(expression, FilterType::Date).unwrap();
    match filter.terms {
        Terms::Date(filter) => filter.intervals(calendar),
        terms => panic!("{terms:?}"),
    }
}

fn any_calendar() -> impl Strategy<Value = Calendar> {
    const ZONES: [&str; 5] = [
        "UTC",
        "America/New_York",
        "Australia/Lord_Howe",
        "America/Santiago",
        "Asia/Tokyo",
    ];
    let zone = proptest::sample::select(&ZONES[..]);
    // From 1990 to 2090.
    let second = 631_152_000_i64..3_818_448_000;
    (second, zone, 0_i8..7, -11_i8..=11).prop_map(|(second, zone, week_start, offset)| Calendar {
        now: Timestamp::from_second(second).unwrap(),
        query_timezone: TimeZone::get(zone).unwrap(),
        database_timezone: TimeZone::UTC,
        week_start: Weekday::from_monday_zero_offset(week_start).unwrap(),
        fiscal_month_offset: offset,
    })
}

fn any_unit() -> impl Strategy<Value = TimeUnit> {
    proptest::sample::select(&TimeUnit::ALL[..])
}

fn any_value() -> impl Strategy<Value = Option<String>> {
    proptest::option::of("[a%_^,\"-]{0,4}|NULL|empty")
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, ..ProptestConfig::default() })]

    #[test]
    fn an_expression_survives_being_written((filter_type, expression) in any_expression()) {
        check(filter_type, &expression);
    }

    #[test]
    fn any_text_is_a_filter_or_an_error(text in "\\PC{0,20}|[\\x00-\\x7f]{0,20}", filter_type in any_type()) {
        check(filter_type, &text);
    }

    #[test]
    fn any_text_can_be_meant_exactly(text in "[^\\x00]{0,12}|[\\\\\"',%_^{ \n-]{0,8}") {
        let filter = StringFilter::equal_to(text.as_str());
        prop_assert_eq!(&filter::parse(&filter.to_string(), FilterType::String).unwrap(), &filter);
        let calendar = calendar("UTC");
        for dialect in DIALECTS {
            let context = context(&calendar, dialect);
            let sql = filter.to_sql("x", &context);
            prop_assert_eq!(outside_of_literals(&sql, dialect), "x = §");
            prop_assert!(filter.matches(&Value::String(&text), &context));
        }
    }

    /// A term and its negation let each value through once, NULL too.
    #[test]
    fn a_negated_term_lets_the_rest_through(term in "[a%_^,\"-]{1,4}|NULL|empty", text in any_value()) {
        let filters = [term.clone(), format!("-{term}")];
        let filters = filters.map(|expression| filter::parse(&expression, FilterType::String));
        let [Ok(positive), Ok(negative)] = filters else {
            return Ok(());
        };
        if term.starts_with('-') || positive.to_string().contains(',') || !negative.to_string().starts_with('-') {
            return Ok(());
        }
        let calendar = calendar("UTC");
        let context = context(&calendar, Dialect::DuckDb);
        let value = text.as_deref().map_or(Value::Null, Value::String);
        prop_assert_ne!(positive.matches(&value, &context), negative.matches(&value, &context));
    }

    #[test]
    fn numbers_are_between_or_not(low in -9_i32..9, high in -9_i32..9, number in -9_i32..9) {
        let calendar = calendar("UTC");
        let context = context(&calendar, Dialect::DuckDb);
        let passes = |expression: String| {
            let filter = filter::parse(&expression, FilterType::Number).unwrap();
            filter.matches(&Value::Number(f64::from(number)), &context)
        };
        prop_assert_eq!(passes(format!("[{low},{high}]")), low <= number && number <= high);
        prop_assert_eq!(passes(format!("NOT [{low},{high}]")), number < low || high < number);
        prop_assert_eq!(passes(format!("({low},{high}) OR {low}")), low < number && number < high || number == low);
        prop_assert_eq!(passes(format!(">{low} AND !={high}")), low < number && number != high);
    }

    /// `3 days` is today, yesterday and the day before, each once.
    #[test]
    fn spans_are_made_of_their_units(calendar in any_calendar(), unit in any_unit(), count in 1_u32..30) {
        // Of seconds, more than one are those before the present one.
        let count = if unit == TimeUnit::Second { 1 } else { count };
        let whole = intervals_of(&format!("{count} {unit}s"), &calendar)[0];
        let parts = (0..count).rev().map(|ago| intervals_of(&format!("{ago} {unit} ago"), &calendar)[0]);
        let mut next = whole.start;
        for part in parts {
            prop_assert_eq!(part.start, next);
            next = part.end;
        }
        prop_assert_eq!(next, whole.end);
        prop_assert!(whole.contains(calendar.local_now()));
        prop_assert_eq!(intervals_of(&format!("last {count} {unit}"), &calendar)[0], whole);
        let past = intervals_of(&format!("{count} {unit}s ago for {count} {unit}s"), &calendar)[0];
        prop_assert_eq!(past.end, intervals_of(&format!("this {unit}"), &calendar)[0].start);
        let coming = intervals_of(&format!("{count} {unit} from now"), &calendar)[0];
        prop_assert_eq!(coming.start, Some(calendar.add(past.end.unwrap(), i64::from(count), unit)));
    }

    /// A weekday is one of the last seven days.
    #[test]
    fn a_weekday_is_the_last_one(calendar in any_calendar(), weekday in 0_i8..7) {
        let weekday = Weekday::from_monday_zero_offset(weekday).unwrap();
        let start = intervals_of(&format!("{weekday:?}"), &calendar)[0].start.unwrap();
        let today = calendar.local_now().start_of_day();
        prop_assert_eq!(start.weekday(), weekday);
        prop_assert!(start <= today && today.duration_since(start) < SignedDuration::from_hours(7 * 24));
    }

    /// Outside of the hours in which clocks change, a moment passes in UTC as it does in local time.
    #[test]
    fn stored_bounds_say_what_local_ones_say(calendar in any_calendar(), unit in any_unit(), seconds in -9_000_000_i64..9_000_000) {
        let at = calendar.now.saturating_add(SignedDuration::from_secs(seconds)).unwrap();
        let local = calendar.query_timezone.to_datetime(at);
        let interval = intervals_of(&format!("last {unit}"), &calendar)[0];
        let bounds: Vec<DateTime> = interval.start.into_iter().chain(interval.end).collect();
        let is_plain = |local: &DateTime| calendar.query_timezone.to_ambiguous_timestamp(*local).is_ambiguous();
        prop_assume!(!bounds.iter().chain([&local]).any(is_plain));
        let instants: Vec<_> = bounds.iter().map(|bound| calendar.instant(*bound)).collect();
        prop_assert_eq!(interval.contains(local), instants[0] <= at && at < instants[1]);
    }
}

#[test]
fn long_expressions_take_no_longer_than_their_length() {
    let calendar = calendar("UTC");
    let context = context(&calendar, Dialect::DuckDb);
    let rows = [
        (FilterType::String, "a%,-b,"),
        (FilterType::String, ","),
        (FilterType::String, "\""),
        (FilterType::String, "{{"),
        (FilterType::String, "{{ _user_attributes['a'] }},"),
        (FilterType::Number, "1,NOT 2 OR [3,4],"),
        (FilterType::Number, "9"),
        (FilterType::Number, "NOT "),
        (FilterType::Date, "2026-01,7 days,"),
        (FilterType::Date, "9"),
        (FilterType::Date, "last "),
        (FilterType::YesNo, "yes,"),
    ];
    for (filter_type, piece) in rows {
        if let Ok(filter) = filter::parse(&piece.repeat(10_000), filter_type) {
            filter.to_sql("x", &context);
            assert_eq!(filter::parse(&filter.to_string(), filter_type), Ok(filter));
        }
    }
}
