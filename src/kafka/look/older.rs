//! An older page for the screen.
use super::Look;
use crate::{
    bus::{Event, Generation, Reading},
    kafka::{
        fetch::bounds,
        offsets::{At, Spot},
        page::{self, Back, PATIENT},
        tail::said,
        whereabouts::Extent,
        wire::Cluster,
    },
    place::Positions,
};
use std::{collections::BTreeMap, sync::Arc};

/// Everything there is to say of the newest `count` records before these positions; the page is the last word. A
/// partition that does not answer stays where it is.
pub async fn read(
    cluster: Arc<Cluster>,
    reading: Reading,
    before: Positions,
    count: usize,
    generation: Generation,
    mut look: Look,
) -> Vec<Event> {
    let extents = extents(&cluster, &reading, &before).await;
    let all = extents.len() == before.len();
    let (committed, filter) = (reading.committed, reading.filter);
    let back = Back { extents, count, all_met: false, committed, filter, patience: PATIENT };
    let older = page::before(&cluster, back, &mut look).await;
    let mut from = before;
    from.extend(older.from.into_iter().map(|((_, id), offset)| (id, offset)));
    let unreadable = older.unreadable.into_iter().map(|unreadable| said::unreadable(generation, unreadable));
    let failed = older.undecided.into_iter().map(|undecided| {
        let (partition, offset, why) = (undecided.spot.1, undecided.offset, undecided.why);
        Event::FilterFailed { generation, partition, offset, why }
    });
    let (batches, start, stopped) = (older.batches, older.start && all, older.stopped);
    let page = Event::OlderRead { generation, batches, from, start, stopped };
    unreadable.chain(failed).chain([page]).collect()
}

/// From the start of each of these partitions to the position; those whose start nobody tells are left out.
pub async fn extents(cluster: &Cluster, reading: &Reading, before: &Positions) -> BTreeMap<Spot, Extent> {
    let spots: Vec<Spot> = before.keys().map(|id| (reading.topic.clone(), *id)).collect();
    let extent = |(spot, start): bounds::Told| {
        let (start, end) = (start.ok()?, *before.get(&spot.1)?);
        Some((spot, Extent { start, end: end.max(start) }))
    };
    bounds::ask(cluster, At::Start, spots).await.into_iter().filter_map(extent).collect()
}
