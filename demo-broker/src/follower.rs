//! A group without members that commits all the same, as consumers do that assign partitions to themselves (Storm).

use crate::Cluster;
use crate::data::{STORM, customers};
use std::sync::Arc;
use std::time::Duration;
use tokio::time::{MissedTickBehavior, interval};
use tracing::debug;

const GROUP: &str = "assign-reader";
const TOPIC: &str = "customers";
const PAUSE: Duration = Duration::from_secs(2);
/// Offsets it gets on by at each commit, holes counted.
const STEP: i64 = 50;

/// Commits until it is dropped.
pub async fn run(cluster: Arc<Cluster>) {
    let mut ticks = interval(PAUSE);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    ticks.tick().await; // the first one comes at once
    loop {
        ticks.tick().await;
        (0..customers::PARTITIONS as i32).for_each(|partition| get_on(&cluster, partition));
    }
}

/// Once it has come to the end it commits that again and again.
fn get_on(cluster: &Cluster, partition: i32) {
    let Some(end) = cluster.end(TOPIC, partition) else { return };
    let next = cluster.committed(GROUP, TOPIC, partition).unwrap_or(0) + STEP;
    if let Err(why) = cluster.commit(GROUP, TOPIC, partition, next.min(end), STORM) {
        debug!("{GROUP} could not commit: {why}");
    }
}
