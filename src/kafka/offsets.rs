//! Starts and ends of partitions: one request a leader, and the one cache that topics, tail and lag share.
use super::{
    wave,
    wire::{
        self, Cause, Cluster, Error, Metadata, Result,
        error::{On, check_on},
    },
};
use crate::{
    failure::Failure,
    topic::{PartitionOffsets, TopicName, TopicOffsets},
};
use futures_util::stream::FuturesUnordered;
use jiff::Timestamp;
use kafka_protocol::{
    messages::{
        BrokerId, ListOffsetsRequest, ListOffsetsResponse,
        list_offsets_request::{ListOffsetsPartition, ListOffsetsTopic},
    },
    protocol::StrBytes,
};
use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use tokio::time::{Duration, Instant, sleep};

/// A partition of a topic.
pub type Spot = (TopicName, i32);

/// Seeded anew in every process, so that names cannot be chosen to collide.
type Hasher = foldhash::fast::RandomState;
/// What was read, by partition.
pub type Readings = HashMap<Spot, Reading, Hasher>;

/// More partitions than this are asked for in several requests.
const PORTION: usize = 50_000;
/// Pauses before a moved leader is looked up and asked again; then the partition carries its error.
const PAUSES: [Duration; 2] = [Duration::from_millis(100), Duration::from_millis(400)];
/// A partition the snapshot does not know may be newer than the snapshot, if that is older than this.
const STALE: Duration = Duration::from_secs(5);

/// Which offset of a partition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum At {
    /// Log start offset.
    Start,
    /// High watermark: the next offset a read-uncommitted reader can reach.
    End,
    /// Last stable offset: where a read-committed reader stops. The same as the end before Kafka 0.11.
    StableEnd,
    /// The first offset with this timestamp or a later one, in ms since 1970; must not be negative.
    Time(i64),
}

impl At {
    fn timestamp(self) -> i64 {
        match self {
            Self::Start => -2,
            Self::End | Self::StableEnd => -1,
            Self::Time(ms) => ms.max(0),
        }
    }
}

/// One offset and when it was read. `Ok(-1)` only for [`At::Time`]: no record is that new.
#[derive(Debug, Clone)]
pub struct Reading {
    pub offset: Result<i64, Failure>,
    pub at: Timestamp,
    /// Before the question was sent: the offset is at least as new.
    asked: Instant,
}

/// The cache. Share it as an [`Arc`].
#[derive(Debug)]
pub struct Offsets {
    cluster: Arc<Cluster>,
    /// Held for moments only, never across an await.
    read: Mutex<HashMap<(At, TopicName, i32), Reading, Hasher>>,
}

impl Offsets {
    pub fn new(cluster: Arc<Cluster>) -> Self {
        Self { cluster, read: Mutex::default() }
    }

    /// One reading for every wanted partition, none older than `since`: what is older is asked for. Lag passes the moment
    /// its commits were read, so that ends are never behind commits. A leader that is later than the others by more than
    /// [`wave::GRACE`] makes its own partitions an error, so that it holds up nobody.
    pub async fn read(&self, at: At, wanted: &[Spot], since: Instant) -> Readings {
        let mut known = Readings::with_capacity_and_hasher(wanted.len(), Hasher::default());
        let mut missing = Vec::new();
        self.take(at, wanted, since, &mut known, &mut missing);
        if !missing.is_empty() {
            let mut asked: FuturesUnordered<_> = by_leader(&self.cluster, &missing)
                .await
                .into_iter()
                .map(|spots| ask(&self.cluster, at, spots))
                .collect();
            let answers = wave::next(&mut asked).await;
            let late = !asked.is_empty();
            let mut cache = self.cache();
            for (spot, reading) in answers.into_iter().flatten() {
                if !matches!(at, At::Time(_)) {
                    cache.insert((at, spot.0.clone(), spot.1), reading.clone());
                }
                known.insert(spot, reading);
            }
            if late {
                missing.retain(|spot| !known.contains_key(spot));
                known.extend(missing.into_iter().map(too_late));
            }
        }
        known
    }

    fn take(&self, at: At, wanted: &[Spot], since: Instant, known: &mut Readings, missing: &mut Vec<Spot>) {
        let cache = self.cache();
        for spot in wanted {
            match cache.get(&(at, spot.0.clone(), spot.1)) {
                Some(reading) if reading.asked >= since => drop(known.insert(spot.clone(), reading.clone())),
                _ => missing.push(spot.clone()),
            }
        }
    }

