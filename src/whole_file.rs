//! Files that appear whole or not at all: written beside, then renamed.

use crate::diagnostic::{Diagnostic, Result};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use tempfile::TempPath;

/// A file on its way: it is written beside its place and appears there with [`WholeFile::finish`], or not at all.
///
/// Dropped unfinished, it goes and leaves what was at its place as it was.
#[derive(Debug)]
pub struct WholeFile {
    place: PathBuf,
    /// Absent where the place is a pipe or a device, which is written in place: renaming would replace it.
    beside: Option<TempPath>,
}

/// The files on their way, so that a program that must end at once can take them along.
#[derive(Debug)]
struct OnTheirWay {
    paths: Vec<PathBuf>,
    ended: bool,
}

static ON_THEIR_WAY: Mutex<OnTheirWay> = Mutex::new(OnTheirWay { paths: Vec::new(), ended: false });

fn on_their_way() -> MutexGuard<'static, OnTheirWay> {
    // A list of paths is whole whatever happened to a thread that held it.
    ON_THEIR_WAY.lock().unwrap_or_else(PoisonError::into_inner)
}

fn failed(path: &Path, message: impl Into<String>) -> Diagnostic {
    Diagnostic::new(format!("cannot be written: {}", message.into())).file(path)
}

impl WholeFile {
    /// Begins a file that will appear at `place`.
    ///
    /// # Errors
    /// Where the place is a folder, or its folder cannot be written to.
    pub fn begin(place: &Path) -> Result<Self> {
        if place.is_dir() {
            return Err(failed(place, "it is a folder").into());
        }
        if place.metadata().is_ok_and(|found| !found.is_file()) {
            return Ok(Self { place: place.into(), beside: None });
        }
        let folder = place.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let mut builder = tempfile::Builder::new();
        builder.prefix(".spikewatt-").suffix(".partial");
        // A temporary file is private by default; a result has the permissions of any file its user writes.
        #[cfg(unix)]
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
        let mut all = on_their_way();
        if all.ended {
            return Err(failed(place, "the program is ending").into());
        }
        let beside = builder
            .tempfile_in(folder)
            .map_err(|error| failed(place, error.to_string()).help("check that the folder exists and may be written to"))?;
        // Only its name is needed, and the file goes when it is dropped unless it is finished.
        let beside = beside.into_temp_path();
        all.paths.push(beside.to_path_buf());
        Ok(Self { place: place.into(), beside: Some(beside) })
    }

    /// Where to write until it is finished.
    #[must_use]
    pub fn path(&self) -> &Path {
        self.beside.as_deref().unwrap_or(&self.place)
    }

    /// Where it will appear.
    #[must_use]
    pub fn place(&self) -> &Path {
        &self.place
    }

    /// Puts the file, which must be whole and closed, into its place.
    ///
    /// # Errors
    /// Where it cannot be renamed. Nothing is left at the place then that was not there before.
    pub fn finish(mut self) -> Result<()> {
        let Some(beside) = self.beside.take() else { return Ok(()) };
        // Held while the file is renamed: it is either taken along whole or stays whole.
        let mut all = on_their_way();
        all.paths.retain(|path| path != &*beside);
        Ok(beside.persist(&self.place).map_err(|error| failed(&self.place, error.to_string()))?)
    }
}

impl Drop for WholeFile {
    fn drop(&mut self) {
        if let Some(beside) = &self.beside {
            on_their_way().paths.retain(|path| path != &**beside);
        }
    }
}

/// Removes every file that is on its way and lets none begin: for a program that ends at once.
pub fn abandon_all() {
    let mut all = on_their_way();
    all.ended = true;
    for path in all.paths.drain(..) {
        // What cannot be removed stays, under a name that says that it is partial.
        let _ = std::fs::remove_file(path);
    }
}

/// Writes a file through `write`, which is given the path of a file beside it; that is renamed to `path` once it is whole.
///
/// # Errors
/// Where the folder cannot be written to, or what `write` says. Nothing is left at `path` then that was not there before.
pub fn write_whole(path: &Path, write: impl FnOnce(&Path) -> std::result::Result<(), String>) -> Result<()> {
    let file = WholeFile::begin(path)?;
    write(file.path()).map_err(|message| failed(path, message))?;
    file.finish()
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

    #[test]
    fn an_unfinished_file_goes() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("result");
        let file = WholeFile::begin(&path).expect("the folder is there");
        std::fs::write(file.path(), "half").expect("written");
        let beside = file.path().to_path_buf();
        assert!(on_their_way().paths.contains(&beside), "a program that ends at once must know it");
        drop(file);
        assert!(!on_their_way().paths.contains(&beside));
        assert_eq!(std::fs::read_dir(folder.path()).expect("a folder").count(), 0);
    }
}
