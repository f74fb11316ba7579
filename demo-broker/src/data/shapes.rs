//! Logs that are not plain, and values that are not text: what the demo promises about each.

use super::payments::{Fate, transactions};
use super::*;
use crate::prepared::Prepared;
use std::collections::{BTreeSet, HashSet};

const HOUR_MS: i64 = 3_600_000;

fn topic(name: &str) -> TopicSeed {
    topics(1).into_iter().find(|topic| topic.name == name).unwrap()
}

fn value(record: &Record) -> &[u8] {
    record.value.as_deref().unwrap()
}

#[test]
fn payments_are_sixty_committed_and_six_aborted_transactions_and_an_open_one() {
    for seed in [1, 2, 77] {
        let all = transactions(seed);
        let count = |fate| all.iter().filter(|transaction| transaction.fate == fate).count();
        assert_eq!([Fate::Committed, Fate::Aborted, Fate::Open].map(count), [60, 6, 1]);
        assert!(all.iter().all(|transaction| transaction.records.len() == 5));
        let last = all.last().unwrap();
        assert_eq!((last.fate, last.partition), (Fate::Open, 2));
    }
}

/// Then a reader rests one offset before the end, at the marker.
#[test]
fn behind_the_last_committed_payment_is_its_marker_and_on_partition_2_an_open_transaction() {
    for (partition, log) in topic("payments").laid.iter().enumerate() {
        let mut ends = log.batches().iter().rev().map(|(offset, batch)| (*offset, batch));
        if partition == 2 {
            let (offset, open) = ends.next().unwrap();
            assert_eq!((offset, open.offsets()), (132, 5));
        }
        let (offset, marker) = ends.next().unwrap();
        assert!(offset == 131 && matches!(marker, Prepared::Marker { commits: true, .. }), "{marker:?}");
    }
}

#[test]
fn an_aborted_payment_is_open_while_another_one_commits() {
    let between = |log: &Layout| {
        let producers = log.batches().iter().map(|(_, batch)| match batch {
            Prepared::Transactional { producer, .. } => (producer.id, false),
            Prepared::Marker { producer_id, .. } => (*producer_id, true),
            other => panic!("{other:?}"),
        });
        producers.collect::<Vec<_>>().windows(5).any(|w| {
            let [aborted, committed] = [w[0].0, w[1].0];
            *w == [(aborted, false), (committed, false), (committed, true), (aborted, false), (aborted, true)]
        })
    };
    assert!(topic("payments").laid.iter().all(between));
}

#[test]
fn of_a_hundred_thousand_customers_four_hundred_writes_are_left_and_twelve_are_deletions() {
    let customers = topic("customers");
    let count: Vec<_> = customers.partitions.iter().map(Vec::len).collect();
    assert_eq!(count, [250, 50, 50, 50]);
    assert_eq!((0..4).map(|partition| customers.end(partition)).sum::<i64>(), 100_000);
    let deleted = |records: &Vec<Record>| records.iter().filter(|record| record.value.is_none()).count();
    assert_eq!(customers.partitions.iter().map(deleted).collect::<Vec<_>>(), [3, 3, 3, 3]);
    for records in &customers.partitions[..3] {
        let keys: HashSet<_> = records.iter().map(|record| &record.key).collect();
        assert!(keys.len() < records.len(), "the newest writes are of keys that are there already");
    }
}

#[test]
fn customers_have_holes_between_batches_inside_of_them_and_at_an_end() {
    let customers = topic("customers");
    let ends =
        customers.laid.iter().map(|log| log.batches().last().map(|(base, batch)| base + batch.offsets()).unwrap());
    let holes: Vec<_> = ends.zip(&customers.laid).map(|(last, log)| log.end() - last).collect();
    assert!(holes[..3] == [0, 0, 0] && holes[3] > 0, "{holes:?}");
    for log in &customers.laid {
        let gaps = log.batches().windows(2).filter(|w| w[0].0 + w[0].1.offsets() < w[1].0).count();
        let thin = log.batches().iter().filter(|(_, batch)| (batch.records().count() as i64) < batch.offsets()).count();
        assert!(gaps > 10 && thin > 10, "{gaps} {thin}");
    }
    let empty = customers.laid[1].batches().iter().filter(|(_, batch)| batch.records().next().is_none());
    assert_eq!(empty.count(), 1);
}

