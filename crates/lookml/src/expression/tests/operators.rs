//! What operators and the functions of logic make of values and of null.

use super::{check, check_one};

#[test]
fn arithmetic_and_its_ranks() {
    check_one("1 + 2 * 3 - 4 / 2", "5");
    check_one("(1 + 2) * 3 % 5", "4");
    check_one("10 - 4 - 3", "3");
    check_one("-2 * -3", "6");
    check_one("- - 1.5e2 + .5", "150.5");
    check_one("2 # two\n + 3 # three", "5");
    check("${t.n} + 1", "11 21 ∅ 51");
    check("${t.n} / ${t.m}", "5 ∅ ∅ 25");
    check("${t.n} % ${t.m}", "0 ∅ ∅ 0");
    check("-${t.n}", "-10 -20 ∅ -50");
    check_one("0 / 0", "∅");
    check_one("1e308 * 10", "∅");
}

#[test]
fn null_is_not_known() {
    check_one("null + 1", "∅");
    check_one("null = null", "∅");
    check("${t.n} >= 20", "no yes ∅ yes");
    check("${t.ok} AND yes", "yes no ∅ yes");
    check("${t.ok} and no", "no no no no");
    check("${t.ok} OR yes", "yes yes yes yes");
    check("${t.ok} or no", "yes no ∅ yes");
    check("NOT ${t.ok}", "no yes ∅ no");
    check("not ${t.n} > 15", "yes no ∅ no");
    check("if(${t.ok}, 1, 2)", "1 2 2 1");
    check("if(${t.ok}, \"y\")", "\"y\" ∅ ∅ \"y\"");
    check("coalesce(${t.n}, ${t.m}, 0)", "10 20 3 50");
    check("is_null(${t.n})", "no no yes no");
    check(
        "case(when(${t.n} > 15, \"big\"), when(${t.n} > 5, \"small\"), \"?\")",
        "\"small\" \"big\" \"?\" \"big\"",
    );
    check("case(when(${t.n} > 15, 1),)", "∅ 1 ∅ 1");
    check("CASE(WHEN(${t.ok}, 1))", "1 ∅ ∅ 1");
}

#[test]
fn comparisons() {
    check("${t.name} = \"Bob\"", "no yes no ∅");
    check("${t.name} != \"Bob\"", "yes no yes ∅");
    check("${t.name} <> \"Bob\"", "yes no yes ∅");
    check("${t.name} < \"B\"", "yes no yes ∅");
    check("${t.day} > date(2025, 12, 31)", "yes no ∅ no");
    check("${t.day} <= \"2025-12\"", "no yes ∅ yes");
    check_one("${t.at} = date_time(2026, 3, 4, 5, 6, 7)", "yes");
    check("${t.ok} = yes", "yes no ∅ yes");
    check_one("1 = 1 AND NOT 1 = 2 OR no", "yes");
}
