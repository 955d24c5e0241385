//! The controller against services of all kinds, in simulated time.

use std::{collections::VecDeque, time::Duration};

use tokio::time::Instant;

use super::RateController;

/// A service with a token bucket.
#[derive(Debug, Clone, Copy)]
struct Service {
    per_second: f64,
    burst: f64,
    latency: Duration,
    retry_after: Option<Duration>,
}

#[derive(Debug, Clone, Copy)]
struct Caller {
    rate: Option<f64>,
    concurrency: usize,
    requests: u32,
}

#[derive(Debug)]
struct Outcome {
    per_second: f64,
    refused: u32,
    /// Requests that were sent in a pause that the caller knew of.
    premature: u32,
}

struct Bucket {
    tokens: f64,
    filled_at: Instant,
}

impl Bucket {
    fn take(&mut self, service: &Service, at: Instant) -> bool {
        let seconds = at.duration_since(self.filled_at).as_secs_f64();
        self.tokens = (self.tokens + seconds * service.per_second).min(service.burst);
        self.filled_at = at;
        let granted = self.tokens >= 1.0;
        self.tokens -= f64::from(u8::from(granted));
        granted
    }
}

fn run(service: Service, caller: Caller) -> Outcome {
    let begin = Instant::now();
    let mut controller = RateController::new(caller.rate, caller.concurrency, begin);
    let mut bucket = Bucket {
        tokens: service.burst,
        filled_at: begin,
    };
    let mut in_flight: VecDeque<(Instant, Instant, bool)> = VecDeque::new();
    let (mut now, mut accepted, mut refused, mut premature) = (begin, 0, 0, 0);
    let mut closed_until = begin;
    while accepted < caller.requests {
        let mut wake = None;
        if in_flight.len() < controller.width() {
            wake = controller.start_or_wait(now);
            if wake.is_none() {
                premature += u32::from(now < closed_until);
                let granted = bucket.take(&service, now + service.latency / 2);
                in_flight.push_back((now + service.latency, now, granted));
                continue;
            }
        }
        let answered = in_flight.front().map(|(at, _, _)| *at);
        now = wake
            .into_iter()
            .chain(answered)
            .min()
            .expect("somebody waits for something");
        if answered != Some(now) {
            continue;
        }
        let (_, sent_at, granted) = in_flight.pop_front().expect("there is a front");
        if granted {
            accepted += 1;
            controller.accepted(sent_at, now);
        } else {
            refused += 1;
            closed_until = closed_until.max(now + service.retry_after.unwrap_or_default());
            controller.refused(sent_at, now, service.retry_after);
        }
    }
    let seconds = now.duration_since(begin).as_secs_f64();
    Outcome {
        per_second: f64::from(accepted) / seconds,
        refused,
        premature,
    }
}

const CALLERS: [Caller; 3] = [
    Caller {
        rate: None,
        concurrency: 16,
        requests: 0,
    },
    Caller {
        rate: None,
        concurrency: 4,
        requests: 0,
    },
    Caller {
        rate: Some(50.0),
        concurrency: 16,
        requests: 0,
    },
];

/// Two minutes' worth of requests, or a thousand, against the service.
fn check(service: Service, least: f64, most_refused: f64) {
    for caller in CALLERS {
        let requests = (service.per_second * 120.0).max(1000.0) as u32;
        let caller = Caller { requests, ..caller };
        let possible = (caller.concurrency as f64 / service.latency.as_secs_f64())
            .min(caller.rate.unwrap_or(f64::MAX))
            .min(service.per_second);
        let outcome = run(service, caller);
        let case = format!("{service:?} {caller:?} {outcome:?}");
        assert!(outcome.per_second >= least * possible, "too slow: {case}");
        assert!(
            f64::from(outcome.refused) <= most_refused * f64::from(requests),
            "{case}"
        );
        assert_eq!(outcome.premature, 0, "{case}");
    }
}

fn for_each_service(retry_after: Option<Duration>, bursts: &[f64], check: impl Fn(Service)) {
    for per_second in [5.0, 10.0, 20.0, 50.0] {
        for latency in [10, 50, 100].map(Duration::from_millis) {
            for burst in bursts
                .iter()
                .map(|seconds| f64::max(1.0, seconds * per_second))
            {
                check(Service {
                    per_second,
                    burst,
                    latency,
                    retry_after,
                });
            }
        }
    }
}

#[test]
fn a_limit_is_used_to_nine_tenths_without_retry_after() {
    for_each_service(None, &[0.4, 0.5, 1.0, 2.0], |service| {
        check(service, 0.9, 0.02)
    });
}

#[test]
fn a_limit_is_used_to_nine_tenths_with_retry_after() {
    let second = Some(Duration::from_secs(1));
    for_each_service(second, &[0.4, 0.5, 1.0, 2.0], |service| {
        check(service, 0.9, 0.02)
    });
}

#[test]
fn a_service_that_saves_nothing_up_is_used_to_four_fifths() {
    for_each_service(None, &[0.0], |service| check(service, 0.8, 0.02));
    for_each_service(Some(Duration::from_secs(1)), &[0.0], |service| {
        check(service, 0.8, 0.02)
    });
}

#[test]
fn long_pauses_make_refusals_rare() {
    let long = Some(Duration::from_secs(5));
    for_each_service(long, &[0.5, 1.0, 3.0], |service| {
        check(service, 0.75, 0.025)
    });
}

fn boundless(latency: Duration) -> Service {
    Service {
        per_second: 1e6,
        burst: 1e6,
        latency,
        retry_after: None,
    }
}

#[test]
fn without_a_limit_nothing_slows_down() {
    let service = boundless(Duration::from_millis(100));
    let caller = Caller {
        rate: None,
        concurrency: 16,
        requests: 2000,
    };
    let outcome = run(service, caller);
    assert!(outcome.per_second > 0.95 * 160.0, "{outcome:?}");
}

#[test]
fn the_rate_that_was_asked_for_is_never_exceeded() {
    let service = boundless(Duration::from_millis(10));
    let caller = Caller {
        rate: Some(3.0),
        concurrency: 4,
        requests: 300,
    };
    let outcome = run(service, caller);
    assert!((2.95..3.05).contains(&outcome.per_second), "{outcome:?}");
}
