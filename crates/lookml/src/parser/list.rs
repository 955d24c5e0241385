//! Lists and their elements.

use super::Parser;
use crate::diagnostic::{Diagnostic, rules};
use crate::syntax::{Element, List};
use crate::token::{Span, Token, TokenKind};

impl Parser<'_> {
    pub(super) fn list(&mut self) -> List {
        let open = self.accept(TokenKind::LeftBracket).unwrap_or_default();
        let unended = self.unended;
        if let Some(comma) = self.accept(TokenKind::Comma) {
            self.report(
                Diagnostic::new(rules::LEADING_COMMA, comma, "the list begins with a comma")
                    .hint("take it away"),
            );
        }
        let mut elements = Vec::new();
        while let Some(element) = self.element() {
            elements.push(element);
            let is_next = match self.peek() {
                Some(token) if token.kind == TokenKind::Comma => {
                    self.advance();
                    true
                }
                Some(token) => self.is_missing_comma(token),
                None => false,
            };
            if !is_next {
                break;
            }
        }
        // A string without an end has the bracket in it.
        if self.unended == unended {
            self.expect_bracket(open);
        }
        List {
            elements,
            span: open.to(self.before()),
        }
    }

    /// Whether the list goes on although no comma says so.
    fn is_missing_comma(&mut self, token: Token) -> bool {
        let is_element = matches!(
            token.kind,
            TokenKind::Word | TokenKind::String | TokenKind::Minus
        );
        if !is_element || self.kind_after() == Some(TokenKind::Colon) {
            return false;
        }
        let message = format!("expected a comma before `{}`", token.span.of(self.text));
        self.report(
            Diagnostic::new(rules::UNEXPECTED_TEXT, token.span, message)
                .hint("elements of a list are divided by commas"),
        );
        true
    }

    fn expect_bracket(&mut self, open: Span) {
        if self.accept(TokenKind::RightBracket).is_some() {
            return;
        }
        // What no list can hold, up to its bracket.
        while let Some(token) = self.peek() {
            let is_item =
                token.kind == TokenKind::Word && self.kind_after() == Some(TokenKind::Colon);
            if is_item || matches!(token.kind, TokenKind::RightBrace | TokenKind::LeftBrace) {
                break;
            }
            self.advance();
            if token.kind == TokenKind::RightBracket {
                let message = format!(
                    "`{}` is no list of names or strings",
                    open.to(token.span).of(self.text)
                );
                self.report(
                    Diagnostic::new(rules::UNEXPECTED_TEXT, open, message)
                        .hint("write `[a, b]`, `[\"a\", \"b\"]` or `[a: \"b\"]`"),
                );
                return;
            }
        }
        self.report(
            Diagnostic::new(rules::UNBALANCED_BRACE, open, "`[` is never closed")
                .hint("a `]` is missing after the last element"),
        );
    }

    fn element(&mut self) -> Option<Element> {
        let key = self.scalar()?;
        if self.accept(TokenKind::Colon).is_none() {
            return Some(Element::Scalar(key));
        }
        while let Some(colon) = self.accept(TokenKind::Colon) {
            self.report_colon(colon);
        }
        match self.scalar() {
            Some(value) => Some(Element::Pair { key, value }),
            None => {
                self.missing(key.span);
                Some(Element::Scalar(key))
            }
        }
    }
}
