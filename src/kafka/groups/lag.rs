//! The lag of groups. Commits are read first and ends after them, so that an end behind its commit means something.
use super::{
    committed::{Commit, committed},
    members::{Described, describe},
};
use crate::{
    failure::Failure,
    group::{Group, GroupLag, GroupType},
    kafka::{
        offsets::{At, Offsets, Reading, Spot},
        wire::{Cluster, Error, Metadata, Result},
    },
    lag::{Account, PartitionLag},
};
use jiff::Timestamp;
use std::collections::{BTreeMap, HashMap};
use tokio::time::Instant;

/// What one partition of a group is known by before its ends are read.
#[derive(Debug, Default)]
struct Row {
    commit: Option<Commit>,
    owner: Option<usize>,
}

type Rows = BTreeMap<Spot, Row>;

/// One answer for each group, in the same order. `offsets` keeps what was read of starts and ends.
pub async fn lag(cluster: &Cluster, offsets: &Offsets, groups: &[Group]) -> Vec<GroupLag> {
    let asked: Vec<_> = groups.iter().filter(|group| commits_offsets(group)).collect();
    let (mut commits, mut described) =
        tokio::join!(committed(cluster, &asked, cluster.deadline()), describe(cluster, groups));
    let (read, commits_at) = (Instant::now(), Timestamp::now());
    let metadata = cluster.metadata().await.ok();
    let mut gathered = Vec::with_capacity(groups.len());
    for group in groups {
        let members = described.remove(&group.name).unwrap_or_else(|| Err(members_untold(group)));
        let commits = commits.remove(&group.name);
        let rows = commits.map(|commits| commits.map(|commits| rows(commits, &members, metadata.as_deref())));
        gathered.push((members, rows));
    }
    let spots =
        gathered.iter().filter_map(|(_, rows)| rows.as_ref()?.as_ref().ok()).flat_map(|rows| rows.keys().cloned());
    let ends = Ends::read(offsets, spots.collect(), read).await;
    let at = (commits_at, Timestamp::now());
    groups.iter().zip(gathered).map(|(group, (members, rows))| group_lag(group, members, rows, &ends, at)).collect()
}

/// Share groups keep no offset to commit, and other protocols (`connect`, `sr`) have no partitions.
fn commits_offsets(group: &Group) -> bool {
    group.kind != GroupType::Share
        && (group.kind == GroupType::Streams || matches!(&*group.protocol_type, "consumer" | ""))
}

/// Committed ∪ assigned ∪ every partition of the topics that members are assigned.
fn rows(commits: Vec<Commit>, members: &Result<Described, Failure>, metadata: Option<&Metadata>) -> Rows {
    let mut rows = Rows::new();
    for commit in commits {
        let spot = (commit.topic.clone(), commit.partition);
        rows.entry(spot).or_default().commit = Some(commit);
    }
    let members = members.as_ref().map(|told| told.members.as_slice()).unwrap_or_default();
    for (index, member) in members.iter().enumerate() {
        for (topic, partitions) in &member.assigned {
            let all = metadata.and_then(|m| m.topic(topic)).map(|t| t.partitions.iter().map(|p| p.id));
            for id in all.into_iter().flatten() {
                rows.entry((topic.clone(), id)).or_default();
            }
            for id in partitions {
                rows.entry((topic.clone(), *id)).or_default().owner = Some(index);
            }
        }
    }
    rows
}

/// Starts and ends of every partition any group has.
struct Ends {
    starts: HashMap<Spot, Reading>,
    ends: HashMap<Spot, Reading>,
}

impl Ends {
    async fn read(offsets: &Offsets, mut spots: Vec<Spot>, since: Instant) -> Self {
        spots.sort();
        spots.dedup();
        let (starts, ends) = tokio::join!(offsets.read(At::Start, &spots, since), offsets.read(At::End, &spots, since));
        Self { starts, ends }
    }

    fn of(&self, spot: &Spot) -> Result<(i64, i64), Failure> {
        let read = |readings: &HashMap<Spot, Reading>| readings.get(spot).map(|reading| reading.offset.clone());
        match (read(&self.starts), read(&self.ends)) {
            (Some(start), Some(end)) => Ok((start?, end?)),
            _ => Err(Error::left_out(format!("reading partition {} of topic {}", spot.1, spot.0)).into()),
        }
    }
}

fn group_lag(
    group: &Group,
    members: Result<Described, Failure>,
    rows: Option<Result<Rows>>,
    ends: &Ends,
    (commits_at, ends_at): (Timestamp, Timestamp),
) -> GroupLag {
    let mut group = group.clone();
    if let Ok(told) = &members {
        group.state = told.state;
    }
    let rebalancing = group.state.is_rebalancing();
    let partitions = match rows {
        Some(Ok(rows)) => Ok(rows.into_iter().map(|(spot, row)| partition(spot, row, rebalancing, ends)).collect()),
        Some(Err(error)) => Err(error.into()),
        None if group.kind == GroupType::Share => Err(no_lag(&group)),
        None => Ok(Vec::new()),
    };
    GroupLag { group, members: members.map(|told| told.members), partitions, commits_at, ends_at }
}

fn partition(spot: Spot, row: Row, rebalancing: bool, ends: &Ends) -> PartitionLag {
    let (committed, metadata) = match row.commit {
        Some(commit) => (commit.offset.map_err(Failure::from), commit.metadata),
        None => (Ok(None), String::new()),
    };
    let read = ends.of(&spot);
    // A commit that cannot be read makes the lag unknown, not absent.
    let (start, end, committed, error) = match (committed, read) {
        (Ok(committed), Ok((start, end))) => (Some(start), Some(end), committed, None),
        (Ok(committed), Err(error)) => (None, None, committed, Some(error)),
        (Err(error), _) => (None, None, None, Some(error)),
    };
    let (topic, partition) = spot;
    PartitionLag {
        topic,
        partition,
        start,
        end,
        stable_end: None,
        committed,
        account: Account::Committed,
        commit_epoch: None,
        metadata,
        owner: row.owner,
        rebalancing,
        error,
    }
}

fn members_untold(group: &Group) -> Failure {
    Error::left_out(format!("asking for the members of group {}", group.name)).into()
}

fn no_lag(group: &Group) -> Failure {
    let attempted = format!("reading the lag of group {}", group.name);
    let answered = "this is a share group, which commits no offsets: each record is acknowledged by itself";
    Failure::new(attempted, answered, "its members are told all the same")
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

    fn snapshot() -> Metadata {
        let partition = |id| MetadataResponsePartition::default().with_partition_index(id);
        let topic = MetadataResponseTopic::default().with_name(Some(StrBytes::from_static_str("orders").into()));
        let topic = topic.with_partitions((0..4).map(partition).collect());
        Metadata::of(MetadataResponse::default().with_topics(vec![topic]), Instant::now())
    }

    fn commit(partition: i32) -> Commit {
        Commit { topic: "orders".into(), partition, offset: Ok(Some(7)), metadata: String::new() }
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
        let row = Row { commit: Some(Commit { offset: denied, ..commit(0) }), owner: None };
        let ends = Ends { starts: HashMap::new(), ends: HashMap::new() };
        let lag = partition(("orders".into(), 0), row, false, &ends);
        assert_eq!(lag.state(), crate::lag::LagState::Unknown);
        assert!(lag.error.unwrap().answered.contains("TOPIC_AUTHORIZATION_FAILED"));
    }
}
