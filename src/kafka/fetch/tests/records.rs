//! From bytes to records: nothing lost, nothing doubled, nothing guessed, and what cannot be read is named.
use super::{
    super::{
        aborted::AbortedTransaction,
        chunk::{MOST_BYTES, MOST_RECORDS},
    },
    testing::*,
    *,
};
use crate::record::TimestampType;

const ALL: Style = Style { want: Want::Records, committed: false, own: false, filter: None };

fn first(news: &[News]) -> crate::record::Batch {
    news.iter().find_map(|news| if let News::Records(batch) = news { Some(batch.clone()) } else { None }).unwrap()
}

/// T12 of the acceptance cases.
#[test]
fn null_empty_and_the_text_null_stay_three_things_in_key_value_and_header_t12() {
    let headers = vec![
        (b"a".to_vec(), None),
        (b"a".to_vec(), Some(vec![])),
        (b"".to_vec(), Some(b"null".to_vec())),
        (vec![0xff, 0x1b], Some(vec![0, 0xfe])),
    ];
    let rows = [
        Row::new(None, None),
        Row::new(Some(""), Some("")),
        Row { headers: headers.clone(), ..Row::new(Some("null"), Some("null")) },
    ];
    let batch = first(&decoded(&Written::at(0, rows).bytes(), 0, 3, ALL));
    let fields: Vec<_> = batch.records().map(|record| (record.key(), record.value())).collect();
    let null = Some(b"null".as_slice());
    assert_eq!(fields, [(None, None), (Some(b"".as_slice()), Some(b"".as_slice())), (null, null)]);
    assert_eq!(batch.record(2).unwrap().to_owned().headers, headers);
}

#[test]
fn a_thousand_headers_are_all_there_t12() {
    let headers: Vec<_> = (0..1000).map(|n: i32| (b"h".to_vec(), Some(n.to_string().into_bytes()))).collect();
    let row = Row { headers: headers.clone(), ..Row::new(None, None) };
    let batch = first(&decoded(&Written::at(0, [row]).bytes(), 0, 1, ALL));
    assert_eq!(batch.record(0).unwrap().to_owned().headers, headers);
}

/// T10 of the acceptance cases.
#[test]
fn every_codec_gives_the_same_records_t10() {
    for codec in [0, GZIP, SNAPPY, LZ4, ZSTD] {
        let bytes = Written::counted(10, 5000).attributes(codec).bytes();
        let news = decoded(&bytes, 10, 5010, ALL);
        assert_eq!(offsets(&news), (10..5010).collect::<Vec<_>>(), "codec {codec}");
        let last = first(&news);
        assert_eq!(last.record(7).unwrap().value(), Some(b"17".as_slice()));
    }
}

#[test]
fn records_before_the_position_and_at_the_stop_are_not_handed_over() {
    let bytes = [Written::counted(0, 5).bytes(), Written::counted(5, 5).attributes(LZ4).bytes()].concat();
    assert_eq!(offsets(&decoded(&bytes, 3, 8, ALL)), [3, 4, 5, 6, 7]);
}

#[test]
fn a_broken_checksum_is_named_and_the_next_batch_is_read_t10() {
    let mut broken = Written::counted(5, 5).bytes();
    *broken.last_mut().unwrap() ^= 1;
    let bytes = [Written::counted(0, 5).bytes(), broken, Written::counted(10, 2).bytes()].concat();
    let news = decoded(&bytes, 0, 12, ALL);
    assert_eq!(offsets(&news), [0, 1, 2, 3, 4, 10, 11]);
    assert_eq!(unreadable(&news), [(5, 9, "the checksum does not match".to_owned())]);
}

#[test]
fn an_unknown_codec_is_named_and_the_next_batch_is_read_t10() {
    let bytes = [Written::counted(0, 2).attributes(6).bytes(), Written::counted(2, 1).bytes()].concat();
    let news = decoded(&bytes, 0, 3, ALL);
    assert_eq!(offsets(&news), [2]);
    assert!(matches!(&unreadable(&news)[..], [(0, 1, why)] if why.contains("codec 6")));
}

