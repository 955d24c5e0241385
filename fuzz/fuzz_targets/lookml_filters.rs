//! Filter expressions of every type: printed and read again they are the same, and their SQL can be written.
#![no_main]

use jiff::Timestamp;
use jiff::civil::Weekday;
use jiff::tz::TimeZone;
use lookml::filter::{self, Context, Datatype, FilterType};
use lookml::{Calendar, Dialect};

const TYPES: [FilterType; 4] = [
    FilterType::String,
    FilterType::Number,
    FilterType::YesNo,
    FilterType::Date,
];

libfuzzer_sys::fuzz_target!(|data: &str| {
    let calendar = Calendar {
        now: Timestamp::UNIX_EPOCH,
        query_timezone: TimeZone::get("America/New_York").expect("a zone"),
        database_timezone: TimeZone::UTC,
        week_start: Weekday::Monday,
        fiscal_month_offset: 2,
    };
    for filter_type in TYPES {
        let Ok(filter) = filter::parse(data, filter_type) else {
            continue;
        };
        let printed = filter.to_string();
        assert_eq!(filter::parse(&printed, filter_type).as_ref(), Ok(&filter));
        let _ = filter.describe();
        for dialect in [Dialect::BigQuery, Dialect::DuckDb] {
            let context = Context {
                dialect,
                calendar: &calendar,
                datatype: Datatype::Timestamp,
                is_converted: true,
                is_case_sensitive: false,
            };
            let _ = filter.to_sql("x", &context);
        }
    }
});
