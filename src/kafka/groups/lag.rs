//! The lag of groups. Commits are read first and ends after them, so that an end behind its commit means something.
use super::{
    committed::{Commit, committed},
    coordinators::Answers,
    members::{Described, describe},
    roster::Roster,
    rows::{Ends, Rows, lag as of_group, rows, shared_rows},
    share::{Standing, standings},
};
use crate::{
    failure::Failure,
    group::{Group, GroupLag, GroupType},
    kafka::{
        offsets::{At, Offsets, Readings, Spot},
        wave,
        wire::{Cluster, Metadata},
    },
};
use futures_util::{future::BoxFuture, stream::FuturesUnordered};
use jiff::Timestamp;
use std::collections::{BTreeMap, HashMap};
use tokio::time::{Duration, Instant};

/// Starts move by retention alone, and those of the last round of topics will do.
const STARTS: Duration = Duration::from_secs(4);

/// How groups are read.
#[derive(Debug, Clone, Copy)]
pub struct Way<'a> {
    pub cluster: &'a Cluster,
    /// Keeps what was read of starts and ends.
    pub offsets: &'a Offsets,
    /// Keeps what was told of members.
    pub roster: &'a Roster,
    /// A person looks at them: describe those that have members.
    pub closely: bool,
    /// Read stable ends, for whoever looks again and again: without them a reader that waits for an open transaction
    /// seems to be stuck. One more request a leader.
    pub stable: bool,
}

/// Groups being read. Those of a coordinator that is late do not hold up the others.
pub struct Sampling<'a> {
    way: Way<'a>,
    asked: FuturesUnordered<BoxFuture<'a, Vec<Gathered<'a>>>>,
}

/// What one coordinator told of its groups.
struct Told<'a> {
    groups: Vec<&'a Group>,
    /// In the order of the groups.
    members: Vec<Result<Described, Failure>>,
    commits: Answers<Vec<Commit>>,
    standings: Answers<Vec<Standing>>,
    at: Timestamp,
}

/// One answer for each group, in the same order, for whoever asks once: too little to call a reader stuck.
pub async fn lag(cluster: &Cluster, offsets: &Offsets, groups: &[Group]) -> Vec<GroupLag> {
    all(Way { cluster, offsets, roster: &Roster::default(), closely: false, stable: false }, groups).await
}

/// The same with stable ends.
pub async fn lag_closely(cluster: &Cluster, offsets: &Offsets, groups: &[Group]) -> Vec<GroupLag> {
    all(Way { cluster, offsets, roster: &Roster::default(), closely: true, stable: true }, groups).await
}

async fn all(way: Way<'_>, groups: &[Group]) -> Vec<GroupLag> {
    let mut sampling = Sampling::begin(way, groups);
    let mut read = HashMap::with_capacity(groups.len());
    while let Some(some) = sampling.next().await {
        read.extend(some.into_iter().map(|lag| (lag.group.name.clone(), lag)));
    }
    groups.iter().filter_map(|group| read.remove(&group.name)).collect()
}

impl<'a> Sampling<'a> {
    pub fn begin(way: Way<'a>, groups: &'a [Group]) -> Self {
        let mut coordinators = BTreeMap::<i32, Vec<&Group>>::new();
        for group in groups {
            coordinators.entry(group.coordinator).or_default().push(group);
        }
        let asked = coordinators.into_values().map(|groups| Box::pin(ask(way, groups)) as BoxFuture<'_, _>).collect();
        Self { way, asked }
    }

    /// The next groups of which everything is known that will be; `None` after the last.
    pub async fn next(&mut self) -> Option<Vec<GroupLag>> {
        let told = wave::next(&mut self.asked).await;
        if told.is_empty() {
            return None;
        }
        let read = Instant::now();
        let gathered: Vec<_> = told.into_iter().flatten().collect();
        let spots = gathered.iter().filter_map(|group| group.rows.as_ref().ok()).flat_map(|rows| rows.keys().cloned());
        let ends = ends(self.way, spots.collect(), read).await;
        let ends_at = Timestamp::now();
        let lag =
            |Gathered { group, members, rows, at }: Gathered<'_>| of_group(group, members, rows, &ends, (at, ends_at));
        Some(gathered.into_iter().map(lag).collect())
    }
}

/// One coordinator's groups; made into rows at once, while the others still answer.
async fn ask<'a>(way: Way<'a>, groups: Vec<&'a Group>) -> Vec<Gathered<'a>> {
    let committing: Vec<_> = groups.iter().copied().filter(|group| commits_offsets(group)).collect();
    let due = way.roster.due(&groups, way.closely);
    let sharing: Vec<_> = groups.iter().copied().filter(|group| group.kind == GroupType::Share).collect();
    let deadline = way.cluster.deadline();
    let (commits, standings, described) = tokio::join!(
        committed(way.cluster, &committing, deadline),
        standings(way.cluster, &sharing, deadline),
        describe(way.cluster, &due),
    );
    let members = way.roster.take_in(&groups, described);
    let told = Told { groups, members, commits, standings, at: Timestamp::now() };
    let metadata = way.cluster.metadata().await.ok();
    gather(told, metadata.as_deref())
}

/// Share groups keep no offset to commit, and other protocols (`connect`, `sr`) have no partitions.
fn commits_offsets(group: &Group) -> bool {
    group.kind != GroupType::Share
        && (group.kind == GroupType::Streams || matches!(&*group.protocol_type, "consumer" | ""))
}

/// A group before its ends are read.
struct Gathered<'a> {
    group: &'a Group,
    members: Result<Described, Failure>,
    rows: Result<Rows, Failure>,
    at: Timestamp,
}

fn gather<'a>(told: Told<'a>, metadata: Option<&Metadata>) -> Vec<Gathered<'a>> {
    let Told { groups, members, mut commits, mut standings, at } = told;
    let gathered = |(group, members): (&'a Group, Result<Described, Failure>)| {
        let rows = match (commits.remove(&group.name), standings.remove(&group.name)) {
            (Some(Ok(commits)), _) => Ok(rows(commits, &members, metadata)),
            (_, Some(Ok(standings))) => Ok(shared_rows(standings, metadata)),
            (Some(Err(error)), _) | (_, Some(Err(error))) => Err(error.into()),
            (None, None) => Ok(Rows::new()),
        };
        Gathered { group, members, rows, at }
    };
    groups.into_iter().zip(members).map(gathered).collect()
}

/// `since`: when the commits were read.
async fn ends(way: Way<'_>, mut spots: Vec<Spot>, since: Instant) -> Ends {
    spots.sort();
    spots.dedup();
    let stable =
        async { if way.stable { way.offsets.read(At::StableEnd, &spots, since).await } else { Readings::default() } };
    let before = since.checked_sub(STARTS).unwrap_or(since);
    let starts = way.offsets.read(At::Start, &spots, before);
    let (starts, ends, stable) = tokio::join!(starts, way.offsets.read(At::End, &spots, since), stable);
    Ends { starts, ends, stable }
}
