//! A bounded walk over the records of a version 2 batch: offset, time and key, nothing copied, hostile bytes end it.

use crate::batch_header::{BatchHeader, LENGTH};
use crate::compression;
use bytes::Buf;

/// The head of one record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Head<'a> {
    pub(crate) offset: i64,
    pub(crate) timestamp: i64,
    pub(crate) key: Option<&'a [u8]>,
}

/// Calls `visit` with each record of `batch` until it answers something.
pub(crate) fn find<T>(batch: &[u8], mut visit: impl FnMut(Head<'_>) -> Option<T>) -> Option<T> {
    let header = BatchHeader::read(batch)?;
    let plain = compression::plain(header.codec(), batch.get(LENGTH..)?)?;
    let mut rest: &[u8] = &plain;
    while !rest.is_empty() {
        if let Some(found) = visit(head(&mut rest, &header)?) {
            return Some(found);
        }
    }
    None
}

/// How many keys of the batch `is_new` takes; `None` when the batch must be kept for another reason: it is a marker, has
/// a record without a key, or cannot be read.
pub(crate) fn count_keys(batch: &[u8], mut is_new: impl FnMut(&[u8]) -> bool) -> Option<usize> {
    let header = BatchHeader::read(batch).filter(|header| !header.control())?;
    let (mut seen, mut new) = (0, 0);
    find(batch, |record| match record.key {
        None => Some(()),
        Some(key) => {
            (seen, new) = (seen + 1, new + usize::from(is_new(key)));
            None
        }
    });
    (seen == i64::from(header.last_offset_delta) + 1).then_some(new)
}

/// Whether a control batch commits (`ControlRecordType`: 0 abort, 1 commit); `None` when it is neither.
pub(crate) fn marker_commits(batch: &[u8]) -> Option<bool> {
    find(batch, |record| match record.key {
        Some([_, _, 0, 0]) => Some(false),
        Some([_, _, 0, 1]) => Some(true),
        _ => None,
    })
}

fn head<'a>(rest: &mut &'a [u8], header: &BatchHeader) -> Option<Head<'a>> {
    let length = varint(rest)?;
    let mut record = take(rest, length)?;
    record.try_get_i8().ok()?; // attributes, unused
    let timestamp_delta = varint(&mut record)?;
    let offset_delta = varint(&mut record)?;
    let key_length = varint(&mut record)?;
    let key = if key_length < 0 { None } else { Some(take(&mut record, key_length)?) };
    let own_time = header.base_timestamp.checked_add(timestamp_delta)?;
    let timestamp = if header.append_time() { header.max_timestamp } else { own_time };
    Some(Head { offset: header.base_offset.checked_add(offset_delta)?, timestamp, key })
}

fn take<'a>(rest: &mut &'a [u8], length: i64) -> Option<&'a [u8]> {
    let (taken, after) = rest.split_at_checked(usize::try_from(length).ok()?)?;
    *rest = after;
    Some(taken)
}

/// A zigzag number of at most ten bytes.
fn varint(rest: &mut &[u8]) -> Option<i64> {
    let mut value = 0u64;
    for shift in (0..70).step_by(7) {
        let byte = rest.try_get_u8().ok()?;
        value |= u64::from(byte & 0x7f).checked_shl(shift)?;
        if byte & 0x80 == 0 {
            return Some((value >> 1) as i64 ^ -((value & 1) as i64));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig { cases: 20_000, failure_persistence: None, ..ProptestConfig::default() })]

        /// A producer may put anything behind a right checksum: the walk ends, and it does not panic.
        #[test]
        fn no_bytes_panic(mut batch in prop::collection::vec(any::<u8>(), 0..200), codec in 0..6u8) {
            if let Some(attributes) = batch.get_mut(22) {
                *attributes = codec;
            }
            let mut seen = 0;
            let _ = find(&batch, |_| { seen += 1; None::<()> });
            prop_assert!(seen <= 64 << 20);
            let _ = marker_commits(&batch);
        }
    }

    #[test]
    fn numbers_are_zigzag() {
        for (bytes, value) in [(&[0][..], 0), (&[1], -1), (&[2], 1), (&[0xac, 0x02], 150)] {
            assert_eq!(varint(&mut &bytes[..]), Some(value));
        }
        let longest = [0xff; 9].into_iter().chain([1]).collect::<Vec<u8>>();
        assert_eq!(varint(&mut &longest[..]), Some(i64::MIN));
        assert_eq!(varint(&mut &[0xff; 11][..]), None);
    }
}
