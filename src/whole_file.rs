//! Files that appear whole or not at all: written beside, then renamed.

use crate::diagnostic::{Diagnostic, Result};
use std::path::Path;

/// Writes a file through `write`, which is given the path of a file beside it; that is renamed to `path` once it is whole.
///
/// # Errors
/// Where the folder cannot be written to, or what `write` says. Nothing is left at `path` then that was not there before.
pub fn write_whole(path: &Path, write: impl FnOnce(&Path) -> std::result::Result<(), String>) -> Result<()> {
    let failed = |message: String| Diagnostic::new(format!("cannot be written: {message}")).file(path);
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    if path.is_dir() {
        return Err(failed("it is a folder".into()).into());
    }
    let beside = tempfile::Builder::new().prefix(".spikewatt-").suffix(".partial").tempfile_in(folder).map_err(|error| {
        failed(error.to_string()).help(format!("does the folder `{}` exist and may you write there?", folder.display()))
    })?;
    // Only its name is needed, and the file goes when it is dropped unless it is persisted.
    let beside = beside.into_temp_path();
    write(&beside).map_err(failed)?;
    allow_others_to_read(&beside);
    beside.persist(path).map_err(|error| failed(error.to_string()))?;
    Ok(())
}

/// Temporary files are private; a result has the mode of any new file.
#[cfg(unix)]
fn allow_others_to_read(path: &Path) {
    use std::os::unix::fs::PermissionsExt;
    // A file that stays private is whole all the same.
    let _ = std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o644));
}

#[cfg(not(unix))]
fn allow_others_to_read(_path: &Path) {}

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
