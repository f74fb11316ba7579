//! Inflating the records of a batch, never beyond a bound that is set before anything is made: a batch of a few
//! kilobytes can stand for terabytes.
use super::lz4;
use bytes::Bytes;
use std::io::{self, Read};
use zstd::zstd_safe;

/// A batch inflates to at most this many bytes. Brokers refuse batches above `message.max.bytes` (1 MiB by default)
/// before compression, so an honest one comes nowhere near.
pub const CAP: usize = 256 << 20;

/// Three compressed bytes of snappy stand for at most 64: a larger claim is a lie.
const SNAPPY_MOST_PER_BYTE: usize = 22;
/// A buffer that held more is not kept, in bytes.
const SPARE: usize = 4 << 20;

/// Begins a stream of Java's snappy library; two 32-bit versions follow, then blocks with their lengths.
const JAVA_SNAPPY: &[u8] = b"\x82SNAPPY\0";
const JAVA_SNAPPY_VERSIONS: usize = 8;

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("compressed with codec {0}, which is none of gzip, snappy, lz4 and zstd")]
    UnknownCodec(i16),
    #[error("inflates beyond {} MiB, refused", CAP >> 20)]
    TooLarge,
    #[error("{0}")]
    Malformed(String),
}

impl From<io::Error> for Error {
    fn from(error: io::Error) -> Self {
        Self::Malformed(error.to_string())
    }
}

impl From<snap::Error> for Error {
    fn from(error: snap::Error) -> Self {
        Self::Malformed(error.to_string())
    }
}

impl Default for Inflater {
    fn default() -> Self {
        Self::new()
    }
}

/// Codecs that keep state between batches, so that it is made once.
pub struct Inflater {
    zstd: zstd_safe::DCtx<'static>,
    snappy: snap::raw::Decoder,
    cap: usize,
    /// A buffer that came back.
    spare: Vec<u8>,
}

impl Inflater {
    pub fn new() -> Self {
        Self::with_cap(CAP)
    }

    pub fn with_cap(cap: usize) -> Self {
        Self { zstd: zstd_safe::DCtx::create(), snappy: snap::raw::Decoder::new(), cap, spare: vec![] }
    }

    /// What `source` stands for, in the buffer that came back last, or in a new one.
    pub fn open(&mut self, codec: i16, source: &[u8]) -> Result<Bytes, Error> {
        let mut out = std::mem::take(&mut self.spare);
        out.clear();
        out.reserve(source.len().saturating_mul(2));
        self.inflate(codec, source, &mut out)?;
        Ok(out.into())
    }

    /// Takes a buffer back, unless somebody looks at it still.
    pub fn give_back(&mut self, buffer: Bytes) {
        if buffer.len() <= SPARE && buffer.is_unique() {
            self.spare = buffer.into();
        }
    }

    /// Appends what `source` stands for to `out`. On an error `out` is as long as before.
    pub fn inflate(&mut self, codec: i16, source: &[u8], out: &mut Vec<u8>) -> Result<(), Error> {
        let before = out.len();
        let result = match codec {
            1 => drain(flate2::read::MultiGzDecoder::new(source), out, self.cap),
            2 => self.snappy(source, out),
            3 => lz4::inflate(source, out, self.cap),
            4 => self.zstd(source, out),
            unknown => Err(Error::UnknownCodec(unknown)),
        };
        if result.is_err() {
            out.truncate(before);
        }
        result
    }

    fn snappy(&mut self, source: &[u8], out: &mut Vec<u8>) -> Result<(), Error> {
        let start = out.len();
        let Some(mut rest) = source.strip_prefix(JAVA_SNAPPY).and_then(|rest| rest.get(JAVA_SNAPPY_VERSIONS..)) else {
            return self.snappy_block(source, out, self.cap);
        };
        while !rest.is_empty() {
            let cut = || Error::Malformed("the snappy stream is cut short".into());
            let (length, after) = rest.split_first_chunk::<4>().ok_or_else(cut)?;
            let (block, after) = after.split_at_checked(u32::from_be_bytes(*length) as usize).ok_or_else(cut)?;
            self.snappy_block(block, out, self.cap - (out.len() - start))?;
            rest = after;
        }
        Ok(())
    }

    fn snappy_block(&mut self, block: &[u8], out: &mut Vec<u8>, room: usize) -> Result<(), Error> {
        let claimed = snap::raw::decompress_len(block)?;
        if claimed > room || claimed > block.len().saturating_mul(SNAPPY_MOST_PER_BYTE) {
            return Err(Error::TooLarge);
        }
        let at = out.len();
        out.resize(at + claimed, 0);
        let length = self.snappy.decompress(block, &mut out[at..])?;
        out.truncate(at + length);
        Ok(())
    }

    fn zstd(&mut self, source: &[u8], out: &mut Vec<u8>) -> Result<(), Error> {
        // What an earlier frame left behind, should it have been a broken one.
        let reset = self.zstd.reset(zstd_safe::ResetDirective::SessionOnly);
        reset.map_err(|code| Error::Malformed(zstd_safe::get_error_name(code).into()))?;
        drain(zstd::stream::read::Decoder::with_context(source, &mut self.zstd), out, self.cap)
    }
}

