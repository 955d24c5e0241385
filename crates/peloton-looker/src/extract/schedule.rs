//! When something is asked for again. The table in the documentation says the same.

use jiff::{SignedDuration, Timestamp};

use crate::archive::{Failure, Ride, Slot, Workout};

const DAY: SignedDuration = SignedDuration::from_hours(24);
const WEEK: SignedDuration = SignedDuration::from_hours(7 * 24);
/// A weekly sync must not find last week's answer a minute too young.
const SLACK: SignedDuration = SignedDuration::from_hours(1);
/// Failures that the next run tries again at once.
const EAGER_TRIES: u32 = 3;
const LONGEST_WAIT_DAYS: i64 = 30;

/// What a request is made for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Why {
    /// Never fetched.
    New,
    /// Fetched before, and its row in the list says something else now.
    Edited,
    /// It was not finished when it was fetched.
    InProgress,
    /// It failed before, and its time has come.
    Retry,
    /// It is old enough to be looked at again.
    Refresh,
    /// Somebody asked for it.
    Asked,
}

impl Why {
    pub(crate) fn text(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Edited => "edited",
            Self::InProgress => "in progress",
            Self::Retry => "failed before",
            Self::Refresh => "refresh",
            Self::Asked => "asked for",
        }
    }
}

/// The moment of a run, and whether it tries everything that failed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Clock {
    pub(crate) now: Timestamp,
    pub(crate) is_full: bool,
}

/// When a failed item is tried again: the first three times with the next run, then after 1, 2, 4 …
/// days, at most 30. A refusal (4xx) waits a day from its first time on.
pub(crate) fn next_try(failure: &Failure) -> Timestamp {
    let eager = if failure.is_refusal { 0 } else { EAGER_TRIES };
    if failure.tries <= eager {
        return failure.last_at;
    }
    let doublings = (failure.tries - eager - 1).min(5);
    let days = (1_i64 << doublings).min(LONGEST_WAIT_DAYS);
    failure.last_at + DAY * i32::try_from(days).unwrap_or(1)
}

impl Clock {
    /// Once and for good: classes, instructors by id.
    pub(crate) fn once(&self, slot: &Slot) -> Option<Why> {
        match (&slot.failure, &slot.good) {
            (Some(failure), _) => self.retry(failure),
            (None, Some(_)) => None,
            (None, None) => Some(Why::New),
        }
    }

    /// Once a week.
    pub(crate) fn weekly(&self, slot: &Slot) -> Option<Why> {
        if let Some(failure) = &slot.failure {
            return self.retry(failure);
        }
        match slot.asked_at() {
            None => Some(Why::New),
            Some(asked_at) if self.is_older(asked_at, WEEK - SLACK) => Some(Why::Refresh),
            Some(_) => None,
        }
    }

    /// The detail of a workout.
    pub(crate) fn detail(&self, workout: &Workout) -> Option<Why> {
        self.part(workout, &workout.detail, workout.detail_for)
            .or_else(|| self.has_settled(workout).then_some(Why::Refresh))
    }

    /// The performance graph of a workout.
    pub(crate) fn graph(&self, workout: &Workout) -> Option<Why> {
        self.part(workout, &workout.graph, workout.graph_for)
    }

    /// The details of a class. Gym plans carry a dashed id and have none.
    pub(crate) fn ride(&self, id: &str, ride: &Ride) -> Option<Why> {
        if id.contains('-') {
            None
        } else {
            self.once(&ride.details)
        }
    }

    fn part(&self, workout: &Workout, slot: &Slot, fetched_for: u64) -> Option<Why> {
        if slot.good.is_none() && slot.failure.is_none() {
            return Some(Why::New);
        }
        // Before what failed is left for later: the edit may have mended it.
        if workout.row.good.is_some() && workout.row.digest() != fetched_for {
            return Some(Why::Edited);
        }
        if let Some(failure) = &slot.failure {
            return self.retry(failure);
        }
        let asked_at = slot.asked_at()?;
        (workout.in_progress && self.may_have_finished(workout, asked_at))
            .then_some(Why::InProgress)
    }

    /// A workout in progress is looked at in every run of its first day, then once a week.
    fn may_have_finished(&self, workout: &Workout, asked_at: Timestamp) -> bool {
        let started = workout
            .start
            .and_then(|start| Timestamp::from_second(start).ok());
        self.is_full
            || started.is_some_and(|started| !self.is_older(started, DAY))
            || self.is_older(asked_at, WEEK - SLACK)
    }

    /// Ranks and class totals move for some days: once more when the workout is a week old. What has
    /// failed since has a time of its own.
    fn has_settled(&self, workout: &Workout) -> bool {
        let detail = &workout.detail;
        let Some(asked_at) = detail.asked_at().filter(|_| detail.failure.is_none()) else {
            return false;
        };
        let started = workout
            .start
            .and_then(|start| Timestamp::from_second(start).ok());
        started.is_some_and(|started| {
            let settled = started.saturating_add(WEEK).unwrap_or(Timestamp::MAX);
            asked_at < settled && settled <= self.now
        })
    }

