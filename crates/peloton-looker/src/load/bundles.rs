//! From what changed in the index to rows: one workout, class, instructor or member at a time.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result};

use super::bodies::{Bodies, Body};
use super::{Kept, imports};
use crate::archive::{Archive, Changes, Index, Located, Member, Slot, Workout};
use crate::extract::items::{self, Standing};
use crate::transform::{
    Access, Answer, Batch, CatalogAnswers, Direction, FollowAnswers, InstructorAnswers, ItemRow,
    Options, Problem, Relation, RideAnswers, Rows, UserAnswers, WorkoutAnswers,
};

/// Seconds that are collected before they are handed over: about 20 MB.
const FLUSH_SAMPLES: usize = 100_000;
/// Bundles without seconds are small, but there may be many.
const FLUSH_BUNDLES: usize = 2_000;

/// Makes the rows of everything that changed and hands them over in pieces.
pub(super) struct Bundles<'a, F> {
    archive: &'a Archive,
    index: &'a Index,
    /// What only the warehouse has, where the rows are laid over those that are there.
    kept: Option<&'a Kept>,
    bodies: Bodies,
    rows: Rows,
    pending: usize,
    hand_over: F,
}

impl<'a, F: FnMut(Vec<Batch>) -> Result<()>> Bundles<'a, F> {
    pub(super) fn new(
        archive: &'a Archive,
        index: &'a Index,
        kept: Option<&'a Kept>,
        options: Options,
        hand_over: F,
    ) -> Self {
        Self {
            archive,
            index,
            kept,
            bodies: Bodies::new(archive),
            rows: Rows::new(options),
            pending: 0,
            hand_over,
        }
    }

    /// Everything that changed, in the order in which it lies in the archive.
    pub(super) fn make(mut self, changes: &Changes) -> Result<()> {
        for id in in_archive_order(&changes.workouts, |id| self.workout_place(id)) {
            self.workout(id)
                .with_context(|| format!("make the rows of workout `{id}`"))?;
        }
        for id in in_archive_order(&changes.rides, |id| self.ride_place(id)) {
            self.ride(id)
                .with_context(|| format!("make the rows of class `{id}`"))?;
        }
        for id in &changes.instructors {
            self.instructor(id)
                .with_context(|| format!("make the row of instructor `{id}`"))?;
        }
        for id in &changes.members {
            self.member(id)
                .with_context(|| format!("make the rows of member `{id}`"))?;
        }
        if !changes.members.is_empty() {
            self.follows()?;
        }
        if changes.catalog {
            let body = self.bodies.of(&self.index.catalog)?;
            self.rows.catalog(&CatalogAnswers {
                metadata_mappings: answer(&body),
            });
        }
        if changes.touches_imports() {
            imports::add(self.index, &mut self.bodies, &mut self.rows)?;
        }
        for run in &changes.runs {
            if let Some(row) = super::runs::row(self.index, run)? {
                self.rows.run(&row);
            }
        }
        if changes.items {
            self.items();
        }
        self.flush()
    }

    fn done(&mut self) -> Result<()> {
        self.pending += 1;
        if self.rows.samples() >= FLUSH_SAMPLES || self.pending >= FLUSH_BUNDLES {
            self.flush()?;
        }
        Ok(())
    }

    fn flush(&mut self) -> Result<()> {
        self.pending = 0;
        for item in unreadable(self.rows.take_problems(), self.index) {
            self.rows.item(&item);
        }
        (self.hand_over)(self.rows.take())
    }

    fn workout_place(&self, id: &str) -> Option<Located> {
        let workout = self.index.workouts.get(id)?;
        [&workout.graph, &workout.detail, &workout.row]
            .iter()
            .find_map(|slot| slot.good)
            .map(|good| good.located)
    }

    fn ride_place(&self, id: &str) -> Option<Located> {
        let ride = self.index.rides.get(id)?;
        ride.details
            .good
            .or(ride.inline.good)
            .map(|good| good.located)
    }

