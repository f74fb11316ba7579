//! Batches that no plain producer sends, and that a log holds all the same: of transactions with their markers, thinned
//! out by compaction, stamped by a broker, with one value too long to be held in memory. The layout is `batch`'s.

use crate::batch::{self, APPEND_TIME, Codec, Head, Producer, Record};
use bytes::{BufMut, Bytes, BytesMut};
use std::io::{self, Write};

const TRANSACTIONAL: i16 = 0x10;
const CONTROL: i16 = 0x20;
/// For values that only repeat themselves: the fastest level makes them as small as any other.
const LONG_LEVEL: i32 = 1;

/// One batch to be written, always at base offset 0: the broker moves it when it appends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Prepared {
    /// Records of a transaction.
    Transactional { producer: Producer, records: Vec<Record> },
    /// The end of a transaction (`EndTransactionMarker`), at this time in milliseconds.
    Marker { producer_id: i64, commits: bool, at: i64 },
    /// What compaction left of a batch that took so many offsets: the records with their offset deltas, possibly none.
    Compacted { offsets: i32, left: Vec<(i32, Record)>, at: i64 },
    /// Records whose own times lost against the broker's (`LogAppendTime`), in milliseconds.
    Stamped { records: Vec<Record>, at: i64 },
    /// One record whose value is these parts one after the other, packed with zstd part by part.
    Long { record: Record, value: Vec<Bytes> },
}

impl Prepared {
    /// How many offsets the batch takes.
    pub fn offsets(&self) -> i64 {
        match self {
            Self::Transactional { records, .. } | Self::Stamped { records, .. } => records.len() as i64,
            Self::Compacted { offsets, .. } => i64::from(*offsets),
            Self::Marker { .. } | Self::Long { .. } => 1,
        }
    }

    /// The records with their offset deltas, as they were sent; a marker has none.
    pub fn records(&self) -> impl Iterator<Item = (i64, &Record)> {
        let (plain, left, long): (&[Record], &[(i32, Record)], Option<&Record>) = match self {
            Self::Transactional { records, .. } | Self::Stamped { records, .. } => (records, &[], None),
            Self::Compacted { left, .. } => (&[], left, None),
            Self::Long { record, .. } => (&[], &[], Some(record)),
            Self::Marker { .. } => (&[], &[], None),
        };
        let left = left.iter().map(|(delta, record)| (i64::from(*delta), record));
        (0..).zip(plain).chain(left).chain(long.map(|record| (0, record)))
    }

    /// The bytes of the batch.
    ///
    /// # Errors
    /// When a codec refuses, or the batch is larger than its 32-bit length field can say.
    pub fn write(&self) -> io::Result<Bytes> {
        match self {
            Self::Transactional { producer, records } => {
                let head = Head { producer: Some(*producer), ..Head::of(records, TRANSACTIONAL)? };
                batch::seal(&head, &batch::body((0..).zip(records), head.first_timestamp))
            }
            Self::Marker { producer_id, commits, at } => marker(*producer_id, *commits, *at),
            Self::Compacted { offsets, left, at } => compacted(*offsets, left, *at),
            Self::Stamped { records, at } => {
                let head = Head { max_timestamp: *at, ..Head::of(records, APPEND_TIME)? };
                batch::seal(&head, &batch::body((0..).zip(records), head.first_timestamp))
            }
            Self::Long { record, value } => long(record, value),
        }
    }
}

/// Key: version and type; value: version and the coordinator's epoch (`EndTransactionMarker`).
fn marker(producer_id: i64, commits: bool, at: i64) -> io::Result<Bytes> {
    let record = [Record::at(at).key(vec![0, 0, 0, u8::from(commits)]).value(vec![0; 6])];
    let producer = Some(Producer { id: producer_id, sequence: -1 });
    let head = Head { producer, ..Head::of(&record, TRANSACTIONAL | CONTROL)? };
    batch::seal(&head, &batch::body((0..).zip(&record), at))
}

