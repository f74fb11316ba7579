//! The cluster: which broker to ask, over which connection, and again when it moved. Shared by every asking module.
use super::{
    Address, Connection, Metadata,
    absent::Absent,
    calls::Call,
    error::{Cause, Error, Result, Way},
    link::Link,
    pace::Pace,
    race::race,
    requests::Requests,
};
use crate::bus::KafkaVersion;
use kafka_protocol::messages::MetadataRequest;
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use tokio::time::{Duration, Instant};

/// The next bootstrap address is tried beside a silent one after this, and at once after a refusal.
const STAGGER: Duration = Duration::from_millis(200);
/// From the name to the version table; what is slower is as good as down for a person at a screen.
const CONNECT: Duration = Duration::from_secs(3);
/// The same while the answers of other brokers wait to be shown: one that is out of reach must not hold them up for long.
const ONE_OF_MANY: Duration = Duration::from_millis(1500);

/// A question that any broker can answer is asked of the next one beside the first after this: a broker that hangs keeps
/// its connections, and would hold up everything for as long as a request may take.
const SECOND_ASKED: Duration = Duration::from_secs(1);

/// What the user said about the way to Kafka.
#[derive(Debug, Clone)]
pub struct Settings {
    /// `HOST[:PORT]`, port 9092 if none is given; IPv6 addresses in brackets.
    pub bootstrap: Vec<String>,
    pub client_id: String,
    /// For one request and its repetitions.
    pub timeout: Duration,
    /// Brokers before Kafka 3.0 are asked for the commits of one group a request: so many of these go to one of them in
    /// any second.
    pub old_commits_per_second: usize,
}

impl Default for Settings {
    fn default() -> Self {
        let bootstrap = vec!["localhost:9092".to_owned()];
        Self {
            bootstrap,
            client_id: env!("CARGO_PKG_NAME").to_owned(),
            timeout: Duration::from_secs(10),
            old_commits_per_second: 200,
        }
    }
}

/// Connects when first asked, and again whenever needed. Share it as an [`Arc`].
#[derive(Debug)]
pub struct Cluster {
    settings: Settings,
    bootstrap: Vec<Address>,
    requests: Arc<Requests>,
    /// Held for moments only, never across an await.
    known: Mutex<Known>,
    refreshing: tokio::sync::Mutex<()>,
    /// Held while brokers are asked about topics that the snapshot lacks.
    pub(super) absent: tokio::sync::Mutex<Absent>,
    /// For brokers before Kafka 3.0, by id. Held for moments only, never across an await.
    paces: Mutex<BTreeMap<i32, Arc<Pace>>>,
}

#[derive(Debug, Default)]
struct Known {
    /// Ordered, so that "any broker" is the same one while it lives, and tells the same version.
    links: BTreeMap<Address, Arc<Link>>,
    metadata: Option<Arc<Metadata>>,
}

impl Known {
    fn link(&mut self, address: &Address, make: impl FnOnce() -> Link) -> Arc<Link> {
        self.links.entry(address.clone()).or_insert_with(|| Arc::new(make())).clone()
    }
}

