//! Files that a person reads: one with its final name is whole.

use std::path::Path;

use anyhow::{Context, Result};
use tempfile::NamedTempFile;

/// Gives a file that was written beside it its name, and lets others read it.
pub(crate) fn persist(file: NamedTempFile, path: &Path) -> Result<()> {
    file.as_file()
        .sync_all()
        .context("bring the file to the disk")?;
    let persisted = file.persist(path).context("rename the file")?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        persisted
            .set_permissions(std::fs::Permissions::from_mode(0o644))
            .context("open the file to readers")?;
    }
    drop(persisted);
    Ok(())
}
