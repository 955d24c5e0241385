//! The socket: requests in, answers or broken connections out.

use std::collections::BTreeMap;
use std::io;
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, ready};

use axum::Router;
use axum::body::Bytes;
use axum::extract::connect_info::Connected;
use axum::extract::{ConnectInfo, Request, State as Shared};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::serve::{IncomingStream, Listener};
use serde_json::Value as Json;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};

use super::answer::{Answer, Refusal, Result};
use super::fault::{Call, Effect};
use super::state::{PROJECT, State};
use super::{jobs, queries, tables, upload};

/// About as many bytes as the head of an answer has.
const HEAD: usize = 110;

/// A request.
pub(super) struct Asked {
    pub(super) call: Call,
    /// Behind the project.
    pub(super) path: Vec<String>,
    pub(super) query: BTreeMap<String, String>,
    pub(super) headers: HeaderMap,
    pub(super) bytes: Bytes,
    /// The body, if it is JSON.
    pub(super) json: Json,
}

pub(super) async fn serve(listener: TcpListener, state: Arc<Mutex<State>>) {
    let router = Router::new().fallback(handle).with_state(state);
    let service = router.into_make_service_with_connect_info::<Budget>();
    axum::serve(Door(listener), service).await.unwrap();
}

async fn handle(
    Shared(state): Shared<Arc<Mutex<State>>>,
    ConnectInfo(budget): ConnectInfo<Budget>,
    request: Request,
) -> Response {
    let Some(asked) = read(request).await else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let effect = {
        let mut state = state.lock().unwrap();
        state.expire();
        let subject = subject(&state, &asked);
        state.seen.push((asked.call, asked.json.clone()));
        state.meet(asked.call, &subject)
    };
    match effect {
        Some(Effect::Answered(status, body)) => return Answer::raw(status, body).into_response(),
        Some(Effect::Dropped) => {
            budget.set(0);
            return StatusCode::OK.into_response();
        }
        _ => {}
    }
    let answer = answer(&mut state.lock().unwrap(), &asked).unwrap_or_else(Answer::from);
    match effect {
        Some(Effect::DoneButAnswered(status, body)) => {
            return Answer::raw(status, body).into_response();
        }
        Some(Effect::DoneButDropped) => budget.set(0),
        Some(Effect::DoneButCutOff) => budget.set(HEAD + answer.body.len() / 2),
        Some(Effect::DoneButSilent) => std::future::pending().await,
        _ => {}
    }
    answer.into_response()
}

/// `None` for what is not in the documents.
async fn read(request: Request) -> Option<Asked> {
    let (parts, body) = request.into_parts();
    let bytes = axum::body::to_bytes(body, usize::MAX).await.ok()?;
    let path = parts.uri.path().trim_start_matches('/').to_owned();
    let (path, is_upload) = match path.strip_prefix("upload/") {
        Some(path) => (path, true),
        None => (path.as_str(), false),
    };
    let path = path.strip_prefix(&format!("bigquery/v2/projects/{PROJECT}/"))?;
    let path: Vec<&str> = path.split('/').collect();
    let json: Json = serde_json::from_slice(&bytes).unwrap_or_default();
    let call = Call::of(&parts.method, is_upload, &path, &parts.headers, &json)?;
    let query = parts.uri.query().unwrap_or_default();
    let query = url::form_urlencoded::parse(query.as_bytes());
    Some(Asked {
        call,
        path: path.into_iter().map(ToOwned::to_owned).collect(),
        query: query.into_owned().collect(),
        headers: parts.headers,
        bytes,
        json,
    })
}

/// What faults know a request by: its path, its upload, its job.
fn subject(state: &State, asked: &Asked) -> String {
    let upload = asked.query.get("upload_id").map_or("", String::as_str);
    let job = asked.json["jobReference"]["jobId"].as_str();
    let job = job.or_else(|| state.upload_of(upload)).unwrap_or_default();
    format!("{} {upload} {job}", asked.path.join("/"))
}

fn answer(state: &mut State, asked: &Asked) -> Result {
    let part = |at: usize| asked.path.get(at).map(String::as_str).unwrap_or_default();
    // datasets/DATASET/tables/TABLE, jobs/JOB, queries/JOB
    let (of, table) = (part(1), part(3));
    match asked.call {
        Call::DatasetGet => tables::get_dataset(state, of),
        Call::DatasetInsert => tables::insert_dataset(state, asked),
        Call::TableList => tables::list(state, asked, of),
        Call::TableGet => tables::get(state, of, table),
        Call::TableInsert => tables::insert(state, asked, of),
        Call::TablePatch => tables::patch(state, asked, of, table),
        Call::DataList => tables::data(state, asked, of, table),
        Call::TestPermissions => tables::permissions(state, asked, of, table),
        Call::UploadBegin => upload::begin(state, asked),
        Call::UploadChunk => upload::chunk(state, asked),
        Call::UploadStatus => upload::status(state, asked),
        Call::JobList => Ok(jobs::list(state, asked)),
        Call::JobGet => jobs::get(state, asked, of),
        Call::JobCancel => jobs::cancel(state, asked, of),
        Call::DryRun => queries::dry_run(state, asked),
        Call::QueryRun if asked.json["configuration"].get("query").is_none() => {
            Err(Refusal::invalid("Required parameter is missing"))
        }
        Call::QueryRun => queries::run(state, asked),
        Call::QueryResults => queries::results(state, asked, of),
    }
}

/// Bytes that a connection may still carry to the client. Then it breaks.
#[derive(Debug, Clone)]
struct Budget(Arc<AtomicUsize>);

impl Budget {
    fn set(&self, bytes: usize) {
        self.0.store(bytes, Ordering::Relaxed);
    }
}

impl Connected<IncomingStream<'_, Door>> for Budget {
    fn connect_info(stream: IncomingStream<'_, Door>) -> Self {
        stream.remote_addr().clone()
    }
}

/// Where connections come in, each with its budget instead of an address.
struct Door(TcpListener);

impl Listener for Door {
    type Io = Line;
    type Addr = Budget;

    async fn accept(&mut self) -> (Line, Budget) {
        let (stream, _) = Listener::accept(&mut self.0).await;
        let budget = Budget(Arc::new(AtomicUsize::new(usize::MAX)));
        let line = Line {
            stream,
            budget: budget.clone(),
        };
        (line, budget)
    }

    fn local_addr(&self) -> io::Result<Budget> {
        Ok(Budget(Arc::default()))
    }
}

/// A connection that can be cut off.
struct Line {
    stream: TcpStream,
    budget: Budget,
}

impl AsyncRead for Line {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for Line {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let left = self.budget.0.load(Ordering::Relaxed);
        if left == 0 {
            return Poll::Ready(Err(io::ErrorKind::ConnectionReset.into()));
        }
        let bytes = &bytes[..bytes.len().min(left)];
        let written = ready!(Pin::new(&mut self.stream).poll_write(context, bytes))?;
        if left != usize::MAX {
            self.budget.set(left - written);
        }
        Poll::Ready(Ok(written))
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
