//! The data are what the demo promises: numbers, places and single bytes that others quote.

use super::*;
use std::collections::HashSet;

fn topic(name: &str) -> TopicSeed {
    topics(1).into_iter().find(|topic| topic.name == name).unwrap()
}

/// The records of a topic in the order of their time.
fn records(name: &str) -> Vec<Record> {
    let mut records: Vec<Record> = topic(name).partitions.into_iter().flatten().collect();
    records.sort_by_key(|record| record.timestamp);
    records
}

fn text(record: &Record) -> &str {
    std::str::from_utf8(record.value.as_deref().unwrap()).unwrap()
}

fn json(record: &Record) -> serde_json::Value {
    serde_json::from_slice(record.value.as_deref().unwrap()).unwrap()
}

fn names(record: &Record) -> Vec<&str> {
    record.headers.iter().map(|(name, _)| std::str::from_utf8(name).unwrap()).collect()
}

#[test]
fn one_seed_gives_one_set_of_bytes_and_another_seed_another() {
    let bytes = |seed| -> Vec<Bytes> {
        topics(seed)
            .iter()
            .flat_map(|topic| topic.batches().map(|(_, _, batch)| batch.unwrap()).collect::<Vec<_>>())
            .collect()
    };
    assert_eq!(bytes(1), bytes(1));
    assert_ne!(bytes(1), bytes(2));
}

#[test]
fn the_base_time_is_the_seeds_and_never_absurd() {
    assert_eq!(base_time(1), 1_795_165_200_000);
    assert_eq!(base_time(2) - base_time(1), 3_600_000);
    assert!(base_time(0) > 0 && base_time(u64::MAX) < 2 * base_time(1));
}

#[test]
fn every_keyed_record_is_where_its_key_hashes_to() {
    for topic in topics(1).iter().filter(|topic| topic.name != "orders.dlq") {
        for (at, records) in topic.partitions.iter().enumerate() {
            let stray =
                records.iter().filter_map(|r| r.key.as_ref()).find(|key| partition(key, topic.partitions.len()) != at);
            assert_eq!(stray, None, "{}", topic.name);
        }
    }
}

#[test]
fn every_codec_is_on_stage() {
    let used: HashSet<i16> = topics(1).iter().map(|topic| topic.codec as i16).collect();
    assert_eq!(used, HashSet::from([0, 1, 2, 3, 4]));
}

#[test]
fn every_fortieth_order_has_the_same_header_twice_with_another_between() {
    let orders = records("orders");
    let tagged: Vec<_> = orders.iter().filter(|order| names(order).contains(&"tag")).collect();
    assert_eq!((orders.len(), tagged.len()), (1_200, 30));
    assert_eq!(names(tagged[0]), ["trace-id", "tag", "source", "tag"]);
    assert_eq!(json(tagged[0])["id"], 40);
    assert_eq!(names(&orders[0]), ["trace-id", "source"]);
}

#[test]
fn orders_are_of_fifty_users_and_add_up() {
    let orders = records("orders");
    let users: HashSet<_> = orders.iter().map(|order| order.key.clone().unwrap()).collect();
    assert_eq!(users.len(), 50);
    for order in orders.iter().map(json) {
        let items = order["items"].as_array().unwrap();
        let sum: f64 = items.iter().map(|i| i["price"].as_f64().unwrap() * i["quantity"].as_f64().unwrap()).sum();
        assert!((sum - order["amount"].as_f64().unwrap()).abs() < 0.005, "{order}");
    }
}

