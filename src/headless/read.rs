//! `kafscope read`: from where it was told to begin to the end as it is now. Joins no group and commits nothing.
use super::{
    Done, Ended, Out, Setup, complain, connect, glob,
    print::{self, Print},
    topics_exist,
};
use crate::{
    cli::read::Read,
    failure::Failure,
    kafka::{
        offsets::Spot,
        scan::{Found, Plan, Scan},
        wire::{Cluster, Metadata},
    },
    place::Where,
    topic::TopicName,
};
use std::{collections::HashSet, sync::Arc};

pub async fn run(wanted: &Read, setup: &Setup, out: &mut Out) -> Done {
    let mut print = Print::new(wanted, setup, out);
    let done = tokio::select! {
        done = read(wanted, setup, &mut print) => done,
        _ = tokio::signal::ctrl_c() => Err(Ended::Interrupted),
    };
    print::close(print, done, wanted.max)
}

async fn read(wanted: &Read, setup: &Setup, print: &mut Print<'_>) -> Done {
    let cluster = connect(setup)?;
    let topics = topics(&cluster, wanted).await?;
    let plan = Plan {
        partitions: wanted.partition.clone().map(|only| only.into_iter().collect()),
        from: wanted.from().unwrap_or(Where::Start),
        committed: setup.committed,
        most: wanted.max,
        ..Plan::all(topics)
    };
    let mut scan = Scan::open(cluster, plan).await?;
    let mut trouble = Trouble::default();
    while let Some(found) = scan.next().await {
        match found {
            Found::Records(batch) => print.batch(&batch)?,
            Found::Unreadable(unreadable) => trouble.unread(&unreadable.failure()),
            Found::Failed { topic, partition, failure, given_up } => {
                trouble.failed((topic, partition), &failure, given_up);
            }
            Found::TooLarge { records } => trouble.unread(&print::too_large(records)),
            // There is no filter yet that could fail.
            Found::Undecided { .. } => {}
            Found::Moved { topic, moved } => complain(&format!("{topic}: {moved}")),
            Found::Broken(failure) => trouble.unread(&failure),
            Found::StartMoved { topic, partition, from, to } => {
                complain(&format!("{topic} partition {partition}: offsets {from} to {to} were deleted meanwhile"));
            }
        }
    }
    trouble.end()
}

/// What kept a read from being whole.
#[derive(Debug, Default)]
struct Trouble {
    told: HashSet<Spot>,
    unread: u64,
}

impl Trouble {
    /// Said when it begins and when it is given up.
    fn failed(&mut self, spot: Spot, failure: &Failure, given_up: bool) {
        let first = self.told.insert(spot);
        if given_up {
            self.unread(failure);
        } else if first {
            complain(&format!("{failure}; trying again"));
        }
    }

    fn unread(&mut self, failure: &Failure) {
        self.unread += 1;
        complain(&failure.to_string());
    }

    fn end(self) -> Done {
        match self.unread {
            0 => Ok(()),
            _ => Err(Failure::new("reading to the end", "some records could not be read, see above", "").into()),
        }
    }
}

/// The topics of the command line, globs resolved; every plain name must exist.
pub async fn topics(cluster: &Arc<Cluster>, wanted: &Read) -> Result<Vec<TopicName>, Ended> {
    let metadata = cluster.refresh().await?;
    let names = wanted.topics();
    let plain: Vec<&str> = names.iter().copied().filter(|name| glob::is_plain(name)).collect();
    topics_exist(&plain, &metadata)?;
    let topics: Vec<TopicName> =
        metadata.topics.iter().filter(|topic| fits(&names, topic)).map(|t| t.name.clone()).collect();
    if topics.is_empty() {
        Err(Ended::No(format!("no topic fits {}", names.join(" "))))
    } else {
        partitions_exist(&metadata, topics, wanted)
    }
}

/// A glob never means Kafka's own topics.
fn fits(names: &[&str], topic: &crate::topic::Topic) -> bool {
    names.iter().any(|name| *name == &*topic.name || !topic.internal && glob::fits(name, &topic.name))
}

fn partitions_exist(metadata: &Metadata, topics: Vec<TopicName>, wanted: &Read) -> Result<Vec<TopicName>, Ended> {
    let exists = |id: &i32| topics.iter().any(|topic| metadata.partition(topic, *id).is_some());
    match wanted.partition.iter().flatten().find(|id| !exists(id)) {
        Some(id) => Err(Ended::No(format!("there is no partition {id} in {}", topics.join(", ")))),
        None => Ok(topics),
    }
}
