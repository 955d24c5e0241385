//! What an access token says about itself. Nothing is verified: hints only.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jiff::Timestamp;
use serde_json::Value;

#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Claims {
    pub(crate) user_id: Option<String>,
    pub(crate) expires_at: Option<Timestamp>,
}

impl Claims {
    /// The claims of a JWT, as far as it is one.
    pub(crate) fn read(token: &str) -> Claims {
        Self::payload(token).map_or_else(Claims::default, |payload| Claims {
            user_id: payload["http://onepeloton.com/user_id"]
                .as_str()
                .map(str::to_owned),
            expires_at: payload["exp"]
                .as_f64()
                .and_then(|seconds| Timestamp::from_second(seconds as i64).ok()),
        })
    }

    fn payload(token: &str) -> Option<Value> {
        let payload = token.split('.').nth(1)?;
        let json = URL_SAFE_NO_PAD.decode(payload.trim_end_matches('=')).ok()?;
        serde_json::from_slice(&json).ok()
    }
}
