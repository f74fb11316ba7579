//! When a lag will be gone says nothing that the verdict does not.
use super::{
    at,
    film::{Film, NOON, empty},
};
use crate::lag::{Clears, History, PartitionLag, Rates, Status as S, rates::clears};

const MINUTE: i64 = 60_000;

#[test]
fn t22_verdict_and_time_to_clear_never_contradict_each_other() {
    let growing = Some(Rates { arriving: 100.0, reading: 50.0 });
    let level = Some(Rates { arriving: 100.0, reading: 100.0 });
    let falling = Some(Rates { arriving: 50.0, reading: 100.0 });
    let soon = Clears::In(std::time::Duration::from_secs(10));
    for (verdict, rates, told) in [
        (S::Ok, growing, Clears::Observing),
        (S::Ok, level, Clears::Level),
        (S::Ok, falling, soon),
        (S::Ok, None, Clears::Observing),
        (S::Observing, growing, Clears::Observing),
        (S::Observing, falling, Clears::Observing),
        (S::FallingBehind, growing, Clears::Never),
        (S::FallingBehind, level, Clears::Never),
        (S::FallingBehind, None, Clears::Never),
        (S::Stuck, level, Clears::Never),
        (S::Stopped, growing, Clears::Unknown),
        (S::Stopped, None, Clears::Unknown),
        (S::Lost, growing, Clears::Never),
        (S::Lost, falling, soon),
        (S::Rewound, falling, soon),
    ] {
        assert_eq!(clears(Some(verdict), rates, false, 500), told, "{verdict:?} {rates:?}");
    }
    assert_eq!(clears(Some(S::Ok), growing, true, 500), Clears::Level, "the longer time outweighs half a minute");
    let silent = Some(Rates { arriving: 100.0, reading: 0.0 });
    assert_eq!(clears(Some(S::Ok), silent, true, 500), Clears::Observing);
}

/// A deserted group cleared "never", before and after it was called stopped.
#[test]
fn t22_where_nobody_is_there_to_read_there_is_nothing_to_expect() {
    let mut history = History::default();
    for ms in (0..4 * MINUTE).step_by(2_000) {
        history.sample(&empty(vec![at(0, 900 + ms / 100, 500)], NOON + ms));
        assert_eq!(history.clears(), Clears::Unknown, "{ms}");
    }
    // A reader by `assign` is no member, and it reads.
    let mut history = History::default();
    for ms in (0..4 * MINUTE).step_by(2_000) {
        history.sample(&empty(vec![at(0, 90_000, ms / 10)], NOON + ms));
    }
    assert!(matches!(history.clears(), Clears::In(_)), "{:?}", history.clears());
    // Retention took what a deserted group had not read.
    let mut history = History::default();
    (0..60).for_each(|n| history.sample(&empty(vec![at(600, 900 + n, 500)], NOON + n * 2_000)));
    assert_eq!(history.clears(), Clears::Unknown);
}

#[test]
fn t22_what_is_seen_of_every_reader_fits_together() {
    for every in [2_000, 10_000] {
        for (reads, stops, hangs) in [
            (50, i64::MAX, i64::MAX),
            (100, i64::MAX, i64::MAX),
            (200, i64::MAX, i64::MAX),
            (200, 2 * MINUTE, i64::MAX),
            (200, i64::MAX, 2 * MINUTE),
        ] {
            let film = Film { stops, hangs, lag: 50_000, ..Film::new(100, reads, every) };
            let mut history = History::default();
            for ms in (0..6 * MINUTE).step_by(usize::try_from(every).expect("a step")) {
                let mut told = film.told(ms);
                let more = PartitionLag { partition: 1, ..at(0, 70, 70) };
                told.partitions.as_mut().expect("partitions").push(more);
                history.sample(&told);
                let (status, clears) = (history.verdict().expect("a verdict").status, history.clears());
                let fits = match status {
                    S::Ok => clears != Clears::Never && (clears == Clears::Unknown) <= (ms >= stops),
                    S::Observing => matches!(clears, Clears::Observing | Clears::Unknown),
                    S::FallingBehind | S::Stuck => clears == Clears::Never,
                    _ => clears == Clears::Unknown,
                };
                assert!(fits, "every {every}, {reads}/s, at {ms}: {status:?} {clears:?}");
            }
        }
    }
}
