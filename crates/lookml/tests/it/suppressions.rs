//! Comments that switch rules off.

use lookml::{Suppressions, Value, parse, rules};

/// First lines of the items whose keys are made quiet.
fn quiet(text: &str, code: &str) -> Vec<String> {
    let (syntax, _) = parse(text);
    let suppressions = Suppressions::of(&syntax);
    let rule = rules::ALL.iter().find(|rule| rule.code == code).unwrap();
    let mut items: Vec<_> = syntax.items.iter().collect();
    let mut quiet = Vec::new();
    while let Some(item) = items.pop() {
        if suppressions.contains(*rule, item.key) {
            quiet.push(item.span.of(text).lines().next().unwrap().to_owned());
        }
        if let Value::Block(block) = &item.value {
            items.extend(&block.items);
        }
    }
    quiet.sort();
    quiet
}

#[test]
fn a_comment_above_an_item_makes_it_quiet() {
    let text = "view: v {
  # lookml-ignore: LK410, LK401 since it is never zero
  dimension: a {
    sql: 1 / 2 ;;
  }
  dimension: b { sql: 1 / 2 ;; }
  # lookml-ignore: LK408
}
view: w {}
";
    assert_eq!(quiet(text, "LK410"), ["dimension: a {", "sql: 1 / 2 ;;"]);
    assert_eq!(quiet(text, "LK401").len(), 2);
    assert!(quiet(text, "LK408").is_empty());
    assert!(quiet(text, "LK409").is_empty());
    let first = "\u{feff}#lookml-ignore:LK401\r\n\r\n# more\r\nview: v {\r\n a: b }\r\nview: w {}";
    assert_eq!(quiet(first, "LK401"), ["a: b", "view: v {"]);
}

#[test]
fn a_comment_behind_an_item_makes_it_quiet() {
    let text = "view: v {
  dimension: a { # lookml-ignore: LK410
    label: \"a\"
  }
  dimension: b {
    label: \"b\" # lookml-ignore: LK401
    sql: 1 /
      2 ;; # lookml-ignore: LK410
    hidden: yes
  }
  dimension: c {
    label: \"c\"
  } # lookml-ignore: LK408
  drill_fields: [
    d, # lookml-ignore: LK409
    e
  ]
  set: s { fields: [f] } set: t { fields: [g] } # lookml-ignore: LK216
}";
    assert_eq!(
        quiet(text, "LK410"),
        [
            "dimension: a { # lookml-ignore: LK410",
            "label: \"a\"",
            "sql: 1 /"
        ]
    );
    assert_eq!(quiet(text, "LK401"), ["label: \"b\""]);
    assert_eq!(quiet(text, "LK408"), ["dimension: c {", "label: \"c\""]);
    assert_eq!(quiet(text, "LK409"), ["drill_fields: ["]);
    assert_eq!(quiet(text, "LK216").len(), 4);
    assert!(quiet("view: v {} # lookml-ignore", "LK401").is_empty());
    assert!(quiet("view: v {} # lookml-ignore: x LK401", "LK401").is_empty());
    assert!(quiet("# lookml-ignore: LK401", "LK401").is_empty());
}
