//! `b`: from a group to the record that it reads next.
use super::*;
use common::batch::{arrived, record};
use kafscope::{bus::Reading, place::Where};

fn reading(topic: &str, partition: i32) -> Reading {
    Reading { only: Some([partition].into()), ..Reading::of(topic.into(), false) }
}

/// The one tail that was asked for.
#[track_caller]
fn opened(s: &mut Screen) -> (Reading, Where, u64) {
    let tail = s.sent().into_iter().find_map(|command| match command {
        Command::OpenTail { reading, from, generation } => Some((reading, from, generation)),
        _ => None,
    });
    tail.expect("no tail was opened")
}

#[test]
fn b_tails_the_worst_partition_from_its_commit_and_marks_the_record_that_is_next() {
    let partitions = vec![partition("orders", 1, 0, 900, Some(899)), partition("orders", 3, 0, 900, Some(812))];
    let mut s = wide(vec![lag("billing", S::Stable, 2, partitions)]);
    s.press("b").shows("2 Tail  orders");
    let (asked, from, generation) = opened(&mut s);
    assert_eq!((asked, from), (reading("orders", 3), Where::Offsets([(3, 812)].into())));
    s.hear(arrived(generation, "orders", (812..830).map(|offset| record(3, offset, "k", format!("value {offset}.")))));
    s.shows("marked: p3@812 is the next record of billing");
    assert!(s.line("value 812.").contains("│▌"), "{}", s.screen());
    assert!(!s.line("value 813.").contains("│▌"));
    s.press("<enter>").shows("offset 812");
}

#[test]
fn markers_before_the_next_record_are_named() {
    let mut s = wide(vec![lag("billing", S::Stable, 2, vec![partition("orders", 3, 0, 900, Some(812))])]);
    let (.., generation) = opened(s.press("b"));
    s.hear(arrived(generation, "orders", [record(3, 815, "k", "value 815.")]));
    s.shows("marked: p3@815 is the next record of billing, which stands at 812");
}

/// What retention took cannot be tailed: the look begins at the first record that is left.
#[test]
fn a_lost_commit_is_tailed_from_the_start() {
    let mut s = wide(vec![lag("audit", S::Empty, 0, vec![partition("orders", 0, 790, 900, Some(700))])]);
    assert_eq!(opened(s.press("b")).1, Where::Offsets([(0, 790)].into()));
}

#[test]
fn another_topic_is_opened_and_the_cursor_stays_on_the_group() {
    let mut s = wide(vec![behind("billing", "orders", 5), behind("ledger", "payments", 5)]);
    s.press("j b").shows("2 Tail  payments").shows("groups on payments first");
    assert_eq!(opened(&mut s).0, reading("payments", 0));
    s.press("3 <enter>").shows("Group ledger");
}

#[test]
fn a_group_without_commits_says_so_and_nothing_is_opened() {
    let mut s = wide(vec![lag("fresh", S::Stable, 1, vec![partition("orders", 0, 0, 9, None)])]);
    s.press("b").shows("fresh has no commit to tail from");
    assert!(s.sent().is_empty());
}
