//! From the two places of a plan to a range of offsets in each partition.
use super::{Found, Order, Plan, newest};
use crate::{
    failure::Failure,
    kafka::{
        fetch::{
            fetcher::{Part, Stop},
            stream::Plan as Reading,
        },
        offsets::Spot,
        whereabouts::{self, Extent, Whereabouts, locate},
        wire::{Cause, Cluster, Error},
    },
    place::{Asked, Moved, Where},
    topic::TopicName,
};
use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
    time::Duration,
};

/// Failures in a row, half a minute of pauses, after which a scan gives a partition up: it is to end, after all.
const GIVE_UP_AFTER: u32 = 30;

/// `end` of an extent that nobody asked for: the end as the first answer shows it.
pub const FIRST_END: i64 = i64::MAX;

pub struct Ranges {
    pub extents: BTreeMap<Spot, Extent>,
    moved: Vec<(TopicName, Moved)>,
    failed: Vec<(Spot, Failure)>,
}

impl Ranges {
    pub async fn find(cluster: &Arc<Cluster>, plan: &Plan) -> Result<Self, Failure> {
        let spots = spots(cluster, plan).await?;
        let backwards = plan.order == Order::NewestFirst || matches!(plan.from, Where::Last(_));
        if backwards && plan.to == Where::End && matches!(plan.from, Where::Start | Where::Last(_)) {
            let (extents, failed) = whereabouts::extents(cluster, &spots, plan.committed).await;
            return Ok(Self { extents, moved: vec![], failed });
        }
        let from = if matches!(plan.from, Where::Last(_)) { &Where::Start } else { &plan.from };
        let from = locate(cluster, &spots, from, plan.committed);
        if plan.to == Where::End && !backwards {
            return Ok(Self::open(from.await));
        }
        let to = end(cluster, &spots, plan);
        let (from, to) = tokio::join!(from, to);
        Ok(Self::between(from, to))
    }

    fn open(from: Whereabouts) -> Self {
        let extent = |(spot, start)| (spot, Extent { start, end: FIRST_END });
        Self { extents: from.at.into_iter().map(extent).collect(), moved: from.moved, failed: from.failed }
    }

    fn between(from: Whereabouts, to: Whereabouts) -> Self {
        let extent = |(spot, start): (Spot, i64)| {
            let end = (*to.at.get(&spot)?).max(start);
            Some((spot, Extent { start, end }))
        };
        let backwards = from.at.iter().filter_map(|(spot, start)| backwards(spot, *start, *to.at.get(spot)?));
        let backwards: Vec<_> = backwards.collect();
        let (mut moved, mut failed) = (from.moved, from.failed);
        moved.extend(to.moved);
        moved.extend(backwards);
        failed.retain(|(spot, _)| to.failed.iter().all(|(other, _)| other != spot));
        failed.extend(to.failed);
        Self { extents: from.at.into_iter().filter_map(extent).collect(), moved, failed }
    }

    /// What is to be said before anything is read; the last first.
    pub fn words(&self) -> Vec<Found> {
        let failed = self.failed.iter().cloned().map(|((topic, partition), failure)| Found::Failed {
            topic,
            partition,
            failure,
            given_up: true,
        });
        let moved = self.moved.iter().rev().cloned().map(|(topic, moved)| Found::Moved { topic, moved });
        failed.chain(moved).collect()
    }

    /// Those that are known.
    pub fn ends(&self) -> BTreeMap<Spot, i64> {
        let known = self.extents.iter().filter(|(_, extent)| extent.end != FIRST_END);
        known.map(|(spot, extent)| (spot.clone(), extent.end)).collect()
    }

    pub fn begins(&self) -> BTreeMap<Spot, i64> {
        self.extents.iter().map(|(spot, extent)| (spot.clone(), extent.start)).collect()
    }

    pub fn stream(&self, plan: &Plan) -> Reading {
        let index: HashMap<_, _> = plan.topics.iter().enumerate().map(|(at, topic)| (topic, at)).collect();
        let part = |((topic, partition), extent): (&Spot, &Extent)| {
            let stop = if extent.end == FIRST_END { Stop::FirstEnd } else { Stop::At(extent.end) };
            Some(Part::new(*index.get(topic)?, *partition, extent.start, stop))
        };
        let parts = self.extents.iter().filter(|(_, extent)| extent.start < extent.end).filter_map(part).collect();
        Reading {
            topics: plan.topics.clone().into(),
            parts,
            committed: plan.committed,
            want: plan.want,
            max_wait: Duration::ZERO,
            // What is sorted stays for long.
            own: plan.order == Order::ByTime,
            filter: plan.filter.clone(),
            give_up_after: Some(GIVE_UP_AFTER),
            stays_open: false,
        }
    }
}

/// The last records are those over all partitions here too, as where reading begins.
async fn end(cluster: &Arc<Cluster>, spots: &[Spot], plan: &Plan) -> Whereabouts {
    match &plan.to {
        Where::Last(count) => newest::begins(cluster, spots, *count, plan.committed).await,
        to => locate(cluster, spots, to, plan.committed).await,
    }
}

/// What is to be said of a range that ends before it begins.
fn backwards((topic, partition): &Spot, from: i64, to: i64) -> Option<(TopicName, Moved)> {
    let asked = Asked::Backwards { from, to };
    (to < from).then(|| (topic.clone(), Moved { partition: *partition, asked, nearest: None }))
}

/// The partitions of the plan. Asks afresh when a topic is not known: it may be a new one.
async fn spots(cluster: &Cluster, plan: &Plan) -> Result<Vec<Spot>, Failure> {
    let mut metadata = cluster.metadata().await?;
    if plan.topics.iter().any(|topic| metadata.topic(topic).is_none()) {
        metadata = cluster.refresh().await?;
    }
    let mut spots = vec![];
    for name in &plan.topics {
        let gone = || Error::new(format!("reading topic {name}"), Cause::Gone);
        let topic = metadata.topic(name).ok_or_else(gone)?;
        if let Some(failure) = &topic.error {
            return Err(failure.clone());
        }
        let ids = topic.partitions.iter().map(|partition| partition.id);
        let wanted = |id: &i32| plan.partitions.as_ref().is_none_or(|only| only.contains(id));
        spots.extend(ids.filter(wanted).map(|id| (name.clone(), id)));
    }
    Ok(spots)
}
