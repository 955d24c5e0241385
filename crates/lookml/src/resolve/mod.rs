//! From the files that a model includes to its objects, each with everything that extends and refinements give it.

mod merge;
mod node;

use std::collections::HashMap;

use indexmap::IndexMap;

use crate::diagnostic::rules;
use crate::project::{Located, Project};
pub use node::Place;
pub(crate) use node::{ListItem, Node, NodeValue};

/// How long a chain of parents may be.
const DEEPEST: usize = 100;

/// All that a model's files say.
#[derive(Debug, Default)]
pub(crate) struct Objects {
    /// What stands at the top and is neither a view nor an explore, in order.
    pub(crate) settings: Vec<Node>,
    /// Views, with everything that they inherit.
    pub(crate) views: IndexMap<String, Object>,
    /// Explores, likewise.
    pub(crate) explores: IndexMap<String, Object>,
    /// Paths of the dashboards.
    pub(crate) dashboards: Vec<String>,
    /// Paths of the files.
    pub(crate) files: Vec<String>,
    /// What is wrong so far.
    pub(crate) problems: Vec<Located>,
}

/// A view or an explore.
#[derive(Debug, Clone)]
pub(crate) struct Object {
    /// Its name.
    pub(crate) name: String,
    /// What stands in it in the end.
    pub(crate) nodes: Vec<Node>,
    /// Whether others may only extend it.
    pub(crate) is_abstract: bool,
    /// Whether it extends others.
    pub(crate) has_parents: bool,
    /// Where it is defined.
    pub(crate) place: Place,
}

/// Reads the model of a file.
pub(crate) fn resolve(project: &Project, model: &str) -> Objects {
    let included = project.include(model);
    let mut problems = included.problems;
    let mut settings = Vec::new();
    let mut views = Written::new("view");
    let mut explores = Written::new("explore");
    for path in &included.files {
        let Some(file) = project.files.get(path) else {
            continue;
        };
        for node in node::read(project, path, &file.syntax, &mut problems) {
            match (node.key.as_str(), &node.value) {
                ("view", NodeValue::Block { .. }) => views.add(node, &mut problems),
                ("explore", NodeValue::Block { .. }) => explores.add(node, &mut problems),
                _ => settings.push(node),
            }
        }
    }
    Objects {
        views: views.resolve(&mut problems),
        explores: explores.resolve(&mut problems),
        settings,
        dashboards: included.dashboards,
        files: included.files,
        problems,
    }
}

/// Definitions of one kind, as they are written.
struct Written {
    kind: &'static str,
    definitions: IndexMap<String, Definition>,
    refinements: Vec<Node>,
}

struct Definition {
    node: Node,
    refinements: Vec<Node>,
}

impl Written {
    fn new(kind: &'static str) -> Self {
        Self {
            kind,
            definitions: IndexMap::new(),
            refinements: Vec::new(),
        }
    }

    fn add(&mut self, node: Node, problems: &mut Vec<Located>) {
        let kind = self.kind;
        if node.name().starts_with('+') {
            return self.refinements.push(node);
        }
        let name = node.name().to_owned();
        if let Some(first) = self.definitions.get(&name) {
            let message = format!(
                "the {kind} `{name}` is defined in `{}` already",
                first.node.place.file
            );
            let mut problem = node.place.problem(rules::DUPLICATE_OBJECT, message);
            let hint = format!("to change it, write `{kind}: +{name}`");
            problem.diagnostic.hint = Some(hint);
            return problems.push(problem);
        }
        let definition = Definition {
            node,
            refinements: Vec::new(),
        };
        self.definitions.insert(name, definition);
    }

    fn resolve(mut self, problems: &mut Vec<Located>) -> IndexMap<String, Object> {
        for refinement in std::mem::take(&mut self.refinements) {
            self.refine(refinement, problems);
        }
        let mut resolver = Resolver {
            written: &self,
            done: HashMap::new(),
            problems,
        };
        let names: Vec<&String> = self.definitions.keys().collect();
        let objects = names.into_iter().filter_map(|name| {
            let nodes = resolver.effective(name, &mut Vec::new())?;
            let object = resolver.object(name, nodes)?;
            Some((name.clone(), object))
        });
        objects.collect()
    }

