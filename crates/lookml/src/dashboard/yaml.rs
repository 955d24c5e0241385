//! YAML to a tree with places. What a key means is not known here.
//!
//! Tags of Ruby classes are skipped, anchors are followed, `@{CONSTANT}` is replaced. Anchors and constants may
//! repeat only so much text: a few lines could mean gigabytes.

use std::collections::BTreeMap;
use std::sync::Arc;

use granit_parser::{ErrorKind, Event, Options, Parser, ScalarStyle, ScanError, Tag};

use super::{Place, Text};
use crate::diagnostic::{Diagnostic, rules};
use crate::token::Span;

/// Lists in lists and mappings in mappings: more than this mean nothing.
const DEPTH: usize = 100;

/// What anchors and constants may add to a file, as [`measure`] counts.
const COPIES: usize = 5_000_000;

/// What a value takes besides its text.
const NODE: usize = 100;

/// A value with its place.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Node {
    /// Of a mapping its first key, of a list in lines its first element.
    pub(super) place: Place,
    pub(super) content: Content,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Content {
    /// `~`, `null` or nothing at all.
    Null,
    Scalar {
        text: String,
        /// Not in quotes: it may mean a number, yes or no.
        is_plain: bool,
    },
    List(Vec<Node>),
    /// Each key once.
    Mapping(Vec<Entry>),
}

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Entry {
    pub(super) key: Text,
    pub(super) value: Node,
}

/// The value of a constant, whose own constants are replaced already.
pub(super) type Constants<'a> = &'a dyn Fn(&str) -> Option<String>;

/// The documents of a file, and what is wrong with it. After what is no YAML comes nothing more; what came
/// before stays.
pub(super) fn parse(file: &Arc<str>, text: &str, constants: Constants<'_>) -> Parsed {
    let mut doubtful_from = None;
    let mut builder = Builder {
        file,
        text,
        constants,
        open: Vec::new(),
        anchors: BTreeMap::new(),
        copies: COPIES,
        documents: Vec::new(),
        diagnostics: Vec::new(),
    };
    for event in Parser::new_from_str_with_options(text, options()) {
        match event {
            Ok((event, span)) => builder.event(event, place(span)),
            Err(error) => {
                builder.report_broken(&error);
                doubtful_from = builder.open_bracket();
                break;
            }
        }
    }
    while builder.close() {}
    Parsed {
        documents: builder.documents,
        diagnostics: builder.diagnostics,
        doubtful_from,
    }
}

/// What a text is as far as it can be read.
pub(super) struct Parsed {
    pub(super) documents: Vec<Node>,
    pub(super) diagnostics: Vec<Diagnostic>,
    /// Where the line begins from which on nothing can be told, since a bracket in it is never closed.
    pub(super) doubtful_from: Option<u32>,
}

fn options() -> Options {
    granit_parser::options! {
        flow_nesting_limit: DEPTH,
        block_nesting_limit: DEPTH,
        emit_unresolved_aliases: true,
    }
}

fn place(span: granit_parser::Span) -> Span {
    let bytes = span.byte_range().unwrap_or_default();
    Span::new(bytes.start, bytes.end)
}

struct Builder<'a> {
    file: &'a Arc<str>,
    text: &'a str,
    constants: Constants<'a>,
    /// Lists and mappings whose end did not come yet, the innermost last.
    open: Vec<Open>,
    anchors: BTreeMap<usize, Node>,
    /// How much may still be repeated.
    copies: usize,
    documents: Vec<Node>,
    diagnostics: Vec<Diagnostic>,
}

struct Open {
    span: Span,
    anchor: usize,
    children: Children,
}

enum Children {
    List(Vec<Node>),
    Mapping(Mapping),
}

#[derive(Default)]
struct Mapping {
    entries: Vec<Entry>,
    /// Where each key is.
    keys: BTreeMap<String, usize>,
    /// The key whose value comes next.
    key: Option<Key>,
    /// What `<<` stands before: it yields to every written key.
    merged: Vec<Node>,
}

