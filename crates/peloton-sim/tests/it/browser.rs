//! A browser that does nothing by itself: it keeps cookies by host and path and follows no redirect.

use std::collections::HashMap;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use peloton_sim::Sim;
use reqwest::header::{CONTENT_TYPE, COOKIE, LOCATION, SET_COOKIE, USER_AGENT};
use reqwest::{RequestBuilder, Response, StatusCode};
use scraper::{Html, Selector};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use url::Url;

pub(crate) const CLIENT: &str = "WVoJxVDdPoFx4RNewvvg6ch2mZ7bwnsM";
pub(crate) const REDIRECT: &str = "https://members.onepeloton.com/callback";
pub(crate) const VERIFIER: &str = "a-code-verifier-of-more-than-forty-three-characters";
pub(crate) const OWN_STATE: &str = "state of the client";
const HOPS: usize = 12;

/// Names with values, as a query or a form has them.
pub(crate) type Fields = Vec<(String, String)>;

#[derive(Debug)]
pub(crate) struct Browser {
    http: reqwest::Client,
    pub(crate) agent: &'static str,
    pub(crate) cookies: Vec<Cookie>,
}

#[derive(Debug, Clone)]
pub(crate) struct Cookie {
    pub(crate) host: String,
    pub(crate) path: String,
    pub(crate) pair: String,
}

/// What the login page says to those who look closely.
#[derive(Debug)]
pub(crate) struct Page {
    pub(crate) url: Url,
    pub(crate) text: String,
    pub(crate) state: String,
    pub(crate) csrf: String,
}

impl Browser {
    pub(crate) fn new() -> Self {
        let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none());
        Self {
            http: http.build().expect("a client"),
            agent: "Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101 Firefox/140.0",
            cookies: Vec::new(),
        }
    }

    pub(crate) async fn get(&mut self, url: &Url) -> Response {
        let request = self.http.get(url.clone());
        self.send(request, url).await
    }

    pub(crate) async fn post(&mut self, url: &Url, form: &Fields) -> Response {
        let request = self.http.post(url.clone()).form(form);
        self.send(request, url).await
    }

    pub(crate) async fn post_json(&mut self, url: &Url, form: &Fields) -> Response {
        let form: HashMap<&String, &String> =
            form.iter().map(|(name, text)| (name, text)).collect();
        let request = self.http.post(url.clone()).json(&form);
        self.send(request, url).await
    }

    async fn send(&mut self, request: RequestBuilder, url: &Url) -> Response {
        let host = url.host_str().expect("a host").to_owned();
        let pairs: Vec<&str> = self
            .cookies
            .iter()
            .filter(|cookie| cookie.host == host && url.path().starts_with(&cookie.path))
            .map(|cookie| cookie.pair.as_str())
            .collect();
        let request = request
            .header(USER_AGENT, self.agent)
            .header(COOKIE, pairs.join("; "));
        let response = request.send().await.expect("an answer");
        for value in response.headers().get_all(SET_COOKIE) {
            let text = value.to_str().expect("a cookie in ASCII");
            self.cookies.push(Cookie::parse(&host, text));
        }
        response
    }

    /// From /authorize to the login page.
    pub(crate) async fn open(&mut self, sim: &Sim) -> Page {
        let answer = self.get(&authorize_url(sim, &authorize_query())).await;
        assert_eq!(answer.status(), StatusCode::FOUND);
        let url = location(&answer);
        let text = self.get(&url).await.text().await.expect("a page");
        let config = injected_config(&text);
        let option = |name: &str| {
            let value = &config["internalOptions"][name];
            value.as_str().unwrap_or_default().to_owned()
        };
        Page {
            state: option("state"),
            csrf: option("_csrf"),
            url,
            text,
        }
    }

    /// Opens the login page and fills in the right name and password.
    pub(crate) async fn fill(&mut self, sim: &Sim) -> Fields {
        let page = self.open(sim).await;
        password_form(&page, &sim.account().username, &sim.account().password)
    }

    /// Posts name and password.
    pub(crate) async fn give(&mut self, sim: &Sim, form: &Fields) -> Response {
        let url = auth_url(sim, "/usernamepassword/login");
        self.post_json(&url, form).await
    }

    /// Submits the hidden form of the page that follows a good password.
    pub(crate) async fn submit(&mut self, page: &str) -> Response {
        let (action, fields) = hidden_form(page);
        self.post(&action, &fields).await
    }

    /// Follows redirects up to the redirect URI, which nobody fetches. Gives all that were seen.
    pub(crate) async fn follow(&mut self, mut answer: Response) -> Vec<Url> {
        let mut hops = Vec::new();
        while hops.len() < HOPS {
            assert!(answer.status().is_redirection(), "{}", answer.status());
            let next = location(&answer);
            hops.push(next.clone());
            if next.as_str().starts_with(REDIRECT) {
                return hops;
            }
            answer = self.get(&next).await;
        }
        panic!("the redirects do not end: {hops:?}");
    }

    /// The login up to the code.
    pub(crate) async fn code(&mut self, sim: &Sim) -> String {
        let form = self.fill(sim).await;
        let answer = self.give(sim, &form).await;
        let answer = self.submit(&answer.text().await.expect("a form")).await;
        let hops = self.follow(answer).await;
        query(hops.last().expect("a hop"), "code")
    }

    pub(crate) async fn exchange(&mut self, sim: &Sim, form: &Fields) -> (StatusCode, Value) {
        let answer = self.post_json(&auth_url(sim, "/oauth/token"), form).await;
        (answer.status(), answer.json().await.expect("JSON"))
    }

    /// The whole login.
    pub(crate) async fn log_in(&mut self, sim: &Sim) -> Value {
        let code = self.code(sim).await;
        let (status, tokens) = self.exchange(sim, &code_form(&code)).await;
        assert_eq!(status, StatusCode::OK, "{tokens}");
        tokens
    }
}

