//! Files that appear whole or not at all: written beside, then renamed.

use crate::diagnostic::{Diagnostic, Result};
use std::path::Path;

/// Writes a file through `write`, which is given the path of a file beside it; that is renamed to `path` once it is whole.
///
/// # Errors
/// Where the folder cannot be written to, or what `write` says. Nothing is left at `path` then that was not there before.
pub fn write_whole(path: &Path, write: impl FnOnce(&Path) -> std::result::Result<(), String>) -> Result<()> {
    let failed = |message: String| Diagnostic::new(format!("cannot be written: {message}")).file(path);
    if path.is_dir() {
        return Err(failed("it is a folder".into()).into());
    }
    if path.metadata().is_ok_and(|found| !found.is_file()) {
        // A pipe or a device is written in place: renaming would replace it.
        return Ok(write(path).map_err(failed)?);
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut builder = tempfile::Builder::new();
    builder.prefix(".spikewatt-").suffix(".partial");
    // A temporary file is private by default; a result has the permissions of any file its user writes.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let beside = builder
        .tempfile_in(folder)
        .map_err(|error| failed(error.to_string()).help("check that the folder exists and may be written to"))?;
    // Only its name is needed, and the file goes when it is dropped unless it is persisted.
    let beside = beside.into_temp_path();
    write(&beside).map_err(failed)?;
    beside.persist(path).map_err(|error| failed(error.to_string()))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_write_leaves_what_was_there() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("result");
        write_whole(&path, |p| std::fs::write(p, "one").map_err(|e| e.to_string())).expect("written");
        let failed = write_whole(&path, |p| {
            std::fs::write(p, "half").map_err(|e| e.to_string())?;
            Err("the disk is full".into())
        });
        assert!(failed.is_err());
        assert_eq!(std::fs::read_to_string(&path).expect("still there"), "one");
        assert_eq!(std::fs::read_dir(folder.path()).expect("a folder").count(), 1, "nothing is left beside");
        assert!(write_whole(&folder.path().join("no/such/folder"), |_| Ok(())).is_err());
    }
}