    fn workout(&mut self, id: &str) -> Result<()> {
        let workout: &Workout = self.index.workouts.get(id).context("it is in the index")?;
        let list_row = self.bodies.of(&workout.row)?;
        let lost = |column| self.kept?.lost("workouts", column, id);
        let (lost_detail, lost_graph) = (lost("leaderboard_fetched_at"), lost("graph_fetched_at"));
        let detail = self.bodies.after(&workout.detail, lost_detail)?;
        let graph = self.bodies.after(&workout.graph, lost_graph)?;
        let tombstone = self.kept.and_then(|kept| kept.tombstone(id));
        // Refused before it was ever shown: there is nothing to make a row of.
        if list_row.is_some() || detail.is_some() {
            self.rows.workout(&WorkoutAnswers {
                id,
                user_id: &workout.user_id,
                list_row: answer(&list_row),
                detail: answer(&detail),
                graph: answer(&graph),
                deleted_at: workout.missing.or(tombstone),
            });
        }
        self.done()
    }

    fn ride(&mut self, id: &str) -> Result<()> {
        let ride = self.index.rides.get(id).context("it is in the index")?;
        let lost = self
            .kept
            .and_then(|kept| kept.lost("rides", "details_fetched_at", id));
        let details = self.bodies.after(&ride.details, lost)?;
        let inline = self.bodies.inline_ride(&ride.inline)?;
        if details.is_some() || inline.is_some() {
            let counters = ride.counters.as_ref().map(|counters| Answer {
                body: &counters.text,
                fetched_at: counters.fetched_at,
            });
            self.rows.ride(&RideAnswers {
                id,
                details: answer(&details),
                inline: answer(&inline),
                counters,
            });
        }
        self.done()
    }

    fn instructor(&mut self, id: &str) -> Result<()> {
        let instructor = self
            .index
            .instructors
            .get(id)
            .context("it is in the index")?;
        let by_id = self.bodies.of(&instructor.by_id)?;
        let list_row = self.bodies.of(&instructor.row)?;
        let inline = match (&by_id, &list_row) {
            (None, None) => self.bodies.inline_instructor(&instructor.inline)?,
            _ => None,
        };
        if by_id.is_some() || list_row.is_some() || inline.is_some() {
            self.rows.instructor(&InstructorAnswers {
                id,
                by_id: answer(&by_id),
                list_row: answer(&list_row),
                inline: answer(&inline),
            });
        }
        self.done()
    }

    fn member(&mut self, id: &str) -> Result<()> {
        let member: &Member = self.index.members.get(id).context("it is in the index")?;
        let Some(mut relation) = relation(self.index, id, member) else {
            return Ok(());
        };
        if self.kept.is_some_and(|kept| kept.unfollowed.contains(id)) {
            relation = Relation::Unfollowed;
        }
        let mut of = |slot: &Slot| self.bodies.of(slot);
        let (me, user, settings) = (of(&member.me)?, of(&member.user)?, of(&member.settings)?);
        let (overview, calendar) = (of(&member.overview)?, of(&member.calendar)?);
        let achievements = of(&member.achievements)?;
        let current = of(&member.challenges_current)?;
        let past = of(&member.challenges_past)?;
        let follow_row = of(&member.followed)?;
        self.rows.user(&UserAnswers {
            me: answer(&me),
            user: answer(&user),
            settings: answer(&settings),
            overview: answer(&overview),
            calendar: answer(&calendar),
            achievements: answer(&achievements),
            challenges_current: answer(&current),
            challenges_past: answer(&past),
            follow_row: answer(&follow_row),
            access: access(member),
            ..UserAnswers::new(id, Access::Public, relation)
        });
        self.done()
    }

    /// The own lists of followed members and followers, whole.
    fn follows(&mut self) -> Result<()> {
        let Some(own) = self.index.own.as_deref() else {
            return Ok(());
        };
        let owner = self.index.members.get(own);
        for direction in [Direction::Following, Direction::Followers] {
            let mut bodies = Vec::new();
            for member in self.index.members.values() {
                let slot = match direction {
                    Direction::Following if member.unfollowed.is_some() => continue,
                    Direction::Following => &member.followed,
                    Direction::Followers => &member.follower,
                };
                bodies.extend(self.bodies.of(slot)?);
            }
            let list = owner.map(|owner| match direction {
                Direction::Following => &owner.following,
                Direction::Followers => &owner.followers,
            });
            let is_read = |list: &Slot| list.good.is_some() && list.failure.is_none();
            let rows = bodies.iter().map(Body::answer).collect();
            self.rows.follows(&FollowAnswers {
                user_id: own,
                direction,
                rows,
                is_whole: list.is_some_and(is_read),
            });
        }
        Ok(())
    }