impl Cookie {
    fn parse(host: &str, text: &str) -> Self {
        let mut parts = text.split(';').map(str::trim);
        let pair = parts.next().unwrap_or_default().to_owned();
        let path = parts.find_map(|part| part.strip_prefix("Path="));
        Self {
            host: host.to_owned(),
            path: path.unwrap_or("/").to_owned(),
            pair,
        }
    }
}

/// Asks the API; the answer's status and its body, text where it is no JSON.
pub(crate) async fn ask(sim: &Sim, bearer: Option<&str>, path: &str) -> (StatusCode, Value) {
    let mut request = reqwest::Client::new()
        .get(format!("{}{path}", sim.api_url()))
        .header("Peloton-Platform", "web");
    if let Some(bearer) = bearer {
        request = request.bearer_auth(bearer);
    }
    let answer = request.send().await.expect("an answer");
    let status = answer.status();
    let text = answer.text().await.expect("a whole body");
    let body = serde_json::from_str(&text).unwrap_or_else(|_| json!(text));
    (status, body)
}

/// The short way to a bearer token.
pub(crate) async fn bearer(sim: &Sim) -> String {
    let form = fields(&[
        ("grant_type", "password"),
        ("client_id", "mgsmWCD0A8Qn6uz6mmqI6qeBNHH9IPwS"),
        ("username", &sim.account().username),
        ("password", &sim.account().password),
    ]);
    let (_, tokens) = Browser::new().exchange(sim, &form).await;
    text(&tokens, "access_token")
}

pub(crate) fn authorize_query() -> Fields {
    let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(VERIFIER));
    fields(&[
        ("client_id", CLIENT),
        ("audience", "https://api.onepeloton.com/"),
        ("scope", "offline_access openid peloton-api.members:default"),
        ("response_type", "code"),
        ("response_mode", "query"),
        ("redirect_uri", REDIRECT),
        ("state", OWN_STATE),
        ("nonce", "nonce"),
        ("code_challenge", &challenge),
        ("code_challenge_method", "S256"),
    ])
}

pub(crate) fn authorize_url(sim: &Sim, query: &Fields) -> Url {
    let mut url = auth_url(sim, "/authorize");
    url.query_pairs_mut().extend_pairs(query);
    url
}

pub(crate) fn password_form(page: &Page, username: &str, password: &str) -> Fields {
    fields(&[
        ("client_id", CLIENT),
        ("redirect_uri", REDIRECT),
        ("tenant", "peloton-prod"),
        ("response_type", "code"),
        ("connection", "pelo-user-password"),
        ("_csrf", &page.csrf),
        ("_intstate", "deprecated"),
        ("state", &page.state),
        ("username", username),
        ("password", password),
    ])
}

pub(crate) fn code_form(code: &str) -> Fields {
    fields(&[
        ("grant_type", "authorization_code"),
        ("client_id", CLIENT),
        ("code_verifier", VERIFIER),
        ("code", code),
        ("redirect_uri", REDIRECT),
    ])
}

pub(crate) fn refresh_form(token: &str) -> Fields {
    fields(&[
        ("grant_type", "refresh_token"),
        ("client_id", CLIENT),
        ("refresh_token", token),
    ])
}

pub(crate) fn fields(pairs: &[(&str, &str)]) -> Fields {
    pairs
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect()
}

/// The same fields with one value replaced.
pub(crate) fn with(fields: &Fields, name: &str, value: &str) -> Fields {
    let mut changed = fields.clone();
    let field = changed.iter_mut().find(|(field, _)| field == name);
    field.expect("a field of that name").1 = value.to_owned();
    changed
}

pub(crate) fn auth_url(sim: &Sim, path: &str) -> Url {
    Url::parse(&format!("{}{path}", sim.auth_url())).expect("an address")
}

pub(crate) fn location(answer: &Response) -> Url {
    let text = answer.headers()[LOCATION].to_str().expect("ASCII");
    answer.url().join(text).expect("an address")
}

pub(crate) fn query(url: &Url, name: &str) -> String {
    let mut pairs = url.query_pairs();
    let pair = pairs.find(|(key, _)| key == name);
    pair.expect("a parameter of that name").1.into_owned()
}

pub(crate) fn text(body: &Value, name: &str) -> String {
    body[name].as_str().expect("a text").to_owned()
}

pub(crate) fn content_type(answer: &Response) -> String {
    let value = answer.headers().get(CONTENT_TYPE);
    let value = value.and_then(|value| value.to_str().ok());
    value.unwrap_or_default().to_owned()
}

/// Null where the page has none.
pub(crate) fn injected_config(page: &str) -> Value {
    let Some((_, rest)) = page.split_once("window.injectedConfig || \"") else {
        return Value::Null;
    };
    let encoded = rest.split('"').next().unwrap_or_default();
    let decoded = STANDARD.decode(encoded).expect("base64");
    serde_json::from_slice(&decoded).expect("JSON")
}

/// Address and fields; the parser decodes the entities.
pub(crate) fn hidden_form(page: &str) -> (Url, Fields) {
    let page = Html::parse_document(page);
    let select = |selector: &str| Selector::parse(selector).expect("a selector");
    let (form, hidden) = (select("form"), select("input[type=hidden]"));
    let form = page.select(&form).next().expect("a form");
    let action = Url::parse(form.attr("action").unwrap_or_default()).expect("an address");
    let inputs = page.select(&hidden).map(|input| {
        let attribute = |name: &str| input.attr(name).unwrap_or_default().to_owned();
        (attribute("name"), attribute("value"))
    });
    let inputs = inputs.collect();
    (action, inputs)
}
