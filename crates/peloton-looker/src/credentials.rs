//! Where tokens and passwords come from, in order: what was given, what is stored, what the
//! environment has.

use anyhow::{Context as _, Result};
use peloton_api::oauth::OAuth;
use peloton_api::{Client, ClientConfig, Credentials, TokenProvider, TokenStore};
use secrecy::SecretString;

use crate::config::{Config, variable};
use crate::keyring::Keyring;

/// How fast and how much at once.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pace {
    /// None: as fast as it goes.
    pub(crate) rate: Option<f64>,
    pub(crate) concurrency: usize,
}

impl Pace {
    /// Flag, then setting, then default.
    pub(crate) fn resolve(config: &Config, rate: Option<f64>, concurrency: Option<u16>) -> Self {
        let rate = rate.or(config.settings.rate).unwrap_or(3.0);
        let concurrency = concurrency.or(config.settings.concurrency).unwrap_or(4);
        Self {
            rate: (rate > 0.0).then_some(rate),
            concurrency: concurrency.max(1).into(),
        }
    }
}

/// The client's settings for this profile.
pub(crate) fn client_config(config: &Config, pace: Pace) -> ClientConfig {
    ClientConfig {
        api_url: config.api_url.clone(),
        auth_url: config.auth_url.clone(),
        rate_per_second: pace.rate,
        concurrency: pace.concurrency,
        ..ClientConfig::default()
    }
}

/// A client for commands that only read: where nothing is stored it logs in, and stores nothing.
pub(crate) async fn reading_client(config: &Config, pace: Pace) -> Result<Client> {
    let is_stored = store(config).load().is_ok_and(|tokens| tokens.is_some());
    let needs_login = !is_stored && given().is_none();
    let Some(credentials) = from_environment().filter(|_| needs_login) else {
        return connect(config, pace);
    };
    let client_config = client_config(config, pace);
    let tokens = OAuth::new(&client_config)?.login(&credentials).await?;
    Ok(Client::new(
        client_config,
        TokenProvider::bearer(tokens.access_token),
    )?)
}

/// A client that logs in by itself when the environment has user name and password. Finds out first
/// whether it could store what it would get.
pub(crate) fn client(config: &Config, pace: Pace) -> Result<Client> {
    if given().is_none() {
        let store = store(config);
        store
            .check_writable()
            .context("a renewed token could not be stored")?;
        if let Some(mode) = store.wider_mode()? {
            let path = store.path().display();
            let mode = mode & 0o777;
            tracing::warn!("others can read `{path}` (mode {mode:o}): run `chmod 600 {path}`");
        }
    }
    connect(config, pace)
}

fn connect(config: &Config, pace: Pace) -> Result<Client> {
    let client_config = client_config(config, pace);
    let tokens = match given() {
        Some(token) => TokenProvider::bearer(token),
        None => {
            let oauth = OAuth::new(&client_config)?;
            TokenProvider::stored(store(config), oauth, without_a_person(config))
        }
    };
    Ok(Client::new(client_config, tokens)?)
}

/// The bearer token of the environment.
fn given() -> Option<SecretString> {
    let token = variable("PELOTON_BEARER_TOKEN")?;
    Some(SecretString::from(token.trim().to_owned()))
}

/// User name and password for a login by itself: those of the environment, then those that
/// `login --remember` put into the keyring.
pub(crate) fn without_a_person(config: &Config) -> Option<Credentials> {
    if let Some(credentials) = from_environment() {
        return Some(credentials);
    }
    let recalled = Keyring::of(&config.profile).and_then(|keyring| match keyring {
        Some(keyring) => keyring.recall(),
        None => Ok(None),
    });
    // Tokens that are stored may do without it, as under cron, where no keyring is open.
    recalled.unwrap_or_else(|error| {
        tracing::warn!("{error:#}; going on without the remembered password");
        None
    })
}

pub(crate) fn store(config: &Config) -> TokenStore {
    TokenStore::new(config.profile.credentials())
}

/// `PELOTON_USERNAME` and `PELOTON_PASSWORD`; else the pair of the Python project, whose `USERNAME`
/// some systems set by themselves, so its `PASSWORD` decides.
pub(crate) fn from_environment() -> Option<Credentials> {
    let (username, password) = match variable("PELOTON_USERNAME") {
        Some(username) => (username, variable("PELOTON_PASSWORD")?),
        None => (variable("USERNAME")?, variable("PASSWORD")?),
    };
    Some(Credentials {
        username,
        password: SecretString::from(password),
    })
}
