//! Gets the texts of answers back from the archive: whole answers, rows of pages, and the classes
//! and instructors inside workouts.

use std::collections::VecDeque;
use std::sync::Arc;

use anyhow::{Context, Result};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::archive::{Archive, FrameCache, Located, Slot};
use crate::transform::{self, Inline, Part};

/// Pages whose rows are kept: members' lists are read one page after the other.
const PAGES: usize = 16;

/// An answer's text and when it was fetched.
#[derive(Debug)]
pub(super) struct Body {
    pub(super) text: String,
    pub(super) fetched_at: Timestamp,
}

#[derive(Debug)]
pub(super) struct Bodies {
    frames: FrameCache,
    pages: VecDeque<(Located, Arc<Vec<String>>)>,
}

impl Body {
    pub(super) fn answer(&self) -> transform::Answer<'_> {
        transform::Answer {
            body: &self.text,
            fetched_at: self.fetched_at,
        }
    }
}

impl Bodies {
    pub(super) fn new(archive: &Archive) -> Self {
        Self {
            frames: FrameCache::new(archive),
            pages: VecDeque::new(),
        }
    }

    /// The newest good answer of a slot.
    pub(super) fn of(&mut self, slot: &Slot) -> Result<Option<Body>> {
        let Some(good) = slot.good else {
            return Ok(None);
        };
        let text = self.text(good.located)?;
        Ok(Some(Body {
            text,
            fetched_at: good.fetched_at,
        }))
    }

    /// The same, unless the warehouse has a row of a newer answer, which the archive lacks; µs.
    pub(super) fn after(&mut self, slot: &Slot, lost: Option<i64>) -> Result<Option<Body>> {
        let is_older = |lost| {
            slot.good
                .is_some_and(|good| good.fetched_at.as_microsecond() < lost)
        };
        match lost.is_some_and(is_older) {
            true => Ok(None),
            false => self.of(slot),
        }
    }

    /// The class inside the workout that the slot stands for.
    pub(super) fn inline_ride(&mut self, slot: &Slot) -> Result<Option<Body>> {
        self.inside(slot, |inline| inline.ride)
    }

    /// The instructor inside that class.
    pub(super) fn inline_instructor(&mut self, slot: &Slot) -> Result<Option<Body>> {
        self.inside(slot, |inline| inline.instructor)
    }

    fn inside(
        &mut self,
        slot: &Slot,
        part: impl Fn(Inline<'_>) -> Option<Part<'_>>,
    ) -> Result<Option<Body>> {
        let Some(body) = self.of(slot)? else {
            return Ok(None);
        };
        let text = part(transform::inline(&body.text)).map(|part| part.text.to_owned());
        Ok(text.map(|text| Body {
            text,
            fetched_at: body.fetched_at,
        }))
    }

    fn text(&mut self, located: Located) -> Result<String> {
        let Some(row) = located.row else {
            return self.line(located);
        };
        let rows = self.rows(Located {
            row: None,
            ..located
        })?;
        rows.get(row as usize)
            .cloned()
            .context("the page has fewer rows")
    }

    fn line(&mut self, located: Located) -> Result<String> {
        let frame = self.frames.frame(located)?;
        frame
            .line(located.line)?
            .body()?
            .context("the line has no body")
    }

    fn rows(&mut self, page: Located) -> Result<Arc<Vec<String>>> {
        if let Some((_, rows)) = self.pages.iter().find(|(other, _)| *other == page) {
            return Ok(Arc::clone(rows));
        }
        let rows = Arc::new(split_rows(&self.line(page)?)?);
        if self.pages.len() == PAGES {
            self.pages.pop_front();
        }
        self.pages.push_back((page, Arc::clone(&rows)));
        Ok(rows)
    }
}

fn split_rows(page: &str) -> Result<Vec<String>> {
    #[derive(Deserialize)]
    struct Page<'a> {
        #[serde(borrow)]
        data: Vec<&'a RawValue>,
    }
    let page: Page<'_> = serde_json::from_str(page).context("read a page")?;
    Ok(page.data.iter().map(|row| row.get().to_owned()).collect())
}
