//! The hosted login: pages, redirects over three hosts, cookies, the token endpoint.

mod pages;
mod token_endpoint;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::Value;

use crate::service::Shared;
use crate::settings::LoginMode;
use crate::world::id;

pub(crate) use pages::{by_browser, orca};

const WEB_CLIENT: &str = "WVoJxVDdPoFx4RNewvvg6ch2mZ7bwnsM";
const REDIRECT_URI: &str = "https://members.onepeloton.com/callback";
const LARGEST_BODY: usize = 1 << 20;

type Form = HashMap<String, String>;

/// Logins under way.
#[derive(Debug)]
pub(crate) struct Login {
    pub(crate) mode: LoginMode,
    pub(crate) password: String,
    /// Waited before an answer of the token endpoint that is already decided.
    pub(crate) token_delay: Duration,
    made: u64,
    /// By Auth0's own state.
    transactions: HashMap<String, Transaction>,
    /// By code: its code challenge. A code is good for one exchange.
    codes: HashMap<String, String>,
    wrong_in_a_row: u32,
}

#[derive(Debug)]
struct Transaction {
    client_state: String,
    code_challenge: String,
    csrf: String,
    /// How far the redirects have come.
    passed: u32,
    is_authenticated: bool,
}

impl Login {
    pub(crate) fn new(mode: LoginMode, password: String) -> Self {
        Self {
            mode,
            password,
            token_delay: Duration::ZERO,
            made: 0,
            transactions: HashMap::new(),
            codes: HashMap::new(),
            wrong_in_a_row: 0,
        }
    }

    /// Something that nobody guesses and that is long, as Auth0's are.
    fn secret(&mut self, kind: &str, length: usize) -> String {
        let mut text = String::new();
        while text.len() < length {
            self.made += 1;
            text.push_str(&id(self.made, kind, 77));
        }
        text.truncate(length);
        text
    }
}

/// Any request of the tenant's host.
pub(crate) async fn answer(State(shared): State<Arc<Shared>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, LARGEST_BODY).await else {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    };
    let query = parsed(parts.uri.query().unwrap_or_default().as_bytes());
    match (parts.method, parts.uri.path()) {
        (Method::GET, "/authorize") => pages::authorize(&shared, &query),
        (Method::GET, "/login") => pages::login_page(&shared, &query),
        (Method::POST, "/usernamepassword/login") => {
            pages::password(&shared, &parts.headers, &body)
        }
        (Method::POST, "/login/callback") => pages::callback(&shared, &body),
        (Method::GET, "/authorize/resume") => pages::resume(&shared, &parts.headers, &query),
        (Method::GET, "/continue") => pages::onwards(&shared, &query),
        (Method::POST, "/oauth/token") => {
            token_endpoint::answer(&shared, &parts.headers, &body).await
        }
        (_, path) => (StatusCode::NOT_FOUND, format!("Cannot find {path}")).into_response(),
    }
}

fn is_account(shared: &Shared, login: &Login, form: &Form) -> bool {
    let (username, name) = (field(form, "username"), &shared.world.members()[0].username);
    (username == shared.account.username || username == name)
        && field(form, "password") == login.password
}

/// The field, or nothing where it was not given.
fn field<'a>(form: &'a Form, name: &str) -> &'a str {
    form.get(name).map_or("", String::as_str)
}

/// JSON or form, as the content type says.
fn fields(headers: &HeaderMap, body: &Bytes) -> Form {
    let is_json = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| value.starts_with("application/json"));
    if !is_json {
        return parsed(body);
    }
    let body: HashMap<String, Value> = serde_json::from_slice(body).unwrap_or_default();
    body.into_iter()
        .filter_map(|(name, value)| Some((name, value.as_str()?.to_owned())))
        .collect()
}

fn parsed(text: &[u8]) -> Form {
    url::form_urlencoded::parse(text).into_owned().collect()
}
