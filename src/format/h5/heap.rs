//! A guard before the HDF5 library: global heaps that would make it loop for ever.
//!
//! Lists and text of any length lie in global heaps (HDF5 File Format Specification 3.0, section III.E). HDF5 1.14.6 walks
//! a heap's objects by their sizes, and never gets past a free-space object (number 0) whose size is 0: one wrong bit in a
//! file can be enough. No library call says so beforehand, so the heaps are walked here first.

use std::io::{Read, Seek, SeekFrom};

/// Signature, version 1 and three reserved bytes.
const HEAP: [u8; 8] = *b"GCOL\x01\0\0\0";

/// Bytes of a heap's header and of an object's.
const HEADER: usize = 16;

/// Bytes read in one go.
const WINDOW: usize = 1 << 20;

/// The place of the first heap that would never end, if any.
pub(super) fn endless(stream: &mut (impl Read + Seek)) -> std::io::Result<Option<u64>> {
    let mut window = Vec::new();
    let mut start = 0;
    // Where in the window to look on.
    let mut from = 0;
    loop {
        if window.is_empty() {
            if stream.seek(SeekFrom::Start(start)).is_err() {
                // A heap claimed an end beyond anything a file can have; so nothing comes after it.
                return Ok(None);
            }
            stream.by_ref().take(WINDOW as u64).read_to_end(&mut window)?;
        }
        let found = window[from..].windows(HEAP.len()).position(|bytes| bytes == HEAP);
        let next = match found {
            Some(found) => {
                let heap = start + (from + found) as u64;
                let Some(end) = walk(stream, heap)? else { return Ok(Some(heap)) };
                end
            }
            None if window.len() < WINDOW => return Ok(None),
            // A signature may lie across the border.
            None => start + (WINDOW - HEAP.len() + 1) as u64,
        };
        match usize::try_from(next - start).ok().filter(|&next| next + HEAP.len() <= window.len()) {
            Some(inside) => from = inside,
            None => {
                (start, from) = (next, 0);
                window.clear();
            }
        }
    }
}

/// Where to look on after the heap at `at`, or `None` where the library would not get past it.
///
/// What is wrong in any other way is left to the library.
fn walk(stream: &mut (impl Read + Seek), at: u64) -> std::io::Result<Option<u64>> {
    let mut header = [0; HEADER];
    let mut place = at;
    let mut end = None;
    loop {
        if stream.seek(SeekFrom::Start(place)).and_then(|_| stream.read_exact(&mut header)).is_err() {
            // It ends with the file, so look for others inside.
            return Ok(Some(at + HEAP.len() as u64));
        }
        let [a, b, c, d, e, f, g, h] = *header.last_chunk().expect("the header is longer");
        let size = u64::from_le_bytes([a, b, c, d, e, f, g, h]);
        let Some(end) = end else {
            end = Some(at.saturating_add(size));
            place += HEADER as u64;
            continue;
        };
        let need = match u16::from_le_bytes([header[0], header[1]]) {
            0 => size,
            // Padded to eight bytes, and wrapping as the library's sum does.
            _ => (size.wrapping_add(7) & !7).wrapping_add(HEADER as u64),
        };
        if need == 0 {
            return Ok(None);
        }
        let next = place.checked_add(need).filter(|&next| next <= end);
        match next {
            Some(next) if next.checked_add(HEADER as u64).is_some_and(|after| after <= end) => place = next,
            // The heap's end, or an object that claims more than there is, which the library refuses.
            next => return Ok(Some(next.unwrap_or(place + HEADER as u64))),
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use std::io::Cursor;

    use super::*;

    fn heap(objects: &[(u16, u64, usize)]) -> Vec<u8> {
        let body: usize = objects.iter().map(|object| HEADER + object.2).sum();
        let mut bytes = [&HEAP[..], &((HEADER + body) as u64).to_le_bytes()].concat();
        for &(number, size, room) in objects {
            bytes.extend(number.to_le_bytes());
            bytes.extend([0; 6]);
            bytes.extend(size.to_le_bytes());
            bytes.extend(vec![7; room]);
        }
        bytes
    }

    #[test]
    fn only_a_heap_without_end_is_told() {
        let sound = heap(&[(1, 5, 8), (2, 16, 16), (0, 32, 16)]);
        let endless_one = heap(&[(1, 5, 8), (0, 0, 16), (2, 8, 8)]);
        let look = |bytes: Vec<u8>| endless(&mut Cursor::new(bytes)).unwrap();
        assert_eq!(look(sound.clone()), None);
        assert_eq!(look(endless_one.clone()), Some(0));
        assert_eq!(look([sound.clone(), endless_one.clone()].concat()), Some(sound.len() as u64));
        // Across the border of two windows.
        for shift in 0..10 {
            let before = vec![1; WINDOW - shift];
            assert_eq!(look([before.clone(), endless_one.clone()].concat()), Some(before.len() as u64));
        }
        for cut in 0..sound.len() {
            assert_eq!(look(sound[..cut].to_vec()), None);
        }
        assert_eq!(look(heap(&[(1, 1 << 40, 8), (0, 0, 0)])), None, "the library refuses that itself");
        assert_eq!(look(heap(&[(1, u64::MAX, 0), (0, 0, 0)])), Some(0), "the library's sum wraps to 16");
        assert_eq!(look(HEAP.repeat(1000)), None);
    }
}
