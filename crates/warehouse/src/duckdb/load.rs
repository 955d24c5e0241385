//! A load: changes to a copy of the file, which nobody sees until it is published by rename.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use arrow::array::RecordBatch;
use duckdb::{Config, Connection};
use jiff::Timestamp;

use super::Warehouse;
use super::carry::{self, Own};
use super::reader::{Reader, alias_prefix};
use crate::SCHEMA_VERSION;
use crate::error::{DuckDbContext, Error, IoContext, Result};
use crate::schema::Table;
use crate::view::View;

/// Values of a `DELETE … IN` list at a time.
const DELETE_CHUNK: usize = 5_000;

/// Rows that one transaction deletes. DuckDB keeps a note of each until the commit, in memory; the
/// copy is not seen before it is complete, so a load need not be one transaction.
const DELETED_ROWS: usize = 2_000_000;

/// Of DuckDB's memory; most of it caches blocks that a load does not read again.
const MEMORY: &str = "200MB";

/// Rows on their way into the warehouse. Dropping it leaves the published file as it was.
#[derive(Debug)]
pub struct Load {
    connection: Option<Connection>,
    copy: PathBuf,
    pub(super) published: PathBuf,
    /// Tables that this load found empty: nothing has to be deleted from them.
    empty: BTreeSet<&'static str>,
    /// Rows deleted since the last commit.
    deleted: usize,
    notes: Vec<String>,
    own: Own,
    /// Whether tables got other columns, on which views of a person may stand.
    is_reshaped: bool,
    /// The published file as it was copied.
    pub(super) copied: Option<Copied>,
}

/// The published file, open for reading: as long as it is, no other program can open it for writing,
/// and nothing that it writes gets lost when the copy takes the place.
#[derive(Debug)]
pub(super) struct Copied {
    stamp: (u64, SystemTime),
    _guard: Reader,
}

/// What a publication did.
#[derive(Debug)]
pub struct Published {
    /// What a person should know: a journal put aside, a view that no longer fits.
    pub notes: Vec<String>,
}

impl Load {
    pub(crate) fn begin(
        warehouse: &Warehouse,
        is_rebuild: bool,
        tables: &[Table],
        views: &[View],
    ) -> Result<Self> {
        let published = warehouse.path();
        let copy = beside(published, "loading");
        let copied = copy_published(warehouse, &copy)?;
        let is_first = copied.is_none();
        let mut load = Self {
            connection: Some(open(&copy)?),
            copy,
            published: published.into(),
            empty: BTreeSet::new(),
            deleted: 0,
            notes: Vec::new(),
            own: Own {
                tables: tables.iter().map(|table| table.name).collect(),
                views: views.iter().map(|view| view.table.name).collect(),
            },
            is_reshaped: is_rebuild,
            copied,
        };
        if is_rebuild {
            load.drop_ours()?;
        } else if !is_first {
            load.check_version()?;
        }
        load.execute("BEGIN")?;
        load.prepare(tables, views)?;
        Ok(load)
    }

    fn check_version(&self) -> Result<()> {
        let version = self.strings("SELECT schema_version::VARCHAR FROM state.meta")?;
        if version != [SCHEMA_VERSION.to_string()] {
            return Err(Error::OtherVersion {
                path: self.published.clone(),
            });
        }
        Ok(())
    }

    /// Empties the copy of everything but what a person made.
    fn drop_ours(&mut self) -> Result<()> {
        let kinds = [("VIEW", &self.own.views), ("BASE TABLE", &self.own.tables)];
        let mut statements = vec!["DROP SCHEMA IF EXISTS state CASCADE".to_owned()];
        for (kind, names) in kinds {
            for name in names {
                if self.kind(name)?.as_deref() == Some(kind) {
                    let word = kind.trim_start_matches("BASE ");
                    statements.push(format!("DROP {word} main.{}", quoted(name)));
                }
            }
        }
        statements.push("CHECKPOINT".into());
        self.execute(&statements.join("; "))
    }

    /// `BASE TABLE` or `VIEW`, where something of schema `main` has that name.
    fn kind(&self, name: &str) -> Result<Option<String>> {
        let mut kinds = self.strings(&format!(
            "SELECT table_type FROM information_schema.tables WHERE table_catalog = \
             current_database() AND table_schema = 'main' AND table_name = {}",
            literal(name)
        ))?;
        Ok(kinds.pop())
    }

