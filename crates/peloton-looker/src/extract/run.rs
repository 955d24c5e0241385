//! A run: one queue of requests, one place that decides what an answer leads to.

mod answers;
mod lists;

use std::collections::{BTreeMap, BTreeSet, HashSet, VecDeque};
use std::time::Duration;

use anyhow::{Context, Result};
use futures::StreamExt;
use futures::future::BoxFuture;
use futures::stream::FuturesUnordered;
use jiff::Timestamp;
use peloton_api::{Answer, Client, Error, Listing};
use serde::Serialize;
use tokio::time::{MissedTickBehavior, interval};

use super::items;
use super::schedule::{Clock, Why};
use super::walk::Walking;
use super::work::{List, ListPage, Planned, Work};
use crate::archive::{Index, Line, Located, Observation, Privacy, Slot, Writer};

/// Whose workouts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Who {
    Everybody,
    Me,
    /// By user name or id.
    Only(Vec<String>),
}

/// What a run is asked to do.
#[derive(Debug, Clone)]
pub(crate) struct Options {
    pub(crate) who: Who,
    /// Workouts to fetch again whatever is known.
    pub(crate) workouts: Vec<String>,
    pub(crate) is_full: bool,
    /// Ask lists only, write nothing, collect the plan.
    pub(crate) is_dry: bool,
    pub(crate) concurrency: usize,
    pub(crate) privacy: Privacy,
}

impl Options {
    /// Asked for single workouts, a person wants those and no walk of everything.
    fn is_for_workouts(&self) -> bool {
        !self.workouts.is_empty() && !self.is_full
    }
}

/// How a run ended.
#[derive(Debug)]
pub(crate) enum Ending {
    /// Everything was asked.
    Done,
    Interrupted,
    /// Peloton wants a pause.
    Paused {
        until: Timestamp,
    },
    /// No request can be made any more.
    Stopped(Error),
}

/// What happened so far.
#[derive(Debug, Clone, Default, Serialize)]
pub(crate) struct Tally {
    pub(crate) requests: u64,
    pub(crate) bytes: u64,
    /// Samples on the time axes of the graphs.
    pub(crate) samples: u64,
    pub(crate) members: u64,
    pub(crate) workouts_listed: u64,
    pub(crate) workouts_wanted: u64,
    pub(crate) workouts_done: u64,
    pub(crate) classes: u64,
    pub(crate) failed: u64,
    pub(crate) refused: u64,
    pub(crate) deleted: u64,
    pub(crate) unfollowed: u64,
    /// Members who turned private or vanished, or can be read again.
    pub(crate) access_changed: u64,
    /// Lists whose count differs from the total that Peloton names.
    pub(crate) count_differences: Vec<String>,
    /// Items that are not had and will be asked for again, counted at the end.
    pub(crate) outstanding: u64,
    /// Names that somebody asked for and that nobody could look for.
    pub(crate) unmatched: BTreeSet<String>,
    /// Workouts that somebody asked for by an id that no list has shown, and why they are not had.
    pub(crate) not_had: BTreeMap<String, String>,
}

impl Tally {
    /// Whether something that was asked for is not had.
    pub(crate) fn is_partial(&self) -> bool {
        self.outstanding > 0 || !self.not_had.is_empty() || !self.unmatched.is_empty()
    }
}

/// The state of a run.
#[derive(Debug)]
pub(crate) struct Run<'a> {
    client: Client,
    options: Options,
    pub(crate) index: Index,
    /// None in a dry run.
    writer: Option<&'a Writer>,
    clock: Clock,
    queue: VecDeque<Work>,
    /// Everything that was queued in this run, so that nothing is asked twice.
    queued: HashSet<Work>,
    walks: BTreeMap<String, Walking>,
    /// The other lists under way.
    listings: BTreeMap<List, Listing>,
    /// Names of `Who::Only` that no member had so far.
    unmatched: BTreeSet<String>,
    pub(crate) plan: Vec<Planned>,
    pub(crate) tally: Tally,
}