    fn items(&mut self) {
        for item in items::items(self.index) {
            let (endpoint, key, failure) = (item.endpoint, item.key, item.failure);
            let status = match item.standing {
                Standing::Settled => "gone",
                _ if failure.is_refusal => "refused",
                _ => "failed",
            };
            let user_id = self
                .index
                .workouts
                .get(key)
                .map(|workout| workout.user_id.clone());
            let member = self.index.members.contains_key(key).then(|| key.to_owned());
            self.rows.item(&ItemRow {
                id: format!("{endpoint}/{key}"),
                endpoint: endpoint.into(),
                key: key.into(),
                user_id: user_id.or(member),
                status: status.into(),
                http_status: (failure.status > 0).then(|| i64::from(failure.status)),
                reason: Some(failure.reason.clone()),
                tries: failure.tries.into(),
                first_tried_at: Some(failure.first_at),
                last_tried_at: Some(failure.last_at),
                next_try_at: item.next_try,
                run_id: self.run_of(failure.segment),
            });
        }
    }

    /// A run writes one segment, and is named after it.
    fn run_of(&self, segment: u32) -> Option<String> {
        let id = self.archive.run_of(segment)?;
        self.index.runs.contains_key(&id).then_some(id)
    }
}

/// One item a table and bundle, with all that could not be read there.
fn unreadable(problems: Vec<Problem>, index: &Index) -> Vec<ItemRow> {
    let mut texts: BTreeMap<(&'static str, String), Vec<String>> = BTreeMap::new();
    for problem in problems {
        let text = format!("`{}`: {}", problem.column, problem.text);
        texts
            .entry((problem.table, problem.key))
            .or_default()
            .push(text);
    }
    let item = |((table, key), texts): ((&str, String), Vec<String>)| ItemRow {
        id: format!("unreadable/{table}/{key}"),
        endpoint: table.into(),
        user_id: index
            .workouts
            .get(&key)
            .map(|workout| workout.user_id.clone()),
        key,
        status: "unreadable".into(),
        http_status: None,
        reason: Some(texts.join("; ")),
        tries: 1,
        first_tried_at: None,
        last_tried_at: None,
        next_try_at: None,
        run_id: None,
    };
    texts.into_iter().map(item).collect()
}

fn answer(body: &Option<Body>) -> Option<Answer<'_>> {
    body.as_ref().map(Body::answer)
}

/// Members are the own account and everybody who is or was followed; a mere follower is not.
fn relation(index: &Index, id: &str, member: &Member) -> Option<Relation> {
    if index.own.as_deref() == Some(id) {
        Some(Relation::Own)
    } else if member.unfollowed.is_some() {
        Some(Relation::Unfollowed)
    } else {
        member
            .followed
            .good
            .is_some()
            .then_some(Relation::Following)
    }
}

/// The newest answer of the list decides; the profile, where the list was never asked for. None where neither
/// says anything.
fn access(member: &Member) -> Option<Access> {
    let (was_asked, denied) = match member.list_says() {
        (true, denied) => (true, denied),
        (false, _) => (false, member.user.denied),
    };
    match denied {
        Some(404) => Some(Access::Gone),
        Some(_) => Some(Access::Private),
        None => was_asked.then_some(Access::Public),
    }
}

fn in_archive_order(ids: &BTreeSet<String>, place: impl Fn(&str) -> Option<Located>) -> Vec<&str> {
    let mut ids: Vec<(Option<Located>, &str)> =
        ids.iter().map(|id| (place(id), id.as_str())).collect();
    ids.sort();
    ids.into_iter().map(|(_, id)| id).collect()
}
