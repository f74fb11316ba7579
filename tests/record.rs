//! One record in full, as a person meets it.
mod common;
#[path = "record/inside.rs"]
mod inside;
use common::{
    Screen,
    batch::{Spec, arrived, record},
};
use kafscope::{
    bus::{Command, Event},
    panels::Request,
    place::Where,
    record::TimestampType,
};
use std::time::{Duration, Instant};

/// These records arrived and the newest of them is open.
fn opened_at(width: u16, height: u16, records: Vec<Spec>) -> Screen {
    let mut s = Screen::new(width, height);
    s.with_topics(&[("orders", 6, 200)]);
    s.sent();
    s.hear(Event::TailOpened { generation: 1, topic: "orders".into(), partitions: (0..6).collect() });
    s.hear(arrived(1, "orders", records)).press("2 <enter>");
    s
}

fn opened(records: Vec<Spec>) -> Screen {
    opened_at(100, 45, records)
}

fn value(value: impl AsRef<[u8]>) -> Screen {
    opened(vec![record(2, 201_233, "cust-17", value)])
}

fn copied(s: &mut Screen) -> Option<String> {
    s.app.requests.drain(..).find_map(|request| if let Request::Copy(text) = request { Some(text) } else { None })
}

/// The rows below the line of views, as far as they are filled.
fn body(s: &Screen) -> Vec<String> {
    let screen = s.screen();
    let rows = screen.lines().skip_while(|row| !row.contains("1 decoded")).skip(1);
    let inside = rows.filter_map(|row| row.strip_prefix("│ ")?.strip_suffix('│').map(|row| row.trim_end().to_owned()));
    inside.take_while(|row| !row.is_empty()).collect()
}

#[test]
fn a_record_shows_where_it_stands_its_time_and_whose_its_key_and_its_sizes() {
    let s = record(2, 201_233, "cust-17", "tea");
    opened(vec![s.clone()])
        .shows("╭ Record  orders  partition 2  offset 201,233 ─")
        .shows(" time  2026-11-20 14:03:21.981 +00:00, the producer's clock   leader epoch 3 ")
        .shows(" key   cust-17 ")
        .shows(" key 7 B, value 3 B │")
        .shows(" rows 1–1 of 1 ");
    let appended = Spec { timestamp_type: TimestampType::Append, ..s.clone() };
    opened(vec![appended]).shows("the broker's clock, when it was appended");
    let old = Spec { timestamp: -1, timestamp_type: TimestampType::None, ..s.clone() };
    opened(vec![old]).shows(" time  – (this record format carries none) ");
    opened(vec![Spec { timestamp: i64::MAX, ..s }]).shows("9223372036854775807 ms since 1970, which is no date");
}

#[test]
fn json_is_laid_out_and_every_token_stands_as_it_was_written_t13() {
    let text = r#"{"id":18446744073709551616,"id":-9223372036854775808,"big":1e400,"lone":"\ud800","u":"\u00e9朝","a":[{},[]]}"#;
    let s = value(text);
    let want = [
        "{",
        "  \"id\": 18446744073709551616,",
        "  \"id\": -9223372036854775808,",
        "  \"big\": 1e400,",
        "  \"lone\": \"\\ud800\",",
        "  \"u\": \"\\u00e9朝\",",
        "  \"a\": [",
        "    {},",
        "    []",
        "  ]",
        "}",
    ];
    assert_eq!(body(&s), want, "{}", s.screen());
}

#[test]
fn ten_thousand_levels_open_scroll_and_say_how_deep_they_are_t13() {
    let mut s = value([vec![b'['; 10_000], vec![b']'; 10_000]].concat());
    s.shows("rows 1–38 of more than 2,000 ")
        .press("G")
        .rest()
        .shows("of 19,999 ")
        .press("g <pgdn> <pgdn> <pgdn>")
        .shows("level 111 ");
}

#[test]
fn what_is_almost_json_is_text_with_a_reason() {
    value("[1, 2, oops]")
        .shows("not JSON: at byte 7, this begins no JSON value; shown as text")
        .shows(" [1, 2, oops] ");
    value("{\"a\":1} trailing").shows("not JSON: at byte 8, something follows after the end; shown as text");
    value("[NaN]").shows("not JSON");
    value("an ordinary sentence").hides("not JSON").shows(" an ordinary sentence ");
}

#[test]
fn null_empty_and_the_text_null_are_three_things_everywhere_t12() {
    let headers = record(0, 1, "null", "null").header("a", None).header("b", Some(b"")).header("a", Some(b"null"));
    let mut s = opened(vec![headers]);
    assert_eq!(body(&s), ["null"]);
    s.shows(" key   null ").press("4");
    assert_eq!(body(&s), ["a  ␀", "b  ∅", "a  null"], "order and doubles stay");
    opened(vec![record(0, 1, "k", "").null().null_key()])
        .shows(" ␀  null: in a compacted topic it deletes what has this key ")
        .shows(" key   ␀ ")
        .shows("key null, value null");
    opened(vec![record(0, 1, "", "")])
        .shows(" ∅  empty: no bytes, but not null ")
        .shows(" key   ∅ ")
        .shows("key 0 B, value 0 B");
}

