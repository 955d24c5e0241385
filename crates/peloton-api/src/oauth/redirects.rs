//! The browser of a login: requests with its cookies, and the chain of redirects.

use reqwest::{
    Method, RequestBuilder, StatusCode,
    header::{ACCEPT, COOKIE, HeaderMap, HeaderValue, LOCATION, SET_COOKIE},
};
use url::Url;

use super::{cookies::CookieJar, pkce::is_callback};
use crate::{LoginError, config::is_safe};

/// The real chain has six; more than this is a circle.
const MAX_HOPS: usize = 12;
/// A login page has some 100 kB.
const MAX_PAGE_BYTES: usize = 4 << 20;

pub(super) struct Browser<'a> {
    http: &'a reqwest::Client,
    pub(super) cookies: CookieJar,
}

/// An answer of a login host.
pub(super) struct Received {
    pub(super) url: Url,
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: String,
}

/// Where a chain of redirects ends.
pub(super) enum End {
    /// Before the redirect URI, which is not fetched.
    Callback(Url),
    /// At an answer that redirects no further.
    Page(Received),
}

impl<'a> Browser<'a> {
    pub(super) fn new(http: &'a reqwest::Client) -> Self {
        Browser {
            http,
            cookies: CookieJar::default(),
        }
    }

    /// Follows redirects from `url` on, each with GET and the host's own cookies.
    pub(super) async fn follow(
        &mut self,
        step: &'static str,
        mut url: Url,
    ) -> Result<End, LoginError> {
        for _ in 0..=MAX_HOPS {
            if is_callback(&url) {
                return Ok(End::Callback(url));
            }
            let received = self.send(step, Method::GET, url, |request| request).await?;
            match received.redirect(step)? {
                Some(next) => url = next,
                None => return Ok(End::Page(received)),
            }
        }
        Err(LoginError::RedirectLoop { hops: MAX_HOPS })
    }

    /// Goes on from an answer: to where it redirects, or not at all.
    pub(super) async fn go_on(
        &mut self,
        step: &'static str,
        received: Received,
    ) -> Result<End, LoginError> {
        match received.redirect(step)? {
            Some(next) => self.follow(step, next).await,
            None => Ok(End::Page(received)),
        }
    }

    pub(super) async fn send(
        &mut self,
        step: &'static str,
        method: Method,
        url: Url,
        finish: impl FnOnce(RequestBuilder) -> RequestBuilder,
    ) -> Result<Received, LoginError> {
        if !is_safe(&url) {
            return Err(LoginError::UnsafeRedirect {
                target: scheme_and_host(&url),
            });
        }
        let mut request = self.http.request(method, url.clone()).header(ACCEPT, "*/*");
        if let Some(cookies) = self.cookies.header(&url) {
            request = request.header(COOKIE, secret_header(&cookies));
        }
        let response = finish(request)
            .send()
            .await
            .map_err(|e| network(step, &url, e))?;
        self.keep_cookies(&url, response.headers());
        Received::read(step, url, response).await
    }

    fn keep_cookies(&mut self, url: &Url, headers: &HeaderMap) {
        for value in headers.get_all(SET_COOKIE) {
            if let Ok(text) = value.to_str() {
                self.cookies.set(url, text);
            }
        }
    }
}

impl Received {
    async fn read(
        step: &'static str,
        url: Url,
        mut response: reqwest::Response,
    ) -> Result<Received, LoginError> {
        let (status, headers) = (response.status(), response.headers().clone());
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|e| network(step, &url, e))? {
            body.extend_from_slice(&chunk);
            if body.len() > MAX_PAGE_BYTES {
                let reason = "the page is far too large".to_owned();
                return Err(LoginError::PageChanged { step, reason });
            }
        }
        let body = String::from_utf8_lossy(&body).into_owned();
        tracing::debug!(
            step,
            host = url.host_str(),
            status = status.as_u16(),
            "login step"
        );
        Ok(Received {
            url,
            status,
            headers,
            body,
        })
    }

    /// The target of a redirect.
    fn redirect(&self, step: &'static str) -> Result<Option<Url>, LoginError> {
        if !self.status.is_redirection() {
            return Ok(None);
        }
        let location = self
            .headers
            .get(LOCATION)
            .and_then(|value| value.to_str().ok());
        let target = location.and_then(|location| self.url.join(location).ok());
        let reason = || "a redirect without a usable target".to_owned();
        target.map(Some).ok_or_else(|| LoginError::PageChanged {
            step,
            reason: reason(),
        })
    }
}

/// The value hides from `Debug`, so that no layer below logs it.
pub(super) fn secret_header(text: &str) -> HeaderValue {
    let mut value = HeaderValue::from_str(text).unwrap_or(HeaderValue::from_static(""));
    value.set_sensitive(true);
    value
}

/// URLs of a login carry its state and codes: errors keep the host only.
pub(super) fn network(step: &'static str, url: &Url, error: reqwest::Error) -> LoginError {
    let host = url.host_str().unwrap_or_default().to_owned();
    LoginError::Network {
        step,
        host,
        source: error.without_url(),
    }
}

fn scheme_and_host(url: &Url) -> String {
    match url.host_str() {
        Some(host) => format!("{}://{host}", url.scheme()),
        None => format!("{}:", url.scheme()),
    }
}
