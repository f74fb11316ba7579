//! Which groups there are and what they read, on a real cluster and on the demo's brokers alike.
use crate::scale;
use anyhow::Result;

pub const GROUPS: u64 = 500;
pub const MANY: u64 = 5_000;
/// With `PARTITIONS` each: 3,000.
const TOPICS: usize = 200;
pub const PARTITIONS: i32 = 15;
/// In each partition; every group stands at `COMMIT` in all partitions of its topic.
pub const RECORDS: u64 = 20;
pub const COMMIT: i64 = 5;
/// The topic of the last groups by name, which lost records to retention. It is the one that the screen opens, which puts
/// them first as soon as it knows what they read: once they are seen, every group before them has been read.
pub const LOST: &str = "lag.lost";
pub const LOST_START: i64 = 10;
/// Enough to have one on each of three brokers.
const LOST_GROUPS: u64 = 6;

pub struct Set {
    /// Groups in all.
    pub count: u64,
    topics: usize,
    lost: u64,
}

impl Set {
    /// So many groups, fewer when only a part is measured.
    pub fn of(whole: u64) -> Result<Self> {
        let part = scale::part()?;
        let count = ((whole as f64 * part) as u64).max(50.min(whole));
        Ok(Self::exactly(count, ((TOPICS as f64 * part) as usize).max(10)))
    }

    pub fn exactly(count: u64, topics: usize) -> Self {
        Self { count, topics, lost: LOST_GROUPS.min(count / 8) }
    }

    pub fn topics(&self) -> Vec<String> {
        (0..self.topics).map(|n| format!("lag.{n:03}")).collect()
    }

    /// Name and topic of every group but the lost ones.
    pub fn groups(&self) -> impl Iterator<Item = (String, String)> {
        (0..self.count - self.lost).map(|n| (format!("lag-{n:04}"), format!("lag.{:03}", n as usize % self.topics)))
    }

    pub fn lost(&self) -> impl Iterator<Item = String> {
        (0..self.lost).map(|n| format!("lost-{n}"))
    }

    /// Rows of all groups: partitions with a commit.
    pub fn rows(&self) -> u64 {
        (self.count - self.lost) * PARTITIONS as u64 + self.lost
    }

    pub fn partitions(&self) -> usize {
        self.topics * PARTITIONS as usize + 1
    }
}