/// Grows with what comes out, one byte over the bound at most.
fn drain(source: impl Read, out: &mut Vec<u8>, cap: usize) -> Result<(), Error> {
    let before = out.len();
    source.take(cap as u64 + 1).read_to_end(out)?;
    if out.len() - before > cap { Err(Error::TooLarge) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    const GZIP: i16 = 1;
    const SNAPPY: i16 = 2;
    const LZ4: i16 = 3;
    const ZSTD: i16 = 4;

    fn compressed(codec: i16, plain: &[u8]) -> Vec<u8> {
        match codec {
            GZIP => {
                let mut writer = flate2::write::GzEncoder::new(vec![], flate2::Compression::fast());
                writer.write_all(plain).unwrap();
                writer.finish().unwrap()
            }
            SNAPPY => snap::raw::Encoder::new().compress_vec(plain).unwrap(),
            LZ4 => {
                let mut writer = lz4_flex::frame::FrameEncoder::new(vec![]);
                writer.write_all(plain).unwrap();
                writer.finish().unwrap()
            }
            _ => zstd::encode_all(plain, 1).unwrap(),
        }
    }

    fn text() -> Vec<u8> {
        (0..40_000).flat_map(|n: u32| format!("line {} of some text\n", n * 7919 % 1000).into_bytes()).collect()
    }

    #[test]
    fn every_codec_gives_back_what_went_in_t10() {
        for codec in [GZIP, SNAPPY, LZ4, ZSTD] {
            let mut out = b"kept".to_vec();
            Inflater::new().inflate(codec, &compressed(codec, &text()), &mut out).unwrap();
            assert_eq!(out, [b"kept".as_slice(), &text()].concat(), "codec {codec}");
        }
    }

    #[test]
    fn lz4_blocks_that_refer_to_earlier_ones_are_followed() {
        let info = lz4_flex::frame::FrameInfo::new()
            .block_mode(lz4_flex::frame::BlockMode::Linked)
            .block_size(lz4_flex::frame::BlockSize::Max64KB)
            .block_checksums(true)
            .content_checksum(true);
        let mut writer = lz4_flex::frame::FrameEncoder::with_frame_info(info, vec![]);
        writer.write_all(&text()).unwrap();
        let mut out = vec![];
        Inflater::new().inflate(LZ4, &writer.finish().unwrap(), &mut out).unwrap();
        assert_eq!(out, text());
    }

    #[test]
    fn the_blocks_of_javas_snappy_stream_are_joined() {
        let mut stream = [JAVA_SNAPPY, &[0, 0, 0, 1, 0, 0, 0, 1]].concat();
        for part in [b"first, ".as_slice(), b"second"] {
            let block = compressed(SNAPPY, part);
            stream.extend((block.len() as u32).to_be_bytes());
            stream.extend(block);
        }
        let mut out = vec![];
        Inflater::new().inflate(SNAPPY, &stream, &mut out).unwrap();
        assert_eq!(out, b"first, second");
    }

    #[test]
    fn a_bomb_is_refused_before_its_memory_is_spent_t10() {
        let zeros = vec![0u8; 64 << 20];
        for codec in [GZIP, SNAPPY, LZ4, ZSTD] {
            let mut out = vec![7u8; 3];
            let result = Inflater::with_cap(1 << 20).inflate(codec, &compressed(codec, &zeros), &mut out);
            assert!(matches!(result, Err(Error::TooLarge)), "codec {codec}: {result:?}");
            assert_eq!(out, [7, 7, 7]);
            assert!(out.capacity() < 8 << 20, "codec {codec} made {} bytes", out.capacity());
        }
    }

    #[test]
    fn a_length_that_is_only_claimed_is_refused() {
        for claim in [&[0xff, 0xff, 0x3f, 0, 0][..], b"\x82SNAPPY\0\0\0\0\x01\0\0\0\x01\x7f\xff\xff\xff"] {
            let mut out = vec![];
            assert!(Inflater::new().inflate(SNAPPY, claim, &mut out).is_err());
            assert!(out.capacity() < 1 << 20);
        }
    }

    #[test]
    fn a_buffer_is_used_again_only_when_nobody_looks_at_it() {
        let mut inflater = Inflater::new();
        let first = inflater.open(LZ4, &compressed(LZ4, &text())).unwrap();
        let (looked_at, at) = (first.slice(3..9), first.as_ptr());
        inflater.give_back(first);
        let second = inflater.open(LZ4, &compressed(LZ4, b"short")).unwrap();
        assert!(second.as_ptr() != at && looked_at == text()[3..9]);
        let at = second.as_ptr();
        inflater.give_back(second);
        let third = inflater.open(LZ4, &compressed(LZ4, b"other")).unwrap();
        assert!(third.as_ptr() == at && third == b"other"[..]);
    }

    #[test]
    fn a_broken_frame_does_not_spoil_the_next_one() {
        let mut inflater = Inflater::new();
        let good = compressed(ZSTD, &text());
        assert!(inflater.inflate(ZSTD, &good[..good.len() / 2], &mut vec![]).is_err());
        let mut out = vec![];
        inflater.inflate(ZSTD, &good, &mut out).unwrap();
        assert_eq!(out, text());
    }

    #[test]
    fn an_unknown_codec_is_named_by_its_number_t10() {
        let error = Inflater::new().inflate(6, b"", &mut vec![]).unwrap_err();
        assert!(error.to_string().contains("codec 6"), "{error}");
    }
}
