//! A template cut into texts, outputs and tags.

use super::error::LiquidError;
use super::value::is_space;

/// One of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Piece<'a> {
    /// What comes out as it is.
    Text(&'a str),
    /// What stands between `{{` and `}}`.
    Output(Inside<'a>),
    /// What stands between `{%` and `%}`.
    Tag(Tag<'a>),
}

/// A part of the template and where it begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Inside<'a> {
    pub(super) at: usize,
    pub(super) text: &'a str,
}

/// `{% name rest %}`
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Tag<'a> {
    pub(super) at: usize,
    pub(super) name: &'a str,
    pub(super) rest: Inside<'a>,
}

pub(super) struct Pieces<'a> {
    text: &'a str,
    at: usize,
    /// Whether the last one ended with `-%}` or `-}}`: the space after it goes.
    trims: bool,
}

impl<'a> Pieces<'a> {
    pub(super) fn of(text: &'a str) -> Self {
        Self {
            text,
            at: 0,
            trims: false,
        }
    }

    pub(super) fn next(&mut self) -> Result<Option<(usize, Piece<'a>)>, LiquidError> {
        if std::mem::take(&mut self.trims) {
            let rest = self.rest();
            self.at += rest.len() - rest.trim_start_matches(is_space).len();
        }
        let at = self.at;
        let rest = self.rest();
        if rest.is_empty() {
            return Ok(None);
        }
        if rest.starts_with("{{") {
            let inside = self.inside("}}")?;
            return Ok(Some((at, Piece::Output(inside))));
        }
        if rest.starts_with("{%") {
            let inside = self.inside("%}")?;
            return Ok(Some((at, Piece::Tag(tag(at, inside)))));
        }
        let text = rest.get(..opening(rest)).unwrap_or(rest);
        self.at += text.len();
        Ok(Some((at, Piece::Text(self.trimmed_end(text, self.at)))))
    }

    /// Goes on behind `{% endraw %}`: what is before it, as it is.
    pub(super) fn raw(&mut self, opener: Tag<'a>) -> Result<&'a str, LiquidError> {
        let (start, trims) = (self.at, std::mem::take(&mut self.trims));
        let end = loop {
            let tag = self.next_tag(opener, &["endraw"])?;
            if let Some(tag) = tag {
                break tag.at;
            }
        };
        let text = self.text.get(start..end).unwrap_or_default();
        let text = if trims {
            text.trim_start_matches(is_space)
        } else {
            text
        };
        Ok(self.trimmed_end(text, end))
    }

    /// Goes on behind `{% endcomment %}`. Comments in comments are comments.
    pub(super) fn skip_comment(&mut self, opener: Tag<'a>) -> Result<(), LiquidError> {
        let mut depth = 1_usize;
        while depth > 0 {
            let tag = self.next_tag(opener, &["comment", "endcomment"])?;
            match tag.map(|tag| tag.name) {
                Some("comment") => depth += 1,
                Some(_) => depth -= 1,
                None => {}
            }
        }
        Ok(())
    }

    /// Goes on behind the next `{%` in text that is not Liquid, or behind the tag, if it is one of these.
    fn next_tag(
        &mut self,
        opener: Tag<'a>,
        names: &[&str],
    ) -> Result<Option<Tag<'a>>, LiquidError> {
        let never_closed = || {
            let message = format!("`{}` is never closed", opener.name);
            LiquidError::malformed(opener.at, message)
        };
        let at = self.at + self.rest().find("{%").ok_or_else(never_closed)?;
        self.at = at + 2;
        // The name first: to look for the end of whatever stands here would take long.
        let rest = self.rest();
        let rest = rest.strip_prefix('-').unwrap_or(rest).trim_start();
        let length = rest.find(|c| !is_name(c)).unwrap_or(rest.len());
        if !names.contains(&rest.get(..length).unwrap_or_default()) {
            return Ok(None);
        }
        let end = self.rest().find("%}").ok_or_else(never_closed)?;
        let written = self.rest().get(..end);
        let found = tag(at, trimmed(self.at, written));
        self.trims = written.is_some_and(|written| written.ends_with('-'));
        self.at += end + 2;
        Ok(Some(found))
    }

    /// What stands up to the closing mark, which is not one in quotes.
    fn inside(&mut self, close: &str) -> Result<Inside<'a>, LiquidError> {
        let at = self.at;
        self.at += 2;
        let rest = self.rest();
        let Some(length) = closing(rest, close) else {
            let message = match rest.contains(close) {
                true => format!("a quote is missing, or `{close}`"),
                false => format!("`{close}` is missing"),
            };
            return Err(LiquidError::malformed(at, message));
        };
        let written = rest.get(..length);
        let inside = trimmed(self.at, written);
        self.trims = written.is_some_and(|written| written.ends_with('-'));
        self.at += length + close.len();
        Ok(inside)
    }

    /// A text without the space at its end, if what follows it begins with `{%-` or `{{-`.
    fn trimmed_end(&self, text: &'a str, opening: usize) -> &'a str {
        match self.text.as_bytes().get(opening + 2) {
            Some(b'-') => text.trim_end_matches(is_space),
            _ => text,
        }
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }
}

/// Where the next output or tag begins, or the end.
fn opening(text: &str) -> usize {
    let bytes = text.as_bytes();
    let mut from = 0;
    while let Some(at) = text.get(from..).and_then(|rest| rest.find('{')) {
        let at = from + at;
        if matches!(bytes.get(at + 1), Some(b'{' | b'%')) {
            return at;
        }
        from = at + 1;
    }
    text.len()
}

/// Where the closing mark is, outside of quotes. A note (`{% # … %}`) has none.
fn closing(text: &str, close: &str) -> Option<usize> {
    if text.trim_start_matches('-').trim_start().starts_with('#') {
        return text.find(close);
    }
    let mut quote = None;
    for (at, byte) in text.bytes().enumerate() {
        match (quote, byte) {
            (None, b'\'' | b'"') => quote = Some(byte),
            (Some(open), _) if open == byte => quote = None,
            (None, b'%' | b'}') if text.get(at..).is_some_and(|it| it.starts_with(close)) => {
                return Some(at);
            }
            _ => {}
        }
    }
    None
}

/// What stands inside, without the marks for space and without the space.
fn trimmed(at: usize, written: Option<&str>) -> Inside<'_> {
    let written = written.unwrap_or_default();
    let text = written.strip_prefix('-').unwrap_or(written);
    let at = at + (written.len() - text.len());
    let text = text.strip_suffix('-').unwrap_or(text);
    let start = text.len() - text.trim_start().len();
    Inside {
        at: at + start,
        text: text.trim(),
    }
}

fn tag(at: usize, inside: Inside<'_>) -> Tag<'_> {
    let length = match inside.text.starts_with('#') {
        true => 1,
        false => inside
            .text
            .find(|c| !is_name(c))
            .unwrap_or(inside.text.len()),
    };
    let (name, rest) = inside.text.split_at_checked(length).unwrap_or_default();
    let text = rest.trim_start();
    let rest = Inside {
        at: inside.at + length + (rest.len() - text.len()),
        text,
    };
    Tag { at, name, rest }
}

fn is_name(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}
