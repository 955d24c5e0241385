//! Settings of the client.

use std::time::Duration;

use url::{Host, Url};

use crate::{Error, Result, RetryConfig};

/// The login refuses clients that don't look like a browser, with the answer for a wrong
/// password; one value serves all steps and all calls.
pub const BROWSER_USER_AGENT: &str = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 \
     (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36";

/// How to talk to Peloton. [`ClientConfig::default`] is right for the real service.
#[derive(Debug, Clone)]
pub struct ClientConfig {
    /// Base of the API; https, or http on loopback.
    pub api_url: Url,
    /// Base of the login service; https, or http on loopback.
    pub auth_url: Url,
    /// Sent with every request.
    pub user_agent: String,
    /// Most requests started per second; `None` paces only after the service said 429.
    pub rate_per_second: Option<f64>,
    /// Most requests in flight.
    pub concurrency: usize,
    /// Per attempt.
    pub timeouts: Timeouts,
    /// When and how often to try again.
    pub retry: RetryConfig,
    /// Larger answers are refused with [`Error::TooLarge`], counted after decompression.
    pub max_body_bytes: usize,
}

/// Time-outs of one attempt.
#[derive(Debug, Clone)]
pub struct Timeouts {
    /// Until the connection stands.
    pub connect: Duration,
    /// Between two pieces of an answer.
    pub idle: Duration,
    /// For the whole attempt.
    pub total: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Timeouts {
            connect: Duration::from_secs(10),
            idle: Duration::from_secs(30),
            total: Duration::from_secs(120),
        }
    }
}

impl Default for ClientConfig {
    fn default() -> Self {
        ClientConfig {
            api_url: constant_url("https://api.onepeloton.com"),
            auth_url: constant_url("https://auth.onepeloton.com"),
            user_agent: BROWSER_USER_AGENT.to_owned(),
            rate_per_second: Some(3.0),
            concurrency: 4,
            timeouts: Timeouts::default(),
            retry: RetryConfig::default(),
            max_body_bytes: 32 << 20,
        }
    }
}

fn constant_url(url: &str) -> Url {
    Url::parse(url).expect("the constant is a URL")
}

impl ClientConfig {
    /// A reqwest client for one base address: no redirects, no cookie store, no proxy on
    /// loopback.
    pub(crate) fn http(&self, base: &Url) -> Result<reqwest::Client> {
        check_address(base)?;
        let mut builder = reqwest::Client::builder()
            .user_agent(&self.user_agent)
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(self.timeouts.connect)
            .read_timeout(self.timeouts.idle)
            .timeout(self.timeouts.total)
            .pool_max_idle_per_host(self.concurrency);
        if is_loopback(base) {
            builder = builder.no_proxy();
        }
        builder.build().map_err(Error::Setup)
    }
}

/// A token must not travel in the clear: https, or http that stays on this machine.
pub(crate) fn is_safe(url: &Url) -> bool {
    url.scheme() == "https" || (url.scheme() == "http" && is_loopback(url))
}

pub(crate) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

fn check_address(url: &Url) -> Result<()> {
    let reason = if url.cannot_be_a_base() || url.host().is_none() {
        "it names no host"
    } else if !is_safe(url) {
        "only https, or http on this machine"
    } else if url.query().is_some() || url.fragment().is_some() {
        "a base address has no query"
    } else {
        return Ok(());
    };
    Err(Error::Address {
        url: url.as_str().to_owned(),
        reason,
    })
}
