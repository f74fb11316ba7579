//! How many requests of each kind were sent: looking must cost no more than it should, and tests count.
use std::{
    collections::BTreeMap,
    sync::atomic::{AtomicU64, Ordering::Relaxed},
};

/// More than the highest request number Kafka has given out (92 in 4.3).
const KINDS: usize = 128;

#[derive(Debug)]
pub struct Requests([AtomicU64; KINDS]);

impl Default for Requests {
    fn default() -> Self {
        Self(std::array::from_fn(|_| AtomicU64::new(0)))
    }
}

impl Requests {
    pub fn count(&self, key: i16) {
        if let Some(counter) = usize::try_from(key).ok().and_then(|key| self.0.get(key)) {
            counter.fetch_add(1, Relaxed);
        }
    }

    /// Request number → how many were sent; kinds never sent are absent.
    pub fn sent(&self) -> BTreeMap<i16, u64> {
        let counts = self.0.iter().enumerate().map(|(key, n)| (key as i16, n.load(Relaxed)));
        counts.filter(|(_, n)| *n > 0).collect()
    }
}
