//! Whatever a broker sends: no panic, no memory by its word, and no offset twice.
use super::{
    testing::{Part as Answered, Row, Written, answer, compressed},
    *,
};
use proptest::prelude::*;

fn good(codec: i16, base: i64) -> Vec<u8> {
    let headers = vec![(b"name".to_vec(), Some(b"value".to_vec())), (b"n".to_vec(), None)];
    let rows = (0..20).map(|n: i32| Row {
        key: Some(n.to_string().into_bytes()),
        value: Some(vec![b'x'; 30]),
        headers: headers.clone(),
        ..Row::default()
    });
    Written::at(base, rows).attributes(codec).bytes()
}

fn answer_of(codecs: &[i16]) -> Vec<u8> {
    let bytes: Vec<u8> = codecs.iter().enumerate().flat_map(|(n, codec)| good(*codec, n as i64 * 20)).collect();
    let aborted = vec![(5, 3), (6, 20)];
    answer(0, &[Answered { aborted, ..Answered::new(0, 1000, bytes.clone()) }, Answered::new(1, 50, bytes)]).to_vec()
}

/// Checksums would turn nearly every change away: make them fit again.
fn mend(body: &mut [u8], repair: bool) {
    let mut at = 0;
    while repair && at + 61 < body.len() {
        let length = u32::from_be_bytes(body[at + 8..at + 12].try_into().unwrap()) as usize;
        let end = at.saturating_add(12).saturating_add(length);
        if body[at + 16] == 2 && (62..=body.len()).contains(&end) && end > at + 61 {
            let checksum = crc32c::crc32c(&body[at + 21..end]).to_be_bytes();
            body[at + 17..at + 21].copy_from_slice(&checksum);
        }
        at += 1;
    }
}

fn read_through(body: Vec<u8>, committed: bool) {
    let body = Bytes::from(body);
    let mut fetcher = fetcher_to(&[(0, 3), (1, 0)], Stop::Never, committed);
    for _ in 0..3 {
        let Ok(outcome) = fetcher.answer(&body, Duration::ZERO) else { return };
        let load = Load { topics: topics(), body: body.clone(), slices: outcome.slices };
        Decoder::new(Style { committed, own: true, ..Style::default() }).decode(&load, &mut |news| {
            let News::Records(batch) = news else { return true };
            let total: usize = batch.records().map(|record| record.size() + record.headers().count()).sum();
            assert!(batch.buffer.len() <= 256 << 20 && total <= 2 * batch.buffer.len());
            true
        });
        let _ = fetcher.request();
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    #[test]
    fn a_changed_answer_never_panics_t10(
        codecs in prop::collection::vec(0i16..6, 1..4),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
        cut in any::<prop::sample::Index>(),
        (repair, shorten, committed) in any::<(bool, bool, bool)>(),
    ) {
        let mut body = answer_of(&codecs);
        for (at, byte) in changes {
            let at = at.index(body.len());
            body[at] = byte;
        }
        mend(&mut body, repair);
        if shorten {
            body.truncate(cut.index(body.len()));
        }
        read_through(body, committed);
    }

    #[test]
    fn random_bytes_never_panic(body in prop::collection::vec(any::<u8>(), 0..300), committed in any::<bool>()) {
        read_through(body.clone(), committed);
        read_through(answer(0, &[Answered::new(0, 9, body)]).to_vec(), committed);
    }

    #[test]
    fn a_changed_compressed_body_never_panics_t10(
        codec in 1i16..5,
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
    ) {
        let plain = good(0, 0);
        let mut body = compressed(codec, plain[61..].to_vec());
        for (at, byte) in changes {
            let at = at.index(body.len());
            body[at] = byte;
        }
        let written = Written::counted(0, 20).attributes(codec).around(&body);
        decoded(&written, 0, 20, Style::default());
    }
}

#[test]
fn a_partition_named_more_often_than_asked_is_refused() {
    let parts = vec![Answered::new(0, 9, vec![]); 3];
    assert!(fetcher(&[(0, 0)]).answer(&answer(0, &parts), Duration::ZERO).is_err());
}
