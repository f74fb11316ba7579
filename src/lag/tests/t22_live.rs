//! Readers as a person sees them on the screen: stopped by hand, slow, stuck, idle, on busy and on quiet topics.
use super::{
    at,
    film::{Film, NOON, empty, owned, time, told},
};
use crate::{
    group::GroupState,
    lag::{Clears, History, PartitionLag, Status as S, Unread, UnreadRead},
};

const MINUTE: i64 = 60_000;

/// When the status was first and last that, after a time.
fn span(seen: &[(i64, S)], status: S, after: i64) -> Option<(i64, i64)> {
    let mut times = seen.iter().filter(|(ms, told)| *ms >= after && *told == status).map(|(ms, _)| *ms);
    let first = times.next()?;
    Some((first, times.next_back().unwrap_or(first)))
}

#[test]
fn t22_a_consumer_stopped_by_hand_is_stopped_within_a_minute() {
    for every in [2_000, 10_000] {
        for lag in [0, 5_000] {
            let stops = 5 * MINUTE + 1_700;
            let film = Film { lag, stops, ..Film::new(100, 200, every) };
            let mut history = History::default();
            let seen = film.play(&mut history, 0, 8 * MINUTE);
            let (first, last) = span(&seen, S::Stopped, 0).expect("stopped");
            assert!((stops..stops + MINUTE).contains(&first), "every {every}: from {first}");
            assert_eq!(last, seen.last().expect("samples").0, "it stays stopped");
            assert_eq!(span(&seen, S::Stuck, 0), None);
            let verdict = history.verdict().expect("a verdict");
            assert_eq!(verdict.at.map(|(topic, p, _)| (topic.to_string(), p)), Some(("orders".into(), 0)));
            let since = verdict.since.expect("a time").as_millisecond() - NOON;
            assert!((stops - every..=stops + every).contains(&since), "since {since}");
            assert_eq!(history.clears(), Clears::Unknown, "nobody is there to read");
        }
    }
}

#[test]
fn t22_a_slow_consumer_falls_behind_and_is_never_stopped() {
    for every in [2_000, 10_000] {
        for reads in [30, 50, 70] {
            let film = Film::new(100, reads, every);
            let mut history = History::default();
            let seen = film.play(&mut history, 0, 10 * MINUTE);
            let late: Vec<_> = seen.iter().filter(|(ms, _)| *ms >= 2 * MINUTE).collect();
            assert!(late.iter().all(|(_, status)| *status == S::FallingBehind), "{every} {reads}: {late:?}");
            assert_eq!(history.clears(), Clears::Never);
            let rates = history.rates().expect("rates");
            assert!((rates.arriving - 100.0).abs() < 2.0, "{rates:?}");
            assert!((rates.reading - reads as f64).abs() < reads as f64 * 0.4, "{rates:?}");
        }
    }
}

/// Commits that fit no refresh are seen a while after they were made, by when more has arrived: the lag seen falls now and
/// then although it grows.
#[test]
fn t22_odd_commit_times_do_not_hide_that_a_consumer_falls_behind() {
    for (every, commits) in [(2_000, 3_100), (2_000, 7_300), (10_000, 3_700), (10_000, 7_300)] {
        let film = Film { commits, ..Film::new(100, 80, every) };
        let seen = film.play(&mut History::default(), 0, 20 * MINUTE);
        let odd = seen.iter().find(|(ms, status)| *ms >= 3 * MINUTE && *status != S::FallingBehind);
        assert_eq!(odd, None, "every {every}, commits every {commits}");
    }
}

#[test]
fn t22_a_consumer_that_keeps_up_or_catches_up_is_ok() {
    for every in [2_000, 10_000] {
        for (reads, lag) in [(200, 0), (200, 50_000), (1_000, 5_000)] {
            let mut history = History::default();
            let seen = Film { lag, ..Film::new(100, reads, every) }.play(&mut history, 0, 10 * MINUTE);
            let odd = seen.iter().find(|(ms, status)| *ms > 30_000 && !matches!(status, S::Ok | S::Observing));
            assert_eq!(odd, None, "{every} {reads} {lag}");
            assert_eq!(seen.last().expect("samples").1, S::Ok);
        }
    }
}

#[test]
fn t22_a_consumer_as_fast_as_its_writer_keeps_level() {
    for every in [2_000, 10_000] {
        let mut history = History::default();
        let seen = Film::new(100, 100, every).play(&mut history, 0, 10 * MINUTE);
        assert_eq!(span(&seen, S::FallingBehind, 0), None, "{every}");
        assert_eq!(span(&seen, S::Stuck, 0), None, "{every}");
    }
}

