//! Bad days of a topic that somebody follows, on the whole program.
#![allow(clippy::expect_used, reason = "clippy knows tests only inside #[test] functions")]
use crate::common::{live::Live, stage::Stage};
use kafscope_demo_broker::{
    Cluster, Setup, TopicSpec,
    batch::{self, Clock, Codec, Record},
};
use std::{cell::Cell, collections::BTreeSet};

fn offsets(live: &Live, prefix: &str) -> Vec<i64> {
    let mine = live.records.iter().filter(|(.., value)| value.starts_with(prefix));
    mine.map(|(_, offset, _)| *offset).collect()
}

#[tokio::test]
async fn a_topic_that_is_deleted_and_created_again_while_followed_goes_on_from_its_start_t6() {
    let stage = Stage::set().await;
    let topic = stage.topic("orders", 1).await;
    stage.send(&topic, "old", 0..20).await;
    let mut live = Live::open(&stage.bootstrap(), Some(&topic));
    live.until_shown("old-19").await;
    live.until_shown("following").await;
    stage.delete(&topic).await;
    stage.create(&topic, 1).await;
    stage.send(&topic, "new", 0..30).await;
    live.until_shown("was deleted and created again").await;
    live.until_shown("new-29").await;
    live.until("nothing behind", |screen| screen.contains("0 behind")).await;
    assert_eq!(offsets(&live, "new"), (0..30).collect::<Vec<_>>());
}

#[tokio::test]
async fn retention_that_passes_the_reader_leaves_a_line_with_the_count_t5() {
    let stage = Stage::set().await;
    let topic = stage.topic("orders", 1).await;
    stage.send(&topic, "old", 0..20).await;
    let mut live = Live::open(&stage.bootstrap(), Some(&topic));
    live.until_shown("old-19").await;
    live.press("2 <space>");
    live.until_shown("paused").await;
    let steps = Cell::new(0);
    live.until("the pause to arrive", |_| steps.replace(steps.get() + 1) > 3).await;
    stage.send(&topic, "gone", 0..60).await;
    stage.send(&topic, "kept", 0..10).await;
    stage.delete_before(&topic, 0, 80).await;
    live.press("<space>");
    live.until_shown("┄ Kafka deleted 60 records before they were read ┄").await;
    live.until_shown("kept-9").await;
    assert_eq!(offsets(&live, "kept"), (80..90).collect::<Vec<_>>());
    assert!(offsets(&live, "gone").is_empty(), "{:?}", live.records);
}

#[tokio::test]
async fn places_that_are_not_there_are_said_and_the_nearest_is_shown() {
    let stage = Stage::set().await;
    let topic = stage.topic("orders", 2).await;
    stage.send(&topic, "old", 0..20).await;
    stage.delete_before(&topic, 0, 1).await;
    let mut live = Live::open(&stage.bootstrap(), Some(&topic));
    live.until_shown("following").await;
    for (place, said) in [
        ("offset:999999", "has no offset 999,999 yet; it ends at "),
        ("0:0", "partition 0 has no offset 0 any more; its first is 1"),
        ("0:1,77:1", "there is no partition 77; "),
    ] {
        live.press("2 s <ctrl-u>").press(place).press("<enter>");
        live.until_shown(said).await;
    }
}

/// A cluster of one broker with the topic `t`, and values of these sizes in its partitions.
async fn sized(partitions: &[&[usize]]) -> Cluster {
    let cluster = Cluster::start(Setup { brokers: 1, ..Setup::default() }).await.expect("a cluster");
    cluster.create_topic("t", &TopicSpec::new(partitions.len() as i32).replication(1)).expect("a topic");
    for (partition, sizes) in (0..).zip(partitions) {
        for size in *sizes {
            let record = [Record::at(1_795_165_200_000).value(vec![b'v'; *size])];
            let written = batch::write(&record, Codec::None, Clock::Producer).expect("a batch");
            cluster.append("t", partition, written).expect("room");
        }
    }
    cluster
}

#[tokio::test]
async fn a_record_of_fifty_megabytes_is_a_row_opens_and_holds_nothing_up_t9() {
    let cluster = sized(&[&[3, 50_000_000, 5], &[7, 8, 9]]).await;
    let mut live = Live::open(&cluster.bootstrap(), Some("t"));
    live.until_records(4).await; // the newest, as many as a page can hold
    let large = |screen: &str| screen.contains("vvvvvvvvvvvvvvvvvvvv");
    live.press("2 <pgup>");
    live.until("the large one", large).await;
    live.records.clear();
    live.press("s <ctrl-u> start <enter>");
    live.until_shown("1 wait in Kafka · f goes on").await; // the list is nearly full
    live.press("f");
    live.until_records(6).await;
    let places: BTreeSet<_> = live.records.iter().map(|(partition, offset, _)| (*partition, *offset)).collect();
    assert_eq!(places.len(), 6);
    let sizes: BTreeSet<usize> = live.records.iter().map(|(.., value)| value.len()).collect();
    assert_eq!(sizes, [3, 5, 7, 8, 9, 50_000_000].into());
    live.until("the large one", large).await;
    live.press("2 s <ctrl-u> 0:1 <enter>");
    live.until_shown("only partition 0").await;
    live.until("the large one", large).await;
    live.press("<enter>");
    live.until_shown("value 48 MiB").await;
    let record = [Record::at(1_795_165_200_000).value("goes on")];
    cluster.append("t", 0, batch::write(&record, Codec::None, Clock::Producer).expect("a batch")).expect("room");
    live.press("<esc> f");
    live.until("the newest", |screen| {
        screen.lines().any(|line| line.contains("goes on") && !line.contains("f goes on"))
    })
    .await;
}
