//! The demo's group members: consumers of a foreign client (librdkafka), so that groups on stage behave as groups do.
//! Each lives on a thread of its own. They read and commit; they never write a record.

use rdkafka::ClientContext;
use rdkafka::TopicPartitionList;
use rdkafka::config::{ClientConfig, RDKafkaLogLevel};
use rdkafka::consumer::{BaseConsumer, Consumer, ConsumerContext, Rebalance};
use rdkafka::error::{KafkaError, KafkaResult};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread;
use std::time::{Duration, Instant};
use tracing::debug;

/// How long a member listens before it looks whether it shall leave.
const POLL: Duration = Duration::from_millis(200);
/// How long a member that is slow to hand over takes for it: a look every two seconds sees the group rebalance.
const HANDOVER: Duration = Duration::from_secs(3);
/// While it hands over it looks so often whether it shall leave.
const GLANCE: Duration = Duration::from_millis(50);
/// A member that works in shifts is in its group for so long, then away for as long.
const SHIFT: Duration = Duration::from_secs(10);

/// Records after which a slow member turns to its next partition.
const TURN: usize = 40;
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
    /// The name of a static member (KIP-345).
    instance: Option<&'static str>,
    /// What it spends before it gives its partitions away.
    handover: Duration,
    /// How long it stays before it leaves and is away for as long; for ever when `None`.
    shift: Option<Duration>,
}

impl Member {
    /// Takes what comes at once and commits it.
    const fn eager(group: &'static str, client_id: &'static str, topic: &'static str) -> Self {
        Self {
            group,
            client_id,
            topic,
            pace: Duration::ZERO,
            reset: "earliest",
            commits: true,
            instance: None,
            handover: Duration::ZERO,
            shift: None,
        }
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

    const fn named(self, instance: &'static str) -> Self {
        Self { instance: Some(instance), ..self }
    }

    /// Holds up every rebalance, as a member does that finishes its work first.
    const fn slow_to_hand_over(self) -> Self {
        Self { handover: HANDOVER, ..self }
    }

    /// Leaves and comes back, again and again.
    const fn in_shifts(self) -> Self {
        Self { shift: Some(SHIFT), ..self }
    }
}

/// A slow member fetches no more of a partition than this at a time, so that it reads its partitions in turns of seconds.
const SIP: &str = "2048";
/// And no more ahead than this: a record that waits keeps its partition from being fetched again.
const WAITING: &str = "1";
/// The library looks so often whether it may fetch again.
const LOOKS: &str = "50";

/// Which members there are. `stuck-parser` rests on its seeded commit because it never commits past it.
const MEMBERS: [Member; 11] = [
    Member::eager("billing", "billing-0", "orders"),
    Member::eager("billing", "billing-1", "orders"),
    Member::eager("analytics", "analytics-0", "orders").slow(100),
    Member::eager("catching-up", "catching-up-0", "orders").slow(25),
    Member::eager("mailer", "mailer-0", "payments"),
    Member::eager("stuck-parser", "stuck-parser-0", "orders.dlq").silent(),
    Member::eager("fresh", "fresh-0", "tweets").silent().latest(),
    Member::eager("test1", "spark-executor-test1", "tweets").silent().latest(),
    Member::eager("connect-orders-sink", "connector-consumer-orders-sink-0", "orders").named("sink-1"),
    Member::eager("rebalancer", "rebalancer-0", "test").slow_to_hand_over(),
    Member::eager("rebalancer", "rebalancer-1", "test").in_shifts(),
];

/// The running members. Dropping it tells them to leave without waiting.
pub struct Members {
    /// Dropped to tell the threads to end.
    leave: Vec<Sender<()>>,
    /// The same for a member that is busy handing over.
    leaving: Leaving,
    /// Closes when the last thread has ended.
    left: tokio::sync::mpsc::Receiver<()>,
}

/// Whether all members are to leave: set once.
type Leaving = Arc<AtomicBool>;

impl Members {
    /// Starts all members; they join their groups within a second or two. When `moving` is false, those that are
    /// behind stay where they are, and nobody works in shifts or is slow to hand over: a cluster without traffic is the
    /// same at every look.
    pub fn start(bootstrap: &str, moving: bool) -> Self {
        let (gone, left) = tokio::sync::mpsc::channel(1);
        let (mut leave, leaving) = (Vec::new(), Leaving::default());
        for member in &MEMBERS {
            let (sender, told) = mpsc::channel();
            let life = Life { member, bootstrap: bootstrap.to_owned(), moving, leaving: leaving.clone() };
            let (name, gone) = (format!("member {}", member.client_id), gone.clone());
            let thread = thread::Builder::new().name(name).spawn(move || {
                life.live(&told);
                drop(gone);
            });
            match thread {
                Ok(_) => leave.push(sender),
                Err(why) => debug!("{} has no thread: {why}", member.client_id),
            }
        }
        Self { leave, leaving, left }
    }

    /// Nobody, as after `stop`.
    #[cfg(test)]
    pub fn none() -> Self {
        Self { leave: Vec::new(), leaving: Leaving::default(), left: tokio::sync::mpsc::channel(1).1 }
    }

