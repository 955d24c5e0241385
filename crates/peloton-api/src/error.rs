//! What can go wrong, sorted by what the caller can do about it.

use std::path::PathBuf;

use bytes::Bytes;
use jiff::Timestamp;

use crate::Endpoint;

/// The result of everything in this crate except the login.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a request brought no answer.
///
/// Only [`Error::Exhausted`] and [`Error::TooLarge`] concern a single item; after any other
/// error the next request would fail as well.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Peloton no longer takes the token and there is no way to get another: log in again.
    #[error("login needed: {reason}")]
    Unauthorized {
        /// Why, in words for the person.
        reason: String,
    },
    /// The circuit breaker is open: nothing is sent until `retry_at`.
    #[error("rate limited, come back at {retry_at:.0}")]
    RateLimited {
        /// When requests are worth a try again.
        retry_at: Timestamp,
    },
    /// No connection came about, in several tries.
    #[error("cannot connect to `{host}`{}", via(.proxy.as_deref()))]
    Unreachable {
        /// Host (and port) of the service.
        host: String,
        /// The proxy that was in between and the variable that named it.
        proxy: Option<String>,
        /// What the connector said.
        #[source]
        source: reqwest::Error,
    },
    /// The tries for this one item are used up.
    #[error("gave up on `{url}` ({}): {reason}", endpoint.as_str())]
    Exhausted {
        /// What was asked.
        endpoint: Endpoint,
        /// The item's id, as in [`Answer::key`](crate::Answer::key).
        key: String,
        /// Path and query.
        url: String,
        /// Status of the last try, if there was an answer.
        status: Option<u16>,
        /// What was wrong with the last try.
        reason: String,
        /// Body of the last try, as far as it came.
        body: Option<Bytes>,
    },
    /// The answer is larger than [`ClientConfig::max_body_bytes`](crate::ClientConfig); its
    /// body was not kept.
    #[error("the answer to `{url}` is larger than {limit} bytes")]
    TooLarge {
        /// What was asked.
        endpoint: Endpoint,
        /// The item's id.
        key: String,
        /// Path and query.
        url: String,
        /// The limit in bytes.
        limit: usize,
    },
    /// A login that was started on the way failed.
    #[error("login failed")]
    Login(#[from] LoginError),
    /// The credentials file can't be read or written.
    #[error("credentials file `{}`: {action}", path.display())]
    Store {
        /// The file.
        path: PathBuf,
        /// What was tried, as in "cannot write".
        action: &'static str,
        /// Why not.
        #[source]
        source: std::io::Error,
    },
    /// The credentials file is there but isn't ours to understand.
    #[error("credentials file `{}` is damaged: {reason}", path.display())]
    StoreDamaged {
        /// The file.
        path: PathBuf,
        /// What the reader said, without the file's content.
        reason: String,
    },
    /// A base URL or path that can't be used.
    #[error("unusable address `{url}`: {reason}")]
    Address {
        /// As given.
        url: String,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// The HTTP client could not be made, for example for want of root certificates.
    #[error("cannot set up the HTTP client")]
    Setup(#[source] reqwest::Error),
}

fn via(proxy: Option<&str>) -> String {
    proxy.map_or_else(String::new, |proxy| format!(" through the proxy {proxy}"))
}

/// Why a login did not succeed. No variant is retried by this crate.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LoginError {
    /// User name or password are wrong.
    #[error("Peloton refused the user name or password")]
    WrongPassword,
    /// The account asks for a further step that only a browser can do.
    #[error("Peloton asks for a verification step; log in with the browser: --paste-callback")]
    VerificationNeeded,
    /// The account or the address is blocked for a while.
    #[error("too many login attempts; do not try again before {retry_at:.0}")]
    TooManyAttempts {
        /// The earliest time that makes sense.
        retry_at: Timestamp,
    },
    /// Cloudflare answered in place of Peloton.
    #[error("Cloudflare blocks this address for now; do not try again before {retry_at:.0}")]
    Blocked {
        /// The earliest time that makes sense.
        retry_at: Timestamp,
    },
    /// Something on the way looks different from what is known.
    #[error(
        "Peloton's login page has changed (step `{step}`: {reason}); \
         try --paste-token or --paste-callback"
    )]
    PageChanged {
        /// Which step of the login.
        step: &'static str,
        /// What was missing.
        reason: String,
    },
    /// The login that ended in autumn 2025.
    #[error("this login endpoint no longer accepts requests; use the current login address")]
    EndpointClosed,
    /// The answer belongs to another login.
    #[error("the callback belongs to another login attempt; start again")]
    StateMismatch,
    /// Peloton sent an error instead of a code to the callback address.
    #[error("Peloton ended the login: `{error}`{}", colon(.description))]
    Denied {
        /// Short code.
        error: String,
        /// Its explanation, often empty.
        description: String,
    },
    /// The refresh token is used up, revoked or too old: log in again.
    #[error("the stored login has expired or was revoked")]
    InvalidGrant,
    /// The token endpoint refused for another reason.
    #[error("the token endpoint answered {status} `{error}`{}", colon(.description))]
    TokenEndpoint {
        /// HTTP status.
        status: u16,
        /// Short code, empty if the answer had none.
        error: String,
        /// Its explanation, often empty.
        description: String,
    },
    /// What was pasted can't be used.
    #[error("cannot use what was pasted: {reason}")]
    Pasted {
        /// What is wrong with it.
        reason: &'static str,
    },
    /// An address on the way is neither https nor on this machine.
    #[error("refused to follow the login to `{target}`")]
    UnsafeRedirect {
        /// Scheme and host only.
        target: String,
    },
    /// More redirects than any login needs.
    #[error("the login went round in circles ({hops} redirects)")]
    RedirectLoop {
        /// How many were followed.
        hops: usize,
    },
    /// No connection, a time-out, or an answer cut short.
    #[error("cannot reach `{host}` at step `{step}`")]
    Network {
        /// Which step of the login.
        step: &'static str,
        /// Host of the step.
        host: String,
        /// What the HTTP client said.
        #[source]
        source: reqwest::Error,
    },
    /// The login service is out of order: try later.
    #[error("Peloton's login service answered {status} at step `{step}`; try again later")]
    Unavailable {
        /// Which step of the login.
        step: &'static str,
        /// HTTP status.
        status: u16,
    },
}

fn colon(description: &str) -> String {
    if description.is_empty() {
        String::new()
    } else {
        format!(": {description}")
    }
}
