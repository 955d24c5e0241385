//! Liquid, as far as LookML uses it: templates in SQL, in labels, in links and in `html`.
//!
//! | stage | from | to |
//! |---|---|---|
//! | `pieces` | `&str` | texts, outputs `{{ … }}` and tags `{% … %}` |
//! | `markup` | what stands in an output or a tag | tests, operands and filters |
//! | `parser` | pieces | `Template`: nodes, plain data |
//! | `evaluate` | a template and a `Context` | text |
//!
//! It keeps to Liquid as Ruby has it, which is what Looker runs, with one exception: what Ruby passes over in
//! silence (a word too many, an operator that it does not know, a comparison of a text with a number) is an error
//! here, since a number that is silently another one is worse.

mod context;
mod error;
mod evaluate;
mod filters;
mod markup;
mod number;
mod parser;
mod pieces;
mod references;
mod syntax;
mod value;

use std::borrow::Cow;

pub use context::{Context, Problem};
pub use error::LiquidError;
pub use references::{Reference, ReferenceKind};
pub use value::Value;

use syntax::{Node, NodeKind};

/// A text with Liquid in it, parsed once for many evaluations.
#[derive(Debug, Clone, PartialEq)]
pub struct Template {
    nodes: Vec<Node>,
}

impl Template {
    /// Parses a text. One without Liquid is a template too, and a cheap one.
    pub fn parse(text: &str) -> Result<Self, LiquidError> {
        let nodes = parser::parse(text)?;
        Ok(Self { nodes })
    }

    /// The text for one query or for one cell. What is not Liquid comes out byte for byte.
    ///
    /// It always ends: a template that loops or grows without measure is an error.
    pub fn render(&self, context: &dyn Context) -> Result<Cow<'_, str>, LiquidError> {
        match self.plain() {
            Some(text) => Ok(Cow::Borrowed(text)),
            None => evaluate::evaluate(&self.nodes, context).map(Cow::Owned),
        }
    }

    /// Its text, if there is no Liquid in it.
    pub fn plain(&self) -> Option<&str> {
        match self.nodes.as_slice() {
            [] => Some(""),
            [node] => match &node.kind {
                NodeKind::Text(text) => Some(text),
                _ => None,
            },
            _ => None,
        }
    }

    /// What it mentions from outside, in the order of the text, whichever branch is taken later.
    pub fn references(&self) -> Vec<Reference> {
        references::of(&self.nodes)
    }
}
