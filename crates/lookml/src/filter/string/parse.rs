//! Text to the terms of texts.

use super::{Pattern, PatternPart, StringFilter, StringTerm};
use crate::filter::FilterError;
use crate::filter::cursor::Cursor;

/// ```text
/// expr    = term { "," term } ;
/// term    = [ "-" ] ( "EMPTY" | "NULL" | quoted | pattern ) ;
/// quoted  = '"' { character | '\"' } '"' ;
/// pattern = { character | "%" | "_" | "^" special | "\," } ;
/// special = "%" | "_" | "," | '"' | "-" | "^" | "{" | "\" | space ;
/// ```
///
/// A caret before anything else is a caret, a minus before nothing a minus.
pub(in crate::filter) fn parse(cursor: &mut Cursor<'_>) -> Result<StringFilter, FilterError> {
    let mut filter = StringFilter::default();
    cursor.list(|cursor| {
        let start = cursor.position();
        let is_negated = accept_minus(cursor);
        if is_negated && cursor.rest().starts_with("{{") {
            return Err(FilterError::new(start, "a user attribute can't be negated"));
        }
        let term = match (cursor.peek(), keyword(cursor)) {
            (_, Some(keyword)) => keyword,
            (Some('"'), _) => StringTerm::Equal(quoted(cursor)?),
            _ => unquoted(cursor),
        };
        match is_negated {
            true => filter.is_not.push(term),
            false => filter.is.push(term),
        }
        Ok(())
    })?;
    Ok(filter)
}

fn accept_minus(cursor: &mut Cursor<'_>) -> bool {
    let after = cursor.rest().strip_prefix('-').map(str::trim_start);
    let is_minus = after.is_some_and(|after| !after.is_empty() && !after.starts_with(','));
    is_minus && cursor.accept("-")
}

/// The whole term, in upper or in lower case.
fn keyword(cursor: &mut Cursor<'_>) -> Option<StringTerm> {
    let written = cursor.rest().split(',').next()?.trim_end();
    let keyword = match written {
        "EMPTY" | "empty" => StringTerm::Empty,
        "NULL" | "null" => StringTerm::Null,
        _ => return None,
    };
    cursor.advance_bytes(written.len());
    Some(keyword)
}

fn quoted(cursor: &mut Cursor<'_>) -> Result<String, FilterError> {
    let start = cursor.position();
    cursor.advance();
    let mut text = String::new();
    while let Some(next) = cursor.advance() {
        match next {
            '"' => return Ok(text),
            '\\' if cursor.peek() == Some('"') => text.extend(cursor.advance()),
            _ => text.push(next),
        }
    }
    Err(FilterError::new(start, "the quote is never closed"))
}

fn unquoted(cursor: &mut Cursor<'_>) -> StringTerm {
    let mut parts = Vec::new();
    let mut text = String::new();
    // How much of the text is more than space at the end.
    let mut length = 0;
    while !cursor.is_at_end_of_term() {
        let Some(next) = cursor.advance() else {
            break;
        };
        let wildcard = match next {
            '%' => Some(PatternPart::AnyText),
            '_' => Some(PatternPart::AnyCharacter),
            _ => None,
        };
        if let Some(wildcard) = wildcard {
            parts.extend(text_part(&mut text));
            parts.push(wildcard);
            length = 0;
            continue;
        }
        let escaped = cursor.peek().filter(|after| is_escape(next, *after));
        if escaped.is_some() {
            cursor.advance();
        }
        text.push(escaped.unwrap_or(next));
        if escaped.is_some() || !next.is_whitespace() {
            length = text.len();
        }
    }
    text.truncate(length);
    if parts.is_empty() {
        return StringTerm::Equal(text);
    }
    parts.extend(text_part(&mut text));
    StringTerm::Like(Pattern { parts })
}

fn text_part(text: &mut String) -> Option<PatternPart> {
    let text = std::mem::take(text);
    (!text.is_empty()).then_some(PatternPart::Text(text))
}

fn is_escape(escape: char, escaped: char) -> bool {
    match escape {
        '^' => "%_,\"-^{\\".contains(escaped) || escaped.is_whitespace(),
        '\\' => escaped == ',',
        _ => false,
    }
}
