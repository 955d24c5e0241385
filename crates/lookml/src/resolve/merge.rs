//! How a body is laid over another: the rules for extends and refinements alike.

use std::collections::{HashMap, HashSet};

use super::node::{ListItem, Node, NodeValue};
use crate::diagnostic::rules;
use crate::project::Located;

/// In the place of what is inherited.
const EXTENDED_LIST: &str = "EXTENDED*";
const EXTENDED_EXPRESSION: &str = "${EXTENDED}";

/// Kinds of fields: two of them can't have one name.
const FIELD_KINDS: &[&str] = &[
    "dimension",
    "dimension_group",
    "measure",
    "filter",
    "parameter",
];

/// Blocks that are found again by their name.
const NAMED: &[&str] = &[
    "set",
    "join",
    "aggregate_table",
    "query",
    "column",
    "derived_column",
];

/// Blocks without a name of which each counts.
const REPEATED: &[&str] = &[
    "link",
    "action",
    "allowed_value",
    "access_filter",
    "extends",
    "include",
];

/// What adds up in a measure and in the query of a derived table.
const ADDED_IN_MEASURES: &[&str] = &["filters"];
const ADDED_IN_QUERIES: &[&str] = &["filters", "sorts", "sort", "bind_filters"];

/// Lays a body over what is there. `parent` is the key of the block whose body it is, `name` its name.
pub(super) fn merge(
    parent: &str,
    name: &str,
    base: &mut Vec<Node>,
    over: Vec<Node>,
    problems: &mut Vec<Located>,
) {
    let mut named = Named::of(parent, base);
    let mut replaced: Vec<Node> = Vec::new();
    for node in over {
        match manner(parent, &node) {
            Manner::Named => named.merge(base, node, problems),
            Manner::Added => base.push(node),
            Manner::Inside => merge_inside(base, node, problems),
            Manner::Replaced => {
                let inherited = base.iter().rfind(|other| other.key == node.key);
                let node = extended(node, inherited, parent, name);
                replaced.push(node);
            }
        }
    }
    base.retain(|node| {
        let is_replaced = replaced.iter().any(|other| other.key == node.key);
        !(is_replaced && matches!(manner(parent, node), Manner::Replaced))
    });
    base.extend(replaced);
}

enum Manner {
    Named,
    Added,
    Inside,
    Replaced,
}

fn manner(parent: &str, node: &Node) -> Manner {
    let key = node.key.as_str();
    let is_block = matches!(node.value, NodeValue::Block { .. });
    let is_named = FIELD_KINDS.contains(&key) || NAMED.contains(&key);
    if is_block && is_named && !node.name().is_empty() {
        return Manner::Named;
    }
    let added = match parent {
        "measure" => ADDED_IN_MEASURES,
        "explore_source" => ADDED_IN_QUERIES,
        _ => &[],
    };
    match key {
        _ if added.contains(&key) || REPEATED.contains(&key) => Manner::Added,
        "derived_table" | "explore_source" => Manner::Inside,
        _ => Manner::Replaced,
    }
}

