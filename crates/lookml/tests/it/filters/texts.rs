use lookml::Dialect;
use lookml::filter::{FilterType, StringFilter, Value};

use super::{calendar, check_matches, check_sql, context, descriptions, errors, parse, sql};

#[test]
fn sql_of_texts() {
    check_sql(
        FilterType::String,
        &[
            ("cycling", "x = 'cycling'"),
            ("cycling,yoga", "x IN ('cycling', 'yoga')"),
            ("  cycling , yoga  ", "x IN ('cycling', 'yoga')"),
            ("%ride%", "x LIKE '%ride%'"),
            ("ride%", "x LIKE 'ride%'"),
            ("%ride", "x LIKE '%ride'"),
            ("r%de", "x LIKE 'r%de'"),
            ("_yoga", "x LIKE '_yoga'"),
            ("EMPTY", "(x IS NULL OR LENGTH(x) = 0)"),
            ("empty", "(x IS NULL OR LENGTH(x) = 0)"),
            ("NULL", "x IS NULL"),
            ("null", "x IS NULL"),
            ("-cycling", "(x <> 'cycling' OR x IS NULL)"),
            (
                "-cycling,-yoga",
                "(x NOT IN ('cycling', 'yoga') OR x IS NULL)",
            ),
            ("-%ride%", "(x NOT LIKE '%ride%' OR x IS NULL)"),
            ("-EMPTY", "(x IS NOT NULL AND LENGTH(x) <> 0)"),
            ("-NULL", "x IS NOT NULL"),
            (
                "30%,-30 min%",
                "(x LIKE '30%') AND (x NOT LIKE '30 min%' OR x IS NULL)",
            ),
            ("cycling,NULL", "(x = 'cycling' OR x IS NULL)"),
            ("\"Ride, Run, Row\"", "x = 'Ride, Run, Row'"),
            ("t-shirt", "x = 't-shirt'"),
            ("a-b", "x = 'a-b'"),
            ("100^%", "x = '100%'"),
        ],
    );
}

#[test]
fn sql_of_texts_beyond_the_table() {
    check_sql(
        FilterType::String,
        &[
            ("NULL,EMPTY", "(x IS NULL OR (x IS NULL OR LENGTH(x) = 0))"),
            (
                "a,b,-c,-d,-NULL",
                "(x IN ('a', 'b')) AND (x NOT IN ('c', 'd') OR x IS NULL) AND (x IS NOT NULL)",
            ),
            (
                "-EMPTY,a%",
                "(x LIKE 'a%') AND (x IS NOT NULL AND LENGTH(x) <> 0)",
            ),
            // Only the whole term is a keyword, in upper or in lower case.
            ("Null", "x = 'Null'"),
            ("\"NULL\"", "x = 'NULL'"),
            ("NULL%", "x LIKE 'NULL%'"),
            ("EMPTY box", "x = 'EMPTY box'"),
            // Escapes.
            ("100^%%", "x LIKE '100\\%%' ESCAPE '\\'"),
            ("a^_b%", "x LIKE 'a\\_b%' ESCAPE '\\'"),
            ("a\\b", "x = 'a\\b'"),
            ("a\\b%", "x LIKE 'a\\\\b%' ESCAPE '\\'"),
            ("a^,b", "x = 'a,b'"),
            ("a\\,b", "x = 'a,b'"),
            ("^-a", "x = '-a'"),
            ("-^-a", "(x <> '-a' OR x IS NULL)"),
            ("--a", "(x <> '-a' OR x IS NULL)"),
            ("^^", "x = '^'"),
            ("^", "x = '^'"),
            ("^up", "x = '^up'"),
            ("a^\\,b", "x IN ('a\\', 'b')"),
            ("^\"a^\"", "x = '\"a\"'"),
            ("^ a^ ", "x = ' a '"),
            ("^ ^ a %", "x LIKE '  a %'"),
            ("a % ", "x LIKE 'a %'"),
            // Quotes.
            ("\"a\\\"b\"", "x = 'a\"b'"),
            ("\"-neg\"", "x = '-neg'"),
            ("-\"a, b\"", "(x <> 'a, b' OR x IS NULL)"),
            ("\"50%_^\"", "x = '50%_^'"),
            ("\"\"", "x = ''"),
            ("\" a \" , b", "x IN (' a ', 'b')"),
            ("5\" nail", "x = '5\" nail'"),
            // Blank terms mean nothing, a lone minus is a text.
            ("a,,b,", "x IN ('a', 'b')"),
            ("-", "x = '-'"),
            ("-,a", "x IN ('-', 'a')"),
            ("- a", "(x <> 'a' OR x IS NULL)"),
            // A label of a tier.
            ("-%inf)", "(x NOT LIKE '%inf)' OR x IS NULL)"),
            ("\"[10.0,20.0)\"", "x = '[10.0,20.0)'"),
            ("[10.0^,20.0)", "x = '[10.0,20.0)'"),
            ("it's", "x = 'it''s'"),
            ("%", "x LIKE '%'"),
        ],
    );
}

