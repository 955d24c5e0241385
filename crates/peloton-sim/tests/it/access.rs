//! Who may ask what, and what a refusal says.

use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::browser::{ask, text};
use crate::session::{Session, ids};

const ZERO: &str = "00000000000000000000000000000000";
const PRIVATE: usize = 3;

#[tokio::test]
async fn nothing_of_a_member_is_told_without_a_token() {
    let session = Session::new(1, 1).await;
    let id = &session.sim.workouts(0)[0];
    for path in ["/api/me".to_owned(), format!("/api/workout/{id}")] {
        for bearer in [None, Some("no token of ours")] {
            let (status, _) = ask(&session.sim, bearer, &path).await;
            assert_eq!(status, StatusCode::UNAUTHORIZED, "{path}");
        }
    }
    for path in ["/api/ride/metadata_mappings", "/api/instructor?limit=3"] {
        let (status, _) = ask(&session.sim, None, path).await;
        assert_eq!(status, StatusCode::OK, "{path}");
    }
}

#[tokio::test]
async fn the_overview_demands_the_platform_header() {
    let session = Session::new(1, 1).await;
    let user_id = &session.sim.account().user_id;
    let url = format!(
        "{}/api/user/{user_id}/overview?version=1",
        session.sim.api_url()
    );
    let request = reqwest::Client::new().get(url).bearer_auth(&session.bearer);
    let answer = request.send().await.expect("an answer");
    assert_eq!(answer.status(), StatusCode::BAD_REQUEST);
    let body: Value = answer.json().await.expect("JSON");
    assert_eq!(body["error_code"], 2120);
}

#[tokio::test]
async fn the_way_is_told_to_a_platform_alone() {
    let session = Session::new(1, 300).await;
    let rows = session.rows(0, "").await;
    let outdoor = rows.iter().find(|row| row["is_outdoor"] == true);
    let id = text(outdoor.expect("a run outdoors"), "id");
    let graph = session.graph(&id, 1).await;
    assert!(graph["location_data"][0]["coordinates"][0]["latitude"].is_f64());
    let path = format!("/api/workout/{id}/performance_graph?every_n=1");
    let request = reqwest::Client::new().get(format!("{}{path}", session.sim.api_url()));
    let answer = request.bearer_auth(&session.bearer).send().await;
    let graph: Value = answer.expect("an answer").json().await.expect("JSON");
    assert_eq!(graph["location_data"], json!([]));
}

#[tokio::test]
async fn a_private_member_has_a_profile_and_nothing_else() {
    let session = Session::new(6, 3).await;
    let (id, username) = session.sim.member(PRIVATE);
    let profile = session.get(&format!("/api/user/{username}")).await;
    assert_eq!(text(&profile, "id"), id);
    let workout = &session.sim.workouts(PRIVATE)[0];
    for path in [
        format!("/api/user/{id}/workouts"),
        format!("/api/user/{id}/calendar"),
        format!("/api/workout/{workout}"),
        format!("/api/workout/{workout}/performance_graph?every_n=1"),
    ] {
        assert_eq!(session.refused(&path).await, (403, json!(3030)), "{path}");
    }
    session.sim.set_private(PRIVATE, false);
    assert_eq!(ids(&session.page(PRIVATE, "limit=9").await).len(), 3);
}

#[tokio::test]
async fn what_is_only_the_members_own_is_refused_to_others() {
    let session = Session::new(2, 1).await;
    let (other, _) = session.sim.member(1);
    let (own, _) = session.sim.member(0);
    for part in [
        "settings",
        "challenges/current",
        "challenges/past",
        "workout_history_csv",
    ] {
        let path = format!("/api/user/{other}/{part}");
        assert_eq!(session.refused(&path).await, (403, json!(3030)), "{part}");
        session.get(&format!("/api/user/{own}/{part}")).await;
    }
}

#[tokio::test]
async fn a_vanished_member_is_in_no_place_and_their_workouts_neither() {
    let session = Session::new(2, 1).await;
    let (id, _) = session.sim.member(1);
    let workout = &session.sim.workouts(1)[0];
    session.sim.set_gone(1, true);
    for path in [
        format!("/api/user/{id}"),
        format!("/api/user/{id}/workouts"),
        format!("/api/workout/{workout}"),
    ] {
        assert_eq!(session.refused(&path).await, (404, json!(110)), "{path}");
    }
    session.sim.set_gone(1, false);
    session.get(&format!("/api/workout/{workout}")).await;
}

#[tokio::test]
async fn unknown_things_are_404() {
    let session = Session::new(1, 1).await;
    for path in [
        "/api/workout/abc",
        "/api/ride/abc",
        "/api/ride/abc/details",
        "/api/instructor/abc",
        "/api/user/nobody",
    ] {
        assert_eq!(session.refused(path).await, (404, json!(110)), "{path}");
    }
    for path in [
        format!("/api/ride/{ZERO}"),
        format!("/api/ride/{ZERO}/details"),
    ] {
        assert_eq!(session.refused(&path).await.0, 404, "{path}");
    }
    let (status, body) = session.ask("/api/me/workouts").await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    assert_eq!(body["message"], "Not found: '/me/workouts'");
}

#[tokio::test]
async fn nothing_can_be_written() {
    let session = Session::new(1, 0).await;
    let url = format!("{}/api/user/change_relationship", session.sim.api_url());
    let request = reqwest::Client::new()
        .post(url)
        .bearer_auth(&session.bearer);
    let answer = request.send().await.expect("an answer");
    assert_eq!(answer.status(), StatusCode::METHOD_NOT_ALLOWED);
}
