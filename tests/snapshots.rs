//! Whole screens, few and sharp: what a person sees at the two sizes that matter, and zoomed.
#![allow(clippy::expect_used, reason = "clippy knows tests only inside #[test] functions")]
mod common;
use common::{
    Screen,
    batch::{arrived, record},
    groups, offsets,
};
use kafscope::{
    bus::{Command, Event},
    group::{GroupLag, GroupState},
};
use std::time::Duration;

/// Groups in every state.
fn lags() -> Vec<GroupLag> {
    vec![
        groups::behind("billing", "orders", 12_331),
        groups::lag(
            "audit",
            GroupState::Empty,
            0,
            vec![groups::partition("orders", 0, 0, 100_000, Some(11_988)), groups::unknown("orders", 1, "no leader")],
        ),
        groups::lag("fresh", GroupState::Stable, 1, vec![]),
        groups::lag("search", GroupState::Stable, 2, vec![groups::partition("orders", 0, 0, 50, Some(50))]),
        groups::lag("late-reader", GroupState::Empty, 0, vec![groups::partition("retained", 0, 700, 1_000, Some(200))]),
    ]
}

/// A cluster with everything to see: open topic, records of every kind, groups in every state, a record just sent.
fn full(width: u16, height: u16) -> Screen {
    let mut s = Screen::new(width, height);
    s.with_topics(&[("orders", 6, 201_667), ("payments", 3, 29_337), ("tweets", 8, 5_029), ("empty", 1, 0)]);
    let generation = s.sent().into_iter().find_map(|command| match command {
        Command::OpenTail { generation, reading, .. } if &*reading.topic == "orders" => Some(generation),
        _ => None,
    });
    let generation = generation.expect("orders is opened");
    s.wait(2_000);
    let at = s.now();
    let samples = [("orders", 6, 201_707), ("payments", 3, 29_337), ("tweets", 8, 5_030), ("empty", 1, 0)];
    let topics = samples.map(|(name, partitions, end)| offsets(name, partitions, 0, end)).to_vec();
    s.hear(Event::OffsetsRead { topics, at });
    s.hear(Event::TailOpened { generation, topic: "orders".into(), partitions: (0..6).collect() });
    let records = [
        record(2, 201_233, "cust-17", r#"{"id":1833,"item":"tea","qty":2}"#),
        record(0, 201_020, "cust-3", r#"{"id":1834,"item":"朝","qty":1}"#),
        record(2, 201_234, "cust-9", "").null(),
        record(1, 98, "", "null").null_key(),
        record(1, 99, "esc", "\u{1b}[2Jnot cleared"),
        record(3, 7, "raw", [0xff, 0xfe, 0x80, 0x00]),
    ];
    s.hear(arrived(generation, "orders", records));
    s.hear(Event::TailBehind { generation, behind: Some(0) });
    let lags = lags();
    let listed = lags.iter().map(|lag| lag.group.clone()).collect();
    let at = s.now();
    s.hear(Event::GroupsListed { groups: listed, missing: vec![], at });
    s.hear(Event::LagRead { groups: lags, at });
    s.press("p tea <enter>").wait(3);
    s.hear(Event::Produced { id: 1, partition: 2, offset: 201_235, took: Duration::from_millis(3) }).wait(2);
    s.hear(arrived(generation, "orders", [record(2, 201_235, "", "tea").null_key()])).press("<esc>");
    s.sent();
    s
}

#[test]
fn everything_at_160_by_45() {
    insta::assert_snapshot!(full(160, 45).screen());
}

#[test]
fn everything_at_80_by_24() {
    insta::assert_snapshot!(full(80, 24).screen());
}

#[test]
fn a_small_screen_shows_one_panel_and_names_it() {
    insta::assert_snapshot!(full(50, 12).press("2").screen());
}

#[test]
fn the_help_of_tail_at_80_by_24() {
    insta::assert_snapshot!(full(80, 24).press("2 ?").screen());
}
