//! Commits written and deleted as a simple consumer does it: without joining, so the broker takes them only while the
//! group has no members. Each request is sent once; an answer that got lost is told, never guessed.
use super::{
    coordinators::text,
    refused::{Doing, refusal},
};
use crate::{
    failure::Failure,
    group::GroupName,
    kafka::{
        offsets::Spot,
        wire::{Cluster, Error},
    },
    topic::TopicName,
};
use kafka_protocol::messages::{
    OffsetCommitRequest, OffsetDeleteRequest,
    offset_commit_request::{OffsetCommitRequestPartition, OffsetCommitRequestTopic},
    offset_delete_request::{OffsetDeleteRequestPartition, OffsetDeleteRequestTopic},
};
use std::collections::{BTreeMap, HashMap};

/// Commits in one request, or deletions of them: the broker writes them as one batch, which must not pass its largest record (1 MB by default).
const PORTION: usize = 2_000;

/// What became of each partition.
pub type Written = HashMap<Spot, Result<(), Failure>>;

/// Writes these offsets. Every partition has an answer.
pub async fn commit(cluster: &Cluster, coordinator: i32, group: &GroupName, wanted: &[(Spot, i64)]) -> Written {
    let mut written = Written::with_capacity(wanted.len());
    for portion in wanted.chunks(PORTION) {
        let reply = cluster.tell(coordinator, &commit_request(group, portion), cluster.deadline()).await;
        let told = reply.map(|reply| {
            let rows = reply.topics.into_iter().flat_map(|topic| {
                topic.partitions.into_iter().map(move |p| (spot(&topic.name, p.partition_index), p.error_code))
            });
            rows.collect()
        });
        let spots = portion.iter().map(|(spot, _)| spot);
        written.extend(answers(told, group, spots, Doing::Commit));
    }
    written
}

/// Generation −1 and no member: what `alterConsumerGroupOffsets` of Kafka's own client sends.
fn commit_request(group: &GroupName, wanted: &[(Spot, i64)]) -> OffsetCommitRequest {
    let mut topics = BTreeMap::<&TopicName, Vec<_>>::new();
    for ((topic, partition), offset) in wanted {
        let partition = OffsetCommitRequestPartition::default()
            .with_partition_index(*partition)
            .with_committed_offset(*offset)
            .with_committed_leader_epoch(-1)
            .with_committed_metadata(Some(text("")));
        topics.entry(topic).or_default().push(partition);
    }
    let topic = |(name, partitions): (&TopicName, _)| {
        OffsetCommitRequestTopic::default().with_name(text(name).into()).with_partitions(partitions)
    };
    OffsetCommitRequest::default()
        .with_group_id(text(group).into())
        .with_generation_id_or_member_epoch(-1)
        .with_topics(topics.into_iter().map(topic).collect())
}

/// Deletes the commits of these partitions; every one has an answer.
///
/// # Errors
/// The broker refuses the group as a whole; nothing was deleted then.
pub async fn delete(
    cluster: &Cluster,
    coordinator: i32,
    group: &GroupName,
    wanted: &[Spot],
) -> Result<Written, Failure> {
    let mut deleted = Written::with_capacity(wanted.len());
    for portion in wanted.chunks(PORTION) {
        match portion_deleted(cluster, coordinator, group, portion).await {
            Err(why) if deleted.is_empty() => return Err(why),
            Err(why) => deleted.extend(portion.iter().map(|spot| (spot.clone(), Err(why.clone())))),
            Ok(told) => deleted.extend(told),
        }
    }
    Ok(deleted)
}

async fn portion_deleted(
    cluster: &Cluster,
    coordinator: i32,
    group: &GroupName,
    wanted: &[Spot],
) -> Result<Written, Failure> {
    let reply = cluster.tell(coordinator, &delete_request(group, wanted), cluster.deadline()).await;
    if let Ok(reply) = &reply {
        refusal(reply.error_code, Doing::Forget, || format!("deleting offsets of group {group}"))?;
    }
    let told = reply.map(|reply| {
        let rows = reply.topics.into_iter().flat_map(|topic| {
            topic.partitions.into_iter().map(move |p| (spot(&topic.name, p.partition_index), p.error_code))
        });
        rows.collect()
    });
    Ok(answers(told, group, wanted.iter(), Doing::Forget))
}

