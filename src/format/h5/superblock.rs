//! A guard before the HDF5 library: what a file's superblock (HDF5 File Format Specification 3.0, section II.A) may say, so that the library does not
//! believe it.

use std::io::{Read, Result, Seek, SeekFrom};

/// What is wrong with the superblock at `start`, if anything; one of unknown version or that is cut short is left to the library, which
/// refuses it.
///
/// The library lets pass widths of 16 and 32, and takes what it finds in memory for such a number. It reads a block about the file's driver with
/// whatever size that block claims, 4 GiB at the most; only files in several parts have one, and those are not read.
pub(super) fn complaint(stream: &mut (impl Read + Seek), start: u64) -> Result<Option<String>> {
    let mut block = Vec::new();
    stream.seek(SeekFrom::Start(start))?;
    stream.take(64).read_to_end(&mut block)?;
    // Where the widths stand, and the place of the driver's block, which newer versions do not have.
    let (widths, driver) = match block.get(8) {
        Some(0) => (13, Some(48)),
        Some(1) => (13, Some(52)),
        Some(2 | 3) => (9, None),
        _ => return Ok(None),
    };
    if let Some([places, lengths]) = block.get(widths..widths + 2)
        && [*places, *lengths] != [8, 8]
    {
        let message = format!("has places of {places} bytes and lengths of {lengths}; HDF5 files with 8 of each are read");
        return Ok(Some(message));
    }
    let place = driver.and_then(|at| block.get(at..at + 8));
    Ok(place.is_some_and(|place| place != [0xff; 8]).then(|| "has a driver of its own; HDF5 files in one part are read".into()))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;
    use std::io::Cursor;

    fn block(version: u8, change: impl Fn(&mut Vec<u8>)) -> Option<String> {
        let mut block = b"\x89HDF\r\n\x1a\n".to_vec();
        block.push(version);
        block.resize(if version < 2 { 13 } else { 9 }, 0);
        block.extend([8, 8]);
        block.resize(if version == 1 { 28 + 24 } else { 24 + 24 }, 0);
        block.resize(96, 0xff);
        change(&mut block);
        complaint(&mut Cursor::new(block), 0).unwrap()
    }

    #[test]
    fn what_the_library_would_believe_is_refused() {
        for version in 0..4 {
            assert_eq!(block(version, |_| {}), None, "version {version}");
            assert_eq!(block(version, |block| block.truncate(14)), None, "cut short");
            let widths = if version < 2 { 13 } else { 9 };
            assert!(block(version, |block| block[widths] = 16).unwrap().contains("places of 16 bytes and lengths of 8"));
        }
        assert_eq!(block(9, |_| {}), None, "the library knows what it does not know");
        assert!(block(0, |block| block[48..56].fill(0)).unwrap().contains("a driver of its own"));
        assert!(block(1, |block| block[59] = 0x20).unwrap().contains("a driver of its own"));
        assert_eq!(block(1, |block| block[51] = 0x20), None, "that is the end of the file");
    }
}
