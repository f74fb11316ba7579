//! Deleting commits of a group: `DeleteConsumerGroupOffsets` of Kafka's own client.
use super::{committed, coordinators, write};
use crate::{
    failure::Failure,
    group::GroupName,
    kafka::{offsets::Spot, wire::Cluster, writes::Writes},
    reset::Scope,
    topic::TopicName,
};
use std::collections::BTreeSet;

/// What became of each partition, ordered. The broker refuses topics that a member subscribes to, and groups of another
/// kind that have members.
///
/// # Errors
/// The group as a whole is refused or cannot be asked, or has no commit in this scope. Nothing was deleted then.
pub async fn forget(
    cluster: &Cluster,
    _: Writes,
    group: &GroupName,
    scope: &Scope,
) -> Result<Vec<(TopicName, i32, Result<(), Failure>)>, Failure> {
    cluster.refresh().await?;
    let commits = committed::commits(cluster, group).await?;
    let there: BTreeSet<Spot> = commits.iter().map(|commit| (commit.topic.clone(), commit.partition)).collect();
    let wanted = wanted(scope, there);
    if wanted.is_empty() {
        let attempted = format!("deleting offsets of group {group}");
        return Err(Failure::new(attempted, "the group has no commit there", "check the names of group and topic"));
    }
    let coordinator = coordinators::of(cluster, group, cluster.deadline()).await?;
    let mut deleted = write::delete(cluster, coordinator, group, &wanted).await?;
    let told = |spot: Spot| deleted.remove(&spot).map(|answer| (spot.0, spot.1, answer));
    Ok(wanted.into_iter().filter_map(told).collect())
}

/// Partitions that were named are asked for whether they have a commit or not; of whole topics, those that have one.
fn wanted(scope: &Scope, there: BTreeSet<Spot>) -> Vec<Spot> {
    let Scope::Topics(topics) = scope else { return there.into_iter().collect() };
    let mut wanted = BTreeSet::new();
    for (topic, only) in topics {
        match only {
            Some(only) => wanted.extend(only.iter().map(|id| (topic.clone(), *id))),
            None => wanted.extend(there.iter().filter(|(name, _)| name == topic).cloned()),
        }
    }
    wanted.into_iter().collect()
}
