//! From what was read to the lag of a group: which partitions belong to it, and what is known of each. No I/O.
use super::{committed::Commit, members::Described, share::Standing};
use crate::{
    failure::Failure,
    group::{Group, GroupLag},
    kafka::{
        offsets::{Readings, Spot},
        wire::{Error, Metadata, Result},
    },
    lag::{Account, PartitionLag},
    topic::TopicName,
};
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet};

/// What one partition of a group is known by before its ends are read.
#[derive(Debug, Default)]
pub struct Row {
    commit: Option<Commit>,
    /// Of share groups, which have no commits.
    standing: Option<Standing>,
    owner: Option<usize>,
}

pub type Rows = BTreeMap<Spot, Row>;

/// Committed ∪ assigned ∪ every partition of the topics of both: one that came after the last commit has a row too.
pub fn rows(commits: Vec<Commit>, members: &Result<Described, Failure>, metadata: Option<&Metadata>) -> Rows {
    let members = members.as_ref().map(|told| told.members.as_slice()).unwrap_or_default();
    let assigned = members.iter().flat_map(|member| &member.assigned).map(|(topic, _)| topic);
    let topics: BTreeSet<&TopicName> = commits.iter().map(|commit| &commit.topic).chain(assigned).collect();
    let known = topics.into_iter().filter_map(|name| metadata?.topic(name));
    let all = known.flat_map(|topic| topic.partitions.iter().map(|p| ((topic.name.clone(), p.id), Row::default())));
    let mut rows: Rows = all.collect();
    for commit in commits {
        let spot = (shared(&commit.topic, metadata), commit.partition);
        rows.entry(spot).or_default().commit = Some(commit);
    }
    for (index, member) in members.iter().enumerate() {
        for (topic, partitions) in &member.assigned {
            let topic = shared(topic, metadata);
            for id in partitions {
                rows.entry((topic.clone(), *id)).or_default().owner = Some(index);
            }
        }
    }
    rows
}

/// The same of a share group, whose members own nothing: several may be given records of one partition.
pub fn shared_rows(standings: Vec<Standing>, metadata: Option<&Metadata>) -> Rows {
    let spot = |standing: &Standing| (shared(&standing.topic, metadata), standing.partition);
    let row = |standing: Standing| (spot(&standing), Row { standing: Some(standing), ..Row::default() });
    standings.into_iter().map(row).collect()
}

/// Thousands of groups read the same few topics: one name in memory is enough.
fn shared(topic: &TopicName, metadata: Option<&Metadata>) -> TopicName {
    metadata.and_then(|metadata| metadata.topic(topic)).map_or(topic, |known| &known.name).clone()
}

/// Starts and ends of every partition any group has; stable ends where they were asked for.
#[derive(Debug, Default)]
pub struct Ends {
    pub starts: Readings,
    pub ends: Readings,
    pub stable: Readings,
}

impl Ends {
    fn of(&self, spot: &Spot) -> Result<(i64, i64), Failure> {
        let read = |readings: &Readings| readings.get(spot).map(|reading| reading.offset.clone());
        match (read(&self.starts), read(&self.ends)) {
            (Some(start), Some(end)) => Ok((start?, end?)),
            _ => Err(Error::left_out(format!("reading partition {} of topic {}", spot.1, spot.0)).into()),
        }
    }

    fn stable(&self, spot: &Spot) -> Option<i64> {
        self.stable.get(spot)?.offset.as_ref().ok().copied()
    }
}

/// Members, and rows or why there are none; `times`: when the commits were read, and the ends after them.
pub fn lag(
    group: &Group,
    members: Result<Described, Failure>,
    rows: Result<Rows, Failure>,
    ends: &Ends,
    times: (Timestamp, Timestamp),
) -> GroupLag {
    let mut group = group.clone();
    if let Ok(told) = &members {
        group.state = told.state;
    }
    let rebalancing = group.state.is_rebalancing();
    let partitions =
        rows.map(|rows| rows.into_iter().map(|(spot, row)| partition(spot, row, rebalancing, ends)).collect());
    let (commits_at, ends_at) = times;
    GroupLag { group, members: members.map(|told| told.members), partitions, commits_at, ends_at }
}

