//! A guard before the HDF5 library: heaps that would make it loop for ever. One wrong bit in a file can be enough.
//!
//! Lists and text of any length lie in *global heaps* (HDF5 File Format Specification 3.0, section III.E). HDF5 1.14.6 walks a
//! heap's objects by their sizes, and never gets past one that takes no room: a free-space object (number 0) of size 0, or
//! another whose size, with its header, comes to 2⁶⁴.
//!
//! The names in a group lie in a *local heap* (section III.D), whose free blocks form a chain. The library follows the chain and
//! takes memory at each step; where it leads back into itself, it does so until there is none left.
//!
//! No library call says so beforehand, so the heaps are walked here first. What is wrong in any other way is left to the library.

use std::io::{Read, Result, Seek, SeekFrom};

/// Signature and version of a global heap; three reserved bytes follow, at which the library does not look.
const GLOBAL: &[u8; 5] = b"GCOL\x01";

/// Signature and version of a local heap; three reserved bytes follow.
const LOCAL: &[u8; 5] = b"HEAP\0";

/// Bytes of a global heap's header and of an object's; of a free block's header in a local heap.
const HEADER: u64 = 16;

/// Bytes read in one go.
const WINDOW: usize = 1 << 20;

/// The kind and place of the first heap that would never end, if any. Places in the file count from `base`, where its superblock stands.
pub(super) fn endless(stream: &mut (impl Read + Seek), base: u64, bytes: u64) -> Result<Option<(&'static str, u64)>> {
    let mut walker = Walker { stream, base, left: bytes / HEADER * 4 };
    let mut window = Vec::new();
    let mut start = 0;
    loop {
        window.clear();
        walker.stream.seek(SeekFrom::Start(start))?;
        walker.stream.by_ref().take(WINDOW as u64).read_to_end(&mut window)?;
        for (at, signature) in window.windows(GLOBAL.len()).enumerate() {
            let place = start + at as u64;
            if signature == GLOBAL && walker.global_ends(place)? == Some(false) {
                return Ok(Some(("global", place)));
            }
            if signature == LOCAL && walker.local_ends(place)? == Some(false) {
                return Ok(Some(("local", place)));
            }
        }
        if window.len() < WINDOW {
            return Ok(None);
        }
        // A signature may lie across the border.
        start += (WINDOW - GLOBAL.len() + 1) as u64;
    }
}

/// Walks heaps.
struct Walker<'a, S> {
    stream: &'a mut S,
    base: u64,
    /// Steps that all walks together may still take. Objects do not overlap, so that sound heaps take one for every 16 bytes of
    /// the file at most.
    left: u64,
}

