use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use peloton_api::{
    Credentials, LoginError,
    oauth::{OAuth, WEB_CLIENT_ID, pasted_token},
};
use secrecy::ExposeSecret;
use sha2::{Digest, Sha256};

use crate::{
    auth::{Auth, CODE, CSRF, credentials, login_page},
    service::{Reply, quick},
};

#[tokio::test]
async fn the_whole_login_brings_tokens() {
    let auth = Auth::start().await;
    let tokens = auth.login().await.unwrap();
    assert_eq!(tokens.access_token.expose_secret(), "access-1");
    assert_eq!(tokens.refresh_token.unwrap().expose_secret(), "refresh-1");
    assert_eq!(tokens.client_id, WEB_CLIENT_ID);
    let life = tokens
        .expires_at
        .unwrap()
        .duration_since(tokens.obtained_at);
    assert_eq!(life.as_secs(), 172_800);
    assert_eq!(
        auth.main.paths(),
        [
            "/authorize",
            "/login",
            "/usernamepassword/login",
            "/login/callback",
            "/authorize/resume",
            "/continue",
            "/authorize/resume",
            "/oauth/token"
        ]
    );
}

#[tokio::test]
async fn the_verifier_belongs_to_the_challenge() {
    let auth = Auth::start().await;
    auth.login().await.unwrap();
    let seen = auth.main.seen();
    let verifier = seen.last().unwrap().json()["code_verifier"]
        .as_str()
        .unwrap()
        .to_owned();
    assert!((43..=128).contains(&verifier.len()));
    assert_eq!(
        seen[0].query["code_challenge"],
        URL_SAFE_NO_PAD.encode(Sha256::digest(verifier))
    );
    assert_eq!(seen[0].query["code_challenge_method"], "S256");
    assert_eq!(
        seen[0].query["redirect_uri"],
        "https://members.onepeloton.com/callback"
    );
    assert_eq!(seen[0].query["audience"], "https://api.onepeloton.com/");
}

#[tokio::test]
async fn each_host_gets_its_own_cookies_only() {
    let auth = Auth::start().await;
    auth.login().await.unwrap();
    let orca = auth.other.seen();
    assert_eq!(orca[0].header("cookie"), "");
    assert_eq!(orca[1].header("cookie"), "sites=of-orca");
    for seen in auth.main.seen() {
        assert!(!seen.header("cookie").contains("sites"), "{}", seen.path);
        let on_its_path = seen.path == "/usernamepassword/login";
        assert_eq!(
            seen.header("cookie").contains("_csrf"),
            on_its_path,
            "{}",
            seen.path
        );
    }
}

#[tokio::test]
async fn one_user_agent_on_all_steps_and_no_body_on_redirects() {
    let auth = Auth::start().await;
    auth.login().await.unwrap();
    for seen in auth.main.seen().iter().chain(&auth.other.seen()) {
        assert!(
            seen.header("user-agent").starts_with("Mozilla/5.0"),
            "{}",
            seen.path
        );
        assert!(
            seen.method == "POST" || seen.body.is_empty(),
            "{}",
            seen.path
        );
    }
}

#[tokio::test]
async fn without_a_cookie_the_page_gives_the_csrf_token() {
    let auth = Auth::with(|seen| match seen.path.as_str() {
        "/login" => Some(login_page()),
        "/usernamepassword/login" => {
            assert_eq!(seen.json()["_csrf"], CSRF);
            Some(Reply::redirect("/authorize/resume"))
        }
        _ => None,
    })
    .await;
    auth.login().await.unwrap();
}

/// The login ends with an error, and `path` was asked only once.
async fn fails(path: &'static str, reply: Reply) -> LoginError {
    let auth = Auth::with(move |seen| (seen.path == path).then(|| reply.clone())).await;
    let error = auth.login().await.unwrap_err();
    let tries = auth
        .main
        .paths()
        .iter()
        .filter(|seen| *seen == path)
        .count();
    assert_eq!(tries, 1, "a login is never repeated");
    error
}

const PASSWORD_STEP: &str = "/usernamepassword/login";

#[track_caller]
fn is_changed(error: &LoginError, at: &str) {
    assert!(
        matches!(error, LoginError::PageChanged { step, .. } if *step == at),
        "{error}"
    );
}