type InFlight = FuturesUnordered<BoxFuture<'static, (Work, Result<Answer, Error>)>>;

impl<'a> Run<'a> {
    pub(crate) fn new(
        client: Client,
        options: Options,
        index: Index,
        writer: Option<&'a Writer>,
        now: Timestamp,
    ) -> Self {
        let clock = Clock {
            now,
            is_full: options.is_full,
        };
        let unmatched = match &options.who {
            Who::Only(names) => names.iter().cloned().collect(),
            Who::Everybody | Who::Me => BTreeSet::new(),
        };
        Self {
            client,
            options,
            index,
            writer,
            clock,
            queue: VecDeque::new(),
            queued: HashSet::new(),
            walks: BTreeMap::new(),
            listings: BTreeMap::new(),
            unmatched,
            plan: Vec::new(),
            tally: Tally::default(),
        }
    }

    /// Asks until nothing is left to ask, or until `stop` resolves. Progress is told of with each answer,
    /// and every second where none comes.
    pub(crate) async fn go(
        &mut self,
        stop: impl Future<Output = ()>,
        mut on_progress: impl FnMut(&Tally),
    ) -> Result<Ending> {
        let mut in_flight: InFlight = FuturesUnordered::new();
        let mut stop = std::pin::pin!(stop);
        let mut seconds = interval(Duration::from_secs(1));
        seconds.set_missed_tick_behavior(MissedTickBehavior::Delay);
        self.want(Work::Me, Why::Refresh);
        loop {
            self.start_requests(&mut in_flight);
            if in_flight.is_empty() {
                if self.find_leftovers() {
                    continue;
                }
                self.note_unmatched();
                return Ok(Ending::Done);
            }
            let done = tokio::select! {
                biased;
                () = &mut stop => return Ok(Ending::Interrupted),
                Some(done) = in_flight.next() => Some(done),
                _ = seconds.tick() => None,
            };
            if let Some((work, answer)) = done
                && let Some(ending) = self.take(work, answer)?
            {
                return Ok(ending);
            }
            on_progress(&self.tally);
        }
    }

    pub(crate) fn into_tally(self) -> Tally {
        Tally {
            outstanding: items::outstanding(&self.index),
            ..self.tally
        }
    }

    fn start_requests(&mut self, in_flight: &mut InFlight) {
        // The client holds its own limit; a few more here keep it busy while an answer is looked at.
        while in_flight.len() < self.options.concurrency * 2 {
            let Some(work) = self.queue.pop_front() else {
                return;
            };
            in_flight.push(work.ask(self.client.clone()));
        }
    }

    /// Puts a request on the queue once a run; false where it was there already. Lists come first:
    /// they tell how much there is to do.
    fn want(&mut self, work: Work, why: Why) -> bool {
        if !self.queued.insert(work.clone()) {
            return false;
        }
        self.plan.push(Planned {
            work: work.clone(),
            why,
        });
        if work.is_list() {
            self.queue.push_front(work);
        } else if !self.options.is_dry {
            self.queue.push_back(work);
        }
        true
    }

    fn want_if(&mut self, why: Option<Why>, work: Work) -> bool {
        why.is_some_and(|why| self.want(work, why))
    }

    /// The same page once more, or the next one.
    fn want_page(&mut self, page: ListPage) {
        let page = Work::Page(page);
        self.queued.remove(&page);
        self.want(page, Why::Refresh);
    }

    /// Takes an answer in; says so when the run has to end.
    fn take(&mut self, work: Work, answer: Result<Answer, Error>) -> Result<Option<Ending>> {
        match answer {
            Ok(answer) => {
                self.tally.requests += 1;
                self.tally.bytes += answer.body.len() as u64;
                self.take_answer(&work, &answer)?;
                Ok(None)
            }
            Err(error) => self.take_error(&work, error),
        }
    }

