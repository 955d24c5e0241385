//! A scripted HTTP service that can also misbehave below HTTP.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use peloton_api::{Client, ClientConfig, RetryConfig, Timeouts, TokenProvider};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};
use url::Url;

/// A request as it arrived.
#[derive(Debug, Clone)]
pub(crate) struct Seen {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) query: BTreeMap<String, String>,
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body: String,
    /// How many requests to this path came before.
    pub(crate) nth: usize,
    pub(crate) at: Instant,
}

impl Seen {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }

    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).expect("the body is JSON")
    }
}

/// What the script answers.
#[derive(Debug, Clone)]
pub(crate) struct Reply {
    status: u16,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
    end: End,
}

#[derive(Debug, Clone, Copy)]
enum End {
    Whole,
    /// The connection closes in the middle of the body.
    Cut,
    /// The connection closes before anything is said.
    Silent,
    /// Half of the body, then nothing more.
    Stall,
    /// A byte now and then, for ever.
    Trickle,
    /// Zeros until the announced length, or for ever without one.
    Flood(Option<u64>),
}

impl Reply {
    pub(crate) fn new(status: u16, body: impl Into<Vec<u8>>) -> Self {
        Reply {
            status,
            headers: Vec::new(),
            body: body.into(),
            end: End::Whole,
        }
    }

    pub(crate) fn json(body: &serde_json::Value) -> Self {
        Reply::new(200, body.to_string())
    }

    pub(crate) fn redirect(location: &str) -> Self {
        Reply::new(302, "").with("Location", location)
    }

    pub(crate) fn cut() -> Self {
        Reply {
            end: End::Cut,
            ..Reply::new(200, r#"{"id":"cut in the middle"}"#)
        }
    }

    pub(crate) fn silent() -> Self {
        Reply {
            end: End::Silent,
            ..Reply::new(200, "")
        }
    }

    pub(crate) fn stall() -> Self {
        Reply {
            end: End::Stall,
            ..Reply::new(200, r#"{"id":"stalls in the middle"}"#)
        }
    }

    pub(crate) fn trickle() -> Self {
        Reply {
            end: End::Trickle,
            ..Reply::new(200, "")
        }
    }

    pub(crate) fn flood(announced: Option<u64>) -> Self {
        Reply {
            end: End::Flood(announced),
            ..Reply::new(200, "")
        }
    }

    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(crate) fn status(mut self, status: u16) -> Self {
        self.status = status;
        self
    }

    fn head(&self) -> String {
        let mut head = format!("HTTP/1.1 {} x\r\nConnection: close\r\n", self.status);
        for (name, value) in &self.headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        match self.end {
            End::Flood(None) | End::Trickle => {}
            End::Flood(Some(length)) => head.push_str(&format!("Content-Length: {length}\r\n")),
            _ => head.push_str(&format!("Content-Length: {}\r\n", self.body.len())),
        }
        head + "\r\n"
    }
}

type Script = dyn Fn(&Seen) -> Reply + Send + Sync;

/// Listens until it is dropped.
pub(crate) struct Service {
    pub(crate) url: Url,
    log: Arc<Mutex<Vec<Seen>>>,
    task: JoinHandle<()>,
}

impl Drop for Service {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Service {
    pub(crate) async fn start(script: impl Fn(&Seen) -> Reply + Send + Sync + 'static) -> Service {
        Service::start_on("127.0.0.1", script).await
    }

    pub(crate) async fn start_on(
        host: &str,
        script: impl Fn(&Seen) -> Reply + Send + Sync + 'static,
    ) -> Service {
        let listener = TcpListener::bind((host, 0)).await.expect("a free port");
        let address = listener.local_addr().expect("it is bound");
        let url = Url::parse(&format!("http://{address}")).expect("an address is a URL");
        let log: Arc<Mutex<Vec<Seen>>> = Arc::default();
        let script: Arc<Script> = Arc::new(script);
        let (log_of_task, script) = (log.clone(), script);
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, log_of_task.clone(), script.clone()));
            }
        });
        Service { url, log, task }
    }

    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.log.lock().unwrap().clone()
    }

    pub(crate) fn paths(&self) -> Vec<String> {
        self.seen().into_iter().map(|seen| seen.path).collect()
    }

    pub(crate) fn config(&self) -> ClientConfig {
        ClientConfig {
            api_url: self.url.clone(),
            auth_url: self.url.clone(),
            ..quick()
        }
    }

    pub(crate) fn client(&self) -> Client {
        Client::new(self.config(), bearer()).unwrap()
    }
}

/// Retries without long waits.
pub(crate) fn quick() -> ClientConfig {
    ClientConfig {
        rate_per_second: None,
        timeouts: Timeouts {
            idle: Duration::from_millis(300),
            ..Timeouts::default()
        },
        retry: RetryConfig {
            backoff_base: Duration::from_millis(1),
            seed: Some(1),
            ..RetryConfig::default()
        },
        ..ClientConfig::default()
    }
}

pub(crate) fn bearer() -> TokenProvider {
    TokenProvider::bearer("given-bearer".into())
}

async fn serve(mut stream: TcpStream, log: Arc<Mutex<Vec<Seen>>>, script: Arc<Script>) {
    let Some(mut seen) = read_request(&mut stream).await else {
        return;
    };
    {
        let mut log = log.lock().unwrap();
        seen.nth = log.iter().filter(|other| other.path == seen.path).count();
        log.push(seen.clone());
    }
    let reply = script(&seen);
    // A client that went away is part of the tests.
    let _ = write_reply(&mut stream, &reply).await;
}

async fn read_request(stream: &mut TcpStream) -> Option<Seen> {
    let mut bytes = Vec::new();
    let head_end = loop {
        if let Some(at) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            break at + 4;
        }
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    };
    let head = String::from_utf8_lossy(&bytes[..head_end]).into_owned();
    let mut lines = head.lines();
    let mut words = lines.next()?.split(' ');
    let (method, target) = (words.next()?.to_owned(), words.next()?);
    let headers: BTreeMap<String, String> = lines
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_lowercase(), value.to_owned()))
        .collect();
    let length = headers
        .get("content-length")
        .and_then(|text| text.parse().ok())
        .unwrap_or(0);
    while bytes.len() < head_end + length {
        stream.read_buf(&mut bytes).await.ok()?;
    }
    let url = Url::parse("http://service").unwrap().join(target).unwrap();
    Some(Seen {
        method,
        path: url.path().to_owned(),
        query: url.query_pairs().into_owned().collect(),
        headers,
        body: String::from_utf8_lossy(&bytes[head_end..]).into_owned(),
        nth: 0,
        at: Instant::now(),
    })
}

async fn write_reply(stream: &mut TcpStream, reply: &Reply) -> std::io::Result<()> {
    if let End::Silent = reply.end {
        return Ok(());
    }
    stream.write_all(reply.head().as_bytes()).await?;
    let half = &reply.body[..reply.body.len() / 2];
    match reply.end {
        End::Whole => stream.write_all(&reply.body).await?,
        End::Cut => stream.write_all(half).await?,
        End::Stall => {
            stream.write_all(half).await?;
            stream.flush().await?;
            // Until the client has had enough and closes.
            let _ = stream.read(&mut [0; 16]).await;
        }
        End::Trickle => loop {
            stream.write_all(b" ").await?;
            tokio::time::sleep(Duration::from_millis(10)).await;
        },
        End::Flood(_) => loop {
            stream.write_all(&[b' '; 1 << 16]).await?;
        },
        End::Silent => {}
    }
    stream.shutdown().await
}
