//! What the archive knows: for everything that was ever asked, the newest good answer, where it
//! stands, and what failed since. A pure fold over the observations, in their order.

mod rows;
mod slot;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use anyhow::{Context, Result};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Line, Located, endpoint};
use rows::{
    FollowPage, InstructorPage, RideDetailsHead, RideHead, WorkoutHead, WorkoutPage, digest,
};
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
    /// What changed since the last `take_changes`.
    changes: Changes,
    /// Observations folded in so far; the order of events.
    sequence: u64,
    newest_fetch: Option<Timestamp>,
    newest_run: String,
}

/// Ids whose rows have to be made again.
#[derive(Debug, Clone, Default)]
pub(crate) struct Changes {
    pub(crate) workouts: BTreeSet<String>,
    pub(crate) rides: BTreeSet<String>,
    pub(crate) instructors: BTreeSet<String>,
    pub(crate) members: BTreeSet<String>,
    pub(crate) runs: BTreeSet<String>,
    pub(crate) catalog: bool,
    pub(crate) items: bool,
    pub(crate) imports: bool,
    /// Whether the last observation changed anything.
    is_touched: bool,
}

/// A workout: its row in a list, its detail, its graph.
#[derive(Debug, Clone, Default)]
pub(crate) struct Workout {
    pub(crate) user_id: String,
    pub(crate) row: Slot,
    pub(crate) detail: Slot,
    pub(crate) graph: Slot,
    /// The list row's digest when the detail and the graph were fetched: another one now means
    /// that the workout was edited since.
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
    pub(crate) instructor_id: Option<String>,
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

/// A member's list, read to its end.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(crate) struct Walk {
    /// Workouts that the pages showed.
    pub(crate) listed: u64,
    /// Workouts that Peloton says there are.
    pub(crate) total: Option<u64>,
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
    /// When the newest observation was made: the only "now" that a rebuild knows.
    pub(crate) fn newest_fetch(&self) -> Option<Timestamp> {
        self.newest_fetch
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
            is_touched: false,
        }
    }

    /// Folds one observation in.
    pub(crate) fn observe(&mut self, located: Located, line: &Line<'_>) -> Result<()> {
        self.sequence += 1;
        self.newest_fetch = self.newest_fetch.max(Some(line.fetched_at));
        self.changes.is_touched = false;
        self.fold(located, line).with_context(|| {
            format!(
                "take `{}` of `{}` from the archive",
                line.endpoint, line.key
            )
        })?;
        if self.changes.is_touched
            && let Some(run) = self.runs.get_mut(&self.newest_run)
            && !std::mem::replace(&mut run.has_news, true)
        {
            self.changes.runs.insert(self.newest_run.clone());
        }
        Ok(())
    }

    fn fold(&mut self, located: Located, line: &Line<'_>) -> Result<()> {
        let key = line.key.as_ref();
        match line.endpoint.as_ref() {
            endpoint::WORKOUTS => self.fold_workouts(located, line),
            endpoint::WORKOUT => self.fold_detail(located, line),
            endpoint::GRAPH => {
                self.fold_graph(located, line);
                Ok(())
            }
            endpoint::RIDE_DETAILS => self.fold_ride_details(located, line),
            endpoint::INSTRUCTOR => {
                let slot = &mut self.instructors.entry(key.into()).or_default().by_id;
                let changed = slot.observe(located, line, content_digest(line)?);
                self.changes
                    .note(changed, |changes| changes.instructors.insert(key.into()));
                Ok(())
            }
            endpoint::INSTRUCTORS => self.fold_instructors(located, line),
            endpoint::METADATA_MAPPINGS => {
                let changed = self.catalog.observe(located, line, content_digest(line)?);
                self.changes.note(changed, |changes| changes.catalog = true);
                Ok(())
            }
            endpoint::FOLLOWING | endpoint::FOLLOWERS => self.fold_follows(located, line),
            endpoint::WALK => self.fold_walk(line),
            endpoint::MISSING => {
                if let Some(workout) = self.workouts.get_mut(key) {
                    workout.missing = Some(line.fetched_at);
                    let has_failed = workout.has_failed();
                    self.changes.note(true, |changes| {
                        changes.items |= has_failed;
                        changes.workouts.insert(key.into())
                    });
                }
                Ok(())
            }
            endpoint::UNFOLLOWED => {
                self.members.entry(key.into()).or_default().unfollowed = Some(line.fetched_at);
                self.changes
                    .note(true, |changes| changes.members.insert(key.into()));
                Ok(())
            }
            endpoint::UNFOLLOWED_BY => {
                self.members.entry(key.into()).or_default().follower = Slot::default();
                self.changes
                    .note(true, |changes| changes.members.insert(key.into()));
                Ok(())
            }
            endpoint::RUN => self.fold_run(line),
            endpoint::IMPORT => {
                let digest = content_digest(line)?;
                let slot = self.imports.entry(key.into()).or_default();
                let changed = slot.observe(located, line, digest);
                self.changes.note(changed, |changes| changes.imports = true);
                Ok(())
            }
            _ => self.fold_member(located, line),
        }
    }

    fn fold_member(&mut self, located: Located, line: &Line<'_>) -> Result<()> {
        let key = line.key.as_ref();
        let digest = content_digest(line)?;
        let member = self.members.entry(key.into()).or_default();
        let slot = match line.endpoint.as_ref() {
            endpoint::ME => &mut member.me,
            endpoint::USER => &mut member.user,
            endpoint::SETTINGS => &mut member.settings,
            endpoint::OVERVIEW => &mut member.overview,
            endpoint::CALENDAR => &mut member.calendar,
            endpoint::ACHIEVEMENTS => &mut member.achievements,
            endpoint::CHALLENGES_CURRENT => &mut member.challenges_current,
            endpoint::CHALLENGES_PAST => &mut member.challenges_past,
            // Kept raw for whoever asked with `api get`; no table is made of it.
            _ => return Ok(()),
        };
        let changed = slot.observe(located, line, digest);
        if line.endpoint == endpoint::ME && line.is_good() {
            self.own = Some(key.into());
        }
        self.changes
            .note(changed, |changes| changes.members.insert(key.into()));
        Ok(())
    }

    fn fold_workouts(&mut self, located: Located, line: &Line<'_>) -> Result<()> {
        let member_id = line.key.as_ref();
        let member = self.members.entry(member_id.into()).or_default();
        let access_before = member.list.refusal();
        // The content of a page is in its rows; the slot remembers refusals only.
        let _ = member.list.observe(located, line, 0);
        let access_changed = member.list.refusal() != access_before;
        self.changes.note(access_changed, |changes| {
            changes.members.insert(member_id.into())
        });
        let Some(body) = line.body()?.filter(|_| line.is_good()) else {
            return Ok(());
        };
        let page: WorkoutPage<'_> = serde_json::from_str(&body).context("read a page")?;
        for (row, raw) in (0..).zip(page.data) {
            let Ok(head) = serde_json::from_str::<WorkoutHead<'_>>(raw.get()) else {
                continue;
            };
            let located = Located {
                row: Some(row),
                ..located
            };
            self.fold_row(located, line, member_id, &head);
        }
        Ok(())
    }

    fn fold_row(
        &mut self,
        located: Located,
        line: &Line<'_>,
        member: &str,
        head: &WorkoutHead<'_>,
    ) {
        let Some(id) = head.id() else { return };
        let workout = self.workouts.entry(id.clone()).or_default();
        workout.first_listed.get_or_insert(self.sequence);
        let was_missing = workout.missing.take().is_some();
        let has_failed = workout.has_failed();
        if workout.user_id.is_empty() {
            workout.user_id = member.into();
        }
        let changed = workout.row.observe(located, line, head.digest());
        if changed {
            workout.take_head(head);
        }
        self.changes.note(changed || was_missing, |changes| {
            changes.items |= was_missing && has_failed;
            changes.workouts.insert(id)
        });
        if let Some(ride) = head.ride() {
            self.fold_inline_ride(located, line, &ride, false);
        }
    }

    fn fold_detail(&mut self, located: Located, line: &Line<'_>) -> Result<()> {
        let id = line.key.as_ref();
        let body = line.body()?.filter(|_| line.is_good());
        let head = match &body {
            Some(body) => serde_json::from_str::<WorkoutHead<'_>>(body).ok(),
            None => None,
        };
        let workout = self.workouts.entry(id.into()).or_default();
        let digest = body.as_deref().map_or(0, digest);
        let changed = workout.detail.observe(located, line, digest);
        if let Some(head) = &head {
            workout.detail_for = workout.row.digest();
            if workout.row.good.is_none() || changed {
                workout.take_head(head);
            }
            if let Some(user_id) = head.user_id() {
                workout.user_id = user_id;
            }
        }
        self.changes
            .note(changed, |changes| changes.workouts.insert(id.into()));
        if let Some(ride) = head.as_ref().and_then(WorkoutHead::ride) {
            self.fold_inline_ride(located, line, &ride, true);
        }
        Ok(())
    }

    fn fold_graph(&mut self, located: Located, line: &Line<'_>) {
        let id = line.key.as_ref();
        let workout = self.workouts.entry(id.into()).or_default();
        if line.is_good() {
            workout.graph_for = workout.row.digest();
        }
        // A graph is fetched when it is wanted anew, so every answer counts as changed.
        let changed = workout.graph.observe(located, line, self.sequence);
        self.changes
            .note(changed, |changes| changes.workouts.insert(id.into()));
    }

    fn fold_inline_ride(
        &mut self,
        located: Located,
        line: &Line<'_>,
        head: &RideHead<'_>,
        is_detail: bool,
    ) {
        let Some(id) = head.id() else { return };
        let ride = self.rides.entry(id.clone()).or_default();
        // One copy is enough: the counters in it move daily and must not count as news.
        if ride.inline.good.is_none() || (is_detail && !ride.inline_is_detail) {
            ride.inline.observe(located, line, u64::from(is_detail));
            ride.inline_is_detail = is_detail;
            if ride.details.good.is_none() {
                self.changes
                    .note(true, |changes| changes.rides.insert(id.clone()));
            }
        }
        let Some(instructor_id) = head.instructor_id() else {
            return;
        };
        ride.instructor_id
            .get_or_insert_with(|| instructor_id.clone());
        let instructor = self.instructors.entry(instructor_id.clone()).or_default();
        if head.has_instructor() && instructor.inline.good.is_none() {
            instructor.inline.observe(located, line, 0);
            if instructor.by_id.good.is_none() && instructor.row.good.is_none() {
                self.changes
                    .note(true, |changes| changes.instructors.insert(instructor_id));
            }
        }
    }

    fn fold_ride_details(&mut self, located: Located, line: &Line<'_>) -> Result<()> {
        let id = line.key.as_ref();
        let body = line.body()?.filter(|_| line.is_good());
        let head = body
            .as_deref()
            .and_then(|body| serde_json::from_str::<RideDetailsHead<'_>>(body).ok());
        let ride = self.rides.entry(id.into()).or_default();
        let changed = ride
            .details
            .observe(located, line, body.as_deref().map_or(0, digest));
        if let Some(instructor_id) = head.and_then(|head| head.instructor_id()) {
            self.instructors.entry(instructor_id.clone()).or_default();
            ride.instructor_id = Some(instructor_id);
        }
        self.changes
            .note(changed, |changes| changes.rides.insert(id.into()));
        Ok(())
    }

    fn fold_instructors(&mut self, located: Located, line: &Line<'_>) -> Result<()> {
        let _ = self.instructor_list.observe(located, line, 0);
        let Some(body) = line.body()?.filter(|_| line.is_good()) else {
            return Ok(());
        };
        let page: InstructorPage<'_> = serde_json::from_str(&body).context("read a page")?;
        for (row, (id, raw)) in (0..).zip(page.rows()) {
            let Some(id) = id else { continue };
            let slot = &mut self.instructors.entry(id.clone()).or_default().row;
            let located = Located {
                row: Some(row),
                ..located
            };
            let changed = slot.observe(located, line, digest(raw));
            self.changes
                .note(changed, |changes| changes.instructors.insert(id));
        }
        Ok(())
    }

    fn fold_follows(&mut self, located: Located, line: &Line<'_>) -> Result<()> {
        let is_following = line.endpoint == endpoint::FOLLOWING;
        let owner = self.members.entry(line.key.as_ref().into()).or_default();
        let list = if is_following {
            &mut owner.following
        } else {
            &mut owner.followers
        };
        let _ = list.observe(located, line, 0);
        let Some(body) = line.body()?.filter(|_| line.is_good()) else {
            return Ok(());
        };
        let page: FollowPage<'_> = serde_json::from_str(&body).context("read a page")?;
        for (row, head) in (0..).zip(page.rows()) {
            let Some(head) = head else { continue };
            let member = self.members.entry(head.id.clone()).or_default();
            let slot = if is_following {
                &mut member.followed
            } else {
                &mut member.follower
            };
            let located = Located {
                row: Some(row),
                ..located
            };
            let mut changed = slot.observe(located, line, head.digest);
            if is_following {
                changed |= member.unfollowed.take().is_some();
                member.username = head.username;
            }
            self.changes
                .note(changed, |changes| changes.members.insert(head.id));
        }
        Ok(())
    }

    fn fold_walk(&mut self, line: &Line<'_>) -> Result<()> {
        let body = line.body()?.context("a walk without its counts")?;
        let member = self.members.entry(line.key.as_ref().into()).or_default();
        member.walk = Some(serde_json::from_str(&body).context("read a walk")?);
        member.walked = self.sequence;
        Ok(())
    }

    fn fold_run(&mut self, line: &Line<'_>) -> Result<()> {
        let run = self.runs.entry(line.key.as_ref().into()).or_default();
        if run.started.is_none() {
            run.started = Some(line.fetched_at);
            self.newest_run = line.key.as_ref().into();
        }
        run.note = line.body()?.context("a run without its note")?;
        let has_news = run.has_news;
        self.changes.note(has_news, |changes| {
            changes.runs.insert(line.key.as_ref().into())
        });
        Ok(())
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

impl Workout {
    fn has_failed(&self) -> bool {
        self.detail.failure.is_some() || self.graph.failure.is_some()
    }

    fn take_head(&mut self, head: &WorkoutHead<'_>) {
        self.in_progress = head.is_in_progress();
        self.start = head.start_time().or(self.start);
        self.created = head.created_at().or(self.created);
        self.ride_id = head
            .ride()
            .and_then(|ride| ride.id())
            .or(self.ride_id.take());
        if let Some(discipline) = head.discipline() {
            self.discipline = discipline;
        }
    }
}

impl Changes {
    /// Failures and recoveries change `sync_items` too, so every change does.
    fn note<T>(&mut self, changed: bool, change: impl FnOnce(&mut Self) -> T) {
        if changed {
            change(self);
            self.items = true;
            self.is_touched = true;
        }
    }

    /// Whether rows of anything with that id have to be made again.
    pub(crate) fn contains(&self, id: &str) -> bool {
        [
            &self.workouts,
            &self.rides,
            &self.instructors,
            &self.members,
        ]
        .iter()
        .any(|changed| changed.contains(id))
    }

    pub(crate) fn merge(&mut self, other: Self) {
        self.workouts.extend(other.workouts);
        self.rides.extend(other.rides);
        self.instructors.extend(other.instructors);
        self.members.extend(other.members);
        self.runs.extend(other.runs);
        self.catalog |= other.catalog;
        self.items |= other.items;
        self.imports |= other.imports;
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.workouts.is_empty()
            && self.rides.is_empty()
            && self.instructors.is_empty()
            && self.members.is_empty()
            && !self.catalog
            && !self.items
            && !self.imports
    }
}

fn content_digest(line: &Line<'_>) -> Result<u64> {
    Ok(line.body()?.as_deref().map_or(0, digest))
}
