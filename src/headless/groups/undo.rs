//! `kafscope groups undo`: what a reset replaced, put back. Also a plan first.
use super::{
    carry::Carry,
    reset::{may_write, no},
};
use crate::{
    cli::groups::Undo,
    headless::{Done, Ended, Out, Setup, connect, or_interrupted},
    kafka::{groups::reset, wire::Cluster},
    reset::{Plan, csv::Groups, file, undo},
};

pub async fn run(wanted: &Undo, setup: &Setup, out: &mut Out) -> Done {
    let text = file::read(&wanted.file).map_err(|failure| Ended::Wrong(failure.to_string()))?;
    let groups = undo::read(&text).map_err(|mistake| Ended::Wrong(mistake.of(&wanted.file).to_string()))?;
    let writes = may_write(wanted.execute, setup, "moving groups back")?;
    let cluster = connect(setup)?;
    let plans = or_interrupted(plan(&cluster, groups)).await?;
    Carry { cluster, writes, moving: wanted.yes, json: setup.json, silent: false }.out(&plans, out).await
}

async fn plan(cluster: &Cluster, groups: Groups) -> Result<Vec<Plan>, Ended> {
    cluster.metadata().await?;
    match reset::plans(cluster, groups).await {
        Ok(plans) => Ok(plans),
        Err(failure) => Err(no(cluster, failure).await),
    }
}
