//! The pages that a browser sees, and the redirects between them.

use std::sync::Arc;

use anyhow::Context;
use axum::body::Bytes;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::{
    Form, Login, REDIRECT_URI, Transaction, WEB_CLIENT, field, fields, is_account, parsed,
};
use crate::service::{Shared, lock};
use crate::settings::LoginMode;

const AUDIENCE: &str = "https://api.onepeloton.com/";
const SCOPE: &str = "offline_access openid peloton-api.members:default";
/// Wrong passwords in a row before the guard closes.
const MOST_ATTEMPTS: u32 = 10;

/// The state and the code challenge of an authorization request, if it is one that is accepted.
fn accepted(query: &Form) -> Result<(&str, &str), String> {
    let demanded = [
        ("client_id", WEB_CLIENT),
        ("redirect_uri", REDIRECT_URI),
        ("response_type", "code"),
        ("audience", AUDIENCE),
        ("scope", SCOPE),
        ("code_challenge_method", "S256"),
    ];
    for (name, value) in demanded {
        if query.get(name).map(String::as_str) != Some(value) {
            return Err(format!("parameter {name} is not acceptable"));
        }
    }
    let given = |name: &str| query.get(name).filter(|value| !value.is_empty());
    let (Some(challenge), Some(state)) = (given("code_challenge"), given("state")) else {
        return Err("code_challenge and state are needed".into());
    };
    // A SHA-256 in base64 without padding.
    if challenge.len() != 43 {
        return Err("parameter code_challenge must be a string of 43 characters".into());
    }
    Ok((state, challenge))
}

/// The address at which a person's browser ends that opened an authorization request and logged in.
pub(crate) fn by_browser(shared: &Shared, url: &str) -> anyhow::Result<String> {
    let (_, query) = url.split_once('?').context("the address has no query")?;
    let query = parsed(query.as_bytes());
    let (state, challenge) = accepted(&query).map_err(anyhow::Error::msg)?;
    let mut login = lock(&shared.login);
    let code = login.secret("code", 43);
    login.codes.insert(code.clone(), challenge.to_owned());
    Ok(callback_url(&code, state))
}

fn callback_url(code: &str, state: &str) -> String {
    let answer: String = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("code", code)
        .append_pair("state", state)
        .finish();
    format!("{REDIRECT_URI}?{answer}")
}

pub(super) fn authorize(shared: &Shared, query: &Form) -> Response {
    let (state, challenge) = match accepted(query) {
        Ok(accepted) => accepted,
        Err(reason) => return bad_request(&reason),
    };
    let mut login = lock(&shared.login);
    let own_state = login.secret("state", 160);
    let csrf = login.secret("csrf", 24);
    let transaction = Transaction {
        client_state: state.to_owned(),
        code_challenge: challenge.to_owned(),
        csrf: csrf.clone(),
        passed: 0,
        is_authenticated: false,
    };
    login.transactions.insert(own_state.clone(), transaction);
    found(
        &format!("/login?state={own_state}&client={WEB_CLIENT}&protocol=oauth2&redirect_uri=x"),
        &[
            &format!("_csrf={csrf}; Path=/usernamepassword/login; HttpOnly"),
            "did=s%3Av0; Path=/; HttpOnly",
        ],
    )
}

pub(super) fn login_page(shared: &Shared, query: &Form) -> Response {
    let login = lock(&shared.login);
    let state = query.get("state").cloned().unwrap_or_default();
    let Some(transaction) = login.transactions.get(&state) else {
        return bad_request("unknown state");
    };
    if login.mode == LoginMode::Cloudflare {
        return blocked();
    }
    let config = json!({"auth0Domain": "auth.onepeloton.com", "auth0Tenant": "peloton-prod", "callbackURL": REDIRECT_URI, "clientID": WEB_CLIENT,
        "internalOptions": {"_csrf": transaction.csrf, "_intstate": "deprecated", "audience": AUDIENCE, "protocol": "oauth2",
            "response_type": "code", "scope": SCOPE, "state": state}});
    let encoded = STANDARD.encode(config.to_string());
    let script = if login.mode == LoginMode::ChangedPage {
        String::new()
    } else {
        format!("<script>window.injectedConfig = window.injectedConfig || \"{encoded}\";</script>")
    };
    // The dictionary always has words of verification in it.
    Html(format!(
        "<!doctype html><html><head><title>Log in | Peloton</title>{script}</head>\
         <body><script>var words = {{\"mfa\": \"verify your identity\", \"code\": \"verification code\"}};</script></body></html>"
    ))
    .into_response()
}

