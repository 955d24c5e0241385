//! `published.json`: which files of a folder make the copy, and whose data they are.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{ErrorKind, Read, Write};
use std::path::Path;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::error::{Error, IoContext, Result};
use crate::unit::{Fingerprint, Unit};

/// Its name in the folder. No dot before it: whoever copies the folder copies it too.
const NAME: &str = "published.json";

/// The same while it is written.
const COMING: &str = ".published.json";

/// Bytes that are read at once.
const CHUNK: usize = 1 << 20;

/// What a folder holds. It is written when a publication has come to its end, so that until then the files that
/// were replaced are not those that it names.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Manifest {
    /// Version of the tables.
    pub(super) schema_version: i32,
    /// The account whose data they are, where that is known.
    pub(super) owner: Option<Fingerprint>,
    /// The files of each table by the part of its rows. A table in months may have none.
    pub(super) tables: BTreeMap<String, BTreeMap<String, Entry>>,
}

/// One file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Entry {
    /// Of its rows.
    pub(super) fingerprint: Fingerprint,
    /// Its size.
    pub(super) bytes: u64,
    /// SHA-256 of its bytes.
    pub(super) digest: String,
}

impl Manifest {
    /// The one of a folder, if it has one.
    pub(super) fn read(folder: &Path) -> Result<Option<Self>> {
        let path = folder.join(NAME);
        let text = match fs::read(&path) {
            Err(error)
                if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) =>
            {
                return Ok(None);
            }
            text => text.at("read", &path)?,
        };
        let read = serde_json::from_slice(&text);
        read.map(Some).map_err(|_| Error::Occupied { path })
    }

    /// Takes the place of the one that is there.
    pub(super) fn write(&self, folder: &Path) -> Result<()> {
        let (path, coming) = (folder.join(NAME), folder.join(COMING));
        let text = serde_json::to_vec_pretty(self).map_err(|error| Error::Refused {
            reason: error.to_string(),
        })?;
        let mut file = File::create(&coming).at("create", &coming)?;
        file.write_all(&text)
            .and_then(|()| file.sync_all())
            .at("write", &coming)?;
        fs::rename(&coming, &path).at("publish as", &path)
    }

    pub(super) fn get(&self, unit: &Unit) -> Option<&Entry> {
        self.tables.get(&unit.table)?.get(&unit.part.to_string())
    }

    pub(super) fn insert(&mut self, unit: &Unit, entry: Entry) {
        let table = self.tables.entry(unit.table.clone()).or_default();
        table.insert(unit.part.to_string(), entry);
    }

    pub(super) fn remove(&mut self, unit: &Unit) {
        if let Some(table) = self.tables.get_mut(&unit.table) {
            table.remove(&unit.part.to_string());
        }
    }

    /// Every file that it names.
    pub(super) fn units(&self) -> impl Iterator<Item = (Unit, &Entry)> {
        self.tables.iter().flat_map(|(table, parts)| {
            parts.iter().filter_map(|(part, entry)| {
                let unit = Unit {
                    table: table.clone(),
                    part: part.parse().ok()?,
                };
                Some((unit, entry))
            })
        })
    }
}

impl Entry {
    /// That of a file as it is.
    pub(super) fn of(file: &Path, fingerprint: Fingerprint) -> Result<Self> {
        let (bytes, digest) = digest(file)?;
        Ok(Self {
            fingerprint,
            bytes,
            digest,
        })
    }
}

fn digest(path: &Path) -> Result<(u64, String)> {
    let mut file = File::open(path).at("open", path)?;
    let (mut hash, mut bytes) = (Sha256::new(), 0);
    let mut chunk = vec![0; CHUNK];
    loop {
        let count = file.read(&mut chunk).at("read", path)?;
        let Some(read) = chunk.get(..count).filter(|read| !read.is_empty()) else {
            break;
        };
        hash.update(read);
        bytes += count as u64;
    }
    let digits = hash.finalize();
    let digits = digits.iter().map(|byte| format!("{byte:02x}"));
    Ok((bytes, digits.collect()))
}
