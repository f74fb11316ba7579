//! Looking changes nothing, and costs no more than it should: the demo broker's log of requests is the witness.
mod common;
use common::live::Live;
use kafscope::{
    bus::{Command, Draft, Event, Reading, bus},
    group::GroupName,
    kafka::{self, wire},
    place::Where,
    topic::TopicName,
};
use kafscope_demo_broker::{
    ApiKey, Cluster, Setup, TopicSpec,
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

/// The sixth of the demo's acceptance cases; how fast it is, the benches measure.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn four_panels_have_something_to_show_at_80_by_24_without_a_key() {
    let demo = Demo::start(Options::default()).await.expect("a demo");
    let mut live = Live::open(&demo.bootstrap(), Some("orders"));
    live.resize(80, 24);
    let full = |screen: &str| {
        let judged = |line: &str| line.contains("observing") || line.contains("behind");
        let group = screen.lines().any(|line| line.contains("analytics") && judged(line));
        let record = screen.contains("{\"") && screen.contains("following");
        group && record && screen.contains("● orders") && screen.contains("p to write a record")
    };
    live.until("four panels with something in them", full).await;
}

/// Refused below the screen, whatever a panel may send, and before anything goes to a broker.
#[tokio::test]
async fn read_only_refuses_every_command_that_writes_t26() {
    let cluster = Cluster::start(Setup::default()).await.expect("a cluster");
    cluster.create_topic("t", &TopicSpec::new(1)).expect("a topic");
    let draft = Draft { value: Some(b"no".to_vec()), ..Draft::default() };
    let (topic, group): (TopicName, GroupName) = ("t".into(), "g".into());
    let all = [
        Command::Refresh,
        Command::OpenTail { reading: Reading::of(topic.clone(), false), from: Where::Start, generation: 1 },
        Command::PauseTail { generation: 1 },
        Command::ResumeTail { generation: 1 },
        Command::CloseTail,
        Command::OpenProducer { topic: "orders".into() },
        Command::Produce { id: 1, topic, draft },
        Command::OpenGroup { group, generation: 1 },
        Command::CloseGroup,
    ];
    let (mut desk, dock) = bus();
    let wire = wire::Settings {
        bootstrap: cluster.bootstrap().split(',').map(Into::into).collect(),
        ..wire::Settings::default()
    };
    tokio::spawn(kafka::serve(dock, kafka::Settings { wire, read_only: true, committed: false }));
    let mut refused = vec![];
    for command in all {
        desk.commands.send(command).await.expect("a street");
    }
    while refused.len() < 2 {
        match desk.news.recv().await.expect("an answer") {
            Event::Failed { doing, why } if why.to_string().contains("read-only") => refused.push(doing),
            _ => {}
        }
    }
    assert!(matches!(refused[..], [Command::OpenProducer { .. }, Command::Produce { .. }]), "{refused:?}");
    assert!(cluster.requests().iter().all(|seen| LOOKING.contains(&seen.api)));
}
