//! Each filter.

use super::check;

/// What `{{ … }}` prints.
#[track_caller]
fn outputs(cases: &[(&str, &str)]) {
    for (output, expected) in cases {
        check(&[(&format!("{{{{ {output} }}}}"), expected)]);
    }
}

#[test]
fn texts() {
    outputs(&[
        ("'a' | append: 'b' | prepend: 1", "1ab"),
        ("'aB É' | upcase", "AB É"),
        ("'aB É' | downcase", "ab é"),
        ("'a BIG day' | capitalize", "A big day"),
        ("'a-b-a' | replace: 'a', 'x'", "x-b-x"),
        ("'a-b-a' | replace: 'a'", "-b-"),
        ("'a-b-a' | replace_first: 'a', 'x'", "x-b-a"),
        ("'a-b-a' | remove: 'a'", "-b-"),
        ("'a-b-a' | remove_first: 'a'", "-b-a"),
        ("'ab' | replace: '', '.'", ".a.b."),
        ("'  a ' | strip | append: '.'", "a."),
        ("'  a ' | lstrip | append: '.'", "a ."),
        ("'  a ' | rstrip | append: '.'", "  a."),
        ("'a\nb\r\nc' | newline_to_br", "a<br />\nb<br />\nc"),
        ("'a\nb\r\nc' | strip_newlines", "abc"),
        (
            "'<b>&\"\\'' | escape",
            "LK922 at \"{{ '<b>&\\\"\\\\'' | escape }}\": a quote is missing, or `}}`",
        ),
        ("\"<b>&'\" | escape", "&lt;b&gt;&amp;&#39;"),
        ("'\"' | escape", "&quot;"),
        ("nothing | escape", ""),
        (
            "'a <b>c</b><script>x > y</script><!-- z --><style>q</style> d < e' | strip_html",
            "a c d < e",
        ),
        ("'12345678' | truncate: 5", "12..."),
        ("'12345678' | truncate: 5, ''", "12345"),
        ("'12345678' | truncate: 8", "12345678"),
        ("'12345678' | truncate: 2", "..."),
        ("'12345678' | truncate", "12345678"),
        ("'a b c d' | truncatewords: 2", "a b..."),
        ("'a b c d' | truncatewords: 4", "a b c d"),
        ("12.5 | append: ''", "12.5"),
    ]);
}

#[test]
fn lists() {
    outputs(&[
        ("'a,b,,' | split: ',' | size", "2"),
        ("',a' | split: ',' | join: '-'", "-a"),
        ("' a  b ' | split: ' ' | join: '-'", "a-b"),
        ("'abc' | split: '' | join", "a b c"),
        ("'' | split: ',' | size", "0"),
        ("nothing | split: ',' | size", "0"),
        ("'a,b,c' | split: ',' | first", "a"),
        ("'a,b,c' | split: ',' | last", "c"),
        ("'abc' | first", ""),
        ("'aé' | size", "2"),
        ("5 | size", "0"),
        (
            "'b,a,b,10' | split: ',' | uniq | sort | join: ' '",
            "10 a b",
        ),
        ("'a,b,c' | split: ',' | reverse | join: ''", "cba"),
        ("'a,b,c' | split: ',' | slice: 1, 2 | join: ''", "bc"),
        ("'a,b,c' | split: ',' | compact | size", "3"),
        ("'hello' | slice: 0", "h"),
        ("'hello' | slice: 1, 3", "ell"),
        ("'hello' | slice: -3, 2", "ll"),
        ("'hello' | slice: 9, 2", ""),
        ("'hello' | slice: -9, 2", ""),
        ("nothing | default: 'd'", "d"),
        ("false | default: 'd'", "d"),
        ("'' | default: 'd'", "d"),
        ("0 | default: 'd'", "0"),
        ("'x' | join: ','", "x"),
    ]);
    check(&[(
        "{% assign a = 'a' | split: ',' %}{% assign b = 'b,c' | split: ',' %}{{ a | concat: b | join: '+' }}",
        "a+b+c",
    )]);
}

