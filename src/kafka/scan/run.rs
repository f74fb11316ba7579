//! A sorted run of records in a temporary file without a name: it is gone with the program, however that ends.
use crate::{
    kafka::fetch::chunk::{MOST_BYTES, MOST_RECORDS},
    record::{Batch, Head, Record, Span, TimestampType, gather::gather},
    topic::TopicName,
};
use std::{
    fs::File,
    io::{self, BufReader, BufWriter, Read, Seek, Write},
};

#[derive(Debug)]
pub struct Run {
    file: File,
    /// Batches in the file, and the topics that their numbers mean.
    batches: usize,
    topics: Vec<TopicName>,
}

/// Writes records in the order given.
pub fn write(records: Vec<Record<'_>>) -> io::Result<Run> {
    let mut run = Run { file: tempfile::tempfile()?, batches: 0, topics: vec![] };
    let mut out = BufWriter::new(&run.file);
    // In portions, so that copies of all are never in memory.
    for portion in records.chunks(MOST_RECORDS) {
        for batch in gather(portion.iter().copied(), MOST_RECORDS, MOST_BYTES) {
            let topic = run.topics.iter().position(|topic| *topic == batch.topic).unwrap_or(run.topics.len());
            if topic == run.topics.len() {
                run.topics.push(batch.topic.clone());
            }
            put_batch(&mut out, topic as u64, &batch)?;
            run.batches += 1;
        }
    }
    out.flush()?;
    drop(out);
    run.file.rewind()?;
    Ok(run)
}

fn put_batch(out: &mut impl Write, topic: u64, batch: &Batch) -> io::Result<()> {
    for number in [topic, batch.heads.len() as u64, batch.buffer.len() as u64] {
        out.write_all(&number.to_ne_bytes())?;
    }
    for head in &batch.heads {
        put_head(out, head)?;
    }
    out.write_all(&batch.buffer)
}

fn put_head(out: &mut impl Write, head: &Head) -> io::Result<()> {
    for number in [head.offset, head.timestamp] {
        out.write_all(&number.to_ne_bytes())?;
    }
    for span in [head.key, head.value, head.headers] {
        out.write_all(&span.to_bits().to_ne_bytes())?;
    }
    out.write_all(&head.header_count.to_ne_bytes())?;
    out.write_all(&head.partition.to_ne_bytes())?;
    out.write_all(&head.leader_epoch.to_ne_bytes())?;
    out.write_all(&[match head.timestamp_type {
        TimestampType::None => 0,
        TimestampType::Create => 1,
        TimestampType::Append => 2,
    }])
}

fn number<const N: usize>(from: &mut impl Read) -> io::Result<[u8; N]> {
    let mut bytes = [0; N];
    from.read_exact(&mut bytes)?;
    Ok(bytes)
}

fn long(from: &mut impl Read) -> io::Result<u64> {
    number(from).map(u64::from_ne_bytes)
}

fn head(from: &mut impl Read) -> io::Result<Head> {
    Ok(Head {
        offset: long(from)? as i64,
        timestamp: long(from)? as i64,
        key: Span::from_bits(long(from)?),
        value: Span::from_bits(long(from)?),
        headers: Span::from_bits(long(from)?),
        header_count: number(from).map(u32::from_ne_bytes)?,
        partition: number(from).map(i32::from_ne_bytes)?,
        leader_epoch: number(from).map(i32::from_ne_bytes)?,
        timestamp_type: match number::<1>(from)? {
            [1] => TimestampType::Create,
            [2] => TimestampType::Append,
            _ => TimestampType::None,
        },
    })
}

/// Sorted records, one after the other; a batch of them in memory.
pub struct Rows {
    open: Option<Batch>,
    at: usize,
    rest: Rest,
}

enum Rest {
    Memory(std::vec::IntoIter<Batch>),
    File { file: BufReader<File>, left: usize, topics: Vec<TopicName> },
}

impl Rows {
    pub fn of_batches(batches: Vec<Batch>) -> Self {
        let mut batches = batches.into_iter();
        Self { open: batches.next(), at: 0, rest: Rest::Memory(batches) }
    }

    pub fn of_run(run: Run) -> io::Result<Self> {
        let rest = Rest::File { file: BufReader::new(run.file), left: run.batches, topics: run.topics };
        let mut rows = Self { open: None, at: 0, rest };
        rows.open = rows.rest.next()?;
        Ok(rows)
    }

    /// `None` when they are over.
    pub fn row(&self) -> Option<Record<'_>> {
        self.open.as_ref()?.record(self.at)
    }

    pub fn go_on(&mut self) -> io::Result<()> {
        self.at += 1;
        if self.row().is_none() {
            (self.open, self.at) = (self.rest.next()?, 0);
        }
        Ok(())
    }
}

impl Rest {
    fn next(&mut self) -> io::Result<Option<Batch>> {
        match self {
            Self::Memory(batches) => Ok(batches.next()),
            Self::File { left: 0, .. } => Ok(None),
            Self::File { file, left, topics } => {
                *left -= 1;
                let (topic, heads, bytes) = (long(file)? as usize, long(file)? as usize, long(file)? as usize);
                let topic = topics.get(topic).cloned().ok_or(io::ErrorKind::InvalidData)?;
                let heads = (0..heads).map(|_| head(file)).collect::<io::Result<_>>()?;
                let mut buffer = vec![0; bytes];
                file.read_exact(&mut buffer)?;
                Ok(Some(Batch { topic, capacity: buffer.len(), buffer: buffer.into(), heads }))
            }
        }
    }
}