    fn refine(&mut self, refinement: Node, problems: &mut Vec<Located>) {
        let kind = self.kind;
        let name = refinement.name().trim_start_matches('+').to_owned();
        let Some(definition) = self.definitions.get_mut(&name) else {
            let message = format!("there is no {kind} `{name}` to refine in this model");
            let known = self.definitions.keys().map(String::as_str);
            let mut problem = refinement.place.problem(rules::UNKNOWN_REFINED, message);
            problem.diagnostic.hint = crate::suggest::did_you_mean(&name, known);
            return problems.push(problem);
        };
        let is_final = |node: &Node| node.key == "final" && node.text() == Some("yes");
        let mut earlier = std::iter::once(&definition.node).chain(&definition.refinements);
        if earlier.any(|node| node.children().iter().any(is_final)) {
            let message = format!("the {kind} `{name}` is final");
            problems.push(refinement.place.problem(rules::FINAL_REFINED, message));
        }
        definition.refinements.push(refinement);
    }
}

struct Resolver<'a> {
    written: &'a Written,
    done: HashMap<&'a str, Option<Vec<Node>>>,
    problems: &'a mut Vec<Located>,
}

impl<'a> Resolver<'a> {
    /// What stands in an object in the end; none where it extends itself.
    fn effective(&mut self, name: &'a str, open: &mut Vec<&'a str>) -> Option<Vec<Node>> {
        if let Some(done) = self.done.get(name) {
            return done.clone();
        }
        let written = self.written;
        let definition = written.definitions.get(name)?;
        open.push(name);
        let mut nodes = Vec::new();
        for (parent, item) in parents(definition) {
            let above = self.parent(parent, item, open);
            let inherited = above.into_iter().flatten().filter(is_inherited);
            merge::merge(
                written.kind,
                name,
                &mut nodes,
                inherited.collect(),
                self.problems,
            );
        }
        let bodies = std::iter::once(&definition.node).chain(&definition.refinements);
        for body in bodies {
            let body = body.children().iter().filter(|node| !is_extends(node));
            merge::merge(
                written.kind,
                name,
                &mut nodes,
                body.cloned().collect(),
                self.problems,
            );
        }
        open.pop();
        self.done.insert(name, Some(nodes.clone()));
        Some(nodes)
    }

    fn parent(
        &mut self,
        name: &'a str,
        item: &ListItem,
        open: &mut Vec<&'a str>,
    ) -> Option<Vec<Node>> {
        let kind = self.written.kind;
        if open.contains(&name) || open.len() > DEEPEST {
            let chain = open.join(" → ");
            let message = format!("the {kind}s extend each other: {chain} → {name}");
            let problem = item.place.problem(rules::UNKNOWN_PARENT, message);
            self.problems.push(problem);
            return None;
        }
        if !self.written.definitions.contains_key(name) {
            let message = format!("there is no {kind} `{name}` to extend in this model");
            let known = self.written.definitions.keys().map(String::as_str);
            let mut problem = item.place.problem(rules::UNKNOWN_PARENT, message);
            problem.diagnostic.hint = crate::suggest::did_you_mean(name, known);
            self.problems.push(problem);
            return None;
        }
        self.effective(name, open)
    }

    fn object(&self, name: &str, nodes: Vec<Node>) -> Option<Object> {
        let definition = self.written.definitions.get(name)?;
        let is_required = |node: &Node| node.key == "extension" && node.text() == Some("required");
        Some(Object {
            name: name.to_owned(),
            is_abstract: nodes.iter().any(is_required),
            has_parents: parents(definition).next().is_some(),
            nodes,
            place: definition.node.place.clone(),
        })
    }
}

/// The parents of an object and of its refinements, in order.
fn parents(definition: &Definition) -> impl Iterator<Item = (&str, &ListItem)> {
    let bodies = std::iter::once(&definition.node).chain(&definition.refinements);
    let nodes = bodies.flat_map(|body| body.children());
    let lists = nodes.filter(|node| is_extends(node));
    let items = lists.flat_map(|node| match &node.value {
        NodeValue::List(items) => items.as_slice(),
        _ => &[],
    });
    items.map(|item| (item.text.trim_end_matches('*'), item))
}

fn is_extends(node: &Node) -> bool {
    matches!(node.key.as_str(), "extends" | "extends__all")
}

/// What says something about the object alone stays with it.
fn is_inherited(node: &Node) -> bool {
    !matches!(node.key.as_str(), "extension" | "final")
}

/// Names and values of the settings that a model has once: the last one counts.
pub(crate) fn last<'a>(nodes: &'a [Node], key: &str) -> Option<&'a Node> {
    nodes.iter().rfind(|node| node.key == key)
}

/// Blocks of a kind by their names, in order.
pub(crate) fn blocks<'a>(
    nodes: &'a [Node],
    key: &'a str,
) -> impl Iterator<Item = (&'a str, &'a Node)> {
    let blocks = nodes
        .iter()
        .filter(move |node| node.key == key && matches!(node.value, NodeValue::Block { .. }));
    blocks.map(|node| (node.name(), node))
}
