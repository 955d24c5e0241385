//! `rebuild`: the warehouse anew from the archive, without a request.

use anyhow::Result;

use super::{Context, Outcome};
use crate::cli::RebuildArgs;
use crate::load::Loader;
use crate::output::counted;

pub(crate) fn run(args: &RebuildArgs, context: &Context) -> Result<Outcome> {
    let profile = &context.config.profile;
    profile.create()?;
    let _lock = super::sync::lock(profile, "rebuild")?;
    let mut loader = Loader::open(&context.config)?;
    super::sync::report_losses(&loader, &context.terminal)?;
    let loaded = loader.when_free(&context.terminal, |loader| loader.rebuild(args.accept_loss))?;
    for note in &loaded.notes {
        context.terminal.warn(note);
    }
    context.terminal.say(&format!(
        "Rebuilt {}: {}, {}.",
        profile.warehouse().display(),
        counted(loaded.workouts as u64, "workout"),
        counted(loaded.samples, "second"),
    ));
    Ok(Outcome::Complete)
}
