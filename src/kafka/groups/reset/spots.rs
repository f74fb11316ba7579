//! Which partitions a reset means, and that each of them can be moved at all.
use super::Commit;
use crate::{
    failure::Failure,
    kafka::{offsets::Spot, wire::Metadata},
    reset::{Scope, Strategy},
    topic::{Topic, TopicName},
};
use std::collections::BTreeSet;

/// Names of partitions in one sentence.
const NAMED: usize = 10;

/// Ordered by topic and partition, each once; none where the group has no commits.
///
/// # Errors
/// A topic or partition that does not exist or has no leader.
pub fn of(
    metadata: &Metadata,
    group: &str,
    scope: &Scope,
    strategy: &Strategy,
    commits: &[Commit],
) -> Result<Vec<Spot>, Failure> {
    let attempted = || format!("planning the reset of group {group}");
    let spots: BTreeSet<Spot> = match (strategy, scope) {
        (Strategy::File(targets) | Strategy::Undo(targets), _) => {
            targets.iter().map(|it| (it.topic.clone(), it.partition)).collect()
        }
        (_, Scope::All) => committed(commits).collect(),
        (_, Scope::Topics(wanted)) => topics(metadata, wanted).map_err(|why| why.attempting(attempted()))?,
    };
    let missing: Vec<_> = spots.iter().filter_map(|spot| Some((spot, missing(metadata, spot)?))).collect();
    if missing.is_empty() {
        return Ok(spots.into_iter().collect());
    }
    let named = missing.iter().take(NAMED).map(|((topic, id), why)| format!("partition {id} of topic {topic} {why}"));
    let more = match missing.len().saturating_sub(NAMED) {
        0 => String::new(),
        more => format!(", and {more} more"),
    };
    let answered = format!("{}{more}", named.collect::<Vec<_>>().join(", "));
    Err(Failure::new(attempted(), answered, "nothing was planned; leave them out, or wait until they are back"))
}

/// Partitions that have a commit now, also those whose commit cannot be read.
pub fn committed(commits: &[Commit]) -> impl Iterator<Item = Spot> {
    let there = commits.iter().filter(|commit| !matches!(commit.offset, Ok(None)));
    there.map(|commit| (commit.topic.clone(), commit.partition))
}

fn topics(metadata: &Metadata, wanted: &[(TopicName, Option<BTreeSet<i32>>)]) -> Result<BTreeSet<Spot>, Failure> {
    let mut spots = BTreeSet::new();
    for (name, only) in wanted {
        match (only, metadata.topic(name).filter(|topic| !topic.partitions.is_empty())) {
            (Some(only), _) => spots.extend(only.iter().map(|id| (name.clone(), *id))),
            (None, Some(topic)) => spots.extend(topic.partitions.iter().map(|p| (name.clone(), p.id))),
            (None, None) => return Err(unknown(name, metadata.topic(name))),
        }
    }
    Ok(spots)
}

fn unknown(name: &str, told: Option<&Topic>) -> Failure {
    match told.and_then(|topic| topic.error.clone()) {
        Some(why) => why,
        None => Failure::new("", format!("topic {name} does not exist"), "check its name"),
    }
}

fn missing(metadata: &Metadata, (topic, id): &Spot) -> Option<&'static str> {
    match metadata.partition(topic, *id) {
        None => Some("does not exist"),
        Some(partition) if partition.leader.is_none() => Some("has no leader now"),
        Some(_) => None,
    }
}
