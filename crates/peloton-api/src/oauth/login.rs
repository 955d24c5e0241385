//! The login page, driven without a browser.

use reqwest::{
    Method,
    header::{ORIGIN, REFERER},
};
use secrecy::{ExposeSecret, SecretString};
use serde_json::json;
use url::Url;

use super::{
    AUDIENCE, AUTH0_CLIENT, Authorization, CONNECTION, OAuth, REDIRECT_URI, SCOPE, TENANT,
    WEB_CLIENT_ID,
    page::{HiddenForm, InjectedConfig},
    redirects::{Browser, End, Received, secret_header},
    refusal::{refusal, unexpected_page},
};
use crate::{Credentials, LoginError};

const PAGE_STEP: &str = "login page";
pub(super) const PASSWORD_STEP: &str = "password";
const FORM_STEP: &str = "login result";

/// The path for which the service sets its `_csrf` cookie.
const PASSWORD_PATH: &str = "/usernamepassword/login";

/// What the login page gives for the password's request.
struct Transaction {
    page: Url,
    /// Auth0's own state, which replaces ours until the very last redirect.
    state: SecretString,
    csrf: SecretString,
}

/// Logs in; the result is the code for the token endpoint.
pub(super) async fn run(
    oauth: &OAuth,
    authorization: &Authorization,
    credentials: &Credentials,
) -> Result<SecretString, LoginError> {
    let mut browser = Browser::new(&oauth.http);
    let page = match browser.follow(PAGE_STEP, authorization.url.clone()).await? {
        End::Callback(callback) => return authorization.code(&callback),
        End::Page(page) => page,
    };
    let transaction = Transaction::read(oauth, &browser, &page)?;
    let answer = send_password(
        oauth,
        &mut browser,
        authorization,
        &transaction,
        credentials,
    )
    .await?;
    let answer = submit_form(oauth, &mut browser, answer).await?;
    match browser.go_on("redirects", answer).await? {
        End::Callback(callback) => authorization.code(&callback),
        End::Page(page) => Err(unexpected_page("redirects", &page)),
    }
}

impl Transaction {
    fn read(oauth: &OAuth, browser: &Browser<'_>, page: &Received) -> Result<Self, LoginError> {
        if page.status != 200 {
            return Err(refusal(PAGE_STEP, page));
        }
        let config = InjectedConfig::read(&page.body);
        let in_query = page.url.query_pairs().find(|(key, _)| key == "state");
        let state = in_query
            .map(|(_, state)| state.into_owned())
            .or(config.state);
        let cookie = browser
            .cookies
            .value(&oauth.address(PASSWORD_PATH), "_csrf");
        let csrf = cookie.map(str::to_owned).or(config.csrf);
        Ok(Transaction {
            page: page.url.clone(),
            state: found(state, "the page has no transaction state")?,
            csrf: found(csrf, "neither a cookie nor the page has `_csrf`")?,
        })
    }
}

fn found(text: Option<String>, missing: &str) -> Result<SecretString, LoginError> {
    let text = text.filter(|text| !text.is_empty());
    text.map(SecretString::from)
        .ok_or_else(|| changed(PAGE_STEP, missing))
}

async fn send_password(
    oauth: &OAuth,
    browser: &mut Browser<'_>,
    authorization: &Authorization,
    transaction: &Transaction,
    credentials: &Credentials,
) -> Result<Received, LoginError> {
    let body = json!({
        "client_id": WEB_CLIENT_ID,
        "redirect_uri": REDIRECT_URI,
        "tenant": TENANT,
        "response_type": "code",
        "protocol": "oauth2",
        "scope": SCOPE,
        "audience": AUDIENCE,
        "_csrf": transaction.csrf.expose_secret(),
        "state": transaction.state.expose_secret(),
        "_intstate": "deprecated",
        "nonce": authorization.nonce.expose_secret(),
        "username": credentials.username,
        "password": credentials.password.expose_secret(),
        "connection": CONNECTION,
        "code_challenge": authorization.code_challenge(),
        "code_challenge_method": "S256",
    });
    let url = oauth.address(PASSWORD_PATH);
    let origin = url.origin().ascii_serialization();
    let send = browser.send(PASSWORD_STEP, Method::POST, url, |request| {
        request
            .header(ORIGIN, origin)
            .header(REFERER, secret_header(transaction.page.as_str()))
            .header("Auth0-Client", AUTH0_CLIENT)
            .header(
                "X-Csrf-Token",
                secret_header(transaction.csrf.expose_secret()),
            )
            .json(&body)
    });
    send.await
}

/// A right password brings a form that a browser submits by itself, or a redirect at once.
async fn submit_form(
    oauth: &OAuth,
    browser: &mut Browser<'_>,
    answer: Received,
) -> Result<Received, LoginError> {
    if answer.status.is_redirection() {
        return Ok(answer);
    }
    if answer.status != 200 {
        return Err(refusal(PASSWORD_STEP, &answer));
    }
    let Some(form) = HiddenForm::read(&answer.body, &answer.url) else {
        return Err(without_form(&answer));
    };
    // The form holds the proof of the login: nobody else gets it.
    if form.action.origin() != oauth.base.origin() {
        return Err(changed(FORM_STEP, "the form is addressed to another host"));
    }
    let fields = form.fields;
    let send = browser.send(FORM_STEP, Method::POST, form.action, |request| {
        request.form(&fields)
    });
    let received = send.await?;
    match received.status.is_redirection() {
        true => Ok(received),
        false => Err(unexpected_page(FORM_STEP, &received)),
    }
}

/// An answer that asks for a code says so in plain words. The login page come back doesn't
/// count: its dictionary holds these words always.
fn without_form(answer: &Received) -> LoginError {
    let text = answer.body.to_lowercase();
    let asks = ["mfa", "verification", "verify", "one-time"]
        .iter()
        .any(|word| text.contains(word));
    if asks && !text.contains("injectedconfig") {
        return LoginError::VerificationNeeded;
    }
    match unexpected_page(PASSWORD_STEP, answer) {
        blocked @ LoginError::Blocked { .. } => blocked,
        _ => changed(
            PASSWORD_STEP,
            "the answer has no form with the login's result",
        ),
    }
}

fn changed(step: &'static str, reason: &str) -> LoginError {
    LoginError::PageChanged {
        step,
        reason: reason.to_owned(),
    }
}
