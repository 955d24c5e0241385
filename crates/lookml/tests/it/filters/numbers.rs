use lookml::Dialect;
use lookml::filter::{FilterType, Value};

use super::{check_matches, check_sql, descriptions, errors, sql};

#[test]
fn sql_of_numbers() {
    check_sql(
        FilterType::Number,
        &[
            ("5", "x = 5"),
            ("5, 7", "x IN (5, 7)"),
            ("NOT 5", "(x <> 5 OR x IS NULL)"),
            ("NOT 5, 7", "(x NOT IN (5, 7) OR x IS NULL)"),
            (
                "5, NOT 6, NOT 7",
                "(x = 5) AND (x <> 6 OR x IS NULL) AND (x <> 7 OR x IS NULL)",
            ),
            ("5 to 10", "(x >= 5 AND x <= 10)"),
            ("[5,10]", "(x >= 5 AND x <= 10)"),
            (">=5 AND <=10", "(x >= 5 AND x <= 10)"),
            ("(5,10]", "(x > 5 AND x <= 10)"),
            ("(5,inf)", "x > 5"),
            ("(,10]", "x <= 10"),
            ("[5,]", "x >= 5"),
            ("NOT 3 to 8", "(x < 3 OR x > 8 OR x IS NULL)"),
            ("NOT [3,8]", "(x < 3 OR x > 8 OR x IS NULL)"),
            ("NOT (3,12)", "(x < 3 OR x > 12 OR x IS NULL)"),
            ("NOT [3,12]", "(x < 3 OR x > 12 OR x IS NULL)"),
            ("<3 OR >8", "(x < 3 OR x > 8)"),
            (">10 AND <=20 OR 90", "((x > 10 AND x <= 20) OR x = 90)"),
            ("1 to", "x >= 1"),
            ("to 10", "x <= 10"),
            ("NULL", "x IS NULL"),
            ("NOT NULL", "x IS NOT NULL"),
        ],
    );
}

#[test]
fn sql_of_numbers_beyond_the_table() {
    check_sql(
        FilterType::Number,
        &[
            ("= 5", "x = 5"),
            ("=5", "x = 5"),
            ("!=5", "(x <> 5 OR x IS NULL)"),
            ("<> 5", "(x <> 5 OR x IS NULL)"),
            ("not !=5", "x = 5"),
            ("!=5,7", "(x NOT IN (5, 7) OR x IS NULL)"),
            ("!=5 AND !=7", "(x NOT IN (5, 7) OR x IS NULL)"),
            ("7, NOT 5", "(x = 7) AND (x <> 5 OR x IS NULL)"),
            (
                "NOT 5, 7, NOT 9",
                "(x = 7) AND (x <> 5 OR x IS NULL) AND (x <> 9 OR x IS NULL)",
            ),
            (
                "NOT 5, [7,9]",
                "(x <> 5 OR x IS NULL) AND (x < 7 OR x > 9 OR x IS NULL)",
            ),
            ("NOT NULL, 5", "(x <> 5 OR x IS NULL) AND (x IS NOT NULL)"),
            ("5, NULL", "(x = 5 OR x IS NULL)"),
            ("5, >10, 7", "(x IN (5, 7) OR x > 10)"),
            ("NOT >5", "(x <= 5 OR x IS NULL)"),
            ("NOT (5,inf)", "(x <= 5 OR x IS NULL)"),
            ("NOT >5 AND !=7", "(x <= 5 OR x = 7 OR x IS NULL)"),
            (">5 AND <>7", "(x > 5 AND x <> 7)"),
            ("<10 and >5", "(x > 5 AND x < 10)"),
            (">1 AND >2", "(x > 1 AND x > 2)"),
            ("(-inf,inf)", "x IS NOT NULL"),
            ("NOT (-inf, INF)", "x IS NULL"),
            ("(-inf,5)", "x < 5"),
            ("[ 5 , 10 )", "(x >= 5 AND x < 10)"),
            ("NOT(3,12)", "(x < 3 OR x > 12 OR x IS NULL)"),
            (
                "[0,2],[49,50]",
                "((x >= 0 AND x <= 2) OR (x >= 49 AND x <= 50))",
            ),
            (">10AND<20or 30", "((x > 10 AND x < 20) OR x = 30)"),
            ("1 to, 5", "(x >= 1 OR x = 5)"),
            ("1 to OR to -5", "(x >= 1 OR x <= -5)"),
            ("-1", "x = -1"),
            ("+5", "x = 5"),
            ("-5 to -1", "(x >= -5 AND x <= -1)"),
            ("1,000", "x IN (1, 0)"),
            ("007.50", "x = 7.50"),
            (".5, -.5", "x IN (0.5, -0.5)"),
            ("1E3, 2e-3", "x IN (1e3, 2e-3)"),
            ("9007199254740993", "x = 9007199254740993"),
            ("5,", "x = 5"),
        ],
    );
}

