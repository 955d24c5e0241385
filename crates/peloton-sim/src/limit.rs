//! How many requests are too many.

use std::time::{Duration, Instant};

use axum::body::Bytes;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;

use crate::settings::{RateLimit, RetryAfter};

/// What an answer and the next request need for their ways, on loopback with both sides busy.
const WAY: Duration = Duration::from_millis(5);

/// A bucket of requests, and the moment before which nothing should come.
#[derive(Debug)]
pub(crate) struct Limit {
    limit: Option<RateLimit>,
    tokens: f64,
    filled: Instant,
    /// The last refusal that named its end, and that end.
    pause: Option<(Instant, Instant)>,
    pub(crate) is_blocked: bool,
}

impl Limit {
    pub(crate) fn new(limit: Option<RateLimit>) -> Self {
        let tokens = limit.map_or(0.0, |limit| f64::from(limit.burst));
        Self {
            limit,
            tokens,
            filled: Instant::now(),
            pause: None,
            is_blocked: false,
        }
    }

    /// Whether a request came after a refusal and before its end. Those that were on their way when the
    /// service refused another could not know.
    pub(crate) fn is_premature(&self, arrival: Instant) -> bool {
        self.pause
            .is_some_and(|(refused, until)| arrival > refused + WAY && arrival < until)
    }

    pub(crate) fn refuse(&mut self) -> Option<Response> {
        let limit = self.limit?;
        let now = Instant::now();
        let gained = now.duration_since(self.filled).as_secs_f64() * limit.per_second;
        self.tokens = (self.tokens + gained).min(f64::from(limit.burst));
        self.filled = now;
        if self.tokens >= 1.0 {
            self.tokens -= 1.0;
            return None;
        }
        let mut response = (
            StatusCode::TOO_MANY_REQUESTS,
            Bytes::from_static(b"<html>Too many requests</html>"),
        )
            .into_response();
        if let Some(retry_after) = limit.retry_after {
            let (text, seconds) = retry_after_text(retry_after);
            // While a pause runs, its first refusal is what everybody could know of.
            let refused = self
                .pause
                .filter(|(_, until)| now < *until)
                .map_or(now, |(refused, _)| refused);
            self.pause = Some((refused, now + Duration::from_secs(seconds)));
            if let Ok(value) = text.parse() {
                response.headers_mut().insert(header::RETRY_AFTER, value);
            }
        }
        Some(response)
    }
}

/// The header, and the seconds that surely have to pass: a date says whole seconds only.
fn retry_after_text(retry_after: RetryAfter) -> (String, u64) {
    match retry_after {
        RetryAfter::Seconds(seconds) => (seconds.to_string(), seconds),
        RetryAfter::Date(seconds) => {
            let ahead = i64::try_from(seconds).unwrap_or(0);
            let date = Timestamp::from_second(Timestamp::now().as_second() + ahead)
                .unwrap_or(Timestamp::UNIX_EPOCH);
            (
                date.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string(),
                seconds.saturating_sub(1),
            )
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_was_on_the_way_when_another_was_refused_is_not_premature() {
        let refused = Instant::now();
        let until = refused + Duration::from_secs(60);
        let mut limit = Limit::new(None);
        assert!(!limit.is_premature(refused));
        limit.pause = Some((refused, until));
        let instant = Duration::from_micros(1);
        for (arrival, expected) in [
            (refused + WAY, false),
            (refused + WAY + instant, true),
            (until - instant, true),
            (until, false),
        ] {
            assert_eq!(limit.is_premature(arrival), expected);
        }
    }
}
