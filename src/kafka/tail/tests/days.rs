//! Logs that change under a tail.
use super::*;
use kafscope_demo_broker::Damage;

/// T6 of the acceptance cases: an unclean leader has fewer records. A cluster that tells no topic ids shows a topic made
/// anew in just that way.
#[tokio::test]
async fn a_log_that_became_shorter_is_told_and_read_on_from_its_end_t6() {
    let stage = Stage::with(1).await;
    stage.brokers.force(Force::cap(ApiKey::Metadata, 9));
    stage.count(0, 30);
    let mut watched = Watched::open(&stage, Where::Start);
    watched.records(30).await;
    watched.tail.pause();
    watched.until(|watched| watched.behind() == Some(0)).await;
    stage.brokers.delete_topic("t").unwrap();
    stage.brokers.create_topic("t", &TopicSpec::new(1).replication(3)).unwrap();
    stage.count(0, 10);
    watched.tail.resume();
    watched.until(|watched| watched.said(|event| matches!(event, Event::StartMoved { from: 30, to: 10, .. }))).await;
    stage.count(0, 5);
    watched.records(35).await;
    assert_eq!(watched.offsets(0)[30..], [10, 11, 12, 13, 14]);
}

/// Everything behind it was held up for ever.
#[tokio::test]
async fn a_batch_that_claims_two_gigabytes_is_told_and_the_tail_goes_on_behind_it_t10() {
    let stage = Stage::with(2).await;
    (0..3).for_each(|_| stage.count(0, 10));
    stage.brokers.damage("t", 0, 10, Damage::Length(i32::MAX)).unwrap();
    for from in [Where::Start, Where::Last(50)] {
        let mut watched = Watched::open(&stage, from).await_records(20).await;
        assert_eq!(watched.offsets(0), (0..10).chain(20..30).collect::<Vec<_>>());
        watched.until(|watched| watched.said(|event| matches!(event, Event::BatchesUnreadable { .. }))).await;
        watched.until(|watched| watched.behind() == Some(0)).await;
    }
}

/// T9 of the acceptance cases.
#[tokio::test]
async fn a_record_of_fifty_megabytes_holds_up_no_other_partition_t9() {
    let stage = Stage::with(2).await;
    let row = Row { value: Some(vec![b'x'; 50_000_000]), ..Row::default() };
    stage.append(0, &Written::at(0, [row]));
    stage.count(0, 3);
    stage.count(1, 5);
    let mut watched = Watched::open(&stage, Where::Start).await_records(9).await;
    (0..2).for_each(|partition| stage.count(partition, 1));
    watched.records(11).await;
    watched.assert_whole(&[5, 6]);
}
