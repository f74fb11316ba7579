//! One group in full, over the panels.
#![allow(clippy::expect_used, clippy::panic, reason = "clippy knows tests only inside #[test] functions")]
mod common;
#[path = "group/saving.rs"]
mod saving;
#[path = "group/trend.rs"]
mod trend;

use common::{Screen, groups::*};
use kafscope::{
    bus::{Command, Event},
    failure::Failure,
    group::{Group, GroupLag, GroupState as S, GroupType, Member},
    lag::{PartitionLag, UnreadRead},
    panels::Request,
};

/// The overlay of `billing`, asked for and not yet answered: generation 1.
fn asked(width: u16, height: u16) -> Screen {
    let mut s = Screen::new(width, height);
    s.with_topics(&[("orders", 6, 200)]).press("3").with_groups(vec![behind("billing", "orders", 5)]);
    s.press("<enter>");
    s.sent();
    s
}

fn read(s: &mut Screen, generation: u64, group: GroupLag) -> &mut Screen {
    let at = s.now();
    let group = GroupLag { commits_at: at, ends_at: at, ..group };
    s.hear(Event::GroupRead { generation, group: Box::new(group), at })
}

/// Every state of a partition, in the order of their numbers.
fn six() -> Vec<PartitionLag> {
    let orders = |p, committed| partition("orders", p, 790, 1_041, committed);
    vec![
        PartitionLag { owner: Some(1), ..orders(0, Some(812)) },
        orders(1, Some(1_041)),
        orders(2, Some(700)),
        orders(3, Some(1_081)),
        orders(4, None),
        unknown("orders", 5, "no leader"),
        PartitionLag { rebalancing: true, ..orders(6, Some(812)) },
    ]
}

fn billing(partitions: Vec<PartitionLag>) -> GroupLag {
    let fixed = Member { instance: Some("till-1".into()), ..member("billing-1", &[("orders", &[3, 0, 1, 2, 5])]) };
    let members = vec![member("billing-0", &[]), fixed];
    GroupLag { members: Ok(members), ..lag("billing", S::Stable, 0, partitions) }
}

fn opened(width: u16, height: u16) -> Screen {
    let mut s = asked(width, height);
    read(&mut s, 1, billing(six()));
    s
}

