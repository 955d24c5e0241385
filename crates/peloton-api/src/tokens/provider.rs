//! Who gives every request its bearer, and renews it in time.

use std::{sync::Arc, time::Duration};

use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};
use tokio::{
    sync::{Mutex, OwnedMutexGuard},
    time::Instant,
};

use crate::{Error, LoginError, Result, StoreLock, TokenStore, Tokens, oauth::OAuth};

/// A renewal that failed for a passing reason is not tried more often than this while the old
/// token still works.
const RENEWAL_PAUSE: Duration = Duration::from_secs(60);
/// A token this young that is refused for the first time gets a second chance: the refusal is
/// more likely a hiccup of the service than a reason to use up the refresh token.
const YOUNG: Duration = Duration::from_secs(30);

/// User name and password, for a login without a person.
#[derive(Debug, Clone)]
pub struct Credentials {
    /// User name or e-mail address.
    pub username: String,
    /// The password, every blank of it.
    pub password: SecretString,
}

/// Gives out the bearer. Clones share it, and only one of them renews at a time.
#[derive(Debug, Clone)]
pub struct TokenProvider {
    source: Arc<Source>,
}

#[derive(Debug)]
enum Source {
    Bearer(SecretString),
    Stored(Arc<Stored>),
}

#[derive(Debug)]
struct Stored {
    store: TokenStore,
    oauth: OAuth,
    credentials: Option<Credentials>,
    state: Arc<Mutex<State>>,
}

#[derive(Debug, Default)]
struct State {
    tokens: Option<Tokens>,
    login_spent: bool,
    renewed_at: Option<Instant>,
    not_before: Option<Instant>,
}

impl State {
    /// The old token still works, so the renewal may wait.
    fn go_on(&mut self, error: &dyn std::fmt::Display) {
        tracing::warn!(%error, "token renewal failed, the old token still works");
        self.not_before = Some(Instant::now() + RENEWAL_PAUSE);
    }
}

impl TokenProvider {
    /// A bearer given from outside; it is used as it is and never stored or renewed.
    pub fn bearer(token: SecretString) -> Self {
        TokenProvider {
            source: Arc::new(Source::Bearer(token)),
        }
    }

    /// Tokens of a credentials file: the stored access token, then a renewal, then, with
    /// `credentials`, one login. What is new is on disk before it is used.
    pub fn stored(store: TokenStore, oauth: OAuth, credentials: Option<Credentials>) -> Self {
        let state = Arc::default();
        let stored = Stored {
            store,
            oauth,
            credentials,
            state,
        };
        TokenProvider {
            source: Arc::new(Source::Stored(Arc::new(stored))),
        }
    }

    /// A bearer that should work now.
    ///
    /// # Errors
    /// [`Error::Unauthorized`] when only a person can help, [`Error::Store`],
    /// [`Error::Login`].
    pub async fn access_token(&self) -> Result<SecretString> {
        match &*self.source {
            Source::Bearer(token) => Ok(token.clone()),
            Source::Stored(stored) => stored.access_token().await,
        }
    }

    /// Waits until no renewal is under way.
    pub(crate) async fn finish_renewal(&self) {
        if let Source::Stored(stored) = &*self.source {
            drop(stored.state().await);
        }
    }

    /// The bearer to go on with after the service refused `refused`, for the `nth` time in one
    /// request. Of many requests that were refused with the same token, the first one renews
    /// and the others take its result.
    pub(crate) async fn after_refusal(
        &self,
        refused: &SecretString,
        nth: u32,
    ) -> Result<SecretString> {
        match &*self.source {
            Source::Bearer(token) if nth == 1 => Ok(token.clone()),
            Source::Bearer(_) => Err(unauthorized("the given bearer token was refused")),
            Source::Stored(_) if nth > 2 => Err(unauthorized("even a new token was refused")),
            Source::Stored(stored) => stored.after_refusal(refused, nth == 1).await,
        }
    }
}

impl Stored {
    async fn access_token(self: &Arc<Self>) -> Result<SecretString> {
        let mut state = self.state().await;
        if state.tokens.is_none() {
            state.tokens = self.store.load()?;
        }
        if let Some(tokens) = &state.tokens {
            let now = Timestamp::now();
            let paused = state.not_before.is_some_and(|until| Instant::now() < until);
            if !tokens.wants_refresh(now) || (paused && !tokens.is_expired(now)) {
                return Ok(tokens.access_token.clone());
            }
        }
        self.renew(state, None).await
    }

    async fn after_refusal(
        self: &Arc<Self>,
        refused: &SecretString,
        first: bool,
    ) -> Result<SecretString> {
        let state = self.state().await;
        let young = state
            .renewed_at
            .is_some_and(|renewed_at| renewed_at.elapsed() < YOUNG);
        match &state.tokens {
            Some(tokens) if !same(&tokens.access_token, refused) || (first && young) => {
                Ok(tokens.access_token.clone())
            }
            _ => self.renew(state, Some(refused)).await,
        }
    }