#[tokio::test]
async fn a_wrong_password_is_named() {
    let auth = Auth::start().await;
    let credentials = Credentials {
        password: "wrong".into(),
        ..credentials()
    };
    let error = auth.oauth().login(&credentials).await.unwrap_err();
    assert!(matches!(error, LoginError::WrongPassword), "{error}");
    let by_words = r#"{"code":"access_denied","description":"Wrong email or password."}"#;
    let error = fails(PASSWORD_STEP, Reply::new(403, by_words)).await;
    assert!(matches!(error, LoginError::WrongPassword), "{error}");
}

#[tokio::test]
async fn invalid_state_does_not_pass_for_a_wrong_password() {
    let body = r#"{"name":"AnomalyDetected","code":"access_denied","description":"Invalid state"}"#;
    let error = fails(PASSWORD_STEP, Reply::new(403, body)).await;
    is_changed(&error, "password");
}

#[tokio::test]
async fn a_verification_step_offers_the_browser() {
    for reply in [
        Reply::new(
            403,
            r#"{"code":"mfa_required","description":"Multifactor needed"}"#,
        ),
        Reply::new(200, "<html>Enter the verification code we sent you</html>"),
    ] {
        let error = fails(PASSWORD_STEP, reply).await;
        assert!(matches!(error, LoginError::VerificationNeeded), "{error}");
        assert!(error.to_string().contains("--paste-callback"));
    }
}

#[tokio::test]
async fn a_page_before_the_callback_is_a_further_question() {
    let error = fails("/continue", Reply::new(200, "<html>One more thing</html>")).await;
    assert!(matches!(error, LoginError::VerificationNeeded), "{error}");
}

