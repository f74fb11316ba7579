//! Looks at groups, once or again and again, and keeps what earlier looks saw of each.
use crate::{
    group::{Group, GroupLag, GroupName, label},
    headless::{Ended, Setup, connect},
    kafka::{
        groups::{
            self,
            unread::{self, Place},
        },
        offsets::Offsets,
        wire::Cluster,
    },
    lag::{History, UnreadRead},
};
use jiff::Timestamp;
use std::{collections::HashMap, sync::Arc};

/// What is read beside commits and ends.
#[derive(Debug, Clone, Copy, Default)]
pub struct Wants {
    /// Last stable offsets.
    pub closely: bool,
    /// The oldest unread record of every partition that lags.
    pub unread: bool,
}

#[derive(Debug)]
pub struct Looks {
    pub cluster: Arc<Cluster>,
    offsets: Offsets,
    /// Records of open and aborted transactions are not waited for.
    committed: bool,
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
        Ok(Self {
            offsets: Offsets::new(cluster.clone()),
            cluster,
            committed: setup.committed,
            histories: HashMap::new(),
        })
    }

    /// One answer for each group, in the same order.
    pub async fn look(&mut self, groups: &[Group], wants: Wants) -> Vec<GroupLag> {
        let told = if wants.closely {
            groups::lag_closely(&self.cluster, &self.offsets, groups).await
        } else {
            groups::lag(&self.cluster, &self.offsets, groups).await
        };
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

    /// Each group hears of the places that it stands at.
    async fn read_unread(&mut self, told: &[GroupLag]) {
        let reads = unread::of(&self.cluster, told, self.committed).await;
        let place = |read: &UnreadRead| ((read.topic.clone(), read.partition), read.from);
        let reads: HashMap<Place, &UnreadRead> = reads.iter().map(|read| (place(read), read)).collect();
        for ask in told.iter().flat_map(unread::asks) {
            if let (Some(history), Some(read)) = (self.histories.get_mut(&ask.group), reads.get(&ask.place)) {
                history.unread(read);
            }
        }
    }
}
