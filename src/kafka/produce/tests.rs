//! Sending: every record is accounted for, bytes arrive as they were given, and nothing is created or guessed.
use super::*;
use crate::{
    kafka::{
        scan::{Found, Plan, Scan},
        stage::{Stage, topic},
    },
    record::OwnedRecord,
};
use kafscope_demo_broker::{ApiKey, Force, TopicSpec};

fn producer(stage: &Stage, timeout: Duration) -> Producer {
    let settings = Settings {
        bootstrap: stage.brokers.bootstrap(),
        client_id: "test".into(),
        timeout,
        linger: Duration::ZERO,
        properties: vec![],
    };
    Producer::open(&settings).unwrap()
}

fn draft(key: Option<&str>, value: Option<&str>) -> Draft {
    let bytes = |text: Option<&str>| text.map(|text| text.as_bytes().to_vec());
    Draft { key: bytes(key), value: bytes(value), ..Draft::default() }
}

async fn everything(stage: &Stage) -> Vec<OwnedRecord> {
    let plan = Plan::all(vec![topic()]);
    let mut scan = Scan::open(stage.cluster.clone(), plan).await.unwrap();
    let mut records = vec![];
    while let Some(found) = scan.next().await {
        let Found::Records(batch) = found else { panic!("{found:?}") };
        records.extend(batch.records().map(|record| record.to_owned()));
    }
    records.sort_by_key(|record| (record.partition, record.offset));
    records
}

/// T12 and T18 of the acceptance cases.
#[tokio::test]
async fn null_empty_and_text_arrive_as_they_were_given_with_headers_in_order() {
    let stage = Stage::with(1).await;
    let producer = producer(&stage, Duration::from_secs(10));
    let header = |name: &str, value: Option<&[u8]>| (name.to_owned(), value.map(<[u8]>::to_vec));
    let headers =
        vec![header("a", None), header("b", Some(b"")), header("a", Some(&[0, 0xff])), header("", Some(b"null"))];
    let drafts = [
        draft(None, None),
        draft(Some(""), Some("")),
        Draft { headers: headers.clone(), ..draft(Some("null"), Some("null")) },
    ];
    for (offset, draft) in drafts.iter().enumerate() {
        let sent = producer.send("t", draft).await.unwrap();
        assert_eq!((sent.partition, sent.offset), (0, offset as i64));
    }
    let records = everything(&stage).await;
    let fields: Vec<_> = records.iter().map(|record| (record.key.as_deref(), record.value.as_deref())).collect();
    let null = Some(b"null".as_slice());
    assert_eq!(fields, [(None, None), (Some(b"".as_slice()), Some(b"".as_slice())), (null, null)]);
    let expected: Vec<_> = headers.into_iter().map(|(name, value)| (name.into_bytes(), value)).collect();
    assert_eq!(records[2].headers, expected);
}

/// T18: Java's murmur2. Its hash of `21` is -973932308 and of `foobar` -790332482; made positive, modulo 8.
#[tokio::test]
async fn a_key_goes_to_the_partition_java_would_send_it_to() {
    let stage = Stage::with(8).await;
    let producer = producer(&stage, Duration::from_secs(10));
    for (key, hash) in [("21", -973_932_308i32), ("foobar", -790_332_482)] {
        let sent = producer.send("t", &draft(Some(key), None)).await.unwrap();
        assert_eq!(sent.partition, (hash & 0x7fff_ffff) % 8, "key {key}");
    }
    assert_eq!(producer.send("t", &draft(Some("2"), None)).await.unwrap().partition, 0);
    let fixed = Draft { partition: Some(5), ..draft(Some("2"), None) };
    assert_eq!(producer.send("t", &fixed).await.unwrap().partition, 5);
}

#[tokio::test]
async fn an_unknown_topic_and_a_partition_out_of_range_are_refused_before_anything_is_sent() {
    let stage = Stage::with(2).await;
    let unsent = check(&stage.cluster, "nowhere", &draft(None, None)).await.unwrap_err();
    assert!(!unsent.maybe_written && unsent.failure.to_string().contains("never creates"), "{}", unsent.failure);
    let fixed = Draft { partition: Some(2), ..Draft::default() };
    let unsent = check(&stage.cluster, "t", &fixed).await.unwrap_err();
    assert!(unsent.failure.answered.contains("no partition 2: the topic has 2, 0 to 1"), "{}", unsent.failure);
    assert!(check(&stage.cluster, "t", &draft(None, None)).await.is_ok());
    assert!(stage.brokers.end("nowhere", 0).is_none());
}

