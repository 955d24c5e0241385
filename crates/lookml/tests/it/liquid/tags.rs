//! Each tag, each operator, each path.

use lookml::liquid::Template;

use super::check;

#[test]
fn text_without_liquid_is_borrowed_as_it_is() {
    let text = "{'a': {'b': 1}}\r\n -- 100% \u{a0}{ % } %} }} ${x}";
    let template = Template::parse(text).unwrap();
    assert_eq!(template.plain(), Some(text));
    assert_eq!(Template::parse("").unwrap().plain(), Some(""));
    assert_eq!(Template::parse("{{ x }}").unwrap().plain(), None);
}

#[test]
fn outputs() {
    check(&[
        ("a {{ value }} b", "a 12.5 b"),
        ("{{value}}", "12.5"),
        ("[{{ }}][{{ nothing }}][{{ no.such['thing'] }}]", "[][][]"),
        ("{{ 'a}}b' }}{{ \"c%}d\" }}", "a}}bc%}d"),
        (
            "{{ 1 }} {{ -2 }} {{ 1.50 }} {{ 3.0 }} {{ true }} {{ nil }}.",
            "1 -2 1.5 3.0 true .",
        ),
        ("{{ 'a,b' | split: ',' }}", "ab"),
        ("{{ empty }}{{ blank }}.", "."),
        ("{{ 'tab\there' }}", "tab\there"),
    ]);
}

#[test]
fn paths() {
    check(&[
        ("{{ row['orders.status'] }}", "complete"),
        ("{{ row[\"orders.status\"] | upcase }}", "COMPLETE"),
        ("{{ orders.status._value }}", "complete"),
        ("{{ orders['status']._value }}", "complete"),
        ("{{ _filters['orders.status'] }}", "complete,open"),
        (
            "{% assign f = 'orders.status' %}{{ _filters[f] }}",
            "complete,open",
        ),
        ("{{ _user_attributes['region'] }}", "west"),
        ("{{ orders.status._value.size }}", "8"),
        (
            "{% assign l = 'a,b,c' | split: ',' %}{{ l[0] }}{{ l[-1] }}{{ l.first }}{{ l.last }}{{ l.size }}{{ l[9] }}{{ l.1 }}",
            "acac3b",
        ),
        // A local name hides only what it has.
        (
            "{% assign orders = 1 %}{{ orders }}{{ orders.count._value }}",
            "13",
        ),
    ]);
}

#[test]
fn space_is_taken_where_a_minus_stands() {
    check(&[
        ("a \n {%- if true -%} \t b \r\n {%- endif -%} \n c", "abc"),
        ("a {% if true %} b {% endif %} c", "a  b  c"),
        ("a {{- 1 -}} b", "a1b"),
        ("a {{ 1 -}} b {{- 2 }} c", "a 1b2 c"),
        ("a {%- comment -%} x {%- endcomment -%} b", "ab"),
        ("a {%- raw -%} {{ x }} {%- endraw -%} b", "a{{ x }}b"),
        ("a\u{a0}{{- 1 }}", "a\u{a0}1"),
        ("a -{{ 1 }}- b", "a -1- b"),
    ]);
}

#[test]
fn tests() {
    check(&[
        (
            "{% if orders.status._in_query %}yes{% else %}no{% endif %}",
            "yes",
        ),
        (
            "{% if orders.id._in_query %}yes{% else %}no{% endif %}",
            "no",
        ),
        (
            "{% if nothing %}a{% elsif value > 12 %}b{% elsif true %}c{% else %}d{% endif %}",
            "b",
        ),
        ("{% if false %}a{% elsif false %}b{% endif %}.", "."),
        ("{% unless false %}a{% else %}b{% endunless %}", "a"),
        (
            "{% unless true %}a{% elsif true %}b{% else %}c{% endunless %}",
            "b",
        ),
        (
            "{%if true%}a{%endif%}{%- if '' -%}b{%- endif -%}{% if 0 %}c{% endif %}",
            "abc",
        ),
        ("{% if _dialect._name == 'duckdb' %}duck{% endif %}", "duck"),
        (
            "{% if orders.metric._parameter_value == \"'orders'\" %}orders{% endif %}",
            "orders",
        ),
    ]);
}

