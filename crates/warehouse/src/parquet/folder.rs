//! A folder of Parquet files as a destination: one folder a table, month folders for the large ones.

use std::fs;
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use tempfile::TempDir;

use super::file::{Stamp, stamp};
use super::manifest::{Entry, Manifest};
use crate::destination::{Destination, Examined, Found, Replacement, Size, Transport};
use crate::duckdb::Reader;
use crate::error::{Error, IoContext, Result};
use crate::publish::Publication;
use crate::query::Limits;
use crate::schema::{ColumnType, Table};
use crate::unit::{Fingerprint, Part, Unit};
use crate::{Lock, SCHEMA_VERSION};

/// How files on their way are called, beside the tables.
const WORKSPACE: &str = ".publishing-";

/// What older versions left where no publication had come to its end.
const INCOMPLETE: &str = ".incomplete";

/// Hive's name for the folder of rows without a value.
const UNDATED: &str = "__HIVE_DEFAULT_PARTITION__";

/// How a Parquet file begins.
const MAGIC: &[u8] = b"PAR1";

/// A published folder.
#[derive(Debug, Clone)]
pub struct Folder {
    path: PathBuf,
    publication: Publication,
    state: Arc<Mutex<State>>,
}

#[derive(Debug, Default)]
struct State {
    /// Held while it is published to.
    lock: Option<Lock>,
    /// What is there by now.
    manifest: Manifest,
}

