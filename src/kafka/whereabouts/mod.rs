//! From a place as a person says it to an offset in each partition. What is not there becomes the nearest that is, and
//! is said; a partition whose broker does not answer is a failure of its own.
use super::{
    fetch::bounds,
    groups,
    offsets::{At, Spot},
    wire::Cluster,
};
use crate::{
    failure::Failure,
    group::GroupName,
    place::{Asked, Moved, Positions, Where},
    topic::TopicName,
};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Where partitions begin or end to be read. One of three holds each partition that was asked for, or none: it is not
/// to be read.
#[derive(Debug, Clone, Default)]
pub struct Whereabouts {
    pub at: BTreeMap<Spot, i64>,
    pub moved: Vec<(TopicName, Moved)>,
    pub failed: Vec<(Spot, Failure)>,
}

/// Start and end of what there is to read. The end is where a reader would stop now: the last stable offset when
/// `committed`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Extent {
    pub start: i64,
    pub end: i64,
}

/// The extents that were told, and why the others were not.
pub async fn extents(
    cluster: &Cluster,
    spots: &[Spot],
    committed: bool,
) -> (BTreeMap<Spot, Extent>, Vec<(Spot, Failure)>) {
    let (starts, ends) = tokio::join!(
        bounds::ask(cluster, At::Start, spots.to_vec()),
        bounds::ask(cluster, end(committed), spots.to_vec())
    );
    let mut starts: HashMap<Spot, _> = starts.into_iter().collect();
    let (mut extents, mut failed) = (BTreeMap::new(), vec![]);
    for (spot, end) in ends {
        let start = starts.remove(&spot).unwrap_or(Ok(0));
        match start.and_then(|start| Ok(Extent { start, end: end?.max(start) })) {
            Ok(extent) => drop(extents.insert(spot, extent)),
            Err(failure) => failed.push((spot, failure)),
        }
    }
    (extents, failed)
}

fn end(committed: bool) -> At {
    if committed { At::StableEnd } else { At::End }
}

/// [`Where::Last`] counts for every partition alone here, by offsets: holes of compaction and markers are not looked for.
pub async fn locate(cluster: &Cluster, spots: &[Spot], place: &Where, committed: bool) -> Whereabouts {
    match place {
        Where::Start => told(bounds::ask(cluster, At::Start, spots.to_vec()).await),
        Where::End => told(bounds::ask(cluster, end(committed), spots.to_vec()).await),
        Where::Time(ms) => at_time(cluster, spots, *ms, committed).await,
        Where::Offset(offset) => within(cluster, spots, committed, |_| Some(*offset)).await,
        Where::Last(count) => last(cluster, spots, *count as u64, committed).await,
        Where::LastEach(count) => last(cluster, spots, *count, committed).await,
        Where::Offsets(positions) => at_offsets(cluster, spots, positions, committed).await,
        Where::Group(group) => at_commits(cluster, spots, group, committed).await,
    }
}

fn told(answers: Vec<bounds::Told>) -> Whereabouts {
    let mut found = Whereabouts::default();
    for (spot, answer) in answers {
        match answer {
            Ok(offset) => drop(found.at.insert(spot, offset)),
            Err(failure) => found.failed.push((spot, failure)),
        }
    }
    found
}

async fn last(cluster: &Cluster, spots: &[Spot], count: u64, committed: bool) -> Whereabouts {
    let (extents, failed) = extents(cluster, spots, committed).await;
    let back = |(spot, extent): (Spot, Extent)| {
        (spot, extent.end.saturating_sub(i64::try_from(count).unwrap_or(i64::MAX)).max(extent.start))
    };
    Whereabouts { at: extents.into_iter().map(back).collect(), moved: vec![], failed }
}

/// Where no record is that late, brokers answer −1: that is the end.
async fn at_time(cluster: &Cluster, spots: &[Spot], ms: i64, committed: bool) -> Whereabouts {
    let (times, ends) = tokio::join!(
        bounds::ask(cluster, At::Time(ms), spots.to_vec()),
        bounds::ask(cluster, end(committed), spots.to_vec())
    );
    let ends: HashMap<Spot, _> = ends.into_iter().collect();
    let settled = times.into_iter().map(|(spot, time)| {
        let end = || ends.get(&spot).cloned().unwrap_or_else(|| Err(Failure::default()));
        let offset = time.and_then(|offset| if offset < 0 { end() } else { Ok(offset) });
        (spot, offset)
    });
    told(settled.collect())
}