/// In the walks below, `None` is a heap that the library refuses before it walks it, or while it does.
impl<S: Read + Seek> Walker<'_, S> {
    /// Two words at a place; `None` beyond the end of the file.
    fn words(&mut self, place: u64) -> Result<Option<[u64; 2]>> {
        let mut bytes = [0; HEADER as usize];
        // A place beyond 2⁶³ cannot be sought.
        if self.stream.seek(SeekFrom::Start(place)).is_err() {
            return Ok(None);
        }
        match self.stream.read_exact(&mut bytes) {
            Ok(()) => {
                let word = |at: usize| bytes[at..].first_chunk().map_or(0, |word| u64::from_le_bytes(*word));
                Ok(Some([word(0), word(8)]))
            }
            Err(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Takes a step; false where there have been too many.
    fn step(&mut self) -> bool {
        let may = self.left > 0;
        self.left = self.left.saturating_sub(1);
        may
    }

    /// Whether the library's walk over the objects of a global heap ends.
    fn global_ends(&mut self, at: u64) -> Result<Option<bool>> {
        let Some([_, size]) = self.words(at)? else { return Ok(None) };
        let Some(end) = at.checked_add(size) else { return Ok(None) };
        let mut place = at + HEADER;
        // What is left behind the last object and too small for one is free space.
        while place.checked_add(HEADER).is_some_and(|header| header <= end) {
            let Some([number, size]) = self.words(place)? else { return Ok(None) };
            // The library's own arithmetic, which wraps: to it, a size close to 2⁶⁴ takes no more than a header, or nothing.
            let need = match number as u16 {
                0 => size,
                _ => (size.wrapping_add(7) & !7).wrapping_add(HEADER),
            };
            if need == 0 || !self.step() {
                return Ok(Some(false));
            }
            match place.checked_add(need) {
                Some(next) if next <= end => place = next,
                _ => return Ok(None),
            }
        }
        Ok(Some(true))
    }

    /// Whether the chain of free blocks of a local heap ends.
    fn local_ends(&mut self, at: u64) -> Result<Option<bool>> {
        /// Stands for no block.
        const END: u64 = 1;
        let (Some([_, size]), Some([first, data])) = (self.words(at)?, self.words(at.saturating_add(HEADER))?) else {
            return Ok(None);
        };
        let mut block = first;
        let mut steps = 0;
        while block != END {
            let place = data.checked_add(self.base).and_then(|data| data.checked_add(block));
            let inside = block.checked_add(HEADER).is_some_and(|end| end <= size);
            let Some(place) = place.filter(|_| inside) else { return Ok(None) };
            let Some([next, _]) = self.words(place)? else { return Ok(None) };
            steps += 1;
            // Blocks do not overlap, so that a longer chain has been somewhere twice.
            if steps > size / HEADER || !self.step() {
                return Ok(Some(false));
            }
            if next == 0 {
                return Ok(None);
            }
            block = next;
        }
        Ok(Some(true))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use std::io::Cursor;

    use super::*;

    fn look(bytes: Vec<u8>) -> Option<u64> {
        let len = bytes.len() as u64;
        endless(&mut Cursor::new(bytes), 0, len).unwrap().map(|(_, place)| place)
    }

    fn heap(objects: &[(u16, u64, usize)]) -> Vec<u8> {
        let body: usize = objects.iter().map(|object| HEADER as usize + object.2).sum();
        let mut bytes = [&GLOBAL[..], &[0; 3], &(HEADER + body as u64).to_le_bytes()].concat();
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
        assert_eq!(look(sound.clone()), None);
        assert_eq!(look(endless_one.clone()), Some(0));
        assert_eq!(look([sound.clone(), endless_one.clone()].concat()), Some(sound.len() as u64));
        // One that another claims to contain.
        let hidden = [heap(&[(1, endless_one.len() as u64, 0)]), endless_one.clone()].concat();
        assert_eq!(look(hidden), Some(32));
        // Across the border of two windows.
        for shift in 0..10 {
            let before = vec![1; WINDOW - shift];
            assert_eq!(look([before.clone(), endless_one.clone()].concat()), Some(before.len() as u64));
        }
        for cut in 0..sound.len() {
            assert_eq!(look(sound[..cut].to_vec()), None);
        }
        let reserved = [&endless_one[..5], &[9, 9, 9], &endless_one[8..]].concat();
        assert_eq!(look(reserved), Some(0), "the library does not look at the reserved bytes");
        assert_eq!(look(heap(&[(1, u64::MAX - 40, 8), (0, 0, 0)])), None, "the library refuses that itself");
        assert_eq!(look(heap(&[(1, u64::MAX, 0), (0, 0, 0)])), Some(0), "to the library, that size is a header's");
        assert_eq!(look(heap(&[(1, u64::MAX - 15, 8)])), Some(0), "and that one is nothing");
        assert_eq!(look(b"GCOL\x01\0\0\0".repeat(1000)), None);
    }

    #[test]
    fn a_chain_of_free_blocks_that_leads_back_is_told() {
        // Header at 8, data at 40: 64 bytes, free blocks by (offset, next).
        let local = |first: u64, blocks: &[(usize, u64)]| {
            let mut data = [0; 64];
            for &(at, next) in blocks {
                data[at..at + 8].copy_from_slice(&next.to_le_bytes());
                data[at + 8..at + 16].copy_from_slice(&16u64.to_le_bytes());
            }
            let words = [64, first, 40].map(u64::to_le_bytes).concat();
            look([&[7; 8][..], LOCAL, &[0; 3], &words, &data].concat())
        };
        assert_eq!(local(1, &[]), None);
        assert_eq!(local(16, &[(16, 32), (32, 1)]), None);
        assert_eq!(local(16, &[(16, 16)]), Some(8));
        assert_eq!(local(16, &[(16, 48), (48, 16)]), Some(8));
        assert_eq!(local(56, &[]), None, "the library refuses a block that leaves the heap");
        assert_eq!(local(16, &[(16, 0)]), None, "and one without place");
    }

    #[test]
    fn tangled_heaps_do_not_hold_the_guard_up() {
        // Many local heaps that share one long chain of free blocks.
        const N: u64 = 20_000;
        let words = [16 * N, 0, 32 * N].map(u64::to_le_bytes).concat();
        let mut bytes = [&LOCAL[..], &[0; 3], &words].concat().repeat(N as usize);
        for block in 1..=N {
            bytes.extend([if block == N { 1 } else { 16 * block }, 16].map(u64::to_le_bytes).concat());
        }
        let start = std::time::Instant::now();
        assert!(look(bytes).is_some());
        assert!(start.elapsed().as_secs() < 5);
    }
}
