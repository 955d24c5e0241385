//! What goes wrong on purpose.

use std::collections::HashMap;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures::{StreamExt, stream};
use serde_json::json;

use crate::world::Random;

/// One way to fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum FaultKind {
    /// 500 with a JSON body.
    Error500,
    /// 502 with HTML, as a gateway sends it.
    Gateway502,
    /// 503 without a body.
    Unavailable503,
    /// The connection breaks in the middle of the body.
    Reset,
    /// A 200 whose JSON ends in the middle.
    Truncation,
    /// A 200 with HTML.
    Garbage,
    /// Nothing comes for a while.
    Stall,
    /// A 200 with JSON of another type.
    WrongType,
    /// One 401, although the token is good.
    Unauthorized,
}

impl FaultKind {
    /// All that are over quickly; a stall takes as long as it is set to.
    pub const QUICK: &[Self] = &[
        Self::Error500,
        Self::Gateway502,
        Self::Unavailable503,
        Self::Reset,
        Self::Truncation,
        Self::Garbage,
        Self::WrongType,
        Self::Unauthorized,
    ];
}

/// How often something goes wrong. The same request repeated succeeds after two faults at most.
#[derive(Debug, Clone, Default)]
pub struct Faults {
    /// Of a request, from 0 to 1.
    pub probability: f64,
    /// Which faults; drawn evenly.
    pub kinds: Vec<FaultKind>,
    /// Another seed, other requests.
    pub seed: u64,
    /// How long a stall lasts.
    pub stall: Duration,
}

/// An item that fails for ever.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Poison {
    /// With that status and a JSON body.
    Status(u16),
    /// With that status and a page, as a gateway sends it.
    Page(u16),
    /// With a 200 that is no JSON.
    Garbage,
    /// With a 200 of that many bytes.
    Large(usize),
    /// With that status and that body, which is said to be JSON.
    Answer(u16, String),
}

/// Faults in a row that one request meets at most.
const IN_A_ROW: u32 = 2;

#[derive(Debug, Default)]
pub(crate) struct FaultState {
    pub(crate) faults: Faults,
    /// Attempts by path and query.
    pub(crate) attempts: HashMap<String, u32>,
    /// By a part of the path: an id, or `id/performance_graph`.
    pub(crate) poison: HashMap<String, Poison>,
    pub(crate) garbled: Vec<Garbled>,
}

/// Bytes in the place of a text, where no JSON of ours could hold them.
#[derive(Debug)]
pub(crate) struct Garbled {
    /// A part of the path.
    pub(crate) part: String,
    pub(crate) text: String,
    pub(crate) bytes: Vec<u8>,
}

impl std::str::FromStr for Poison {
    type Err = String;

    /// `404`, `page:403`, `garbage`, or `large:BYTES`.
    fn from_str(text: &str) -> Result<Self, String> {
        if text == "garbage" {
            return Ok(Self::Garbage);
        }
        if let Some(bytes) = text.strip_prefix("large:") {
            let large = bytes.parse().map(Self::Large);
            return large.map_err(|_| format!("`{bytes}` is no number of bytes"));
        }
        let (status, poison): (&str, fn(u16) -> Self) = match text.strip_prefix("page:") {
            Some(status) => (status, Self::Page),
            None => (text, Self::Status),
        };
        status.parse().map(poison).map_err(|_| {
            format!(
                "`{status}` is no status, and neither `page:STATUS`, `garbage` nor `large:BYTES`"
            )
        })
    }
}

impl FaultState {
    /// The fault that this attempt of a request meets.
    pub(crate) fn draw(&mut self, request: &str) -> Option<FaultKind> {
        if self.faults.probability <= 0.0 || self.faults.kinds.is_empty() {
            return None;
        }
        let attempt = self.attempts.entry(request.to_owned()).or_default();
        *attempt += 1;
        if *attempt > IN_A_ROW {
            *attempt = 0;
            return None;
        }
        let mut random = Random::new(self.faults.seed, request, u64::from(*attempt));
        if random.chance(self.faults.probability) {
            return Some(*random.pick(&self.faults.kinds));
        }
        *attempt = 0;
        None
    }

    pub(crate) fn poisoned(&self, path: &str, query: &str) -> Option<Poison> {
        let is_about_this = |item: &str| match item.split_once('?') {
            Some((part, pair)) => is_about(path, part) && query.split('&').any(|it| it == pair),
            None => is_about(path, item),
        };
        let found = self.poison.iter().find(|(item, _)| is_about_this(item));
        found.map(|(_, poison)| poison.clone())
    }

