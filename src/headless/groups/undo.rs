//! `kafscope groups undo`: what a reset replaced, put back. Also a plan first.
use super::{
    carry::Carry,
    listing,
    reset::{may_write, no},
};
use crate::{
    cli::groups::Undo,
    headless::{Done, Ended, Out, Setup, connect, or_interrupted},
    kafka::{
        groups::{Listing, reset},
        wire::Cluster,
    },
    reset::{Plan, csv::Groups, file, undo},
};

pub async fn run(wanted: &Undo, setup: &Setup, out: &mut Out) -> Done {
    let text = file::read(&wanted.file).map_err(|failure| Ended::Wrong(failure.to_string()))?;
    let groups = undo::read(&text).map_err(|mistake| Ended::Wrong(mistake.of(&wanted.file).to_string()))?;
    let writes = may_write(wanted.execute, setup, "moving groups back")?;
    let cluster = connect(setup)?;
    let (plans, listing) = or_interrupted(plan(&cluster, groups)).await?;
    Carry { cluster, listing, writes, moving: wanted.yes, json: setup.json, silent: false }.out(&plans, out).await
}

/// One group is asked for at its coordinator alone; several are listed once.
async fn plan(cluster: &Cluster, groups: Groups) -> Result<(Vec<Plan>, Option<Listing>), Ended> {
    cluster.metadata().await?;
    let listing = if groups.len() > 1 { Some(listing(cluster).await?) } else { None };
    match reset::back(cluster, listing.as_ref(), groups).await {
        Ok(plans) => Ok((plans, listing)),
        Err(failure) => Err(no(cluster, failure).await),
    }
}
