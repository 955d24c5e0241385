//! `POST /oauth/token`: code, refresh token or password in, tokens out.

use std::time::Duration;

use reqwest::Method;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    Authorization, MOBILE_CLIENT_ID, OAuth, REDIRECT_URI, WEB_CLIENT_ID,
    redirects::{Browser, Received},
    refusal::refusal,
};
use crate::{Credentials, LoginError, Tokens};

const STEP: &str = "token";
const REFRESH_TRIES: u32 = 5;
const REFRESH_PAUSE: Duration = Duration::from_millis(500);

#[derive(Deserialize)]
struct Issued {
    access_token: SecretString,
    #[serde(default)]
    refresh_token: Option<SecretString>,
    #[serde(default)]
    expires_in: Value,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Refused {
    error: String,
    error_description: String,
}

impl OAuth {
    pub(super) async fn exchange(
        &self,
        authorization: &Authorization,
        code: &SecretString,
    ) -> Result<Tokens, LoginError> {
        let body = json!({
            "grant_type": "authorization_code",
            "client_id": WEB_CLIENT_ID,
            "code_verifier": authorization.code_verifier.expose_secret(),
            "code": code.expose_secret(),
            "redirect_uri": REDIRECT_URI,
        });
        self.token(WEB_CLIENT_ID, &body).await
    }

    pub(super) async fn grant_by_password(
        &self,
        credentials: &Credentials,
    ) -> Result<Tokens, LoginError> {
        let body = json!({
            "grant_type": "password",
            "client_id": MOBILE_CLIENT_ID,
            "scope": "offline_access openid",
            "username": credentials.username,
            "password": credentials.password.expose_secret(),
        });
        self.token(MOBILE_CLIENT_ID, &body)
            .await
            .map_err(|error| match error {
                LoginError::InvalidGrant => LoginError::WrongPassword,
                error => error,
            })
    }

    /// Tries again only where the service surely has not used up the token: it could not be
    /// reached, or said that it is out of order.
    pub(super) async fn grant_by_refresh(
        &self,
        refresh_token: &SecretString,
        client_id: &str,
    ) -> Result<Tokens, LoginError> {
        let body = json!({
            "grant_type": "refresh_token",
            "client_id": client_id,
            "refresh_token": refresh_token.expose_secret(),
        });
        let mut tries = 1;
        loop {
            match self.token(client_id, &body).await {
                Err(error) if tries < REFRESH_TRIES && was_not_processed(&error) => {
                    tokio::time::sleep(REFRESH_PAUSE * tries).await;
                    tries += 1;
                }
                answer => return answer,
            }
        }
    }

    async fn token(&self, client_id: &str, body: &Value) -> Result<Tokens, LoginError> {
        let url = self.address("/oauth/token");
        let mut browser = Browser::new(&self.http);
        let answer = browser
            .send(STEP, Method::POST, url, |request| request.json(body))
            .await?;
        if answer.status != 200 {
            return Err(error(&answer));
        }
        let issued: Issued = serde_json::from_str(&answer.body).map_err(|_| {
            let reason = "the answer has no `access_token`".to_owned();
            LoginError::PageChanged { step: STEP, reason }
        })?;
        let expires_in = issued.expires_in.as_f64().map(|seconds| seconds as i64);
        Ok(Tokens::issued(
            issued.access_token,
            issued.refresh_token,
            client_id,
            expires_in,
        ))
    }
}

fn error(answer: &Received) -> LoginError {
    let said: Refused = serde_json::from_str(&answer.body).unwrap_or_default();
    match said.error.as_str() {
        "invalid_grant" => LoginError::InvalidGrant,
        "mfa_required" => LoginError::VerificationNeeded,
        "" | "too_many_attempts" => refusal(STEP, answer),
        _ if answer.status.is_server_error() => refusal(STEP, answer),
        _ => LoginError::TokenEndpoint {
            status: answer.status.as_u16(),
            error: said.error,
            description: said.error_description,
        },
    }
}

fn was_not_processed(error: &LoginError) -> bool {
    match error {
        // A gateway's 502 or 504 may hide that the token was taken and replaced.
        LoginError::Unavailable { status: 503, .. } => true,
        LoginError::Network { source, .. } => source.is_connect(),
        _ => false,
    }
}
