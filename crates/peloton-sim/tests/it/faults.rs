//! What goes wrong on purpose: passing faults, items that fail for ever, limits.

use std::time::Duration;

use peloton_sim::{FaultKind, Faults, Poison, RateLimit, RetryAfter, Settings, Sim};
use reqwest::header::RETRY_AFTER;
use reqwest::{Response, StatusCode};
use serde_json::json;

use crate::browser::{ask, bearer, content_type};

async fn start(faults: Faults, rate_limit: Option<RateLimit>) -> Sim {
    let settings = Settings {
        members: 1,
        workouts: 3,
        faults,
        rate_limit,
        ..Settings::default()
    };
    Sim::start(settings)
        .await
        .expect("three loopback addresses")
}

async fn always(kind: FaultKind) -> Sim {
    let faults = Faults {
        probability: 1.0,
        kinds: vec![kind],
        ..Faults::default()
    };
    start(faults, None).await
}

async fn me(sim: &Sim, bearer: &str) -> Response {
    let request = reqwest::Client::new().get(format!("{}/api/me", sim.api_url()));
    request.bearer_auth(bearer).send().await.expect("an answer")
}

/// Status, kind of body, and whether the body is JSON with an id.
async fn seen(answer: Response) -> (u16, String, bool) {
    let status = answer.status().as_u16();
    let kind = content_type(&answer);
    let body = answer.text().await.unwrap_or_default();
    let body: serde_json::Value = serde_json::from_str(&body).unwrap_or_default();
    (status, kind, body["id"].is_string())
}

#[tokio::test]
async fn each_fault_is_what_it_says_and_over_after_two() {
    for (kind, status, content) in [
        (FaultKind::Error500, 500, "application/json"),
        (FaultKind::Gateway502, 502, "text/html"),
        (FaultKind::Unavailable503, 503, ""),
        (FaultKind::Unauthorized, 401, "application/json"),
        (FaultKind::Garbage, 200, "text/html"),
        (FaultKind::WrongType, 200, "application/json"),
        (FaultKind::Truncation, 200, "application/json"),
    ] {
        let sim = always(kind).await;
        let bearer = bearer(&sim).await;
        for _ in 0..2 {
            let (was, of, is_good) = seen(me(&sim, &bearer).await).await;
            assert_eq!(
                (was, of.as_str(), is_good),
                (status, content, false),
                "{kind:?}"
            );
        }
        assert!(seen(me(&sim, &bearer).await).await.2, "{kind:?}");
    }
}

#[tokio::test]
async fn a_reset_breaks_the_connection_within_the_body() {
    let sim = always(FaultKind::Reset).await;
    let bearer = bearer(&sim).await;
    let answer = me(&sim, &bearer).await;
    assert_eq!(answer.status(), StatusCode::OK);
    assert!(answer.bytes().await.is_err());
}

#[tokio::test]
async fn a_stall_comes_to_a_good_end() {
    let faults = Faults {
        probability: 1.0,
        kinds: vec![FaultKind::Stall],
        stall: Duration::from_millis(1),
        ..Faults::default()
    };
    let sim = start(faults, None).await;
    let bearer = bearer(&sim).await;
    assert!(seen(me(&sim, &bearer).await).await.2);
}

#[tokio::test]
async fn faults_can_begin_and_end_while_it_runs() {
    let sim = start(Faults::default(), None).await;
    let bearer = bearer(&sim).await;
    assert_eq!(me(&sim, &bearer).await.status(), StatusCode::OK);
    sim.set_faults(Faults {
        probability: 1.0,
        kinds: vec![FaultKind::Error500],
        ..Faults::default()
    });
    assert_eq!(
        me(&sim, &bearer).await.status(),
        StatusCode::INTERNAL_SERVER_ERROR
    );
    sim.set_faults(Faults::default());
    assert_eq!(me(&sim, &bearer).await.status(), StatusCode::OK);
}

#[tokio::test]
async fn about_the_given_share_of_requests_fails_and_the_same_ones_again() {
    async fn failed(seed: u64) -> Vec<bool> {
        let faults = Faults {
            probability: 0.2,
            kinds: vec![FaultKind::Error500],
            seed,
            ..Faults::default()
        };
        let sim = start(faults, None).await;
        let bearer = bearer(&sim).await;
        let mut failed = Vec::new();
        for number in 0..200 {
            let (status, _) = ask(&sim, Some(&bearer), &format!("/api/me?number={number}")).await;
            failed.push(status != StatusCode::OK);
        }
        failed
    }
    let first = failed(1).await;
    let count = first.iter().filter(|failed| **failed).count();
    assert!((20..=60).contains(&count), "{count} of 200");
    assert_eq!(first, failed(1).await);
    assert_ne!(first, failed(2).await);
}

