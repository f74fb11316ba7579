//! Brokers that stop, move, hang, answer late, and say what nobody understands.
use super::*;

#[tokio::test]
async fn a_broker_that_stops_and_comes_back_loses_and_doubles_nothing_t6() {
    let stage = Stage::with(3).await;
    (0..3).for_each(|partition| stage.count(partition, 100));
    let mut watched = Watched::open(&stage, Where::Start);
    watched.records(300).await;
    let leader = stage.brokers.leader("t", 0).unwrap();
    stage.brokers.stop_broker_leaderless(leader).await;
    watched.until(|watched| !watched.failures().is_empty()).await;
    stage.brokers.restart_broker(leader).await.unwrap();
    (0..3).for_each(|partition| stage.count(partition, 100));
    watched.records(600).await;
    watched.assert_whole(&[200, 200, 200]);
    watched.until(|watched| watched.said(|event| matches!(event, Event::PartitionRecovered { .. }))).await;
}

/// T6 of the acceptance cases: leader change.
#[tokio::test]
async fn a_leader_that_moves_loses_and_doubles_nothing_t6() {
    let stage = Stage::with(2).await;
    let mut watched = Watched::opened(&stage, Where::Start).await;
    for round in 0..6 {
        (0..2).for_each(|partition| stage.count(partition, 50));
        let next = stage.brokers.leader("t", 0).unwrap() % 3 + 1;
        stage.brokers.set_leader("t", 0, Some(next)).unwrap();
        watched.records((round + 1) * 100).await;
    }
    watched.assert_whole(&[300, 300]);
}

#[tokio::test]
async fn a_stopped_brokers_partitions_are_read_from_the_brokers_that_took_over() {
    let stage = Stage::with(3).await;
    (0..3).for_each(|partition| stage.count(partition, 10));
    let mut watched = Watched::open(&stage, Where::Start);
    watched.records(30).await;
    stage.brokers.stop_broker(stage.brokers.leader("t", 1).unwrap()).await;
    (0..3).for_each(|partition| stage.count(partition, 10));
    watched.records(60).await;
    watched.assert_whole(&[20, 20, 20]);
}

#[tokio::test]
async fn an_error_nobody_knows_is_told_by_its_number_and_the_other_partitions_go_on_t7() {
    let stage = Stage::with(2).await;
    stage.brokers.force(Force::error(ApiKey::Fetch, 1234).partition(0));
    (0..2).for_each(|partition| stage.count(partition, 10));
    let mut watched = Watched::open(&stage, Where::Start);
    watched.until(|watched| watched.records.len() == 10 && !watched.failures().is_empty()).await;
    assert!(watched.failures()[0].contains("1234"), "{:?}", watched.failures());
    watched.until(|watched| watched.said(|event| matches!(event, Event::TailBehind { behind: None, .. }))).await;
    stage.brokers.unforce();
    watched.records(20).await;
    watched
        .until(|watched| watched.said(|event| matches!(event, Event::PartitionRecovered { partition: 0, .. })))
        .await;
    watched.assert_whole(&[10, 10]);
    assert_eq!(watched.failures().len(), 1, "the same reason is told once");
}

/// T5 of the acceptance cases.
#[tokio::test]
async fn a_start_that_moved_past_the_reader_is_told_and_reading_goes_on_there_t5() {
    let stage = Stage::with(1).await;
    stage.count(0, 10);
    let mut watched = Watched::open(&stage, Where::Start);
    watched.records(10).await;
    watched.tail.pause();
    watched.until(|watched| watched.behind() == Some(0)).await;
    stage.count(0, 20);
    stage.brokers.delete_records_before("t", 0, 25).unwrap();
    watched.tail.resume();
    watched.records(15).await;
    assert!(watched.said(|event| matches!(event, Event::StartMoved { partition: 0, from: 10, to: 25, .. })));
    assert_eq!(watched.offsets(0)[10..], [25, 26, 27, 28, 29]);
}

/// T6 of the acceptance cases: partitions added.
#[tokio::test]
async fn a_partition_that_is_added_is_read_from_its_start_t6() {
    let stage = Stage::with(1).await;
    let mut watched = Watched::opened(&stage, Where::End).await;
    stage.brokers.add_partitions("t", 2).unwrap();
    stage.count(1, 5);
    watched.records(5).await;
    assert_eq!(watched.offsets(1), [0, 1, 2, 3, 4]);
}

