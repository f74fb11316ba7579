//! Everything that speaks with Kafka: takes commands, says what happened. One task owns the others; no type of the
//! protocol crate leaves this module, and errors leave it as sentences.
//!
//! In flow order: `wire` speaks to brokers; `topics`, [`offsets`], [`groups`] and [`configs`] ask; [`watch`] asks again
//! and again; [`whereabouts`] turns places into offsets; [`fetch`] reads records, [`tail`] live, [`scan`] bounded, [`page`] by
//! pages; [`look`] answers the screen's looks back and searches, [`export`] fills files; [`produce`] sends. What changes
//! the cluster passes [`writes`].
pub mod configs;
pub mod export;
pub mod fetch;
pub mod groups;
pub mod leaving;
pub mod look;
pub mod offsets;
pub mod page;
pub mod produce;
pub mod scan;
pub mod tail;
pub mod topics;
pub mod watch;
mod wave;
pub mod whereabouts;
pub mod wire;
pub mod writes;

#[cfg(test)]
mod stage;

use crate::{
    bus::{Command, Dock, Draft, Event, Generation},
    failure::Failure,
    place::Positions,
    topic::TopicName,
};
use export::Export;
use futures_util::FutureExt;
use leaving::{Changing, Left};
use look::{Look, Said};
use produce::Producer;
use std::{collections::HashMap, sync::Arc};
use tail::OpenTail;
use tokio::{
    sync,
    task::JoinSet,
    time::{Duration, timeout},
};
use watch::{Task, Watch};
use wire::Cluster;
use writes::Writes;

/// What serving needs to know.
#[derive(Debug, Clone)]
pub struct Settings {
    pub wire: wire::Settings,
    pub read_only: bool,
    /// Records of aborted and open transactions do not count as unread.
    pub committed: bool,
}

/// Records from a place in the past on that are shown in the order of time: some screens.
const PAGE: usize = 200;
/// How long a producer that nothing was sent with may take to connect.
const CONNECT: Duration = Duration::from_secs(3);
/// How long leaving waits for records in flight.
const LAST_RECORDS: Duration = Duration::from_secs(1);
/// The same for changes of groups: one that is cut off half-way has to be put back by hand.
const LAST_CHANGES: Duration = Duration::from_secs(3);

/// [`serve_until`] everything has come to its end or took too long.
///
/// # Errors
/// A bootstrap address that is none.
pub async fn serve(dock: Dock, settings: Settings) -> Result<Left, Failure> {
    serve_until(dock, settings, std::future::pending()).await
}

/// Takes commands until the screen leaves; then waits a moment for what is in flight, or until nobody wants to wait any
/// more, and answers what is left.
///
/// # Errors
/// A bootstrap address that is none.
pub async fn serve_until(dock: Dock, settings: Settings, hurried: impl Future<Output = ()>) -> Result<Left, Failure> {
    let Dock { mut todo, events } = dock;
    let cluster = Arc::new(Cluster::new(settings.wire.clone())?);
    let watch = Arc::new(Watch::new(cluster, events, settings.committed));
    let _rounds = [
        Task::spawn(watch.clone().topics()),
        Task::spawn(watch.clone().names()),
        Task::spawn(watch.clone().sweeps()),
        Task::spawn(watch.clone().visible()),
        Task::spawn(watch.clone().unread()),
    ];
    let mut kafka = Kafka {
        watch,
        settings,
        tail: None,
        looking: None,
        exports: HashMap::new(),
        group: None,
        producer: None,
        sending: JoinSet::new(),
        planning: None,
        changing: Vec::new(),
    };
    while let Some(command) = todo.recv().await {
        kafka.obey(command).await;
    }
    Ok(kafka.leave(hurried).await)
}

/// What runs for the screen now.
struct Kafka {
    watch: Arc<Watch>,
    settings: Settings,
    tail: Option<(Generation, tail::Tail)>,
    /// The look back or the search that runs, and its end.
    looking: Option<(Generation, sync::watch::Sender<bool>, Task)>,
    /// Exports that run, and their ends.
    exports: HashMap<u64, (sync::watch::Sender<bool>, Task)>,
    group: Option<Task>,
    producer: Option<Arc<Producer>>,
    /// Records on their way, each ending by the producer's own timeout: was it acknowledged?
    sending: JoinSet<bool>,
    planning: Option<Task>,
    /// Changes of groups on their way. Leaving waits for them as for records.
    changing: Vec<Changing>,
}

