//! When a request may start: the pace, the pauses that the service asked for, and the circuit
//! breaker. One of it stands before all requests of a client.

mod controller;

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use jiff::{SignedDuration, Timestamp};
use tokio::{
    sync::{Notify, Semaphore, SemaphorePermit},
    time::{Instant, timeout_at},
};

use crate::{Error, Result, RetryConfig};
use controller::RateController;

const MAX_CONCURRENCY: usize = 256;
/// How long to stay away when the service says "enough" without saying until when.
const BREAKER_PAUSE: Duration = Duration::from_secs(15 * 60);

#[derive(Debug)]
pub(crate) struct RateLimiter {
    slots: Semaphore,
    /// Whoever holds it is next to start; the lock is fair, so requests start in order.
    turn: tokio::sync::Mutex<()>,
    state: Mutex<State>,
    /// Wakes who waits when the breaker opens.
    opened: Notify,
    longest_pause: Duration,
    breaker_after: Duration,
}

#[derive(Debug)]
struct State {
    controller: RateController,
    breaker: Option<Breaker>,
    /// The first 429 since the last answer of another kind.
    refused_since: Option<Instant>,
}

#[derive(Debug, Clone, Copy)]
struct Breaker {
    until: Instant,
    retry_at: Timestamp,
}

/// The right to send one request, and when it was given.
#[derive(Debug)]
pub(crate) struct Pass<'a> {
    pub(crate) sent_at: Instant,
    _slot: SemaphorePermit<'a>,
}

impl RateLimiter {
    pub(crate) fn new(rate: Option<f64>, concurrency: usize, retry: &RetryConfig) -> Self {
        let concurrency = concurrency.clamp(1, MAX_CONCURRENCY);
        let controller = RateController::new(rate, concurrency, Instant::now());
        RateLimiter {
            slots: Semaphore::new(controller.width()),
            turn: tokio::sync::Mutex::default(),
            state: Mutex::new(State {
                controller,
                breaker: None,
                refused_since: None,
            }),
            opened: Notify::new(),
            longest_pause: retry.longest_pause,
            breaker_after: retry.breaker_after,
        }
    }

    /// Waits until a request may start.
    ///
    /// # Errors
    /// [`Error::RateLimited`] while the breaker is open.
    pub(crate) async fn pass(&self) -> Result<Pass<'_>> {
        let Ok(slot) = self.slots.acquire().await else {
            unreachable!("the semaphore is never closed");
        };
        let _turn = self.turn.lock().await;
        loop {
            let opened = self.opened.notified();
            let now = Instant::now();
            let wait_until = {
                let mut state = self.state();
                state.check_breaker(now)?;
                state.controller.start_or_wait(now)
            };
            let Some(until) = wait_until else {
                return Ok(Pass {
                    sent_at: now,
                    _slot: slot,
                });
            };
            // Asked again afterwards: a 429 that arrives meanwhile moves the goal.
            let _ = timeout_at(until, opened).await;
        }
    }

    /// The request that started at `sent_at` got an answer that was not "too many".
    pub(crate) fn accepted(&self, sent_at: Instant) {
        let mut state = self.state();
        state.refused_since = None;
        let width = state.controller.width();
        state.controller.accepted(sent_at, Instant::now());
        self.slots.add_permits(state.controller.width() - width);
    }

    /// The request that started at `sent_at` got a 429. Everybody pauses; with nothing but 429
    /// for long, or with a pause that is too long to sit out, the breaker opens.
    pub(crate) fn refused(&self, sent_at: Instant, retry_after: Option<Duration>) {
        let mut state = self.state();
        let now = Instant::now();
        let since = *state.refused_since.get_or_insert(now);
        state.controller.refused(sent_at, now, retry_after);
        let too_long = retry_after.is_some_and(|pause| pause > self.longest_pause);
        if too_long || now.duration_since(since) >= self.breaker_after {
            state.open_breaker(now, retry_after);
            self.opened.notify_waiters();
        }
    }

    /// Nobody starts before `pause` is over; asked for by other answers than 429.
    pub(crate) fn pause(&self, pause: Duration) {
        match pause > self.longest_pause {
            true => self.open_breaker(Some(pause)),
            false => self.state().controller.pause_until(Instant::now() + pause),
        }
    }

    /// When the pause is over that the service asked for, if there is one now.
    pub(crate) fn paused_until(&self) -> Option<Timestamp> {
        let until = self.state().controller.paused_until()?;
        let left = until.checked_duration_since(Instant::now())?;
        Timestamp::now().checked_add(left).ok()
    }

    /// The service has shut the door on this address.
    pub(crate) fn open_breaker(&self, retry_after: Option<Duration>) {
        self.state().open_breaker(Instant::now(), retry_after);
        self.opened.notify_waiters();
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn check_breaker(&mut self, now: Instant) -> Result<()> {
        match self.breaker {
            Some(breaker) if now < breaker.until => Err(Error::RateLimited {
                retry_at: breaker.retry_at,
            }),
            _ => {
                self.breaker = None;
                Ok(())
            }
        }
    }

    fn open_breaker(&mut self, now: Instant, retry_after: Option<Duration>) {
        // A day is long enough to be away, and keeps the arithmetic in range.
        let pause = retry_after
            .unwrap_or(BREAKER_PAUSE)
            .min(Duration::from_secs(86_400));
        let until = now + pause;
        if self.breaker.is_some_and(|breaker| breaker.until >= until) {
            return;
        }
        let wait = SignedDuration::try_from(pause).unwrap_or(SignedDuration::ZERO);
        let retry_at = Timestamp::now().checked_add(wait).unwrap_or(Timestamp::MAX);
        // Who asked for something is told by the error; this is for those who look closer.
        tracing::info!("the service refuses everything, circuit breaker open until {retry_at:.0}");
        self.refused_since = None;
        self.breaker = Some(Breaker { until, retry_at });
    }
}

