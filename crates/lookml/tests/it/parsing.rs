//! Trees and diagnostics of small files.

use std::fmt::Write as _;

use lookml::{Element, Item, Scalar, Syntax, Value, lex, parse};
use proptest::prelude::*;

use crate::rendered;

/// The tree in one line an item, then the diagnostics with the characters they point at.
fn check(text: &str) -> String {
    let (syntax, diagnostics) = parse(text);
    assert_eq!(syntax.to_string(), text);
    let mut out = String::new();
    show(&mut out, &syntax, &syntax.items, 0);
    let rendered = diagnostics.iter().map(|found| rendered(text, found));
    out.extend(rendered);
    out
}

fn show(out: &mut String, syntax: &Syntax, items: &[Item], depth: usize) {
    let text = &syntax.text;
    let scalar = |scalar: &Scalar| format!("{:?}", scalar.value(text));
    for item in items {
        write!(out, "{}{} = ", "  ".repeat(depth), item.key.of(text)).unwrap();
        match &item.value {
            Value::Block(block) => {
                writeln!(out, "block {}", block.name.unwrap_or_default().of(text)).unwrap();
                show(out, syntax, &block.items, depth + 1);
            }
            Value::List(list) => {
                let elements = list.elements.iter().map(|element| match element {
                    Element::Scalar(value) => scalar(value),
                    Element::Pair { key, value } => format!("{} -> {}", scalar(key), scalar(value)),
                });
                writeln!(out, "[{}]", elements.collect::<Vec<_>>().join(", ")).unwrap();
            }
            Value::Scalar(value) => writeln!(out, "{}", scalar(value)).unwrap(),
            Value::Expression(span) => writeln!(out, "expression {:?}", span.of(text)).unwrap(),
            Value::Missing => writeln!(out, "nothing").unwrap(),
        }
    }
}

