//! The Lag panel as a person meets it.
#![allow(clippy::expect_used, reason = "clippy knows tests only inside #[test] functions")]
mod common;
#[path = "lag/next.rs"]
mod next;
#[path = "lag/order.rs"]
mod order;
#[path = "lag/sizes.rs"]
mod sizes;

use common::{Screen, groups::*};
use kafscope::{
    bus::{Command, Event},
    failure::Failure,
    group::{Group, GroupLag, GroupState as S, GroupType},
    lag::PartitionLag,
    panels::Request,
};

/// Topics `orders` (open) and `payments`, the Lag panel focused, and these groups read.
fn panel(width: u16, height: u16, groups: Vec<GroupLag>) -> Screen {
    let mut s = Screen::new(width, height);
    s.with_topics(&[("orders", 6, 200), ("payments", 3, 100)]).press("3").with_groups(groups);
    s.sent();
    s
}

fn wide(groups: Vec<GroupLag>) -> Screen {
    panel(160, 45, groups)
}

/// One reading of one group with these partitions.
fn one(partitions: Vec<PartitionLag>) -> Screen {
    wide(vec![lag("billing", S::Stable, 2, partitions)])
}

/// The cells of a group's row, from its name on.
#[track_caller]
fn cells(s: &Screen, name: &str) -> Vec<String> {
    let line = s.line(name);
    let row = line.split("││").nth(1).unwrap_or_default().trim_end_matches('│');
    row.split("  ").map(str::trim).filter(|cell| !cell.is_empty()).map(str::to_owned).collect()
}

fn denied(name: &str) -> GroupLag {
    let why = Failure::new(format!("reading commits of {name}"), format!("needs DESCRIBE on group {name}"), "");
    whole(group(name, S::Stable), Err(why.clone()), Err(why))
}

#[test]
fn names_come_before_their_numbers() {
    let mut s = Screen::new(160, 45);
    s.shows("Asking for groups …").with_topics(&[("orders", 6, 200)]);
    s.hear_groups(&[group("billing", S::Stable)]).shows("3 Lag  groups on orders first  1 ");
    assert_eq!(cells(&s, "billing"), ["billing", "stable", "…", "…"]);
    s.hear_lag(vec![behind("billing", "orders", 12_331)]);
    assert_eq!(cells(&s, "billing"), ["billing", "stable", "1", "12,331", "▃ behind"]);
}

#[test]
fn each_fact_has_its_words_and_nothing_unknown_is_a_zero() {
    let orders = |p, committed| partition("orders", p, 790, 1_041, committed);
    let table = [
        (vec![orders(0, Some(1_041))], "0", "ok"),
        (vec![orders(0, Some(812))], "229", "behind"),
        (vec![orders(0, Some(700))], "251", "90 lost · behind"),
        (vec![orders(0, Some(1_081))], "0", "+40 ahead"),
        (vec![orders(0, None), orders(1, None)], "–", "no commits"),
        (vec![], "–", "no commits"),
        (vec![orders(0, Some(812)), orders(1, None), orders(2, None)], "229", "behind · +2 without commit"),
        (vec![orders(0, Some(1_041)), orders(1, None)], "0", "+1 without commit"),
        (vec![orders(0, Some(812)), unknown("orders", 1, "no leader")], "≥ 229", "unknown: no leader · behind"),
        (vec![orders(0, Some(1_041)), unknown("orders", 1, "no leader")], "≥ 0", "unknown: no leader"),
        (vec![unknown("orders", 0, "timed out")], "?", "unknown: timed out"),
        (vec![orders(0, None), unknown("orders", 1, "no leader")], "?", "unknown: no leader · +1 without commit"),
    ];
    for (partitions, number, status) in table {
        let row = cells(&one(partitions), "billing");
        let words = row.last().map(|cell| cell.trim_start_matches(['▁', '▃', '·', ' ']).to_owned());
        assert_eq!((row[3].as_str(), words.as_deref()), (number, Some(status)), "{row:?}");
    }
}

