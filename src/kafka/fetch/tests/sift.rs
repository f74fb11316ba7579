//! Filters on raw bytes find what asking every record finds.
use super::{testing::*, *};
use crate::filter::{Filter, Pattern, Query, Verdict};
use proptest::prelude::*;

fn grep(text: &str) -> Filter {
    Filter::compile(Query { grep: vec![Pattern::text(text)], ..Query::default() }).unwrap()
}

fn style(filter: Option<Filter>) -> Style {
    Style { filter, ..Style::default() }
}

fn row(value: &str) -> Row {
    let headers = vec![(b"trace".to_vec(), Some(value.as_bytes()[..value.len().min(3)].to_vec()))];
    Row { value: Some(value.as_bytes().to_vec()), headers, ..Row::default() }
}

#[test]
fn one_that_matches_is_found_among_many_and_copied_out_of_them() {
    for codec in [0, LZ4] {
        let rows = (0..900).map(|n| row(&format!("{n:0200}")));
        let bytes = Written::at(100, rows).attributes(codec).bytes();
        let news = decoded(&bytes, 0, 9999, style(Some(grep("000777"))));
        assert_eq!(offsets(&news), [877]);
        assert_eq!((told(&news).records, told(&news).matched), (900, 1));
        let batch = news.iter().find_map(|said| if let News::Records(batch) = said { Some(batch) } else { None });
        assert!(batch.unwrap().bytes() < 1000, "it does not keep what it lay in");
    }
}

/// The end of one record and the beginning of the next made a match.
#[test]
fn what_stands_across_two_records_is_no_match_and_hides_none() {
    let rows = ["xab", "cd", "abcd", "a", "bcd abcd"].map(|value| Row::new(None, Some(value)));
    let mut bytes = Written::at(0, rows).bytes();
    let body = bytes.split_off(61);
    assert!(!body.windows(4).any(|window| window == b"xabcd"), "records have headers between them");
    let news = decoded(&[bytes, body].concat(), 0, 9, style(Some(grep("abcd"))));
    assert_eq!(offsets(&news), [2, 4]);
}

#[test]
fn matches_are_counted_without_being_handed_over() {
    let bytes = Written::counted(0, 500).bytes();
    let news = decoded(&bytes, 0, 500, Style { want: Want::Count, ..style(Some(grep("77"))) });
    assert_eq!((offsets(&news).len(), told(&news).records, told(&news).matched), (0, 500, 5));
}

#[test]
fn a_broken_record_behind_a_match_is_named() {
    let mut body = Written::at(0, [row("yes"), row("no")]).bytes()[61..].to_vec();
    let second = body.len() / 2 + 1;
    body[second] = 0x7f;
    body.extend(b"yes");
    let written = Written::at(0, [row("yes"), row("no"), row("yes")]);
    let news = decoded(&written.around(&body), 0, 3, style(Some(grep("yes"))));
    assert_eq!((offsets(&news), unreadable(&news).len()), (vec![0], 1), "{news:?}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn bytes_first_finds_what_asking_every_record_finds(
        batches in prop::collection::vec((prop::collection::vec("[ab]{0,4}", 1..9), 0i16..5), 1..6),
        needle in "[ab]{0,3}",
        (from, length) in (0i64..30, 0i64..30),
    ) {
        let (mut bytes, mut base) = (vec![], 0);
        for (values, codec) in batches {
            let written = Written::at(base, values.iter().map(|value| row(value))).attributes(codec);
            bytes.extend(written.bytes());
            base += values.len() as i64;
        }
        let filter = grep(&needle);
        let all = decoded(&bytes, from, from + length, style(None));
        let asked: Vec<i64> = all.iter().filter_map(|said| if let News::Records(batch) = said { Some(batch) } else { None })
            .flat_map(|batch| batch.records().filter(|record| filter.judge(record) == Verdict::Match).map(|record| record.head.offset).collect::<Vec<_>>())
            .collect();
        let sifted = decoded(&bytes, from, from + length, style(Some(filter)));
        prop_assert_eq!((told(&sifted).records, told(&sifted).matched), (told(&all).records, asked.len() as u64));
        prop_assert_eq!(told(&sifted).bytes, told(&all).bytes);
        prop_assert_eq!(offsets(&sifted), asked);
    }
}

/// A filter that failed on records was a silent "no".
#[test]
fn records_that_the_filter_cannot_be_asked_of_are_counted_with_the_first_as_example() {
    let jq = Filter::compile(Query { jq: Some(".value.id > 3".into()), ..Query::default() }).unwrap();
    let rows = [r#"{"id":1}"#, "no json", r#"{"id":4}"#, "neither"].map(|value| Row::new(None, Some(value)));
    let bytes = [Written::at(0, rows.clone()).bytes(), Written::at(4, rows).bytes()].concat();
    let news = decoded(&bytes, 0, 9, style(Some(jq)));
    let undecided: Vec<_> = news
        .iter()
        .filter_map(|said| match said {
            News::Undecided(it) => Some((it.spot.1, it.offset, it.failures)),
            _ => None,
        })
        .collect();
    assert_eq!((offsets(&news), undecided), (vec![2, 6], vec![(3, 1, 4)]), "{news:?}");
    assert_eq!((told(&news).records, told(&news).matched), (8, 2));
}
