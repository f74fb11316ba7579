//! When a partition is at its end, and when it only looks so.
use super::{
    super::fetcher::{EMPTY_ANSWERS, Trouble},
    testing::{Part, Written, answer, answer_in},
    *,
};

fn ended(outcome: &Outcome) -> Vec<i32> {
    outcome.ended.iter().map(|part| part.id).collect()
}

#[test]
fn a_hollow_batch_moves_the_position_to_the_end_t2() {
    let mut fetcher = fetcher(&[(0, 5)]);
    let outcome = answered(&mut fetcher, &[Part::new(0, 10, Written::hollow(5, 5).bytes())]);
    assert_eq!(ended(&outcome), [0]);
}

#[test]
fn a_commit_marker_at_the_end_is_the_end_t2() {
    let mut fetcher = fetcher(&[(0, 0)]);
    let bytes = [Written::counted(0, 3).transactional(9).bytes(), Written::marker(3, 9, true).bytes()].concat();
    let outcome = answered(&mut fetcher, &[Part::new(0, 4, bytes)]);
    assert_eq!((ended(&outcome), outcome.slices[0].next), (vec![0], 4));
}

#[test]
fn an_empty_partition_ends_at_once_t1() {
    let mut fetcher = fetcher(&[(0, 0), (1, 7)]);
    let outcome = answered(&mut fetcher, &[Part::new(0, 0, vec![]), Part::new(1, 7, vec![])]);
    assert_eq!(ended(&outcome), [0, 1]);
}

#[test]
fn answers_without_a_byte_before_the_end_are_a_hole_at_the_end_t2() {
    let mut fetcher = fetcher(&[(0, 5)]);
    assert_eq!(fetcher.max_wait(), Duration::ZERO);
    for _ in 1..EMPTY_ANSWERS {
        assert!(ended(&answered(&mut fetcher, &[Part::new(0, 10, vec![])])).is_empty());
        assert!(fetcher.max_wait() > Duration::ZERO, "slow storage has no time to answer");
    }
    assert_eq!(ended(&answered(&mut fetcher, &[Part::new(0, 10, vec![])])), [0]);
}

#[test]
fn a_tail_passes_over_a_hole_at_the_end_so_that_it_is_not_behind_for_ever() {
    let mut fetcher = fetcher_to(&[(0, 5)], Stop::Never, false);
    (1..EMPTY_ANSWERS).for_each(|_| drop(answered(&mut fetcher, &[Part::new(0, 10, vec![])])));
    let outcome = answered(&mut fetcher, &[Part::new(0, 10, vec![])]);
    assert_eq!((outcome.slices[0].next, ended(&outcome).len()), (10, 0));
}

#[test]
fn an_empty_partition_beside_a_full_one_is_not_at_its_end() {
    let mut fetcher = fetcher(&[(0, 5), (1, 0)]);
    for n in 0..5 {
        let full = Part::new(1, 100, Written::counted(n * 4, 4).bytes());
        assert!(ended(&answered(&mut fetcher, &[Part::new(0, 10, vec![]), full])).is_empty());
    }
}

/// The first partitions of a request filled every answer until they were at their end, and the others waited.
#[test]
fn partitions_that_got_nothing_are_asked_for_first() {
    let mut fetcher = fetcher(&[(0, 0), (1, 0), (2, 0), (3, 0)]);
    let full = |id| Part::new(id, 100, Written::counted(0, 4).bytes());
    let empty = |id| Part::new(id, 100, vec![]);
    answered(&mut fetcher, &[full(0), full(1), empty(2), empty(3)]);
    let order = |fetcher: &mut Fetcher| fetcher.give_up().iter().map(|part| part.id).collect::<Vec<_>>();
    assert_eq!(order(&mut fetcher), [2, 3, 0, 1]);
}

/// A tail that had been idle took the first answer without bytes after new records for a hole.
#[test]
fn answers_without_a_byte_count_only_while_something_should_come() {
    let mut fetcher = fetcher_to(&[(0, 5)], Stop::Never, false);
    (0..9).for_each(|_| drop(answered(&mut fetcher, &[Part::new(0, 5, vec![])])));
    answered(&mut fetcher, &[Part::new(0, 10, vec![])]);
    assert_eq!(fetcher.give_up()[0].position, 5);
}

