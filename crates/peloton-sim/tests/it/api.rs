//! The JSON API: who may ask what, envelopes, errors, and changes while it runs.

use std::collections::HashSet;

use peloton_sim::Settings;
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::browser::{ask, text};
use crate::session::{Session, ids};

const ZERO: &str = "00000000000000000000000000000000";
const PRIVATE: usize = 3;

#[tokio::test]
async fn a_walk_over_all_pages_meets_each_workout_once_newest_first() {
    let session = Session::new(1, 53).await;
    let mut walked = Vec::new();
    let mut created = Vec::new();
    for number in 0.. {
        let page = session.page(0, &format!("limit=20&page={number}")).await;
        assert_eq!(page["page"], number);
        assert_eq!(
            (&page["total"], &page["page_count"]),
            (&json!(53), &json!(3))
        );
        assert_eq!(page["show_previous"], number > 0);
        let rows = page["data"].as_array().expect("rows");
        assert_eq!(page["count"], rows.len());
        created.extend(rows.iter().map(|row| row["created_at"].as_i64()));
        walked.extend(ids(&page));
        if page["show_next"] == false {
            break;
        }
    }
    assert!(created.is_sorted_by(|newer, older| newer >= older));
    assert_eq!(walked, session.sim.workouts(0));
    assert_eq!(walked.iter().collect::<HashSet<_>>().len(), 53);
}

#[tokio::test]
async fn a_limit_is_twenty_unless_given_and_a_hundred_at_most() {
    let session = Session::new(1, 130).await;
    assert_eq!(session.page(0, "page=0").await["limit"], 20);
    let page = session.page(0, "limit=500").await;
    assert_eq!(page["limit"], 100);
    assert_eq!(ids(&page).len(), 100);
}

#[tokio::test]
async fn a_page_beyond_the_last_and_a_page_of_nothing_are_empty() {
    let session = Session::new(1, 5).await;
    let beyond = session.page(0, "limit=5&page=7").await;
    assert_eq!(
        (&beyond["data"], &beyond["show_next"]),
        (&json!([]), &json!(false))
    );
    let session = Session::new(1, 0).await;
    let nothing = session.page(0, "limit=5").await;
    assert_eq!(
        (&nothing["data"], &nothing["page_count"]),
        (&json!([]), &json!(0))
    );
}

