//! Findings while they are collected: each once, with where it is.

use std::collections::{BTreeMap, HashMap};

use indexmap::IndexMap;

use super::problem::Problem;
use super::suppressions::Suppressions;
use crate::diagnostic::{Diagnostic, Lines, Rule};
use crate::project::{Located, Project};
use crate::resolve::Place;
use crate::suggest::{HINTS, did_you_mean};
use crate::syntax::{Item, Syntax, Value};
use crate::token::Span;

/// A text is looked for in so many bytes of an item: there may be as many findings in it.
const SEARCHED: usize = 1 << 16;

/// What two findings that are one have in common.
type Key = (&'static str, String, Span, String);

/// Collects findings of a project.
pub(super) struct Report<'a> {
    project: &'a Project,
    /// Texts of its default language.
    strings: BTreeMap<String, String>,
    problems: IndexMap<Key, Problem>,
    /// The model that is checked.
    model: Option<&'a str>,
}

impl<'a> Report<'a> {
    pub(super) fn new(project: &'a Project) -> Self {
        Self {
            project,
            strings: project.strings(),
            problems: IndexMap::new(),
            model: None,
        }
    }

    /// What is added from here on is of this model.
    pub(super) fn enter(&mut self, model: &'a str) {
        self.model = Some(model);
    }

    /// What is added from here on is of no model.
    pub(super) fn leave(&mut self) {
        self.model = None;
    }

    /// Whether a text of the project's default language has a key.
    pub(super) fn has_string(&self, key: &str) -> bool {
        self.strings.contains_key(key)
    }

    /// Whether there are so few findings that the next one may have a hint that takes its time.
    pub(super) fn has_hints(&self) -> bool {
        self.problems.len() < HINTS
    }

    /// The hint that names what was probably meant, where there is time for it.
    pub(super) fn did_you_mean<'n>(
        &self,
        name: &str,
        candidates: impl IntoIterator<Item = &'n str>,
    ) -> Option<String> {
        let has_hints = self.has_hints();
        has_hints.then(|| did_you_mean(name, candidates)).flatten()
    }

    /// What is wrong with a file.
    pub(super) fn extend(&mut self, file: &str, diagnostics: impl IntoIterator<Item = Diagnostic>) {
        for diagnostic in diagnostics {
            self.add(file, diagnostic);
        }
    }

    pub(super) fn located(&mut self, located: Located) {
        self.add(&located.file, located.diagnostic);
    }

    /// A finding at a place, of an object.
    pub(super) fn at(
        &mut self,
        place: &Place,
        rule: Rule,
        message: impl Into<String>,
    ) -> &mut Problem {
        self.add(&place.file, Diagnostic::new(rule, place.span, message))
    }

    /// A finding at a text within a place.
    pub(super) fn within(
        &mut self,
        place: &Place,
        text: &str,
        rule: Rule,
        message: impl Into<String>,
    ) -> &mut Problem {
        let place = self.find(place, text);
        self.at(&place, rule, message)
    }

    /// A finding in a file.
    pub(super) fn add(&mut self, file: &str, diagnostic: Diagnostic) -> &mut Problem {
        let key = (
            diagnostic.rule.code,
            file.to_owned(),
            diagnostic.span,
            diagnostic.message.clone(),
        );
        let problem = self.problems.entry(key).or_insert_with(|| Problem {
            rule: diagnostic.rule,
            severity: diagnostic.severity,
            message: diagnostic.message,
            file: file.to_owned(),
            span: diagnostic.span,
            line: 1,
            column: 1,
            hint: diagnostic.hint,
            object: None,
            models: Vec::new(),
            explores: Vec::new(),
        });
        if let Some(model) = self.model {
            push_new(&mut problem.models, model);
        }
        problem
    }

    /// The place of a text that is written within another place, or else that one.
    pub(super) fn find(&self, place: &Place, text: &str) -> Place {
        let file = self.project.files.get(&*place.file);
        let found = file.and_then(|file| {
            let written = place.span.of(&file.syntax.text);
            let end = written.floor_char_boundary(SEARCHED);
            word(written.get(..end)?, text)
        });
        match found {
            Some(at) if !text.is_empty() => {
                let start = place.span.start as usize + at;
                Place {
                    file: place.file.clone(),
                    span: Span::new(start, start + text.len()),
                }
            }
            _ => place.clone(),
        }
    }

    /// All findings, sorted by where they are, without those that somebody does not want to hear of.
    pub(super) fn finish(self) -> Vec<Problem> {
        let project = self.project;
        let mut files: HashMap<&str, (Suppressions, Lines)> = HashMap::new();
        let mut problems = Vec::with_capacity(self.problems.len());
        for mut problem in self.problems.into_values() {
            let Some((path, file)) = project.files.get_key_value(&problem.file) else {
                problems.push(problem);
                continue;
            };
            let text = &file.syntax.text;
            let known = files.entry(path);
            let (suppressions, lines) =
                known.or_insert_with(|| (suppressions(path, &file.syntax), Lines::of(text)));
            if !suppressions.contains(problem.rule, problem.span) {
                locate(&mut problem, &file.syntax.items, text);
                (problem.line, problem.column) = lines.position(text, problem.span.start);
                problems.push(problem);
            }
        }
        problems.sort_by(|a, b| order(a).cmp(&order(b)));
        problems
    }
}

