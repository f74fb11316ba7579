//! Following a topic: nothing lost, nothing doubled, and what happens is said.
use super::*;
use crate::{
    kafka::{
        fetch::testing::{Row, Written},
        stage::{Stage, topic},
    },
    record::{OwnedRecord, ring::Ring},
    topic::TopicName,
};
use kafscope_demo_broker::{ApiKey, Force, TopicSpec};
use tokio::time::{timeout, timeout_at};

mod brokers;
mod days;
mod places;

/// Longer than any test should wait for anything.
const LONG: Duration = Duration::from_secs(20);

/// A codec that Kafka does not have.
const UNKNOWN_CODEC: i16 = 7;

fn asked(topic: TopicName, from: Where) -> OpenTail {
    OpenTail { reading: Reading::of(topic, false), from, known: Positions::new(), page: 100, generation: 1 }
}

/// A tail, and everything it said so far.
struct Watched {
    tail: Tail,
    events: mpsc::Receiver<Event>,
    records: Vec<OwnedRecord>,
    others: Vec<Event>,
}

impl Watched {
    fn open(stage: &Stage, from: Where) -> Self {
        let (said, events) = mpsc::channel(8);
        let tail = open(stage.cluster.clone(), asked(topic(), from), said);
        Self { tail, events, records: vec![], others: vec![] }
    }

    async fn opened(stage: &Stage, from: Where) -> Self {
        let mut watched = Self::open(stage, from);
        watched.until(|watched| watched.said(|event| matches!(event, Event::TailBehind { .. }))).await;
        watched
    }

    async fn await_records(mut self, count: usize) -> Self {
        self.records(count).await;
        self
    }

    async fn hear(&mut self) {
        match timeout(LONG, self.events.recv()).await.expect("the tail said nothing more").expect("the tail ended") {
            Event::RecordsArrived { batch, .. } => self.records.extend(batch.records().map(|record| record.to_owned())),
            other => self.others.push(other),
        }
    }

    async fn until(&mut self, is_there: impl Fn(&Self) -> bool) {
        while !is_there(self) {
            self.hear().await;
        }
    }

    async fn records(&mut self, count: usize) {
        self.until(|watched| watched.records.len() >= count).await;
    }

    fn said(&self, what: impl Fn(&Event) -> bool) -> bool {
        self.others.iter().any(what)
    }

    fn offsets(&self, partition: i32) -> Vec<i64> {
        self.records.iter().filter(|record| record.partition == partition).map(|record| record.offset).collect()
    }

    /// Every offset once and in order, in every partition.
    fn assert_whole(&self, ends: &[i64]) {
        for (partition, end) in ends.iter().enumerate() {
            assert_eq!(self.offsets(partition as i32), (0..*end).collect::<Vec<_>>(), "partition {partition}");
        }
    }

    fn behind(&self) -> Option<u64> {
        let behind = |event: &Event| if let Event::TailBehind { behind, .. } = event { Some(*behind) } else { None };
        self.others.iter().rev().find_map(behind).flatten()
    }

    fn failures(&self) -> Vec<String> {
        let failure = |event: &Event| match event {
            Event::PartitionFailed { failure, .. } => Some(failure.to_string()),
            _ => None,
        };
        self.others.iter().filter_map(failure).collect()
    }
}

#[tokio::test]
async fn a_tail_from_the_start_reads_what_is_there_and_what_arrives() {
    let stage = Stage::with(3).await;
    (0..3).for_each(|partition| stage.count(partition, 2000));
    let mut watched = Watched::open(&stage, Where::Start);
    watched.records(6000).await;
    (0..3).for_each(|partition| stage.count(partition, 5));
    watched.records(6015).await;
    watched.assert_whole(&[2005, 2005, 2005]);
    assert!(matches!(&watched.others[0], Event::TailOpened { partitions, .. } if *partitions == [0, 1, 2]));
    watched.until(|watched| watched.behind() == Some(0)).await;
}

#[tokio::test]
async fn a_tail_from_the_end_shows_only_what_arrives() {
    let stage = Stage::with(1).await;
    stage.count(0, 10);
    let mut watched = Watched::opened(&stage, Where::End).await;
    stage.count(0, 3);
    watched.records(3).await;
    assert_eq!(watched.offsets(0), [10, 11, 12]);
}

#[tokio::test]
async fn the_last_records_are_the_newest_over_all_partitions_in_the_order_of_time() {
    let stage = Stage::with(2).await;
    for n in 0..20 {
        let written = Written::at(0, [Row::new(None, Some("x"))]);
        let (base_timestamp, max_timestamp) = (n * 10, n * 10);
        stage.append((n % 2) as i32, &Written { base_timestamp, max_timestamp, ..written });
    }
    let mut watched = Watched::opened(&stage, Where::Last(5)).await;
    let times: Vec<_> = watched.records.iter().map(|record| record.timestamp).collect();
    assert_eq!(times, [150, 160, 170, 180, 190]);
    stage.count(1, 1);
    watched.records(6).await;
    assert_eq!(watched.records[5].offset, 10);
}