#[test]
fn comparisons() {
    let cases = [
        ("1 == 1", true),
        ("1 == 1.0", true),
        ("1 == '1'", false),
        ("'a' == 'a'", true),
        ("'a' != 'b'", true),
        ("'a' <> 'a'", false),
        ("true == true", true),
        ("nothing == nil", true),
        ("no.such == null", true),
        ("nothing == false", false),
        ("1 < 2", true),
        ("2 <= 2", true),
        ("2.5 > 2", true),
        ("'b' >= 'a'", true),
        ("nothing < 1", false),
        ("1 > nothing", false),
        ("'abc' contains 'b'", true),
        ("'abc' contains 'x'", false),
        ("'a1' contains 1", true),
        ("nothing contains 'x'", false),
        ("'x' contains nothing", false),
        ("12 contains 1", false),
        ("orders.metric._parameter_value contains 'ord'", true),
        ("'' == empty", true),
        ("'a' == empty", false),
        ("empty == ''", true),
        ("nothing == empty", false),
        ("nothing == blank", true),
        ("' ' == blank", true),
        ("false == blank", true),
        ("1 != blank", true),
        ("1==1", true),
    ];
    for (test, expected) in cases {
        check(&[(
            &format!("{{% if {test} %}}true{{% else %}}false{{% endif %}}"),
            &expected.to_string(),
        )]);
    }
    check(&[(
        "{% assign l = 'a,b' | split: ',' %}{% if l contains 'b' %}b{% endif %}{% if l contains 'ab' %}ab{% endif %}{% assign m = 'a,b' | split: ',' %}{% if l == m %}same{% endif %}",
        "bsame",
    )]);
}

/// `a and b or c` is `a and (b or c)`; `a or b and c` is `a or (b and c)`.
#[test]
fn and_and_or_have_no_rank_and_go_from_the_right() {
    for bits in 0..16_u8 {
        let [a, b, c, d] = [0, 1, 2, 3].map(|bit| bits & (1 << bit) != 0);
        let text = |test: &str| format!("{{% if {test} %}}true{{% else %}}false{{% endif %}}");
        let cases = [
            (format!("{a} and {b} or {c}"), a && (b || c)),
            (format!("{a} or {b} and {c}"), a || (b && c)),
            (format!("{a} and {b} or {c} and {d}"), a && (b || (c && d))),
            (format!("{a} or {b} and {c} or {d}"), a || (b && (c || d))),
        ];
        for (test, expected) in cases {
            check(&[(&text(&test), &expected.to_string())]);
        }
    }
}

#[test]
fn cases() {
    let case = |value: &str| {
        format!(
            "{{% case {value} %}} never {{% when 'week', 'weeks' %}}w{{% when 1 or 2 %}}n{{% when 'day' %}}d{{% else %}}z{{% endcase %}}"
        )
    };
    check(&[
        (&case("'weeks'"), "w"),
        (&case("2"), "n"),
        (&case("orders.grain._parameter_value"), "d"),
        (&case("nothing"), "z"),
        (
            "{% case 1 %}{% when 1 %}a{% when 2 %}b{% when 1, 1 %}c{% endcase %}",
            "ac",
        ),
        ("{% case 3 %}{% when 1 %}a{% endcase %}.", "."),
        ("{% case '' %}{% when empty %}e{% endcase %}", "e"),
        (
            "{% assign x = 'sta' | append: 'tus' %}{% case x %}{% when 'status' %}s{% endcase %}",
            "s",
        ),
    ]);
}

