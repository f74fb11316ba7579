//! Rounds of groups: their names; the lag of all of them, slowly; the lag of those that a person looks at, every two
//! seconds.
use super::{Gone, Open, RETRY, ROUND, Watch, unread::Behind};
use crate::{
    bus::{Command, Event, Generation},
    failure::Failure,
    group::{Group, GroupLag, GroupName},
    kafka::groups::{self, Listing, Sampling, Way, unread},
};
use jiff::Timestamp;
use std::{collections::HashSet, sync::Arc};
use tokio::{
    sync::watch::Receiver,
    time::{Duration, Instant, sleep, sleep_until},
};

/// Between two sweeps over all groups, unless a sweep takes long.
const SWEEP: Duration = Duration::from_secs(10);
/// A sweep is followed by a pause at least this many times as long as it kept brokers at work.
const SWEEP_REST: u32 = 10;
/// The same for lists, which carry every name: 20 ms for one allow a list with every round of the screen.
const LIST_REST: u32 = 100;
/// Groups that are read together: their commits and ends wait for each other in memory.
const TOGETHER: usize = 5_000;
/// Groups and partitions in one event, so that the street never holds much.
const GROUPS_TOLD: usize = 500;
const PARTITIONS_TOLD: usize = 20_000;

type Listings = Receiver<Option<Arc<Listing>>>;

impl Watch {
    /// These groups are on the screen now.
    pub fn show(&self, groups: Vec<GroupName>) {
        self.on_screen.send_replace(groups);
    }

    /// Names and states of all groups, until the screen leaves.
    pub async fn names(self: Arc<Self>) -> Open {
        // The sender lives as long as this: waiting cannot fail.
        let _ = self.reached.subscribe().wait_for(|reached| *reached).await;
        loop {
            let began = Instant::now();
            match groups::names(&self.cluster).await {
                Ok(listing) => {
                    let took = began.elapsed();
                    self.tell_names(listing).await?;
                    self.rest((took * LIST_REST).clamp(ROUND, SWEEP)).await;
                }
                // The round of topics says why nobody answers.
                Err(_) => sleep(RETRY).await,
            }
        }
    }

    async fn tell_names(&self, mut listing: Listing) -> Open {
        if let Some(before) = &*self.listing.borrow() {
            listing.keep_missing(before);
        }
        self.roster.keep(&listing.groups);
        let listing = Arc::new(listing);
        self.listing.send_replace(Some(listing.clone()));
        let Listing { mut groups, missing, at } = Arc::unwrap_or_clone(listing);
        self.roster.fill_states(&mut groups);
        self.send(Event::GroupsListed { groups, missing, at }).await
    }

    /// The lag of all groups, until the screen leaves. New ones do not wait for the next sweep.
    pub async fn sweeps(self: Arc<Self>) -> Open {
        let mut listings = self.listing.subscribe();
        let _ = listings.wait_for(Option::is_some).await;
        loop {
            let (began, mut read) = (Instant::now(), HashSet::new());
            let busy = self.read_new(&mut listings, &mut read).await?;
            let until = began + busy + (busy * SWEEP_REST).max(SWEEP);
            loop {
                tokio::select! {
                    () = sleep_until(until) => break,
                    () = self.again.notified() => break,
                    _ = listings.changed() => drop(self.read_new(&mut listings, &mut read).await?),
                }
            }
        }
    }

    /// Those of the list that are not among the `read`. Answers how long brokers were at work for it: one that does not
    /// answer costs nobody anything.
    async fn read_new(&self, listings: &mut Listings, read: &mut HashSet<GroupName>) -> Result<Duration, Gone> {
        let listing = listings.borrow_and_update().clone();
        let all = listing.iter().flat_map(|listing| &listing.groups);
        let new: Vec<Group> = all.filter(|group| !read.contains(&group.name)).cloned().collect();
        read.extend(new.iter().map(|group| group.name.clone()));
        let mut busy = Duration::ZERO;
        for portion in new.chunks(self.together(&new).await) {
            busy += self.read_portion(portion).await?;
        }
        Ok(busy)
    }

    /// Until the last group that was told anything of.
    async fn read_portion(&self, groups: &[Group]) -> Result<Duration, Gone> {
        let (began, mut busy) = (Instant::now(), Duration::ZERO);
        let mut sampling = Sampling::begin(self.way(false), groups);
        while let Some(groups) = sampling.next().await {
            if groups.iter().any(|lag| lag.partitions.is_ok()) {
                busy = began.elapsed();
            }
            self.tell_lag(groups).await?;
        }
        Ok(busy)
    }

