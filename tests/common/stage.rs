//! A cluster to play on: a real Apache Kafka when `KAFSCOPE_TEST_KAFKA` names one (see `tests/kafka`), else the demo
//! broker in this process. Topics and groups get names of their own, so tests do not meet.
use kafscope_demo_broker::{Cluster, Setup};
use rdkafka::{
    ClientConfig, Offset, TopicPartitionList,
    admin::{AdminClient, AdminOptions, NewTopic, TopicReplication},
    client::DefaultClientContext,
    consumer::{CommitMode, Consumer, StreamConsumer},
    producer::{FutureProducer, FutureRecord},
};
use std::{
    path::PathBuf,
    process::{Command, Stdio},
    time::Duration,
};

pub enum Stage {
    Demo(Cluster),
    Real { bootstrap: String, dir: PathBuf },
}

impl Stage {
    pub async fn set() -> Self {
        match std::env::var("KAFSCOPE_TEST_KAFKA") {
            Ok(bootstrap) => {
                let dir = std::env::var("KAFSCOPE_TEST_KAFKA_DIR").expect("the directory of the real cluster");
                Self::Real { bootstrap, dir: dir.into() }
            }
            Err(_) => Self::Demo(Cluster::start(Setup::default()).await.expect("a demo cluster")),
        }
    }

    pub fn bootstrap(&self) -> String {
        match self {
            Self::Demo(cluster) => cluster.bootstrap(),
            Self::Real { bootstrap, .. } => bootstrap.clone(),
        }
    }

    fn config(&self) -> ClientConfig {
        let mut config = ClientConfig::new();
        config.set("bootstrap.servers", self.bootstrap()).set("log_level", "0");
        config
    }

    /// A name that no other test has.
    pub fn name(&self, what: &str) -> String {
        format!("{what}-{}", uuid::Uuid::new_v4().simple())
    }

    /// A topic with three copies and a name of its own.
    pub async fn topic(&self, what: &str, partitions: i32) -> String {
        let name = self.name(what);
        self.create(&name, partitions).await;
        name
    }

    pub async fn create(&self, name: &str, partitions: i32) {
        let admin: AdminClient<DefaultClientContext> = self.config().create().expect("an admin client");
        let topic = NewTopic::new(name, partitions, TopicReplication::Fixed(3));
        let made = admin.create_topics(&[topic], &AdminOptions::new()).await.expect("an answer");
        made.into_iter().for_each(|made| drop(made.expect("a topic")));
    }

    pub async fn delete(&self, name: &str) {
        let admin: AdminClient<DefaultClientContext> = self.config().create().expect("an admin client");
        let gone = admin.delete_topics(&[name], &AdminOptions::new()).await.expect("an answer");
        gone.into_iter().for_each(|gone| drop(gone.expect("a deletion")));
    }

    /// Deletes the records of a partition before this offset.
    pub async fn delete_before(&self, topic: &str, partition: i32, offset: i64) {
        let admin: AdminClient<DefaultClientContext> = self.config().create().expect("an admin client");
        let mut offsets = TopicPartitionList::new();
        offsets.add_partition_offset(topic, partition, Offset::Offset(offset)).expect("an offset");
        let moved = admin.delete_records(&offsets, &AdminOptions::new()).await.expect("an answer");
        moved.elements().iter().for_each(|row| row.error().expect("a deletion"));
    }

    pub fn producer(&self) -> FutureProducer {
        self.config()
            .set("partitioner", "murmur2_random")
            .set("enable.idempotence", "true")
            .create()
            .expect("a producer")
    }

    /// Sends values `prefix-from` … `prefix-(to − 1)` with keys of their own and waits until each is acknowledged.
    pub async fn send(&self, topic: &str, prefix: &str, numbers: std::ops::Range<usize>) {
        let producer = self.producer();
        let sending = numbers.map(|i| {
            let producer = producer.clone();
            async move {
                let (key, value) = (format!("k{i}"), format!("{prefix}-{i}"));
                let record = FutureRecord::to(topic).key(&key).payload(&value);
                producer.send(record, Duration::from_secs(60)).await.expect("an acknowledgement");
            }
        });
        futures_util::future::join_all(sending).await;
    }

    /// A member that reads from the start and commits every record it gets.
    pub fn reader(&self, group: &str, topic: &str) -> Reader {
        let consumer: StreamConsumer = self
            .config()
            .set("group.id", group)
            .set("client.id", format!("{group}-client"))
            .set("auto.offset.reset", "earliest")
            .set("enable.auto.commit", "false")
            .set("session.timeout.ms", "6000")
            .create()
            .expect("a consumer");
        consumer.subscribe(&[topic]).expect("a subscription");
        Reader(tokio::spawn(async move {
            while let Ok(record) = consumer.recv().await {
                let _ = consumer.commit_message(&record, CommitMode::Async);
            }
        }))
    }

    /// Kills a broker the hard way.
    pub async fn kill(&self, broker: i32) {
        match self {
            Self::Demo(cluster) => cluster.stop_broker_leaderless(broker).await,
            Self::Real { dir, .. } => node(dir, broker, "kill"),
        }
    }

    /// Brings it back on the same port.
    pub async fn revive(&self, broker: i32) {
        match self {
            Self::Demo(cluster) => cluster.restart_broker(broker).await.expect("the port is still ours"),
            Self::Real { dir, .. } => node(dir, broker, "start"),
        }
    }
}

fn node(dir: &PathBuf, broker: i32, verb: &str) {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/kafka/node");
    let status = Command::new(script).arg(dir).arg(broker.to_string()).arg(verb).stdout(Stdio::null()).status();
    assert!(status.expect("the script runs").success(), "{verb} of broker {broker}");
}

/// A running member; dropping it stops its reading and lets it leave.
pub struct Reader(tokio::task::JoinHandle<()>);

impl Reader {
    pub async fn stop(self) {
        self.0.abort();
        let _ = self.0.await;
    }
}
