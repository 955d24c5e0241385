//! `logout`: forgets the tokens, and a password in the keyring.

use anyhow::Result;

use super::{Context, Outcome};
use crate::credentials;
use crate::keyring::Keyring;

pub(crate) fn run(context: &Context) -> Result<Outcome> {
    credentials::store(&context.config).forget()?;
    if let Some(keyring) = Keyring::of(&context.config.profile)? {
        keyring.forget()?;
    }
    context
        .terminal
        .say("Logged out. The archive and the warehouse stay as they are.");
    Ok(Outcome::Complete)
}
