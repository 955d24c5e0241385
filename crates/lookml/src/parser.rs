//! Tokens to a tree.
//!
//! ```text
//! file       = { item } ;
//! item       = key ":" value ;
//! value      = block | list | scalar | expression ;
//! block      = [ name ] "{" { item } "}" ;
//! list       = "[" [","] [ element { "," element } ] [","] "]" ;
//! element    = scalar [ ":" scalar ] ;
//! scalar     = atom | string ;
//! expression = raw text ";;" ;
//! ```
//!
//! Each production is a method of that name. After a mistake the parser goes on at the next key, or at the
//! brace that closes the block.

mod list;

use crate::diagnostic::{Diagnostic, rules};
use crate::lexer::lex;
use crate::syntax::{Block, Form, Item, Scalar, Syntax, Value};
use crate::token::{Span, Token, TokenKind};

/// Blocks in blocks: more than this are skipped.
const DEPTH: usize = 100;

/// The tree of a file, and everything that is wrong with it. Any text has one.
pub fn parse(text: &str) -> (Syntax, Vec<Diagnostic>) {
    let tokens = lex(text);
    let mut parser = Parser {
        text,
        tokens: &tokens,
        at: 0,
        depth: 0,
        unended: 0,
        diagnostics: Vec::new(),
    };
    parser.skip_trivia();
    let items = parser.file();
    let mut diagnostics = parser.diagnostics;
    diagnostics.sort_by_key(|diagnostic| diagnostic.span);
    let syntax = Syntax {
        text: text.to_owned(),
        tokens,
        items,
    };
    (syntax, diagnostics)
}

struct Parser<'a> {
    text: &'a str,
    tokens: &'a [Token],
    /// Never at a token that means nothing.
    at: usize,
    depth: usize,
    /// Expressions and strings without an end so far: each may have the braces in it that close the blocks around it.
    unended: usize,
    diagnostics: Vec<Diagnostic>,
}

