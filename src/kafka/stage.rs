//! A demo cluster and a client of it, for tests.
use super::{
    fetch::testing::Written,
    wire::{Cluster, Settings},
};
use crate::topic::TopicName;
use kafscope_demo_broker::{Setup, TopicSpec};
use std::{sync::Arc, time::Duration};

pub struct Stage {
    pub brokers: kafscope_demo_broker::Cluster,
    pub cluster: Arc<Cluster>,
}

pub fn topic() -> TopicName {
    "t".into()
}

impl Stage {
    /// Three brokers and the topic `t`.
    pub async fn with(partitions: i32) -> Self {
        let brokers = kafscope_demo_broker::Cluster::start(Setup::default()).await.unwrap();
        brokers.create_topic("t", &TopicSpec::new(partitions).replication(3)).unwrap();
        let bootstrap = brokers.bootstrap().split(',').map(str::to_owned).collect();
        let settings = Settings { bootstrap, timeout: Duration::from_secs(5), ..Settings::default() };
        Self { cluster: Arc::new(Cluster::new(settings).unwrap()), brokers }
    }

    pub fn append(&self, partition: i32, batch: &Written) {
        self.brokers.append("t", partition, batch.bytes().into()).unwrap();
    }

    /// So many records at the end of a partition, each with its offset as its value.
    pub fn count(&self, partition: i32, records: i64) {
        let end = self.brokers.end("t", partition).unwrap();
        self.append(partition, &Written::counted(end, records));
    }
}