#[tokio::test]
async fn too_many_attempts_say_when() {
    let reply = Reply::new(429, r#"{"code":"too_many_attempts"}"#).with("Retry-After", "600");
    let error = fails(PASSWORD_STEP, reply).await;
    let LoginError::TooManyAttempts { retry_at } = error else {
        panic!("{error}")
    };
    assert_eq!(retry_at.duration_since(jiff::Timestamp::now()).as_mins(), 9);
}

#[tokio::test]
async fn a_cloudflare_page_is_named() {
    for (path, status) in [("/authorize", 429), (PASSWORD_STEP, 403)] {
        let error = fails(path, Reply::new(status, "<html>error code: 1015</html>")).await;
        assert!(matches!(error, LoginError::Blocked { .. }), "{error}");
    }
}

#[tokio::test]
async fn a_changed_page_names_the_step_and_the_other_ways() {
    let error = fails("/login", Reply::new(404, "gone")).await;
    is_changed(&error, "login page");
    let error = fails(PASSWORD_STEP, Reply::new(200, "<html>Welcome</html>")).await;
    is_changed(&error, "password");
    assert!(error.to_string().contains("--paste-token"));
    // Its dictionary has "verify" and "mfa", and still it asks for nothing.
    let error = fails(PASSWORD_STEP, login_page()).await;
    is_changed(&error, "password");
}

#[tokio::test]
async fn the_closed_endpoint_is_recognised() {
    let body =
        r#"{"status":403,"message":"Access forbidden. Endpoint no longer accepting requests."}"#;
    let error = fails(PASSWORD_STEP, Reply::new(403, body)).await;
    assert!(matches!(error, LoginError::EndpointClosed), "{error}");
}

#[tokio::test]
async fn a_broken_service_is_not_a_changed_page() {
    let error = fails("/authorize", Reply::new(503, "<html>maintenance</html>")).await;
    assert!(
        matches!(error, LoginError::Unavailable { status: 503, .. }),
        "{error}"
    );
    let error = fails("/continue", Reply::silent()).await;
    assert!(
        matches!(
            error,
            LoginError::Network {
                step: "redirects",
                ..
            }
        ),
        "{error}"
    );
}

#[tokio::test]
async fn redirects_lead_to_safe_places_only() {
    for target in [
        "javascript:alert(1)",
        "http://example.invalid/x",
        "file:///etc/passwd",
        "data:,x",
    ] {
        let error = fails("/continue", Reply::redirect(target)).await;
        assert!(
            matches!(error, LoginError::UnsafeRedirect { .. }),
            "{target}: {error}"
        );
    }
    let error = fails("/continue", Reply::new(302, "")).await;
    assert!(matches!(error, LoginError::PageChanged { .. }), "{error}");
}

#[tokio::test]
async fn a_circle_of_redirects_ends() {
    let auth =
        Auth::with(|seen| (seen.path == "/continue").then(|| Reply::redirect("/continue?again")))
            .await;
    let error = auth.login().await.unwrap_err();
    assert!(matches!(error, LoginError::RedirectLoop { .. }), "{error}");
    assert!(auth.main.seen().len() < 20);
}

#[tokio::test]
async fn a_callback_of_another_login_is_refused() {
    let other = Reply::redirect("https://members.onepeloton.com/callback/?code=x&state=other");
    let error = fails("/continue", other).await;
    assert!(matches!(error, LoginError::StateMismatch), "{error}");
}

#[tokio::test]
async fn a_form_for_another_host_is_not_submitted() {
    let form = "<form action=\"https://evil.invalid/x\"><input name=wresult value=proof></form>";
    let error = fails(PASSWORD_STEP, Reply::new(200, form)).await;
    is_changed(&error, "login result");
}

#[tokio::test]
async fn the_password_grant_is_one_request() {
    let auth = Auth::start().await;
    let tokens = auth.oauth().password_grant(&credentials()).await.unwrap();
    assert_ne!(tokens.client_id, WEB_CLIENT_ID);
    assert_eq!(auth.main.paths(), ["/oauth/token"]);
    let wrong = Credentials {
        password: "wrong".into(),
        ..credentials()
    };
    let error = auth.oauth().password_grant(&wrong).await.unwrap_err();
    assert!(matches!(error, LoginError::WrongPassword), "{error}");
}

#[tokio::test]
async fn a_pasted_callback_is_exchanged() {
    let auth = Auth::start().await;
    let oauth = auth.oauth();
    let authorization = oauth.authorization();
    let state = authorization
        .url
        .query_pairs()
        .find(|(key, _)| key == "state")
        .unwrap()
        .1;
    let pasted = format!(" https://members.onepeloton.com/callback?code={CODE}&state={state}\n");
    let tokens = oauth.finish(&authorization, &pasted).await.unwrap();
    assert_eq!(tokens.access_token.expose_secret(), "access-1");
}

#[tokio::test]
async fn what_is_no_callback_is_not_sent_anywhere() {
    let auth = Auth::start().await;
    let oauth = auth.oauth();
    let authorization = oauth.authorization();
    for pasted in [
        "",
        "code",
        "https://members.onepeloton.com/home?code=x&state=y",
        "http://x/callback",
    ] {
        let error = oauth.finish(&authorization, pasted).await.unwrap_err();
        assert!(matches!(error, LoginError::Pasted { .. }), "{error}");
    }
    let other = "https://members.onepeloton.com/callback?code=x&state=y";
    let error = oauth.finish(&authorization, other).await.unwrap_err();
    assert!(matches!(error, LoginError::StateMismatch), "{error}");
    assert!(auth.main.seen().is_empty());
}

#[test]
fn a_pasted_token_may_bring_its_header() {
    let jwt = format!(
        "x.{}.x",
        URL_SAFE_NO_PAD.encode(r#"{"exp":1900000000,"http://onepeloton.com/user_id":"ada"}"#)
    );
    for text in [
        jwt.clone(),
        format!("Bearer {jwt}\n"),
        format!("authorization: bearer {jwt}"),
    ] {
        let tokens = pasted_token(&text).unwrap();
        assert_eq!(tokens.access_token.expose_secret(), jwt);
        assert_eq!(tokens.user_id.as_deref(), Some("ada"));
        assert_eq!(tokens.expires_at.unwrap().as_second(), 1_900_000_000);
    }
    for text in ["", "Bearer ", "two words", "<html>"] {
        assert!(
            matches!(pasted_token(text), Err(LoginError::Pasted { .. })),
            "{text}"
        );
    }
}

#[test]
fn the_login_address_must_be_safe() {
    for url in ["http://auth.example.invalid", "ftp://127.0.0.1", "data:x"] {
        let config = peloton_api::ClientConfig {
            auth_url: url.parse().unwrap(),
            ..quick()
        };
        assert!(OAuth::new(&config).is_err(), "{url}");
    }
}
