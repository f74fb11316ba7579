//! Tails over many partitions name only what changed, and lose nothing by it.
use super::{
    super::fetcher::{EMPTY_ANSWERS, Trouble},
    testing::{Part as Answered, Written, session_answer},
    *,
};

const MANY: i32 = 200;

/// A tail over many partitions, whose broker opened session 9.
fn tail() -> Fetcher {
    let manner = Manner { committed: false, max_wait: Duration::from_secs(1), start: 2 << 20, budget: 32 << 20 };
    let mut fetcher = Fetcher::new(topics(), manner);
    fetcher.speak(7);
    fetcher.add((0..MANY).map(|id| Part::new(0, id, 10, Stop::Never)));
    assert_eq!(says(&fetcher.request()), (0, 0, MANY));
    let all: Vec<_> = (0..MANY).map(|id| Answered::new(id, 10, vec![])).collect();
    hear(&mut fetcher, 0, 9, &all);
    fetcher
}

fn hear(fetcher: &mut Fetcher, error: i16, session: i32, parts: &[Answered]) -> Outcome {
    fetcher.answer(&session_answer(error, session, parts), Duration::ZERO).unwrap()
}

/// Session, its epoch, and how many partitions of the one topic are named.
fn says(request: &[u8]) -> (i32, i32, i32) {
    let number = |at: usize| i32::from_be_bytes(request[at..at + 4].try_into().unwrap());
    let topics = number(25);
    (number(17), number(21), if topics == 0 { 0 } else { number(32) })
}

fn records(id: i32) -> Answered {
    Answered::new(id, 14, Written::counted(10, 4).bytes())
}

#[test]
fn only_partitions_that_moved_are_named_again() {
    let mut fetcher = tail();
    assert_eq!(says(&fetcher.request()), (9, 1, 0));
    let outcome = hear(&mut fetcher, 0, 9, &[records(3), records(150)]);
    let read: Vec<_> = outcome.slices.iter().map(|slice| (slice.partition, slice.next)).collect();
    assert_eq!(read, [(3, 14), (150, 14)]);
    let request = fetcher.request();
    assert_eq!(says(&request), (9, 2, 2));
    assert!(request.len() < 150, "{} bytes", request.len());
    hear(&mut fetcher, 0, 9, &[]);
    assert_eq!(says(&fetcher.request()), (9, 3, 0));
}

#[test]
fn a_session_that_the_broker_lost_is_opened_anew_with_everything() {
    for error in [70, 71] {
        let mut fetcher = tail();
        fetcher.request();
        hear(&mut fetcher, 0, 9, &[records(3)]);
        fetcher.request();
        let outcome = hear(&mut fetcher, error, 0, &[]);
        assert!(outcome.lost.is_empty() && outcome.slices.is_empty());
        assert_eq!(says(&fetcher.request()), (0, 0, MANY));
        let parts = fetcher.give_up();
        assert_eq!(parts.iter().filter(|part| part.position == 14).count(), 1, "no position is lost");
    }
}

#[test]
fn a_broker_that_opens_no_session_is_asked_for_everything_each_time() {
    let mut fetcher = tail();
    fetcher.request();
    hear(&mut fetcher, 0, 0, &[records(3)]);
    assert_eq!(says(&fetcher.request()), (0, 0, MANY));
}

/// The broker went on sending a partition that was given back.
#[test]
fn a_partition_that_is_given_back_is_forgotten_and_may_return() {
    let mut fetcher = tail();
    fetcher.request();
    let mut outcome = hear(&mut fetcher, 0, 9, &[Answered::failed(7, 6)]);
    let (part, Trouble::Code(6)) = outcome.lost.remove(0) else { panic!("{outcome:?}") };
    let mut early = tail();
    early.request();
    hear(&mut early, 0, 9, &[Answered::failed(7, 6)]);
    early.add([part.clone()]);
    assert_eq!(says(&early.request()), (0, 0, MANY), "before the broker heard of it: everything anew");

    let request = fetcher.request();
    assert_eq!(says(&request), (9, 2, 0));
    let forgotten = [&1i32.to_be_bytes()[..], &[0, 1, b't'], &1i32.to_be_bytes(), &7i32.to_be_bytes()].concat();
    assert!(request.ends_with(&forgotten));
    hear(&mut fetcher, 0, 9, &[]);
    fetcher.add([part]);
    assert_eq!(says(&fetcher.request()), (9, 3, 1));
}

/// A hole at the end of a partition that is not named any more kept a tail behind for ever.
#[test]
fn a_hole_at_the_end_is_passed_although_the_broker_does_not_name_it() {
    let mut fetcher = tail();
    fetcher.request();
    hear(&mut fetcher, 0, 9, &[Answered::new(5, 30, vec![])]);
    for _ in 2..EMPTY_ANSWERS {
        fetcher.request();
        hear(&mut fetcher, 0, 9, &[]);
    }
    fetcher.request();
    let outcome = hear(&mut fetcher, 0, 9, &[]);
    let passed: Vec<_> = outcome.slices.iter().map(|slice| (slice.partition, slice.next, slice.end)).collect();
    assert_eq!(passed, [(5, 30, 30)]);
}

#[test]
fn scans_and_small_tails_open_none() {
    let scan = Manner { committed: false, max_wait: Duration::ZERO, start: 2 << 20, budget: 32 << 20 };
    let follow = Manner { max_wait: Duration::from_secs(1), ..scan };
    for (manner, parts) in [(scan, MANY), (follow, 6)] {
        let mut fetcher = Fetcher::new(topics(), manner);
        fetcher.speak(7);
        fetcher.add((0..parts).map(|id| Part::new(0, id, 10, Stop::Never)));
        assert_eq!(says(&fetcher.request()), (0, -1, parts));
    }
}
