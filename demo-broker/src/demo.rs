//! The demo as a whole: a cluster, its fixed part, its members, its traffic; and how it runs as a child process.

use crate::data::{self, GroupSeed, TopicSeed};
use crate::follower;
use crate::members::Members;
use crate::traffic::{self, Rates};
use crate::{Cluster, Setup, TopicSpec};
use anyhow::Context;
use std::io::{self, Write};
use std::sync::Arc;
use std::thread;
use tokio::sync::oneshot;
use tokio::task::JoinSet;

/// What a demo is started with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// The first broker's port, the others follow it; the system chooses when `None`.
    pub port: Option<u16>,
    /// Orders a second; other live topics keep their share. 0: nothing moves. The members of groups that are behind attend
    /// without reading, `assign-reader` does not commit and `rebalancer` keeps both members, so that every number and
    /// state is the same at every look.
    pub rate: u32,
    /// The same seed gives the same records, offsets and timestamps in the fixed part.
    pub seed: u64,
    /// Records a second for the topic `fast`.
    pub fast: u32,
}

impl Default for Options {
    fn default() -> Self {
        Self { port: None, rate: 20, seed: 1, fast: 0 }
    }
}

/// A running demo cluster. Dropping it ends the cluster at once; `stop` lets the members leave first.
pub struct Demo {
    cluster: Arc<Cluster>,
    members: Members,
    /// Ends with the set.
    traffic: JoinSet<()>,
}

impl Demo {
    /// Starts the cluster and returns when the fixed part is in; members join within the next seconds.
    ///
    /// # Errors
    /// When a port is taken, or the cluster refuses a part of the data.
    pub async fn start(options: Options) -> anyhow::Result<Self> {
        let setup = Setup { port: options.port, ..Setup::default() };
        let cluster = Arc::new(Cluster::start(setup).await.with_context(|| not_listening(options.port))?);
        install(&cluster, options.seed)?;
        let rates = Rates { orders: options.rate, fast: options.fast };
        let members = Members::start(&cluster.bootstrap(), options.rate > 0);
        let mut traffic = JoinSet::new();
        traffic.spawn(traffic::run(cluster.clone(), options.seed, rates));
        if options.rate > 0 {
            traffic.spawn(follower::run(cluster.clone()));
        }
        Ok(Self { cluster, members, traffic })
    }

    /// The addresses of all brokers, comma between them.
    pub fn bootstrap(&self) -> String {
        self.cluster.bootstrap()
    }

    /// The cluster under the demo, to look into it or to force a fault.
    pub fn cluster(&self) -> &Cluster {
        &self.cluster
    }

    /// Ends the traffic, lets the members leave, ends the brokers.
    pub async fn stop(mut self) {
        self.traffic.shutdown().await;
        self.members.stop().await;
        if let Some(cluster) = Arc::into_inner(self.cluster) {
            cluster.shutdown().await;
        }
    }
}

fn not_listening(port: Option<u16>) -> String {
    let Some(first) = port else { return "the demo's brokers could not listen on this computer".into() };
    let last = first.saturating_add(2);
    format!("the demo's brokers could not listen on the ports {first} to {last}; choose another --port, or none")
}

fn install(cluster: &Cluster, seed: u64) -> anyhow::Result<()> {
    let topics = data::topics(seed);
    for topic in &topics {
        fill(cluster, topic).with_context(|| format!("the demo's topic {} could not be filled", topic.name))?;
    }
    for group in data::groups(&topics) {
        commit(cluster, &group).with_context(|| format!("the demo's group {} could not be set", group.group))?;
    }
    Ok(())
}