enum Key {
    Text(Text),
    Merge,
    /// A key that is no text, and is told: its value is skipped.
    Unusable,
}

impl Builder<'_> {
    fn event(&mut self, event: Event<'_>, span: Span) {
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                let content = self.scalar(&text, style, tag.as_deref(), span);
                let node = self.node(span, content);
                self.keep(anchor, &node);
                self.push(node);
            }
            Event::SequenceStart(_, anchor, _) => {
                self.open(span, anchor, Children::List(Vec::new()));
            }
            Event::MappingStart(_, anchor, _) => {
                self.open(span, anchor, Children::Mapping(Mapping::default()));
            }
            Event::SequenceEnd | Event::MappingEnd => {
                self.close();
            }
            Event::Alias(anchor) => self.alias(anchor, span),
            Event::UnresolvedAlias(name) => {
                let message = format!("no anchor `&{name}` stands before");
                self.report(Diagnostic::new(rules::UNEXPECTED_TEXT, span, message));
                self.push_null(span);
            }
            _ => {}
        }
    }

    fn scalar(&mut self, text: &str, style: ScalarStyle, tag: Option<&Tag>, span: Span) -> Content {
        let is = |suffix| tag.is_some_and(|tag| tag.is_yaml_core_schema_tag(suffix));
        let is_plain = style == ScalarStyle::Plain && !is("str");
        let is_null = is_plain && matches!(text, "" | "~" | "null" | "Null" | "NULL");
        if is_null || is("null") {
            return Content::Null;
        }
        Content::Scalar {
            text: self.replace_constants(text, span),
            is_plain,
        }
    }

    fn replace_constants(&mut self, text: &str, span: Span) -> String {
        let mut replaced = String::with_capacity(text.len());
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("@{") {
            replaced.push_str(before);
            let constant = constant_name(after)
                .and_then(|(name, after)| Some((self.constant(name, span)?, after)));
            if let Some((value, after)) = constant {
                replaced.push_str(&value);
                rest = after;
            } else {
                replaced.push_str("@{");
                rest = after;
            }
        }
        replaced.push_str(rest);
        replaced
    }

    fn constant(&mut self, name: &str, span: Span) -> Option<String> {
        let Some(value) = (self.constants)(name) else {
            let message = format!("no constant `{name}`");
            let hint = "declare it in the manifest";
            self.report(Diagnostic::new(rules::UNKNOWN_CONSTANT, span, message).hint(hint));
            return None;
        };
        self.may_copy(value.len(), span).then_some(value)
    }

    fn node(&self, span: Span, content: Content) -> Node {
        let file = Arc::clone(self.file);
        Node {
            place: Place { file, span },
            content,
        }
    }

    fn open(&mut self, span: Span, anchor: usize, children: Children) {
        self.open.push(Open {
            span,
            anchor,
            children,
        });
    }

    /// Ends the innermost list or mapping. False where there is none.
    fn close(&mut self) -> bool {
        let Some(open) = self.open.pop() else {
            return false;
        };
        let node = match open.children {
            Children::List(nodes) => {
                let first = nodes.first().map(|node| node.place.span);
                let span = first.unwrap_or(open.span);
                self.node(span, Content::List(nodes))
            }
            Children::Mapping(mapping) => {
                let entries = self.entries(mapping);
                let first = entries.first().map(|entry| entry.key.place.span);
                let span = first.unwrap_or(open.span);
                self.node(span, Content::Mapping(entries))
            }
        };
        self.keep(open.anchor, &node);
        self.push(node);
        true
    }

    /// What is written, then what `<<` adds to it.
    fn entries(&mut self, mapping: Mapping) -> Vec<Entry> {
        let Mapping {
            mut entries,
            mut keys,
            merged,
            ..
        } = mapping;
        for node in merged {
            let Content::Mapping(added) = node.content else {
                let message = "`<<` needs a mapping";
                self.report(Diagnostic::new(
                    rules::WRONG_SHAPE,
                    node.place.span,
                    message,
                ));
                continue;
            };
            for entry in added {
                if !keys.contains_key(&entry.key.value) {
                    keys.insert(entry.key.value.clone(), entries.len());
                    entries.push(entry);
                }
            }
        }
        entries
    }

    fn push_null(&mut self, span: Span) {
        let node = self.node(span, Content::Null);
        self.push(node);
    }

    fn push(&mut self, node: Node) {
        match self.open.last_mut().map(|open| &mut open.children) {
            None => self.documents.push(node),
            Some(Children::List(nodes)) => nodes.push(node),
            Some(Children::Mapping(mapping)) => {
                let problem = mapping.push(node);
                self.diagnostics.extend(problem);
            }
        }
    }

    /// Keeps what an anchor names, unless that is too much.
    fn keep(&mut self, anchor: usize, node: &Node) {
        if anchor == 0 || self.copies == 0 {
            return;
        }
        let (size, _) = measure(node);
        if let Some(left) = self.copies.checked_sub(size) {
            self.copies = left;
            self.anchors.insert(anchor, node.clone());
        }
    }

    fn alias(&mut self, anchor: usize, span: Span) {
        let Some(node) = self.anchors.get(&anchor) else {
            let message = "the anchor holds this place itself, or more than may be repeated";
            self.report(Diagnostic::new(rules::UNEXPECTED_TEXT, span, message));
            return self.push_null(span);
        };
        let (size, height) = measure(node);
        if self.open.len() + height > 2 * DEPTH {
            self.report_too_deep(span);
            return self.push_null(span);
        }
        let node = node.clone();
        if self.may_copy(size, span) {
            self.push(node);
        } else {
            self.push_null(span);
        }
    }

    /// Whether so much may be repeated. The first time that it may not is told.
    fn may_copy(&mut self, size: usize, span: Span) -> bool {
        if let Some(left) = self.copies.checked_sub(size) {
            self.copies = left;
            return true;
        }
        if self.copies > 0 {
            let message = "anchors and constants repeat more than a dashboard could hold";
            self.report(Diagnostic::new(rules::TOO_DEEP, span, message));
        }
        self.copies = 0;
        false
    }

    fn report_too_deep(&mut self, span: Span) {
        let message = "lists and mappings nested too deeply";
        self.report(Diagnostic::new(rules::TOO_DEEP, span, message));
    }

    /// Where the line begins that has the first bracket which is open.
    fn open_bracket(&self) -> Option<u32> {
        let mut open = self.open.iter().map(|open| open.span);
        let bracket = open.find(|span| span.of(self.text).starts_with(['[', '{']))?;
        let start = usize::try_from(bracket.start).ok()?;
        let line = self.text.get(..start)?.rfind('\n').map_or(0, |end| end + 1);
        u32::try_from(line).ok()
    }

    fn report_broken(&mut self, error: &ScanError) {
        let start = error.marker().byte_offset().unwrap_or(self.text.len());
        let rest = self.text.get(start..).unwrap_or_default();
        let length = rest.chars().next().map_or(0, char::len_utf8);
        let span = Span::new(start, start + length);
        if *error.kind() == ErrorKind::RecursionLimitExceeded {
            return self.report_too_deep(span);
        }
        let message = format!("this is not YAML: {}", error.info());
        let mut diagnostic = Diagnostic::new(rules::UNEXPECTED_TEXT, span, message);
        diagnostic.hint = hint(error.kind(), rest).map(str::to_owned);
        self.report(diagnostic);
    }

    fn report(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }
}