/// T6 of the acceptance cases: deleted and re-created under the same name.
#[tokio::test]
async fn another_topic_of_the_same_name_is_told_and_read_from_its_start_t6() {
    let stage = Stage::with(1).await;
    stage.count(0, 10);
    let mut watched = Watched::open(&stage, Where::Start);
    watched.records(10).await;
    stage.brokers.delete_topic("t").unwrap();
    watched.until(|watched| !watched.failures().is_empty()).await;
    stage.brokers.create_topic("t", &TopicSpec::new(1)).unwrap();
    stage.count(0, 30);
    watched.records(40).await;
    assert!(watched.said(|event| matches!(event, Event::TopicRecreated { .. })));
    assert_eq!(watched.offsets(0)[10..], (0..30).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_batch_that_cannot_be_read_is_told_and_the_tail_goes_on_t10() {
    let stage = Stage::with(1).await;
    stage.count(0, 2);
    stage.append(0, &Written::counted(2, 3).attributes(UNKNOWN_CODEC));
    stage.count(0, 2);
    let mut watched = Watched::open(&stage, Where::Start);
    watched.records(4).await;
    assert_eq!(watched.offsets(0), [0, 1, 5, 6]);
    assert!(watched.said(|event| matches!(event, Event::BatchesUnreadable { batches: 1, partition: 0, .. })));
}

/// T7 of the acceptance cases: a broker that takes requests and never answers.
#[tokio::test]
async fn a_broker_that_hangs_holds_up_only_its_own_partitions_and_loses_nothing_t7() {
    for from in [Where::Start, Where::Last(10)] {
        let stage = Stage::with(3).await;
        (0..3).for_each(|partition| stage.count(partition, 2));
        let silent = stage.brokers.leader("t", 0).unwrap();
        stage.brokers.force(Force::hang(ApiKey::ListOffsets).at(silent));
        stage.brokers.force(Force::hang(ApiKey::Fetch).at(silent));
        let mut watched = Watched::open(&stage, from);
        watched.until(|watched| watched.records.len() == 4 && !watched.failures().is_empty()).await;
        assert!(watched.failures()[0].contains("no answer within"), "{:?}", watched.failures());
        stage.brokers.unforce();
        (0..3).for_each(|partition| stage.count(partition, 1));
        watched.records(9).await;
        watched.assert_whole(&[3, 3, 3]);
        watched.until(|watched| watched.behind() == Some(0)).await;
    }
}

/// The list took the records of a broker that answered late for such that it holds, and never showed them.
#[tokio::test]
async fn what_a_broker_answers_late_is_held_by_the_list() {
    let stage = Stage::with(3).await;
    (0..3).for_each(|partition| stage.count(partition, 10));
    let silent = stage.brokers.leader("t", 0).unwrap();
    stage.brokers.force(Force::hang(ApiKey::Fetch).at(silent));
    let (said, mut events) = mpsc::channel(8);
    let _tail = open(stage.cluster.clone(), asked(topic(), Where::Last(6)), said);
    let mut ring = Ring::new(1 << 20, 1000);
    let too_late = Instant::now() + LONG;
    while ring.find((0, 9)).is_none() {
        match timeout_at(too_late, events.recv()).await.expect("the list never held them").expect("the tail ended") {
            Event::TailBegan { from, .. } => {
                ring.begin(&from);
                stage.brokers.unforce();
            }
            Event::RecordsArrived { batch, .. } => ring.push(batch),
            _ => {}
        }
    }
    let first = ring.low()[&0];
    assert!(first < 10 && (first..10).all(|offset| ring.find((0, offset)).is_some()), "{:?}", ring.low());
}

#[tokio::test]
async fn a_topic_that_does_not_exist_is_told_and_followed_once_it_does() {
    let stage = Stage::with(1).await;
    let (said, mut events) = mpsc::channel(8);
    let asked = asked("later".into(), Where::Start);
    let _tail = open(stage.cluster.clone(), asked, said);
    assert!(matches!(timeout(LONG, events.recv()).await.unwrap().unwrap(), Event::Failed { .. }));
    stage.brokers.create_topic("later", &TopicSpec::new(1)).unwrap();
    assert!(matches!(timeout(LONG, events.recv()).await.unwrap().unwrap(), Event::TailOpened { .. }));
}
