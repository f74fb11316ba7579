//! `kafscope read`: from where it was told to begin to the end as it is now. Joins no group and commits nothing.
use super::{
    Done, Ended, Out, Setup,
    account::{Account, Next},
    complain, connect, glob, or_interrupted, places,
    print::{self, Print},
    topics_exist,
    wanted::{Shown, Wanted},
};
use crate::{
    cli::read::Read,
    failure::Failure,
    kafka::{
        fetch::decoder::Want,
        offsets::Spot,
        scan::{Found, Order, Plan, Scan},
        wire::Cluster,
    },
    place::{Asked, Where},
    topic::{Topic, TopicName},
};
use kafscope_demo_broker::data;
use std::{
    collections::{BTreeSet, HashSet},
    sync::Arc,
};

pub async fn run(args: &Read, setup: &Setup, out: &mut Out) -> Done {
    let wanted = Wanted::read(args, setup)?;
    let mut scan = or_interrupted(open(&wanted, setup)).await?;
    let mut account = Account { next: begin(&wanted, &scan), ..Account::default() };
    let mut print = Print::open(&wanted, out.columns)?;
    let done = or_interrupted(drive(&wanted, &mut scan, &mut print, &mut account)).await;
    let totals = scan.totals();
    account.looked = wanted.filter.as_ref().map(|_| (totals.looked, Some(totals.looked_bytes)));
    account.failures = totals.undecided;
    account.early = wanted.max.is_some_and(|most| totals.records >= most);
    account.next.read.clone_from(&totals.next);
    account.next.disorder = scan.disorder().cloned();
    if want(&wanted) == Want::Count {
        print.count(totals.records, totals.bytes);
    }
    print.finish(done, account, out).await
}

fn begin(wanted: &Wanted, scan: &Scan) -> Next {
    Next { begin: scan.totals().next.clone(), backwards: wanted.order == Order::NewestFirst, ..Next::default() }
}

async fn open(wanted: &Wanted, setup: &Setup) -> Result<Scan, Ended> {
    let cluster = connect(setup)?;
    let (topics, partitions) = topics(&cluster, wanted).await?;
    let plan = Plan {
        partitions: partitions.map(|only| only.into_iter().collect()),
        from: wanted.from.clone().unwrap_or(Where::Start),
        to: wanted.to.clone().unwrap_or(Where::End),
        committed: setup.committed,
        want: want(wanted),
        filter: wanted.filter.clone(),
        order: wanted.order,
        most: wanted.max,
        ..Plan::all(topics)
    };
    Ok(Scan::open(cluster, plan).await?)
}

/// For a number no heads of records are made, unless it is to end at a certain one.
fn want(wanted: &Wanted) -> Want {
    if wanted.shown == (Shown::Count { json: false }) && wanted.max.is_none() { Want::Count } else { Want::Records }
}

async fn drive(wanted: &Wanted, scan: &mut Scan, print: &mut Print, account: &mut Account) -> Done {
    let mut trouble = Trouble::default();
    while let Some(found) = scan.go_on().await {
        match found {
            Some(Found::Records(batch)) => print.batch(&batch).await?,
            Some(other) => hear(other, &mut trouble, account),
            None => {}
        }
        print.progress(scan.totals().looked, || scan.share());
    }
    if trouble.unread == 0 {
        places::tell_nothing(wanted, scan.totals(), &trouble.places);
    }
    trouble.end()
}

/// Whatever is no record.
fn hear(found: Found, trouble: &mut Trouble, account: &mut Account) {
    match found {
        Found::Records(_) => {}
        Found::Unreadable(unreadable) => trouble.unread(&unreadable.failure()),
        Found::Failed { topic, partition, failure, given_up } => {
            trouble.failed((topic, partition), &failure, given_up);
        }
        Found::Undecided(it) => account.failed(&it.spot, it.offset, it.failures, &it.why),
        Found::TooLarge { records } => trouble.unread(&print::too_large(records)),
        Found::Moved { topic, moved } if matches!(moved.asked, Asked::Backwards { .. }) => {
            trouble.places.backwards.push(format!("{topic}: {moved}"));
        }
        Found::Moved { topic, moved } => {
            trouble.places.moved = true;
            complain(&format!("{topic}: {moved}"));
        }
        Found::Broken(failure) => trouble.unread(&failure),
        Found::StartMoved { topic, partition, from, to } => {
            complain(&format!("{topic} partition {partition}: offsets {from} to {to} were deleted meanwhile"));
        }
    }
}

/// What kept a read from being whole.
#[derive(Debug, Default)]
struct Trouble {
    told: HashSet<Spot>,
    unread: u64,
    places: places::Said,
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

/// The topics of the command line, globs resolved, and the partitions that are read of them. Every plain name, every
/// partition and every group must exist.
pub async fn topics(cluster: &Arc<Cluster>, wanted: &Wanted) -> Result<(Vec<TopicName>, Option<BTreeSet<i32>>), Ended> {
    let metadata = cluster.refresh().await?;
    let plain: Vec<&str> = wanted.topics.iter().map(String::as_str).filter(|name| glob::is_plain(name)).collect();
    topics_exist(&plain, &metadata)?;
    let topics: Vec<&Topic> = metadata.topics.iter().filter(|topic| fits(&wanted.topics, topic)).collect();
    if topics.is_empty() {
        return Err(Ended::No(format!("no topic fits {}", wanted.topics.join(" "))));
    }
    let only = match &wanted.key {
        Some(key) => Some(BTreeSet::from([partition_of(key, &topics)?])),
        None => wanted.partitions.clone(),
    };
    partitions_exist(&topics, only.iter().flatten())?;
    places::exist(cluster, wanted, &topics).await?;
    Ok((topics.into_iter().map(|topic| topic.name.clone()).collect(), only))
}

/// A glob never means Kafka's own topics.
fn fits(names: &[String], topic: &Topic) -> bool {
    names.iter().any(|name| *name == *topic.name || !topic.internal && glob::fits(name, &topic.name))
}

/// Where Java clients put the key.
fn partition_of(key: &[u8], topics: &[&Topic]) -> Result<i32, Ended> {
    let counts: BTreeSet<usize> = topics.iter().map(|topic| topic.partitions.len()).collect();
    match (counts.first(), counts.len()) {
        (Some(count), 1) if *count > 0 => Ok(i32::try_from(data::partition(key, *count)).unwrap_or(0)),
        _ => {
            let words = "--key-partitioned: these topics have different numbers of partitions; read them one by one";
            Err(Ended::Wrong(words.into()))
        }
    }
}

pub fn partitions_exist<'a>(topics: &[&Topic], mut wanted: impl Iterator<Item = &'a i32>) -> Done {
    let has = |topic: &Topic, id: i32| topic.partitions.iter().any(|partition| partition.id == id);
    let Some(id) = wanted.find(|id| !topics.iter().any(|topic| has(topic, **id))) else { return Ok(()) };
    let last = topics.iter().flat_map(|topic| &topic.partitions).map(|partition| partition.id).max();
    let names: Vec<&str> = topics.iter().map(|topic| &*topic.name).collect();
    let nearest = last.map(|last| format!("; the last is {last}")).unwrap_or_default();
    Err(Ended::No(format!("there is no partition {id} in {}{nearest}", names.join(", "))))
}
