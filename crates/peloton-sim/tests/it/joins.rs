//! `joins` and `every_n`: how much of a workout is told.

use serde_json::{Value, json};

use crate::browser::text;
use crate::session::{Session, ids};

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
