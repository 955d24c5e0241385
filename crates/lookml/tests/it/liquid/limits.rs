//! Any template ends, whatever it is.

use std::fmt::Write as _;

use lookml::liquid::Template;
use lookml::rules;
use proptest::prelude::*;

use super::{Cell, evaluated};

#[track_caller]
fn is_too_much(text: &str) {
    assert_eq!(evaluated(text).unwrap_err().rule, rules::TOO_MUCH_LIQUID);
}

#[test]
fn loops_in_loops_end() {
    is_too_much("{% for a in (1..100000000000) %}{% endfor %}");
    is_too_much(
        "{% for a in (1..1000) %}{% for b in (1..1000) %}{% for c in (1..1000) %}{% endfor %}{% endfor %}{% endfor %}",
    );
    is_too_much(
        "{% assign x = 'ab' %}{% for a in (1..100) %}{% assign x = x | append: x %}{% endfor %}",
    );
    is_too_much(
        "{% assign x = 'a' %}{% for a in (1..20) %}{% assign x = x | append: x %}{% endfor %}{{ x | replace: 'a', x }}",
    );
    is_too_much(
        "{% assign x = 'a,' %}{% for a in (1..18) %}{% assign x = x | append: x %}{% endfor %}{{ x | split: ',' | join: x }}",
    );
    is_too_much(
        "{% capture x %}{% for a in (1..1000000) %}aaaaaaaaaaaaaaaa{% endfor %}{% endcapture %}",
    );
}

#[test]
fn a_large_template_is_not_too_much() {
    let mut text = String::new();
    for number in 0..20_000 {
        write!(
            text,
            "{{% if x == {number} %}}{number}{{% else %}}SELECT {number}\n{{% endif %}}"
        )
        .unwrap();
    }
    assert!(evaluated(&text).unwrap().len() > 200_000);
}

#[test]
fn depth_has_a_limit() {
    let nested = |depth: usize| "{% if true %}".repeat(depth) + "x" + &"{% endif %}".repeat(depth);
    assert_eq!(evaluated(&nested(100)).unwrap(), "x");
    is_too_much(&nested(101));
    is_too_much(&nested(100_000));
    is_too_much(&format!("{{{{ {} }}}}", "a[".repeat(100_000)));
    is_too_much(&format!("{{{{ a{} }}}}", ".b".repeat(100_000)));
}

#[test]
fn what_is_never_closed_costs_one_search() {
    for piece in [
        "{% comment %}",
        "{% raw %}",
        "{% # %}",
        "{{ a }}",
        "{% endif ' %}",
        "<script",
        "{%",
        "{{",
        "{",
        "{% comment",
    ] {
        let text = piece.repeat(30_000);
        let _ = evaluated(&text);
        let _ = evaluated(&format!("{{% raw %}}{text}"));
        let _ = evaluated(&format!("{{% comment %}}{text}%}}"));
        let _ = evaluated(&format!("{{% assign x = '{text}' | strip_html %}}"));
    }
    assert_eq!(
        evaluated("{% if x").unwrap_err().rule,
        rules::MALFORMED_LIQUID
    );
}

/// Pieces that may stand together in any order.
fn template() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        "[ a-z{}%'\"|:.,\\[\\]()<>=-]{0,6}",
        prop::sample::select(vec![
            "{% if value > 1 %}",
            "{% if x contains 'a' and y or z == empty %}",
            "{% elsif x %}",
            "{% else %}",
            "{% endif %}",
            "{% unless x %}",
            "{% endunless %}",
            "{% for x in (1..3) %}",
            "{% for x in l reversed %}",
            "{% endfor %}",
            "{% break %}",
            "{% continue %}",
            "{% case value %}",
            "{% when 1, 'a' or nil %}",
            "{% endcase %}",
            "{% assign x = x | append: 'a' %}",
            "{% assign l = 'a,b' | split: ',' %}",
            "{% capture x %}",
            "{% endcapture %}",
            "{% raw %}",
            "{% endraw %}",
            "{%- comment -%}",
            "{% endcomment %}",
            "{% condition a.b %}",
            "{% endcondition %}",
            "{% date_start a %}",
            "{% parameter a.b %}",
            "{{ value }}",
            "{{- x | round: 2 | plus: x -}}",
            "{{ l[0].size | date: '%Y' | slice: x }}",
            "{{ x | times: 1e3 }}",
        ])
        .prop_map(str::to_owned),
    ];
    prop::collection::vec(piece, 0..20).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn any_text_is_parsed_or_not(text in "\\PC{0,80}") {
        if let Err(error) = evaluated(&text) {
            prop_assert!(text.is_char_boundary(error.position));
        }
    }

    #[test]
    fn any_template_ends(text in template()) {
        match Template::parse(&text) {
            Ok(template) => {
                let _ = template.references();
                if let Err(error) = template.render(&Cell) {
                    prop_assert!(text.is_char_boundary(error.position));
                }
            }
            Err(error) => prop_assert!(text.is_char_boundary(error.position)),
        }
    }

    #[test]
    fn text_without_liquid_stays(text in "[^{]{0,40}(\\{[^{%]{1,10}){0,3}") {
        prop_assert_eq!(evaluated(&text).unwrap(), text);
    }

    #[test]
    fn whole_numbers_are_reckoned_exactly(a in -1_000_000_i64..1_000_000, b in 1_i64..10_000) {
        let of = |filter: &str| evaluated(&format!("{{{{ {a} | {filter}: {b} }}}}")).unwrap();
        prop_assert_eq!(of("plus"), (a + b).to_string());
        prop_assert_eq!(of("minus"), (a - b).to_string());
        prop_assert_eq!(of("times"), (a * b).to_string());
        prop_assert_eq!(of("divided_by"), a.div_euclid(b).to_string());
        prop_assert_eq!(of("modulo"), a.rem_euclid(b).to_string());
    }

    #[test]
    fn decimals_are_reckoned_in_tens(a in -1_000_000_i64..1_000_000, b in 0_i64..1_000_000) {
        let hundredths = |n: i64| format!("{}{}.{:02}", if n < 0 { "-" } else { "" }, n.abs() / 100, n.abs() % 100);
        let sum = evaluated(&format!("{{{{ {} | plus: {} }}}}", hundredths(a), hundredths(b))).unwrap();
        prop_assert_eq!(sum.parse::<f64>().unwrap(), hundredths(a + b).parse::<f64>().unwrap());
    }

    #[test]
    fn encoded_comes_back(text in "[^'\\\\]{0,20}") {
        let text = text.replace(['{', '}', '%'], "");
        let back = |filter: &str| evaluated(&format!("{{{{ '{text}' | {filter} | url_decode }}}}")).unwrap();
        prop_assert_eq!(back("url_encode"), text.clone());
        prop_assert_eq!(back("encode_uri"), text.clone());
    }
}
