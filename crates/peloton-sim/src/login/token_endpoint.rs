//! `/oauth/token`: codes, refresh tokens and passwords for tokens.

use axum::body::Bytes;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::{Form, REDIRECT_URI, WEB_CLIENT, field, fields, is_account};
use crate::service::{Shared, lock};

const MOBILE_CLIENT: &str = "mgsmWCD0A8Qn6uz6mmqI6qeBNHH9IPwS";

/// Decided at once; the answer may come later.
pub(super) async fn answer(shared: &Shared, headers: &HeaderMap, body: &Bytes) -> Response {
    let delay = lock(&shared.login).token_delay;
    let answer = token(shared, &fields(headers, body));
    tokio::time::sleep(delay).await;
    answer
}

fn token(shared: &Shared, form: &Form) -> Response {
    let issued = match field(form, "grant_type") {
        "authorization_code" => by_code(shared, form),
        "refresh_token" => by_refresh_token(shared, form),
        "password" if field(form, "client_id") == WEB_CLIENT => {
            return oauth_error(
                "unauthorized_client",
                "Grant type 'password' not allowed for the client.",
            );
        }
        "password" => by_password(shared, form),
        _ => return oauth_error("unsupported_grant_type", "Unsupported grant type"),
    };
    match issued {
        Some(tokens) => {
            lock(&shared.log).totals.tokens_issued += 1;
            axum::Json(tokens).into_response()
        }
        None => oauth_error(
            "invalid_grant",
            "Unknown or invalid refresh token, code or password.",
        ),
    }
}

fn by_code(shared: &Shared, form: &Form) -> Option<Value> {
    let challenge = lock(&shared.login).codes.remove(field(form, "code"))?;
    let verified = URL_SAFE_NO_PAD.encode(Sha256::digest(field(form, "code_verifier")));
    let is_good = challenge == verified
        && field(form, "client_id") == WEB_CLIENT
        && field(form, "redirect_uri") == REDIRECT_URI;
    is_good.then(|| log_in(shared, form))
}

fn by_refresh_token(shared: &Shared, form: &Form) -> Option<Value> {
    lock(&shared.tokens).renew(
        field(form, "refresh_token"),
        field(form, "client_id"),
        &shared.account.user_id,
        shared.settings.token_life,
    )
}

fn by_password(shared: &Shared, form: &Form) -> Option<Value> {
    lock(&shared.log).totals.login_attempts += 1;
    let is_good =
        field(form, "client_id") == MOBILE_CLIENT && is_account(shared, &lock(&shared.login), form);
    is_good.then(|| log_in(shared, form))
}

fn log_in(shared: &Shared, form: &Form) -> Value {
    lock(&shared.tokens).log_in(
        field(form, "client_id"),
        &shared.account.user_id,
        shared.settings.token_life,
    )
}

fn oauth_error(error: &str, description: &str) -> Response {
    (
        StatusCode::FORBIDDEN,
        axum::Json(json!({"error": error, "error_description": description})),
    )
        .into_response()
}
