//! Tokens: what they are, the file that keeps them, and who renews them.

mod provider;
mod store;

use jiff::{Span, Timestamp};
use secrecy::{ExposeSecret, SecretString};

use crate::oauth::jwt::Claims;

pub use provider::{Credentials, TokenProvider};
pub use store::{StoreLock, TokenStore};

/// What a login brings. Secrets are not shown by `Debug`.
#[derive(Debug, Clone)]
pub struct Tokens {
    /// The bearer of API calls.
    pub access_token: SecretString,
    /// Good for one renewal; absent for a pasted bearer.
    pub refresh_token: Option<SecretString>,
    /// Which client the tokens were issued to; a renewal must name the same.
    pub client_id: String,
    /// When they were issued.
    pub obtained_at: Timestamp,
    /// When the access token ends, as far as known.
    pub expires_at: Option<Timestamp>,
    /// Whose tokens they are: a hint from the token, not verified.
    pub user_id: Option<String>,
}

impl Tokens {
    /// Tokens as issued now; what the service didn't say is read from the access token.
    pub(crate) fn issued(
        access_token: SecretString,
        refresh_token: Option<SecretString>,
        client_id: &str,
        expires_in: Option<i64>,
    ) -> Self {
        let claims = Claims::read(access_token.expose_secret());
        let obtained_at = Timestamp::now();
        let by_lifetime = expires_in.and_then(|seconds| {
            obtained_at
                .checked_add(Span::new().try_seconds(seconds).ok()?)
                .ok()
        });
        Tokens {
            access_token,
            refresh_token,
            client_id: client_id.to_owned(),
            obtained_at,
            expires_at: by_lifetime.or(claims.expires_at),
            user_id: claims.user_id,
        }
    }

    /// Whether the access token is over at `now`.
    pub fn is_expired(&self, now: Timestamp) -> bool {
        self.expires_at.is_some_and(|expires_at| expires_at <= now)
    }

    /// Whether it is time for a renewal: five minutes before the end, or in the last quarter
    /// of a life shorter than twenty minutes.
    pub fn wants_refresh(&self, now: Timestamp) -> bool {
        let Some(expires_at) = self.expires_at else {
            return false;
        };
        let life = expires_at.as_second() - self.obtained_at.as_second();
        let margin = (life / 4).clamp(0, 300);
        expires_at.as_second() - now.as_second() <= margin
    }
}
