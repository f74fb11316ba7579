//! The live part of the demo: records that keep arriving, in the same shapes as the fixed part, with the time of now.

use crate::Cluster;
use crate::batch::{self, Clock, Codec, Record};
use crate::data::{self, clocks, customers, orders, payments, texts, tweets};
use bytes::Bytes;
use std::io;
use std::ops::Range;
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

/// What a live topic is written in.
#[derive(Clone, Copy)]
enum Unit {
    /// Records, those of one round in one batch a partition.
    Record { partitions: usize, codec: Codec, clock: Clock, make: fn(seed: u64, n: u64, at: i64) -> Record },
    /// Transactions of payments, each with its marker.
    Payment,
}

impl Unit {
    const fn record(partitions: usize, codec: Codec, make: fn(u64, u64, i64) -> Record) -> Self {
        Self::Record { partitions, codec, clock: Clock::Producer, make }
    }

    /// The units of these numbers as batches with their partitions, in the order they are to be appended.
    fn batches(self, seed: u64, numbers: Range<u64>, at: i64) -> Vec<(usize, io::Result<Bytes>)> {
        match self {
            Self::Record { partitions, codec, clock, make } => {
                let mut parts = vec![Vec::new(); partitions];
                for n in numbers {
                    let record = make(seed, n, at);
                    let place = record.key.as_ref().map(|key| data::partition(key, partitions));
                    parts[place.unwrap_or(n as usize % partitions)].push(record);
                }
                let written = parts.iter().enumerate().filter(|(_, records)| !records.is_empty());
                written.map(|(partition, records)| (partition, batch::write(records, codec, clock))).collect()
            }
            Self::Payment => numbers.flat_map(|n| payment(seed, n, at)).collect(),
        }
    }
}

fn payment(seed: u64, n: u64, at: i64) -> [(usize, io::Result<Bytes>); 2] {
    let transaction = payments::live(seed, n, at);
    // Sequence numbers only have to grow: no broker checks what the stage appends.
    let before = transaction.records.len() as u64 * n % i32::MAX as u64;
    transaction.whole(before as i32).map(|batch| (transaction.partition, batch.write()))
}

/// A topic that is written to for as long as the demo runs.
struct Live {
    topic: &'static str,
    unit: Unit,
    /// The number of the first live unit: the fixed part ends below it.
    first: u64,
    /// Thousandths of a unit a second.
    rate: fn(Rates) -> u64,
}

const LIVE: [Live; 7] = [
    Live {
        topic: "orders",
        unit: Unit::record(6, Codec::Lz4, orders::order),
        first: orders::FIXED + 1,
        rate: |rates| u64::from(rates.orders) * 1_000,
    },
    Live {
        topic: "test",
        unit: Unit::record(8, Codec::Snappy, texts::sentence),
        first: texts::FIXED_SENTENCES + 1,
        rate: |rates| u64::from(rates.orders) * 250,
    },
    Live {
        topic: "tweets",
        unit: Unit::record(8, Codec::Zstd, tweets::tweet),
        first: tweets::FIXED + 1,
        rate: |rates| u64::from(rates.orders) * 100,
    },
    Live {
        topic: "payments",
        unit: Unit::Payment,
        first: payments::FIXED + 1,
        rate: |rates| u64::from(rates.orders) * 1_000 / 60,
    },
    Live {
        topic: "customers",
        unit: Unit::record(customers::PARTITIONS, Codec::None, customers::update),
        first: 1,
        rate: |rates| u64::from(rates.orders) * 10,
    },
    Live {
        topic: "clock-append",
        unit: Unit::Record { partitions: 1, codec: Codec::None, clock: Clock::Broker, make: clocks::appended },
        first: clocks::FIXED_APPENDS + 1,
        rate: |rates| u64::from(rates.orders) * 10,
    },
    Live {
        topic: "fast",
        unit: Unit::record(6, Codec::None, texts::fast),
        first: 1,
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

    /// Writes what is due. A topic that someone deleted in the demo stays deleted: what was due for it is lost.
    fn write(&mut self, cluster: &Cluster, seed: u64, time: i64) {
        let numbers = self.next..self.next + self.take();
        self.next = numbers.end;
        for (partition, batch) in self.live.unit.batches(seed, numbers, time) {
            let appended = batch
                .map_err(anyhow::Error::from)
                .and_then(|batch| Ok(cluster.append(self.live.topic, partition as i32, batch)?));
            if let Err(why) = appended {
                debug!("live records for {} were not taken: {why}", self.live.topic);
            }
        }
    }
}

fn now_ms() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis() as i64)
}

#[cfg(test)]
mod hour;
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
    fn the_default_rate_is_twenty_orders_a_second_and_a_share_of_all_else() {
        let minute = Rates { orders: 20, fast: 0 };
        let shares = [("payments", 19), ("customers", 12), ("clock-append", 12)]; // the 20th payment is a moment later
        let fastest = [("orders", 1_200), ("test", 300), ("tweets", 120)];
        assert_eq!(due(minute, 1_200), [&fastest[..], &shares].concat());
    }

    #[test]
    fn small_rates_are_kept_over_time_and_fast_has_its_own() {
        assert_eq!(
            due(Rates { orders: 1, fast: 1_000 }, 1_200),
            [
                ("orders", 60),
                ("test", 15),
                ("tweets", 6),
                ("payments", 0),
                ("customers", 0),
                ("clock-append", 0),
                ("fast", 60_000)
            ]
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
