//! The demo cluster as a foreign client sees it. The tables here are the numbers that README, snapshots and other tests
//! may quote for seed 1.

#[cfg(test)]
mod seen;

use kafscope_demo_broker::batch::Record;
use kafscope_demo_broker::data::{self, Layout, TopicSeed, payments, payments::Fate};
use kafscope_demo_broker::demo::{Demo, Options};
use kafscope_demo_broker::prepared::Prepared;
use rdkafka::Offset;
use seen::Seen;
use std::collections::HashSet;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Nothing moves: the fixed part alone.
const STILL: Options = Options { port: None, rate: 0, seed: 1, fast: 0 };
/// The topics that grow.
const LIVE: [&str; 7] = ["orders", "test", "tweets", "fast", "payments", "customers", "clock-append"];
/// How long something may take that happens by itself.
const SOON: Duration = Duration::from_secs(30);

/// Topic, start of every partition, end of each partition.
const TOPICS: [(&str, i64, &[i64]); 20] = [
    ("orders", 0, &[162, 201, 242, 218, 206, 171]),
    ("orders.dlq", 0, &[15]),
    ("payments", 0, &[132, 132, 137]),
    ("customers", 0, &[25_000, 25_000, 25_000, 25_000]),
    ("tweets", 0, &[25, 25, 25, 25, 25, 25, 25, 25]),
    ("tripdata", 0, &[780, 0, 0, 0, 0, 0, 0, 220]),
    ("test", 0, &[13, 13, 13, 13, 12, 12, 12, 12]),
    ("mytopic", 0, &[2, 0, 0]),
    ("languages", 0, &[11, 13]),
    ("nulls", 0, &[27]),
    ("hostile", 0, &[24]),
    ("binary", 0, &[20]),
    ("wordcounts", 0, &[60]),
    ("big", 0, &[6]),
    ("clock", 0, &[8, 8]),
    ("clock-append", 0, &[10]),
    ("retained", 700, &[1_000]),
    ("drained", 50, &[50]),
    ("empty", 0, &[0]),
    ("fast", 0, &[0, 0, 0, 0, 0, 0]),
];

/// The last stable offsets of the one topic where they are not the ends.
const STABLE_PAYMENTS: [i64; 3] = [132, 132, 132];

/// Topic, records of all partitions where they are fewer than the offsets: without markers and holes.
const RECORDS: [(&str, usize); 2] = [("payments", 335), ("customers", 400)];

/// Group, topic, commits by partition, lag (end − the later of commit and start, never below 0).
const COMMITS: [(&str, &str, &[i64], i64); 9] = [
    ("billing", "orders", &[162, 201, 242, 218, 206, 171], 0),
    ("analytics", "orders", &[122, 154, 176, 172, 151, 125], 300),
    ("catching-up", "orders", &[36, 49, 60, 60, 45, 50], 900),
    ("mailer", "payments", &[131, 131, 131], 8),
    ("assign-reader", "customers", &[5_000, 5_000, 5_000, 5_000], 80_000),
    ("stuck-parser", "orders.dlq", &[7], 8),
    ("stopped", "orders", &[64, 80, 96, 87, 82, 68], 723),
    ("late-reader", "retained", &[200], 300),
    ("ghost", "drained", &[90], 0),
];

/// Group, state, client ids of its members; `fresh`, `test1` and `idle` have no commits.
const STATES: [(&str, &str, &[&str]); 12] = [
    ("analytics", "Stable", &["analytics-0"]),
    ("assign-reader", "Empty", &[]),
    ("billing", "Stable", &["billing-0", "billing-1"]),
    ("catching-up", "Stable", &["catching-up-0"]),
    ("fresh", "Stable", &["fresh-0"]),
    ("ghost", "Empty", &[]),
    ("idle", "Empty", &[]),
    ("late-reader", "Empty", &[]),
    ("mailer", "Stable", &["mailer-0"]),
    ("stopped", "Empty", &[]),
    ("stuck-parser", "Stable", &["stuck-parser-0"]),
    ("test1", "Stable", &["spark-executor-test1"]),
];

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

fn states() -> Vec<(String, String, Vec<String>)> {
    let owned = |(group, state, members): &(&str, &str, &[&str])| {
        (group.to_string(), state.to_string(), members.iter().map(ToString::to_string).collect())
    };
    STATES.iter().map(owned).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_fixed_part_has_the_numbers_of_the_tables() {
    let demo = Demo::start(STILL).await.unwrap();
    let (seen, committed) = (Seen::new(&demo.bootstrap()), Seen::committed(&demo.bootstrap()));
    for (topic, start, ends) in TOPICS {
        let expected: Vec<_> = ends.iter().map(|end| (start, *end)).collect();
        assert_eq!(seen.bounds(topic), expected, "{topic}");
        let committed = committed.bounds(topic).into_iter().map(|(_, end)| end);
        assert!(committed.eq(if topic == "payments" { &STABLE_PAYMENTS[..] } else { ends }.iter().copied()), "{topic}");
    }
    for (topic, records) in RECORDS {
        assert_eq!(seen.records(topic, records).len(), records, "{topic}");
    }
    for (group, topic, commits, lag) in COMMITS {
        assert_eq!(seen.commits(group, topic), commits, "{group}");
        let bounds = seen.bounds(topic);
        let behind = bounds.iter().zip(commits).map(|((start, end), at)| (end - at.max(start)).max(0));
        assert_eq!(behind.sum::<i64>(), lag, "{group}");
    }
    demo.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn groups_come_to_their_states_and_nothing_moves_without_traffic() {
    let demo = Demo::start(STILL).await.unwrap();
    let seen = Seen::new(&demo.bootstrap());
    seen.until(SOON, || (seen.groups() == states()).then_some(()), || format!("{:#?}", seen.groups()));
    for (group, topic, commits, _) in COMMITS {
        assert_eq!(seen.commits(group, topic), commits, "{group} moved");
    }
    for group in ["fresh", "test1"] {
        assert!(seen.commits(group, "tweets").iter().all(|at| *at == -1), "{group} committed");
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
    for (topic, _, ends) in TOPICS.iter().filter(|(topic, ..)| LIVE.contains(topic)) {
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
