//! Blocks and their keys: unknown ones, misplaced ones, missing ones, those that stand there twice.

use std::collections::HashSet;

use crate::diagnostic::{Diagnostic, Severity, rules};
use crate::parameters::{FIELDS, FILE, Kind, MANIFEST, Naming, Need, Parameter, Shape, kinds};
use crate::project::split_project;
use crate::suggest::{HINTS, did_you_mean};
use crate::syntax::{Block, Item, Syntax, Value};
use crate::token::Span;

/// Everything that is wrong with a file by itself, beside what the parser says. Constants are not replaced yet:
/// a value that has one in it is taken as it is.
pub fn check_file(path: &str, syntax: &Syntax) -> Vec<Diagnostic> {
    if path.ends_with(".view.lookml") || path.ends_with(".model.lookml") {
        let message = "old LookML (YAML) is not supported";
        let diagnostic = Diagnostic::new(rules::OLD_LOOKML, Span::default(), message);
        return vec![
            diagnostic.hint("convert the project to new LookML, files of which end in `.lkml`"),
        ];
    }
    let mut checker = Checker {
        text: &syntax.text,
        diagnostics: Vec::new(),
    };
    let kind = match split_project(path).1 {
        "manifest.lkml" => &MANIFEST,
        _ => &FILE,
    };
    checker.items(kind, &syntax.items);
    if !path.ends_with(".model.lkml") && std::ptr::eq(kind, &FILE) {
        checker.connection(&syntax.items);
    }
    let mut diagnostics = checker.diagnostics;
    diagnostics.sort_by_key(|diagnostic| diagnostic.span);
    diagnostics
}

/// Collects what is wrong while a file is walked through.
pub(super) struct Checker<'a> {
    pub(super) text: &'a str,
    pub(super) diagnostics: Vec<Diagnostic>,
}

/// Keys that stood in a block already, and names of blocks with their keys.
type Seen<'a> = HashSet<(&'static str, &'a str)>;

impl<'a> Checker<'a> {
    /// What stands in a block, or at the top of a file.
    pub(super) fn items(&mut self, kind: &'static Kind, items: &[Item]) {
        let mut seen = Seen::new();
        for item in items {
            let key = item.key.of(self.text);
            match kind.parameter(key) {
                Some(parameter) => {
                    self.repetition(parameter, item, &mut seen);
                    self.value(kind, parameter, item);
                }
                None => self.unknown(kind, item.key),
            }
        }
    }

    /// A block under its key.
    pub(super) fn block(&mut self, key: Span, kind: &'static Kind, block: &Block) {
        self.name(key, kind, block);
        self.items(kind, &block.items);
        let is_missing = |parameter: &&Parameter| {
            matches!(parameter.need, Need::Required)
                && !block
                    .items
                    .iter()
                    .any(|item| item.key.of(self.text) == parameter.key)
        };
        let missing: Vec<_> = kind.parameters().filter(is_missing).collect();
        for parameter in missing {
            let message = format!("`{}` needs `{}`", key.of(self.text), parameter.key);
            self.report(Diagnostic::new(rules::MISSING_PARAMETER, key, message));
        }
    }

    fn name(&mut self, key: Span, kind: &Kind, block: &Block) {
        match (block.name, kind.naming) {
            (None, Naming::None) => {}
            (Some(name), Naming::None) => {
                let message = format!("`{}` has no name", key.of(self.text));
                let mut diagnostic = Diagnostic::new(rules::WRONG_SHAPE, name, message);
                diagnostic.severity = Severity::Warning;
                self.report(diagnostic.hint("take it away: it means nothing"));
            }
            (None, _) => {
                let key_text = key.of(self.text);
                let message = format!("`{key_text}` needs a name");
                let hint = format!("write `{key_text}: name {{`");
                self.report(Diagnostic::new(rules::MISSING_PARAMETER, key, message).hint(hint));
            }
            (Some(name), Naming::Declared) => self.declared(name, kind),
            (Some(_), Naming::AnyCase | Naming::Reference) => {}
        }
    }

    /// The name of something new. What is refined has its name elsewhere.
    fn declared(&mut self, span: Span, kind: &Kind) {
        let name = span.of(self.text);
        if name.starts_with('+') && matches!(kind.name, "view" | "explore") {
            return;
        }
        let is_part = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_');
        if name.bytes().all(is_part) {
            return;
        }
        let message = format!("`{name}` is not in snake case");
        let hint = format!("write `{}`", in_snake_case(name));
        self.report(Diagnostic::new(rules::NOT_SNAKE_CASE, span, message).hint(hint));
    }

