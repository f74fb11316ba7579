//! Bad days and long ways on a whole cluster: every offset once, and what is broken is named.
use super::{
    super::stream::{Plan, Stream},
    testing::{Row, Written, ZSTD, compressed},
    *,
};
use crate::kafka::stage::Stage;
use kafscope_demo_broker::{ApiKey, Damage, Force, TopicSpec};
use tokio::time::timeout;

/// The whole of so many partitions of `t`.
fn plan(partitions: i32) -> Plan {
    Plan {
        topics: topics(),
        parts: (0..partitions).map(|id| Part::new(0, id, 0, Stop::FirstEnd)).collect(),
        committed: false,
        want: Want::Records,
        max_wait: Duration::ZERO,
        own: false,
        filter: None,
        give_up_after: None,
        stays_open: false,
    }
}

async fn next(stream: &mut Stream) -> Option<News> {
    timeout(Duration::from_secs(60), stream.next()).await.expect("nothing was said for a minute")
}

async fn all(stage: &Stage, plan: Plan) -> Vec<News> {
    let mut stream = Stream::open(stage.cluster.clone(), plan);
    let mut said = vec![];
    while let Some(news) = next(&mut stream).await {
        said.push(news);
    }
    said
}

/// Batches of records of so many bytes, from the end of partition 0 on.
fn fill(stage: &Stage, batches: i64, records: i64, bytes: usize) {
    for batch in 0..batches {
        let row = Row { value: Some(vec![b'x'; bytes]), ..Row::default() };
        stage.append(0, &Written::at(batch * records, vec![row; records as usize]));
    }
}

fn fetches(stage: &Stage) -> usize {
    stage.brokers.requests().iter().filter(|seen| seen.api == ApiKey::Fetch).count()
}

#[tokio::test]
async fn a_connection_cut_twenty_times_during_five_thousand_records_gives_every_offset_once() {
    let stage = Stage::with(1).await;
    fill(&stage, 500, 10, 8 << 10);
    let mut stream = Stream::open(stage.cluster.clone(), plan(1));
    let (mut cuts, mut seen) = (0, vec![]);
    while let Some(news) = next(&mut stream).await {
        match news {
            News::Records(batch) => seen.extend(batch.heads.iter().map(|head| head.offset)),
            News::Read(_) if cuts < 20 => {
                stage.brokers.force(Force::cut(ApiKey::Fetch).times(1));
                cuts += 1;
            }
            _ => {}
        }
    }
    assert_eq!((cuts, seen), (20, (0..5000).collect()));
}

#[tokio::test]
async fn a_record_of_fifty_megabytes_is_read_although_a_partition_is_asked_for_one_t9() {
    let stage = Stage::with(1).await;
    stage.append(0, &Written::at(0, [Row::new(None, Some("before"))]));
    stage.append(0, &Written::at(1, [Row { value: Some(vec![7; 50_000_000]), ..Row::default() }]));
    stage.append(0, &Written::at(2, [Row::new(None, Some("after"))]));
    let said = all(&stage, plan(1)).await;
    assert_eq!(offsets(&said), [0, 1, 2]);
}

#[tokio::test]
async fn batches_of_unknown_codecs_and_bombs_are_named_and_the_rest_goes_on_t10() {
    let stage = Stage::with(1).await;
    let bomb = compressed(ZSTD, vec![0; 300 << 20]);
    let batches = [
        Written::counted(0, 1).bytes(),
        Written::counted(1, 1).attributes(7).bytes(),
        Written::counted(2, 1).attributes(ZSTD).around(&bomb),
        Written::counted(3, 1).attributes(ZSTD).bytes(),
    ];
    for batch in batches {
        stage.brokers.append("t", 0, batch.into()).unwrap();
    }
    let said = all(&stage, plan(1)).await;
    assert_eq!(offsets(&said), [0, 3]);
    let named = unreadable(&said);
    assert_eq!(named.iter().map(|(first, last, _)| (*first, *last)).collect::<Vec<_>>(), [(1, 1), (2, 2)]);
    for ((_, _, said), why) in named.iter().zip(["codec 7", "256 MiB"]) {
        assert!(said.contains(why), "{said}");
    }
}

/// Over a long way a partition gave 1 MiB a round trip.
#[tokio::test]
async fn answers_of_a_partition_grow_to_16_mib_with_the_round_trip() {
    let stage = Stage::with(1).await;
    fill(&stage, 960, 1, 100 << 10);
    stage.brokers.force(Force::delay(ApiKey::Fetch, Duration::from_millis(20)));
    let before = fetches(&stage);
    let said = all(&stage, Plan { want: Want::Count, ..plan(1) }).await;
    let most = said.iter().map(|said| if let News::Read(read) = said { read[0].bytes } else { 0 }).max();
    assert!(most >= Some(15 << 20), "{most:?}");
    // 1 and 4 MiB, then 16 and more at a time; batches are not cut to measure.
    assert!(fetches(&stage) - before <= 9, "{} requests", fetches(&stage) - before);
}

