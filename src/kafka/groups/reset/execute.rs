//! Carrying out a plan: everything is read again first, then the undo file, then Kafka, then what stands there now.
use super::{Commit, Look};
use crate::{
    failure::Failure,
    kafka::{
        groups::{Listing, committed, write},
        offsets::Spot,
        wire::Cluster,
        writes::Writes,
    },
    reset::{Done, Move, Outcome, Plan, Strategy, file, undo},
};
use std::{collections::HashMap, path::Path};

/// Why nothing was written.
#[derive(Debug, Clone, PartialEq)]
pub enum Stopped {
    /// What the plan was made from is no longer so; this is the plan now. It may be refused.
    Changed(Box<Plan>),
    Failed(Failure),
}

impl From<Failure> for Stopped {
    fn from(why: Failure) -> Self {
        Self::Failed(why)
    }
}

/// Moves a group as planned. `undo` must be a new file. A plan that is `moving` is carried out although the commits
/// moved on: who hands it over has asked for it twice.
///
/// # Errors
/// Nothing was written. What was refused for one partition is in [`Done::outcomes`].
pub async fn execute(cluster: &Cluster, writes: Writes, plan: &Plan, undo: &Path) -> Result<Done, Stopped> {
    cluster.refresh().await.map_err(Failure::from)?;
    execute_listed(cluster, None, writes, plan, undo).await
}

/// The same for one of many: brokers, topics and the list of groups are those of the run. Who is in the group is read
/// anew all the same.
///
/// # Errors
/// As [`execute`].
pub async fn execute_listed(
    cluster: &Cluster,
    listing: Option<&Listing>,
    _: Writes,
    plan: &Plan,
    undo: &Path,
) -> Result<Done, Stopped> {
    if let Some(why) = &plan.refused {
        return Err(why.clone().into());
    }
    let look = Look::at(cluster, &plan.group, listing.and_then(|listing| listing.find(&plan.group))).await?;
    let now = look.plan(cluster, &plan.group, &plan.scope, &plan.strategy).await?;
    if now.refused.is_some() || !holds(plan, &now) {
        let moving = now.refused.is_none() && commits_differ(plan, &now);
        return Err(Stopped::Changed(Box::new(Plan { moving: moving || plan.moving, ..now })));
    }
    let plan = settled(plan, now);
    write_undo(undo, undo::text(&plan.group, &plan.moves)).await?;
    let written = write(cluster, look.coordinator, &plan).await;
    let commits = committed::commits(cluster, &plan.group).await.map_err(Failure::from);
    let stands = commits.as_ref().map(|commits| by_spot(commits)).map_err(|why| why.clone());
    let outcomes = plan.moves.iter().zip(written).map(|(step, written)| outcome(step, written, &stands)).collect();
    Ok(Done { plan, undo: undo.to_owned(), outcomes })
}

/// The same partitions, the same commits, and every new offset still between start and end.
fn holds(plan: &Plan, now: &Plan) -> bool {
    let same = |(a, b): (&Move, &Move)| (&a.topic, a.partition) == (&b.topic, b.partition) && within(plan, a, b);
    let all = plan.moves.len() == now.moves.len() && plan.moves.iter().zip(&now.moves).all(same);
    all && (plan.moving || !commits_differ(plan, now))
}

/// `--to-current` may stand outside: it stays where it is; and an undo: it stood there.
fn within(plan: &Plan, planned: &Move, now: &Move) -> bool {
    let Ok(Some(new)) = planned.new else { return planned.new.is_ok() };
    let range = now.start.zip(now.end);
    matches!(plan.strategy, Strategy::Current | Strategy::Undo(_))
        || range.is_some_and(|(start, end)| (start..=end).contains(&new))
}

fn commits_differ(plan: &Plan, now: &Plan) -> bool {
    plan.moves.len() != now.moves.len() || plan.moves.iter().zip(&now.moves).any(|(a, b)| a.old != b.old)
}

/// What was planned, with what was read now.
fn settled(plan: &Plan, now: Plan) -> Plan {
    let keep = |(planned, now): (&Move, Move)| Move {
        new: planned.new.clone(),
        clamped: planned.clamped,
        nothing_since: planned.nothing_since,
        ..now
    };
    let moves = plan.moves.iter().zip(now.moves).map(keep).collect();
    Plan { moves, moving: plan.moving, at: now.at, ..plan.clone() }
}

async fn write_undo(path: &Path, text: String) -> Result<(), Failure> {
    let path = path.to_owned();
    let lost =
        |why: tokio::task::JoinError| Failure::new("writing the undo file", why.to_string(), "nothing was changed");
    tokio::task::spawn_blocking(move || file::create(&path, &text)).await.map_err(lost)?
}

/// In the order of the moves. New offsets first; commits that shall not be there are deleted after them.
async fn write(cluster: &Cluster, coordinator: i32, plan: &Plan) -> Vec<Result<(), Failure>> {
    let spot = |step: &Move| (step.topic.clone(), step.partition);
    let offset = |step: &Move| step.new.clone().ok().flatten();
    let moved: Vec<(Spot, i64)> = plan.moves.iter().filter_map(|step| Some((spot(step), offset(step)?))).collect();
    let gone = plan.moves.iter().filter(|step| step.old.is_some() && step.new == Ok(None));
    let gone: Vec<Spot> = gone.map(spot).collect();
    let mut written = write::commit(cluster, coordinator, &plan.group, &moved).await;
    if !gone.is_empty() {
        match write::delete(cluster, coordinator, &plan.group, &gone).await {
            Ok(told) => written.extend(told),
            Err(why) => written.extend(gone.into_iter().map(|spot| (spot, Err(why.clone())))),
        }
    }
    plan.moves.iter().map(|step| written.remove(&spot(step)).unwrap_or(Ok(()))).collect()
}

type Stands<'c> = HashMap<(&'c str, i32), &'c Commit>;

fn by_spot(commits: &[Commit]) -> Stands<'_> {
    commits.iter().map(|commit| ((&*commit.topic, commit.partition), commit)).collect()
}

fn outcome(step: &Move, written: Result<(), Failure>, stands: &Result<Stands<'_>, Failure>) -> Outcome {
    let stands =
        stands.as_ref().map_err(Clone::clone).and_then(|stands| match stands.get(&(&*step.topic, step.partition)) {
            Some(commit) => commit.offset.clone().map_err(Failure::from),
            None => Ok(None),
        });
    Outcome { written, stands }
}
