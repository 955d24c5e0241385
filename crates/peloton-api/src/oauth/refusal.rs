//! What a login host means when it doesn't go on.

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use super::redirects::Received;
use crate::{LoginError, retry};

/// Neither Auth0 nor Cloudflare say how long they stay shut; a quarter of an hour is polite.
const DEFAULT_WAIT: SignedDuration = SignedDuration::from_mins(15);
const PASSWORD_STEP: &str = super::login::PASSWORD_STEP;

/// The error for an answer that is neither a redirect nor the expected page.
pub(super) fn refusal(step: &'static str, received: &Received) -> LoginError {
    let status = received.status.as_u16();
    let words = Words::read(&received.body);
    if is_cloudflare(&received.body) {
        return LoginError::Blocked {
            retry_at: retry_at(received),
        };
    }
    if status == 429 || words.any(&["too_many_attempts", "too many"]) {
        return LoginError::TooManyAttempts {
            retry_at: retry_at(received),
        };
    }
    if words.any(&["endpoint no longer accepting requests"]) {
        return LoginError::EndpointClosed;
    }
    if status >= 500 {
        return LoginError::Unavailable { step, status };
    }
    by_words(step, status, &words)
}

/// The code and description of an error, both in lower case. A page gives neither: the login
/// page carries a dictionary with every word that one could look for.
struct Words {
    code: String,
    description: String,
}

impl Words {
    fn read(body: &str) -> Words {
        let json: Value = serde_json::from_str(body).unwrap_or_default();
        let text = |keys: &[&str]| {
            let found = keys.iter().find_map(|key| json[*key].as_str());
            found.unwrap_or_default().to_lowercase()
        };
        let plain = json.is_null() && !body.trim_start().starts_with('<');
        Words {
            code: text(&["code", "error"]),
            description: match plain {
                true => body.to_lowercase(),
                false => text(&["description", "error_description", "message"]),
            },
        }
    }

    fn any(&self, words: &[&str]) -> bool {
        words
            .iter()
            .any(|word| self.code.contains(word) || self.description.contains(word))
    }
}

fn by_words(step: &'static str, status: u16, words: &Words) -> LoginError {
    if words.any(&[
        "mfa",
        "multi-factor",
        "multifactor",
        "verification",
        "captcha",
    ]) {
        return LoginError::VerificationNeeded;
    }
    if step == PASSWORD_STEP {
        // `Invalid state` is about our request; it must not pass for a wrong password.
        let ours = words.any(&["invalid state", "invalid_state"]);
        if status == 401 || (!ours && words.any(&["password", "credential"])) {
            return LoginError::WrongPassword;
        }
    }
    let said = match (words.code.as_str(), words.description.as_str()) {
        ("", "") => String::new(),
        (code, "") => format!(", {code}"),
        (_, description) => format!(", {}", description.chars().take(120).collect::<String>()),
    };
    LoginError::PageChanged {
        step,
        reason: format!("status {status}{said}"),
    }
}

/// A page with 200 where the login should have gone on: another question to the person.
pub(super) fn unexpected_page(step: &'static str, received: &Received) -> LoginError {
    if received.status != 200 {
        return refusal(step, received);
    }
    if is_cloudflare(&received.body) {
        return LoginError::Blocked {
            retry_at: retry_at(received),
        };
    }
    LoginError::VerificationNeeded
}

fn is_cloudflare(body: &str) -> bool {
    let text = body.to_lowercase();
    let rate_limited = text.contains("error code: 1015") || text.contains("error 1015");
    rate_limited || (text.contains("cloudflare") && text.contains("blocked"))
}

fn retry_at(received: &Received) -> Timestamp {
    let now = Timestamp::now();
    let wait = retry::retry_after(&received.headers, now)
        .and_then(|wait| SignedDuration::try_from(wait).ok())
        .unwrap_or(DEFAULT_WAIT);
    now.checked_add(wait).unwrap_or(Timestamp::MAX)
}
