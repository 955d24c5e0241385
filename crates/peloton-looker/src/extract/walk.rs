//! Reading a member's list of workouts: how far to go, and what it proves.

use std::collections::BTreeSet;

use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

use crate::archive::{Index, Member, Walk};

/// What a page says about itself and the workouts on it.
#[derive(Debug, Default)]
pub(crate) struct Page {
    pub(crate) ids: Vec<String>,
    pub(crate) has_next: bool,
    pub(crate) total: Option<u64>,
}

impl Page {
    /// Reads the envelope; rows without an id are counted by nobody and kept in the archive.
    pub(crate) fn read(body: &[u8]) -> Option<Self> {
        #[derive(Deserialize)]
        struct Envelope<'a> {
            #[serde(borrow)]
            data: Vec<&'a RawValue>,
            #[serde(default)]
            show_next: Value,
            #[serde(default)]
            total: Value,
        }
        #[derive(Deserialize)]
        struct Row {
            id: String,
        }
        let envelope: Envelope<'_> = serde_json::from_slice(body).ok()?;
        let rows = envelope.data.iter();
        Some(Self {
            ids: rows
                .filter_map(|row| serde_json::from_str::<Row>(row.get()).ok())
                .map(|row| row.id)
                .collect(),
            has_next: envelope.show_next == Value::Bool(true),
            total: envelope.total.as_u64(),
        })
    }
}

/// Members that the pages of a list have shown.
#[derive(Debug, Default)]
pub(crate) struct Listed {
    ids: BTreeSet<String>,
    total: Option<u64>,
}

impl Listed {
    pub(crate) fn take(&mut self, page: &Page) {
        self.total = page.total.or(self.total);
        self.ids.extend(page.ids.iter().cloned());
    }

    /// Known members that the whole list does not show. A list whose count is wrong proves nothing.
    pub(crate) fn gone(&self, index: &Index, is_known: impl Fn(&Member) -> bool) -> Vec<String> {
        if self
            .total
            .is_some_and(|total| total != self.ids.len() as u64)
        {
            return Vec::new();
        }
        let known = index.members.iter().filter(|(_, member)| is_known(member));
        known
            .map(|(id, _)| id.clone())
            .filter(|id| !self.ids.contains(id))
            .collect()
    }
}

/// A walk under way.
#[derive(Debug, Default)]
pub(crate) struct Walking {
    listed: BTreeSet<String>,
    total: Option<u64>,
    has_news: bool,
    /// An empty page that promises more is asked once more, then taken as the end.
    saw_empty: bool,
}

/// What to do after a page.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Step {
    Page(u32),
    /// The end of the list: the walk is complete.
    End,
    /// The rest of the list is known from an earlier walk.
    Known,
}

impl Walking {
    /// Takes a page in. Call it after the index has seen the page.
    pub(crate) fn take(
        &mut self,
        index: &Index,
        member: &str,
        number: u32,
        page: Page,
        is_full: bool,
    ) -> Step {
        self.total = page.total.or(self.total);
        let all_known = page.ids.iter().all(|id| index.was_walked(member, id));
        self.has_news |= !all_known;
        let is_empty = page.ids.is_empty();
        self.listed.extend(page.ids);
        if !page.has_next {
            return Step::End;
        }
        if is_empty {
            if std::mem::replace(&mut self.saw_empty, true) {
                return Step::End;
            }
            return Step::Page(number);
        }
        if all_known && !is_full && self.agrees(index, member) {
            return Step::Known;
        }
        Step::Page(number + 1)
    }

    /// Rows that page 0 shows when it is read again at the end.
    pub(crate) fn take_again(&mut self, page: Page) {
        self.total = page.total.or(self.total);
        self.listed.extend(page.ids);
    }

    /// Whether Peloton's total is explained by what is known: else something below the newest
    /// page is missing or was deleted. A difference that the last complete walk saw too is Peloton's own.
    fn agrees(&self, index: &Index, member: &str) -> bool {
        let Some(total) = self.total else { return true };
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
            listed: self.listed.len() as u64,
            total: self.total,
        }
    }

    /// What a walk knows that stopped where an earlier one had been.
    pub(crate) fn known(&self, index: &Index, member: &str) -> Walk {
        Walk {
            listed: known_of(index, member).count() as u64,
            total: self.total,
        }
    }

    /// Workouts that a complete list no longer shows. A list whose count is wrong proves nothing.
    pub(crate) fn missing(&self, index: &Index, member: &str) -> Vec<String> {
        if self
            .total
            .is_some_and(|total| total != self.listed.len() as u64)
        {
            return Vec::new();
        }
        let missing = known_of(index, member).filter(|id| !self.listed.contains(*id));
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
