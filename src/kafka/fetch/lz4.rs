//! The LZ4 frame, walked here over the library's blocks: its own frame reader copies through a second buffer and is ten
//! times slower. Checksums of the frame are passed over: the record batch has its own, and old producers wrote the
//! frame's over the wrong bytes (KIP-57).
use super::{
    compression::Error,
    cursor::{Cursor, Short},
};

/// Frame magic, little-endian as on the wire.
const MAGIC: [u8; 4] = [0x04, 0x22, 0x4d, 0x18];
/// How far back a linked block may refer.
const WINDOW: usize = 64 << 10;
/// A compressed byte stands for at most this many, and a block for this many more.
const MOST_PER_BYTE: usize = 255;
const SLACK: usize = 64;

struct Frame {
    linked: bool,
    block_checksums: bool,
    block_max: usize,
}

/// Appends at most `cap` bytes to `out`. On an error what was appended stays: the caller cuts it off.
pub fn inflate(source: &[u8], out: &mut Vec<u8>, cap: usize) -> Result<(), Error> {
    let mut cursor = Cursor::new(source);
    let frame = header(&mut cursor)?;
    let start = out.len();
    loop {
        let size = u32::from_le_bytes(cursor.u32().map_err(cut)?.to_be_bytes());
        if size == 0 {
            return Ok(());
        }
        let block = cursor.take((size & 0x7fff_ffff) as usize).map_err(cut)?;
        let room = cap - (out.len() - start);
        if size & 0x8000_0000 != 0 {
            stored(block, out, room)?;
        } else {
            compressed(&frame, block, out, start, room)?;
        }
        if frame.block_checksums {
            cursor.skip(4).map_err(cut)?;
        }
    }
}

fn cut(_: Short) -> Error {
    Error::Malformed("the lz4 frame is cut short".into())
}

fn header(cursor: &mut Cursor<'_>) -> Result<Frame, Error> {
    let refuse = |why: &str| Err(Error::Malformed(why.into()));
    if cursor.take(4).map_err(cut)? != MAGIC {
        return refuse("not an lz4 frame");
    }
    let (flags, sizes) = (cursor.i8().map_err(cut)?, cursor.i8().map_err(cut)?);
    if (flags >> 6) & 3 != 1 {
        return refuse("an lz4 frame of an unknown version");
    }
    if flags & 1 != 0 {
        return refuse("an lz4 frame with a dictionary");
    }
    let block_max = match (sizes >> 4) & 7 {
        4 => 64 << 10,
        5 => 256 << 10,
        6 => 1 << 20,
        7 => 4 << 20,
        _ => return refuse("an lz4 frame of an unknown block size"),
    };
    let content_size = if flags & 0x08 != 0 { 8 } else { 0 };
    cursor.skip(content_size + 1).map_err(cut)?;
    Ok(Frame { linked: flags & 0x20 == 0, block_checksums: flags & 0x10 != 0, block_max })
}

fn stored(block: &[u8], out: &mut Vec<u8>, room: usize) -> Result<(), Error> {
    if block.len() > room {
        return Err(Error::TooLarge);
    }
    out.extend_from_slice(block);
    Ok(())
}

fn compressed(frame: &Frame, block: &[u8], out: &mut Vec<u8>, start: usize, room: usize) -> Result<(), Error> {
    let at = out.len();
    // Room by the bytes that are there, not by what the header announces.
    let most = frame.block_max.min(block.len().saturating_mul(MOST_PER_BYTE).saturating_add(SLACK));
    out.resize(at + most, 0);
    let (before, after) = out.split_at_mut(at);
    let inflated = if frame.linked {
        let window = &before[start.max(at.saturating_sub(WINDOW))..];
        lz4_flex::block::decompress_into_with_dict(block, after, window)
    } else {
        lz4_flex::block::decompress_into(block, after)
    };
    let length = inflated.map_err(|error| Error::Malformed(format!("lz4: {error}")))?;
    out.truncate(at + length);
    if length > room { Err(Error::TooLarge) } else { Ok(()) }
}
