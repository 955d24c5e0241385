//! The hosted login, step by step.

use peloton_sim::{LoginMode, Settings, Sim};
use reqwest::StatusCode;

use crate::browser::{
    Browser, OWN_STATE, REDIRECT, VERIFIER, ask, authorize_query, authorize_url, code_form,
    hidden_form, password_form, query, text, with,
};

pub(crate) async fn start() -> Sim {
    start_with(LoginMode::Normal).await
}

async fn start_with(login: LoginMode) -> Sim {
    let settings = Settings {
        members: 1,
        workouts: 0,
        login,
        ..Settings::default()
    };
    Sim::start(settings)
        .await
        .expect("three loopback addresses")
}

#[tokio::test]
async fn the_whole_login_ends_with_a_token_that_the_api_takes() {
    let sim = start().await;
    let tokens = Browser::new().log_in(&sim).await;
    assert_eq!(tokens["expires_in"], 172_800);
    assert_eq!(tokens["token_type"], "Bearer");
    assert!(text(&tokens, "refresh_token").starts_with("v1."));
    let (status, me) = ask(&sim, Some(&text(&tokens, "access_token")), "/api/me").await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(text(&me, "id"), sim.account().user_id);
    assert_eq!(sim.totals().leaked_cookies, 0);
    assert_eq!(sim.totals().login_attempts, 1);
}

#[tokio::test]
async fn the_redirects_cross_three_hosts_and_end_with_the_clients_state() {
    let sim = start().await;
    let mut browser = Browser::new();
    let form = browser.fill(&sim).await;
    let answer = browser.give(&sim, &form).await;
    let answer = browser.submit(&answer.text().await.expect("a form")).await;
    let hops = browser.follow(answer).await;
    let paths: Vec<&str> = hops.iter().map(url::Url::path).collect();
    assert_eq!(
        paths,
        [
            "/authorize/resume",
            "/sso/login_site",
            "/sso/login_domain",
            "/continue",
            "/authorize/resume",
            "/callback"
        ]
    );
    assert_eq!(hops[1].host_str(), Some("127.0.0.3"));
    assert_eq!(hops[3].host_str(), Some("127.0.0.2"));
    assert_eq!(query(&hops[5], "state"), OWN_STATE);
    assert!(hops[5].as_str().starts_with(REDIRECT));
}

#[tokio::test]
async fn authorize_refuses_each_parameter_that_is_not_the_web_apps() {
    let sim = start().await;
    let good = authorize_query();
    for name in [
        "client_id",
        "audience",
        "scope",
        "response_type",
        "redirect_uri",
        "code_challenge_method",
    ] {
        let url = authorize_url(&sim, &with(&good, name, "another"));
        let answer = Browser::new().get(&url).await;
        assert_eq!(answer.status(), StatusCode::BAD_REQUEST, "{name}");
    }
    for name in ["state", "code_challenge"] {
        let lacking = good.iter().filter(|(field, _)| field != name).cloned();
        let url = authorize_url(&sim, &lacking.collect());
        let answer = Browser::new().get(&url).await;
        assert_eq!(answer.status(), StatusCode::BAD_REQUEST, "{name}");
    }
}

#[tokio::test]
async fn the_login_page_has_the_transaction_and_always_the_word_verify() {
    let sim = start().await;
    let page = Browser::new().open(&sim).await;
    assert_eq!(page.state.len(), 160);
    assert_eq!(query(&page.url, "state"), page.state);
    assert!(page.text.contains("Log in | Peloton"));
    assert!(page.text.contains("verify"));
}

#[tokio::test]
async fn the_csrf_cookie_is_for_one_path_and_says_what_the_page_says() {
    let sim = start().await;
    let mut browser = Browser::new();
    let page = browser.open(&sim).await;
    let cookie = browser
        .cookies
        .iter()
        .find(|cookie| cookie.pair.starts_with("_csrf="));
    let cookie = cookie.expect("a cookie of that name");
    assert_eq!(cookie.path, "/usernamepassword/login");
    assert_eq!(cookie.pair, format!("_csrf={}", page.csrf));
}

