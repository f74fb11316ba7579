//! A scan ends, whatever the log looks like, and counts what it saw.
use super::*;
use crate::{
    kafka::{
        fetch::testing::{Row, Written, ZSTD},
        stage::{Stage, topic},
    },
    topic::TopicName,
};
use kafscope_demo_broker::{ApiKey, Damage, Force, TopicSpec};
use std::time::Duration;
use tokio::time::timeout;

mod days;
mod ranges;

fn plan(from: Where) -> Plan {
    Plan { from, ..Plan::all(vec![topic()]) }
}

/// All records as (topic, partition, offset), what else was said, and the totals.
async fn run(stage: &Stage, plan: Plan) -> (Vec<(TopicName, i32, i64)>, Vec<Found>, Totals) {
    let mut scan = Scan::open(stage.cluster.clone(), plan).await.unwrap();
    let (mut places, mut others) = (vec![], vec![]);
    while let Some(found) = timeout(Duration::from_secs(20), scan.next()).await.expect("the scan did not end") {
        match found {
            Found::Records(batch) => {
                places.extend(batch.heads.iter().map(|h| (batch.topic.clone(), h.partition, h.offset)))
            }
            other => others.push(other),
        }
    }
    places.sort();
    (places, others, scan.totals().clone())
}

fn offsets(places: &[(TopicName, i32, i64)]) -> Vec<i64> {
    places.iter().map(|(_, _, offset)| *offset).collect()
}

#[tokio::test]
async fn a_scan_reads_every_record_of_several_topics_once_and_says_where_to_go_on() {
    let stage = Stage::with(3).await;
    stage.brokers.create_topic("u", &TopicSpec::new(1)).unwrap();
    (0..3).for_each(|partition| stage.count(partition, 3000));
    stage.brokers.append("u", 0, Written::counted(0, 10).attributes(ZSTD).bytes().into()).unwrap();
    let (places, others, totals) = run(&stage, Plan { topics: vec![topic(), "u".into()], ..plan(Where::Start) }).await;
    let wanted: Vec<_> = (0..3).flat_map(|p| (0..3000).map(move |o| (topic(), p, o))).collect();
    assert!(places[..9000] == wanted && places.len() == 9010 && others.is_empty());
    assert_eq!((totals.records, totals.unreadable, totals.given_up), (9010, 0, 0));
    assert_eq!(totals.next.into_values().collect::<Vec<_>>(), [3000, 3000, 3000, 10]);
}

/// T1 and T2 of the acceptance cases.
#[tokio::test]
async fn holes_markers_and_empty_ranges_at_the_end_do_not_hold_a_scan_up_t1_t2() {
    let stage = Stage::with(6).await;
    stage.count(1, 5);
    stage.brokers.delete_records_before("t", 1, 5).unwrap();
    stage.append(2, &Written::counted(0, 2).transactional(7));
    stage.append(2, &Written::marker(2, 7, true));
    stage.append(3, &Written::counted(0, 2).transactional(7));
    stage.append(3, &Written::marker(2, 7, false));
    stage.count(4, 1);
    stage.brokers.skip_to("t", 4, 100_000).unwrap();
    stage.append(5, &Written::hollow(0, 50));
    for committed in [false, true] {
        let (places, others, totals) = run(&stage, Plan { committed, ..plan(Where::Start) }).await;
        let read: Vec<_> = places.iter().map(|(_, partition, offset)| (*partition, *offset)).collect();
        let aborted = if committed { vec![] } else { vec![(3, 0), (3, 1)] };
        assert_eq!(read, [vec![(2, 0), (2, 1)], aborted, vec![(4, 0)]].concat());
        assert!(others.is_empty());
        assert_eq!(totals.next.into_values().collect::<Vec<_>>(), [0, 5, 3, 3, 100_000, 50]);
    }
}

/// T11 of the acceptance cases: an open transaction holds the last stable offset.
#[tokio::test]
async fn an_open_transaction_is_read_only_when_uncommitted_records_are_wanted_t11() {
    let stage = Stage::with(1).await;
    stage.count(0, 2);
    stage.append(0, &Written::counted(2, 2).transactional(7));
    stage.count(0, 1);
    assert_eq!(offsets(&run(&stage, plan(Where::Start)).await.0), [0, 1, 2, 3, 4]);
    let committed = Plan { committed: true, ..plan(Where::Start) };
    assert_eq!(offsets(&run(&stage, committed.clone()).await.0), [0, 1]);
    assert_eq!(offsets(&run(&stage, Plan { from: Where::Last(1), ..committed }).await.0), [1]);
}