/// Where the named blocks of a body are.
struct Named {
    places: HashMap<(&'static str, String), usize>,
    /// Those that the body itself has.
    own: HashSet<(&'static str, String)>,
}

impl Named {
    fn of(parent: &str, base: &[Node]) -> Self {
        let nodes = base.iter().enumerate();
        let named = nodes.filter(|(_, node)| matches!(manner(parent, node), Manner::Named));
        Self {
            places: named.map(|(at, node)| (identity(node), at)).collect(),
            own: HashSet::new(),
        }
    }

    fn merge(&mut self, base: &mut Vec<Node>, node: Node, problems: &mut Vec<Located>) {
        let identity = identity(&node);
        let is_second = !self.own.insert(identity.clone());
        let found = self.places.get(&identity).copied();
        let Some(found) = found.and_then(|at| base.get_mut(at)) else {
            self.places.insert(identity, base.len());
            return base.push(fresh(node, problems));
        };
        let name = node.name();
        if found.key != node.key {
            let message = format!("`{name}` can't be a {} and a {}", found.key, node.key);
            return problems.push(node.place.problem(rules::TWO_KINDS, message));
        }
        if is_second {
            problems.extend(twice(identity.0, &node));
        }
        merge_children(found, node, problems);
    }
}

/// What is wrong with the second block of a name in one body. Blocks of other kinds are told apart where the file is
/// checked.
fn twice(kind: &str, node: &Node) -> Option<Located> {
    let name = node.name();
    let (rule, message, hint) = match kind {
        FIELD => (
            rules::DUPLICATE_FIELD,
            format!("`{name}` is declared twice in this view"),
            None,
        ),
        "join" => (
            rules::DUPLICATE_JOIN,
            format!("`{name}` is joined twice here"),
            Some(format!(
                "to join a view twice, give one another name: `join: other {{ from: {name}`"
            )),
        ),
        _ => return None,
    };
    let mut problem = node.place.problem(rule, message);
    problem.diagnostic.hint = hint;
    Some(problem)
}

const FIELD: &str = "field";

/// What makes two blocks one: the name, and the kind, of which all fields have the same.
fn identity(node: &Node) -> (&'static str, String) {
    let kind = NAMED.iter().find(|kind| **kind == node.key);
    (kind.copied().unwrap_or(FIELD), node.name().to_owned())
}

/// Blocks without a name that are merged: of a derived table, and of its query where both ask the same explore.
fn merge_inside(base: &mut Vec<Node>, node: Node, problems: &mut Vec<Located>) {
    let found = base.iter_mut().find(|other| other.key == node.key);
    let is_same = found
        .as_ref()
        .is_some_and(|found| found.name() == node.name());
    match found {
        Some(found) if is_same => merge_children(found, node, problems),
        Some(found) => *found = fresh(node, problems),
        None => base.push(fresh(node, problems)),
    }
    settle_derived_table(base);
}

/// A derived table is either written in SQL or a query: of both, the one that came last counts.
fn settle_derived_table(base: &mut [Node]) {
    let tables = base.iter_mut().filter(|node| node.key == "derived_table");
    for table in tables {
        let NodeValue::Block { children, .. } = &mut table.value else {
            continue;
        };
        let last = children
            .iter()
            .rposition(|node| matches!(node.key.as_str(), "sql" | "explore_source"));
        let Some(last) = last
            .and_then(|at| children.get(at))
            .map(|node| node.key.clone())
        else {
            continue;
        };
        let other = match last.as_str() {
            "sql" => "explore_source",
            _ => "sql",
        };
        children.retain(|node| node.key != other);
    }
}

fn merge_children(found: &mut Node, node: Node, problems: &mut Vec<Located>) {
    let key = node.key;
    let NodeValue::Block { children, name } = node.value else {
        return;
    };
    if let NodeValue::Block {
        children: below, ..
    } = &mut found.value
    {
        merge(&key, &name, below, children, problems);
        found.place = node.place;
    }
}

/// A block that inherits nothing: what stands twice in it is merged all the same.
pub(super) fn fresh(node: Node, problems: &mut Vec<Located>) -> Node {
    let NodeValue::Block { name, children } = node.value else {
        return node;
    };
    let mut merged = Vec::with_capacity(children.len());
    match node.key.as_str() {
        // Their parts repeat without names.
        "case" | "when" => merged = children,
        key => merge(key, &name, &mut merged, children, problems),
    }
    Node {
        value: NodeValue::Block {
            name,
            children: merged,
        },
        ..node
    }
}

/// Puts what is inherited in the places that name it.
fn extended(node: Node, inherited: Option<&Node>, parent: &str, name: &str) -> Node {
    let value = match node.value {
        NodeValue::List(items) => NodeValue::List(extended_list(items, inherited, &node.key)),
        NodeValue::Expression(sql) if sql.contains(EXTENDED_EXPRESSION) => {
            let inherited = inherited.and_then(Node::text).map(|sql| format!("({sql})"));
            let default = || (parent == "dimension").then(|| format!("${{TABLE}}.{name}"));
            match inherited.or_else(default) {
                Some(inherited) => {
                    NodeValue::Expression(sql.replace(EXTENDED_EXPRESSION, &inherited))
                }
                None => NodeValue::Expression(sql),
            }
        }
        value => value,
    };
    Node { value, ..node }
}

fn extended_list(items: Vec<ListItem>, inherited: Option<&Node>, key: &str) -> Vec<ListItem> {
    let mut extended = Vec::with_capacity(items.len());
    for item in items {
        if item.text != EXTENDED_LIST || item.key.is_some() {
            extended.push(item);
            continue;
        }
        match inherited.map(|node| &node.value) {
            Some(NodeValue::List(above)) => extended.extend(above.iter().cloned()),
            _ => extended.extend(defaults(key).into_iter().map(|text| ListItem {
                text,
                ..item.clone()
            })),
        }
    }
    extended
}

/// What a list holds that nobody wrote.
fn defaults(key: &str) -> Vec<String> {
    use crate::timeframe::{Interval, Timeframe};

    match key {
        "fields" => vec!["ALL_FIELDS*".to_owned()],
        "timeframes" => Timeframe::DEFAULT.iter().map(ToString::to_string).collect(),
        "intervals" => Interval::ALL.iter().map(ToString::to_string).collect(),
        _ => Vec::new(),
    }
}
