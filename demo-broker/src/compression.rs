//! Decompression of a batch's records, bounded: more than the limit is no records at all.

use std::borrow::Cow;
use std::io::Read;

/// A batch of the demo is far below this; a bomb is far above.
const LIMIT: u64 = 64 << 20; // bytes
/// Kafka's Java clients frame snappy as the xerial library does: this, two versions, then length-prefixed blocks.
const XERIAL: &[u8] = b"\x82SNAPPY\0";
const XERIAL_HEAD: usize = 16;

/// The records of a batch as plain bytes; `None` when they cannot be had (unknown codec, corrupt, too large).
pub(crate) fn plain(codec: i16, records: &[u8]) -> Option<Cow<'_, [u8]>> {
    match codec {
        0 => Some(Cow::Borrowed(records)),
        1 => all(flate2::read::MultiGzDecoder::new(records)),
        2 => snappy(records).map(Cow::Owned),
        3 => all(lz4_flex::frame::FrameDecoder::new(records)),
        4 => all(zstd::Decoder::new(records).ok()?),
        _ => None,
    }
}

fn all<'a>(reader: impl Read) -> Option<Cow<'a, [u8]>> {
    let mut plain = Vec::new();
    let read = reader.take(LIMIT + 1).read_to_end(&mut plain).ok()?;
    (read as u64 <= LIMIT).then_some(Cow::Owned(plain))
}

fn snappy(records: &[u8]) -> Option<Vec<u8>> {
    if !records.starts_with(XERIAL) {
        return snappy_block(records, LIMIT);
    }
    let (mut rest, mut plain) = (records.get(XERIAL_HEAD..)?, Vec::new());
    while let Some((length, after)) = rest.split_first_chunk::<4>() {
        let (block, next) = after.split_at_checked(usize::try_from(u32::from_be_bytes(*length)).ok()?)?;
        plain.extend(snappy_block(block, LIMIT - plain.len() as u64)?);
        rest = next;
    }
    Some(plain)
}

fn snappy_block(block: &[u8], limit: u64) -> Option<Vec<u8>> {
    let claimed = snap::raw::decompress_len(block).ok()?;
    // Snappy cannot shrink more than about 64:3, so a larger claim is a lie that would only reserve memory.
    let possible = claimed as u64 <= limit && claimed <= block.len().saturating_mul(32);
    possible.then(|| snap::raw::Decoder::new().decompress_vec(block).ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    #[test]
    fn a_bomb_is_no_records() {
        let mut bomb = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        let zeros = vec![0; 1 << 20];
        (0..=LIMIT >> 20).for_each(|_| bomb.write_all(&zeros).unwrap());
        let bomb = bomb.finish().unwrap();
        assert!(bomb.len() < 1 << 20);
        assert_eq!(plain(1, &bomb), None);
    }

    #[test]
    fn a_snappy_length_that_cannot_be_is_no_records() {
        let claims_64_mib = [0x80, 0x80, 0x80, 0x20, 0, 0];
        assert_eq!(snap::raw::decompress_len(&claims_64_mib).unwrap() as u64, LIMIT);
        assert_eq!(plain(2, &claims_64_mib), None);
    }

    #[test]
    fn snappy_comes_bare_and_framed() {
        let block = snap::raw::Encoder::new().compress_vec(b"records").unwrap();
        assert_eq!(plain(2, &block).as_deref(), Some(&b"records"[..]));
        let length = u32::try_from(block.len()).unwrap().to_be_bytes();
        let head = [XERIAL, &[0, 0, 0, 1, 0, 0, 0, 1]].concat();
        let framed = [&head[..], &length, &block, &length, &block].concat();
        assert_eq!(plain(2, &framed).as_deref(), Some(&b"recordsrecords"[..]));
    }
}
