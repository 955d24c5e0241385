//! What is refused, and where.

use super::{check_error, check_one, evaluate, numbers, pivoted_table, plain_table};
use crate::expression::{Column, Expression, Table};

#[test]
fn types_that_do_not_fit() {
    check_error(
        "1 + \"a\"",
        "LK937",
        "\"a\"",
        "a number is needed, this is text",
    );
    check_error(
        "${t.day} - ${t.day}",
        "LK937",
        "${t.day}",
        "a number is needed, this is a date",
    );
    check_error(
        "1 = \"a\"",
        "LK937",
        "1 = \"a\"",
        "a number and text cannot be compared",
    );
    check_error(
        "if(1, 2, 3)",
        "LK937",
        "1",
        "yes or no is needed, this is a number",
    );
    check_error(
        "NOT 1",
        "LK937",
        "1",
        "yes or no is needed, this is a number",
    );
    check_error(
        "yes AND \"a\"",
        "LK937",
        "\"a\"",
        "yes or no is needed, this is text",
    );
    check_error(
        "abs(\"a\")",
        "LK937",
        "\"a\"",
        "a number is needed, this is text",
    );
    check_error(
        "length(1)",
        "LK937",
        "1",
        "text is needed, this is a number",
    );
    check_error(
        "sum(${t.name})",
        "LK937",
        "${t.name}",
        "a number is needed, this is text",
    );
    check_error(
        "extract_days(\"soon\")",
        "LK937",
        "\"soon\"",
        "a date is needed, this is text",
    );
    check_error(
        "concat(list(1))",
        "LK937",
        "list(1)",
        "one value is needed, this is a list",
    );
    check_error(
        "${t.nn} + 1",
        "LK301",
        "${t.nn}",
        "`t.nn` is no field of this query and no calculation",
    );
    check_error(
        "${t.n:row_total}",
        "LK937",
        "${t.n:row_total}",
        "`t.n` has no row total",
    );
    // A table without rows has no values, and constants have types all the same.
    assert!(evaluate(&Table::new(0, 0), "1 + \"a\"").is_err());
    let mut table = Table::new(1, 0);
    table.insert("t.n", Column::plain(numbers([Some(1.0)])));
    assert_eq!(
        evaluate(&table, "${t.n:total}").unwrap_err().message,
        "`t.n` has no total"
    );
}

#[test]
fn what_cannot_be_read() {
    check_error("summ(1)", "LK935", "summ", "there is no function `summ`");
    check_error(
        "running_product(1)",
        "LK935",
        "running_product",
        "there is no function `running_product`",
    );
    check_error(
        "round()",
        "LK937",
        "round()",
        "`round` takes 1 to 2 arguments, there are 0",
    );
    check_error(
        "coalesce()",
        "LK937",
        "coalesce()",
        "`coalesce` takes at least 1 arguments, there are 0",
    );
    check_error("", "LK937", "", "there is no expression");
    check_error(
        "1 +",
        "LK937",
        "",
        "a value should stand here, there is the end",
    );
    check_error(
        "1 2",
        "LK937",
        "2",
        "an operator should stand here, there is a number",
    );
    check_error("(1", "LK937", "", "`)` should stand here, there is the end");
    check_error(
        "1 < 2 < 3",
        "LK937",
        "<",
        "two values are compared at a time",
    );
    check_error("'a'", "LK937", "'", "`'` means nothing here");
    check_error("\"a", "LK937", "\"", "a text without its closing quote");
    check_error("`a", "LK937", "`", "a filter without its closing back-tick");
    check_error("${t.n", "LK937", "${", "a field without its closing brace");
    check_error("${}", "LK937", "${}", "a field without a name");
    check_error(
        "${t.n:max}",
        "LK937",
        "${t.n:max}",
        "`max` is no part of a field",
    );
    check_error("true", "LK937", "true", "`true` is no value");
    check_error("12km", "LK937", "12km", "`12km` is not a number");
    check_error(
        "when(1, 2)",
        "LK937",
        "when",
        "`when` stands in `case(…)` only",
    );
    check_error(
        "case()",
        "LK937",
        ")",
        "`when(…)` should stand here, there is `)`",
    );
    check_error(
        "case(1)",
        "LK937",
        "1",
        "`when(…)` should stand here, there is a number",
    );
    check_error(
        "1 = = 2",
        "LK937",
        "=",
        "a value should stand here, there is `=`",
    );
    let hint = |text| {
        Expression::parse(text)
            .unwrap_err()
            .hint
            .unwrap_or_default()
    };
    assert_eq!(hint("summ(1)"), "did you mean `sum`?");
    assert_eq!(hint("pivot_ofset(1, 2)"), "did you mean `pivot_offset`?");
    assert_eq!(hint("avg(1)"), "did you mean `mean`?");
    assert_eq!(hint("frobnicate(1)"), "");
    assert_eq!(hint("true"), "write `yes`");
    assert_eq!(
        evaluate(&plain_table(), "${t.nam}")
            .unwrap_err()
            .hint
            .unwrap(),
        "did you mean `t.name`?"
    );
}

#[test]
fn what_is_too_much() {
    let nested = |count: usize| format!("{}1{}", "abs(".repeat(count), ")".repeat(count));
    assert!(evaluate(&plain_table(), &nested(90)).is_ok());
    assert_eq!(
        Expression::parse(&nested(100_000)).unwrap_err().message,
        "an expression nested too deep"
    );
    for sign in ["-", "not ", "("] {
        let text = sign.repeat(100_000);
        assert_eq!(
            Expression::parse(&text).unwrap_err().message,
            "an expression nested too deep"
        );
    }
    let ranks = format!(
        "{}yes{}",
        "no or yes and 1 = 0 + 1 * if(".repeat(90),
        ", 1, 2)".repeat(90)
    );
    assert!(evaluate(&plain_table(), &ranks).is_ok());
    // A long sum is not a deep one.
    check_one(&format!("0{}", " + 1".repeat(20_000)), "20000");
    let row = (0..40).fold("pivot_row(${p.count})".to_owned(), |inner, _| {
        format!("pivot_row(sum({inner}))")
    });
    assert!(evaluate(&pivoted_table(), &row).is_ok());
    let text = (0..20).fold("\"aaaaaaaaaa\"".to_owned(), |inner, _| {
        format!("replace({inner}, \"a\", \"aaaaaaaaaa\")")
    });
    let message = "a text longer than a million characters";
    assert_eq!(
        evaluate(&plain_table(), &text).unwrap_err().message,
        message
    );
    let list = "offset_list(${t.n}, 0, 1e9)";
    let message = "this makes more text and lists than fit";
    assert_eq!(evaluate(&plain_table(), list).unwrap_err().message, message);
}
