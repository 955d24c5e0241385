//! The one road of every request: token, pace, send, read, judge, try again.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use jiff::Timestamp;
use reqwest::{
    Response, StatusCode,
    header::{ACCEPT, AUTHORIZATION, HeaderValue},
};
use secrecy::{ExposeSecret, SecretString};
use tokio::time::{Instant, sleep};
use url::{Url, form_urlencoded};

use crate::{
    Answer, ClientConfig, Endpoint, Error, Result, RetryConfig, TokenProvider,
    judge::{Verdict, judge},
    proxy,
    rate_limit::{Pass, RateLimiter},
    retry::{Jitter, retry_after},
};

/// One GET.
#[derive(Debug)]
pub(crate) struct Request {
    endpoint: Endpoint,
    key: String,
    page: Option<u32>,
    /// Path and query.
    url: String,
}

#[derive(Debug)]
pub(crate) struct Transport {
    http: reqwest::Client,
    api_url: Url,
    tokens: TokenProvider,
    limiter: RateLimiter,
    retry: RetryConfig,
    jitter: Jitter,
    max_body_bytes: usize,
    sent: AtomicU64,
    refused: AtomicU64,
}

/// What a client has sent so far.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Stats {
    /// Requests, retries included.
    pub sent: u64,
    /// Answers with status 429.
    pub refused: u64,
}

/// How one attempt ended.
enum Attempt {
    Answer(Answer),
    /// The pace is too fast; the limiter knows already.
    TooMany(Failure),
    Unauthorized(SecretString),
    Transient(Failure),
}

struct Failure {
    status: Option<u16>,
    reason: String,
    body: Option<Bytes>,
    /// No connection came about.
    connect: Option<reqwest::Error>,
}

/// What came before the tries were used up.
#[derive(Default)]
struct Tries {
    transient: u32,
    connect: u32,
    unauthorized: u32,
    too_many: u32,
}

impl Request {
    pub(crate) fn new(endpoint: Endpoint, key: &str, path: impl Into<String>) -> Self {
        Request {
            endpoint,
            key: key.to_owned(),
            page: None,
            url: path.into(),
        }
    }

    pub(crate) fn raw(path: &str) -> Result<Self> {
        // Two slashes would name another host.
        if !path.starts_with('/') || path.starts_with("//") || path.starts_with("/\\") {
            let reason = "a path begins with one slash, as in `/api/me`";
            return Err(Error::Address {
                url: path.to_owned(),
                reason,
            });
        }
        Ok(Request::new(Endpoint::Raw, path, path))
    }

    pub(crate) fn query(mut self, pairs: &[(&str, &str)]) -> Self {
        let query = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(pairs)
            .finish();
        self.url
            .push(if self.url.contains('?') { '&' } else { '?' });
        self.url.push_str(&query);
        self
    }

    pub(crate) fn page(mut self, page: u32, limit: &str) -> Self {
        self.page = Some(page);
        self.query(&[("limit", limit), ("page", &page.to_string())])
    }

    fn answer(&self, status: StatusCode, body: Bytes) -> Answer {
        Answer {
            endpoint: self.endpoint,
            key: self.key.clone(),
            page: self.page,
            url: self.url.clone(),
            status: status.as_u16(),
            fetched_at: Timestamp::now(),
            body,
        }
    }
}

impl Transport {
    pub(crate) fn new(config: ClientConfig, tokens: TokenProvider) -> Result<Self> {
        Ok(Transport {
            http: config.http(&config.api_url)?,
            limiter: RateLimiter::new(config.rate_per_second, config.concurrency, &config.retry),
            jitter: Jitter::new(config.retry.seed),
            api_url: config.api_url,
            tokens,
            retry: config.retry,
            max_body_bytes: config.max_body_bytes,
            sent: AtomicU64::new(0),
            refused: AtomicU64::new(0),
        })
    }

    pub(crate) fn stats(&self) -> Stats {
        Stats {
            sent: self.sent.load(Ordering::Relaxed),
            refused: self.refused.load(Ordering::Relaxed),
        }
    }

