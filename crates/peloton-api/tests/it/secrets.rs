use std::{
    io::Write,
    sync::{Arc, Mutex},
};

use peloton_api::{Client, ClientConfig, TokenProvider, TokenStore};
use secrecy::ExposeSecret;
use serde_json::json;
use tracing_subscriber::fmt::MakeWriter;

use crate::{
    auth::{Auth, CODE, CSRF, PASSWORD, TRANSACTION, credentials},
    service::{Reply, Service, quick},
};

#[derive(Clone, Default)]
struct Captured(Arc<Mutex<Vec<u8>>>);

impl Write for Captured {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Captured {
    type Writer = Captured;

    fn make_writer(&'a self) -> Captured {
        self.clone()
    }
}

/// A login, requests, renewals and refusals; gives the service and all that can be shown.
async fn everything() -> (Auth, String) {
    let auth = Auth::start().await;
    let api = Service::start(|seen| match seen.nth {
        0 => Reply::new(401, "{}"),
        1 => Reply::new(500, "{}"),
        _ => Reply::json(&json!({"id": "ada", "email": "in-the-body"})),
    })
    .await;
    let folder = tempfile::tempdir().unwrap();
    let store = TokenStore::new(folder.path().join("credentials.toml"));
    let oauth = auth.oauth();
    let tokens = oauth.login(&credentials()).await.unwrap();
    store.save(&tokens).unwrap();
    let provider = TokenProvider::stored(store.clone(), oauth.clone(), Some(credentials()));
    let config = ClientConfig {
        api_url: api.url.clone(),
        ..quick()
    };
    let client = Client::new(config, provider.clone()).unwrap();
    client.me().await.unwrap();
    let renewed = store.load().unwrap().unwrap();
    assert_eq!(renewed.access_token.expose_secret(), "access-2");
    let error = oauth.refresh(&"refresh-1".into(), "x").await.unwrap_err();

    let shown = format!(
        "{provider:?} {client:?} {oauth:?} {tokens:?} {:?} {error} {error:?} {store:?}",
        credentials(),
    );
    (auth, shown)
}

/// With everything traced, of us and of all below us.
#[tokio::test]
async fn no_secret_is_in_any_output() {
    // Places that log are known to a subscriber that comes after them, whatever other tests do.
    everything().await;
    let captured = Captured::default();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(captured.clone())
        .finish();
    let _guard = tracing::subscriber::set_default(subscriber);

    let (auth, shown) = everything().await;
    let log = String::from_utf8_lossy(&captured.0.lock().unwrap()).into_owned();
    assert!(
        log.contains("/api/me") && log.contains("login step"),
        "the log was not captured"
    );
    for seen in auth.main.seen() {
        let verifier = serde_json::from_str::<serde_json::Value>(&seen.body).unwrap_or_default();
        if let Some(verifier) = verifier["code_verifier"].as_str() {
            assert!(!log.contains(verifier));
        }
        if let Some(state) = seen.query.get("state") {
            assert!(!log.contains(state.as_str()));
        }
    }
    let secrets = [
        PASSWORD,
        r"a\\b>+%41",
        "access-1",
        "access-2",
        "refresh-1",
        "refresh-2",
        CODE,
        CSRF,
        TRANSACTION,
        "proof-of-the-login",
        "of-auth",
        "of-orca",
        "in-the-body",
    ];
    for secret in secrets {
        assert!(!log.contains(secret), "`{secret}` is in the log");
        assert!(!shown.contains(secret), "`{secret}` is shown");
    }
}
