//! Resumable uploads of a file to a load job: chunks, 308, the status question, lost sessions.

use std::path::Path;

use reqwest::header::{CONTENT_LENGTH, CONTENT_RANGE, LOCATION, RANGE};
use reqwest::{Method, Response};
use serde_json::Value;
use tokio::fs::File;
use tokio::io::{AsyncReadExt, AsyncSeekExt};
use url::Url;

use super::client::{Client, pause_or_fail, refusal};
use super::error::Error;
use super::jobs::Job;

/// A multiple of 256 KiB, as Google demands of all but the last.
const CHUNK: u64 = 8 << 20;

/// Sessions that may get lost before an upload is given up.
const SESSIONS: usize = 3;

/// Sends a file and gives the job that it began. A job of that id which is there already is an error
/// with status 409, at whatever step Google notices.
pub(super) async fn upload(
    client: &Client,
    project: &str,
    job: &Value,
    file: &Path,
) -> Result<Job, Error> {
    let mut lost = None;
    for _ in 0..SESSIONS {
        let size = size(file).await?;
        let session = begin(client, project, job, size).await?;
        match send(client, session, file, size).await {
            // The session is over or unknown: only a new one helps.
            Err(
                error @ Error::Refused {
                    status: 404 | 410, ..
                },
            ) => lost = Some(error),
            result => return result,
        }
    }
    Err(lost.unwrap_or_else(|| unreadable("an upload without a session")))
}

async fn begin(client: &Client, project: &str, job: &Value, size: u64) -> Result<Url, Error> {
    let url = client.at("upload", &["projects", project, "jobs"])?;
    let mut pauses = client.retry.pauses();
    loop {
        let request = client
            .request(Method::POST, url.clone())
            .query(&[("uploadType", "resumable")])
            .header("X-Upload-Content-Type", "application/octet-stream")
            .header("X-Upload-Content-Length", size)
            .json(job);
        let error = match answered(client, client.send(request).await).await {
            Ok(Answer::Done { location, .. }) => {
                return location.ok_or_else(|| unreadable("an upload session without an address"));
            }
            Ok(Answer::GoOn { .. }) => unreadable("308 to the beginning of an upload"),
            Err(error) => error,
        };
        pause_or_fail(&mut pauses, error).await?;
    }
}

async fn send(client: &Client, session: Url, file: &Path, size: u64) -> Result<Job, Error> {
    let mut reader = File::open(file).await.map_err(|error| local(&error))?;
    let mut session = session;
    let mut offset = 0;
    let mut pauses = client.retry.pauses();
    loop {
        let request = chunk(client, &session, &mut reader, offset, size).await?;
        let answer = answered(client, client.send(request).await).await;
        let answer = match answer {
            Err(error) => {
                pause_or_fail(&mut pauses, error).await?;
                // What arrived before the trouble, Google knows.
                let request = client
                    .request(Method::PUT, session.clone())
                    .header(CONTENT_LENGTH, 0)
                    .header(CONTENT_RANGE, format!("bytes */{size}"));
                match answered(client, client.send(request).await).await {
                    Ok(answer) => answer,
                    Err(error) => {
                        pause_or_fail(&mut pauses, error).await?;
                        continue;
                    }
                }
            }
            Ok(answer) => answer,
        };
        match answer {
            Answer::Done { body, .. } => return super::client::read(&body),
            Answer::GoOn { stored, location } => {
                if stored > offset {
                    // Progress: the next trouble is a new one.
                    pauses = client.retry.pauses();
                } else {
                    pause_or_fail(&mut pauses, unfinished(stored, size)).await?;
                }
                offset = stored;
                session = location.unwrap_or(session);
            }
        }
    }
}

async fn chunk(
    client: &Client,
    session: &Url,
    reader: &mut File,
    offset: u64,
    size: u64,
) -> Result<reqwest::RequestBuilder, Error> {
    // Google has all of it and says that it has not: the last bytes again end it.
    let from = offset.min(size.saturating_sub(1));
    let length = CHUNK.min(size - from);
    let mut bytes = Vec::new();
    reader
        .seek(std::io::SeekFrom::Start(from))
        .await
        .map_err(|error| local(&error))?;
    reader
        .take(length)
        .read_to_end(&mut bytes)
        .await
        .map_err(|error| local(&error))?;
    let last = from + length - 1;
    Ok(client
        .request(Method::PUT, session.clone())
        .header(CONTENT_RANGE, format!("bytes {from}-{last}/{size}"))
        .body(bytes))
}

enum Answer {
    /// What the answer says; to the beginning of an upload: where the session is.
    Done {
        body: Vec<u8>,
        location: Option<Url>,
    },
    /// 308: how many bytes are stored, and where the rest goes if elsewhere.
    GoOn { stored: u64, location: Option<Url> },
}

async fn answered(client: &Client, sent: Result<Response, Error>) -> Result<Answer, Error> {
    let response = sent?;
    let status = response.status();
    let location = location(&response);
    if status.as_u16() == 308 {
        return Ok(Answer::GoOn {
            stored: stored(&response),
            location,
        });
    }
    // One that breaks off is as good as none: the status question tells.
    let body = response.bytes().await;
    let body = body.map_err(|source| client.unreachable(source))?.to_vec();
    if status.is_success() {
        return Ok(Answer::Done { body, location });
    }
    Err(refusal(status.as_u16(), &body))
}

/// `Range: bytes=0-42`, or without the unit; none while nothing is stored.
fn stored(response: &Response) -> u64 {
    let range = response.headers().get(RANGE);
    let last = range
        .and_then(|range| range.to_str().ok())
        .and_then(|range| range.rsplit('-').next())
        .and_then(|last| last.trim().parse::<u64>().ok());
    last.map_or(0, |last| last + 1)
}

fn location(response: &Response) -> Option<Url> {
    let location = response.headers().get(LOCATION)?.to_str().ok()?;
    response.url().join(location).ok()
}

fn unfinished(stored: u64, size: u64) -> Error {
    Error::Refused {
        status: 503,
        reason: "backendError".into(),
        message: format!("an upload stays at {stored} of {size} bytes"),
    }
}

async fn size(file: &Path) -> Result<u64, Error> {
    let metadata = tokio::fs::metadata(file).await;
    metadata
        .map(|metadata| metadata.len())
        .map_err(|error| local(&error))
}

fn local(error: &std::io::Error) -> Error {
    unreadable(&format!("the file to upload can't be read: {error}"))
}

fn unreadable(what: &str) -> Error {
    Error::Answer { what: what.into() }
}