    /// Writes an observation to the archive and takes it into the index.
    fn observe(&mut self, observation: &Observation<'_>) -> Result<()> {
        let text = observation.to_line()?;
        let line: Line<'_> = serde_json::from_slice(&text).context("read an observation")?;
        self.index.observe(Located::PENDING, &line)?;
        match self.writer {
            Some(writer) => writer.append(text),
            None => Ok(()),
        }
    }

    /// When the queue is empty: what is still to be asked.
    fn find_leftovers(&mut self) -> bool {
        if self.options.is_dry {
            return false;
        }
        let asked_for = self.instructors_asked_for();
        let is_asked_for = |id: &str| match self.options.is_for_workouts() {
            true => asked_for.contains(id),
            false => true,
        };
        let unknown: Vec<(String, Option<Why>)> = self
            .index
            .instructors
            .iter()
            .filter(|(id, instructor)| instructor.row.good.is_none() && is_asked_for(id))
            .map(|(id, instructor)| (id.clone(), self.clock.once(&instructor.by_id)))
            .collect();
        for (id, why) in unknown {
            self.want_if(why, Work::Instructor(id));
        }
        !self.queue.is_empty()
    }

    /// Who teaches the classes of the workouts that somebody asked for.
    fn instructors_asked_for(&self) -> HashSet<&str> {
        let instructor = |id: &String| {
            let ride_id = self.index.workouts.get(id)?.ride_id.as_ref()?;
            self.index.rides.get(ride_id)?.instructor_id.as_deref()
        };
        self.options
            .workouts
            .iter()
            .filter_map(instructor)
            .collect()
    }

    /// Names that were not found although the list of followed members was asked for: where it was read
    /// whole, the run has ended with them.
    fn note_unmatched(&mut self) {
        let is_list_asked =
            |work: &Work| matches!(work, Work::Page(page) if page.list == List::Following);
        if self.queued.iter().any(is_list_asked) {
            self.tally.unmatched = std::mem::take(&mut self.unmatched);
        }
    }

    fn slot(&self, work: &Work) -> Option<&Slot> {
        let member = || self.index.members.get(work.key());
        Some(match work {
            Work::MetadataMappings => &self.index.catalog,
            Work::Page(page) => match page.list {
                List::Instructors => &self.index.instructor_list,
                List::Following => &member()?.following,
                List::Followers => &member()?.followers,
                List::Workouts => &member()?.list,
            },
            Work::User(_) => &member()?.user,
            Work::Settings(_) => &member()?.settings,
            Work::Overview(_) => &member()?.overview,
            Work::Calendar(_) => &member()?.calendar,
            Work::Achievements(_) => &member()?.achievements,
            Work::ChallengesCurrent(_) => &member()?.challenges_current,
            Work::ChallengesPast(_) => &member()?.challenges_past,
            _ => return None,
        })
    }

    fn want_weekly(&mut self, work: Work) {
        let why = match self.slot(&work) {
            Some(slot) => self.clock.weekly(slot),
            None => Some(Why::New),
        };
        self.want_if(why, work);
    }

    fn notice(&mut self, endpoint: &str, key: &str, body: &impl Serialize) -> Result<()> {
        let observation = Observation::noticed(endpoint, key, self.clock.now, body)?;
        self.observe(&observation)
    }

    fn is_wanted_member(&mut self, id: &str) -> bool {
        let names = match &self.options.who {
            Who::Everybody => return true,
            Who::Me => return self.index.own.as_deref() == Some(id),
            Who::Only(names) => names,
        };
        let member = self.index.members.get(id);
        let username = member.map_or("", |member| &member.username);
        let is_wanted = names.iter().any(|name| name == id || name == username);
        if is_wanted {
            self.unmatched.retain(|name| name != id && name != username);
        }
        is_wanted
    }
}
