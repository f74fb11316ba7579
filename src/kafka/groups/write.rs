//! Commits written and deleted as a simple consumer does it: without joining, so the broker takes them only while the
//! group has no members. Each request is sent once; an answer that got lost is told, never guessed.
use super::coordinators::text;
use crate::{
    failure::Failure,
    group::GroupName,
    kafka::{
        offsets::Spot,
        wire::{Cluster, Error, error::check},
    },
    topic::TopicName,
};
use kafka_protocol::{
    error::ResponseError,
    messages::{
        OffsetCommitRequest, OffsetDeleteRequest,
        offset_commit_request::{OffsetCommitRequestPartition, OffsetCommitRequestTopic},
        offset_delete_request::{OffsetDeleteRequestPartition, OffsetDeleteRequestTopic},
    },
};
use std::collections::{BTreeMap, HashMap};

/// Commits in one request: the broker writes them as one batch, which must not pass its largest record (1 MB by default).
const PORTION: usize = 2_000;

/// What became of each partition.
pub type Written = HashMap<Spot, Result<(), Failure>>;

/// Writes these offsets. Every partition has an answer.
pub async fn commit(cluster: &Cluster, coordinator: i32, group: &GroupName, wanted: &[(Spot, i64)]) -> Written {
    let mut written = Written::with_capacity(wanted.len());
    for portion in wanted.chunks(PORTION) {
        let reply = cluster.tell(coordinator, &request(group, portion), cluster.deadline()).await;
        let spots = portion.iter().map(|(spot, _)| spot);
        match reply {
            Err(error) => written.extend(spots.map(|spot| (spot.clone(), Err(unanswered(&error, group, spot))))),
            Ok(reply) => {
                let rows = reply.topics.iter().flat_map(|topic| {
                    topic.partitions.iter().map(|p| ((topic.name.as_str(), p.partition_index), p.error_code))
                });
                let told: HashMap<_, _> = rows.collect();
                written.extend(spots.map(|spot| (spot.clone(), answer(&told, group, spot, Doing::Commit))));
            }
        }
    }
    written
}

/// Generation −1 and no member: what `alterConsumerGroupOffsets` of Kafka's own client sends.
fn request(group: &GroupName, wanted: &[(Spot, i64)]) -> OffsetCommitRequest {
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
/// The broker refuses the group as a whole.
pub async fn delete(
    cluster: &Cluster,
    coordinator: i32,
    group: &GroupName,
    wanted: &[Spot],
) -> Result<Written, Failure> {
    let mut topics = BTreeMap::<&TopicName, Vec<_>>::new();
    for (topic, partition) in wanted {
        let partition = OffsetDeleteRequestPartition::default().with_partition_index(*partition);
        topics.entry(topic).or_default().push(partition);
    }
    let topic = |(name, partitions): (&TopicName, _)| {
        OffsetDeleteRequestTopic::default().with_name(text(name).into()).with_partitions(partitions)
    };
    let request = OffsetDeleteRequest::default()
        .with_group_id(text(group).into())
        .with_topics(topics.into_iter().map(topic).collect());
    let reply = match cluster.tell(coordinator, &request, cluster.deadline()).await {
        Err(error) => {
            return Ok(wanted.iter().map(|spot| (spot.clone(), Err(unanswered(&error, group, spot)))).collect());
        }
        Ok(reply) => reply,
    };
    refusal(reply.error_code, Doing::Forget, || format!("deleting offsets of group {group}"))?;
    let rows = reply
        .topics
        .iter()
        .flat_map(|topic| topic.partitions.iter().map(|p| ((topic.name.as_str(), p.partition_index), p.error_code)));
    let told = rows.collect();
    Ok(wanted.iter().map(|spot| (spot.clone(), answer(&told, group, spot, Doing::Forget))).collect())
}

fn answer(told: &HashMap<(&str, i32), i16>, group: &str, spot: &Spot, doing: Doing) -> Result<(), Failure> {
    match told.get(&(&*spot.0, spot.1)) {
        Some(code) => refusal(*code, doing, || attempt(doing, group, spot)),
        None => Err(Error::left_out(attempt(doing, group, spot)).into()),
    }
}

fn attempt(doing: Doing, group: &str, (topic, partition): &Spot) -> String {
    let verb = if doing == Doing::Commit { "writing" } else { "deleting" };
    format!("{verb} the offset of group {group} on partition {partition} of topic {topic}")
}

/// Nothing came back: either nothing was sent, or nobody knows.
pub fn unanswered(error: &Error, group: &str, (topic, partition): &Spot) -> Failure {
    let told = Failure::from(error);
    let attempted = format!("changing the offset of group {group} on partition {partition} of topic {topic}");
    if error.sent() {
        let answered = format!("unknown, it may have been done: {}", told.answered);
        return Failure::new(attempted, answered, "read what stands there now before trying again");
    }
    Failure::new(attempted, format!("not done: {}: {}", told.attempted, told.answered), told.advice)
}

/// Which rights a refusal is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Doing {
    Commit,
    Forget,
    Delete,
}

