//! `logout`: forgets the tokens.

use anyhow::Result;

use super::{Context, Outcome};
use crate::credentials;

pub(crate) fn run(context: &Context) -> Result<Outcome> {
    credentials::store(&context.config).forget()?;
    context
        .terminal
        .say("Logged out. The archive and the warehouse stay as they are.");
    Ok(Outcome::Complete)
}
