//! Following a topic: first what is asked for of the past, then what arrives, until the value is dropped. Waits while
//! the street of events is full: the brokers wait then, and nothing is dropped. A pause asks for nothing.
mod begin;
mod hear;
mod identity;
mod judged;
mod order;
pub mod said;

use super::{
    fetch::{
        bounds::{self, Told},
        decoder::Want,
        fetcher::{Part, Stop},
        news::News,
        stream::{Plan, Stream},
    },
    offsets::At,
    whereabouts::Whereabouts,
    wire::Cluster,
};
use crate::{
    bus::{Event, Generation, Reading},
    failure::Failure,
    place::{Moved, Positions, Where},
};
use identity::Identity;
use judged::Judged;
use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
    time::Duration,
};
use tokio::{
    sync::{mpsc, watch},
    task::JoinSet,
    time::{Instant, MissedTickBehavior, interval_at},
};

/// How often "behind" is told and partitions without a position are asked for again.
const TICK: Duration = Duration::from_secs(1);
/// Ticks between two looks at the topic itself, for new partitions and a new identity.
const LOOK_EVERY: u64 = 5;
/// How long a broker holds an empty answer back.
const MAX_WAIT: Duration = Duration::from_secs(1);

/// What to follow.
#[derive(Debug, Clone)]
pub struct OpenTail {
    pub reading: Reading,
    pub from: Where,
    /// Where partitions go on whose past was shown already; those without begin by `from`.
    pub known: Positions,
    /// Records in the order of time over all partitions that a place in the past begins with; then, and with 0, they come
    /// as brokers answer.
    pub page: usize,
    pub generation: Generation,
}

/// A running tail. Dropping it ends it.
#[derive(Debug)]
pub struct Tail {
    paused: watch::Sender<bool>,
    stop: watch::Sender<bool>,
    _task: JoinSet<()>,
}

/// Begins at once and says everything on `events`. Must be called inside a runtime.
pub fn open(cluster: Arc<Cluster>, asked: OpenTail, events: mpsc::Sender<Event>) -> Tail {
    let (paused, pause) = watch::channel(false);
    let (stop, stopped) = watch::channel(false);
    let mut task = JoinSet::new();
    task.spawn(async move {
        // Whoever took the events is gone when this ends early.
        let _ = begin::begin(cluster, asked, events, pause, stopped).await;
    });
    Tail { paused, stop, _task: task }
}

impl Tail {
    /// Nothing is asked for any more; what waits is counted once a second.
    pub fn pause(&self) {
        self.paused.send_replace(true);
    }

    /// Looks no further back for the last records that match: what was found is shown, and it goes on live.
    pub fn stop_looking(&self) {
        self.stop.send_replace(true);
    }

    /// Goes on exactly where it stopped.
    pub fn resume(&self) {
        self.paused.send_replace(false);
    }
}

/// Nobody takes the events any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Gone;

type Go<T = ()> = Result<T, Gone>;

/// What was asked beside the reading, and came back.
enum Learned {
    Identity(Result<Identity, Failure>),
    Ends(Vec<Told>),
    /// Where partitions begin that had no position.
    Begins(Whereabouts),
}

struct Following {
    cluster: Arc<Cluster>,
    reading: Reading,
    generation: Generation,
    events: mpsc::Sender<Event>,
    pause: watch::Receiver<bool>,
    identity: Identity,
    /// The next offset to hand over.
    next: BTreeMap<i32, i64>,
    /// See [`OpenTail::page`].
    page: usize,
    /// Ends as they were last heard of.
    ends: BTreeMap<i32, i64>,
    /// Partitions without a position yet, and from where they begin.
    homeless: BTreeMap<i32, Where>,
    failing: HashMap<i32, Failure>,
    /// The topic was gone since it was last looked at: there may be another one by the same name.
    suspect: bool,
    /// Ends a long look back at the beginning.
    stop: watch::Receiver<bool>,
    /// Places that were not there, as far as they were said.
    moved: Vec<Moved>,
    judged: Judged,
    questions: JoinSet<Learned>,
    ticks: u64,
}