#[test]
fn a_throttled_answer_says_nothing_about_the_end() {
    let mut fetcher = fetcher(&[(0, 5)]);
    for _ in 0..5 {
        let outcome = fetcher.answer(&answer(300, &[Part::new(0, 10, vec![])]), Duration::ZERO).unwrap();
        assert_eq!((ended(&outcome).len(), outcome.throttle.as_millis()), (0, 300));
    }
}

#[test]
fn a_log_that_is_shorter_than_it_was_is_given_back_in_the_end_t6() {
    let mut fetcher = fetcher(&[(0, 5)]);
    answered(&mut fetcher, &[Part::new(0, 10, Written::counted(5, 1).bytes())]);
    let lost = (0..100).find_map(|_| answered(&mut fetcher, &[Part::new(0, 6, vec![])]).lost.pop());
    assert_eq!(lost.unwrap().1, Trouble::Shorter(6));
}

#[test]
fn the_end_is_that_of_the_first_answer() {
    let mut fetcher = fetcher(&[(0, 0)]);
    answered(&mut fetcher, &[Part::new(0, 6, Written::counted(0, 4).bytes())]);
    let outcome = answered(&mut fetcher, &[Part::new(0, 900, Written::counted(4, 4).bytes())]);
    assert_eq!((ended(&outcome), outcome.slices[0].stop), (vec![0], 6));
}

#[test]
fn the_end_is_the_last_stable_offset_when_only_committed_records_are_read_t11() {
    let mut fetcher = fetcher_to(&[(0, 0)], Stop::FirstEnd, true);
    let part = Part { stable: 4, ..Part::new(0, 9, Written::counted(0, 4).bytes()) };
    assert_eq!(ended(&answered(&mut fetcher, &[part])), [0]);
}

#[test]
fn a_partition_with_an_error_is_given_back_and_the_other_goes_on() {
    let mut fetcher = fetcher(&[(0, 0), (1, 0)]);
    let outcome = answered(&mut fetcher, &[Part::failed(0, 6), Part::new(1, 100, Written::counted(0, 4).bytes())]);
    assert!(matches!(&outcome.lost[..], [(part, Trouble::Code(6))] if part.id == 0 && part.position == 0));
    assert!(matches!(&fetcher.give_up()[..], [part] if part.id == 1 && part.position == 4));
}

#[test]
fn a_batch_that_was_cut_off_is_left_for_the_next_answer() {
    let mut fetcher = fetcher(&[(0, 0)]);
    let bytes = [&Written::counted(0, 4).bytes()[..], &Written::counted(4, 4).bytes()[..30]].concat();
    let outcome = answered(&mut fetcher, &[Part::new(0, 8, bytes.clone())]);
    assert_eq!((outcome.slices[0].next, outcome.slices[0].records.len()), (4, bytes.len() - 30));
    assert!(ended(&outcome).is_empty());
}

#[test]
fn a_batch_larger_than_the_limit_is_asked_for_with_a_larger_one_until_it_fits_t9() {
    let mut fetcher = fetcher(&[(0, 0)]);
    let cut = Written::counted(0, 4).bytes()[..40].to_vec();
    let limits: Vec<i32> = (0..3)
        .map(|_| {
            answered(&mut fetcher, &[Part::new(0, 8, cut.clone())]);
            let request = fetcher.request();
            i32::from_be_bytes(*request.last_chunk().unwrap())
        })
        .collect();
    assert_eq!(limits, [2 << 20, 4 << 20, 8 << 20]);
    let outcome = answered(&mut fetcher, &[Part::new(0, 8, Written::counted(0, 4).bytes())]);
    assert_eq!(outcome.slices[0].next, 4);
}

#[test]
fn a_batch_whose_extent_nobody_can_read_is_passed_one_offset_at_a_time_t10() {
    let mut unreadable = Written::counted(5, 2).bytes();
    unreadable[16] = 9; // a format of the future
    let mut fetcher = fetcher(&[(0, 5)]);
    assert_eq!(answered(&mut fetcher, &[Part::new(0, 9, unreadable.clone())]).slices[0].next, 6);
    assert_eq!(answered(&mut fetcher, &[Part::new(0, 9, unreadable)]).slices[0].next, 7);
    let outcome = answered(&mut fetcher, &[Part::new(0, 9, Written::counted(7, 2).bytes())]);
    assert_eq!((ended(&outcome), outcome.slices[0].from), (vec![0], 7));
}

