//! Looking changes nothing, and costs no more than it should: the demo broker's log of requests is the witness.
mod common;
use common::live::Live;
use kafscope_demo_broker::{
    ApiKey,
    demo::{Demo, Options},
};
use std::collections::BTreeMap;

/// What a session that only looks may ask for.
const LOOKING: &[ApiKey] = &[
    ApiKey::ApiVersions,
    ApiKey::Metadata,
    ApiKey::ListOffsets,
    ApiKey::ListGroups,
    ApiKey::DescribeGroups,
    ApiKey::ConsumerGroupDescribe,
    ApiKey::FindCoordinator,
    ApiKey::OffsetFetch,
    ApiKey::Fetch,
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn looking_joins_no_group_commits_nothing_creates_nothing_and_asks_little() {
    let demo = Demo::start(Options { rate: 0, ..Options::default() }).await.expect("a demo");
    let mut live = Live::open(&demo.bootstrap(), Some("orders"));
    live.until_shown("late-reader").await;
    live.until("the lag of the last group", |screen| screen.contains("300") && screen.contains("following")).await;
    live.press("3 <enter>");
    live.until_shown("COMMITTED").await;
    live.press("<esc> <ctrl-r>");
    live.until_shown("● live").await;
    let mut asked: BTreeMap<String, usize> = BTreeMap::new();
    for seen in demo.cluster().requests().into_iter().filter(|seen| seen.client_id == "kafscope") {
        assert!(LOOKING.contains(&seen.api), "looking asked for {:?}", seen.api);
        *asked.entry(format!("{:?}", seen.api)).or_default() += 1;
    }
    // Three brokers: a round of topics is one Metadata and six ListOffsets, one of groups at most four kinds each.
    let rounds = asked["Metadata"].max(asked["ListGroups"].div_ceil(3)) + 2;
    for (api, most) in [("ListOffsets", 18 * rounds), ("OffsetFetch", 6 * rounds), ("DescribeGroups", 6 * rounds)] {
        assert!(asked.get(api).is_none_or(|n| *n <= most), "{api}: {asked:?}");
    }
}