pub(crate) fn fill(cluster: &Cluster, topic: &TopicSeed) -> anyhow::Result<()> {
    let spec = TopicSpec::new(topic.partitions.len() as i32).replication(topic.replication);
    let spec = topic.configs.iter().fold(spec, |spec, (name, value)| spec.config(*name, value));
    cluster.create_topic(topic.name, &spec)?;
    for (partition, base, batch) in topic.batches() {
        cluster.skip_to(topic.name, partition as i32, base)?;
        cluster.append(topic.name, partition as i32, batch?)?;
    }
    for partition in 0..topic.partitions.len() {
        cluster.skip_to(topic.name, partition as i32, topic.end(partition))?;
        cluster.delete_records_before(topic.name, partition as i32, topic.deleted_before)?;
    }
    Ok(())
}

fn commit(cluster: &Cluster, seed: &GroupSeed) -> anyhow::Result<()> {
    cluster.create_group(seed.group)?;
    for (partition, offset) in &seed.commits {
        cluster.commit(seed.group, seed.topic, *partition as i32, *offset, seed.metadata)?;
    }
    Ok(())
}

/// When `serve` ends, besides Ctrl-C and SIGTERM.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Until {
    /// When stdin closes: the child of a screen ends with it, also when the screen is killed.
    StdinCloses,
    /// Never.
    Signal,
}

/// Runs a demo as a process of its own: writes `bootstrap HOST:PORT,HOST:PORT,HOST:PORT` to `out` once it is ready and
/// returns when it is told to end.
///
/// # Errors
/// Those of `Demo::start`, and when `out` cannot be written to.
pub async fn serve(options: Options, until: Until, out: &mut (dyn Write + Send)) -> anyhow::Result<()> {
    // Before the line: who reads it may ask for the end at once.
    let asked = asked_to_end().context("the demo cannot listen for Ctrl-C")?;
    let demo = Demo::start(options).await?;
    writeln!(out, "bootstrap {}", demo.bootstrap())
        .and_then(|()| out.flush())
        .context("nobody takes the demo's address")?;
    tokio::select! {
        () = stdin_closes(), if until == Until::StdinCloses => {}
        () = asked => {}
    }
    demo.stop().await;
    Ok(())
}

/// Reads on a thread that nobody waits for: a runtime would wait for its own blocking read at the end.
async fn stdin_closes() {
    let (closed, wait) = oneshot::channel();
    thread::spawn(move || {
        let _ = io::copy(&mut io::stdin(), &mut io::sink());
        let _ = closed.send(());
    });
    let _ = wait.await;
}

/// Listens from the call on, not only from the first poll.
#[cfg(unix)]
fn asked_to_end() -> io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

#[cfg(windows)]
fn asked_to_end() -> io::Result<impl Future<Output = ()>> {
    let mut interrupt = tokio::signal::windows::ctrl_c()?;
    Ok(async move {
        interrupt.recv().await;
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::{Duration, Instant};

    fn committed(demo: &Demo, group: &str) -> i64 {
        (0..6).filter_map(|partition| demo.cluster().committed(group, "orders", partition)).sum()
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_port_that_is_taken_is_named_with_the_way_out() {
        let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let port = taken.local_addr().unwrap().port();
        let refused = Demo::start(Options { port: Some(port), ..Options::default() }).await.err().unwrap();
        assert!(format!("{refused:#}").contains(&format!("{port} to")), "{refused:#}");
        assert!(refused.to_string().contains("--port"), "{refused}");
    }

    /// librdkafka's Rust wrapper throws away what it has fetched when it leaves; with offsets stored on delivery those
    /// records counted as read, and a group that is 300 behind came to the end by leaving.
    #[tokio::test(flavor = "multi_thread")]
    async fn a_slow_member_that_leaves_has_committed_only_what_it_read() {
        let began = Instant::now();
        let mut demo = Demo::start(Options { rate: 1, ..Options::default() }).await.unwrap();
        while committed(&demo, "analytics") <= 900 {
            assert!(began.elapsed() < Duration::from_secs(30), "analytics never committed");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        std::mem::replace(&mut demo.members, Members::none()).stop().await;
        let read = committed(&demo, "analytics") - 900;
        assert!(read as u128 <= began.elapsed().as_millis() / 100 + 1, "{read} records in {:?}", began.elapsed());
        demo.stop().await;
    }
}