#[test]
fn loops() {
    let list = "{% assign l = 'a,b,c,d' | split: ',' %}";
    let with_list = [
        (
            "{% for x in l %}{{ x }}{% unless forloop.last %}, {% endunless %}{% endfor %}",
            "a, b, c, d",
        ),
        (
            "{% for x in l limit: 2 offset: 1 %}{{ x }}{% endfor %}",
            "bc",
        ),
        ("{% for x in l reversed limit:2 %}{{ x }}{% endfor %}", "ba"),
        (
            "{% for x in l %}{% if x == 'b' %}{% continue %}{% endif %}{% if x == 'd' %}{% break %}{% endif %}{{ x }}{% endfor %}",
            "ac",
        ),
        (
            "{% for x in l %}{{ forloop.index }}{{ forloop.index0 }}{{ forloop.rindex }}{{ forloop.rindex0 }}{{ forloop.first }}{{ forloop.length }} {% endfor %}",
            "1043true4 2132false4 3221false4 4310false4 ",
        ),
        (
            "{% for x in l %}{% for y in (1..2) %}{{ x }}{{ y }}{% break %}{% endfor %}{% endfor %}",
            "a1b1c1d1",
        ),
        (
            "{% for x in l %}{% assign last = x %}{% endfor %}{{ last }}{{ x }}",
            "d",
        ),
    ];
    for (template, expected) in with_list {
        check(&[(&format!("{list}{template}"), expected)]);
    }
    check(&[
        ("{% for x in (2..4) %}{{ x }}{% endfor %}", "234"),
        (
            "{% for x in (1..orders.count._value) %}{{ x }}{% endfor %}",
            "123",
        ),
        (
            "{% for x in (4..2) %}{{ x }}{% else %}none{% endfor %}",
            "none",
        ),
        (
            "{% for x in (1..9223372036854775807) limit: 2 %}{{ x }}{% endfor %}",
            "12",
        ),
        (
            "{% for x in nothing %}{{ x }}{% else %}none{% endfor %}",
            "none",
        ),
        ("{% for x in 'text' %}{{ x }}{% endfor %}", "text"),
    ]);
}

#[test]
fn assigned_and_captured() {
    check(&[
        ("{% assign x = 'a' | upcase %}{{ x }}", "A"),
        ("{% if true %}{% assign x = 1 %}{% endif %}{{ x }}", "1"),
        (
            "{% capture x %}a {{ value }}{% endcapture %}[{{ x }}]",
            "[a 12.5]",
        ),
        ("{% capture 'x' %}a{% endcapture %}{{ x }}", "a"),
        (
            "{% assign vis = '{\"a\": {\"b\": 1}}' %}{{ vis | encode_uri }}",
            "%7B%22a%22%3A%20%7B%22b%22%3A%201%7D%7D",
        ),
    ]);
}

#[test]
fn comments_and_raw() {
    check(&[
        (
            "a{% comment %} it's {{ x | none }} {% none %} {% endcomment %}b",
            "ab",
        ),
        (
            "a{% comment %}{% comment %}x{% endcomment %}y{% endcomment %}b",
            "ab",
        ),
        ("a{% # it's one line %}b", "ab"),
        (
            "{% raw %} {{ x }} {% if %} it's {% endraw %}.",
            " {{ x }} {% if %} it's .",
        ),
    ]);
}

#[test]
fn tags_that_need_the_query() {
    check(&[
        (
            "{% condition orders.status %} ${TABLE}.status {% endcondition %}",
            "<orders.status: ${TABLE}.status>",
        ),
        ("{% condition status %}x{% endcondition %}", "<status: x>"),
        ("{% condition %} x {% endcondition %}", "<itself: x>"),
        (
            "{% condition a %}{% if true %}b{{ 1 }}{% endif %}{% endcondition %}",
            "<a: b1>",
        ),
        (
            "{% incrementcondition %} x {% endincrementcondition %}",
            "1=1",
        ),
        ("{% date_start orders.period %}", "<start of orders.period>"),
        ("{% date_end period %}", "<end of period>"),
        ("{% parameter orders.grain %}", "<orders.grain>"),
    ]);
}
