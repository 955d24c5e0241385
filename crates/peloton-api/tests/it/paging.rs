use futures::StreamExt;
use peloton_api::{PageAnswer, PageEnd, PageRequest, Result};
use serde_json::{Value, json};

use crate::service::{Reply, Service};

fn page(number: usize, rows: &[&str], show_next: bool) -> Reply {
    let rows: Vec<Value> = rows.iter().map(|id| json!({"id": id})).collect();
    Reply::json(&json!({"data": rows, "page": number, "limit": 100, "show_next": show_next}))
}

fn workouts() -> PageRequest {
    PageRequest::Workouts {
        user_id: "ada".to_owned(),
    }
}

async fn walk(service: &Service) -> Vec<PageAnswer> {
    let pages: Vec<Result<PageAnswer>> = service.client().pages(workouts()).collect().await;
    pages.into_iter().map(|page| page.unwrap()).collect()
}

#[tokio::test]
async fn pages_go_on_until_show_next_is_false_with_a_constant_limit() {
    let service = Service::start(|seen| match seen.query["page"].as_str() {
        "0" => page(0, &["a", "b"], true),
        "1" => page(1, &["c"], true),
        _ => page(2, &[], false),
    })
    .await;
    let pages = walk(&service).await;
    let ids: Vec<String> = pages
        .iter()
        .flat_map(|page| page.page.as_ref().unwrap().ids().collect::<Vec<_>>())
        .collect();
    assert_eq!(ids, ["a", "b", "c"]);
    assert_eq!(pages.last().unwrap().end, Some(PageEnd::Last));
    assert_eq!(
        pages
            .iter()
            .map(|page| page.answer.page)
            .collect::<Vec<_>>(),
        [Some(0), Some(1), Some(2)]
    );
    for seen in service.seen() {
        assert_eq!(seen.query["limit"], "100");
        assert_eq!(seen.query["joins"], "ride,ride.instructor");
    }
}

#[tokio::test]
async fn an_empty_page_that_promises_more_is_read_once_more_and_ends_the_list() {
    let service = Service::start(|seen| match seen.query["page"].as_str() {
        "0" => page(0, &["a"], true),
        _ => page(1, &[], true),
    })
    .await;
    let pages = walk(&service).await;
    assert_eq!(pages.last().unwrap().end, Some(PageEnd::EmptyButMore));
    assert_eq!(service.seen().len(), 3);
}

#[tokio::test]
async fn an_empty_page_that_was_a_slip_does_not_end_the_list() {
    let service = Service::start(|seen| match (seen.query["page"].as_str(), seen.nth) {
        ("0", _) => page(0, &["a"], true),
        ("1", 1) => page(1, &[], true),
        ("1", _) => page(1, &["b"], true),
        _ => page(2, &["c"], false),
    })
    .await;
    let pages = walk(&service).await;
    let rows: usize = pages
        .iter()
        .map(|page| page.page.as_ref().unwrap().data.len())
        .sum();
    assert_eq!((pages.len(), rows), (3, 3));
}

#[tokio::test]
async fn a_private_member_is_one_refused_page() {
    let service = Service::start(|_| Reply::new(403, r#"{"status":403,"error_code":3030}"#)).await;
    let pages = walk(&service).await;
    assert_eq!(pages.len(), 1);
    assert_eq!(
        (pages[0].answer.status, pages[0].end),
        (403, Some(PageEnd::Refused))
    );
    assert!(pages[0].page.is_none());
}

#[tokio::test]
async fn a_list_without_show_next_ends_by_its_page_count() {
    let service = Service::start(|seen| {
        let page: u32 = seen.query["page"].parse().unwrap();
        Reply::json(&json!({"data": [{"id": "x"}], "page": page, "page_count": 2.0}))
    })
    .await;
    assert_eq!(walk(&service).await.len(), 2);
}

#[tokio::test]
async fn an_error_ends_the_stream() {
    let service = Service::start(|seen| match seen.query["page"].as_str() {
        "0" => page(0, &["a"], true),
        _ => Reply::new(500, "{}"),
    })
    .await;
    let pages: Vec<_> = service.client().pages(workouts()).collect().await;
    assert_eq!(pages.len(), 2);
    assert!(pages[0].is_ok() && pages[1].is_err());
}
