//! Chains of references that the compiler would not follow.

use std::fmt::Write as _;

use lookml::testing::Fixture;

use super::checked;

/// A view whose field `d1` is made of so many others, one of the other.
fn chain(view: &str, length: usize, last: &str) -> String {
    let mut text = format!("view: {view} {{\n");
    for field in 1..length {
        let next = field + 1;
        let _ = writeln!(text, "dimension: d{field} {{ sql: ${{d{next}}} ;; }}");
    }
    let _ = writeln!(text, "dimension: d{length} {{ sql: {last} ;; }} }}");
    text
}

#[test]
fn as_deep_as_the_compiler_goes() {
    let model = chain("v", 64, "1") + "explore: v {}";
    assert_eq!(checked(&model), "");
    let fixture = Fixture::new(&model).with_table("v", "x", "(1)");
    assert_eq!(
        fixture.rows("fields=v.d1"),
        serde_json::json!([{"v.d1": 1}])
    );
}

#[test]
fn one_deeper() {
    let model = chain("v", 66, "1") + "explore: v {}";
    insta::assert_snapshot!(checked(&model), @"error LK214 m.model.lkml:3:22 v.d2 [] `${d3}`: references go too deep: d2 → d3 → d4 → d5 → d6 → d7 → d8 → d9 → d10 → d11 → d12 → d13 → d14 → d15 → d16 → d17 → d18 → d19 → d20 → d21 → 45 more; at most 64 fields can be made of each other");
    let fixture = Fixture::new(&model).with_table("v", "x", "(1)");
    assert!(fixture.error("fields=v.d2").starts_with("LK214"));
    assert_eq!(
        fixture.rows("fields=v.d3"),
        serde_json::json!([{"v.d3": 1}])
    );
}

#[test]
fn through_several_views() {
    let model = chain("v", 33, "${w.d1}") + &chain("w", 32, "1");
    insta::assert_snapshot!(checked(&(model + "explore: v { join: w { type: cross } }")), @r#"
    error LK214 m.model.lkml:2:22 v.d1 [v] `${d2}`: references go too deep: v.d1 → v.d2 → v.d3 → v.d4 → v.d5 → v.d6 → v.d7 → v.d8 → v.d9 → v.d10 → v.d11 → v.d12 → v.d13 → v.d14 → v.d15 → v.d16 → v.d17 → v.d18 → v.d19 → v.d20 → 45 more; at most 64 fields can be made of each other
    warning LK227 m.model.lkml:34:23 v.d33 [] `${w.d1}`: `${w.d1}` is of another view than `v`; every explore with `v` has to join `w`: put the field in a view without a table
    "#);
    let model = chain("v", 64, "${w.d1}") + &chain("w", 1, "1");
    insta::assert_snapshot!(checked(&(model + "explore: v { join: w { type: cross } }")), @r#"
    error LK214 m.model.lkml:2:22 v.d1 [v] `${d2}`: references go too deep: v.d1 → v.d2 → v.d3 → v.d4 → v.d5 → v.d6 → v.d7 → v.d8 → v.d9 → v.d10 → v.d11 → v.d12 → v.d13 → v.d14 → v.d15 → v.d16 → v.d17 → v.d18 → v.d19 → v.d20 → 45 more; at most 64 fields can be made of each other
    warning LK227 m.model.lkml:65:23 v.d64 [] `${w.d1}`: `${w.d1}` is of another view than `v`; every explore with `v` has to join `w`: put the field in a view without a table
    "#);
}
