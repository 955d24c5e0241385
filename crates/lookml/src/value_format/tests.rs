use jiff::civil::{DateTime, date};
use proptest::prelude::*;

use super::{Decimal, NAMED_FORMATS, ValueFormat, grouped_number, plain_number};

fn decimal(text: &str) -> Decimal {
    text.parse().unwrap()
}

#[track_caller]
fn check(format: &str, numbers: &[(&str, &str)]) {
    let parsed = ValueFormat::parse(format).unwrap();
    for (number, shown) in numbers {
        assert_eq!(
            parsed.number(&decimal(number)),
            *shown,
            "{number} as {format}"
        );
    }
}

#[track_caller]
fn check_error(format: &str, characters: &str, message: &str) {
    let error = ValueFormat::parse(format).unwrap_err();
    assert_eq!(error.span.of(format), characters, "{format}");
    assert_eq!(error.message, message, "{format}");
}

#[test]
fn the_table_of_the_specification() {
    let numbers = ["0", "1234.5", "-1234.5", "0.256"];
    for (format, shown) in [
        ("#,##0", ["0", "1,235", "-1,235", "0"]),
        ("#,##0.00", ["0.00", "1,234.50", "-1,234.50", "0.26"]),
        ("0.0%", ["0.0%", "123450.0%", "-123450.0%", "25.6%"]),
        ("0\\%", ["0%", "1235%", "-1235%", "0%"]),
        ("$#,##0;($#,##0)", ["$0", "$1,235", "($1,235)", "$0"]),
        ("0.0,\"k\"", ["0.0k", "1.2k", "-1.2k", "0.0k"]),
        ("0\" W\"", ["0 W", "1235 W", "-1235 W", "0 W"]),
        ("0.##", ["0.", "1234.5", "-1234.5", "0.26"]),
    ] {
        let expected: Vec<_> = numbers.into_iter().zip(shown).collect();
        check(format, &expected);
    }
}

#[test]
fn what_people_really_write() {
    check(
        "$#,##0",
        &[
            ("1234567.5", "$1,234,568"),
            ("-0.5", "-$1"),
            ("999.4", "$999"),
        ],
    );
    check(
        "#,##0.00",
        &[("1234567.005", "1,234,567.01"), ("0.004", "0.00")],
    );
    check(
        "0.00%",
        &[("0.12345", "12.35%"), ("-0.5", "-50.00%"), ("1", "100.00%")],
    );
    check(
        "$#,##0;($#,##0)",
        &[("-1234567", "($1,234,567)"), ("12", "$12")],
    );
    check(
        "#0\\%",
        &[("0", "0%"), ("12.5", "13%"), ("100", "100%"), ("-7", "-7%")],
    );
    check(
        "[>=1000000]$0.00,,\"M\";[>=1000]$0.00,\"K\";$0.00",
        &[
            ("2500000", "$2.50M"),
            ("1000000", "$1.00M"),
            ("999999.99", "$1000.00K"),
            ("1500", "$1.50K"),
            ("999.999", "$1000.00"),
            ("12", "$12.00"),
            ("-2500000", "-$2500000.00"),
        ],
    );
    check(
        "0.00\" kj\"",
        &[
            ("0", "0.00 kj"),
            ("512.345", "512.35 kj"),
            ("-1", "-1.00 kj"),
        ],
    );
    check(
        "#,##0,,\"M\"",
        &[("1234567890", "1,235M"), ("499999", "0M"), ("500000", "1M")],
    );
    check("0.##", &[("1.005", "1.01"), ("10", "10."), ("0.1", "0.1")]);
    check(
        "[h]:mm:ss",
        &[
            ("0", "0:00:00"),
            ("0.5", "12:00:00"),
            ("1.25", "30:00:00"),
            ("-0.5", "-12:00:00"),
            ("0.0000115741", "0:00:01"),
        ],
    );
    check(
        "0000",
        &[
            ("7", "0007"),
            ("12345", "12345"),
            ("-7", "-0007"),
            ("0.5", "0001"),
        ],
    );
    check("\\V\\i\\s\\i\\t 0", &[("3", "Visit 3"), ("-3", "-Visit 3")]);
}

#[test]
fn the_named_formats() {
    for (name, shown) in [
        ("decimal_0", "-1,235"),
        ("decimal_1", "-1,234.6"),
        ("decimal_2", "-1,234.57"),
        ("decimal_3", "-1,234.568"),
        ("decimal_4", "-1,234.5678"),
        ("usd", "-$1,234.57"),
        ("usd_0", "-$1,235"),
        ("gbp", "-£1,234.57"),
        ("gbp_0", "-£1,235"),
        ("eur", "-€1,234.57"),
        ("eur_0", "-€1,235"),
        ("percent_0", "-123,457%"),
        ("percent_1", "-123,456.8%"),
        ("percent_2", "-123,456.78%"),
        ("percent_3", "-123,456.780%"),
        ("percent_4", "-123,456.7800%"),
        ("id", "-1235"),
    ] {
        let format = ValueFormat::named(name).unwrap();
        assert_eq!(format.number(&decimal("-1234.5678")), shown, "{name}");
    }
    assert_eq!(NAMED_FORMATS.len(), 17);
    assert_eq!(ValueFormat::named("usd_1"), None);
}