#[test]
fn a_denied_group_marks_its_own_row_and_the_others_go_on() {
    let s = wide(vec![denied("secret"), behind("billing", "orders", 3)]);
    let row = cells(&s, "secret");
    assert_eq!(row[..4], ["secret", "stable", "?", "?"]);
    assert!(row[4].contains("unknown: needs DESCRIBE on group secret"), "{row:?}");
    assert_eq!(cells(&s, "billing")[3], "3");
}

#[test]
fn every_state_of_a_group_is_a_word() {
    let states = [
        (S::Stable, "stable"),
        (S::Empty, "empty"),
        (S::PreparingRebalance, "preparing"),
        (S::CompletingRebalance, "completing"),
        (S::Assigning, "assigning"),
        (S::Reconciling, "reconciling"),
        (S::NotReady, "not ready"),
        (S::Dead, "dead"),
        (S::Unknown, "unknown"),
    ];
    for (state, word) in states {
        let s = wide(vec![lag("billing", state, 0, vec![partition("orders", 0, 0, 9, Some(9))])]);
        let row = cells(&s, "billing");
        assert_eq!(row[1], word);
        let status = if state.is_rebalancing() { "▁ rebalancing" } else { "▁ ok" };
        assert_eq!(row.last().map(String::as_str), Some(status));
    }
}

#[test]
fn a_group_of_another_kind_says_which() {
    let kinds = [
        (GroupType::Classic, "consumer", "no commits"),
        (GroupType::Consumer, "consumer", "no commits"),
        (GroupType::Share, "share", "no commits · share"),
        (GroupType::Streams, "streams", "no commits · streams"),
        (GroupType::Classic, "connect", "no commits · connect"),
        (GroupType::Classic, "sr", "no commits · sr"),
        (GroupType::Unknown, "", "no commits"),
    ];
    for (kind, protocol, status) in kinds {
        let mut it = lag("billing", S::Stable, 1, vec![]);
        it.group = Group { kind, protocol_type: protocol.into(), ..it.group };
        assert_eq!(cells(&wide(vec![it]), "billing").last().map(String::as_str), Some(status));
    }
}

/// A share group commits nothing by design: its row once claimed that its commits could not be read.
#[test]
fn a_share_group_has_no_commits_rather_than_unknown_ones() {
    let mut it = lag("billing", S::Stable, 1, vec![]);
    it.group.kind = GroupType::Share;
    it.partitions = Err(Failure::new("reading the lag of billing", "a share group commits no offsets", ""));
    let s = wide(vec![it]);
    assert_eq!(cells(&s, "billing")[3..], ["–", "no commits · share"]);
}

#[test]
fn the_filter_finds_groups_and_its_letters_are_no_keys() {
    let mut s = wide(vec![behind("billing", "orders", 5), behind("search", "orders", 5)]);
    s.press("/ bll").shows("billing").hides("search").shows(" 1 of 2 ").press("q?");
    assert!(!s.app.quit);
    s.shows("No group has these letters; esc clears the filter.").press("<esc>").shows("search").shows("first  2 ");
}

#[test]
fn enter_opens_the_group_with_a_new_generation_each_time() {
    let mut s = wide(vec![behind("billing", "orders", 5), behind("search", "orders", 5)]);
    s.press("<enter>").shows("Group billing");
    assert_eq!(s.sent(), [Command::OpenGroup { group: "billing".into(), generation: 1 }]);
    s.press("<esc> j <enter>").shows("Group search");
    let expected = [Command::CloseGroup, Command::OpenGroup { group: "search".into(), generation: 2 }];
    assert_eq!(s.sent(), expected);
}

#[test]
fn looking_around_sends_nothing() {
    let mut s = wide(vec![behind("billing", "orders", 5), behind("search", "orders", 5)]);
    s.press("j k G g T T > o / s <esc> y <ctrl-d>");
    assert!(s.sent().is_empty());
    assert_eq!(s.app.requests, [Request::Copy("billing".into())]);
}