impl Doing {
    /// The rights as `KafkaApis` and `AuthHelper` ask for them.
    fn right(self) -> &'static str {
        if self == Self::Commit {
            "ask for the right READ on the group"
        } else {
            "ask for the right DELETE on the group"
        }
    }

    /// Words for a code whose plain words speak of reading.
    fn words(self, code: i16) -> Option<(&'static str, &'static str)> {
        const STOP: &str = "stop its members, then plan again";
        Some(match ResponseError::try_from_code(code)? {
            ResponseError::UnknownMemberId | ResponseError::IllegalGeneration | ResponseError::StaleMemberEpoch => {
                ("a member has joined the group meanwhile", STOP)
            }
            ResponseError::RebalanceInProgress => ("the group is rebalancing: a member has joined meanwhile", STOP),
            ResponseError::GroupSubscribedToTopic => ("a member of the group subscribes to the topic", STOP),
            ResponseError::NonEmptyGroup => ("the group has members", STOP),
            ResponseError::GroupIdNotFound => ("the group does not exist", "check its name"),
            ResponseError::GroupAuthorizationFailed => ("this user may not change the group", self.right()),
            ResponseError::TopicAuthorizationFailed => {
                ("this user may not change offsets of the topic", "ask for the right READ on the topic")
            }
            ResponseError::UnknownTopicOrPartition => ("the topic or partition does not exist", ""),
            ResponseError::InvalidCommitOffsetSize => {
                ("the commits are too large for the broker", "move fewer at once")
            }
            ResponseError::CoordinatorLoadInProgress => {
                ("not done: the coordinator is still loading", "try again soon")
            }
            ResponseError::NotCoordinator => ("not done: the group's coordinator has moved", "try again"),
            ResponseError::CoordinatorNotAvailable => ("not done: the group has no coordinator now", "try again soon"),
            _ => return None,
        })
    }
}

/// `Ok` for code 0, else the broker's refusal in words.
pub fn refusal(code: i16, doing: Doing, attempted: impl FnOnce() -> String) -> Result<(), Failure> {
    let words = doing.words(code);
    check(code, words.map(|(answered, _)| answered), attempted).map_err(|error| {
        let told = Failure::from(error);
        words.map_or_else(|| told.clone(), |(_, advice)| Failure { advice: advice.into(), ..told.clone() })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kafka::wire::Cause;
    use std::time::Duration;

    #[test]
    fn t24_each_refusal_says_what_to_do_and_keeps_kafkas_own_name() {
        let table = [
            (
                Doing::Commit,
                25,
                "a member has joined the group meanwhile (error 25, UNKNOWN_MEMBER_ID)",
                "stop its members",
            ),
            (Doing::Commit, 27, "rebalancing: a member has joined meanwhile (error 27", "stop its members"),
            (Doing::Commit, 3, "the topic or partition does not exist (error 3", ""),
            (Doing::Commit, 29, "may not change offsets of the topic (error 29", "READ on the topic"),
            (Doing::Commit, 30, "may not change the group (error 30", "READ on the group"),
            (Doing::Forget, 30, "may not change the group (error 30", "DELETE on the group"),
            (Doing::Forget, 86, "a member of the group subscribes to the topic (error 86", "stop its members"),
            (Doing::Forget, 68, "the group has members (error 68, NON_EMPTY_GROUP)", "stop its members"),
            (Doing::Delete, 69, "the group does not exist (error 69", "check its name"),
            (Doing::Commit, 12, "error 12, OFFSET_METADATA_TOO_LARGE", ""),
            (Doing::Commit, 1_234, "error 1234, which this program does not know", "newer"),
        ];
        for (doing, code, answered, advice) in table {
            let why = refusal(code, doing, || "writing".into()).unwrap_err();
            assert!(why.answered.contains(answered) && why.advice.contains(advice), "{why}");
        }
        assert_eq!(refusal(0, Doing::Commit, String::new), Ok(()));
    }

    #[test]
    fn only_what_may_have_reached_the_broker_is_unknown() {
        let said = |cause| unanswered(&Error::new("asking", cause), "billing", &("orders".into(), 0)).answered;
        for cause in [Cause::Cut, Cause::Closed { answers: 1 }, Cause::Late(Duration::from_secs(5))] {
            assert!(said(cause).starts_with("unknown, it may have been done"));
        }
        for cause in [Cause::Refused, Cause::NoBroker, Cause::Lacks { call: "OffsetDelete", since: "2.4" }] {
            assert!(said(cause).starts_with("not done"));
        }
    }

    #[test]
    fn commits_are_those_of_a_consumer_that_joined_nothing() {
        let request = request(&"g".into(), &[(("b".into(), 0), 5), (("a".into(), 1), 6), (("b".into(), 2), 7)]);
        assert_eq!((request.generation_id_or_member_epoch, &*request.member_id), (-1, ""));
        let topics: Vec<_> = request.topics.iter().map(|topic| (topic.name.as_str(), topic.partitions.len())).collect();
        assert_eq!(topics, [("a", 1), ("b", 2)]);
        let first = &request.topics[0].partitions[0];
        assert_eq!((first.committed_offset, first.committed_leader_epoch), (6, -1));
        assert_eq!(first.committed_metadata.as_deref(), Some(""));
    }
}