#[test]
fn tweets_are_long_and_their_ids_exact() {
    let tweets = records("tweets");
    assert_eq!(tweets.len(), 200);
    assert!(text(&tweets[0]).contains(r#""id":905441423759171585,"#));
    assert!(tweets.iter().all(|tweet| tweet.key.is_none() && (4_096..=8_192).contains(&text(tweet).len())));
    let sizes: Vec<_> = tweets.iter().map(|tweet| text(tweet).len()).collect();
    assert!(sizes.iter().max().unwrap() - sizes.iter().min().unwrap() > 2_000);
    let all: String = tweets.iter().map(text).collect();
    for part in ["16 años :(\\n¿Pero", "Katlyn☮️", "Rhya🌷✨", "\u{e242}", "\u{200d}", "friendsCount", "followersCount"]
    {
        assert!(all.contains(part), "{part}");
    }
}

#[test]
fn trips_have_twenty_strings_of_about_539_bytes_on_two_partitions() {
    let trips = records("tripdata");
    assert!(trips.iter().all(|trip| json(trip).as_object().unwrap().values().all(serde_json::Value::is_string)));
    assert_eq!(json(&trips[0]).as_object().unwrap().len(), 20);
    let mean = trips.iter().map(|trip| text(trip).len()).sum::<usize>() / trips.len();
    assert!((529..=549).contains(&mean), "{mean}");
    let filled: Vec<usize> = (0..8).filter(|partition| topic("tripdata").end(*partition) > 0).collect();
    assert_eq!(filled, [0, 7]);
}

#[test]
fn nulls_hold_27_different_records_in_the_order_promised() {
    let records = &topic("nulls").partitions[0];
    let different: HashSet<_> = records.iter().map(|r| (&r.key, &r.value, &r.headers)).collect();
    assert_eq!((records.len(), different.len()), (27, 27));
    let at = |n: usize| (records[n].key.as_deref(), records[n].value.as_deref(), records[n].headers[0].1.as_deref());
    assert_eq!(at(0), (None, None, None));
    assert_eq!(at(5), (None, Some(&b""[..]), Some(&b"null"[..])));
    assert_eq!(at(19), (Some(&b"null"[..]), None, Some(&b""[..])));
}

#[test]
fn the_hostile_list_is_complete() {
    let records = &topic("hostile").partitions[0];
    let value = |n: usize| records[n].value.as_deref().unwrap();
    assert_eq!(records.len(), 24);
    assert!(value(0).starts_with(b"\x1b[2J"));
    assert!(value(3).starts_with(b"\x1b]52;c;"));
    assert!(value(7).starts_with(b"\x1bc"));
    assert_eq!(value(8)[..4], *b"\x9b31m");
    assert_eq!(value(9)[..5], *b"\xc2\x9b31m");
    assert_eq!(value(12)[7..10], *b"\xe2\x80\xae");
    assert_eq!(value(15), b"be\xef\xbb\xbffore");
    assert_eq!(records[16].key.as_deref().unwrap()[..4], *b"\x1b[2J");
    assert_eq!(records[17].headers[0].0[..], *b"two\nlines\x1b[2J");
    assert!(records[18].headers[0].1.as_deref().unwrap().starts_with(b"\x1b]52;c;"));
    assert_eq!(records[19].headers.len(), 1_000);
    assert!([0, b'\t', 0x0b, 0x0c].iter().all(|control| value(20).contains(control)));
    assert_eq!(value(21).windows(2).filter(|pair| pair == b"\xcc\x81").count(), 300);
    assert!(value(22).windows(6).any(|part| part == br"\ud800"));
    assert!(value(23).starts_with(br"\x1b[2J"));
}

#[test]
fn a_dead_letter_names_an_order_whose_bytes_it_has() {
    let (orders, letters) = (topic("orders"), topic("orders.dlq"));
    assert_eq!(letters.end(0), 15);
    let header = |letter: &Record, name: &str| {
        letter.headers.iter().find(|(n, _)| n == name.as_bytes()).and_then(|(_, value)| value.clone())
    };
    for (n, letter) in letters.partitions[0].iter().enumerate() {
        let writer = if n % 2 == 0 { "__connect.errors.topic" } else { "kafka_dlt-original-topic" };
        assert_eq!(header(letter, writer).unwrap(), "orders");
        let connect = |name| header(letter, name).map(|v| std::str::from_utf8(&v).unwrap().parse::<usize>().unwrap());
        let spring = |name| header(letter, name).map(|v| v.iter().fold(0, |n, byte| n << 8 | usize::from(*byte)));
        let partition =
            connect("__connect.errors.partition").or_else(|| spring("kafka_dlt-original-partition")).unwrap();
        let offset = connect("__connect.errors.offset").or_else(|| spring("kafka_dlt-original-offset")).unwrap();
        let order = &orders.partitions[partition][offset];
        assert_eq!((&letter.key, &letter.value), (&order.key, &order.value));
        assert!(letter.headers.starts_with(&order.headers));
    }
}

#[test]
fn the_languages_are_24_and_the_last_column_is_wide() {
    let records = records("languages");
    assert_eq!(records.len(), 24);
    assert_eq!(text(&records[0]), "中文消息：消费者组延迟");
    let edge = records.iter().map(text).find(|text| text.ends_with('中')).unwrap();
    assert_eq!(edge.chars().count(), 80);
}

#[test]
fn groups_stand_where_the_page_says() {
    let topics = topics(1);
    let lag = |group: &str| {
        let seed = groups(&topics).into_iter().find(|seed| seed.group == group).unwrap();
        let topic = topics.iter().find(|topic| topic.name == seed.topic).unwrap();
        seed.commits
            .iter()
            .map(|(partition, offset)| topic.end(*partition) - offset.max(&topic.deleted_before))
            .sum::<i64>()
    };
    assert_eq!(
        ["billing", "analytics", "catching-up", "mailer", "stuck-parser", "late-reader", "ghost"].map(lag),
        [0, 300, 900, 8, 8, 300, -40]
    );
    let stopped = groups(&topics).into_iter().find(|seed| seed.group == "stopped").unwrap();
    assert!(stopped.commits.iter().all(|(p, at)| *at == topic("orders").end(*p) * 2 / 5));
}
