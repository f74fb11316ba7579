//! Buffers that come home: the memory of a large frame is used again once nobody looks at it, because fresh memory costs
//! the kernel as much as the bytes that come into it.
use bytes::Bytes;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

/// Buffers kept for one connection.
const KEPT: usize = 4;
/// Smaller frames are given memory of exactly their size, in bytes.
const LARGE: usize = 256 << 10;
/// A buffer is used for frames down to this part of it.
const WASTE: usize = 4;

/// See the module.
#[derive(Debug)]
pub struct Spare {
    home: SyncSender<Vec<u8>>,
    back: Receiver<Vec<u8>>,
}

/// A buffer on its way.
struct Lent {
    bytes: Vec<u8>,
    home: SyncSender<Vec<u8>>,
}

impl Spare {
    pub fn new() -> Self {
        let (home, back) = sync_channel(KEPT);
        Self { home, back }
    }

    /// An empty buffer for a frame that claims to be so long; one without memory when none is there that fits. A small
    /// frame ends the time of large ones: what is kept for them is let go.
    pub fn take(&self, length: usize) -> Vec<u8> {
        let fits = |buffer: &Vec<u8>| (length..=length.saturating_mul(WASTE)).contains(&buffer.capacity());
        let mut found = self.back.try_iter().find(|buffer| length >= LARGE && fits(buffer)).unwrap_or_default();
        found.clear();
        found
    }

    pub fn lend(&self, bytes: Vec<u8>) -> Bytes {
        if bytes.len() < LARGE {
            return bytes.into();
        }
        Bytes::from_owner(Lent { bytes, home: self.home.clone() })
    }
}

impl AsRef<[u8]> for Lent {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        // Where enough are at home already, or the connection is gone, the memory is let go.
        let _ = self.home.try_send(std::mem::take(&mut self.bytes));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_large_buffer_comes_home_when_the_last_part_of_it_is_dropped() {
        let spare = Spare::new();
        let lent = spare.lend(vec![7; LARGE]);
        let (part, at) = (lent.slice(10..20), lent.as_ptr());
        drop(lent);
        assert_eq!(spare.take(LARGE).capacity(), 0, "a part of it is still looked at");
        assert_eq!(part, [7; 10].as_slice());
        drop(part);
        let again = spare.take(LARGE);
        assert!(again.as_ptr() == at && again.is_empty());
    }

    #[test]
    fn one_that_is_far_too_large_or_too_small_is_not_used() {
        let spare = Spare::new();
        for length in [LARGE - 1, 5 * LARGE] {
            drop(spare.lend(vec![0; 5 * LARGE - 1]));
            assert_eq!(spare.take(length).capacity(), 0);
            assert_eq!(spare.take(2 * LARGE).capacity(), 0, "and it is let go");
        }
    }

    #[test]
    fn only_a_few_are_kept() {
        let spare = Spare::new();
        let lent: Vec<_> = (0..20).map(|_| spare.lend(vec![0; LARGE])).collect();
        drop(lent);
        assert_eq!((0..20).filter(|_| spare.take(LARGE).capacity() > 0).count(), KEPT);
    }
}