    async fn state(&self) -> OwnedMutexGuard<State> {
        Arc::clone(&self.state).lock_owned().await
    }

    /// Goes on to its end also where nobody waits for it any more: a refresh token is good for one
    /// use, and what comes for it has to be kept.
    async fn renew(
        self: &Arc<Self>,
        mut state: OwnedMutexGuard<State>,
        refused: Option<&SecretString>,
    ) -> Result<SecretString> {
        let (stored, refused) = (Arc::clone(self), refused.cloned());
        let renewal =
            tokio::spawn(async move { stored.renewed(&mut state, refused.as_ref()).await });
        let renewed = renewal.await;
        renewed.unwrap_or_else(|_| Err(unauthorized("the renewal of the login broke off")))
    }

    /// One process at a time comes here; what another one has written meanwhile is taken over,
    /// because the service revokes everything when a used refresh token comes again.
    async fn renewed(
        &self,
        state: &mut State,
        refused: Option<&SecretString>,
    ) -> Result<SecretString> {
        // Without a login and without anybody who could log in there is nothing to take turns for, and the
        // folder of the lock may not be there yet.
        let has_nothing = state.tokens.is_none() && self.credentials.is_none();
        if has_nothing && self.store.load()?.is_none() {
            return Err(unauthorized("there is no stored login"));
        }
        let place = self.lock().await;
        let place = place.and_then(|lock| self.store.check_writable().map(|()| lock));
        let _lock = match place {
            Ok(lock) => lock,
            Err(error) => return without_a_place(state, refused, error),
        };
        let on_disk = self.store.load()?;
        let now = Timestamp::now();
        let fresh = on_disk.as_ref().filter(|tokens| {
            !tokens.wants_refresh(now) && refused.is_none_or(|old| !same(&tokens.access_token, old))
        });
        let tokens = match (fresh, on_disk.as_ref()) {
            (Some(fresh), _) => fresh.clone(),
            (None, Some(old)) => self.refresh_or_login(state, old, refused.is_some()).await?,
            (None, None) => self.login(state, "there is no stored login").await?,
        };
        let access_token = tokens.access_token.clone();
        state.tokens = Some(tokens);
        Ok(access_token)
    }

    async fn refresh_or_login(
        &self,
        state: &mut State,
        old: &Tokens,
        refused: bool,
    ) -> Result<Tokens> {
        let usable = !refused && !old.is_expired(Timestamp::now());
        let Some(refresh_token) = &old.refresh_token else {
            return match usable {
                true => Ok(old.clone()),
                false => self.login(state, "the stored token has ended").await,
            };
        };
        match self.oauth.refresh(refresh_token, &old.client_id).await {
            Ok(mut new) => {
                // An answer without a refresh token leaves the old one valid.
                new.refresh_token = new.refresh_token.or_else(|| old.refresh_token.clone());
                new.user_id = new.user_id.or_else(|| old.user_id.clone());
                self.keep(state, new)
            }
            Err(LoginError::InvalidGrant) => {
                self.login(state, "the stored login has expired or was revoked")
                    .await
            }
            Err(error) if usable => {
                state.go_on(&error);
                Ok(old.clone())
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Logs in by password, once in the life of the provider: every failed try counts towards
    /// the lock of the account.
    async fn login(&self, state: &mut State, reason: &str) -> Result<Tokens> {
        let credentials = self.credentials.as_ref().filter(|_| !state.login_spent);
        let Some(credentials) = credentials else {
            return Err(unauthorized(reason));
        };
        state.login_spent = true;
        let tokens = self.oauth.login(credentials).await?;
        self.keep(state, tokens)
    }

    fn keep(&self, state: &mut State, tokens: Tokens) -> Result<Tokens> {
        self.store.save(&tokens)?;
        state.not_before = None;
        state.renewed_at = Some(Instant::now());
        Ok(tokens)
    }

    async fn lock(&self) -> Result<StoreLock> {
        let store = self.store.clone();
        let locked = tokio::task::spawn_blocking(move || store.lock()).await;
        locked.unwrap_or_else(|_| Err(unauthorized("the wait for the credentials file broke off")))
    }
}

/// A new token could not be kept, so none is asked for; an old one may still do.
fn without_a_place(
    state: &mut State,
    refused: Option<&SecretString>,
    error: Error,
) -> Result<SecretString> {
    let usable = state
        .tokens
        .as_ref()
        .filter(|tokens| refused.is_none() && !tokens.is_expired(Timestamp::now()));
    let Some(token) = usable.map(|tokens| tokens.access_token.clone()) else {
        return Err(error);
    };
    state.go_on(&error);
    Ok(token)
}

fn same(a: &SecretString, b: &SecretString) -> bool {
    a.expose_secret() == b.expose_secret()
}

fn unauthorized(reason: &str) -> Error {
    Error::Unauthorized {
        reason: reason.to_owned(),
    }
}
