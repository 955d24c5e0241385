//! Doors for the fuzz targets: bytes that come from outside, to the parsers that this crate has.

use jiff::Timestamp;
use reqwest::header::{HeaderMap, HeaderValue, RETRY_AFTER};
use serde::de::DeserializeOwned;

use crate::{Endpoint, judge, models, oauth, retry};

/// A body as it comes from Peloton, read as each of the models.
pub fn models(body: &[u8]) {
    judge::judge(Endpoint::Workout, 200, body);
    judge::judge(Endpoint::Workouts, 503, body);
    if let Ok(page) = models::Page::parse(body) {
        assert!(page.ids().all(|id| !id.is_empty()));
    }
    read::<models::Workout>(body);
    read::<models::PerformanceGraph>(body);
    read::<models::Ride>(body);
    read::<models::RideDetails>(body);
    read::<models::Instructor>(body);
    read::<models::User>(body);
    read::<models::Settings>(body);
    read::<models::Overview>(body);
    read::<models::Calendar>(body);
    read::<models::Challenges>(body);
    read::<models::MetadataMappings>(body);
}

fn read<T: DeserializeOwned>(body: &[u8]) {
    // Only what is JSON has a shape; an object of any content has this one.
    let is_object = serde_json::from_slice::<serde_json::Map<String, serde_json::Value>>(body);
    let Err(error) = serde_json::from_slice::<T>(body) else {
        return;
    };
    // One name twice in an object: no service writes that, and neither value would be the right one.
    let is_twice = error.to_string().starts_with("duplicate field");
    assert!(
        is_object.is_err() || is_twice,
        "an object is refused as {}: {error:?}",
        std::any::type_name::<T>(),
    );
}

/// A page, a cookie, an address, a token or a header as the login hosts, or a person who pastes, give them.
pub fn login(text: &str) {
    oauth::fuzz(text);
    if let Ok(value) = HeaderValue::from_str(text) {
        let headers = HeaderMap::from_iter([(RETRY_AFTER, value)]);
        retry::retry_after(&headers, Timestamp::UNIX_EPOCH);
    }
}
