//! Lists: their pages, their order, and what cuts them.

use std::collections::HashSet;

use serde_json::{Value, json};

use crate::browser::text;
use crate::session::{Session, ids};

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