/// The name before the brace that closes it, and what follows.
fn constant_name(text: &str) -> Option<(&str, &str)> {
    let end = text.find(|c: char| !c.is_ascii_alphanumeric() && c != '_')?;
    let (name, rest) = text.split_at_checked(end)?;
    let rest = rest.strip_prefix('}')?;
    (!name.is_empty()).then_some((name, rest))
}

/// What helps most people who meet the error.
fn hint(kind: &ErrorKind, rest: &str) -> Option<&'static str> {
    match kind {
        _ if rest.starts_with("@{") => Some("put quotes around it: `\"@{NAME}\"`"),
        _ if rest.starts_with(['@', '%', '`']) => Some("put quotes around the value"),
        ErrorKind::MappingValueNotAllowed => Some("put quotes around a text with `: ` in it"),
        ErrorKind::TabNotAllowed
        | ErrorKind::TabInBlockIndentation
        | ErrorKind::TabInIndentation
        | ErrorKind::TabInPlainScalar => Some("indent with spaces"),
        ErrorKind::UnclosedQuotedScalar => Some("a quote is missing at its end"),
        ErrorKind::UnclosedFlowCollection { .. }
        | ErrorKind::ExpectedFlowSequenceSeparator
        | ErrorKind::ExpectedFlowMappingSeparator
        | ErrorKind::InvalidColonPlacement => Some("perhaps a `]` or `}` is missing before it"),
        ErrorKind::ExpectedBlockSequenceEntry
        | ErrorKind::ExpectedBlockMappingKey
        | ErrorKind::InvalidIndentation
        | ErrorKind::BlockSequenceEntryNotAllowed => {
            Some("perhaps the line should stand further to the left or to the right")
        }
        _ => None,
    }
}

