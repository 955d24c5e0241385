//! One thing that can be asked for: its newest good answer, and what failed since.

use jiff::Timestamp;

use crate::archive::{Line, Located};

#[derive(Debug, Clone, Default)]
pub(crate) struct Slot {
    pub(crate) good: Option<Good>,
    /// Since the newest good answer.
    pub(crate) failure: Option<Failure>,
    /// The newest 403 or 404 since then. Other refusals and failures say nothing about it.
    pub(crate) denied: Option<u16>,
}

/// A good answer.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Good {
    pub(crate) located: Located,
    /// When this content was fetched first.
    pub(crate) fetched_at: Timestamp,
    /// When it was asked for last; the same content again moves only this.
    asked_at: Timestamp,
    digest: u64,
}

/// Answers that were no good, in a row.
#[derive(Debug, Clone)]
pub(crate) struct Failure {
    pub(crate) status: u16,
    /// Peloton's own word about the item (4xx). A status that was left when the tries were used up, as that
    /// of a gateway, says nothing about it, nor does that of a page behind the first one.
    pub(crate) is_refusal: bool,
    pub(crate) reason: String,
    pub(crate) tries: u32,
    pub(crate) first_at: Timestamp,
    pub(crate) last_at: Timestamp,
    /// The segment of the last try.
    pub(crate) segment: u32,
}

impl Slot {
    /// Takes an answer in; true if its content or its state is new.
    pub(super) fn observe(&mut self, located: Located, line: &Line<'_>, digest: u64) -> bool {
        if !line.is_good() {
            self.fail(located, line, line.reason.is_none());
            return true;
        }
        self.denied = None;
        let recovered = self.failure.take().is_some();
        match &mut self.good {
            Some(good) if good.digest == digest => {
                good.asked_at = line.fetched_at;
                recovered
            }
            good => {
                let at = line.fetched_at;
                *good = Some(Good {
                    located,
                    fetched_at: at,
                    asked_at: at,
                    digest,
                });
                true
            }
        }
    }

    /// The same for a page of a list, which is kept by its rows: the slot remembers when the list was read, and
    /// what failed, until [`Self::recover`]. A first page that is not refused any more takes that refusal back.
    /// True if what failed is another thing than before.
    pub(super) fn observe_page(
        &mut self,
        located: Located,
        line: &Line<'_>,
        is_read: bool,
    ) -> bool {
        let before = self.failure.clone();
        if line.is_good() {
            let is_taken_back = |failure: &Failure| failure.is_refusal && line.is_first_page();
            let failed = self.failure.take();
            let failed = failed.filter(|failure| !is_taken_back(failure));
            if is_read {
                self.observe(located, line, 0);
            }
            self.failure = failed;
        } else {
            self.fail_page(located, line);
        }
        is_other(before.as_ref(), self.failure.as_ref())
    }

    /// Each page of the list was had; true if one had failed.
    pub(super) fn recover(&mut self, located: Located, line: &Line<'_>) -> bool {
        let at = line.fetched_at;
        let good = self.good.get_or_insert(Good {
            located,
            fetched_at: at,
            asked_at: at,
            digest: 0,
        });
        good.asked_at = at;
        self.failure.take().is_some()
    }

    /// A refusal speaks for the list where it is that of the first page; that of another page is a failure
    /// of this page.
    fn fail_page(&mut self, located: Located, line: &Line<'_>) {
        let tries = self.tries_in(located.segment);
        let is_refusal = line.reason.is_none() && line.is_first_page();
        self.fail(located, line, is_refusal);
        // However many pages of it fail, a run tries a list once.
        if let (Some(failure), Some(tries)) = (&mut self.failure, tries) {
            failure.tries = tries;
        }
    }

    /// Tries so far, where the last one was that of the run that wrote this segment.
    fn tries_in(&self, segment: u32) -> Option<u32> {
        let failure = self.failure.as_ref()?;
        (failure.segment == segment).then_some(failure.tries)
    }

    fn fail(&mut self, located: Located, line: &Line<'_>, is_refusal: bool) {
        let reason = match &line.reason {
            Some(reason) => reason.to_string(),
            None => refusal_text(line),
        };
        let failure = self.failure.get_or_insert_with(|| Failure {
            status: 0,
            is_refusal: false,
            reason: String::new(),
            tries: 0,
            first_at: line.fetched_at,
            last_at: line.fetched_at,
            segment: located.segment,
        });
        failure.status = line.status;
        failure.is_refusal = is_refusal;
        if failure.is_denial() {
            self.denied = Some(line.status);
        }
        failure.reason = reason;
        failure.tries += 1;
        failure.last_at = line.fetched_at;
        failure.segment = located.segment;
    }

    pub(crate) fn digest(&self) -> u64 {
        self.good.map_or(0, |good| good.digest)
    }

    /// When a good answer came last.
    pub(crate) fn asked_at(&self) -> Option<Timestamp> {
        self.good.map(|good| good.asked_at)
    }
}

impl Failure {
    /// Whether Peloton says that nobody may have it, or that it is not there.
    pub(crate) fn is_denial(&self) -> bool {
        self.is_refusal && matches!(self.status, 403 | 404)
    }
}

/// Whether a list fails otherwise than before, or was tried in vain once more. That it is denied again is no
/// news: a denial is an answer.
fn is_other(before: Option<&Failure>, now: Option<&Failure>) -> bool {
    match (before, now) {
        (Some(before), Some(now)) => {
            let is_more = before.tries != now.tries && !now.is_denial();
            is_more || (before.status, &before.reason) != (now.status, &now.reason)
        }
        (before, now) => before.is_some() != now.is_some(),
    }
}

/// Peloton's own words where the body has them.
fn refusal_text(line: &Line<'_>) -> String {
    #[derive(serde::Deserialize)]
    struct ErrorBody {
        message: String,
    }
    let body = line.body().ok().flatten().unwrap_or_default();
    match serde_json::from_str::<ErrorBody>(&body) {
        Ok(error) => format!("HTTP {}: {}", line.status, error.message),
        Err(_) => format!("HTTP {}", line.status),
    }
}
