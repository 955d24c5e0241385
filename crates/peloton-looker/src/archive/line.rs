//! A line of the archive as it is read: the body stays escaped until somebody wants it.

use std::borrow::Cow;

use anyhow::{Context, Result};
use base64::{Engine, engine::general_purpose::STANDARD};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::value::RawValue;

#[derive(Debug, Deserialize)]
pub(crate) struct Line<'a> {
    #[serde(borrow)]
    pub(crate) endpoint: Cow<'a, str>,
    #[serde(borrow)]
    pub(crate) key: Cow<'a, str>,
    #[serde(borrow, default)]
    url: Cow<'a, str>,
    pub(crate) fetched_at: Timestamp,
    pub(crate) status: u16,
    #[serde(borrow, default)]
    pub(crate) reason: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    body: Option<&'a RawValue>,
    #[serde(borrow, default)]
    body_base64: Option<Cow<'a, str>>,
}

impl Line<'_> {
    /// The text of the answer; bytes that are not UTF-8 are replaced, they are in no JSON.
    pub(crate) fn body(&self) -> Result<Option<String>> {
        if let Some(raw) = self.body {
            return Ok(Some(
                serde_json::from_str(raw.get()).context("read a body")?,
            ));
        }
        let Some(encoded) = &self.body_base64 else {
            return Ok(None);
        };
        let bytes = STANDARD.decode(encoded.as_bytes()).context("read a body")?;
        Ok(Some(String::from_utf8_lossy(&bytes).into_owned()))
    }

    /// Whether it is about the first page of a list, or about no list at all.
    pub(crate) fn is_first_page(&self) -> bool {
        let mut pairs = self.url.split(['?', '&']).skip(1);
        let page = pairs.find_map(|pair| pair.strip_prefix("page="));
        page.is_none_or(|page| page == "0")
    }

    /// A good answer: status 200, whole.
    pub(crate) fn is_good(&self) -> bool {
        self.status == 200 && self.reason.is_none()
    }
}