impl Folder {
    /// The folder at that path, whether or not it is there yet.
    pub fn at(path: PathBuf, publication: &Publication) -> Self {
        Self {
            path,
            publication: publication.clone(),
            state: Arc::default(),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A reader over the folder: views of the names that the tables have, over the files of the publication that
    /// came to its end last. Who asks a table of which one was replaced since, or is missing, is told so.
    ///
    /// # Errors
    /// [`Error::Missing`] where nothing was published, [`Error::Incomplete`] where no publication came to its end,
    /// [`Error::OtherVersion`] where another version of the program did it.
    pub(crate) fn read(&self, limits: Limits) -> Result<Reader> {
        let path = std::path::absolute(&self.path).at("look at", &self.path)?;
        let manifest = self.manifest()?;
        let mut statements = Vec::new();
        for table in &self.publication.tables {
            statements.push(match self.table_files(table, &manifest) {
                Ok(Some(files)) => super::view::sql(table, &files),
                Ok(None) => super::view::failing(table, &absent(table, &path)),
                Err(error) => super::view::failing(table, &altered(table, &error)),
            });
        }
        for view in &self.publication.views {
            statements.push(super::view::named(view.table.name, &view.sql()));
        }
        Reader::over_folder(&path, &statements, limits)
    }

    /// What was published last.
    fn manifest(&self) -> Result<Manifest> {
        let manifest = Manifest::read(&self.path)?.unwrap_or_default();
        if !manifest.tables.is_empty() && manifest.schema_version != SCHEMA_VERSION {
            return Err(Error::OtherVersion {
                path: self.path.clone(),
            });
        }
        if !manifest.tables.is_empty() {
            return Ok(manifest);
        }
        let path = std::path::absolute(&self.path).at("look at", &self.path)?;
        Err(match self.files()?.is_empty() {
            true => Error::Missing { path },
            false => Error::Incomplete { path },
        })
    }

    /// The files of a table as they were published; none where the table was not.
    fn table_files(
        &self,
        table: &Table,
        manifest: &Manifest,
    ) -> Result<Option<Vec<(PathBuf, Stamp)>>> {
        if !manifest.tables.contains_key(table.name) {
            return Ok(None);
        }
        let units = manifest.units();
        let units = units.filter(|(unit, _)| unit.table == table.name);
        let files = units.map(|(unit, entry)| {
            let file = self.file(&unit);
            unaltered(&file, entry).map(|stamp| (file, stamp))
        });
        files.collect::<Result<_>>().map(Some)
    }

    /// A file that is the one that was published, and of which a byte is not as it was. All of them are read for
    /// that.
    pub(crate) fn damaged(&self) -> Option<Error> {
        let manifest = Manifest::read(&self.path).ok()??;
        let damaged = manifest.units().find_map(|(unit, entry)| {
            let path = self.file(&unit);
            unaltered(&path, entry).ok()?;
            let now = Entry::of(&path, entry.fingerprint.clone()).ok()?;
            (now != *entry).then_some(path)
        });
        let what = "is damaged";
        damaged.map(|path| Error::Altered { path, what })
    }

    fn table_folder(&self, table: &str) -> PathBuf {
        self.path.join(table)
    }

    fn file(&self, unit: &Unit) -> PathBuf {
        let folder = self.table_folder(&unit.table);
        let folder = match unit.part {
            Part::All => folder,
            Part::Month(month) => folder.join(format!("month={month}")),
            Part::Undated => folder.join(format!("month={UNDATED}")),
        };
        folder.join(format!("{}.parquet", unit.table))
    }

    /// The files that have the names of units.
    fn files(&self) -> Result<Vec<(Unit, PathBuf)>> {
        let tables = self.publication.tables.iter();
        let files: Result<Vec<_>> = tables.map(|table| self.files_of(table)).collect();
        Ok(files?.into_iter().flatten().collect())
    }

    fn files_of(&self, table: &Table) -> Result<Vec<(Unit, PathBuf)>> {
        let parts = match table.partition_by {
            Some(_) => self.months(table)?,
            None => vec![Part::All],
        };
        let mut files = Vec::new();
        for part in parts {
            let unit = Unit {
                table: table.name.to_owned(),
                part,
            };
            let file = self.file(&unit);
            match file.try_exists() {
                // A file stands where the folder of the table is to be.
                Err(error) if error.kind() == ErrorKind::NotADirectory => {}
                is_there => {
                    if is_there.at("look for", &file)? {
                        files.push((unit, file));
                    }
                }
            }
        }
        Ok(files)
    }

    fn months(&self, table: &Table) -> Result<Vec<Part>> {
        let folder = self.table_folder(table.name);
        let entries = match fs::read_dir(&folder) {
            Err(error)
                if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) =>
            {
                return Ok(Vec::new());
            }
            entries => entries.at("list", &folder)?,
        };
        let mut parts = Vec::new();
        for entry in entries {
            let name = entry.at("list", &folder)?.file_name();
            let name = name.to_string_lossy();
            match name.strip_prefix("month=") {
                Some(UNDATED) => parts.push(Part::Undated),
                Some(month) => parts.extend(month.parse::<Part>()),
                None => {}
            }
        }
        parts.sort();
        Ok(parts)
    }

    fn lock(&self) -> Result<()> {
        let mut state = self.state();
        if state.lock.is_none() {
            state.lock = Some(Lock::acquire(self.path.join(".lock"), "publish")?);
        }
        Ok(())
    }

    /// What a kill left of files on their way. Nobody else has the lock.
    fn remove_leftovers(&self) {
        for entry in fs::read_dir(&self.path).into_iter().flatten().flatten() {
            if entry.file_name().to_string_lossy().starts_with(WORKSPACE) {
                // What can't be removed now, the next one removes.
                let _ = fs::remove_dir_all(entry.path());
            }
        }
    }

    /// What is there, whoever brought it and whether or not they came to an end.
    fn look(&self) -> Result<Found> {
        let known = Manifest::read(&self.path)?.unwrap_or_default();
        let mut manifest = Manifest {
            schema_version: SCHEMA_VERSION,
            owner: known.owner.clone(),
            ..Manifest::default()
        };
        for table in &self.publication.tables {
            if self.table_folder(table.name).is_dir() {
                manifest.tables.entry(table.name.into()).or_default();
            }
        }
        for (unit, file) in self.files()? {
            let stamp = match stamp(&file) {
                Ok(Some(stamp)) if stamp.table == unit.table => stamp,
                // Written anew, or left alone.
                Ok(_) | Err(Error::Damaged { .. }) => continue,
                Err(error) => return Err(error),
            };
            let entry = Entry::of(&file, stamp.fingerprint)?;
            let before = known.get(&unit);
            let is_same_rows = before.is_some_and(|old| old.fingerprint == entry.fingerprint);
            if !is_same_rows || before == Some(&entry) {
                manifest.insert(&unit, entry);
            }
        }
        let units = manifest.units();
        let found = Found {
            units: units
                .map(|(unit, entry)| (unit, entry.fingerprint.clone()))
                .collect(),
            tables: manifest.tables.keys().cloned().collect(),
            owner: manifest.owner.clone(),
        };
        self.state().manifest = manifest;
        Ok(found)
    }

    /// Nothing of another program is written over.
    fn refuse_occupied(&self, table: &Table) -> Result<()> {
        let known = Manifest::read(&self.path)?.unwrap_or_default();
        for (unit, path) in self.files_of(table)? {
            let is_ours = match stamp(&path) {
                Ok(stamp) => stamp.is_some(),
                Err(Error::Damaged { .. }) => known.get(&unit).is_some() || is_parquet(&path),
                Err(error) => return Err(error),
            };
            if !is_ours {
                return Err(Error::Occupied { path });
            }
        }
        Ok(())
    }

    /// What of the copy is not as it was published.
    fn damage(&self) -> Option<Error> {
        let manifest = match self.manifest() {
            Ok(manifest) => manifest,
            Err(Error::Missing { path }) => {
                let what = "is missing";
                return Some(Error::Altered { path, what });
            }
            Err(error) => return Some(error),
        };
        let tables = self.publication.tables.iter();
        let altered = |table| self.table_files(table, &manifest).err();
        tables.filter_map(altered).next()
    }

    /// Finds out that files can be made in the folder, without one that anybody sees.
    fn check_writable(&self) -> Result<()> {
        let tables = self.publication.tables.iter();
        let tables = tables.map(|table| self.table_folder(table.name));
        for folder in [self.path.clone()].into_iter().chain(tables) {
            let path = std::path::absolute(&folder).at("look at", &folder)?;
            let is_there = |path: &&Path| path.symlink_metadata().is_ok();
            if let Some(there) = path.ancestors().find(is_there) {
                tempfile::tempfile_in(there).at("write to", there)?;
            }
        }
        Ok(())
    }
}

fn is_parquet(path: &Path) -> bool {
    let mut head = [0; MAGIC.len()];
    let read = fs::File::open(path).and_then(|mut file| file.read_exact(&mut head));
    read.is_ok() && head == MAGIC
}

/// What a file says about itself, if it is the one that was published.
fn unaltered(file: &Path, entry: &Entry) -> Result<Stamp> {
    let altered = |what| Error::Altered {
        path: file.into(),
        what,
    };
    let length = match fs::metadata(file) {
        Ok(metadata) => metadata.len(),
        Err(_) => return Err(altered("is missing")),
    };
    match stamp(file) {
        Ok(Some(stamp)) if stamp.fingerprint != entry.fingerprint => {
            Err(altered("has other rows than were published"))
        }
        Ok(Some(stamp)) if length == entry.bytes => Ok(stamp),
        Ok(None) => Err(altered("was put there by another program")),
        Ok(Some(_)) | Err(Error::Damaged { .. }) => Err(altered("is damaged")),
        Err(error) => Err(error),
    }
}

fn absent(table: &Table, folder: &Path) -> String {
    format!(
        "`{}` was not published to `{}` yet: `peloton-looker publish` brings it there",
        table.name,
        folder.display()
    )
}

fn altered(table: &Table, error: &Error) -> String {
    format!(
        "`{}` is not whole: {error}. `peloton-looker publish` to that folder mends it; a publication that is at \
         work does when it ends",
        table.name
    )
}

#[async_trait]
impl Destination for Folder {
    fn workspace(&self) -> Result<TempDir> {
        fs::create_dir_all(&self.path).at("create", &self.path)?;
        self.lock()?;
        self.remove_leftovers();
        tempfile::Builder::new()
            .prefix(WORKSPACE)
            .tempdir_in(&self.path)
            .at("create a folder in", &self.path)
    }

