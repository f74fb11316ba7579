//! The oldest unread records of the groups that a person looks at, read beside the rounds and never holding them up.
use super::{Open, Watch};
use crate::{
    bus::Event,
    group::GroupName,
    kafka::groups::unread::{self, Ask, Reads},
    lag::UnreadRead,
};
use futures_util::StreamExt;
use jiff::Timestamp;
use std::{collections::BTreeMap, sync::Arc};

/// Places looked at before it is asked again what matters now.
const PORTION: usize = 32;

/// Where the groups that a person looks at stand.
#[derive(Debug, Default)]
pub struct Behind {
    shown: BTreeMap<GroupName, Vec<Ask>>,
    opened: Vec<Ask>,
}

impl Behind {
    /// Only these are on the screen now; was another one among those known?
    pub fn show(&mut self, names: &[GroupName]) -> bool {
        let before = self.shown.len();
        self.shown.retain(|name, _| names.contains(name));
        self.shown.len() < before
    }

    pub fn shown(&mut self, asks: Vec<(GroupName, Vec<Ask>)>) {
        self.shown.extend(asks);
    }

    pub fn opened(&mut self, asks: Vec<Ask>) {
        self.opened = asks;
    }

    pub fn closed(&mut self) {
        self.opened.clear();
    }

    fn asks(&self) -> Vec<Ask> {
        self.opened.iter().chain(self.shown.values().flatten()).cloned().collect()
    }
}

impl Watch {
    /// After each reading of those groups, until the screen leaves.
    pub async fn unread(self: Arc<Self>) -> Open {
        let (mut behind, mut reads) = (self.behind.subscribe(), Reads::default());
        loop {
            let asks = behind.borrow_and_update().asks();
            let (known, due) = reads.sort(asks, PORTION);
            let all = due.len() < PORTION;
            self.tell_unread(known).await?;
            let mut looks = Box::pin(unread::read(&self.cluster, due, self.committed).ready_chunks(PORTION));
            while let Some(read) = looks.next().await {
                read.iter().cloned().for_each(|read| reads.keep(read));
                self.tell_unread(read).await?;
            }
            drop(looks);
            // The sender lives as long as this: waiting cannot fail.
            let _ = if all { behind.changed().await } else { Ok(()) };
        }
    }

    async fn tell_unread(&self, reads: Vec<UnreadRead>) -> Open {
        if reads.is_empty() {
            return Ok(());
        }
        self.send(Event::UnreadRead { reads, at: Timestamp::now() }).await
    }
}