/// T3 of the acceptance cases.
#[tokio::test]
async fn the_last_records_are_found_behind_holes_of_compaction_and_markers_t3() {
    let stage = Stage::with(1).await;
    for n in 0..10 {
        stage.brokers.skip_to("t", 0, n * 10_000).unwrap();
        stage.count(0, 1);
    }
    stage.brokers.skip_to("t", 0, 200_000).unwrap();
    let watched = Watched::opened(&stage, Where::Last(7)).await;
    assert_eq!(watched.offsets(0), (3..10).map(|n| n * 10_000).collect::<Vec<_>>());
    let all = Watched::opened(&stage, Where::Last(500)).await;
    assert_eq!(all.records.len(), 10);
}

/// T1 of the acceptance cases.
#[tokio::test]
async fn empty_topics_and_emptied_ones_open_at_once_and_follow_t1() {
    for from in [Where::Start, Where::End, Where::Last(10)] {
        let stage = Stage::with(2).await;
        stage.count(1, 4);
        stage.brokers.delete_records_before("t", 1, 4).unwrap();
        let mut watched = Watched::opened(&stage, from.clone()).await;
        watched.until(|watched| watched.behind() == Some(0)).await;
        assert!(watched.records.is_empty(), "{from:?}");
        stage.count(0, 1);
        stage.count(1, 1);
        watched.records(2).await;
        assert_eq!((watched.offsets(0), watched.offsets(1)), (vec![0], vec![4]));
    }
}

#[tokio::test]
async fn a_pause_asks_for_nothing_and_counts_what_waits_and_the_tail_goes_on_where_it_stopped() {
    let stage = Stage::with(2).await;
    stage.count(0, 10);
    let mut watched = Watched::open(&stage, Where::Start);
    watched.records(10).await;
    watched.tail.pause();
    watched.until(|watched| watched.said(|event| matches!(event, Event::TailBehind { .. }))).await;
    let before = stage.cluster.requests();
    stage.count(0, 700);
    stage.count(1, 30);
    watched.until(|watched| watched.behind() == Some(730)).await;
    assert_eq!(watched.records.len(), 10);
    let fetched = |requests: BTreeMap<i16, u64>| requests.get(&1).copied();
    assert_eq!(fetched(before), fetched(stage.cluster.requests()), "records were asked for while paused");
    watched.tail.resume();
    watched.records(740).await;
    watched.assert_whole(&[710, 30]);
}

/// What waits counted the records of an open transaction, which no reader of committed records is given.
#[tokio::test]
async fn a_pause_counts_no_records_of_an_open_transaction_for_a_reader_of_committed_ones() {
    let stage = Stage::with(2).await;
    stage.count(0, 10);
    let (said, events) = mpsc::channel(8);
    let wanted = OpenTail { reading: Reading::of(topic(), true), ..asked(topic(), Where::Start) };
    let tail = open(stage.cluster.clone(), wanted, said);
    let mut watched = Watched { tail, events, records: vec![], others: vec![] };
    watched.records(10).await;
    watched.tail.pause();
    stage.append(0, &Written::counted(10, 5).transactional(7));
    stage.count(1, 30);
    watched.until(|watched| watched.behind().is_some_and(|behind| behind >= 30)).await;
    assert_eq!(watched.behind(), Some(30));
}

/// A partition of the topic that is gone was added to the new one a second time: each of its records came twice.
#[tokio::test]
async fn what_was_asked_of_a_topic_is_forgotten_when_another_takes_its_name() {
    let stage = Stage::with(1).await;
    let (events, _heard) = mpsc::channel(8);
    let (old, cluster) = (identity::look(&stage.cluster, &topic()).await.unwrap(), stage.cluster.clone());
    let ((_pausing, pause), (_stopping, stop)) = (watch::channel(false), watch::channel(false));
    let mut following = Following::new(cluster, asked(topic(), Where::Start), events, pause, stop, old);
    following.questions.spawn(async { Learned::Begins(Whereabouts::default()) });
    stage.brokers.delete_topic("t").unwrap();
    stage.brokers.create_topic("t", &TopicSpec::new(1)).unwrap();
    let new = identity::look(&stage.cluster, &topic()).await.unwrap();
    assert_eq!(following.seen(new).await, Ok(true));
    assert!(following.questions.is_empty());
}
