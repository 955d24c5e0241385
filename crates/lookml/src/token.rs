//! The pieces of a LookML file: every byte belongs to one.

use std::ops::Range;

/// A stretch of a file, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Span {
    /// Where it begins.
    pub start: u32,
    /// Where it ends; that byte is no part of it.
    pub end: u32,
}

impl Span {
    /// From one byte to another, which is no part of it.
    pub fn new(start: usize, end: usize) -> Self {
        let limited = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        Self {
            start: limited(start),
            end: limited(end),
        }
    }

    /// The same as a range of bytes.
    pub fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }

    /// From the beginning of this one to the end of the other.
    pub fn to(self, end: Span) -> Self {
        Self {
            start: self.start,
            end: end.end.max(self.start),
        }
    }

    /// Its text; empty where the text has no such stretch.
    pub fn of(self, text: &str) -> &str {
        text.get(self.range()).unwrap_or_default()
    }

    /// Whether it has no bytes.
    pub fn is_empty(self) -> bool {
        self.start >= self.end
    }
}

/// One token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token {
    /// What it is.
    pub kind: TokenKind,
    /// Where it stands.
    pub span: Span,
}

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TokenKind {
    /// Spaces, tabs, line ends, a byte order mark.
    Whitespace,
    /// `#` to the end of the line.
    Comment,
    /// A key, a name or an unquoted value: `dimension`, `+orders`, `-11`, `orders.id`, `ALL_FIELDS*`.
    Word,
    /// A string with its quotes.
    String,
    /// A string whose closing quote is missing.
    OpenString,
    /// The text of an expression, with the space around it, without the `;;`.
    Expression,
    /// `;;`
    ExpressionEnd,
    /// `:`
    Colon,
    /// `,`
    Comma,
    /// `-` before a space.
    Minus,
    /// `{`
    LeftBrace,
    /// `}`
    RightBrace,
    /// `[`
    LeftBracket,
    /// `]`
    RightBracket,
    /// Text that belongs nowhere.
    Unknown,
}

impl TokenKind {
    /// Whether it means nothing.
    pub fn is_trivia(self) -> bool {
        matches!(self, Self::Whitespace | Self::Comment)
    }
}
