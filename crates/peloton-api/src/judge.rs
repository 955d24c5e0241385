//! What an answer means.

use serde::de::IgnoredAny;

use crate::{Endpoint, models::Page};

#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// The item, or a refusal that is a fact about it.
    Final,
    Unauthorized,
    TooMany,
    /// Cloudflare has shut the door on this address.
    Blocked,
    /// Worth another try, for this reason.
    Transient(String),
}

pub(crate) fn judge(endpoint: Endpoint, status: u16, body: &[u8]) -> Verdict {
    match status {
        200 => garbled(endpoint, body).map_or(Verdict::Final, Verdict::Transient),
        _ if is_block_page(body) => Verdict::Blocked,
        401 => Verdict::Unauthorized,
        429 => Verdict::TooMany,
        408 | 425 => Verdict::Transient(format!("status {status}")),
        // Peloton's own refusals are JSON or plain text; a page comes from a gateway, and
        // believing its 403 would make a member private.
        400..=499 if is_html(body) => Verdict::Transient(format!("status {status} with HTML")),
        400..=499 => Verdict::Final,
        _ => Verdict::Transient(format!("status {status}")),
    }
}

/// Why a body can't be the whole answer of this endpoint.
fn garbled(endpoint: Endpoint, body: &[u8]) -> Option<String> {
    match endpoint {
        Endpoint::WorkoutHistoryCsv if is_html(body) => Some("HTML in place of CSV".to_owned()),
        Endpoint::WorkoutHistoryCsv => None,
        _ if is_html(body) => Some("HTML in place of JSON".to_owned()),
        // Nobody knows what a path that was typed in answers.
        Endpoint::Raw => None,
        _ if !starts_with(body, b'{') => Some("not a JSON object".to_owned()),
        // By the reader itself: what it can't read would be taken for the end of the list.
        _ if endpoint.is_paged() => unreadable(Page::parse(body)),
        // This checks the syntax and builds nothing.
        _ => unreadable(serde_json::from_slice::<IgnoredAny>(body)),
    }
}

fn unreadable<T>(read: serde_json::Result<T>) -> Option<String> {
    read.err().map(|error| format!("unreadable JSON: {error}"))
}

fn is_html(body: &[u8]) -> bool {
    starts_with(body, b'<')
}

fn starts_with(body: &[u8], first: u8) -> bool {
    body.trim_ascii_start().first() == Some(&first)
}

/// "error code: 1015" as text, "Error 1015" in the page for browsers.
fn is_block_page(body: &[u8]) -> bool {
    if starts_with(body, b'{') {
        return false;
    }
    let head = String::from_utf8_lossy(&body[..body.len().min(16 << 10)]).to_lowercase();
    head.contains("error code: 1015") || head.contains("error 1015")
}
