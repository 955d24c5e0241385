//! Dashboards that extend others, and what is wrong between dashboards.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::reader::Reader;
use super::yaml::{Content, Entry, Node, measure};
use super::{Dashboard, Place, Text};
use crate::diagnostic::{Diagnostic, Rule, rules};
use crate::suggest::{HINTS, did_you_mean};

/// Parents of parents: more than this mean nothing.
const DEPTH: usize = 100;

/// What all dashboards of a model may inherit together, as [`measure`] counts.
const INHERITED: usize = 50_000_000;

/// The dashboards of a model as they are shown: with what they inherit. Of two with one name the first stays.
/// What is wrong comes with its file.
pub fn resolve(dashboards: Vec<Dashboard>) -> (Vec<Dashboard>, Vec<(Place, Diagnostic)>) {
    let mut diagnostics = Vec::new();
    let dashboards = without_doubles(dashboards, &mut diagnostics);
    let mut family = Family {
        members: dashboards
            .iter()
            .map(|dashboard| (dashboard.name.value.as_str(), dashboard))
            .collect(),
        effective: BTreeMap::new(),
        children: Vec::new(),
        inherited: INHERITED,
        diagnostics,
    };
    let resolved: Vec<_> = dashboards
        .iter()
        .map(|dashboard| family.dashboard(dashboard))
        .collect();
    let mut diagnostics = family.diagnostics;
    for dashboard in &resolved {
        check_filters(dashboard, &mut diagnostics);
        check_explores(dashboard, &mut diagnostics);
    }
    (resolved, diagnostics)
}

fn without_doubles(
    dashboards: Vec<Dashboard>,
    diagnostics: &mut Vec<(Place, Diagnostic)>,
) -> Vec<Dashboard> {
    let mut files = BTreeMap::new();
    let mut first = Vec::with_capacity(dashboards.len());
    for dashboard in dashboards {
        let Text { value, place } = dashboard.name.clone();
        if let Some(file) = files.get(&value) {
            let message = format!("a second dashboard `{value}`");
            let hint = format!("the first is in `{file}`; give this one another name");
            let diagnostic =
                Diagnostic::new(rules::DUPLICATE_DASHBOARD, place.span, message).hint(hint);
            diagnostics.push((place, diagnostic));
        } else {
            files.insert(value, place.file);
            first.push(dashboard);
        }
    }
    first
}

/// Elements and filters may listen to the filters of their dashboard.
fn check_filters(dashboard: &Dashboard, diagnostics: &mut Vec<(Place, Diagnostic)>) {
    if dashboard.extension_required {
        return;
    }
    let names: BTreeSet<&str> = dashboard
        .filters
        .iter()
        .map(|filter| filter.name.value.as_str())
        .collect();
    let of_elements = dashboard
        .elements
        .iter()
        .flat_map(|element| &element.listen);
    let of_filters = dashboard
        .filters
        .iter()
        .flat_map(|filter| &filter.listens_to_filters);
    let listened = of_elements.map(|(filter, _)| filter).chain(of_filters);
    for filter in listened.filter(|filter| !names.contains(filter.value.as_str())) {
        let label = &dashboard.name.value;
        let message = format!("dashboard `{label}` has no filter `{}`", filter.value);
        let mut diagnostic = Diagnostic::new(rules::UNKNOWN_FILTER, filter.place.span, message);
        let has_hints = diagnostics.len() < HINTS;
        let hint = has_hints.then(|| did_you_mean(&filter.value, names.iter().copied()));
        diagnostic.hint = hint.flatten();
        diagnostics.push((filter.place.clone(), diagnostic));
    }
}

/// A query needs to know what it asks.
fn check_explores(dashboard: &Dashboard, diagnostics: &mut Vec<(Place, Diagnostic)>) {
    if dashboard.extension_required {
        return;
    }
    let queries = dashboard.elements.iter().map(|element| &element.query);
    let homeless =
        queries.filter(|query| query.explore.is_none() && query.merged_queries.is_none());
    for field in homeless.filter_map(|query| query.fields.first()) {
        let message = "an element with fields and without an explore";
        let diagnostic = Diagnostic::new(rules::MISSING_PARAMETER, field.place.span, message)
            .hint("write `explore:`");
        diagnostics.push((field.place.clone(), diagnostic));
    }
}

/// Dashboards that may extend each other.
struct Family<'a> {
    members: BTreeMap<&'a str, &'a Dashboard>,
    /// What is merged already.
    effective: BTreeMap<&'a str, Rc<Node>>,
    /// Who extends whom, from the first to the one at hand.
    children: Vec<&'a str>,
    /// How much may still be inherited.
    inherited: usize,
    diagnostics: Vec<(Place, Diagnostic)>,
}

impl<'a> Family<'a> {
    fn dashboard(&mut self, dashboard: &'a Dashboard) -> Dashboard {
        if dashboard.extends.is_empty() {
            return dashboard.clone();
        }
        let source = Rc::unwrap_or_clone(self.source(dashboard));
        // What is wrong with it was told when its files were read.
        let resolved = Reader::default().dashboard(source);
        resolved.unwrap_or_else(|| dashboard.clone())
    }

