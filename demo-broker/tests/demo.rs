//! The demo cluster as a foreign client sees it, beside the numbers of `seen::numbers`.

#[cfg(test)]
mod seen;

use kafscope_demo_broker::batch::Record;
use kafscope_demo_broker::data::{self, Layout, TopicSeed, payments, payments::Fate};
use kafscope_demo_broker::demo::{Demo, Options};
use kafscope_demo_broker::prepared::Prepared;
use rdkafka::Offset;
use seen::Seen;
use seen::numbers::{GROUPS, Group, TOPICS, Topic};
use std::collections::HashSet;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// Nothing moves: the fixed part alone.
const STILL: Options = Options { port: None, rate: 0, seed: 1, fast: 0 };
/// The topics that grow.
const LIVE: [&str; 7] = ["orders", "test", "tweets", "fast", "payments", "customers", "clock-append"];
/// How long something may take that happens by itself.
const SOON: Duration = Duration::from_secs(30);

/// Topic, records of all partitions where they are fewer than the offsets: without markers and holes.
const RECORDS: [(&str, usize); 2] = [("payments", 335), ("customers", 400)];

/// What a reader of all that is in the topic is to see: offset and record.
fn made(topic: &TopicSeed) -> Vec<(i64, Record)> {
    if topic.laid.is_empty() {
        let placed = topic.partitions.iter().flat_map(|records| (0..).zip(records.iter().cloned()));
        return placed.filter(|(offset, _)| *offset >= topic.deleted_before).collect();
    }
    let parts = topic.laid.iter().enumerate().flat_map(|(partition, log)| {
        let known = topic.partitions.get(partition).into_iter().flatten().cloned();
        match log.placed().count() == known.clone().count() {
            true => log.placed().map(|(offset, _)| offset).zip(known).collect::<Vec<_>>(),
            false => long_ones(log),
        }
    });
    parts.collect()
}

fn long_ones(log: &Layout) -> Vec<(i64, Record)> {
    let whole = |(offset, batch): &(i64, Prepared)| match batch {
        Prepared::Long { record, value } => Some((*offset, record.clone().value(value.concat()))),
        _ => None,
    };
    log.batches().iter().filter_map(whole).collect()
}