#[test]
fn digits_without_a_code_go_to_the_first() {
    check(
        "000-0000",
        &[
            ("5551234", "555-1234"),
            ("15551234", "1555-1234"),
            ("12", "000-0012"),
        ],
    );
    check("(000) 000-0000", &[("2125551234", "(212) 555-1234")]);
    check(".00", &[("12.345", "12.35"), ("0.5", ".50")]);
    check("#.#", &[("0", "."), ("0.04", "."), ("12.34", "12.3")]);
    check("???.??", &[("1.5", "  1.5 "), ("1234", "1234.  ")]);
    check("0,000", &[("5", "0,005"), ("1234567", "1,234,567")]);
    check("#,###", &[("0", ""), ("1000", "1,000"), ("999", "999")]);
    check("0#", &[("5", "05")]);
    check("0.0#0", &[("1.5", "1.500")]);
}

#[test]
fn a_comma_means_what_stands_around_it() {
    check("0,", &[("1500", "2"), ("499", "0")]);
    check("0,,.0", &[("2550000", "2.6")]);
    check("0.00,,", &[("1234567", "1.23")]);
    check("#,##0.0,", &[("12345678", "12,345.7")]);
    check("0\", \"", &[("1500", "1500, ")]);
    check("\"a\",0", &[("1500", "a,1500")]);
    check("0%,", &[("1", "100%,")]);
}

#[test]
fn sections_by_sign() {
    check(
        "0;(0);\"zero\"",
        &[("1", "1"), ("-1", "(1)"), ("0", "zero"), ("-0.0", "zero")],
    );
    check("0;;", &[("1", "1"), ("-1", ""), ("0", "")]);
    check("0.0_);(0.0)", &[("1", "1.0"), ("-1", "(1.0)")]);
    check("[Red]0;[Color 3]-0", &[("1", "1"), ("-1", "-1")]);
    check("* 0", &[("1", "1")]);
    check("[$€-407] 0", &[("1", "€ 1")]);
    // The section is chosen by the value, not by what is left of it.
    check("0;(0)", &[("-0.4", "(0)")]);
    check("0", &[("-0.4", "-0")]);
    let format = ValueFormat::parse("0;-0;0;\"<\"@\">\"").unwrap();
    assert_eq!(format.text("a"), "<a>");
    assert_eq!(ValueFormat::parse("0").unwrap().text("a"), "a");
}

#[test]
fn sections_by_condition() {
    check("[<0](0);0", &[("-5", "(5)"), ("5", "5")]);
    check(
        "[=1]0\" day\";0\" days\"",
        &[("1", "1 day"), ("2", "2 days")],
    );
    check(
        "0;[<-10]\"low\";0.0",
        &[("-11", "low"), ("-1", "-1"), ("3", "3")],
    );
    check(
        "[<=0.5]0.0;[<>1]0.00;\"one\"",
        &[("0.5", "0.5"), ("0.75", "0.75"), ("1", "one")],
    );
    // No section is for it.
    check("[>10]0.0", &[("11", "11.0"), ("3.25", "3.25")]);
}

#[test]
fn scientific() {
    check(
        "0.00E+00",
        &[
            ("1234.5", "1.23E+03"),
            ("0.00012", "1.20E-04"),
            ("0", "0.00E+00"),
            ("9.996", "1.00E+01"),
            ("-5", "-5.00E+00"),
        ],
    );
    check(
        "##0.0E+0",
        &[
            ("12345", "12.3E+3"),
            ("999960", "1.0E+6"),
            ("0.012", "12.0E-3"),
        ],
    );
    check("0e-0", &[("1500", "2e3"), ("0.02", "2e-2")]);
    check("\"E+0\"", &[("1", "E+0")]);
}

#[test]
fn a_format_that_is_none() {
    check("", &[("1234.5", "1234.5")]);
    check("General", &[("1234.5", "1234.5"), ("-2", "-2")]);
    check("@", &[("0.25", "0.25")]);
    check("\"n/a\"", &[("1", "n/a")]);
}

#[test]
fn durations() {
    check(
        "h:mm:ss",
        &[
            ("0.75", "18:00:00"),
            ("1.5", "12:00:00"),
            ("0.99999999", "0:00:00"),
        ],
    );
    check("[mm]:ss", &[("0.0625", "90:00"), ("0.00001", "00:01")]);
    check("[s]\" s\"", &[("1", "86400 s")]);
    check(
        "h:mm AM/PM",
        &[("0.5", "12:00 PM"), ("0.75", "6:00 PM"), ("0", "12:00 AM")],
    );
    check("h A/P", &[("0.25", "6 A")]);
    check("mm:ss.00", &[("0.00001", "00:00.86")]);
    check("[h]:mm;([h]:mm)", &[("-1.5", "(36:00)")]);
    // Beyond the calendar.
    check("[h]:mm", &[("1e15", "1000000000000000")]);
}

