//! `api get`: one raw answer.

use std::io::Write;

use anyhow::{Result, bail};

use super::interruption::unless_interrupted;
use super::{Context, Outcome, runtime};
use crate::credentials::{self, Pace};

pub(crate) fn get(path: &str, context: &Context) -> Result<Outcome> {
    context.config.profile.refuse_demo()?;
    let pace = Pace::resolve(&context.config, None, None);
    let answer = runtime()?.block_on(async {
        let client = credentials::reading_client(&context.config, pace).await?;
        let answer = unless_interrupted(&client, &context.terminal, client.raw(path)).await;
        anyhow::Ok(answer.transpose()?)
    })?;
    let Some(answer) = answer else {
        return Ok(Outcome::Interrupted);
    };
    let mut out = std::io::stdout().lock();
    out.write_all(&answer.body)?;
    if !answer.body.ends_with(b"\n") {
        out.write_all(b"\n")?;
    }
    out.flush()?;
    if !answer.is_ok() {
        bail!("Peloton answered HTTP {}", answer.status);
    }
    Ok(Outcome::Complete)
}
