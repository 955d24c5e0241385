//! Read-only SQL on the published file, for SQL that a person typed.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use duckdb::{AccessMode, Config, Connection, InterruptHandle};
use tempfile::TempDir;

use super::{load, statement};
use crate::error::{DuckDbContext, Error, IoContext, Result};
use crate::query::{Limits, Value};

/// A read-only connection to one version of the file. A load that is published meanwhile does not
/// disturb it; a new reader sees the new version.
pub struct Reader {
    /// One statement at a time.
    connection: Mutex<Connection>,
    interrupt: Arc<InterruptHandle>,
    limits: Limits,
    /// The other name under which the file is open, for as long as it is.
    _alias: Option<TempDir>,
    /// Where a query that needs more memory than it may have puts the rest.
    _spill: Option<TempDir>,
}

impl std::fmt::Debug for Reader {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Reader")
            .field("limits", &self.limits)
            .finish_non_exhaustive()
    }
}

impl Reader {
    pub(crate) fn open(path: &Path, limits: Limits) -> Result<Self> {
        let alias = alias(path)?;
        let name = alias
            .as_ref()
            .map_or_else(|| path.to_path_buf(), |alias| alias.path().join("file"));
        let config = config(&limits)
            .and_then(|config| config.access_mode(AccessMode::ReadOnly))
            .doing("set up a reader")?;
        let connection =
            Connection::open_with_flags(name, config).map_err(
                |error| match crate::error::holder(&error) {
                    Some(holder) => Error::Locked {
                        path: path.into(),
                        holder,
                    },
                    None => Error::Unreadable {
                        path: path.into(),
                        source: error.into(),
                    },
                },
            )?;
        Self::lock_down(connection, limits, alias)
    }

    /// Over files in a folder: the statements make views over them, and nothing else may be read.
    pub(crate) fn over_folder(
        folder: &Path,
        statements: &[String],
        limits: Limits,
    ) -> Result<Self> {
        let connection = config(&limits)
            .and_then(Connection::open_in_memory_with_flags)
            .doing("set up a reader")?;
        for statement in statements {
            connection
                .execute_batch(statement)
                .doing(format!("look into `{}`", folder.display()))?;
        }
        // DuckDB compares a pattern before it looks for what it matches.
        let path = folder.to_string_lossy();
        let folders = [&path, load::exactly(&path).as_str()].map(load::literal);
        connection
            .execute_batch(&format!(
                "SET allowed_directories = [{}]",
                folders.join(", ")
            ))
            .doing("set up a reader")?;
        Self::lock_down(connection, limits, None)
    }

    fn lock_down(connection: Connection, limits: Limits, alias: Option<TempDir>) -> Result<Self> {
        // Answers do not depend on the zone of the machine. Without the extension for zones there is
        // no such setting, and nothing that could depend on it.
        let _ = connection.execute_batch("SET TimeZone = 'UTC'");
        // Not beside the file, since the home may be read-only. A system without a place for temporary
        // files has its queries in memory.
        let spill = tempfile::tempdir().ok();
        let spill_path = spill.as_ref().map_or_else(String::new, |folder| {
            folder.path().to_string_lossy().into_owned()
        });
        // Groups by whole numbers are found by their place up to so many bits: seconds, or cadence and resistance.
        connection
            .execute_batch(&format!(
                "SET temp_directory = {}; SET enable_external_access = false; \
                 SET perfect_ht_threshold = 16; SET lock_configuration = true",
                load::literal(&spill_path)
            ))
            .doing("lock the configuration")?;
        Ok(Self {
            interrupt: connection.interrupt_handle(),
            connection: Mutex::new(connection),
            limits,
            _alias: alias,
            _spill: spill,
        })
    }

    /// Ends the query that runs, from another thread.
    pub(crate) fn interrupt_handle(&self) -> Arc<InterruptHandle> {
        Arc::clone(&self.interrupt)
    }

    fn connection(&self) -> MutexGuard<'_, Connection> {
        self.connection
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// Makes temporary functions and types on the connection.
    ///
    /// # Errors
    /// [`Error::Refused`] for a statement that does something else.
    pub(crate) fn set_up(&self, statements: &[String]) -> Result<()> {
        let connection = self.connection();
        for statement in statements {
            statement::check_setup(statement)?;
            connection
                .execute_batch(statement)
                .doing("make the functions of a query")?;
        }
        Ok(())
    }

