//! One member that reads its partitions in turns, as clients do that hand over what they fetched one partition at a time.
use super::{
    at,
    film::{NOON, owned},
};
use crate::lag::{Clears, History, PartitionLag, Status as S};

const MINUTE: i64 = 60_000;
const PARTITIONS: usize = 6;
/// How long each turn lasts; with six partitions no two rounds are alike.
const TURNS: [i64; 7] = [20_000, 60_000, 35_000, 100_000, 25_000, 45_000, 30_000];
/// The film runs in steps of this; librdkafka commits every 250 ms here.
const STEP: i64 = 250;

/// Six partitions that are written to evenly, and one reader.
struct Turns {
    /// Thousandths of records, so that steps are whole.
    ends: [i64; PARTITIONS],
    read: [i64; PARTITIONS],
    /// Records a second, over all partitions.
    writes: i64,
    reads: i64,
    /// How many turns there were, and what is left of this one.
    turn: usize,
    left: i64,
    now: i64,
}

impl Turns {
    /// Each partition is 300 behind at noon.
    fn new(writes: i64, reads: i64) -> Self {
        let (ends, read) = ([1_000_000; PARTITIONS], [700_000; PARTITIONS]);
        Self { ends, read, writes, reads, turn: 0, left: TURNS[0], now: 0 }
    }

    fn run_to(&mut self, ms: i64) {
        while self.now < ms {
            self.now += STEP;
            self.ends.iter_mut().for_each(|end| *end += self.writes * STEP / PARTITIONS as i64);
            let p = self.turn % PARTITIONS;
            self.read[p] = (self.read[p] + self.reads * STEP).min(self.ends[p]);
            self.left -= STEP;
            if self.left <= 0 || self.read[p] == self.ends[p] {
                self.turn += 1;
                self.left = TURNS[self.turn % TURNS.len()];
            }
        }
    }

    fn rows(&self) -> Vec<PartitionLag> {
        let row = |p: usize| PartitionLag { partition: p as i32, ..at(0, self.ends[p] / 1_000, self.read[p] / 1_000) };
        (0..PARTITIONS).map(row).collect()
    }

    /// What a history says of it from the first minute on.
    fn play(mut self, every: i64, minutes: i64) -> (History, Vec<(i64, S)>) {
        let (mut history, mut seen) = (History::default(), vec![]);
        for ms in (0..minutes * MINUTE).step_by(usize::try_from(every).expect("a step")) {
            self.run_to(ms);
            history.sample(&owned(self.rows(), NOON + ms));
            seen.push((ms, history.verdict().expect("a verdict").status));
        }
        (history, seen)
    }
}

fn later(seen: &[(i64, S)], from: i64) -> impl Iterator<Item = &(i64, S)> {
    seen.iter().filter(move |(ms, _)| *ms >= from)
}

/// It was called stuck at whichever partition had waited longest for its turn.
#[test]
fn t22_a_slow_reader_of_turns_falls_behind_and_is_never_stuck() {
    for every in [2_000, 10_000] {
        let (history, seen) = Turns::new(20, 10).play(every, 30);
        let odd = seen.iter().find(|(_, status)| matches!(status, S::Stuck | S::Stopped | S::Rewound));
        assert_eq!(odd, None, "every {every}");
        let well = later(&seen, 2 * MINUTE).find(|(_, status)| *status != S::FallingBehind);
        assert_eq!(well, None, "every {every}");
        assert_eq!(history.clears(), Clears::Never);
        let verdict = history.verdict().expect("a verdict");
        let most = (0..PARTITIONS as i32).max_by_key(|p| history.partition("orders", *p).and_then(|c| c.lag()));
        assert_eq!(verdict.at.map(|(_, p, _)| p), most, "the partition with the most to read");
    }
}

#[test]
fn t22_a_reader_of_turns_that_keeps_level_or_catches_up_is_ok() {
    for every in [2_000, 10_000] {
        for reads in [20, 24, 40] {
            let (_, seen) = Turns::new(20, reads).play(every, 30);
            let odd = later(&seen, 2 * MINUTE).find(|(_, status)| *status != S::Ok);
            assert_eq!(odd, None, "every {every}, {reads}/s");
        }
    }
}

/// Five partitions are read steadily, on the sixth a record cannot be digested.
#[test]
fn t22_a_poison_pill_is_stuck_after_five_minutes_though_its_owner_reads_on() {
    for every in [2_000, 10_000] {
        let (mut history, mut first) = (History::default(), None);
        for ms in (0..15 * MINUTE).step_by(usize::try_from(every).expect("a step")) {
            let end = 10_000 + ms / 100;
            let row = |p: i32| PartitionLag { partition: p, ..at(0, end, if p == 3 { 9_950 } else { end }) };
            history.sample(&owned((0..6).map(row).collect(), NOON + ms));
            let verdict = history.verdict().expect("a verdict");
            assert!(first.is_none() || verdict.status == S::Stuck, "it stays stuck");
            if verdict.status == S::Stuck {
                first.get_or_insert(ms);
                assert_eq!(verdict.at, Some(("orders".into(), 3, 9_950)));
            }
        }
        assert!(first.is_some_and(|ms| (5 * MINUTE..5 * MINUTE + 2 * every).contains(&ms)), "{every}: {first:?}");
    }
}

#[test]
fn t22_a_reader_of_many_partitions_that_hangs_is_stuck_soon() {
    for every in [2_000, 10_000] {
        let (mut history, mut first) = (History::default(), None);
        for ms in (0..12 * MINUTE).step_by(usize::try_from(every).expect("a step")) {
            let (end, read) = (10_000 + ms / 100, 10_000 + ms.min(5 * MINUTE) / 100);
            let row = |p: i32| PartitionLag { partition: p, ..at(0, end, read) };
            history.sample(&owned((0..6).map(row).collect(), NOON + ms));
            if history.verdict().expect("a verdict").status == S::Stuck {
                first.get_or_insert(ms);
            }
        }
        assert!(first.is_some_and(|ms| (5 * MINUTE..8 * MINUTE).contains(&ms)), "{every}: {first:?}");
    }
}

#[test]
fn t22_after_a_sleep_the_whole_begins_anew_too() {
    let mut turns = Turns::new(20, 10);
    let mut history = History::default();
    let mut sample = |turns: &mut Turns, ms: i64| {
        turns.run_to(ms);
        history.sample(&owned(turns.rows(), NOON + ms));
        history.verdict().expect("a verdict").status
    };
    for ms in (0..3 * MINUTE).step_by(2_000) {
        sample(&mut turns, ms);
    }
    assert_eq!(sample(&mut turns, 3 * MINUTE), S::FallingBehind);
    assert_eq!(sample(&mut turns, 63 * MINUTE), S::Observing);
}

#[test]
fn t22_while_partitions_change_hands_the_whole_says_nothing() {
    let mut turns = Turns::new(20, 10);
    let mut history = History::default();
    for ms in (0..3 * MINUTE).step_by(2_000) {
        turns.run_to(ms);
        history.sample(&owned(turns.rows(), NOON + ms));
    }
    assert_eq!(history.verdict().expect("a verdict").status, S::FallingBehind);
    let rows = turns.rows().into_iter().map(|row| PartitionLag { rebalancing: true, ..row }).collect();
    let state = crate::group::GroupState::PreparingRebalance;
    history.sample(&super::film::told(state, vec![], rows, NOON + 3 * MINUTE));
    assert_eq!(history.verdict().expect("a verdict").status, S::Observing);
}