    pub(crate) fn paused_until(&self) -> Option<Timestamp> {
        self.limiter.paused_until()
    }

    pub(crate) async fn finish_renewal(&self) {
        self.tokens.finish_renewal().await;
    }

    pub(crate) async fn get(&self, request: &Request) -> Result<Answer> {
        let mut tries = Tries::default();
        let mut token = self.tokens.access_token().await?;
        loop {
            match self.attempt(request, &token).await? {
                Attempt::Answer(answer) => return Ok(answer),
                Attempt::TooMany(failure) if tries.too_many >= self.retry.max_refusals => {
                    return Err(self.give_up(request, failure));
                }
                Attempt::TooMany(_) => tries.too_many += 1,
                Attempt::Unauthorized(refused) => {
                    tries.unauthorized += 1;
                    token = self
                        .tokens
                        .after_refusal(&refused, tries.unauthorized)
                        .await?;
                    continue;
                }
                Attempt::Transient(failure) => self.back_off(request, &mut tries, failure).await?,
            }
            token = self.tokens.access_token().await?;
        }
    }

    /// Waits before the next try, or gives up.
    async fn back_off(&self, request: &Request, tries: &mut Tries, failure: Failure) -> Result<()> {
        let (count, most) = match failure.connect {
            Some(_) => (&mut tries.connect, self.retry.max_connect_retries),
            None => (&mut tries.transient, self.retry.max_retries),
        };
        if *count >= most {
            return Err(self.give_up(request, failure));
        }
        let pause = self.jitter.backoff(&self.retry, *count);
        *count += 1;
        tracing::debug!(
            url = request.url,
            reason = failure.reason,
            ?pause,
            "try again"
        );
        sleep(pause).await;
        Ok(())
    }

    fn give_up(&self, request: &Request, failure: Failure) -> Error {
        if let Some(source) = failure.connect {
            let host = self.api_url.authority().to_owned();
            return Error::Unreachable {
                host,
                proxy: proxy::named(&self.api_url),
                source,
            };
        }
        Error::Exhausted {
            endpoint: request.endpoint,
            key: request.key.clone(),
            url: request.url.clone(),
            status: failure.status,
            reason: failure.reason,
            body: failure.body,
        }
    }

    async fn attempt(&self, request: &Request, token: &SecretString) -> Result<Attempt> {
        let url = self.url(request)?;
        let pass = self.limiter.pass().await?;
        self.sent.fetch_add(1, Ordering::Relaxed);
        let response = match self.send(url, token).await {
            Ok(response) => response,
            Err(error) => return Ok(Attempt::Transient(Failure::send(error))),
        };
        let status = response.status();
        let wait = retry_after(response.headers(), Timestamp::now());
        if status == StatusCode::TOO_MANY_REQUESTS {
            self.refused.fetch_add(1, Ordering::Relaxed);
            // Before its text has come: the sooner all others know, the better.
            self.limiter.refused(pass.sent_at, wait);
        }
        let body = self.read(request, response).await;
        log(request, status, &pass);
        let body = match body {
            Ok(body) => body,
            Err(Broken::TooLarge(error)) => {
                self.limiter.accepted(pass.sent_at);
                return Err(error);
            }
            // A refusal is one even if its text did not arrive.
            Err(Broken::Cut(_)) if status == StatusCode::TOO_MANY_REQUESTS => Bytes::new(),
            Err(Broken::Cut(failure)) => {
                self.limiter.accepted(pass.sent_at);
                return Ok(Attempt::Transient(failure));
            }
        };
        self.decide(request, status, body, wait, &pass, token)
    }