    /// Starts and ends of every partition of the snapshot; forgets partitions that are gone.
    pub async fn of_topics(&self, metadata: &Metadata, since: Instant) -> Vec<TopicOffsets> {
        let name_and_id = |topic: &crate::topic::Topic| {
            let name = topic.name.clone();
            topic.partitions.iter().map(move |p| (name.clone(), p.id)).collect::<Vec<_>>()
        };
        let wanted: Vec<Spot> = metadata.topics.iter().flat_map(name_and_id).collect();
        let (starts, ends) = tokio::join!(self.read(At::Start, &wanted, since), self.read(At::End, &wanted, since));
        self.cache().retain(|(_, topic, id), _| metadata.partition(topic, *id).is_some());
        let offsets = |topic: &crate::topic::Topic| TopicOffsets {
            topic: topic.name.clone(),
            partitions: topic.partitions.iter().map(|p| both(&topic.name, p.id, &starts, &ends)).collect(),
        };
        metadata.topics.iter().map(offsets).collect()
    }

    fn cache(&self) -> MutexGuard<'_, HashMap<(At, TopicName, i32), Reading, Hasher>> {
        self.read.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn both(topic: &TopicName, id: i32, starts: &Readings, ends: &Readings) -> PartitionOffsets {
    let spot = (topic.clone(), id);
    let of = |readings: &Readings| match readings.get(&spot) {
        Some(reading) => reading.offset.clone(),
        None => Err(left_out(&spot).into()),
    };
    PartitionOffsets { id, start: of(starts), end: of(ends) }
}

/// Partitions that nobody is known to lead stand together.
async fn by_leader(cluster: &Cluster, spots: &[Spot]) -> Vec<Vec<Spot>> {
    let metadata = cluster.metadata().await.ok();
    let mut leaders = BTreeMap::<Option<i32>, Vec<Spot>>::new();
    for spot in spots {
        let partition = metadata.as_ref().and_then(|metadata| metadata.partition(&spot.0, spot.1));
        leaders.entry(partition.and_then(|partition| partition.leader)).or_default().push(spot.clone());
    }
    leaders.into_values().collect()
}

fn too_late(spot: Spot) -> (Spot, Reading) {
    let attempted = format!("asking for offsets of partition {} of topic {}", spot.1, spot.0);
    (spot, reading(Err(Error::new(attempted, Cause::Late(wave::GRACE))), Instant::now()))
}

/// Asks the leaders, past the cache. Every wanted partition has a reading in the answer.
pub async fn ask(cluster: &Cluster, at: At, wanted: Vec<Spot>) -> Vec<(Spot, Reading)> {
    let deadline = cluster.deadline();
    let mut done = Vec::with_capacity(wanted.len());
    let mut pending = wanted;
    let mut pauses = PAUSES.iter();
    loop {
        let asked = Instant::now();
        let answers = once(cluster, at, pending, deadline).await;
        let pause = pauses.next().filter(|pause| Instant::now() + **pause < deadline);
        let again = |(_, answer): &(Spot, Result<i64>)| {
            pause.is_some() && answer.as_ref().is_err_and(|e| e.moved() || e.unreached())
        };
        let (moved, settled): (Vec<_>, Vec<_>) = answers.into_iter().partition(again);
        done.extend(settled.into_iter().map(|(spot, answer)| (spot, reading(answer, asked))));
        let Some(pause) = pause.filter(|_| !moved.is_empty()) else { return done };
        sleep(*pause).await;
        // Where this fails too, the partitions that wait for it say so in the next round.
        let _ = cluster.refresh().await;
        pending = moved.into_iter().map(|(spot, _)| spot).collect();
    }
}

fn reading(answer: Result<i64>, asked: Instant) -> Reading {
    Reading { offset: answer.map_err(Failure::from), at: Timestamp::now(), asked }
}

async fn once(cluster: &Cluster, at: At, wanted: Vec<Spot>, deadline: Instant) -> Vec<(Spot, Result<i64>)> {
    let metadata = match snapshot(cluster, &wanted).await {
        Ok(metadata) => metadata,
        Err(error) => return wanted.into_iter().map(|spot| (spot, Err(error.clone()))).collect(),
    };
    let unseen = wanted.iter().map(|(topic, _)| topic).filter(|topic| metadata.topic(topic).is_none());
    let hidden = cluster.hidden(unseen.cloned().collect()).await;
    let (mut by_leader, mut answers) = (BTreeMap::<i32, Vec<Spot>>::new(), Vec::new());
    for spot in wanted {
        match leader(&metadata, &hidden, &spot) {
            Ok(leader) => by_leader.entry(leader).or_default().push(spot),
            Err(error) => answers.push((spot, Err(error))),
        }
    }
    let portions =
        by_leader.iter().flat_map(|(leader, spots)| spots.chunks(PORTION).map(move |spots| (*leader, spots)));
    let asked = portions.map(async |(leader, spots)| portion(cluster, at, leader, spots, deadline).await);
    answers.extend(futures_util::future::join_all(asked).await.into_iter().flatten());
    answers
}

/// The known snapshot, or a fresh one when a partition may be newer than it.
async fn snapshot(cluster: &Cluster, wanted: &[Spot]) -> Result<Arc<Metadata>> {
    let metadata = cluster.metadata().await?;
    let unknown = wanted.iter().any(|(topic, id)| metadata.partition(topic, *id).is_none());
    if unknown && metadata.read.elapsed() > STALE { cluster.refresh().await } else { Ok(metadata) }
}

/// A partition that is unknown or leaderless is not asked for again: the snapshot is the answer.
fn leader(metadata: &Metadata, hidden: &BTreeSet<TopicName>, (topic, id): &Spot) -> Result<i32> {
    let attempted = || format!("asking for offsets of partition {id} of topic {topic}");
    if hidden.contains(topic) {
        wire::hidden(topic, attempted)?;
    }
    let gone = || if metadata.topic(topic).is_some() { Cause::Gone } else { Cause::NoTopic };
    let told = metadata.partition(topic, *id).ok_or_else(|| Error::new(attempted(), gone()))?;
    told.leader.ok_or_else(|| Error::new(attempted(), Cause::NoLeader))
}

async fn portion(
    cluster: &Cluster,
    at: At,
    leader: i32,
    spots: &[Spot],
    deadline: Instant,
) -> Vec<(Spot, Result<i64>)> {
    let answer = cluster.ask_with(leader, deadline, |version| request(at, spots, version)).await;
    let told = match &answer {
        Ok(reply) => told(reply, at, leader),
        Err(error) => return spots.iter().map(|spot| (spot.clone(), Err(error.clone()))).collect(),
    };
    let one = |spot: &Spot| told.get(&(spot.0.as_ref(), spot.1)).cloned().unwrap_or_else(|| Err(left_out(spot)));
    let answers: Vec<_> = spots.iter().map(one).collect();
    spots.iter().cloned().zip(answers).collect()
}

/// Brokers before 0.11 have no transactions and no field for the isolation.
fn request(at: At, spots: &[Spot], version: i16) -> ListOffsetsRequest {
    let mut topics = BTreeMap::<&TopicName, Vec<ListOffsetsPartition>>::new();
    for (topic, id) in spots {
        let partition = ListOffsetsPartition::default().with_partition_index(*id).with_timestamp(at.timestamp());
        topics.entry(topic).or_default().push(partition);
    }
    let topic = |(name, partitions): (&TopicName, _)| {
        ListOffsetsTopic::default()
            .with_name(StrBytes::from_string(name.to_string()).into())
            .with_partitions(partitions)
    };
    ListOffsetsRequest::default()
        .with_replica_id(BrokerId(-1))
        .with_isolation_level(i8::from(at == At::StableEnd && version >= 2))
        .with_topics(topics.into_iter().map(topic).collect())
}

fn told(reply: &ListOffsetsResponse, at: At, leader: i32) -> HashMap<(&str, i32), Result<i64>, Hasher> {
    let partitions =
        reply.topics.iter().flat_map(|topic| topic.partitions.iter().map(move |p| (topic.name.as_str(), p)));
    partitions
        .map(|(topic, p)| {
            let attempted =
                || format!("asking broker {leader} for offsets of partition {} of topic {topic}", p.partition_index);
            let offset =
                check_on(On::Topic(topic), p.error_code, None, attempted).and_then(|()| match (at, p.offset) {
                    (At::Time(_), offset) | (_, offset @ 0..) => Ok(offset),
                    (_, offset) => Err(Error::new(attempted(), Cause::Garbled(format!("{offset} is no offset")))),
                });
            ((topic, p.partition_index), offset)
        })
        .collect()
}

fn left_out((topic, id): &Spot) -> Error {
    Error::left_out(format!("asking for offsets of partition {id} of topic {topic}"))
}
