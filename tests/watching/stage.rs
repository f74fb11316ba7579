//! The demo cluster with groups on it, and the Kafka side without a screen.
use kafscope::{
    bus::{Command, Desk, Event, bus},
    group::GroupLag,
    kafka::{self, wire},
    lag::{PartitionLag, UnreadRead},
};
use kafscope_demo_broker::{
    Cluster, Setup, TopicSpec,
    batch::{self, Clock, Codec, Record},
};
use std::{collections::BTreeMap, time::Duration};
use tokio::time::timeout;

/// No test waits longer for something that should come.
const PATIENCE: Duration = Duration::from_secs(20);

pub struct Stage {
    pub demo: Cluster,
    desk: Desk,
}

impl Stage {
    /// `orders` with one partition of 1,000 offsets at broker 1, and groups `g-00`, `g-01`, … that stand at 400.
    pub async fn with_groups(groups: usize) -> Self {
        Self::with_patience(groups, Duration::from_secs(8)).await
    }

    /// `timeout`: of each request.
    pub async fn with_patience(groups: usize, timeout: Duration) -> Self {
        let demo = Cluster::start(Setup::default()).await.unwrap();
        demo.create_topic("orders", &TopicSpec::new(1)).unwrap();
        demo.set_leader("orders", 0, Some(1)).unwrap();
        demo.skip_to("orders", 0, 1_000).unwrap();
        (0..groups).for_each(|group| demo.commit(&format!("g-{group:02}"), "orders", 0, 400, "").unwrap());
        let (desk, dock) = bus();
        let bootstrap = demo.bootstrap().split(',').map(Into::into).collect();
        let wire = wire::Settings { bootstrap, timeout, ..wire::Settings::default() };
        tokio::spawn(kafka::serve(dock, kafka::Settings { wire, read_only: true, committed: false }));
        Self { demo, desk }
    }

    pub fn commit(&self, group: &str, offset: i64) {
        self.commit_on(group, "orders", offset);
    }

    pub fn commit_on(&self, group: &str, topic: &str, offset: i64) {
        self.demo.commit(group, topic, 0, offset, "").unwrap();
    }

    /// A new topic with a record at each of these times.
    pub fn write(&self, topic: &str, times: &[i64]) {
        self.demo.create_topic(topic, &TopicSpec::new(1)).unwrap();
        for time in times {
            let written = batch::write(&[Record::at(*time).value("v")], Codec::None, Clock::Producer).unwrap();
            self.demo.append(topic, 0, written).unwrap();
        }
    }

    pub fn groups_at(&self, broker: i32) -> Vec<String> {
        let names = (0..40).map(|group| format!("g-{group:02}"));
        names.filter(|name| self.demo.coordinator(name) == Some(broker)).collect()
    }

    pub async fn post(&self, command: Command) {
        self.desk.commands.send(command).await.unwrap();
    }

    pub async fn show(&self, groups: &[&str]) {
        self.post(Command::WatchGroups { groups: groups.iter().map(|name| (*name).into()).collect() }).await;
    }

    pub async fn next(&mut self) -> Event {
        timeout(PATIENCE, self.desk.news.recv()).await.expect("something in time").expect("a street")
    }

    pub async fn names(&mut self) -> Vec<String> {
        loop {
            if let Event::GroupsListed { groups, .. } = self.next().await {
                return groups.iter().map(|group| group.name.to_string()).collect();
            }
        }
    }

    /// Until so many groups were read without an error.
    pub async fn lags(&mut self, groups: usize) -> BTreeMap<String, GroupLag> {
        let mut read = BTreeMap::new();
        while read.len() < groups {
            let good = self.some_lags().await.into_iter().filter(|lag| lag.partitions.is_ok());
            read.extend(good.map(|lag| (lag.group.name.to_string(), lag)));
        }
        read
    }

    pub async fn some_lags(&mut self) -> Vec<GroupLag> {
        loop {
            if let Event::LagRead { groups, .. } = self.next().await {
                return groups;
            }
        }
    }

    pub async fn lag_of(&mut self, group: &str) -> GroupLag {
        self.lag_of_when(group, |_| true).await
    }

    pub async fn lag_of_when(&mut self, group: &str, fits: impl Fn(&[PartitionLag]) -> bool) -> GroupLag {
        loop {
            let fits =
                |lag: &GroupLag| &*lag.group.name == group && lag.partitions.as_ref().is_ok_and(|rows| fits(rows));
            if let Some(lag) = self.some_lags().await.into_iter().find(fits) {
                return lag;
            }
        }
    }

    pub async fn unread(&mut self, topic: &str) -> UnreadRead {
        loop {
            if let Event::UnreadRead { reads, .. } = self.next().await
                && let Some(read) = reads.into_iter().find(|read| &*read.topic == topic)
            {
                return read;
            }
        }
    }
}
