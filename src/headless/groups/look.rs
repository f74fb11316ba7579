//! Looks at groups, once or again and again, and keeps what earlier looks saw of each.
use crate::{
    group::{Group, GroupLag, GroupName, label},
    headless::{Ended, Setup, connect},
    kafka::{
        groups,
        offsets::{At, Offsets, Spot},
        wire::Cluster,
    },
    lag::History,
};
use jiff::Timestamp;
use std::{collections::HashMap, sync::Arc};
use tokio::time::Instant;

/// What is read beside commits and ends.
#[derive(Debug, Clone, Copy, Default)]
pub struct Wants {
    /// Last stable offsets.
    pub stable: bool,
    /// The oldest unread record of every partition that lags.
    pub unread: bool,
}

#[derive(Debug)]
pub struct Looks {
    pub cluster: Arc<Cluster>,
    offsets: Offsets,
    histories: HashMap<GroupName, History>,
}

/// One group as it was seen last, and what is known of it from before.
#[derive(Debug, Clone, Copy)]
pub struct Seen<'a> {
    pub lag: &'a GroupLag,
    pub history: &'a History,
    pub now: Timestamp,
}

impl Seen<'_> {
    /// Who reads here, in words.
    pub fn label(&self) -> Option<String> {
        label::label(self.lag, self.history.moves_without_members())
    }
}

impl Looks {
    pub fn new(setup: &Setup) -> Result<Self, Ended> {
        let cluster = connect(setup)?;
        Ok(Self { offsets: Offsets::new(cluster.clone()), cluster, histories: HashMap::new() })
    }

    /// One answer for each group, in the same order.
    pub async fn look(&mut self, groups: &[Group], wants: Wants) -> Vec<GroupLag> {
        let mut told = groups::lag(&self.cluster, &self.offsets, groups).await;
        if wants.stable {
            self.read_stable_ends(&mut told).await;
        }
        for lag in &told {
            self.histories.entry(lag.group.name.clone()).or_default().sample(lag);
        }
        if wants.unread {
            self.read_unread(&told).await;
        }
        told
    }

    /// The groups of the last look, with their histories.
    pub fn seen<'a>(&'a self, told: &'a [GroupLag]) -> Vec<Seen<'a>> {
        let now = Timestamp::now();
        let seen = |lag: &'a GroupLag| Some(Seen { lag, history: self.histories.get(&lag.group.name)?, now });
        told.iter().filter_map(seen).collect()
    }

    async fn read_stable_ends(&self, told: &mut [GroupLag]) {
        let rows = told.iter().filter_map(|group| group.partitions.as_ref().ok()).flatten();
        let spots: Vec<Spot> = rows.map(|row| (row.topic.clone(), row.partition)).collect();
        let read = self.offsets.read(At::StableEnd, &spots, Instant::now()).await;
        for row in told.iter_mut().filter_map(|group| group.partitions.as_mut().ok()).flatten() {
            let reading = read.get(&(row.topic.clone(), row.partition));
            row.stable_end = reading.and_then(|reading| reading.offset.as_ref().ok().copied());
        }
    }

    async fn read_unread(&mut self, _told: &[GroupLag]) {}
}