    fn repetition(&mut self, parameter: &'static Parameter, item: &Item, seen: &mut Seen<'a>) {
        let name = match (&item.value, parameter.shape) {
            _ if !parameter.repeats => "",
            (Value::Block(block), Shape::Block(kind)) if is_told_apart_here(kind) => block
                .name
                .map(|name| name.of(self.text))
                .unwrap_or_default(),
            _ => return,
        };
        if !parameter.repeats || !name.is_empty() {
            let is_new = seen.insert((parameter.key, name));
            if !is_new {
                self.twice(item.key, name);
            }
        }
    }

    fn twice(&mut self, key: Span, name: &str) {
        let text = key.of(self.text);
        let message = match name {
            "" => format!("`{text}` stands here twice"),
            name => format!("`{text}: {name}` stands here twice"),
        };
        self.report(
            Diagnostic::new(rules::DUPLICATE_KEY, key, message)
                .hint("the last one counts: take the others away"),
        );
    }

    fn unknown(&mut self, kind: &Kind, key: Span) {
        let text = key.of(self.text);
        if kind.is_field() && FIELDS.iter().any(|other| other.parameter(text).is_some()) {
            let message = format!("`{text}` means nothing in a `{}`", kind.name);
            let mut diagnostic = Diagnostic::new(rules::MISPLACED_PARAMETER, key, message);
            if self.has_hints() {
                diagnostic.hint = owners(text, &FIELDS);
            }
            return self.report(diagnostic);
        }
        let message = match kind.name {
            "model" => format!("`{text}` is nothing that can stand at the top of a file"),
            name => format!("`{text}` is no parameter of `{name}`"),
        };
        let mut diagnostic = Diagnostic::new(rules::UNKNOWN_PARAMETER, key, message);
        if self.has_hints() {
            diagnostic.hint = owners(text, &kinds())
                .or_else(|| did_you_mean(text, kind.parameters().map(|known| known.key)));
        }
        self.report(diagnostic);
    }

    /// A connection outside of a model.
    fn connection(&mut self, items: &[Item]) {
        let mut items = items.iter();
        let Some(item) = items.find(|item| item.key.of(self.text) == "connection") else {
            return;
        };
        let message = "`connection` means something in a model file only";
        let mut diagnostic = Diagnostic::new(rules::MISPLACED_PARAMETER, item.key, message);
        diagnostic.severity = Severity::Warning;
        self.report(diagnostic.hint("a model file ends in `.model.lkml`"));
    }

    pub(super) fn report(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    /// Whether there are so few diagnostics that the next one may have a hint that takes its time.
    pub(super) fn has_hints(&self) -> bool {
        self.diagnostics.len() < HINTS
    }
}

/// Whether two blocks of one name are wrong wherever they stand. What is merged, or found in all files of a model,
/// is told apart there.
fn is_told_apart_here(kind: &Kind) -> bool {
    let is_elsewhere = matches!(kind.name, "view" | "explore" | "join");
    kind.naming != Naming::None && !is_elsewhere && !kind.is_field()
}

/// So many kinds of blocks are listed that have a parameter. One that more have means little.
const OWNERS: usize = 4;

/// Which of those kinds have such a parameter, for a person.
fn owners(key: &str, kinds: &[&Kind]) -> Option<String> {
    let owners = kinds.iter().filter(|kind| kind.parameter(key).is_some());
    let owners: Vec<_> = owners.map(|kind| format!("`{}`", kind.name)).collect();
    let is_some = (1..=OWNERS).contains(&owners.len());
    is_some.then(|| format!("it is a parameter of {}", owners.join(", ")))
}

/// Capitals begin a new word, and what can't be in a name divides words.
fn in_snake_case(name: &str) -> String {
    let mut snake = String::with_capacity(name.len());
    let mut is_after_small = false;
    for c in name.chars() {
        if c.is_ascii_uppercase() && is_after_small {
            snake.push('_');
        }
        is_after_small = c.is_ascii_lowercase() || c.is_ascii_digit();
        match c.is_ascii_alphanumeric() {
            true => snake.push(c.to_ascii_lowercase()),
            false if snake.ends_with('_') || snake.is_empty() => {}
            false => snake.push('_'),
        }
    }
    snake
}