#[tokio::test]
async fn a_poisoned_item_fails_for_ever_and_its_neighbours_do_not() {
    let sim = start(Faults::default(), None).await;
    let bearer = bearer(&sim).await;
    let ids = sim.workouts(0);
    let status = |path: String| {
        let (sim, bearer) = (&sim, &bearer);
        async move { ask(sim, Some(bearer), &path).await.0.as_u16() }
    };
    sim.poison(&ids[0], Poison::Status(500));
    sim.poison(
        &format!("{}/performance_graph", ids[1]),
        Poison::Status(403),
    );
    for _ in 0..4 {
        assert_eq!(status(format!("/api/workout/{}", ids[0])).await, 500);
        assert_eq!(
            status(format!("/api/workout/{}/performance_graph", ids[0])).await,
            500
        );
        assert_eq!(status(format!("/api/workout/{}", ids[1])).await, 200);
        assert_eq!(
            status(format!("/api/workout/{}/performance_graph", ids[1])).await,
            403
        );
        assert_eq!(status(format!("/api/workout/{}", ids[2])).await, 200);
    }
    sim.heal(&ids[0]);
    assert_eq!(status(format!("/api/workout/{}", ids[0])).await, 200);
}

#[tokio::test]
async fn poison_can_be_garbage_or_a_body_of_any_size() {
    let sim = start(Faults::default(), None).await;
    let bearer = bearer(&sim).await;
    let path = format!("/api/workout/{}", sim.workouts(0)[0]);
    sim.poison(&sim.workouts(0)[0], Poison::Garbage);
    let (status, body) = ask(&sim, Some(&bearer), &path).await;
    assert_eq!((status, body.is_string()), (StatusCode::OK, true));
    sim.poison(&sim.workouts(0)[0], Poison::Large(1_000_000));
    let (_, body) = ask(&sim, Some(&bearer), &path).await;
    assert!(
        body["text"]
            .as_str()
            .is_some_and(|text| text.len() >= 1_000_000)
    );
    let answer = Poison::Answer(418, r#"{"ride": []}"#.into());
    sim.poison(&sim.workouts(0)[0], answer);
    let (status, body) = ask(&sim, Some(&bearer), &path).await;
    assert_eq!(
        (status, body),
        (StatusCode::IM_A_TEAPOT, json!({"ride": []}))
    );
}

/// So slow that no token comes back while a test runs.
fn limit(retry_after: Option<RetryAfter>) -> Option<RateLimit> {
    Some(RateLimit {
        per_second: 1e-6,
        burst: 2,
        retry_after,
    })
}

#[tokio::test]
async fn beyond_the_burst_comes_429_as_html() {
    let sim = start(Faults::default(), limit(None)).await;
    let bearer = bearer(&sim).await;
    for _ in 0..2 {
        assert_eq!(me(&sim, &bearer).await.status(), StatusCode::OK);
    }
    let refused = me(&sim, &bearer).await;
    assert_eq!(refused.status(), StatusCode::TOO_MANY_REQUESTS);
    assert!(refused.headers().get(RETRY_AFTER).is_none());
    assert!(refused.text().await.expect("a body").starts_with("<html>"));
    sim.set_rate_limit(None);
    assert_eq!(me(&sim, &bearer).await.status(), StatusCode::OK);
}

#[tokio::test]
async fn requests_before_the_end_of_retry_after_are_counted() {
    let sim = start(Faults::default(), limit(Some(RetryAfter::Seconds(3600)))).await;
    let bearer = bearer(&sim).await;
    for _ in 0..2 {
        me(&sim, &bearer).await;
    }
    let refused = me(&sim, &bearer).await;
    assert_eq!(refused.headers()[RETRY_AFTER], "3600");
    assert_eq!(sim.totals().premature, 0);
    // The first ones may have been on their way.
    let mut asked = 0;
    while sim.totals().premature == 0 {
        assert!(asked < 10_000, "none is counted");
        me(&sim, &bearer).await;
        asked += 1;
    }
    me(&sim, &bearer).await;
    assert_eq!(sim.totals().premature, 2);
}

#[tokio::test]
async fn retry_after_can_be_a_date() {
    let sim = start(Faults::default(), limit(Some(RetryAfter::Date(3600)))).await;
    let bearer = bearer(&sim).await;
    for _ in 0..2 {
        me(&sim, &bearer).await;
    }
    let refused = me(&sim, &bearer).await;
    let date = refused.headers()[RETRY_AFTER].to_str().expect("ASCII");
    assert!(date.ends_with(" GMT"), "{date}");
}

#[tokio::test]
async fn a_block_says_1015_until_it_is_lifted() {
    let sim = start(Faults::default(), None).await;
    let bearer = bearer(&sim).await;
    sim.set_blocked(true);
    let refused = me(&sim, &bearer).await;
    assert_eq!(refused.status(), StatusCode::TOO_MANY_REQUESTS);
    assert!(
        refused
            .text()
            .await
            .expect("a body")
            .contains("error code: 1015")
    );
    sim.set_blocked(false);
    assert_eq!(me(&sim, &bearer).await.status(), StatusCode::OK);
}

#[tokio::test]
async fn a_garbled_item_has_other_bytes_in_its_answers_alone() {
    let sim = start(Faults::default(), None).await;
    let bearer = bearer(&sim).await;
    let (id, _) = sim.member(0);
    sim.garble(&id, &id, b"\xff");
    let (_, answer) = ask(&sim, Some(&bearer), &format!("/api/user/{id}")).await;
    assert_eq!(answer["id"], "\u{fffd}");
    assert!(seen(me(&sim, &bearer).await).await.2);
}