impl Kafka {
    async fn obey(&mut self, command: Command) {
        if self.settings.read_only && command.is_write() {
            return self.refuse(command).await;
        }
        match command {
            Command::Refresh => self.watch.look_again(),
            Command::OpenTail { reading, from, generation } => {
                self.open_tail(OpenTail { reading, from, known: Positions::new(), page: PAGE, generation });
            }
            Command::GoOnTail { reading, at, from, generation } => {
                self.open_tail(OpenTail { reading, from, known: at, page: PAGE, generation });
            }
            Command::PauseTail { generation } => self.pause_tail(generation, true),
            Command::ResumeTail { generation } => self.pause_tail(generation, false),
            Command::CloseTail => (self.tail, self.looking) = (None, None),
            Command::ReadOlder { reading, before, count, generation } => {
                self.look(generation, |cluster, look| {
                    look::older::read(cluster, reading, before, count, generation, look)
                });
            }
            Command::Find { reading, from, newer, generation } => {
                self.look(generation, |cluster, look| {
                    look::find::find(cluster, reading, from, newer, generation, look)
                });
            }
            Command::StopLooking { generation } => self.stop_looking(generation),
            Command::Export { id, reading, from, to, file, form } => {
                self.export(Export { id, reading, from, to, file, form });
            }
            Command::StopExport { id } => self.stop_export(id),
            // What is wrong is said with the first record.
            Command::OpenProducer { topic } => self.open_producer(topic),
            Command::Produce { id, topic, draft } => self.produce(id, topic, draft).await,
            Command::OpenGroup { group, generation } => {
                self.group = Some(Task::spawn(self.watch.clone().group(group, generation)));
            }
            Command::CloseGroup => {
                self.group = None;
                self.watch.close_group();
            }
            Command::WatchGroups { groups } => self.watch.show(groups),
            Command::PlanReset { .. } | Command::PlanUndo { .. } => self.plan(command),
            Command::Reset { .. } | Command::ForgetOffsets { .. } | Command::DeleteGroup { .. } => self.change(command),
        }
    }

    async fn refuse(&self, doing: Command) {
        if let Err(why) = self.writes() {
            // A closed street means that the screen has left.
            let _ = self.watch.send(Event::Failed { doing, why }).await;
        }
    }

    fn writes(&self) -> Result<Writes, Failure> {
        Writes::allowed(self.settings.read_only, "writing to the cluster")
    }

    /// In place of the plan before it.
    fn plan(&mut self, command: Command) {
        let watch = self.watch.clone();
        self.planning = Some(Task::spawn(async move {
            let event = groups::answer::plan(&watch.cluster, command).await;
            let _ = watch.send(event).await;
        }));
    }

    fn change(&mut self, command: Command) {
        let (watch, writes) = (self.watch.clone(), self.writes());
        // Once the screen has gone, what it did not hear is kept to be told.
        self.changing.retain(|changing| watch.events.is_closed() || !changing.task.is_finished());
        let doing = command.clone();
        let task = tokio::spawn(async move {
            let event = match writes {
                Ok(writes) => groups::answer::change(&watch.cluster, writes, command).await,
                Err(why) => Event::Failed { doing: command, why },
            };
            let unheard = watch.events.send(event).await.err().map(|unheard| unheard.0);
            watch.look_again();
            unheard
        });
        self.changing.push(Changing { doing, task });
    }

    fn open_tail(&mut self, asked: OpenTail) {
        let generation = asked.generation;
        // The tail before it ends first, or its last records could follow.
        (self.tail, self.looking) = (None, None);
        let tail = tail::open(self.watch.cluster.clone(), asked, self.watch.events.clone());
        self.tail = Some((generation, tail));
    }

    /// The look before it ends first, without a word.
    fn look<F>(&mut self, generation: Generation, looking: impl FnOnce(Arc<Cluster>, Look) -> F)
    where
        F: Future<Output = Vec<Event>> + Send + 'static,
    {
        let (stop, stopped) = sync::watch::channel(false);
        let (cluster, events) = (self.watch.cluster.clone(), self.watch.events.clone());
        let looking = looking(cluster, Look::new(events.clone(), Said::Looking(generation), stopped));
        let task = Task::spawn(async move {
            for event in looking.await {
                let _ = events.send(event).await;
            }
        });
        self.looking = Some((generation, stop, task));
    }