fn partition(spot: Spot, row: Row, rebalancing: bool, ends: &Ends) -> PartitionLag {
    if let Some(standing) = row.standing {
        return shared_partition(spot, standing, ends);
    }
    let (committed, commit_epoch, metadata) = match row.commit {
        Some(commit) => (commit.offset.map_err(Failure::from), commit.epoch, commit.metadata),
        None => (Ok(None), None, String::new()),
    };
    let (read, stable_end) = (ends.of(&spot), ends.stable(&spot));
    // A commit that cannot be read makes the lag unknown, not absent.
    let (start, end, committed, error) = match (committed, read) {
        (Ok(committed), Ok((start, end))) => (Some(start), Some(end), committed, None),
        (Ok(committed), Err(error)) => (None, None, committed, Some(error)),
        (Err(error), _) => (None, None, None, Some(error)),
    };
    let ((topic, partition), owner) = (spot, row.owner);
    PartitionLag {
        topic,
        partition,
        start,
        end,
        stable_end: stable_end.filter(|_| end.is_some()),
        committed,
        account: Account::Committed,
        commit_epoch,
        metadata,
        owner,
        rebalancing,
        error,
    }
}

fn shared_partition(spot: Spot, told: Standing, ends: &Ends) -> PartitionLag {
    let untold = |start: Option<i64>| start.filter(|_| told.lag.is_none()).map(|_| lag_untold(&spot));
    let (committed, error) = match told.start {
        Ok(start) => (start, untold(start)),
        Err(error) => (None, Some(error.into())),
    };
    let read = ends.of(&spot).ok();
    let stable_end = ends.stable(&spot);
    let (topic, partition) = spot;
    PartitionLag {
        topic,
        partition,
        start: read.map(|(start, _)| start),
        end: read.map(|(_, end)| end),
        stable_end,
        committed,
        account: Account::Shared { lag: told.lag },
        commit_epoch: None,
        metadata: String::new(),
        owner: None,
        rebalancing: false,
        error,
    }
}

fn lag_untold((topic, id): &Spot) -> Failure {
    let attempted = format!("reading the lag of partition {id} of topic {topic}");
    Failure::new(attempted, "not told by this broker", "brokers tell it since Kafka 4.2")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        group::{GroupState, Member},
        kafka::wire::error::check,
    };
    use kafka_protocol::{
        messages::{MetadataResponse, metadata_response::*},
        protocol::StrBytes,
    };
    use tokio::time::Instant;

    fn snapshot() -> Metadata {
        let partition = |id| MetadataResponsePartition::default().with_partition_index(id);
        let topic = MetadataResponseTopic::default().with_name(Some(StrBytes::from_static_str("orders").into()));
        let topic = topic.with_partitions((0..4).map(partition).collect());
        Metadata::of(MetadataResponse::default().with_topics(vec![topic]), Instant::now())
    }

    fn commit(partition: i32) -> Commit {
        Commit { topic: "orders".into(), partition, offset: Ok(Some(7)), epoch: None, metadata: String::new() }
    }

    fn owning(partitions: Vec<i32>) -> Result<Described, Failure> {
        let assigned = vec![("orders".into(), partitions)];
        let member = |assigned| Member {
            id: "m".into(),
            instance: None,
            client_id: "c".into(),
            host: "/10.0.0.4".into(),
            assigned,
        };
        let members = vec![member(Vec::new()), member(assigned)];
        Ok(Described { state: GroupState::Stable, protocol_type: "consumer".into(), members })
    }

    /// Partitions added after the last commit would otherwise be missing from the group.
    #[test]
    fn a_group_has_what_it_committed_what_it_owns_and_the_rest_of_those_topics() {
        let rows = rows(vec![commit(0), commit(9)], &owning(vec![1]), Some(&snapshot()));
        let told: Vec<_> = rows.iter().map(|((_, id), row)| (*id, row.commit.is_some(), row.owner)).collect();
        assert_eq!(told, [(0, true, None), (1, false, Some(1)), (2, false, None), (3, false, None), (9, true, None)]);
    }

    #[test]
    fn a_commit_that_could_not_be_read_is_unknown_and_not_missing() {
        let denied = check(29, None, || "asking".into()).map(|()| None);
        let row = Row { commit: Some(Commit { offset: denied, ..commit(0) }), ..Row::default() };
        let lag = partition(("orders".into(), 0), row, false, &Ends::default());
        assert_eq!(lag.state(), crate::lag::LagState::Unknown);
        assert!(lag.error.unwrap().answered.contains("TOPIC_AUTHORIZATION_FAILED"));
    }
}
