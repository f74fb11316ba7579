//! Backwards through a range, page by page, with no more than a page in memory.
use super::Plan;
use crate::{
    kafka::{
        fetch::chunk::{MOST_BYTES, MOST_RECORDS},
        look::Look,
        offsets::Spot,
        page::{self, Back, Older, PATIENT},
        whereabouts::Extent,
        wire::Cluster,
    },
    record::{Batch, gather::gather},
};
use std::{collections::BTreeMap, sync::Arc};

/// Records of a page: enough that the brokers are not asked for crumbs.
const PAGE: u64 = 10_000;

pub struct Backwards {
    cluster: Arc<Cluster>,
    back: Back,
    over: bool,
}

impl Backwards {
    pub fn new(cluster: Arc<Cluster>, plan: &Plan, extents: BTreeMap<Spot, Extent>) -> Self {
        let (committed, filter) = (plan.committed, plan.filter.clone());
        let back = Back { extents, count: 0, all_met: true, committed, filter, patience: PATIENT };
        Self { cluster, back, over: false }
    }

    /// With a filter also more than `most`, never less than there are. `None` when there is nothing older.
    pub async fn page(&mut self, most: Option<u64>) -> Option<Older> {
        if self.over {
            return None;
        }
        let count = usize::try_from(most.unwrap_or(PAGE).min(PAGE)).unwrap_or(usize::MAX);
        let older = page::before(&self.cluster, Back { count, ..self.back.clone() }, &mut Look::silent()).await;
        self.back.extents.retain(|spot, _| !older.silent.contains_key(spot));
        self.over = older.start || self.back.extents.is_empty();
        for (spot, from) in &older.from {
            if let Some(extent) = self.back.extents.get_mut(spot) {
                extent.end = *from;
            }
        }
        Some(older)
    }
}

/// The newest first.
pub fn reversed(batches: &[Batch]) -> Vec<Batch> {
    gather(batches.iter().rev().flat_map(|batch| batch.records().rev()), MOST_RECORDS, MOST_BYTES)
}
