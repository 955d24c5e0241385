//! Reading a list to its end: how far to go, and what it proves.

use peloton_api::{Listing, models::Page};

use crate::archive::{Index, Member, Walk};

/// Known members that a list, read to its end, does not show.
pub(crate) fn gone(
    listing: &Listing,
    index: &Index,
    is_known: impl Fn(&Member) -> bool,
) -> Vec<String> {
    if !listing.is_whole() {
        return Vec::new();
    }
    let known = index.members.iter().filter(|(_, member)| is_known(member));
    known
        .map(|(id, _)| id.clone())
        .filter(|id| !listing.ids().contains(id))
        .collect()
}

/// What differs between a list and Peloton's count of it, for people.
pub(crate) fn difference(listing: &Listing, list: &str) -> Option<String> {
    // A page that could not be had is an item of its own.
    if listing.lacks_pages() {
        return None;
    }
    let listed = listing.ids().len();
    if listing.has_changed() {
        return Some(format!("{list} changed while it was read"));
    }
    match listing.total() {
        Some(total) if total == listed as u64 => None,
        Some(total) => Some(format!(
            "{list} shows {listed} rows, Peloton counts {total}"
        )),
        None => Some(format!("{list} does not say how many rows it has")),
    }
}

/// A walk of a member's workouts under way.
#[derive(Debug, Default)]
pub(crate) struct Walking {
    pub(crate) listing: Listing,
    has_news: bool,
    /// It stopped where an earlier walk had been.
    is_rest_known: bool,
    /// The list changed while it was read before.
    is_second: bool,
}

/// What to do after a page.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Step {
    Page(u32),
    /// The end of the list, or the rest is known from an earlier walk.
    End,
}

impl Walking {
    /// Takes a page in. Call it after the index has seen the page.
    pub(crate) fn take(
        &mut self,
        index: &Index,
        member: &str,
        number: u32,
        page: &Page,
        is_full: bool,
    ) -> Step {
        let all_known = page.ids().all(|id| index.was_walked(member, &id));
        self.has_news |= !all_known;
        match self.listing.take(number, page) {
            None => Step::End,
            Some(next) if next == number => Step::Page(number),
            Some(_) if all_known && !is_full && self.agrees(index, member) => {
                self.is_rest_known = true;
                Step::End
            }
            Some(next) => Step::Page(next),
        }
    }

    /// Goes on behind a page that could not be had.
    pub(crate) fn skip(&mut self, number: u32) -> Step {
        self.listing.skip(number).map_or(Step::End, Step::Page)
    }

    /// Rows that page 0 shows when it is read again at the end.
    pub(crate) fn take_again(&mut self, index: &Index, member: &str, page: &Page) {
        self.has_news |= !page.ids().all(|id| index.was_walked(member, &id));
        self.listing.add(page);
    }

    /// The same walk from its beginning, once: the list changed while it was read, and may have hidden
    /// workouts.
    pub(crate) fn again(&self) -> Option<Self> {
        let is_due = self.listing.has_changed() && !self.listing.lacks_pages() && !self.is_second;
        is_due.then(|| Self {
            has_news: self.has_news,
            is_second: true,
            ..Self::default()
        })
    }

    pub(crate) fn is_rest_known(&self) -> bool {
        self.is_rest_known
    }

    /// Whether Peloton's total is explained by what is known: else something below the newest
    /// page is missing or was deleted. A difference that the last complete walk saw too is Peloton's own.
    fn agrees(&self, index: &Index, member: &str) -> bool {
        let Some(total) = self.listing.total() else {
            return true;
        };
        let Some(walk) = index.members.get(member).and_then(|member| member.walk) else {
            return false;
        };
        let known = known_of(index, member).count() as u64;
        let difference = total.wrapping_sub(known);
        difference == 0 || difference == walk.total.unwrap_or(walk.listed).wrapping_sub(walk.listed)
    }

    pub(crate) fn has_news(&self) -> bool {
        self.has_news
    }

    /// What a complete walk counted.
    pub(crate) fn counted(&self) -> Walk {
        Walk {
            listed: self.listing.ids().len() as u64,
            total: self.listing.total(),
        }
    }

    /// What a walk knows that stopped where an earlier one had been.
    pub(crate) fn known(&self, index: &Index, member: &str) -> Walk {
        Walk {
            listed: known_of(index, member).count() as u64,
            total: self.listing.total(),
        }
    }

    /// Workouts that a complete list no longer shows.
    pub(crate) fn missing(&self, index: &Index, member: &str) -> Vec<String> {
        if !self.listing.is_whole() {
            return Vec::new();
        }
        let missing = known_of(index, member).filter(|id| !self.listing.ids().contains(*id));
        missing.map(str::to_owned).collect()
    }
}

/// A member's workouts that some list showed and none has missed since.
fn known_of<'a>(index: &'a Index, member: &'a str) -> impl Iterator<Item = &'a str> {
    index
        .workouts
        .iter()
        .filter(move |(_, workout)| {
            workout.user_id == member && workout.row.good.is_some() && workout.missing.is_none()
        })
        .map(|(id, _)| id.as_str())
}
