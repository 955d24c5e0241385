//! Values of a mapping as what they should be. What they are not is told.

use std::collections::BTreeSet;

use super::yaml::{Content, Entry, Node};
use super::{Place, Text};
use crate::diagnostic::{Diagnostic, rules};
use crate::suggest::{HINTS, did_you_mean};

/// Collects what is wrong while values are read.
#[derive(Default)]
pub(super) struct Reader {
    pub(super) diagnostics: Vec<Diagnostic>,
}

impl Node {
    /// The entries of a mapping; of anything else none.
    pub(super) fn entries(&self) -> &[Entry] {
        match &self.content {
            Content::Mapping(entries) => entries,
            _ => &[],
        }
    }

    /// The entry of a key. One without a value counts as none.
    pub(super) fn entry(&self, key: &str) -> Option<&Entry> {
        let mut entries = self.entries().iter();
        let entry = entries.find(|entry| entry.key.value == key)?;
        (entry.value.content != Content::Null).then_some(entry)
    }

    /// A text with its place; of a list or a mapping none.
    fn text(&self) -> Option<Text> {
        match &self.content {
            Content::Scalar { text, .. } => Some(Text {
                value: text.clone(),
                place: self.place.clone(),
            }),
            _ => None,
        }
    }
}

impl Reader {
    pub(super) fn report(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    pub(super) fn text(&mut self, owner: &Node, key: &str) -> Option<Text> {
        let entry = owner.entry(key)?;
        let text = entry.value.text();
        if text.is_none() {
            self.report_shape(&entry.key, "one value");
        }
        text
    }

    pub(super) fn string(&mut self, owner: &Node, key: &str) -> Option<String> {
        self.text(owner, key).map(|text| text.value)
    }

    /// A text that is not blank.
    fn word(&mut self, owner: &Node, key: &str) -> Option<Text> {
        let text = self.text(owner, key);
        text.filter(|text| !text.value.trim().is_empty())
    }

    /// Yes or no.
    pub(super) fn flag(&mut self, owner: &Node, key: &str) -> Option<bool> {
        let text = self.word(owner, key)?;
        let flag = yes_or_no(&text.value);
        if flag.is_none() {
            let message = format!("`{key}` is neither `true` nor `false`");
            self.report(Diagnostic::new(
                rules::NOT_A_NUMBER,
                text.place.span,
                message,
            ));
        }
        flag
    }

    /// A whole number.
    pub(super) fn number(&mut self, owner: &Node, key: &str) -> Option<u32> {
        let text = self.word(owner, key)?;
        let number = text.value.parse().ok();
        if number.is_none() {
            self.report_no_number(key, &text.place);
        }
        number
    }

    /// A number of rows, as it is written; -1 is none.
    pub(super) fn limit(&mut self, owner: &Node, key: &str) -> Option<String> {
        let text = self.word(owner, key)?;
        let is_number = text.value.parse::<i64>().is_ok_and(|limit| limit >= -1);
        if !is_number {
            self.report_no_number(key, &text.place);
        }
        is_number.then_some(text.value)
    }

    fn report_no_number(&mut self, key: &str, place: &Place) {
        let message = format!("`{key}` is no whole number");
        self.report(Diagnostic::new(rules::NOT_A_NUMBER, place.span, message));
    }

    /// A list of texts.
    pub(super) fn texts(&mut self, owner: &Node, key: &str) -> Vec<Text> {
        let Some(entry) = owner.entry(key) else {
            return Vec::new();
        };
        if let Some(text) = entry.value.text() {
            let message = format!("`{key}` needs a list");
            let hint = format!("write `{key}: [{}]`", text.value);
            let span = text.place.span;
            self.report(Diagnostic::new(rules::WRONG_SHAPE, span, message).hint(hint));
        }
        self.texts_or_one(owner, key)
    }

    /// A list of texts, or one text.
    pub(super) fn texts_or_one(&mut self, owner: &Node, key: &str) -> Vec<Text> {
        let Some(entry) = owner.entry(key) else {
            return Vec::new();
        };
        let Content::List(nodes) = &entry.value.content else {
            let text = entry.value.text();
            if text.is_none() {
                self.report_shape(&entry.key, "a list");
            }
            return text.into_iter().collect();
        };
        let mut texts = Vec::with_capacity(nodes.len());
        for node in nodes {
            match (&node.content, node.text()) {
                (_, Some(text)) => texts.push(text),
                (Content::Null, None) => {}
                (_, None) => {
                    let message = format!("an element of `{key}` that is no text");
                    self.report(Diagnostic::new(
                        rules::WRONG_SHAPE,
                        node.place.span,
                        message,
                    ));
                }
            }
        }
        texts
    }

    /// A mapping of names to texts. A list of such mappings means the same: people write it as in LookML.
    pub(super) fn pairs(&mut self, owner: &Node, key: &str) -> Vec<(Text, Text)> {
        let Some(entry) = owner.entry(key) else {
            return Vec::new();
        };
        let mappings = match &entry.value.content {
            Content::List(nodes) => nodes.as_slice(),
            _ => std::slice::from_ref(&entry.value),
        };
        let mut pairs = Vec::new();
        for node in mappings {
            if !matches!(node.content, Content::Mapping(_)) {
                self.report_shape(&entry.key, "names with a value each");
                continue;
            }
            pairs.extend(node.entries().iter().filter_map(|pair| self.pair(pair)));
        }
        pairs
    }

    /// A value left out is a blank one.
    fn pair(&mut self, entry: &Entry) -> Option<(Text, Text)> {
        let value = match &entry.value.content {
            Content::Null => Some(Text {
                value: String::new(),
                place: entry.key.place.clone(),
            }),
            _ => entry.value.text(),
        };
        if value.is_none() {
            self.report_shape(&entry.key, "one value");
        }
        Some((entry.key.clone(), value?))
    }

    /// The mappings of a list.
    pub(super) fn mappings<'a>(&mut self, owner: &'a Node, key: &str) -> Vec<&'a Node> {
        let Some(entry) = owner.entry(key) else {
            return Vec::new();
        };
        let Content::List(nodes) = &entry.value.content else {
            self.report_shape(&entry.key, "a list");
            return Vec::new();
        };
        let (mappings, others): (Vec<_>, Vec<_>) = nodes
            .iter()
            .filter(|node| node.content != Content::Null)
            .partition(|node| matches!(node.content, Content::Mapping(_)));
        for node in others {
            let message = format!("an element of `{key}` without keys");
            self.report(Diagnostic::new(
                rules::WRONG_SHAPE,
                node.place.span,
                message,
            ));
        }
        mappings
    }

    fn report_shape(&mut self, key: &Text, needed: &str) {
        let message = format!("`{}` needs {needed}", key.value);
        self.report(Diagnostic::new(rules::WRONG_SHAPE, key.place.span, message));
    }

    /// One of a few words.
    pub(super) fn choice<T: Copy>(
        &mut self,
        owner: &Node,
        key: &str,
        choices: &[(&str, T)],
    ) -> Option<T> {
        let text = self.word(owner, key)?;
        let choice = choices.iter().find(|(word, _)| *word == text.value);
        if choice.is_none() {
            let words = choices.iter().map(|(word, _)| *word);
            self.report_illegal(&text, key, words);
        }
        choice.map(|(_, choice)| *choice)
    }

    fn report_illegal<'a>(
        &mut self,
        text: &Text,
        key: &str,
        words: impl Iterator<Item = &'a str> + Clone,
    ) {
        let message = format!("`{key}` can't be `{}`", text.value);
        let listed = words.clone().map(|word| format!("`{word}`"));
        let listed = listed.collect::<Vec<_>>().join(", ");
        let hint = did_you_mean(&text.value, words).unwrap_or(format!("write one of {listed}"));
        let span = text.place.span;
        self.report(Diagnostic::new(rules::ILLEGAL_VALUE, span, message).hint(hint));
    }

    /// Tells every key that is not among the known ones.
    pub(super) fn report_unknown_keys(&mut self, owner: &Node, known: &[&str]) {
        for entry in owner.entries() {
            let key = entry.key.value.as_str();
            if !known.contains(&key) {
                let hint = self
                    .has_hints()
                    .then(|| did_you_mean(key, known.iter().copied()));
                self.report_unknown_key(&entry.key, hint.flatten());
            }
        }
    }

    /// Tells every name that another part of the dashboard has already.
    pub(super) fn report_twice<'t>(&mut self, what: &str, names: impl Iterator<Item = &'t Text>) {
        let mut seen = BTreeSet::new();
        for name in names {
            if !seen.insert(name.value.as_str()) {
                let message = format!("a second {what} `{}`", name.value);
                let diagnostic = Diagnostic::new(rules::DUPLICATE_KEY, name.place.span, message);
                self.report(diagnostic.hint("give it another name"));
            }
        }
    }

    /// Whether there are so few diagnostics that the next one may have a hint.
    pub(super) fn has_hints(&self) -> bool {
        self.diagnostics.len() < HINTS
    }

    pub(super) fn report_unknown_key(&mut self, key: &Text, hint: Option<String>) {
        let message = format!("`{}` is unknown here", key.value);
        let mut diagnostic = Diagnostic::new(rules::UNKNOWN_PARAMETER, key.place.span, message);
        diagnostic.hint = hint;
        self.report(diagnostic);
    }
}

/// As YAML 1.1 has it, which is Looker's.
pub(super) fn yes_or_no(text: &str) -> Option<bool> {
    let is_one_of = |words: [&str; 3]| words.iter().any(|word| text.eq_ignore_ascii_case(word));
    if is_one_of(["true", "yes", "on"]) {
        return Some(true);
    }
    is_one_of(["false", "no", "off"]).then_some(false)
}
