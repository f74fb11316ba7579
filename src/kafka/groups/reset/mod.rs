//! Moving a group's offsets: planned by reading alone, done only as planned, and read back.
mod execute;
mod spots;

pub use execute::{Stopped, execute, execute_listed};

use super::{
    Listing,
    committed::{self, Commit},
    standing::{Standing, standing},
};
use crate::{
    failure::Failure,
    group::{Group, GroupName},
    kafka::{
        offsets::{self, At, Reading, Spot},
        wire::{Cluster, Error},
    },
    reset::{self, Known, Move, Plan, Scope, Strategy, csv::Groups, file},
};
use futures_util::{StreamExt, TryStreamExt, stream};
use jiff::Timestamp;
use std::{collections::HashMap, path::Path, time::Duration};
use tokio::time::sleep;

/// Between two looks at the commits of a group that nobody seems to be in.
const APART: Duration = Duration::from_secs(1);

/// Groups that are planned at the same time.
const AT_ONCE: usize = 16;

/// Where a reset would move a group. Writes nothing. A group without members that has commits is looked at twice, one
/// second apart, to see whether somebody commits all the same.
///
/// # Errors
/// A partition does not exist or has no leader, there is nothing to move, or Kafka does not answer. What only keeps the
/// plan from being carried out is in [`Plan::refused`].
pub async fn plan(cluster: &Cluster, group: &GroupName, scope: &Scope, strategy: &Strategy) -> Result<Plan, Failure> {
    cluster.refresh().await?;
    some(one(cluster, None, group, scope, strategy).await?)
}

/// One plan for each group, in the same order. Brokers, topics and, where it is given, the list of groups are read once
/// for all of them. A group without commits has a plan without moves where the scope is what it committed.
///
/// # Errors
/// The first group that cannot be planned.
pub async fn plans(
    cluster: &Cluster,
    listing: Option<&Listing>,
    scope: &Scope,
    wanted: Vec<(GroupName, Strategy)>,
) -> Result<Vec<Plan>, Failure> {
    cluster.refresh().await?;
    let one = async |(group, strategy): (GroupName, Strategy)| one(cluster, listing, &group, scope, &strategy).await;
    stream::iter(wanted).map(one).buffered(AT_ONCE).try_collect().await
}

/// The plan, unless there is nothing to move.
///
/// # Errors
/// The group has no commit.
pub fn some(plan: Plan) -> Result<Plan, Failure> {
    if !plan.moves.is_empty() {
        return Ok(plan);
    }
    let attempted = format!("planning the reset of group {}", plan.group);
    Err(Failure::new(attempted, "the group has no commit, so there is nothing to move", "name topics"))
}

/// One plan for each group of an undo file that was read with [`reset::undo::read`].
///
/// # Errors
/// As [`plans`].
pub async fn back(cluster: &Cluster, listing: Option<&Listing>, groups: Groups) -> Result<Vec<Plan>, Failure> {
    let wanted = groups.into_iter().map(|(group, targets)| (group, Strategy::Undo(targets))).collect();
    plans(cluster, listing, &Scope::All, wanted).await
}

/// The plans that an undo file makes.
///
/// # Errors
/// The file cannot be read or has a mistake; or as [`plan`].
pub async fn undo(cluster: &Cluster, path: &Path) -> Result<Vec<Plan>, Failure> {
    let groups = reset::undo::read(&file::read(path)?).map_err(|mistake| mistake.of(path))?;
    back(cluster, None, groups).await
}

async fn one(
    cluster: &Cluster,
    listing: Option<&Listing>,
    group: &GroupName,
    scope: &Scope,
    strategy: &Strategy,
) -> Result<Plan, Failure> {
    let first = Look::at(cluster, group, listing.and_then(|listing| listing.find(group))).await?;
    let quiet = first.refused.is_none() && !first.commits.is_empty();
    if !quiet {
        return first.plan(cluster, group, scope, strategy).await;
    }
    sleep(APART).await;
    let second = Look::at(cluster, group, first.listed.as_ref()).await?;
    let moving = second.offsets() != first.offsets();
    Ok(Plan { moving, ..second.plan(cluster, group, scope, strategy).await? })
}