/// `wanted` is moved to the nearest offset that exists; partitions that it has none for are left out.
async fn within(
    cluster: &Cluster,
    spots: &[Spot],
    committed: bool,
    wanted: impl Fn(&Spot) -> Option<i64>,
) -> Whereabouts {
    let spots: Vec<Spot> = spots.iter().filter(|spot| wanted(spot).is_some()).cloned().collect();
    let (extents, failed) = extents(cluster, &spots, committed).await;
    let mut found = Whereabouts { failed, ..Whereabouts::default() };
    for (spot, Extent { start, end }) in extents {
        let Some(asked) = wanted(&spot) else { continue };
        let nearest = asked.clamp(start, end);
        if nearest != asked {
            let moved = Moved { partition: spot.1, asked: Asked::Offset(asked), nearest: Some(nearest) };
            found.moved.push((spot.0.clone(), moved));
        }
        found.at.insert(spot, nearest);
    }
    found
}

async fn at_offsets(cluster: &Cluster, spots: &[Spot], positions: &Positions, committed: bool) -> Whereabouts {
    let mut found = within(cluster, spots, committed, |spot| positions.get(&spot.1).copied()).await;
    let Ok(metadata) = cluster.metadata().await else { return found };
    let topics: BTreeSet<&TopicName> = spots.iter().map(|spot| &spot.0).collect();
    for topic in topics {
        let of = metadata.topic(topic).map_or(0, |topic| topic.partitions.len());
        let missing = positions.keys().filter(|id| metadata.partition(topic, **id).is_none());
        let moved = |id: &i32| Moved { partition: *id, asked: Asked::Partition { of }, nearest: None };
        found.moved.extend(missing.map(|id| (topic.clone(), moved(id))));
    }
    found
}

async fn at_commits(cluster: &Cluster, spots: &[Spot], group: &GroupName, committed: bool) -> Whereabouts {
    let commits = match groups::commits(cluster, group).await {
        Ok(commits) => commits,
        Err(error) => {
            let failed = spots.iter().map(|spot| (spot.clone(), error.clone().into())).collect();
            return Whereabouts { failed, ..Whereabouts::default() };
        }
    };
    let commits: HashMap<Spot, _> =
        commits.into_iter().map(|commit| ((commit.topic, commit.partition), commit.offset)).collect();
    let refused = |spot: &Spot| Some((spot.clone(), commits.get(spot)?.clone().err()?.into()));
    let failed: Vec<_> = spots.iter().filter_map(refused).collect();
    let commit = |spot: &Spot| commits.get(spot).and_then(|offset| offset.clone().ok().flatten());
    let without = |spot: &&Spot| commit(spot).is_none() && !failed.iter().any(|(failed, _)| failed == *spot);
    let rest: Vec<Spot> = spots.iter().filter(without).cloned().collect();
    let (mut found, starts) =
        tokio::join!(within(cluster, spots, committed, commit), bounds::ask(cluster, At::Start, rest));
    found.begin_at_starts(told(starts), group);
    found.failed.extend(failed);
    found
}

impl Whereabouts {
    /// Partitions without a commit. Of a topic without any it is said once.
    fn begin_at_starts(&mut self, starts: Self, group: &GroupName) {
        let committed: BTreeSet<TopicName> = self.at.keys().map(|(topic, _)| topic.clone()).collect();
        let mut told = BTreeSet::new();
        for ((topic, partition), start) in &starts.at {
            let asked = match committed.contains(topic) {
                true => Asked::Commit(group.clone()),
                false if !told.insert(topic) => continue,
                false => Asked::Commits(group.clone()),
            };
            self.moved.push((topic.clone(), Moved { partition: *partition, asked, nearest: Some(*start) }));
        }
        self.at.extend(starts.at);
        self.failed.extend(starts.failed);
    }

    /// Of one topic.
    pub fn positions(&self) -> Positions {
        self.at.iter().map(|((_, partition), offset)| (*partition, *offset)).collect()
    }
}

#[cfg(test)]
mod tests;
