//! Payments in transactions: committed, aborted and one that stays open. A transaction is one payment, five bookings on
//! one account, so all of it is on the partition of its key.

use super::{Layout, Random, TopicSeed, base_time, partition};
use crate::batch::{Producer, Record};
use crate::prepared::Prepared;
use serde_json::json;

/// Transactions in the fixed part, without the open one; live ones go on from here.
pub const FIXED: u64 = 66;
pub const PARTITIONS: usize = 3;
/// One of so many transactions of the fixed part is aborted, never the last of a partition.
const ABORTED_OF: u64 = 11;
const FIRST_ABORTED: u64 = 5;
/// The partition with the open transaction. Nothing live comes after it: what it holds back stays those five.
const HELD: usize = 2;
/// Between two transactions, two bookings, and the last booking and the marker.
const INTERVAL_MS: i64 = 50_000;
const BOOKING_MS: i64 = 100;
const ACCOUNTS: u64 = 60;
const BOOKINGS: [&str; 5] = ["authorized", "captured", "fee", "tax", "settled"];

/// How a transaction ends. Each fate has a producer of its own, so that two can be open at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    Committed,
    Aborted,
    Open,
}

impl Fate {
    /// Far above the ids that the brokers give out.
    fn producer(self) -> i64 {
        match self {
            Self::Committed => 9_001,
            Self::Aborted => 9_002,
            Self::Open => 9_003,
        }
    }
}

/// One transaction.
#[derive(Clone, Debug)]
pub struct Transaction {
    pub partition: usize,
    pub fate: Fate,
    pub records: Vec<Record>,
}

impl Transaction {
    fn new(seed: u64, n: u64, partition: usize, fate: Fate, at: i64) -> Self {
        Self { partition, fate, records: bookings(seed, n, partition, at) }
    }

    /// The batch of these of its records, `sequence` being the number of the first.
    fn batch(&self, records: &[Record], sequence: i32) -> Prepared {
        let producer = Producer { id: self.fate.producer(), sequence };
        Prepared::Transactional { producer, records: records.to_vec() }
    }

    fn marker(&self) -> Prepared {
        let at = self.records.last().map_or(-1, |record| record.timestamp + BOOKING_MS);
        Prepared::Marker { producer_id: self.fate.producer(), commits: self.fate == Fate::Committed, at }
    }

    /// Its batch and its marker, `before` being the records its producer wrote to the partition so far.
    pub fn whole(&self, before: i32) -> [Prepared; 2] {
        [self.batch(&self.records, before), self.marker()]
    }
}

/// All transactions of the fixed part in the order they begin; the last one is open.
pub fn transactions(seed: u64) -> Vec<Transaction> {
    let at = |n: u64| base_time(seed) + n as i64 * INTERVAL_MS;
    let ended = (1..=FIXED).map(|n| {
        let fate = if n % ABORTED_OF == FIRST_ABORTED { Fate::Aborted } else { Fate::Committed };
        Transaction::new(seed, n, n as usize % PARTITIONS, fate, at(n))
    });
    ended.chain([Transaction::new(seed, 0, HELD, Fate::Open, at(FIXED + 1))]).collect()
}

/// Live transaction number `n`: every tenth is aborted.
pub fn live(seed: u64, n: u64, at: i64) -> Transaction {
    let fate = if n.is_multiple_of(10) { Fate::Aborted } else { Fate::Committed };
    Transaction::new(seed, n, n as usize % HELD, fate, at)
}

pub fn topic(seed: u64) -> TopicSeed {
    let transactions = transactions(seed);
    let on = |partition: usize| transactions.iter().filter(move |t| t.partition == partition);
    let laid: Vec<Layout> = (0..PARTITIONS).map(|partition| lay(on(partition))).collect();
    let partitions = laid.iter().map(Layout::records).collect();
    TopicSeed { partitions, laid, ..TopicSeed::new("payments", PARTITIONS).capped() }
}

/// An aborted transaction is open while the next one commits, so that only its producer's id tells its records.
fn lay<'a>(transactions: impl Iterator<Item = &'a Transaction>) -> Layout {
    let mut log = Layout::default();
    let mut written = [0; 2];
    let mut held: Option<&Transaction> = None;
    for transaction in transactions {
        let count = transaction.records.len() as i32;
        match transaction.fate {
            Fate::Open => log.push(transaction.batch(&transaction.records, 0)),
            Fate::Aborted => {
                log.push(transaction.batch(&transaction.records[..3], written[1]));
                held = Some(transaction);
            }
            Fate::Committed => {
                transaction.whole(written[0]).into_iter().for_each(|batch| log.push(batch));
                written[0] += count;
                if let Some(aborted) = held.take() {
                    log.push(aborted.batch(&aborted.records[3..], written[1] + 3));
                    log.push(aborted.marker());
                    written[1] += count;
                }
            }
        }
    }
    log
}

fn bookings(seed: u64, n: u64, partition: usize, at: i64) -> Vec<Record> {
    let mut random = Random::new(seed, "payments", n);
    let account = account(&mut random, partition);
    let cents = random.between(500, 90_000);
    let currency = random.pick(&["EUR", "EUR", "USD", "GBP"]);
    let booking = |(step, name): (i64, &&str)| {
        let share = [100, 100, 2, 19, 98][step as usize % 5];
        let time = at + step * BOOKING_MS;
        let value = json!({
            "payment": format!("pay-{n:06}"),
            "booking": name,
            "account": account,
            "amount": (cents * share / 100) as f64 / 100.0,
            "currency": currency,
            "at": jiff::Timestamp::from_millisecond(time).map(|time| time.to_string()).unwrap_or_default(),
        });
        Record::at(time).key(account.clone()).value(value.to_string())
    };
    (0..).zip(&BOOKINGS).map(booking).collect()
}

/// An account whose key belongs on the partition; of 60 there is always one.
fn account(random: &mut Random, on: usize) -> String {
    loop {
        let account = format!("acct-{}", random.between(1, ACCOUNTS));
        if partition(account.as_bytes(), PARTITIONS) == on {
            return account;
        }
    }
}
