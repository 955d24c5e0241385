//! Reading a list to its end, page by page.

use std::collections::BTreeSet;

use crate::models::Page;

/// What the pages of one list have shown so far. It says which page to ask for next, and whether the
/// list was whole at its end. Rows that shift while the list is read may come twice, which counts once,
/// or be missed: read page 0 again at the end and give it to [`Listing::add`].
///
/// ```
/// use peloton_api::{Listing, models::Page};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let mut listing = Listing::default();
/// let first = Page::parse(br#"{"data": [{"id": "a"}], "show_next": true, "total": 2}"#)?;
/// assert_eq!(listing.take(0, &first), Some(1));
/// let last = Page::parse(br#"{"data": [{"id": "b"}], "show_next": false, "total": 2}"#)?;
/// assert_eq!(listing.take(1, &last), None);
/// assert!(listing.is_whole());
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Default)]
pub struct Listing {
    ids: BTreeSet<String>,
    total: Option<u64>,
    /// Rows of a page, as the service says.
    limit: Option<u32>,
    has_changed: bool,
    saw_nothing_new: bool,
    /// Its last page promised more, and nothing more came.
    ended_on_a_promise: bool,
    lacks_pages: bool,
    /// The page before could not be had.
    has_just_skipped: bool,
}

impl Listing {
    /// Takes page `number` in; gives the page to ask for next, none at the end. A page that shows
    /// nothing new and promises more is asked once more, then taken as the end.
    pub fn take(&mut self, number: u32, page: &Page) -> Option<u32> {
        let has_news = !page.ids().all(|id| self.ids.contains(&id));
        self.has_just_skipped = false;
        self.add(page);
        if !page.show_next {
            return None;
        }
        if has_news {
            return Some(number + 1);
        }
        let is_second = std::mem::replace(&mut self.saw_nothing_new, true);
        self.ended_on_a_promise = is_second;
        (!is_second).then_some(number)
    }

    /// Page `number` could not be had. Gives the page behind it, which may be had all the same; none where
    /// the service counts no more rows, or where it is the second such page in a row.
    pub fn skip(&mut self, number: u32) -> Option<u32> {
        self.lacks_pages = true;
        let is_second = std::mem::replace(&mut self.has_just_skipped, true);
        let has_more = match (self.total, self.limit) {
            (Some(total), Some(limit)) => (u64::from(number) + 1) * u64::from(limit) < total,
            _ => true,
        };
        (has_more && !is_second).then_some(number + 1)
    }

    /// Takes the rows of a page in that is read once more.
    pub fn add(&mut self, page: &Page) {
        let is_other = |(before, now)| before != now;
        self.has_changed |= self.total.zip(page.total).is_some_and(is_other);
        self.total = page.total.or(self.total);
        self.limit = page.limit.or(self.limit);
        self.ids.extend(page.ids());
    }

    /// Ids of all rows. Rows without an id are not among them.
    pub fn ids(&self) -> &BTreeSet<String> {
        &self.ids
    }

    /// How many rows there are by the service's newest count.
    pub fn total(&self) -> Option<u64> {
        self.total
    }

    /// Whether the service counted differently from page to page. What goes from a page that was read
    /// pulls another row there from the next one, and that row is seen on neither.
    pub fn has_changed(&self) -> bool {
        self.has_changed
    }

    /// Whether a page could not be had.
    pub fn lacks_pages(&self) -> bool {
        self.lacks_pages
    }

    /// Whether its last page promised more, and nothing more came.
    pub fn ends_on_a_promise(&self) -> bool {
        self.ended_on_a_promise
    }

    /// Whether it ended with a page that promised more, and did not show as many rows as the service
    /// counts: another time the rest may come.
    pub fn breaks_off(&self) -> bool {
        self.ended_on_a_promise && self.total != Some(self.ids.len() as u64)
    }

    /// Whether the pages showed as many rows as the service counts on each of them. A list that does not
    /// say how many there are, or says something else, does not prove that what it lacks is gone.
    pub fn is_whole(&self) -> bool {
        !self.has_changed && !self.lacks_pages && self.total == Some(self.ids.len() as u64)
    }
}
