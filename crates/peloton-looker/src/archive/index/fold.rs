//! What each observation does to the index.

use std::collections::BTreeMap;

use anyhow::{Context, Result};

use super::rows::{
    FollowPage, InstructorPage, RideDetailsHead, RideHead, WorkoutHead, WorkoutPage, counters,
    digest, username,
};
use super::{Counters, Failure, Index, Slot, Walk, Workout};
use crate::archive::{Line, Located, RunNote, endpoint};
use crate::workout_history;

impl Index {
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
            endpoint::READ => self.fold_read(located, line),
            endpoint::WALK => self.fold_walk(line),
            endpoint::MISSING => {
                if let Some(workout) = self.workouts.get_mut(key) {
                    workout.missing = Some(line.fetched_at);
                    self.changes
                        .note(true, |changes| changes.workouts.insert(key.into()));
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
                self.refused = refused_rows(located, line)?;
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
        if line.endpoint == endpoint::ME
            && let Some(body) = line.body()?.filter(|_| line.is_good())
        {
            member.username = username(&body).unwrap_or_default();
            if self.own.as_deref() != Some(key) {
                self.own = Some(key.into());
                // They were nobody's until now.
                self.changes.imports |= !self.imports.is_empty();
            }
        }
        self.changes
            .note(changed, |changes| changes.members.insert(key.into()));
        Ok(())
    }

    fn fold_workouts(&mut self, located: Located, line: &Line<'_>) -> Result<()> {
        let member_id = line.key.as_ref();
        let member = self.members.entry(member_id.into()).or_default();
        let access_before = member.list_says();
        // The content of a page is in its rows; the slot remembers refusals only.
        let is_other = member.list.observe_page(located, line, true);
        let access_changed = member.list_says() != access_before;
        self.changes.note_item(is_other);
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
        if workout.user_id.is_empty() {
            workout.user_id = member.into();
        }
        let changed = workout.row.observe(located, line, head.digest());
        if changed {
            workout.take_head(head);
        }
        self.changes.note(changed || was_missing, |changes| {
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
        workout.detail_for = workout.row.digest();
        if let Some(head) = &head {
            if workout.row.good.is_none() || changed {
                workout.take_head(head);
            }
            if let Some(user_id) = head.user_id() {
                workout.user_id = user_id;
            }
        }
        self.changes
            .note(changed, |changes| changes.workouts.insert(id.into()));
        if let Some(head) = &head
            && let Some(ride) = head.ride()
        {
            self.fold_inline_ride(located, line, &ride, true);
            self.fold_counters(line, &ride, head.ride_text());
        }
        Ok(())
    }

    fn fold_counters(&mut self, line: &Line<'_>, head: &RideHead<'_>, text: Option<&str>) {
        let (Some(id), Some(text)) = (head.id(), text.and_then(counters)) else {
            return;
        };
        let ride = self.rides.entry(id.clone()).or_default();
        let known = ride.counters.as_ref().map(|counters| &counters.text);
        if known != Some(&text) {
            ride.counters = Some(Counters {
                text,
                fetched_at: line.fetched_at,
            });
            self.changes.note(true, |changes| changes.rides.insert(id));
        }
    }

    fn fold_graph(&mut self, located: Located, line: &Line<'_>) {
        let id = line.key.as_ref();
        let workout = self.workouts.entry(id.into()).or_default();
        workout.graph_for = workout.row.digest();
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
            self.changes
                .note(true, |changes| changes.rides.insert(id.clone()));
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
        if head.as_ref().is_some_and(RideDetailsHead::has_ride) {
            ride.counters = None;
        }
        if let Some(instructor_id) = head.and_then(|head| head.instructor_id()) {
            self.instructors.entry(instructor_id.clone()).or_default();
            ride.instructor_id = Some(instructor_id);
        }
        self.changes
            .note(changed, |changes| changes.rides.insert(id.into()));
        Ok(())
    }

    fn fold_instructors(&mut self, located: Located, line: &Line<'_>) -> Result<()> {
        let Some(body) = line.body()?.filter(|_| line.is_good()) else {
            let is_other = self.instructor_list.observe_page(located, line, false);
            self.changes.note_item(is_other);
            return Ok(());
        };
        let page: InstructorPage<'_> = serde_json::from_str(&body).context("read a page")?;
        // A list is read when its end is: a kill in the middle leaves it due.
        let is_other = self
            .instructor_list
            .observe_page(located, line, page.is_last());
        self.changes.note_item(is_other);
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
        let list = self.list(&line.endpoint, &line.key);
        let Some(body) = line.body()?.filter(|_| line.is_good()) else {
            let is_other = list.observe_page(located, line, false);
            self.changes.note_item(is_other);
            return Ok(());
        };
        let page: FollowPage<'_> = serde_json::from_str(&body).context("read a page")?;
        let is_other = list.observe_page(located, line, page.is_last());
        self.changes.note_item(is_other);
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

    fn fold_read(&mut self, located: Located, line: &Line<'_>) -> Result<()> {
        let body = line.body()?.context("a list without its endpoint")?;
        let list: String = serde_json::from_str(&body).context("read which list it was")?;
        let has_recovered = self.list(&list, &line.key).recover(located, line);
        self.changes.note_item(has_recovered);
        Ok(())
    }

    /// The slot of a list, by its endpoint.
    pub(in crate::archive) fn list(&mut self, name: &str, owner: &str) -> &mut Slot {
        if name == endpoint::INSTRUCTORS {
            return &mut self.instructor_list;
        }
        let owner = self.members.entry(owner.into()).or_default();
        match name {
            endpoint::FOLLOWING => &mut owner.following,
            endpoint::FOLLOWERS => &mut owner.followers,
            _ => &mut owner.list,
        }
    }

    fn fold_walk(&mut self, line: &Line<'_>) -> Result<()> {
        let body = line.body()?.context("a walk without its counts")?;
        let member = self.members.entry(line.key.as_ref().into()).or_default();
        let walk: Walk = serde_json::from_str(&body).context("read a walk")?;
        member.walk = Some(walk);
        // Else the next run walks the list as if none had before.
        if walk.is_settled() {
            member.walked = self.sequence;
        }
        Ok(())
    }

    fn fold_run(&mut self, line: &Line<'_>) -> Result<()> {
        let note = line.body()?.context("a run without its note")?;
        serde_json::from_str::<RunNote>(&note).context("read the note of a run")?;
        let run = self.runs.entry(line.key.as_ref().into()).or_default();
        if run.started.is_none() {
            run.started = Some(line.fetched_at);
            self.newest_run = line.key.as_ref().into();
        }
        run.note = note;
        let has_news = run.has_news;
        self.changes.note(has_news, |changes| {
            changes.runs.insert(line.key.as_ref().into())
        });
        Ok(())
    }
}

impl Workout {
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

fn content_digest(line: &Line<'_>) -> Result<u64> {
    Ok(line.body()?.as_deref().map_or(0, digest))
}

/// What of an imported file could not be taken, as failures that nobody tries again.
fn refused_rows(located: Located, line: &Line<'_>) -> Result<BTreeMap<String, Slot>> {
    let body = line.body()?.context("an import without its file")?;
    let (_, refused) = workout_history::read(&body)?;
    let failure = |reason| Failure {
        status: 0,
        is_refusal: true,
        reason,
        tries: 1,
        first_at: line.fetched_at,
        last_at: line.fetched_at,
        segment: located.segment,
    };
    let slot = |row: workout_history::Refused| Slot {
        failure: Some(failure(row.reason)),
        ..Slot::default()
    };
    let rows = refused.into_iter();
    Ok(rows
        .map(|row| (format!("line {}", row.line), slot(row)))
        .collect())
}
