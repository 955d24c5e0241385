//! How large the files of a plan would be.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use tempfile::TempDir;

use super::{Original, Plan, publish};
use crate::destination::{Destination, Found, Replacement, Size, Transport};
use crate::error::{IoContext, Result};
use crate::schema::Table;
use crate::unit::{Fingerprint, Part, Unit};

/// Bytes of each file that a plan would hand over to a place, in the plan's order: they are written and thrown away.
///
/// # Errors
/// Those of the warehouse and of the disk.
pub async fn measure(
    original: &Original,
    place: &dyn Destination,
    plan: &Plan,
) -> Result<Vec<u64>> {
    let scale = Arc::new(Scale {
        reads_deltas: place.reads_deltas(),
        sizes: Mutex::default(),
    });
    let destination: Arc<dyn Destination> = scale.clone();
    let workspace = destination.workspace()?;
    let stop = std::future::pending();
    publish(original, &destination, &workspace, plan, stop, |_| {}).await?;
    let sizes = scale.sizes.lock().unwrap_or_else(PoisonError::into_inner);
    let size = |piece: &super::Piece| sizes.get(&(piece.table, piece.part)).copied();
    Ok(plan
        .pieces
        .iter()
        .map(|piece| size(piece).unwrap_or_default())
        .collect())
}

/// A destination that keeps nothing but the sizes of what it is given.
#[derive(Debug)]
struct Scale {
    reads_deltas: bool,
    sizes: Mutex<BTreeMap<(&'static str, Part), u64>>,
}

#[async_trait]
impl Destination for Scale {
    fn workspace(&self) -> Result<TempDir> {
        tempfile::tempdir().at("create a folder in", &std::env::temp_dir())
    }

    async fn published(&self) -> Result<Found> {
        Ok(Found::default())
    }

    fn reads_deltas(&self) -> bool {
        self.reads_deltas
    }

    fn transport(&self, _: &Table, _: Size) -> Transport {
        Transport::ByUnit
    }

    async fn claim(&self, _: &Fingerprint) -> Result<()> {
        Ok(())
    }

    async fn prepare(&self, _: &Table) -> Result<()> {
        Ok(())
    }

    async fn replace(&self, replacement: Replacement<'_>) -> Result<()> {
        let metadata = std::fs::metadata(replacement.file).at("measure", replacement.file)?;
        let piece = (replacement.table.name, replacement.part);
        let mut sizes = self.sizes.lock().unwrap_or_else(PoisonError::into_inner);
        sizes.insert(piece, metadata.len());
        Ok(())
    }

    async fn remove(&self, _: &Table, _: &Unit) -> Result<()> {
        Ok(())
    }

    async fn commit(&self) -> Result<()> {
        Ok(())
    }
}