    /// Reads every byte: what was damaged since it was published is published again.
    async fn published(&self) -> Result<Found> {
        let folder = self.clone();
        let look = tokio::task::spawn_blocking(move || folder.look());
        look.await.map_err(|error| Error::Refused {
            reason: error.to_string(),
        })?
    }

    /// DuckDB, pyarrow, Polars and Spark do.
    fn reads_deltas(&self) -> bool {
        true
    }

    /// Nested tables are views for those who query the folder, made of the flat ones.
    fn transport(&self, table: &Table, _: Size) -> Transport {
        let is_nested = |column: &ColumnType| matches!(column, ColumnType::List(_));
        if table
            .columns
            .iter()
            .any(|column| is_nested(&column.column_type))
        {
            Transport::Absent
        } else {
            Transport::ByUnit
        }
    }

    async fn examine(&self, publication: &Publication) -> Result<Examined> {
        let tables = publication.tables.iter();
        let obstacles = tables.filter_map(|table| self.refuse_occupied(table).err());
        let obstacles = self.check_writable().err().into_iter().chain(obstacles);
        Ok(Examined {
            facts: Vec::new(),
            damage: self.damage(),
            obstacles: obstacles.collect(),
        })
    }

    async fn claim(&self, owner: &Fingerprint) -> Result<()> {
        let known = Manifest::read(&self.path)?;
        let known = known.unwrap_or(Manifest {
            schema_version: SCHEMA_VERSION,
            ..Manifest::default()
        });
        let owner = Some(owner.clone());
        self.state().manifest.owner.clone_from(&owner);
        Manifest { owner, ..known }.write(&self.path)?;
        sync(&self.path)
    }

