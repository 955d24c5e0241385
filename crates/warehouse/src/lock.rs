//! One writer at a time, across processes; the second learns who the first is.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, Write};
use std::path::PathBuf;

use jiff::Timestamp;

use crate::error::{Error, IoContext, Result};

/// An advisory lock on a file that names its holder. The system gives it back when the process ends,
/// however it ends.
#[derive(Debug)]
pub struct Lock {
    _file: File,
}

impl Lock {
    /// Takes the lock, and writes who took it for what.
    ///
    /// # Errors
    /// [`Error::Locked`] with the holder's own words while another process has it.
    pub fn acquire(path: PathBuf, purpose: &str) -> Result<Self> {
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)
            .at("open the lock", &path)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let mut holder = String::new();
                // Without the name the refusal is as true.
                let _ = file.read_to_string(&mut holder);
                let holder = holder.trim();
                let holder = if holder.is_empty() {
                    "another process"
                } else {
                    holder
                };
                return Err(Error::Locked {
                    path,
                    holder: holder.into(),
                });
            }
            Err(TryLockError::Error(source)) => {
                return Err(Error::Io {
                    action: "lock",
                    path,
                    source,
                });
            }
        }
        let holder = format!(
            "`{purpose}` (process {}, since {:.0})\n",
            std::process::id(),
            Timestamp::now()
        );
        file.set_len(0)
            .and_then(|()| file.rewind())
            .and_then(|()| file.write_all(holder.as_bytes()))
            .at("write the lock", &path)?;
        Ok(Self { _file: file })
    }
}