    fn prepare(&mut self, tables: &[Table], views: &[View]) -> Result<()> {
        self.execute(
            "CREATE SCHEMA IF NOT EXISTS state; \
             CREATE TABLE IF NOT EXISTS state.meta(program VARCHAR, schema_version INTEGER); \
             CREATE OR REPLACE TABLE state.load AS SELECT uuid()::VARCHAR AS id",
        )?;
        self.execute(&format!(
            "DELETE FROM state.meta; INSERT INTO state.meta VALUES ('peloton-looker', {SCHEMA_VERSION})"
        ))?;
        // Ours are made anew after the tables have their columns; a table of theirs cannot be altered
        // while a view of ours hangs on it.
        for view in views {
            self.make_room(view.table.name, "VIEW")?;
            self.execute(&format!(
                "DROP VIEW IF EXISTS main.{}",
                quoted(view.table.name)
            ))?;
        }
        for table in tables {
            self.make_room(table.name, "BASE TABLE")?;
            self.prepare_table(table)?;
        }
        for view in views {
            let name = quoted(view.table.name);
            self.execute(&format!("CREATE VIEW main.{name} AS {}", view.sql()))?;
            self.execute(&format!(
                "COMMENT ON VIEW main.{name} IS {}",
                literal(view.table.description)
            ))?;
        }
        Ok(())
    }

    /// Something of a person's that has the name of one of ours is renamed, never dropped.
    fn make_room(&mut self, name: &str, kind: &str) -> Result<()> {
        let Some(found) = self.kind(name)? else {
            return Ok(());
        };
        if found == kind {
            return Ok(());
        }
        let aside = format!("{name}_of_yours");
        let word = if found == "VIEW" { "VIEW" } else { "TABLE" };
        self.execute(&format!(
            "ALTER {word} main.{} RENAME TO {}",
            quoted(name),
            quoted(&aside)
        ))?;
        self.notes.push(format!(
            "`{name}` is a name of ours now: yours is called `{aside}`"
        ));
        Ok(())
    }

    fn prepare_table(&mut self, table: &Table) -> Result<()> {
        let name = quoted(table.name);
        let columns: Vec<String> = table
            .columns
            .iter()
            .map(|column| {
                format!(
                    "{} {}",
                    quoted(column.name),
                    column.column_type.duckdb_type()
                )
            })
            .collect();
        self.execute(&format!(
            "CREATE TABLE IF NOT EXISTS main.{name} ({})",
            columns.join(", ")
        ))?;
        let there: BTreeSet<String> = self
            .strings(&format!(
                "SELECT column_name FROM duckdb_columns() WHERE database_name = current_database() \
                 AND schema_name = 'main' AND table_name = {}",
                literal(table.name)
            ))?
            .into_iter()
            .collect();
        for (column, definition) in table.columns.iter().zip(&columns) {
            if !there.contains(column.name) {
                self.is_reshaped = true;
                self.execute(&format!("ALTER TABLE main.{name} ADD COLUMN {definition}"))?;
            }
        }
        self.comment(table)?;
        let rows = self.strings(&format!("SELECT 'row' FROM main.{name} LIMIT 1"))?;
        if rows.is_empty() {
            self.empty.insert(table.name);
        }
        Ok(())
    }

    fn comment(&self, table: &Table) -> Result<()> {
        let name = quoted(table.name);
        let mut comments = format!(
            "COMMENT ON TABLE main.{name} IS {};",
            literal(&table.comment())
        );
        for column in &table.columns {
            let text = literal(&column.comment());
            comments.push_str(&format!(
                "COMMENT ON COLUMN main.{name}.{} IS {text};",
                quoted(column.name)
            ));
        }
        self.execute(&comments)
    }

    /// Deletes all rows whose `replace_by` column has one of the values, then appends the batches.
    pub fn replace(
        &mut self,
        table: &Table,
        values: &[&str],
        batches: impl IntoIterator<Item = RecordBatch>,
    ) -> Result<()> {
        if !self.empty.contains(table.name) {
            self.delete(table, values)?;
        }
        for batch in batches {
            self.append(table, &batch)?;
        }
        if self.deleted > DELETED_ROWS {
            self.commit()?;
            self.execute("BEGIN")?;
        }
        Ok(())
    }

