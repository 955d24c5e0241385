//! Every rule has a test, and those that no other file tests are tested here.

use std::path::{Path, PathBuf};

use lookml::testing::{Error, Fixture};
use lookml::{Answer, parse, rules};

/// Lines of the source that declare a rule: `NAME "LK014" Error "…"`.
const DECLARED: &str = include_str!("../../src/diagnostic/rules.rs");

#[test]
fn each_has_a_test() {
    let tests = texts(&Path::new(env!("CARGO_MANIFEST_DIR")).join(".."));
    let untested = rules::ALL.iter().filter(|rule| {
        let code = format!("\"{}\"", rule.code);
        let lines = DECLARED.lines();
        let mut lines = lines.filter_map(|line| line.split_once(&code));
        let name = lines.next().unwrap().0.trim();
        !names(&tests, rule.code) && !names(&tests, &format!("rules::{name}"))
    });
    let untested: Vec<&str> = untested.map(|rule| rule.code).collect();
    assert!(untested.is_empty(), "rules without a test: {untested:?}");
}

fn names(tests: &[String], name: &str) -> bool {
    tests.iter().any(|test| test.contains(name))
}

/// The tests of all crates, since some rules fire only where there is a database.
fn texts(crates: &Path) -> Vec<String> {
    let mut texts = Vec::new();
    let mut folders: Vec<_> = entries(crates)
        .iter()
        .map(|path| path.join("tests"))
        .collect();
    folders.extend(entries(crates).iter().map(|path| path.join("src")));
    while let Some(folder) = folders.pop() {
        for path in entries(&folder) {
            let is_test = path.components().any(|part| part.as_os_str() == "tests");
            match path.is_dir() {
                true => folders.push(path),
                false if is_test => texts.extend(text(&path)),
                false => {}
            }
        }
    }
    texts
}

#[expect(clippy::disallowed_methods, reason = "it is the tests that are read")]
fn entries(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten();
    entries.map(|entry| entry.unwrap().path()).collect()
}

#[expect(clippy::disallowed_methods, reason = "it is the tests that are read")]
fn text(path: &Path) -> Option<String> {
    let is_rust = path.extension().is_some_and(|extension| extension == "rs");
    is_rust.then(|| std::fs::read_to_string(path).unwrap())
}

/// LK019.
#[test]
fn blocks_in_blocks() {
    let nested = |depth: usize| "a: b { ".repeat(depth) + &"} ".repeat(depth);
    assert_eq!(parse(&nested(100)).1, []);
    let (_, diagnostics) = parse(&nested(101));
    let codes: Vec<_> = diagnostics.iter().map(|found| found.rule.code).collect();
    assert_eq!(codes, ["LK019"]);
}

fn rides() -> Fixture {
    Fixture::new(
        "view: rides {
           dimension: sport {}
           dimension: start { type: location sql_latitude: 1 ;; sql_longitude: 2 ;; }
           measure: count { type: count }
         }
         view: steps { derived_table: { create_process: { sql_step: SELECT 1 ;; } } dimension: x {} }
         explore: rides {}
         explore: steps {}",
    )
    .with_table("rides", "sport", "('run'), ('run'), ('row')")
}

/// Codes and messages of what an answer says beside its rows.
fn notices(answer: Result<Answer, Error>) -> Vec<String> {
    let notices = answer.unwrap().notices;
    let notices = notices.iter();
    notices
        .map(|notice| format!("{}: {}", notice.rule.code, notice.message))
        .collect()
}

#[test]
fn what_an_answer_says_beside_its_rows() {
    let rides = rides();
    let quiet = "fields=rides.sport,rides.count&sorts=rides.sport&total=on&column_limit=200";
    assert!(notices(rides.ask(quiet)).is_empty());
    insta::assert_snapshot!(notices(rides.ask("fields=rides.count&sorts=rides.sport")).join("\n"), @"LK320: `rides.sport` is not selected, so rows are not sorted by it");
    insta::assert_snapshot!(notices(rides.ask("fields=rides.sport,rides.count&total=on&f[rides.count]=>1")).join("\n"), @"LK330: there are no totals, since a filter on a measure leaves groups out that they would count");
    insta::assert_snapshot!(notices(rides.ask("fields=rides.sport,rides.count&pivots=rides.sport&column_limit=201")).join("\n"), @"LK340: there are at most 200 columns, not 201");
}

#[test]
fn what_is_not_supported() {
    let rides = rides();
    insta::assert_snapshot!(rides.error("fields=rides.count&f[rides.start]=1"), @"LK933: a location can't be filtered");
    insta::assert_snapshot!(rides.error("fields=steps.x"), @"LK931: the derived table of `steps` is made by `create_process`, which is not supported");
}
