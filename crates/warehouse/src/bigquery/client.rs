//! The one road to BigQuery's REST interface: credentials, retries, Google's error bodies.

use std::sync::Arc;
use std::time::Duration;

use backon::{BackoffBuilder, ExponentialBuilder};
use google_cloud_auth::credentials::{Builder, CacheableResource, Credentials, anonymous};
use reqwest::header::HeaderMap;
use reqwest::{Method, RequestBuilder, Response};
use serde::de::DeserializeOwned;
use serde_json::Value;
use url::Url;

use super::error::Error;
use super::metadata::MetadataServer;

const HOST: &str = "https://bigquery.googleapis.com";
const SCOPE: &str = "https://www.googleapis.com/auth/bigquery";

/// Time for a token.
const TOKEN_TIMEOUT: Duration = Duration::from_secs(30);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(20);
/// Who waits longer is told for what.
const LONG_PAUSE: Duration = Duration::from_secs(3);

/// How requests are tried again, and how long anything is waited for.
#[derive(Debug, Clone, Copy)]
pub struct Retry {
    /// Pause before the second try; each further one is twice as long.
    pub first: Duration,
    /// The longest pause.
    pub longest: Duration,
    /// Tries after the first.
    pub count: usize,
    /// Without a byte of an answer for so long, a request is given up and tried again.
    pub silence: Duration,
    /// A load job that is not done after so long is given up.
    pub longest_job: Duration,
}

impl Default for Retry {
    fn default() -> Self {
        Self {
            first: Duration::from_secs(1),
            longest: Duration::from_secs(32),
            count: 5,
            silence: Duration::from_secs(60),
            longest_job: Duration::from_secs(3600),
        }
    }
}

impl Retry {
    pub(super) fn pauses(self) -> impl Iterator<Item = Duration> + Send {
        ExponentialBuilder::default()
            .with_min_delay(self.first)
            .with_max_delay(self.longest)
            .with_max_times(self.count)
            .with_jitter()
            .build()
    }
}

/// Speaks to BigQuery for one project.
#[derive(Debug, Clone)]
pub(super) struct Client {
    http: reqwest::Client,
    host: Url,
    credentials: Credentials,
    /// Where it is needed for a token.
    metadata: Option<Arc<MetadataServer>>,
    pub(super) retry: Retry,
}

impl Client {
    /// With the credentials that the surroundings have; without any where an emulator is named.
    pub(super) fn new(emulator: Option<&str>, retry: Retry) -> Result<Self, Error> {
        let mut metadata = None;
        let (host, credentials) = match emulator {
            Some(host) => (emulator_url(host)?, anonymous::Builder::new().build()),
            None => {
                metadata = MetadataServer::if_needed().map(Arc::new);
                let credentials = Builder::default().with_scopes([SCOPE]).build();
                let credentials = credentials.map_err(|error| Error::Credentials {
                    reason: chain(&error),
                });
                (url(HOST)?, credentials?)
            }
        };
        // A 308 of an upload has a Location and is no redirection.
        let mut http = reqwest::Client::builder();
        if is_loopback(&host) {
            http = http.no_proxy();
        }
        let http = http
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(CONNECT_TIMEOUT)
            .read_timeout(retry.silence)
            .user_agent(concat!("peloton-looker/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(|source| Error::Unreachable {
                host: host.to_string(),
                source,
            })?;
        Ok(Self {
            http,
            host,
            credentials,
            metadata,
            retry,
        })
    }

    /// Whether a token can be had.
    pub(super) async fn authenticate(&self) -> Result<(), Error> {
        self.headers().await.map(drop)
    }

    /// With a token, for which the host of tokens is asked when the last one is over.
    async fn headers(&self) -> Result<HeaderMap, Error> {
        let mut pauses = self.retry.pauses();
        loop {
            let error = match self.headers_once().await {
                Err(error @ Error::Token { .. }) => error,
                result => return result,
            };
            wait_or_fail(&mut pauses, true, error).await?;
        }
    }

