//! Answers are compressed for those who want it, and faults stay faults.

use peloton_sim::{FaultKind, Faults, Poison, Settings};
use reqwest::header::{ACCEPT_ENCODING, CONTENT_ENCODING};
use reqwest::{Client, Response};
use serde_json::Value;

use crate::session::Session;

const PATH: &str = "/api/instructor?limit=100";

/// A client that says itself what it accepts, and unpacks nothing.
fn plain() -> Client {
    Client::builder()
        .no_gzip()
        .no_brotli()
        .build()
        .expect("a client")
}

async fn session(kind: Option<FaultKind>) -> Session {
    let faults = Faults {
        probability: 1.0,
        kinds: kind.into_iter().collect(),
        ..Faults::default()
    };
    Session::of(Settings {
        members: 1,
        workouts: 3,
        faults,
        ..Settings::default()
    })
    .await
}

async fn accepting(session: &Session, encodings: &str) -> Response {
    let request = plain().get(format!("{}{PATH}", session.sim.api_url()));
    let request = request.header(ACCEPT_ENCODING, encodings);
    request.send().await.expect("an answer")
}

fn encoding(answer: &Response) -> Option<&str> {
    answer.headers().get(CONTENT_ENCODING)?.to_str().ok()
}

#[tokio::test]
async fn an_answer_is_compressed_as_the_request_allows() {
    let session = session(None).await;
    for (accepted, expected) in [
        ("gzip", Some("gzip")),
        ("br", Some("br")),
        ("br;q=0.5, gzip", Some("gzip")),
        ("identity", None),
        ("deflate", None),
    ] {
        let answer = accepting(&session, accepted).await;
        assert_eq!(encoding(&answer), expected, "{accepted}");
    }
    let answer = plain().get(format!("{}{PATH}", session.sim.api_url()));
    let answer = answer.send().await.expect("an answer");
    assert_eq!(encoding(&answer), None);
}

#[tokio::test]
async fn compressed_and_plain_answers_say_the_same_in_fewer_bytes() {
    let session = session(None).await;
    let plain = accepting(&session, "identity").await;
    let plain = plain.bytes().await.expect("a body");
    for only in [Client::builder().no_gzip(), Client::builder().no_brotli()] {
        let client = only.build().expect("a client");
        let url = format!("{}{PATH}", session.sim.api_url());
        let answer = client.get(url).send().await.expect("an answer");
        assert_eq!(answer.bytes().await.expect("a body"), plain);
    }
    for encodings in ["gzip", "br"] {
        let packed = accepting(&session, encodings).await.bytes().await;
        assert!(packed.expect("a body").len() * 2 < plain.len());
    }
}

#[tokio::test]
async fn a_truncated_body_is_truncated_after_it_is_unpacked() {
    for only in [Client::builder().no_gzip(), Client::builder().no_brotli()] {
        let session = session(Some(FaultKind::Truncation)).await;
        let client = only.build().expect("a client");
        let url = format!("{}{PATH}", session.sim.api_url());
        let answer = client.get(url).send().await.expect("an answer");
        assert_eq!(answer.status(), 200);
        let text = answer.text().await.expect("a whole body");
        assert!(text.starts_with("{\"data\""));
        assert!(serde_json::from_str::<Value>(&text).is_err());
    }
}

#[tokio::test]
async fn a_reset_breaks_a_compressed_body_as_well() {
    for encodings in ["gzip", "br", "identity"] {
        let session = session(Some(FaultKind::Reset)).await;
        let answer = accepting(&session, encodings).await;
        assert_eq!(answer.status(), 200);
        assert!(answer.bytes().await.is_err(), "{encodings}");
    }
}

#[tokio::test]
async fn a_small_answer_can_unpack_to_a_large_one() {
    let session = session(None).await;
    session.sim.poison("instructor", Poison::Large(10_000_000));
    let packed = accepting(&session, "gzip").await.bytes().await;
    assert!(packed.expect("a body").len() < 1_000_000);
}
