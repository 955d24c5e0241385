//! The authorization request with its secrets, and the callback that answers it.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use rand::RngExt;
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use url::Url;

use super::{AUDIENCE, AUTH0_CLIENT, REDIRECT_URI, SCOPE, WEB_CLIENT_ID, join};
use crate::LoginError;

/// One login that has begun.
#[derive(Debug)]
pub struct Authorization {
    /// The page to open. Not secret: the verifier stays here.
    pub url: Url,
    pub(super) state: SecretString,
    pub(super) nonce: SecretString,
    pub(super) code_verifier: SecretString,
}

impl Authorization {
    pub(super) fn new(base: &Url) -> Self {
        let (state, nonce, code_verifier) = (random(), random(), random());
        let mut url = join(base, "/authorize");
        url.query_pairs_mut()
            .append_pair("client_id", WEB_CLIENT_ID)
            .append_pair("audience", AUDIENCE)
            .append_pair("scope", SCOPE)
            .append_pair("response_type", "code")
            .append_pair("response_mode", "query")
            .append_pair("redirect_uri", REDIRECT_URI)
            .append_pair("state", state.expose_secret())
            .append_pair("nonce", nonce.expose_secret())
            .append_pair("code_challenge", &code_challenge(&code_verifier))
            .append_pair("code_challenge_method", "S256")
            .append_pair("auth0Client", AUTH0_CLIENT);
        Authorization {
            url,
            state,
            nonce,
            code_verifier,
        }
    }

    pub(super) fn code_challenge(&self) -> String {
        code_challenge(&self.code_verifier)
    }

    /// The code of a callback address, if the address answers this very request.
    pub(super) fn code(&self, callback: &Url) -> Result<SecretString, LoginError> {
        let parameter = |name: &str| {
            let found = callback.query_pairs().find(|(key, _)| key == name);
            found.map(|(_, value)| value.into_owned())
        };
        // The state first: an error of another login is not ours to report.
        if parameter("state").as_deref() != Some(self.state.expose_secret()) {
            return Err(LoginError::StateMismatch);
        }
        if let Some(error) = parameter("error") {
            let description = parameter("error_description").unwrap_or_default();
            return Err(LoginError::Denied { error, description });
        }
        let code = parameter("code").filter(|code| !code.is_empty());
        code.map(SecretString::from)
            .ok_or_else(|| LoginError::PageChanged {
                step: "callback",
                reason: "the callback address has no code".to_owned(),
            })
    }

    pub(super) fn code_of_pasted(&self, text: &str) -> Result<SecretString, LoginError> {
        let text = text.trim().trim_matches(['"', '\'']);
        let url = Url::parse(text).map_err(|_| LoginError::Pasted {
            reason: "it isn't an address",
        })?;
        if !is_callback(&url) {
            let reason = "the address must begin with https://members.onepeloton.com/callback";
            return Err(LoginError::Pasted { reason });
        }
        self.code(&url)
    }
}

/// Whether the address is the redirect URI, apart from its query and a slash at the end.
pub(super) fn is_callback(url: &Url) -> bool {
    Url::parse(REDIRECT_URI).is_ok_and(|callback| {
        url.origin() == callback.origin()
            && url.path().strip_suffix('/').unwrap_or(url.path()) == callback.path()
    })
}

fn code_challenge(code_verifier: &SecretString) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(code_verifier.expose_secret()))
}

/// 64 URL-safe characters from the system's random source.
fn random() -> SecretString {
    let bytes: [u8; 48] = rand::rng().random();
    SecretString::from(URL_SAFE_NO_PAD.encode(bytes))
}
