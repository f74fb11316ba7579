//! The Lag panel as a person meets it.
#![allow(clippy::expect_used, reason = "clippy knows tests only inside #[test] functions")]
mod common;
#[path = "lag/failing.rs"]
mod failing;
#[path = "lag/next.rs"]
mod next;
#[path = "lag/order.rs"]
mod order;
#[path = "lag/sizes.rs"]
mod sizes;
#[path = "lag/states.rs"]
mod states;
#[path = "lag/trend.rs"]
mod trend;

use common::{Screen, groups::*};
use kafscope::{
    bus::{Command, Event},
    failure::Failure,
    group::{Group, GroupLag, GroupState as S, GroupType},
    lag::{Account, PartitionLag},
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
fn looking_around_only_says_what_is_on_the_screen() {
    let mut s = wide(vec![behind("billing", "orders", 5), behind("search", "orders", 5)]);
    s.press("j k G g T T > o / s <esc> y <ctrl-d>");
    assert!(s.sent().iter().all(|command| matches!(command, Command::WatchGroups { .. })));
    assert_eq!(s.app.requests, [Request::Copy("search".into())]);
}

#[test]
fn the_mouse_chooses_opens_and_sorts() {
    let mut s = wide(vec![behind("billing", "orders", 5), behind("search", "orders", 5)]);
    let top = s.screen().lines().position(|line| line.contains("GROUP")).expect("heads") as u16;
    let lag_x = s.line("GROUP").chars().position(|c| c == 'L').expect("LAG") as u16;
    s.click(lag_x, top).shows("↓LAG").click(lag_x, top).shows("↑LAG");
    s.click(lag_x + 6, top).shows("↑LAG").click(45, top).shows("GROUP↑");
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
    s.sent();
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
fn hostile_names_cannot_act_on_the_terminal() {
    let name = "a\u{1b}]52;c;ZXZpbA==\u{7}\u{202e}\r\n\u{9b}31m";
    let mut hostile = behind(name, "orders", 5);
    hostile.group.protocol_type = "x\u{1b}[2J".into();
    let mut it = denied("b");
    it.partitions = Err(Failure::new("a\u{1b}", "no\u{1b}[31m way\u{202e}", "\u{7}"));
    let mut s = wide(vec![hostile, it]);
    s.shows("a␛]52;c;ZXZpbA==␇·").shows("x␛[2J").shows("no␛[31m way·");
    s.press("G <enter>").shows("Group b").press("<esc> k <enter>").shows("Group a␛]52;c;ZXZpbA==␇·␍␊·31m");
    for frame in [s.screen(), s.press("<esc>").screen()] {
        assert!(!frame.chars().any(|c| c.is_control() && c != '\n' || c == '\u{202e}'));
    }
}
