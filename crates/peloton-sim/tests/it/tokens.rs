//! Codes and tokens: what is good once, what rotates, what is over.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use peloton_sim::{Settings, Sim};
use reqwest::StatusCode;
use serde_json::Value;

use crate::browser::{Browser, CLIENT, ask, code_form, fields, refresh_form, text, with};
use crate::login::start;

async fn me(sim: &Sim, tokens: &Value) -> StatusCode {
    ask(sim, Some(&text(tokens, "access_token")), "/api/me")
        .await
        .0
}

#[tokio::test]
async fn a_code_is_good_once() {
    let sim = start().await;
    let mut browser = Browser::new();
    let code = browser.code(&sim).await;
    let (first, _) = browser.exchange(&sim, &code_form(&code)).await;
    let (second, error) = browser.exchange(&sim, &code_form(&code)).await;
    assert_eq!((first, second), (StatusCode::OK, StatusCode::FORBIDDEN));
    assert_eq!(error["error"], "invalid_grant");
}

#[tokio::test]
async fn a_code_needs_its_verifier_and_redirect_uri() {
    let sim = start().await;
    let mut browser = Browser::new();
    for name in ["code_verifier", "redirect_uri"] {
        let form = code_form(&browser.code(&sim).await);
        let (status, _) = browser.exchange(&sim, &with(&form, name, "another")).await;
        assert_eq!(status, StatusCode::FORBIDDEN, "{name}");
    }
}

#[tokio::test]
async fn the_access_token_is_a_jwt_that_names_the_member_and_its_end() {
    let sim = start().await;
    let tokens = Browser::new().log_in(&sim).await;
    let token = text(&tokens, "access_token");
    let payload = token.split('.').nth(1).expect("three parts");
    let payload = URL_SAFE_NO_PAD.decode(payload).expect("base64");
    let payload: Value = serde_json::from_slice(&payload).expect("JSON");
    let user_id = text(&payload, "http://onepeloton.com/user_id");
    assert_eq!(user_id, sim.account().user_id);
    let life = payload["exp"].as_i64().zip(payload["iat"].as_i64());
    assert_eq!(life.map(|(end, begin)| end - begin), Some(172_800));
}

#[tokio::test]
async fn each_refresh_gives_a_new_refresh_token() {
    let sim = start().await;
    let mut browser = Browser::new();
    let first = browser.log_in(&sim).await;
    let form = refresh_form(&text(&first, "refresh_token"));
    let (_, second) = browser.exchange(&sim, &form).await;
    assert_ne!(first["refresh_token"], second["refresh_token"]);
    let form = refresh_form(&text(&second, "refresh_token"));
    let (status, third) = browser.exchange(&sim, &form).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(me(&sim, &third).await, StatusCode::OK);
}

#[tokio::test]
async fn a_retired_refresh_token_takes_its_whole_family_along() {
    let sim = start().await;
    let mut browser = Browser::new();
    let first = browser.log_in(&sim).await;
    let other_family = browser.log_in(&sim).await;
    let retired = refresh_form(&text(&first, "refresh_token"));
    let (_, second) = browser.exchange(&sim, &retired).await;
    let (reused, error) = browser.exchange(&sim, &retired).await;
    assert_eq!(reused, StatusCode::FORBIDDEN);
    assert_eq!(error["error"], "invalid_grant");
    assert_eq!(me(&sim, &second).await, StatusCode::UNAUTHORIZED);
    let form = refresh_form(&text(&second, "refresh_token"));
    assert_eq!(browser.exchange(&sim, &form).await.0, StatusCode::FORBIDDEN);
    assert_eq!(me(&sim, &other_family).await, StatusCode::OK);
}

#[tokio::test]
async fn an_expired_access_token_can_be_refreshed_and_a_revoked_one_cannot() {
    let sim = start().await;
    let mut browser = Browser::new();
    let first = browser.log_in(&sim).await;
    sim.expire_access_tokens();
    assert_eq!(me(&sim, &first).await, StatusCode::UNAUTHORIZED);
    let form = refresh_form(&text(&first, "refresh_token"));
    let (_, second) = browser.exchange(&sim, &form).await;
    assert_eq!(me(&sim, &second).await, StatusCode::OK);
    sim.revoke_tokens();
    assert_eq!(me(&sim, &second).await, StatusCode::UNAUTHORIZED);
    let form = refresh_form(&text(&second, "refresh_token"));
    assert_eq!(browser.exchange(&sim, &form).await.0, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_token_of_no_life_is_refused_at_once() {
    let settings = Settings {
        members: 1,
        workouts: 0,
        token_life: Duration::ZERO,
        ..Settings::default()
    };
    let sim = Sim::start(settings).await.expect("three addresses");
    let tokens = Browser::new().log_in(&sim).await;
    assert_eq!(me(&sim, &tokens).await, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn the_password_grant_is_for_the_mobile_client_alone() {
    let sim = start().await;
    let account = sim.account();
    let form = fields(&[
        ("grant_type", "password"),
        ("client_id", "mgsmWCD0A8Qn6uz6mmqI6qeBNHH9IPwS"),
        ("username", &account.username),
        ("password", &account.password),
    ]);
    let mut browser = Browser::new();
    let (status, tokens) = browser.exchange(&sim, &form).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(me(&sim, &tokens).await, StatusCode::OK);
    let (status, error) = browser
        .exchange(&sim, &with(&form, "password", "wrong"))
        .await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    assert_eq!(error["error"], "invalid_grant");
    let (status, error) = browser
        .exchange(&sim, &with(&form, "client_id", CLIENT))
        .await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    assert_eq!(error["error"], "unauthorized_client");
}

#[tokio::test]
async fn the_dead_login_answers_403_to_everybody() {
    let sim = start().await;
    let url = format!("{}/auth/login", sim.api_url());
    let answer = reqwest::Client::new().post(url).send().await;
    let answer = answer.expect("an answer");
    assert_eq!(answer.status(), StatusCode::FORBIDDEN);
    let body: Value = answer.json().await.expect("JSON");
    let message = "Access forbidden. Endpoint no longer accepting requests.";
    assert_eq!(body["message"], message);
}