#[test]
fn an_integer_beyond_int64_is_a_float_in_bigquery() {
    let sql = |expression| sql(expression, FilterType::Number, Dialect::BigQuery);
    assert_eq!(sql("9223372036854775807"), "x = 9223372036854775807");
    assert_eq!(sql("9223372036854775808"), "x = 9223372036854775808e0");
    assert_eq!(sql("-1.5"), "x = -1.5");
}

#[test]
fn numbers_that_pass() {
    let [one, three, five, ten] = [1.0, 3.0, 5.0, 10.0].map(Value::Number);
    let null = Value::Null;
    check_matches(
        FilterType::Number,
        &[one, three, five, ten, null],
        &[
            ("5,1", &[one, five]),
            ("NOT 5", &[one, three, ten, null]),
            ("NOT 5, 1", &[three, ten, null]),
            ("NOT NULL", &[one, three, five, ten]),
            ("NULL,>5", &[ten, null]),
            ("[3,5]", &[three, five]),
            ("(3,5)", &[]),
            ("NOT (3,5)", &[one, ten, null]),
            ("NOT >3", &[one, three, null]),
            (">1 AND !=5", &[three, ten]),
            ("NOT >1 AND !=5", &[one, five, null]),
            ("(-inf,inf)", &[one, three, five, ten]),
            ("NOT (-inf,inf)", &[null]),
            ("to 3,10", &[one, three, ten]),
            ("1 to 10,NOT 5,NOT 10", &[one, three]),
        ],
    );
}

#[test]
fn numbers_in_words() {
    insta::assert_snapshot!(
        descriptions(FilterType::Number, &[
            "5", "1, 3, 5", "NOT 5", "not 66, 99, 4", "5.5 to 10", "NOT 3 to 8", "1 to", "to 100", "<3 OR >8",
            ">10 AND <=20 OR 90", "NULL", "NOT NULL", "(1,100]", "5, NOT 6, NOT 7", ">5 AND !=7", "(,)", "",
        ]),
        @r#"
    5 -> 5 -> is 5
    1, 3, 5 -> 1,3,5 -> is 1, 3 or 5
    NOT 5 -> NOT 5 -> is not 5
    not 66, 99, 4 -> NOT 66,NOT 99,NOT 4 -> is not 66, 99 or 4
    5.5 to 10 -> [5.5,10] -> is between 5.5 and 10
    NOT 3 to 8 -> NOT [3,8] -> is not between 3 and 8
    1 to -> >=1 -> is at least 1
    to 100 -> <=100 -> is at most 100
    <3 OR >8 -> <3,>8 -> is less than 3 or is greater than 8
    >10 AND <=20 OR 90 -> (10,20],90 -> is 90 or is in (10,20]
    NULL -> NULL -> is null
    NOT NULL -> NOT NULL -> is not null
    (1,100] -> (1,100] -> is in (1,100]
    5, NOT 6, NOT 7 -> 5,NOT 6,NOT 7 -> is 5, and is not 6 or 7
    >5 AND !=7 -> >5 AND <>7 -> is greater than 5 and not 7
    (,) -> (-inf,inf) -> is any number
     ->  -> is any value
    "#
    );
}

#[test]
fn what_is_no_number_filter() {
    insta::assert_snapshot!(
        errors(FilterType::Number, &[
            "many", "5 6", "5x", "1.2.3", "5.", ">", "> =5", "[5", "[5,", "[5 10]", "5 to x", "to", "NOT", "NOT NOT 5",
            ">5 AND", ">5 AND 7", ">1 AND <9 AND !=5", "1e999", "inf", "NaN", "0x10", "5;DROP TABLE x", "--5", ",",
            "5 OR", "OR 5", "½",
        ]),
        @r#"
    many -> 0: expected a number, not `many`
    5 6 -> 2: `6` can't stand here
    5x -> 1: `x` can't stand here
    1.2.3 -> 3: `.3` can't stand here
    5. -> 1: `.` can't stand here
    > -> 1: expected a number
    > =5 -> 2: expected a number, not `=5`
    [5 -> 2: expected a comma and the upper bound
    [5, -> 3: expected a number
    [5 10] -> 3: expected a comma and the upper bound, not `10]`
    5 to x -> 5: expected a number, not `x`
    to -> 2: expected a number
    NOT -> 3: expected a number
    NOT NOT 5 -> 4: expected a number, not `NOT`
    >5 AND -> 6: expected a comparison such as `<=10`
    >5 AND 7 -> 7: expected a comparison such as `<=10`, not `7`
    >1 AND <9 AND !=5 -> 10: `AND` can't stand here
    1e999 -> 0: the number is too large
    inf -> 0: expected a number, not `inf`
    NaN -> 0: expected a number, not `NaN`
    0x10 -> 1: `x10` can't stand here
    5;DROP TABLE x -> 1: `;DROP` can't stand here
    --5 -> 0: expected a number, not `--5`
    , -> 1: a comma, and no value beside it
    5 OR -> 4: expected a number
    OR 5 -> 0: expected a number, not `OR`
    ½ -> 0: expected a number, not `½`
    "#
    );
}