    /// Lets all members leave their groups; waits for them no longer than a few seconds.
    pub async fn stop(mut self) {
        self.leaving.store(true, Ordering::Relaxed);
        self.leave.clear();
        if tokio::time::timeout(LEAVE, self.left.recv()).await.is_err() {
            debug!("some members did not leave their groups in {LEAVE:?}");
        }
    }
}

impl Drop for Members {
    fn drop(&mut self) {
        self.leaving.store(true, Ordering::Relaxed);
    }
}

/// The whole life of a member, from its first joining to its last leaving.
struct Life {
    member: &'static Member,
    bootstrap: String,
    moving: bool,
    leaving: Leaving,
}

impl Life {
    fn live(&self, told: &Receiver<()>) {
        let shift = self.member.shift.filter(|_| self.moving);
        loop {
            match self.join() {
                Ok(consumer) => read(&consumer, self.slow(), shift, told),
                Err(why) => return debug!("{} could not begin: {why}", self.member.client_id),
            }
            let Some(away) = shift else { return };
            if told.recv_timeout(away) != Err(RecvTimeoutError::Timeout) {
                return;
            }
        }
    }

    /// Those that attend without reading have no turns.
    fn slow(&self) -> Option<Duration> {
        Some(self.member.pace).filter(|pace| self.moving && !pace.is_zero())
    }

    fn join(&self) -> KafkaResult<BaseConsumer<Quiet>> {
        let paused = !self.moving && !self.member.pace.is_zero();
        let handover = if self.moving { self.member.handover } else { Duration::ZERO };
        let quiet = Quiet { paused, handover, leaving: self.leaving.clone() };
        let consumer: BaseConsumer<Quiet> = config(self.member, &self.bootstrap).create_with_context(quiet)?;
        consumer.subscribe(&[self.member.topic])?;
        Ok(consumer)
    }
}

/// Reads until it is told to leave, or until its shift ends. `slow`: what it spends on a record, and its turns with it.
fn read(consumer: &BaseConsumer<Quiet>, slow: Option<Duration>, shift: Option<Duration>, told: &Receiver<()>) {
    let (began, mut wait, mut seen) = (Instant::now(), Duration::ZERO, 0);
    while shift.is_none_or(|shift| began.elapsed() < shift) && told.recv_timeout(wait) == Err(RecvTimeoutError::Timeout)
    {
        let answer = consumer.poll(POLL);
        if slow.is_some() {
            let turned = match &answer {
                None => hear_all(consumer),
                Some(Ok(_)) if seen % TURN == 0 => turn(consumer, seen / TURN),
                Some(_) => Ok(()),
            };
            turned.unwrap_or_else(|why| debug!("a member could not turn: {why}"));
        }
        wait = match answer {
            Some(Ok(record)) => {
                let stored = consumer.store_offset_from_message(&record);
                stored.unwrap_or_else(|why| debug!("a member lost the partition it reads: {why}"));
                seen += 1;
                slow.unwrap_or_default()
            }
            Some(Err(why)) => {
                debug!("a member cannot read: {why}");
                POLL
            }
            None => Duration::ZERO,
        };
    }
}

fn hear_all(consumer: &BaseConsumer<Quiet>) -> KafkaResult<()> {
    consumer.resume(&consumer.assignment()?)
}

/// Lets the next of its partitions speak and no other: the library would empty one before it turns to the next, and a
/// slow reader would never come to the others.
fn turn(consumer: &BaseConsumer<Quiet>, turns: usize) -> KafkaResult<()> {
    let mine = consumer.assignment()?;
    let Some(next) = turns.checked_rem(mine.count()).and_then(|at| mine.elements().get(at).map(|it| it.partition()))
    else {
        return Ok(());
    };
    let (mut one, mut others) = (TopicPartitionList::new(), TopicPartitionList::new());
    for it in mine.elements() {
        if it.partition() == next { &mut one } else { &mut others }.add_partition(it.topic(), it.partition());
    }
    consumer.pause(&others)?;
    consumer.resume(&one)
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
    if !member.pace.is_zero() {
        config
            .set("queued.min.messages", WAITING)
            .set("fetch.message.max.bytes", SIP)
            .set("fetch.queue.backoff.ms", LOOKS);
    }
    if let Some(instance) = member.instance {
        config.set("group.instance.id", instance);
    }
    config
}

/// Takes what the library would print; stderr belongs to the program.
struct Quiet {
    /// Whether the member only attends and takes no record.
    paused: bool,
    handover: Duration,
    leaving: Leaving,
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
    /// The group waits in PreparingRebalance for whoever is in here; heartbeats go on.
    fn pre_rebalance(&self, _: &BaseConsumer<Self>, rebalance: &Rebalance<'_>) {
        let began = Instant::now();
        while matches!(rebalance, Rebalance::Revoke(_))
            && began.elapsed() < self.handover
            && !self.leaving.load(Ordering::Relaxed)
        {
            thread::sleep(GLANCE);
        }
    }

    fn post_rebalance(&self, consumer: &BaseConsumer<Self>, rebalance: &Rebalance<'_>) {
        if let (true, Rebalance::Assign(partitions)) = (self.paused, rebalance) {
            consumer.pause(partitions).unwrap_or_else(|why| debug!("a member could not pause: {why}"));
        }
    }
}
