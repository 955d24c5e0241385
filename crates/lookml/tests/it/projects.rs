//! Which files a model includes, and what constants are replaced by.

use lookml::{Included, Project};

fn project(files: &[(&str, &str)]) -> Project {
    Project::new(
        files
            .iter()
            .map(|(path, text)| ((*path).to_owned(), (*text).to_owned())),
    )
}

fn include(files: &[(&str, &str)]) -> Included {
    project(files).include("m.model.lkml")
}

/// Files and problems, a line each.
fn shown(included: &Included) -> String {
    let files = included.files.iter().chain(&included.dashboards).cloned();
    let problems = included.problems.iter().map(|problem| {
        let diagnostic = &problem.diagnostic;
        format!(
            "{} {}: {}",
            diagnostic.rule.code, problem.file, diagnostic.message
        )
    });
    files.chain(problems).collect::<Vec<_>>().join("\n")
}

#[test]
fn what_a_file_includes_comes_before_it_and_each_file_once() {
    let included = include(&[
        (
            "m.model.lkml",
            "include: \"views/*\" include: \"/deep/**/*.view\" include: \"x.explore\"",
        ),
        ("x.explore.lkml", "include: \"m.model.lkml\""),
        (
            "views/b.view.lkml",
            "include: \"a.view.lkml\" include: \"../other/c\"",
        ),
        ("views/a.view.lkml", ""),
        ("views/board.dashboard.lookml", "- dashboard: d"),
        ("views/deeper/no.view.lkml", ""),
        ("other/c.lkml", ""),
        ("deep/d.view.lkml", ""),
        ("deep/er/e.view.lkml", ""),
        ("unused.view.lkml", ""),
    ]);
    insta::assert_snapshot!(shown(&included), @r#"
    views/a.view.lkml
    other/c.lkml
    views/b.view.lkml
    deep/d.view.lkml
    deep/er/e.view.lkml
    x.explore.lkml
    m.model.lkml
    views/board.dashboard.lookml
    "#);
}

#[test]
fn an_include_that_leads_nowhere_is_told() {
    let included = include(&[(
        "m.model.lkml",
        "include: \"nothing/*\" include: \"../x\" include: \"//other/x\" include: \"@{NONE}/x\"",
    )]);
    insta::assert_snapshot!(shown(&included), @r#"
    m.model.lkml
    LK103 m.model.lkml: no file matches this include
    LK103 m.model.lkml: this include leaves the project
    LK104 m.model.lkml: project `other` is not there
    LK105 m.model.lkml: no constant `NONE`
    "#);
}

#[test]
fn imported_projects_are_included_by_their_names() {
    let included = include(&[
        (
            "manifest.lkml",
            "constant: P { value: \"other\" } local_dependency: { project: \"other\" override_constant: DIR { value: \"new\" } }",
        ),
        ("m.model.lkml", "include: \"//@{P}/all\""),
        ("//other/manifest.lkml", "constant: DIR { value: \"old\" }"),
        (
            "//other/all.lkml",
            "include: \"@{DIR}/*.view\" include: \"/root.view\"",
        ),
        ("//other/old/a.view.lkml", ""),
        ("//other/new/a.view.lkml", ""),
        ("//other/root.view.lkml", ""),
    ]);
    insta::assert_snapshot!(shown(&included), @r#"
    //other/new/a.view.lkml
    //other/root.view.lkml
    //other/all.lkml
    m.model.lkml
    "#);
}

#[test]
fn constants_are_replaced_until_nothing_changes() {
    let manifest = "project_name: \"p\" constant: A { value: \"<@{B}>\" } constant: B { value: \"b\" } \
                    constant: LOOP { value: \"@{LOOP}@{LOOP}\" }";
    let project = project(&[("manifest.lkml", manifest)]);
    assert_eq!(project.name.as_deref(), Some("p"));
    let replaced = |text: &str| {
        let (text, unknown) = project.replace_constants("", text);
        (text.into_owned(), unknown)
    };
    assert_eq!(replaced("x @{A} @{ B }"), ("x <b> b".into(), vec![]));
    assert_eq!(
        replaced("@{NO} @{B}"),
        ("@{NO} b".into(), vec!["NO".to_owned()])
    );
    assert_eq!(replaced("@{"), ("@{".into(), vec![]));
    assert!(replaced("@{LOOP}").0.len() < 1000);
}

#[test]
fn two_files_of_one_model_are_told() {
    let (models, problems) = project(&[
        ("a/m.model.lkml", ""),
        ("b/m.model.lkml", ""),
        ("n.model.lkml", ""),
    ])
    .models();
    assert_eq!(models.into_keys().collect::<Vec<_>>(), ["m", "n"]);
    assert_eq!(problems[0].file, "b/m.model.lkml");
}
