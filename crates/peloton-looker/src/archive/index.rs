//! What the archive knows: for everything that was ever asked, the newest good answer, where it
//! stands, and what failed since. A pure fold over the observations, in their order.

mod changes;
mod fold;
mod rows;
mod slot;

use std::collections::{BTreeMap, HashMap, HashSet};

use anyhow::Result;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Archive;
use crate::error::Advised;

pub(crate) use changes::Changes;
pub(crate) use slot::{Failure, Slot};

/// Everything known, by id.
#[derive(Debug, Clone, Default)]
pub(crate) struct Index {
    pub(crate) workouts: HashMap<String, Workout>,
    pub(crate) rides: HashMap<String, Ride>,
    pub(crate) instructors: HashMap<String, Instructor>,
    pub(crate) members: BTreeMap<String, Member>,
    /// The member whose account it is; the answer of `/api/me` says it.
    pub(crate) own: Option<String>,
    pub(crate) catalog: Slot,
    /// The list of all instructors, one slot for its pages.
    pub(crate) instructor_list: Slot,
    pub(crate) runs: BTreeMap<String, Run>,
    pub(crate) imports: BTreeMap<String, Slot>,
    /// Rows of the file imported last that could not be taken, by line: what an earlier file lacked, a later
    /// one may have.
    pub(crate) refused: BTreeMap<String, Slot>,
    /// What changed since the last `take_changes`.
    changes: Changes,
    /// Observations folded in so far; the order of events.
    sequence: u64,
    newest_fetch: Option<Timestamp>,
    newest_run: String,
}

/// A workout: its row in a list, its detail, its graph.
#[derive(Debug, Clone, Default)]
pub(crate) struct Workout {
    pub(crate) user_id: String,
    pub(crate) row: Slot,
    pub(crate) detail: Slot,
    pub(crate) graph: Slot,
    /// The list row's digest when the detail and the graph were asked for last, in vain or not: another
    /// one now means that the workout was edited since.
    pub(crate) detail_for: u64,
    pub(crate) graph_for: u64,
    /// When a complete list first failed to show it; cleared when it is seen again.
    pub(crate) missing: Option<Timestamp>,
    pub(crate) in_progress: bool,
    pub(crate) start: Option<i64>,
    pub(crate) created: Option<i64>,
    pub(crate) discipline: String,
    pub(crate) ride_id: Option<String>,
    /// Order of the first list that showed it.
    first_listed: Option<u64>,
}

/// A class: its details, and the copy inside a workout.
#[derive(Debug, Clone, Default)]
pub(crate) struct Ride {
    pub(crate) details: Slot,
    pub(crate) inline: Slot,
    /// Copies in a workout's detail say more than those in a list.
    inline_is_detail: bool,
    /// Where a workout's detail came after the details.
    pub(crate) counters: Option<Counters>,
    pub(crate) instructor_id: Option<String>,
}

/// Ratings and counts of a class. They move daily, so the newest copy counts, whatever answer it is in.
#[derive(Debug, Clone)]
pub(crate) struct Counters {
    /// A JSON object with nothing else in it.
    pub(crate) text: String,
    /// When these were fetched first.
    pub(crate) fetched_at: Timestamp,
}

/// An instructor: by id, in the list of instructors, inside a class.
#[derive(Debug, Clone, Default)]
pub(crate) struct Instructor {
    pub(crate) by_id: Slot,
    pub(crate) row: Slot,
    pub(crate) inline: Slot,
}

/// A member: profile, own lists, and the relation to the account.
#[derive(Debug, Clone, Default)]
pub(crate) struct Member {
    pub(crate) me: Slot,
    pub(crate) user: Slot,
    pub(crate) settings: Slot,
    pub(crate) overview: Slot,
    pub(crate) calendar: Slot,
    pub(crate) achievements: Slot,
    pub(crate) challenges_current: Slot,
    pub(crate) challenges_past: Slot,
    pub(crate) following: Slot,
    pub(crate) followers: Slot,
    /// The list of workouts, page 0: refusals say private or gone.
    pub(crate) list: Slot,
    pub(crate) walk: Option<Walk>,
    /// The row of the own list of followed members.
    pub(crate) followed: Slot,
    /// The row of the own list of followers.
    pub(crate) follower: Slot,
    pub(crate) username: String,
    pub(crate) unfollowed: Option<Timestamp>,
    walked: u64,
}

impl Member {
    /// Whether the own account follows the member, as far as its list was read.
    pub(crate) fn is_followed(&self) -> bool {
        self.followed.good.is_some() && self.unfollowed.is_none()
    }

    /// The answers of which rows are made.
    fn slots(&self) -> [&Slot; 10] {
        [
            &self.me,
            &self.user,
            &self.settings,
            &self.overview,
            &self.calendar,
            &self.achievements,
            &self.challenges_current,
            &self.challenges_past,
            &self.followed,
            &self.follower,
        ]
    }

    /// What the list says about the member: whether it was ever asked for, and the refusal where it is
    /// private (403) or gone (404).
    pub(crate) fn list_says(&self) -> (bool, Option<u16>) {
        let was_asked = self.list.good.is_some() || self.list.failure.is_some();
        (was_asked, self.list.denied)
    }
}

