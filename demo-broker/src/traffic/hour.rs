//! The seventh of the demo's acceptance cases: an hour at `--rate 2000` leaves memory flat. Time is made up, round by
//! round as the traffic lives it. Topics that reach their cap within seconds are given caps of a 64th, so that less of the
//! hour shows the same; those that fill slowly get the whole hour.

use super::*;
use crate::data::TopicSeed;
use crate::demo::fill;
use crate::{Setup, data};

const RATES: Rates = Rates { orders: 2_000, fast: 2_000 };
/// What `TopicSeed::capped` promises of every live topic, bytes.
const CAP: usize = 16 << 20;
const PART: usize = 64;
/// A partition holds its cap and the batch of a round that does not fit into it any more.
const ROUND_BYTES: usize = 32 << 10;
/// Bytes by which a compacted partition grows before it is cleaned, and what it holds then.
const COMPACTED: usize = (1 << 20) + (256 << 10);

/// Topic and seconds.
const HOUR: [(&str, u32); 7] = [
    ("orders", 14),
    ("test", 80),
    ("tweets", 4),
    ("payments", 40),
    ("customers", 3_600),
    ("clock-append", 3_600),
    ("fast", 30),
];

/// The topic with a part of its cap; the whole cap, or none for a compacted one.
fn scaled(name: &str) -> (TopicSeed, Option<usize>) {
    let mut seed = data::topics(1).into_iter().find(|topic| topic.name == name).unwrap();
    let partitions = seed.partitions.len();
    let retention = seed.configs.iter_mut().find(|(config, _)| *config == "retention.bytes");
    let cap = retention.map(|(_, value)| {
        let cap: usize = value.parse().unwrap();
        *value = (cap / PART).to_string();
        cap * partitions
    });
    (seed, cap)
}

fn held(cluster: &Cluster, topic: &str) -> usize {
    cluster.shared.lock().topics[topic].bytes()
}

#[tokio::test]
async fn an_hour_at_2000_a_second_leaves_memory_flat() {
    let cluster = Cluster::start(Setup::default()).await.unwrap();
    for (live, (name, seconds)) in LIVE.iter().zip(HOUR) {
        assert_eq!(live.topic, name);
        let (seed, cap) = scaled(name);
        assert!(cap.is_some_and(|cap| cap <= CAP) || name == "customers", "{name} has no cap");
        let each = cap.map_or(COMPACTED, |cap| cap / PART / seed.partitions.len() + ROUND_BYTES);
        fill(&cluster, &seed).unwrap();
        let mut stream = Stream::new(live, RATES).unwrap();
        let mut half = |from: u32| {
            let rounds = seconds * 1_000 / ROUND.as_millis() as u32 / 2;
            let peak = (from * rounds..(from + 1) * rounds).map(|round| {
                stream.owe(ROUND);
                stream.write(&cluster, 1, 1_795_165_200_000 + i64::from(round) * ROUND.as_millis() as i64);
                held(&cluster, name)
            });
            peak.max().unwrap()
        };
        let (first, second) = (half(0), half(1));
        assert!(second <= first + first / 8, "{name} still grows: {first} bytes, then {second}");
        assert!(second <= each * seed.partitions.len(), "{name} holds {second} bytes");
        assert!(cluster.start_offset(name, 0) > Some(seed.deleted_before) || cap.is_none(), "{name} never was full");
    }
    cluster.shutdown().await;
}