impl Parser<'_> {
    fn file(&mut self) -> Vec<Item> {
        let mut items = Vec::new();
        loop {
            items.extend(self.items(None));
            let Some(brace) = self.accept(TokenKind::RightBrace) else {
                return items;
            };
            let message = "`}` closes nothing";
            self.report(
                Diagnostic::new(rules::UNBALANCED_BRACE, brace, message)
                    .hint("take it away, or open the block that it should close"),
            );
        }
    }

    /// Up to a brace that closes, the end, or an object that can't stand in a block of that level.
    fn items(&mut self, level: Option<Level>) -> Vec<Item> {
        let mut items = Vec::new();
        while let Some(token) = self.peek() {
            match token.kind {
                TokenKind::RightBrace => break,
                TokenKind::Word if level.is_some_and(|level| self.begins_beside(level)) => break,
                TokenKind::Word => items.extend(self.item()),
                _ => self.unexpected(token),
            }
        }
        items.shrink_to_fit();
        items
    }

    fn item(&mut self) -> Option<Item> {
        let key = self.accept(TokenKind::Word)?;
        if !self.expect_colon(key) {
            return None;
        }
        let value = self.value(key);
        Some(Item {
            key,
            value,
            span: key.to(self.before()),
        })
    }

    /// The colon after a key. Without one, what stands on the line may be meant as the value all the same.
    fn expect_colon(&mut self, key: Span) -> bool {
        if self.accept(TokenKind::Colon).is_none() {
            let name = key.of(self.text);
            let message = format!("expected a colon after `{name}`");
            let hint = format!("write `{name}:` and its value, or take it away");
            self.report(Diagnostic::new(rules::UNEXPECTED_TEXT, key, message).hint(hint));
            let next = self.peek();
            return next.is_some_and(|next| self.is_value_of(key, next));
        }
        while let Some(colon) = self.accept(TokenKind::Colon) {
            self.report_colon(colon);
        }
        true
    }

    fn is_value_of(&self, key: Span, next: Token) -> bool {
        let between = Span {
            start: key.end,
            end: next.span.start,
        };
        let is_value = matches!(
            next.kind,
            TokenKind::Word | TokenKind::String | TokenKind::LeftBrace | TokenKind::LeftBracket
        );
        is_value && !between.of(self.text).contains('\n')
    }

    fn value(&mut self, key: Span) -> Value {
        let Some(token) = self.peek() else {
            return self.missing(key);
        };
        match token.kind {
            TokenKind::Expression | TokenKind::ExpressionEnd => self.expression(key),
            TokenKind::LeftBrace => Value::Block(self.block(level(key.of(self.text)), None)),
            TokenKind::LeftBracket => Value::List(self.list()),
            TokenKind::Word if self.kind_after() == Some(TokenKind::LeftBrace) => {
                self.advance();
                Value::Block(self.block(level(key.of(self.text)), Some(token.span)))
            }
            TokenKind::Word if self.kind_after() == Some(TokenKind::Colon) => self.missing(key),
            _ => match self.scalar() {
                Some(scalar) if self.kind() == Some(TokenKind::LeftBrace) => {
                    let message = "a name has no quotes";
                    self.report(
                        Diagnostic::new(rules::UNEXPECTED_TEXT, scalar.span, message)
                            .hint("take them away"),
                    );
                    let name = Span {
                        start: scalar.span.start + 1,
                        end: scalar.span.end.saturating_sub(1),
                    };
                    Value::Block(self.block(level(key.of(self.text)), Some(name)))
                }
                Some(scalar) => Value::Scalar(scalar),
                None => self.missing(key),
            },
        }
    }

    fn missing(&mut self, key: Span) -> Value {
        let message = format!("`{}` has no value", key.of(self.text));
        self.report(
            Diagnostic::new(rules::UNEXPECTED_TEXT, key, message)
                .hint("give it one, or take it away"),
        );
        Value::Missing
    }

    fn expression(&mut self, key: Span) -> Value {
        let text = self.accept(TokenKind::Expression);
        let end = self.accept(TokenKind::ExpressionEnd);
        let whole = text.or(end).unwrap_or(key);
        let trimmed = match text {
            Some(span) => trim(self.text, span),
            None => Span {
                end: whole.start,
                ..whole
            },
        };
        if end.is_none() {
            self.unended += 1;
            let message = format!("the expression of `{}` has no end", key.of(self.text));
            let at = if trimmed.is_empty() {
                key
            } else {
                first_line(self.text, trimmed)
            };
            self.report(
                Diagnostic::new(rules::MISSING_EXPRESSION_END, at, message)
                    .hint("`;;` is probably missing after it"),
            );
        }
        Value::Expression(trimmed)
    }

    fn block(&mut self, level: Option<Level>, name: Option<Span>) -> Block {
        let Some(open) = self.accept(TokenKind::LeftBrace) else {
            return Block {
                name,
                items: Vec::new(),
            };
        };
        if self.depth == DEPTH {
            self.skip_block(open);
            return Block {
                name,
                items: Vec::new(),
            };
        }
        let unended = self.unended;
        self.depth += 1;
        let items = self.items(level);
        self.depth -= 1;
        let is_closed = self.accept(TokenKind::RightBrace).is_some();
        if !is_closed && self.unended == unended {
            self.report(
                Diagnostic::new(rules::UNBALANCED_BRACE, open, "`{` is never closed")
                    .hint("a `}` is missing, perhaps further down"),
            );
        }
        Block { name, items }
    }

    /// Whether an object comes that can stand beside a block of that level, or around it, but not in it.
    fn begins_beside(&self, within: Level) -> bool {
        let rest = self.tokens.get(self.at..).unwrap_or_default();
        let mut tokens = rest.iter().filter(|token| !token.kind.is_trivia());
        let is_beside =
            |key: &Token| level(key.span.of(self.text)).is_some_and(|level| level <= within);
        tokens.next().is_some_and(is_beside)
            && [TokenKind::Colon, TokenKind::Word, TokenKind::LeftBrace]
                .iter()
                .all(|kind| tokens.next().is_some_and(|token| token.kind == *kind))
    }

    /// Goes behind the brace that closes what that one opened.
    fn skip_block(&mut self, open: Span) {
        let message = format!("more than {DEPTH} blocks in each other");
        self.report(
            Diagnostic::new(rules::TOO_DEEP, open, message)
                .hint("no parameter is nested like this"),
        );
        let mut opened = 1;
        while let Some(token) = self.advance() {
            match token.kind {
                TokenKind::LeftBrace => opened += 1,
                TokenKind::RightBrace => opened -= 1,
                _ => {}
            }
            if opened == 0 {
                return;
            }
        }
    }

    fn scalar(&mut self) -> Option<Scalar> {
        let token = self.peek()?;
        let form = match token.kind {
            TokenKind::Word => Form::Atom,
            TokenKind::String => Form::String,
            TokenKind::OpenString => {
                self.unended += 1;
                self.report(
                    Diagnostic::new(
                        rules::OPEN_STRING,
                        quote(token.span),
                        "the string has no end",
                    )
                    .hint("a `\"` is missing at its end; a quote inside is written `\\\"`"),
                );
                Form::OpenString
            }
            TokenKind::Minus if self.kind_after() == Some(TokenKind::Word) => {
                self.advance();
                let word = self.advance()?;
                let span = token.span.to(word.span);
                self.report(
                    Diagnostic::new(rules::SPACED_MINUS, span, "a space after the minus")
                        .hint(format!("write `-{}`", word.span.of(self.text))),
                );
                return Some(Scalar {
                    form: Form::Negated,
                    span,
                });
            }
            _ => return None,
        };
        self.advance();
        Some(Scalar {
            form,
            span: token.span,
        })
    }

    /// Passes over what can't begin an item, and reports it once.
    fn unexpected(&mut self, first: Token) {
        match first.kind {
            TokenKind::Colon => {
                self.advance();
                self.report_colon(first.span);
                return;
            }
            TokenKind::LeftBrace => {
                self.report(
                    Diagnostic::new(rules::UNEXPECTED_TEXT, first.span, "a block without a key")
                        .hint("write what it is before it, such as `dimension: name {`"),
                );
                self.block(None, None);
                return;
            }
            _ => {}
        }
        while let Some(token) = self.peek() {
            let is_end = matches!(
                token.kind,
                TokenKind::LeftBrace | TokenKind::RightBrace | TokenKind::Colon
            );
            let is_item =
                token.kind == TokenKind::Word && self.kind_after() == Some(TokenKind::Colon);
            if is_end || is_item {
                break;
            }
            self.advance();
        }
        let span = first.span.to(self.before());
        let span = first_line(self.text, trim(self.text, span));
        let (message, hint) = match first.kind {
            TokenKind::ExpressionEnd => (
                "`;;` ends no expression",
                "only `sql`, `html` and the like end with it",
            ),
            TokenKind::OpenString => (
                "a string without an end, and without a key",
                "write `key: \"…\"`",
            ),
            TokenKind::Comma => ("a comma outside of a list", "take it away"),
            _ => (
                "text that is no parameter",
                "write `key: value`, or `#` before a comment",
            ),
        };
        self.report(Diagnostic::new(rules::UNEXPECTED_TEXT, span, message).hint(hint));
    }

    fn report_colon(&mut self, colon: Span) {
        self.report(
            Diagnostic::new(rules::STRAY_COLON, colon, "a colon too many").hint("take it away"),
        );
    }

    fn report(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    fn accept(&mut self, kind: TokenKind) -> Option<Span> {
        let token = self.peek().filter(|token| token.kind == kind)?;
        self.advance();
        Some(token.span)
    }

    fn advance(&mut self) -> Option<Token> {
        let token = self.peek()?;
        self.at += 1;
        self.skip_trivia();
        Some(token)
    }

    fn skip_trivia(&mut self) {
        while self.peek().is_some_and(|token| token.kind.is_trivia()) {
            self.at += 1;
        }
    }

    fn peek(&self) -> Option<Token> {
        self.tokens.get(self.at).copied()
    }

    fn kind(&self) -> Option<TokenKind> {
        self.peek().map(|token| token.kind)
    }

    /// The kind of the token after this one.
    fn kind_after(&self) -> Option<TokenKind> {
        let after = self.tokens.get(self.at + 1..)?;
        let mut kinds = after.iter().map(|token| token.kind);
        kinds.find(|kind| !kind.is_trivia())
    }

    /// The last token that meant something.
    fn before(&self) -> Span {
        let before = self.tokens.get(..self.at).unwrap_or_default();
        let last = before.iter().rev().find(|token| !token.kind.is_trivia());
        last.map(|token| token.span).unwrap_or_default()
    }
}

/// Which blocks stand in which: one that is not closed swallows its neighbours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Level {
    Top,
    Member,
}

fn level(key: &str) -> Option<Level> {
    match key {
        "view" | "explore" | "test" | "access_grant" | "datagroup" | "named_value_format" => {
            Some(Level::Top)
        }
        "dimension" | "dimension_group" | "measure" | "parameter" | "filter" | "set" | "join"
        | "derived_table" => Some(Level::Member),
        _ => None,
    }
}

fn quote(string: Span) -> Span {
    Span {
        end: string.start + 1,
        ..string
    }
}

fn trim(text: &str, span: Span) -> Span {
    let written = span.of(text);
    let start = written.len() - written.trim_start().len();
    let length = written.trim().len();
    let start = span.range().start + start;
    Span::new(start, start + length)
}

fn first_line(text: &str, span: Span) -> Span {
    let line = span.of(text).lines().next().unwrap_or_default();
    let start = span.range().start;
    Span::new(start, start + line.len())
}
