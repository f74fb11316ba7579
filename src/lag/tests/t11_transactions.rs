//! High watermark and last stable offset, both: open transactions are named, markers alarm nobody.
use super::{
    at,
    film::{NOON, owned, time},
};
use crate::lag::{Behind, Clears, History, PartitionLag, Status, UnreadRead};

#[test]
fn t11_stable_lag_and_what_an_open_transaction_holds_back() {
    let row = |stable_end, committed| PartitionLag { stable_end, ..at(790, 1_041, committed) };
    for (row, lag, stable, held) in [
        (row(None, 812), 229, None, 0),
        (row(Some(1_041), 812), 229, Some(229), 0),
        (row(Some(1_020), 812), 229, Some(208), 21),
        (row(Some(1_020), 1_020), 21, Some(0), 21),
        // A read-uncommitted reader is beyond the stable end.
        (row(Some(1_020), 1_030), 11, Some(0), 21),
        // Retention passed the commit, and the stable end.
        (row(Some(780), 700), 251, Some(0), 261),
        (row(Some(i64::MIN), i64::MAX), 0, Some(0), i64::MAX),
    ] {
        assert_eq!((row.lag(), row.stable_lag(), row.held_back()), (Some(lag), stable, held), "{row:?}");
    }
}

#[test]
fn t1_an_empty_partition_is_caught_up_wherever_it_begins() {
    for (start, end, committed, lag) in [(0, 0, 0, 0), (50, 50, 50, 0), (50, 51, 50, 1), (50, 50, 20, 0)] {
        assert_eq!(at(start, end, committed).lag(), Some(lag));
    }
}

#[test]
fn t5_what_retention_took_is_not_behind_and_the_tools_number_stands_beside() {
    let row = at(790, 1_041, 700);
    assert_eq!((row.lag(), row.lost(), row.difference()), (Some(251), 90, Some(341)));
    let recreated = at(0, 5, 1_041);
    assert_eq!((recreated.lag(), recreated.ahead(), recreated.difference()), (Some(0), 1_036, Some(-1_036)));
}

/// The demo's mailer: its last offset is a commit marker, and it was called stuck.
#[test]
fn t11_a_reader_that_rests_at_a_marker_is_never_stuck() {
    let nothing = |began| UnreadRead { topic: "orders".into(), partition: 0, from: 10, began, record: Ok(None) };
    for looked in [false, true] {
        let mut history = History::default();
        for n in 0..60 {
            history.sample(&owned(vec![at(0, 11, 10)], NOON + n * 10_000));
            if looked {
                history.unread(&nothing(time(NOON + n * 10_000 + 50)));
            }
        }
        let expected = if looked { Status::Ok } else { Status::Observing };
        assert_eq!(history.verdict().map(|verdict| verdict.status), Some(expected));
        if looked {
            assert_eq!((history.behind(time(NOON + 600_000)), history.clears()), (Behind::CaughtUp, Clears::CaughtUp));
        }
    }
}

#[test]
fn t11_a_reader_at_the_stable_end_waits_for_the_transaction_not_for_itself() {
    let mut history = History::default();
    for n in 0..60 {
        let row = PartitionLag { stable_end: Some(20), ..at(0, 26, 20) };
        history.sample(&owned(vec![row], NOON + n * 10_000));
    }
    assert_eq!(history.verdict().map(|verdict| verdict.status), Some(Status::Ok));
}

/// The sweep does not ask for stable ends: who left the screen was called stuck, came to the top, and was well again.
#[test]
fn t11_a_reader_at_the_stable_end_is_remembered_while_nobody_looks() {
    let mut history = History::default();
    for n in 0..80 {
        let stable_end = (n < 20).then_some(20);
        history.sample(&owned(vec![PartitionLag { stable_end, ..at(0, 26 + n, 20) }], NOON + n * 10_000));
        let status = history.verdict().map(|verdict| verdict.status);
        if n < 45 {
            assert!(matches!(status, Some(Status::Ok | Status::Observing)), "{n}: {status:?}");
        }
    }
    assert_eq!(history.verdict().map(|verdict| verdict.status), Some(Status::Stuck), "but not for ever");
}

/// One marker after each record: the lag is 1 in every sample, and the commits move.
#[test]
fn t11_a_lag_that_stays_one_while_commits_move_is_no_falling_behind() {
    let mut history = History::default();
    (0..60).for_each(|n| history.sample(&owned(vec![at(0, 101 + 2 * n, 100 + 2 * n)], NOON + n * 10_000)));
    assert_eq!(history.verdict().map(|verdict| verdict.status), Some(Status::Ok));
}
