//! Readers of many brokers as one stream of news. Gives each partition to its leader's reader, takes back what fails,
//! and tries again after a pause; one partition that fails does not hold up the others.
use super::{
    decoder::{Style, Want, Work},
    decoders::{self, Decoders},
    fetcher::{Fetcher, Manner, Part, Trouble},
    news::News,
    reader::{Back, Reader},
    size::{START, START_LEAST},
    trouble,
};
use crate::{
    failure::Failure,
    filter::Filter,
    kafka::wire::{Cause, Cluster, Error, Metadata},
    topic::TopicName,
};
use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};
use tokio::{
    sync::mpsc,
    task::JoinSet,
    time::{Duration, Instant, sleep_until},
};

/// Answers that wait for a decoder.
const WORK: usize = 1;
/// Partitions that wait for one reader; more wait here.
const INBOX: usize = 4096;
/// Words of readers that wait to be heard.
const BACK: usize = 16;
/// Pauses between tries: the first, and the longest, so that a broker that comes back is seen at once.
const FIRST_PAUSE: Duration = Duration::from_millis(50);
const LONGEST_PAUSE: Duration = Duration::from_secs(1);
/// Cuts in the middle of answers, in a row, before the pauses grow: a broker that answers is not down.
const CUTS: u32 = 20;
/// And where a broker sends what leads nowhere: only a change of its log helps.
const HOPELESS_PAUSE: Duration = Duration::from_secs(30);
/// Bytes that the answers of all brokers together may grow to over long ways.
const BUDGET: usize = 64 << 20;
/// The same where one broker is read from alone, so that one partition may reach the 16 MiB that fill a way of 20 ms.
const BUDGET_ALONE: usize = 160 << 20;
/// Bytes that one answer may grow to.
const ANSWER_MOST: usize = 32 << 20;
/// Answers in memory at a time: for each broker the one that comes and the one that is handed over; those that wait;
/// for each decoder one more that waits, the one being decoded and the one whose records wait for their taker.
const fn answers(readers: usize, decoders: usize) -> usize {
    2 * readers + WORK + 3 * decoders
}

/// What to read.
#[derive(Debug, Clone)]
pub struct Plan {
    pub topics: Arc<[TopicName]>,
    pub parts: Vec<Part>,
    pub committed: bool,
    pub want: Want,
    /// How long a broker may wait for the first record of an answer.
    pub max_wait: Duration,
    /// See [`Style::own`].
    pub own: bool,
    /// See [`Style::filter`].
    pub filter: Option<Filter>,
    /// Failures in a row after which a partition is given up; `None` = never.
    pub give_up_after: Option<u32>,
    /// Go on without partitions: more may be added.
    pub stays_open: bool,
}

/// A running read. Dropping it ends everything that belongs to it.
#[derive(Debug)]
pub struct Stream {
    news: Decoders,
    more: mpsc::Sender<Part>,
    _tasks: JoinSet<()>,
}

impl Stream {
    /// Must be called inside a runtime.
    pub fn open(cluster: Arc<Cluster>, plan: Plan) -> Self {
        let (work, todo) = mpsc::channel(WORK);
        let (more, added) = mpsc::channel(INBOX);
        let style = Style { want: plan.want, committed: plan.committed, own: plan.own, filter: plan.filter.clone() };
        let threads = decoders::threads(&style);
        let mut tasks = JoinSet::new();
        let news = Decoders::start(&style, threads, todo, &mut tasks);
        tasks.spawn(Dispatch::new(cluster, plan, work, threads).run(added));
        Self { news, more, _tasks: tasks }
    }

    /// `None` when every partition came to its stop or was given up.
    pub async fn next(&mut self) -> Option<News> {
        self.news.next().await
    }

    /// One more partition, for plans that stay open.
    pub async fn add(&self, part: Part) {
        let _ = self.more.send(part).await;
    }
}

/// How a partition failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// As a moved leader or a restart brings it: worth a word only when it lasts.
    Passing,
    /// In the middle of an answer; as passing.
    Cut,
    /// The topic is not there.
    Gone,
    Lasting,
}