impl Mapping {
    /// Takes a key or the value of the key before.
    fn push(&mut self, node: Node) -> Option<Diagnostic> {
        match self.key.take() {
            None => {
                let (key, problem) = Key::of(node);
                self.key = Some(key);
                problem
            }
            Some(Key::Unusable) => None,
            Some(Key::Merge) => {
                match node.content {
                    Content::List(nodes) => self.merged.extend(nodes),
                    _ => self.merged.push(node),
                }
                None
            }
            Some(Key::Text(key)) => self.insert(Entry { key, value: node }),
        }
    }

    /// The last one of a key wins and stands where the first one stood.
    fn insert(&mut self, entry: Entry) -> Option<Diagnostic> {
        let place = self.keys.get(&entry.key.value);
        let Some(before) = place.and_then(|place| self.entries.get_mut(*place)) else {
            let place = self.entries.len();
            self.keys.insert(entry.key.value.clone(), place);
            self.entries.push(entry);
            return None;
        };
        let message = format!("`{}` stands here twice", entry.key.value);
        let problem = Diagnostic::new(rules::DUPLICATE_KEY, entry.key.place.span, message)
            .hint("the last one is used");
        *before = entry;
        Some(problem)
    }
}

impl Key {
    fn of(node: Node) -> (Self, Option<Diagnostic>) {
        let place = node.place;
        match node.content {
            Content::Scalar {
                text,
                is_plain: true,
            } if text == "<<" => (Self::Merge, None),
            Content::Scalar { text, .. } => (Self::Text(Text { value: text, place }), None),
            _ => {
                let message = "a key that is no text";
                let problem = Diagnostic::new(rules::UNEXPECTED_TEXT, place.span, message)
                    .hint("put quotes around a value that begins with `{`");
                (Self::Unusable, Some(problem))
            }
        }
    }
}

/// How much it takes to copy it, about in bytes, and how deep it is.
pub(super) fn measure(node: &Node) -> (usize, usize) {
    let join = |(size, height): (usize, usize), node| {
        let (added, below) = measure(node);
        (size + added, height.max(below + 1))
    };
    match &node.content {
        Content::Null => (NODE, 1),
        Content::Scalar { text, .. } => (NODE + text.len(), 1),
        Content::List(nodes) => nodes.iter().fold((NODE, 1), join),
        Content::Mapping(entries) => {
            let keys: usize = entries.iter().map(|entry| entry.key.value.len()).sum();
            let values = entries.iter().map(|entry| &entry.value);
            values.fold((NODE + keys, 1), join)
        }
    }
}
