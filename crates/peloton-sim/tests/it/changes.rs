//! Changes while it runs: workouts, profiles, follows, counters.

use peloton_sim::Settings;
use serde_json::json;

use crate::session::{Session, ids};

const ZERO: &str = "00000000000000000000000000000000";

#[tokio::test]
async fn a_member_who_is_no_longer_followed_is_not_in_the_list() {
    let session = Session::new(3, 0).await;
    let path = format!(
        "/api/user/{}/following?limit=100",
        session.sim.account().user_id
    );
    assert_eq!(session.get(&path).await["total"], 2);
    session.sim.set_followed(1, false);
    let (left, _) = session.sim.member(2);
    assert_eq!(ids(&session.get(&path).await), [left]);
}

#[tokio::test]
async fn follow_rows_and_profiles_say_what_was_changed() {
    let session = Session::new(3, 0).await;
    session.sim.set_private(1, true);
    session.sim.set_followed(1, false);
    let (id, _) = session.sim.member(1);
    let profile = session.get(&format!("/api/user/{id}")).await;
    assert_eq!(profile["is_profile_private"], true);
    assert_eq!(profile["authed_user_follows"], false);
    assert_ne!(profile["relationship"]["me_to_user"], "following");
    session.sim.set_followed(1, true);
    let path = format!(
        "/api/user/{}/following?limit=100",
        session.sim.account().user_id
    );
    let row = &session.get(&path).await["data"][0];
    assert_eq!(row["is_profile_private"], true);
    assert_eq!(row["authed_user_follows"], true);
}

#[tokio::test]
async fn a_workout_is_added_edited_deleted_and_restored() {
    let session = Session::new(2, 3).await;
    let id = session.sim.add_workout(1, 1_789_990_000);
    let path = format!("/api/workout/{id}");
    assert_eq!(ids(&session.page(1, "limit=9").await)[0], id);
    let graph = session
        .get(&format!("{path}/performance_graph?every_n=1"))
        .await;
    assert!(graph["seconds_since_pedaling_start"].is_array());

    session.sim.edit_workout(&id, json!({"title": "another"}));
    session.sim.edit_graph(&id, json!({"duration": 7}));
    assert_eq!(session.get(&path).await["title"], "another");
    assert_eq!(
        session.page(1, "limit=1").await["data"][0]["title"],
        "another"
    );
    let graph = session
        .get(&format!("{path}/performance_graph?every_n=1"))
        .await;
    assert_eq!(graph["duration"], 7);

    session.sim.delete_workout(&id);
    assert_eq!(session.refused(&path).await, (404, json!(110)));
    assert_eq!(ids(&session.page(1, "limit=9").await).len(), 3);
    session.sim.restore_workout(&id);
    assert_eq!(session.get(&path).await["title"], "another");
}

#[tokio::test]
async fn a_workout_given_whole_is_served_as_given() {
    let session = Session::new(1, 0).await;
    let detail = json!({"id": "a", "created_at": 5, "name": "Ünï 💪", "leaderboard_rank": 3, "ride": {"id": ZERO}});
    let graph = json!({"duration": 2, "seconds_since_pedaling_start": [1, 2], "metrics": []});
    let id = session.sim.add_custom(detail, graph.clone());
    assert_eq!(id, "a");
    let detail = session.get("/api/workout/a").await;
    assert_eq!(detail["name"], "Ünï 💪");
    assert_eq!(detail["user_id"], session.sim.account().user_id.as_str());
    assert_eq!(
        session
            .get("/api/workout/a/performance_graph?every_n=1")
            .await,
        graph
    );
    let row = session.page(0, "limit=1").await["data"][0].clone();
    assert_eq!(row["name"], "Ünï 💪");
    assert!(row.get("leaderboard_rank").is_none(), "rows have no rank");
}

#[tokio::test]
async fn counters_move_only_where_they_may() {
    for is_frozen in [true, false] {
        let session = Session::of(Settings {
            members: 1,
            workouts: 20,
            freeze_counters: is_frozen,
            ..Settings::default()
        })
        .await;
        let query = "limit=20&joins=ride";
        let first = session.page(0, query).await;
        assert_eq!(first == session.page(0, query).await, is_frozen);
    }
}
