//! The sixteen cases by which Burrow proves its evaluator, as a table of ours.
use crate::lag::status::{Against, Burrow, Entry, evaluate};
use Burrow::{Ok, Rewind, Stall, Stop, Warn};

/// Commits 100 s apart, the first at 100 s.
fn entries(offsets: &[i64], lags: &[i64]) -> Vec<Entry> {
    let pairs = offsets.iter().zip(lags).zip(1..);
    pairs.map(|((offset, lag), n)| Entry { at: n * 100_000, offset: *offset, lag: Some(*lag) }).collect()
}

/// Fifteen commits a second apart, one record each, each of them caught up.
fn steady() -> Vec<Entry> {
    (0..15).map(|n| Entry { at: 1_512_224_618_000 + n * 1_000, offset: 792_748_079 + n, lag: Some(0) }).collect()
}

/// Every second commit has no lag with it.
fn with_gaps() -> Vec<Entry> {
    let all = entries(&[1_000, 2_000, 3_000, 4_000, 5_000], &[0, 50, 100, 150, 200]);
    let silent = |e: &Entry| Entry { at: e.at + 50_000, offset: e.offset + 500, lag: None };
    all.iter().flat_map(|entry| [*entry, silent(entry)]).collect()
}

struct Row {
    case: &'static str,
    entries: Vec<Entry>,
    ends: &'static [i64],
    lag: i64,
    now: i64,
    allowed: i64,
    told: Burrow,
}

#[rustfmt::skip]
fn rows() -> Vec<Row> {
    let rising = [1_000, 2_000, 3_000, 4_000, 5_000];
    let resting = [1_000; 5];
    let from_zero = [0, 50, 100, 150, 200];
    let from_fifty = [50, 100, 150, 200, 250];
    let from_hundred = [100, 150, 200, 250, 300];
    let went_back = [1_000, 2_000, 3_000, 2_000, 4_000];
    let back_lags = [100, 150, 200, 1_250, 300];
    let row = |case, entries, ends, lag, now: i64, allowed, told| Row { case, entries, ends, lag, now: now * 1_000, allowed, told };
    vec![
        row("0 was caught up once", entries(&rising, &from_zero), &[5_200], 200, 600, 0, Ok),
        row("1 silent as long as the window, not longer", entries(&rising, &from_zero), &[5_200], 200, 900, 0, Ok),
        row("2 silent for longer, though caught up once", entries(&rising, &from_zero), &[5_200], 200, 1_000, 0, Stop),
        row("3 silent for longer, never caught up", entries(&rising, &from_fifty), &[5_250], 250, 1_000, 0, Stop),
        row("4 commits the same, but was caught up", entries(&resting, &from_zero), &[1_200], 200, 600, 0, Ok),
        row("5 commits the same, never caught up", entries(&resting, &from_hundred), &[1_300], 300, 600, 0, Stall),
        row("6 commits the same, the lag rests too", entries(&resting, &[100; 5]), &[1_100], 100, 600, 0, Stall),
        row("7 went back and returned", entries(&went_back, &back_lags), &[4_300], 300, 600, 0, Ok),
        row("8 caught up now, whatever was", entries(&rising, &from_fifty), &[5_250], 0, 1_000, 0, Ok),
        row("9 always caught up, then silent while much arrives", steady(),
            &[792_749_024, 792_749_000, 792_748_800, 792_748_600, 792_748_500], 931, 1_512_224_650, 0, Stop),
        row("10 silent, but caught up until just now", steady(),
            &[792_748_094, 792_748_093, 792_748_093, 792_748_093], 1, 1_512_224_650, 0, Ok),
        row("11 as 0, with lags missing", with_gaps(), &[5_700], 200, 600, 0, Ok),
        row("12 behind by no more than is allowed", entries(&[1_000, 2_000, 2_000], &[2, 1, 1]), &[2_001], 1, 550, 1, Ok),
        row("13 as 5, more than is allowed", entries(&resting, &from_hundred), &[1_300], 300, 600, 99, Stall),
        row("14 as 7, more than is allowed", entries(&went_back, &back_lags), &[4_300], 300, 600, 99, Ok),
        row("15 went back and did not return", entries(&[1_000, 2_000, 3_000, 2_000, 2_500], &back_lags), &[4_300], 300, 600, 0, Rewind),
    ]
}

#[test]
fn t22_burrows_rows() {
    let rows = rows();
    assert_eq!(rows.len(), 16);
    for row in rows {
        let against = Against { ends: row.ends, lag: row.lag, allowed: row.allowed, now: row.now };
        assert_eq!(evaluate(&row.entries, against), row.told, "{}", row.case);
    }
}

#[test]
fn t22_a_lag_that_never_falls_is_a_warning_and_one_that_falls_once_is_not() {
    let against = Against { ends: &[9_999], lag: 300, allowed: 0, now: 600_000 };
    let rising = [1_000, 2_000, 3_000, 4_000, 5_000];
    assert_eq!(evaluate(&entries(&rising, &[100, 150, 200, 250, 300]), against), Warn);
    assert_eq!(evaluate(&entries(&rising, &[100, 150, 140, 250, 300]), against), Ok);
}

#[test]
fn t22_without_commits_nothing_is_wrong() {
    let against = Against { ends: &[5], lag: 5, allowed: 0, now: 600_000 };
    assert_eq!(evaluate(&[], against), Ok);
}

proptest::proptest! {
    #[test]
    fn t22_no_numbers_overflow(offsets: Vec<(i64, i64, Option<i64>)>, ends: Vec<i64>, lag: i64, now: i64) {
        let entries: Vec<_> = offsets.into_iter().map(|(at, offset, lag)| Entry { at, offset, lag }).collect();
        let told = evaluate(&entries, Against { ends: &ends, lag, allowed: 0, now });
        proptest::prop_assert!(lag > 0 || told == Ok);
    }
}
