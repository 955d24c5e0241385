//! The credentials file.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write},
    path::{Path, PathBuf},
};

use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};

use crate::{Error, Result, Tokens};

/// A credentials file (TOML, mode 0600). Opening it reads and makes nothing.
#[derive(Debug, Clone)]
pub struct TokenStore {
    path: PathBuf,
}

/// Held while tokens are renewed; other processes wait in [`TokenStore::lock`].
#[derive(Debug)]
pub struct StoreLock {
    // Closing the file gives the lock back, also when the process dies.
    _file: File,
}

#[derive(Deserialize)]
struct Stored {
    access_token: SecretString,
    refresh_token: Option<SecretString>,
    client_id: String,
    obtained_at: Timestamp,
    expires_at: Option<Timestamp>,
    user_id: Option<String>,
}

#[derive(Serialize)]
struct Shown<'a> {
    access_token: &'a str,
    refresh_token: Option<&'a str>,
    client_id: &'a str,
    obtained_at: Timestamp,
    expires_at: Option<Timestamp>,
    user_id: Option<&'a str>,
}

impl TokenStore {
    /// The file at `path`, which need not exist. Its folder must, to save.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        TokenStore { path: path.into() }
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The tokens, or `None` when there is no file.
    ///
    /// # Errors
    /// [`Error::Store`] when it can't be read, [`Error::StoreDamaged`] when it can't be understood.
    pub fn load(&self) -> Result<Option<Tokens>> {
        let text = match fs::read_to_string(&self.path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(self.error("cannot read", error)),
        };
        let stored: Stored = toml::from_str(&text).map_err(|error| self.damaged(&text, &error))?;
        Ok(Some(Tokens {
            access_token: stored.access_token,
            refresh_token: stored.refresh_token,
            client_id: stored.client_id,
            obtained_at: stored.obtained_at,
            expires_at: stored.expires_at,
            user_id: stored.user_id,
        }))
    }

    /// Writes the tokens: they are on disk, whole, when this returns.
    ///
    /// # Errors
    /// [`Error::Store`]; the file then still holds what it held.
    pub fn save(&self, tokens: &Tokens) -> Result<()> {
        let shown = Shown {
            access_token: tokens.access_token.expose_secret(),
            refresh_token: tokens
                .refresh_token
                .as_ref()
                .map(ExposeSecret::expose_secret),
            client_id: &tokens.client_id,
            obtained_at: tokens.obtained_at,
            expires_at: tokens.expires_at,
            user_id: tokens.user_id.as_deref(),
        };
        let text = toml::to_string(&shown)
            .map_err(|error| self.error("cannot write", io::Error::other(error)))?;
        self.replace(text.as_bytes())
            .map_err(|error| self.error("cannot write", error))
    }

    /// Removes the file; none is fine.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub fn forget(&self) -> Result<()> {
        match fs::remove_file(&self.path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                Err(self.error("cannot remove", error))
            }
            _ => Ok(()),
        }
    }

    /// Finds out whether [`TokenStore::save`] would work, before a request costs a token that
    /// then couldn't be kept.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub fn check_writable(&self) -> Result<()> {
        let probe = || -> io::Result<()> {
            let (path, mut file) = self.temporary()?;
            let written = file.write_all(b"probe").and_then(|()| file.sync_all());
            fs::remove_file(path)?;
            written?;
            self.open_lock().map(drop)
        };
        probe().map_err(|error| self.error("cannot be written", error))
    }

    /// The file's permission bits when others than the owner may read or write it.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub fn wider_mode(&self) -> Result<Option<u32>> {
        match fs::metadata(&self.path) {
            Ok(metadata) => Ok(mode(&metadata).filter(|mode| mode & 0o077 != 0)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(self.error("cannot read", error)),
        }
    }

    /// Waits until no other process renews tokens. Blocks the thread.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub fn lock(&self) -> Result<StoreLock> {
        let locked = self.open_lock().and_then(|file| {
            file.lock()?;
            Ok(StoreLock { _file: file })
        });
        locked.map_err(|error| self.error("cannot lock", error))
    }

    /// The lock is a file of its own, since the credentials file is replaced by rename.
    fn open_lock(&self) -> io::Result<File> {
        let path = self.path.with_added_extension("lock");
        private(OpenOptions::new().write(true).create(true).truncate(false)).open(path)
    }

    fn replace(&self, content: &[u8]) -> io::Result<()> {
        let (path, mut file) = self.temporary()?;
        let written = file
            .write_all(content)
            .and_then(|()| file.sync_all())
            .and_then(|()| fs::rename(&path, &self.path));
        if let Err(error) = written {
            // The reason of the failure matters more than what is left behind.
            let _ = fs::remove_file(&path);
            return Err(error);
        }
        sync_folder(self.folder())
    }

    fn temporary(&self) -> io::Result<(PathBuf, File)> {
        let path = self
            .path
            .with_added_extension(format!("{}.tmp", std::process::id()));
        // Left by a process of the same number that was killed while it wrote.
        match fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let file = private(OpenOptions::new().write(true).create_new(true)).open(&path)?;
        Ok((path, file))
    }

    fn folder(&self) -> &Path {
        match self.path.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            _ => Path::new("."),
        }
    }

    fn error(&self, action: &'static str, source: io::Error) -> Error {
        Error::Store {
            path: self.path.clone(),
            action,
            source,
        }
    }

    /// Names the line only: the reader's own message quotes the text, which is secret.
    fn damaged(&self, text: &str, error: &toml::de::Error) -> Error {
        let line = error
            .span()
            .and_then(|span| text.get(..span.start))
            .map(|before| before.matches('\n').count() + 1);
        let reason = line.map_or_else(
            || "a field is missing".to_owned(),
            |line| format!("cannot understand line {line}"),
        );
        Error::StoreDamaged {
            path: self.path.clone(),
            reason,
        }
    }
}

#[cfg(unix)]
fn private(options: &mut OpenOptions) -> &OpenOptions {
    use std::os::unix::fs::OpenOptionsExt;
    options.mode(0o600)
}

#[cfg(not(unix))]
fn private(options: &mut OpenOptions) -> &OpenOptions {
    options
}

#[cfg(unix)]
#[expect(clippy::unnecessary_wraps, reason = "other systems have no mode")]
fn mode(metadata: &fs::Metadata) -> Option<u32> {
    use std::os::unix::fs::PermissionsExt;
    Some(metadata.permissions().mode() & 0o777)
}

#[cfg(not(unix))]
fn mode(_: &fs::Metadata) -> Option<u32> {
    None
}

#[cfg(unix)]
fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

#[cfg(not(unix))]
fn sync_folder(_: &Path) -> io::Result<()> {
    Ok(())
}