    async fn headers_once(&self) -> Result<HeaderMap, Error> {
        if let Some(metadata) = &self.metadata {
            metadata.find().await?;
        }
        let headers = self.credentials.headers(http::Extensions::new());
        match tokio::time::timeout(TOKEN_TIMEOUT, headers).await {
            Ok(Ok(CacheableResource::New { data, .. })) => Ok(data),
            Ok(Ok(CacheableResource::NotModified)) => Ok(HeaderMap::new()),
            Ok(Err(error)) if error.is_transient() => Err(Error::Token {
                reason: chain(&error),
            }),
            Ok(Err(error)) => Err(Error::Credentials {
                reason: chain(&error),
            }),
            Err(_) => Err(Error::Token {
                reason: format!("no answer within {} s", TOKEN_TIMEOUT.as_secs()),
            }),
        }
    }

    /// A request to a path below `/bigquery/v2/`, its segments escaped.
    pub(super) fn at(&self, prefix: &str, segments: &[&str]) -> Result<Url, Error> {
        let mut url = self.host.clone();
        match url.path_segments_mut() {
            Ok(mut path) => path
                .pop_if_empty()
                .extend(prefix.split('/').filter(|part| !part.is_empty()))
                .extend(["bigquery", "v2"])
                .extend(segments),
            Err(()) => {
                return Err(Error::Answer {
                    what: format!("`{}` is no address", self.host),
                });
            }
        };
        Ok(url)
    }

    pub(super) fn request(&self, method: Method, url: Url) -> RequestBuilder {
        self.http.request(method, url)
    }

    /// Sends once.
    pub(super) async fn send(&self, request: RequestBuilder) -> Result<Response, Error> {
        let headers = self.headers().await?;
        let sent = async {
            let request = request.headers(headers).build()?;
            // The query of an upload's address lets whoever has it write.
            let what = format!("{} {}", request.method(), request.url().path());
            let response = self.http.execute(request).await?;
            tracing::debug!("{what}: {}", response.status().as_u16());
            Ok(response)
        };
        sent.await.map_err(|source| self.unreachable(source))
    }

    pub(super) fn unreachable(&self, source: reqwest::Error) -> Error {
        Error::Unreachable {
            host: self.host.host_str().unwrap_or_default().to_owned(),
            source: source.without_url(),
        }
    }

    /// Sends until an answer that is no passing trouble, and reads it.
    pub(super) async fn call<T: DeserializeOwned>(
        &self,
        method: Method,
        segments: &[&str],
        query: &[(&str, String)],
        body: Option<&Value>,
    ) -> Result<T, Error> {
        let url = self.at("", segments)?;
        let mut pauses = self.retry.pauses();
        loop {
            let mut request = self.request(method.clone(), url.clone()).query(query);
            if let Some(body) = body {
                request = request.json(body);
            }
            match self.once(request).await {
                Ok(answer) => return read(&answer),
                Err(error) => pause_or_fail(&mut pauses, error).await?,
            }
        }
    }

    async fn once(&self, request: RequestBuilder) -> Result<Vec<u8>, Error> {
        let response = self.send(request).await?;
        let status = response.status();
        let body = response.bytes().await;
        let body = body.map_err(|source| self.unreachable(source))?;
        if status.is_success() {
            Ok(body.to_vec())
        } else {
            Err(refusal(status.as_u16(), &body))
        }
    }
}

/// Waits, if the trouble may pass and there is patience left.
pub(super) async fn pause_or_fail(
    pauses: &mut (impl Iterator<Item = Duration> + Send),
    error: Error,
) -> Result<(), Error> {
    wait_or_fail(pauses, error.is_transient(), error).await
}

/// A long wait is told: a person sees nothing else happen.
async fn wait_or_fail(
    pauses: &mut (impl Iterator<Item = Duration> + Send),
    may_pass: bool,
    error: Error,
) -> Result<(), Error> {
    let pause = match pauses.next() {
        Some(pause) if may_pass => pause,
        _ => return Err(error),
    };
    tracing::debug!("{error}; again in {pause:?}");
    if pause >= LONG_PAUSE {
        let seconds = pause.as_secs();
        tracing::warn!("{}; trying again in {seconds} s", error.in_short());
    }
    tokio::time::sleep(pause).await;
    Ok(())
}