    /// Runs one reading statement, its `?` filled with the parameters, and hands its batches to `take`,
    /// the schema first, as they come.
    ///
    /// # Errors
    /// [`Error::Refused`] for anything that does not only read, [`Error::TimedOut`] after the limit,
    /// and what `take` returns.
    pub fn query<E: From<Error>>(
        &self,
        sql: &str,
        params: &[Value],
        start: impl FnOnce(&SchemaRef) -> std::result::Result<(), E>,
        mut take: impl FnMut(RecordBatch) -> std::result::Result<(), E>,
    ) -> std::result::Result<(), E> {
        statement::check(sql)?;
        let connection = self.connection();
        let start_watchdog = |timeout| (timeout, Watchdog::start(&connection, timeout));
        let watchdog = self.limits.timeout.map(start_watchdog);
        let run = || -> std::result::Result<(), E> {
            let mut statement = connection.prepare(sql).doing("understand the statement")?;
            let params = duckdb::params_from_iter(params.iter().map(parameter));
            drop(statement.stream_arrow(params).doing("run the statement")?);
            start(&statement.schema())?;
            // `step` gives errors back, where the crate's iterator panics.
            while let Some(array) = statement.step().doing("run the statement")? {
                take(RecordBatch::from(&array))?;
            }
            Ok(())
        };
        let result = run();
        match watchdog {
            Some((timeout, watchdog)) if watchdog.has_fired() => Err(Error::TimedOut {
                seconds: timeout.as_secs(),
            }
            .into()),
            _ => result,
        }
    }

    /// All batches of a statement of our own.
    pub fn batches(&self, sql: &str) -> Result<Vec<RecordBatch>> {
        let connection = self.connection();
        let mut statement = connection.prepare(sql).doing(format!("prepare `{sql}`"))?;
        Ok(statement
            .query_arrow([])
            .doing(format!("run `{sql}`"))?
            .collect())
    }

    /// The first column of a statement of our own, as text.
    pub fn strings(&self, sql: &str) -> Result<Vec<String>> {
        super::strings(&self.connection(), sql)
    }

    /// What tells this version of the file from every other; `None` where an older program made it.
    pub(crate) fn version(&self) -> Result<Option<String>> {
        let connection = self.connection();
        let found = super::strings(
            &connection,
            "SELECT table_name FROM duckdb_tables() WHERE schema_name = 'state' AND table_name = 'load'",
        )?;
        if found.is_empty() {
            return Ok(None);
        }
        Ok(super::strings(&connection, "SELECT id FROM state.load")?.pop())
    }
}

/// What holds for every reader.
fn config(limits: &Limits) -> duckdb::Result<Config> {
    Config::default()
        .enable_autoload_extension(false)
        .and_then(|config| config.with("autoinstall_known_extensions", "false"))
        .and_then(|config| config.max_memory(&limits.memory))
}

fn parameter(value: &Value) -> duckdb::types::Value {
    use duckdb::types::{TimeUnit, Value as Parameter};
    match value {
        Value::String(text) => Parameter::Text(text.clone()),
        Value::Int64(number) => Parameter::BigInt(*number),
        Value::Float64(number) => Parameter::Double(*number),
        Value::Bool(is_true) => Parameter::Boolean(*is_true),
        Value::Date(date) => {
            let epoch = jiff::civil::date(1970, 1, 1);
            let days = (*date - epoch).get_days();
            Parameter::Date32(days)
        }
        Value::Timestamp(time) => {
            Parameter::Timestamp(TimeUnit::Microsecond, time.as_microsecond())
        }
    }
}

/// DuckDB applies a journal that lies beside a file to what it reads, by row number, whoever left it
/// there. Under another name the file has no journal; a symbolic link would be seen through.
pub(super) fn alias(path: &Path) -> Result<Option<TempDir>> {
    if !load::journal(path).exists() {
        return Ok(None);
    }
    let linked = tempfile::Builder::new()
        .prefix(&alias_prefix(path))
        .tempdir_in(path.parent().unwrap_or(Path::new(".")))
        .and_then(|folder| std::fs::hard_link(path, folder.path().join("file")).map(|()| folder));
    if let Ok(folder) = linked {
        return Ok(Some(folder));
    }
    // A home that can only be read, or a file system without links.
    let folder = tempfile::tempdir().at("make a folder for", path)?;
    std::fs::copy(path, folder.path().join("file")).at("copy", path)?;
    Ok(Some(folder))
}

/// How the folders of other names begin, beside the file.
pub(crate) fn alias_prefix(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    format!("{name}.reading-")
}

/// Interrupts the connection when the time is over.
struct Watchdog {
    fired: Arc<AtomicBool>,
    stop: Option<std::sync::mpsc::Sender<()>>,
    thread: Option<std::thread::JoinHandle<()>>,
}

impl Watchdog {
    fn start(connection: &Connection, timeout: Duration) -> Self {
        let fired = Arc::new(AtomicBool::new(false));
        let (stop, stopped) = std::sync::mpsc::channel::<()>();
        let (handle, flag) = (connection.interrupt_handle(), Arc::clone(&fired));
        let thread = std::thread::spawn(move || {
            if stopped.recv_timeout(timeout) == Err(std::sync::mpsc::RecvTimeoutError::Timeout) {
                flag.store(true, Ordering::SeqCst);
                handle.interrupt();
            }
        });
        Self {
            fired,
            stop: Some(stop),
            thread: Some(thread),
        }
    }

    fn has_fired(&self) -> bool {
        self.fired.load(Ordering::SeqCst)
    }
}

impl Drop for Watchdog {
    fn drop(&mut self) {
        self.stop = None;
        if let Some(thread) = self.thread.take() {
            // It only waits and interrupts; there is nothing to learn from how it ended.
            let _ = thread.join();
        }
    }
}
