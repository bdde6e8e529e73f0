//! Lengths of texts in attributes, looked at before the library trusts them.

use std::io::{Read, Result, Seek, SeekFrom};

/// Bytes read in one go.
const WINDOW: usize = 1 << 20;

/// The class of lists and texts of any length among HDF5's types.
const VARIABLE: u8 = 9;

/// The first length above `most` that an attribute of this name claims for its text, on whatever object.
///
/// The library takes and clears memory for a text before it looks whether the text is there, and no call gives an attribute's
/// place. Its message holds sizes, name, type, extent and value one behind the other (HDF5 File Format Specification 3.0, section
/// IV.A.2.m), so that it can be told by its name.
pub(super) fn claimed_length(stream: &mut (impl Read + Seek), name: &str, most: u64) -> Result<Option<u32>> {
    let name = [name.as_bytes(), &[0]].concat();
    let mut window = Vec::new();
    let mut start = 0;
    loop {
        window.clear();
        stream.seek(SeekFrom::Start(start))?;
        stream.by_ref().take(WINDOW as u64).read_to_end(&mut window)?;
        for (at, bytes) in window.windows(name.len()).enumerate() {
            if bytes == name
                && let Some(length) = length_behind(stream, start + at as u64, name.len() as u64)?
                && u64::from(length) > most
            {
                return Ok(Some(length));
            }
        }
        if window.len() < WINDOW {
            return Ok(None);
        }
        // A name may lie across the border.
        start += (WINDOW - name.len() + 1) as u64;
    }
}

/// The length of the text whose attribute's name begins at `at`, if there is such an attribute.
fn length_behind(stream: &mut (impl Read + Seek), at: u64, name: u64) -> Result<Option<u32>> {
    let mut head = [0; 9];
    let Some(before) = at.checked_sub(head.len() as u64) else { return Ok(None) };
    stream.seek(SeekFrom::Start(before))?;
    stream.read_exact(&mut head)?;
    let word = |at: usize| u64::from(u16::from_le_bytes([head[at], head[at + 1]]));
    // Version, a byte, and the sizes of name, type and extent; version 3 has a byte for the name's characters behind them. In
    // version 1, each part is padded to eight bytes.
    let (sizes, padded) = match head {
        [3, ..] if word(2) == name => (2, false),
        [_, 2, ..] if word(3) == name => (3, false),
        [_, 1, ..] if word(3) == name => (3, true),
        _ => return Ok(None),
    };
    let room = |size: u64| if padded { size.next_multiple_of(8) } else { size };
    let kind_at = at + room(name);
    let value_at = kind_at + room(word(sizes + 2)) + room(word(sizes + 4));
    let (mut kind, mut length) = ([0], [0; 4]);
    stream.seek(SeekFrom::Start(kind_at))?;
    let mut read = stream.read_exact(&mut kind);
    stream.seek(SeekFrom::Start(value_at))?;
    read = read.and_then(|()| stream.read_exact(&mut length));
    // What lies beyond the end of the file, the library refuses.
    Ok((read.is_ok() && kind[0] & 0xf == VARIABLE).then(|| u32::from_le_bytes(length)))
}
