//! Facts about files and the process, for a report that can be checked.

use crate::diagnostic::{Diagnostic, Result};
use sha2::{Digest, Sha256};
use std::fmt::Write;
use std::path::Path;

/// SHA-256 of a file, 64 hexadecimal digits.
///
/// # Errors
/// Where the file cannot be read.
pub fn sha256_of_file(path: &Path) -> Result<String> {
    let unreadable = |error: std::io::Error| Diagnostic::new(format!("cannot be read: {error}")).file(path);
    let mut file = std::fs::File::open(path).map_err(unreadable)?;
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; 1 << 16];
    loop {
        let read = std::io::Read::read(&mut file, &mut buffer).map_err(unreadable)?;
        if read == 0 {
            break;
        }
        hasher.update(&buffer[..read]);
    }
    Ok(hasher.finalize().iter().fold(String::with_capacity(64), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    }))
}

/// The most memory that the process has held (since [`reset_peak_memory`]), bytes; `None` where the system does not tell (Linux does, as `VmHWM`).
#[must_use]
pub fn peak_memory_bytes() -> Option<u64> {
    of_status("VmHWM:")
}

/// The memory that the process holds now, bytes; `None` where the system does not tell.
#[must_use]
pub fn memory_bytes() -> Option<u64> {
    of_status("VmRSS:")
}

/// Lets [`peak_memory_bytes`] begin anew, where the system allows it (Linux does); elsewhere the peak stays that of the whole process.
pub fn reset_peak_memory() {
    let _ = std::fs::write("/proc/self/clear_refs", "5");
}

fn of_status(name: &str) -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix(name))?;
    line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok().map(|kib| kib * 1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[cfg(target_os = "linux")]
    fn memory_is_told() {
        // Other tests take and free memory at the same time: what is sure is that this block is among what the process holds.
        const BLOCK: u64 = 64 << 20;
        let block = std::hint::black_box(vec![1u8; BLOCK as usize]);
        let (now, peak) = (memory_bytes().expect("Linux tells"), peak_memory_bytes().expect("Linux tells"));
        assert!(now >= BLOCK && peak >= BLOCK, "{now} {peak}");
        assert!(now < 1 << 40 && peak < 1 << 40, "bytes, and not more than any machine has: {now} {peak}");
        drop(std::hint::black_box(block));
    }
}