/// What follows a wrong length may look like a batch at any offset, and everything before that would be missed.
#[test]
fn an_offset_beyond_the_end_is_believed_only_with_its_checksum_t10() {
    let new = Written::counted(1 << 40, 4).bytes();
    let mut chance = new.clone();
    *chance.last_mut().unwrap() ^= 1;
    for (second, next) in [(new, (1 << 40) + 4), (chance, 4)] {
        let mut fetcher = fetcher_to(&[(0, 0)], Stop::Never, false);
        let bytes = [Written::counted(0, 4).bytes(), second].concat();
        assert_eq!(answered(&mut fetcher, &[Part::new(0, 8, bytes)]).slices[0].next, next);
    }
}

#[test]
fn answers_that_come_full_and_late_grow_up_to_the_budget() {
    let mut fetcher = fetcher(&[(0, 0)]);
    let large = testing::Row { value: Some(vec![0; 40 << 20]), ..Default::default() };
    for n in 0..8 {
        let part = Part::new(0, 100, Written::at(n, [large.clone()]).bytes());
        fetcher.answer(&answer(0, &[part]), Duration::from_millis(20)).unwrap();
    }
    let request = fetcher.request();
    assert_eq!(i32::from_be_bytes(request[12..16].try_into().unwrap()), 32 << 20);
    assert_eq!(i32::from_be_bytes(*request.last_chunk().unwrap()), 32 << 20);
}

#[test]
fn near_brokers_are_asked_for_little() {
    let mut fetcher = fetcher(&[(0, 0)]);
    let large = testing::Row { value: Some(vec![0; 3 << 20]), ..Default::default() };
    fetcher
        .answer(&answer(0, &[Part::new(0, 100, Written::at(0, [large]).bytes())]), Duration::from_millis(1))
        .unwrap();
    assert_eq!(i32::from_be_bytes(fetcher.request()[12..16].try_into().unwrap()), 2 << 20);
}

#[test]
fn partitions_are_found_in_whatever_order_they_are_answered() {
    let parts: Vec<_> = (0..50).map(|id| (id, 0)).collect();
    for step in [1, 7, 49] {
        let mut fetcher = fetcher(&parts);
        let part = |n| Part::new(n * step % 50, 4, Written::counted(0, 4).bytes());
        let mut done = ended(&answered(&mut fetcher, &(0..50).map(part).collect::<Vec<_>>()));
        done.sort_unstable();
        assert_eq!(done, (0..50).collect::<Vec<_>>());
    }
}

#[test]
fn what_an_answer_tells_twice_is_taken_once() {
    let mut fetcher = fetcher(&[(0, 0), (1, 0)]);
    let part = Part::new(0, 8, Written::counted(0, 4).bytes());
    let outcome = answered(&mut fetcher, &[part.clone(), part]);
    assert_eq!((outcome.slices.len(), outcome.slices[0].next), (1, 4));
}

/// Kafka 0.10 knows no transactions, and before 0.10.1 no bound of a whole answer.
#[test]
fn answers_of_kafka_0_10_are_read() {
    for version in [2, 3] {
        let mut fetcher = fetcher_to(&[(0, 0), (1, 0)], Stop::FirstEnd, true);
        fetcher.speak(version);
        let request = fetcher.request();
        let bound = (version == 3).then_some(2 << 20).into_iter().flat_map(i32::to_be_bytes);
        let topics = 1i32.to_be_bytes();
        assert_eq!(request[12..].split_at(bound.clone().count()).0, bound.clone().collect::<Vec<_>>());
        assert_eq!(request[12 + bound.count()..][..4], topics);
        let parts = [Part::new(0, 4, Written::counted(0, 4).bytes()), Part::new(1, 0, vec![])];
        let outcome = fetcher.answer(&answer_in(version, 0, &parts), Duration::ZERO).unwrap();
        assert_eq!(ended(&outcome), [0, 1]);
    }
}

/// Before 0.10.1 every partition may fill its own bound: two thousand of them filled a frame that nobody takes.
#[test]
fn where_an_answer_has_no_bound_its_partitions_share_it() {
    let parts: Vec<_> = (0..200).map(|id| (id, 0)).collect();
    let mut fetcher = fetcher(&parts);
    fetcher.speak(2);
    assert_eq!(i32::from_be_bytes(*fetcher.request().last_chunk().unwrap()), (32 << 20) / 200);
}
