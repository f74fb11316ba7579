//! Records sent from here: seen when they arrive, marked where they stand.
use crate::{
    panels::{Look, Sent, Session},
    record::{Batch, Record},
    text::Safe,
    widgets::format,
};

/// Notes the arrival of everything awaited that stands in one of these batches. Costs nothing while nothing is awaited.
pub fn note<'a>(session: &mut Session, batches: impl Iterator<Item = &'a Batch> + Clone) {
    let now = session.now;
    for sent in session.sent.iter_mut().filter(|sent| sent.arrived.is_none()) {
        if batches.clone().any(|batch| holds(batch, sent)) {
            sent.arrived = Some(format::since(sent.at, now));
        }
    }
}

fn holds(batch: &Batch, sent: &Sent) -> bool {
    let it = |head: &crate::record::Head| head.offset == sent.offset && head.partition == sent.partition;
    batch.topic == sent.topic && batch.heads.iter().any(it)
}

/// `◂ sent here, 5 ms` for a record that was.
pub fn mark(record: &Record, look: &Look) -> Option<Safe> {
    let is_it = |sent: &&Sent| (sent.partition, sent.offset) == record.place() && sent.topic == *record.topic;
    let arrived = look.session.sent.iter().rev().find(is_it)?.arrived?;
    Some(Safe::from(format!("◂ sent here, {}", format::span(arrived))))
}
