//! The Tail panel as a person meets it.
mod common;
use common::{
    Screen,
    batch::{TIME, arrived, record},
};
use kafscope::{
    bus::{Command, Event, Where},
    failure::Failure,
    panels::{Request, Sent},
    record::TimestampType,
};
use std::time::Duration;

/// `orders` is open with these many partitions; the commands so far are taken away.
fn open(width: u16, height: u16) -> Screen {
    let mut s = Screen::new(width, height);
    s.with_topics(&[("orders", 6, 200), ("payments", 3, 100)]);
    s.sent();
    s.hear(Event::TailOpened { generation: 1, topic: "orders".into(), partitions: (0..6).collect() });
    s.press("2");
    s
}

fn numbered(from: i64, to: i64) -> Event {
    arrived(1, "orders", (from..to).map(|i| record(0, i, "k", format!("value {i}"))))
}

#[test]
fn look() {
    let mut s = open(160, 45);
    s.hear(arrived(
        1,
        "orders",
        [
            record(2, 201_233, "cust-17", r#"{"id": 1833, "item": "tea", "qty": 2}"#),
            record(0, 201_020, "cust-3", "{\n  \"id\": 1834,\n  \"item\": \"朝\",\n  \"qty\": 1\n}"),
            record(2, 201_234, "cust-9", "").null(),
            record(2, 201_235, "cust-17", "").null_key(),
            record(2, 201_235, "cust-17", [0, 0, 0, 0, 42, 255]).key(&[0, 0, 0, 42]),
        ],
    ));
    s.hear(Event::TailBehind { generation: 1, behind: Some(0) });
    println!("{}", s.screen());
    let mut s = open(80, 24);
    s.hear(numbered(201_000, 201_400)).press("k k");
    println!("{}", s.screen());
    s.press("<space>").hear(Event::TailBehind { generation: 1, behind: Some(1_204) });
    println!("{}", s.screen());
}
