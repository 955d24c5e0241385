//! The tree of a file: blocks, pairs and lists. What a parameter means is not known here.

use std::borrow::Cow;
use std::fmt;

use crate::token::{Span, Token};

/// A file as it was written.
#[derive(Debug, Clone, PartialEq)]
pub struct Syntax {
    /// The text that was parsed.
    pub text: String,
    /// All of it, cut into tokens.
    pub tokens: Vec<Token>,
    /// What stands at the top, in its order.
    pub items: Vec<Item>,
}

/// A key and its value.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    /// The key, without its colon.
    pub key: Span,
    /// What follows it.
    pub value: Value,
    /// Both.
    pub span: Span,
}

/// What may follow a key.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// `{ … }`, with a name before it or without.
    Block(Block),
    /// `[ … ]`
    List(List),
    /// A string or an unquoted value.
    Scalar(Scalar),
    /// Raw text up to `;;`: without the space around it.
    Expression(Span),
    /// Nothing that could be one.
    Missing,
}

/// Items in braces.
#[derive(Debug, Clone, PartialEq)]
pub struct Block {
    /// What stands before the brace.
    pub name: Option<Span>,
    /// The items, in their order.
    pub items: Vec<Item>,
}

/// Elements in brackets.
#[derive(Debug, Clone, PartialEq)]
pub struct List {
    /// The elements, in their order.
    pub elements: Vec<Element>,
    /// From bracket to bracket.
    pub span: Span,
}

/// An element of a list.
#[derive(Debug, Clone, PartialEq)]
pub enum Element {
    /// `id`, `"text"`, `-view.field`.
    Scalar(Scalar),
    /// `status: "COMPLETE"`, `id: desc`.
    Pair {
        /// Before the colon.
        key: Scalar,
        /// After it.
        value: Scalar,
    },
}

/// A string or an unquoted value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scalar {
    /// How it is written.
    pub form: Form,
    /// Where, quotes included.
    pub span: Span,
}

/// How a scalar is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Without quotes.
    Atom,
    /// Without quotes, after a minus and a space, which is part of it without the space.
    Negated,
    /// In quotes.
    String,
    /// In quotes of which the second is missing.
    OpenString,
}

impl Syntax {
    /// Of a text that is no LookML: without a tree.
    pub(crate) fn of(text: String) -> Self {
        Self {
            text,
            tokens: Vec::new(),
            items: Vec::new(),
        }
    }
}

impl Scalar {
    /// Its value: quotes are taken off, `\"` is a quote, every other backslash stays.
    pub fn value<'a>(&self, text: &'a str) -> Cow<'a, str> {
        let written = self.span.of(text);
        let unquoted = match self.form {
            Form::Atom => return Cow::Borrowed(written),
            Form::Negated => {
                return Cow::Owned(format!("-{}", written.trim_start_matches(['-', ' ', '\t'])));
            }
            Form::String => written
                .strip_prefix('"')
                .and_then(|rest| rest.strip_suffix('"')),
            Form::OpenString => written.strip_prefix('"'),
        };
        let unquoted = unquoted.unwrap_or(written);
        if unquoted.contains("\\\"") {
            Cow::Owned(unquoted.replace("\\\"", "\""))
        } else {
            Cow::Borrowed(unquoted)
        }
    }
}

/// The file, byte for byte.
impl fmt::Display for Syntax {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let texts = self.tokens.iter().map(|token| token.span.of(&self.text));
        texts
            .into_iter()
            .try_for_each(|text| formatter.write_str(text))
    }
}
