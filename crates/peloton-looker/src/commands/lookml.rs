//! `lookml`: what a person does with a LookML project beside asking it.

pub(crate) mod check;
mod live;
pub(crate) mod test;
pub(crate) mod write;

use std::path::{Path, PathBuf};

use super::Context;

/// The folder that was named, as the argument or by `--model`. None: the built-in project.
fn folder<'a>(argument: &'a Option<PathBuf>, context: &'a Context) -> Option<&'a Path> {
    argument.as_deref().or(context.model.as_deref())
}
