//! Topics and groups on the real cluster that `tests/kafka/run` names, made with a foreign client.
use anyhow::{Context, Result, ensure};
use rdkafka::{
    ClientConfig, Message, Offset, TopicPartitionList,
    admin::{AdminClient, AdminOptions, NewTopic, TopicReplication},
    consumer::{BaseConsumer, CommitMode, Consumer},
    error::KafkaError,
    topic_partition_list::TopicPartitionListElem,
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
const PATIENCE: Duration = Duration::from_secs(60);
/// Between two tries.
const PAUSE: Duration = Duration::from_millis(200);

/// The addresses in a variable that `tests/kafka/up` writes. Millions of records go there, so never further than here.
pub fn brokers(variable: &str) -> Result<String> {
    let how = "no cluster to measure on; run me by: tests/kafka/run cargo bench --bench measure -- WHAT";
    let brokers = env::var(variable).context(how)?;
    let is_here = |broker: &str| ["127.0.0.1:", "localhost:", "[::1]:"].iter().any(|host| broker.starts_with(host));
    ensure!(
        brokers.split(',').all(is_here),
        "{variable}={brokers}: measuring floods a cluster, so only one on this machine"
    );
    Ok(brokers)
}

impl Stage {
    pub fn find() -> Result<Self> {
        Ok(Self { bootstrap: brokers("KAFSCOPE_TEST_KAFKA")? })
    }

    fn config(&self) -> ClientConfig {
        let mut config = ClientConfig::new();
        // Looking commits nothing.
        config.set("bootstrap.servers", &self.bootstrap).set("enable.auto.commit", "false");
        config
    }

    /// How many records a topic has; `None` if there is no such topic.
    pub fn records(&self, topic: &str) -> Result<Option<u64>> {
        let consumer: BaseConsumer = self.config().create()?;
        let metadata = consumer.fetch_metadata(None, PATIENCE)?;
        let Some(found) = metadata.topics().iter().find(|found| found.name() == topic) else { return Ok(None) };
        let count = |partition| -> Result<u64> {
            let (start, end) = consumer.fetch_watermarks(topic, partition, PATIENCE)?;
            Ok((end - start) as u64)
        };
        Ok(Some(found.partitions().iter().map(|partition| count(partition.id())).sum::<Result<u64>>()?))
    }

    /// When the record at this offset was made, milliseconds since 1970.
    pub fn timestamp(&self, topic: &str, partition: i32, offset: i64) -> Result<i64> {
        let consumer: BaseConsumer = self.config().set("group.id", "none").create()?;
        let mut at = TopicPartitionList::new();
        at.add_partition_offset(topic, partition, Offset::Offset(offset))?;
        consumer.assign(&at)?;
        let record = consumer.poll(PATIENCE).context("no record came")??;
        record.timestamp().to_millis().context("a record without a time")
    }

    /// In every partition the first offset of this time or later.
    pub fn offsets_at(&self, topic: &str, partitions: i32, at: i64) -> Result<Vec<(i32, i64)>> {
        let consumer: BaseConsumer = self.config().set("group.id", "none").create()?;
        let mut times = TopicPartitionList::new();
        for partition in 0..partitions {
            times.add_partition_offset(topic, partition, Offset::Offset(at))?;
        }
        let found = consumer.offsets_for_times(times, PATIENCE)?;
        let known = |element: &TopicPartitionListElem<'_>| Some((element.partition(), element.offset().to_raw()?));
        Ok(found.elements().iter().filter_map(known).collect())
    }

    /// Deletes the records before this offset.
    pub fn delete_before(&self, topic: &str, partition: i32, offset: i64) -> Result<()> {
        let admin: AdminClient<_> = self.config().create()?;
        let mut offsets = TopicPartitionList::new();
        offsets.add_partition_offset(topic, partition, Offset::Offset(offset))?;
        let options = AdminOptions::new().operation_timeout(Some(PATIENCE));
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        runtime.block_on(admin.delete_records(&offsets, &options))?;
        Ok(())
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