#[tokio::test]
async fn the_producer_itself_creates_no_topic_either() {
    let stage = Stage::with(1).await;
    let unsent = producer(&stage, Duration::from_secs(4)).send("nowhere", &draft(None, None)).await.unwrap_err();
    assert!(!unsent.maybe_written, "{}", unsent.failure);
    assert!(stage.brokers.end("nowhere", 0).is_none());
}

#[tokio::test]
async fn a_record_larger_than_the_topic_takes_is_refused_in_words() {
    let stage = Stage::with(1).await;
    stage.brokers.create_topic("small", &TopicSpec::new(1).config("max.message.bytes", "1000")).unwrap();
    let large = Draft { value: Some(vec![b'x'; 2000]), ..Draft::default() };
    let unsent = producer(&stage, Duration::from_secs(10)).send("small", &large).await.unwrap_err();
    assert!(!unsent.maybe_written && unsent.failure.answered.contains("max.message.bytes"), "{}", unsent.failure);
}

#[tokio::test]
async fn a_record_nobody_acknowledged_may_have_been_written() {
    let stage = Stage::with(1).await;
    let producer = producer(&stage, Duration::from_secs(2));
    producer.send("t", &draft(None, Some("first"))).await.unwrap();
    stage.brokers.force(Force::hang(ApiKey::Produce));
    let unsent = producer.send("t", &draft(None, Some("second"))).await.unwrap_err();
    assert!(unsent.maybe_written && unsent.failure.advice.contains("may have been written"), "{}", unsent.failure);
}

#[tokio::test]
async fn many_records_in_a_row_keep_their_order_and_are_all_acknowledged() {
    let stage = Stage::with(1).await;
    let producer = producer(&stage, Duration::from_secs(10));
    let mut pending = vec![];
    for n in 0..5000 {
        pending
            .push(producer.queue("t", &draft(None, Some(&n.to_string()))).await.unwrap_or_else(|_| panic!("refused")));
    }
    for (n, pending) in pending.into_iter().enumerate() {
        assert_eq!(pending.outcome().await.unwrap().offset, n as i64);
    }
    let values: Vec<_> = everything(&stage).await.into_iter().filter_map(|record| record.value).collect();
    assert!(values.iter().enumerate().all(|(n, value)| *value == n.to_string().into_bytes()) && values.len() == 5000);
    producer.close(Duration::from_secs(5)).await;
}

#[tokio::test]
async fn closing_tells_what_was_not_acknowledged() {
    let stage = Stage::with(1).await;
    stage.brokers.force(Force::hang(ApiKey::Produce));
    let producer = producer(&stage, Duration::from_secs(30));
    let pending = producer.queue("t", &draft(None, Some("lost"))).await.unwrap_or_else(|_| panic!("refused"));
    while !stage.brokers.requests().iter().any(|seen| seen.api == ApiKey::Produce) {
        tokio::task::yield_now().await;
    }
    producer.close(Duration::from_millis(300)).await;
    assert!(pending.outcome().await.unwrap_err().maybe_written);
}

/// The first record waited for half a second, because nothing made librdkafka ask for its number any sooner.
#[tokio::test]
async fn connecting_first_has_the_number_of_idempotence_asked_for_and_creates_nothing() {
    let stage = Stage::with(1).await;
    let producer = producer(&stage, Duration::from_secs(10));
    producer.connect("nowhere", Duration::from_secs(5)).await;
    producer.connect("t", Duration::from_secs(5)).await;
    let asked =
        |api| stage.brokers.requests().iter().filter(|seen| seen.client_id == "test" && seen.api == api).count();
    assert!(asked(ApiKey::Metadata) >= 2, "a broker of the cluster has told of it, not only the address given");
    assert!(producer.send("t", &draft(None, Some("first"))).await.is_ok());
    assert_eq!(asked(ApiKey::InitProducerId), 1);
    assert!(stage.brokers.end("nowhere", 0).is_none());
}

#[test]
fn a_property_that_does_not_exist_is_refused_by_its_name() {
    let properties = vec![("no.such.thing".to_owned(), "1".to_owned())];
    let settings = Settings {
        bootstrap: "localhost:1".into(),
        client_id: "test".into(),
        timeout: Duration::from_secs(1),
        linger: Duration::ZERO,
        properties,
    };
    assert!(Producer::open(&settings).err().unwrap().to_string().contains("no.such.thing"));
}
