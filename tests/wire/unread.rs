//! The oldest unread record of each partition, against the demo cluster.
use crate::stage::Stage;
use kafscope::{
    kafka::groups::{self, unread},
    lag::{Unread, UnreadRead},
};
use kafscope_demo_broker::{
    ApiKey, Force, TopicSpec,
    batch::{self, Clock, Codec, Producer, Record},
    prepared::Prepared,
};

fn records(times: &[i64]) -> Vec<Record> {
    times.iter().map(|time| Record::at(*time).value("v")).collect()
}

fn transactional(times: &[i64]) -> bytes::Bytes {
    Prepared::Transactional { producer: Producer { id: 7, sequence: 0 }, records: records(times) }.write().unwrap()
}

fn marker(commits: bool) -> bytes::Bytes {
    Prepared::Marker { producer_id: 7, commits, at: 9 }.write().unwrap()
}

/// `late` with these batches, and a group that stands at `offset`.
async fn standing(batches: Vec<bytes::Bytes>, offset: i64) -> Stage {
    let stage = Stage::set().await;
    stage.demo.create_topic("late", &TopicSpec::new(1)).unwrap();
    for batch in batches {
        stage.demo.append("late", 0, batch).unwrap();
    }
    stage.demo.commit("billing", "late", 0, offset, "").unwrap();
    stage.cluster.refresh().await.unwrap();
    stage
}

async fn read(stage: &Stage, committed: bool) -> Vec<UnreadRead> {
    let listed = stage.groups().await;
    let lag = groups::lag(&stage.cluster, &stage.offsets, &listed).await;
    stage.demo.clear_requests();
    unread::of(&stage.cluster, &lag, committed).await
}

async fn found(stage: &Stage, committed: bool) -> Option<Unread> {
    let mut read = read(stage, committed).await;
    read.pop().unwrap().record.unwrap()
}

#[tokio::test]
async fn it_is_found_in_the_middle_of_a_compressed_batch_by_one_request() {
    for codec in [Codec::None, Codec::Gzip, Codec::Snappy, Codec::Lz4, Codec::Zstd] {
        let stage = standing(vec![batch::write(&records(&[11, 22, 33]), codec, Clock::Producer).unwrap()], 1).await;
        assert_eq!(found(&stage, false).await, Some(Unread { offset: 1, timestamp: Some(22), append: false }));
        assert_eq!(stage.asked()["Fetch"], 1);
    }
}

#[tokio::test]
async fn the_brokers_clock_is_told_as_such() {
    let stamped = Prepared::Stamped { records: records(&[11, 22]), at: 77 }.write().unwrap();
    let stage = standing(vec![stamped], 0).await;
    assert_eq!(found(&stage, false).await, Some(Unread { offset: 0, timestamp: Some(77), append: true }));
}

#[tokio::test]
async fn what_compaction_left_is_told_with_its_own_offset() {
    let left = vec![(4, Record::at(55).value("v"))];
    let stage = standing(vec![Prepared::Compacted { offsets: 6, left, at: 5 }.write().unwrap()], 1).await;
    assert_eq!(found(&stage, false).await.map(|unread| unread.offset), Some(4));
}

/// A transactional topic rests at lag 1 for ever: nothing is waiting there.
#[tokio::test]
async fn t21_behind_a_marker_alone_there_is_nothing_to_read() {
    let stage = standing(vec![transactional(&[11]), marker(true)], 1).await;
    assert_eq!(found(&stage, false).await, None);
}

#[tokio::test]
async fn t11_an_aborted_record_counts_only_for_who_reads_uncommitted() {
    let plain = batch::write(&records(&[99]), Codec::None, Clock::Producer).unwrap();
    let stage = standing(vec![transactional(&[11]), marker(false), plain], 0).await;
    assert_eq!(found(&stage, false).await.map(|unread| unread.offset), Some(0));
    assert_eq!(found(&stage, true).await.map(|unread| unread.offset), Some(2));
}

#[tokio::test]
async fn a_lost_partition_is_read_from_its_start_and_one_caught_up_not_at_all() {
    let stage = standing(vec![batch::write(&records(&[11, 22, 33]), Codec::None, Clock::Producer).unwrap()], 0).await;
    stage.demo.delete_records_before("late", 0, 2).unwrap();
    assert_eq!(read(&stage, false).await[0].from, 2);
    stage.demo.commit("billing", "late", 0, 3, "").unwrap();
    assert_eq!(read(&stage, false).await, []);
}

#[tokio::test]
async fn a_partition_that_refuses_says_why() {
    let stage = standing(vec![batch::write(&records(&[11]), Codec::None, Clock::Producer).unwrap()], 0).await;
    stage.demo.force(Force::error(ApiKey::Fetch, 29));
    let why = read(&stage, false).await.pop().unwrap().record.unwrap_err();
    assert!(why.answered.contains("TOPIC_AUTHORIZATION_FAILED"), "{why}");
}