/// What was read of a group: its commits first, then who is in it.
struct Look {
    commits: Vec<Commit>,
    refused: Option<Failure>,
    coordinator: i32,
    listed: Option<Group>,
}

impl Look {
    async fn at(cluster: &Cluster, group: &GroupName, known: Option<&Group>) -> Result<Self, Failure> {
        let commits = committed::commits(cluster, group).await?;
        let Standing { coordinator, listed, refused } = standing(cluster, group, known).await?;
        Ok(Self { commits, refused, coordinator, listed })
    }

    fn offsets(&self) -> HashMap<(&str, i32), Option<i64>> {
        let offset = |commit: &Commit| commit.offset.as_ref().ok().copied().flatten();
        self.commits.iter().map(|commit| ((&*commit.topic, commit.partition), offset(commit))).collect()
    }

    async fn plan(
        &self,
        cluster: &Cluster,
        group: &GroupName,
        scope: &Scope,
        strategy: &Strategy,
    ) -> Result<Plan, Failure> {
        let metadata = cluster.metadata().await?;
        let spots = spots::of(&metadata, group, scope, strategy, &self.commits)?;
        let known = known(cluster, &self.commits, spots, strategy).await;
        let moves = reset::moves(strategy, known);
        let refused = self.refused.clone().or_else(|| unmovable(group, &moves));
        let (group, scope, strategy) = (group.clone(), scope.clone(), strategy.clone());
        Ok(Plan { group, scope, strategy, moves, refused, moving: false, at: Timestamp::now() })
    }
}

/// Times first, then starts and ends: what is found by time lies below the end.
async fn known(cluster: &Cluster, commits: &[Commit], spots: Vec<Spot>, strategy: &Strategy) -> Vec<Known> {
    let mut since = match strategy {
        Strategy::Time(ms) => read(cluster, At::Time(*ms), &spots).await,
        _ => HashMap::new(),
    };
    let (mut starts, mut ends) = tokio::join!(read(cluster, At::Start, &spots), read(cluster, At::End, &spots));
    let mut committed: HashMap<_, _> = commits.iter().map(|c| ((c.topic.clone(), c.partition), &c.offset)).collect();
    let known = spots.into_iter().map(|spot| {
        let told = |readings: &mut HashMap<Spot, Reading>| match readings.remove(&spot) {
            Some(reading) => reading.offset,
            None => Err(Error::left_out(format!("reading partition {} of topic {}", spot.1, spot.0)).into()),
        };
        Known {
            old: committed.remove(&spot).map_or(Ok(None), |old| old.clone().map_err(Failure::from)),
            since: matches!(strategy, Strategy::Time(_)).then(|| told(&mut since)),
            start: told(&mut starts),
            end: told(&mut ends),
            topic: spot.0.clone(),
            partition: spot.1,
        }
    });
    known.collect()
}

async fn read(cluster: &Cluster, at: At, spots: &[Spot]) -> HashMap<Spot, Reading> {
    offsets::ask(cluster, at, spots.to_vec()).await.into_iter().collect()
}

/// One partition that cannot be moved keeps the whole plan from being carried out, as it does in Kafka's tool.
fn unmovable(group: &str, moves: &[Move]) -> Option<Failure> {
    let failed: Vec<_> = moves.iter().filter_map(|step| Some((step, step.new.as_ref().err()?))).collect();
    let (step, why) = failed.first()?;
    let (topic, partition) = (&step.topic, step.partition);
    let more = match failed.len() {
        1 => String::new(),
        count => format!(" (and {} partitions more)", count - 1),
    };
    let answered = format!("partition {partition} of topic {topic} cannot be moved: {}{more}", why.answered);
    Some(Failure::new(format!("planning the reset of group {group}"), answered, &why.advice))
}
