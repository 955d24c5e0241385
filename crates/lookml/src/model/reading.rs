//! Reads parameters of a body by their names.

use crate::resolve::{ListItem, Node, NodeValue, Place, last};

/// The parameters of one object.
#[derive(Clone, Copy)]
pub(super) struct Body<'a>(pub(super) &'a [Node]);

impl<'a> Body<'a> {
    /// A text, an unquoted value or an expression.
    pub(super) fn text(self, key: &str) -> Option<&'a str> {
        last(self.0, key).and_then(Node::text)
    }

    pub(super) fn owned(self, key: &str) -> Option<String> {
        self.text(key).map(str::to_owned)
    }

    /// `yes` or `no`; what is neither is reported where the file is checked, and counts as not written.
    pub(super) fn flag(self, key: &str) -> Option<bool> {
        match self.text(key)?.to_ascii_lowercase().as_str() {
            "yes" | "true" => Some(true),
            "no" | "false" => Some(false),
            _ => None,
        }
    }

    pub(super) fn number<T: std::str::FromStr>(self, key: &str) -> Option<T> {
        self.text(key)?.trim().trim_start_matches('+').parse().ok()
    }

    /// The elements of a list; of a single value, that one.
    pub(super) fn list(self, key: &str) -> Option<Vec<String>> {
        match &last(self.0, key)?.value {
            NodeValue::List(items) => Some(items.iter().map(|item| item.text.clone()).collect()),
            NodeValue::Text(text) => Some(vec![text.clone()]),
            _ => None,
        }
    }

    pub(super) fn items(self, key: &str) -> Option<&'a [ListItem]> {
        match &last(self.0, key)?.value {
            NodeValue::List(items) => Some(items),
            _ => None,
        }
    }

    /// The body of a block without a name.
    pub(super) fn block(self, key: &str) -> Option<Body<'a>> {
        let node = last(self.0, key)?;
        matches!(node.value, NodeValue::Block { .. }).then(|| Body(node.children()))
    }

    pub(super) fn blocks(self, key: &'a str) -> impl Iterator<Item = (&'a str, &'a Node)> {
        crate::resolve::blocks(self.0, key)
    }

    pub(super) fn place(self, key: &str) -> Option<&'a Place> {
        last(self.0, key).map(|node| &node.place)
    }

    pub(super) fn has(self, key: &str) -> bool {
        last(self.0, key).is_some()
    }

    /// Fields and what they are compared with, in both spellings: `filters: [status: "done"]` and
    /// `filters: { field: status value: "done" }`.
    pub(super) fn filters(self, key: &'a str) -> Vec<Assignment> {
        let mut filters = Vec::new();
        for node in self.0.iter().filter(|node| node.key == key) {
            match &node.value {
                NodeValue::List(items) => filters.extend(items.iter().filter_map(|item| {
                    Some(Assignment {
                        field: item.key.clone()?,
                        value: item.text.clone(),
                        place: item.place.clone(),
                    })
                })),
                NodeValue::Block { children, .. } => {
                    let body = Body(children);
                    let Some(field) = body.owned("field") else {
                        continue;
                    };
                    filters.push(Assignment {
                        field,
                        value: body.owned("value").unwrap_or_default(),
                        place: node.place.clone(),
                    });
                }
                _ => {}
            }
        }
        filters
    }
}

/// A field and what it is set to.
#[derive(Debug, Clone, PartialEq)]
pub struct Assignment {
    /// The field, as it is written.
    pub field: String,
    /// A filter expression, or a direction.
    pub value: String,
    /// Where.
    pub place: Place,
}

/// What a body filters by.
pub(crate) fn filters(nodes: &[Node]) -> Vec<Assignment> {
    Body(nodes).filters("filters")
}
