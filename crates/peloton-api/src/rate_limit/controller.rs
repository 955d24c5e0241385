//! Finds the pace that the service bears, knowing nothing but which requests it refused.
//!
//! A refusal marks a moment at which the service's budget was empty. Between two such moments
//! it has given what it refilled, so accepted requests over time *is* its limit, unless the
//! pause was so long that the budget ran over. After each refusal the pace starts just under
//! the limit and grows: fast while little is known, then so slowly that hundreds of requests
//! pass before the next refusal.

use std::time::Duration;

use tokio::time::Instant;

/// Requests that may start at once after a rest.
const BURST: f64 = 2.0;
/// Requests in flight at first; each answer allows half a one more. All that are in flight when
/// the service has had enough are refused.
const FIRST_WIDTH: f64 = 4.0;
/// A refusal without `Retry-After` pauses everybody for this long, twice as long for each
/// further one without a success between.
const FIRST_PAUSE: Duration = Duration::from_millis(500);
const MAX_PAUSE: Duration = Duration::from_secs(16);
/// Services tend to grant about a second's worth at once.
const ASSUMED_BURST_SECONDS: f64 = 1.0;
/// Where to start again, as part of the measured limit and of the rate that was too fast.
const OF_MEASURED: f64 = 0.97;
const OF_REFUSED: f64 = 0.955;
/// Between the two bounds of the limit, on the logarithmic scale, from the lower one.
const BETWEEN: f64 = 0.65;
/// A second's growth when all is known; with it a refusal comes about every 40 seconds.
const STEADY_GROWTH: f64 = 0.0005;
/// A second's growth when nothing is known.
const DOUBTFUL_GROWTH: f64 = 0.2;
const MIN_RATE: f64 = 0.05;
const MAX_RATE: f64 = 10_000.0;

#[derive(Debug)]
pub(super) struct RateController {
    /// The rate that was asked for.
    ceiling: Option<f64>,
    /// Starts per second now; `None` does not pace.
    rate: Option<f64>,
    /// The earliest start of the next request.
    next: Option<Instant>,
    /// Nobody starts before.
    pause: Option<Instant>,
    window: Window,
    /// Refused requests that started before were part of the last refusal.
    resumed_at: Option<Instant>,
    last_growth: Instant,
    last_pause: Duration,
    /// The rate after the last refusal.
    started_from: f64,
    /// From 1, nothing is known, down to 0; it lets the rate grow faster.
    doubt: f64,
    /// Most requests in flight, and what it grows to.
    width: f64,
    max_width: f64,
}

/// From one refusal to the next.
#[derive(Debug)]
struct Window {
    from: Instant,
    accepted: u32,
    from_refusal: bool,
}

impl RateController {
    pub(super) fn new(ceiling: Option<f64>, concurrency: usize, now: Instant) -> Self {
        let ceiling = ceiling.filter(|rate| *rate > 0.0);
        RateController {
            ceiling,
            rate: ceiling,
            next: None,
            pause: None,
            window: Window {
                from: now,
                accepted: 0,
                from_refusal: false,
            },
            resumed_at: None,
            last_growth: now,
            last_pause: Duration::ZERO,
            started_from: MAX_RATE,
            doubt: 1.0,
            width: f64::min(FIRST_WIDTH, concurrency as f64),
            max_width: concurrency as f64,
        }
    }

    /// How many requests may be in flight now.
    pub(super) fn width(&self) -> usize {
        self.width as usize
    }

    /// Takes a start for now, or says until when to wait and ask again.
    pub(super) fn start_or_wait(&mut self, now: Instant) -> Option<Instant> {
        if let Some(pause) = self.pause.filter(|pause| *pause > now) {
            return Some(pause);
        }
        match self.rate {
            None => None,
            Some(rate) => self.take_turn(now, rate),
        }
    }

    fn take_turn(&mut self, now: Instant, rate: f64) -> Option<Instant> {
        if let Some(next) = self.next.filter(|next| *next > now) {
            return Some(next);
        }
        let step = Duration::from_secs_f64(1.0 / rate);
        // What was not used in a rest is not saved up, beyond the burst.
        let saved = step.mul_f64(BURST - 1.0);
        let oldest = now.checked_sub(saved).unwrap_or(now);
        self.next = Some(self.next.map_or(oldest, |next| next.max(oldest)) + step);
        None
    }