#[tokio::test]
async fn the_clients_own_state_is_an_anomaly_and_no_login_attempt() {
    let sim = start().await;
    let mut browser = Browser::new();
    let form = browser.fill(&sim).await;
    let answer = browser.give(&sim, &with(&form, "state", OWN_STATE)).await;
    assert_eq!(answer.status(), StatusCode::FORBIDDEN);
    let body: serde_json::Value = answer.json().await.expect("JSON");
    assert_eq!(body["name"], "AnomalyDetected");
    assert_eq!(body["description"], "Invalid state");
    assert_eq!(sim.totals().login_attempts, 0);
}

#[tokio::test]
async fn the_csrf_token_has_to_come_twice() {
    let sim = start().await;
    let mut browser = Browser::new();
    let form = browser.fill(&sim).await;
    let answer = browser.give(&sim, &with(&form, "_csrf", "another")).await;
    assert_eq!(answer.status(), StatusCode::FORBIDDEN);
    browser.cookies.clear();
    let answer = browser.give(&sim, &form).await;
    assert_eq!(answer.status(), StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_missing_browser_looks_like_a_wrong_password() {
    let sim = start().await;
    let mut browser = Browser::new();
    browser.agent = "reqwest";
    let right = browser.fill(&sim).await;
    let unknown = browser.give(&sim, &right).await;
    let unknown = (unknown.status(), unknown.text().await.expect("a body"));
    let mut browser = Browser::new();
    let page = browser.open(&sim).await;
    let wrong = password_form(&page, &sim.account().username, "wrong");
    let refused = browser.give(&sim, &wrong).await;
    let refused = (refused.status(), refused.text().await.expect("a body"));
    assert_eq!(unknown, refused);
    assert_eq!(refused.0, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_form_is_taken_as_json_is_and_a_user_name_as_an_address() {
    let sim = start().await;
    let mut browser = Browser::new();
    let page = browser.open(&sim).await;
    let (_, username) = sim.member(0);
    let form = password_form(&page, &username, &sim.account().password);
    let url = crate::browser::auth_url(&sim, "/usernamepassword/login");
    let answer = browser.post(&url, &form).await;
    assert_eq!(answer.status(), StatusCode::OK);
}

#[tokio::test]
async fn hidden_values_are_escaped_and_refused_undecoded() {
    let sim = start().await;
    let mut browser = Browser::new();
    let form = browser.fill(&sim).await;
    let answer = browser.give(&sim, &form).await;
    let text = answer.text().await.expect("a form");
    assert!(text.contains("&#34;"));
    let (action, hidden) = hidden_form(&text);
    let context = hidden.iter().find(|(name, _)| name == "wctx");
    let escaped = context.expect("a context").1.replace('"', "&#34;");
    let answer = browser
        .post(&action, &with(&hidden, "wctx", &escaped))
        .await;
    assert_eq!(answer.status(), StatusCode::BAD_REQUEST);
    let answer = browser.post(&action, &hidden).await;
    assert_eq!(answer.status(), StatusCode::FOUND);
}

#[tokio::test]
async fn the_redirects_are_refused_without_their_cookies() {
    let sim = start().await;
    let mut browser = Browser::new();
    let form = browser.fill(&sim).await;
    let answer = browser.give(&sim, &form).await;
    let answer = browser.submit(&answer.text().await.expect("a form")).await;
    browser.cookies.clear();
    let answer = browser.get(&crate::browser::location(&answer)).await;
    assert_eq!(answer.status(), StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_cookie_at_the_wrong_host_is_counted() {
    let sim = start().await;
    let mut browser = Browser::new();
    browser.code(&sim).await;
    let others = browser.cookies.clone().into_iter().map(|mut cookie| {
        cookie.host = "127.0.0.3".into();
        cookie
    });
    browser.cookies.extend(others.collect::<Vec<_>>());
    browser.code(&sim).await;
    assert_ne!(sim.totals().leaked_cookies, 0);
}

#[tokio::test]
async fn a_redirect_may_take_the_place_of_the_form() {
    let sim = start_with(LoginMode::Redirect).await;
    let mut browser = Browser::new();
    let form = browser.fill(&sim).await;
    let answer = browser.give(&sim, &form).await;
    let hops = browser.follow(answer).await;
    let code = query(hops.last().expect("a hop"), "code");
    let (status, _) = browser.exchange(&sim, &code_form(&code)).await;
    assert_eq!(status, StatusCode::OK);
}

#[tokio::test]
async fn an_account_with_a_further_step_gets_a_page_without_the_hidden_fields() {
    let sim = start_with(LoginMode::Verification).await;
    let mut browser = Browser::new();
    let form = browser.fill(&sim).await;
    let answer = browser.give(&sim, &form).await;
    assert_eq!(answer.status(), StatusCode::OK);
    let text = answer.text().await.expect("a page");
    assert!(text.contains("verification code"));
    assert!(!text.contains("wresult"));
}

#[tokio::test]
async fn blocks_answer_429_before_the_password_is_looked_at() {
    for (mode, word) in [
        (LoginMode::Cloudflare, "1015"),
        (LoginMode::TooManyAttempts, "too_many_attempts"),
    ] {
        let sim = start().await;
        let mut browser = Browser::new();
        let form = browser.fill(&sim).await;
        sim.set_login(mode);
        let answer = browser.give(&sim, &form).await;
        assert_eq!(answer.status(), StatusCode::TOO_MANY_REQUESTS);
        assert!(answer.text().await.expect("a body").contains(word));
        assert_eq!(sim.totals().login_attempts, 0);
    }
}

#[tokio::test]
async fn a_changed_page_has_no_configuration() {
    let sim = start_with(LoginMode::ChangedPage).await;
    let page = Browser::new().open(&sim).await;
    assert!(!page.text.contains("injectedConfig"));
    assert!(page.state.is_empty());
}

#[tokio::test]
async fn the_guard_closes_after_ten_wrong_passwords_even_to_the_right_one() {
    let sim = start().await;
    let mut browser = Browser::new();
    let page = browser.open(&sim).await;
    let wrong = password_form(&page, &sim.account().username, "wrong");
    for _ in 0..10 {
        let answer = browser.give(&sim, &wrong).await;
        assert_eq!(answer.status(), StatusCode::UNAUTHORIZED);
    }
    let right = with(&wrong, "password", &sim.account().password);
    let answer = browser.give(&sim, &right).await;
    assert_eq!(answer.status(), StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(sim.totals().login_attempts, 10);
}

#[tokio::test]
async fn a_challenge_that_is_no_sha_256_is_refused() {
    let sim = start().await;
    for challenge in ["", "short", VERIFIER] {
        let url = authorize_url(&sim, &with(&authorize_query(), "code_challenge", challenge));
        let answer = Browser::new().get(&url).await;
        assert_eq!(answer.status(), StatusCode::BAD_REQUEST, "{challenge}");
    }
}

#[tokio::test]
async fn a_person_with_a_browser_ends_at_the_callback_with_a_code() {
    let sim = start().await;
    let address = authorize_url(&sim, &authorize_query());
    let callback = sim.log_in_by_browser(address.as_str()).expect("a callback");
    assert!(callback.starts_with(REDIRECT));
    let callback = callback.parse().expect("an address");
    assert_eq!(query(&callback, "state"), OWN_STATE);
    let code = query(&callback, "code");
    let (status, _) = Browser::new().exchange(&sim, &code_form(&code)).await;
    assert_eq!(status, StatusCode::OK);
    let other = authorize_url(&sim, &with(&authorize_query(), "client_id", "another"));
    assert!(sim.log_in_by_browser(other.as_str()).is_err());
}

#[tokio::test]
async fn a_changed_password_ends_the_old_one_and_no_token() {
    let sim = start().await;
    let token = text(&Browser::new().log_in(&sim).await, "access_token");
    sim.set_password("another");
    let mut browser = Browser::new();
    let old = browser.fill(&sim).await;
    let answer = browser.give(&sim, &old).await;
    assert_eq!(answer.status(), StatusCode::UNAUTHORIZED);
    let answer = browser.give(&sim, &with(&old, "password", "another")).await;
    assert_eq!(answer.status(), StatusCode::OK);
    assert_eq!(ask(&sim, Some(&token), "/api/me").await.0, StatusCode::OK);
}
