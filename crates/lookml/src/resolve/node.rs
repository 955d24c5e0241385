//! The tree of a model's objects, detached from the files: constants are replaced, nothing is interpreted yet.

use std::sync::Arc;

use crate::diagnostic::{Diagnostic, Rule};
use crate::project::{Located, Project, split_project, unknown_constant};
use crate::syntax::{Block, Element, Item, Scalar, Syntax, Value};
use crate::token::Span;

/// Where something is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Path of the file.
    pub file: Arc<str>,
    /// The characters.
    pub span: Span,
}

/// A parameter with its value.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Node {
    pub(crate) key: String,
    pub(crate) value: NodeValue,
    pub(crate) place: Place,
}

/// What a parameter may be.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum NodeValue {
    /// A string or an unquoted value.
    Text(String),
    /// Raw text up to `;;`.
    Expression(String),
    /// In brackets.
    List(Vec<ListItem>),
    /// In braces; the name is empty where there is none.
    Block { name: String, children: Vec<Node> },
}

/// An element of a list: `id`, or with a key `status: "COMPLETE"`.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ListItem {
    pub(crate) key: Option<String>,
    pub(crate) text: String,
    pub(crate) place: Place,
}

impl Place {
    /// A problem at this place.
    pub(crate) fn problem(&self, rule: Rule, message: impl Into<String>) -> Located {
        Located {
            file: self.file.to_string(),
            diagnostic: Diagnostic::new(rule, self.span, message),
        }
    }
}

impl Node {
    /// The name of a block.
    pub(crate) fn name(&self) -> &str {
        match &self.value {
            NodeValue::Block { name, .. } => name,
            _ => "",
        }
    }

    /// What stands in a block.
    pub(crate) fn children(&self) -> &[Node] {
        match &self.value {
            NodeValue::Block { children, .. } => children,
            _ => &[],
        }
    }

    /// A text or an expression.
    pub(crate) fn text(&self) -> Option<&str> {
        match &self.value {
            NodeValue::Text(text) | NodeValue::Expression(text) => Some(text),
            _ => None,
        }
    }
}

/// The objects of a file.
pub(crate) fn read(
    project: &Project,
    path: &str,
    syntax: &Syntax,
    problems: &mut Vec<Located>,
) -> Vec<Node> {
    let mut reader = Reader {
        project,
        owner: split_project(path).0,
        file: Arc::from(path),
        syntax,
        problems,
    };
    reader.items(&syntax.items)
}

struct Reader<'a> {
    project: &'a Project,
    /// The project that the file belongs to.
    owner: &'a str,
    file: Arc<str>,
    syntax: &'a Syntax,
    problems: &'a mut Vec<Located>,
}

impl Reader<'_> {
    fn items(&mut self, items: &[Item]) -> Vec<Node> {
        let nodes = items.iter().filter_map(|item| self.item(item));
        nodes.collect()
    }

    /// None for a parameter without a value, which the parser has reported.
    fn item(&mut self, item: &Item) -> Option<Node> {
        let value = match &item.value {
            Value::Missing => return None,
            Value::Block(block) => self.block(block),
            Value::Scalar(scalar) => NodeValue::Text(self.scalar(*scalar)),
            Value::Expression(span) => {
                NodeValue::Expression(self.constants(span.of(&self.syntax.text), *span))
            }
            Value::List(list) => {
                let items = list.elements.iter().map(|element| self.element(element));
                NodeValue::List(items.collect())
            }
        };
        Some(Node {
            key: item.key.of(&self.syntax.text).to_owned(),
            value,
            place: self.place(item.span),
        })
    }

    fn block(&mut self, block: &Block) -> NodeValue {
        let name = block.name.map(|name| name.of(&self.syntax.text));
        NodeValue::Block {
            name: name.unwrap_or_default().to_owned(),
            children: self.items(&block.items),
        }
    }

    fn element(&mut self, element: &Element) -> ListItem {
        match element {
            Element::Scalar(scalar) => ListItem {
                key: None,
                text: self.scalar(*scalar),
                place: self.place(scalar.span),
            },
            Element::Pair { key, value } => ListItem {
                key: Some(self.scalar(*key)),
                text: self.scalar(*value),
                place: self.place(Span {
                    start: key.span.start,
                    end: value.span.end,
                }),
            },
        }
    }

    fn scalar(&mut self, scalar: Scalar) -> String {
        let value = scalar.value(&self.syntax.text);
        self.constants(&value, scalar.span)
    }

    fn constants(&mut self, text: &str, span: Span) -> String {
        let (replaced, unknown) = self.project.replace_constants(self.owner, text);
        for name in unknown {
            self.problems.push(Located {
                file: self.file.to_string(),
                diagnostic: Diagnostic {
                    span,
                    ..unknown_constant(&name)
                },
            });
        }
        replaced.into_owned()
    }

    fn place(&self, span: Span) -> Place {
        Place {
            file: Arc::clone(&self.file),
            span,
        }
    }
}