/// The words of a line, blanks squeezed.
#[track_caller]
fn words(s: &Screen, text: &str) -> String {
    s.line(text).split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn the_group_is_named_at_once_and_waiting_says_for_how_long() {
    let mut s = asked(160, 45);
    s.shows("Group billing").shows("stable · classic · protocol consumer · coordinator 2 · … members");
    s.shows("Asking for its partitions …").wait(1_200).shows("Asking for its partitions … 1.2 s");
    read(&mut s, 1, billing(six())).hides("Asking").shows("2 members");
}

#[test]
fn the_total_says_what_it_leaves_out() {
    opened(160, 45)
        .shows("lag ≥ 709 offsets (+1 without commit) · 1 unknown · 90 lost · +40 ahead")
        .shows("3 of 7 partitions hold 100 % of the lag · most 251 in orders/2");
    let mut s = asked(160, 45);
    let none = vec![partition("orders", 0, 0, 9, None)];
    read(&mut s, 1, billing(none)).shows("lag – (+1 without commit)").shows("0 of 1 partitions behind");
    read(&mut s, 1, billing(vec![unknown("orders", 0, "no leader")])).shows("lag ? · 1 unknown");
    read(&mut s, 1, billing(vec![])).shows("No partition belongs to this group");
}

/// A partition with a lag was "ok" here while its group was "behind" in the panel.
#[test]
fn each_of_the_six_states_has_its_exact_cells() {
    let s = opened(160, 45);
    let rows = [
        "│ orders 0 790 1,041 812 229 ? … … behind billing-1 @ 10.0.0.4 │",
        "│ orders 1 790 1,041 1,041 0 caught up … … ok — │",
        "│ orders 2 790 1,041 700 251 ? … … 90 lost to retention — │",
        "│ orders 3 790 1,041 1,081 0 (+40 ahead) caught up … … ahead — │",
        "│ orders 4 790 1,041 – – – … … no commit — │",
        "│ orders 5 0 ? 7 ? ? … … unknown: no leader — │",
        "│ orders 6 790 1,041 812 229 ? … … rebalancing — │",
    ];
    for (p, row) in rows.iter().enumerate() {
        assert_eq!(words(&s, &format!("│ orders      {p} ")), *row);
    }
}

#[test]
fn the_chosen_partition_is_explained_in_sentences() {
    let mut s = opened(160, 45);
    let sentences = [
        "orders/0: Commit 812 (read just now). Start 790. End 1,041 (read just now). Lag 229 offsets: at most 229 records.",
        "Caught up. Nobody owns it now.",
        "90 offsets lost to retention before the group read them.",
        "The commit is 40 offsets beyond the end",
        "No commit: a consumer would start by its auto.offset.reset. 251 offsets readable.",
        "The lag is unknown: reading the end of orders/5: no leader",
        "The group is rebalancing; commits stay readable.",
    ];
    for sentence in sentences {
        s.shows(sentence).press("j");
    }
}

#[test]
fn members_are_told_with_what_they_own_and_idle_ones_too() {
    let mut s = opened(160, 45);
    assert!(words(&s, "│ billing-0 ").starts_with("│ billing-0 10.0.0.4 – nothing: idle member billing-0-5b1a"));
    assert!(words(&s, "│ billing-1 ").starts_with("│ billing-1 10.0.0.4 till-1 orders 0–3, 5 billing-1-5b1a"));
    s.press("<tab>").shows("member id billing-0-5b1a. It owns nothing: an idle member.");
    s.press("j").shows("static instance till-1, member id billing-1-5b1a. It owns orders 0–3, 5.").press("y");
    assert_eq!(s.app.requests, [Request::Copy("billing-1-5b1a".into())]);
}

#[test]
fn members_that_cannot_be_asked_leave_the_lag_alone() {
    let mut s = asked(160, 45);
    let why = Failure::new("describing billing", "needs DESCRIBE on group billing", "ask for that right");
    read(&mut s, 1, GroupLag { members: Err(why), ..billing(six()) });
    s.shows("? members").shows("Members unknown: describing billing: needs DESCRIBE on group billing").shows("≥ 709");
    s.shows("Who owns it is unknown: needs DESCRIBE on");
}

#[test]
fn commits_that_cannot_be_read_are_said_and_members_stay() {
    let mut s = asked(160, 45);
    let why = Failure::new("reading commits of billing", "the coordinator is loading", "it is tried again");
    read(&mut s, 1, GroupLag { partitions: Err(why), ..billing(vec![]) });
    s.shows("lag ? · reading commits of billing: the coordinator is loading; it is tried again").shows("till-1");
}

#[test]
fn a_share_group_says_why_it_has_no_lag() {
    let mut s = asked(160, 45);
    let mut it = billing(vec![]);
    it.group.kind = GroupType::Share;
    it.partitions = Err(Failure::new("reading the lag of billing", "a share group commits no offsets", ""));
    read(&mut s, 1, it).shows("lag – · a share group commits no offsets");
}

#[test]
fn every_kind_and_state_of_group_is_told() {
    let table = [
        (GroupType::Classic, S::Empty, "", "empty · classic · no protocol"),
        (GroupType::Consumer, S::Reconciling, "consumer", "reconciling · consumer (KIP-848) · protocol consumer"),
        (GroupType::Share, S::Stable, "share", "stable · share · protocol share"),
        (GroupType::Streams, S::NotReady, "streams", "not ready · streams · protocol streams"),
        (GroupType::Classic, S::PreparingRebalance, "connect", "preparing rebalance · classic · protocol connect"),
        (GroupType::Unknown, S::Unknown, "sr", "state unknown · type not told · protocol sr"),
    ];
    for (kind, state, protocol, line) in table {
        let mut s = asked(160, 45);
        let mut it = billing(vec![]);
        it.group = Group { kind, state, protocol_type: protocol.into(), ..it.group };
        read(&mut s, 1, it).shows(line);
    }
}

#[test]
fn a_late_answer_to_an_older_question_is_dropped() {
    let mut s = opened(160, 45);
    s.press("<esc> <enter>");
    read(&mut s, 1, billing(six())).shows("Asking for its partitions …");
    read(&mut s, 2, billing(six())).shows("≥ 709");
    let why = Failure::new("reading billing", "timed out", "");
    let doing = Command::OpenGroup { group: "billing".into(), generation: 1 };
    s.hear(Event::Failed { doing, why }).hides("timed out");
}

#[test]
fn a_failure_is_said_and_what_was_read_stays() {
    let why = Failure::new("reading billing", "broker 2 does not answer", "it is tried again");
    let failed = |generation| Event::Failed {
        doing: Command::OpenGroup { group: "billing".into(), generation },
        why: why.clone(),
    };
    asked(160, 45).hear(failed(1)).shows("reading billing: broker 2 does not answer; it is tried again").shows("lag ?");
    let mut s = opened(160, 45);
    s.hear(failed(1)).shows("broker 2 does not answer").shows("lag ≥ 709");
    read(&mut s, 1, billing(six())).hides("broker 2 does not answer");
}

#[test]
fn a_reading_that_grows_old_says_so() {
    let mut s = opened(160, 45);
    s.wait(5_000).hides(" ago ").wait(7_000).shows("read 12 s ago");
}

#[test]
fn a_group_that_vanishes_while_it_is_open_is_said_to_be_gone() {
    let mut s = opened(160, 45);
    let at = s.now();
    let silent = vec![(2, Failure::new("listing groups", "timed out", ""))];
    s.hear(Event::GroupsListed { groups: vec![], missing: silent, at }).hides("This group is gone");
    s.hear_groups(&[]).shows("This group is gone. What was read last stands below.").shows("90 lost to retention");
    s.hear_groups(&[group("billing", S::Empty)]).hides("This group is gone").press("<esc>").shows("3 Lag");
}

#[test]
fn the_cursor_stays_on_its_partition_when_others_come() {
    let mut s = opened(160, 45);
    s.press("j j");
    let mut more = six();
    more.insert(0, partition("invoices", 0, 0, 9, Some(9)));
    read(&mut s, 1, billing(more)).shows("orders/2: Commit 700 ");
}

#[test]
fn closing_tells_kafka_once_and_never_quits() {
    for key in ["<esc>", "q"] {
        let mut s = opened(160, 45);
        s.press(key).hides("Group billing");
        assert_eq!(s.sent(), [Command::CloseGroup]);
        assert!(!s.app.quit);
    }
}

#[test]
fn pages_and_ends_are_reached_and_nothing_is_sent() {
    let mut s = asked(80, 24);
    let many = (0..1_000).map(|p| partition("orders", p, 0, 9, Some(9))).collect();
    read(&mut s, 1, billing(many)).press("G").shows("orders/999:").press("<ctrl-u> k g").shows("orders/0:");
    s.press("<pgdn> j").hides("orders/0:").wheel(10, 8, 3).click(10, 8);
    assert!(s.sent().is_empty());
}

#[test]
fn the_mouse_chooses_a_partition_or_a_member() {
    let mut s = opened(160, 45);
    let row = |s: &Screen, text: &str| s.screen().lines().position(|line| line.contains(text)).expect("row") as u16;
    let y = row(&s, "90 lost to retention");
    s.click(10, y + 1).shows("orders/3:");
    let y = row(&s, "till-1");
    s.click(10, y).shows("static instance till-1").click(10, 2).shows("static instance till-1");
}

#[test]
fn numbers_are_whole_on_the_small_standard_screen() {
    let mut s = opened(80, 24);
    s.shows("90 lost to retention").shows("0 (+40 ahead)").press("G").shows("unknown: no leader").hides("MEMBER ID");
    let far = vec![partition("orders", 0, 0, i64::MAX, Some(1))];
    read(&mut s, 1, billing(far)).shows("9,223,372,036,854,775,806").hides("START").shows("9,223,372,036,854,775,807");
}

#[test]
fn hostile_members_cannot_act_on_the_terminal() {
    let evil = "x\u{1b}[2J\u{202e}\u{9b}\r\n";
    let mut it = billing(six());
    let instance = Some(evil.to_owned());
    let assigned = vec![(evil.into(), vec![i32::MIN, i32::MAX])];
    it.members = Ok(vec![
        Member { id: evil.into(), instance, client_id: evil.into(), host: evil.into(), assigned },
        member("", &[]),
    ]);
    it.partitions = Ok(vec![PartitionLag {
        owner: Some(0),
        metadata: evil.into(),
        error: Some(Failure::new(evil, evil, evil)),
        ..partition(evil, i32::MAX, 0, 9, None)
    }]);
    it.group.protocol_type = evil.into();
    let mut s = asked(160, 45);
    read(&mut s, 1, it).shows("x␛[2J··␍␊ @ x␛[2J··␍␊").shows("∅");
    for frame in [s.screen(), s.press("<tab>").screen()] {
        assert!(!frame.chars().any(|c| c.is_control() && c != '\n' || c == '\u{202e}'), "{frame}");
    }
}

/// An owner that the list of members does not hold is no panic.
#[test]
fn an_owner_beyond_the_members_is_told_as_that() {
    let mut s = asked(160, 45);
    let lost = vec![PartitionLag { owner: Some(99), ..partition("orders", 0, 0, 9, Some(9)) }];
    read(&mut s, 1, billing(lost)).shows("a member that was not described");
}

#[test]
fn no_size_breaks_it() {
    for (width, height) in [(1, 1), (20, 5), (60, 16), (80, 24), (400, 100)] {
        let mut s = opened(width, height);
        s.press("G <tab> G").screen();
        s.resize(20, 5).press("g").screen();
    }
    opened(80, 10).shows("orders").press("<tab>").shows("idle member").hides("COMMITTED");
}

#[test]
fn partitions_are_sorted_by_lag_and_the_cursor_stays() {
    let mut s = opened(160, 45);
    s.press("j j").press(">").shows("↓LAG").shows("orders/2: Commit 700");
    // The first is the one that could not be read: its lag may be any number.
    let second = s.screen().lines().skip_while(|line| !line.contains("↓LAG")).nth(2).expect("a row").to_owned();
    assert!(second.contains("90 lost to retention"), "{second}");
    s.press("o").shows("↑LAG").press("<").shows("TOPIC↓").press("o").shows("TOPIC↑");
}

#[test]
fn b_tails_the_chosen_partition_from_its_commit_and_closes_the_group() {
    let mut s = opened(160, 45);
    s.press("j j b").hides("Group billing");
    let sent = s.sent();
    assert_eq!(sent.first(), Some(&Command::CloseGroup));
    // Below the start the next record is the one at the start.
    let opened = |it: &Command| matches!(it, Command::OpenTail { .. }) && format!("{it:?}").contains("790");
    assert!(sent.iter().any(opened), "{sent:?}");
    let mut s = asked(160, 45);
    read(&mut s, 1, billing(vec![partition("orders", 0, 0, 9, None)])).press("b");
    s.shows("Group billing").shows("orders/0 has no commit to tail from");
}

#[test]
fn a_small_screen_shows_one_part_after_the_other() {
    let mut s = opened(40, 12);
    s.shows("STATUS")
        .press("<tab>")
        .shows("CLIENT")
        .hides("STATUS")
        .press("<tab>")
        .shows("lag in offsets")
        .hides("CLIENT");
    s.press("<tab>").shows("STATUS").press("<shift-tab>").shows("lag in offsets");
    opened(80, 24).press("<tab> <tab>").shows("lag in offsets").shows("out, offsets a second").hides("STATUS");
}
