//! Sequence numbers of idempotent producers (KIP-98, `ProducerStateEntry`): duplicates found, gaps refused.

use crate::{batch_header::BatchHeader, codes};
use std::collections::{BTreeMap, VecDeque};

/// Batches remembered a producer, as many as one may have in flight (`ProducerStateEntry.NUM_BATCHES_TO_RETAIN`).
const REMEMBERED: usize = 5;
/// Producers remembered a partition, so that a stranger with many ids costs no memory; the lowest id is forgotten first.
const PRODUCERS: usize = 4096;

#[derive(Debug, Clone, Copy)]
struct Seen {
    first: i32,
    last: i32,
    base_offset: i64,
}

#[derive(Debug, Default)]
struct Producer {
    epoch: i16,
    recent: VecDeque<Seen>,
}

#[derive(Debug, Default)]
pub(crate) struct Sequences {
    producers: BTreeMap<i64, Producer>,
}

impl Sequences {
    /// `Ok(Some(offset))`: a duplicate of the batch at `offset`. Errors are Kafka's codes. Batches without a producer id
    /// are always new.
    pub(crate) fn check(&self, header: &BatchHeader) -> Result<Option<i64>, i16> {
        let Some(producer) = self.producers.get(&header.producer_id) else { return Ok(None) };
        if header.producer_epoch < producer.epoch {
            return Err(codes::INVALID_PRODUCER_EPOCH);
        }
        if header.producer_epoch > producer.epoch {
            return if header.base_sequence == 0 { Ok(None) } else { Err(codes::OUT_OF_ORDER_SEQUENCE_NUMBER) };
        }
        let (first, last) = (header.base_sequence, header.last_sequence());
        if let Some(seen) = producer.recent.iter().find(|s| s.first == first && s.last == last) {
            return Ok(Some(seen.base_offset));
        }
        let expected = producer.recent.back().map(|s| s.last.checked_add(1).unwrap_or(0));
        match expected {
            Some(expected) if expected != first => Err(codes::OUT_OF_ORDER_SEQUENCE_NUMBER),
            _ => Ok(None),
        }
    }

    /// Remembers a batch that was appended at `base_offset`.
    pub(crate) fn remember(&mut self, header: &BatchHeader, base_offset: i64) {
        if header.producer_id < 0 || header.base_sequence < 0 {
            return;
        }
        let producer = self.producers.entry(header.producer_id).or_default();
        if header.producer_epoch != producer.epoch {
            *producer = Producer { epoch: header.producer_epoch, recent: VecDeque::new() };
        }
        producer.recent.push_back(Seen { first: header.base_sequence, last: header.last_sequence(), base_offset });
        if producer.recent.len() > REMEMBERED {
            producer.recent.pop_front();
        }
        if self.producers.len() > PRODUCERS {
            self.producers.pop_first();
        }
    }
}