/// The JSON of an answer; an empty one is null.
pub(super) fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Error> {
    let body = if body.is_empty() { b"null" } else { body };
    serde_json::from_slice(body).map_err(|error| Error::Answer {
        what: error.to_string(),
    })
}

/// Google's error body; what a proxy answers has none.
pub(super) fn refusal(status: u16, body: &[u8]) -> Error {
    let body: Value = serde_json::from_slice(body).unwrap_or_default();
    let error = &body["error"];
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let mut reason = text(&error["errors"][0]["reason"]);
    if reason.is_empty() {
        reason = text(&error["status"]);
    }
    let mut message = text(&error["message"]);
    if message.is_empty() {
        message = "without a word of explanation".into();
    }
    Error::Refused {
        status,
        reason,
        message,
    }
}

fn chain(error: &dyn std::error::Error) -> String {
    let mut reason = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        reason.push_str(": ");
        reason.push_str(&cause.to_string());
        source = cause.source();
    }
    reason
}

fn is_loopback(host: &Url) -> bool {
    match host.host() {
        Some(url::Host::Domain(name)) => name == "localhost",
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

/// As Google's own clients read the variable: with or without a scheme.
fn emulator_url(host: &str) -> Result<Url, Error> {
    let wrong = |reason: String| Error::Emulator {
        host: host.into(),
        reason,
    };
    let scheme = if host.contains("://") { "" } else { "http://" };
    let url = Url::parse(&format!("{scheme}{host}")).map_err(|error| wrong(error.to_string()))?;
    match url.scheme() {
        "http" | "https" => Ok(url),
        _ => Err(wrong("it begins with neither http:// nor https://".into())),
    }
}

fn url(text: &str) -> Result<Url, Error> {
    Url::parse(text).map_err(|error| Error::Answer {
        what: format!("`{text}` is no address: {error}"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Signing needs a part of the library that is not there by default.
    #[tokio::test]
    async fn the_key_of_a_service_account_gives_a_token() {
        let key = include_str!("../../tests/it/bigquery/service_account.json");
        let key = serde_json::from_str(key).unwrap();
        let credentials = google_cloud_auth::credentials::service_account::Builder::new(key);
        let client = Client {
            http: reqwest::Client::new(),
            host: url(HOST).unwrap(),
            credentials: credentials.build().unwrap(),
            metadata: None,
            retry: Retry::default(),
        };
        let headers = client.headers().await.unwrap();
        let token = headers.get(http::header::AUTHORIZATION).unwrap();
        assert!(token.to_str().unwrap().starts_with("Bearer ey"));
    }

    #[test]
    fn loopback_has_no_proxy() {
        for host in ["http://127.0.0.1:9", "http://localhost:9", "http://[::1]:9"] {
            assert!(is_loopback(&url(host).unwrap()), "{host}");
        }
        assert!(!is_loopback(&url(HOST).unwrap()));
    }

    #[test]
    fn an_error_body_is_read_and_its_absence_is_none() {
        let body = br#"{"error":{"code":403,"message":"Quota exceeded: x","errors":[{"reason":"quotaExceeded"}]}}"#;
        let said = |status, body: &[u8]| refusal(status, body).to_string();
        assert_eq!(
            said(403, body),
            "BigQuery answered 403 (quotaExceeded): Quota exceeded: x"
        );
        assert_eq!(
            said(502, b"<html>"),
            "BigQuery answered 502 (): without a word of explanation"
        );
        assert!(refusal(502, b"").is_transient());
        assert!(!refusal(403, body).is_transient());
    }

    #[test]
    fn names_are_escaped_in_a_path() {
        let client = Client {
            http: reqwest::Client::new(),
            host: emulator_url("127.0.0.1:9050").unwrap(),
            credentials: anonymous::Builder::new().build(),
            metadata: None,
            retry: Retry::default(),
        };
        let url = client.at("upload", &["projects", "a:b", "jobs"]).unwrap();
        assert_eq!(
            url.as_str(),
            "http://127.0.0.1:9050/upload/bigquery/v2/projects/a:b/jobs"
        );
        let url = client.at("", &["projects", "p/../q", "jobs"]).unwrap();
        assert!(url.as_str().ends_with("/projects/p%2F..%2Fq/jobs"), "{url}");
    }
}