#[test]
fn t22_a_consumer_that_hangs_is_stuck_at_its_commit() {
    for every in [2_000, 10_000] {
        let film = Film { hangs: 5 * MINUTE, ..Film::new(100, 200, every) };
        let mut history = History::default();
        let seen = film.play(&mut history, 0, 10 * MINUTE);
        let (first, last) = span(&seen, S::Stuck, 0).expect("stuck");
        assert!((5 * MINUTE..8 * MINUTE).contains(&first), "every {every}: from {first}");
        assert_eq!(last, seen.last().expect("samples").0);
        assert_eq!(span(&seen, S::Stopped, 0), None);
    }
}

#[test]
fn t22_who_was_stopped_long_before_is_stopped_after_two_minutes_on_a_quiet_topic_too() {
    for writes in [0, 100] {
        let mut history = History::default();
        let film = Film { stops: 0, ..Film::new(writes, 0, 2_000) };
        let seen = film.play(&mut history, 0, 5 * MINUTE);
        let (first, _) = span(&seen, S::Stopped, 0).expect("stopped");
        assert!((2 * MINUTE..2 * MINUTE + 4_000).contains(&first), "{first}");
        assert_eq!(span(&seen, S::Observing, 0), Some((0, first - 2_000)));
    }
}

#[test]
fn t22_a_live_consumer_on_a_quiet_topic_is_ok_whatever_was() {
    let mut history = History::default();
    for ms in (0..3_600_000).step_by(10_000) {
        history.sample(&owned(vec![at(0, 500, 500)], NOON + ms));
    }
    assert_eq!(history.verdict().map(|verdict| verdict.status), Some(S::Ok));
    // After an hour of rest five records arrive: it has not been silent for an hour, there was nothing to read.
    history.sample(&owned(vec![at(0, 505, 500)], NOON + 3_600_000));
    assert_ne!(history.verdict().map(|verdict| verdict.status), Some(S::Stuck));
    history.sample(&owned(vec![at(0, 505, 505)], NOON + 3_610_000));
    assert_eq!(history.verdict().map(|verdict| verdict.status), Some(S::Ok));
}

#[test]
fn t22_a_commit_once_a_minute_is_not_called_dead() {
    for every in [2_000, 10_000] {
        let film = Film { commits: MINUTE, ..Film::new(100, 200, every) };
        let mut history = History::default();
        let seen = film.play(&mut history, 0, 15 * MINUTE);
        assert_eq!(span(&seen, S::Stuck, 0).or(span(&seen, S::Stopped, 0)), None, "{every}");
    }
}

#[test]
fn t22_no_verdict_before_three_samples_and_thirty_seconds() {
    for (times, status) in [
        (&[0][..], S::Observing),
        (&[0, 10_000], S::Observing),
        (&[0, 29_000], S::Observing),
        (&[0, 1_000, 29_000], S::Observing),
        (&[0, 1_000, 30_000], S::Ok),
        (&[0, 15_000, 30_000], S::Ok),
    ] {
        let mut history = History::default();
        times.iter().for_each(|ms| history.sample(&owned(vec![at(0, 500, 500)], NOON + ms)));
        assert_eq!(history.verdict().map(|verdict| verdict.status), Some(status), "{times:?}");
    }
}

#[test]
fn t22_a_commit_that_goes_back_is_rewound_until_it_returns() {
    let mut history = History::default();
    let mut ask = |ms: i64, committed: i64| {
        history.sample(&owned(vec![at(0, 900, committed)], NOON + ms));
        history.verdict().map(|verdict| (verdict.status, verdict.since.map(|at| at.as_millisecond() - NOON)))
    };
    for (ms, committed) in [(0, 500), (10_000, 520), (20_000, 540), (30_000, 560)] {
        ask(ms, committed);
    }
    assert_eq!(ask(40_000, 100), Some((S::Rewound, Some(40_010))));
    assert_eq!(ask(50_000, 300), Some((S::Rewound, Some(40_010))));
    assert_ne!(ask(60_000, 560).map(|told| told.0), Some(S::Rewound));
}