pub(super) fn password(shared: &Shared, headers: &HeaderMap, body: &Bytes) -> Response {
    let form = fields(headers, body);
    let mut login = lock(&shared.login);
    if let Some(refusal) = inadmissible(&login, headers, &form) {
        return refusal;
    }
    lock(&shared.log).totals.login_attempts += 1;
    if !is_account(shared, &login, &form) || !looks_like_browser(headers) {
        login.wrong_in_a_row += 1;
        return denied(
            StatusCode::UNAUTHORIZED,
            "ValidationError",
            "Wrong email or password.",
        );
    }
    login.wrong_in_a_row = 0;
    let state = field(&form, "state");
    if let Some(transaction) = login.transactions.get_mut(state) {
        transaction.is_authenticated = true;
    }
    after_password(shared, login.mode, state)
}

/// The refusal of what never gets as far as the password.
fn inadmissible(login: &Login, headers: &HeaderMap, form: &Form) -> Option<Response> {
    match login.mode {
        LoginMode::Cloudflare => return Some(blocked()),
        LoginMode::TooManyAttempts => return Some(too_many()),
        _ => {}
    }
    let forbidden = |name, description| Some(denied(StatusCode::FORBIDDEN, name, description));
    let Some(transaction) = login.transactions.get(field(form, "state")) else {
        return forbidden("AnomalyDetected", "Invalid state");
    };
    let has_cookie = cookies(headers).contains(&format!("_csrf={}", transaction.csrf));
    if field(form, "_csrf") != transaction.csrf || !has_cookie {
        return forbidden("Forbidden", "invalid csrf token");
    }
    let is_whole = field(form, "client_id") == WEB_CLIENT
        && field(form, "redirect_uri") == REDIRECT_URI
        && field(form, "tenant") == "peloton-prod"
        && field(form, "connection") == "pelo-user-password";
    if !is_whole {
        return Some(denied(
            StatusCode::BAD_REQUEST,
            "invalid_request",
            "a parameter is missing",
        ));
    }
    (login.wrong_in_a_row >= MOST_ATTEMPTS).then(too_many)
}

fn looks_like_browser(headers: &HeaderMap) -> bool {
    headers
        .get(header::USER_AGENT)
        .and_then(|agent| agent.to_str().ok())
        .is_some_and(|agent| agent.starts_with("Mozilla/"))
}

fn after_password(shared: &Shared, mode: LoginMode, state: &str) -> Response {
    match mode {
        LoginMode::Verification => {
            Html("<html><body>Enter the verification code that we sent you<form action=\"/mfa\"></form></body></html>".to_owned()).into_response()
        }
        LoginMode::ChangedPage => Html("<html><body>Welcome to something new</body></html>".to_owned()).into_response(),
        LoginMode::Redirect => found(&format!("/authorize/resume?state={state}"), &["auth0=session; Path=/; HttpOnly", "auth0_compat=session; Path=/"]),
        _ => callback_form(shared, state),
    }
}

/// A page that submits itself; its values are escaped as HTML demands.
fn callback_form(shared: &Shared, state: &str) -> Response {
    let context = json!({"strategy": "auth0", "tenant": "peloton-prod", "connection": "pelo-user-password", "state": state});
    let inputs = [
        ("wa", "wsignin1.0".to_owned()),
        ("wresult", format!("eyJ.{}.x", &state[..32])),
        ("wctx", context.to_string()),
    ];
    let inputs: String = inputs
        .iter()
        .map(|(name, value)| {
            let value = value.replace('&', "&amp;").replace('"', "&#34;");
            format!("<input type=\"hidden\" name=\"{name}\" value=\"{value}\"/>")
        })
        .collect();
    Html(format!(
        "<form method=\"post\" name=\"hiddenform\" action=\"{}/login/callback\">{inputs}</form><script>document.forms[0].submit();</script>",
        shared.auth_url
    ))
    .into_response()
}

pub(super) fn callback(shared: &Shared, body: &Bytes) -> Response {
    let form = parsed(body);
    // Escaped values would be no JSON.
    let context: Value = form
        .get("wctx")
        .and_then(|text| serde_json::from_str(text).ok())
        .unwrap_or_default();
    let state = context["state"].as_str().unwrap_or_default();
    let is_known = lock(&shared.login)
        .transactions
        .get(state)
        .is_some_and(|transaction| transaction.is_authenticated);
    if !is_known || form.get("wa").map(String::as_str) != Some("wsignin1.0") {
        return bad_request("invalid callback");
    }
    found(
        &format!("/authorize/resume?state={state}"),
        &[
            "auth0=session; Path=/; HttpOnly; SameSite=None",
            "auth0_compat=session; Path=/; HttpOnly",
        ],
    )
}