/// Who reads what.
struct Dispatch {
    cluster: Arc<Cluster>,
    plan: Plan,
    /// Threads that decode.
    threads: usize,
    waiting: Vec<(Instant, Part)>,
    /// Partitions not at their stop.
    open: usize,
    inboxes: HashMap<i32, mpsc::Sender<Part>>,
    /// All that were ever read from: they share the budget.
    brokers: HashSet<i32>,
    /// Bytes to begin with at brokers that were too slow for more.
    slow: HashMap<i32, i32>,
    readers: JoinSet<()>,
    work: mpsc::Sender<Work>,
    back: mpsc::Sender<Back>,
    heard: mpsc::Receiver<Back>,
}

impl Dispatch {
    fn new(cluster: Arc<Cluster>, mut plan: Plan, work: mpsc::Sender<Work>, threads: usize) -> Self {
        let (back, heard) = mpsc::channel(BACK);
        let now = Instant::now();
        let waiting: Vec<_> = std::mem::take(&mut plan.parts).into_iter().map(|part| (now, part)).collect();
        let open = waiting.len();
        let (inboxes, brokers, slow) = (HashMap::new(), HashSet::new(), HashMap::new());
        Self {
            cluster,
            plan,
            threads,
            waiting,
            open,
            inboxes,
            brokers,
            slow,
            readers: JoinSet::new(),
            work,
            back,
            heard,
        }
    }

    async fn run(mut self, mut added: mpsc::Receiver<Part>) {
        while self.open > 0 || self.plan.stays_open {
            self.place().await;
            let due = self.waiting.iter().map(|(due, _)| *due).min();
            tokio::select! {
                Some(back) = self.heard.recv() => self.hear(back).await,
                Some(part) = added.recv() => {
                    self.open += 1;
                    self.waiting.push((Instant::now(), part));
                }
                () = sleep_until(due.unwrap_or_else(Instant::now)), if due.is_some() => {}
                Some(_) = self.readers.join_next() => {}
            }
        }
    }

    /// Gives what is due to the readers of its leaders.
    async fn place(&mut self) {
        let now = Instant::now();
        let (due, waiting): (Vec<_>, Vec<_>) =
            std::mem::take(&mut self.waiting).into_iter().partition(|(at, _)| *at <= now);
        self.waiting = waiting;
        if due.is_empty() {
            return;
        }
        let again = due.iter().any(|(_, part)| part.attempts > 0);
        match if again { self.cluster.refresh().await } else { self.cluster.metadata().await } {
            Ok(metadata) => {
                let leader = |part: &Part| trouble::leader(&metadata, &self.plan.topics[part.topic], part.id).ok();
                self.brokers.extend(due.iter().filter_map(|(_, part)| leader(part)).map(|(broker, _)| broker));
                for (_, part) in due {
                    self.give(&metadata, part).await;
                }
            }
            Err(error) => {
                for (_, part) in due {
                    self.failed(part, error.clone(), true).await;
                }
            }
        }
    }

    async fn give(&mut self, metadata: &Metadata, mut part: Part) {
        let topic = self.plan.topics[part.topic].clone();
        match trouble::leader(metadata, &topic, part.id) {
            Ok((leader, epoch)) => {
                part.leader_epoch = epoch;
                let inbox = self.inbox(leader);
                if let Err(refused) = inbox.try_send(part) {
                    self.inboxes.remove(&leader);
                    self.waiting.push((Instant::now() + FIRST_PAUSE, refused.into_inner()));
                }
            }
            Err(error) => self.failed(part, error, true).await,
        }
    }

    fn inbox(&mut self, broker: i32) -> mpsc::Sender<Part> {
        if let Some(inbox) = self.inboxes.get(&broker).filter(|inbox| !inbox.is_closed()) {
            return inbox.clone();
        }
        let (sender, inbox) = mpsc::channel(INBOX);
        let budget = if self.brokers.len() == 1 { BUDGET_ALONE } else { BUDGET };
        let budget = (budget / answers(self.brokers.len(), self.threads)).min(ANSWER_MOST) as i32;
        let start = self.slow.get(&broker).copied().unwrap_or(START);
        let manner = Manner { committed: self.plan.committed, max_wait: self.plan.max_wait, start, budget };
        let reader = Reader {
            cluster: self.cluster.clone(),
            broker,
            topics: self.plan.topics.clone(),
            fetcher: Fetcher::new(self.plan.topics.clone(), manner),
            inbox,
            work: self.work.clone(),
            back: self.back.clone(),
        };
        self.readers.spawn(reader.run());
        self.inboxes.insert(broker, sender.clone());
        sender
    }

