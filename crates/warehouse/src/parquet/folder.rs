//! A folder of Parquet files as a destination: one folder a table, month folders for the large ones.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use tempfile::TempDir;

use super::file::{Stamp, stamp};
use crate::destination::{Destination, Found, Replacement, Size, Transport};
use crate::duckdb::Reader;
use crate::error::{Error, IoContext, Result};
use crate::publish::Publication;
use crate::query::Limits;
use crate::schema::{ColumnType, Table};
use crate::unit::{Part, Unit};
use crate::{Lock, SCHEMA_VERSION};

/// How files on their way are called, beside the tables.
const WORKSPACE: &str = ".publishing-";

/// A file that is there until the first publication has come to its end.
const INCOMPLETE: &str = ".incomplete";

/// Hive's name for the folder of rows without a value.
const UNDATED: &str = "__HIVE_DEFAULT_PARTITION__";

/// A published folder.
#[derive(Debug, Clone)]
pub struct Folder {
    path: PathBuf,
    publication: Publication,
    /// Held while it is published to.
    lock: Arc<Mutex<Option<Lock>>>,
}

impl Folder {
    /// The folder at that path, whether or not it is there yet.
    pub fn at(path: PathBuf, publication: &Publication) -> Self {
        Self {
            path,
            publication: publication.clone(),
            lock: Arc::default(),
        }
    }

    /// A reader over the folder: views of the names that the tables have, over its files.
    ///
    /// # Errors
    /// [`Error::Missing`] where nothing was published, [`Error::Incomplete`] where only a part was,
    /// [`Error::OtherVersion`] where another version of the program did it.
    pub(crate) fn read(&self, limits: Limits) -> Result<Reader> {
        let path = std::path::absolute(&self.path).at("look at", &self.path)?;
        let files = self.files()?;
        if files.is_empty() {
            return Err(Error::Missing { path });
        }
        if self.path.join(INCOMPLETE).exists() {
            return Err(Error::Incomplete { path });
        }
        let mut statements = Vec::new();
        for table in &self.publication.tables {
            let files = files.iter().filter(|(unit, _)| unit.table == table.name);
            let files: Result<Vec<(&Path, Stamp)>> = files
                .map(|(unit, file)| Ok((file.as_path(), self.readable(unit, file)?)))
                .collect();
            let files = files?;
            statements.push(match self.is_there(table, files.len()) {
                true => super::view::sql(table, &files),
                false => super::view::absent(table, &path),
            });
        }
        for view in &self.publication.views {
            statements.push(super::view::named(view.table.name, &view.sql()));
        }
        Reader::over_folder(&path, &statements, limits)
    }

    fn readable(&self, unit: &Unit, file: &Path) -> Result<Stamp> {
        match stamp(file)? {
            Some(stamp) if stamp.schema_version == SCHEMA_VERSION => Ok(stamp),
            Some(_) => Err(Error::OtherVersion {
                path: self.path.clone(),
            }),
            None => Err(not_ours(file, &format!("it is in the place of `{unit}`"))),
        }
    }

    /// Whether a table of so many files was published; one in months may have no rows.
    fn is_there(&self, table: &Table, files: usize) -> bool {
        files > 0 || table.partition_by.is_some() && self.table_folder(table.name).exists()
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
        let mut files = Vec::new();
        for table in &self.publication.tables {
            let mut parts = vec![Part::All];
            if table.partition_by.is_some() {
                parts = self.months(table)?;
            }
            for part in parts {
                let unit = Unit {
                    table: table.name.to_owned(),
                    part,
                };
                let file = self.file(&unit);
                if file.try_exists().at("look for", &file)? {
                    files.push((unit, file));
                }
            }
        }
        Ok(files)
    }

    fn months(&self, table: &Table) -> Result<Vec<Part>> {
        let folder = self.table_folder(table.name);
        let entries = match fs::read_dir(&folder) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
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
        let mut held = self
            .lock
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        if held.is_none() {
            *held = Some(Lock::acquire(self.path.join(".lock"), "publish")?);
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
}

#[async_trait]
impl Destination for Folder {
    fn workspace(&self) -> Result<TempDir> {
        fs::create_dir_all(&self.path).at("create", &self.path)?;
        self.lock()?;
        self.remove_leftovers();
        if self.files()?.is_empty() {
            let mark = self.path.join(INCOMPLETE);
            fs::write(&mark, "").at("create", &mark)?;
        }
        tempfile::Builder::new()
            .prefix(WORKSPACE)
            .tempdir_in(&self.path)
            .at("create a folder in", &self.path)
    }

    async fn published(&self) -> Result<Found> {
        let mut found = Found::default();
        let tables = self.publication.tables.iter().map(|table| table.name);
        let is_there = |name: &&str| self.table_folder(name).exists();
        found.tables = tables.filter(is_there).map(ToOwned::to_owned).collect();
        for (unit, file) in self.files()? {
            match stamp(&file) {
                Ok(Some(stamp)) if stamp.table == unit.table => {
                    found.units.insert(unit, stamp.fingerprint);
                }
                Ok(_) => return Err(not_ours(&file, "another program wrote it")),
                // Written anew.
                Err(Error::Damaged { .. }) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(found)
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

    async fn prepare(&self, table: &Table) -> Result<()> {
        let folder = self.table_folder(table.name);
        fs::create_dir_all(&folder).at("create", &folder)
    }

    async fn replace(&self, replacement: Replacement<'_>) -> Result<()> {
        let unit = Unit {
            table: replacement.table.name.to_owned(),
            part: replacement.part,
        };
        let file = self.file(&unit);
        let folder = parent(&file);
        fs::create_dir_all(folder).at("create", folder)?;
        fs::rename(replacement.file, &file).at("publish as", &file)?;
        sync(folder)
    }

    async fn remove(&self, _: &Table, unit: &Unit) -> Result<()> {
        let file = self.file(unit);
        match fs::remove_file(&file) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(error).at("remove", &file)?,
            _ => {}
        }
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

    async fn complete(&self) -> Result<()> {
        let mark = self.path.join(INCOMPLETE);
        match fs::remove_file(&mark) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(error).at("remove", &mark),
            _ => sync(&self.path),
        }
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

fn not_ours(file: &Path, reason: &str) -> Error {
    Error::NotOurs {
        path: file.into(),
        reason: reason.into(),
    }
}
