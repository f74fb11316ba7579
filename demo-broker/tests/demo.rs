//! The demo cluster as a foreign client sees it. The tables here are the numbers that README, snapshots and other tests
//! may quote for seed 1.

#[cfg(test)]
mod seen;

use kafscope_demo_broker::demo::{Demo, Options};
use seen::Seen;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Nothing moves: the fixed part alone.
const STILL: Options = Options { port: None, rate: 0, seed: 1, fast: 0 };
/// How long something may take that happens by itself.
const SOON: Duration = Duration::from_secs(30);

/// Topic, start of every partition, end of each partition.
const TOPICS: [(&str, i64, &[i64]); 13] = [
    ("orders", 0, &[162, 201, 242, 218, 206, 171]),
    ("orders.dlq", 0, &[15]),
    ("tweets", 0, &[25, 25, 25, 25, 25, 25, 25, 25]),
    ("tripdata", 0, &[780, 0, 0, 0, 0, 0, 0, 220]),
    ("test", 0, &[13, 13, 13, 13, 12, 12, 12, 12]),
    ("mytopic", 0, &[2, 0, 0]),
    ("languages", 0, &[11, 13]),
    ("nulls", 0, &[27]),
    ("hostile", 0, &[24]),
    ("retained", 700, &[1_000]),
    ("drained", 50, &[50]),
    ("empty", 0, &[0]),
    ("fast", 0, &[0, 0, 0, 0, 0, 0]),
];

/// Group, topic, commits by partition, lag (end − the later of commit and start, never below 0).
const COMMITS: [(&str, &str, &[i64], i64); 7] = [
    ("billing", "orders", &[162, 201, 242, 218, 206, 171], 0),
    ("analytics", "orders", &[122, 154, 176, 172, 151, 125], 300),
    ("catching-up", "orders", &[36, 49, 60, 60, 45, 50], 900),
    ("stuck-parser", "orders.dlq", &[7], 8),
    ("stopped", "orders", &[64, 80, 96, 87, 82, 68], 723),
    ("late-reader", "retained", &[200], 300),
    ("ghost", "drained", &[90], 0),
];

/// Group, state, client ids of its members; `fresh`, `test1` and `idle` have no commits.
const STATES: [(&str, &str, &[&str]); 10] = [
    ("analytics", "Stable", &["analytics-0"]),
    ("billing", "Stable", &["billing-0", "billing-1"]),
    ("catching-up", "Stable", &["catching-up-0"]),
    ("fresh", "Stable", &["fresh-0"]),
    ("ghost", "Empty", &[]),
    ("idle", "Empty", &[]),
    ("late-reader", "Empty", &[]),
    ("stopped", "Empty", &[]),
    ("stuck-parser", "Stable", &["stuck-parser-0"]),
    ("test1", "Stable", &["spark-executor-test1"]),
];

fn states() -> Vec<(String, String, Vec<String>)> {
    let owned = |(group, state, members): &(&str, &str, &[&str])| {
        (group.to_string(), state.to_string(), members.iter().map(ToString::to_string).collect())
    };
    STATES.iter().map(owned).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_fixed_part_has_the_numbers_of_the_tables() {
    let demo = Demo::start(STILL).await.unwrap();
    let seen = Seen::new(&demo.bootstrap());
    for (topic, start, ends) in TOPICS {
        let expected: Vec<_> = ends.iter().map(|end| (start, *end)).collect();
        assert_eq!(seen.bounds(topic), expected, "{topic}");
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
    for topic in kafscope_demo_broker::data::topics(1) {
        let records = here.records(topic.name);
        assert!(records == there.records(topic.name), "{} differs between two runs", topic.name);
        let made: Vec<_> =
            topic.partitions.iter().flat_map(|records| records.iter().skip(topic.deleted_before as usize)).collect();
        assert!(records.iter().map(|(_, record)| record).eq(made), "{} differs from what was made", topic.name);
    }
    one.stop().await;
    other.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn traffic_makes_topics_grow_and_groups_move() {
    let began = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis() as i64;
    let demo = Demo::start(Options { rate: 40, fast: 500, ..STILL }).await.unwrap();
    let seen = Seen::new(&demo.bootstrap());
    for (topic, _, ends) in TOPICS.iter().filter(|(topic, ..)| ["orders", "test", "tweets", "fast"].contains(topic)) {
        let fixed: i64 = ends.iter().sum();
        let end = || seen.bounds(topic).iter().map(|(_, end)| end).sum::<i64>();
        seen.until(SOON, || (end() > fixed + 5).then_some(()), || format!("{topic} stays at {}", end()));
    }
    let newest = seen.records("test").into_iter().map(|(_, record)| record.timestamp).max().unwrap();
    assert!(newest >= began, "live records carry the time of now");
    for (group, before) in [("billing", 1_200), ("analytics", 900), ("catching-up", 300)] {
        let at = || seen.commits(group, "orders").iter().sum::<i64>();
        seen.until(SOON, || (at() > before).then_some(()), || format!("{group} stays at {}", at()));
    }
    assert_eq!(seen.commits("stuck-parser", "orders.dlq"), [7]);
    demo.stop().await;
}