    fn export(&mut self, wanted: Export) {
        let (stop, stopped) = sync::watch::channel(false);
        let (id, events) = (wanted.id, self.watch.events.clone());
        let look = Look::new(events.clone(), Said::Export(id), stopped);
        let exporting = export::export(self.watch.cluster.clone(), wanted, look);
        let task = Task::spawn(async move {
            for event in exporting.await {
                let _ = events.send(event).await;
            }
        });
        self.exports.retain(|_, (stop, _)| !stop.is_closed());
        self.exports.insert(id, (stop, task));
    }

    fn stop_export(&self, id: u64) {
        if let Some((stop, _)) = self.exports.get(&id) {
            stop.send_replace(true);
        }
    }

    /// Also the look back that a tail begins with.
    fn stop_looking(&self, generation: Generation) {
        if let Some((_, stop, _)) = self.looking.as_ref().filter(|(looking, ..)| *looking == generation) {
            stop.send_replace(true);
        }
        if let Some((_, tail)) = self.tail.as_ref().filter(|(open, _)| *open == generation) {
            tail.stop_looking();
        }
    }

    fn pause_tail(&self, generation: Generation, paused: bool) {
        match &self.tail {
            Some((open, tail)) if *open == generation && paused => tail.pause(),
            Some((open, tail)) if *open == generation => tail.resume(),
            _ => {}
        }
    }

    fn open_producer(&mut self, topic: TopicName) {
        if let Ok(producer) = self.producer() {
            tokio::spawn(async move { producer.connect(&topic, CONNECT).await });
        }
    }

    async fn produce(&mut self, id: u64, topic: TopicName, draft: Draft) {
        let producer = match self.producer() {
            Ok(producer) => producer,
            Err(failure) => {
                let _ = self.watch.send(Event::ProduceFailed { id, failure, maybe_written: false }).await;
                return;
            }
        };
        let watch = self.watch.clone();
        while self.sending.try_join_next().is_some() {}
        self.sending.spawn(async move {
            let sent = match produce::check(&watch.cluster, &topic, &draft).await {
                Ok(()) => producer.send(&topic, &draft).await,
                Err(unsent) => Err(unsent),
            };
            let acknowledged = sent.is_ok();
            let event = match sent {
                Ok(done) => Event::Produced { id, partition: done.partition, offset: done.offset, took: done.took },
                Err(unsent) => {
                    Event::ProduceFailed { id, failure: unsent.failure, maybe_written: unsent.maybe_written }
                }
            };
            let _ = watch.send(event).await;
            acknowledged
        });
    }

    /// Opened with the first record; again when librdkafka gave up on the one before.
    fn producer(&mut self) -> Result<Arc<Producer>, Failure> {
        if let Some(producer) = self.producer.as_ref().filter(|producer| !producer.is_over()) {
            return Ok(producer.clone());
        }
        let wire = &self.settings.wire;
        let producer = Arc::new(Producer::open(&produce::Settings {
            bootstrap: wire.bootstrap.join(","),
            client_id: wire.client_id.clone(),
            timeout: wire.timeout,
            linger: Duration::ZERO,
            properties: vec![],
        })?);
        self.producer = Some(producer.clone());
        Ok(producer)
    }

    /// Records on their way, also those that are still being checked, may be acknowledged within [`LAST_RECORDS`].
    async fn leave(self, hurried: impl Future<Output = ()>) -> Left {
        let Self { tail, looking, group, planning, producer, mut sending, changing, .. } = self;
        drop((tail, looking, group, planning));
        let hurried = hurried.shared();
        let within = |most| timeout(most, hurried.clone()).map(drop);
        let (records, changes) = tokio::join!(
            leaving::unacknowledged(&mut sending, within(LAST_RECORDS)),
            leaving::changes(changing, within(LAST_CHANGES))
        );
        if let Some(producer) = producer {
            producer.close(Duration::ZERO).await;
        }
        Left { records, changes }
    }
}