#[test]
fn a_thousand_headers_binary_ones_and_names_with_control_bytes_t12() {
    let many = (0..1_000).fold(record(0, 1, "k", "v"), |spec, i| spec.header(format!("h{i}"), Some(b"x")));
    let spec = many.header("raw", Some(&[0, 255, 16])).header(b"\x1b[2J\xff", Some(b"1")).header("", Some(b"no name"));
    let mut s = opened(vec![spec]);
    s.shows(" 4 headers 1003 ").press("4").shows(" h0 ").press("G").shows(" raw    0x00ff10 ").shows(" ␛[2J·  1 ");
    s.shows(" ∅      no name ");
    s.press("y");
    assert!(copied(&mut s).expect("headers").ends_with("raw: 00ff10\n1b5b324aff: 1\n: no name\n"));
}

#[test]
fn a_record_without_headers_says_so() {
    value("v").press("4").shows("This record has no headers.");
}

#[test]
fn bytes_that_are_no_text_are_hex_with_a_reason_and_text_shows_what_can_be_shown() {
    let mut s = value([b"tea ".as_slice(), &[0xff, 0x1b], b" 12345678"].concat());
    s.shows("not text: byte 4 is not UTF-8");
    s.shows("00000000  74 65 61 20 ff 1b 20 31  32 33 34 35 36 37 38     │tea ·· 12345678 │");
    s.press("2").shows("not text: byte 4 is not UTF-8").shows(" tea ·␛ 12345678 ");
    let mut s = opened_at(80, 24, vec![record(0, 1, "k", [7; 40])]);
    s.press("3").shows("00000008  07 07 07 07  07 07 07 07  │········│");
}

#[test]
fn the_views_and_their_keys() {
    let mut s = value("{\"a\": 1}\nend");
    s.press("2")
        .shows(" {\"a\": 1} ")
        .shows(" end ")
        .press("3")
        .shows("00000000  7b 22 61")
        .press("1")
        .shows("not JSON");
    s.click(24, 4)
        .shows("00000000  7b 22 61")
        .press("q")
        .hides("Record")
        .press("<enter>")
        .shows("Record")
        .press("<esc>");
    s.hides("Record");
    assert!(!s.app.quit);
}

#[test]
fn y_copies_what_is_shown_without_changing_a_byte() {
    let text = "{\"a\" : 1e400,\t\"b\":\"\u{202e}\\ud800\"}\r\n";
    let mut s = value(text);
    assert_eq!(copied(s.press("y")).expect("the value"), text);
    s.shows("copied the value");
    assert_eq!(copied(s.press("2 y")).expect("the value"), text);
    assert_eq!(copied(s.press("3 y")).expect("hex").len(), 2 * text.len());
    let mut s = value([0u8, 255]);
    assert_eq!(copied(s.press("y")).expect("hex"), "00ff");
    let mut s = opened(vec![record(0, 1, "k", "").null()]);
    assert_eq!(copied(s.press("y").shows("the value is null")), None);
}

#[test]
fn the_neighbours_are_reached_and_the_ends_are_said() {
    let mut s = opened((0..50).map(|i| record(0, i, "k", format!("value {i}."))).collect());
    s.shows("offset 49 ")
        .press("J")
        .shows("this is the newest record so far")
        .press("K")
        .shows("offset 48 ")
        .shows("value 48.");
    s.press("3 K").shows("offset 47 ").shows("│value 47.");
    s.hear(arrived(1, "orders", [record(0, 50, "k", "value 50.")])).shows("offset 47 ");
    s.press("J J J").shows("offset 50 ").press("J").shows("this is the newest");
    s.press("K").hides("this is the newest").press("<esc>").shows("not following");
    let mut s = opened(vec![record(0, 7, "k", "only")]);
    s.press("K").shows("older records are being read; press it again");
}

#[test]
fn a_record_stays_open_while_its_topic_goes_on() {
    let mut s = opened(vec![record(0, 1, "k", "the one")]);
    for n in 0..50 {
        s.hear(arrived(1, "orders", (0..100).map(|i| record(0, n * 100 + i, "k", "x".repeat(20_000)))));
    }
    s.sent();
    s.shows("the one").press("K").shows("the records around this one are being read; press it again").shows("the one");
    let Some(Command::OpenTail { from: Where::Time(_), generation, .. }) = s.sent().pop() else { panic!("not read") };
    s.press("J").shows("press it again").shows("the one");
    assert!(s.sent().is_empty(), "it is read once");
    let from = (0..6).map(|id| (id, 0)).collect();
    s.hear(Event::TailOpened { generation, topic: "orders".into(), partitions: (0..6).collect() });
    s.hear(Event::TailBegan { generation, from });
    let Some(Command::OpenTail { generation, .. }) = s.sent().pop() else { panic!("not read where it stands") };
    s.hear(arrived(generation, "orders", [record(0, 1, "k", "the one"), record(0, 2, "k", "the next")]));
    s.shows("the one").press("J").shows("the next");
}

