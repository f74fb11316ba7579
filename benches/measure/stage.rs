//! Topics and groups on the real cluster that `tests/kafka/run` names, made with a foreign client.
use anyhow::{Context, Result};
use rdkafka::{
    ClientConfig, Offset, TopicPartitionList,
    admin::{AdminClient, AdminOptions, NewTopic, TopicReplication},
    consumer::{BaseConsumer, CommitMode, Consumer},
    error::KafkaError,
};
use std::{
    env,
    thread::sleep,
    time::{Duration, Instant},
};

pub struct Stage {
    pub bootstrap: String,
}

/// A cluster on the same machine answers sooner.
const PATIENCE: Duration = Duration::from_secs(30);
/// Between two tries.
const PAUSE: Duration = Duration::from_millis(200);

impl Stage {
    pub fn find() -> Result<Self> {
        let how = "no cluster to measure on; run me by: tests/kafka/run cargo bench --bench measure -- WHAT";
        Ok(Self { bootstrap: env::var("KAFSCOPE_TEST_KAFKA").context(how)? })
    }

    fn config(&self) -> ClientConfig {
        let mut config = ClientConfig::new();
        config.set("bootstrap.servers", &self.bootstrap);
        config
    }

    /// Topics with one replica: what is measured is who reads.
    pub fn topics(&self, names: &[String], partitions: i32) -> Result<()> {
        let admin: AdminClient<_> = self.config().create()?;
        let new = |name| NewTopic::new(name, partitions, TopicReplication::Fixed(1));
        let topics: Vec<_> = names.iter().map(|name| new(name)).collect();
        let options = AdminOptions::new().operation_timeout(Some(PATIENCE));
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        for made in runtime.block_on(admin.create_topics(&topics, &options))? {
            made.map_err(|(name, code)| anyhow::anyhow!("topic {name} was not created: {code}"))?;
        }
        Ok(())
    }

    /// A group that has committed this offset on every partition of a topic.
    pub fn group(&self, name: &str, topic: &str, partitions: i32, offset: i64) -> Result<()> {
        let consumer: BaseConsumer = self.config().set("group.id", name).create()?;
        let mut offsets = TopicPartitionList::new();
        for partition in 0..partitions {
            offsets.add_partition_offset(topic, partition, Offset::Offset(offset))?;
        }
        let began = Instant::now();
        loop {
            match consumer.commit(&offsets, CommitMode::Sync) {
                // The first group of a cluster makes its coordinator, which takes a while.
                Err(KafkaError::ConsumerCommit(_)) if began.elapsed() < PATIENCE => sleep(PAUSE),
                done => return done.with_context(|| format!("committing for {name}")),
            }
        }
    }
}
