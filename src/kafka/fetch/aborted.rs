//! Read-committed: which batches belong to a transaction that was aborted. A Fetch answer lists them by producer and
//! first offset; each ends with its marker (Kafka's `Fetcher.consumeAbortedTransactionsUpTo`).
use super::{batch::Records, envelope::Envelope};
use std::collections::HashSet;

/// One aborted transaction, as a Fetch answer lists it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AbortedTransaction {
    pub producer: i64,
    pub first_offset: i64,
}

/// The aborted transactions of one partition in one answer, followed batch by batch.
#[derive(Debug)]
pub struct Aborted {
    /// Those that have not begun yet, the next one last.
    ahead: Vec<AbortedTransaction>,
    open: HashSet<i64>,
}

impl Aborted {
    pub fn new(mut listed: Vec<AbortedTransaction>) -> Self {
        listed.sort_by_key(|transaction| std::cmp::Reverse(transaction.first_offset));
        Self { ahead: listed, open: HashSet::new() }
    }

    /// Do the records of this batch belong to an aborted transaction? To be asked of every batch, in order.
    pub fn takes(&mut self, buffer: &[u8], envelope: &Envelope) -> bool {
        while let Some(next) = self.ahead.pop_if(|next| next.first_offset <= envelope.last_offset) {
            self.open.insert(next.producer);
        }
        if envelope.is_control() {
            if is_abort_marker(buffer, envelope) {
                self.open.remove(&envelope.producer);
            }
            return false;
        }
        envelope.is_transactional() && self.open.contains(&envelope.producer)
    }
}

/// The key of a marker is a version and a type, 0 = abort (Kafka's `ControlRecordType`).
fn is_abort_marker(buffer: &[u8], envelope: &Envelope) -> bool {
    let first = Records::new(buffer, envelope.body(), envelope, 0).next();
    let key = first.and_then(Result::ok).and_then(|found| found.head.key.of(buffer));
    key.and_then(|key| key.get(2..4)) == Some(&[0, 0])
}
