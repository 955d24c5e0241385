//! Parquet: files of rows, and the folder of them that is a published copy.

mod file;
mod folder;
mod manifest;
mod view;

pub use file::{Stamp, Written};
pub use folder::Folder;

pub(crate) use file::{Layout, Writer};

use std::sync::Arc;

use crate::destination::{self, Kind, Surroundings};
use crate::query::DuckDb;

/// A folder of Parquet files takes copies, and answers queries of them.
pub(crate) const KIND: Kind = Kind {
    name: "parquet",
    form: "parquet:DIR",
    spell: destination::spell_path,
    open: Some(|path, surroundings| Ok(Arc::new(folder(path, surroundings)))),
    query: Some(|path, surroundings| {
        let folder = folder(path, surroundings);
        Ok(Box::new(DuckDb::on_folder(folder)))
    }),
    is_remote: false,
};

fn folder(path: &str, surroundings: &Surroundings) -> Folder {
    Folder::at(path.into(), &surroundings.publication)
}