#[test]
fn bigquery_escapes_twice() {
    let sql = |expression| sql(expression, FilterType::String, Dialect::BigQuery);
    assert_eq!(sql("it's"), "x = 'it\\'s'");
    assert_eq!(sql("a\\b"), "x = 'a\\\\b'");
    assert_eq!(sql("100^%%"), "x LIKE '100\\\\%%'");
    assert_eq!(sql("a\\b%"), "x LIKE 'a\\\\\\\\b%'");
}

#[test]
fn case_counts_or_not() {
    let calendar = calendar("UTC");
    let mut context = context(&calendar, Dialect::DuckDb);
    context.is_case_sensitive = false;
    let filter = parse("Beta,ga%,-%Max%,-Mix,NULL", FilterType::String);
    assert_eq!(
        filter.to_sql("x", &context),
        "(UPPER(x) = UPPER('Beta') OR UPPER(x) LIKE UPPER('ga%') OR x IS NULL) \
         AND (UPPER(x) <> UPPER('Mix') OR x IS NULL) \
         AND (UPPER(x) NOT LIKE UPPER('%Max%') OR x IS NULL)"
    );
    let passes = |text| filter.matches(&Value::String(text), &context);
    assert!(passes("BETA") && passes("GAmma"));
    assert!(!passes("ga max") && !passes("mix") && !passes("alpha"));
}

#[test]
fn texts_that_pass() {
    let values = [
        "cycling",
        "yoga",
        "30 min ride",
        "30",
        "",
        "Ride, Run",
        "100%",
        "-neg",
    ];
    let values: Vec<_> = values
        .into_iter()
        .map(Value::String)
        .chain([Value::Null])
        .collect();
    let [cycling, yoga, half, thirty, empty, list, percent, neg, null] = values[..] else {
        panic!("nine values");
    };
    check_matches(
        FilterType::String,
        &values,
        &[
            ("cycling,yoga", &[cycling, yoga]),
            ("30%,-30 min%", &[thirty]),
            ("-%i%", &[yoga, thirty, empty, percent, neg, null]),
            ("EMPTY", &[empty, null]),
            ("-EMPTY", &[cycling, yoga, half, thirty, list, percent, neg]),
            (
                "-NULL",
                &[cycling, yoga, half, thirty, empty, list, percent, neg],
            ),
            ("NULL,\"Ride, Run\"", &[list, null]),
            (
                "%",
                &[cycling, yoga, half, thirty, empty, list, percent, neg],
            ),
            ("____", &[yoga, percent, neg]),
            ("%^%", &[percent]),
            ("_%_", &[cycling, yoga, half, thirty, list, percent, neg]),
            ("%i%i%", &[half]),
            ("^-neg", &[neg]),
            ("-^-neg,-cycling,-30%,-NULL", &[yoga, empty, list, percent]),
        ],
    );
}

