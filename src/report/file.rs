//! Result files that appear whole or not at all.

use crate::diagnostic::{Diagnostic, Result};
use std::io::{self, Write as _};
use std::path::Path;

/// Writes a file beside `path`, then renames it: a reader, a crash or Ctrl-C never meets half a file.
///
/// What is no regular file (a pipe, `/dev/null`) is written in place, since renaming would replace it.
///
/// # Errors
/// Where the folder does not exist or cannot be written.
pub fn write_whole(path: &Path, bytes: &[u8]) -> Result<()> {
    try_write(path, bytes).map_err(|error| {
        Diagnostic::new(format!("cannot write the file: {error}"))
            .file(path)
            .help("check that the folder exists and may be written to")
            .into()
    })
}

fn try_write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    if path.metadata().is_ok_and(|found| !found.is_file() && !found.is_dir()) {
        return std::fs::write(path, bytes);
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut builder = tempfile::Builder::new();
    builder.prefix(".spikewatt-");
    // A temporary file is private by default; a result has the permissions of any file its user writes.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let mut file = builder.tempfile_in(folder)?;
    file.write_all(bytes)?;
    file.persist(path).map_err(|failed| failed.error)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_replaced_whole_and_nothing_else_is_left() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("report.json");
        for text in ["a long first text", "second"] {
            write_whole(&path, text.as_bytes()).expect("it can be written");
            assert_eq!(std::fs::read_to_string(&path).expect("it is there"), text);
        }
        assert_eq!(std::fs::read_dir(folder.path()).expect("it is there").count(), 1);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = path.metadata().expect("it is there").permissions().mode();
            assert_eq!(mode & 0o400, 0o400);
            std::fs::write(folder.path().join("plain"), "").expect("it can be written");
            let plain = folder.path().join("plain").metadata().expect("it is there").permissions().mode();
            assert_eq!(mode, plain, "the permissions of an ordinary file");
        }
    }

    #[test]
    fn a_failure_names_the_file_and_leaves_nothing() {
        let folder = tempfile::tempdir().expect("a folder");
        let complaint = write_whole(&folder.path().join("none/report.json"), b"x").expect_err("no such folder").to_string();
        assert!(complaint.contains("report.json") && complaint.contains("help"), "{complaint}");
        write_whole(folder.path(), b"x").expect_err("a folder is no file");
        assert_eq!(std::fs::read_dir(folder.path()).expect("it is there").count(), 0);
    }

    #[cfg(unix)]
    #[test]
    fn a_device_is_written_and_not_replaced() {
        use std::os::unix::fs::FileTypeExt as _;
        write_whole(Path::new("/dev/null"), b"x").expect("it takes everything");
        assert!(Path::new("/dev/null").metadata().expect("it is there").file_type().is_char_device());
    }
}