    /// The good answer with other bytes in it, where a test wants them.
    pub(crate) fn garble(&self, path: &str, mut body: Vec<u8>) -> Vec<u8> {
        let garbled = self.garbled.iter();
        for garbled in garbled.filter(|garbled| is_about(path, &garbled.part)) {
            body = replaced(&body, garbled.text.as_bytes(), &garbled.bytes);
        }
        body
    }
}

/// Whether the path has that segment, or ends with those.
fn is_about(path: &str, part: &str) -> bool {
    match part.split_once('/') {
        Some(_) => path.ends_with(part),
        None => path.split('/').any(|segment| segment == part),
    }
}

fn replaced(body: &[u8], text: &[u8], bytes: &[u8]) -> Vec<u8> {
    let mut replaced = Vec::with_capacity(body.len());
    let mut rest = body;
    while let Some(at) = rest.windows(text.len()).position(|window| window == text) {
        replaced.extend_from_slice(&rest[..at]);
        replaced.extend_from_slice(bytes);
        rest = &rest[at + text.len()..];
    }
    replaced.extend_from_slice(rest);
    replaced
}

impl Poison {
    pub(crate) fn answer(&self) -> Response {
        match self {
            Self::Status(status) => {
                let status = code(*status);
                let body =
                    json!({"status": status.as_u16(), "error_code": 0, "message": "poisoned item"});
                (status, axum::Json(body)).into_response()
            }
            Self::Page(status) => {
                (code(*status), html("<html><h1>Attention</h1></html>")).into_response()
            }
            Self::Garbage => html("<html>not what you asked for</html>"),
            Self::Large(bytes) => large(*bytes),
            Self::Answer(status, body) => {
                let content_type = [(header::CONTENT_TYPE, "application/json")];
                (code(*status), content_type, body.clone()).into_response()
            }
        }
    }
}

fn code(status: u16) -> StatusCode {
    StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

/// A body that grows while it is read.
fn large(bytes: usize) -> Response {
    const PIECE: usize = 1 << 16;
    let pieces = std::iter::once(Bytes::from_static(b"{\"text\":\""))
        .chain(std::iter::repeat_n(
            Bytes::from(vec![b'x'; PIECE]),
            bytes.div_ceil(PIECE),
        ))
        .chain(std::iter::once(Bytes::from_static(b"\"}")));
    let body = Body::from_stream(stream::iter(pieces.map(Ok::<_, std::io::Error>)));
    ([(header::CONTENT_TYPE, "application/json")], body).into_response()
}

fn html(text: &'static str) -> Response {
    (
        [(header::CONTENT_TYPE, HeaderValue::from_static("text/html"))],
        text,
    )
        .into_response()
}

/// A body that breaks after its first part.
fn broken(first: Bytes) -> Body {
    let error = stream::once(async {
        // Without the pause the error comes before the head is sent, and there is no answer at all.
        tokio::time::sleep(Duration::from_millis(10)).await;
        Err(std::io::Error::from(std::io::ErrorKind::ConnectionReset))
    });
    Body::from_stream(stream::iter([Ok(first)]).chain(error))
}

/// Turns the good answer into the faulty one.
pub(crate) fn spoil(kind: FaultKind, good: &[u8]) -> Response {
    match kind {
        FaultKind::Error500 => {
            let body = json!({"status": 500, "error_code": 1, "message": "Internal error"});
            (StatusCode::INTERNAL_SERVER_ERROR, axum::Json(body)).into_response()
        }
        FaultKind::Gateway502 => (
            StatusCode::BAD_GATEWAY,
            html("<html><h1>502 Bad Gateway</h1></html>"),
        )
            .into_response(),
        FaultKind::Unavailable503 => StatusCode::SERVICE_UNAVAILABLE.into_response(),
        FaultKind::Unauthorized => {
            let body = json!({"status": 401, "message": "Unauthorized"});
            (StatusCode::UNAUTHORIZED, axum::Json(body)).into_response()
        }
        FaultKind::Garbage => html("<html><body>Please wait</body></html>"),
        FaultKind::WrongType => axum::Json(json!(["unexpected"])).into_response(),
        FaultKind::Truncation => {
            let half = Bytes::copy_from_slice(&good[..good.len() / 2]);
            ([(header::CONTENT_TYPE, "application/json")], half).into_response()
        }
        FaultKind::Reset => {
            let half = Bytes::copy_from_slice(&good[..good.len() / 2]);
            ([(header::CONTENT_TYPE, "application/json")], broken(half)).into_response()
        }
        // The wait is over; now it comes as it should.
        FaultKind::Stall => (
            [(header::CONTENT_TYPE, "application/json")],
            Bytes::copy_from_slice(good),
        )
            .into_response(),
    }
}
