//! One record in full, as a person meets it.
mod common;
use common::{
    Screen,
    batch::{Spec, arrived, record},
};
use kafscope::{bus::Event, panels::Request, record::TimestampType};

/// These records arrived and the newest of them is open.
fn opened(width: u16, height: u16, records: Vec<Spec>) -> Screen {
    let mut s = Screen::new(width, height);
    s.with_topics(&[("orders", 6, 200)]);
    s.hear(Event::TailOpened { generation: 1, topic: "orders".into(), partitions: (0..6).collect() });
    s.hear(arrived(1, "orders", records)).press("2 <enter>");
    s
}

#[test]
fn look() {
    let value = r#"{"id": 18446744073709551616, "id": 2, "big": 1e400, "items": [{"name": "朝", "lone": "\ud800"}, {}], "ok": true, "none": null}"#;
    let spec = record(2, 201_233, "cust-17", value)
        .header("trace", Some(b"4f2"))
        .header("trace", None)
        .header("empty", Some(b""))
        .header("bin", Some(&[0, 1, 255]));
    let mut s = opened(100, 30, vec![record(0, 7, "k", "older"), spec.clone()]);
    println!("{}", s.screen());
    println!("{}", s.press("3").screen());
    println!("{}", s.press("4").screen());
    println!("{}", s.press("1 K").screen());
    println!("{}", s.press("K").screen());
    let mut s = opened(80, 24, vec![record(0, 7, "k", "[1, 2, oops\n\tline two \u{1b}[2J")]);
    println!("{}", s.screen());
    let mut s = opened(160, 45, vec![spec]);
    println!("{}", s.screen());
}
