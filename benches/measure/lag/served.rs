//! The demo's brokers with a set of groups, in a process of their own, so that the program under measurement is alone in its.
use super::set::{self, Set};
use anyhow::{Context, Result};
use kafscope_demo_broker::{Cluster, Setup, TopicSpec};
use std::{
    env,
    io::{self, BufRead, BufReader},
    process::{Child, Command, Stdio},
    sync::Arc,
    time::Duration,
};
use tokio::{runtime::Runtime, time::sleep};

/// The hidden word of this program under which it is those brokers; behind it, how many groups.
pub const WORD: &str = "many-groups";
/// Every end grows by one as often, so that no lag is what it was.
const GROWS: Duration = Duration::from_secs(1);
const TOPICS: usize = 200;

/// The child. It ends when its stdin closes, so also when this program is killed.
pub struct Served {
    child: Child,
    bootstrap: String,
}

impl Served {
    pub fn start(groups: u64) -> Result<Self> {
        let mut command = Command::new(env::current_exe()?);
        command.args([WORD, &groups.to_string()]).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn()?;
        let mut line = String::new();
        BufReader::new(child.stdout.take().context("no stdout")?).read_line(&mut line)?;
        let bootstrap = line.trim().to_owned();
        anyhow::ensure!(!bootstrap.is_empty(), "the brokers did not start");
        Ok(Self { child, bootstrap })
    }

    pub fn bootstrap(&self) -> &str {
        &self.bootstrap
    }

    pub fn end(mut self) -> Result<()> {
        drop(self.child.stdin.take());
        self.child.wait()?;
        Ok(())
    }
}

/// The child's whole life.
pub fn run(words: &[String]) -> Result<()> {
    let groups = words.first().context("how many groups?")?.parse()?;
    let (runtime, set) = (Runtime::new()?, Set::exactly(groups, TOPICS));
    let cluster = Arc::new(runtime.block_on(cluster(&set))?);
    println!("{}", cluster.bootstrap());
    runtime.spawn(grow(cluster, set));
    io::copy(&mut io::stdin(), &mut io::sink())?;
    runtime.shutdown_background();
    Ok(())
}

/// Brokers with these groups; nothing moves. To be called in a runtime that goes on.
pub async fn cluster(set: &Set) -> Result<Cluster> {
    let cluster = Cluster::start(Setup::default()).await?;
    let spec = TopicSpec::new(set::PARTITIONS).replication(3);
    for topic in set.topics() {
        cluster.create_topic(&topic, &spec)?;
        (0..set::PARTITIONS).try_for_each(|partition| cluster.skip_to(&topic, partition, set::RECORDS as i64))?;
    }
    for (group, topic) in set.groups() {
        (0..set::PARTITIONS).try_for_each(|partition| cluster.commit(&group, &topic, partition, set::COMMIT, ""))?;
    }
    cluster.create_topic(set::LOST, &TopicSpec::new(1))?;
    cluster.skip_to(set::LOST, 0, set::RECORDS as i64)?;
    cluster.delete_records_before(set::LOST, 0, set::LOST_START)?;
    set.lost().try_for_each(|group| cluster.commit(&group, set::LOST, 0, set::COMMIT, ""))?;
    Ok(cluster)
}

async fn grow(cluster: Arc<Cluster>, set: Set) {
    for end in set::RECORDS as i64 + 1.. {
        sleep(GROWS).await;
        for topic in set.topics() {
            for partition in 0..set::PARTITIONS {
                let _ = cluster.skip_to(&topic, partition, end); // of a topic that was just made
            }
        }
    }
}