#[test]
fn a_count_that_is_too_high_or_too_low_is_named_and_what_is_there_is_shown_t10() {
    let mut batch = Written::counted(0, 3);
    let records = batch.bytes()[61..].to_vec();
    batch.rows.push(Row { delta: 3, ..Row::default() });
    let news = decoded(&batch.around(&records), 0, 4, ALL);
    assert_eq!((offsets(&news), unreadable(&news)[0].0), (vec![0, 1, 2], 3));
    batch.rows.truncate(1);
    batch.last_delta = Some(2);
    let news = decoded(&batch.around(&records), 0, 4, ALL);
    assert_eq!((offsets(&news), unreadable(&news).len()), (vec![0], 1));
}

/// It was said that offsets 3 to 2 cannot be read.
#[test]
fn a_count_beyond_all_offsets_of_the_batch_is_named_at_its_last() {
    let mut batch = Written::counted(0, 3);
    let records = batch.bytes()[61..].to_vec();
    batch.rows.resize(9, Row::default());
    batch.last_delta = Some(2);
    let news = decoded(&batch.around(&records), 0, 3, ALL);
    let why = "the batch ends before the 9 records its header tells of";
    assert_eq!((offsets(&news), unreadable(&news)), (vec![0, 1, 2], vec![(2, 2, why.to_owned())]));
}

#[test]
fn the_time_of_the_log_stands_for_all_records_of_the_batch_t4() {
    let written = Written { max_timestamp: 77, attributes: APPEND_TIME, ..Written::counted(0, 2) };
    let batch = first(&decoded(&written.bytes(), 0, 2, ALL));
    assert!(batch.heads.iter().all(|head| (head.timestamp, head.timestamp_type) == (77, TimestampType::Append)));
    assert_eq!(batch.heads[0].leader_epoch, 7);
}

#[test]
fn a_batch_handed_over_is_bounded_in_records_and_in_bytes() {
    let large = Row { value: Some(vec![7; 200 << 10]), ..Row::default() };
    let giant = Row { value: Some(vec![7; 3 << 20]), ..Row::default() };
    let rows = [vec![large; 5], vec![giant], vec![Row::default(); 2500]].concat();
    for own in [false, true] {
        let news = decoded(&Written::at(0, rows.clone()).bytes(), 0, 9999, Style { own, ..ALL });
        assert_eq!(offsets(&news), (0..2506).collect::<Vec<_>>());
        for said in &news {
            let News::Records(batch) = said else { continue };
            assert!(batch.len() <= MOST_RECORDS);
            assert!(batch.len() == 1 || batch.buffer.len() <= MOST_BYTES);
            assert_eq!(batch.capacity, batch.buffer.len());
        }
    }
}

#[test]
fn what_is_kept_does_not_keep_the_answer_it_came_in() {
    let bytes = Written::counted(0, 1).bytes();
    let kept = first(&decoded(&bytes, 0, 1, Style { own: true, ..ALL }));
    assert!(kept.buffer.is_unique());
}

/// T11 of the acceptance cases.
#[test]
fn records_of_aborted_transactions_are_left_out_when_only_committed_ones_are_wanted_t11() {
    let bytes = [
        Written::counted(0, 2).transactional(1).bytes(),
        Written::counted(2, 2).transactional(2).bytes(),
        Written::marker(4, 1, false).bytes(),
        Written::counted(5, 1).transactional(1).bytes(),
        Written::marker(6, 2, true).bytes(),
        Written::counted(7, 1).bytes(),
        Written::marker(8, 1, true).bytes(),
    ]
    .concat();
    let aborted = vec![AbortedTransaction { producer: 1, first_offset: 0 }];
    let slice = Slice { topic: 0, partition: 0, from: 0, stop: 9, next: 9, end: 9, aborted, records: 0..bytes.len() };
    let committed = Style { committed: true, ..ALL };
    assert_eq!(offsets(&decoded_slice(&bytes, slice.clone(), committed)), [2, 3, 5, 7]);
    assert_eq!(offsets(&decoded_slice(&bytes, slice, ALL)), [0, 1, 2, 3, 5, 7]);
}
