//! The demo's group members: consumers of a foreign client (librdkafka), so that groups on stage behave as groups do.
//! Each lives on a thread of its own. They read and commit; they never write a record.

use rdkafka::ClientContext;
use rdkafka::config::{ClientConfig, RDKafkaLogLevel};
use rdkafka::consumer::{BaseConsumer, Consumer, ConsumerContext, Rebalance};
use rdkafka::error::{KafkaError, KafkaResult};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread;
use std::time::Duration;
use tracing::debug;

/// How long a member listens before it looks whether it shall leave.
const POLL: Duration = Duration::from_millis(200);
/// How long `stop` waits for members to leave; a coordinator that is gone can hold one for its whole session.
const LEAVE: Duration = Duration::from_secs(3);

/// One consumer.
struct Member {
    group: &'static str,
    client_id: &'static str,
    topic: &'static str,
    /// What it spends on a record.
    pace: Duration,
    /// Where it begins without a commit: `earliest` or `latest`.
    reset: &'static str,
    commits: bool,
}

impl Member {
    /// Takes what comes at once and commits it.
    const fn eager(group: &'static str, client_id: &'static str, topic: &'static str) -> Self {
        Self { group, client_id, topic, pace: Duration::ZERO, reset: "earliest", commits: true }
    }

    const fn slow(self, pace_ms: u64) -> Self {
        Self { pace: Duration::from_millis(pace_ms), ..self }
    }

    /// Reads, yet never commits.
    const fn silent(self) -> Self {
        Self { commits: false, ..self }
    }

    const fn latest(self) -> Self {
        Self { reset: "latest", ..self }
    }
}

/// Which members there are. `stuck-parser` rests on its seeded commit because it never commits past it.
const MEMBERS: [Member; 8] = [
    Member::eager("billing", "billing-0", "orders"),
    Member::eager("billing", "billing-1", "orders"),
    Member::eager("analytics", "analytics-0", "orders").slow(100),
    Member::eager("catching-up", "catching-up-0", "orders").slow(25),
    Member::eager("mailer", "mailer-0", "payments"),
    Member::eager("stuck-parser", "stuck-parser-0", "orders.dlq").silent(),
    Member::eager("fresh", "fresh-0", "tweets").silent().latest(),
    Member::eager("test1", "spark-executor-test1", "tweets").silent().latest(),
];

/// The running members. Dropping it tells them to leave without waiting.
pub struct Members {
    /// Dropped to tell the threads to end.
    leave: Vec<Sender<()>>,
    /// Closes when the last thread has ended.
    left: tokio::sync::mpsc::Receiver<()>,
}

impl Members {
    /// Starts all members; they join their groups within a second or two. When `moving` is false, those that are
    /// behind stay where they are: a cluster without traffic is the same at every look.
    pub fn start(bootstrap: &str, moving: bool) -> Self {
        let (gone, left) = tokio::sync::mpsc::channel(1);
        let mut leave = Vec::new();
        for member in &MEMBERS {
            let (sender, told) = mpsc::channel();
            let (bootstrap, gone) = (bootstrap.to_owned(), gone.clone());
            let name = format!("member {}", member.client_id);
            let thread = thread::Builder::new().name(name).spawn(move || {
                live(member, &bootstrap, moving, &told);
                drop(gone);
            });
            match thread {
                Ok(_) => leave.push(sender),
                Err(why) => debug!("{} has no thread: {why}", member.client_id),
            }
        }
        Self { leave, left }
    }

    /// Nobody, as after `stop`.
    #[cfg(test)]
    pub fn none() -> Self {
        Self { leave: Vec::new(), left: tokio::sync::mpsc::channel(1).1 }
    }

    /// Lets all members leave their groups; waits for them no longer than a few seconds.
    pub async fn stop(mut self) {
        self.leave.clear();
        if tokio::time::timeout(LEAVE, self.left.recv()).await.is_err() {
            debug!("some members did not leave their groups in {LEAVE:?}");
        }
    }
}

/// The whole life of a member, from joining to leaving.
fn live(member: &Member, bootstrap: &str, moving: bool, told: &Receiver<()>) {
    let paused = !moving && !member.pace.is_zero();
    match join(member, bootstrap, Quiet { paused }) {
        Ok(consumer) => read(&consumer, member.pace, told),
        Err(why) => debug!("{} could not begin: {why}", member.client_id),
    }
}

fn join(member: &Member, bootstrap: &str, context: Quiet) -> KafkaResult<BaseConsumer<Quiet>> {
    let consumer: BaseConsumer<Quiet> = config(member, bootstrap).create_with_context(context)?;
    consumer.subscribe(&[member.topic])?;
    Ok(consumer)
}

fn read(consumer: &BaseConsumer<Quiet>, pace: Duration, told: &Receiver<()>) {
    let mut wait = Duration::ZERO;
    while told.recv_timeout(wait) == Err(RecvTimeoutError::Timeout) {
        wait = match consumer.poll(POLL) {
            Some(Ok(record)) => {
                let stored = consumer.store_offset_from_message(&record);
                stored.unwrap_or_else(|why| debug!("a member lost the partition it reads: {why}"));
                pace
            }
            Some(Err(why)) => {
                debug!("a member cannot read: {why}");
                POLL
            }
            None => Duration::ZERO,
        };
    }
}

fn config(member: &Member, bootstrap: &str) -> ClientConfig {
    let mut config = ClientConfig::new();
    config
        .set("bootstrap.servers", bootstrap)
        .set("group.id", member.group)
        .set("client.id", member.client_id)
        .set("auto.offset.reset", member.reset)
        .set("isolation.level", "read_committed") // the library's default; `mailer` shows it
        .set("enable.auto.commit", member.commits.to_string())
        .set("enable.auto.offset.store", "false") // else what is thrown away while leaving counts as read
        .set("auto.commit.interval.ms", "250")
        .set("allow.auto.create.topics", "false")
        .set("enable.metrics.push", "false")
        .set("heartbeat.interval.ms", "1000") // the second member is let in within a second
        .set("session.timeout.ms", "10000")
        .set("queued.min.messages", "200") // members wait rather than hoard: memory
        .set("queued.max.messages.kbytes", "1024");
    config
}

/// Takes what the library would print; stderr belongs to the program.
struct Quiet {
    /// Whether the member only attends and takes no record.
    paused: bool,
}

impl ClientContext for Quiet {
    fn log(&self, level: RDKafkaLogLevel, facility: &str, text: &str) {
        debug!("member, level {level:?}, {facility}: {text}");
    }

    fn error(&self, error: KafkaError, reason: &str) {
        debug!("member: {error}: {reason}");
    }
}

impl ConsumerContext for Quiet {
    fn post_rebalance(&self, consumer: &BaseConsumer<Self>, rebalance: &Rebalance<'_>) {
        if let (true, Rebalance::Assign(partitions)) = (self.paused, rebalance) {
            consumer.pause(partitions).unwrap_or_else(|why| debug!("a member could not pause: {why}"));
        }
    }
}