fn delete_request(group: &GroupName, wanted: &[Spot]) -> OffsetDeleteRequest {
    let mut topics = BTreeMap::<&TopicName, Vec<_>>::new();
    for (topic, partition) in wanted {
        let partition = OffsetDeleteRequestPartition::default().with_partition_index(*partition);
        topics.entry(topic).or_default().push(partition);
    }
    let topic = |(name, partitions): (&TopicName, _)| {
        OffsetDeleteRequestTopic::default().with_name(text(name).into()).with_partitions(partitions)
    };
    OffsetDeleteRequest::default()
        .with_group_id(text(group).into())
        .with_topics(topics.into_iter().map(topic).collect())
}

fn spot(topic: &str, partition: i32) -> Spot {
    (topic.into(), partition)
}

/// One answer for each partition, whatever the broker sent.
fn answers<'s>(
    told: Result<HashMap<Spot, i16>, Error>,
    group: &str,
    spots: impl Iterator<Item = &'s Spot>,
    doing: Doing,
) -> Written {
    let one = |spot: &Spot| match &told {
        Err(error) => Err(unanswered(error, group, spot)),
        Ok(told) => match told.get(spot) {
            Some(code) => refusal(*code, doing, || attempt(doing, group, spot)),
            None => Err(Error::left_out(attempt(doing, group, spot)).into()),
        },
    };
    spots.map(|spot| (spot.clone(), one(spot))).collect()
}

fn attempt(doing: Doing, group: &str, (topic, partition): &Spot) -> String {
    let verb = if doing == Doing::Commit { "writing" } else { "deleting" };
    format!("{verb} the offset of group {group} on partition {partition} of topic {topic}")
}

/// Nothing came back: either nothing was sent, or nobody knows.
fn unanswered(error: &Error, group: &str, (topic, partition): &Spot) -> Failure {
    let told = Failure::from(error);
    let attempted = format!("changing the offset of group {group} on partition {partition} of topic {topic}");
    if error.sent() {
        let answered = format!("unknown, it may have been done: {}", told.answered);
        return Failure::new(attempted, answered, "read what stands there now before trying again");
    }
    Failure::new(attempted, format!("not done: {}: {}", told.attempted, told.answered), &*told.advice)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kafka::wire::Cause;
    use std::time::Duration;

    #[test]
    fn only_what_may_have_reached_the_broker_is_unknown() {
        let said = |cause| unanswered(&Error::new("asking", cause), "billing", &("orders".into(), 0)).answered.clone();
        for cause in [Cause::Cut, Cause::Closed { answers: 1 }, Cause::Late(Duration::from_secs(5))] {
            assert!(said(cause).starts_with("unknown, it may have been done"));
        }
        for cause in [Cause::Refused, Cause::NoBroker, Cause::Lacks { call: "OffsetDelete", since: "2.4" }] {
            assert!(said(cause).starts_with("not done"));
        }
    }

    #[test]
    fn commits_are_those_of_a_consumer_that_joined_nothing() {
        let request = commit_request(&"g".into(), &[(("b".into(), 0), 5), (("a".into(), 1), 6), (("b".into(), 2), 7)]);
        assert_eq!((request.generation_id_or_member_epoch, &*request.member_id), (-1, ""));
        let topics: Vec<_> = request.topics.iter().map(|topic| (topic.name.as_str(), topic.partitions.len())).collect();
        assert_eq!(topics, [("a", 1), ("b", 2)]);
        let first = &request.topics[0].partitions[0];
        assert_eq!((first.committed_offset, first.committed_leader_epoch), (6, -1));
        assert_eq!(first.committed_metadata.as_deref(), Some(""));
    }
}