#[test]
fn a_view_is_blocks_pairs_and_lists() {
    insta::assert_snapshot!(check(
        "view: +orders {  # refined
  sql_table_name : `p.d.orders` ;;
  dimension_group: created { timeframes: [raw, # one
    date,] sql: ${TABLE}.c # no comment; ;; }
  measure: n { type: count filters: [status: \"a,b\", users.x: \"-\\\"q\\\"\"] value_format: \"0.0\\%\" drill_fields: [id, set*, -b.c] }
  set: s { fields: [ALL_FIELDS*, -x] }
  link: { url: \"a
b\" }
  dimension: nothing { sql: ;; }
}"
    ), @r#"
    view = block +orders
      sql_table_name = expression "`p.d.orders`"
      dimension_group = block created
        timeframes = ["raw", "date"]
        sql = expression "${TABLE}.c # no comment;"
      measure = block n
        type = "count"
        filters = ["status" -> "a,b", "users.x" -> "-\"q\""]
        value_format = "0.0\\%"
        drill_fields = ["id", "set*", "-b.c"]
      set = block s
        fields = ["ALL_FIELDS*", "-x"]
      link = block 
        url = "a\nb"
      dimension = block nothing
        sql = expression ""
    "#);
}

#[test]
fn tolerated_mistakes_are_told() {
    insta::assert_snapshot!(check("a: [, b, - c.d] measure:: x { sql:: 1 ;; } derived_table: {: sql: 2 ;; }"), @r#"
    a = ["b", "-c.d"]
    measure = block x
      sql = expression "1"
    derived_table = block 
      sql = expression "2"
    warning LK011 1:5 `,`: the list begins with a comma; take it away
    warning LK012 1:10 `- c.d`: a space after the minus; write `-c.d`
    error LK010 1:25 `:`: a colon too many; take it away
    error LK010 1:35 `:`: a colon too many; take it away
    error LK010 1:60 `:`: a colon too many; take it away
    "#);
}

#[test]
fn a_missing_end_of_an_expression_keeps_the_objects_after_it() {
    insta::assert_snapshot!(check(
        "view: v {
  dimension: a {
    sql: ${TABLE}.a
  }
  # the next
  dimension: b {
    sql: ${TABLE}.b ;;
  }
}"
    ), @r#"
    view = block v
      dimension = block a
        sql = expression "${TABLE}.a"
      dimension = block b
        sql = expression "${TABLE}.b"
    error LK013 3:10 `${TABLE}.a`: the expression of `sql` has no end; `;;` is probably missing after it
    "#);
    insta::assert_snapshot!(check("view: v {\n dimension: a {\n  sql: 1\n }\n}\n"), @r#"
    view = block v
      dimension = block a
        sql = expression "1"
    error LK013 3:8 `1`: the expression of `sql` has no end; `;;` is probably missing after it
    "#);
}

#[test]
fn nothing_follows_from_a_missing_end_of_an_expression() {
    insta::assert_snapshot!(check(
        "view: v {
  dimension: a { sql: ${TABLE}.a }
  dimension: b { sql: x label: \"B\" }
}
view: w {
  dimension: c {
    sql: ${TABLE}.c
    label: \"C\"
  }
}"
    ), @r#"
    view = block v
      dimension = block a
        sql = expression "${TABLE}.a }"
      dimension = block b
        sql = expression "x label: \"B\" }"
    view = block w
      dimension = block c
        sql = expression "${TABLE}.c\n    label: \"C\""
    error LK013 2:23 `${TABLE}.a }`: the expression of `sql` has no end; `;;` is probably missing after it
    error LK013 3:23 `x label: "B" }`: the expression of `sql` has no end; `;;` is probably missing after it
    error LK013 7:10 `${TABLE}.c`: the expression of `sql` has no end; `;;` is probably missing after it
    "#);
    insta::assert_snapshot!(check("view: v { dimension: a { sql: 1 ;; }\nview: w { dimension: b { sql: 1 }"), @r#"
    view = block v
      dimension = block a
        sql = expression "1"
    view = block w
      dimension = block b
        sql = expression "1 }"
    error LK014 1:9 `{`: `{` is never closed; a `}` is missing, perhaps further down
    error LK013 2:31 `1 }`: the expression of `sql` has no end; `;;` is probably missing after it
    "#);
}

#[test]
fn an_open_string_ends_with_its_line() {
    insta::assert_snapshot!(check("a: \"x\nlabel: \"y\"\nb: yes"), @r#"
    a = "x"
    label = "y"
    b = "yes"
    error LK015 1:4 `"`: the string has no end; a `"` is missing at its end; a quote inside is written `\"`
    "#);
    insta::assert_snapshot!(check("a: \"x\nb: yes"), @r#"
    a = "x"
    b = "yes"
    error LK015 1:4 `"`: the string has no end; a `"` is missing at its end; a quote inside is written `\"`
    "#);
}

#[test]
fn nothing_follows_from_an_open_string() {
    insta::assert_snapshot!(check("view: v { dimension: id { label: \"abc } dimension: b {} }\nexplore: v {}"), @r#"
    view = block v
      dimension = block id
        label = "abc } dimension: b {} }"
    explore = block v
    error LK015 1:34 `"`: the string has no end; a `"` is missing at its end; a quote inside is written `\"`
    "#);
    insta::assert_snapshot!(check("view: v { set: s { fields: [\"a, b] } }\nexplore: v {}"), @r#"
    view = block v
      set = block s
        fields = ["a, b] } }"]
    explore = block v
    error LK015 1:29 `"`: the string has no end; a `"` is missing at its end; a quote inside is written `\"`
    "#);
}

#[test]
fn braces_without_partners_are_pointed_at() {
    insta::assert_snapshot!(check("view: a {\n dimension: x {\n  type: string\n dimension: y { type: number }\n}\nview: b { }"), @r#"
    view = block a
      dimension = block x
        type = "string"
      dimension = block y
        type = "number"
    view = block b
    error LK014 2:15 `{`: `{` is never closed; a `}` is missing, perhaps further down
    "#);
    insta::assert_snapshot!(check("view: a { } }\nview: b {"), @r#"
    view = block a
    view = block b
    error LK014 1:13 `}`: `}` closes nothing; take it away, or open the block that it should close
    error LK014 2:9 `{`: `{` is never closed; a `}` is missing, perhaps further down
    "#);
    insta::assert_snapshot!(check("a: [x, y\nb: yes"), @r#"
    a = ["x", "y"]
    b = "yes"
    error LK014 1:4 `[`: `[` is never closed; a `]` is missing after the last element
    "#);
}

#[test]
fn text_that_belongs_nowhere_is_told_once() {
    insta::assert_snapshot!(check("view a { hidden: yes ;; what is this? label: }\n;\n{ x: 1 }\nb [c]"), @r#"
    view = block a
      hidden = "yes"
      label = nothing
    b = ["c"]
    error LK018 1:1 `view`: expected a colon after `view`; write `view:` and its value, or take it away
    error LK018 1:22 `;; what is this?`: `;;` ends no expression; only `sql`, `html` and the like end with it
    error LK018 1:39 `label`: `label` has no value; give it one, or take it away
    error LK018 2:1 `;`: text that is no parameter; write `key: value`, or `#` before a comment
    error LK018 3:1 `{`: a block without a key; write what it is before it, such as `dimension: name {`
    error LK018 4:1 `b`: expected a colon after `b`; write `b:` and its value, or take it away
    "#);
}

#[test]
fn hostile_texts_have_an_answer_at_once() {
    let texts = [
        "{".repeat(100_000),
        "a:{".repeat(100_000),
        "a: [".repeat(100_000),
        "sql: \n".repeat(100_000),
        "a: \"".repeat(100_001),
        "\\\"".repeat(200_000),
        "a: \"x\n".repeat(100_001),
        "\0".repeat(100_000),
        ";".repeat(100_001),
        "- ".repeat(100_000),
        "a".repeat(5_000_000),
        format!("sql: {}", "dimension: a {\n".repeat(100_000)),
        "# c\n".repeat(200_000),
    ];
    for text in texts {
        let (syntax, _) = parse(&text);
        assert!(syntax.to_string() == text);
    }
}

proptest! {
    #[test]
    fn any_text_is_cut_into_tokens_that_join_to_it(text in ".{0,200}") {
        joins(&text);
    }

    #[test]
    fn any_mixture_of_lookml_has_a_tree(parts in proptest::collection::vec(prop::sample::select(PARTS), 0..60)) {
        joins(&parts.concat());
    }
}

const PARTS: &[&str] = &[
    "view",
    "dimension",
    "sql",
    "sql_on",
    "html",
    "filters",
    ":",
    ": ",
    "{",
    "}",
    "[",
    "]",
    ",",
    ";;",
    ";",
    "\"",
    "\\\"",
    "x",
    "+x",
    "-y.z",
    "a*",
    "- ",
    " ",
    "\n",
    "# c\n",
    "${TABLE}.a",
    "yes",
    "\u{feff}",
    "é",
    "\r\n",
    "dimension: a {\n",
];

fn joins(text: &str) {
    let tokens = lex(text);
    let mut at = 0;
    for token in &tokens {
        assert_eq!(token.span.start, at);
        assert!(!token.span.is_empty());
        assert!(text.get(token.span.range()).is_some());
        at = token.span.end;
    }
    assert_eq!(at as usize, text.len());
    let (syntax, diagnostics) = parse(text);
    assert_eq!(syntax.to_string(), text);
    for diagnostic in diagnostics {
        assert!(
            text.get(diagnostic.span.range()).is_some(),
            "{diagnostic:?}"
        );
    }
}

/// F13: what follows a colon too many is read as if it were not there.
#[test]
fn f13_a_stray_colon_after_a_brace_is_one_diagnostic() {
    insta::assert_snapshot!(check(
        "view: stray { derived_table: {: sql: SELECT kind, kj FROM main.ride ;; } dimension: kind {} measure: kj { type: sum sql: ${TABLE}.kj ;; } }
explore: stray {}"
    ), @r#"
    view = block stray
      derived_table = block 
        sql = expression "SELECT kind, kj FROM main.ride"
      dimension = block kind
      measure = block kj
        type = "sum"
        sql = expression "${TABLE}.kj"
    explore = block stray
    error LK010 1:31 `:`: a colon too many; take it away
    "#);
}