/// Findings that somebody else made of explores, `(model, explore, finding)`, in the manner of
/// [`check_project`](super::check_project): each once, in order, without those that a comment keeps quiet.
pub fn problems_of<'a>(
    project: &'a Project,
    found: impl IntoIterator<Item = (&'a str, &'a str, Located)>,
) -> Vec<Problem> {
    let mut report = Report::new(project);
    for (model, explore, located) in found {
        report.enter(model);
        let problem = report.add(&located.file, located.diagnostic);
        push_new(&mut problem.explores, explore);
    }
    report.finish()
}

fn suppressions(path: &str, syntax: &Syntax) -> Suppressions {
    match path.ends_with(".dashboard.lookml") {
        true => Suppressions::of_yaml(&syntax.text),
        false => Suppressions::of(syntax),
    }
}

fn order(problem: &Problem) -> (&str, Span, &str, &str) {
    (
        &problem.file,
        problem.span,
        problem.rule.code,
        &problem.message,
    )
}

pub(super) fn push_new(names: &mut Vec<String>, name: &str) {
    if !names.iter().any(|known| known == name) {
        names.push(name.to_owned());
    }
}

/// Where a text stands that is no part of a longer word.
fn word(text: &str, word: &str) -> Option<usize> {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    let is_inside = |outer: Option<char>, inner: Option<char>| {
        outer.is_some_and(is_part) && inner.is_some_and(is_part)
    };
    let found = text.match_indices(word).find(|(at, _)| {
        let before = text.get(..*at).and_then(|text| text.chars().next_back());
        let after = text
            .get(at + word.len()..)
            .and_then(|text| text.chars().next());
        // `x` is not meant by `a.x`.
        let before = before.map(|c| if c == '.' { '_' } else { c });
        !is_inside(before, word.chars().next()) && !is_inside(after, word.chars().next_back())
    });
    found.map(|(at, _)| at)
}

/// Says in what a problem is, and points at the head of a block in place of all of it.
fn locate(problem: &mut Problem, items: &[Item], text: &str) {
    if problem.span == Span::default() {
        return;
    }
    let path = path(items, problem.span);
    if let Some(Item {
        value: Value::Block(block),
        span,
        key,
    }) = path.last()
        && *span == problem.span
    {
        problem.span = key.to(block.name.unwrap_or(*key));
    }
    let Some(top) = path.first() else {
        return;
    };
    let name = |item: &Item| name(item, text);
    let field = path.get(1).filter(|item| is_field(item.key.of(text)));
    match (
        top.key.of(text),
        name(top),
        field.and_then(|item| name(item)),
    ) {
        ("view", Some(view), Some(field)) => {
            problem.object.get_or_insert(format!("{view}.{field}"));
        }
        ("view", Some(view), None) => {
            problem.object.get_or_insert(view.to_owned());
        }
        ("explore", Some(explore), _) => {
            problem.object.get_or_insert(explore.to_owned());
            if problem.explores.is_empty() {
                problem.explores.push(explore.to_owned());
            }
        }
        (_, Some(other), _) => {
            problem.object.get_or_insert(other.to_owned());
        }
        _ => {}
    }
}

/// The items that have a place in them, from the top; the last is what is meant, or is no block.
fn path(items: &[Item], span: Span) -> Vec<&Item> {
    let mut path: Vec<&Item> = Vec::new();
    let mut items = items;
    while let Some(item) = enclosing(items, span.start) {
        path.push(item);
        match &item.value {
            Value::Block(block) if item.span != span => items = &block.items,
            _ => break,
        }
    }
    path
}

/// The item that has a place in it.
fn enclosing(items: &[Item], at: u32) -> Option<&Item> {
    let begun = items.partition_point(|item| item.span.start <= at);
    let item = items.get(begun.checked_sub(1)?)?;
    (at < item.span.end).then_some(item)
}

fn name<'a>(item: &Item, text: &'a str) -> Option<&'a str> {
    match &item.value {
        Value::Block(block) => Some(block.name?.of(text).trim_start_matches('+')),
        _ => None,
    }
}

fn is_field(key: &str) -> bool {
    crate::parameters::FIELDS
        .iter()
        .any(|kind| kind.name == key)
}
