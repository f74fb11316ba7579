//! Batches spoiled where they are stored, as a disk, a bug or a stranger's client would; readers are tested on them.

use crate::batch_header::{self, ATTRIBUTES_AT, LENGTH};
use bytes::{BufMut, BytesMut};

/// Where the head says how many records there are.
const COUNT_AT: usize = 57;
const LENGTH_AT: usize = 8;
const CODEC_BITS: u8 = 0x07;

/// What is wrong with a batch. Unless it says otherwise, the checksum is right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Damage {
    /// The last byte is another one, and the checksum is wrong.
    Checksum,
    /// The attributes name this codec, 0 to 7; Kafka knows 0 to 4.
    Codec(u8),
    /// The head claims so many records.
    Count(i32),
    /// The head claims so many bytes after the length field; what follows in an answer cannot be found any more.
    Length(i32),
    /// Every byte after the head is 0xff: lengths that never end, or no data of any codec.
    Records,
}

impl Damage {
    pub(crate) fn apply(self, batch: &mut BytesMut) {
        match self {
            Self::Checksum => batch.last_mut().into_iter().for_each(|byte| *byte ^= 1),
            Self::Codec(codec) => batch
                .get_mut(ATTRIBUTES_AT + 1)
                .into_iter()
                .for_each(|byte| *byte = *byte & !CODEC_BITS | codec & CODEC_BITS),
            Self::Count(count) => put(batch, COUNT_AT, count),
            Self::Length(length) => put(batch, LENGTH_AT, length),
            Self::Records => batch.get_mut(LENGTH..).into_iter().flatten().for_each(|byte| *byte = 0xff),
        }
        if self != Self::Checksum {
            batch_header::seal(batch);
        }
    }
}

fn put(batch: &mut BytesMut, at: usize, number: i32) {
    batch.get_mut(at..at + 4).into_iter().for_each(|mut field| field.put_i32(number));
}