impl Following {
    async fn follow(mut self) -> Go {
        let mut tick = interval_at(Instant::now() + TICK, TICK);
        tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            let paused = *self.pause.borrow_and_update();
            let mut stream = (!paused).then(|| Stream::open(self.cluster.clone(), self.plan()));
            while *self.pause.borrow() == paused {
                tokio::select! {
                    Some(news) = next(&mut stream) => if self.hear_answer(news, &mut stream).await? { break },
                    Some(Ok(learned)) = self.questions.join_next() => if self.learn(learned, stream.as_ref()).await? { break },
                    _ = tick.tick() => self.tick(paused).await?,
                    changed = self.pause.changed() => changed.map_err(|_| Gone)?,
                }
            }
        }
    }

    fn plan(&self) -> Plan {
        Plan {
            topics: [self.reading.topic.clone()].into(),
            parts: self.next.iter().map(|(id, next)| Part::new(0, *id, *next, Stop::Never)).collect(),
            committed: self.reading.committed,
            filter: self.reading.filter.clone(),
            want: Want::Records,
            max_wait: MAX_WAIT,
            own: true,
            give_up_after: None,
            stays_open: true,
        }
    }

    async fn tick(&mut self, paused: bool) -> Go {
        self.ticks += 1;
        self.tell_judged().await?;
        let (cluster, topic) = (self.cluster.clone(), self.reading.topic.clone());
        if self.questions.is_empty() && self.ticks.is_multiple_of(LOOK_EVERY) {
            self.questions.spawn(async move { Learned::Identity(identity::look(&cluster, &topic).await) });
        } else if self.questions.is_empty() && !self.homeless.is_empty() {
            let (reading, wanted) = (self.reading.clone(), self.homeless.clone().into_iter().collect::<Vec<_>>());
            self.questions.spawn(async move { Learned::Begins(begin::ask(&cluster, &reading, &wanted).await) });
        } else if self.questions.is_empty() && paused {
            let (end, spots) = (self.end(), self.next.keys().map(|id| (topic.clone(), *id)).collect());
            self.questions.spawn(async move { Learned::Ends(bounds::ask(&cluster, end, spots).await) });
        }
        self.say(Event::TailBehind { generation: self.generation, behind: self.behind() }).await
    }

    /// How far this reader is given records.
    fn end(&self) -> At {
        if self.reading.committed { At::StableEnd } else { At::End }
    }

    fn behind(&self) -> Option<u64> {
        if !self.failing.is_empty() || !self.homeless.is_empty() {
            return None;
        }
        let behind = |(id, next): (&i32, &i64)| Some(self.ends.get(id)?.saturating_sub(*next).max(0) as u64);
        self.next.iter().map(behind).sum()
    }

    /// True = the stream must be opened anew.
    async fn learn(&mut self, learned: Learned, stream: Option<&Stream>) -> Go<bool> {
        match learned {
            Learned::Identity(Ok(seen)) => return self.seen(seen).await,
            // A topic that cannot be looked at is told by its partitions.
            Learned::Identity(Err(_)) => {}
            Learned::Ends(ends) => self.count(ends).await?,
            Learned::Begins(begins) => self.settle(begins, stream).await?,
        }
        Ok(false)
    }

    async fn count(&mut self, ends: Vec<Told>) -> Go {
        for ((_, partition), end) in ends {
            match end {
                Ok(end) => {
                    self.ends.insert(partition, end);
                    if self.failing.remove(&partition).is_some() {
                        self.say(Event::PartitionRecovered { generation: self.generation, partition }).await?;
                    }
                }
                Err(failure) => self.failed(partition, failure).await?,
            }
        }
        Ok(())
    }

    async fn settle(&mut self, begins: Whereabouts, stream: Option<&Stream>) -> Go {
        for ((_, partition), offset) in &begins.at {
            self.homeless.remove(partition);
            self.next.insert(*partition, *offset);
            if let Some(stream) = stream {
                stream.add(Part::new(0, *partition, *offset, Stop::Never)).await;
            }
        }
        self.began(begins.at).await?;
        for (_, moved) in begins.moved {
            if !self.moved.contains(&moved) {
                self.moved.push(moved.clone());
                self.say(Event::PlaceMoved { generation: self.generation, moved }).await?;
            }
        }
        for ((_, partition), failure) in begins.failed {
            self.failed(partition, failure).await?;
        }
        Ok(())
    }

    async fn say(&self, event: Event) -> Go {
        self.events.send(event).await.map_err(|_| Gone)
    }
}

/// Never, while there is no stream.
async fn next(stream: &mut Option<Stream>) -> Option<News> {
    match stream {
        Some(stream) => stream.next().await,
        None => std::future::pending().await,
    }
}

#[cfg(test)]
mod tests;
