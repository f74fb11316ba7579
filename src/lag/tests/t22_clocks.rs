//! Clocks that jump, samples that are missing, laptops that sleep, answers that come late.
use super::{
    at,
    film::{Film, NOON, empty, owned, time},
};
use crate::lag::{Clears, History, Status as S, Window};

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;

#[test]
fn t22_after_a_sleep_a_new_window_begins() {
    for every in [2_000, 10_000] {
        let film = Film { lag: 50_000, ..Film::new(100, 200, every) };
        let mut history = History::default();
        film.play(&mut history, 0, 3 * MINUTE);
        assert!(history.rates().is_some() && matches!(history.clears(), Clears::In(_)));
        let asleep = 3 * MINUTE + 8 * HOUR;
        history.sample(&film.told(asleep));
        assert_eq!(history.rates(), None);
        assert_eq!(history.verdict().map(|verdict| verdict.status), Some(S::Observing));
        let seen = film.play(&mut history, asleep + every, asleep + 3 * MINUTE);
        assert!(seen.iter().all(|(_, status)| matches!(status, S::Observing | S::Ok)), "{seen:?}");
        assert!(history.rates().is_some());
    }
}

#[test]
fn t22_a_few_missing_samples_change_nothing() {
    let film = Film::new(100, 50, 2_000);
    let mut history = History::default();
    film.play(&mut history, 0, 3 * MINUTE);
    history.sample(&film.told(3 * MINUTE + 20_000));
    assert_eq!(history.verdict().map(|verdict| verdict.status), Some(S::FallingBehind));
    assert!(history.rates().is_some());
}

/// A row that leaves the screen is read every 10 s instead of every 2 s; its verdict used to begin anew each time.
#[test]
fn t22_a_row_that_leaves_the_screen_keeps_its_verdict() {
    let mut history = History::default();
    let film = Film::new(100, 50, 2_000);
    film.play(&mut history, 0, 3 * MINUTE);
    let seen = Film { every: 10_000, ..film }.play(&mut history, 3 * MINUTE + 8_000, 6 * MINUTE);
    assert!(seen.iter().all(|(_, status)| *status == S::FallingBehind), "{seen:?}");
}

#[test]
fn t22_a_slow_sweep_is_a_rhythm_not_a_sleep() {
    let mut history = History::default();
    let film = Film { lag: 500_000, ..Film::new(100, 200, 90_000) };
    film.play(&mut history, 0, 15 * MINUTE);
    assert_eq!(history.verdict().map(|verdict| verdict.status), Some(S::Ok));
    let rates = history.rates().expect("rates");
    assert!((rates.arriving - 100.0).abs() < 1.0 && (rates.reading - 200.0).abs() < 10.0, "{rates:?}");
}

#[test]
fn t22_a_clock_that_goes_back_drops_the_window() {
    let film = Film { lag: 50_000, ..Film::new(100, 200, 2_000) };
    let mut history = History::default();
    film.play(&mut history, 0, 3 * MINUTE);
    let mut earlier = film.told(3 * MINUTE);
    (earlier.commits_at, earlier.ends_at) = (time(NOON - HOUR), time(NOON - HOUR + 10));
    history.sample(&earlier);
    assert_eq!(history.rates(), None);
    assert_eq!(history.verdict().map(|verdict| verdict.status), Some(S::Observing));
    let bins = history.series().bins(Window::FiveMinutes, time(NOON - HOUR + 500));
    assert_eq!(bins.iter().filter(|bin| bin.lag.is_some()).count(), 1, "nothing from the future is left");
}

/// One answer from before is late; two in a row are a clock that went back, be it by seconds.
#[test]
fn t22_a_late_answer_is_left_out_and_two_are_a_clock() {
    let film = Film { lag: 50_000, ..Film::new(100, 200, 2_000) };
    let mut history = History::default();
    film.play(&mut history, 0, 3 * MINUTE);
    let before = history.clone();
    history.sample(&film.told(2 * MINUTE + 50_000));
    assert_eq!(history.rates(), before.rates(), "left out");
    history.sample(&film.told(2 * MINUTE + 52_000));
    assert_eq!(history.rates(), None, "the clock went back");
}

/// A slow sweep read its commits before a quick look did and its ends after: that used to look like a rewind.
#[test]
fn t22_commits_older_than_known_ones_are_never_combined() {
    let mut history = History::default();
    history.sample(&owned(vec![at(0, 1_000, 900)], NOON + 5_000));
    let before = history.clone();
    let mut sweep = owned(vec![at(0, 1_100, 800)], NOON);
    sweep.ends_at = time(NOON + 9_000);
    history.sample(&sweep);
    assert_eq!(history.rates(), before.rates());
    assert_eq!(history.partition("orders", 0), before.partition("orders", 0));
}

#[test]
fn t22_ends_of_another_round_than_the_commits_are_left_out() {
    for (commits, ends) in [(NOON, NOON - 1), (NOON, NOON + 120_000)] {
        let mut told = owned(vec![at(0, 1_000, 900)], NOON);
        (told.commits_at, told.ends_at) = (time(commits), time(ends));
        let mut history = History::default();
        history.sample(&told);
        assert_eq!(history.verdict(), None);
    }
}

#[test]
fn t22_partitions_that_vanish_are_dropped_and_what_could_not_be_read_is_not() {
    let mut history = History::default();
    let mut told = empty(vec![at(0, 10, 4)], NOON);
    history.sample(&told);
    told.partitions = Err(crate::failure::Failure::new("reading commits", "not authorized", ""));
    (told.commits_at, told.ends_at) = (time(NOON + 10_000), time(NOON + 10_010));
    history.sample(&told);
    assert!(history.partition("orders", 0).is_some());
    history.sample(&empty(vec![], NOON + 20_000));
    assert!(history.partition("orders", 0).is_none());
}

#[test]
fn t22_commits_that_move_without_members_are_noticed() {
    let mut history = History::default();
    let step = |history: &mut History, ms: i64, committed: i64, has_member: bool| {
        let row = vec![at(0, 10_000, committed)];
        history.sample(&if has_member { owned(row, NOON + ms) } else { empty(row, NOON + ms) });
        history.moves_without_members()
    };
    assert!(!step(&mut history, 0, 100, true));
    // The last commit of a consumer that closes comes with the first look at the empty group.
    assert!(!step(&mut history, 10_000, 150, false));
    assert!(!step(&mut history, 20_000, 150, false));
    assert!(!step(&mut history, 30_000, 100, false), "a reset to before is no reader");
    assert!(step(&mut history, 40_000, 180, false));
    assert!(step(&mut history, 50_000, 180, false));
    assert!(!step(&mut history, 60_000, 180, true), "now it has a member");
}