/// Looking a partition up took longer the more there were.
#[tokio::test]
async fn two_thousand_partitions_are_read_to_their_ends_in_a_handful_of_requests_t7() {
    let stage = Stage::with(1).await;
    let names = ["many", "more"].map(TopicName::from);
    let mut parts = vec![];
    for (topic, name) in names.iter().enumerate() {
        stage.brokers.create_topic(name, &TopicSpec::new(1000)).unwrap();
        for id in 0..1000 {
            stage.brokers.append(name, id, Written::counted(0, 1).bytes().into()).unwrap();
            parts.push(Part::new(topic, id, 0, Stop::FirstEnd));
        }
    }
    let before = fetches(&stage);
    let said = all(&stage, Plan { topics: names.into(), parts, ..plan(0) }).await;
    assert_eq!(offsets(&said).len(), 2000);
    assert!(fetches(&stage) - before < 20, "{} requests", fetches(&stage) - before);
}

fn claims(stage: &Stage, length: i32) {
    stage.brokers.damage("t", 0, 10, Damage::Length(length)).unwrap();
}

/// Whoever waited for the two gigabytes that a header claims waited for ever.
#[tokio::test]
async fn a_batch_that_claims_more_than_can_come_is_named_and_what_is_behind_it_is_read_t10() {
    for length in [i32::MAX, 101 << 20, 0, i32::MIN] {
        let stage = Stage::with(1).await;
        (0..3).for_each(|_| stage.count(0, 10));
        claims(&stage, length);
        let said = all(&stage, plan(1)).await;
        assert_eq!(offsets(&said), (0..10).chain(20..30).collect::<Vec<_>>(), "{length}");
        let why = "a batch of an impossible length".to_owned();
        assert_eq!(unreadable(&said), [(10, 19, why)], "{length}");
        assert!(fetches(&stage) < 10, "{} requests", fetches(&stage));
    }
}

/// The claim could be true: as much is asked for as can come, and then it is passed over.
#[tokio::test]
async fn a_batch_whose_rest_never_comes_is_named_and_what_is_behind_it_is_read_t10() {
    let stage = Stage::with(1).await;
    (0..3).for_each(|_| stage.count(0, 10));
    claims(&stage, 50 << 20);
    let said = all(&stage, plan(1)).await;
    assert_eq!(offsets(&said), (0..10).chain(20..30).collect::<Vec<_>>());
    assert_eq!(unreadable(&said), [(10, 19, "a batch that claims more bytes than there are".to_owned())]);
    assert!(fetches(&stage) < 20, "{} requests", fetches(&stage));
}

/// Compaction leaves fewer records than offsets, and so does a lie: nothing behind may be missed for it.
#[tokio::test]
async fn a_batch_that_contradicts_itself_is_passed_over_offset_by_offset_t10() {
    let stage = Stage::with(1).await;
    stage.count(0, 10);
    stage.append(0, &Written { last_delta: Some(500), ..Written::counted(10, 4) });
    stage.brokers.append("t", 0, Written::counted(0, 10).bytes().into()).unwrap();
    let end = stage.brokers.end("t", 0).unwrap();
    claims(&stage, i32::MAX);
    let said = all(&stage, plan(1)).await;
    assert_eq!(offsets(&said), (0..10).chain(end - 10..end).collect::<Vec<_>>());
    assert_eq!(unreadable(&said).len(), 1);
}

/// A tail asked for it again and again, as fast as the broker could answer.
#[tokio::test]
async fn a_tail_names_a_batch_that_leads_nowhere_and_does_not_ask_for_it_all_the_time_t10() {
    let stage = Stage::with(1).await;
    (0..2).for_each(|_| stage.count(0, 10));
    stage.append(0, &Written { last_delta: Some(500), ..Written::counted(20, 4) });
    stage.brokers.damage("t", 0, 20, Damage::Length(50 << 20)).unwrap();
    let parts = vec![Part::new(0, 0, 0, Stop::Never)];
    let mut stream = Stream::open(stage.cluster.clone(), Plan { parts, stays_open: true, ..plan(0) });
    loop {
        if let News::Failed { failure, given_up, .. } = next(&mut stream).await.unwrap() {
            assert!(failure.to_string().contains("a batch larger than an answer can be") && !given_up, "{failure}");
            break;
        }
    }
    let before = fetches(&stage);
    assert!(timeout(Duration::from_millis(1500), stream.next()).await.is_err(), "it was said again at once");
    assert_eq!(fetches(&stage), before, "it was asked for again at once");
    drop(stream);
    let given_up = all(&stage, Plan { give_up_after: Some(30), ..plan(1) }).await;
    assert!(matches!(given_up.last(), Some(News::Failed { given_up: true, .. })), "a scan does not end");
}

/// The pauses grew although records came between the cuts, and the words blamed a login.
#[tokio::test]
async fn a_connection_cut_in_the_middle_of_answers_is_said_so_and_read_on_at_once_t29() {
    let stage = Stage::with(1).await;
    fill(&stage, 500, 10, 8 << 10);
    stage.brokers.force(Force::cut_after(ApiKey::Fetch, 100_000).times(20));
    let started = std::time::Instant::now();
    let said = all(&stage, plan(1)).await;
    assert_eq!(offsets(&said), (0..5000).collect::<Vec<_>>());
    let failures: Vec<_> = said
        .iter()
        .filter_map(|news| if let News::Failed { failure, .. } = news { Some(failure.to_string()) } else { None })
        .collect();
    assert!(!failures.is_empty());
    for failure in failures {
        assert!(failure.contains("cut in the middle of an answer; it is tried again"), "{failure}");
    }
    assert!(started.elapsed() < Duration::from_secs(6), "{:?}", started.elapsed());
}
