//! The cluster from outside: start, stop, fault. Its life ends with the value.

use crate::broker::{self, Running};
use crate::dispatch::Shared;
use crate::force::Force;
use crate::requests::RequestSeen;
use crate::state::{Broker, State};
use kafka_protocol::messages::ApiKey;
use std::collections::BTreeMap;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::task::AbortHandle;
use tokio::time::Instant;

/// How often members' sessions and rebalances are looked at.
const TICK: Duration = Duration::from_millis(50);

/// What a cluster is started with.
#[derive(Debug, Clone)]
pub struct Setup {
    /// Brokers, with ids from 1 on; at least 1.
    pub brokers: u16,
    /// The first broker's port, the others have the next ones; `None` or 0 lets the system choose.
    pub port: Option<u16>,
    /// What clients are told; topic ids follow from it, so that two runs are alike.
    pub cluster_id: String,
    /// Whether a client that asks for an unknown topic gets one, as with `auto.create.topics.enable`.
    pub auto_create: bool,
    /// Bytes of records that the cluster holds at most; more is refused with POLICY_VIOLATION.
    pub memory: usize,
}

impl Default for Setup {
    fn default() -> Self {
        Self { brokers: 3, port: None, cluster_id: "demo-cluster".into(), auto_create: false, memory: 512 << 20 }
    }
}

/// A Kafka cluster in this process, on the loopback interface, in memory. Dropping it ends everything.
///
/// It must be started, stopped and dropped inside a tokio runtime with I/O and time. The other functions only need the
/// value. Nothing here blocks longer than it takes to look at the state.
#[derive(Debug)]
pub struct Cluster {
    pub(crate) shared: Shared,
    running: Mutex<BTreeMap<i32, Running>>,
    ticker: AbortHandle,
}

impl Cluster {
    /// Starts the brokers; they answer when this returns. Fails when a port is taken.
    pub async fn start(setup: Setup) -> io::Result<Self> {
        let mut state = State::new(setup.cluster_id, setup.auto_create, setup.memory);
        let mut listeners = Vec::new();
        for n in 0..setup.brokers.max(1) {
            let port = setup.port.filter(|first| *first > 0).map_or(0, |first| first.saturating_add(n));
            let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
            let (id, address) = (i32::from(n) + 1, listener.local_addr()?);
            state.brokers.insert(id, Broker { address, live: true });
            listeners.push((id, listener));
        }
        let shared = Shared::new(state);
        let running = listeners.into_iter().map(|(id, l)| (id, broker::run(shared.clone(), l, id))).collect();
        let ticker = tokio::spawn(tick(shared.clone())).abort_handle();
        Ok(Self { shared, running: Mutex::new(running), ticker })
    }

    /// `host:port,host:port,…` of all brokers, also of stopped ones.
    pub fn bootstrap(&self) -> String {
        let state = self.shared.lock();
        state.brokers.values().map(|b| b.address.to_string()).collect::<Vec<_>>().join(",")
    }

    /// Where one broker listens.
    pub fn address(&self, broker: i32) -> Option<SocketAddr> {
        self.shared.lock().brokers.get(&broker).map(|b| b.address)
    }

    /// Closes the broker's port and its connections. What it led moves to the next live replica, or to nobody; its groups
    /// move to the next live broker.
    pub async fn stop_broker(&self, id: i32) {
        self.stop(id, true).await;
    }

    /// The same, but nobody takes over what it led.
    pub async fn stop_broker_leaderless(&self, id: i32) {
        self.stop(id, false).await;
    }

    async fn stop(&self, id: i32, moves: bool) {
        self.shared.lock().broker_down(id, moves);
        let running = self.running().remove(&id);
        if let Some(running) = running {
            running.stop().await;
        }
    }

    /// Starts a stopped broker on the port it had. Partitions that nobody leads come back to it; others stay where they are.
    pub async fn restart_broker(&self, id: i32) -> io::Result<()> {
        let address = self.address(id).ok_or_else(|| io::Error::other(format!("There is no broker {id}.")))?;
        if self.running().contains_key(&id) {
            return Ok(());
        }
        let listener = TcpListener::bind(address).await?;
        self.shared.lock().broker_up(id);
        self.running().insert(id, broker::run(self.shared.clone(), listener, id));
        Ok(())
    }

    /// Forces answers from now on. The first fault that fits a request is used.
    pub fn force(&self, force: Force) {
        let mut state = self.shared.lock();
        state.forces.add(force);
        state.changed.notify_waiters();
    }

    /// Forgets all forced answers.
    pub fn unforce(&self) {
        self.shared.lock().forces.clear();
    }

    /// The requests since the start or since `clear_requests`, oldest first; the last 65,536 of them.
    pub fn requests(&self) -> Vec<RequestSeen> {
        self.shared.lock().requests.all()
    }

    /// Forgets the requests seen so far.
    pub fn clear_requests(&self) {
        self.shared.lock().requests.clear();
    }

    /// Waits until such a request is among `requests()`: it has come, its answer may be on the way.
    pub async fn asked(&self, api: ApiKey) {
        loop {
            let mut woken = std::pin::pin!(self.shared.asked.notified());
            woken.as_mut().enable();
            if self.shared.lock().requests.has(api) {
                return;
            }
            woken.await;
        }
    }

    /// Ends all brokers and waits until their ports and connections are closed.
    pub async fn shutdown(self) {
        let all = std::mem::take(&mut *self.running());
        for running in all.into_values() {
            running.stop().await;
        }
    }

    fn running(&self) -> MutexGuard<'_, BTreeMap<i32, Running>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        self.ticker.abort();
    }
}

async fn tick(shared: Shared) {
    let mut interval = tokio::time::interval(TICK);
    loop {
        interval.tick().await;
        shared.lock().tick(Instant::now());
    }
}
