//! When and how long to wait before another try.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use jiff::{Timestamp, fmt::rfc2822};
use rand::{RngExt, SeedableRng, rngs::StdRng};
use reqwest::header::{DATE, HeaderMap, RETRY_AFTER};

/// How often and how patiently a request is tried again.
///
/// A 429 counts for nothing here: the whole road waits, see `rate_limit`.
#[derive(Debug, Clone)]
pub struct RetryConfig {
    /// Tries after the first, for 5xx, resets, time-outs, truncated and garbled answers.
    pub max_retries: u32,
    /// Refusals (429) of one request, while others pass, that make it refused for itself.
    pub max_refusals: u32,
    /// Tries after the first while no connection comes about at all.
    pub max_connect_retries: u32,
    /// Upper bound of the first wait; it doubles with every try.
    pub backoff_base: Duration,
    /// Upper bound of any wait.
    pub backoff_max: Duration,
    /// Longest pause that is sat out; a longer `Retry-After` opens the circuit breaker.
    pub longest_pause: Duration,
    /// The breaker opens after this long with nothing but 429.
    pub breaker_after: Duration,
    /// Seed of the jitter; `None` takes one from the system.
    pub seed: Option<u64>,
}

impl Default for RetryConfig {
    fn default() -> Self {
        RetryConfig {
            max_retries: 8,
            max_refusals: 10,
            max_connect_retries: 5,
            backoff_base: Duration::from_millis(250),
            backoff_max: Duration::from_secs(20),
            longest_pause: Duration::from_secs(120),
            breaker_after: Duration::from_secs(60),
            seed: None,
        }
    }
}

/// The random source of all waits, shared by the requests of a client.
#[derive(Debug, Clone)]
pub(crate) struct Jitter(Arc<Mutex<StdRng>>);

impl Jitter {
    pub(crate) fn new(seed: Option<u64>) -> Self {
        let seed = seed.unwrap_or_else(|| rand::rng().random());
        Jitter(Arc::new(Mutex::new(StdRng::seed_from_u64(seed))))
    }

    fn fraction(&self) -> f64 {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .random()
    }

    /// The wait before retry number `retry` (from 0): anything up to the doubled bound, so
    /// that requests which failed together don't come back together.
    pub(crate) fn backoff(&self, config: &RetryConfig, retry: u32) -> Duration {
        let bound = config
            .backoff_base
            .saturating_mul(1 << retry.min(20))
            .min(config.backoff_max);
        bound.mul_f64(self.fraction())
    }
}

/// What the answer's `Retry-After` asks for, from `now` on; `None` when it has none that can be
/// read.
pub(crate) fn retry_after(headers: &HeaderMap, now: Timestamp) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        // Digits beyond any number still mean "very long".
        return Some(Duration::from_secs(
            text.parse().unwrap_or(u64::from(u32::MAX)),
        ));
    }
    let until = http_date(text)?;
    let said_at = headers
        .get(DATE)
        .and_then(|date| http_date(date.to_str().ok()?));
    let wait = until.duration_since(clock_of_service(now, said_at));
    Some(Duration::try_from(wait).unwrap_or_default())
}

/// Dates have whole seconds, so our clock is the better one unless the clocks disagree.
fn clock_of_service(now: Timestamp, said_at: Option<Timestamp>) -> Timestamp {
    match said_at {
        Some(said_at) if said_at.duration_since(now).unsigned_abs() > Duration::from_secs(2) => {
            said_at
        }
        _ => now,
    }
}

fn http_date(text: &str) -> Option<Timestamp> {
    // jiff, like RFC 2822, doesn't know GMT by that name.
    let text = text.trim().strip_suffix("GMT")?;
    rfc2822::DateTimeParser::new()
        .parse_timestamp(format!("{text}+0000"))
        .ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use reqwest::header::HeaderValue;

    use super::*;

    const NOW: &str = "2026-03-01T12:00:00.5Z";

    fn wait(retry_after_header: &str, date: Option<&str>) -> Option<Duration> {
        let mut headers = HeaderMap::new();
        headers.insert(
            RETRY_AFTER,
            HeaderValue::from_str(retry_after_header).unwrap(),
        );
        if let Some(date) = date {
            headers.insert(DATE, HeaderValue::from_str(date).unwrap());
        }
        retry_after(&headers, NOW.parse().unwrap())
    }

    #[test]
    fn retry_after_comes_in_two_forms() {
        assert_eq!(wait("120", None), Some(Duration::from_secs(120)));
        assert_eq!(wait(" 0 ", None), Some(Duration::ZERO));
        let date = wait("Sun, 01 Mar 2026 12:00:03 GMT", None);
        assert_eq!(date, Some(Duration::from_millis(2500)));
    }

    #[test]
    fn a_date_that_is_over_asks_for_no_wait() {
        assert_eq!(
            wait("Sun, 01 Mar 2026 11:00:00 GMT", None),
            Some(Duration::ZERO)
        );
    }

    #[test]
    fn a_clock_that_is_wrong_by_an_hour_does_not_matter() {
        let until = "Sun, 01 Mar 2026 13:00:05 GMT";
        let said_at = Some("Sun, 01 Mar 2026 13:00:00 GMT");
        assert_eq!(wait(until, said_at), Some(Duration::from_secs(5)));
    }

    #[test]
    fn what_is_neither_is_ignored_and_too_many_digits_mean_long() {
        for text in ["", "soon", "-1", "1.5", "Sun, 01 Mar 2026", "GMT"] {
            assert_eq!(wait(text, None), None, "{text}");
        }
        assert!(wait("99999999999999999999999", None) > Some(Duration::from_secs(1 << 30)));
    }

    #[test]
    fn waits_grow_to_their_bound_and_differ() {
        let (jitter, config) = (Jitter::new(Some(7)), RetryConfig::default());
        let waits: Vec<Duration> = (0..40)
            .map(|retry| jitter.backoff(&config, retry))
            .collect();
        assert!(waits[0] <= config.backoff_base);
        assert!(waits.iter().all(|wait| *wait <= config.backoff_max));
        assert!(
            waits[20..]
                .iter()
                .any(|wait| *wait > config.backoff_max / 2)
        );
        let same = Jitter::new(Some(7));
        assert_eq!(waits[0], same.backoff(&config, 0));
    }

    proptest! {
        #[test]
        fn any_header_gives_an_answer(text in "[ -~]{0,40}", date in "[ -~]{0,40}") {
            let _ = wait(&text, Some(&date));
        }

        #[test]
        fn any_number_of_seconds_comes_back(seconds in 0_u64..1 << 40) {
            prop_assert_eq!(wait(&seconds.to_string(), None), Some(Duration::from_secs(seconds)));
        }

        #[test]
        fn any_date_comes_back(second in 0_i64..4_000_000_000) {
            let now: Timestamp = NOW.parse().unwrap();
            let until = Timestamp::from_second(second).unwrap();
            let text = until.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string();
            let expected = Duration::try_from(until.duration_since(now)).unwrap_or_default();
            prop_assert_eq!(wait(&text, None), Some(expected));
        }
    }
}
