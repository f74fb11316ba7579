//! A group that could be read and cannot be read now: what was known stands, and how old it is.
use super::*;

fn loading(name: &str) -> GroupLag {
    let why = Failure::new(format!("reading commits of {name}"), "the coordinator is still loading", "");
    GroupLag { partitions: Err(why), ..lag(name, S::Stable, 1, vec![]) }
}

/// It lost its lag, its topic and its place under `T`; nobody could tell a group of 1,234 from one of none.
#[test]
fn a_coordinator_that_loads_leaves_the_last_lag_with_its_age_and_the_topic() {
    let mut s = wide(vec![behind("billing", "orders", 1_234), behind("search", "payments", 7)]);
    s.press("T").shows("billing").hides("search");
    s.wait(20_000).hear_lag(vec![loading("billing")]);
    assert_eq!(cells(&s, "│ billing")[3], "?");
    s.shows("unknown: the coordinator is still loading · last known 1,234, 20 s ago").hides(" old · ");
    s.wait(10_000).hear_lag(vec![loading("billing")]).shows("last known 1,234, 30 s ago");
    s.hear_lag(vec![behind("billing", "orders", 1_300)]).hides("last known");
    assert_eq!(cells(&s, "│ billing")[3], "1,300");
}

#[test]
fn a_group_whose_every_partition_is_unknown_says_what_was_known_too() {
    let mut s = wide(vec![behind("billing", "orders", 1_234)]);
    s.wait(12_000).hear_lag(vec![lag("billing", S::Stable, 1, vec![unknown("orders", 0, "no leader")])]);
    assert_eq!(cells(&s, "│ billing")[3], "?");
    s.press("j").shows("last known 1,234, 12 s ago");
}

/// Commits that were deleted are known to be none.
#[test]
fn a_group_without_commits_is_not_unknown() {
    let mut s = wide(vec![behind("billing", "orders", 1_234)]);
    s.wait(4_000).hear_lag(vec![lag("billing", S::Empty, 0, vec![])]);
    s.shows("no commits").hides("last known");
}

/// The look of the cell of the group's row that begins with these words.
fn look(s: &Screen, cell: &str) -> ratatui::style::Style {
    let (screen, buffer) = (s.screen(), s.buffer());
    let (y, line) = screen.lines().enumerate().find(|(_, line)| line.contains("│ billing")).expect("its row");
    let x = line.find(cell).map(|at| line[..at].chars().count()).expect("its cell");
    buffer[(x as u16, y as u16)].style()
}

/// They stood there as if they were of now.
#[test]
fn time_to_clear_is_dimmed_while_the_group_cannot_be_read() {
    let falls = |t: i64| lag("billing", S::Stable, 1, vec![partition("orders", 0, 0, 10_000, Some(t * 50))]);
    let mut s = wide(vec![falls(0), behind("a", "orders", 9_000_000)]);
    s.press("k");
    for t in 1..30 {
        s.wait(2_000).hear_lag(vec![falls(t * 2)]);
    }
    let cell = cells(&s, "│ billing")[6].clone();
    let bright = look(&s, &cell);
    s.wait(2_000).hear_lag(vec![loading("billing")]);
    assert_eq!(cells(&s, "│ billing")[6], cell);
    assert_ne!(look(&s, &cell), bright);
}
