//! What failed and was not had since, and whether anybody still asks for it.

use std::collections::HashSet;

use jiff::Timestamp;

use super::schedule::next_try;
use crate::archive::{Failure, Index, Slot, Workout, endpoint as name};

/// Something that failed and was not had since.
#[derive(Debug)]
pub(crate) struct Item<'a> {
    pub(crate) endpoint: &'static str,
    pub(crate) key: &'a str,
    pub(crate) failure: &'a Failure,
    pub(crate) standing: Standing,
    /// When it is tried again, if it is; a moment that has passed is the next run.
    pub(crate) next_try: Option<Timestamp>,
}

/// What becomes of an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Standing {
    /// It is tried again.
    Outstanding,
    /// The refusal is the answer: a private or vanished member, a class or an instructor that Peloton
    /// has removed. The copy inside the workouts is kept. Where runs ask for such things, they go on to.
    Settled,
    /// No run asks for it any more: its member is unfollowed, private or gone, or nobody's list has it.
    Dropped,
}

impl Item<'_> {
    pub(crate) fn is_outstanding(&self) -> bool {
        self.standing == Standing::Outstanding
    }
}

/// How much of what was asked for is not had and will be asked for again.
pub(crate) fn outstanding(index: &Index) -> u64 {
    items(index).filter(Item::is_outstanding).count() as u64
}

/// Every slot with a failure. What Peloton has deleted is missed by nobody.
pub(crate) fn items(index: &Index) -> impl Iterator<Item = Item<'_>> {
    let reach = Reach::of(index);
    let refused = index.refused.iter();
    let refused = refused.map(|(line, slot)| (name::IMPORT, line.as_str(), slot));
    let slots = workouts(index)
        .chain(catalog(index))
        .chain(members(index))
        .chain(refused);
    slots.filter_map(move |(endpoint, key, slot)| {
        let failure = slot.failure.as_ref()?;
        Some(Item {
            endpoint,
            key,
            failure,
            standing: reach.standing(endpoint, key, failure),
            next_try: reach.next_try(endpoint, key, failure),
        })
    })
}

type Asked<'a> = (&'static str, &'a str, &'a Slot);

fn workouts(index: &Index) -> impl Iterator<Item = Asked<'_>> {
    let there = index
        .workouts
        .iter()
        .filter(|(_, workout)| workout.missing.is_none());
    there.flat_map(|(id, workout)| {
        [
            (name::WORKOUT, id.as_str(), &workout.detail),
            (name::GRAPH, id, &workout.graph),
        ]
    })
}

fn catalog(index: &Index) -> impl Iterator<Item = Asked<'_>> {
    let rides = index.rides.iter();
    let rides = rides.map(|(id, ride)| (name::RIDE_DETAILS, id.as_str(), &ride.details));
    let instructors = index.instructors.iter();
    let instructors =
        instructors.map(|(id, instructor)| (name::INSTRUCTOR, id.as_str(), &instructor.by_id));
    rides.chain(instructors).chain([
        (name::METADATA_MAPPINGS, "", &index.catalog),
        (name::INSTRUCTORS, "", &index.instructor_list),
    ])
}

fn members(index: &Index) -> impl Iterator<Item = Asked<'_>> {
    index.members.iter().flat_map(|(id, member)| {
        [
            (name::ME, id.as_str(), &member.me),
            (name::USER, id, &member.user),
            (name::SETTINGS, id, &member.settings),
            (name::OVERVIEW, id, &member.overview),
            (name::CALENDAR, id, &member.calendar),
            (name::ACHIEVEMENTS, id, &member.achievements),
            (name::CHALLENGES_CURRENT, id, &member.challenges_current),
            (name::CHALLENGES_PAST, id, &member.challenges_past),
            (name::FOLLOWING, id, &member.following),
            (name::FOLLOWERS, id, &member.followers),
            (name::WORKOUTS, id, &member.list),
        ]
    })
}

/// What runs ask for: the own account, those whom it follows, their workouts, the classes of those.
struct Reach<'a> {
    index: &'a Index,
    rides: HashSet<&'a str>,
}

impl<'a> Reach<'a> {
    fn of(index: &'a Index) -> Self {
        let rides = index
            .workouts
            .values()
            .filter(|workout| is_workout_asked(index, workout))
            .filter_map(|workout| workout.ride_id.as_deref())
            .collect();
        Self { index, rides }
    }

    fn standing(&self, endpoint: &str, key: &str, failure: &Failure) -> Standing {
        if is_settled(endpoint, failure, is_own(self.index, key)) {
            Standing::Settled
        } else if self.is_asked(endpoint, key) {
            Standing::Outstanding
        } else {
            Standing::Dropped
        }
    }

    fn next_try(&self, endpoint: &str, key: &str, failure: &Failure) -> Option<Timestamp> {
        let is_in_every_run = matches!(endpoint, name::ME | name::FOLLOWING | name::WORKOUTS);
        self.is_asked(endpoint, key).then(|| match is_in_every_run {
            true => failure.last_at,
            false => next_try(failure),
        })
    }

