//! Asks again and again what there is: topics and their offsets, groups and their lag. A round never begins before the
//! last one ended, and slow rounds come less often.
use super::{groups, offsets::Offsets, topics, wire::Cluster};
use crate::{
    bus::{Event, Generation, KafkaVersion},
    failure::Failure,
    group::{Group, GroupLag, GroupName},
    topic::Broker,
};
use jiff::Timestamp;
use std::sync::Arc;
use tokio::{
    sync::{Notify, mpsc::Sender, watch},
    time::{Duration, Instant, sleep, timeout},
};

/// Between two rounds of topics, and of groups.
const ROUND: Duration = Duration::from_secs(2);
/// A topic made elsewhere appears within 5 s: rounds of topics are never further apart than this.
const SLOWEST_TOPICS: Duration = Duration::from_secs(4);
/// Groups of large clusters may be this old.
const SLOWEST_GROUPS: Duration = Duration::from_secs(10);
/// A round that took long is followed by a pause this many times as long, to cost brokers and this machine little.
const REST: u32 = 40;
/// After a failed attempt; a broker that comes back is seen within a second.
const RETRY: Duration = Duration::from_millis(500);

/// What the rounds share.
#[derive(Debug)]
pub struct Watch {
    pub cluster: Arc<Cluster>,
    pub offsets: Arc<Offsets>,
    pub events: Sender<Event>,
    /// A person asked to look now.
    again: Notify,
    /// Becomes true with the first answer, so that groups are not asked for before there is a cluster.
    reached: watch::Sender<bool>,
}

/// Whether the street to the screen is still open; a task ends when it is not.
type Open = Result<(), Gone>;

/// The screen has left.
#[derive(Debug)]
pub struct Gone;

impl Watch {
    pub fn new(cluster: Arc<Cluster>, events: Sender<Event>) -> Self {
        let offsets = Arc::new(Offsets::new(cluster.clone()));
        Self { cluster, offsets, events, again: Notify::new(), reached: watch::Sender::new(false) }
    }

    /// Look now instead of at the next round.
    pub fn look_again(&self) {
        self.again.notify_waiters();
    }

    pub async fn send(&self, event: Event) -> Open {
        self.events.send(event).await.map_err(|_| Gone)
    }

    /// Topics and offsets, until the screen leaves.
    pub async fn topics(self: Arc<Self>) -> Open {
        let mut told = Told::default();
        loop {
            let began = Instant::now();
            match topics::list(&self.cluster).await {
                Ok(listing) => {
                    self.tell_listing(&mut told, listing).await?;
                    self.rest(began, SLOWEST_TOPICS).await;
                }
                Err(error) => {
                    self.tell_failure(&mut told, error.into()).await?;
                    sleep(RETRY).await;
                }
            }
        }
    }

    async fn tell_listing(&self, told: &mut Told, listing: topics::Listing) -> Open {
        let metadata = listing.metadata;
        if told.is_new(&metadata.brokers, &listing.kafka) {
            self.send(Event::Connected { brokers: metadata.brokers.clone(), kafka: listing.kafka }).await?;
        }
        self.send(Event::TopicsListed { topics: metadata.topics.to_vec(), at: metadata.at }).await?;
        self.reached.send_replace(true);
        let topics = self.offsets.of_topics(&metadata, metadata.read).await;
        self.send(Event::OffsetsRead { topics, at: Timestamp::now() }).await
    }

    async fn tell_failure(&self, told: &mut Told, failure: Failure) -> Open {
        if told.is_new_failure(&failure) {
            self.send(Event::ConnectionFailed { failure }).await?;
        }
        Ok(())
    }

    /// Groups and the lag of all of them, until the screen leaves.
    pub async fn groups(self: Arc<Self>) -> Open {
        // The sender lives as long as this: waiting cannot fail.
        let _ = self.reached.subscribe().wait_for(|reached| *reached).await;
        loop {
            let began = Instant::now();
            match groups::list(&self.cluster).await {
                Ok(listing) => {
                    self.tell_groups(listing).await?;
                    self.rest(began, SLOWEST_GROUPS).await;
                }
                // The round of topics says why nobody answers.
                Err(_) => sleep(RETRY).await,
            }
        }
    }

    async fn tell_groups(&self, listing: groups::Listing) -> Open {
        let groups::Listing { groups, missing, at } = listing;
        self.send(Event::GroupsListed { groups: groups.clone(), missing, at }).await?;
        if groups.is_empty() {
            return Ok(());
        }
        let groups = groups::lag(&self.cluster, &self.offsets, &groups).await;
        self.send(Event::LagRead { groups, at: Timestamp::now() }).await
    }

    /// One group, read again every round, until the task is cancelled.
    pub async fn group(self: Arc<Self>, name: GroupName, generation: Generation) -> Open {
        loop {
            let began = Instant::now();
            match self.read_group(&name).await {
                Ok(group) => {
                    self.send(Event::GroupRead { generation, group: Box::new(group), at: Timestamp::now() }).await?;
                }
                Err(why) => {
                    let doing = crate::bus::Command::OpenGroup { group: name.clone(), generation };
                    self.send(Event::Failed { doing, why }).await?;
                }
            }
            self.rest(began, ROUND).await;
        }
    }

    async fn read_group(&self, name: &GroupName) -> Result<GroupLag, Failure> {
        let attempted = || format!("reading group {name}");
        let listing = groups::list(&self.cluster).await?;
        let group: Vec<Group> = listing.groups.into_iter().filter(|group| group.name == *name).collect();
        let gone = || Failure::new(attempted(), "no broker has a group of this name any more", "esc closes this view");
        groups::lag(&self.cluster, &self.offsets, &group).await.pop().ok_or_else(gone)
    }

    /// The pause after a round, cut short when a person asks to look now.
    async fn rest(&self, began: Instant, slowest: Duration) {
        let pause = (began.elapsed() * REST).clamp(ROUND, slowest.max(ROUND));
        let _ = timeout(pause, self.again.notified()).await;
    }
}

/// What the screen knows of the cluster, so that it is told only what is new.
#[derive(Debug, Default)]
struct Told {
    connected: Option<(Vec<Broker>, KafkaVersion)>,
    failure: Option<Failure>,
}

impl Told {
    fn is_new(&mut self, brokers: &[Broker], kafka: &KafkaVersion) -> bool {
        self.failure = None;
        let now = (brokers.to_vec(), kafka.clone());
        let new = self.connected.as_ref() != Some(&now);
        self.connected = Some(now);
        new
    }

    fn is_new_failure(&mut self, failure: &Failure) -> bool {
        self.connected = None;
        let new = self.failure.as_ref() != Some(failure);
        self.failure = Some(failure.clone());
        new
    }
}

/// A task that ends when its owner lets go of it.
#[derive(Debug)]
pub struct Task(tokio::task::JoinHandle<()>);

impl Task {
    pub fn spawn<T>(work: impl Future<Output = T> + Send + 'static) -> Self {
        Self(tokio::spawn(async {
            work.await;
        }))
    }
}

impl Drop for Task {
    fn drop(&mut self) {
        self.0.abort();
    }
}
