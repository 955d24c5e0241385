//! Each function with answers.

use super::{check, check_error, check_one, evaluate, numbers, show_column};
use crate::expression::{Column, Table};

#[test]
fn functions_of_numbers() {
    check("abs(0 - ${t.n})", "10 20 ∅ 50");
    check_one("ceiling(1.2) + floor(-1.2)", "0");
    check_one("round(2.675, 2)", "2.68");
    check_one("round(-2.5, 0)", "-3");
    check_one("round(1250, -2)", "1300");
    check_one("round(2.4)", "2");
    check_one("power(2, 10)", "1024");
    check_one("sqrt(9)", "3");
    check_one("sqrt(-9)", "∅");
    check_one("exp(0)", "1");
    check_one("ln(exp(2))", "2");
    check_one("ln(0)", "∅");
    check_one("log(1000)", "3");
    check_one("mod(7, 3)", "1");
    check_one("mod(-7, 3)", "-1");
    check_one("mod(7, 0)", "∅");
    check_one("abs(null)", "∅");
}

#[test]
fn functions_of_texts() {
    check(
        "concat(${t.name}, \" \", ${t.m}, yes)",
        "\"Ann 2Yes\" \"Bob 0Yes\" \" 3Yes\" ∅",
    );
    check("contains(${t.name}, \"n\")", "yes no no ∅");
    check("starts_with(${t.name}, \"B\")", "no yes no ∅");
    check("length(${t.name})", "3 3 0 ∅");
    check_one("length(\"äöü\")", "3");
    check_one("lower(\"ÄB\")", "\"äb\"");
    check_one("upper(\"äb\")", "\"ÄB\"");
    check_one("position(\"äbc\", \"c\")", "3");
    check_one("position(\"abc\", \"x\")", "0");
    check_one("replace(\"a-b-c\", \"-\", \"+\")", "\"a+b+c\"");
    check_one("replace(\"abc\", \"\", \"+\")", "\"abc\"");
    check_one("substring(\"äbcd\", 2, 2)", "\"bc\"");
    check_one("substring(\"abcd\", 3)", "\"cd\"");
    check_one("substring(\"abcd\", 0, 2)", "\"a\"");
    check_one("substring(\"abcd\", 9, 2)", "\"\"");
    check_one("split(\"a,b,,c\", \",\")", "[\"a\" \"b\" \"\" \"c\"]");
    check_one("split(\"ab\", \"\")", "[\"ab\"]");
    check_one("to_string(1234.50)", "\"1234.5\"");
    check_one("to_string(date(2026, 1, 2))", "\"2026-01-02\"");
    check_one("to_string(${t.at})", "\"2026-03-04 05:06:07\"");
    check_one("to_number(\" -12.5 \")", "-12.5");
    check_one("to_number(\"inf\")", "∅");
    check_one("to_number(\"12 km\")", "∅");
    check_one(r#""a \"quoted\" \\ \d""#, r#""a \"quoted\" \\ \\d""#);
}

#[test]
fn functions_of_dates() {
    check_one("now()", "2026-11-18T14:25:36");
    check_one("date(2026, 2, 30)", "∅");
    check_one("date_time(2026, 1, 2, 3)", "2026-01-02T03:00:00");
    check_one("to_date(\"2026\")", "2026-01-01");
    check_one("to_date(\"2026-05\")", "2026-05-01");
    check_one("to_date(\"2026-05-06\")", "2026-05-06");
    check_one("to_date(\"2026-05-06 07\")", "2026-05-06T07:00:00");
    check_one(
        "to_date(\"2026-05-06T07:08:09.25\")",
        "2026-05-06T07:08:09.25",
    );
    check_one("to_date(\"6 May\")", "∅");
    check_one("to_date(\"2026-13\")", "∅");
    check(
        "add_days(1, ${t.day})",
        "2026-02-01 2024-03-01 ∅ 2025-12-02",
    );
    check(
        "add_months(1, ${t.day})",
        "2026-02-28 2024-03-29 ∅ 2026-01-01",
    );
    check(
        "add_years(-1, ${t.day})",
        "2025-01-31 2023-02-28 ∅ 2024-12-01",
    );
    check(
        "add_hours(25, ${t.day})",
        "2026-02-01T01:00:00 2024-03-01T01:00:00 ∅ 2025-12-02T01:00:00",
    );
    check_one(
        "add_minutes(1, add_seconds(60, ${t.at}))",
        "2026-03-04T05:08:07",
    );
    check_one("add_years(1e9, ${t.at})", "∅");
    check_one(
        "extract_years(${t.at}) * 10000 + extract_months(${t.at}) * 100 + extract_days(${t.at})",
        "20260304",
    );
    check_one(
        "extract_hours(${t.at}) * 10000 + extract_minutes(${t.at}) * 100 + extract_seconds(${t.at})",
        "50607",
    );
    check("extract_hours(${t.day})", "0 0 ∅ 0");
    check_one("trunc_days(${t.at})", "2026-03-04");
    check_one("trunc_months(${t.at})", "2026-03-01");
    check_one("trunc_years(${t.at})", "2026-01-01");
    check_one("trunc_hours(${t.at})", "2026-03-04T05:00:00");
    check_one("trunc_minutes(${t.at})", "2026-03-04T05:06:00");
}

#[test]
fn differences_are_completed_units() {
    check_one("diff_days(\"2026-01-01 23:00\", \"2026-01-02 01:00\")", "0");
    check_one("diff_days(date(2026, 1, 1), date(2026, 3, 1))", "59");
    check_one("diff_days(date(2026, 3, 1), date(2026, 1, 1))", "-59");
    check_one(
        "diff_hours(\"2026-01-01 23:30\", \"2026-01-02 01:00\")",
        "1",
    );
    check_one(
        "diff_minutes(\"2026-01-01 23:30\", \"2026-01-02 01:00\")",
        "90",
    );
    check_one("diff_seconds(\"2026-01-01\", \"2026-01-02\")", "86400");
    check_one("diff_months(date(2026, 1, 31), date(2026, 2, 28))", "0");
    check_one("diff_months(date(2026, 2, 28), date(2026, 1, 31))", "0");
    check_one("diff_months(date(2026, 1, 15), date(2026, 4, 15))", "3");
    check_one("diff_months(date(2024, 2, 29), date(2025, 2, 28))", "11");
    check_one("diff_years(date(2024, 2, 29), date(2025, 2, 28))", "0");
    check_one("diff_years(date(2024, 2, 28), date(2026, 2, 28))", "2");
    check_one("diff_years(date(2026, 2, 28), date(2024, 2, 29))", "-1");
}

#[test]
fn functions_of_columns() {
    check_one("sum(${t.n})", "80");
    check_one("sum(${t.n} * 2)", "160");
    check_one("sum(if(no, 1, null))", "0");
    check_one("count(${t.n})", "3");
    check_one("count(${t.name})", "3");
    check_one("count_distinct(${t.m})", "3");
    check_one("min(${t.n})", "10");
    check_one("max(${t.day})", "2026-01-31");
    check_one("max(${t.name})", "\"Bob\"");
    check("max(${t.n}, ${t.m}, 15)", "15 20 15 50");
    check("min(${t.n}, ${t.m})", "2 0 3 2");
    check_one("median(${t.n})", "20");
    check_one("median(${t.m})", "2");
    check_one("mean(${t.m})", "1.75");
    check_one("mean(null)", "∅");
    check_one("stddev_samp(${t.n})", "20.816659994661325");
    check_one("stddev_samp(1 + null)", "∅");
    check("running_total(${t.n})", "10 30 30 80");
    check("${t.n} / sum(${t.n})", "0.125 0.25 ∅ 0.625");
    check("${t.n} / ${t.n:total}", "0.125 0.25 ∅ 0.625");
    check("offset(${t.n}, -1)", "∅ 10 20 ∅");
    check("offset(${t.n}, 1)", "20 ∅ 50 ∅");
    check("${t.n} - offset(${t.n}, -1)", "∅ 10 ∅ ∅");
    check("offset(${t.n}, 0 - row())", "∅ ∅ ∅ ∅");
    check(
        "offset_list(${t.n}, -1, 3)",
        "[∅ 10 20] [10 20 ∅] [20 ∅ 50] [∅ 50 ∅]",
    );
    check("sum(offset_list(${t.n}, -1, 2))", "10 30 20 50");
    check("count(offset_list(${t.n}, -1, 2))", "1 2 1 1");
    check("row()", "1 2 3 4");
    check_one("index(${t.n}, 2)", "20");
    check_one("index(${t.n}, 5)", "∅");
    check("index(list(${t.n}, ${t.m}), 2)", "2 0 3 2");
    check("rank(${t.n}, ${t.n})", "3 2 ∅ 1");
    check("rank(${t.m}, ${t.m})", "2 4 1 2");
    check("rank(${t.m}, list(1, 2, 3))", "2 4 1 2");
    check("lookup(3, ${t.m}, ${t.name})", "\"\" \"\" \"\" \"\"");
    check(
        "lookup(${t.m}, ${t.m}, ${t.name})",
        "\"Ann\" \"Bob\" \"\" \"Ann\"",
    );
    check_one("lookup(7, ${t.m}, ${t.name})", "∅");
}

#[test]
fn percentiles_are_those_of_measures() {
    let mut table = Table::new(5, 0);
    let values = numbers([Some(50.0), Some(10.0), Some(110.0), Some(20.0), Some(70.0)]);
    table.insert("t.x", Column::plain(values));
    for (share, shown) in [
        ("0.8", "90"),
        ("0.5", "50"),
        ("0", "10"),
        ("1", "110"),
        ("0.2", "15"),
        ("0.25", "20"),
        ("1.5", "∅"),
        ("-1", "∅"),
    ] {
        let column = evaluate(&table, &format!("percentile(${{t.x}}, {share})")).unwrap();
        assert_eq!(show_column(&column), [shown; 5].join(" "), "{share}");
    }
    check_one("percentile(list(10, 20, 50, 70, 110), 0.8)", "90");
}

#[test]
fn filters_are_asked_of_the_caller() {
    check("matches_filter(${t.name}, `Bob`)", "no yes no no");
    check("matches_filter(${t.name}, \"Ann\")", "yes no no no");
    check_error(
        "matches_filter(${t.name}, `a!`)",
        "LK937",
        "!",
        "a bad filter",
    );
    check_error(
        "matches_filter(${t.name}, ${t.name})",
        "LK937",
        "${t.name}",
        "a filter expression is needed",
    );
    check_error(
        "concat(`a`)",
        "LK937",
        "`a`",
        "a filter in back-ticks belongs to `matches_filter(field, …)`",
    );
}