#[test]
fn t21_lost_ahead_and_no_commit_outrank_what_movement_says() {
    for (row, status) in [
        (at(100, 900, 50), S::Lost),
        (at(0, 900, 1_000), S::Ahead),
        (PartitionLag { committed: None, ..at(0, 900, 0) }, S::NoCommit),
    ] {
        let mut history = History::default();
        history.sample(&owned(vec![row.clone()], NOON));
        assert_eq!(history.verdict().map(|verdict| verdict.status), Some(status), "at once");
        let more = PartitionLag { partition: 1, ..at(0, 9, 9) };
        (1..20).for_each(|n| history.sample(&owned(vec![row.clone(), more.clone()], NOON + n * 10_000)));
        let expected = if status == S::NoCommit { S::Ok } else { status };
        assert_eq!(history.verdict().map(|verdict| verdict.status), Some(expected), "beside one that is well");
    }
}

#[test]
fn t22_while_partitions_change_hands_there_is_no_verdict() {
    let mut history = History::default();
    let film = Film::new(100, 0, 2_000);
    film.play(&mut history, 0, 5 * MINUTE);
    assert_eq!(history.verdict().map(|verdict| verdict.status), Some(S::Stuck));
    let moving = |ms| {
        let row = PartitionLag { rebalancing: true, ..at(0, 1_030_000, 995_000) };
        told(GroupState::PreparingRebalance, vec![], vec![row], NOON + ms)
    };
    history.sample(&moving(5 * MINUTE));
    assert_eq!(history.verdict().map(|verdict| verdict.status), Some(S::Observing));
    // Whoever gets it has its time to commit first.
    history.sample(&film.told(5 * MINUTE + 2_000));
    assert_eq!(history.verdict().map(|verdict| verdict.status), Some(S::Observing));
}

#[test]
fn t22_a_group_is_as_its_worst_partition() {
    let mut history = History::default();
    for n in 0..40 {
        let moving = at(0, 10_000 + n * 100, 10_000 + n * 100);
        let still = PartitionLag { partition: 3, ..at(0, 10_000 + n * 100, 812) };
        history.sample(&owned(vec![moving, still], NOON + n * 10_000));
    }
    let verdict = history.verdict().expect("a verdict");
    assert_eq!((verdict.status, verdict.at), (S::Stuck, Some(("orders".into(), 3, 812))));
    assert_eq!(verdict.since, Some(time(NOON + 10)));
    assert_eq!(history.partition("orders", 0).and_then(|course| course.verdict()).map(|v| v.status), Some(S::Ok));
}

/// A poison record behind a marker: the place told is the record, not the commit.
#[test]
fn t22_stuck_names_the_record_that_is_next() {
    let mut history = History::default();
    let record = Ok(Some(Unread { offset: 815, timestamp: Some(NOON), append: false }));
    for n in 0..30 {
        history.sample(&owned(vec![at(790, 1_041, 812)], NOON + n * 10_000));
        let began = time(NOON + n * 10_000 + 50);
        history.unread(&UnreadRead { topic: "orders".into(), partition: 0, from: 812, began, record: record.clone() });
    }
    assert_eq!(history.verdict().expect("a verdict").at, Some(("orders".into(), 0, 815)));
}

#[test]
fn t20_members_that_could_not_be_asked_do_not_make_a_group_stopped() {
    for (state, status) in [(GroupState::Stable, S::Stuck), (GroupState::Empty, S::Stopped)] {
        let mut history = History::default();
        for n in 0..30 {
            let mut told = empty(vec![at(0, 900, 100)], NOON + n * 10_000);
            told.group.state = state;
            told.members = Err(crate::failure::Failure::new("asking for members", "needs DESCRIBE", ""));
            history.sample(&told);
        }
        assert_eq!(history.verdict().map(|verdict| verdict.status), Some(status));
    }
}

/// The program's own reset of a group without members was taken for a reader: "commits are moving", or well again.
#[test]
fn t22_what_a_person_moved_by_hand_is_no_reader() {
    let mut history = History::default();
    for n in 0..90 {
        history.sample(&empty(vec![at(0, 1_000 + n, 400)], NOON + n * 2_000));
    }
    assert_eq!(history.verdict().map(|verdict| verdict.status), Some(S::Stopped));
    history.moved_by_hand();
    for n in 90..180 {
        history.sample(&empty(vec![at(0, 1_000 + n, 100)], NOON + n * 2_000));
        assert!(!history.moves_without_members());
    }
    assert_eq!(history.verdict().map(|verdict| verdict.status), Some(S::Stopped), "neither rewound nor ok");
}
