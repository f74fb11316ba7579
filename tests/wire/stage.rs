//! The demo cluster with a topic on it, and what tests ask of it.
use kafscope::{
    failure::Failure,
    group::{Group, GroupLag},
    kafka::{
        groups,
        offsets::{At, Offsets},
        topics,
        wire::{Cluster, Settings},
    },
    lag::PartitionLag,
};
use kafscope_demo_broker::{ApiKey, Cluster as Demo, Setup, TopicSpec};
use std::{collections::BTreeMap, sync::Arc, time::Duration};
use tokio::time::Instant;

pub struct Stage {
    pub demo: Demo,
    pub cluster: Arc<Cluster>,
    pub offsets: Offsets,
}

impl Stage {
    /// Three brokers, and `orders` with six partitions that hold offsets 100 to 1,000.
    pub async fn set() -> Self {
        let demo = Demo::start(Setup::default()).await.unwrap();
        demo.create_topic("orders", &TopicSpec::new(6).config("retention.ms", "3600000")).unwrap();
        for partition in 0..6 {
            demo.skip_to("orders", partition, 1_000).unwrap();
            demo.delete_records_before("orders", partition, 100).unwrap();
        }
        let bootstrap = demo.bootstrap().split(',').map(str::to_owned).collect();
        let settings = Settings { bootstrap, timeout: Duration::from_secs(5), ..Settings::default() };
        let cluster = Arc::new(Cluster::new(settings).unwrap());
        topics::list(&cluster).await.unwrap();
        demo.clear_requests();
        let offsets = Offsets::new(cluster.clone());
        Self { demo, cluster, offsets }
    }

    pub fn commit(&self, group: &str, partition: i32, offset: i64) {
        self.demo.commit(group, "orders", partition, offset, "").unwrap();
    }

    pub async fn groups(&self) -> Vec<Group> {
        groups::list(&self.cluster).await.unwrap().groups
    }

    pub async fn lag(&self) -> Vec<GroupLag> {
        groups::lag(&self.cluster, &self.offsets, &self.groups().await).await
    }

    pub async fn lag_of(&self, group: &str) -> GroupLag {
        self.lag().await.into_iter().find(|lag| &*lag.group.name == group).unwrap()
    }

    pub async fn ends(&self) -> BTreeMap<i32, Result<i64, Failure>> {
        let wanted: Vec<_> = (0..6).map(|id| ("orders".into(), id)).collect();
        let read = self.offsets.read(At::End, &wanted, Instant::now()).await;
        read.into_iter().map(|((_, id), reading)| (id, reading.offset)).collect()
    }

    /// How often each kind of request came, connecting aside.
    pub fn asked(&self) -> BTreeMap<String, usize> {
        let mut counts = BTreeMap::new();
        for request in self.demo.requests().iter().filter(|request| request.api != ApiKey::ApiVersions) {
            *counts.entry(format!("{:?}", request.api)).or_default() += 1;
        }
        counts
    }
}

pub fn row(lag: &GroupLag, partition: i32) -> &PartitionLag {
    lag.partitions.as_ref().unwrap().iter().find(|row| row.partition == partition).unwrap()
}

pub fn counts(of: &[(&str, usize)]) -> BTreeMap<String, usize> {
    of.iter().map(|(api, n)| ((*api).to_owned(), *n)).collect()
}
