//! The envelope of every list.

use serde::Deserialize;
use serde_json::value::RawValue;

use super::Field;

/// A page of a list: its rows as raw text and what the envelope says.
#[derive(Debug, Clone)]
pub struct Page {
    /// The rows, each exactly as it came.
    pub data: Vec<Box<RawValue>>,
    /// Number of this page from 0, as the service counts.
    pub page: Option<u32>,
    /// Page size that the service applied.
    pub limit: Option<u32>,
    /// Rows over all pages.
    pub total: Option<u64>,
    /// Pages in all.
    pub page_count: Option<u32>,
    /// Whether the service says that there is more.
    pub show_next: bool,
}

#[derive(Deserialize)]
struct Envelope {
    data: Vec<Box<RawValue>>,
    #[serde(default)]
    page: Field<f64>,
    #[serde(default)]
    limit: Field<f64>,
    #[serde(default)]
    total: Field<f64>,
    #[serde(default)]
    page_count: Field<f64>,
    #[serde(default)]
    show_next: Field<bool>,
}

#[derive(Deserialize)]
struct Identified {
    id: String,
}

impl Page {
    /// Reads an envelope. Only `data` must be there and be an array; numbers may be floats,
    /// and without `show_next` the page count decides. Bytes that are no UTF-8 cost the
    /// characters that they stand for.
    ///
    /// # Errors
    /// When the text isn't JSON or has no array `data`.
    pub fn parse(body: &[u8]) -> serde_json::Result<Page> {
        let envelope: Envelope = serde_json::from_str(&String::from_utf8_lossy(body))?;
        let page = small(&envelope.page);
        let page_count = small(&envelope.page_count);
        let more_by_count =
            matches!((page, page_count), (Some(page), Some(count)) if page + 1 < count);
        Ok(Page {
            page,
            limit: small(&envelope.limit),
            total: whole(&envelope.total),
            page_count,
            show_next: envelope.show_next.get().copied().unwrap_or(more_by_count),
            data: envelope.data,
        })
    }

    /// The `id` of each row that has one, in order.
    pub fn ids(&self) -> impl Iterator<Item = String> {
        self.data.iter().filter_map(|row| {
            let row: Identified = serde_json::from_str(row.get()).ok()?;
            Some(row.id)
        })
    }
}

fn whole(value: &Field<f64>) -> Option<u64> {
    let number = value
        .float()
        .filter(|number| *number >= 0.0 && number.fract() == 0.0)?;
    (number < 9e15).then_some(number as u64)
}

fn small(value: &Field<f64>) -> Option<u32> {
    whole(value)?
        .try_into()
        .ok()
        .filter(|number| *number < u32::MAX)
}
