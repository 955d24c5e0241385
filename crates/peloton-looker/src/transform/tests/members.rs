use super::{Outcome, START, answer, at};
use crate::transform::{
    Access, Direction, FollowAnswers, ItemRow, Options, Relation, Rows, RunRow, UserAnswers,
};
use serde_json::{Value, json};

const ME: &str = "fa5e00000000000000000000000000bb";

#[test]
fn a_member_is_put_together_from_all_answers() {
    let me = json!({"id": ME, "username": "hill_goat", "created_at": START, "cycling_ftp": 210,
        "customized_max_heart_rate": 0, "default_heart_rate_zones": [0, 114.4], "customized_heart_rate_zones": []})
    .to_string();
    let settings = json!({"distance_unit": "metric"}).to_string();
    let overview = json!({"streaks": {"current_weekly": 3, "best_weekly": 9}, "personal_records": [
        {"slug": "cycling", "name": "Cycling", "records": [{"name": "20 min", "slug": "1200",
            "value": 250, "raw_value": 250123.0, "unit": "kj", "workout_id": "w", "workout_date": "2026-01-02"}]}]})
    .to_string();
    let mut rows = Rows::new(Options::default());
    rows.user(&UserAnswers {
        me: Some(answer(&me)),
        settings: Some(answer(&settings)),
        overview: Some(answer(&overview)),
        ..UserAnswers::new(ME, Access::Public, Relation::Own)
    });
    let outcome = Outcome::of(rows);
    outcome.check(
        "users",
        &json!({
            "username": "hill_goat", "created_at": START, "created_ts": "2026-03-02T07:00:00",
            "cycling_ftp": 210, "customized_max_heart_rate": 0, "default_heart_rate_zones": "[0.0,114.4]",
            "customized_heart_rate_zones": null, "distance_unit": "metric", "best_weekly_streak": 9,
            "access": "public", "relation": "own",
        }),
    );
    outcome.check(
        "personal_records",
        &json!({"discipline": "cycling", "length_s": 1200, "value": 250.0, "unit": "kj", "total_work": 250123.0}),
    );
    assert_eq!(outcome.problems, []);
}

#[test]
fn a_member_who_is_gone_keeps_the_row() {
    let row = json!({"id": "m2", "username": "was_here", "total_workouts": null}).to_string();
    let mut rows = Rows::new(Options::default());
    rows.user(&UserAnswers {
        follow_row: Some(answer(&row)),
        ..UserAnswers::new("m2", Access::Gone, Relation::Unfollowed)
    });
    Outcome::of(rows).check(
        "users",
        &json!({"username": "was_here", "access": "gone", "relation": "unfollowed", "total_workouts": null}),
    );
}

#[test]
fn a_challenge_in_both_lists_is_one_row() {
    let current = json!({"challenges": [{"challenge_summary": {"id": "c1", "title": "March", "start_time": START},
        "progress": {"metric_value": 12}}]}).to_string();
    let past = json!({"challenges": [{"challenge_summary": {"id": "c1"}}, {"challenge_summary": {"id": "c0"}}]}).to_string();
    let mut rows = Rows::new(Options::default());
    rows.user(&UserAnswers {
        challenges_current: Some(answer(&current)),
        challenges_past: Some(answer(&past)),
        ..UserAnswers::new(ME, Access::Public, Relation::Own)
    });
    let rows = Outcome::of(rows).rows("challenges");
    let got: Value = rows
        .iter()
        .map(|r| json!([r["challenge_id"], r["period"], r["metric_value"]]))
        .collect();
    assert_eq!(got, json!([["c1", "current", 12.0], ["c0", "past", null]]));
}

#[test]
fn a_follow_list_says_who_follows_whom() {
    let row = json!({"id": "m2", "username": "bo", "relationship": {"me_to_user": "following", "user_to_me": null}}).to_string();
    let mut rows = Rows::new(Options::default());
    for direction in [Direction::Following, Direction::Followers] {
        rows.follows(&FollowAnswers {
            user_id: ME,
            direction,
            rows: vec![answer(&row)],
            is_whole: true,
        });
    }
    let outcome = Outcome::of(rows);
    let pairs: Value = outcome
        .rows("follows")
        .iter()
        .map(|r| json!([r["user_id"], r["followed_user_id"]]))
        .collect();
    assert_eq!(pairs, json!([[ME, "m2"], ["m2", ME]]));
    let follows = outcome
        .batches
        .iter()
        .find(|batch| batch.table == "follows")
        .unwrap();
    assert_eq!(
        follows.replaced,
        [format!("{ME}/following"), format!("{ME}/followers")]
    );
}

#[test]
fn runs_and_items_are_rows() {
    let mut rows = Rows::new(Options::default());
    rows.run(&RunRow {
        id: "r1".into(),
        command: "sync".into(),
        started_at: at(START),
        finished_at: None,
        status: "interrupted".into(),
        requests: 7,
        answers: 6,
        bytes: 1000,
        retries: 1,
        rate_limited: 0,
        members: 1,
        workouts_fetched: 2,
        items_failed: 1,
        message: None,
    });
    rows.item(&ItemRow {
        id: "workout/w".into(),
        endpoint: "workout".into(),
        key: "w".into(),
        user_id: None,
        status: "failed".into(),
        http_status: Some(500),
        reason: Some("server error".into()),
        tries: 3,
        first_tried_at: None,
        last_tried_at: Some(at(START)),
        next_try_at: None,
        run_id: Some("r1".into()),
    });
    let outcome = Outcome::of(rows);
    outcome.check(
        "sync_runs",
        &json!({"requests": 7, "finished_at": null, "started_at": "2026-03-02T07:00:00"}),
    );
    outcome.check(
        "sync_items",
        &json!({"http_status": 500, "tries": 3, "next_try_at": null}),
    );
}