    fn delete(&mut self, table: &Table, values: &[&str]) -> Result<()> {
        for chunk in values.chunks(DELETE_CHUNK) {
            let list: Vec<String> = chunk.iter().map(|value| literal(value)).collect();
            let delete = format!(
                "DELETE FROM main.{} WHERE {} IN ({})",
                quoted(table.name),
                quoted(table.replace_by),
                list.join(", ")
            );
            let deleted = self.connection()?.execute(&delete, []);
            self.deleted += deleted.doing(format!("delete from `{}`", table.name))?;
        }
        Ok(())
    }

    fn append(&self, table: &Table, batch: &RecordBatch) -> Result<()> {
        self.append_to("main", table.name, table, batch)
    }

    /// To a table with the columns of that one.
    pub(super) fn append_to(
        &self,
        schema: &str,
        name: &str,
        table: &Table,
        batch: &RecordBatch,
    ) -> Result<()> {
        let rows = batch.num_rows();
        if rows == 0 {
            return Ok(());
        }
        // A column without a value is left out: it becomes NULL by itself, many times faster.
        let present: Vec<usize> = (0..batch.num_columns())
            .filter(|column| batch.column(*column).null_count() < rows)
            .collect();
        // By name: a file of an older version has its new columns at the end.
        let names: Vec<&str> = present
            .iter()
            .map(|column| table.columns[*column].name)
            .collect();
        let Ok(batch) = batch.project(&present) else {
            unreachable!("they are columns of the batch");
        };
        let action = || format!("append to `{}`", table.name);
        let mut appender = self
            .connection()?
            .appender_with_columns_to_db(name, schema, &names)
            .doing(action())?;
        appender
            .append_record_batch(batch)
            .and_then(|()| appender.flush())
            .doing(action())
    }

    /// Runs statements of the program's own.
    pub fn execute(&self, sql: &str) -> Result<()> {
        let shown = sql.split(" (").next().unwrap_or(sql);
        let shown: String = shown.chars().take(80).collect();
        self.connection()?
            .execute_batch(sql)
            .doing(format!("run `{shown}`"))
    }

    /// The first column of a query of the program's own, as text.
    pub fn strings(&self, sql: &str) -> Result<Vec<String>> {
        super::strings(self.connection()?, sql)
    }

    pub(super) fn connection(&self) -> Result<&Connection> {
        self.connection.as_ref().ok_or_else(|| Error::Refused {
            reason: "the load has ended".into(),
        })
    }

    pub(super) fn commit(&mut self) -> Result<()> {
        self.deleted = 0;
        self.execute("COMMIT")?;
        self.execute("CHECKPOINT")
    }

    /// Commits, closes, brings the copy to the disk and renames it over the published file.
    pub fn publish(mut self) -> Result<Published> {
        self.commit()?;
        self.keep_what_is_theirs()?;
        if let Some(connection) = self.connection.take() {
            connection
                .close()
                .map_err(|(_, error)| error)
                .doing("close the warehouse")?;
        }
        File::open(&self.copy)
            .and_then(|file| file.sync_all())
            .at("sync", &self.copy)?;
        self.put_journal_aside()?;
        if cfg!(windows) {
            // It refuses to replace an open file.
            self.copied = None;
        }
        rename(&self.copy, &self.published)?;
        if let Some(folder) = self.published.parent() {
            #[cfg(unix)]
            File::open(folder)
                .and_then(|folder| folder.sync_all())
                .at("sync", folder)?;
        }
        Ok(Published {
            notes: std::mem::take(&mut self.notes),
        })
    }

    fn keep_what_is_theirs(&mut self) -> Result<()> {
        let connection = self.connection()?;
        let mut notes = Vec::new();
        if self.is_reshaped {
            notes.extend(carry::mend_views(connection, &self.own)?);
        }
        // Without its file a journal says nothing.
        if self.copied.is_some() && journal(&self.published).exists() {
            notes.extend(carry::from_journal(connection, &self.published, &self.own)?);
            self.guard_again()?;
        }
        self.notes.extend(notes);
        self.execute("CHECKPOINT")
    }

    /// POSIX gives up the locks of a process on a file when it closes it, as reading the journal did.
    pub(super) fn guard_again(&mut self) -> Result<()> {
        // The old one first: closing it would take the lock of the new one too.
        let before = self.copied.take().map(|copied| copied.stamp);
        let guard = Warehouse::at(self.published.clone()).read_ours()?;
        let stamp = stamp(&self.published)?;
        if before != Some(stamp) {
            return Err(Error::Locked {
                path: self.published.clone(),
                holder: "a program that wrote to it meanwhile".into(),
            });
        }
        self.copied = guard.map(|_guard| Copied { stamp, _guard });
        Ok(())
    }