#[cfg(test)]
mod tests {
    use futures::FutureExt;
    use tokio::time::sleep_until;

    use super::*;

    fn limiter(rate: Option<f64>, concurrency: usize) -> RateLimiter {
        RateLimiter::new(rate, concurrency, &RetryConfig::default())
    }

    /// Seconds since the start at which each of `count` requests may go.
    async fn starts(limiter: &RateLimiter, count: usize) -> Vec<f64> {
        let begin = Instant::now();
        let mut starts = Vec::new();
        for _ in 0..count {
            let pass = limiter.pass().await.unwrap();
            starts.push(pass.sent_at.duration_since(begin).as_secs_f64());
        }
        starts
    }

    #[tokio::test(start_paused = true)]
    async fn requests_keep_their_pace() {
        let starts = starts(&limiter(Some(4.0), 4), 9).await;
        // Two at once, as the burst allows, then one each quarter of a second.
        assert!(starts[1] < 0.01, "{starts:?}");
        assert!((1.74..1.8).contains(&starts[8]), "{starts:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn no_more_requests_are_in_flight_than_allowed() {
        let limiter = limiter(None, 2);
        let (first, _second) = (limiter.pass().await.unwrap(), limiter.pass().await.unwrap());
        assert!(limiter.pass().now_or_never().is_none());
        drop(first);
        assert!(limiter.pass().now_or_never().is_some());
    }

    #[tokio::test(start_paused = true)]
    async fn concurrency_opens_with_the_answers() {
        let limiter = limiter(None, 16);
        for _ in 0..24 {
            limiter.accepted(Instant::now());
        }
        let mut passes = Vec::new();
        while let Some(pass) = limiter.pass().now_or_never() {
            passes.push(pass.unwrap());
        }
        assert_eq!(passes.len(), 16);
    }

    #[tokio::test(start_paused = true)]
    async fn nobody_starts_in_a_pause_not_even_who_waited_before() {
        let limiter = limiter(Some(1.0), 8);
        let begin = Instant::now();
        let first = limiter.pass().await.unwrap();
        drop(limiter.pass().await.unwrap());
        let waiting = limiter.pass();
        let refusal = async {
            sleep_until(begin + Duration::from_millis(500)).await;
            limiter.refused(first.sent_at, Some(Duration::from_secs(30)));
        };
        let (waited, ()) = futures::join!(waiting, refusal);
        let waited = waited.unwrap().sent_at.duration_since(begin);
        assert!(waited >= Duration::from_millis(30_500), "{waited:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn a_minute_of_refusals_opens_the_breaker_and_a_success_does_not() {
        let limiter = limiter(None, 1);
        let mut tries = 0;
        let begin = Instant::now();
        let error = loop {
            match limiter.pass().await {
                Ok(pass) => limiter.refused(pass.sent_at, None),
                Err(error) => break error,
            }
            tries += 1;
        };
        assert!(matches!(error, Error::RateLimited { .. }));
        assert!(tries <= 12, "{tries}");
        assert!(begin.elapsed() >= Duration::from_secs(60));
        // A quarter of an hour later there is a new try.
        sleep_until(Instant::now() + BREAKER_PAUSE).await;
        assert!(limiter.pass().await.is_ok());
    }

    #[tokio::test(start_paused = true)]
    async fn who_waits_is_told_at_once_when_the_breaker_opens() {
        let limiter = limiter(None, 4);
        let begin = Instant::now();
        limiter.pause(Duration::from_secs(100));
        let opening = async {
            sleep_until(begin + Duration::from_secs(1)).await;
            limiter.open_breaker(None);
        };
        let (first, second, ()) = futures::join!(limiter.pass(), limiter.pass(), opening);
        assert!(first.is_err() && second.is_err());
        assert!(begin.elapsed() < Duration::from_secs(2));
    }

    #[tokio::test(start_paused = true)]
    async fn successes_in_between_keep_the_breaker_shut() {
        let limiter = limiter(None, 1);
        for _ in 0..60 {
            let refused = limiter.pass().await.unwrap().sent_at;
            limiter.refused(refused, Some(Duration::from_secs(10)));
            let accepted = limiter.pass().await.unwrap().sent_at;
            limiter.accepted(accepted);
        }
    }
}