/// Base offset and last delta stay those of the whole batch, also when nothing is left; then there is no codec either
/// (`MemoryRecords.filterTo`, `DefaultRecordBatch.writeEmptyHeader`).
fn compacted(offsets: i32, left: &[(i32, Record)], at: i64) -> io::Result<Bytes> {
    let first_timestamp = left.first().map_or(at, |(_, record)| record.timestamp);
    let codec = if left.is_empty() { Codec::None } else { Codec::Lz4 };
    let head = Head {
        attributes: codec as i16,
        last_offset_delta: offsets - 1,
        first_timestamp,
        max_timestamp: left.iter().map(|(_, record)| record.timestamp).max().unwrap_or(at),
        producer: None,
        count: batch::length(left.len())?,
    };
    let body = batch::body(left.iter().map(|(delta, record)| (i64::from(*delta), record)), first_timestamp);
    batch::seal(&head, &batch::compress(codec, &body)?)
}

/// Never holds the value whole: 20 MB cost what they are packed.
fn long(record: &Record, value: &[Bytes]) -> io::Result<Bytes> {
    let length: usize = value.iter().map(Bytes::len).sum();
    let mut front = BytesMut::new();
    front.put_slice(&[0, 0, 0]); // attributes, no time and no offset after the batch's own
    batch::put_nullable(&mut front, record.key.as_deref());
    batch::put_varint(&mut front, length as i64);
    let mut whole = BytesMut::new();
    batch::put_varint(&mut whole, (front.len() + length + 1) as i64);
    let mut packed = zstd::Encoder::new(Vec::new(), LONG_LEVEL)?;
    for part in [&*whole, &*front].into_iter().chain(value.iter().map(|part| &**part)).chain([&[0][..]]) {
        packed.write_all(part)?; // the last byte: no headers
    }
    batch::seal(&Head::of(std::slice::from_ref(record), Codec::Zstd as i16)?, &packed.finish()?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::batch_header::BatchHeader;
    use crate::records;

    fn record(value: &'static str) -> Record {
        Record::at(100).key("k").value(value)
    }

    /// The head, and offset, time and key of every record, as the broker reads them.
    fn read(batch: &Prepared) -> (BatchHeader, Vec<(i64, i64, Vec<u8>)>) {
        let bytes = batch.write().unwrap();
        let (header, whole) = BatchHeader::split(&mut bytes.clone()).unwrap();
        assert_eq!(whole, bytes, "one batch and nothing behind it");
        assert_eq!(i64::from(header.last_offset_delta) + 1, batch.offsets());
        let mut seen = Vec::new();
        let _ = records::find(&bytes, |r| {
            seen.push((r.offset, r.timestamp, r.key.unwrap_or_default().to_vec()));
            None::<()>
        });
        (header, seen)
    }

    #[test]
    fn a_transaction_has_its_producer_and_a_marker_says_how_it_ended() {
        let producer = Producer { id: 7, sequence: 10 };
        let (header, seen) = read(&Prepared::Transactional { producer, records: vec![record("a"), record("b")] });
        assert!(header.transactional() && !header.control());
        assert_eq!((header.producer_id, header.producer_epoch, header.base_sequence, seen.len()), (7, 0, 10, 2));
        for commits in [true, false] {
            let marker = Prepared::Marker { producer_id: 7, commits, at: 100 };
            let (header, _) = read(&marker);
            assert!(header.transactional() && header.control());
            assert_eq!(records::marker_commits(&marker.write().unwrap()), Some(commits));
        }
    }

    #[test]
    fn what_compaction_left_keeps_its_offsets_and_the_batch_its_length() {
        let left = vec![(3, record("a")), (41, record("b"))];
        let (_, seen) = read(&Prepared::Compacted { offsets: 50, left, at: 5 });
        assert_eq!(seen.iter().map(|(offset, ..)| *offset).collect::<Vec<_>>(), [3, 41]);
        let none = Prepared::Compacted { offsets: 50, left: vec![], at: 5 };
        let (header, seen) = read(&none);
        assert_eq!((none.write().unwrap().len(), header.codec(), header.max_timestamp, seen.len()), (61, 0, 5, 0));
    }

    #[test]
    fn the_brokers_time_hides_the_producers() {
        let (header, seen) = read(&Prepared::Stamped { records: vec![record("a"), record("b")], at: 900 });
        assert_eq!((header.base_timestamp, seen[0].1, seen[1].1), (100, 900, 900));
    }

    #[test]
    fn a_long_value_is_a_small_batch() {
        let value = vec![Bytes::from(vec![b'x'; 1 << 20]); 40];
        let long = Prepared::Long { record: Record::at(100).key("k"), value };
        assert_eq!(read(&long).1, [(0, 100, b"k".to_vec())]);
        assert!(long.write().unwrap().len() < 64 << 10);
    }
}
