//! The server by which a machine of Google's gives its own credentials.

use std::path::PathBuf;
use std::time::Duration;

use tokio::sync::OnceCell;

use super::error::Error;

/// Of a link, not of a name: elsewhere nobody has it, and no name server is waited for.
const ADDRESS: &str = "169.254.169.254";
/// By it Google's library finds the server elsewhere.
const HOST: &str = "GCE_METADATA_HOST";
/// By this header, and nothing else, it is known that Google answers.
const FLAVOR: (&str, &str) = ("metadata-flavor", "Google");

const PATIENCE: Duration = Duration::from_secs(1);
/// On a machine that has just started its first answers may take longer.
const TRIES: usize = 3;

/// Google's library asks it last, however long nobody answers. Like Google's other libraries we look first
/// whether there is one.
#[derive(Debug)]
pub(super) struct MetadataServer {
    host: String,
    found: OnceCell<()>,
}

impl MetadataServer {
    /// Where it will be asked for a token; none where a file has the credentials.
    pub(super) fn if_needed() -> Option<Self> {
        let is_named = std::env::var_os("GOOGLE_APPLICATION_CREDENTIALS").is_some();
        let is_there = || well_known_file().is_some_and(|path| path.exists());
        if is_named || is_there() {
            return None;
        }
        let host = std::env::var(HOST).unwrap_or_else(|_| ADDRESS.to_owned());
        Some(Self::at(host))
    }

    fn at(host: String) -> Self {
        let found = OnceCell::new();
        Self { host, found }
    }

    /// Looks for it until it was found once.
    pub(super) async fn find(&self) -> Result<(), Error> {
        let found = self.found.get_or_try_init(|| self.look()).await;
        found.copied()
    }

    async fn look(&self) -> Result<(), Error> {
        let missing = || Error::Credentials {
            reason:
                "no key file is named, `gcloud` has stored none, and this is no machine of Google's"
                    .into(),
        };
        let client = reqwest::Client::builder()
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .timeout(PATIENCE)
            .build()
            .map_err(|_| missing())?;
        for _ in 0..TRIES {
            let asked = client.get(format!("http://{}/", self.host));
            let answer = asked.header(FLAVOR.0, FLAVOR.1).send().await;
            let is_google = |answer: reqwest::Response| {
                let flavor = answer.headers().get(FLAVOR.0);
                flavor.is_some_and(|flavor| flavor == FLAVOR.1)
            };
            if answer.is_ok_and(is_google) {
                return Ok(());
            }
        }
        Err(missing())
    }
}

/// What `gcloud auth application-default login` writes.
fn well_known_file() -> Option<PathBuf> {
    let (root, folder) = if cfg!(windows) {
        ("APPDATA", "gcloud")
    } else {
        ("HOME", ".config/gcloud")
    };
    let root = PathBuf::from(std::env::var_os(root)?);
    Some(
        root.join(folder)
            .join("application_default_credentials.json"),
    )
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpListener;

    use super::*;

    /// A server that answers like this; never, where it is to say nothing.
    async fn server(answer: &'static str) -> MetadataServer {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let host = listener.local_addr().unwrap().to_string();
        tokio::spawn(async move {
            let mut silent = Vec::new();
            while let Ok((mut stream, _)) = listener.accept().await {
                let mut request = [0; 1024];
                let length = stream.read(&mut request).await.unwrap();
                let request = String::from_utf8_lossy(&request[..length]).to_lowercase();
                assert!(request.contains("metadata-flavor: google"), "{request}");
                stream.write_all(answer.as_bytes()).await.unwrap();
                if answer.is_empty() {
                    silent.push(stream);
                }
            }
        });
        MetadataServer::at(host)
    }

    #[tokio::test]
    async fn a_server_with_googles_mark_is_found_once_for_all() {
        let google = "HTTP/1.1 200 OK\r\nMetadata-Flavor: Google\r\nContent-Length: 0\r\n\r\n";
        let server = server(google).await;
        server.find().await.unwrap();
        assert!(server.found.initialized());
        server.find().await.unwrap();
    }

    #[tokio::test]
    async fn who_has_no_mark_or_says_nothing_is_not_google() {
        for answer in ["HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", ""] {
            let began = Instant::now();
            let missing = server(answer).await.find().await.unwrap_err();
            assert!(matches!(missing, Error::Credentials { .. }), "{missing}");
            assert!(began.elapsed() < Duration::from_secs(6));
        }
    }
}
