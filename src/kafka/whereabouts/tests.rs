//! Every place becomes offsets, and what is not there is said with the nearest that is.
use super::*;
use crate::kafka::{
    fetch::testing::{APPEND_TIME, Row, Written},
    stage::{Stage, topic},
};
use kafscope_demo_broker::{ApiKey, Force};

fn spots(partitions: i32) -> Vec<Spot> {
    (0..partitions).map(|id| (topic(), id)).collect()
}

async fn located(stage: &Stage, partitions: i32, place: &Where) -> Whereabouts {
    locate(&stage.cluster, &spots(partitions), place, false).await
}

/// The offsets found in all partitions.
async fn at(stage: &Stage, partitions: i32, place: Where) -> Vec<i64> {
    let found = located(stage, partitions, &place).await;
    assert!(found.failed.is_empty() && found.moved.is_empty(), "{place:?}: {found:?}");
    found.at.into_values().collect()
}

fn moved(found: &Whereabouts) -> Vec<(i32, Option<i64>)> {
    found.moved.iter().map(|(_, moved)| (moved.partition, moved.nearest)).collect()
}

/// One batch, each record with its time.
fn timed(stage: &Stage, times: &[i64], attributes: i16) {
    let end = stage.brokers.end("t", 0).unwrap();
    let row = |time: &i64| Row { timestamp: *time, ..Row::new(None, Some("x")) };
    let max_timestamp = times.iter().copied().max().unwrap_or(-1);
    let written = Written::at(end, times.iter().map(row)).attributes(attributes);
    stage.append(0, &Written { base_timestamp: 0, max_timestamp, ..written });
}

#[tokio::test]
async fn every_place_is_an_offset_in_each_partition() {
    let stage = Stage::with(2).await;
    stage.count(0, 100);
    stage.count(1, 10);
    stage.brokers.delete_records_before("t", 0, 20).unwrap();
    for (place, offsets) in [
        (Where::Start, [20, 0]),
        (Where::End, [100, 10]),
        (Where::LastEach(15), [85, 0]),
        (Where::LastEach(u64::MAX), [20, 0]),
        (Where::Offsets([(0, 30), (1, 10)].into()), [30, 10]),
    ] {
        assert_eq!(at(&stage, 2, place).await, offsets);
    }
    assert_eq!(located(&stage, 2, &Where::Offsets([(1, 5)].into())).await.positions(), [(1, 5)].into());
}

#[tokio::test]
async fn an_offset_that_is_not_there_is_said_with_the_nearest_that_is() {
    let stage = Stage::with(2).await;
    stage.count(0, 100);
    stage.brokers.delete_records_before("t", 0, 20).unwrap();
    let found = located(&stage, 2, &Where::Offset(5)).await;
    assert_eq!(found.positions(), [(0, 20), (1, 0)].into());
    assert_eq!(moved(&found), [(0, Some(20)), (1, Some(0))]);
    let found = located(&stage, 2, &Where::Offsets([(0, 500), (7, 3)].into())).await;
    assert_eq!((found.positions(), moved(&found)), ([(0, 100)].into(), vec![(0, Some(100)), (7, None)]));
    assert_eq!(found.moved[1].1.to_string(), "there is no partition 7; the last of 2 is 1");
}

#[tokio::test]
async fn a_group_is_where_it_has_committed_or_the_start() {
    let stage = Stage::with(3).await;
    (0..3).for_each(|partition| stage.count(partition, 10));
    stage.brokers.commit("billing", "t", 0, 7, "").unwrap();
    stage.brokers.commit("billing", "t", 1, 70, "").unwrap();
    let found = located(&stage, 3, &Where::Group("billing".into())).await;
    assert!(found.failed.is_empty(), "{:?}", found.failed);
    assert_eq!(found.positions(), [(0, 7), (1, 10), (2, 0)].into());
    assert_eq!(moved(&found), [(1, Some(10)), (2, Some(0))]);
    assert!(found.moved[1].1.to_string().contains("committed nothing"));
    let nobody = located(&stage, 3, &Where::Group("nobody".into())).await;
    assert_eq!((nobody.positions().into_values().max(), nobody.moved.len()), (Some(0), 1));
}

/// T4 of the acceptance cases.
#[tokio::test]
async fn a_time_before_the_first_at_one_between_and_after_the_last_t4() {
    let stage = Stage::with(2).await;
    timed(&stage, &[1000, 2000, 3000], 0);
    timed(&stage, &[4000, 5000], 0);
    for (ms, offset) in [(0, 0), (1000, 0), (1001, 1), (3000, 2), (3500, 3), (5000, 4)] {
        assert_eq!(at(&stage, 2, Where::Time(ms)).await, [offset, 0], "{ms}");
    }
    assert_eq!(at(&stage, 2, Where::Time(5001)).await, [5, 0], "after the last is the end");
    assert_eq!(at(&stage, 2, Where::Time(i64::MAX)).await, [5, 0]);
}

/// T4 of the acceptance cases: the first record that is not earlier counts, wherever later ones jump back to.
#[tokio::test]
async fn times_out_of_order_ten_years_ahead_and_without_a_time_t4() {
    let stage = Stage::with(1).await;
    let ahead = 10 * 365 * 86_400_000;
    timed(&stage, &[3000, 1000, ahead], 0);
    timed(&stage, &[2000, -1], 0);
    for (ms, offset) in [(500, 0), (3000, 0), (3001, 2), (ahead, 2), (ahead + 1, 5)] {
        assert_eq!(at(&stage, 1, Where::Time(ms)).await, [offset], "{ms}");
    }
    let stage = Stage::with(1).await;
    timed(&stage, &[-1, -1], 0);
    assert_eq!(at(&stage, 1, Where::Time(0)).await, [2], "records without a time are not at any");
}

/// T4 of the acceptance cases: brokers give every record of a batch the time of the append.
#[tokio::test]
async fn times_of_the_broker_t4() {
    let stage = Stage::with(1).await;
    timed(&stage, &[1, 2, 9000], APPEND_TIME);
    assert_eq!(at(&stage, 1, Where::Time(9000)).await, [0]);
    assert_eq!(at(&stage, 1, Where::Time(9001)).await, [3]);
}

#[tokio::test]
async fn the_end_is_the_last_stable_offset_when_only_committed_records_are_read_t11() {
    let stage = Stage::with(1).await;
    stage.count(0, 2);
    stage.append(0, &Written::counted(2, 2).transactional(7));
    for (committed, end) in [(true, 2), (false, 4)] {
        for place in [Where::End, Where::Offset(100), Where::LastEach(0), Where::Time(i64::MAX)] {
            let found = locate(&stage.cluster, &spots(1), &place, committed).await;
            assert_eq!(found.positions(), [(0, end)].into(), "{place:?}");
        }
    }
}

#[tokio::test]
async fn a_partition_that_is_refused_is_a_failure_of_its_own() {
    let stage = Stage::with(2).await;
    stage.brokers.force(Force::error(ApiKey::ListOffsets, 1234).partition(0));
    for place in [Where::Start, Where::End, Where::Offset(0), Where::Time(5), Where::Group("g".into())] {
        let found = located(&stage, 2, &place).await;
        assert_eq!((found.positions(), found.failed.len()), ([(1, 0)].into(), 1), "{place:?}");
    }
}