impl Cluster {
    /// No connection is made yet. Fails when an address is none.
    pub fn new(settings: Settings) -> Result<Self> {
        let bootstrap: Vec<Address> = settings.bootstrap.iter().map(|text| text.parse()).collect::<Result<_>>()?;
        if bootstrap.is_empty() {
            return Err(Error::new("connecting to Kafka", Cause::BadAddress("no address was given".into())));
        }
        Ok(Self {
            settings,
            bootstrap,
            requests: Arc::default(),
            known: Mutex::default(),
            refreshing: tokio::sync::Mutex::default(),
            absent: tokio::sync::Mutex::default(),
            paces: Mutex::default(),
        })
    }

    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Request number (Kafka's api key) → how many were sent so far.
    pub fn requests(&self) -> BTreeMap<i16, u64> {
        self.requests.sent()
    }

    /// When a question asked now must have its answer.
    pub fn deadline(&self) -> Instant {
        Instant::now() + self.settings.timeout
    }

    /// Any broker: one that is connected, else the first that answers.
    pub async fn any(&self) -> Result<Arc<Connection>> {
        if let Some(live) = self.links().iter().find_map(|link| link.live()) {
            return Ok(live);
        }
        let links = self.candidates();
        let tries: Vec<_> = links.iter().map(|link| link.connection(CONNECT, &self.settings, &self.requests)).collect();
        match race(tries, STAGGER).await {
            Ok((connection, _)) => Ok(connection),
            Err(mut errors) if errors.len() == 1 => Err(errors.remove(0)),
            Err(errors) => Err(nobody(errors)),
        }
    }

    /// The Kafka version of one connected broker.
    pub async fn kafka(&self) -> Result<KafkaVersion> {
        Ok(self.any().await?.versions().kafka())
    }

    /// The last snapshot, or a first one.
    pub async fn metadata(&self) -> Result<Arc<Metadata>> {
        let known = self.known().metadata.clone();
        match known {
            Some(metadata) => Ok(metadata),
            None => self.refresh().await,
        }
    }

    /// A new snapshot of all brokers and topics; those who ask at the same time share one request.
    pub async fn refresh(&self) -> Result<Arc<Metadata>> {
        let wanted = Instant::now();
        let _one_at_a_time = self.refreshing.lock().await;
        if let Some(fresh) = self.known().metadata.clone().filter(|known| known.read >= wanted) {
            return Ok(fresh);
        }
        let asked = Instant::now();
        let told = self.ask_any(self.deadline(), all_topics).await?;
        let metadata = Arc::new(Metadata::of(told, asked));
        self.learn(&metadata);
        Ok(metadata)
    }

    /// Asks whichever broker answers: the connected ones first, the next beside one that is silent, and once more when
    /// an idle connection turned out to be dead.
    pub async fn ask_any<R: Call>(&self, deadline: Instant, write: impl Fn(i16) -> R) -> Result<R::Reply> {
        match self.ask_around(deadline, &write).await {
            Err(error) if error.lost() => self.ask_around(deadline, &write).await,
            answer => answer,
        }
    }

    /// When nobody answers, the reason is that of whoever failed first.
    async fn ask_around<R: Call>(&self, deadline: Instant, write: &impl Fn(i16) -> R) -> Result<R::Reply> {
        let first = self.any().await?;
        let mut links = self.candidates();
        links.retain(|link| link.live().is_none_or(|live| !Arc::ptr_eq(&live, &first)));
        links.sort_by_key(|link| link.live().is_none());
        let ways = std::iter::once(Ok(first)).chain(links.into_iter().map(Err));
        let tries = ways.map(|way: Result<_, Arc<Link>>| self.ask_over(way, deadline, write)).collect();
        race(tries, SECOND_ASKED).await.map_err(|mut errors| errors.swap_remove(0))
    }

    /// Over a connection, or over a way that may have to be connected first.
    async fn ask_over<R: Call>(
        &self,
        way: Result<Arc<Connection>, Arc<Link>>,
        deadline: Instant,
        write: &impl Fn(i16) -> R,
    ) -> Result<R::Reply> {
        let connection = match way {
            Ok(connection) => connection,
            Err(link) => link.connection(CONNECT, &self.settings, &self.requests).await?.0,
        };
        connection.call_by(&write(connection.version::<R>()?), deadline).await
    }

    /// Ways to brokers that are no longer there are forgotten, and their connections end with their last user.
    fn learn(&self, metadata: &Arc<Metadata>) {
        let mut known = self.known();
        let still = |address: &Address| metadata.addresses.values().any(|a| a == address);
        known.links.retain(|address, _| self.bootstrap.contains(address) || still(address));
        known.metadata = Some(metadata.clone());
    }

    /// The shared connection to one broker, and whether it was made just now.
    async fn broker(&self, id: i32) -> Result<(Arc<Connection>, bool)> {
        let link = self.link(id)?;
        link.connection(ONE_OF_MANY, &self.settings, &self.requests).await.map_err(|error| naming(id, &link, error))
    }

    /// The version a call to this broker will be written in.
    pub async fn version<R: Call>(&self, broker: i32) -> Result<i16> {
        self.broker(broker).await?.0.version::<R>()
    }

    /// A new connection to one broker that nobody else uses, for long polls.
    pub async fn own_connection(&self, broker: i32) -> Result<Connection> {
        let link = self.link(broker)?;
        link.open(CONNECT, &self.settings, &self.requests).await.map_err(|error| naming(broker, &link, error))
    }

    /// Asks one broker; once more on a fresh connection when an idle one turned out to be dead.
    pub async fn ask<R: Call>(&self, broker: i32, request: &R, deadline: Instant) -> Result<R::Reply> {
        self.ask_with(broker, deadline, |_| request.clone()).await
    }

    /// The same, with a request written for the version that will be spoken.
    pub async fn ask_with<R: Call>(
        &self,
        broker: i32,
        deadline: Instant,
        write: impl Fn(i16) -> R,
    ) -> Result<R::Reply> {
        let (connection, fresh) = self.broker(broker).await?;
        match connection.call_by(&write(connection.version::<R>()?), deadline).await {
            Err(error) if error.lost() && !fresh => {
                let (connection, _) = self.broker(broker).await?;
                connection.call_by(&write(connection.version::<R>()?), deadline).await
            }
            answer => answer,
        }
    }

    /// Asks one broker once and never again: for what changes something, which a lost answer may hide. [`Error::sent`]
    /// tells whether the broker may have seen it.
    pub async fn tell<R: Call>(&self, broker: i32, request: &R, deadline: Instant) -> Result<R::Reply> {
        self.broker(broker).await?.0.call_by(request, deadline).await
    }

    /// The bytes of an answer, not decoded: for records, which have a parser of their own.
    pub async fn body<R: Call>(
        &self,
        broker: i32,
        deadline: Instant,
        write: impl FnOnce(i16) -> R,
    ) -> Result<bytes::Bytes> {
        let (connection, _) = self.broker(broker).await?;
        let version = connection.version::<R>()?;
        connection.body(&write(version), version, deadline).await
    }

    /// Waits until one more request for the commits of a single group may go to this broker.
    pub async fn turn(&self, broker: i32) {
        let pace = {
            let mut paces = self.paces.lock().unwrap_or_else(PoisonError::into_inner);
            paces.entry(broker).or_insert_with(|| Arc::new(Pace::new(self.settings.old_commits_per_second))).clone()
        };
        pace.turn().await;
    }

    fn link(&self, broker: i32) -> Result<Arc<Link>> {
        let mut known = self.known();
        let address = known.metadata.as_ref().and_then(|metadata| metadata.addresses.get(&broker)).cloned();
        match address {
            Some(address) => Ok(known.link(&address, || self.told(broker, &address))),
            None => Err(Error::new(format!("connecting to broker {broker}"), Cause::NoBroker)),
        }
    }

    /// A way that the cluster told us.
    fn told(&self, broker: i32, address: &Address) -> Link {
        let way = if self.bootstrap.contains(address) { Way::Confirmed } else { Way::Advertised };
        Link::new(address.clone(), format!("broker {broker} at {address}"), way)
    }

    fn links(&self) -> Vec<Arc<Link>> {
        self.known().links.values().cloned().collect()
    }

    /// What the user gave, then what the cluster told.
    fn candidates(&self) -> Vec<Arc<Link>> {
        let mut known = self.known();
        let given = self.bootstrap.iter().map(|address| (address.clone(), None));
        let told = known.metadata.iter().flat_map(|metadata| metadata.addresses.clone());
        let told =
            told.filter(|(_, address)| !self.bootstrap.contains(address)).map(|(id, address)| (address, Some(id)));
        let ways: Vec<_> = given.chain(told).collect();
        let make = |address: &Address, id: Option<i32>| match id {
            Some(id) => self.told(id, address),
            None => Link::new(address.clone(), address.to_string(), Way::Given),
        };
        ways.iter().map(|(address, id)| known.link(address, || make(address, *id))).collect()
    }

    /// A panic elsewhere cannot leave this half changed, so a poisoned lock is used all the same.
    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Topics are never asked for by name: below version 4 that may create them.
fn all_topics(version: i16) -> MetadataRequest {
    let request = MetadataRequest::default().with_topics(None);
    if version >= 4 { request.with_allow_auto_topic_creation(false) } else { request }
}

/// A link may be shared with a bootstrap address, which does not know whose it is.
fn naming(broker: i32, link: &Link, error: Error) -> Error {
    let way = if error.way == Way::Given { Way::Confirmed } else { error.way };
    Error { attempted: format!("connecting to broker {broker} at {}", link.address()), way, ..error }
}

fn nobody(errors: Vec<Error>) -> Error {
    let names: Vec<_> = errors.iter().map(|e| e.attempted.trim_start_matches("connecting to ")).collect();
    Error::new(format!("connecting to {}", names.join(", ")), Cause::Nobody(errors))
}