    fn source(&mut self, dashboard: &'a Dashboard) -> Rc<Node> {
        let name = dashboard.name.value.as_str();
        if let Some(source) = self.effective.get(name) {
            return Rc::clone(source);
        }
        self.children.push(name);
        let mut inherited = Vec::new();
        for parent in &dashboard.extends {
            let source = self.parent(parent);
            if let Some(source) = source.filter(|source| self.may_inherit(source, &parent.place)) {
                merge(
                    &mut inherited,
                    Rc::unwrap_or_clone(source),
                    merge_dashboards,
                );
            }
        }
        self.children.pop();
        inherited.retain(|entry| entry.key.value != "extension");
        merge(&mut inherited, dashboard.source.clone(), merge_dashboards);
        let source = Rc::new(Node {
            place: dashboard.source.place.clone(),
            content: Content::Mapping(inherited),
        });
        self.effective.insert(name, Rc::clone(&source));
        source
    }

    fn parent(&mut self, parent: &'a Text) -> Option<Rc<Node>> {
        let name = parent.value.as_str();
        let Some(dashboard) = self.members.get(name).copied() else {
            let message = format!("no dashboard `{name}` to extend");
            let has_hints = self.diagnostics.len() < HINTS;
            let hint = has_hints.then(|| did_you_mean(name, self.members.keys().copied()));
            let hint = hint.flatten();
            let hint = hint.unwrap_or("include its file in the model".to_owned());
            self.report(rules::UNKNOWN_PARENT, &parent.place, message, hint);
            return None;
        };
        if self.children.contains(&name) {
            let message = format!("dashboard `{name}` extends itself in the end");
            let chain = self.children.iter().skip_while(|child| **child != name);
            let chain = chain.copied().chain([name]).collect::<Vec<_>>();
            let hint = format!("`{}`", chain.join("` extends `"));
            self.report(rules::UNKNOWN_PARENT, &parent.place, message, hint);
            return None;
        }
        if self.children.len() > DEPTH {
            let message = format!("more than {DEPTH} dashboards extend one another");
            let hint = "let several extend the same one".to_owned();
            self.report(rules::TOO_DEEP, &parent.place, message, hint);
            return None;
        }
        Some(self.source(dashboard))
    }

    /// Whether there is room for what a parent has.
    fn may_inherit(&mut self, source: &Node, place: &Place) -> bool {
        let (size, _) = measure(source);
        if let Some(left) = self.inherited.checked_sub(size) {
            self.inherited = left;
            return true;
        }
        if self.inherited > 0 {
            let message = "the dashboards inherit more than any page could show".to_owned();
            let hint = "extend smaller ones".to_owned();
            self.report(rules::TOO_DEEP, place, message, hint);
        }
        self.inherited = 0;
        false
    }

    fn report(&mut self, rule: Rule, place: &Place, message: String, hint: String) {
        let diagnostic = Diagnostic::new(rule, place.span, message).hint(hint);
        self.diagnostics.push((place.clone(), diagnostic));
    }
}

/// Adds what a child writes to what it inherits. Where both have a key, `both` decides.
fn merge(inherited: &mut Vec<Entry>, child: Node, both: fn(&mut Entry, Entry)) {
    let Content::Mapping(entries) = child.content else {
        return;
    };
    let mut places: BTreeMap<String, usize> = inherited
        .iter()
        .enumerate()
        .map(|(place, entry)| (entry.key.value.clone(), place))
        .collect();
    for entry in entries {
        let place = places.get(&entry.key.value);
        if let Some(before) = place.and_then(|place| inherited.get_mut(*place)) {
            both(before, entry);
        } else {
            places.insert(entry.key.value.clone(), inherited.len());
            inherited.push(entry);
        }
    }
}

/// Elements and filters are merged by name, all else is replaced.
fn merge_dashboards(before: &mut Entry, entry: Entry) {
    let has_names = matches!(entry.key.value.as_str(), "elements" | "filters");
    match (&mut before.value.content, entry.value.content) {
        (Content::List(before), Content::List(nodes)) if has_names => merge_named(before, nodes),
        (_, content) => {
            before.key = entry.key;
            before.value.place = entry.value.place;
            before.value.content = content;
        }
    }
}

/// Those with an inherited name change it, the others follow.
fn merge_named(inherited: &mut Vec<Node>, nodes: Vec<Node>) {
    let places: BTreeMap<String, usize> = inherited
        .iter()
        .enumerate()
        .filter_map(|(place, node)| Some((name(node)?.to_owned(), place)))
        .collect();
    for node in nodes {
        let place = name(&node).and_then(|name| places.get(name));
        let before = place.and_then(|place| inherited.get_mut(*place));
        if let Some(Node {
            place,
            content: Content::Mapping(entries),
        }) = before
        {
            *place = node.place.clone();
            drop_other_fields(entries, &node);
            merge(entries, node, |before, entry| *before = entry);
        } else {
            inherited.push(node);
        }
    }
}

/// An element has `fields`, or in the old way `dimensions` and `measures`: writing the one replaces the other.
fn drop_other_fields(inherited: &mut Vec<Entry>, child: &Node) {
    let is_new = child.entry("fields").is_some();
    let is_old = child.entry("dimensions").is_some() || child.entry("measures").is_some();
    inherited.retain(|entry| match entry.key.value.as_str() {
        "dimensions" | "measures" => !is_new,
        "fields" => !is_old,
        _ => true,
    });
}

fn name(node: &Node) -> Option<&str> {
    let named = node.entry("name").or_else(|| node.entry("title"));
    match &named?.value.content {
        Content::Scalar { text, .. } if !text.is_empty() => Some(text),
        _ => None,
    }
}
