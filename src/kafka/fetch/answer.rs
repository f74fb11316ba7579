//! Reads the body of a Fetch answer, versions 2 to 12 (`FetchResponse.json`), bounded by what was asked and by the
//! bytes that are there. Looks at no record.
use super::{
    aborted::AbortedTransaction,
    cursor::{Cursor, Result, Short},
    request::{FLEXIBLE, SESSIONS},
};
use crate::topic::TopicName;
use std::{collections::HashMap, ops::Range};

/// Smallest sizes on the wire, the bound of what a count may claim.
const TOPIC_BYTES: usize = 3;
const PARTITION_BYTES: usize = 18;
const ABORTED_BYTES: usize = 16;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The broker held the answer back for this long (quota).
    pub throttle_ms: i32,
    /// Of the whole request; 0 = none.
    pub error: i16,
    /// 0 = none.
    pub session: i32,
    pub sections: Vec<Section>,
}

/// What an answer holds for one partition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// Index into the topics that were asked for.
    pub topic: usize,
    pub partition: i32,
    pub error: i16,
    pub high_watermark: i64,
    /// −1 = not told.
    pub last_stable_offset: i64,
    /// −1 = not told (before version 5).
    pub log_start: i64,
    pub aborted: Vec<AbortedTransaction>,
    /// The record batches in the body.
    pub records: Range<usize>,
}

impl Section {
    /// What is not said of a partition that has no news.
    pub fn without_news(topic: usize, partition: i32, end: i64) -> Self {
        let (high_watermark, last_stable_offset, log_start) = (end, end, -1);
        Self {
            topic,
            partition,
            error: 0,
            high_watermark,
            last_stable_offset,
            log_start,
            aborted: vec![],
            records: 0..0,
        }
    }
}

/// `topics`: those that were asked for, and where they stand in the plan. `most`: partitions that were asked for; an
/// answer with more is malformed.
pub fn read(body: &[u8], version: i16, topics: &HashMap<TopicName, usize>, most: usize) -> Result<Answer> {
    let mut reader = Reader { cursor: Cursor::new(body), version, flexible: version >= FLEXIBLE };
    let throttle_ms = reader.cursor.i32()?;
    let (error, session) = if version >= SESSIONS { reader.outcome()? } else { (0, 0) };
    let mut sections = vec![];
    for _ in 0..reader.cursor.count(reader.flexible, TOPIC_BYTES)? {
        reader.topic(topics, most, &mut sections)?;
    }
    Ok(Answer { throttle_ms, error, session, sections })
}

struct Reader<'a> {
    cursor: Cursor<'a>,
    version: i16,
    flexible: bool,
}

impl Reader<'_> {
    /// Error and session.
    fn outcome(&mut self) -> Result<(i16, i32)> {
        Ok((self.cursor.i16()?, self.cursor.i32()?))
    }

    fn topic(&mut self, topics: &HashMap<TopicName, usize>, most: usize, sections: &mut Vec<Section>) -> Result<()> {
        let name = self.cursor.text(self.flexible)?.ok_or(Short)?;
        let topic = *topics.get(name).ok_or(Short)?;
        for _ in 0..self.cursor.count(self.flexible, PARTITION_BYTES)? {
            if sections.len() == most {
                return Err(Short);
            }
            sections.push(self.section(topic)?);
        }
        self.cursor.tags(self.flexible)
    }

    fn section(&mut self, topic: usize) -> Result<Section> {
        let (partition, error, high_watermark) = (self.cursor.i32()?, self.cursor.i16()?, self.cursor.i64()?);
        let last_stable_offset = if self.version >= 4 { self.cursor.i64()? } else { -1 };
        let log_start = if self.version >= 5 { self.cursor.i64()? } else { -1 };
        let aborted = if self.version >= 4 { self.aborted()? } else { vec![] };
        if self.version >= 11 {
            self.cursor.i32()?; // the replica to read from, for racks
        }
        let length = self.cursor.wide_length(self.flexible)?.unwrap_or(0);
        let at = self.cursor.at();
        self.cursor.skip(length)?;
        self.cursor.tags(self.flexible)?;
        let records = at..at + length;
        Ok(Section { topic, partition, error, high_watermark, last_stable_offset, log_start, aborted, records })
    }

    fn aborted(&mut self) -> Result<Vec<AbortedTransaction>> {
        let mut aborted = vec![];
        for _ in 0..self.cursor.count(self.flexible, ABORTED_BYTES)? {
            aborted.push(AbortedTransaction { producer: self.cursor.i64()?, first_offset: self.cursor.i64()? });
            self.cursor.tags(self.flexible)?;
        }
        Ok(aborted)
    }
}
