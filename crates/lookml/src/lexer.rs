//! Text to tokens.
//!
//! What follows a colon depends on the key before it: an expression goes up to `;;` whatever stands in it.
//! The key alone decides, so that one pass is enough.

use memchr::{memchr, memchr_iter, memchr2, memmem};

use crate::token::{Span, Token, TokenKind};

/// Cuts a file into tokens. Their texts, joined, are the file.
pub fn lex(text: &str) -> Vec<Token> {
    let mut lexer = Lexer {
        text,
        at: 0,
        tokens: Vec::with_capacity(text.len() / 4),
        key: Key::None,
        next_end: NextEnd::Unknown,
        has_quotes: true,
    };
    while lexer.at < text.len() {
        lexer.token();
    }
    // Trees are kept as long as the project is.
    lexer.tokens.shrink_to_fit();
    lexer.tokens
}

/// Whether the value of a key is an expression.
pub fn is_expression_key(key: &str) -> bool {
    key.starts_with("sql_")
        || matches!(
            key,
            "sql" | "html" | "expression" | "expression_custom_filter"
        )
}

/// What the tokens before say of the one that comes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Key {
    /// Nothing.
    None,
    /// A word that may be the key of an expression came; its colon did not yet.
    Expression,
    /// An element of a list begins: a word before a colon is half a pair.
    Element,
}

struct Lexer<'a> {
    text: &'a str,
    at: usize,
    tokens: Vec<Token>,
    key: Key,
    /// Where the next `;;` is: searched for once, however many expressions lack it.
    next_end: NextEnd,
    /// Whether there may be a closing quote still.
    has_quotes: bool,
}

#[derive(Clone, Copy)]
enum NextEnd {
    Unknown,
    At(usize),
    Nowhere,
}

impl Lexer<'_> {
    fn token(&mut self) {
        let Some(first) = self.peek(0) else {
            return;
        };
        match first {
            b' ' | b'\t' | b'\r' | b'\n' => self.whitespace(),
            0xEF if self.rest().starts_with('\u{feff}') => self.whitespace(),
            b'#' => {
                let length = find(self.rest().as_bytes(), b'\n');
                self.push(TokenKind::Comment, length);
            }
            b'"' => self.string(),
            b':' => self.colon(),
            b',' => self.separator(TokenKind::Comma),
            b'[' => self.separator(TokenKind::LeftBracket),
            b']' => self.other(TokenKind::RightBracket, 1),
            b'{' => self.other(TokenKind::LeftBrace, 1),
            b'}' => self.other(TokenKind::RightBrace, 1),
            b';' if self.peek(1) == Some(b';') => self.other(TokenKind::ExpressionEnd, 2),
            b'-' | b'+' if self.peek(1).is_some_and(is_word_start) => self.word(),
            b'-' if self
                .peek(1)
                .is_some_and(|byte| byte == b' ' || byte == b'\t') =>
            {
                // What follows it is an element still.
                let key = self.key;
                self.other(TokenKind::Minus, 1);
                self.key = key;
            }
            byte if is_word_start(byte) => self.word(),
            _ => self.unknown(),
        }
    }

    fn whitespace(&mut self) {
        let mut rest = self.rest();
        loop {
            let is_space = |byte: &u8| matches!(byte, b' ' | b'\t' | b'\r' | b'\n');
            let length = rest.bytes().take_while(is_space).count();
            rest = rest.get(length..).unwrap_or_default();
            match rest.strip_prefix('\u{feff}') {
                Some(after) => rest = after,
                None => break,
            }
        }
        self.push(TokenKind::Whitespace, self.rest().len() - rest.len());
    }

    fn word(&mut self) {
        let bytes = self.rest().as_bytes();
        let is_part = |byte: &u8| is_word_start(*byte) || matches!(byte, b'.' | b'-');
        let rest = bytes.iter().skip(1);
        let mut length = 1 + rest.take_while(|byte| is_part(byte)).count();
        if bytes.get(length) == Some(&b'*') {
            length += 1;
        }
        let is_key = self.key != Key::Element
            && is_expression_key(self.rest().get(..length).unwrap_or_default());
        self.other(TokenKind::Word, length);
        if is_key {
            self.key = Key::Expression;
        }
    }

    fn colon(&mut self) {
        let is_expression = self.key == Key::Expression;
        self.other(TokenKind::Colon, 1);
        // A second colon is a mistake; the expression comes after it.
        if is_expression && self.peek(0) == Some(b':') {
            self.key = Key::Expression;
        } else if is_expression {
            self.expression();
        }
    }

    /// Up to `;;`. Where it is missing, up to where it probably was meant.
    fn expression(&mut self) {
        let end = self.end_of_expression();
        let rest = self.rest();
        let text = rest.get(..end.unwrap_or(rest.len())).unwrap_or_default();
        match object_line(text) {
            Some(at) => {
                let length = before_closing_lines(text, at);
                self.push(TokenKind::Expression, length);
            }
            None if end.is_none() => {
                let length = before_closing_lines(text, text.len());
                self.push(TokenKind::Expression, length);
            }
            None => {
                self.push(TokenKind::Expression, text.len());
                self.push(TokenKind::ExpressionEnd, 2);
            }
        }
    }

    /// How far away the next `;;` is.
    fn end_of_expression(&mut self) -> Option<usize> {
        match self.next_end {
            NextEnd::At(end) if end >= self.at => {}
            NextEnd::Nowhere => {}
            _ => {
                let found = memmem::find(self.rest().as_bytes(), b";;");
                self.next_end = found.map_or(NextEnd::Nowhere, |end| NextEnd::At(self.at + end));
            }
        }
        match self.next_end {
            NextEnd::At(end) => Some(end - self.at),
            _ => None,
        }
    }

    fn string(&mut self) {
        let rest = self.rest();
        let length = match self.has_quotes {
            true => closing_quote(rest.as_bytes()),
            false => None,
        };
        let closes = length.is_some();
        let text = length.and_then(|length| rest.get(..length));
        match text.filter(|text| !swallows_a_key(text)) {
            Some(text) => self.other(TokenKind::String, text.len()),
            None => {
                let length = find(rest.as_bytes(), b'\n');
                let line = rest.get(..length).unwrap_or_default();
                let line = line.trim_end_matches('\r').len();
                // A quote that closes has no backslash before it: without one here, there is none later.
                self.has_quotes &= closes;
                self.other(TokenKind::OpenString, line);
            }
        }
    }

    fn unknown(&mut self) {
        let is_end = |c: char| c.is_ascii() && !c.is_ascii_control() && c != ';';
        let mut chars = self.rest().char_indices().skip(1);
        let length = chars
            .find(|(_, c)| is_end(*c) || c.is_ascii_whitespace())
            .map_or(self.rest().len(), |(at, _)| at);
        self.other(TokenKind::Unknown, length);
    }

    /// A token after which an element of a list may begin.
    fn separator(&mut self, kind: TokenKind) {
        self.push(kind, 1);
        self.key = Key::Element;
    }

    fn other(&mut self, kind: TokenKind, length: usize) {
        self.push(kind, length);
        self.key = Key::None;
    }

    fn push(&mut self, kind: TokenKind, length: usize) {
        if length > 0 {
            let span = Span::new(self.at, self.at + length);
            self.tokens.push(Token { kind, span });
            self.at += length;
        }
    }

    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn peek(&self, ahead: usize) -> Option<u8> {
        self.text.as_bytes().get(self.at + ahead).copied()
    }
}

