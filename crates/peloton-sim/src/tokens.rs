//! Access and refresh tokens: they expire, rotate, and are revoked when an old one comes again.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::world::id;

#[derive(Debug, Default)]
pub(crate) struct Tokens {
    issued: u64,
    access: HashMap<String, Access>,
    refresh: HashMap<String, Refresh>,
    revoked_families: HashSet<u64>,
}

#[derive(Debug)]
struct Access {
    expires_at: i64,
    family: u64,
}

#[derive(Debug)]
struct Refresh {
    family: u64,
    client_id: String,
    is_used: bool,
}

impl Tokens {
    /// A new login, or the next pair of an old one.
    fn issue(&mut self, family: u64, client_id: &str, user_id: &str, life: Duration) -> Value {
        self.issued += 1;
        let now = Timestamp::now().as_second();
        let life_s = i64::try_from(life.as_secs()).unwrap_or(i64::MAX);
        let payload = json!({"iss": "https://auth.onepeloton.com/", "sub": format!("auth0|{user_id}"), "iat": now, "exp": now + life_s,
            "http://onepeloton.com/user_id": user_id, "jti": id(family, "access", self.issued)});
        let encode = |text: &str| URL_SAFE_NO_PAD.encode(text);
        let header = encode(r#"{"alg":"RS256","typ":"JWT"}"#);
        let access = format!(
            "{header}.{}.{}",
            encode(&payload.to_string()),
            encode(&id(family, "signature", self.issued))
        );
        let refresh = format!("v1.{}", id(family, "refresh", self.issued));
        self.access.insert(
            access.clone(),
            Access {
                expires_at: now + life_s,
                family,
            },
        );
        let client_id = client_id.to_owned();
        self.refresh.insert(
            refresh.clone(),
            Refresh {
                family,
                client_id,
                is_used: false,
            },
        );
        json!({"access_token": access, "refresh_token": refresh, "id_token": format!("{header}.e30.x"),
            "scope": "openid offline_access peloton-api.members:default", "expires_in": life_s, "token_type": "Bearer"})
    }

    pub(crate) fn log_in(&mut self, client_id: &str, user_id: &str, life: Duration) -> Value {
        let family = self.issued + 1;
        self.issue(family, client_id, user_id, life)
    }

    /// None where only a new login helps.
    pub(crate) fn renew(
        &mut self,
        refresh: &str,
        client_id: &str,
        user_id: &str,
        life: Duration,
    ) -> Option<Value> {
        let known = self.refresh.get_mut(refresh)?;
        let family = known.family;
        if known.client_id != client_id || self.revoked_families.contains(&family) {
            return None;
        }
        if std::mem::replace(&mut known.is_used, true) {
            self.revoked_families.insert(family);
            return None;
        }
        Some(self.issue(family, client_id, user_id, life))
    }

    pub(crate) fn accepts(&self, access: &str) -> bool {
        self.access.get(access).is_some_and(|access| {
            access.expires_at > Timestamp::now().as_second()
                && !self.revoked_families.contains(&access.family)
        })
    }

    /// Access tokens are over; refresh tokens still work.
    pub(crate) fn expire(&mut self) {
        self.access.clear();
    }

    /// Nothing works any more.
    pub(crate) fn revoke(&mut self) {
        self.access.clear();
        self.revoked_families.extend(1..=self.issued);
    }
}