    fn retry(&self, failure: &Failure) -> Option<Why> {
        (self.is_full || next_try(failure) <= self.now || failure.last_at > self.now)
            .then_some(Why::Retry)
    }

    /// Older than that, or from the future: then the clock was set back, and it is asked again.
    fn is_older(&self, then: Timestamp, than: SignedDuration) -> bool {
        let age = self.now.duration_since(then);
        age >= than || age < -SLACK
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::archive::{Index, Line, Located, Observation, endpoint};

    const HOUR: SignedDuration = SignedDuration::from_hours(1);

    fn at(days: i32) -> Timestamp {
        Timestamp::from_second(1_790_000_000).unwrap() + DAY * days
    }

    fn failed(status: u16, tries: u32) -> Failure {
        Failure {
            status,
            is_refusal: (400..500).contains(&status),
            reason: String::new(),
            tries,
            first_at: at(0),
            last_at: at(0),
            segment: 1,
        }
    }

    fn waits(status: u16) -> Vec<i64> {
        (1..=10)
            .map(|tries| {
                next_try(&failed(status, tries))
                    .duration_since(at(0))
                    .as_hours()
                    / 24
            })
            .collect()
    }

    #[test]
    fn failures_are_eager_three_times_and_then_patient() {
        assert_eq!(waits(500), [0, 0, 0, 1, 2, 4, 8, 16, 30, 30]);
        assert_eq!(waits(0), waits(500));
    }

    #[test]
    fn refusals_wait_from_the_first_time_on() {
        assert_eq!(waits(403), [1, 2, 4, 8, 16, 30, 30, 30, 30, 30]);
    }

    #[test]
    fn a_gateways_refusal_is_a_failure() {
        let failure = Failure {
            is_refusal: false,
            ..failed(403, 1)
        };
        assert_eq!(next_try(&failure), at(0));
    }

    #[test]
    fn a_failure_from_the_future_is_tried_again() {
        // The clock was set back since.
        let clock = Clock {
            now: at(-100),
            is_full: false,
        };
        assert_eq!(clock.retry(&failed(403, 5)), Some(Why::Retry));
    }

    #[test]
    fn full_tries_everything_that_failed() {
        let clock = Clock {
            now: at(0) + HOUR,
            is_full: false,
        };
        assert_eq!(clock.retry(&failed(403, 1)), None);
        let clock = Clock {
            is_full: true,
            ..clock
        };
        assert_eq!(clock.retry(&failed(403, 1)), Some(Why::Retry));
    }

    #[test]
    fn what_was_never_asked_is_new() {
        let clock = Clock {
            now: at(0),
            is_full: false,
        };
        assert_eq!(clock.once(&Slot::default()), Some(Why::New));
        assert_eq!(clock.weekly(&Slot::default()), Some(Why::New));
        assert_eq!(clock.detail(&Workout::default()), Some(Why::New));
    }

    #[test]
    fn a_gym_plan_has_no_details_to_ask_for() {
        let clock = Clock {
            now: at(0),
            is_full: true,
        };
        assert_eq!(
            clock.ride("0b5e0000-0000-4000-8000-000000000001", &Ride::default()),
            None
        );
        assert_eq!(
            clock.ride("0b5e0000000000000000000000000001", &Ride::default()),
            Some(Why::New)
        );
    }

    fn answered(index: &mut Index, days: i32, status: u16, body: &str) {
        let body = body.as_bytes();
        let answer = Observation::answered(endpoint::WORKOUT, "w", "", at(days), status, body);
        let text = answer.to_line().unwrap();
        let line: Line<'_> = serde_json::from_slice(&text).unwrap();
        index.observe(Located::PENDING, &line).unwrap();
    }

    fn why(index: &Index, days: i32) -> Option<Why> {
        let clock = Clock {
            now: at(days),
            is_full: false,
        };
        clock.detail(&index.workouts["w"])
    }

    #[test]
    fn a_workout_is_looked_at_once_more_when_it_is_a_week_old() {
        let mut index = Index::default();
        let body = format!(r#"{{"id":"w","start_time":{}}}"#, at(0).as_second());
        answered(&mut index, 0, 200, &body);
        assert_eq!(why(&index, 6), None);
        assert_eq!(why(&index, 8), Some(Why::Refresh));
        // Refused then, it waits as everything that is refused.
        answered(&mut index, 8, 403, "{}");
        assert_eq!(why(&index, 8), None);
        assert_eq!(why(&index, 9), Some(Why::Retry));
        answered(&mut index, 9, 200, &body);
        assert_eq!(why(&index, 10), None);
    }
}