    async fn prepare(&self, table: &Table) -> Result<()> {
        self.refuse_occupied(table)?;
        let folder = self.table_folder(table.name);
        fs::create_dir_all(&folder).at("create", &folder)?;
        let mut state = self.state();
        state.manifest.tables.entry(table.name.into()).or_default();
        Ok(())
    }

    async fn replace(&self, replacement: Replacement<'_>) -> Result<()> {
        let unit = Unit {
            table: replacement.table.name.to_owned(),
            part: replacement.part,
        };
        let fingerprint = replacement.units.get(&unit).ok_or_else(|| Error::Refused {
            reason: format!("a file that is not `{unit}` can't take its place"),
        })?;
        let entry = Entry::of(replacement.file, fingerprint.clone())?;
        let file = self.file(&unit);
        let folder = parent(&file);
        fs::create_dir_all(folder).at("create", folder)?;
        fs::rename(replacement.file, &file).at("publish as", &file)?;
        self.state().manifest.insert(&unit, entry);
        sync(folder)
    }

    async fn remove(&self, _: &Table, unit: &Unit) -> Result<()> {
        let file = self.file(unit);
        match fs::remove_file(&file) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(error).at("remove", &file)?,
            _ => {}
        }
        self.state().manifest.remove(unit);
        let folder = parent(&file);
        match fs::remove_dir(folder) {
            // Something of somebody else's may lie in it.
            Ok(()) | Err(_) => sync(parent(folder)),
        }
    }

    /// The files say it themselves.
    async fn commit(&self) -> Result<()> {
        Ok(())
    }

    /// From here on the files that are there are the copy.
    async fn complete(&self, failed: &[&str]) -> Result<()> {
        let mut manifest = self.state().manifest.clone();
        let is_whole = |table: &String, _: &mut _| !failed.contains(&table.as_str());
        manifest.tables.retain(is_whole);
        if Manifest::read(&self.path)?.as_ref() == Some(&manifest) {
            return Ok(());
        }
        manifest.write(&self.path)?;
        // Without it nothing is lost.
        let _ = fs::remove_file(self.path.join(INCOMPLETE));
        sync(&self.path)
    }
}

fn parent(path: &Path) -> &Path {
    path.parent().unwrap_or(Path::new("."))
}

fn sync(folder: &Path) -> Result<()> {
    #[cfg(unix)]
    fs::File::open(folder)
        .and_then(|folder| folder.sync_all())
        .at("sync", folder)?;
    Ok(())
}
