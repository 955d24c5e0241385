//! Files, models, the manifest.

use super::{Case, checked, table};

#[test]
fn files_and_models() {
    insta::assert_snapshot!(table(&[
        Case {
            code: "LK101",
            has: "--- a.view.lkml\nview: a {}",
            has_not: "view: a {}",
        },
        Case {
            code: "LK102",
            has: "--- m.model.lkml\n--- manifest.lkml\nconstant: A { value: \"@{B}\" } constant: B { value: \"x@{A}\" } constant: C { value: \"@{D}\" }",
            has_not: "--- m.model.lkml\n--- manifest.lkml\nconstant: A { value: \"@{B}\" } constant: B { value: \"x\" }",
        },
        Case {
            code: "LK103",
            has: "include: \"views/*\"",
            has_not: "--- m.model.lkml\ninclude: \"views/*\"\n--- views/a.view.lkml\nview: a {}",
        },
        Case {
            code: "LK104",
            has: "include: \"//other/a.view\"",
            has_not: "--- m.model.lkml\ninclude: \"//other/a.view\"\n--- //other/a.view.lkml\nview: a {}",
        },
        Case {
            code: "LK105",
            has: "view: a { sql_table_name: @{SCHEMA}.a ;; }",
            has_not: "--- m.model.lkml\nview: a { sql_table_name: @{SCHEMA}.a ;; }\n--- manifest.lkml\nconstant: SCHEMA { value: \"s\" }",
        },
        Case {
            code: "LK106",
            has: "--- m.model.lkml\n--- views/a.view.lkml\nview: a {}\n--- d.dashboard.lookml\n- dashboard: d",
            has_not: "--- m.model.lkml\ninclude: \"views/a.view\"\ninclude: \"d.dashboard\"\n--- views/a.view.lkml\nview: a {}\n--- d.dashboard.lookml\n- dashboard: d\n--- //other/b.view.lkml\nview: b {}\n--- README.md\nText",
        },
        Case {
            code: "LK107",
            has: "--- a/m.model.lkml\n--- b/m.model.lkml",
            has_not: "--- a/m.model.lkml\n--- b/n.model.lkml",
        },
        Case {
            code: "LK930",
            has: "--- m.model.lkml\n--- a.view.lookml\n- view: a",
            has_not: "--- m.model.lkml\ninclude: \"a.view\"\n--- a.view.lkml\nview: a {}",
        },
    ]), @r#"
    error LK101 a.view.lkml:1:1 - [] ``: the project has no model; a file named `NAME.model.lkml` is one
    error LK102 manifest.lkml:1:11 A [] `A`: this constant contains itself, or others too deep; -
    error LK102 manifest.lkml:1:41 B [] `B`: this constant contains itself, or others too deep; -
    error LK102 manifest.lkml:1:72 C [] `C`: this constant contains `@{D}`, which does not exist; -
    warning LK103 m.model.lkml:1:10 - [] `"views/*"`: no file matches this include; it is relative to this file's folder; a leading `/` is the project's root
    error LK104 m.model.lkml:1:10 - [] `"//other/a.view"`: project `other` is not there; put its files into `imported_projects/other/`
    error LK105 m.model.lkml:1:27 a [] `@{SCHEMA}.a`: no constant `SCHEMA`; write `constant: SCHEMA { value: "…" }` in manifest.lkml
    warning LK106 d.dashboard.lookml:1:1 - [] ``: no model includes this file; write `include: "/d.dashboard.lookml"` in a model, or delete it
    warning LK106 views/a.view.lkml:1:1 - [] ``: no model includes this file; write `include: "/views/a.view.lkml"` in a model, or delete it
    error LK107 b/m.model.lkml:1:1 - [] ``: model `m` is defined in `a/m.model.lkml` already; give one of the files another name
    error LK930 a.view.lookml:1:1 - [] ``: old LookML (YAML) is not supported; convert the project to new LookML, files of which end in `.lkml`
    "#);
}

#[test]
fn a_finding_of_two_models_is_told_once_and_names_both() {
    let text = "--- a.model.lkml
include: \"/v.view\"
explore: v {}
--- b.model.lkml
include: \"/v.view\"
explore: w { from: v }
--- v.view.lkml
view: v { dimension: x { sql: ${y} ;; } }";
    insta::assert_snapshot!(checked(text), @"error LK210 v.view.lkml:1:31 v.x [] `${y}`: `${y}`: the view `v` has no field `y`; -");
    let problems = lookml::check_project(&super::project(text));
    assert_eq!(problems.len(), 1);
    assert_eq!(problems[0].models, ["a", "b"]);
}

#[test]
fn what_is_suppressed_is_not_told() {
    insta::assert_snapshot!(checked("view: v {
  # lookml-ignore: LK210
  dimension: x { sql: ${y} ;; }
  dimension: z { sql: ${y} ;; }
}"), @"error LK210 m.model.lkml:4:23 v.z [] `${y}`: `${y}`: the view `v` has no field `y`; -");
}

#[test]
fn mistakes_of_a_file_by_itself_are_told_too() {
    insta::assert_snapshot!(checked("view: v { lable: \"x\" dimension: x { type: strng } "), @r#"
    error LK014 m.model.lkml:1:9 v [] `{`: `{` is never closed; a `}` is missing, perhaps further down
    warning LK020 m.model.lkml:1:11 v [] `lable`: `lable` is no parameter of `view`; did you mean `label`?
    error LK022 m.model.lkml:1:43 v.x [] `strng`: `type` can't be `strng`; did you mean `string`?
    "#);
}

#[test]
fn a_model_names_its_connection() {
    let of = |text: &str| checked(&format!("--- m.model.lkml\n{text}"));
    let view = "view: v { dimension: connection {} }";
    assert_eq!(
        of(view),
        "warning LK118 m.model.lkml:1:1 - [] ``: the model `m` names no connection; write `connection:`; Looker asks it for the rows\n"
    );
    assert_eq!(of(&format!("connection: \"c\"\n{view}")), "");
}
