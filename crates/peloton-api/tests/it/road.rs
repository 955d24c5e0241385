use std::time::{Duration, Instant};

#[cfg(target_os = "linux")]
use std::net::TcpStream;

use futures::future::join_all;
use peloton_api::{Client, ClientConfig, Endpoint, Error, RetryConfig, Timeouts};
use serde_json::json;
#[cfg(target_os = "linux")]
use tokio::net::{TcpListener, TcpSocket};
use tokio::time::timeout;

#[cfg(target_os = "linux")]
use crate::service::quick;
use crate::service::{Reply, Seen, Service, bearer};

/// Far less than the time-outs that a test does not mean, far more than those that it does.
const LONG: Duration = Duration::from_secs(8);

fn fine() -> Reply {
    Reply::json(&json!({"id": "w"}))
}

/// First `bad`, then the item: the item must come, after exactly one retry.
async fn is_retried(bad: Reply) {
    let service =
        Service::start(move |seen| if seen.nth == 0 { bad.clone() } else { fine() }).await;
    let answer = service.client().workout("w").await.unwrap();
    assert_eq!(
        (answer.status, &answer.body[..]),
        (200, &br#"{"id":"w"}"#[..])
    );
    assert_eq!(service.seen().len(), 2);
}

#[tokio::test]
async fn passing_faults_are_retried() {
    is_retried(Reply::new(500, r#"{"status":500}"#)).await;
    is_retried(Reply::new(502, "<html>Bad Gateway</html>")).await;
    is_retried(Reply::new(503, "")).await;
    is_retried(Reply::silent()).await;
    is_retried(Reply::cut()).await;
    is_retried(Reply::stall()).await;
}

#[tokio::test]
async fn an_answer_that_comes_in_drops_for_ever_is_over_after_the_total_time() {
    let service = Service::start(|seen| match seen.nth {
        0 => Reply::trickle(),
        _ => fine(),
    })
    .await;
    let mut config = service.config();
    config.timeouts = Timeouts {
        total: Duration::from_millis(300),
        ..Timeouts::default()
    };
    let client = Client::new(config, bearer()).unwrap();
    let answer = timeout(LONG, client.workout("w")).await.unwrap();
    assert_eq!(answer.unwrap().status, 200);
    assert_eq!(service.seen().len(), 2);
}

/// Nobody takes its connections, and no more can wait.
#[cfg(target_os = "linux")]
fn full() -> (TcpListener, Vec<TcpStream>) {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind(([127, 0, 0, 1], 0).into()).unwrap();
    let listener = socket.listen(1).unwrap();
    let address = listener.local_addr().unwrap();
    let connect = || TcpStream::connect_timeout(&address, Duration::from_millis(200));
    let waiting = std::iter::from_fn(|| connect().ok()).collect();
    (listener, waiting)
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_connection_that_does_not_come_about_is_given_up_after_its_time() {
    let (listener, _waiting) = full();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let mut config = quick();
    config.api_url = url.parse().unwrap();
    config.timeouts = Timeouts {
        connect: Duration::from_millis(100),
        ..Timeouts::default()
    };
    config.retry.max_connect_retries = 1;
    let client = Client::new(config, bearer()).unwrap();
    let error = timeout(LONG, client.me()).await.unwrap().unwrap_err();
    let Error::Unreachable { source, .. } = &error else {
        panic!("{error}")
    };
    assert!(source.is_connect() && source.is_timeout(), "{source:?}");
}

#[tokio::test]
async fn garbled_answers_with_200_are_retried() {
    is_retried(Reply::new(200, "<html>Just a moment…</html>")).await;
    is_retried(Reply::new(200, r#"{"id":"w","#)).await;
    is_retried(Reply::new(200, "")).await;
    is_retried(Reply::new(200, "null")).await;
    is_retried(Reply::new(200, r#"[{"id":"w"}]"#)).await;
}

#[tokio::test]
async fn a_403_page_of_the_gateway_makes_nobody_private() {
    is_retried(Reply::new(
        403,
        "<!DOCTYPE html><title>Attention Required!</title>",
    ))
    .await;
}

#[tokio::test]
async fn a_429_is_sent_again() {
    is_retried(Reply::new(429, "<html>slow down</html>")).await;
}

#[tokio::test]
async fn a_list_without_rows_is_garbled() {
    let service = Service::start(|seen| match seen.nth {
        0 => Reply::json(&json!({"show_next": false})),
        1 => Reply::json(&json!({"data": {}, "show_next": false})),
        _ => Reply::json(&json!({"data": [], "show_next": false})),
    })
    .await;
    assert_eq!(
        service.client().workouts("ada", 0).await.unwrap().status,
        200
    );
    assert_eq!(service.seen().len(), 3);
}

#[tokio::test]
async fn refusals_are_answers() {
    for status in [400, 402, 403, 404, 405, 410] {
        let service = Service::start(move |_| Reply::new(status, r#"{"error_code":3030}"#)).await;
        let answer = service.client().user("ada").await.unwrap();
        assert_eq!((answer.status, answer.is_ok()), (status, false));
        assert_eq!(service.seen().len(), 1);
    }
}

#[tokio::test]
async fn csv_is_text_but_not_a_page() {
    let service = Service::start(|seen| match seen.nth {
        0 => Reply::new(200, "<html>"),
        _ => Reply::new(200, "Workout Timestamp,Title\n"),
    })
    .await;
    let answer = service
        .client()
        .workout_history_csv("ada", "Europe/Berlin")
        .await
        .unwrap();
    assert_eq!(&answer.body[..], b"Workout Timestamp,Title\n");
    assert_eq!(service.seen()[1].query["timezone"], "Europe/Berlin");
}

#[tokio::test]
async fn a_poisoned_item_is_given_up_with_what_it_said() {
    let service = Service::start(|_| Reply::new(500, "{\"oops\":1}")).await;
    let mut config = service.config();
    config.retry.max_retries = 3;
    let error = Client::new(config, bearer())
        .unwrap()
        .workout("w1")
        .await
        .unwrap_err();
    let Error::Exhausted {
        endpoint,
        key,
        status,
        body,
        ..
    } = &error
    else {
        panic!("{error}")
    };
    assert_eq!(
        (*endpoint, key.as_str(), *status),
        (Endpoint::Workout, "w1", Some(500))
    );
    assert_eq!(body.as_deref(), Some(&b"{\"oops\":1}"[..]));
    assert_eq!(service.seen().len(), 4);
    assert!(
        error.to_string().contains("/api/workout/w1?joins"),
        "{error}"
    );
}

#[tokio::test]
async fn an_item_that_alone_is_refused_for_ever_is_given_up() {
    let service = Service::start(|seen| match seen.path.as_str() {
        "/api/me" => Reply::new(429, "no").with("Retry-After", "0"),
        _ => fine(),
    })
    .await;
    let config = service.config();
    let retry = RetryConfig {
        max_refusals: 3,
        ..config.retry.clone()
    };
    let client = Client::new(ClientConfig { retry, ..config }, bearer()).unwrap();
    let others = async {
        loop {
            client.user("ada").await.unwrap();
        }
    };
    let error = tokio::select! {
        answer = client.me() => answer.unwrap_err(),
        () = others => unreachable!("they go on for ever"),
    };
    assert!(
        matches!(
            error,
            Error::Exhausted {
                status: Some(429),
                ..
            }
        ),
        "{error}"
    );
    assert_eq!(client.user("ada").await.unwrap().status, 200);
}

#[tokio::test]
async fn every_call_carries_the_headers() {
    let service = Service::start(|_| fine()).await;
    let client = service.client();
    client.me().await.unwrap();
    client.overview("ada").await.unwrap();
    client.performance_graph("w").await.unwrap();
    for seen in service.seen() {
        assert_eq!(seen.header("authorization"), "Bearer given-bearer");
        assert_eq!(seen.header("peloton-platform"), "web");
        assert_eq!(seen.header("accept"), "application/json");
        assert!(seen.header("user-agent").starts_with("Mozilla/5.0"));
        let encodings = seen.header("accept-encoding").split(',');
        let encodings: Vec<&str> = encodings.map(str::trim).collect();
        assert!(encodings.contains(&"gzip") && encodings.contains(&"br"));
        assert_eq!(seen.header("cookie"), "");
    }
}

#[tokio::test]
async fn a_brotli_answer_is_read() {
    // What `brotli` makes of the text below.
    const PACKED: [u8; 44] = [
        27, 56, 0, 240, 156, 201, 227, 238, 59, 138, 137, 5, 28, 229, 151, 34, 32, 123, 25, 38,
        146, 150, 58, 44, 125, 65, 6, 27, 112, 160, 18, 72, 225, 160, 120, 209, 248, 252, 29, 200,
        20, 28, 72, 108,
    ];
    let packed = |_: &Seen| Reply::new(200, PACKED).with("Content-Encoding", "br");
    let service = Service::start(packed).await;
    let answer = service.client().me().await.unwrap();
    let text = r#"{"id":"ada","username":"ada ada ada ada ada ada ada ada"}"#;
    assert_eq!(answer.body, text.as_bytes());
}

#[tokio::test]
async fn cookies_of_the_api_are_not_kept() {
    let service = Service::start(|_| fine().with("Set-Cookie", "__cf_bm=x; Path=/")).await;
    let client = service.client();
    client.me().await.unwrap();
    client.me().await.unwrap();
    assert_eq!(service.seen()[1].header("cookie"), "");
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let service = Service::start(|_| Reply::redirect("/api/elsewhere")).await;
    let mut config = service.config();
    config.retry.max_retries = 1;
    let error = Client::new(config, bearer())
        .unwrap()
        .me()
        .await
        .unwrap_err();
    assert!(
        matches!(
            error,
            Error::Exhausted {
                status: Some(302),
                ..
            }
        ),
        "{error}"
    );
    assert_eq!(service.paths(), ["/api/me", "/api/me"]);
}

#[tokio::test]
async fn ids_stay_one_segment_of_the_path() {
    let service = Service::start(|_| fine()).await;
    service.client().user("a/b?c#d e").await.unwrap();
    assert_eq!(service.paths(), ["/api/user/a%2Fb%3Fc%23d%20e"]);
}

#[tokio::test]
async fn raw_paths_cannot_name_another_host() {
    let service = Service::start(|_| fine()).await;
    let client = service.client();
    for path in [
        "api/me",
        "//evil.invalid/api/me",
        "/\\evil.invalid",
        "https://evil.invalid/",
        "@evil",
    ] {
        assert!(
            matches!(client.raw(path).await, Err(Error::Address { .. })),
            "{path}"
        );
    }
    assert_eq!(client.raw("/api/me?x=1").await.unwrap().key, "/api/me?x=1");
    assert_eq!(service.seen().len(), 1);
}

#[tokio::test]
async fn an_announced_giant_is_refused_unread() {
    let service = Service::start(|_| Reply::flood(Some(50 << 20))).await;
    let error = service.client().performance_graph("w").await.unwrap_err();
    assert!(
        matches!(error, Error::TooLarge { limit, .. } if limit == 32 << 20),
        "{error}"
    );
    assert_eq!(service.seen().len(), 1);
}

#[tokio::test]
async fn a_giant_without_length_is_let_go_at_the_limit() {
    let service = Service::start(|_| Reply::flood(None)).await;
    let config = ClientConfig {
        max_body_bytes: 1 << 20,
        ..service.config()
    };
    let error = Client::new(config, bearer())
        .unwrap()
        .performance_graph("w")
        .await
        .unwrap_err();
    assert!(matches!(error, Error::TooLarge { .. }), "{error}");
}

#[tokio::test]
async fn a_dead_server_is_unreachable() {
    let service = Service::start(|_| fine()).await;
    let client = service.client();
    client.me().await.unwrap();
    drop(service);
    let error = client.me().await.unwrap_err();
    assert!(
        matches!(error, Error::Unreachable { proxy: None, .. }),
        "{error}"
    );
    assert!(
        error
            .to_string()
            .starts_with("cannot connect to `127.0.0.1:"),
        "{error}"
    );
}

#[tokio::test]
async fn a_1015_page_opens_the_breaker() {
    let service = Service::start(|_| Reply::new(429, "error code: 1015")).await;
    let client = service.client();
    let error = client.me().await.unwrap_err();
    let Error::RateLimited { retry_at } = error else {
        panic!("{error}")
    };
    let minutes = retry_at.duration_since(jiff::Timestamp::now()).as_mins();
    assert!((13..=15).contains(&minutes), "{minutes}");
    assert!(matches!(
        client.user("ada").await,
        Err(Error::RateLimited { .. })
    ));
    assert_eq!(service.seen().len(), 1);
}

#[tokio::test]
async fn nothing_but_429_opens_the_breaker() {
    let service = Service::start(|_| Reply::new(429, "no")).await;
    let config = service.config();
    let retry = RetryConfig {
        breaker_after: Duration::from_secs(1),
        ..config.retry.clone()
    };
    let client = Client::new(ClientConfig { retry, ..config }, bearer()).unwrap();
    let answers = join_all((0..4).map(|_| client.me())).await;
    assert!(
        answers
            .iter()
            .all(|answer| matches!(answer, Err(Error::RateLimited { .. })))
    );
    assert!(service.seen().len() < 12, "{}", service.seen().len());
}

#[tokio::test]
async fn an_endless_retry_after_opens_the_breaker() {
    let service = Service::start(|_| Reply::new(429, "").with("Retry-After", "7200")).await;
    let error = service.client().me().await.unwrap_err();
    let Error::RateLimited { retry_at } = error else {
        panic!("{error}")
    };
    assert_eq!(
        retry_at.duration_since(jiff::Timestamp::now()).as_mins(),
        119
    );
}

/// The first request is refused with this `Retry-After`; nobody may come before it is over.
async fn everybody_waits(status: u16, retry_after: impl Fn() -> String + Send + Sync + 'static) {
    let service = Service::start(move |seen| match (seen.path.as_str(), seen.nth) {
        ("/api/me", 0) => Reply::new(status, "").with("Retry-After", &retry_after()),
        _ => fine(),
    })
    .await;
    let client = service.client();
    let first = client.clone();
    let first = tokio::spawn(async move { first.me().await });
    while service.seen().is_empty() {
        tokio::task::yield_now().await;
    }
    let refused_at = service.seen()[0].at;
    first.await.unwrap().unwrap();
    join_all((0..4).map(|n| {
        let client = client.clone();
        async move { client.user(&n.to_string()).await.unwrap() }
    }))
    .await;
    let early = |at: Instant| at.duration_since(refused_at) < Duration::from_millis(990);
    assert_eq!(
        service
            .seen()
            .iter()
            .skip(1)
            .filter(|seen| early(seen.at))
            .count(),
        0
    );
    assert_eq!(service.seen().len(), 6);
}

#[tokio::test]
async fn everybody_waits_for_retry_after_in_seconds() {
    everybody_waits(429, || "1".to_owned()).await;
}

#[tokio::test]
async fn everybody_waits_for_retry_after_of_a_503() {
    everybody_waits(503, || "1".to_owned()).await;
}

#[tokio::test]
async fn everybody_waits_for_retry_after_as_a_date() {
    everybody_waits(429, || {
        let until = jiff::Timestamp::now() + jiff::SignedDuration::from_secs(2);
        until.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
    })
    .await;
}

#[tokio::test]
async fn a_429_counts_for_everybody_before_its_text_has_come() {
    let service = Service::start(|seen| match (seen.path.as_str(), seen.nth) {
        ("/api/me", 0) => Reply::stall().status(429).with("Retry-After", "1"),
        _ => fine(),
    })
    .await;
    let client = service.client();
    let first = client.clone();
    let first = tokio::spawn(async move { first.me().await });
    while client.stats().refused == 0 {
        tokio::task::yield_now().await;
    }
    assert!(!first.is_finished());
    client.user("1").await.unwrap();
    first.await.unwrap().unwrap();
    let seen = service.seen();
    let refused_at = seen[0].at;
    for seen in &seen[1..] {
        let waited = seen.at.duration_since(refused_at);
        assert!(waited >= Duration::from_millis(990), "{waited:?}");
    }
}
