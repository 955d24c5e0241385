//! What the service answers: resources, and errors in Google's envelope.

use axum::body::Body;
use axum::http::StatusCode;
use axum::response::Response;
use serde_json::{Value as Json, json};

/// An answer before it goes out.
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) headers: Vec<(&'static str, String)>,
    pub(super) body: String,
}

/// What was asked for is refused.
#[derive(Debug)]
pub(super) struct Refusal {
    status: u16,
    reason: &'static str,
    message: String,
}

pub(super) type Result<T = Answer> = std::result::Result<T, Refusal>;

impl Answer {
    pub(super) fn ok(body: &Json) -> Self {
        Self {
            status: 200,
            headers: vec![("content-type", "application/json; charset=UTF-8".into())],
            body: body.to_string(),
        }
    }

    pub(super) fn empty(status: u16) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body: String::new(),
        }
    }

    /// A body as it is: an error's, or a proxy's HTML.
    pub(super) fn raw(status: u16, body: &str) -> Self {
        Self {
            body: body.to_owned(),
            ..Self::empty(status)
        }
    }

    pub(super) fn with(mut self, name: &'static str, value: String) -> Self {
        self.headers.push((name, value));
        self
    }

    pub(super) fn into_response(self) -> Response {
        let mut response = Response::builder().status(StatusCode::from_u16(self.status).unwrap());
        for (name, value) in self.headers {
            response = response.header(name, value);
        }
        response.body(Body::from(self.body)).unwrap()
    }
}

impl Refusal {
    pub(super) fn new(status: u16, reason: &'static str, message: impl Into<String>) -> Self {
        Self {
            status,
            reason,
            message: message.into(),
        }
    }

    pub(super) fn invalid(message: impl Into<String>) -> Self {
        Self::new(400, "invalid", message)
    }

    pub(super) fn not_found(what: &str) -> Self {
        Self::new(404, "notFound", format!("Not found: {what}"))
    }

    pub(super) fn duplicate(what: &str) -> Self {
        Self::new(409, "duplicate", format!("Already Exists: {what}"))
    }

    /// As a job says it that failed for the same.
    pub(super) fn into_failure(self) -> (String, String) {
        (self.reason.into(), self.message)
    }
}

impl From<Refusal> for Answer {
    fn from(refusal: Refusal) -> Self {
        let status = match refusal.status {
            400 => "INVALID_ARGUMENT",
            404 => "NOT_FOUND",
            409 => "ALREADY_EXISTS",
            _ => "UNKNOWN",
        };
        let body = json!({ "error": {
            "code": refusal.status,
            "message": refusal.message,
            "errors": [
                { "message": refusal.message, "domain": "global", "reason": refusal.reason },
            ],
            "status": status,
        } });
        Self {
            status: refusal.status,
            ..Self::ok(&body)
        }
    }
}
