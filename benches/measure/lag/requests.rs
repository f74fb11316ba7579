//! How many requests the brokers get for the lag of so many groups: from a fresh process, and in a minute of the screen; from
//! brokers of today and from those before 3.0, which take one group a request. Counted by the demo's brokers.
use super::{screen, served, set::Set};
use crate::{PROGRAM, piped, samples::Samples, scale, target};
use anyhow::Result;
use kafscope_demo_broker::{ApiKey, Cluster, Force};
use std::{collections::BTreeMap, process::Command, time::Duration};
use tokio::runtime::Runtime;

const GROUPS: [u64; 4] = [1, 50, 500, 5_000];
const TOPICS: usize = 200;
/// Until the screen has seen everything once.
const SETTLE: Duration = Duration::from_secs(10);
const MINUTE: u64 = 60;
/// What Kafka 2.4 takes at most.
const CAPS: [(ApiKey, i16); 5] = [
    (ApiKey::ListGroups, 3),
    (ApiKey::DescribeGroups, 5),
    (ApiKey::FindCoordinator, 3),
    (ApiKey::OffsetFetch, 6),
    (ApiKey::ListOffsets, 5),
];
/// What a list of 500 groups may cost on a new broker.
const MOST: f64 = 30.0;

pub fn table() -> Result<()> {
    for old in [false, true] {
        for groups in GROUPS.into_iter().filter(|groups| scale::is_whole() || *groups <= 500) {
            row(groups, old)?;
        }
    }
    Ok(())
}

fn row(groups: u64, old: bool) -> Result<()> {
    let (runtime, set) = (Runtime::new()?, Set::exactly(groups, TOPICS));
    let cluster = runtime.block_on(served::cluster(&set))?;
    if old {
        CAPS.into_iter().for_each(|(api, highest)| cluster.force(Force::cap(api, highest)));
        cluster.force(Force::hide(ApiKey::DescribeTopicPartitions));
        cluster.force(Force::hide(ApiKey::DescribeCluster));
    }
    let broker = if old { "2.4" } else { "new" };
    let bootstrap = cluster.bootstrap();
    piped::run(Command::new(PROGRAM).args(["-b", &bootstrap, "groups", "list", "--lag", "--json"]))?;
    let (fresh, kinds) = seen(&cluster);
    println!("requests, {broker} broker, {groups} groups, groups list --lag: {fresh} ({kinds})");
    if groups == 500 && !old {
        target::at_most("requests of groups list --lag, 500 groups", Some(fresh as f64), MOST, "");
    }
    let mut terminal = screen::open(&bootstrap, &mut Samples::default())?;
    terminal.pass(SETTLE)?;
    cluster.clear_requests();
    let seconds = scale::seconds(MINUTE)?;
    terminal.pass(Duration::from_secs(seconds))?;
    let (all, kinds) = seen(&cluster);
    println!("requests, {broker} broker, {groups} groups, {seconds} s of the screen: {all} ({kinds})");
    terminal.quit()?;
    runtime.block_on(cluster.shutdown());
    Ok(())
}

/// How many, and how many of each kind; they are forgotten.
fn seen(cluster: &Cluster) -> (usize, String) {
    let mut kinds = BTreeMap::<String, usize>::new();
    let requests = cluster.requests();
    requests.iter().for_each(|request| *kinds.entry(format!("{:?}", request.api)).or_default() += 1);
    cluster.clear_requests();
    let kinds: Vec<String> = kinds.iter().map(|(api, count)| format!("{api} {count}")).collect();
    (requests.len(), kinds.join(", "))
}