#[tokio::test]
async fn a_scan_stops_after_as_many_records_as_wanted_and_can_be_continued_there() {
    let stage = Stage::with(1).await;
    stage.count(0, 5000);
    let (places, _, totals) = run(&stage, Plan { most: Some(1700), ..plan(Where::Start) }).await;
    assert_eq!(offsets(&places), (0..1700).collect::<Vec<_>>());
    assert_eq!((totals.records, totals.next.into_values().collect::<Vec<_>>()), (1700, vec![1700]));
}

#[tokio::test]
async fn the_last_records_are_read_from_the_partitions_that_were_asked_for() {
    let stage = Stage::with(3).await;
    (0..3).for_each(|partition| stage.count(partition, 100));
    let some = Plan { partitions: Some(vec![1]), ..plan(Where::Last(3)) };
    assert_eq!(run(&stage, some).await.0, (97..100).map(|o| (topic(), 1, o)).collect::<Vec<_>>());
    assert!(run(&stage, plan(Where::End)).await.0.is_empty());
}

/// T9 of the acceptance cases: fetch size smaller than the record still progresses.
#[tokio::test]
async fn records_larger_than_an_answer_are_read_t9() {
    let stage = Stage::with(2).await;
    for size in [0, 5 << 20, 20 << 20, 1] {
        let row = Row { value: Some(vec![b'x'; size]), ..Row::default() };
        (0..2).for_each(|partition| stage.append(partition, &Written::at(0, [row.clone()])));
    }
    let (places, _, totals) = run(&stage, plan(Where::Start)).await;
    assert_eq!((places.len(), totals.bytes), (8, 2 * ((25 << 20) + 1)));
}

#[tokio::test]
async fn a_spoilt_batch_is_said_once_by_offsets_that_are_there_and_all_others_are_read() {
    let kinds = [Damage::Checksum, Damage::Codec(7), Damage::Count(i32::MAX), Damage::Length(3), Damage::Records];
    for damage in kinds {
        let stage = Stage::with(1).await;
        (0..3).for_each(|_| stage.count(0, 4));
        stage.brokers.damage("t", 0, 4, damage).unwrap();
        let (places, others, totals) = run(&stage, plan(Where::Start)).await;
        let whole = damage == Damage::Count(i32::MAX);
        let read = if whole { (0..12).collect() } else { [0, 1, 2, 3, 8, 9, 10, 11].to_vec() };
        assert_eq!((offsets(&places), totals.unreadable), (read, 1), "{damage:?}");
        let [Found::Unreadable(said)] = &others[..] else { panic!("{damage:?}: {others:?}") };
        assert!((4..8).contains(&said.first) && (said.first..8).contains(&said.last), "{damage:?}: {said:?}");
    }
}

#[tokio::test]
async fn a_topic_that_does_not_exist_is_refused_and_not_created() {
    let stage = Stage::with(1).await;
    let plan = Plan { topics: vec!["nowhere".into()], ..plan(Where::Start) };
    let failure = Scan::open(stage.cluster.clone(), plan).await.err().unwrap();
    assert!(failure.to_string().contains("nowhere"), "{failure}");
    assert!(stage.brokers.end("nowhere", 0).is_none());
}

#[tokio::test]
async fn a_partition_that_is_refused_for_a_while_is_told_and_read_later() {
    let stage = Stage::with(2).await;
    (0..2).for_each(|partition| stage.count(partition, 10));
    stage.brokers.force(Force::error(ApiKey::Fetch, 1234).partition(0).times(2));
    let (places, others, totals) = run(&stage, plan(Where::Start)).await;
    assert_eq!((places.len(), totals.given_up), (20, 0));
    assert!(matches!(&others[0], Found::Failed { partition: 0, given_up: false, .. }));
}

/// Fewer than were asked for came without a word.
#[tokio::test]
async fn last_records_that_are_too_large_to_hold_together_are_said_to_be_fewer() {
    let stage = Stage::with(1).await;
    for offset in 0..40 {
        let row = Row { value: Some(vec![b'x'; 1 << 20]), ..Row::default() };
        stage.append(0, &Written::at(offset, [row]));
    }
    let (places, others, _) = run(&stage, plan(Where::Last(40))).await;
    assert!((1..40).contains(&places.len()), "{}", places.len());
    assert!(matches!(&others[..], [Found::TooLarge { records }] if *records == places.len()), "{others:?}");
}
