//! The form that Looker's API has for a finding.

use lookml::check_project;

use super::project;

#[test]
fn as_json() {
    let project = project(
        "view: v {\n  dimension: x { sql: ${TABLE}.a || ${w.y} ;; }\n}\nview: w { dimension: y {} }\nexplore: v {}\nexplore: u { from: v }\n",
    );
    let problems = check_project(&project);
    let problem = problems.iter().find(|found| found.rule.code == "LK219");
    let help = |code: &str| Some(format!("/docs/rules#{code}"));
    let error = problem.unwrap().to_project_error(help);
    insta::assert_snapshot!(serde_json::to_string_pretty(&error).unwrap(), @r#"
    {
      "code": "LK219",
      "severity": "error",
      "kind": "reference",
      "message": "`${w.y}`: `w` is not joined in the explores `v`, `u`; join `w` there, or leave this field out by `fields`",
      "field_name": "v.x",
      "file_path": "m.model.lkml",
      "line_number": 2,
      "model_id": "m",
      "explore": "v",
      "help_url": "/docs/rules#LK219",
      "params": {
        "column_number": 37,
        "hint": "join `w` there, or leave this field out by `fields`",
        "models": [
          "m"
        ],
        "explores": [
          "v",
          "u"
        ],
        "explanation": "A view's SQL refers to a view that an explore does not join."
      }
    }
    "#);
}

#[test]
fn each_rule_is_of_some_kind() {
    let kinds = lookml::rules::ALL.iter().map(|rule| rule.kind());
    let kinds: std::collections::BTreeSet<&str> = kinds.collect();
    insta::assert_snapshot!(kinds.into_iter().collect::<Vec<_>>().join(" "), @"database object project query reference style syntax unsupported");
}
