//! Any text has an answer.

use lookml::dashboard::{parse, resolve};
use proptest::prelude::*;

use super::constant;

#[test]
fn hostile_texts_have_an_answer_at_once() {
    let laughs = (1..60).fold("a0: &a0 [ha, ha]\n".to_owned(), |text, n| {
        let one = format!("*a{}", n - 1);
        let all = [one.as_str(); 9].join(", ");
        text + &format!("a{n}: &a{n} [{all}]\n")
    });
    let nested = (1..2_000).fold("a0: &a0 [ha]\n".to_owned(), |text, n| {
        text + &format!("a{n}: &a{n} [*a{}]\n", n - 1)
    });
    let texts = [
        laughs,
        nested,
        "[".repeat(20_000),
        "{a: ".repeat(20_000),
        "- ".repeat(20_000),
        "? ".repeat(20_000),
        "&a ".repeat(20_000),
        "*a ".repeat(20_000),
        "a: \n ".repeat(20_000),
        "- a\n".repeat(20_000),
        "\"".repeat(100_001),
        "'".repeat(100_001),
        "\0".repeat(20_000),
        "a".repeat(2_000_000),
        "# c\n".repeat(50_000),
        "---\n".repeat(20_000),
        "%A\n".repeat(20_000),
        "a: |\n".repeat(50_000),
        format!("- dashboard: \"{}\"", "@{MODEL".repeat(20_000)),
        format!("- dashboard: \"{}\"", "@{MODEL}".repeat(50_000)),
        format!("- dashboard: \"{}\"", "@{X}".repeat(20_000)),
        (0..5_000)
            .map(|n| format!("- dashboard: d{n}\n  layout: lay{n}\n  titl{n}: x\n"))
            .collect(),
        (0..5_000)
            .map(|n| format!("- dashboard: d{n}\n  extends: d{}\n", n + 1))
            .collect(),
        (0..5_000)
            .map(|n| format!("- dashboard: d{n}\n  extends: e{n}\n"))
            .collect(),
        (0..1_000)
            .map(|n| {
                format!(
                    "- dashboard: d{n}\n  extends: [d{}, d{}]\n  filters:\n  - name: {n}\n",
                    n + 1,
                    n + 2
                )
            })
            .rev()
            .collect(),
        format!(
            "- dashboard: a\n  elements:\n  - listen:\n{}",
            "      filter: x\n".repeat(20_000)
        ),
        format!(
            "- dashboard: a\n  elements:\n  - fields: [{}]",
            (0..20_000).map(|n| format!("v.f{n}, ")).collect::<String>()
        ),
    ];
    for text in texts {
        answers(&text);
    }
}

/// Both stages give an answer, and every place is a place.
fn answers(text: &str) {
    let (dashboards, diagnostics) = parse("x", text, &constant);
    for diagnostic in &diagnostics {
        assert!(
            text.get(diagnostic.span.range()).is_some(),
            "{diagnostic:?}"
        );
    }
    let (dashboards, diagnostics) = resolve(dashboards);
    for (place, diagnostic) in &diagnostics {
        assert!(text.get(place.span.range()).is_some(), "{diagnostic:?}");
        assert_eq!(place.span, diagnostic.span);
    }
    for dashboard in &dashboards {
        assert_eq!(dashboard.tiles().len(), dashboard.elements.len());
        assert!(text.get(dashboard.name.place.span.range()).is_some());
    }
}

const PARTS: &[&str] = &[
    "- dashboard: a\n",
    "- dashboard: b\n  extends: a\n",
    "  elements:\n",
    "  filters:\n",
    "  - name: x\n",
    "    fields: [a.b, c.d]\n",
    "    listen: {x: a.b}\n",
    "    merged_queries: []\n",
    "    filters: ",
    "    sorts: ",
    "    row: ",
    "    type: text\n",
    "  layout: ",
    "&a ",
    "*a",
    "<<: ",
    "!ruby/hash:A ",
    "@{MODEL}",
    "\"",
    "'",
    "{",
    "}",
    "[",
    "]",
    ", ",
    ": ",
    "- ",
    "? ",
    "|\n",
    ">-\n",
    "#",
    "\n",
    "\n  ",
    "\n    ",
    "\t",
    "\r\n",
    "---\n",
    "...\n",
    "%YAML 1.1\n",
    "\u{feff}",
    "é",
    "3",
    "true",
    "~",
];

fn json() -> impl Strategy<Value = serde_json::Value> {
    let text = "[ -?A-~äß日🚴]{0,8}";
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(serde_json::Value::from),
        any::<i64>().prop_map(serde_json::Value::from),
        (-1e9..1e9).prop_map(|number: f64| serde_json::Value::from(number.round() / 4.0)),
        text.prop_map(serde_json::Value::from),
    ];
    leaf.prop_recursive(4, 30, 5, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(serde_json::Value::from),
            prop::collection::btree_map(text, inner, 0..5)
                .prop_map(|map| map.into_iter().collect()),
        ]
    })
}

proptest! {
    /// JSON is YAML: options come out as they went in.
    #[test]
    fn options_are_kept_as_they_are(option in json()) {
        let text = format!("- dashboard: a\n  elements:\n  - option: {option}\n");
        let (dashboards, diagnostics) = parse("x", &text, &constant);
        prop_assert_eq!(diagnostics, []);
        prop_assert_eq!(&dashboards[0].elements[0].vis_config["option"], &option);
    }

    #[test]
    fn any_text_has_an_answer(text in ".{0,200}") {
        answers(&text);
    }

    #[test]
    fn any_bytes_have_an_answer(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        answers(&String::from_utf8_lossy(&bytes));
    }

    #[test]
    fn any_mixture_of_yaml_has_an_answer(parts in prop::collection::vec(prop::sample::select(PARTS), 0..60)) {
        answers(&parts.concat());
    }
}