#[test]
fn whoever_looks_at_a_record_keeps_its_neighbours() {
    let mut s = opened(vec![record(0, 1, "k", "the one"), record(0, 2, "k", "the other")]);
    s.sent();
    for n in 0..50 {
        s.hear(arrived(1, "orders", (0..100).map(|i| record(0, n * 100 + i, "k", "x".repeat(20_000)))));
        if !s.sent().is_empty() {
            s.press("K").shows("the one").press("<esc>").shows("waiting, or these rows go");
            return;
        }
    }
    panic!("the ring let them go");
}

/// A record of twenty rows claimed to have more than are on the screen, as if nobody knew.
#[test]
fn the_rows_of_a_usual_record_are_counted() {
    let numbers = (0..40).map(|i| i.to_string()).collect::<Vec<_>>().join(",");
    value(format!("[{numbers}]")).shows(" of 42 ");
}

#[test]
fn a_huge_value_on_one_line_opens_scrolls_and_reaches_its_end_t9() {
    let text = format!("{{\"blob\": \"{}\", \"n\": 1}}", "0123456789".repeat(1 << 20));
    let mut s = value(&text);
    s.shows("rows 1–38 of more than 2,000 ");
    let begin = Instant::now();
    for view in ["1", "2", "3"] {
        s.press(view);
        for _ in 0..20 {
            s.press("<pgdn> j").buffer();
        }
        s.press("G").rest().shows("rows ").hides("more than").press("g");
    }
    assert!(begin.elapsed() < Duration::from_secs(20), "{:?}", begin.elapsed());
    s.press("1 G").rest().shows("  \"n\": 1 ").press("3 G").shows("00a00010  ");
}

#[test]
fn what_is_beyond_the_bound_of_rows_is_said() {
    let mut s = value("\n".repeat(1_500_000));
    s.press("2 G").rest().shows("of the first 1,000,000; what follows is in 3 hex").press("3 G").shows("of 93,750 ");
}

#[test]
fn a_long_key_and_a_long_header_say_what_is_left_out() {
    let long = "x".repeat(1 << 20);
    let mut s = opened(vec![record(0, 1, &long, "v").header("h", Some(long.as_bytes()))]);
    s.shows("… the rest of 1 MiB is not shown").shows(" v ").press("4 G").shows("… the rest of 1 MiB is not shown");
}

#[test]
fn nothing_that_a_terminal_acts_on_reaches_the_screen_t14() {
    let hostile =
        b"\x1b[31m\x1b]0;t\x07\x1b]52;c;aGk=\x07\x1bPq\x1b\\\x9b2J\xc2\x9b\xe2\x80\xae\xe2\x81\xa6\x80\x9f\r\n\t\0";
    let text = std::str::from_utf8(&hostile[..20]).expect("text");
    for value in [hostile.to_vec(), text.into(), format!("{{\"{0}\": \"\u{202e}{0}\"}}", "\u{9b}").into_bytes()] {
        let spec = record(0, 1, text, value).header(hostile, Some(hostile)).header(text, Some(text.as_bytes()));
        let mut s = opened(vec![spec]);
        for view in ["1", "2", "3", "4"] {
            let screen = s.press(view).screen();
            let bad = |c: &char| c.is_control() && *c != '\n' || "\u{202e}\u{2066}\u{200e}".contains(*c);
            assert_eq!(screen.chars().find(bad), None, "view {view}: {screen:?}");
        }
    }
}

#[test]
fn no_size_is_too_small_and_the_small_standard_screen_has_all() {
    for (width, height) in [(20, 5), (0, 0), (1, 1), (8, 4), (400, 100)] {
        let mut s = opened_at(width, height, vec![record(0, 1, "k", r#"{"a":["朝", "long long long"]}"#)]);
        for keys in ["1", "2", "3", "4", "j G k g <pgdn>", "y", "K"] {
            s.press(keys).screen();
        }
        s.resize(160, 45).shows("Record").resize(width, height).screen();
    }
    let mut s = opened_at(80, 24, vec![record(0, 1, "k", r#"{"a":[1,2]}"#)]);
    s.shows("1 decoded  2 text  3 hex  4 headers 0 ").shows(" time  2026-11-20").shows("  \"a\": [ ");
}

#[test]
fn a_new_size_keeps_what_is_read_in_view() {
    let text: String = (0..200).map(|i| format!("line {i}.\n")).collect();
    let mut s = value(text);
    s.press("<pgdn> <pgdn>").shows(" line 74. ").resize(100, 30).shows(" line 74. ");
}