pub(super) fn resume(shared: &Shared, headers: &HeaderMap, query: &Form) -> Response {
    let state = query.get("state").cloned().unwrap_or_default();
    if !cookies(headers).contains("auth0=session") {
        return bad_request("no session");
    }
    let mut login = lock(&shared.login);
    let code = login.secret("code", 43);
    let Some(transaction) = login
        .transactions
        .get_mut(&state)
        .filter(|transaction| transaction.is_authenticated)
    else {
        return bad_request("unknown state");
    };
    transaction.passed += 1;
    if transaction.passed == 1 {
        let user_id = &shared.account.user_id;
        return found(
            &format!(
                "{}/sso/login_site?visited_site=members&user_id={user_id}&client_name=Members&session_claim_token=t&state={state}",
                shared.orca_url
            ),
            &[],
        );
    }
    let (client_state, challenge) = (
        transaction.client_state.clone(),
        transaction.code_challenge.clone(),
    );
    login.transactions.remove(&state);
    login.codes.insert(code.clone(), challenge);
    found(&callback_url(&code, &client_state), &[])
}

pub(super) fn onwards(shared: &Shared, query: &Form) -> Response {
    let state = query.get("state").cloned().unwrap_or_default();
    if !lock(&shared.login).transactions.contains_key(&state) {
        return bad_request("unknown state");
    }
    found(&format!("/authorize/resume?state={state}"), &[])
}

/// Any request of the host between; it must never see the tenant's cookies.
pub(crate) async fn orca(State(shared): State<Arc<Shared>>, request: Request) -> Response {
    let cookies = cookies(request.headers());
    if cookies.contains("auth0=") || cookies.contains("_csrf=") {
        lock(&shared.log).totals.leaked_cookies += 1;
    }
    let query = parsed(request.uri().query().unwrap_or_default().as_bytes());
    let state = query.get("state").cloned().unwrap_or_default();
    match request.uri().path() {
        "/sso/login_site" => see_other(
            &format!(
                "{}/sso/login_domain?state={state}&visited_domain=onepeloton.com",
                shared.orca_url
            ),
            &[
                "peloton_logged_in_user_hash=abc; Path=/",
                "peloton_visited_sites=members; Path=/",
            ],
        ),
        "/sso/login_domain" if cookies.contains("peloton_logged_in_user_hash=abc") => see_other(
            &format!("{}/continue?state={state}", shared.auth_url),
            &["peloton_visited_domains=onepeloton.com; Path=/"],
        ),
        _ => StatusCode::BAD_REQUEST.into_response(),
    }
}

fn denied(status: StatusCode, name: &str, description: &str) -> Response {
    let body = json!({"statusCode": status.as_u16(), "name": name, "code": "access_denied", "description": description});
    (status, axum::Json(body)).into_response()
}

fn too_many() -> Response {
    let body = json!({"statusCode": 429, "name": "AnomalyDetected", "code": "too_many_attempts",
        "description": "Your account has been blocked after multiple consecutive login attempts."});
    (StatusCode::TOO_MANY_REQUESTS, axum::Json(body)).into_response()
}

fn blocked() -> Response {
    (
        StatusCode::TOO_MANY_REQUESTS,
        Html("<html>error code: 1015</html>".to_owned()),
    )
        .into_response()
}

fn bad_request(reason: &str) -> Response {
    (
        StatusCode::BAD_REQUEST,
        Html(format!("<html>invalid_request: {reason}</html>")),
    )
        .into_response()
}

fn found(location: &str, set: &[&str]) -> Response {
    redirect(StatusCode::FOUND, location, set)
}

fn see_other(location: &str, set: &[&str]) -> Response {
    redirect(StatusCode::SEE_OTHER, location, set)
}

fn redirect(status: StatusCode, location: &str, set: &[&str]) -> Response {
    let mut response = status.into_response();
    let headers = response.headers_mut();
    if let Ok(location) = location.parse() {
        headers.insert(header::LOCATION, location);
    }
    for cookie in set.iter().filter_map(|cookie| cookie.parse().ok()) {
        headers.append(header::SET_COOKIE, cookie);
    }
    response
}

fn cookies(headers: &HeaderMap) -> String {
    let all = headers.get_all(header::COOKIE).iter();
    all.filter_map(|value| value.to_str().ok())
        .collect::<Vec<_>>()
        .join("; ")
}