    fn is_asked(&self, endpoint: &str, key: &str) -> bool {
        match endpoint {
            name::WORKOUT | name::GRAPH => {
                let workout = self.index.workouts.get(key);
                workout.is_some_and(|workout| is_workout_asked(self.index, workout))
            }
            name::RIDE_DETAILS => self.rides.contains(key),
            name::INSTRUCTOR => {
                let instructor = self.index.instructors.get(key);
                instructor.is_some_and(|instructor| instructor.row.good.is_none())
            }
            name::METADATA_MAPPINGS | name::INSTRUCTORS => true,
            name::IMPORT => false,
            _ => is_member_asked(self.index, key),
        }
    }
}

/// Whether runs look for what is missing of a workout: where the list of its member can be read, and
/// does not lack it.
pub(crate) fn is_workout_asked(index: &Index, workout: &Workout) -> bool {
    let member_id = &workout.user_id;
    let is_closed = || {
        let member = index.members.get(member_id);
        member.is_some_and(|member| member.list.denied.is_some())
    };
    let is_listed = is_own(index, member_id) || (is_member_asked(index, member_id) && !is_closed());
    is_listed && workout.missing.is_none()
}

fn is_member_asked(index: &Index, id: &str) -> bool {
    let member = index.members.get(id);
    is_own(index, id) || member.is_some_and(|member| member.is_followed())
}

fn is_own(index: &Index, id: &str) -> bool {
    index.own.as_deref() == Some(id)
}

/// Whether a refusal is an answer rather than a failure.
fn is_settled(endpoint: &str, failure: &Failure, is_own: bool) -> bool {
    let may_be = match endpoint {
        name::RIDE_DETAILS | name::INSTRUCTOR => true,
        // A private or vanished member is a state of the member; nobody hides from themselves.
        name::WORKOUTS | name::USER | name::OVERVIEW | name::CALENDAR | name::ACHIEVEMENTS => {
            !is_own
        }
        _ => false,
    };
    may_be && failure.is_denial()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failed(status: u16) -> Slot {
        let failure = Failure {
            status,
            is_refusal: (400..500).contains(&status),
            reason: String::new(),
            tries: 1,
            first_at: Timestamp::UNIX_EPOCH,
            last_at: Timestamp::UNIX_EPOCH,
            segment: 1,
        };
        Slot {
            failure: Some(failure),
            ..Slot::default()
        }
    }

    fn index() -> Index {
        let mut index = Index::default();
        index.own = Some("own".into());
        index
    }

    fn standings(index: &Index) -> Vec<(&'static str, Standing)> {
        let mut standings: Vec<_> = items(index)
            .map(|item| (item.endpoint, item.standing))
            .collect();
        standings.sort_unstable();
        standings
    }

    #[test]
    fn a_removed_class_and_a_private_member_are_no_failures() {
        for (endpoint, status, is_own, expected) in [
            (name::RIDE_DETAILS, 404, false, true),
            (name::WORKOUTS, 403, false, true),
            (name::ACHIEVEMENTS, 404, false, true),
            (name::WORKOUTS, 403, true, false),
            (name::FOLLOWING, 403, true, false),
            (name::SETTINGS, 404, true, false),
            (name::GRAPH, 404, false, false),
            (name::RIDE_DETAILS, 500, false, false),
        ] {
            let failure = failed(status).failure.unwrap();
            let is_settled = is_settled(endpoint, &failure, is_own);
            assert_eq!(is_settled, expected, "{endpoint} {status} {is_own}");
        }
    }

    #[test]
    fn a_gateways_refusal_is_no_answer() {
        let failure = Failure {
            is_refusal: false,
            ..failed(403).failure.unwrap()
        };
        assert!(!is_settled(name::WORKOUTS, &failure, false));
    }

    #[test]
    fn what_every_run_asks_for_is_tried_again_with_the_next_one() {
        let mut index = index();
        let own = index.members.entry("own".into()).or_default();
        own.list = failed(402);
        own.settings = failed(402);
        let member = index.members.entry("member".into()).or_default();
        member.list = failed(403);
        let mut next: Vec<_> = items(&index)
            .map(|item| (item.endpoint, item.next_try.map(Timestamp::as_second)))
            .collect();
        next.sort_unstable();
        let expected = [
            (name::SETTINGS, Some(86_400)),
            (name::WORKOUTS, None),
            (name::WORKOUTS, Some(0)),
        ];
        assert_eq!(next, expected);
    }

    #[test]
    fn a_workout_is_asked_for_where_its_list_is() {
        for (user_id, standing) in [
            ("own", Standing::Outstanding),
            ("stranger", Standing::Dropped),
            ("", Standing::Dropped),
        ] {
            let mut index = index();
            let workout = index.workouts.entry("workout".into()).or_default();
            workout.user_id = user_id.into();
            workout.graph = failed(403);
            workout.ride_id = Some("ride".into());
            index.rides.entry("ride".into()).or_default().details = failed(500);
            let expected = [("ride/details", standing), (name::GRAPH, standing)];
            assert_eq!(standings(&index), expected, "`{user_id}`");
        }
    }

    #[test]
    fn a_class_of_no_workout_and_a_mere_follower_are_asked_for_by_nobody() {
        let mut index = index();
        index.rides.entry("ride".into()).or_default().details = failed(500);
        index.members.entry("follower".into()).or_default().user = failed(500);
        index.members.entry("own".into()).or_default().user = failed(500);
        let mut expected = [
            ("ride/details", Standing::Dropped),
            ("user", Standing::Outstanding),
            ("user", Standing::Dropped),
        ];
        expected.sort_unstable();
        assert_eq!(standings(&index), expected);
    }
}
