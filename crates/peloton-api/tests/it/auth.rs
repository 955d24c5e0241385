//! A login service on two hosts, as far as the client can see one.

use std::sync::{
    Arc, Mutex, OnceLock,
    atomic::{AtomicUsize, Ordering},
};

use base64::{Engine, engine::general_purpose::STANDARD};
use peloton_api::{ClientConfig, Credentials, LoginError, Tokens, oauth::OAuth};
use serde_json::json;
use url::Url;

use crate::service::{Reply, Seen, Service, quick};

/// Blanks at both ends, quotes, backslash, plus, percent, hash, umlaut: all of it counts.
pub(crate) const PASSWORD: &str = r##" a\b>+%41"é&=# "##;
pub(crate) const USERNAME: &str = "member@example.invalid";
pub(crate) const CSRF: &str = "csrf-of-the-page";
pub(crate) const TRANSACTION: &str = "transaction-state-of-auth0";
pub(crate) const CODE: &str = "code-of-this-login";

pub(crate) struct Auth {
    pub(crate) main: Service,
    pub(crate) other: Service,
    pub(crate) issued: Arc<AtomicUsize>,
}

#[derive(Default)]
struct Begun {
    state: Mutex<String>,
    challenge: Mutex<String>,
}

impl Auth {
    pub(crate) async fn start() -> Auth {
        Auth::with(|_| None).await
    }

    pub(crate) async fn with(
        quirk: impl Fn(&Seen) -> Option<Reply> + Send + Sync + 'static,
    ) -> Auth {
        let home: Arc<OnceLock<Url>> = Arc::default();
        let home_of_other = home.clone();
        let other = Service::start_on("127.0.0.2", move |seen| {
            let home = home_of_other.get().unwrap();
            match seen.path.as_str() {
                "/sso/login_site" => Reply::redirect("/sso/login_domain")
                    .with("Set-Cookie", "sites=of-orca; Path=/; Domain=127.0.0.2"),
                _ => Reply::redirect(home.join("/continue").unwrap().as_str()),
            }
        })
        .await;
        let (begun, issued) = (Begun::default(), Arc::new(AtomicUsize::new(0)));
        let (orca, count) = (other.url.join("/sso/login_site").unwrap(), issued.clone());
        let main = Service::start(move |seen| {
            quirk(seen).unwrap_or_else(|| usual(seen, &begun, &orca, &count))
        })
        .await;
        home.set(main.url.clone()).unwrap();
        Auth {
            main,
            other,
            issued,
        }
    }

    pub(crate) fn config(&self) -> ClientConfig {
        ClientConfig {
            auth_url: self.main.url.clone(),
            ..quick()
        }
    }

    pub(crate) fn oauth(&self) -> OAuth {
        OAuth::new(&self.config()).unwrap()
    }

    pub(crate) async fn login(&self) -> Result<Tokens, LoginError> {
        self.oauth().login(&credentials()).await
    }
}

pub(crate) fn credentials() -> Credentials {
    Credentials {
        username: USERNAME.to_owned(),
        password: PASSWORD.into(),
    }
}

fn usual(seen: &Seen, begun: &Begun, orca: &Url, issued: &AtomicUsize) -> Reply {
    match (seen.method.as_str(), seen.path.as_str()) {
        ("GET", "/authorize") => {
            *begun.state.lock().unwrap() = seen.query["state"].clone();
            *begun.challenge.lock().unwrap() = seen.query["code_challenge"].clone();
            let location = format!("/login?state={TRANSACTION}&client=x");
            Reply::redirect(&location).with("Set-Cookie", "did=of-auth; Path=/; HttpOnly")
        }
        ("GET", "/login") => login_page().with(
            "Set-Cookie",
            &format!("_csrf={CSRF}; Path=/usernamepassword/login; Secure"),
        ),
        ("POST", "/usernamepassword/login") => check_password(seen),
        ("POST", "/login/callback") => check_form(seen),
        ("GET", "/authorize/resume") if seen.nth == 0 => Reply::redirect(orca.as_str()),
        ("GET", "/continue") => Reply::redirect("/authorize/resume"),
        ("GET", "/authorize/resume") => {
            let state = begun.state.lock().unwrap();
            Reply::redirect(&format!(
                "https://members.onepeloton.com/callback?code={CODE}&state={state}"
            ))
        }
        ("POST", "/oauth/token") => token(seen, issued),
        _ => Reply::new(404, "no such page"),
    }
}

pub(crate) fn login_page() -> Reply {
    let config = json!({"internalOptions": {"_csrf": CSRF, "state": TRANSACTION}}).to_string();
    let config = STANDARD.encode(config);
    Reply::new(
        200,
        format!(
            "<html><title>Log in | Peloton</title><script>window.injectedConfig = \
             window.injectedConfig || \"{config}\";\nvar words = {{verify: \"mfa\"}}</script>"
        ),
    )
}

fn check_password(seen: &Seen) -> Reply {
    let body = seen.json();
    if !seen.header("user-agent").starts_with("Mozilla/") || body["password"] != PASSWORD {
        return Reply::new(401, r#"{"code":"invalid_user_password"}"#);
    }
    if body["state"] != TRANSACTION {
        let refusal = json!({"name": "AnomalyDetected", "code": "access_denied",
            "description": "Invalid state"});
        return Reply::new(403, refusal.to_string());
    }
    let cookies = seen.header("cookie");
    assert_eq!(body["_csrf"], CSRF);
    assert!(cookies.contains(&format!("_csrf={CSRF}")) && cookies.contains("did=of-auth"));
    Reply::new(
        200,
        "<form method=\"post\" name=\"hiddenform\" action=\"/login/callback\">\
         <input type=\"hidden\" name=\"wa\" value=\"wsignin1.0\">\
         <input type=\"hidden\" name=\"wresult\" value=\"proof-of-the-login\">\
         <input type=\"hidden\" name=\"wctx\" value=\"{&#34;a&#34;:&#34;b&amp;c&#34;}\">\
         <noscript><input type=\"submit\" value=\"Submit\"></noscript></form>",
    )
}

fn check_form(seen: &Seen) -> Reply {
    let fields: Vec<(String, String)> = url::form_urlencoded::parse(seen.body.as_bytes())
        .into_owned()
        .collect();
    let field = |name: &str| {
        fields
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, v)| v.as_str())
    };
    assert_eq!(field("wctx"), Some(r#"{"a":"b&c"}"#));
    assert_eq!(field("wresult"), Some("proof-of-the-login"));
    Reply::redirect("/authorize/resume?state=next")
}

/// Issues `access-1` with `refresh-1`, then `access-2` …; only the newest refresh token works.
fn token(seen: &Seen, issued: &AtomicUsize) -> Reply {
    let body = seen.json();
    let newest = format!("refresh-{}", issued.load(Ordering::SeqCst));
    let granted = match body["grant_type"].as_str().unwrap() {
        "authorization_code" => body["code"] == CODE && body["code_verifier"].is_string(),
        "refresh_token" => body["refresh_token"] == newest.as_str(),
        "password" => body["password"] == PASSWORD,
        _ => false,
    };
    if !granted {
        return Reply::new(403, r#"{"error":"invalid_grant","error_description":"no"}"#);
    }
    let n = issued.fetch_add(1, Ordering::SeqCst) + 1;
    Reply::json(&json!({
        "access_token": format!("access-{n}"), "refresh_token": format!("refresh-{n}"),
        "expires_in": 172_800, "token_type": "Bearer",
    }))
}