#[test]
fn the_mouse_chooses_opens_and_sorts() {
    let mut s = wide(vec![behind("billing", "orders", 5), behind("search", "orders", 5)]);
    let top = s.screen().lines().position(|line| line.contains("GROUP")).expect("heads") as u16;
    let lag_x = s.line("GROUP").chars().position(|c| c == 'L').expect("LAG") as u16;
    s.click(lag_x, top).shows("↑LAG").click(lag_x, top).shows("↓LAG");
    s.click(lag_x + 30, top).shows("↓LAG").click(45, top).shows("GROUP↑");
    s.click(45, top + 1).click(45, top + 2);
    assert!(s.sent().is_empty(), "the first click chooses, also where the cursor happens to stand");
    s.click(45, top + 2).shows("Group search");
    assert_eq!(s.sent().len(), 1);
    s.press("<esc>").click(45, top + 8).wheel(45, top + 1, 3);
    assert_eq!(s.sent(), [Command::CloseGroup]);
}

#[test]
fn a_group_that_is_no_longer_listed_goes() {
    let mut s = wide(vec![behind("billing", "orders", 5), behind("search", "orders", 5)]);
    s.hear_groups(&[group("search", S::Empty)]).hides("billing").shows("first  1 ");
    s.hear_lag(vec![behind("billing", "orders", 5)]).hides("billing");
    s.hear_groups(&[]).shows("No groups yet. A consumer that joins or commits appears here.");
}

#[test]
fn a_silent_broker_makes_the_count_a_bound_and_its_groups_stay() {
    let mut s = wide(vec![behind("billing", "orders", 5)]);
    let why = Failure::new("listing groups of broker 2", "no answer in 10 s", "it is asked again");
    let elsewhere = Group { coordinator: 1, ..group("search", S::Stable) };
    let at = s.now();
    s.hear(Event::GroupsListed { groups: vec![elsewhere], missing: vec![(2, why.clone())], at });
    s.shows("first  ≥ 2 ").shows("broker 2 does not list groups: no answer in 10 s").shows("billing");
    s.shows("! 1 notice");
    let mut s = Screen::new(160, 45);
    s.hear(Event::GroupsListed { groups: vec![], missing: vec![(1, why.clone()), (2, why)], at });
    s.shows("No groups known so far: not every broker answers.").shows("brokers 1, 2 do not list groups");
}

#[test]
fn one_group_told_by_two_brokers_stands_once() {
    let mut s = wide(vec![]);
    s.hear_groups(&[group("billing", S::Stable), Group { coordinator: 3, ..group("billing", S::Stable) }]);
    s.shows("first  1 ");
}

#[test]
fn numbers_older_than_two_rounds_say_their_age() {
    let mut s = wide(vec![behind("billing", "orders", 5)]);
    s.wait(5_000).hides(" old").wait(7_000).shows("12 s old · behind");
    s.hear_lag(vec![behind("billing", "orders", 5)]).hides(" old · ");
}

#[test]
fn the_line_shows_only_what_was_seen() {
    let mut s = wide(vec![behind("billing", "orders", 0)]);
    for step in 1..60 {
        s.wait(5_000);
        match step {
            20..32 => s.hear_lag(vec![lag("billing", S::Stable, 1, vec![unknown("orders", 0, "no leader")])]),
            40..52 => &mut s,
            _ => s.hear_lag(vec![behind("billing", "orders", step * 10)]),
        };
    }
    s.shows("▁▁▂▂▃···▄▅   ▇▇");
}

#[test]
fn hostile_names_cannot_act_on_the_terminal() {
    let name = "a\u{1b}]52;c;ZXZpbA==\u{7}\u{202e}\r\n\u{9b}31m";
    let mut hostile = behind(name, "orders", 5);
    hostile.group.protocol_type = "x\u{1b}[2J".into();
    let mut it = denied("b");
    it.partitions = Err(Failure::new("a\u{1b}", "no\u{1b}[31m way\u{202e}", "\u{7}"));
    let mut s = wide(vec![hostile, it]);
    s.shows("a␛]52;c;ZXZpbA==␇·␍␊·31m").shows("x␛[2J").shows("no␛[31m way·");
    s.press("<enter>").shows("Group a␛]52;c;ZXZpbA==␇·␍␊·31m");
    for frame in [s.screen(), s.press("<esc>").screen()] {
        assert!(!frame.chars().any(|c| c.is_control() && c != '\n' || c == '\u{202e}'));
    }
}
