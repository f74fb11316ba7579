//! What readers say, as events of the bus.
use crate::{
    bus::{Event, Generation},
    kafka::fetch::news::Unreadable,
};

pub fn unreadable(generation: Generation, unreadable: Unreadable) -> Event {
    let (partition, batches, failure) = (unreadable.partition, unreadable.batches, unreadable.failure());
    Event::BatchesUnreadable { generation, partition, batches, failure }
}
