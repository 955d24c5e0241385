//! A place in an expression, and what can be read there.

use super::FilterError;

/// Goes through an expression from left to right.
pub(super) struct Cursor<'a> {
    text: &'a str,
    at: usize,
    /// The names of the user attributes that were passed.
    pub(super) user_attributes: Vec<String>,
}

impl<'a> Cursor<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self {
            text,
            at: 0,
            user_attributes: Vec::new(),
        }
    }

    /// The terms of a list. Blank ones mean nothing, as after a comma at the end; but not all may be blank.
    pub(super) fn list(
        &mut self,
        mut term: impl FnMut(&mut Self) -> Result<(), FilterError>,
    ) -> Result<(), FilterError> {
        let mut is_blank = true;
        loop {
            self.skip_space();
            match self.peek() {
                None if is_blank && self.text.contains(',') => {
                    return Err(self.error("a comma, and no value beside it"));
                }
                None => return Ok(()),
                Some(',') => {
                    self.advance();
                    continue;
                }
                _ => {}
            }
            is_blank = false;
            if !self.user_attribute()? {
                term(self)?;
            }
            self.skip_space();
            if !self.is_at_end_of_term() {
                return Err(self.unexpected());
            }
        }
    }

    /// `{{ _user_attributes['name'] }}`
    fn user_attribute(&mut self) -> Result<bool, FilterError> {
        if !self.rest().starts_with("{{") {
            return Ok(false);
        }
        let start = self.at;
        let name = self.rest().split_once("}}").and_then(|(inside, rest)| {
            self.at = self.text.len() - rest.len();
            attribute_name(inside.strip_prefix("{{")?.trim())
        });
        let Some(name) = name else {
            let message = "expected `{{ _user_attributes['name'] }}`";
            return Err(FilterError::new(start, message));
        };
        self.user_attributes.push(name.to_owned());
        Ok(true)
    }

    /// Passes that word, whatever its case: no letter, digit or underscore follows.
    pub(super) fn accept_word(&mut self, word: &str) -> bool {
        let is_next = self.peek_word().eq_ignore_ascii_case(word);
        if is_next {
            self.at += word.len();
            self.skip_space();
        }
        is_next
    }

    /// The letters, digits and underscores that come.
    pub(super) fn peek_word(&self) -> &'a str {
        let rest = self.rest();
        let is_part = |c: char| c.is_alphanumeric() || c == '_';
        let end = rest.find(|c| !is_part(c)).unwrap_or(rest.len());
        rest.get(..end).unwrap_or_default()
    }

    /// Passes that text, whatever its case and whatever follows.
    pub(super) fn accept(&mut self, text: &str) -> bool {
        let next = self.rest().get(..text.len());
        let is_next = next.is_some_and(|next| next.eq_ignore_ascii_case(text));
        if is_next {
            self.at += text.len();
            self.skip_space();
        }
        is_next
    }

    /// Passes a character, with no space after it.
    pub(super) fn advance(&mut self) -> Option<char> {
        let next = self.peek()?;
        self.at += next.len_utf8();
        Some(next)
    }

    /// What stands up to a space or a comma.
    pub(super) fn peek_chunk(&self) -> &'a str {
        let is_end = |c: char| c == ',' || c.is_whitespace();
        self.rest().split(is_end).next().unwrap_or_default()
    }

    pub(super) fn advance_bytes(&mut self, count: usize) {
        self.at += count;
    }

    pub(super) fn return_to(&mut self, position: usize) {
        self.at = position;
    }

    pub(super) fn skip_space(&mut self) {
        self.at = self.text.len() - self.rest().trim_start().len();
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    pub(super) fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    pub(super) fn position(&self) -> usize {
        self.at
    }

    pub(super) fn is_at_end_of_term(&self) -> bool {
        self.peek().is_none_or(|next| next == ',')
    }

    pub(super) fn error(&self, message: impl Into<String>) -> FilterError {
        FilterError::new(self.at, message)
    }

    /// What comes can't stand here.
    pub(super) fn unexpected(&self) -> FilterError {
        match self.shown() {
            None => self.error("something is missing at the end"),
            Some(text) => self.error(format!("`{text}` can't stand here")),
        }
    }

    /// Something else should stand here.
    pub(super) fn expected(&self, what: &str) -> FilterError {
        match self.shown() {
            None => self.error(format!("expected {what}")),
            Some(text) => self.error(format!("expected {what}, not `{text}`")),
        }
    }

    /// Enough of what comes to recognise it.
    fn shown(&self) -> Option<String> {
        let text: String = self.peek_chunk().chars().take(40).collect();
        (!text.is_empty()).then_some(text)
    }
}

/// The name in `_user_attributes['name']`.
fn attribute_name(text: &str) -> Option<&str> {
    let index = text.strip_prefix("_user_attributes")?.trim_start();
    let name = index.strip_prefix('[')?.strip_suffix(']')?.trim();
    let single = name
        .strip_prefix('\'')
        .and_then(|name| name.strip_suffix('\''));
    let double = name
        .strip_prefix('"')
        .and_then(|name| name.strip_suffix('"'));
    let name = single.or(double)?;
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.');
    (!name.is_empty() && name.bytes().all(is_part)).then_some(name)
}
