//! A value format, and after a line end the number that is shown in it.
#![no_main]

use jiff::civil::date;
use lookml::value_format::{Decimal, ValueFormat};

libfuzzer_sys::fuzz_target!(|data: &str| {
    let (format, number) = data.split_once('\n').unwrap_or((data, "-1234.5"));
    match ValueFormat::parse(format) {
        Ok(parsed) => {
            if let Ok(number) = number.parse::<Decimal>() {
                let _ = parsed.number(&number);
            }
            let _ = parsed.datetime(date(2026, 11, 18).at(14, 25, 36, 0));
            let _ = parsed.text(number);
        }
        Err(error) => assert!(format.get(error.span.range()).is_some()),
    }
});
