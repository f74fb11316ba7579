//! Two records beside each other, as a person meets them.
#![allow(clippy::expect_used, reason = "clippy knows tests only inside #[test] functions")]
use jiff::{Timestamp, tz::TimeZone};
use kafscope::{
    decode::Form,
    keymap::Action,
    overlay::diff::Diff,
    panels::{Cx, Look, Panel, Request, Resets, Session, Wish},
    record::{OwnedRecord, TimestampType},
    theme::Theme,
    widgets::Pen,
};
use ratatui::{buffer::Buffer, layout::Rect};
use std::collections::VecDeque;

fn record(offset: i64, value: impl AsRef<[u8]>) -> OwnedRecord {
    OwnedRecord {
        topic: "orders".into(),
        partition: 2,
        offset,
        timestamp: 1_795_183_401_981,
        timestamp_type: TimestampType::Create,
        leader_epoch: 3,
        key: Some(b"cust-17".to_vec()),
        value: Some(value.as_ref().to_vec()),
        headers: vec![],
    }
}

/// Opened at 100 by 40.
fn diff(a: OwnedRecord, b: OwnedRecord) -> Diff {
    let mut diff = Diff::new(a, b, Form::Auto, Form::Auto);
    diff.resize(Rect::new(0, 0, 100, 40));
    diff
}

fn press(diff: &mut Diff, action: Action) -> Vec<Wish> {
    let (mut session, mut outbox, mut wishes) = (session(), vec![], vec![]);
    diff.on_action(action, &mut Cx { session: &mut session, outbox: &mut outbox, wishes: &mut wishes });
    wishes
}

fn session() -> Session {
    Session {
        now: Timestamp::default(),
        zone: TimeZone::UTC,
        topic: None,
        partitions: None,
        read_only: false,
        committed: false,
        unreachable: false,
        sent: VecDeque::new(),
        resets: Resets::default(),
    }
}

fn screen(diff: &Diff) -> Vec<String> {
    let area = Rect::new(0, 0, 100, 40);
    let mut buffer = Buffer::empty(area);
    let theme = Theme::builtin("mono").expect("mono");
    diff.draw(&mut Pen::new(&mut buffer, &theme), &Look { session: &session(), focused: true });
    let row = |y| (0..area.width).map(|x| buffer[(x, y)].symbol()).collect::<String>();
    (0..area.height).map(|y| row(y).trim_matches(['│', ' ']).to_owned()).filter(|row| !row.is_empty()).collect()
}

#[track_caller]
fn shows(diff: &Diff, text: &str) {
    let screen = screen(diff).join("\n");
    assert!(screen.contains(text), "{text:?} is not on the screen:\n{screen}");
}

#[test]
fn what_differs_has_a_sign_and_three_rows_around_it() {
    let value = |n: i32| format!("{{{}\"n\":{n},{}\"z\":0}}", "\"a\":1,".repeat(9), "\"b\":2,".repeat(9));
    let mut it = diff(record(5, value(1)), record(9, value(2)));
    let want = [
        "− orders  partition 2  offset 5  2026-11-20 14:03:21.981 +00:00, the producer's clock",
        "+ orders  partition 2  offset 9  2026-11-20 14:03:21.981 +00:00, the producer's clock",
        "key  the same",
        "⋯ 1 row is the same",
        "headers  the same",
        "⋯ 1 row is the same",
        "value  differs",
        "⋯ 7 rows are the same",
        "\"a\": 1,",
        "\"a\": 1,",
        "\"a\": 1,",
        "−   \"n\": 1,",
        "+   \"n\": 2,",
        "\"b\": 2,",
        "\"b\": 2,",
        "\"b\": 2,",
        "⋯ 8 rows are the same",
    ];
    assert_eq!(screen(&it)[1..18], want);
    press(&mut it, Action::WholeDiff);
    shows(&it, "cust-17");
    shows(&it, "\"z\": 0");
    assert!(!screen(&it).join("\n").contains('⋯'));
}

#[test]
fn keys_headers_null_and_a_comma_at_the_end() {
    let a = OwnedRecord { key: None, headers: vec![(b"trace".to_vec(), None)], ..record(1, r#"{"a":1}"#) };
    let b = OwnedRecord { headers: vec![(b"trace".to_vec(), Some(vec![]))], ..record(2, r#"{"a":1,"b":2}"#) };
    let it = diff(a.clone(), b);
    for text in ["− ␀", "+ cust-17", "− trace  ␀", "+ trace  ∅", "+   \"b\": 2", "− 2 only in the first · + 3 only"]
    {
        shows(&it, text);
    }
    let gone = OwnedRecord { value: None, ..a.clone() };
    shows(&diff(a.clone(), gone), "+ ␀  null");
    shows(&diff(a.clone(), a.clone()), "value  the same");
    let spaced = OwnedRecord { value: Some(br#"{"a" : 1}"#.to_vec()), ..a.clone() };
    shows(&diff(a, spaced), "value  differs, but not in the rows below");
}

#[test]
fn text_is_compared_by_lines_and_bytes_by_rows_of_hex() {
    let it = diff(record(1, "one\ntwo\nthree"), record(2, "one\n2\nthree"));
    shows(&it, "− two");
    shows(&it, "+ 2");
    let (a, mut b) = ([7u8; 200], [7u8; 200]);
    b[100] = 0xff;
    shows(
        &diff(record(1, [&a[..], b"\xff"].concat()), record(2, [&b[..], b"\xff"].concat())),
        "+ 00000060  07 07 07 07 ff",
    );
}

#[test]
fn n_goes_from_change_to_change_and_says_where_there_is_none() {
    let value = |n: i32| {
        (0..300).map(|i| if i % 100 == 50 { format!("{n}\n") } else { format!("line {i}\n") }).collect::<String>()
    };
    let mut it = diff(record(1, value(-1)), record(2, value(-2)));
    press(&mut it, Action::WholeDiff);
    for around in ["line 49", "line 149", "line 249"] {
        press(&mut it, Action::NextMatch);
        shows(&it, around);
    }
    press(&mut it, Action::NextMatch);
    shows(&it, "nothing differs below");
    press(&mut it, Action::PreviousMatch);
    press(&mut it, Action::PreviousMatch);
    shows(&it, "line 49");
    assert!(
        matches!(&press(&mut it, Action::Copy)[..], [Wish::Terminal(Request::Copy(text))] if text.contains("− -1\n+ -2\n"))
    );
    assert!(matches!(press(&mut it, Action::Back)[..], [Wish::Close]));
}

#[test]
fn what_is_too_long_or_too_different_is_said() {
    let lines = |word: &str| (0..30_000).map(|i| format!("{word} {i}\n")).collect::<String>();
    let it = diff(record(1, lines("a")), record(2, lines("b")));
    shows(&it, "only the first 20,000 rows of each value are compared");
    shows(&it, "value: too little in common to be matched row by row");
    shows(&it, "− 20,000 only in the first · + 20,000 only in the second");
}

#[test]
fn no_size_and_no_bytes_are_too_odd() {
    for (width, height) in [(0, 0), (1, 1), (3, 2), (8, 4), (20, 5), (400, 100)] {
        let mut it = diff(record(1, [0xff, 0x1b]), record(2, "\u{1b}[2J{\"a\":\u{202e}"));
        it.resize(Rect::new(0, 0, width, height));
        for action in [Action::Bottom, Action::NextMatch, Action::WholeDiff, Action::PageUp, Action::Top] {
            press(&mut it, action);
            assert!(screen(&it).iter().all(|row| !row.contains(['\u{1b}', '\u{202e}'])));
        }
    }
}
