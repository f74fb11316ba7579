//! What the screen asks to be planned and done to a group, as the event that answers it.
use super::{
    delete::delete,
    forget::forget,
    reset::{self, Stopped},
};
use crate::{
    bus::{Command, Event},
    failure::Failure,
    kafka::{wire::Cluster, writes::Writes},
    reset::Plan,
};
use std::path::Path;

/// For [`Command::PlanReset`] and [`Command::PlanUndo`].
pub async fn plan(cluster: &Cluster, doing: Command) -> Event {
    let (planned, generation) = match &doing {
        Command::PlanReset { group, scope, strategy, generation } => {
            (reset::plan(cluster, group, scope, strategy).await, *generation)
        }
        Command::PlanUndo { file, generation } => (only(cluster, file).await, *generation),
        _ => return unheard(doing),
    };
    match planned {
        Ok(plan) => Event::ResetPlanned { generation, plan: Box::new(plan) },
        Err(why) => Event::Failed { doing, why },
    }
}

/// A screen shows one plan; a file of several groups is for the command line.
async fn only(cluster: &Cluster, file: &Path) -> Result<Plan, Failure> {
    let mut plans = reset::undo(cluster, file).await?;
    match (plans.pop(), plans.len()) {
        (Some(plan), 0) => Ok(plan),
        (_, others) => {
            let answered = format!("the file holds {} groups", others + 1);
            let advice = "undo them together: kafscope groups undo FILE";
            Err(Failure::new(format!("reading {}", file.display()), answered, advice))
        }
    }
}

/// For [`Command::Reset`], [`Command::ForgetOffsets`] and [`Command::DeleteGroup`].
pub async fn change(cluster: &Cluster, writes: Writes, doing: Command) -> Event {
    let failed = |why| Event::Failed { doing: doing.clone(), why };
    match &doing {
        Command::Reset { plan, undo, generation } => match reset::execute(cluster, writes, plan, undo).await {
            Ok(done) => Event::ResetEnded { generation: *generation, done: Box::new(done) },
            Err(Stopped::Changed(plan)) => Event::ResetPlanned { generation: *generation, plan },
            Err(Stopped::Failed(why)) => failed(why),
        },
        Command::ForgetOffsets { group, scope, generation } => match forget(cluster, writes, group, scope).await {
            Ok(partitions) => Event::OffsetsForgotten { generation: *generation, group: group.clone(), partitions },
            Err(why) => failed(why),
        },
        Command::DeleteGroup { group, generation } => match delete(cluster, writes, group).await {
            Ok(()) => Event::GroupDeleted { generation: *generation, group: group.clone() },
            Err(why) => failed(why),
        },
        _ => unheard(doing),
    }
}

fn unheard(doing: Command) -> Event {
    let why = Failure::new("changing a group", "this is no such command", "");
    Event::Failed { doing, why }
}
