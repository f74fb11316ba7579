//! The lag of many groups at once: as a fresh process beside Kafka's own tool and kafkatop, on the screen, and in requests.
mod programs;
mod requests;
mod screen;
pub mod served;
mod set;

use crate::{flood::Flood, stage::Stage};
use anyhow::Result;
use set::Set;

/// On a real cluster.
pub fn run() -> Result<()> {
    let (stage, set) = (Stage::find()?, Set::of(set::GROUPS)?);
    put_on(&stage, &set)?;
    programs::beside_peers(&stage.bootstrap, &set)?;
    screen::starts("lag, real cluster", &stage.bootstrap, &set, None)
}

fn put_on(stage: &Stage, set: &Set) -> Result<()> {
    let topics = set.topics();
    stage.topics(&topics, set::PARTITIONS)?;
    Flood::numbers(&stage.bootstrap, &topics, set::PARTITIONS, set::RECORDS * set::PARTITIONS as u64).run()?;
    for (name, topic) in set.groups() {
        stage.group(&name, &topic, set::PARTITIONS, set::COMMIT)?;
    }
    stage.topics(&[set::LOST.to_owned()], 1)?;
    Flood::numbers(&stage.bootstrap, &[set::LOST.to_owned()], 1, set::RECORDS).run()?;
    stage.delete_before(set::LOST, 0, set::LOST_START)?;
    set.lost().try_for_each(|name| stage.group(&name, set::LOST, 1, set::COMMIT))
}

/// More groups than a person has, on the demo's brokers; no real cluster is needed.
pub fn many() -> Result<()> {
    let set = Set::of(set::MANY)?;
    let served = served::Served::start(set.count)?;
    programs::alone(served.bootstrap(), &set)?;
    screen::starts("groups, demo brokers", served.bootstrap(), &set, Some(1_000.0))?;
    screen::stays(served.bootstrap(), &set)?;
    served.end()?;
    requests::table()
}