#[test]
fn a_value_of_another_type_does_not_pass() {
    check_matches(
        FilterType::String,
        &[Value::Number(5.0), Value::Bool(true)],
        &[("5", &[]), ("-5", &[])],
    );
    check_matches(
        FilterType::Number,
        &[Value::String("5")],
        &[("5", &[]), ("NOT 6", &[])],
    );
    check_matches(
        FilterType::Date,
        &[Value::Number(2026.0)],
        &[("2026", &[]), ("not null", &[])],
    );
}

#[test]
fn any_text_can_be_meant_exactly() {
    for text in [
        "", "NULL", "a,b", " a ", "-a", "50%", "a_b", "\"", "\\", "\\\"", "{{ x", "{{\\", "^",
        "a\\,b", "-", "\n",
    ] {
        let filter = StringFilter::equal_to(text);
        assert_eq!(
            parse(&filter.to_string(), FilterType::String),
            filter,
            "{text:?}"
        );
    }
}

#[test]
fn texts_in_words() {
    insta::assert_snapshot!(
        descriptions(FilterType::String, &[
            "FOO", "FOO,BAR", "a,b,c", "%FOO%", "FOO%", "%FOO", "EMPTY", "null", "-FOO", "-FOO,-BAR", "-%FOO%", "-FOO%",
            "-%FOO", "-empty", "-null", "FOO%,BAR", "FOO%,-FOOD", "F%OD", "-_UF", "", "t-shirt", "\"Ride, Run\"", "\"\"",
            "sub^_region", "-a%,-%b,-c",
        ]),
        @r#"
    FOO -> FOO -> is FOO
    FOO,BAR -> FOO,BAR -> is FOO or BAR
    a,b,c -> a,b,c -> is a, b or c
    %FOO% -> %FOO% -> contains FOO
    FOO% -> FOO% -> starts with FOO
    %FOO -> %FOO -> ends with FOO
    EMPTY -> EMPTY -> is blank
    null -> NULL -> is null
    -FOO -> -FOO -> is not FOO
    -FOO,-BAR -> -FOO,-BAR -> is not FOO or BAR
    -%FOO% -> -%FOO% -> does not contain FOO
    -FOO% -> -FOO% -> does not start with FOO
    -%FOO -> -%FOO -> does not end with FOO
    -empty -> -EMPTY -> is not blank
    -null -> -NULL -> is not null
    FOO%,BAR -> FOO%,BAR -> is BAR or starts with FOO
    FOO%,-FOOD -> FOO%,-FOOD -> starts with FOO, and is not FOOD
    F%OD -> F%OD -> is like F%OD
    -_UF -> -_UF -> is not like _UF
     ->  -> is any value
    t-shirt -> t-shirt -> is t-shirt
    "Ride, Run" -> "Ride, Run" -> is "Ride, Run"
    "" -> "" -> is ""
    sub^_region -> "sub_region" -> is sub_region
    -a%,-%b,-c -> -a%,-%b,-c -> is not c, and does not start with a, and does not end with b
    "#
    );
}

#[test]
fn what_is_no_text_filter() {
    insta::assert_snapshot!(
        errors(FilterType::String, &["\"open", "a, \"b\" c", "-\"", ",", " , ,"]),
        @r#"
    "open -> 0: the quote is never closed
    a, "b" c -> 7: `c` can't stand here
    -" -> 1: the quote is never closed
    , -> 1: a comma, and no value beside it
     , , -> 4: a comma, and no value beside it
    "#
    );
}

#[test]
fn a_zero_byte_is_in_no_value() {
    let error = lookml::filter::parse("a\0b", FilterType::String).unwrap_err();
    assert_eq!(
        (error.position, error.to_string().as_str()),
        (1, "a zero byte is in no value")
    );
}
