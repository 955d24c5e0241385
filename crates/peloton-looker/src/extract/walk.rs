//! Reading a list to its end: how far to go, and what it proves.

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
            page: Value,
            #[serde(default)]
            page_count: Value,
            #[serde(default)]
            total: Value,
        }
        #[derive(Deserialize)]
        struct Row {
            id: String,
        }
        let envelope: Envelope<'_> = serde_json::from_slice(body).ok()?;
        let rows = envelope.data.iter();
        let has_next = match (
            &envelope.show_next,
            whole(&envelope.page),
            whole(&envelope.page_count),
        ) {
            (Value::Bool(show_next), ..) => *show_next,
            (_, Some(page), Some(page_count)) => page + 1 < page_count,
            _ => false,
        };
        Some(Self {
            ids: rows
                .filter_map(|row| serde_json::from_str::<Row>(row.get()).ok())
                .map(|row| row.id)
                .collect(),
            has_next,
            total: whole(&envelope.total),
        })
    }
}

/// Counts may be written as 5 or as 5.0.
fn whole(value: &Value) -> Option<u64> {
    let float = || {
        value
            .as_f64()
            .filter(|number| number.fract() == 0.0 && *number >= 0.0)
    };
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "whole, and not negative; a count beyond the range is no count"
    )]
    value
        .as_u64()
        .or_else(|| float().map(|number| number as u64))
}

/// What the pages of a list have shown.
#[derive(Debug, Default)]
pub(crate) struct Listed {
    ids: BTreeSet<String>,
    total: Option<u64>,
    /// A page with nothing new that promises more is asked once more, then taken as the end.
    saw_nothing_new: bool,
}

impl Listed {
    /// Takes page `number` in; gives the page to ask for next, none at the end of the list.
    pub(crate) fn take(&mut self, number: u32, page: &Page) -> Option<u32> {
        let has_news = !page.ids.iter().all(|id| self.ids.contains(id));
        self.add(page);
        if !page.has_next {
            return None;
        }
        if has_news {
            return Some(number + 1);
        }
        let is_second = std::mem::replace(&mut self.saw_nothing_new, true);
        (!is_second).then_some(number)
    }

    fn add(&mut self, page: &Page) {
        self.total = page.total.or(self.total);
        self.ids.extend(page.ids.iter().cloned());
    }

    /// Whether it showed as much as Peloton counts. A list that does not say how much there is, or
    /// says something else, proves that nothing is gone.
    pub(crate) fn is_whole(&self) -> bool {
        self.total == Some(self.ids.len() as u64)
    }

    /// What differs between the list and Peloton's count of it, for people.
    pub(crate) fn difference(&self, list: &str) -> Option<String> {
        let listed = self.ids.len();
        match self.total {
            Some(total) if total == listed as u64 => None,
            Some(total) => Some(format!(
                "{list} shows {listed} rows, Peloton counts {total}"
            )),
            None => Some(format!("{list} does not say how many rows it has")),
        }
    }

    /// Known members that the whole list does not show.
    pub(crate) fn gone(&self, index: &Index, is_known: impl Fn(&Member) -> bool) -> Vec<String> {
        if !self.is_whole() {
            return Vec::new();
        }
        let known = index.members.iter().filter(|(_, member)| is_known(member));
        known
            .map(|(id, _)| id.clone())
            .filter(|id| !self.ids.contains(id))
            .collect()
    }
}

/// A walk of a member's workouts under way.
#[derive(Debug, Default)]
pub(crate) struct Walking {
    pub(crate) listed: Listed,
    has_news: bool,
    /// It stopped where an earlier walk had been.
    is_rest_known: bool,
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
        let all_known = page.ids.iter().all(|id| index.was_walked(member, id));
        self.has_news |= !all_known;
        match self.listed.take(number, page) {
            None => Step::End,
            Some(next) if next == number => Step::Page(number),
            Some(_) if all_known && !is_full && self.agrees(index, member) => {
                self.is_rest_known = true;
                Step::End
            }
            Some(next) => Step::Page(next),
        }
    }

    /// Rows that page 0 shows when it is read again at the end.
    pub(crate) fn take_again(&mut self, index: &Index, member: &str, page: &Page) {
        self.has_news |= !page.ids.iter().all(|id| index.was_walked(member, id));
        self.listed.add(page);
    }

    pub(crate) fn is_rest_known(&self) -> bool {
        self.is_rest_known
    }

    /// Whether Peloton's total is explained by what is known: else something below the newest
    /// page is missing or was deleted. A difference that the last complete walk saw too is Peloton's own.
    fn agrees(&self, index: &Index, member: &str) -> bool {
        let Some(total) = self.listed.total else {
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
            listed: self.listed.ids.len() as u64,
            total: self.listed.total,
        }
    }

    /// What a walk knows that stopped where an earlier one had been.
    pub(crate) fn known(&self, index: &Index, member: &str) -> Walk {
        Walk {
            listed: known_of(index, member).count() as u64,
            total: self.listed.total,
        }
    }

    /// Workouts that a complete list no longer shows.
    pub(crate) fn missing(&self, index: &Index, member: &str) -> Vec<String> {
        if !self.listed.is_whole() {
            return Vec::new();
        }
        let missing = known_of(index, member).filter(|id| !self.listed.ids.contains(*id));
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

#[cfg(test)]
mod tests {
    use super::*;

    fn page(body: &str) -> Page {
        Page::read(body.as_bytes()).unwrap()
    }

    #[test]
    fn a_list_without_its_count_proves_nothing() {
        let mut listed = Listed::default();
        let last = page(r#"{"data":[{"id":"a"}],"show_next":false}"#);
        assert_eq!(listed.take(0, &last), None);
        assert!(!listed.is_whole());
        assert!(listed.difference("it").is_some());
        let counted = page(r#"{"data":[{"id":"a"}],"show_next":false,"total":1.0}"#);
        listed.take(0, &counted);
        assert!(listed.is_whole());
        assert_eq!(listed.difference("it"), None);
    }

    #[test]
    fn pages_without_news_that_promise_more_end_after_a_second_look() {
        let mut listed = Listed::default();
        let full = page(r#"{"data":[{"id":"a"}],"show_next":true,"total":9}"#);
        let empty = page(r#"{"data":[],"show_next":true,"total":9}"#);
        assert_eq!(listed.take(0, &full), Some(1));
        assert_eq!(listed.take(1, &empty), Some(1));
        assert_eq!(listed.take(1, &empty), None);
        // The same page again and again is no news either.
        let mut listed = Listed::default();
        assert_eq!(listed.take(0, &full), Some(1));
        assert_eq!(listed.take(1, &full), Some(1));
        assert_eq!(listed.take(1, &full), None);
    }

    #[test]
    fn without_show_next_the_page_count_tells_the_end() {
        assert!(page(r#"{"data":[],"page":0,"page_count":2}"#).has_next);
        assert!(!page(r#"{"data":[],"page":1,"page_count":2}"#).has_next);
        assert!(!page(r#"{"data":[]}"#).has_next);
    }
}
