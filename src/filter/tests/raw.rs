//! Raw bytes may say "none" only where no record matches: the promise that makes searching fast and honest.
use super::*;

/// Bytes that like to be mistaken for each other.
fn bytes() -> impl Strategy<Value = Vec<u8>> {
    let pieces = prop::sample::select(vec![
        &b"tea"[..],
        b"te",
        b"a",
        b"TEA",
        b"needle",
        b" ",
        b"\n",
        b"\"",
        b"\\u0074ea",
        b"\\",
        b"/",
        b"\xff",
        b"\x00",
        b"\xe6\x9c\x9d",
        b"17",
    ]);
    prop::collection::vec(pieces, 0..4).prop_map(|pieces| pieces.concat())
}

fn record() -> impl Strategy<Value = Fields> {
    let field = || prop::option::weighted(0.8, bytes());
    let headers = prop::collection::vec((bytes(), field()), 0..3);
    (field(), field(), headers).prop_map(|(key, value, headers)| Fields { key, value, headers })
}

fn line() -> impl Strategy<Value = String> {
    let part = prop::sample::select(vec![
        "tea",
        "/tea/i",
        "/^tea$/",
        "/\\btea\\b/",
        "/a*/",
        "/^$/",
        "/(?m)^a/",
        "/te.*a/",
        "/[^a]$/",
        "/\\W/",
        "/(?-u:\\xff)/",
        "/./",
        "/te{1,2}a|17\\z/",
        "key:tea",
        "key:",
        "key:17",
        "header:tea",
        "header:a=tea",
        "header:a=␀",
        "header:tea=needle",
        "朝",
    ]);
    prop::collection::vec(part, 0..3).prop_filter_map("one key", |parts| {
        let keys = parts.iter().filter(|part| part.starts_with("key:")).count();
        (keys < 2).then(|| parts.join(" & "))
    })
}

/// Asks as a reader does, and holds every answer against what each record is judged.
fn hold(filter: &Filter, records: &[Fields]) {
    let (batch, ends) = batch(records);
    let judged: Vec<_> = batch.records().map(|record| filter.judge(&record)).collect();
    let mut from = 0;
    while from < batch.buffer.len() {
        let upto = match filter.could_hold(&batch.buffer, from) {
            Hit::Unknown => return,
            Hit::None => usize::MAX,
            Hit::At(at) => at,
        };
        let skipped = ends.iter().zip(&judged).filter(|(end, _)| **end > from && **end <= upto);
        for (_, verdict) in skipped {
            assert_ne!(*verdict, Verdict::Match, "{filter:?} from {from} to {upto} in {records:?}");
        }
        from = ends.iter().copied().find(|end| *end > upto).unwrap_or(usize::MAX);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]
    #[test]
    fn what_raw_bytes_rule_out_never_matches(line in line(), records in prop::collection::vec(record(), 0..5)) {
        hold(&Filter::read(&line).unwrap(), &records);
    }
}

#[test]
fn an_anchor_does_not_hide_a_match_from_the_raw_bytes() {
    let (batch, _) = batch(&[value("x"), value("tea")]);
    let filter = Filter::read("/^tea$/").unwrap();
    assert!(matches!(filter.could_hold(&batch.buffer, 0), Hit::At(_)));
    assert_eq!(Filter::read("/^coffee$/").unwrap().could_hold(&batch.buffer, 0), Hit::None);
}

#[test]
fn a_hit_is_where_the_rarest_condition_holds_first() {
    let (batch, ends) = batch(&[value("tea"), value("tea"), value("tea needle")]);
    let Hit::At(at) = Filter::read("tea & needle").unwrap().could_hold(&batch.buffer, 0) else { panic!() };
    assert!(at > ends[1] && at < ends[2]);
}
