//! The system's keyring, for those who asked with `login --remember` that their password be kept there.

use std::path::PathBuf;

use anyhow::{Context, Result};
use keyring::{Entry, Error};
use peloton_api::Credentials;
use secrecy::{ExposeSecret, SecretString};

use crate::config::Profile;

const SERVICE: &str = "peloton-looker";

/// The entry of a profile.
pub(crate) struct Keyring {
    entry: Entry,
    /// It says that there is an entry: without it the keyring is left alone.
    marker: PathBuf,
}

impl Keyring {
    /// Opens the keyring; fails where the system has none, or where it stays locked.
    pub(crate) fn open(profile: &Profile) -> Result<Self> {
        let open = || {
            if let Err(error) = Entry::store_status() {
                anyhow::bail!("{error}");
            }
            let entry = Entry::new(SERVICE, &profile.folder.to_string_lossy())?;
            match entry.get_password() {
                Ok(_) | Err(Error::NoEntry) => Ok(entry),
                Err(error) => Err(error.into()),
            }
        };
        Ok(Self {
            entry: open().context("use the keyring of this system")?,
            marker: marker(profile),
        })
    }

    /// Whether something was put into it for this profile.
    pub(crate) fn is_used(profile: &Profile) -> bool {
        marker(profile).exists()
    }

    /// The keyring, if something was put into it for this profile.
    pub(crate) fn of(profile: &Profile) -> Result<Option<Self>> {
        let keyring = Self::is_used(profile).then(|| Self::open(profile));
        keyring.transpose()
    }

    pub(crate) fn remember(&self, credentials: &Credentials) -> Result<()> {
        let Credentials { username, password } = credentials;
        let text = serde_json::to_string(&(username, password.expose_secret()))
            .map(SecretString::from)
            .context("write user name and password as text")?;
        // The marker first: a kill in between leaves a marker without an entry, which is harmless.
        std::fs::write(&self.marker, "")
            .with_context(|| format!("write `{}`", self.marker.display()))?;
        self.entry
            .set_password(text.expose_secret())
            .context("put the password into the keyring")
    }

    pub(crate) fn recall(&self) -> Result<Option<Credentials>> {
        let text = match self.entry.get_password() {
            Ok(text) => SecretString::from(text),
            Err(Error::NoEntry) => return Ok(None),
            Err(error) => return Err(error).context("read the password in the keyring"),
        };
        let (username, password): (String, String) = serde_json::from_str(text.expose_secret())
            .map_err(|_| anyhow::anyhow!("what the keyring has is no user name and password"))?;
        let password = SecretString::from(password);
        Ok(Some(Credentials { username, password }))
    }

    pub(crate) fn forget(&self) -> Result<()> {
        match self.entry.delete_credential() {
            Ok(()) | Err(Error::NoEntry) => {}
            Err(error) => return Err(error).context("delete the password in the keyring"),
        }
        std::fs::remove_file(&self.marker)
            .with_context(|| format!("remove `{}`", self.marker.display()))
    }
}

fn marker(profile: &Profile) -> PathBuf {
    profile.state().join("password-is-in-keyring")
}