/// Name, state and client ids of every group.
fn states() -> Vec<(String, String, Vec<String>)> {
    let owned = |group: &Group| {
        (group.name.into(), group.state.into(), group.members.iter().map(ToString::to_string).collect())
    };
    GROUPS.iter().map(owned).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_fixed_part_has_the_numbers_of_the_tables() {
    let demo = Demo::start(STILL).await.unwrap();
    let (seen, committed) = (Seen::new(&demo.bootstrap()), Seen::committed(&demo.bootstrap()));
    for topic in TOPICS {
        let expected: Vec<_> = topic.ends.iter().map(|end| (topic.start, *end)).collect();
        assert_eq!(seen.bounds(topic.name), expected, "{}", topic.name);
        let stable: Vec<_> = committed.bounds(topic.name).into_iter().map(|(_, end)| end).collect();
        assert_eq!(stable, topic.stable, "{}", topic.name);
    }
    for (topic, records) in RECORDS {
        assert_eq!(seen.records(topic, records).len(), records, "{topic}");
    }
    demo.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn groups_come_to_their_states_and_nothing_moves_without_traffic() {
    let demo = Demo::start(STILL).await.unwrap();
    let seen = Seen::new(&demo.bootstrap());
    seen.until(SOON, || (seen.groups() == states()).then_some(()), || format!("{:#?}", seen.groups()));
    for group in GROUPS {
        assert_eq!(seen.commits(group.name, group.topic), group.committed, "{} moved", group.name);
        let known = seen.bounds(group.topic).into_iter().zip(group.committed).filter(|(_, at)| **at >= 0);
        let behind = known.map(|((start, end), at)| (end - at.max(&start)).max(0)).reduce(|sum, lag| sum + lag);
        assert_eq!(behind, group.lag, "{}", group.name);
    }
    demo.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_demos_of_one_seed_hold_the_same_records_as_the_generators_made() {
    let (one, other) = (Demo::start(STILL).await.unwrap(), Demo::start(STILL).await.unwrap());
    let (here, there) = (Seen::new(&one.bootstrap()), Seen::new(&other.bootstrap()));
    for topic in data::topics(1) {
        let made = made(&topic);
        let records = here.records(topic.name, made.len());
        assert!(records == there.records(topic.name, made.len()), "{} differs between two runs", topic.name);
        assert!(records == made, "{} differs from what was made", topic.name);
    }
    one.stop().await;
    other.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_of_committed_payments_sees_exactly_those() {
    let demo = Demo::start(STILL).await.unwrap();
    let all = payments::transactions(1);
    let values = |fates: &[Fate]| -> HashSet<_> {
        let some = all.iter().filter(|transaction| fates.contains(&transaction.fate));
        some.flat_map(|transaction| &transaction.records).cloned().map(|record| (record.key, record.value)).collect()
    };
    let read = |seen: Seen, count| {
        seen.records("payments", count).into_iter().map(|(_, r)| (r.key, r.value)).collect::<Vec<_>>()
    };
    let committed = read(Seen::committed(&demo.bootstrap()), 300);
    assert_eq!(committed.len(), 300);
    assert_eq!(HashSet::from_iter(committed), values(&[Fate::Committed]));
    let every = read(Seen::new(&demo.bootstrap()), 335);
    assert_eq!(every.len(), 335);
    assert_eq!(HashSet::from_iter(every), values(&[Fate::Committed, Fate::Aborted, Fate::Open]));
    demo.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_time_is_found_where_clocks_are_wrong_and_where_the_log_has_holes() {
    let demo = Demo::start(STILL).await.unwrap();
    let seen = Seen::new(&demo.bootstrap());
    let base = data::base_time(1);
    let at = |offsets: [i64; 2]| offsets.map(|offset| if offset < 0 { Offset::End } else { Offset::Offset(offset) });
    assert_eq!(seen.since("clock", 0), at([0, 0]));
    assert_eq!(seen.since("clock", base + 2_001), at([3, 0]), "the first that is not older");
    assert_eq!(seen.since("clock", base + 10_000), at([4, 0]), "the first of equal ones");
    assert_eq!(seen.since("clock", base + 45_000), at([-1, 0]), "the first by place, although 50 s came before 40 s");
    assert_eq!(seen.since("clock", base + 50_001), at([-1, 4]), "only the one that is 3 hours ahead");
    assert_eq!(seen.since("clock", base + 4 * 3_600_000), at([-1, 5]), "only the one that is 10 years ahead");
    for (topic, time) in
        [("customers", base + 1_000_000), ("payments", base + 1_000_000), ("clock-append", base + 12_000)]
    {
        let seed = data::topics(1).into_iter().find(|seed| seed.name == topic).unwrap();
        let records = seed.laid.iter().zip(&seed.partitions).map(|(log, records)| log.placed().zip(records));
        let first = records.map(|mut all| {
            all.find(|(_, r)| r.timestamp >= time).map_or(Offset::End, |((at, _), _)| Offset::Offset(at))
        });
        assert_eq!(seen.since(topic, time), first.collect::<Vec<_>>(), "{topic}");
    }
    demo.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn traffic_makes_topics_grow_and_groups_move() {
    let began = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis() as i64;
    let demo = Demo::start(Options { rate: 200, fast: 500, ..STILL }).await.unwrap();
    let seen = Seen::new(&demo.bootstrap());
    for Topic { name: topic, ends, .. } in TOPICS.iter().filter(|topic| LIVE.contains(&topic.name)) {
        let fixed: i64 = ends.iter().sum();
        let end = || seen.bounds(topic).iter().map(|(_, end)| end).sum::<i64>();
        seen.until(SOON, || (end() > fixed).then_some(()), || format!("{topic} stays at {}", end()));
    }
    let newest = seen.records("test", 101).into_iter().map(|(_, record)| record.timestamp).max().unwrap();
    assert!(newest >= began, "live records carry the time of now");
    let groups = [
        ("billing", "orders", 1_200),
        ("analytics", "orders", 900),
        ("catching-up", "orders", 300),
        ("mailer", "payments", 393),
        ("assign-reader", "customers", 20_000),
    ];
    for (group, topic, before) in groups {
        let at = || seen.commits(group, topic).iter().sum::<i64>();
        seen.until(SOON, || (at() > before).then_some(()), || format!("{group} stays at {}", at()));
    }
    assert_eq!(seen.commits("stuck-parser", "orders.dlq"), [7]);
    assert_eq!(seen.commits("mailer", "payments")[2], 131, "nothing passes an open transaction");
    assert_eq!(seen.bounds("payments")[2].1, 137, "what it holds back stays the same");
    demo.stop().await;
}

/// What a look every two seconds must be able to see: one member comes and goes, the other takes its time.
#[tokio::test(flavor = "multi_thread")]
async fn the_rebalancer_rebalances_long_enough_to_be_seen() {
    let demo = Demo::start(Options { rate: 1, ..STILL }).await.unwrap();
    let seen = Seen::new(&demo.bootstrap());
    let state = || seen.groups().into_iter().find(|(name, ..)| name == "rebalancer").map(|(_, state, _)| state);
    let wait = |wanted: &str| {
        seen.until(SOON, || (state().as_deref() == Some(wanted)).then(Instant::now), || format!("{:?}", state()))
    };
    wait("Stable");
    let began = wait("PreparingRebalance");
    let took = wait("Stable") - began;
    assert!(took > Duration::from_secs(2), "{took:?}");
    demo.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_without_members_commits_again_and_again() {
    let demo = Demo::start(Options { rate: 1, ..STILL }).await.unwrap();
    let seen = Seen::new(&demo.bootstrap());
    let at = || seen.commits("assign-reader", "customers");
    for moved in [5_050, 5_100] {
        seen.until(SOON, || (at() == [moved; 4]).then_some(()), || format!("{:?}", at()));
    }
    let group = seen.groups().into_iter().find(|(name, ..)| name == "assign-reader").unwrap();
    assert_eq!((group.1.as_str(), group.2.len()), ("Empty", 0));
    demo.stop().await;
}
