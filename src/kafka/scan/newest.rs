//! Where the newest records over all partitions begin. Pages back and keeps none of them, so any number takes the memory
//! of a page.
use super::silence;
use crate::kafka::{
    look::Look,
    offsets::Spot,
    page::{self, Back, PATIENT},
    whereabouts::{Extent, Whereabouts, extents},
    wire::Cluster,
};
use std::{collections::BTreeMap, sync::Arc};

/// Records of a page.
const PAGE: usize = 10_000;

/// The newest `count` records lie from these offsets on; everything where there are not that many.
pub async fn begins(cluster: &Arc<Cluster>, spots: &[Spot], count: usize, committed: bool) -> Whereabouts {
    let (extents, failed) = extents(cluster, spots, committed).await;
    let offsets: u64 = extents.values().map(|extent| extent.end.abs_diff(extent.start)).fold(0, u64::saturating_add);
    let mut found = Whereabouts { failed, ..Whereabouts::default() };
    if count as u64 >= offsets {
        found.at = extents.into_iter().map(|(spot, extent)| (spot, extent.start)).collect();
        return found;
    }
    go_back(cluster, extents, count, committed, &mut found).await;
    found
}

async fn go_back(
    cluster: &Arc<Cluster>,
    mut extents: BTreeMap<Spot, Extent>,
    mut left: usize,
    committed: bool,
    found: &mut Whereabouts,
) {
    while left > 0 && !extents.is_empty() {
        let (count, filter) = (left.min(PAGE), None);
        let back = Back { extents: extents.clone(), count, all_met: false, committed, filter, patience: PATIENT };
        let older = page::before(cluster, back, &mut Look::silent()).await;
        for spot in older.silent.keys() {
            extents.remove(spot);
            found.failed.push((spot.clone(), silence(spot)));
        }
        for (spot, from) in &older.from {
            extents.entry(spot.clone()).and_modify(|extent| extent.end = *from);
        }
        let met: usize = older.batches.iter().map(|batch| batch.len()).sum();
        left = left.saturating_sub(met);
        if older.start || met == 0 {
            break;
        }
    }
    found.at = extents.into_iter().map(|(spot, extent)| (spot, extent.end)).collect();
}