#[test]
fn dates() {
    // 2024-02-29 is the day 45351 of spreadsheets.
    check(
        "yyyy-mm-dd",
        &[
            ("45351", "2024-02-29"),
            ("45351.99", "2024-02-29"),
            ("0", "1899-12-30"),
            ("-1", "1899-12-29"),
        ],
    );
    check("m/d/yy", &[("45351", "2/29/24")]);
    check(
        "dddd, mmmm d, yyyy",
        &[("45351", "Thursday, February 29, 2024")],
    );
    let noon: DateTime = date(2024, 2, 29).at(15, 4, 5, 678_900_000);
    for (format, shown) in [
        ("yyyy-mm-dd hh:mm:ss", "2024-02-29 15:04:05"),
        ("d mmm yy h:mm AM/PM", "29 Feb 24 3:04 PM"),
        ("ddd mmmmm", "Thu F"),
        ("dd.mm.yyyy", "29.02.2024"),
        ("ss.000", "05.678"),
        ("m", "2"),
        ("mm:ss", "04:05"),
        ("\"week of \"m/d", "week of 2/29"),
    ] {
        let format = ValueFormat::parse(format).unwrap();
        assert_eq!(format.datetime(noon).as_deref(), Some(shown));
        assert!(format.is_moment());
    }
    assert_eq!(ValueFormat::parse("0.0").unwrap().datetime(noon), None);
}

#[test]
fn what_cannot_be_read() {
    check_error("0.0\" km", "\" km", "a quote that does not end");
    check_error("0\\", "\\", "nothing after the backslash");
    check_error("0_", "_", "nothing to pad with");
    check_error("[>=1000", "[>=1000", "a bracket that does not end");
    check_error("[>=x]0", "[>=x]", "`x` is not a number");
    check_error(
        "[Pink]0",
        "[Pink]",
        "`[pink]` is no condition, no colour and no duration",
    );
    check_error("0;0;0;0;0", ";", "a format has at most four sections");
    check_error("0.0.0", ".", "a second decimal point");
    check_error(
        "0.0 hours",
        "h",
        "a date code among digit codes; text stands in double quotes",
    );
    check_error("[>1][<2]0", "[<2]", "a section has one condition");
    check_error("0E+0E+0", "E+0", "a second exponent");
    check_error("0E+0 0", "0", "a digit code behind the exponent");
    check_error("s.0000000000", ".", "more than nine decimals of a second");
}

#[test]
fn without_a_format() {
    for (number, plain, grouped) in [
        ("0", "0", "0"),
        ("1234567", "1234567", "1,234,567"),
        ("-1234.5", "-1234.5", "-1,234.5"),
        ("0.333333333", "0.333333", "0.33"),
        ("0.30000000000000004", "0.3", "0.3"),
        ("0.0000012345678", "0.00000123457", "0"),
        ("1234.0000005", "1234.000001", "1,234"),
        ("0.9999999", "1", "1"),
        ("-0.001", "-0.001", "0"),
        ("123", "123", "123"),
    ] {
        assert_eq!(plain_number(&decimal(number)), plain);
        assert_eq!(grouped_number(&decimal(number)), grouped);
    }
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused(text in "([0#?.,%;@_*\\\\\"E+$ymdhs:/ \\[\\]<>=-]|[a-zäG]|[0-9]){0,24}", number in any::<f64>()) {
        match ValueFormat::parse(&text) {
            Ok(format) => if let Some(number) = Decimal::from_f64(number) {
                format.number(&number);
                format.datetime(date(2026, 1, 2).at(3, 4, 5, 6));
                format.text("x");
            },
            Err(error) => prop_assert!(!error.span.is_empty() && text.get(error.span.range()).is_some()),
        }
    }

    #[test]
    fn plain_digits_are_the_number_rounded(cents in -10_000_000_000_i64..10_000_000_000) {
        let number = decimal(&format!("{cents}e-2"));
        let sign = if cents < 0 { "-" } else { "" };
        let (whole, rest) = (cents.abs() / 100, cents.abs() % 100);
        let show = |format: &str| ValueFormat::parse(format).unwrap().number(&number);
        prop_assert_eq!(show("0.00"), format!("{sign}{whole}.{rest:02}"));
        let rounded = whole + i64::from(rest >= 50);
        prop_assert_eq!(show("0"), format!("{sign}{rounded}"));
        prop_assert_eq!(show("#,##0").replace(',', ""), show("0"));
        prop_assert_eq!(show("0%"), format!("{sign}{}%", cents.abs()));
    }

    #[test]
    fn any_double_is_printed_to_its_last_digit(number in any::<f64>()) {
        if let Some(decimal) = Decimal::from_f64(number) {
            let format = ValueFormat::parse(&format!("0.{}", "#".repeat(1100))).unwrap();
            prop_assert_eq!(format.number(&decimal).parse::<f64>().unwrap(), number);
        }
    }

    #[test]
    fn comparing_is_that_of_numbers(one in any::<i32>(), other in any::<i32>(), shift in 0_u32..6) {
        let number = |value: i32| decimal(&format!("{value}e-{shift}"));
        prop_assert_eq!(number(one).cmp(&number(other)), one.cmp(&other));
    }
}
