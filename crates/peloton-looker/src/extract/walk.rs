//! Reading a list to its end: how far to go, and what it proves.

use peloton_api::{Listing, models::Page};

use super::work::ListPage;
use crate::archive::{Index, Member, Walk};
use crate::output::counted;

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
            "{list} shows {}, Peloton counts {total}",
            counted(listed as u64, "row")
        )),
        None => Some(format!("{list} does not say how many rows it has")),
    }
}

/// The page to read after a page; at the end that is the first one again, since what came while the pages were
/// read has shifted them.
pub(crate) fn further(listing: &Listing, page: &ListPage, next: Option<u32>) -> Option<ListPage> {
    match next {
        Some(number) => Some(page.at(number, false)),
        None if page.number > 0 && !listing.lacks_pages() => Some(page.at(0, true)),
        None => None,
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

impl Walking {
    /// Takes a page in; gives the page to ask for next, none at the end of the list, or where the rest is
    /// known from an earlier walk. Call it after the index has seen the page.
    pub(crate) fn take(
        &mut self,
        index: &Index,
        page: &ListPage,
        rows: &Page,
        is_full: bool,
    ) -> Option<u32> {
        let (member, number) = (&page.owner, page.number);
        let all_known = rows.ids().all(|id| index.was_walked(member, &id));
        self.has_news |= !all_known;
        if page.is_recheck {
            self.listing.add(rows);
            return None;
        }
        let next = self.listing.take(number, rows)?;
        if next != number && all_known && !is_full && self.agrees(index, member) {
            self.is_rest_known = true;
            return None;
        }
        Some(next)
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
    /// page is missing or was deleted. A difference that the walks of two runs saw too is Peloton's own.
    fn agrees(&self, index: &Index, member: &str) -> bool {
        let Some(total) = self.listing.total() else {
            return true;
        };
        let Some(walk) = index.members.get(member).and_then(|member| member.walk) else {
            return false;
        };
        let known = known_of(index, member).count() as u64;
        let difference = total.wrapping_sub(known);
        difference == 0 || (walk.is_confirmed && difference == walk.unexplained())
    }

    pub(crate) fn has_news(&self) -> bool {
        self.has_news
    }

    /// What the walk counted, or what is known where it stopped at that.
    pub(crate) fn counted(&self, index: &Index, member: &str) -> Walk {
        let known = known_of(index, member).count() as u64;
        let total = self.listing.total();
        let before = index.members.get(member).and_then(|member| member.walk);
        let walk = Walk {
            listed: self.listing.ids().len() as u64,
            total,
            is_confirmed: false,
            is_odd: self.listing.has_changed() || self.listing.breaks_off(),
            known: Some(known),
        };
        match before {
            Some(before) if self.is_rest_known && total != Some(known) => before.with(total, known),
            _ if self.is_rest_known => Walk {
                listed: known,
                ..walk
            },
            before => {
                let findings = |walk: Walk| (walk.is_odd, walk.difference());
                let is_same = before.is_some_and(|before| findings(before) == findings(walk));
                Walk {
                    is_confirmed: is_same && findings(walk) != (false, 0),
                    ..walk
                }
            }
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
