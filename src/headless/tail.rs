//! `kafscope tail`: the last records and then what arrives, until Ctrl-C or `-n`.
use super::{
    Done, Ended, Out, Setup,
    account::Account,
    block::by_topic,
    complain, connect, or_interrupted,
    print::{self, Print},
    read,
    wanted::Wanted,
};
use crate::{
    bus::{Event, Reading},
    cli::read as cli,
    failure::Failure,
    kafka::{
        look::Look,
        offsets::Spot,
        page,
        tail::{self, OpenTail, Tail},
        wire::Cluster,
    },
    place::{Positions, Where},
    record::Batch,
    topic::TopicName,
};
use std::{
    collections::{BTreeMap, HashSet},
    sync::Arc,
};
use tokio::{
    sync::mpsc,
    time::{Duration, Instant, timeout_at},
};

/// Records of the past that are shown first; with a smaller `-n` no more than will be printed.
const LAST: usize = 10;
/// Events that may wait: the street of the screen has as many.
const EVENTS: usize = 8;

/// Where each partition goes on.
type Known = BTreeMap<TopicName, Positions>;

pub async fn run(args: &cli::Tail, setup: &Setup, out: &mut Out) -> Done {
    let wanted = Wanted::tail(args, setup)?;
    let silence = args.records.habits.timeout_ms.map(Duration::from_millis);
    let mut follow = or_interrupted(Follow::open(wanted, setup, out.columns)).await?;
    let done = or_interrupted(follow.until_silent(silence)).await;
    follow.account.early = done.is_ok();
    follow.print.finish(done, follow.account, out).await
}

struct Follow {
    wanted: Wanted,
    cluster: Arc<Cluster>,
    topics: Vec<TopicName>,
    print: Print,
    news: mpsc::Receiver<Event>,
    tails: Vec<Tail>,
    account: Account,
    /// What was said of failures since one of them ended.
    told: HashSet<String>,
}

impl Follow {
    async fn open(wanted: Wanted, setup: &Setup, columns: Option<usize>) -> Result<Self, Ended> {
        let cluster = connect(setup)?;
        let (topics, only) = read::topics(&cluster, &wanted).await?;
        let wanted = Wanted { partitions: only, ..wanted };
        let (events, news) = mpsc::channel(EVENTS);
        let print = Print::open(&wanted, columns)?;
        let account = Account { looked: wanted.filter.as_ref().map(|_| (0, None)), ..Account::default() };
        let told = HashSet::new();
        let mut follow = Self { wanted, cluster, topics, print, news, tails: vec![], account, told };
        let mut known = follow.past(setup.committed).await?;
        let open = |(topic, generation): (&TopicName, u64)| {
            let known = known.remove(topic).unwrap_or_default();
            let reading = follow.reading(topic, setup.committed);
            let asked = OpenTail { reading, from: follow.from(), known, page: 0, generation };
            tail::open(Arc::clone(&follow.cluster), asked, events.clone())
        };
        follow.tails = follow.topics.iter().zip(0..).map(open).collect();
        Ok(follow)
    }

    fn reading(&self, topic: &TopicName, committed: bool) -> Reading {
        let (only, filter) = (self.wanted.partitions.clone(), self.wanted.filter.clone());
        Reading { only, filter, ..Reading::of(topic.clone(), committed) }
    }

    /// With a smaller `-n` no more than will be printed.
    fn from(&self) -> Where {
        let most = self.wanted.max.map(|most| usize::try_from(most).unwrap_or(usize::MAX));
        self.wanted.from.clone().unwrap_or(Where::Last(most.map_or(LAST, |most| most.min(LAST))))
    }

