//! Parquet: files of rows, and the folder of them that is a published copy.

mod file;
mod folder;
mod view;

pub use file::{Stamp, Written};
pub use folder::Folder;

pub(crate) use file::{Layout, Writer};

use std::path::PathBuf;
use std::sync::Arc;

use crate::destination::{Destination, Surroundings};
use crate::error::Result;

/// The folder that a target names.
pub(crate) fn open(place: &str, surroundings: &Surroundings) -> Result<Arc<dyn Destination>> {
    let folder = Folder::at(PathBuf::from(place), &surroundings.publication);
    Ok(Arc::new(folder))
}