fn is_word_start(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// Where the byte is, or the end.
fn find(bytes: &[u8], byte: u8) -> usize {
    memchr(byte, bytes).unwrap_or(bytes.len())
}

/// Length of a string with both of its quotes.
fn closing_quote(bytes: &[u8]) -> Option<usize> {
    let mut at = 1;
    loop {
        at += memchr2(b'"', b'\\', bytes.get(at..)?)?;
        match bytes.get(at) {
            Some(b'"') => return Some(at + 1),
            _ if bytes.get(at + 1) == Some(&b'"') => at += 2,
            _ => at += 1,
        }
    }
}

/// Whether a string ends where another begins: its last line is a key and the colon before a quote.
fn swallows_a_key(string: &str) -> bool {
    let Some((_, line)) = string.rsplit_once('\n') else {
        return false;
    };
    let key = line.trim_end_matches('"').trim().strip_suffix(':');
    key.is_some_and(|key| {
        let mut bytes = key.trim_end().bytes();
        bytes.next().is_some_and(|byte| byte.is_ascii_lowercase())
            && bytes.all(|byte| byte.is_ascii_lowercase() || byte == b'_')
    })
}

/// Where a line begins that starts like an object.
fn object_line(text: &str) -> Option<usize> {
    // What stands on the line of the key itself is the expression.
    let ends = memchr_iter(b'\n', text.as_bytes());
    let mut lines = ends.map(|end| end + 1);
    lines.find(|line| text.get(*line..).is_some_and(is_object))
}

/// Whether a text begins with a key of an object, a colon, a name and a brace, all on one line.
fn is_object(text: &str) -> bool {
    const KINDS: [&str; 10] = [
        "dimension",
        "dimension_group",
        "measure",
        "filter",
        "parameter",
        "view",
        "explore",
        "join",
        "set",
        "test",
    ];
    let text = text.trim_start_matches(is_blank);
    let is_part = |byte: &u8| byte.is_ascii_lowercase() || *byte == b'_';
    let length = text.bytes().take_while(is_part).count();
    let (key, rest) = text.split_at_checked(length).unwrap_or_default();
    if !KINDS.contains(&key) {
        return false;
    }
    let Some(rest) = rest.trim_start_matches(is_blank).strip_prefix(':') else {
        return false;
    };
    let name = rest.trim_start_matches(is_blank);
    let name = name.strip_prefix('+').unwrap_or(name);
    let is_part = |byte: &u8| is_word_start(*byte) || matches!(byte, b'.' | b'-');
    let length = name.bytes().take_while(is_part).count();
    let behind = name.get(length..).unwrap_or_default();
    length > 0 && behind.trim_start_matches(is_blank).starts_with('{')
}

fn is_blank(c: char) -> bool {
    c == ' ' || c == '\t'
}

/// The end of the text before that place, without the lines at its end that only close something.
fn before_closing_lines(text: &str, until: usize) -> usize {
    let text = text.get(..until).unwrap_or(text);
    let is_closing = |line: &str| {
        let line = line.trim();
        line.starts_with('#') || line.bytes().all(|byte| byte == b'}' || byte == b' ')
    };
    let mut end = text.len();
    while let Some(head) = text.get(..end) {
        let begin = head
            .trim_end_matches('\n')
            .rfind('\n')
            .map_or(0, |at| at + 1);
        let line = head.get(begin..).unwrap_or_default();
        if begin == 0 || !is_closing(line) {
            break;
        }
        end = begin;
    }
    end
}