    async fn hear(&mut self, back: Back) {
        match back {
            Back::Ended(parts) => self.open = self.open.saturating_sub(parts),
            Back::Lost(lost) => {
                for (part, why) in lost {
                    self.lost(part, why).await;
                }
            }
            Back::Broken { broker, parts, error } => {
                self.inboxes.remove(&broker);
                if matches!(error.cause, Cause::Late(_)) {
                    let start = self.slow.entry(broker).or_insert(START);
                    *start = (*start / 2).max(START_LEAST);
                }
                for part in parts {
                    self.failed(part, error.clone(), true).await;
                }
            }
        }
    }

    async fn lost(&mut self, mut part: Part, why: Trouble) {
        let topic = self.plan.topics[part.topic].clone();
        match why {
            Trouble::Code(trouble::OUT_OF_RANGE) => match trouble::bounds(&self.cluster, &topic, part.id).await {
                Ok(bounds) => {
                    let (from, to) = (part.position, trouble::resume(part.position, bounds));
                    part.position = to;
                    self.say(News::StartMoved { topic, partition: part.id, from, to }).await;
                    self.waiting.push((Instant::now(), part));
                }
                Err(failure) => self.told(part, failure, Kind::Lasting).await,
            },
            Trouble::Code(code) => {
                let error = trouble::refused(&topic, part.id, code);
                let passing = trouble::passes(code);
                self.failed(part, error, passing).await;
            }
            Trouble::Shorter(end) => {
                let failure = trouble::shorter(&topic, part.id, part.position, end);
                self.hopeless(part, failure).await;
            }
            Trouble::Malformed(why) => {
                let failure = trouble::malformed(&topic, part.id, part.position, why);
                self.hopeless(part, failure).await;
            }
        }
    }

    /// Asked again, the broker answers the same.
    async fn hopeless(&mut self, part: Part, failure: Failure) {
        let (topic, given_up) = (self.plan.topics[part.topic].clone(), self.plan.give_up_after.is_some());
        self.say(News::Failed { topic, partition: part.id, failure, gone: false, given_up }).await;
        if given_up {
            self.open = self.open.saturating_sub(1);
        } else {
            self.waiting.push((Instant::now() + HOPELESS_PAUSE, part));
        }
    }

    /// `passing`: see [`Kind::Passing`].
    async fn failed(&mut self, part: Part, error: Error, passing: bool) {
        let kind = match error.cause {
            _ if trouble::is_gone(&error) => Kind::Gone,
            Cause::Cut => Kind::Cut,
            _ if passing => Kind::Passing,
            _ => Kind::Lasting,
        };
        self.told(part, error.into(), kind).await;
    }

    async fn told(&mut self, mut part: Part, failure: Failure, kind: Kind) {
        part.attempts = part.attempts.saturating_add(1);
        let given_up = self.plan.give_up_after.is_some_and(|most| part.attempts >= most);
        if !matches!(kind, Kind::Passing | Kind::Cut) || part.attempts > 1 {
            let topic = self.plan.topics[part.topic].clone();
            let gone = kind == Kind::Gone;
            self.say(News::Failed { topic, partition: part.id, failure, gone, given_up }).await;
        }
        if given_up {
            self.open = self.open.saturating_sub(1);
        } else {
            self.waiting.push((Instant::now() + pause(part.attempts, kind), part));
        }
    }

    /// After everything that was read before.
    async fn say(&self, news: News) {
        let _ = self.work.send(Work::Say(news)).await;
    }
}

fn pause(attempts: u32, kind: Kind) -> Duration {
    let before = if kind == Kind::Cut { CUTS } else { 1 };
    FIRST_PAUSE.saturating_mul(1 << attempts.saturating_sub(before).min(5)).min(LONGEST_PAUSE)
}