    /// When the newest pause ends or has ended.
    pub(super) fn paused_until(&self) -> Option<Instant> {
        self.pause
    }

    pub(super) fn pause_until(&mut self, until: Instant) {
        self.pause = Some(self.pause.map_or(until, |pause| pause.max(until)));
        self.next = self.next.max(self.pause);
    }

    pub(super) fn accepted(&mut self, sent_at: Instant, now: Instant) {
        if sent_at >= self.window.from {
            self.window.accepted += 1;
        }
        self.width = (self.width + 0.5).min(self.max_width);
        if let (Some(rate), Some(resumed_at)) = (self.rate, self.resumed_at)
            && sent_at >= resumed_at
        {
            self.grow(rate, resumed_at, now);
        }
    }

    pub(super) fn refused(
        &mut self,
        sent_at: Instant,
        now: Instant,
        retry_after: Option<Duration>,
    ) {
        let known = self
            .resumed_at
            .is_some_and(|resumed_at| sent_at < resumed_at);
        if !known {
            self.slow_down(sent_at);
        }
        let pause = retry_after.unwrap_or(self.last_pause.min(MAX_PAUSE));
        if !known || retry_after.is_some() {
            self.pause_until(now + pause);
            self.resumed_at = self.pause;
            self.last_growth = now + pause;
            self.last_pause = self.last_pause.max(pause);
        }
    }

    /// Begins a new window with a lower rate.
    fn slow_down(&mut self, sent_at: Instant) {
        let window = &self.window;
        let nothing_came = window.from_refusal && window.accepted == 0;
        let rate = if window.from_refusal {
            self.between_bounds(sent_at)
        } else {
            self.first_guess(sent_at)
        };
        self.last_pause = if nothing_came {
            self.last_pause * 2
        } else {
            FIRST_PAUSE
        };
        self.started_from = rate.clamp(MIN_RATE, MAX_RATE);
        self.rate = Some(self.started_from);
        self.window = Window {
            from: sent_at,
            accepted: 0,
            from_refusal: true,
        };
    }

    fn first_guess(&self, sent_at: Instant) -> f64 {
        let measured = self.window.per_second(sent_at, ASSUMED_BURST_SECONDS);
        OF_MEASURED * measured.min(self.rate.unwrap_or(MAX_RATE))
    }

    /// What was accepted since the last refusal is the limit at least, since a pause may have
    /// filled the budget to its brim; the rate that was refused is the limit at most.
    fn between_bounds(&mut self, sent_at: Instant) -> f64 {
        let high = self.rate.unwrap_or(MAX_RATE);
        let low = match self.window.accepted {
            0 => high / 4.0,
            _ => self.window.per_second(sent_at, 0.0).min(high),
        };
        // A rate that had to grow far says little about where exactly it became too fast.
        self.doubt *= if high > 2.0 * self.started_from {
            0.3
        } else {
            0.1
        };
        let middle = low.powf(1.0 - BETWEEN) * high.powf(BETWEEN);
        (OF_MEASURED * low).max(middle.min(OF_REFUSED * high))
    }

    fn grow(&mut self, rate: f64, resumed_at: Instant, now: Instant) {
        // An idle minute is no proof that a faster pace would have been borne.
        let step = now
            .saturating_duration_since(self.last_growth)
            .as_secs_f64()
            .min(1.0);
        let calm = now.saturating_duration_since(resumed_at).as_secs_f64();
        self.last_growth = self.last_growth.max(now);
        // A refusal costs its pause and some requests: the dearer, the rarer.
        let unit = self.last_pause.as_secs_f64().max(10.0 / rate).max(1.0);
        let steady = STEADY_GROWTH / unit * (1.0 + (calm / (20.0 * unit)).powi(2));
        let per_second = steady.max(self.doubt * DOUBTFUL_GROWTH * (1.0 + calm));
        let grown = rate * (1.0 + per_second * step);
        self.rate = Some(grown.min(self.ceiling.unwrap_or(MAX_RATE)));
    }
}

impl Window {
    fn per_second(&self, until: Instant, more_seconds: f64) -> f64 {
        let seconds = until.saturating_duration_since(self.from).as_secs_f64() + more_seconds;
        f64::from(self.accepted.max(1)) / seconds.max(0.001)
    }
}

#[cfg(test)]
#[path = "simulation.rs"]
mod simulation;
