//! One broker for one test, with topics that do not move.
use crate::program::Program;
use kafscope_demo_broker::{
    Cluster, Setup, TopicSpec,
    batch::{self, Clock, Codec, Record},
    data,
};

/// 2026-11-20T09:00:00Z.
const AT: i64 = 1_795_165_200_000;

/// A cluster with the topics `orders` (three records), `payments` (one) and the hostile one of the demo.
pub async fn cluster() -> Cluster {
    let cluster = Cluster::start(Setup { brokers: 1, ..Setup::default() }).await.unwrap();
    let orders =
        ["tea", "coffee", "cake"].map(|item| Record::at(AT).key("cust-1").value(format!("{{\"item\":\"{item}\"}}")));
    add(&cluster, "orders", &orders);
    add(&cluster, "payments", &[Record::at(AT).value("paid in full")]);
    let hostile = data::topics(1).into_iter().find(|topic| topic.name == "hostile").unwrap();
    add(&cluster, "hostile", &hostile.partitions[0]);
    cluster
}

pub fn add(cluster: &Cluster, topic: &str, records: &[Record]) {
    cluster.create_topic(topic, &TopicSpec::new(1).replication(1)).unwrap();
    cluster.append(topic, 0, batch::write(records, Codec::None, Clock::Producer).unwrap()).unwrap();
}

/// The screen on this cluster.
pub fn screen(cluster: &Cluster, args: &[&str]) -> Program {
    let bootstrap = cluster.bootstrap();
    Program::new(&[&["-b", &bootstrap], args].concat())
}