/// A member's list, read to its end.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(crate) struct Walk {
    /// Workouts that the pages showed.
    pub(crate) listed: u64,
    /// Workouts that Peloton says there are.
    pub(crate) total: Option<u64>,
    /// Two runs have found the same: a difference between the two, or an odd list. It is Peloton's own.
    #[serde(default)]
    pub(crate) is_confirmed: bool,
    /// Its pages counted differently, or it ended with a page that promised more.
    #[serde(default)]
    pub(crate) is_odd: bool,
    /// Workouts that were known then and not proven gone: more than the pages showed where some were
    /// deleted of a list whose count proves nothing.
    #[serde(default)]
    pub(crate) known: Option<u64>,
}

impl Walk {
    /// Whether it stands for the list as Peloton has it, however it counts.
    pub(crate) fn is_settled(&self) -> bool {
        !self.is_odd || self.is_confirmed
    }

    /// Workouts that Peloton counts and does not show; below zero, as two's complement, where it shows more.
    pub(crate) fn difference(&self) -> u64 {
        self.total.unwrap_or(self.listed).wrapping_sub(self.listed)
    }

    /// With as many workouts shown as the same difference leaves.
    pub(crate) fn with(self, total: Option<u64>, known: u64) -> Self {
        let listed = total.map_or(known, |total| total.wrapping_sub(self.difference()));
        Self {
            listed,
            total,
            known: Some(known),
            ..self
        }
    }

    /// The same against what was known.
    pub(crate) fn unexplained(&self) -> u64 {
        let known = self.known.unwrap_or(self.listed);
        self.total.unwrap_or(known).wrapping_sub(known)
    }
}

/// A run, as it noted itself.
#[derive(Debug, Clone, Default)]
pub(crate) struct Run {
    pub(crate) started: Option<Timestamp>,
    /// Whether it brought anything to the warehouse.
    pub(crate) has_news: bool,
    /// The newest note of the run, as JSON.
    pub(crate) note: String,
}

impl Index {
    /// All that an archive knows.
    pub(crate) fn of(mut archive: Archive) -> Result<Self> {
        let mut index = Self::default();
        archive.scan(|located, line| index.observe(located, line))?;
        Ok(index)
    }

    /// A profile belongs to one account: the login of another is refused.
    pub(crate) fn check_account(&self, id: &str) -> Result<()> {
        match &self.own {
            Some(own) if own != id => Err(Advised::new(
                format!(
                    "the login is that of member `{id}`, but this profile holds the data of `{own}`"
                ),
                "give every account a profile of its own: --profile NAME",
            )
            .into()),
            _ => Ok(()),
        }
    }

    /// Whether no answer was ever kept.
    pub(crate) fn is_empty(&self) -> bool {
        self.sequence == 0
    }

    /// When the newest observation was made: the only "now" that a rebuild knows.
    pub(crate) fn newest_fetch(&self) -> Option<Timestamp> {
        self.newest_fetch
    }

    /// Whether [`Index::take_changes`] would give something.
    pub(crate) fn has_changed(&self) -> bool {
        !self.changes.is_empty()
    }

    /// What changed since the last call.
    pub(crate) fn take_changes(&mut self) -> Changes {
        std::mem::take(&mut self.changes)
    }

    /// Everything there is, as if it had just changed.
    pub(crate) fn everything(&self) -> Changes {
        Changes {
            workouts: self.workouts.keys().cloned().collect(),
            rides: self.rides.keys().cloned().collect(),
            instructors: self.instructors.keys().cloned().collect(),
            members: self.members.keys().cloned().collect(),
            runs: self.runs.keys().cloned().collect(),
            catalog: self.catalog.good.is_some(),
            items: true,
            imports: !self.imports.is_empty(),
            ..Changes::default()
        }
    }

    /// When each of the answers was fetched of which rows are made, and each of the notes that a row has; µs.
    pub(crate) fn times(&self) -> HashSet<i64> {
        let workouts = self.workouts.values();
        let workouts = workouts.flat_map(|it| [&it.row, &it.detail, &it.graph]);
        let rides = self.rides.values().flat_map(|it| [&it.details, &it.inline]);
        let instructors = self.instructors.values();
        let instructors = instructors.flat_map(|it| [&it.by_id, &it.row, &it.inline]);
        let members = self.members.values().flat_map(Member::slots);
        let slots = workouts.chain(rides).chain(instructors).chain(members);
        let slots = slots.chain([&self.catalog]).chain(self.imports.values());
        let answers = slots.filter_map(|slot| Some(slot.good?.fetched_at));
        let missing = self.workouts.values().filter_map(|it| it.missing);
        let counters = self
            .rides
            .values()
            .filter_map(|it| Some(it.counters.as_ref()?.fetched_at));
        let times = answers.chain(missing).chain(counters);
        times.map(Timestamp::as_microsecond).collect()
    }

    /// Whether a complete walk of that member's list has already seen the workout.
    pub(crate) fn was_walked(&self, member: &str, workout: &str) -> bool {
        let walked = self.members.get(member).map_or(0, |member| member.walked);
        self.workouts
            .get(workout)
            .and_then(|workout| workout.first_listed)
            .is_some_and(|first_listed| first_listed < walked)
    }
}