#[tokio::test]
async fn joins_say_where_the_class_sits() {
    let session = Session::new(1, 40).await;
    let bare = session.page(0, "limit=40").await;
    let ride = session.page(0, "limit=40&joins=ride,ride.instructor").await;
    let peloton = session
        .page(0, "limit=40&joins=peloton.ride,peloton.ride.instructor")
        .await;
    let rows = |page: &Value| page["data"].as_array().cloned().unwrap_or_default();
    assert!(rows(&bare).iter().all(|row| row.get("ride").is_none()));
    assert!(rows(&ride).iter().all(|row| row["ride"].is_object()));
    assert!(rows(&peloton).iter().all(|row| row.get("ride").is_none()));
    assert!(
        rows(&peloton)
            .iter()
            .any(|row| row["peloton"]["ride"].is_object())
    );
    for id in ids(&bare).iter().take(5) {
        let detail = session.get(&format!("/api/workout/{id}")).await;
        assert!(detail["ride"].is_object(), "a detail always has its class");
    }
}

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
async fn equal_seeds_are_equal_worlds_and_others_differ() {
    async fn world(seed: u64) -> Vec<Value> {
        let session = Session::of(Settings {
            seed,
            members: 2,
            workouts: 4,
            ..Settings::default()
        })
        .await;
        let mut answers = vec![
            session.get("/api/me").await,
            session.page(1, "limit=4").await,
        ];
        for id in session.sim.workouts(0) {
            answers.push(session.get(&format!("/api/workout/{id}")).await);
            let path = format!("/api/workout/{id}/performance_graph?every_n=1");
            answers.push(session.get(&path).await);
        }
        answers
    }
    let first = world(4).await;
    assert_eq!(first, world(4).await);
    assert_ne!(first, world(5).await);
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

#[tokio::test]
async fn requests_are_logged_and_forgotten() {
    let session = Session::new(1, 0).await;
    session.ask("/api/me").await;
    session.ask("/api/workout/abc?joins=ride").await;
    let requests = session.sim.requests();
    let seen: Vec<(&str, &str, u16)> = requests
        .iter()
        .map(|logged| (logged.path.as_str(), logged.query.as_str(), logged.status))
        .collect();
    assert_eq!(
        seen,
        [
            ("/api/me", "", 200),
            ("/api/workout/abc", "joins=ride", 404)
        ]
    );
    assert_eq!(session.sim.totals().by_status[&404], 1);
    session.sim.reset_log();
    assert!(session.sim.requests().is_empty());
    assert_eq!(session.sim.totals().requests, 0);
}

#[tokio::test]
async fn after_the_end_a_kept_connection_is_closed_as_well() {
    let session = Session::new(1, 0).await;
    let client = reqwest::Client::new();
    let me = format!("{}/api/me", session.sim.api_url());
    let ask = || client.get(&me).bearer_auth(&session.bearer).send();
    assert_eq!(ask().await.expect("an answer").status(), StatusCode::OK);
    session.sim.stop();
    // The end reaches the listeners' tasks in their turn, so the first refusal may come a request late.
    let mut answers = 0;
    while ask().await.is_ok() {
        answers += 1;
        assert!(answers < 1_000, "still served");
    }
}

#[tokio::test]
async fn lists_can_be_cut_by_time_and_by_class() {
    let session = Session::new(1, 60).await;
    let rows = session.rows(0, "ride").await;
    let start = |row: &Value| row["start_time"].as_i64().expect("a start");
    let (newest, oldest) = (start(&rows[10]), start(&rows[20]));
    let [from, to] = [oldest, newest].map(|second| {
        let second = jiff::Timestamp::from_second(second).expect("a time");
        second.to_string()
    });
    let within = session
        .page(0, &format!("limit=100&from={from}&to={to}"))
        .await;
    let expected = rows
        .iter()
        .filter(|row| (oldest..=newest).contains(&start(row)));
    let expected: Vec<String> = expected.map(|row| text(row, "id")).collect();
    assert!(expected.len() >= 10);
    assert_eq!(ids(&within), expected);
    assert_eq!(within["total"], expected.len());

    let ride = rows[5]["ride"]["id"].as_str().expect("a class");
    let of_class = session.page(0, &format!("limit=100&ride_id={ride}")).await;
    let expected = rows.iter().filter(|row| row["ride"]["id"] == ride);
    let expected: Vec<String> = expected.map(|row| text(row, "id")).collect();
    assert_eq!(ids(&of_class), expected);
}

#[tokio::test]
async fn a_page_counts_the_months_and_names_the_row_after_it() {
    let session = Session::new(1, 40).await;
    let page = session.page(0, "limit=15").await;
    let months = page["summary"].as_object().expect("months");
    let sum: u64 = months.values().filter_map(Value::as_u64).sum();
    assert_eq!(sum, 40);
    assert_eq!(page["next"]["workout_id"], session.sim.workouts(0)[15]);
    assert_eq!(
        session.page(0, "limit=15&page=2").await["next"],
        Value::Null
    );
}

/// Whether each join shows what it names, and no more.
async fn honours_joins(session: &Session, id: &str) {
    let has_instructor = |ride: &Value| ride["instructor"].is_object();
    for (joins, ride, peloton, instructor) in [
        ("", false, false, false),
        ("ride", true, false, false),
        ("ride,ride.instructor", true, false, true),
        ("peloton.ride", false, true, false),
        ("peloton.ride,peloton.ride.instructor", false, true, true),
    ] {
        let page = session.page(0, &format!("limit=1&joins={joins}")).await;
        let row = &page["data"][0];
        assert_eq!(text(row, "id"), id);
        assert_eq!(row["ride"].is_object(), ride, "{joins}");
        assert_eq!(row["peloton"]["ride"].is_object(), peloton, "{joins}");
        let joined = has_instructor(&row["ride"]) || has_instructor(&row["peloton"]["ride"]);
        assert_eq!(joined, instructor, "{joins}");
        let detail = session.detail(id, joins).await;
        assert!(detail["ride"].is_object(), "a detail always has its class");
        assert_eq!(detail["peloton"]["ride"].is_object(), peloton, "{joins}");
        assert_eq!(has_instructor(&detail["ride"]), instructor, "{joins}");
    }
}

/// Whether fewer samples are the same ones, and the last is among them.
async fn honours_every_n(session: &Session, id: &str) {
    let axis = |graph: &Value| -> Vec<i64> {
        let axis = graph["seconds_since_pedaling_start"].as_array();
        axis.expect("an axis")
            .iter()
            .filter_map(Value::as_i64)
            .collect()
    };
    let whole = session.graph(id, 1).await;
    let thin = session.graph(id, 5).await;
    let mut expected: Vec<i64> = axis(&whole).into_iter().step_by(5).collect();
    let last = axis(&whole).pop();
    if expected.last() != last.as_ref() {
        expected.extend(last);
    }
    assert_eq!(axis(&thin), expected);
    let values = |graph: &Value| graph["metrics"][0]["values"].as_array().map(Vec::len);
    assert_eq!(values(&thin), Some(expected.len()));
    assert_eq!(session.graph(id, 0).await, whole, "0 is 1");
    let path = format!("/api/workout/{id}/performance_graph");
    let default = session.get(&path).await;
    assert!(axis(&default).len() <= axis(&whole).len() / 50 + 2);
}

#[tokio::test]
async fn joins_and_every_n_are_honoured_for_all_kinds_of_workouts() {
    let session = Session::new(1, 30).await;
    let rows = session.rows(0, "ride,ride.instructor").await;
    let is_ride = |row: &&Value| {
        row["fitness_discipline"] == "cycling" && row["ride"]["instructor"]["id"].is_string()
    };
    let ride = rows.iter().find(is_ride).expect("a ride");
    honours_every_n(&session, &text(ride, "id")).await;

    let custom = json!({"id": "custom", "created_at": 1_789_999_000, "start_time": 1_789_999_000, "name": "given",
        "ride": {"id": "class", "instructor": {"id": "instructor"}}});
    let axis: Vec<i64> = (1..=102).collect();
    let graph = json!({"seconds_since_pedaling_start": axis, "metrics": [{"slug": "pace", "values": axis,
        "alternatives": [{"slug": "speed", "values": axis}]}]});
    let id = session.sim.add_custom(custom, graph);
    honours_joins(&session, &id).await;
    honours_every_n(&session, &id).await;
    let thin = session.graph(&id, 50).await;
    assert_eq!(
        thin["metrics"][0]["alternatives"][0]["values"],
        json!([1, 51, 101, 102])
    );

    // What is invented is not known before: some start gives a class with an instructor and samples.
    for later in 1.. {
        let id = session.sim.add_workout(0, 1_790_000_000 + 10_000 * later);
        let detail = session.detail(&id, "ride,ride.instructor").await;
        if detail["has_pedaling_metrics"] == true && detail["ride"]["instructor"]["id"].is_string()
        {
            honours_joins(&session, &id).await;
            honours_every_n(&session, &id).await;
            break;
        }
    }
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
