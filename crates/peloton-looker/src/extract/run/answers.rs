//! What each kind of answer leads to.

use anyhow::{Context, Result};
use jiff::Timestamp;
use peloton_api::{Answer, Error};
use serde::Deserialize;

use super::{Ending, Run, Who};
use crate::archive::Observation;
use crate::error::Advised;
use crate::extract::items::is_workout_asked;
use crate::extract::schedule::Why;
use crate::extract::work::{List, Work};

impl Run<'_> {
    pub(super) fn take_answer(&mut self, work: &Work, answer: &Answer) -> Result<()> {
        let key = match work {
            Work::Me if answer.status == 200 => self.own(&answer.body)?,
            Work::Me => {
                return Err(Advised::new(
                    format!("`/api/me` was refused with HTTP {}", answer.status),
                    "try again later; `peloton-looker api get /api/me` shows the answer",
                )
                .into());
            }
            _ => work.key().to_owned(),
        };
        if !answer.is_ok() {
            self.tell_who_asked(work, &refusal(answer.status));
            if self.is_unlisted(work) {
                return Ok(());
            }
            self.tally.refused += u64::from(!matches!(work, Work::Ride(_) | Work::Instructor(_)));
        }
        let access = self.access(work);
        self.archive(work, &key, answer)?;
        let has_changed = access.is_some() && self.access(work) != access;
        self.tally.access_changed += u64::from(has_changed);
        match work {
            Work::Me => self.after_me(&key),
            Work::Page(page) => self.after_page(page, answer),
            Work::Detail(id) => {
                self.want_class(id);
                if answer.is_ok() && self.options.workouts.contains(id) {
                    self.want_graph(id, Some(Why::Asked));
                }
                Ok(())
            }
            Work::Graph(_) if answer.status == 200 => {
                self.tally.workouts_done += 1;
                self.tally.samples += axis_length(&answer.body);
                Ok(())
            }
            Work::Ride(_) if answer.status == 200 => {
                self.tally.classes += 1;
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// What a member's list said last, where it is that which was asked for and has ever said something:
    /// that the member can be read, or is private or gone.
    fn access(&self, work: &Work) -> Option<Option<u16>> {
        let Work::Page(page) = work else {
            return None;
        };
        if page.list != List::Workouts {
            return None;
        }
        let list = self.slot(work)?;
        (list.good.is_some() || list.denied.is_some()).then_some(list.denied)
    }

    /// Whether it is the detail of a workout that somebody asked for by an id that no list has shown. Where
    /// it is not had, the answer is for them alone, and nothing is outstanding.
    fn is_unlisted(&self, work: &Work) -> bool {
        matches!(work, Work::Detail(id) if self.options.workouts.contains(id) && !self.is_known(id))
    }

    fn is_known(&self, workout: &str) -> bool {
        let known = self.index.workouts.get(workout);
        known.is_some_and(|known| known.row.good.is_some() || known.detail.good.is_some())
    }

    /// What no later run asks for again is said to the person who asked for it.
    fn tell_who_asked(&mut self, work: &Work, reason: &str) {
        let (Work::Detail(id) | Work::Graph(id)) = work else {
            return;
        };
        let known = self.index.workouts.get(id);
        let is_asked_again = known.is_some_and(|known| is_workout_asked(&self.index, known));
        if is_asked_again || !self.options.workouts.contains(id) {
            return;
        }
        let part = match work {
            Work::Graph(_) => "the graph of workout",
            _ => "workout",
        };
        let text = format!("{part} `{id}` could not be had: {reason}");
        self.tally.not_had.insert(id.clone(), text);
    }

    /// The id of the account, which has to be the one that the archive is about.
    fn own(&self, body: &[u8]) -> Result<String> {
        let id = own_id(body)?;
        self.index.check_account(&id)?;
        Ok(id)
    }

    /// An item that can't be had costs that item; everything else ends the run.
    pub(super) fn take_error(&mut self, work: &Work, error: Error) -> Result<Option<Ending>> {
        let (url, status, reason) = match error {
            // Without it there is no telling whose lists to ask for.
            error @ (Error::Exhausted { .. } | Error::TooLarge { .. }) if *work == Work::Me => {
                return Ok(Some(Ending::Stopped(error)));
            }
            Error::Exhausted {
                url,
                status,
                reason,
                ..
            } => (url, status.unwrap_or(0), reason),
            Error::TooLarge { ref url, .. } => (url.clone(), 0, error.to_string()),
            Error::RateLimited { retry_at } => return Ok(Some(Ending::Paused { until: retry_at })),
            error => return Ok(Some(Ending::Stopped(error))),
        };
        self.tally.requests += 1;
        self.tally.failed += 1;
        let (endpoint, key) = (work.endpoint(), work.key());
        self.tell_who_asked(work, &reason);
        if self.is_unlisted(work) {
            return Ok(None);
        }
        self.observe(&Observation::failed(
            endpoint,
            key,
            &url,
            Timestamp::now(),
            status,
            reason,
        ))?;
        if let Work::Page(page) = work {
            self.skip_page(page)?;
        }
        Ok(None)
    }

    fn archive(&mut self, work: &Work, key: &str, answer: &Answer) -> Result<()> {
        let privacy = self.options.privacy;
        let blanked = privacy.blank_bytes(work.endpoint(), &answer.body);
        self.observe(&Observation::answered(
            work.endpoint(),
            key,
            &answer.url,
            answer.fetched_at,
            answer.status,
            &blanked,
        ))
    }

    fn after_me(&mut self, own: &str) -> Result<()> {
        let own = own.to_owned();
        for id in self.options.workouts.clone() {
            self.want(Work::Detail(id.clone()), Why::Asked);
            // Of what nobody has seen, the detail says first whether it is there; a plan has both.
            if self.is_known(&id) || self.options.is_dry {
                self.want_graph(&id, Some(Why::Asked));
            }
        }
        if self.options.is_for_workouts() {
            return Ok(());
        }
        self.want_catalogue(&own);
        if self.is_wanted_member(&own) {
            self.want_member(&own);
        }
        if self.options.who != Who::Me {
            self.want(List::Following.of(&own), Why::Refresh);
        }
        Ok(())
    }

    /// What there is once for all members, or for the own account alone.
    fn want_catalogue(&mut self, own: &str) {
        for work in [
            Work::MetadataMappings,
            List::Instructors.of(""),
            Work::Settings(own.into()),
            Work::ChallengesCurrent(own.into()),
            Work::ChallengesPast(own.into()),
            List::Followers.of(own),
        ] {
            self.want_weekly(work);
        }
    }

    pub(super) fn want_member(&mut self, id: &str) {
        let list = List::Workouts.of(id);
        // A row may come twice, as where the pages shift.
        self.tally.members += u64::from(self.want(list, Why::Refresh));
        for work in [
            Work::User(id.into()),
            Work::Overview(id.into()),
            Work::Calendar(id.into()),
            Work::Achievements(id.into()),
        ] {
            self.want_weekly(work);
        }
    }

    pub(super) fn want_workout(&mut self, id: &str) {
        let Some(workout) = self.index.workouts.get(id) else {
            return;
        };
        let (detail, graph) = (self.clock.detail(workout), self.clock.graph(workout));
        self.want_if(detail, Work::Detail(id.into()));
        self.want_graph(id, graph);
        self.want_class(id);
    }

    fn want_graph(&mut self, workout: &str, why: Option<Why>) {
        let is_new = self.want_if(why, Work::Graph(workout.into()));
        self.tally.workouts_wanted += u64::from(is_new);
    }

    /// The class of a workout, once for all who took it.
    fn want_class(&mut self, workout: &str) {
        let Some(ride_id) = self
            .index
            .workouts
            .get(workout)
            .and_then(|workout| workout.ride_id.clone())
        else {
            return;
        };
        let why = self
            .index
            .rides
            .get(&ride_id)
            .and_then(|ride| self.clock.ride(&ride_id, ride));
        self.want_if(why, Work::Ride(ride_id));
    }

    /// What earlier runs left undone, wherever it stands in the list; after the walk, which may have
    /// found that it was deleted. Nothing of members who are private or gone.
    pub(super) fn want_known(&mut self, member: &str) {
        let mut known: Vec<(Option<i64>, String)> = self
            .index
            .workouts
            .iter()
            .filter(|(_, workout)| {
                workout.user_id == member && is_workout_asked(&self.index, workout)
            })
            .map(|(id, workout)| (workout.start, id.clone()))
            .collect();
        known.sort_by(|one, other| other.cmp(one));
        for (_, id) in known {
            self.want_workout(&id);
        }
    }
}

fn refusal(status: u16) -> String {
    match status {
        404 => "Peloton does not know it (HTTP 404)".into(),
        _ => format!("Peloton refuses it (HTTP {status})"),
    }
}

fn own_id(body: &[u8]) -> Result<String> {
    #[derive(Deserialize)]
    struct Me {
        id: String,
    }
    let me: Me = serde_json::from_slice(body).context("read the id in `/api/me`")?;
    Ok(me.id)
}

/// Samples of a graph, by its commas: a count for the progress needs no parser.
fn axis_length(body: &[u8]) -> u64 {
    const NAME: &[u8] = b"\"seconds_since_pedaling_start\"";
    let Some(at) = body.windows(NAME.len()).position(|window| window == NAME) else {
        return 0;
    };
    let axis = body[at..]
        .split(|byte| *byte == b']')
        .next()
        .unwrap_or_default();
    let commas = axis.iter().filter(|byte| **byte == b',').count() as u64;
    if commas == 0 { 0 } else { commas + 1 }
}
