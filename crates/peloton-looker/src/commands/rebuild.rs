//! `rebuild`: the warehouse anew from the archive, without a request.

use anyhow::Result;

use super::{Context, Outcome};
use crate::cli::RebuildArgs;
use crate::error::Advised;
use crate::load::Loader;
use crate::output::counted;

pub(crate) fn run(args: &RebuildArgs, context: &Context) -> Result<Outcome> {
    let profile = &context.config.profile;
    if !profile.warehouse().exists() && !super::sql::has_archive(context) {
        let (name, folder) = (&profile.name, profile.folder.display());
        return Err(Advised::new(
            format!("there is nothing to rebuild: profile `{name}` in {folder} has no archive and no warehouse"),
            "is it the profile's name? `peloton-looker sync` fills a new one",
        )
        .into());
    }
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
