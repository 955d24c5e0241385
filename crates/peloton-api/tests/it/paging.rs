use peloton_api::{Listing, models::Page};
use serde_json::{Value, json};

use crate::service::{Reply, Service};

fn page(rows: &[&str], show_next: bool) -> Reply {
    let rows: Vec<Value> = rows.iter().map(|id| json!({"id": id})).collect();
    Reply::json(&json!({"data": rows, "limit": 100, "show_next": show_next, "total": 3}))
}

/// Reads a member's list of workouts to its end.
async fn walk(service: &Service) -> Listing {
    let client = service.client();
    let mut listing = Listing::default();
    let mut next = Some(0);
    while let Some(number) = next {
        let answer = client.workouts("ada", number).await.unwrap();
        assert_eq!((answer.status, answer.page), (200, Some(number)));
        next = listing.take(number, &Page::parse(&answer.body).unwrap());
    }
    listing
}

fn pages(service: &Service) -> Vec<String> {
    let seen = service.seen();
    seen.iter().map(|seen| seen.query["page"].clone()).collect()
}

#[tokio::test]
async fn pages_go_on_until_show_next_is_false_with_a_constant_limit() {
    let service = Service::start(|seen| match seen.query["page"].as_str() {
        "0" => page(&["a", "b"], true),
        "1" => page(&["c"], true),
        _ => page(&[], false),
    })
    .await;
    let listing = walk(&service).await;
    assert_eq!(pages(&service), ["0", "1", "2"]);
    assert_eq!(listing.ids().iter().collect::<Vec<_>>(), ["a", "b", "c"]);
    assert!(listing.is_whole());
    for seen in service.seen() {
        assert_eq!(seen.query["limit"], "100");
        assert_eq!(seen.query["joins"], "ride,ride.instructor");
    }
}

#[tokio::test]
async fn a_row_that_shifted_to_the_next_page_counts_once() {
    let service = Service::start(|seen| match seen.query["page"].as_str() {
        "0" => page(&["a", "b"], true),
        _ => page(&["b", "c"], false),
    })
    .await;
    assert!(walk(&service).await.is_whole());
}

#[tokio::test]
async fn an_empty_page_that_promises_more_is_read_once_more_and_ends_the_list() {
    let service = Service::start(|seen| match seen.query["page"].as_str() {
        "0" => page(&["a"], true),
        _ => page(&[], true),
    })
    .await;
    let listing = walk(&service).await;
    assert!(listing.breaks_off() && !listing.is_whole());
    assert_eq!(pages(&service), ["0", "1", "1"]);
}

#[tokio::test]
async fn a_promise_that_is_not_kept_breaks_no_list_off_that_shows_all_that_is_counted() {
    let service = Service::start(|seen| match seen.query["page"].as_str() {
        "0" => page(&["a", "b", "c"], true),
        _ => page(&[], true),
    })
    .await;
    let listing = walk(&service).await;
    assert!(listing.is_whole() && !listing.breaks_off());
}

#[tokio::test]
async fn an_empty_page_that_was_a_slip_does_not_end_the_list() {
    let service = Service::start(|seen| match (seen.query["page"].as_str(), seen.nth) {
        ("0", _) => page(&["a"], true),
        ("1", 1) => page(&[], true),
        ("1", _) => page(&["b"], true),
        _ => page(&["c"], false),
    })
    .await;
    assert!(walk(&service).await.is_whole());
    assert_eq!(pages(&service), ["0", "1", "1", "2"]);
}

#[tokio::test]
async fn a_service_that_gives_the_same_page_for_ever_ends_too() {
    let service = Service::start(|_| page(&["a"], true)).await;
    assert!(!walk(&service).await.is_whole());
    assert_eq!(pages(&service), ["0", "1", "1"]);
}

#[tokio::test]
async fn a_list_without_show_next_ends_by_its_page_count() {
    let service = Service::start(|seen| {
        let page: u32 = seen.query["page"].parse().unwrap();
        Reply::json(&json!({"data": [{"id": page.to_string()}], "page": page, "page_count": 2.0}))
    })
    .await;
    let listing = walk(&service).await;
    assert_eq!(pages(&service), ["0", "1"]);
    assert_eq!(listing.total(), None);
    assert!(!listing.is_whole(), "it does not say how many rows it has");
}

#[tokio::test]
async fn a_list_that_loses_a_row_while_it_is_read_proves_nothing() {
    // `a` was deleted after page 0: `c` moved there, unseen, and the count fits what was seen.
    let service = Service::start(|seen| match seen.query["page"].as_str() {
        "0" => {
            Reply::json(&json!({"data": [{"id": "a"}, {"id": "b"}], "show_next": true, "total": 4}))
        }
        _ => Reply::json(&json!({"data": [{"id": "d"}], "show_next": false, "total": 3})),
    })
    .await;
    let listing = walk(&service).await;
    assert_eq!(listing.total(), Some(listing.ids().len() as u64));
    assert!(listing.has_changed());
    assert!(!listing.is_whole());
}

#[tokio::test]
async fn a_count_that_no_number_can_hold_costs_the_count() {
    let body =
        r#"{"data": [{"id": "a", "title": "\ud83d"}], "total": 1e999, "show_next": "\ud83d"}"#;
    let service = Service::start(move |_| Reply::new(200, body)).await;
    let listing = walk(&service).await;
    assert_eq!(pages(&service), ["0"]);
    assert_eq!((listing.ids().len(), listing.total()), (1, None));
}

#[tokio::test]
async fn a_byte_that_is_no_text_costs_its_character() {
    let body = b"{\"data\": [{\"id\": \"a\", \"title\": \"\xff\"}], \"total\": 1}";
    let service = Service::start(move |_| Reply::new(200, body)).await;
    assert!(walk(&service).await.is_whole());
}

#[tokio::test]
async fn a_private_member_is_one_refused_page() {
    let service = Service::start(|_| Reply::new(403, r#"{"status":403,"error_code":3030}"#)).await;
    let answer = service.client().workouts("ada", 0).await.unwrap();
    assert_eq!(answer.status, 403);
    assert!(Page::parse(&answer.body).is_err());
}

#[tokio::test]
async fn a_list_goes_on_behind_a_page_that_can_not_be_had_and_is_whole_no_more() {
    let page = |rows: Value| json!({"data": rows, "limit": 2, "total": 5, "show_next": true});
    let first = Page::parse(
        page(json!([{"id": "a"}, {"id": "b"}]))
            .to_string()
            .as_bytes(),
    )
    .unwrap();
    let last = Page::parse(br#"{"data": [{"id": "e"}], "limit": 2, "total": 5}"#).unwrap();
    let mut listing = Listing::default();
    assert_eq!(listing.take(0, &first), Some(1));
    assert_eq!(listing.skip(1), Some(2));
    assert_eq!(listing.take(2, &last), None);
    assert!(listing.lacks_pages() && !listing.is_whole());
    // The service counts no more, or two in a row are too many.
    assert_eq!(listing.skip(2), None);
    let mut listing = Listing::default();
    assert_eq!((listing.skip(0), listing.skip(1)), (Some(1), None));
}
