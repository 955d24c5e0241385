//! The address of an Explore, and a query as JSON: written and read again they are the same.
#![no_main]

use lookml::{ExploreUrl, Query};

libfuzzer_sys::fuzz_target!(|data: &str| {
    if let Ok(url) = data.parse::<ExploreUrl>() {
        let written = url.to_string();
        let again = written
            .parse::<ExploreUrl>()
            .expect("what we write can be read");
        assert_eq!(again.to_string(), written);
    }
    if let Ok(query) = serde_json::from_str::<Query>(data) {
        let written = serde_json::to_string(&query).expect("a query is JSON");
        assert_eq!(serde_json::from_str::<Query>(&written).ok(), Some(query));
    }
});
