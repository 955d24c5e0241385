//! Every way to get tokens.
//!
//! [`OAuth::login`] drives the login page of the members' site without a browser,
//! [`OAuth::password_grant`] is the mobile client's single request, [`OAuth::authorization`]
//! and [`OAuth::finish`] leave the login to the person's browser, [`pasted_token`] takes a
//! bearer from its network tab. None of them is repeated when it fails: failed tries count
//! towards the lock of the account.

mod cookies;
pub(crate) mod jwt;
mod login;
mod page;
mod pkce;
mod redirects;
mod refusal;
mod token_endpoint;

use secrecy::SecretString;
use url::Url;

use crate::{ClientConfig, Credentials, LoginError, Result, Tokens};

pub use pkce::Authorization;

/// The client that the members' site uses.
pub const WEB_CLIENT_ID: &str = "WVoJxVDdPoFx4RNewvvg6ch2mZ7bwnsM";
/// The client of the mobile app, good for the password grant alone.
pub const MOBILE_CLIENT_ID: &str = "mgsmWCD0A8Qn6uz6mmqI6qeBNHH9IPwS";
/// Where a login ends, whatever the base address: the page itself is never fetched.
pub const REDIRECT_URI: &str = "https://members.onepeloton.com/callback";

const AUDIENCE: &str = "https://api.onepeloton.com/";
const SCOPE: &str = "offline_access openid peloton-api.members:default";
const TENANT: &str = "peloton-prod";
const CONNECTION: &str = "pelo-user-password";
/// Base64 of the JSON by which Auth0's own login page names itself.
const AUTH0_CLIENT: &str = "eyJuYW1lIjoiYXV0aDAuanMtdWxwIiwidmVyc2lvbiI6IjkuMTQuMyJ9";

/// Peloton's login service.
#[derive(Debug, Clone)]
pub struct OAuth {
    http: reqwest::Client,
    base: Url,
}

impl OAuth {
    /// The service at `config.auth_url`. Sends nothing yet.
    ///
    /// # Errors
    /// [`Error::Address`](crate::Error::Address) for a base URL that isn't https or loopback.
    pub fn new(config: &ClientConfig) -> Result<OAuth> {
        Ok(OAuth {
            http: config.http(&config.auth_url)?,
            base: config.auth_url.clone(),
        })
    }

    /// Logs in by user name and password, page by page as a browser would.
    ///
    /// # Errors
    /// Each [`LoginError`] says what to do next.
    pub async fn login(&self, credentials: &Credentials) -> Result<Tokens, LoginError> {
        let authorization = self.authorization();
        let code = login::run(self, &authorization, credentials).await?;
        self.exchange(&authorization, &code).await
    }

    /// Logs in by the mobile client's password grant: one request, fewer rights.
    ///
    /// # Errors
    /// [`LoginError::WrongPassword`] and the other [`LoginError`]s.
    pub async fn password_grant(&self, credentials: &Credentials) -> Result<Tokens, LoginError> {
        self.grant_by_password(credentials).await
    }

    /// Begins a login in the person's browser: they open [`Authorization::url`], log in, and
    /// copy the address of the page on which it ends.
    pub fn authorization(&self) -> Authorization {
        Authorization::new(&self.base)
    }

    /// Ends a login that [`OAuth::authorization`] began, with the address of the last page.
    ///
    /// # Errors
    /// [`LoginError::Pasted`] when `callback` isn't such an address,
    /// [`LoginError::StateMismatch`] when it belongs to another login.
    pub async fn finish(
        &self,
        authorization: &Authorization,
        callback: &str,
    ) -> Result<Tokens, LoginError> {
        let code = authorization.code_of_pasted(callback)?;
        self.exchange(authorization, &code).await
    }

    /// New tokens for a refresh token, which is used up by it. Store them before anything else.
    ///
    /// # Errors
    /// [`LoginError::InvalidGrant`] when only a login helps; others are worth another try.
    pub async fn refresh(
        &self,
        refresh_token: &SecretString,
        client_id: &str,
    ) -> Result<Tokens, LoginError> {
        self.grant_by_refresh(refresh_token, client_id).await
    }

    fn address(&self, path: &str) -> Url {
        join(&self.base, path)
    }
}

fn join(base: &Url, path: &str) -> Url {
    let mut url = base.clone();
    url.set_path(&format!("{}{path}", base.path().trim_end_matches('/')));
    url
}

/// Tokens from a bearer that a person copied: the bare token, or the header line with it.
///
/// # Errors
/// [`LoginError::Pasted`] when it can't be a token.
pub fn pasted_token(text: &str) -> Result<Tokens, LoginError> {
    let text = text.trim().trim_matches(['"', '\'']);
    let text = strip_prefix_any_case(text, "authorization:")
        .unwrap_or(text)
        .trim();
    // What is left of a header line that was cut off is no token.
    let token = strip_prefix_any_case(text, "bearer").map_or(text, str::trim);
    let plausible = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~+/=".contains(&byte);
    if token.is_empty() || !token.bytes().all(plausible) {
        return Err(LoginError::Pasted {
            reason: "it isn't a bearer token",
        });
    }
    Ok(Tokens::issued(
        SecretString::from(token),
        None,
        WEB_CLIENT_ID,
        None,
    ))
}

fn strip_prefix_any_case<'a>(text: &'a str, prefix: &str) -> Option<&'a str> {
    let head = text.get(..prefix.len())?;
    head.eq_ignore_ascii_case(prefix)
        .then(|| &text[prefix.len()..])
}

/// Hands a text to every parser of the login.
#[cfg(fuzzing)]
pub(crate) fn fuzz(text: &str) {
    let page = join(
        &Url::parse(REDIRECT_URI).expect("the constant is an address"),
        "/login",
    );
    page::InjectedConfig::read(text);
    page::HiddenForm::read(text, &page);
    let mut cookies = cookies::CookieJar::default();
    text.lines().for_each(|line| cookies.set(&page, line));
    cookies.header(&page);
    jwt::Claims::read(text);
    let _ = pasted_token(text);
    let _ = Authorization::new(&page).code_of_pasted(text);
}