#[test]
fn big_values_have_the_sizes_promised_and_are_what_their_keys_say() {
    let laid = topic("big").laid;
    let values: Vec<(String, Vec<u8>)> = laid[0]
        .batches()
        .iter()
        .map(|(_, batch)| match batch {
            Prepared::Long { record, value } => {
                (String::from_utf8(record.key.clone().unwrap().to_vec()).unwrap(), value.concat())
            }
            other => panic!("{other:?}"),
        })
        .collect();
    let sizes: Vec<_> = values.iter().map(|(_, value)| value.len()).collect();
    assert_eq!(sizes, [0, 10 << 10, 1 << 20, 1_040_004, 5 << 20, 20 << 20]);
    assert!(!values[2].1.contains(&b'\n') && values[2].0 == "1 MB in one line");
    let depth = values[3].1.iter().filter(|byte| **byte == b'{').count();
    assert_eq!((depth, values[3].1.iter().filter(|byte| **byte == b'}').count()), (10_000, 10_000));
    let json: serde_json::Value = serde_json::from_slice(&values[4].1).unwrap();
    assert_eq!((json.as_array().unwrap().len(), &json[79]["page"]), (80, &serde_json::json!(80)));
    assert!(values[5].1.starts_with(b"page 1 of 320\n") && values[5].1.ends_with(b"\n"));
}

#[test]
fn big_values_cost_little_memory() {
    let bytes: usize = topic("big").batches().map(|(_, _, batch)| batch.unwrap().len()).sum();
    assert!(bytes < 1 << 20, "{bytes} bytes");
}

#[test]
fn binary_values_are_twenty_and_each_says_what_it_is() {
    let records = &topic("binary").partitions[0];
    assert_eq!(records.len(), 20);
    let keys: BTreeSet<_> = records.iter().map(|record| record.key.clone().unwrap()).collect();
    assert_eq!(keys.len(), 20);
    let named = |name: &str| value(records.iter().find(|r| r.key.as_deref() == Some(name.as_bytes())).unwrap());
    assert_eq!(named("int16"), (-12_345_i16).to_be_bytes());
    assert_eq!(named("uuid, 16 bytes").len(), 16);
    assert!(named("gzip").starts_with(b"\x1f\x8b"));
    assert_eq!(named("invalid UTF-8"), b"\xff\xfe\x80");
    assert_eq!(serde_json::from_slice::<f64>(named("JSON scalar")).unwrap(), -12.5);
    for valid in ["JSON scalar", "int32 that is four letters", "NULs", "UTF-8 with BOM"] {
        assert!(std::str::from_utf8(named(valid)).is_ok(), "{valid}");
    }
}

#[test]
fn word_counts_are_eight_bytes_big_endian_and_one_is_eight_letters() {
    let records = &topic("wordcounts").partitions[0];
    assert_eq!(records.len(), 60);
    assert!(records.iter().all(|record| value(record).len() == 8));
    let letters =
        records.iter().filter(|record| value(record).is_ascii() && value(record).iter().all(u8::is_ascii_lowercase));
    assert_eq!(letters.count(), 1);
    assert_eq!(value(&records[0]), 1_i64.to_be_bytes());
    let the = records.iter().filter(|record| record.key.as_deref() == Some(b"the"));
    let counts: Vec<_> = the.map(|record| i64::from_be_bytes(value(record).try_into().unwrap())).collect();
    assert!(counts.len() > 2 && counts.iter().copied().eq(1..=counts.len() as i64), "{counts:?}");
}

#[test]
fn clocks_are_wrong_in_every_way() {
    let base = base_time(1);
    let times = topic("clock")
        .partitions
        .iter()
        .map(|p| p.iter().map(|r| r.timestamp - base).collect())
        .collect::<Vec<Vec<_>>>();
    assert_eq!(times[0], [0, 1_000, 2_000, 3_000, 10_000, 10_000, 10_000, 10_000]);
    assert_eq!(times[1][..5], [50_000, 20_000, 40_000, 30_000, 3 * HOUR_MS]);
    assert_eq!(times[1][5] / HOUR_MS, 10 * 365 * 24);
    assert_eq!(times[1][6..], [-base, -base - 1], "1970 and no time at all");
}

#[test]
fn four_topics_have_settings_that_show() {
    let set =
        |name: &str| topic(name).configs.into_iter().filter(|(name, _)| *name != "retention.bytes").collect::<Vec<_>>();
    assert_eq!(set("customers"), [("cleanup.policy", "compact".to_owned())]);
    assert_eq!(set("big"), [("max.message.bytes", "26214400".to_owned())]);
    assert_eq!(set("clock-append"), [("message.timestamp.type", "LogAppendTime".to_owned())]);
    assert_eq!(set("retained").len(), 1);
}