    /// DuckDB would replay it onto the new file, by row number.
    fn put_journal_aside(&mut self) -> Result<()> {
        let journal = journal(&self.published);
        if !journal.exists() {
            return Ok(());
        }
        let time = Timestamp::now().strftime("%Y%m%dT%H%M%SZ");
        let aside = beside(&self.published, &format!("foreign-journal-{time}"));
        std::fs::rename(&journal, &aside).at("put aside", &journal)?;
        self.notes.push(format!(
            "another program left a journal beside the warehouse; its changes are not applied, it is kept as `{}`",
            aside.display()
        ));
        Ok(())
    }
}

impl Drop for Load {
    fn drop(&mut self) {
        self.connection = None;
        // What can't be removed now is removed by the next load.
        let _ = remove_if_there(&self.copy);
        let _ = remove_if_there(&journal(&self.copy));
    }
}

/// Copies the published file, where there is one. Until the reader that this gives is dropped, no other
/// program can open it for writing.
fn copy_published(warehouse: &Warehouse, copy: &Path) -> Result<Option<Copied>> {
    let published = warehouse.path();
    remove_aliases(published);
    loop {
        remove_if_there(copy)?;
        remove_if_there(&journal(copy))?;
        let Some(reader) = warehouse.read_ours()? else {
            return Ok(None);
        };
        let before = stamp(published)?;
        reflink_copy::reflink_or_copy(published, copy)
            .map(|_| ())
            .at("copy the warehouse to", copy)?;
        // POSIX gives up the locks of a process when it closes a file, as the copying did: the lock is
        // taken again, and if somebody wrote meanwhile, so is the copy.
        drop(reader);
        let guard = warehouse.read_ours()?;
        let stamp = stamp(published)?;
        if stamp == before {
            return Ok(guard.map(|_guard| Copied { stamp, _guard }));
        }
    }
}

/// Other names that readers made and a kill left behind: each would keep an old file alive.
fn remove_aliases(published: &Path) {
    let prefix = alias_prefix(published);
    let folder = published.parent().unwrap_or(Path::new("."));
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        if entry.file_name().to_string_lossy().starts_with(&prefix) {
            // A living reader has its file open and needs the name no more.
            let _ = std::fs::remove_dir_all(entry.path());
        }
    }
}

fn stamp(path: &Path) -> Result<(u64, SystemTime)> {
    std::fs::metadata(path)
        .and_then(|metadata| Ok((metadata.len(), metadata.modified()?)))
        .at("look at", path)
}

/// Windows refuses it while somebody reads the old file, for as long as a query may take.
fn rename(from: &Path, to: &Path) -> Result<()> {
    const TRIES: u32 = 40;
    for _ in 0..TRIES {
        match std::fs::rename(from, to) {
            Err(error) if cfg!(windows) && error.kind() == ErrorKind::PermissionDenied => {
                std::thread::sleep(Duration::from_millis(250));
            }
            result => return result.at("publish the warehouse as", to),
        }
    }
    Err(Error::Locked {
        path: to.into(),
        holder: "a program that reads it, and this system does not replace open files".into(),
    })
}

fn open(path: &Path) -> Result<Connection> {
    let config = Config::default()
        .enable_autoload_extension(false)
        .and_then(|config| config.with("autoinstall_known_extensions", "false"))
        .and_then(|config| config.max_memory(MEMORY))
        .and_then(|config| config.threads(2))
        .and_then(|config| config.with("preserve_insertion_order", "true"))
        .doing("set up a load")?;
    Connection::open_with_flags(path, config).doing(format!("open `{}`", path.display()))
}

pub(crate) fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".");
    name.push(ending);
    path.with_file_name(name)
}

pub(crate) fn journal(path: &Path) -> PathBuf {
    beside(path, "wal")
}

fn remove_if_there(path: &Path) -> Result<()> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error).at("remove", path),
        _ => Ok(()),
    }
}

pub(crate) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// A pattern that matches this path and no other.
pub(crate) fn exactly(path: &str) -> String {
    let mut pattern = String::with_capacity(path.len());
    for letter in path.chars() {
        match letter {
            '*' | '?' | '[' => pattern.extend(['[', letter, ']']),
            _ => pattern.push(letter),
        }
    }
    pattern
}

pub(crate) fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}
