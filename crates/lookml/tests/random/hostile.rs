//! Projects that somebody, or a slip of the hand, has spoilt: whatever they have become, there is an answer or an error,
//! never a panic, and what is read is what was written.

use lookml::{
    Compiled, Dialect, Model, Project, Query, Settings, check_project, compile, lex, lint_project,
};

use crate::chance::Chance;
use crate::model::World;
use crate::{draw, print};

/// Spoilt versions of one world.
const VERSIONS: usize = 12;
/// Texts that mean much wherever they stand.
const HEAVY: &[&str] = &[
    "{",
    "}",
    "[",
    "]",
    ";;",
    "\"",
    ":",
    "${",
    "}",
    "{%",
    "%}",
    "{{",
    "}}",
    "+",
    "*",
    "-",
    "#",
    "\u{0}",
    "é",
    "view:",
    "extends: [",
    "explore: x {",
    "${TABLE}",
    "sql: ${id} ;;",
    "type: time",
    "\n",
    "@{",
    "{% if true %}",
    "filters: [",
];

/// Files with some of their tokens left out, doubled, exchanged or replaced.
fn spoilt(files: &[(String, String)], chance: &mut Chance) -> Vec<(String, String)> {
    let mut files = files.to_vec();
    for _ in 0..chance.between(1, 6) {
        let at = chance.below(files.len());
        let text = files[at].1.clone();
        let tokens = lex(&text);
        let mut words: Vec<&str> = tokens.iter().map(|token| token.span.of(&text)).collect();
        if words.is_empty() {
            continue;
        }
        let (one, other) = (chance.below(words.len()), chance.below(words.len()));
        match chance.below(5) {
            0 => drop(words.remove(one)),
            1 => words.insert(other, words[one]),
            2 => words.swap(one, other),
            3 => words[one] = chance.pick(HEAVY),
            _ => words.insert(one, chance.pick(HEAVY)),
        }
        files[at].1 = words.concat();
    }
    files
}

/// Reads, checks, asks and answers.
fn survive(files: &[(String, String)], world: &World, queries: &[Query]) {
    let project = Project::new(files.iter().cloned());
    for (path, text) in files {
        assert_eq!(project.files[path].syntax.to_string(), *text, "{path}");
    }
    let problems = check_project(&project);
    assert!(lint_project(&project).len() >= problems.len());
    for problem in &problems {
        let text = project.files.get(&problem.file);
        let text = text.map_or("", |file| file.syntax.text.as_str());
        assert!(text.get(problem.span.range()).is_some(), "{problem:?}");
    }
    let (model, _) = Model::load(&project, "m");
    let Some(model) = model else {
        return;
    };
    for dialect in [Dialect::DuckDb, Dialect::BigQuery] {
        let settings = Settings::new(dialect, world.now);
        for query in queries {
            if let Ok(compiled) = compile(&model, query, &settings) {
                answer(&compiled);
            }
        }
    }
}

/// The answer where no statement has a row.
fn answer(compiled: &Compiled) {
    let none = compiled.statements.iter().map(|_| Vec::new());
    let answer = compiled.answer(none.collect()).unwrap();
    let detail = answer.json_detail();
    assert!(detail["data"].is_array(), "{detail}");
    let table = answer.text_table();
    assert!(table.rows.iter().all(|row| row.len() == table.head.len()));
}

#[test]
fn a_spoilt_project_has_an_answer_or_an_error() {
    for seed in crate::campaign::seeds(8) {
        let mut chance = Chance::new(seed);
        let world = draw::world(&mut chance);
        let files = print::project(&world);
        let queries = (0..6).map(|_| draw::query(&world, &mut chance).json());
        let queries: Vec<Query> = queries
            .map(|query| serde_json::from_value(query).unwrap())
            .collect();
        survive(&files, &world, &queries);
        for _ in 0..VERSIONS {
            survive(&spoilt(&files, &mut chance), &world, &queries);
        }
    }
}