#[test]
fn numbers() {
    outputs(&[
        ("1 | plus: 2", "3"),
        ("1 | plus: 2.0", "3.0"),
        ("0.1 | plus: 0.2", "0.3"),
        ("'4' | plus: '1.5'", "5.5"),
        ("'12 apples' | plus: 1", "13"),
        ("nothing | plus: 1", "1"),
        ("9223372036854775807 | plus: 1", "9223372036854776000.0"),
        ("1 | minus: 3", "-2"),
        ("1.1 | minus: 1", "0.1"),
        ("1.1 | times: 3", "3.3"),
        ("0.07 | times: 100", "7.0"),
        ("7 | divided_by: 2", "3"),
        ("-7 | divided_by: 2", "-4"),
        ("7 | divided_by: -2", "-4"),
        ("-8 | divided_by: 2", "-4"),
        ("7 | divided_by: 2.0", "3.5"),
        (
            "value | divided_by: 0",
            "LK924 at \"divided_by: 0 }}\": a division by zero",
        ),
        ("7 | modulo: 3", "1"),
        ("-7 | modulo: 3", "2"),
        ("7 | modulo: -3", "-2"),
        ("7.5 | modulo: 2", "1.5"),
        ("2.5 | round", "3"),
        ("-2.5 | round", "-3"),
        ("3 | round: 2", "3"),
        ("2.345 | round: 2", "2.35"),
        ("2.5 | round: 2", "2.5"),
        ("'3.14159' | round: 3", "3.142"),
        ("1.2 | ceil", "2"),
        ("-1.2 | ceil", "-1"),
        ("1.8 | floor", "1"),
        ("-1.2 | floor", "-2"),
        ("'3.7' | floor", "3"),
        ("-3 | abs", "3"),
        ("'-3.5' | abs", "3.5"),
        ("3 | at_least: 5", "5"),
        ("3 | at_most: 2.5", "2.5"),
        (
            "1000000.0 | times: 1000000000000.0",
            "1000000000000000000.0",
        ),
    ]);
}

#[test]
fn dates() {
    outputs(&[
        ("'2026-11-08' | date: '%B %d, %Y'", "November 08, 2026"),
        ("'2026-11-08' | date: '%b %-d, %y'", "Nov 8, 26"),
        (
            "'2026-11-08 09:05:03' | date: '%H:%M:%S %I %p %A %a %j'",
            "09:05:03 09 AM Sunday Sun 312",
        ),
        ("'2026-11-08T09:05:03.25Z' | date: '%L'", "250"),
        (
            "'2026-11-08T23:05:03-05:00' | date: '%F %H'",
            "2026-11-08 23",
        ),
        ("'2026-11-08 09:05:03 UTC' | date: '%s'", "1794128703"),
        ("'2026-11-08 09:05' | date: '%H:%M'", "09:05"),
        ("'2026/11/08' | date: '%m/%d'", "11/08"),
        ("'2026-11' | date: '%B'", "November"),
        ("'March 14, 2016' | date: '%Y-%m-%d'", "2016-03-14"),
        ("0 | date: '%Y'", "1970"),
        ("'86400' | date: '%d'", "02"),
        ("'now' | date: '%Y-%m-%d %H:%M'", "2026-11-18 14:25"),
        ("'today' | date: '%U %%'", "46 %"),
        ("'no date' | date: '%Y'", "no date"),
        ("nothing | date: '%Y'", ""),
        ("'2026-11-08' | date: ''", "2026-11-08"),
        (
            "'2026-11-08' | date: '%!'",
            "LK924 at \"date: '%!' }}\": `%!` is no format of a date",
        ),
    ]);
}

#[test]
fn for_urls_and_sql() {
    outputs(&[
        ("'a b&c/é~.-_*' | url_encode", "a+b%26c%2F%C3%A9~.-_%2A"),
        ("'a b&c' | encode_uri", "a%20b%26c"),
        ("'a%20b+c%26' | url_decode", "a b c&"),
        (
            "'%ff' | url_decode",
            "LK924 at \"url_decode }}\": bytes that are no text",
        ),
        ("nothing | url_encode", ""),
        ("_filters['orders.name'] | sql_quote", "'it''s'"),
        ("nothing | sql_quote", "''"),
        ("12 | sql_quote", "'12'"),
        (
            "_filters['orders.status'] | split: ',' | sql_quote",
            "'complete', 'open'",
        ),
        ("orders.status._in_query | sql_boolean", "TRUE"),
        ("orders.id._in_query | sql_boolean", "FALSE"),
        ("'Yes' | sql_boolean", "TRUE"),
        ("'no' | sql_boolean", "FALSE"),
        ("nothing | sql_boolean", "FALSE"),
        ("1 | sql_boolean", "TRUE"),
        (
            "'perhaps' | sql_boolean",
            "LK924 at \"sql_boolean }}\": a text that is neither yes nor no",
        ),
    ]);
}
