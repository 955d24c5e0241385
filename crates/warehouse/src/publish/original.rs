//! What copies are published of, and how it is read beside everything else.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use super::contents::{self, Content};
use super::{Publication, panicked};
use crate::duckdb::{EndOnDrop, Reader};
use crate::error::Result;
use crate::unit::{Fingerprint, Part};

/// One version of a warehouse, and what of it is published.
#[derive(Debug, Clone)]
pub struct Original {
    /// Where it is read.
    pub reader: Arc<Reader>,
    /// Its tables and views.
    pub publication: Arc<Publication>,
    /// Whose data they are, where that is known: copies of others' are not written over.
    pub owner: Option<Fingerprint>,
}

/// By the table's name: what its units hold.
pub(super) type Contents = BTreeMap<&'static str, BTreeMap<Part, Content>>;

impl Original {
    /// A version of a warehouse.
    pub fn new(reader: Reader, publication: Publication, owner: Option<Fingerprint>) -> Self {
        Self {
            reader: Arc::new(reader),
            publication: Arc::new(publication),
            owner,
        }
    }

    /// Equal only where every unit is, and found without reading a row; `None` for a file of an older program,
    /// which does not say what version it is.
    ///
    /// # Errors
    /// Those of the warehouse.
    pub fn digest(&self) -> Result<Option<Fingerprint>> {
        let version = self.reader.version()?;
        let recipes = contents::recipes(&self.publication);
        Ok(version.map(|version| Fingerprint::of(&format!("{version}\n{recipes}"))))
    }

    /// What the units of those tables and views hold.
    pub(super) fn contents(&self, names: &[&'static str]) -> Result<Contents> {
        let (reader, publication) = (&self.reader, &self.publication);
        let mut held = Contents::new();
        for table in &publication.tables {
            if names.contains(&table.name) {
                held.insert(table.name, contents::of_table(reader, table)?);
            }
        }
        for view in &publication.views {
            if names.contains(&view.table.name) {
                held.insert(view.table.name, contents::of_view(reader, view)?);
            }
        }
        Ok(held)
    }

    /// Reads in a thread of its own. Whoever drops the future ends the reading.
    pub(super) async fn read<T: Send + 'static>(
        &self,
        read: impl FnOnce(&Self) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let original = self.clone();
        let interrupt = OnceLock::from(self.reader.interrupt_handle());
        let task = tokio::task::spawn_blocking(move || read(&original));
        let _ending = EndOnDrop::new(task.abort_handle(), Arc::new(interrupt));
        task.await.map_err(|_| panicked("reading"))?
    }
}