    /// Brokers that are asked for one group a request take their time, and ends must not be much younger than commits.
    async fn together(&self, groups: &[Group]) -> usize {
        let Some(broker) = groups.first().map(|group| group.coordinator) else { return TOGETHER };
        match groups::asks_together(&self.cluster, broker).await {
            true => TOGETHER,
            false => self.cluster.settings().old_commits_per_second.max(1),
        }
    }

    fn way(&self, closely: bool) -> Way<'_> {
        Way { cluster: &self.cluster, offsets: &self.offsets, roster: &self.roster, closely, stable: true }
    }

    /// By chunks.
    async fn tell_lag(&self, groups: Vec<GroupLag>) -> Open {
        let (mut chunk, mut partitions) = (vec![], 0);
        for group in groups {
            partitions += group.partitions.as_ref().map_or(0, Vec::len);
            chunk.push(group);
            if chunk.len() >= GROUPS_TOLD || partitions >= PARTITIONS_TOLD {
                partitions = 0;
                self.tell_chunk(std::mem::take(&mut chunk)).await?;
            }
        }
        if chunk.is_empty() { Ok(()) } else { self.tell_chunk(chunk).await }
    }

    async fn tell_chunk(&self, groups: Vec<GroupLag>) -> Open {
        self.send(Event::LagRead { groups, at: Timestamp::now() }).await
    }

    /// The groups on the screen, until the screen leaves. Those that come on it do not wait for the next round.
    pub async fn visible(self: Arc<Self>) -> Open {
        let mut shown = self.on_screen.subscribe();
        loop {
            let until = Instant::now() + ROUND;
            let mut read = HashSet::new();
            self.read_shown(&mut shown, &mut read).await?;
            loop {
                tokio::select! {
                    () = sleep_until(until) => break,
                    () = self.again.notified() => break,
                    _ = shown.changed() => self.read_shown(&mut shown, &mut read).await?,
                }
            }
        }
    }

    /// Those on the screen that are not among the `read`.
    async fn read_shown(&self, shown: &mut Receiver<Vec<GroupName>>, read: &mut HashSet<GroupName>) -> Open {
        let names = shown.borrow_and_update().clone();
        let listing = self.listing.borrow().clone();
        let known = |name: &GroupName| listing.as_ref()?.find(name).cloned();
        let new: Vec<Group> = names.iter().filter(|name| !read.contains(*name)).filter_map(known).collect();
        read.extend(new.iter().map(|group| group.name.clone()));
        self.behind.send_if_modified(|behind| behind.show(&names));
        let mut sampling = Sampling::begin(self.way(true), &new);
        while let Some(groups) = sampling.next().await {
            // The screen takes only what was read where it knows the group to stand.
            let asks = groups.iter().map(|lag| (lag.group.name.clone(), unread::asks(lag))).collect();
            self.tell_lag(groups).await?;
            self.behind.send_modify(|behind| behind.shown(asks));
        }
        Ok(())
    }

    /// Its unread records matter no more.
    pub fn close_group(&self) {
        self.behind.send_modify(Behind::closed);
    }

    /// One group, read again every round, until the task is cancelled.
    pub async fn group(self: Arc<Self>, name: GroupName, generation: Generation) -> Open {
        loop {
            let until = Instant::now() + ROUND;
            match self.read_group(&name).await {
                Ok(group) => {
                    let asks = unread::asks(&group);
                    self.send(Event::GroupRead { generation, group: Box::new(group), at: Timestamp::now() }).await?;
                    self.behind.send_modify(|behind| behind.opened(asks));
                }
                Err(why) => {
                    let doing = Command::OpenGroup { group: name.clone(), generation };
                    self.send(Event::Failed { doing, why }).await?;
                }
            }
            self.rest(until.saturating_duration_since(Instant::now())).await;
        }
    }

    async fn read_group(&self, name: &GroupName) -> Result<GroupLag, Failure> {
        let group = self.find(name).await?;
        let left_out = || Failure::new(format!("reading group {name}"), "nobody answered for it", "it is tried again");
        Sampling::begin(self.way(true), &[group]).next().await.and_then(|mut one| one.pop()).ok_or_else(left_out)
    }

    /// In the list; what is not in it, in a new one.
    async fn find(&self, name: &GroupName) -> Result<Group, Failure> {
        let listing = self.listing.borrow().clone();
        if let Some(group) = listing.and_then(|listing| listing.find(name).cloned()) {
            return Ok(group);
        }
        let listing = groups::names(&self.cluster).await?;
        match (listing.find(name), listing.missing.first()) {
            (Some(group), _) => Ok(group.clone()),
            (None, Some((_, why))) => Err(why.clone()),
            (None, None) => Err(Failure::new(
                format!("reading group {name}"),
                "no broker has a group of this name any more",
                "esc closes this view",
            )),
        }
    }
}
