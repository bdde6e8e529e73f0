//! `spikewatt view`: the viewer's program is started, or it is said how to get it.

#![cfg(unix)]
#![allow(missing_docs, reason = "a test target has no readers of its docs")]

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Output};

/// The program in a folder of its own, where nothing lies beside it but what the test puts there.
fn view(folder: &Path, display: bool, args: &[&str]) -> Output {
    let program = folder.join("spikewatt");
    if !program.exists() {
        std::fs::hard_link(env!("CARGO_BIN_EXE_spikewatt"), &program)
            .or_else(|_| std::fs::copy(env!("CARGO_BIN_EXE_spikewatt"), &program).map(|_| ()))
            .expect("the program can be put there");
    }
    let mut command = Command::new(program);
    command.arg("view").args(args).env_remove("DISPLAY").env_remove("WAYLAND_DISPLAY").env_remove("WAYLAND_SOCKET");
    command.env("PATH", "/nowhere");
    if display {
        command.env("DISPLAY", ":99");
    }
    command.output().expect("it runs")
}

/// A stand-in that says what it was asked for.
fn put_viewer(folder: &Path) {
    let path = folder.join("spikewatt-gui");
    std::fs::write(&path, "#!/bin/sh\necho \"$@\"\nexit 7\n").expect("written");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).expect("made a program");
}

#[test]
fn without_the_viewer_it_is_said_how_to_get_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let out = view(folder.path(), true, &[]);
    assert_eq!(out.status.code(), Some(2));
    let told = String::from_utf8_lossy(&out.stderr);
    assert!(told.contains("cargo build --release -p spikewatt-gui"), "{told}");
    assert!(out.stdout.is_empty());
}

#[test]
fn without_a_display_it_is_said_so() {
    let folder = tempfile::tempdir().expect("a folder");
    put_viewer(folder.path());
    let out = view(folder.path(), false, &[]);
    assert_eq!(out.status.code(), Some(2));
    let told = String::from_utf8_lossy(&out.stderr);
    assert!(told.contains("there is no display") && !told.contains("cargo build"), "{told}");
}

#[test]
fn a_missing_file_is_told_before_a_window_opens() {
    let folder = tempfile::tempdir().expect("a folder");
    put_viewer(folder.path());
    let out = view(folder.path(), true, &["no-net.toml", "--input", "no-data.h5"]);
    assert_eq!(out.status.code(), Some(2));
    let told = String::from_utf8_lossy(&out.stderr);
    assert!(told.contains("no-net.toml: cannot be read") && told.contains("no-data.h5: cannot be read"), "{told}");
    assert!(out.stdout.is_empty(), "nothing was started");
}

#[test]
fn arguments_and_exit_code_are_the_viewers() {
    let folder = tempfile::tempdir().expect("a folder");
    put_viewer(folder.path());
    let file = folder.path().join("a net.toml");
    std::fs::write(&file, "").expect("written");
    let file = file.display().to_string();
    let out = view(folder.path(), true, &[&file, "--dense", &file]);
    assert_eq!(out.status.code(), Some(7));
    assert_eq!(String::from_utf8_lossy(&out.stdout).trim(), format!("{file} --dense {file}"));
}
