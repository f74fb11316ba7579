//! The live part of the demo: records that keep arriving, in the same shapes as the fixed part, with the time of now.

use crate::Cluster;
use crate::batch::{self, Clock, Codec, Record};
use crate::data::{self, orders, texts, tweets};
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};
use tokio::time::{MissedTickBehavior, interval};
use tracing::debug;

/// Between two rounds: short enough that 20 records a second come one by one.
const ROUND: Duration = Duration::from_millis(50);
/// After a pause of the whole machine no more than this is made up for.
const LONGEST_DEBT: Duration = Duration::from_secs(1);

/// Records of one topic in one round: a million a second, whatever rate is asked. The rest is not written.
const MOST_A_ROUND: u64 = 50_000;
/// `Stream::due` counts in these parts of a record.
const PARTS: u64 = 1_000_000;

/// How fast records arrive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rates {
    /// Orders a second; the other live topics keep their share of it.
    pub orders: u32,
    /// Records of `fast` a second.
    pub fast: u32,
}

/// A topic that is written to for as long as the demo runs.
struct Live {
    topic: &'static str,
    partitions: usize,
    codec: Codec,
    /// The number of the first live record: the fixed part ends below it.
    first: u64,
    record: fn(seed: u64, n: u64, at: i64) -> Record,
    /// Thousandths of a record a second.
    rate: fn(Rates) -> u64,
}

const LIVE: [Live; 4] = [
    Live {
        topic: "orders",
        partitions: 6,
        codec: Codec::Lz4,
        first: orders::FIXED + 1,
        record: orders::order,
        rate: |rates| u64::from(rates.orders) * 1_000,
    },
    Live {
        topic: "test",
        partitions: 8,
        codec: Codec::Snappy,
        first: texts::FIXED_SENTENCES + 1,
        record: texts::sentence,
        rate: |rates| u64::from(rates.orders) * 250,
    },
    Live {
        topic: "tweets",
        partitions: 8,
        codec: Codec::Zstd,
        first: tweets::FIXED + 1,
        record: tweets::tweet,
        rate: |rates| u64::from(rates.orders) * 100,
    },
    Live {
        topic: "fast",
        partitions: 6,
        codec: Codec::None,
        first: 1,
        record: texts::fast,
        rate: |rates| u64::from(rates.fast) * 1_000,
    },
];

/// Writes records until it is dropped; ends at once when nothing is to be written.
pub async fn run(cluster: Arc<Cluster>, seed: u64, rates: Rates) {
    let mut ticks = interval(ROUND);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Skip);
    let mut streams: Vec<Stream> = LIVE.iter().filter_map(|live| Stream::new(live, rates)).collect();
    let mut last = Instant::now();
    while !streams.is_empty() {
        ticks.tick().await;
        let (now, time) = (Instant::now(), now_ms());
        let passed = (now - last).min(LONGEST_DEBT);
        last = now;
        for stream in &mut streams {
            stream.owe(passed);
            stream.write(&cluster, seed, time);
        }
    }
}

/// One live topic and how far it is.
struct Stream {
    live: &'static Live,
    rate: u64,
    next: u64,
    /// Parts of records that are due and not yet written.
    due: u64,
}

impl Stream {
    /// `None` for a topic that stands still at these rates.
    fn new(live: &'static Live, rates: Rates) -> Option<Self> {
        let rate = (live.rate)(rates);
        (rate > 0).then_some(Self { live, rate, next: live.first, due: 0 })
    }

    fn owe(&mut self, passed: Duration) {
        self.due += self.rate * passed.as_micros() as u64 / 1_000;
    }

    /// The number of records that are due now.
    fn take(&mut self) -> u64 {
        let count = self.due / PARTS;
        self.due %= PARTS;
        count.min(MOST_A_ROUND)
    }

    /// Writes what is due, one batch a partition.
    fn write(&mut self, cluster: &Cluster, seed: u64, time: i64) {
        let count = self.take();
        let mut parts = vec![Vec::new(); self.live.partitions];
        for n in self.next..self.next + count {
            let record = (self.live.record)(seed, n, time);
            let at = record.key.as_ref().map_or(n as usize % parts.len(), |key| data::partition(key, parts.len()));
            parts[at].push(record);
        }
        self.next += count;
        for (partition, records) in parts.iter().enumerate().filter(|(_, records)| !records.is_empty()) {
            self.append(cluster, partition, records);
        }
    }

    /// A topic that someone deleted in the demo stays deleted: what was due for it is lost.
    fn append(&self, cluster: &Cluster, partition: usize, records: &[Record]) {
        let appended = batch::write(records, self.live.codec, Clock::Producer)
            .map_err(anyhow::Error::from)
            .and_then(|batch| Ok(cluster.append(self.live.topic, partition as i32, batch)?));
        if let Err(why) = appended {
            debug!("live records for {} were not taken: {why}", self.live.topic);
        }
    }
}

fn now_ms() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis() as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Records that are due after `rounds` rounds at these rates, by topic.
    fn due(rates: Rates, rounds: u64) -> Vec<(&'static str, u64)> {
        let streams = LIVE.iter().filter_map(|live| Stream::new(live, rates));
        let counted = streams.map(|mut stream| {
            (0..rounds).for_each(|_| stream.owe(ROUND));
            (stream.live.topic, stream.due / PARTS)
        });
        counted.collect()
    }

    #[test]
    fn the_default_rate_is_twenty_orders_five_sentences_and_two_tweets_a_second() {
        let rates = Rates { orders: 20, fast: 0 };
        assert_eq!(due(rates, 20), [("orders", 20), ("test", 5), ("tweets", 2)]);
    }

    #[test]
    fn small_rates_are_kept_over_time_and_fast_has_its_own() {
        assert_eq!(
            due(Rates { orders: 1, fast: 1_000 }, 1_200),
            [("orders", 60), ("test", 15), ("tweets", 6), ("fast", 60_000)]
        );
        assert_eq!(due(Rates { orders: 0, fast: 0 }, 1_200), []);
    }

    #[test]
    fn an_absurd_rate_is_bounded_in_every_round() {
        let mut stream = Stream::new(&LIVE[0], Rates { orders: u32::MAX, fast: 0 }).unwrap();
        stream.owe(LONGEST_DEBT);
        assert_eq!(stream.take(), MOST_A_ROUND);
        assert_eq!(stream.take(), 0, "what is beyond is not made up for");
    }
}
