//! What of the archive can't be read or is gone, and whether it was fetched again since.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::Result;

use super::ledger::Ledger;
use crate::archive::{Archive, Damage, Index, RunNote};

/// A place of the archive that says nothing any more.
#[derive(Debug, Clone)]
pub(crate) struct Defect {
    /// Its name in the note of the run that mends it.
    pub(crate) name: String,
    /// What a person is told.
    pub(crate) finding: String,
    /// Whether a run of `sync --full` has met it and had everything all the same. Its index knew nothing of what
    /// was lost, so whatever Peloton still had was due, and was had.
    pub(crate) is_mended: bool,
}

/// All of them. What a kill left half-written is none.
pub(super) fn find(archive: &Archive, ledger: &Ledger, index: &Index) -> Result<Vec<Defect>> {
    let damaged = archive.damage().filter(|damage| !damage.is_torn_tail);
    let damaged = damaged.map(|Damage { path, from, to, .. }| {
        let file = path.file_name().map(Path::new).unwrap_or(path).display();
        let path = path.display();
        (
            format!("{file}:{from}-{to}"),
            format!("`{path}` is damaged between bytes {from} and {to}"),
        )
    });
    let gone = ledger.gaps(archive).into_iter().map(|numbers| {
        let (first, last) = numbers.into_inner();
        let finding = match last - first {
            0 => format!("segment {first} of the archive is gone"),
            _ => format!("segments {first} to {last} of the archive are gone"),
        };
        (format!("{first:06}-{last:06}"), finding)
    });
    let twins = ledger.gone_twins(archive).into_iter();
    let twins = twins.map(|name| {
        let finding = format!("segment `{name}` of the archive is gone");
        (name.to_owned(), finding)
    });
    let cut = ledger.cut(archive).into_iter().map(|(segment, loaded)| {
        let (name, path, read) = (segment.name(), segment.path.display(), segment.read);
        (
            format!("{name}:{read}-{loaded}"),
            format!("`{path}` ends at byte {read}, and went on to byte {loaded}"),
        )
    });
    let found: Vec<(String, String)> = damaged.chain(gone).chain(twins).chain(cut).collect();
    if found.is_empty() {
        return Ok(Vec::new());
    }
    let mended = mended(index)?;
    let defect = |(name, finding)| Defect {
        is_mended: mended.contains(&name),
        name,
        finding,
    };
    Ok(found.into_iter().map(defect).collect())
}

fn mended(index: &Index) -> Result<BTreeSet<String>> {
    let mut mended = BTreeSet::new();
    for run in index.runs.values() {
        mended.extend(serde_json::from_str::<RunNote>(&run.note)?.mended);
    }
    Ok(mended)
}
