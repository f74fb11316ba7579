//! How values stand in their rows: null, every script, bytes, giants, and what a terminal could act on.
use super::*;

#[test]
fn null_empty_and_the_text_null_are_three_things_t12() {
    let mut s = open(160, 45);
    s.hear(arrived(
        1,
        "orders",
        [
            record(0, 1, "k", "").null(),
            record(0, 2, "k", ""),
            record(0, 3, "k", "null"),
            record(0, 4, "k", "with a null key").null_key(),
            record(0, 5, "", "with an empty key"),
            record(0, 6, "null", "with the key null"),
        ],
    ));
    let shown = |s: &Screen, offset: &str| row(s, &format!(" 0       {offset}  "));
    assert!(shown(&s, "1").contains(" k         ␀ ") && shown(&s, "2").contains(" k         ∅ "), "{}", s.screen());
    assert!(shown(&s, "3").contains(" k         null "));
    assert!(shown(&s, "4").contains(" ␀         with a null"));
    assert!(shown(&s, "5").contains(" ∅         with an") && shown(&s, "6").contains(" null      with the"));
}

#[test]
fn every_script_stays_in_its_column_and_bytes_that_are_no_text_are_hex_t13() {
    let mut s = open(160, 45);
    let values: [&[u8]; 9] = [
        "é 朝日新聞 e\u{301} नमस्ते".as_bytes(),
        "👨\u{200d}👩\u{200d}👧 family".as_bytes(),
        b"{ \"id\" : 18446744073709551616 ,\n \"id\" : 1e400, \"s\": \"\\ud800\" }",
        b"[NaN]",
        b"tab\there\r\n",
        b"\xef\xbb\xbfafter a mark",
        b"\xff\xfe\x00",
        &[0, 0, 0, 0, 7, b'a'],
        b"a\0b c",
    ];
    s.hear(arrived(1, "orders", values.iter().enumerate().map(|(i, v)| record(0, i as i64, "朝", v))));
    s.shows("é 朝日新聞 e\u{301} नमस्ते ")
        .shows(" 👨👩👧 family ")
        .shows("[NaN] ")
        .shows("tab␉here␍␊ ")
        .shows("·after a mark ");
    s.shows(r#"{"id":18446744073709551616,"id":1e400,"s":"\ud800"} "#).shows(" 0xfffe00 ").shows(" 0x000000000761 ");
    s.shows(" a␀b c ");
    let buffer = s.buffer();
    let column = |x| (3..12).map(|y| buffer[(x, y)].symbol().to_owned()).collect::<Vec<_>>();
    assert_eq!(column(67), ["朝"; 9], "{}", s.screen());
    assert_eq!(column(159), ["│"; 9], "{}", s.screen());
}

#[test]
fn a_preview_costs_a_row_not_the_value_t13() {
    let mut s = open(160, 45);
    let line = format!("{{\"blob\": \"{}\"}}", "x".repeat(40 << 20));
    s.hear(arrived(1, "orders", [record(0, 1, "k", &line), record(0, 2, "k", vec![255; 40 << 20])]));
    let begin = std::time::Instant::now();
    for _ in 0..10 {
        s.buffer();
    }
    assert!(begin.elapsed() < Duration::from_secs(2), "drawing reads whole values: {:?}", begin.elapsed());
    s.shows("{\"blob\":\"xxxxxx").shows(" 0xffffff").shows("x… │").shows("f… │");
}

/// What a terminal could act on, in every place that holds foreign text.
const HOSTILE: &str =
    "\u{1b}[31mred\u{1b}]0;title\u{7}\u{1b}]52;c;aGk=\u{7}\u{1b}Pq\u{1b}\\\u{9b}2J\u{202e}turned\u{2066}\u{200e}";

#[test]
fn nothing_that_a_terminal_acts_on_reaches_the_screen_t14() {
    let mut s = open(160, 45);
    let raw = [HOSTILE.as_bytes(), b"\x80\x9b\x9f"].concat();
    s.hear(arrived(1, "orders", [record(0, 1, HOSTILE, HOSTILE), record(0, 2, "k", &raw).key(&raw)]));
    s.hear(Event::PartitionFailed { generation: 1, partition: 1, failure: Failure::new(HOSTILE, HOSTILE, HOSTILE) });
    clean(&s);
    s.hear(Event::TailOpened { generation: 1, topic: HOSTILE.into(), partitions: vec![] });
    clean(&s);
    s.shows("␛[31mred␛]0;title␇");
}

#[track_caller]
fn clean(s: &Screen) {
    let bad = |c: &char| c.is_control() && *c != '\n' || "\u{202e}\u{2066}\u{200e}".contains(*c);
    assert_eq!(s.screen().chars().find(bad), None, "{:?}", s.screen());
}

/// One long key took the place of the partition and of every key.
#[test]
fn at_80_columns_a_long_key_is_cut_and_nothing_but_the_offset_gives_way() {
    let mut s = open(80, 24);
    s.hear(arrived(1, "orders", [record(0, 1, "a key that is much longer than its column", "the value")]));
    s.shows("TIME          P  KEY").shows("VALUE").shows("the value").shows("a key").hides("OFFSET");
}
