//! Where partitions begin and end, asked so that a broker that does not answer holds up only its own partitions.
use crate::{
    failure::Failure,
    kafka::{
        offsets::{self, At, Spot},
        wire::{Cause, Cluster, Error},
    },
};
use futures_util::future::join_all;
use std::{collections::BTreeMap, time::Duration};
use tokio::time::timeout;

/// What is not told within this is asked for again later, by who wants it.
pub const LATE: Duration = Duration::from_millis(1500);

/// An offset of one partition, or why it is not known.
pub type Told = (Spot, Result<i64, Failure>);

/// One answer for every partition.
pub async fn ask(cluster: &Cluster, at: At, spots: Vec<Spot>) -> Vec<Told> {
    join_all(by_leader(cluster, spots).await.into_iter().map(|spots| in_time(cluster, at, spots)))
        .await
        .into_iter()
        .flatten()
        .collect()
}

/// Those that nobody is known to lead go together.
async fn by_leader(cluster: &Cluster, spots: Vec<Spot>) -> Vec<Vec<Spot>> {
    let metadata = cluster.metadata().await.ok();
    let mut groups = BTreeMap::<Option<i32>, Vec<Spot>>::new();
    for spot in spots {
        let partition = metadata.as_ref().and_then(|metadata| metadata.partition(&spot.0, spot.1));
        groups.entry(partition.and_then(|partition| partition.leader)).or_default().push(spot);
    }
    groups.into_values().collect()
}

async fn in_time(cluster: &Cluster, at: At, spots: Vec<Spot>) -> Vec<Told> {
    match timeout(LATE, offsets::ask(cluster, at, spots.clone())).await {
        Ok(answers) => answers.into_iter().map(|(spot, reading)| (spot, reading.offset)).collect(),
        Err(_) => spots.into_iter().map(late).collect(),
    }
}

fn late(spot: Spot) -> Told {
    let attempted = format!("asking for offsets of {} partition {}", spot.0, spot.1);
    let failure = Error::new(attempted, Cause::Late(LATE)).into();
    (spot, Err(failure))
}
