//! Decoding that a hostile peer cannot turn into an abort.
//!
//! The generated decoder reserves room for as many elements as an array claims before it reads one, and a reservation
//! the system refuses ends the process. It reads through a trait, so a guard stands in between and looks at every number
//! that could be a length:
//! - a varint is always a length or a small number, so one that claims too much is refused at once;
//! - an `i32` may be a length or an ordinary field. One too large for a length is handed out as −2, which no array and
//!   no byte field accepts. If the decode succeeds all the same, it was an ordinary field, whose value moves nothing;
//!   only then the frame is decoded again as it is.
use bytes::{Buf, Bytes, TryGetError};
use kafka_protocol::protocol::{Decodable, buf::ByteBuf};
use std::ops::Range;

/// So many elements are only address space, at most some 16 MiB of it and never touched: not worth a second look.
const HARMLESS: usize = 64 << 10;
/// No array and no text of an answer is longer (the largest clusters have some 200,000 partitions).
const LONGEST: usize = 8 << 20;
/// What no length may be, so that it fails without allocating.
const NO_LENGTH: i32 = -2;

struct Guard {
    rest: Bytes,
    /// An `i32` was replaced.
    replaced: bool,
}

impl Guard {
    fn new(frame: &Bytes) -> Self {
        Self { rest: frame.clone(), replaced: false }
    }

    /// Every element takes a byte at least, so no more than `left` can follow.
    fn absurd(claim: usize, left: usize) -> bool {
        claim > HARMLESS && claim > left.min(LONGEST)
    }

    /// The varint that would begin here, as the decoder would read it, and its length.
    fn varint(&self) -> (u32, usize) {
        let mut value = 0;
        for (i, byte) in self.rest.iter().take(5).enumerate() {
            value |= u32::from(byte & 0x7f) << (7 * i);
            if byte & 0x80 == 0 {
                return (value, i + 1);
            }
        }
        (value, self.rest.len().min(5))
    }
}

impl Buf for Guard {
    fn remaining(&self) -> usize {
        self.rest.len()
    }

    fn chunk(&self) -> &[u8] {
        &self.rest
    }

    fn advance(&mut self, count: usize) {
        self.rest.advance(count);
    }

    fn try_get_i32(&mut self) -> Result<i32, TryGetError> {
        let value = self.rest.try_get_i32()?;
        if usize::try_from(value).is_ok_and(|claim| Self::absurd(claim, self.rest.len())) {
            self.replaced = true;
            return Ok(NO_LENGTH);
        }
        Ok(value)
    }

    /// Varints are read byte by byte. The rest of an honest varint, and a boolean, claim less than a whole one.
    fn try_get_u8(&mut self) -> Result<u8, TryGetError> {
        let (claim, length) = self.varint();
        let (claim, left) = ((claim as usize).saturating_sub(1), self.rest.len() - length);
        if Self::absurd(claim, left) {
            return Err(TryGetError { requested: claim, available: left });
        }
        self.rest.try_get_u8()
    }
}

impl ByteBuf for Guard {
    fn peek_bytes(&mut self, range: Range<usize>) -> Bytes {
        self.rest.slice(range)
    }

    fn get_bytes(&mut self, size: usize) -> Bytes {
        self.rest.split_to(size)
    }
}

/// Decodes all of `frame` or says why not. Not for answers with records, whose byte fields may be longer.
pub fn decode<T: Decodable>(frame: Bytes, version: i16) -> Result<T, String> {
    let mut guard = Guard::new(&frame);
    let decoded = T::decode(&mut guard, version).map_err(|e| e.to_string())?;
    let (decoded, left) = if guard.replaced {
        let mut plain = frame;
        (T::decode(&mut plain, version).map_err(|e| e.to_string())?, plain.len())
    } else {
        (decoded, guard.rest.len())
    };
    if left > 0 { Err(format!("{left} bytes too many")) } else { Ok(decoded) }
}

#[cfg(test)]
mod tests;