    /// What an answer means for the request and for the road.
    fn decide(
        &self,
        request: &Request,
        status: StatusCode,
        body: Bytes,
        wait: Option<Duration>,
        pass: &Pass<'_>,
        token: &SecretString,
    ) -> Result<Attempt> {
        let verdict = judge(request.endpoint, status.as_u16(), &body);
        if status != StatusCode::TOO_MANY_REQUESTS && verdict != Verdict::Blocked {
            self.limiter.accepted(pass.sent_at);
        }
        match verdict {
            Verdict::Final => Ok(Attempt::Answer(request.answer(status, body))),
            Verdict::TooMany => Ok(Attempt::too_many(status, body)),
            Verdict::Unauthorized => Ok(Attempt::Unauthorized(token.clone())),
            Verdict::Blocked => {
                self.limiter.open_breaker(wait);
                Ok(Attempt::too_many(status, body))
            }
            Verdict::Transient(reason) => {
                if let Some(wait) = wait {
                    self.limiter.pause(wait);
                }
                Ok(Attempt::Transient(Failure::answer(status, reason, body)))
            }
        }
    }

    async fn send(&self, url: Url, token: &SecretString) -> reqwest::Result<Response> {
        let request = self.http.get(url).header(ACCEPT, "application/json");
        request
            // Without it some answers are refused and others lack their GPS points.
            .header("Peloton-Platform", "web")
            .header(AUTHORIZATION, bearer(token))
            .send()
            .await
    }

    /// Reads the body piece by piece, so that a giant is let go before it fills the memory.
    async fn read(&self, request: &Request, mut response: Response) -> Result<Bytes, Broken> {
        let announced = response.content_length().unwrap_or(0);
        if announced > self.max_body_bytes as u64 {
            return Err(Broken::TooLarge(self.too_large(request)));
        }
        let status = response.status();
        let mut body = BytesMut::with_capacity(announced as usize);
        loop {
            match response.chunk().await {
                Ok(Some(chunk)) if body.len() + chunk.len() > self.max_body_bytes => {
                    return Err(Broken::TooLarge(self.too_large(request)));
                }
                Ok(Some(chunk)) => body.extend_from_slice(&chunk),
                Ok(None) => return Ok(body.freeze()),
                Err(error) => {
                    let reason = format!("the answer broke off: {}", words(&error));
                    return Err(Broken::Cut(Failure::answer(status, reason, body.freeze())));
                }
            }
        }
    }

    fn too_large(&self, request: &Request) -> Error {
        Error::TooLarge {
            endpoint: request.endpoint,
            key: request.key.clone(),
            url: request.url.clone(),
            limit: self.max_body_bytes,
        }
    }

    fn url(&self, request: &Request) -> Result<Url> {
        let text = format!(
            "{}{}",
            self.api_url.as_str().trim_end_matches('/'),
            request.url
        );
        let reason = "it is no path and query";
        Url::parse(&text).map_err(|_| Error::Address {
            url: request.url.clone(),
            reason,
        })
    }
}

enum Broken {
    TooLarge(Error),
    Cut(Failure),
}

impl Attempt {
    fn too_many(status: StatusCode, body: Bytes) -> Self {
        Attempt::TooMany(Failure::answer(
            status,
            "refused again and again".to_owned(),
            body,
        ))
    }
}

impl Failure {
    fn send(error: reqwest::Error) -> Self {
        let reason = words(&error);
        let connect = error.is_connect().then(|| error.without_url());
        Failure {
            status: None,
            reason,
            body: None,
            connect,
        }
    }

    fn answer(status: StatusCode, reason: String, body: Bytes) -> Self {
        Failure {
            status: Some(status.as_u16()),
            reason,
            body: Some(body),
            connect: None,
        }
    }
}

/// The innermost reason: the outer ones only say that something failed.
fn words(error: &reqwest::Error) -> String {
    let mut innermost: &dyn std::error::Error = error;
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    match error.is_timeout() {
        true => "timed out".to_owned(),
        false => innermost.to_string(),
    }
}

fn bearer(token: &SecretString) -> HeaderValue {
    let text = format!("Bearer {}", token.expose_secret());
    // A token with a line end in it can't be sent; the service will say 401.
    let mut value = HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static("Bearer"));
    value.set_sensitive(true);
    value
}

fn log(request: &Request, status: StatusCode, pass: &Pass<'_>) {
    let ms = Instant::now().duration_since(pass.sent_at).as_millis();
    tracing::debug!(
        method = "GET",
        url = request.url,
        status = status.as_u16(),
        ms,
        "request"
    );
}
