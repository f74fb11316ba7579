//! The call DescribeShareGroupOffsets in versions 0 and 1, written by hand: the protocol crate has no version with the
//! lag. Layout: Kafka's `DescribeShareGroupOffsetsRequest.json` and `…Response.json`, all of it flexible (KIP-482).
use crate::{
    group::GroupName,
    kafka::{
        fetch::cursor::{Cursor, Result, Short},
        wire::calls::Call,
    },
};
use kafka_protocol::{
    messages::{ApiKey, DescribeShareGroupOffsetsRequest, describe_share_group_offsets_request as request},
    protocol::{
        Decodable, Encodable, StrBytes, VersionRange,
        buf::{ByteBuf, ByteBufMut},
    },
};

/// From here on the answer has the lag; the request is the same.
const WITH_LAG: i16 = 1;
/// Smallest sizes on the wire, the bound of what a count may claim.
const GROUP_BYTES: usize = 6;
const TOPIC_BYTES: usize = 19;
const PARTITION_BYTES: usize = 20;

/// Asks for every topic of these groups.
#[derive(Debug, Clone)]
pub struct DescribeShareGroupOffsets(DescribeShareGroupOffsetsRequest);

impl DescribeShareGroupOffsets {
    pub fn of(groups: &[GroupName]) -> Self {
        let group = |name: &GroupName| {
            let id = StrBytes::from_string(name.to_string()).into();
            request::DescribeShareGroupOffsetsRequestGroup::default().with_group_id(id).with_topics(None)
        };
        Self(DescribeShareGroupOffsetsRequest::default().with_groups(groups.iter().map(group).collect()))
    }
}

impl Encodable for DescribeShareGroupOffsets {
    fn encode<B: ByteBufMut>(&self, out: &mut B, _version: i16) -> anyhow::Result<()> {
        self.0.encode(out, 0)
    }

    fn compute_size(&self, _version: i16) -> anyhow::Result<usize> {
        self.0.compute_size(0)
    }
}

impl Call for DescribeShareGroupOffsets {
    const KEY: i16 = ApiKey::DescribeShareGroupOffsets as i16;
    const NAME: &'static str = "DescribeShareGroupOffsets";
    const ASKS: &'static str = "the offsets of share groups";
    const SINCE: &'static str = "4.1";
    const RANGE: VersionRange = VersionRange { min: 0, max: WITH_LAG };
    type Reply = Reply;

    fn header(_version: i16) -> i16 {
        2
    }

    fn reply_header(_version: i16) -> i16 {
        1
    }

    fn throttle(reply: &Reply) -> i32 {
        reply.throttle_ms
    }
}

#[derive(Debug, Clone)]
pub struct Reply {
    throttle_ms: i32,
    pub groups: Vec<Told>,
}

/// One group.
#[derive(Debug, Clone)]
pub struct Told {
    pub name: String,
    pub topics: Vec<Topic>,
    pub error: i16,
    pub text: Option<String>,
}

#[derive(Debug, Clone)]
pub struct Topic {
    pub name: String,
    pub partitions: Vec<Partition>,
}

#[derive(Debug, Clone)]
pub struct Partition {
    pub id: i32,
    /// −1 = none yet.
    pub start: i64,
    /// −1 = not told.
    pub lag: i64,
    pub error: i16,
    pub text: Option<String>,
}

impl Decodable for Reply {
    fn decode<B: ByteBuf>(from: &mut B, version: i16) -> anyhow::Result<Self> {
        let bytes = from.try_get_bytes(from.remaining())?;
        read(&mut Cursor::new(&bytes), version).map_err(|_| anyhow::anyhow!("it is cut short"))
    }
}

fn read(from: &mut Cursor<'_>, version: i16) -> Result<Reply> {
    let throttle_ms = from.i32()?;
    let groups = many(from, GROUP_BYTES, |from| group(from, version))?;
    from.tags(true)?;
    Ok(Reply { throttle_ms, groups })
}

fn group(from: &mut Cursor<'_>, version: i16) -> Result<Told> {
    let name = text(from)?.ok_or(Short)?;
    let topics = many(from, TOPIC_BYTES, |from| topic(from, version))?;
    let (error, text) = (from.i16()?, text(from)?);
    from.tags(true)?;
    Ok(Told { name, topics, error, text })
}

fn topic(from: &mut Cursor<'_>, version: i16) -> Result<Topic> {
    let name = text(from)?.ok_or(Short)?;
    from.skip(16)?; // its id
    let partitions = many(from, PARTITION_BYTES, |from| partition(from, version))?;
    from.tags(true)?;
    Ok(Topic { name, partitions })
}

fn partition(from: &mut Cursor<'_>, version: i16) -> Result<Partition> {
    let (id, start) = (from.i32()?, from.i64()?);
    from.i32()?; // leader epoch
    let lag = if version >= WITH_LAG { from.i64()? } else { -1 };
    let (error, text) = (from.i16()?, text(from)?);
    from.tags(true)?;
    Ok(Partition { id, start, lag, error, text })
}

fn many<T>(from: &mut Cursor<'_>, least: usize, one: impl Fn(&mut Cursor<'_>) -> Result<T>) -> Result<Vec<T>> {
    (0..from.count(true, least)?).map(|_| one(from)).collect()
}

fn text(from: &mut Cursor<'_>) -> Result<Option<String>> {
    Ok(from.text(true)?.map(str::to_owned))
}

#[cfg(test)]
mod tests {
    use super::*;
    use bytes::{BufMut, Bytes, BytesMut};

    /// Group `g`, topic `t`, partition 2 at start 40 with 7 records left.
    fn answer(version: i16) -> Bytes {
        let mut bytes = BytesMut::new();
        bytes.put_i32(5);
        bytes.put_slice(b"\x02\x02g\x02\x02t");
        bytes.put_bytes(9, 16);
        bytes.put_slice(b"\x02");
        bytes.put_i32(2);
        bytes.put_i64(40);
        bytes.put_i32(0);
        if version >= WITH_LAG {
            bytes.put_i64(7);
        }
        bytes.put_slice(b"\0\0\0\0"); // no error, no text, no tags
        bytes.put_slice(b"\0"); // tags of the topic
        bytes.put_slice(b"\0\0\0\0\0"); // no error, no text, no tags; tags of the answer
        bytes.freeze()
    }

    #[test]
    fn both_versions_are_read_and_only_the_newer_one_tells_the_lag() {
        for (version, lag) in [(0, -1), (WITH_LAG, 7)] {
            let reply = Reply::decode(&mut answer(version), version).unwrap();
            let topic = &reply.groups[0].topics[0];
            let partition = &topic.partitions[0];
            assert_eq!((reply.throttle_ms, topic.name.as_str(), partition.id), (5, "t", 2));
            assert_eq!((partition.start, partition.lag, partition.error), (40, lag, 0));
        }
    }

    #[test]
    fn what_is_cut_is_refused() {
        let whole = answer(WITH_LAG);
        for length in 0..whole.len() {
            assert!(Reply::decode(&mut whole.slice(..length), WITH_LAG).is_err(), "{length}");
        }
    }

    #[test]
    fn a_request_asks_for_every_topic_of_its_groups() {
        let mut written = BytesMut::new();
        DescribeShareGroupOffsets::of(&["g".into(), "ab".into()]).encode(&mut written, 0).unwrap();
        assert_eq!(&written[..], b"\x03\x02g\0\0\x03ab\0\0\0");
    }
}
