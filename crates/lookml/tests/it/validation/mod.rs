//! What is wrong with a project when everything is put together.

mod dashboards;
mod depth;
mod forms;
mod joins;
mod limits;
mod objects;
mod projects;
mod properties;
mod references;
mod shipped;
mod style;
mod values;

use lookml::{Problem, Project, Severity, check_project, lint_project};

/// Of a text with several files, each after a line `--- path`. Without such a line it is a model, `m`.
fn project(text: &str) -> Project {
    let text = match text.trim_start().strip_prefix("--- ") {
        Some(text) => text.to_owned(),
        None => format!("m.model.lkml\n{text}"),
    };
    let files = text.split("\n--- ").map(|file| {
        let (path, text) = file.split_once('\n').unwrap_or((file, ""));
        let (path, mut text) = (path.trim().to_owned(), text.to_owned());
        // That a model has no connection is not what most tests are about.
        let is_whole = text.matches('{').count() == text.matches('}').count();
        if path.ends_with(".model.lkml") && is_whole && !text.contains("connection") {
            text.push_str("\nconnection: \"c\"\n");
        }
        (path, text)
    });
    Project::new(files)
}

/// A finding in one line, with the characters that it points at.
fn line(project: &Project, problem: &Problem) -> String {
    let text = project.files.get(&problem.file);
    let text = text.map(|file| problem.span.of(&file.syntax.text));
    let explores = problem.explores.join(", ");
    format!(
        "{} {} {}:{}:{} {} [{explores}] `{}`: {}; {}\n",
        problem.severity,
        problem.rule.code,
        problem.file,
        problem.line,
        problem.column,
        problem.object.as_deref().unwrap_or("-"),
        text.unwrap_or_default(),
        problem.message,
        problem.hint.as_deref().unwrap_or("-"),
    )
}

/// Everything that is wrong with a project, but for its style.
fn checked(text: &str) -> String {
    let project = project(text);
    let problems = check_project(&project);
    problems.iter().map(|found| line(&project, found)).collect()
}

/// A rule, a project in which it finds something, and one that is almost the same in which it does not.
struct Case {
    code: &'static str,
    has: &'static str,
    has_not: &'static str,
}

/// What each rule finds. That it finds nothing in the other project, and nothing there is an error, is certain then.
fn table(cases: &[Case]) -> String {
    let mut lines = String::new();
    for Case { code, has, has_not } in cases {
        let found = of_rule(code, has);
        assert_ne!(found, "", "{code}: {has}\n{}", checked(has));
        lines.push_str(&found);
        assert_eq!(of_rule(code, has_not), "", "{code}: {has_not}");
        let errors = check_project(&project(has_not)).into_iter();
        let errors = errors.filter(|problem| problem.severity == Severity::Error);
        assert_eq!(errors.collect::<Vec<_>>(), [], "{code}: {has_not}");
    }
    lines
}

fn of_rule(code: &str, text: &str) -> String {
    let project = project(text);
    let problems = lint_project(&project);
    let problems = problems.iter().filter(|problem| problem.rule.code == code);
    problems.map(|problem| line(&project, problem)).collect()
}
