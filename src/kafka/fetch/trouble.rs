//! What partitions fail with, in words, and where reading goes on when an offset is no longer there.
use crate::{
    failure::Failure,
    kafka::{
        offsets::{self, At},
        wire::{Cause, Cluster, Error, Metadata, Result},
    },
    topic::TopicName,
};
use kafka_protocol::error::ResponseError;

/// `OFFSET_OUT_OF_RANGE`.
pub const OUT_OF_RANGE: i16 = 1;

/// The leader of a partition and its epoch.
pub fn leader(metadata: &Metadata, topic: &TopicName, id: i32) -> Result<(i32, i32)> {
    let attempted = || reading(topic, id);
    let partition = metadata.partition(topic, id).ok_or_else(|| Error::new(attempted(), Cause::Gone))?;
    let leader = partition.leader.ok_or_else(|| Error::new(attempted(), Cause::NoLeader))?;
    Ok((leader, partition.leader_epoch))
}

fn reading(topic: &TopicName, id: i32) -> String {
    format!("reading {topic} partition {id}")
}

/// A broker's refusal, by its code.
pub fn refused(topic: &TopicName, id: i32, code: i16) -> Error {
    Error::new(reading(topic, id), Cause::Code { code, text: None })
}

/// Does the error come with moved leaders, restarts and new topics, and go by itself?
pub fn passes(code: i16) -> bool {
    ResponseError::try_from_code(code).is_some_and(|error| error.is_retriable())
}

/// Is the topic not there (any more)?
pub fn is_gone(error: &Error) -> bool {
    let unknown = ResponseError::UnknownTopicOrPartition.code();
    matches!(error.cause, Cause::Gone | Cause::NoTopic) || error.code() == Some(unknown)
}

/// Start and end of a partition's log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    pub start: i64,
    pub end: i64,
}

pub async fn bounds(cluster: &Cluster, topic: &TopicName, id: i32) -> std::result::Result<Bounds, Failure> {
    let (start, end) = tokio::join!(one(cluster, At::Start, topic, id), one(cluster, At::End, topic, id));
    Ok(Bounds { start: start?, end: end? })
}

async fn one(cluster: &Cluster, at: At, topic: &TopicName, id: i32) -> std::result::Result<i64, Failure> {
    let answers = offsets::ask(cluster, at, vec![(topic.clone(), id)]).await;
    let first = answers.into_iter().next().map(|(_, reading)| reading.offset);
    first.unwrap_or_else(|| Err(Error::left_out(reading(topic, id)).into()))
}

/// Where to go on: at the start when that passed the reader, at the end when the log became shorter (an unclean
/// leader; Kafka's `auto.offset.reset` would jump either way without a word).
pub fn resume(position: i64, bounds: Bounds) -> i64 {
    position.clamp(bounds.start, bounds.end.max(bounds.start))
}

pub fn shorter(topic: &TopicName, id: i32, position: i64, end: i64) -> Failure {
    let answered = format!("the log ends at {end} now, and went further when reading began");
    Failure::new(
        format!("{} from offset {position}", reading(topic, id)),
        answered,
        "it may have lost its newest records",
    )
}

pub fn malformed(topic: &TopicName, id: i32, position: i64, why: &str) -> Failure {
    Failure::new(format!("{} from offset {position}", reading(topic, id)), format!("the broker sent {why}"), "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reading_goes_on_at_the_start_that_moved_or_at_the_end_of_a_log_that_became_shorter() {
        let bounds = Bounds { start: 100, end: 200 };
        assert_eq!([50, 100, 150, 200, 250].map(|position| resume(position, bounds)), [100, 100, 150, 200, 200]);
    }

    #[test]
    fn what_a_moved_leader_brings_passes_and_what_nobody_knows_does_not() {
        let (not_leader, unauthorized) = (6, 29);
        assert!(passes(not_leader) && !passes(unauthorized) && !passes(1234));
    }
}