    /// The last records over all topics together, which no tail of one topic can know.
    async fn past(&mut self, committed: bool) -> Result<Known, Ended> {
        let (Where::Last(count), [_, _, ..]) = (self.from(), &*self.topics) else { return Ok(Known::new()) };
        let metadata = self.cluster.metadata().await?;
        let here = metadata.topics.iter().filter(|topic| self.topics.contains(&topic.name));
        let spots = here.flat_map(|topic| topic.partitions.iter().map(|partition| (topic.name.clone(), partition.id)));
        let is_wanted = |id: &i32| self.wanted.partitions.as_ref().is_none_or(|only| only.contains(id));
        let spots: Vec<Spot> = spots.filter(|(_, id)| is_wanted(id)).collect();
        let filter = self.wanted.filter.clone();
        let page = page::last_that_match(&self.cluster, &spots, count, committed, filter, &mut Look::silent()).await;
        self.looked(page.searched.records, page.searched.failures);
        let undecided = page.undecided.iter();
        undecided.for_each(|it| self.account.failed(&it.spot, it.offset, 0, &it.why));
        page.unreadable.iter().for_each(|unreadable| complain(&unreadable.failure().to_string()));
        page.too_large.iter().for_each(|records| complain(&print::too_large(*records).to_string()));
        self.account.next.begin.clone_from(&page.from);
        self.account.next.read.clone_from(&page.from);
        for batch in page.batches {
            self.print_some(batch).await?;
        }
        if !self.print.is_full() {
            self.account.next.read.extend(page.next.clone());
        }
        Ok(by_topic(page.next))
    }

    /// Until as many are printed as were wanted, or nothing came for so long.
    async fn until_silent(&mut self, silence: Option<Duration>) -> Done {
        let mut last = Instant::now();
        while !self.print.is_full() {
            let event = match silence {
                Some(silence) => timeout_at(last + silence, self.news.recv()).await.unwrap_or(None),
                None => self.news.recv().await,
            };
            let Some(event) = event else { break };
            if matches!(event, Event::RecordsArrived { .. }) {
                last = Instant::now();
            }
            self.hear(event).await?;
        }
        Ok(())
    }

    /// `generation` is the topic's index. A broker that is away is told once and not for each of its partitions.
    async fn hear(&mut self, event: Event) -> Done {
        match event {
            Event::RecordsArrived { batch, .. } => self.arrived(batch).await?,
            Event::TailBegan { generation, from } => self.began(generation, from),
            Event::TailRead { records, failures, .. } => self.looked(records, failures),
            Event::FilterFailed { generation, partition, offset, why } => {
                let spot = (self.name(generation), partition);
                self.account.failed(&spot, offset, 0, &why);
            }
            Event::BatchesUnreadable { failure, .. } => complain(&failure.to_string()),
            Event::PartitionFailed { failure, .. } => self.failed(&failure),
            Event::PartitionRecovered { generation, partition } => {
                self.told.clear();
                complain(&format!("{} partition {partition} is read again", self.name(generation)));
            }
            Event::PlaceMoved { generation, moved } => complain(&format!("{}: {moved}", self.name(generation))),
            Event::StartMoved { generation, partition, from, to } => {
                let name = self.name(generation);
                complain(&format!("{name} partition {partition}: went from offset {from} to {to}"));
            }
            Event::PageCut { records, .. } => complain(&print::too_large(records).to_string()),
            Event::TopicRecreated { generation, .. } => {
                let name = self.name(generation);
                complain(&format!("{name} was deleted and created again, and is read from its start"));
            }
            Event::Failed { why, .. } => return Err(why.into()),
            other => tracing::trace!(?other, "heard"),
        }
        Ok(())
    }

    fn name(&self, generation: u64) -> TopicName {
        let topic = usize::try_from(generation).ok().and_then(|at| self.topics.get(at));
        topic.cloned().unwrap_or_else(|| "?".into())
    }

    async fn arrived(&mut self, batch: Batch) -> Done {
        self.print_some(batch).await?;
        self.print.flush().await
    }

    /// What is more than is wanted was not read, for whoever goes on from here.
    async fn print_some(&mut self, mut batch: Batch) -> Done {
        batch.heads.truncate(self.print.left());
        for head in batch.last_heads() {
            self.account.next.read.insert((batch.topic.clone(), head.partition), head.offset.saturating_add(1));
        }
        self.print.batch(&batch).await
    }

    fn looked(&mut self, records: u64, failures: u64) {
        self.account.failures = self.account.failures.saturating_add(failures);
        if let Some((looked, _)) = &mut self.account.looked {
            *looked = looked.saturating_add(records);
        }
    }

    fn began(&mut self, generation: u64, from: Positions) {
        let name = self.name(generation);
        for (partition, offset) in from {
            let spot = (name.clone(), partition);
            self.account.next.begin.entry(spot.clone()).or_insert(offset);
            self.account.next.read.entry(spot).or_insert(offset);
        }
    }

    fn failed(&mut self, failure: &Failure) {
        let words = format!("{failure}; trying again");
        if self.told.insert(words.clone()) {
            complain(&words);
        }
    }
}
